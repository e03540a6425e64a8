//! Lines that walk up a tree.

use guerdon_plan::hir::{Expr, ExprKind};
use guerdon_plan::types::{EarnId, FieldId};

use super::{Oracle, Scope};
use crate::value::{Cell, ErrorKind, V, add, zero};

impl Oracle<'_> {
    /// Says whether a record is another one or stands above it.
    pub(super) fn is_above(
        &self,
        row: &Expr,
        of: &Expr,
        by: FieldId,
        scope: &Scope,
    ) -> Result<bool, ErrorKind> {
        let (row, of) = (self.value(row, scope)?, self.value(of, scope)?);
        Ok(row
            .zip(of)
            .is_some_and(|(row, of)| row == of || self.has_above(&of, by, &row)))
    }

    /// Says whether one record stands above another, at whatever distance.
    fn has_above(&self, low: &V, by: FieldId, high: &V) -> bool {
        let V::Row(table, start) = low else { return false };
        let mut at = *start;
        for _ in 0..self.records.count(*table) {
            match self.records.cell(*table, at, by) {
                Some(V::Row(_, above)) => at = *above,
                Some(_) | None => return false,
            }
            if *high == V::Row(*table, at) {
                return true;
            }
        }
        false
    }

    /// Sums what the lines of the same record came to for those below the payee of a line.
    pub(super) fn lower(&self, id: EarnId, scope: &Scope) -> Cell {
        let (_, place) = scope
            .line
            .filter(|(earn, _)| *earn == id)
            .ok_or(ErrorKind::NotEvaluable)?;
        let earn = self.program.earn(id).ok_or(ErrorKind::NotEvaluable)?;
        let filter = earn.lines.as_ref().and_then(|lines| lines.filter.as_ref());
        let by = filter.and_then(walked_by).ok_or(ErrorKind::NotEvaluable)?;
        let lines = self.lines(id)?;
        let this = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        let mut sum = zero();
        for (other, line) in lines.iter().enumerate() {
            if line.row == this.row && self.has_above(&line.payee, by, &this.payee) {
                sum = add(&sum, &self.uncut(id, other)?);
            }
        }
        Ok(Some(V::Number(sum)))
    }
}

/// Finds the field of the tree that lines walk up.
fn walked_by(filter: &Expr) -> Option<FieldId> {
    if let ExprKind::IsAbove { by, .. } = &filter.kind {
        Some(*by)
    } else {
        filter.children().into_iter().find_map(walked_by)
    }
}
