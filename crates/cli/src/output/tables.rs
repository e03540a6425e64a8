//! The tables of a run as comma-separated values: pay, earnings, problems, accruals and measures.
//!
//! Names and order of tables and columns are part of [`SCHEMA_VERSION`]; the guide lists them.

mod blocks;
mod sheet;

use std::collections::BTreeMap;

use guerdon::plan::Plan;
use guerdon::problem::Problem;
use guerdon::report::{Absence, Amount, MeasureColumn, MeasureKind, Report};
use guerdon_plan::hir::Program;
use guerdon_plan::number::Exact;

use self::sheet::Sheet;
pub(crate) use self::sheet::TextCells;
use super::accruals;

/// Begins a table.
pub(crate) fn sheet(name: &str, text: TextCells) -> Sheet {
    Sheet::new(name, text)
}

/// The version of the layout of tables and manifest.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// A table ready to be written.
pub(crate) struct Table {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Makes every table of a report; with several threads, those of the books and of measures beside the others.
pub(crate) fn all(
    plan: &Plan,
    report: &Report<'_>,
    problems: &[Problem],
    text: TextCells,
    threads: u16,
) -> Vec<Table> {
    let others = || {
        let mut tables = vec![
            pay(report, text),
            earnings(report, text),
            problem_table(plan, report, problems, text),
        ];
        tables.extend(blocks::all(plan.program(), report, text));
        tables
    };
    let books = || {
        let mut tables = Vec::from(accruals::tables(report, text));
        tables.extend(measures(report, text));
        tables
    };
    let (mut tables, books) = if threads > 1 {
        std::thread::scope(|scope| {
            let beside = scope.spawn(books);
            let tables = others();
            (tables, beside.join().unwrap_or_else(|_| books()))
        })
    } else {
        (others(), books())
    };
    tables.extend(books);
    tables
}

/// Makes the tables of contests, awards, warnings, scorecards and targets.
pub(crate) fn blocks(program: &Program, report: &Report<'_>) -> Vec<Table> {
    blocks::all(program, report, TextCells::Plain)
}

/// Makes the table of what is paid.
pub(crate) fn pay(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("pay", text);
    sheet.heads(&["plan", "pay", "payee", "period", "currency", "amount"]);
    let mut amount = String::new();
    for column in report.pay_columns() {
        let [plan, pay, unit] = [column.plan, column.pay, &column.unit].map(|cell| sheet.cell(cell));
        let payees: Vec<Vec<u8>> = column.payees().iter().map(|payee| sheet.cell(payee)).collect();
        for (period, (_, label)) in column.periods().iter().enumerate() {
            let label = sheet.cell(label);
            for (row, payee) in payees.iter().enumerate() {
                amount.clear();
                if column.write_amount(period, row, &mut amount) != Some(Absence::Missing) {
                    sheet.made_row([&plan, &pay, payee, &label, &unit, amount.as_bytes()]);
                }
            }
        }
    }
    sheet.finish()
}

fn earnings(report: &Report<'_>, text: TextCells) -> Table {
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
    ]);
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
        sheet.row(&cells, numbers);
    }
    sheet.finish()
}

fn problem_table(plan: &Plan, report: &Report<'_>, problems: &[Problem], text: TextCells) -> Table {
    let mut sheet = Sheet::new("problems", text);
    sheet.heads(&[
        "code", "severity", "table", "file", "row", "column", "payee", "rule", "line", "message", "detail",
    ]);
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
        sheet.row(&cells, [""; 0]);
    }
    sheet.finish()
}

/// One table a grain, with a column for each measure.
fn measures(report: &Report<'_>, text: TextCells) -> Vec<Table> {
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

/// Columns of one grain with the same records and periods in the same order.
struct Alike<'m, 'r> {
    records: Vec<Option<String>>,
    periods: Vec<Option<String>>,
    /// Each with its place in the table.
    columns: Vec<(usize, &'m MeasureColumn<'r>)>,
}

fn measure_table(grain: &str, columns: &[&MeasureColumn<'_>], text: TextCells) -> Table {
    let names: Vec<String> = columns
        .iter()
        .map(|column| format!("{}.{}", column.plan, column.name))
        .collect();
    let heads = ["period", "record"]
        .into_iter()
        .chain(names.iter().map(String::as_str));
    let mut sheet = Sheet::new(&format!("measures_{grain}"), text);
    sheet.heads(&heads.collect::<Vec<_>>());
    let groups = alike(columns);
    match groups.as_slice() {
        [one] => write_alike(&mut sheet, one),
        _ => write_joined(&mut sheet, &groups, columns.len()),
    }
    sheet.finish()
}

/// Columns of one plan are alike; those of several plans need not be.
fn alike<'m, 'r>(columns: &[&'m MeasureColumn<'r>]) -> Vec<Alike<'m, 'r>> {
    let mut groups: Vec<Alike<'m, 'r>> = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let records = column.records();
        let periods: Vec<Option<String>> = column
            .periods()
            .into_iter()
            .map(|period| period.map(|(_, label)| label))
            .collect();
        let known = groups
            .iter_mut()
            .find(|group| group.records == records && group.periods == periods);
        match known {
            Some(group) => group.columns.push((place, column)),
            None => groups.push(Alike {
                records,
                periods,
                columns: vec![(place, column)],
            }),
        }
    }
    groups
}

fn write_alike(sheet: &mut Sheet, group: &Alike<'_, '_>) {
    let cell = |text: &Option<String>| sheet.cell(text.as_deref().unwrap_or_default());
    let records: Vec<Vec<u8>> = group.records.iter().map(cell).collect();
    let periods: Vec<Vec<u8>> = group.periods.iter().map(cell).collect();
    let mut values = vec![String::new(); group.columns.len()];
    for (at, period) in periods.iter().enumerate() {
        for (row, record) in records.iter().enumerate() {
            for ((_, column), value) in group.columns.iter().zip(&mut values) {
                value.clear();
                if column.write_value(at, row, value) == Some(Absence::Error) {
                    value.push_str("error");
                }
            }
            sheet.made_keys([period, record]);
            sheet.values(&values);
        }
    }
}

/// Puts the values of one period and record beside each other, in order of their texts.
fn write_joined(sheet: &mut Sheet, groups: &[Alike<'_, '_>], width: usize) {
    let mut rows: BTreeMap<(&Option<String>, &Option<String>), Vec<String>> = BTreeMap::new();
    for group in groups {
        for (at, period) in group.periods.iter().enumerate() {
            for (row, record) in group.records.iter().enumerate() {
                let values = rows
                    .entry((period, record))
                    .or_insert_with(|| vec![String::new(); width]);
                for (place, column) in &group.columns {
                    let Some(value) = values.get_mut(*place) else {
                        continue;
                    };
                    if column.write_value(at, row, value) == Some(Absence::Error) {
                        value.push_str("error");
                    }
                }
            }
        }
    }
    for ((period, record), values) in rows {
        let keys = [period, record].map(|key| sheet.cell(key.as_deref().unwrap_or_default()));
        sheet.made_keys(keys.each_ref());
        sheet.values(&values);
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
