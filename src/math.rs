//! The arithmetic that ranking, confidence and their fitting share.

/// A count as a number to compute with.
pub fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The logistic function: log-odds to a probability.
pub fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Scores to probabilities that add up to 1. Without the shift by the highest, a large score would overflow.
pub fn softmax(scores: &[f64]) -> Vec<f64> {
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let heights: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
    let total = heights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    heights.into_iter().map(|height| height / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_add_up_to_one_however_large_the_scores() {
        for scores in [&[0.0, 1.0, 2.0][..], &[1e6, -1e6], &[-750.0, -751.0]] {
            assert!((softmax(scores).iter().sum::<f64>() - 1.0).abs() < 1e-9, "{scores:?}");
        }
        assert!((sigmoid(0.0) - 0.5).abs() < 1e-12 && sigmoid(-800.0) >= 0.0);
    }
}
