//! The ten ways to round.

use std::cmp::Ordering;

/// Names one of the ten ways to round to a multiple of a step.
///
/// The modes whose name begins with "half" go to the nearer multiple and differ only in a tie. All but the ceiling
/// and floor kinds mirror negative numbers, so that a reversal takes back exactly what was paid.
///
/// | to whole numbers | 2.5 | −2.5 | 3.5 | 2.1 | −2.1 |
/// |---|---:|---:|---:|---:|---:|
/// | `half-up` | 3 | −3 | 4 | 2 | −2 |
/// | `half-down` | 2 | −2 | 3 | 2 | −2 |
/// | `half-even` | 2 | −2 | 4 | 2 | −2 |
/// | `half-odd` | 3 | −3 | 3 | 2 | −2 |
/// | `half-ceiling` | 3 | −2 | 4 | 2 | −2 |
/// | `half-floor` | 2 | −3 | 3 | 2 | −2 |
/// | `up` | 3 | −3 | 4 | 3 | −3 |
/// | `down` | 2 | −2 | 3 | 2 | −2 |
/// | `ceiling` | 3 | −2 | 4 | 3 | −2 |
/// | `floor` | 2 | −3 | 3 | 2 | −3 |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rounding {
    /// Rounds ties away from zero (四舍五入).
    HalfUp,
    /// Rounds ties towards zero.
    HalfDown,
    /// Rounds ties to the even neighbour.
    HalfEven,
    /// Rounds ties to the odd neighbour.
    HalfOdd,
    /// Rounds ties to the greater neighbour.
    HalfCeiling,
    /// Rounds ties to the lesser neighbour.
    HalfFloor,
    /// Rounds away from zero.
    Up,
    /// Rounds towards zero.
    Down,
    /// Rounds to the greater neighbour.
    Ceiling,
    /// Rounds to the lesser neighbour.
    Floor,
}

impl Rounding {
    /// Lists all modes, in the order in which the language names them.
    pub const ALL: [Rounding; 10] = [
        Rounding::HalfUp,
        Rounding::HalfDown,
        Rounding::HalfEven,
        Rounding::HalfOdd,
        Rounding::HalfCeiling,
        Rounding::HalfFloor,
        Rounding::Up,
        Rounding::Down,
        Rounding::Ceiling,
        Rounding::Floor,
    ];

    /// Gives the word that a plan uses for the mode.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Rounding;
    ///
    /// assert_eq!(Rounding::HalfEven.name(), "half-even");
    /// assert_eq!(Rounding::from_name("half-even"), Some(Rounding::HalfEven));
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half-up",
            Rounding::HalfDown => "half-down",
            Rounding::HalfEven => "half-even",
            Rounding::HalfOdd => "half-odd",
            Rounding::HalfCeiling => "half-ceiling",
            Rounding::HalfFloor => "half-floor",
            Rounding::Up => "up",
            Rounding::Down => "down",
            Rounding::Ceiling => "ceiling",
            Rounding::Floor => "floor",
        }
    }

    /// Finds the mode with this word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Rounding> {
        Rounding::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Decides for an inexact quotient, truncated towards zero, whether the result is one further from zero.
    ///
    /// `half` compares the remainder's magnitude with half of the divisor's.
    #[inline]
    #[must_use]
    pub const fn goes_away_from_zero(self, is_negative: bool, is_odd: bool, half: Ordering) -> bool {
        let is_more = matches!(half, Ordering::Greater);
        let is_tie = matches!(half, Ordering::Equal);
        match self {
            Rounding::HalfUp => is_more || is_tie,
            Rounding::HalfDown => is_more,
            Rounding::HalfEven => is_more || (is_tie && is_odd),
            Rounding::HalfOdd => is_more || (is_tie && !is_odd),
            Rounding::HalfCeiling => is_more || (is_tie && !is_negative),
            Rounding::HalfFloor => is_more || (is_tie && is_negative),
            Rounding::Up => true,
            Rounding::Down => false,
            Rounding::Ceiling => !is_negative,
            Rounding::Floor => is_negative,
        }
    }
}
