//! The tables of a run as comma-separated values: pay, earnings, problems and measures.
//!
//! Names and order of tables and columns are part of [`SCHEMA_VERSION`]; the guide lists them.

mod blocks;

use std::collections::BTreeMap;
use std::path::Path;

use guerdon::plan::Plan;
use guerdon::problem::Problem;
use guerdon::report::{Absence, Amount, MeasureColumn, MeasureKind, MeasureRow, Report};
use guerdon_plan::hir::Program;
use guerdon_plan::number::Exact;

pub(super) use self::blocks::evidence;
use super::Failure;

/// The version of the layout of tables and manifest.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// Whether text cells are made safe for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextCells {
    /// As they are.
    Plain,
    /// With an apostrophe before what a spreadsheet would read as a formula.
    Guarded,
}

/// A table ready to be written.
pub(crate) struct Table {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A table in the making.
struct Sheet {
    name: String,
    writer: csv::Writer<Vec<u8>>,
    text: TextCells,
}

/// Makes every table of a report.
pub(crate) fn all(
    plan: &Plan,
    report: &Report<'_>,
    problems: &[Problem],
    text: TextCells,
) -> Result<Vec<Table>, Failure> {
    let mut tables = vec![
        pay(report, text)?,
        earnings(report, text)?,
        problem_table(plan, report, problems, text)?,
    ];
    tables.extend(blocks::all(plan.program(), report, text)?);
    tables.extend(measures(report, text)?);
    Ok(tables)
}

/// Makes the tables of contests, awards, warnings, scorecards and targets.
pub(crate) fn blocks(program: &Program, report: &Report<'_>) -> Result<Vec<Table>, Failure> {
    blocks::all(program, report, TextCells::Plain)
}

/// Makes the table of what is paid.
pub(crate) fn pay(report: &Report<'_>, text: TextCells) -> Result<Table, Failure> {
    let mut sheet = Sheet::new("pay", text);
    sheet.heads(&["plan", "pay", "payee", "period", "currency", "amount"])?;
    for row in report.pay() {
        let cells = [row.plan, row.pay, &row.payee, &row.period_label, &row.unit];
        sheet.row(&cells, [amount(&row.amount, row.decimals)])?;
    }
    sheet.finish()
}

fn earnings(report: &Report<'_>, text: TextCells) -> Result<Table, Failure> {
    let mut sheet = Sheet::new("earnings", text);
    sheet.heads(&[
        "plan",
        "earn",
        "payee",
        "period",
        "date",
        "record",
        "currency",
        "base",
        "rate",
        "earned",
        "released",
        "held",
        "clawed_back",
        "paid_to_date",
    ])?;
    for row in report.earnings() {
        let day = row.day.map(|day| day.to_string()).unwrap_or_default();
        let cells = [
            row.plan,
            row.earn,
            &row.payee,
            &row.period_label,
            &day,
            &row.record,
            &row.unit,
        ];
        let money = |part: &Amount| amount(part, row.decimals);
        let numbers = [
            exact(row.base.as_ref(), row.base_decimals),
            exact(row.rate.as_ref(), 0),
            money(&row.earned),
            money(&row.released),
            money(&row.held),
            money(&row.clawed_back),
            money(&row.paid_to_date),
        ];
        sheet.row(&cells, numbers)?;
    }
    sheet.finish()
}

fn problem_table(
    plan: &Plan,
    report: &Report<'_>,
    problems: &[Problem],
    text: TextCells,
) -> Result<Table, Failure> {
    let mut sheet = Sheet::new("problems", text);
    sheet.heads(&[
        "code", "severity", "table", "file", "row", "column", "payee", "rule", "line", "message", "detail",
    ])?;
    for problem in problems {
        let table = problem.table.and_then(|table| plan.program().table(table));
        let payee = problem.payee.map(|(table, row)| report.payee_key(table, row));
        let place = problem.span.map(|span| {
            let position = plan.sources().position(span.file, span.start);
            (plan.sources().name(span.file), position.line.to_string())
        });
        let (rule, line) = place.unwrap_or_default();
        let severity = match problem.severity {
            guerdon_syntax::Severity::Error => "error",
            guerdon_syntax::Severity::Warning => "warning",
            guerdon_syntax::Severity::Note => "note",
        };
        let cells = [
            problem.code.number(),
            severity,
            table.map_or("", |table| table.naming.name.as_str()),
            problem.file.as_deref().unwrap_or_default(),
            &problem.row.map(|row| row.to_string()).unwrap_or_default(),
            problem.column.as_deref().unwrap_or_default(),
            &payee.unwrap_or_default(),
            rule,
            &line,
            &problem.message.en,
            &problem.detail.en,
        ];
        sheet.row(&cells, [""; 0])?;
    }
    sheet.finish()
}

/// One table a grain, with a column for each measure.
fn measures(report: &Report<'_>, text: TextCells) -> Result<Vec<Table>, Failure> {
    let columns = report.measures();
    let mut grains: BTreeMap<String, Vec<&MeasureColumn<'_>>> = BTreeMap::new();
    for column in columns.iter().filter(|column| column.kind != MeasureKind::Let) {
        grains.entry(column.grain()).or_default().push(column);
    }
    grains
        .iter()
        .map(|(grain, columns)| measure_table(grain, columns, text))
        .collect()
}

fn measure_table(grain: &str, columns: &[&MeasureColumn<'_>], text: TextCells) -> Result<Table, Failure> {
    let mut sheet = Sheet::new(&format!("measures_{grain}"), text);
    let names: Vec<String> = columns
        .iter()
        .map(|column| format!("{}.{}", column.plan, column.name))
        .collect();
    let heads = ["period", "record"]
        .into_iter()
        .chain(names.iter().map(String::as_str));
    sheet.heads(&heads.collect::<Vec<_>>())?;
    let columns: Vec<Vec<MeasureRow>> = columns.iter().map(|column| column.rows()).collect();
    for row in joined(&columns) {
        let first = row.iter().flatten().next();
        let period = first
            .and_then(|row| row.period_label.as_deref())
            .unwrap_or_default();
        let record = first.and_then(|row| row.record.as_deref()).unwrap_or_default();
        sheet.row(&[period, record], row.iter().map(|cell| cell.map_or("", shown)))?;
    }
    sheet.finish()
}

/// Puts the values of one period and record beside each other.
///
/// Columns of one plan have the same rows in the same order; those of several plans need not.
fn joined(columns: &[Vec<MeasureRow>]) -> Vec<Vec<Option<&MeasureRow>>> {
    let place = |row: &MeasureRow| (row.period_label.clone(), row.record.clone());
    let Some((first, others)) = columns.split_first() else {
        return Vec::new();
    };
    let is_like_first = |other: &Vec<MeasureRow>| {
        other.len() == first.len()
            && first
                .iter()
                .zip(other)
                .all(|(one, other)| one.record == other.record && one.period_label == other.period_label)
    };
    if others.iter().all(is_like_first) {
        let row = |at: usize| columns.iter().map(|column| column.get(at)).collect();
        return (0..first.len()).map(row).collect();
    }
    let mut rows: BTreeMap<_, Vec<Option<&MeasureRow>>> = BTreeMap::new();
    for (column, values) in columns.iter().enumerate() {
        for value in values {
            let row = rows
                .entry(place(value))
                .or_insert_with(|| vec![None; columns.len()]);
            if let Some(cell) = row.get_mut(column) {
                *cell = Some(value);
            }
        }
    }
    rows.into_values().collect()
}

fn shown(row: &MeasureRow) -> &str {
    match row.absence {
        Some(Absence::Error) => "error",
        Some(Absence::Missing) | None => &row.text,
    }
}

fn amount(amount: &Amount, decimals: u8) -> String {
    exact(amount.exact(), decimals)
}

fn exact(number: Option<&Exact>, decimals: u8) -> String {
    number
        .map(|number| number.display_text(decimals))
        .unwrap_or_default()
}

impl Sheet {
    fn new(name: &str, text: TextCells) -> Self {
        Self {
            name: name.to_owned(),
            writer: csv::Writer::from_writer(Vec::new()),
            text,
        }
    }

    fn heads(&mut self, heads: &[&str]) -> Result<(), Failure> {
        self.row(heads, [""; 0])
    }

    /// Writes a row: text cells first, then values, which are numbers or the engine's own words.
    fn row<V: AsRef<str>>(
        &mut self,
        text: &[&str],
        values: impl IntoIterator<Item = V>,
    ) -> Result<(), Failure> {
        for cell in text {
            self.text_cell(cell)?;
        }
        for value in values {
            let written = self.writer.write_field(value.as_ref());
            written.map_err(|error| self.broken(error))?;
        }
        self.writer
            .write_record(None::<&[u8]>)
            .map_err(|error| self.broken(error))
    }

    fn text_cell(&mut self, cell: &str) -> Result<(), Failure> {
        let written = match self.text {
            TextCells::Guarded if is_formula(cell) => self.writer.write_field(format!("'{cell}")),
            TextCells::Guarded | TextCells::Plain => self.writer.write_field(cell),
        };
        written.map_err(|error| self.broken(error))
    }

    fn finish(self) -> Result<Table, Failure> {
        let bytes = self.writer.into_inner().map_err(|error| Failure::Unwritable {
            path: Path::new(&self.name).to_owned(),
            error: std::io::Error::other(error.to_string()),
        })?;
        Ok(Table {
            name: self.name,
            bytes,
        })
    }

    fn broken(&self, error: csv::Error) -> Failure {
        Failure::Broken {
            path: Path::new(&self.name).to_owned(),
            error,
        }
    }
}

/// Says whether a spreadsheet would read a text as a formula.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'])
}
