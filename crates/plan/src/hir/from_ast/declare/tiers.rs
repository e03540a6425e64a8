//! Tier tables: what their rows mean.

use std::borrow::Cow;

use guerdon_syntax::{Code, Diagnostic, Span, ast, text};

use super::Folded;
use super::tier_rows::Row;
use super::versions::Dated;
use super::words::kind_word;
use crate::hir::from_ast::Checker;
use crate::hir::{Beyond, Bound, Effective, TierKind, TierRow, TierVersion};
use crate::number::Exact;
use crate::types::{Scalar, TiersId};

impl Checker<'_> {
    /// Declares tiers with their versions.
    pub(super) fn tier_table(&mut self, id: TiersId, defs: &[&ast::TiersDef]) {
        let Some(first) = defs.first() else { return };
        let mut kinds = Kinds::default();
        let versions: Vec<_> = defs
            .iter()
            .map(|def| self.tier_version(def, first.kind, &mut kinds))
            .collect();
        let versions = self.in_order(&first.name.text, versions);
        let dated = |version: Dated<TierVersion>| TierVersion {
            effective: version.effective,
            ..version.item
        };
        if let Some(tiers) = self.program.tiers.get_mut(id.index()) {
            tiers.kind = kind_of(first.kind);
            tiers.bound = kinds.bound.map_or(Scalar::Faulty, |(scalar, _)| scalar);
            tiers.value = kinds
                .amount
                .or(kinds.rate)
                .map_or(Scalar::Faulty, |(scalar, _)| scalar);
            tiers.rate = kinds
                .rate
                .or(kinds.amount)
                .map_or(Scalar::Faulty, |(scalar, _)| scalar);
            tiers.versions = versions.into_iter().map(dated).collect();
        }
    }

    fn tier_version(
        &mut self,
        def: &ast::TiersDef,
        wanted: ast::TierKind,
        kinds: &mut Kinds,
    ) -> Dated<TierVersion> {
        if def.kind != wanted {
            let title = text!(
                "all versions of tiers must be of one kind",
                "阶梯的各版本必须同类"
            );
            let fault = Diagnostic::error(Code::E0307, title);
            self.sink
                .push(fault.primary(def.name.span, text!("of another kind", "种类不同")));
        }
        let effective = def
            .effective
            .as_ref()
            .map_or_else(Effective::default, |range| self.effective(range));
        let span = def.effective.as_ref().map_or(def.name.span, |range| range.span);
        let written: Cow<'_, [ast::TierRow]> = match &def.body {
            ast::TiersBody::Rows(rows) => Cow::Borrowed(rows),
            ast::TiersBody::File(path) => Cow::Owned(self.tier_sheet(path).unwrap_or_default()),
        };
        let rows = self.tier_rows(def, &written, kinds);
        let beyond = self.check_ends(def, &rows, written.len());
        let rows = rows.into_iter().map(Row::into_tier).collect();
        Dated {
            effective,
            span,
            item: TierVersion {
                effective,
                rows,
                beyond,
            },
        }
    }

    fn tier_rows(&mut self, def: &ast::TiersDef, rows: &[ast::TierRow], kinds: &mut Kinds) -> Vec<Row> {
        rows.iter()
            .filter_map(|row| self.tier_row(def, row, kinds))
            .collect()
    }

    fn tier_row(&mut self, def: &ast::TiersDef, row: &ast::TierRow, kinds: &mut Kinds) -> Option<Row> {
        let (lower, upper) = self.tier_place(def, row)?;
        for side in lower.iter().chain(&upper) {
            let (scalar, span) = (plain(side.scalar), side.value_span);
            self.same_tier_kind(&mut kinds.bound, scalar, span)?;
        }
        let bound = kinds.bound.map_or(Scalar::Faulty, |(scalar, _)| scalar);
        let value = self.fold_tier_value(&row.value)?;
        let plus = match &row.plus {
            Some(plus) => Some(self.fold_tier_value(plus)?),
            None => None,
        };
        let (rate, amount) = match plus {
            Some(rate) if pays_by_rate(def.kind) => (Some(rate), Some(value)),
            Some(rate) => return self.no_rate_here(def, rate.span),
            None if pays_by_rate(def.kind) && is_rate(value.scalar, bound) => (Some(value), None),
            None => (None, Some(value)),
        };
        let amount = self.tier_value(&mut kinds.amount, amount.as_ref())?;
        let rate = self.tier_value(&mut kinds.rate, rate.as_ref())?;
        Some(Row {
            lower,
            upper,
            rate,
            amount,
            span: row.span,
        })
    }

    fn tier_value(
        &mut self,
        common: &mut Option<(Scalar, Span)>,
        folded: Option<&Folded>,
    ) -> Option<Option<Exact>> {
        let Some(folded) = folded else { return Some(None) };
        self.same_tier_kind(common, plain(folded.scalar), folded.span)?;
        Some(folded.number().cloned())
    }

    fn fold_tier_value(&mut self, expr: &ast::Expr) -> Option<Folded> {
        let folded = self.fold(expr, None)?;
        if folded.scalar.is_numeric() {
            return Some(folded);
        }
        let is = self.kind_name(folded.scalar);
        let title = text!("a rate or an amount is needed here", "此处需要费率或金额");
        self.sink.push(
            Diagnostic::error(Code::E0307, title).primary(folded.span, text!("this is {is}", "这是{is}"; is)),
        );
        None
    }

    /// Keeps the kind that all bounds, rates or amounts of a table share.
    fn same_tier_kind(
        &mut self,
        common: &mut Option<(Scalar, Span)>,
        scalar: Scalar,
        span: Span,
    ) -> Option<()> {
        let Some((first, first_span)) = *common else {
            *common = Some((scalar, span));
            return Some(());
        };
        if first == scalar {
            return Some(());
        }
        let (is, was) = (self.kind_name(scalar), self.kind_name(first));
        let title = text!("{was} and {is} stand in one column", "同一列中既有{was}又有{is}"; was, is);
        self.sink.push(
            Diagnostic::error(Code::E0304, title)
                .secondary(first_span, was)
                .primary(span, is),
        );
        None
    }

    fn no_rate_here<T>(&mut self, def: &ast::TiersDef, at: Span) -> Option<T> {
        let kind = kind_word(def.kind);
        let title = text!("{kind} tiers have no rate beside the amount", "{kind}阶梯的金额旁没有费率"; kind);
        let fault = Diagnostic::error(Code::E0307, title);
        self.sink
            .push(fault.primary(at, text!("leave this out", "请删去")));
        None
    }

    /// Checks the boundaries and what lies beyond the last one, unless a row is missing because of its own fault.
    fn check_ends(&mut self, def: &ast::TiersDef, rows: &[Row], written: usize) -> Beyond {
        let Some(last) = rows.last() else {
            return Beyond::Open;
        };
        if rows.len() == written && self.check_rows(def, rows).is_continue() {
            self.beyond(def, last)
        } else {
            def.beyond.map_or(Beyond::Open, beyond_of)
        }
    }

    fn beyond(&mut self, def: &ast::TiersDef, last: &Row) -> Beyond {
        let is_open = last.upper.is_none() && def.kind != ast::TierKind::Interpolated;
        match (def.beyond, is_open) {
            (None, true) => Beyond::Open,
            (Some(beyond), false) => beyond_of(beyond),
            (None, false) => {
                self.push_no_end(def, last);
                Beyond::Nothing
            }
            (Some(_), true) => {
                self.push_end_twice(def, last);
                Beyond::Open
            }
        }
    }
}

/// Holds the kinds found so far, with the place of the first of each.
#[derive(Debug, Default)]
struct Kinds {
    bound: Option<(Scalar, Span)>,
    rate: Option<(Scalar, Span)>,
    amount: Option<(Scalar, Span)>,
}

impl Row {
    fn into_tier(self) -> TierRow {
        TierRow {
            lower: self.lower.as_ref().map(Bound::from),
            upper: self.upper.as_ref().map(Bound::from),
            rate: self.rate,
            amount: self.amount,
            span: self.span,
        }
    }
}

/// Takes whole numbers for numbers, since a column mixes them freely.
fn plain(scalar: Scalar) -> Scalar {
    if scalar == Scalar::Int {
        Scalar::Number
    } else {
        scalar
    }
}

/// Says whether a single value is a rate: a percent or number always, an amount where it is one per counted unit.
fn is_rate(value: Scalar, bound: Scalar) -> bool {
    match value {
        Scalar::Money(_) => bound == Scalar::Number,
        Scalar::Bool
        | Scalar::Int
        | Scalar::Number
        | Scalar::Percent
        | Scalar::MoneyInColumn
        | Scalar::Points
        | Scalar::Date
        | Scalar::Period(_)
        | Scalar::Days
        | Scalar::Text
        | Scalar::Enum(_)
        | Scalar::Row(_)
        | Scalar::Faulty => true,
    }
}

/// Says whether rows of a kind of tiers may hold a rate.
const fn pays_by_rate(kind: ast::TierKind) -> bool {
    match kind {
        ast::TierKind::Marginal | ast::TierKind::Retro => true,
        ast::TierKind::Flat | ast::TierKind::Interpolated | ast::TierKind::Fill => false,
    }
}

const fn kind_of(kind: ast::TierKind) -> TierKind {
    match kind {
        ast::TierKind::Marginal => TierKind::Marginal,
        ast::TierKind::Retro => TierKind::Retro,
        ast::TierKind::Flat => TierKind::Flat,
        ast::TierKind::Interpolated => TierKind::Interpolated,
        ast::TierKind::Fill => TierKind::Fill,
    }
}

const fn beyond_of(beyond: ast::Beyond) -> Beyond {
    match beyond {
        ast::Beyond::Clamp => Beyond::Clamp,
        ast::Beyond::Continue => Beyond::Continue,
        ast::Beyond::Nothing => Beyond::Nothing,
        ast::Beyond::Error => Beyond::Error,
    }
}
