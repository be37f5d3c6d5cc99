//! A sketch of a set of passages: enough to say how much two corpora have in common (bottom-k `MinHash`).

use serde::{Deserialize, Serialize};

use crate::math::count;

/// How many passage ids a sketch keeps.
const IDS_MAX: usize = 64;

/// The smallest passage ids of a corpus. Ids are digests, so that the smallest ones are a fair sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sketch(Vec<String>);

impl Sketch {
    /// The sketch of passages with these ids.
    pub fn of(ids: impl Iterator<Item = String>) -> Self {
        let mut ids: Vec<String> = ids.collect();
        ids.sort_unstable();
        ids.truncate(IDS_MAX);
        Self(ids)
    }

    /// Estimated share of passages that two corpora have in common, from 0 to 1 (Jaccard similarity).
    pub fn similarity(&self, other: &Self) -> f64 {
        let mut union: Vec<&String> = self.0.iter().chain(&other.0).collect();
        union.sort_unstable();
        union.dedup();
        union.truncate(IDS_MAX);
        let is_shared = |id: &&&String| self.0.contains(id) && other.0.contains(id);
        count(union.iter().filter(is_shared).count()) / count(union.len().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_the_share_of_common_ids() {
        let sketch = |ids: &str| Sketch::of(ids.split(' ').map(str::to_owned));
        assert!((sketch("a b c").similarity(&sketch("c b a")) - 1.0).abs() < 1e-9);
        assert!((sketch("a b c").similarity(&sketch("b c d")) - 0.5).abs() < 1e-9);
        assert!(sketch("a").similarity(&sketch("b")) < 1e-9);
    }
}
