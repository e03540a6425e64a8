//! Amounts as sums of curves, each times values that do not hang on the input.

use std::collections::BTreeMap;

use super::Stop;
use super::curve::Curve;
use crate::number::Exact;

/// The most parts that are followed.
const MOST_PARTS: usize = 40;

/// Is a product of values by what they are called, with their powers.
pub(super) type Symbols = BTreeMap<String, i32>;

/// Is a sum of curves times values; no part is zero.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sum {
    pub(super) parts: BTreeMap<Symbols, Curve>,
}

impl Sum {
    pub(super) fn fixed(value: Exact) -> Sum {
        Sum::part(Symbols::new(), Curve::level(value))
    }

    pub(super) fn symbol(name: String) -> Sum {
        Sum::part(Symbols::from([(name, 1)]), Curve::level(Exact::ONE))
    }

    pub(super) fn part(symbols: Symbols, curve: Curve) -> Sum {
        if curve.fixed().is_some_and(Exact::is_zero) {
            return Sum::default();
        }
        Sum {
            parts: BTreeMap::from([(symbols, curve)]),
        }
    }

    /// Says whether the input changes it.
    pub(super) fn moves(&self) -> bool {
        self.parts.values().any(|curve| curve.fixed().is_none())
    }

    pub(super) fn plus(mut self, other: &Sum) -> Result<Sum, Stop> {
        for (symbols, curve) in &other.parts {
            let sum = match self.parts.remove(symbols) {
                Some(own) => own.plus(curve)?,
                None => curve.clone(),
            };
            if !sum.fixed().is_some_and(Exact::is_zero) {
                self.parts.insert(symbols.clone(), sum);
            }
        }
        if self.parts.len() > MOST_PARTS {
            return Err(Stop::Unknown);
        }
        Ok(self)
    }

    pub(super) fn minus(self, other: &Sum) -> Result<Sum, Stop> {
        let negative = other.scaled(&Curve::level(Exact::from_i64(-1)))?;
        self.plus(&negative)
    }

    pub(super) fn times(&self, other: &Sum) -> Result<Sum, Stop> {
        let mut product = Sum::default();
        for (symbols, curve) in &self.parts {
            for (others, second) in &other.parts {
                let mut joined = symbols.clone();
                for (name, power) in others {
                    let known = joined.entry(name.clone()).or_default();
                    *known = known.saturating_add(*power);
                }
                joined.retain(|_, power| *power != 0);
                product = product.plus(&Sum::part(joined, curve.times(second)?))?;
            }
        }
        Ok(product)
    }

    pub(super) fn scaled(&self, by: &Curve) -> Result<Sum, Stop> {
        self.times(&Sum::part(Symbols::new(), by.clone()))
    }

    /// Gives one divided by this, where it is one value that does not move.
    pub(super) fn inverse(&self) -> Result<Sum, Stop> {
        let (symbols, curve) = self.single()?;
        let fixed = curve.fixed().filter(|fixed| !fixed.is_zero());
        let fixed = fixed.ok_or(Stop::Unknown)?;
        let symbols = symbols
            .iter()
            .map(|(name, power)| (name.clone(), power.saturating_neg()));
        Ok(Sum::part(symbols.collect(), Curve::level(Exact::ONE.div(fixed)?)))
    }

    /// Gives the only part; zero counts as one.
    pub(super) fn single(&self) -> Result<(Symbols, Curve), Stop> {
        let mut parts = self.parts.iter();
        match (parts.next(), parts.next()) {
            (Some((symbols, curve)), None) => Ok((symbols.clone(), curve.clone())),
            (None, None) => Ok((Symbols::new(), Curve::level(Exact::ZERO))),
            (_, Some(_)) => Err(Stop::Unknown),
        }
    }

    /// Chooses: the first where the curve is 1, the second where it is 0.
    pub(super) fn chosen(choice: &Curve, one: &Sum, other: &Sum) -> Result<Sum, Stop> {
        one.scaled(choice)?.plus(&other.scaled(&choice.not()?)?)
    }
}
