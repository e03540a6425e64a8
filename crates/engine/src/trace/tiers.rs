//! Tiers: how far each was filled, and what it gave.

use guerdon_plan::graph::{NodeId, Op, SliceRow, SliceTable, SliceWant};
use guerdon_plan::hir::{Edge, Sign, TierKind};
use guerdon_plan::number::Exact;
use guerdon_plan::types::Scalar;
use guerdon_syntax::{Text, text};

use super::amounts::{signed, total};
use super::walk::{Spot, Walk};
use super::{Part, Step};
use crate::kernel;
use crate::vector::Vector;

/// Where a stacked line began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// With what the tiers gave for the lines before.
    At(Spot),
    /// As the first line: nothing was given before.
    First,
}

/// Tiers as they stand for one cell.
struct Applied<'a> {
    table: &'a SliceTable,
    rows: &'a [SliceRow],
    value: Exact,
    against: Option<Exact>,
    kinds: Kinds,
}

/// What the numbers of a tier are counted in.
#[derive(Clone, Copy)]
struct Kinds {
    value: Scalar,
    against: Option<Scalar>,
    bound: Scalar,
    result: Scalar,
}

impl<'a> Walk<'a> {
    /// Recognises a line stacked on those before it: what tiers give after it, less what they gave before.
    pub(super) fn stacked(&self, spot: Spot, terms: &[(Sign, NodeId)]) -> Option<(Spot, Start)> {
        let [(Sign::Plus, after), (Sign::Minus, before)] = terms else {
            return None;
        };
        let (after, before) = (self.input(spot, *after), self.input(spot, *before));
        let table = self.slice_of(after)?;
        let start = match &self.node(before)?.op {
            Op::If {
                condition, otherwise, ..
            } if self.slice_of(self.input(before, *otherwise)) == Some(table) => {
                if self.truth(self.input(before, *condition))? {
                    Start::First
                } else {
                    Start::At(self.input(before, *otherwise))
                }
            }
            _ if self.slice_of(before) == Some(table) => Start::At(before),
            _ => return None,
        };
        Some((after, start))
    }

    fn slice_of(&self, spot: Spot) -> Option<usize> {
        match &self.node(spot)?.op {
            Op::Slice {
                table,
                want: SliceWant::Amount,
                ..
            } => Some(*table),
            _ => None,
        }
    }

    /// Puts the tiers that a value fills under its step, and says from where to where it goes.
    pub(super) fn tiers(&mut self, step: &mut Step, before: Option<Start>, after: Spot, sign: Sign) {
        let Some(applied) = self.applied(after) else {
            return;
        };
        let start = match before {
            Some(Start::At(spot)) => match self.applied(spot) {
                Some(start) => Some((spot, start.value)),
                None => return,
            },
            Some(Start::First) | None => None,
        };
        let from = match (&start, before) {
            (Some((_, value)), _) => Some(value.clone()),
            (None, Some(_)) => Some(Exact::ZERO),
            (None, None) => None,
        };
        step.note = self.reach(&applied, from.as_ref());
        if applied.rows.len() > self.left {
            return;
        }
        for (place, row) in applied.rows.iter().enumerate() {
            let Some(given) = self.contribution(after, place) else {
                return;
            };
            let taken = start.as_ref().map(|(spot, _)| self.contribution(*spot, place));
            let taken = match taken {
                Some(Some(taken)) => taken,
                Some(None) => return,
                None => Exact::ZERO,
            };
            match applied.table.kind {
                TierKind::Marginal => {
                    let filled = filled(&applied, row, from.as_ref());
                    self.slice(step, &applied, row, filled, &given, &taken, sign);
                }
                TierKind::Retro | TierKind::Flat | TierKind::Interpolated | TierKind::Fill => {
                    let value = applied.value.clone();
                    self.reached(step, &applied, row, &value, given, sign);
                    if let (Some((_, value)), false) = (&start, taken.is_zero()) {
                        self.reached(step, &applied, row, value, taken.neg(), sign);
                    }
                }
            }
        }
        let sum = total(step.summands().map(|child| child.exact.as_ref()));
        if sum.is_none() || sum != step.exact {
            step.children.retain(|child| child.part == Part::Detail);
        }
    }

    fn applied(&self, spot: Spot) -> Option<Applied<'a>> {
        let node = self.node(spot)?;
        let Op::Slice {
            table,
            on,
            value,
            against,
            ..
        } = &node.op
        else {
            return None;
        };
        let table = self.compiled.graph.slices.get(*table)?;
        let rows = match table.versions.as_slice() {
            [(_, rows, _)] => rows,
            versions => {
                let day = self.day(self.input(spot, *on))?;
                let holds = |effective: &guerdon_plan::hir::Effective| {
                    effective.from.is_none_or(|from| from <= day)
                        && effective.through.is_none_or(|through| day <= through)
                };
                &versions.iter().find(|(effective, ..)| holds(effective))?.1
            }
        };
        let value = self.input(spot, *value);
        let against = against.map(|against| self.input(spot, against));
        let kinds = (self.scalar(value), against.map(|against| self.scalar(against)));
        let bound = match kinds {
            (value, Some(against)) if value == against => Scalar::Percent,
            (value, _) => value,
        };
        Some(Applied {
            table,
            rows,
            value: self.number(value)?,
            against: match against {
                Some(against) => Some(self.number(against)?),
                None => None,
            },
            kinds: Kinds {
                value: kinds.0,
                against: kinds.1,
                bound,
                result: node.ty.scalar,
            },
        })
    }

    /// Asks the kernel what one row gives.
    fn contribution(&self, spot: Spot, place: usize) -> Option<Exact> {
        let Op::Slice {
            table,
            on,
            value,
            against,
            ..
        } = &self.node(spot)?.op
        else {
            return None;
        };
        let op = Op::Slice {
            table: *table,
            on: *on,
            value: *value,
            against: *against,
            want: SliceWant::Part(place),
        };
        let inputs: Vec<Vector<'_>> = [*on, *value]
            .into_iter()
            .chain(*against)
            .map(|input| {
                let at = self.input(spot, input);
                self.state.stretch(at.node, at.cell..at.cell.saturating_add(1))
            })
            .collect();
        let given = kernel::map(&op, spot.node, &inputs, &self.state.context());
        match given.cell(0) {
            crate::column::Cell::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Says from where to where a value goes.
    fn reach(&self, applied: &Applied<'_>, from: Option<&Exact>) -> Text {
        let (value, kinds) = (&applied.value, applied.kinds);
        let Some(against) = &applied.against else {
            let to = self.brief(value, kinds.value);
            return match from {
                Some(from) => Text::same(format!("{} → {to}", self.brief(from, kinds.value))),
                None => Text::same(to),
            };
        };
        let of = self.brief(against, kinds.against.unwrap_or(Scalar::Number));
        let share = |value: &Exact| {
            value
                .div(against)
                .map(|share| self.amount(&share, kinds.bound))
                .unwrap_or_default()
        };
        let to = share(value);
        match from.map(share) {
            Some(from) => text!(
                "attainment {from} → {to} of {of}",
                "达成率 {from} → {to}（目标 {of}）"
            ),
            None => text!("attainment {to} of {of}", "达成率 {to}（目标 {of}）"),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "they are what a slice is shown by")]
    fn slice(
        &mut self,
        step: &mut Step,
        applied: &Applied<'_>,
        row: &SliceRow,
        filled: Option<Exact>,
        given: &Exact,
        taken: &Exact,
        sign: Sign,
    ) {
        let (Some(filled), Ok(amount)) = (filled, given.sub(taken)) else {
            return;
        };
        if filled.is_zero() && amount.is_zero() {
            return;
        }
        let mut label = String::new();
        let mut rest = Some(amount.clone());
        if let Some(rate) = &row.rate {
            label = format!(
                "{} × {}",
                self.brief(&filled, applied.kinds.value),
                self.rate(rate, applied.kinds)
            );
            rest = filled.mul(rate).ok().and_then(|share| amount.sub(&share).ok());
        }
        if let Some(rest) = rest.filter(|rest| !rest.is_zero()) {
            let rest = self.brief(&rest, applied.kinds.result);
            label = if label.is_empty() {
                rest
            } else {
                format!("{label} + {rest}")
            };
        }
        self.tier(step, applied, row, &label, &signed(amount, sign));
    }

    /// Shows what the row reached gave for the whole value.
    fn reached(
        &mut self,
        step: &mut Step,
        applied: &Applied<'_>,
        row: &SliceRow,
        value: &Exact,
        amount: Exact,
        sign: Sign,
    ) {
        if amount.is_zero() {
            return;
        }
        let mut label = match (&row.rate, applied.table.kind) {
            (Some(rate), TierKind::Retro) => format!(
                "{} × {}",
                self.brief(value, applied.kinds.value),
                self.rate(rate, applied.kinds)
            ),
            (Some(_) | None, _) => self.brief(&amount.abs(), applied.kinds.result),
        };
        if let (Some(_), Some(extra), TierKind::Retro) = (&row.rate, &row.amount, applied.table.kind) {
            label = format!("{label} + {}", self.brief(extra, applied.kinds.result));
        }
        if amount.is_negative() {
            label = format!("-({label})");
        }
        self.tier(step, applied, row, &label, &signed(amount, sign));
    }

    fn tier(&mut self, step: &mut Step, applied: &Applied<'_>, row: &SliceRow, label: &str, amount: &Exact) {
        self.left = self.left.saturating_sub(1);
        let (en, zh) = self.bounds(row, applied.kinds.bound);
        let mut tier = Step::new(text!("{label}  ({en})", "{label}  （{zh}）"), Part::Summand);
        tier.value = Some(self.amount(amount, applied.kinds.result));
        tier.exact = Some(amount.clone());
        tier.span = Some(row.span);
        step.children.push(tier);
    }

    fn rate(&self, rate: &Exact, kinds: Kinds) -> String {
        let scalar = match (kinds.value, kinds.result) {
            (Scalar::Money(_) | Scalar::Points, Scalar::Money(_) | Scalar::Points) => Scalar::Percent,
            (_, result) => result,
        };
        self.brief(rate, scalar)
    }

    fn bounds(&self, row: &SliceRow, scalar: Scalar) -> (String, String) {
        let at = |number: &Exact| self.brief(number, scalar);
        match (&row.lower, &row.upper) {
            (Some((lower, _)), Some((upper, _))) => {
                let (lower, upper) = (at(lower), at(upper));
                (format!("{lower} to {upper}"), format!("{lower} 至 {upper}"))
            }
            (Some((lower, edge)), None) => {
                let lower = at(lower);
                match edge {
                    Edge::Included => (format!("{lower} up"), format!("{lower} 及以上")),
                    Edge::Excluded => (format!("above {lower}"), format!("超过 {lower}")),
                }
            }
            (None, Some((upper, edge))) => {
                let upper = at(upper);
                match edge {
                    Edge::Included => (format!("through {upper}"), format!("{upper} 及以下")),
                    Edge::Excluded => (format!("below {upper}"), format!("不满 {upper}")),
                }
            }
            (None, None) => ("all".to_owned(), "全部".to_owned()),
        }
    }
}

/// Gives how much of a row lies between a start and the value.
fn filled(applied: &Applied<'_>, row: &SliceRow, from: Option<&Exact>) -> Option<Exact> {
    let scaled = |bound: &Option<(Exact, Edge)>| match bound {
        Some((at, _)) => match &applied.against {
            Some(against) => at.mul(against).ok().map(Some),
            None => Some(Some(at.clone())),
        },
        None => Some(None),
    };
    let (lower, upper) = (scaled(&row.lower)?, scaled(&row.upper)?);
    let held = |value: &Exact| {
        let value = upper.as_ref().map_or(value, |upper| value.min(upper));
        lower.as_ref().map_or(value, |lower| value.max(lower)).clone()
    };
    let start = match from {
        Some(from) => held(from),
        None => lower.clone().unwrap_or(Exact::ZERO),
    };
    held(&applied.value).sub(&start).ok()
}
