//! Tiers applied to a value, alone or on top of the lines before.

use guerdon_plan::hir::{Apply, Expr, Stack, TierVersion, Tiers};
use guerdon_plan::number::Exact;
use guerdon_plan::types::TiersId;

use super::expr::number_cell;
use super::{Oracle, Scope};
use crate::tiers::Scale;
use crate::value::{Cell, ErrorKind, Number, add, sub, zero};

impl Oracle<'_> {
    pub(super) fn apply(&self, apply: &Apply, scope: &Scope) -> Cell {
        let value = self.number(&apply.value, scope)?;
        let against = apply
            .against
            .as_ref()
            .map(|against| self.number(against, scope))
            .transpose()?;
        let (tiers, version) = self.tiers_on(apply.tiers, &apply.on, scope)?;
        let scale = Scale::new(tiers.kind, &version.rows, version.beyond, against.as_ref())?;
        let Some(stack) = &apply.stack else {
            return number_cell(scale.amount(&value, apply.part)?);
        };
        let before = self.before(apply, stack, scope)?;
        let start = before
            .as_ref()
            .map_or_else(|| Ok(zero()), |before| scale.amount(before, apply.part))?;
        let end = scale.amount(&add(&before.unwrap_or_else(zero), &value), apply.part)?;
        number_cell(sub(&end, &start))
    }

    pub(super) fn rate_of(&self, tiers: TiersId, on: &Expr, at: &Expr, scope: &Scope) -> Cell {
        let point = self.number(at, scope)?;
        let (tiers, version) = self.tiers_on(tiers, on, scope)?;
        let mut rows = version.rows.clone();
        // Where there are rates, a row with an amount alone pays none.
        let mut all = tiers.versions.iter().flat_map(|version| &version.rows);
        if all.any(|row| row.rate.is_some()) {
            for row in &mut rows {
                row.rate.get_or_insert(Exact::ZERO);
            }
        }
        number_cell(Scale::new(tiers.kind, &rows, version.beyond, None)?.rate(&point)?)
    }

    fn tiers_on(
        &self,
        tiers: TiersId,
        on: &Expr,
        scope: &Scope,
    ) -> Result<(&Tiers, &TierVersion), ErrorKind> {
        let tiers = self.program.tier_table(tiers).ok_or(ErrorKind::NotEvaluable)?;
        let versions = tiers.versions.iter().map(|version| (version.effective, version));
        Ok((tiers, self.version_on(versions.collect(), on, scope)?))
    }

    /// Sums the value over the earlier lines of the stack; none where there is neither such a line nor an opening
    /// figure.
    fn before(&self, apply: &Apply, stack: &Stack, scope: &Scope) -> Result<Option<Number>, ErrorKind> {
        let (earn, place) = scope.line.ok_or(ErrorKind::NotEvaluable)?;
        let earlier = self.earlier(earn, place, stack.restarting)?;
        if earlier.is_empty() && stack.starting_from.is_none() {
            return Ok(None);
        }
        let mut total = stack
            .starting_from
            .as_ref()
            .map_or_else(|| Ok(zero()), |start| self.number(start, scope))?;
        for line in earlier {
            let line = self.line_scope(earn, line)?;
            total = add(&total, &self.number(&apply.value, &line)?);
        }
        Ok(Some(total))
    }
}
