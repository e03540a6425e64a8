//! Shares of one amount, in whole steps that sum to it.
#![expect(clippy::arithmetic_side_effects, reason = "a share is at most the amount")]

use guerdon_plan::hir::{Rest, Unweighted};
use guerdon_plan::number::{AllocateError, Exact, Remainder, Rounding, allocate, allocate_whole};

use crate::fault::Fault;

/// Says how amounts are divided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Division {
    /// How each exact share becomes whole steps.
    pub rounding: Rounding,
    /// Who gets the steps that are left.
    pub rest: Rest,
    /// What happens where all weights are zero.
    pub unweighted: Unweighted,
}

impl Division {
    /// Divides whole steps by weights that are whole numbers of anything; nothing if 128 bits do not do.
    pub(crate) fn whole(self, steps: i128, mut weights: Vec<i128>) -> Result<Option<Vec<i128>>, Fault> {
        if weights.iter().any(|weight| *weight < 0) {
            return Err(Fault::NegativeWeight);
        }
        if weights.iter().all(|weight| *weight == 0) {
            match self.unweighted {
                Unweighted::Refused => return Err(Fault::NoWeight),
                Unweighted::Nothing => return Ok(Some(weights)),
                Unweighted::Equal => weights.fill(1),
            }
        }
        let (Some(size), sign) = (steps.checked_abs(), steps.signum()) else {
            return Ok(None);
        };
        let shares = allocate_whole(size, &weights, self.remainder(), self.rounding);
        Ok(shares.map(|shares| shares.into_iter().map(|share| share * sign).collect()))
    }

    /// Divides steps by weights of any kind.
    pub(crate) fn exact(self, steps: &Exact, mut weights: Vec<Exact>) -> Result<Vec<Exact>, Fault> {
        if weights.iter().any(Exact::is_negative) {
            return Err(Fault::NegativeWeight);
        }
        if weights.iter().all(Exact::is_zero) {
            match self.unweighted {
                Unweighted::Refused => return Err(Fault::NoWeight),
                Unweighted::Nothing => return Ok(weights),
                Unweighted::Equal => weights.fill(Exact::ONE),
            }
        }
        allocate(steps, &Exact::ONE, &weights, self.remainder(), self.rounding).map_err(|error| match error {
            AllocateError::ZeroWeight => Fault::NoWeight,
            AllocateError::NegativeWeight(_) => Fault::NegativeWeight,
            AllocateError::UnitNotPositive | AllocateError::NotAMultiple => Fault::NotInSteps,
            AllocateError::Number(_) => Fault::TooWide,
        })
    }

    fn remainder(self) -> Remainder {
        match self.rest {
            Rest::LargestRemainder => Remainder::LargestRemainder,
            Rest::Largest => Remainder::Largest,
            Rest::First => Remainder::First,
            Rest::Last => Remainder::Last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Division = Division {
        rounding: Rounding::Down,
        rest: Rest::LargestRemainder,
        unweighted: Unweighted::Refused,
    };

    #[test]
    fn a_negative_amount_mirrors_the_positive_one() {
        assert_eq!(
            USUAL.whole(10_000, vec![1, 1, 1]),
            Ok(Some(vec![3_334, 3_333, 3_333]))
        );
        assert_eq!(
            USUAL.whole(-10_000, vec![1, 1, 1]),
            Ok(Some(vec![-3_334, -3_333, -3_333]))
        );
    }

    #[test]
    fn the_rest_goes_to_whom_the_rules_name() {
        // 10,000 by 1 : 5 : 2 is 1,250, 6,250 and 2,500; by 1 : 4 : 2 it is cut to 1,428, 5,714 and 2,857.
        let by = |rest| Division { rest, ..USUAL }.whole(10_000, vec![1, 4, 2]);
        assert_eq!(by(Rest::LargestRemainder), Ok(Some(vec![1_429, 5_714, 2_857])));
        assert_eq!(by(Rest::Largest), Ok(Some(vec![1_428, 5_715, 2_857])));
        assert_eq!(by(Rest::First), Ok(Some(vec![1_429, 5_714, 2_857])));
        assert_eq!(by(Rest::Last), Ok(Some(vec![1_428, 5_714, 2_858])));
    }

    #[test]
    fn weights_that_say_nothing_are_refused_or_equal() {
        assert_eq!(USUAL.whole(3, vec![0, 0]), Err(Fault::NoWeight));
        assert_eq!(USUAL.whole(3, vec![1, -1]), Err(Fault::NegativeWeight));
        let equal = Division {
            unweighted: Unweighted::Equal,
            ..USUAL
        };
        assert_eq!(equal.whole(3, vec![0, 0]), Ok(Some(vec![2, 1])));
        let nothing = Division {
            unweighted: Unweighted::Nothing,
            ..USUAL
        };
        assert_eq!(nothing.whole(3, vec![0, 0]), Ok(Some(vec![0, 0])));
        assert_eq!(
            nothing.exact(&Exact::from_i64(3), vec![Exact::ZERO; 2]),
            Ok(vec![Exact::ZERO; 2])
        );
        assert_eq!(
            equal.exact(&Exact::from_i64(3), vec![Exact::ZERO; 2]),
            Ok(vec![Exact::from_i64(2), Exact::ONE])
        );
    }

    #[test]
    fn what_128_bits_do_not_hold_is_left_to_exact_numbers() {
        assert_eq!(USUAL.whole(i128::MAX, vec![3, 5]), Ok(None));
        assert_eq!(USUAL.whole(i128::MIN, vec![1]), Ok(None));
        let shares = USUAL
            .exact(&Exact::from_i128(i128::MAX), vec![Exact::ONE, Exact::ONE])
            .unwrap();
        let half = Exact::from_i128(i128::MAX / 2);
        assert_eq!(shares, [half.add(&Exact::ONE).unwrap(), half]);
    }
}
