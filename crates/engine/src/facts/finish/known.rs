//! What was known on a day: records that became known later are left out.

use guerdon_plan::calendar::Date;
use guerdon_plan::hir::Program;

use super::{Load, order};
use crate::column::Cell;
use crate::error::Error;

/// Leaves out the records of a table that became known after a day.
///
/// A record that does not say when it became known was always known; so is every record of a table that has no such
/// field. One whose day cannot be read stays, and spoils what reads it.
pub(super) fn keep(program: &Program, load: &mut Load, day: Date) -> Result<(), Error> {
    let known = program.table(load.table).and_then(|table| table.known);
    let Some(column) = known.and_then(|field| load.column(field.index())) else {
        return Ok(());
    };
    let is_known = |row: &usize| match column.cell(*row) {
        Cell::Date(known) => known <= day.days(),
        Cell::Missing
        | Cell::Error(_)
        | Cell::Bool(_)
        | Cell::Number(_)
        | Cell::Period(..)
        | Cell::Text(_)
        | Cell::Enum(_)
        | Cell::Row(_) => true,
    };
    let rows = load.data.rows;
    let kept: Vec<u32> = (0..rows)
        .filter(is_known)
        .filter_map(|row| u32::try_from(row).ok())
        .collect();
    if kept.len() < rows {
        order::take(load, kept)?;
    }
    Ok(())
}
