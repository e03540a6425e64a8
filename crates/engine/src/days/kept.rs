//! The last day of records that change one by one.

use std::collections::BTreeMap;

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::types::{FieldId, TableId};

use super::{End, Moment, day_of};
use crate::column::{Column, ColumnData};
use crate::facts::Facts;
use crate::plan::Plan;

/// Keeps count of the days and periods that records hold, so that the last day of a run is known after a change without
/// looking at all records anew.
///
/// A column is counted when it is first asked for. Whoever changes a record asks for what it holds before and after
/// ([`KeptDays::of`]) and says so ([`KeptDays::follow`]).
#[derive(Debug, Default)]
pub struct KeptDays {
    /// For each column how many records hold each day or period.
    counts: BTreeMap<(TableId, FieldId), BTreeMap<i32, u32>>,
}

/// The days and periods that one record holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldDays(Vec<(FieldId, i32)>);

impl KeptDays {
    /// Gives the day through which a run goes if nobody says; that of [`Plan::last_day`].
    pub fn last(&mut self, plan: &Plan, facts: &Facts) -> Date {
        plan.last_day_by(|table, field| {
            let column = facts.column(table, field)?;
            let counts = self.counts.entry((table, field));
            let (last, _) = counts.or_insert_with(|| count(column)).last_key_value()?;
            day_of(moment(column, *last)?, plan.calendars(), End::Last)
        })
    }

    /// Gives what a record holds in the columns that are counted; nothing for a record that is not there.
    pub fn of(&self, facts: &Facts, table: TableId, row: Option<u32>) -> HeldDays {
        let row = row.and_then(|row| usize::try_from(row).ok());
        let columns = self.counts.keys().filter(|(counted, _)| *counted == table);
        let held = columns.filter_map(|(_, field)| {
            let column = facts.column(table, *field)?;
            Some((*field, sound(column, row?)?))
        });
        HeldDays(held.collect())
    }

    /// Follows a change of one record.
    pub fn follow(&mut self, table: TableId, before: &HeldDays, after: &HeldDays) {
        for (field, value) in &before.0 {
            if let Some(counts) = self.counts.get_mut(&(table, *field))
                && let Some(count) = counts.get_mut(value)
            {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    counts.remove(value);
                }
            }
        }
        for (field, value) in &after.0 {
            if let Some(counts) = self.counts.get_mut(&(table, *field)) {
                let count = counts.entry(*value).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
}

/// Counts the sound values of a column.
fn count(column: &Column) -> BTreeMap<i32, u32> {
    let mut counts: BTreeMap<i32, u32> = BTreeMap::new();
    // Records of one day often follow each other.
    let mut run: Option<(i32, u32)> = None;
    let mut add = |(value, count): (i32, u32)| {
        let sum = counts.entry(value).or_default();
        *sum = sum.saturating_add(count);
    };
    for value in (0..column.len()).filter_map(|row| sound(column, row)) {
        run = match run {
            Some((last, count)) if last == value => Some((last, count.saturating_add(1))),
            Some(other) => {
                add(other);
                Some((value, 1))
            }
            None => Some((value, 1)),
        };
    }
    if let Some(last) = run {
        add(last);
    }
    counts
}

/// Gives a day or the index of a period, if it can be read.
fn sound(column: &Column, row: usize) -> Option<i32> {
    if column.is_missing(row) || column.error(row).is_some() {
        return None;
    }
    match column.data() {
        ColumnData::Date(values) | ColumnData::Period { values, .. } => values.get(row).copied(),
        ColumnData::Bool(_)
        | ColumnData::Scaled { .. }
        | ColumnData::Wide(_)
        | ColumnData::Text { .. }
        | ColumnData::Enum(_)
        | ColumnData::Row(_) => None,
    }
}

fn moment(column: &Column, value: i32) -> Option<Moment> {
    match column.data() {
        ColumnData::Date(_) => Some(Moment::Day(value)),
        ColumnData::Period { unit, .. } => Some(Moment::Period(PeriodKey::new(*unit, value))),
        ColumnData::Bool(_)
        | ColumnData::Scaled { .. }
        | ColumnData::Wide(_)
        | ColumnData::Text { .. }
        | ColumnData::Enum(_)
        | ColumnData::Row(_) => None,
    }
}
