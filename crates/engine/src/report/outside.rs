//! Records dated outside the calendar of a plan that is in force on their day: they belong to none of its periods.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

use std::collections::BTreeMap;

use guerdon_plan::calendar::{Date, Unit};
use guerdon_plan::graph::{FrameId, Graph, NodeId, Op, Outside};
use guerdon_plan::types::{CalendarId, TableId};
use guerdon_syntax::{Code, Span, text};

use super::Report;
use crate::column::Cell;
use crate::problem::Problem;

/// The period of a plan for each of some records' days, missing where its calendar has none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placing {
    /// The period.
    pub period: NodeId,
    /// The day.
    pub day: NodeId,
    calendar: CalendarId,
    unit: Unit,
    frame: FrameId,
    span: Span,
}

/// Lists where a graph places records in the periods of calendars that end: months and years go on for ever.
pub(crate) fn placings(graph: &Graph) -> impl Iterator<Item = Placing> + '_ {
    let numbered = (0_u32..).map(NodeId).zip(&graph.nodes);
    numbered.filter_map(|(period, node)| match node.op {
        Op::Containing {
            calendar,
            unit,
            day,
            outside: Outside::Missing,
            ..
        } if calendar != CalendarId(0) => Some(Placing {
            period,
            day,
            calendar,
            unit,
            frame: node.frame,
            span: node.span,
        }),
        _ => None,
    })
}

impl Report<'_> {
    /// Lists the records that belong to no period although a plan is in force on their day; beyond the limit on
    /// problems they are counted.
    pub(super) fn outside_calendars(&self) -> Vec<Problem> {
        let mut found: BTreeMap<(CalendarId, TableId), BTreeMap<usize, (Date, Span)>> = BTreeMap::new();
        for placing in placings(&self.compiled.graph) {
            for (table, row, day) in self.unplaced(&placing) {
                let records = found.entry((placing.calendar, table)).or_default();
                records.entry(row).or_insert((day, placing.span));
            }
        }
        let most = usize::try_from(self.state.limits.problems).unwrap_or(usize::MAX);
        let mut problems = Vec::new();
        for ((calendar, table), records) in found {
            let told = records.iter().take(most);
            problems.extend(told.map(|(row, at)| self.outside(calendar, table, *row, *at)));
            let more = records.len().saturating_sub(most);
            if more > 0 {
                let message = text!(
                    "{more} further records lie outside their calendar and belong to no period",
                    "另有 {more} 条记录在日历之外，不属于任何期间"
                );
                problems.push(Problem::new(Code::R0915, message).in_table(table));
            }
        }
        problems
    }

    /// Lists the records of a placing that have a day, but no period.
    fn unplaced(&self, placing: &Placing) -> Vec<(TableId, usize, Date)> {
        let (periods, days) = (self.full(placing.period), self.full(placing.day));
        let cells = 0..self.state.frame_len(placing.frame);
        let found = cells.filter_map(|cell| match (periods.cell(cell), days.cell(cell)) {
            (Cell::Missing, Cell::Date(day)) => {
                let day = Date::from_days(day).filter(|day| self.is_in_force(placing, *day))?;
                let (table, row) = self.record_of(placing.frame, cell)?;
                Some((table, row, day))
            }
            _ => None,
        });
        found.collect()
    }

    /// Says whether a plan with the calendar is in force on a day of the run.
    fn is_in_force(&self, placing: &Placing, day: Date) -> bool {
        let plans = self.compiled.program.plans.iter();
        let mut own = plans.filter(|plan| plan.calendar == placing.calendar && plan.unit == placing.unit);
        day <= self.state.run_end
            && own.any(|plan| {
                plan.effective.from.is_none_or(|from| from <= day)
                    && plan.effective.through.is_none_or(|through| day <= through)
            })
    }

    fn outside(
        &self,
        calendar: CalendarId,
        table: TableId,
        row: usize,
        (day, span): (Date, Span),
    ) -> Problem {
        let key = self.key_text(table, row);
        let calendar = self.compiled.program.calendars.get(calendar.index());
        let name = calendar.map_or("", |calendar| calendar.naming.name.as_str());
        let message = text!(
            "this record lies outside the calendar \"{name}\" and belongs to no period",
            "该记录在日历“{name}”之外，不属于任何期间"
        );
        let mut problem = Problem::new(Code::R0915, message)
            .in_table(table)
            .detailed(text!("record {key}, {day}", "记录 {key}，{day}"))
            .advise(text!(
                "extend the calendar, or end the plan with it by an \"effective\" line",
                "请延长日历，或用“有效期”行让方案随日历结束"
            ));
        problem.row = u32::try_from(row)
            .ok()
            .and_then(|row| self.state.facts.table(table)?.input_row(row));
        problem.span = Some(span);
        problem
    }
}
