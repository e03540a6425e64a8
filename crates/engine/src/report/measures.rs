//! Measures and balances, each for its records and periods.

use guerdon_plan::calendar::{PeriodKey, Unit};
use guerdon_plan::graph::{Frame, NodeId, PlanOutput};
use guerdon_plan::hir::DefinitionKind;
use guerdon_plan::types::{CalendarId, DefinitionId, Scalar, TableId};

use super::Report;
use super::blocks::{is_internal, is_part};
use super::names::decimals_of;
use crate::column::Column;
use crate::vector::{Data, Vector};

/// The values of one `measure`, `let` or `carry`.
pub struct MeasureColumn<'r> {
    report: &'r Report<'r>,
    output: &'r PlanOutput,
    values: Vector<'r>,
    scalar: Scalar,
    rows: Option<TableId>,
    unit: Option<Unit>,
    periods: Vec<(usize, PeriodKey)>,
    decimals: u8,
    /// The plan.
    pub plan: &'r str,
    /// The name of the measure.
    pub name: &'r str,
    /// What kind of statement it is.
    pub kind: MeasureKind,
}

/// What kind of statement has the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureKind {
    /// `measure`.
    Measure,
    /// `let`.
    Let,
    /// `carry`.
    Carry,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureRow {
    /// The key of the record, if the measure has one for each.
    pub record: Option<String>,
    /// The period, if the measure has one for each.
    pub period: Option<PeriodKey>,
    /// The period as it is written.
    pub period_label: Option<String>,
    /// The value as text: numbers in plain decimals, or as a fraction where they have no end.
    pub text: String,
    /// Why there is no value, if there is none.
    pub absence: Option<Absence>,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// There is none.
    Missing,
    /// It is an error: see [`Report::problems`].
    Error,
}

impl Report<'_> {
    /// Lists the measures, lets and balances of the plans, in the order of the rule files.
    pub fn measures(&self) -> Vec<MeasureColumn<'_>> {
        let outputs = self.compiled.graph.outputs.iter();
        outputs
            .flat_map(|output| {
                output
                    .values
                    .iter()
                    .filter_map(move |(id, node)| self.measure(output, *id, *node))
            })
            .collect()
    }

    fn measure<'r>(
        &'r self,
        output: &'r PlanOutput,
        id: DefinitionId,
        node: NodeId,
    ) -> Option<MeasureColumn<'r>> {
        let definition = self.definition(id)?;
        let kind = match &definition.kind {
            DefinitionKind::Measure(_) => MeasureKind::Measure,
            DefinitionKind::Let(_) => MeasureKind::Let,
            DefinitionKind::Carry { .. } => MeasureKind::Carry,
            DefinitionKind::Pay(_) | DefinitionKind::Streak(_) => return None,
        };
        let plan = self.plan(output.plan)?;
        // What a block writes by itself has a table of its own.
        let is_written = plan.block.as_ref().is_some_and(|block| is_part(block, id));
        // Nor is a name for the period of a part, in a target, a figure.
        let is_period = plan.block.is_some() && matches!(definition.ty.scalar, Scalar::Period(_));
        if is_written || is_period || is_internal(&definition.naming.name) {
            return None;
        }
        let frame = self.compiled.graph.frame(self.compiled.graph.node(node)?.frame)?;
        let (rows, unit) = match frame {
            Frame::Rows(table) => (Some(*table), None),
            Frame::Axis(_) => (None, Some(plan.unit)),
            Frame::Cells { rows, .. } => (Some(*rows), Some(plan.unit)),
            Frame::Single | Frame::Selected { .. } | Frame::Expanded { .. } => (None, None),
        };
        Some(MeasureColumn {
            report: self,
            output,
            values: self.full(node),
            scalar: definition.ty.scalar,
            rows,
            unit,
            periods: self.shown_periods(output),
            decimals: decimals_of(definition.ty.scalar),
            plan: &plan.naming.name,
            name: &definition.naming.name,
            kind,
        })
    }
}

impl MeasureColumn<'_> {
    /// Names the grain: `person_month`, `person`, `month`, or `all` for a single value.
    pub fn grain(&self) -> String {
        let table = self
            .rows
            .and_then(|rows| self.report.compiled.program.table(rows));
        let table = table.map(|table| table.naming.name.to_lowercase());
        let unit = self.unit.map(|unit| format!("{unit:?}").to_lowercase());
        let parts: Vec<String> = table.into_iter().chain(unit).collect();
        if parts.is_empty() {
            "all".to_owned()
        } else {
            parts.join("_")
        }
    }

    /// Gives the keys of the records, in order of their places; one without a key where there are no records.
    pub fn records(&self) -> Vec<Option<String>> {
        match self.rows {
            Some(table) => (0..self.report.state.rows(table))
                .map(|record| Some(self.report.key_text(table, record)))
                .collect(),
            None => vec![None],
        }
    }

    /// Gives the periods that are shown and how they are written, in order of their places; one without a period where
    /// there are none.
    pub fn periods(&self) -> Vec<Option<(PeriodKey, String)>> {
        let plan = self.report.plan(self.output.plan);
        let calendar = plan.map_or(CalendarId(0), |plan| plan.calendar);
        let label =
            |(_, period): &(usize, PeriodKey)| Some((*period, self.report.period_label(calendar, *period)));
        match self.unit {
            Some(_) => self.periods.iter().map(label).collect(),
            None => vec![None],
        }
    }

    /// Gives the values as a column of records.
    pub(crate) fn to_column(&self) -> Column {
        crate::evaluate::to_column(&self.values)
    }

    /// Writes a value as text, by the places of period and record; says why there is none if there is none.
    pub fn write_value(&self, period: usize, record: usize, out: &mut String) -> Option<Absence> {
        let records = self.rows.map_or(1, |rows| self.report.state.rows(rows));
        let first = match self.unit {
            Some(_) => self.periods.get(period).map_or(usize::MAX, |(place, _)| *place),
            None => 0,
        };
        let cell = first.saturating_mul(records).saturating_add(record);
        if self.values.error(cell) != 0 {
            return Some(Absence::Error);
        }
        if self.values.is_missing(cell) {
            return Some(Absence::Missing);
        }
        match self.values.data {
            Data::Number(_) => self.values.write_number(cell, self.decimals, out),
            Data::Bool(_)
            | Data::Date(_)
            | Data::Period(..)
            | Data::Text(..)
            | Data::Enum(_)
            | Data::LongEnum(_)
            | Data::Row(_)
            | Data::Nothing(_) => {
                out.push_str(&self.report.cell_text(&self.values.cell(cell), self.scalar));
            }
        }
        None
    }

    /// Lists the values of the periods that are shown, period by period, record by record.
    pub fn rows(&self) -> Vec<MeasureRow> {
        let (periods, records) = (self.periods(), self.records());
        let mut rows = Vec::new();
        for (place, period) in periods.iter().enumerate() {
            for (row, record) in records.iter().enumerate() {
                let mut text = String::new();
                let absence = self.write_value(place, row, &mut text);
                rows.push(MeasureRow {
                    record: record.clone(),
                    period: period.as_ref().map(|(period, _)| *period),
                    period_label: period.as_ref().map(|(_, label)| label.clone()),
                    text,
                    absence,
                });
            }
        }
        rows
    }
}
