//! Scripted misbehaviour of the REST API: what a route answers instead of working, and how often.

use std::time::Duration;

use serde_json::json;

use super::rest::Answer;

/// The next requests to a route fail, or are slow. A fault that is not used up fails the test in the end.
///
/// ```ignore
/// seventh.fault(Fault::on("POST /channels/*/messages").status(403).code(50013).times(2));
/// ```
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    route: String,
    status: Option<u16>,
    code: u64,
    delay: Duration,
    left: usize,
}

impl Fault {
    /// `route` is a method and a path below `/api/v10`; `*` stands for one segment, and at the end for any number of
    /// them.
    pub(crate) fn on(route: &str) -> Self {
        Self { route: route.into(), status: None, code: 0, delay: Duration::ZERO, left: 1 }
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Discord's own error code, such as 50013 for missing permissions.
    pub(crate) fn code(mut self, code: u64) -> Self {
        self.code = code;
        self
    }

    /// Wait before answering; without a status the request then works.
    pub(crate) fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(crate) fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }

    /// What this fault does to a request, which uses it up once; `None` if it is about other requests.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<(Duration, Option<Answer>)> {
        if self.left == 0 || !matches(&self.route, &format!("{method} {path}")) {
            return None;
        }
        self.left -= 1;
        let answer = self.status.map(|status| {
            let mut answer = Answer::error(status, self.code, "a scripted fault");
            if status == 429 {
                answer.body["retry_after"] = json!(0.1);
                answer.body["global"] = json!(false);
            }
            answer
        });
        Some((self.delay, answer))
    }

    pub(crate) fn complaint(&self) -> Option<String> {
        (self.left > 0).then(|| format!("the fault on {:?} was expected {} times more", self.route, self.left))
    }
}

fn matches(pattern: &str, route: &str) -> bool {
    let mut actual = route.split(['/', ' ']);
    let mut wanted = pattern.split(['/', ' ']).peekable();
    while let Some(segment) = wanted.next() {
        match actual.next() {
            Some(_) if segment == "*" && wanted.peek().is_none() => return true,
            Some(it) if segment == "*" || segment == it => {}
            _ => return false,
        }
    }
    actual.next().is_none()
}
