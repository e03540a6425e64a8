//! References of a table to itself: following them upwards must end.

use guerdon_plan::hir::Program;
use guerdon_syntax::text;

use super::super::draft::Shared;
use super::super::faults::Fault;
use super::{Load, Others, reference, table_name};
use crate::column::{Column, ColumnData};
use crate::error::Error;
use crate::limits::reserve;

/// Makes the reference of each record on or below a circle an error.
pub(super) fn check(shared: &mut Shared<'_>, load: &mut Load) -> Result<(), Error> {
    for column in 0..load.data.columns.len() {
        if reference(shared.program, load.table, column) == Some(load.table) {
            check_column(shared, load, column)?;
        }
    }
    Ok(())
}

/// What is known of a record while the way up is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    OnTheWay,
    Ends,
    /// On or below a circle: one more than the position of the problem.
    Circles(u32),
}

fn check_column(shared: &mut Shared<'_>, load: &mut Load, column: usize) -> Result<(), Error> {
    let Some(above) = load.column(column) else {
        return Ok(());
    };
    let rows = above.len();
    let mut states = Vec::new();
    reserve(&mut states, rows)?;
    states.resize(rows, State::Unknown);
    let mut circles = false;
    for row in 0..rows {
        let (way, state) = climb(&mut states, above, row);
        let state = match state {
            State::OnTheWay => {
                circles = true;
                State::Circles(report(shared, load, column, &way).saturating_add(1))
            }
            State::Unknown | State::Ends => State::Ends,
            State::Circles(problem) => State::Circles(problem),
        };
        for step in way {
            set(&mut states, step, state);
        }
    }
    if circles && let Some(place) = load.data.columns.get_mut(column) {
        *place = place.take().map(|column| with_circles(column, &states));
    }
    Ok(())
}

/// Walks up from a record to one whose state is known, and gives the records passed and the state found.
fn climb(states: &mut [State], above: &Column, row: usize) -> (Vec<usize>, State) {
    let mut way = Vec::new();
    let mut row = row;
    loop {
        match states.get(row) {
            Some(State::Unknown) => {}
            Some(known @ (State::OnTheWay | State::Ends | State::Circles(_))) => {
                return (with_entry(way, row, *known), *known);
            }
            None => return (way, State::Ends),
        }
        set(states, row, State::OnTheWay);
        way.push(row);
        match parent(above, row) {
            Some(next) => row = next,
            None => return (way, State::Ends),
        }
    }
}

/// Puts the record by which a circle is entered at the end of the way, so that the circle can be told from the way to it.
fn with_entry(mut way: Vec<usize>, entry: usize, state: State) -> Vec<usize> {
    if state == State::OnTheWay {
        way.push(entry);
    }
    way
}

fn parent(above: &Column, row: usize) -> Option<usize> {
    if above.is_missing(row) || above.error(row).is_some() {
        return None;
    }
    match above.data() {
        ColumnData::Row(rows) => rows.get(row).and_then(|row| usize::try_from(*row).ok()),
        ColumnData::Bool(_)
        | ColumnData::Scaled { .. }
        | ColumnData::Wide(_)
        | ColumnData::Date(_)
        | ColumnData::Period { .. }
        | ColumnData::Text { .. }
        | ColumnData::Enum(_) => None,
    }
}

/// Reports a circle at its first record in key order; `way` ends with the record by which the circle was entered.
fn report(shared: &mut Shared<'_>, load: &Load, column: usize, way: &[usize]) -> u32 {
    let program: &Program = shared.program;
    let entry = way.last().copied().unwrap_or(0);
    let circle: Vec<usize> = way
        .iter()
        .rev()
        .skip(1)
        .copied()
        .scan(false, |is_past, row| {
            let is_in = !*is_past;
            *is_past = row == entry;
            is_in.then_some(row)
        })
        .collect();
    let first = circle.iter().copied().min().unwrap_or(entry);
    let heading = load.headings.get(column).map_or("", |heading| heading);
    let shown: Vec<String> = circle
        .iter()
        .rev()
        .take(5)
        .map(|row| load.key_text(program, *row, &Others::default()))
        .collect();
    let (count, shown) = (circle.len(), shown.join(" → "));
    let detail = text!("{count} records, beginning {shown}", "共 {count} 条记录：{shown}");
    let problem = Fault::Circle
        .problem(heading, table_name(program, load.table))
        .in_column(heading);
    shared.problems.add(load.place(problem, first).detailed(detail))
}

fn with_circles(column: Column, states: &[State]) -> Column {
    let error = |(row, state): (usize, &State)| match state {
        State::Circles(error) => *error,
        State::Unknown | State::OnTheWay | State::Ends => {
            column.error(row).map_or(0, |error| error.saturating_add(1))
        }
    };
    let errors = states.iter().enumerate().map(error).collect();
    column.with_errors(errors)
}

fn set(states: &mut [State], row: usize, state: State) {
    if let Some(place) = states.get_mut(row) {
        *place = state;
    }
}
