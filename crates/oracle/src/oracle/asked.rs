//! Statements asked for a period that only the records name.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{Expr, ExprKind};
use guerdon_plan::types::{DefinitionId, PlanId};

use super::{Oracle, Target};
use crate::value::{Cell, ErrorKind, V};

impl Oracle<'_> {
    /// Gives the value of a definition for arguments as they are written.
    pub(super) fn asked(&self, id: DefinitionId, written: &[Expr], values: Vec<V>) -> Cell {
        let plan = self.program.definition(id).ok_or(ErrorKind::NotEvaluable)?.plan;
        if let (Some(expr), Some(V::Period(period))) = (written.last(), values.last())
            && self.replaced(Target::Definition(id)).is_none()
        {
            self.must_be_of_run(plan, expr, *period)?;
        }
        self.definition(id, values)
    }

    /// Refuses a period that the records name and the run does not have.
    pub(super) fn must_be_of_run(
        &self,
        plan: PlanId,
        written: &Expr,
        period: PeriodKey,
    ) -> Result<(), ErrorKind> {
        let window = self.window(plan).ok_or(ErrorKind::OutsideCalendar)?;
        if rests_on_records(written) && !window.horizon.contains(period) {
            return Err(ErrorKind::OutsideRun);
        }
        Ok(())
    }
}

/// Says whether a day or period that is written in the rules rests on a field, an amount or anything else of the records.
/// A condition that chooses between two does not count, nor the payee or line whose own period is meant.
fn rests_on_records(written: &Expr) -> bool {
    let kind = &written.kind;
    if let ExprKind::Const(_) | ExprKind::Binder(_) = kind {
        return false;
    }
    if let ExprKind::Shift { period: part, .. }
    | ExprKind::FirstDay(part)
    | ExprKind::LastDay(part)
    | ExprKind::Containing { day: part, .. } = kind
    {
        return rests_on_records(part);
    }
    if let ExprKind::AddDays {
        day: one,
        days: other,
    }
    | ExprKind::AddMonths {
        day: one,
        months: other,
        ..
    }
    | ExprKind::If {
        then: one,
        otherwise: other,
        ..
    } = kind
    {
        return rests_on_records(one) || rests_on_records(other);
    }
    if let ExprKind::Sum(operands) = kind
        && let [(_, operand)] = operands.as_slice()
    {
        return rests_on_records(operand);
    }
    true
}
