//! Tiers applied to values.
//!
//! A version of a table is brought to integers once. For a chunk, values and bounds are brought to one scale: a value
//! v against q lies in a tier from b if v ≥ b × q. A fraction n ÷ d is compared as n against b × q × d, so that no cell
//! needs a division. Where 128 bits surely hold all products, loops run without checks; otherwise each cell is computed
//! with exact fractions.

mod curve;
mod exact;
mod fields;
mod ladder;
mod scale;

use guerdon_plan::graph::{SliceRow, SliceTable, SliceWant};
use guerdon_plan::hir::{Beyond, Effective, TierKind};

use self::fields::Fields;
use super::lanes::at;
use super::masks::Masks;
use super::{Call, Fault, outcome, versions};
use crate::vector::{Data, Numbers, Vector};

/// A tier table made ready.
pub(super) struct Tiers {
    effective: Vec<Effective>,
    versions: Vec<Version>,
}

/// One version of a tier table.
struct Version {
    kind: TierKind,
    beyond: Beyond,
    rows: Vec<SliceRow>,
    /// The rows as integers, where they can be.
    fields: Option<Fields>,
}

/// What was computed without exact fractions.
struct Quick {
    numbers: Numbers<'static>,
    /// The cells whose value lies beyond tiers that make this an error.
    beyond: Vec<usize>,
}

impl Tiers {
    /// Makes a table ready.
    pub(super) fn of(table: &SliceTable) -> Tiers {
        let version = |(_, rows, beyond): &(Effective, Vec<SliceRow>, Beyond)| Version {
            kind: table.kind,
            beyond: *beyond,
            rows: rows.clone(),
            fields: Fields::of(rows),
        };
        Tiers {
            effective: table.versions.iter().map(|(effective, ..)| *effective).collect(),
            versions: table.versions.iter().map(version).collect(),
        }
    }

    /// Applies the version in force in each cell. The inputs are day, value and, where there is one, what the bounds
    /// are multiplied by.
    pub(super) fn apply<'a>(&self, want: SliceWant, inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
        let [on, operands @ ..] = inputs else {
            return super::absent(inputs, call);
        };
        let of = |version: usize| match self.versions.get(version) {
            Some(version) => version.apply(want, operands, call),
            None => Masks::none(1).alone(),
        };
        versions::by_version(&self.effective, on, super::masks::length(inputs), call, of)
    }
}

impl Version {
    fn apply<'a>(&self, want: SliceWant, operands: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
        let mut masks = Masks::strict(operands);
        let (value, against) = match super::numbers_of(operands).as_deref() {
            Some([value]) => (*value, None),
            Some([value, against]) => (*value, Some(*against)),
            Some(_) | None => return masks.alone(),
        };
        if let Some(against) = against {
            refuse_not_positive(against, &mut masks, call);
        }
        match self.quick(want, value, against, masks.len()) {
            Some(quick) => {
                let number = call.number(Fault::BeyondTiers);
                quick.beyond.into_iter().for_each(|cell| masks.fail(cell, number));
                masks.over(Data::Number(quick.numbers))
            }
            None => outcome::exactly(masks, call, |cell| {
                let against = against.map(|against| against.exact(cell));
                exact::apply(self, want, &value.exact(cell), against.as_ref())
            }),
        }
    }

    fn quick(
        &self,
        want: SliceWant,
        value: &Numbers<'_>,
        against: Option<&Numbers<'_>>,
        len: usize,
    ) -> Option<Quick> {
        let fields = self.fields.as_ref()?;
        let is_curve = match (self.kind, want) {
            (TierKind::Interpolated, _) => true,
            (TierKind::Fill, SliceWant::Amount | SliceWant::Part(_)) => true,
            (TierKind::Fill, SliceWant::Rate) => false,
            (TierKind::Marginal | TierKind::Retro | TierKind::Flat, _) => false,
        };
        if is_curve {
            let cells = scale::wide(value, against, fields.bound_decimals, len)?;
            return match self.kind {
                TierKind::Interpolated => curve::line(self, fields, &cells),
                TierKind::Fill | TierKind::Marginal | TierKind::Retro | TierKind::Flat => {
                    curve::fill(self, fields, want, &cells)
                }
            };
        }
        let narrow = scale::narrow(value, against, fields.bound_decimals, len);
        let narrow = narrow.and_then(|cells| ladder::climb(self, fields, want, &cells));
        narrow.or_else(|| {
            let cells = scale::wide(value, against, fields.bound_decimals, len)?;
            let narrow = cells
                .narrowed()
                .and_then(|cells| ladder::climb(self, fields, want, &cells));
            narrow.or_else(|| ladder::climb(self, fields, want, &cells))
        })
    }

    fn is_last(&self, place: usize) -> bool {
        place.saturating_add(1) == self.rows.len()
    }

    /// Says whether a row goes on above its end.
    fn goes_on(&self, place: usize) -> bool {
        self.is_last(place) && self.beyond == Beyond::Continue
    }

    /// Says whether a row also counts as reached above its end.
    fn holds_on(&self, place: usize) -> bool {
        self.is_last(place) && matches!(self.beyond, Beyond::Continue | Beyond::Clamp)
    }
}

fn refuse_not_positive(against: &Numbers<'_>, masks: &mut Masks<'_>, call: Call<'_>) {
    let is_positive = |cell: usize| match against {
        Numbers::Scaled(values, _) => at(values, cell).is_some_and(|value| *value > 0),
        Numbers::Wide(values, _) | Numbers::Ratio(values, _) => {
            at(values, cell).is_some_and(|value| *value > 0)
        }
        Numbers::Exact(values) => at(values, cell).is_some_and(|value| value.is_positive()),
    };
    let all_positive = (0..against.len()).all(is_positive);
    if !all_positive {
        let number = call.number(Fault::NotPositive);
        let refused = (0..masks.len()).filter(|cell| !is_positive(*cell));
        refused
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|cell| masks.fail(cell, number));
    }
}
