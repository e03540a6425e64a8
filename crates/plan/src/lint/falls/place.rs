//! The places at which a total falls.

use std::collections::BTreeMap;

use guerdon_syntax::Span;

use super::curve::Curve;
use super::read::World;
use super::sum::{Sum, Symbols};
use super::{Input, Stop};
use crate::number::{Exact, NumberError};

/// Is an amount: what each part comes to.
pub(super) type Paid = Vec<(Symbols, Exact)>;

/// Is a place at which pay falls.
pub(super) struct Fall {
    pub(super) cause: Span,
    pub(super) at: Exact,
    pub(super) share_of: Option<String>,
    pub(super) world: World,
    pub(super) before: Stand,
    pub(super) after: Stand,
}

/// Is what is paid at a value of the input.
pub(super) struct Stand {
    pub(super) at: Exact,
    pub(super) nearness: Nearness,
    pub(super) paid: Paid,
}

/// Says whether a value is meant itself or as the limit from one side.
#[derive(Clone, Copy)]
pub(super) enum Nearness {
    /// The value itself.
    Exactly,
    /// The limit from below.
    JustUnder,
    /// The limit from above.
    JustOver,
}

/// Is what a total comes to around a place.
#[derive(Default)]
struct Sides {
    before: Paid,
    here: Paid,
    after: Paid,
    slope: Paid,
}

/// Finds where a total falls behind a rise, or at all where the input is known for sales.
pub(super) fn in_total(
    total: &Sum,
    input: &Input<'_>,
    scale: Option<&str>,
    world: &World,
) -> Result<Vec<Fall>, Stop> {
    let mut places: BTreeMap<&Exact, Option<Span>> = BTreeMap::new();
    for (at, cause) in total.parts.values().flat_map(Curve::places) {
        let known = places.entry(at).or_default();
        *known = known.or(cause);
    }
    let unit = match scale {
        Some(_) => Exact::from_scaled(1, 2),
        None => Exact::ONE,
    };
    let mut has_risen = input.is_paid;
    let mut found = Vec::new();
    let nexts = places.keys().skip(1).map(Some).chain([None]);
    for ((at, cause), next) in places.iter().zip(nexts) {
        if input.most.as_ref().is_some_and(|most| *at >= most) {
            break;
        }
        let sides = Sides::around(total, at)?;
        if let (Some(cause), true) = (cause, has_risen)
            && let Some((before, after)) = sides.fall(at, next.copied(), &unit)?
        {
            found.push(Fall {
                cause: *cause,
                at: (*at).clone(),
                share_of: scale.map(str::to_owned),
                world: world.clone(),
                before,
                after,
            });
        }
        has_risen |= sides.rises();
    }
    Ok(found)
}

impl Sides {
    fn around(total: &Sum, at: &Exact) -> Result<Sides, Stop> {
        let mut sides = Sides::default();
        for (symbols, curve) in &total.parts {
            let around = curve.around(at)?;
            sides.before.push((symbols.clone(), around.before));
            sides.here.push((symbols.clone(), around.here));
            sides.after.push((symbols.clone(), around.after));
            sides.slope.push((symbols.clone(), around.slope));
        }
        Ok(sides)
    }

    fn rises(&self) -> bool {
        let has_jumped = self
            .before
            .iter()
            .zip(&self.after)
            .any(|(one, two)| one.1 < two.1);
        has_jumped || self.slope.iter().any(|(_, slope)| slope.is_positive())
    }

    /// Finds the fall at a place: a drop, or a slope that goes down until the next place.
    fn fall(&self, at: &Exact, next: Option<&Exact>, unit: &Exact) -> Result<Option<(Stand, Stand)>, Stop> {
        let sides = if drops(&self.before, &self.here) {
            let before = Stand::of(at, Nearness::JustUnder, &self.before);
            (before, Stand::of(at, Nearness::Exactly, &self.here))
        } else if drops(&self.here, &self.after) {
            let before = Stand::of(at, Nearness::Exactly, &self.here);
            (before, Stand::of(at, Nearness::JustOver, &self.after))
        } else if goes_down(&self.slope) {
            let unit_on = at.add(unit)?;
            let further = next.filter(|next| **next < unit_on).unwrap_or(&unit_on);
            let width = further.sub(at)?;
            let both = self.after.iter().zip(&self.slope);
            let later = both
                .map(|((symbols, value), (_, slope))| Ok((symbols.clone(), value.add(&slope.mul(&width)?)?)))
                .collect::<Result<Paid, NumberError>>()?;
            let before = Stand::of(at, Nearness::Exactly, &self.after);
            (before, Stand::of(further, Nearness::Exactly, &later))
        } else {
            return Ok(None);
        };
        Ok(is_sayable(&sides.0.paid).then(|| changed(sides)))
    }
}

impl Stand {
    fn of(at: &Exact, nearness: Nearness, paid: &Paid) -> Stand {
        Stand {
            at: at.clone(),
            nearness,
            paid: paid.clone(),
        }
    }
}

/// Leaves out the parts that stay as they are.
fn changed((mut one, mut two): (Stand, Stand)) -> (Stand, Stand) {
    let both = one.paid.into_iter().zip(two.paid);
    (one.paid, two.paid) = both.filter(|(one, two)| one != two).unzip();
    (one, two)
}

/// Says whether some part falls and none rises.
fn drops(one: &Paid, two: &Paid) -> bool {
    let falls = one.iter().zip(two).any(|(one, two)| two.1 < one.1);
    falls && one.iter().zip(two).all(|(one, two)| two.1 <= one.1)
}

fn goes_down(slope: &Paid) -> bool {
    slope.iter().any(|(_, slope)| slope.is_negative()) && slope.iter().all(|(_, slope)| !slope.is_positive())
}

/// Says whether every part is an amount, or a share of one value.
fn is_sayable(paid: &Paid) -> bool {
    let is_plain = |symbols: &Symbols| symbols.values().all(|power| *power == 1);
    paid.iter()
        .all(|(symbols, value)| is_plain(symbols) || value.is_zero())
}
