//! Records with one key: identical ones are one record, differing ones are errors.

use std::ops::RangeInclusive;

use guerdon_syntax::text;

use super::super::draft::Shared;
use super::super::faults::Fault;
use super::super::words::{Words, ranks};
use super::{Load, Others, keyless, order, table_name};
use crate::column::{Cell, Column};
use crate::error::Error;

/// Merges identical records of a sorted table and marks differing ones with one key.
pub(super) fn merge(shared: &mut Shared<'_>, load: &mut Load, others: &Others<'_>) -> Result<(), Error> {
    if load.data.rows > 0
        && let Some(problem) = keyless(shared.program, load)
    {
        let problem = shared.problems.add(problem);
        (0..load.data.rows).for_each(|row| load.mark(row, problem));
    }
    let groups = groups(load);
    if groups.is_empty() {
        return Ok(());
    }
    let mut dropped = Vec::new();
    for (first, last) in groups {
        merge_group(shared, load, others, first..=last, &mut dropped);
    }
    if dropped.is_empty() {
        return Ok(());
    }
    let kept = (0..load.data.rows).filter(|row| dropped.binary_search(row).is_err());
    let kept: Vec<u32> = kept.filter_map(|row| u32::try_from(row).ok()).collect();
    load.keyed = load.keyed.saturating_sub(dropped.len());
    order::take(load, kept)
}

/// Gives the first and last row of each run of two or more records with one key.
fn groups(load: &Load) -> Vec<(usize, usize)> {
    let columns: Option<Vec<&Column>> = load.key.iter().map(|column| load.column(*column)).collect();
    let Some(columns) = columns.filter(|columns| !columns.is_empty()) else {
        return Vec::new();
    };
    let ranks: Vec<_> = columns.iter().map(|column| ranks(column)).collect();
    let words: Vec<_> = columns
        .iter()
        .zip(&ranks)
        .map(|(column, ranks)| Words::of_key(column, ranks))
        .collect();
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for row in 1..load.keyed {
        let before = row.saturating_sub(1);
        if order::compare(&words, before, row).is_eq() {
            match groups.last_mut() {
                Some((_, last)) if *last == before => *last = row,
                Some(_) | None => groups.push((before, row)),
            }
        }
    }
    groups
}

fn merge_group(
    shared: &mut Shared<'_>,
    load: &mut Load,
    others: &Others<'_>,
    rows: RangeInclusive<usize>,
    dropped: &mut Vec<usize>,
) {
    let mut kept: Vec<usize> = vec![*rows.start()];
    for row in rows.skip(1) {
        match kept.iter().find(|other| is_same(load, **other, row)) {
            Some(other) => {
                let problem = problem(shared, load, others, Fault::Merged, [*other, row]);
                shared.problems.add(problem);
                dropped.push(row);
            }
            None => kept.push(row),
        }
    }
    let mut differing = kept.iter().copied();
    let Some(one) = differing.next() else { return };
    for row in differing {
        let problem = problem(shared, load, others, Fault::KeyUsedTwice, [one, row]);
        let problem = shared.problems.add(problem);
        load.mark(one, problem);
        load.mark(row, problem);
    }
}

fn problem(
    shared: &Shared<'_>,
    load: &Load,
    others: &Others<'_>,
    fault: Fault,
    [one, other]: [usize; 2],
) -> crate::problem::Problem {
    let program = shared.program;
    let (first, second) = (load.number(one), load.number(other));
    let key = load.key_text(program, other, others);
    let detail = text!(
        "rows {first} and {second} have the key {key}",
        "第 {first} 行与第 {second} 行的主键都是 {key}"
    );
    load.place(fault.problem("", table_name(program, load.table)), other)
        .detailed(detail)
}

/// Says whether two records are the same, undeclared columns included.
fn is_same(load: &Load, left: usize, right: usize) -> bool {
    let raw = load
        .raw
        .as_ref()
        .is_none_or(|raw| raw.get(left) == raw.get(right));
    raw && load
        .data
        .columns
        .iter()
        .flatten()
        .all(|column| match (column.cell(left), column.cell(right)) {
            // Of faulty cells only the raw record can tell.
            (Cell::Error(_), Cell::Error(_)) => load.raw.is_some(),
            (one, other) => one == other,
        })
}
