//! Quotients that are rounded at once, where 64 bits do: no fraction is written down.

use std::borrow::Cow;

use guerdon_plan::graph::NodeId;
use guerdon_plan::hir::Factor;
use guerdon_plan::number::{Exact, Rounding, pow10_i64, round_div_narrow};

use super::lanes::{fold, zip};
use super::masks::Masks;
use super::numbers_of;
use super::product::turned;
use super::round::{Step, by_mode};
use crate::vector::{Data, Numbers, Vector, bits_i64};

/// Integers, all times the same one.
struct Scaled<'v> {
    list: Cow<'v, [i64]>,
    by: i64,
}

/// Multiplies, divides and rounds; nothing where 64 bits do not do, or a divisor is not positive.
pub(super) fn rounded<'a>(
    factors: &[(Factor, NodeId)],
    mode: Rounding,
    step: &Exact,
    inputs: &[Vector<'a>],
) -> Option<Vector<'a>> {
    let step = Step::of(mode, step)?;
    let (mut above, mut below) = (Vec::new(), Vec::new());
    let mut decimals = i32::from(step.decimals);
    let numbers = numbers_of(inputs)?;
    let factors: Vec<_> = factors
        .iter()
        .zip(&numbers)
        .map(|((factor, _), numbers)| turned(*factor, numbers))
        .collect();
    for (factor, numbers) in &factors {
        let Numbers::Scaled(list, its) = &**numbers else {
            return None;
        };
        match factor {
            Factor::Times => {
                above.push(&**list);
                decimals = decimals.checked_sub(i32::from(*its))?;
            }
            Factor::Over => {
                below.push(&**list);
                decimals = decimals.checked_add(i32::from(*its))?;
            }
        }
    }
    if below.is_empty() {
        // Dropping decimals is quicker than dividing.
        return None;
    }
    let power = pow10_i64(u8::try_from(decimals.unsigned_abs()).ok()?)?;
    let (up, down) = if decimals < 0 { (1, power) } else { (power, 1) };
    let above = Scaled::product(&above, &[up])?;
    let below = Scaled::product(&below, &[down, step.mantissa])?;
    if below.by <= 0 || below.list.iter().any(|number| *number <= 0) {
        return None;
    }
    let numbers = by_mode(mode, |mode| {
        zip(&above.list, &below.list, |above_, below_| {
            let steps = round_div_narrow(above_.wrapping_mul(above.by), below_.wrapping_mul(below.by), mode);
            steps.wrapping_mul(step.mantissa)
        })
    });
    let numbers = Numbers::Scaled(Cow::Owned(numbers), step.decimals);
    Some(Masks::strict(inputs).over(Data::Number(numbers)))
}

impl<'v> Scaled<'v> {
    /// Multiplies lists, of which some hold one number for all cells, and single numbers; no product passes 2^62.
    fn product(lists: &[&'v [i64]], numbers: &[i64]) -> Option<Self> {
        let bits = lists.iter().map(|list| bits_i64(list));
        let bits = bits.chain(numbers.iter().map(|number| bits_i64(&[*number])));
        if bits.fold(0, u32::saturating_add) > 62 {
            return None;
        }
        let (single, many): (Vec<&[i64]>, Vec<&[i64]>) = lists.iter().partition(|list| list.len() == 1);
        let numbers = single.into_iter().flatten().chain(numbers);
        let by = numbers.fold(1, |by: i64, number| by.wrapping_mul(*number));
        let mut many = many.into_iter();
        let first = many.next().map_or(Cow::Owned(vec![1]), Cow::Borrowed);
        let list = many.fold(first, |all, list| fold(all, list, i64::wrapping_mul));
        Some(Self { list, by })
    }
}
