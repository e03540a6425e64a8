//! Values as text, the same wherever a result is shown.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::Program;
use guerdon_plan::types::CalendarId;

use crate::records::Records;
use crate::value::{Cell, V};

/// Writes a cell.
#[must_use]
pub fn cell_text(program: &Program, records: &Records, cell: &Cell) -> String {
    match cell {
        Ok(Some(value)) => value_text(program, records, value),
        Ok(None) => "missing".to_owned(),
        Err(_) => "error".to_owned(),
    }
}

/// Writes a value: a number as an exact fraction, a record by its key.
#[must_use]
pub fn value_text(program: &Program, records: &Records, value: &V) -> String {
    match value {
        V::Bool(true) => "yes".to_owned(),
        V::Bool(false) => "no".to_owned(),
        V::Number(number) => number.to_string(),
        V::Date(day) => day.to_string(),
        V::Period(period) => period_text(program, *period),
        V::Text(text) => text.to_string(),
        V::Enum(id, place) => enum_text(program, *id, *place).unwrap_or_default(),
        V::Row(table, row) => {
            let key = records.key(*table, *row);
            let cells = key.iter().map(|cell| {
                cell.as_ref()
                    .map_or_else(String::new, |v| value_text(program, records, v))
            });
            cells.collect::<Vec<_>>().join("/")
        }
        V::MadeUp(_, keys) => keys
            .iter()
            .map(|key| value_text(program, records, key))
            .collect::<Vec<_>>()
            .join("/"),
    }
}

fn enum_text(program: &Program, id: guerdon_plan::types::EnumId, place: u32) -> Option<String> {
    let place = usize::try_from(place).ok()?;
    Some(program.enumeration(id)?.values.get(place)?.name.clone())
}

fn period_text(program: &Program, period: PeriodKey) -> String {
    label(program, CalendarId(0), period)
}

/// Writes a period as its calendar names it.
pub(crate) fn label(program: &Program, calendar: CalendarId, period: PeriodKey) -> String {
    program
        .calendar(calendar)
        .map_or_else(String::new, |calendar| calendar.label(period))
}
