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
    let parts: Vec<&Expr> = match &written.kind {
        ExprKind::Const(_) | ExprKind::Binder(_) => Vec::new(),
        ExprKind::Shift { period, .. } | ExprKind::FirstDay(period) | ExprKind::LastDay(period) => {
            vec![period]
        }
        ExprKind::Containing { day, .. } => vec![day],
        ExprKind::AddDays { day, days } => vec![day, days],
        ExprKind::AddMonths { day, months, .. } => vec![day, months],
        ExprKind::If { then, otherwise, .. } => vec![then, otherwise],
        ExprKind::Sum(operands) if operands.len() == 1 => {
            operands.iter().map(|(_, operand)| operand).collect()
        }
        _ => return true,
    };
    parts.into_iter().any(rests_on_records)
}
