//! A mean with the range in which the true one lies in 95 of 100 cases.

use serde::{Deserialize, Serialize};

/// A mean over questions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Over how many questions.
    pub questions: usize,
}

/// The normal distribution's quantile for 95 %.
const Z: f64 = 1.96;

impl Estimate {
    /// Estimates a mean. Of shares (every value 0 or 1) the interval is Wilson's, which holds near 0 and 1 too; of
    /// other values it is the normal one. `None` without values.
    /// Source: Wilson 1927, <https://doi.org/10.1080/01621459.1927.10502953>.
    pub fn of(values: &[f64]) -> Option<Self> {
        let questions = values.len();
        let count = f64::from(u32::try_from(questions).ok().filter(|count| *count > 0)?);
        let value = values.iter().sum::<f64>() / count;
        let is_share = values.iter().all(|value| value.fract() == 0.0 && (0.0..=1.0).contains(value));
        let (low, high) = if is_share {
            let (z2, shrink) = (Z * Z, 1.0 + Z * Z / count);
            let middle = (value + z2 / (2.0 * count)) / shrink;
            let half = Z / shrink * (value * (1.0 - value) / count + z2 / (4.0 * count * count)).sqrt();
            ((middle - half).max(0.0), (middle + half).min(1.0))
        } else {
            let variance = values.iter().map(|it| (it - value).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
            let half = Z * (variance / count).sqrt();
            (value - half, value + half)
        };
        Some(Self { value, low, high, questions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_share_is_wilsons() {
        let mut values = vec![0.0; 10];
        values[0] = 1.0;
        let estimate = Estimate::of(&values).expect("values");
        assert!((estimate.value - 0.1).abs() < 1e-9);
        assert!((estimate.low - 0.0179).abs() < 1e-3 && (estimate.high - 0.4042).abs() < 1e-3, "{estimate:?}");
    }

    #[test]
    fn no_misses_among_few_questions_prove_little() {
        let estimate = Estimate::of(&[0.0; 20]).expect("values");
        assert!(estimate.low == 0.0 && estimate.high > 0.1, "{estimate:?}");
        assert_eq!(Estimate::of(&[]), None);
    }
}
