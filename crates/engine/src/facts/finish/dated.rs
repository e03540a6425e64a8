//! Dated records: those of one key must not hold on the same day.

use guerdon_syntax::text;

use super::super::draft::Shared;
use super::super::faults::Fault;
use super::{Load, Others, table_name};
use crate::column::{Cell, Column};

/// Marks records of one key that overlap.
pub(super) fn check(shared: &mut Shared<'_>, load: &mut Load, others: &Others<'_>) {
    let Some((from, until)) = load.shape.valid else {
        return;
    };
    let groups: Vec<Vec<u32>> = load.data.index.groups().map(<[u32]>::to_vec).collect();
    for group in groups.iter().filter(|group| group.len() > 1) {
        let mut latest: Option<(usize, i32)> = None;
        for record in group {
            let Ok(row) = usize::try_from(*record) else {
                continue;
            };
            let first = day(load.column(from), row).unwrap_or(i32::MIN);
            if let Some((other, last)) = latest
                && first <= last
            {
                report(shared, load, others, [other, row]);
            }
            let last = day(load.column(until), row).unwrap_or(i32::MAX);
            if latest.is_none_or(|(_, latest)| last >= latest) {
                latest = Some((row, last));
            }
        }
    }
}

fn report(shared: &mut Shared<'_>, load: &mut Load, others: &Others<'_>, [one, other]: [usize; 2]) {
    let program = shared.program;
    let (first, second) = (load.number(one), load.number(other));
    let key = load.key_text(program, other, others);
    let detail = text!(
        "rows {first} and {second} overlap; the later one has the key {key}",
        "第 {first} 行与第 {second} 行的有效期重叠；后者的主键是 {key}"
    );
    let problem = Fault::Overlap.problem("", table_name(program, load.table));
    let problem = shared.problems.add(load.place(problem, other).detailed(detail));
    load.mark(one, problem);
    load.mark(other, problem);
}

fn day(column: Option<&Column>, row: usize) -> Option<i32> {
    match column?.cell(row) {
        Cell::Date(day) => Some(day),
        Cell::Missing
        | Cell::Error(_)
        | Cell::Bool(_)
        | Cell::Number(_)
        | Cell::Period(..)
        | Cell::Text(_)
        | Cell::Enum(_)
        | Cell::Row(_) => None,
    }
}
