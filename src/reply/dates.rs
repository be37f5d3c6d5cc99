//! Dates as people write them.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Month};
use toml::value::Datetime;

/// `23 Nov 2026`.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:short] [year]");

/// The calendar date of a TOML date; `None` for a time of day without a date.
pub(super) fn date(datetime: &Datetime) -> Option<Date> {
    let date = datetime.date?;
    Date::from_calendar_date(date.year.into(), Month::try_from(date.month).ok()?, date.day).ok()
}

/// A date such as `23 Nov 2026`; what is no date of the calendar stays as it was written.
pub(super) fn day(datetime: &Datetime) -> String {
    date(datetime).and_then(|date| date.format(DAY).ok()).unwrap_or_else(|| datetime.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_people_write_it() {
        let day_of = |text: &str| day(&text.parse().expect("a TOML date"));
        assert_eq!(day_of("2026-11-23"), "23 Nov 2026");
        assert_eq!(day_of("0987-05-02"), "2 May 0987");
        assert_eq!(day_of("2026-01-09T10:00:00Z"), "9 Jan 2026");
        assert_eq!(day_of("10:00:00"), "10:00:00");
    }
}
