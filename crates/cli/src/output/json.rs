//! JSON: the same tables and messages for programs.

use guerdon::plan::Plan;
use guerdon::problem::Problem;
use guerdon::report::{Absence, Amount, Report};
use guerdon::testing::{TestResult, Verdict};
use guerdon_plan::number::Exact;
use guerdon_syntax::{Diagnostic, Record, SourceMap};
use serde_json::{Value, json};

use super::tables::{self, SCHEMA_VERSION, Table, TextCells};
use super::{Failure, accruals, print, renderer};

/// Prints a value with the schema version in front.
pub(crate) fn show(kind: &str, mut value: Value) -> Result<(), Failure> {
    if let Value::Object(fields) = &mut value {
        fields.insert("schema_version".to_owned(), json!(SCHEMA_VERSION));
        fields.insert("kind".to_owned(), json!(kind));
    }
    let text = serde_json::to_string_pretty(&value).map_err(Failure::Json)?;
    print(&format!("{text}\n"));
    Ok(())
}

/// Gives diagnostics as JSON.
pub(crate) fn diagnostics<'d>(list: impl IntoIterator<Item = &'d Diagnostic>, sources: &SourceMap) -> Value {
    list.into_iter()
        .map(|diagnostic| record(diagnostic, sources))
        .collect()
}

fn record(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let record = Record::of(diagnostic, sources, renderer());
    let labels: Vec<Value> = record
        .labels
        .iter()
        .map(|label| {
            json!({
                "file": label.range.file,
                "line": label.range.start.line,
                "column": label.range.start.column,
                "role": label.role,
                "text": label.text,
            })
        })
        .collect();
    let places: Vec<Value> = record
        .places
        .iter()
        .map(|place| json!({ "table": place.table, "file": place.file, "row": place.row, "column": place.column }))
        .collect();
    let fixes: Vec<Value> = record
        .fixes
        .iter()
        .map(|fix| {
            let edits: Vec<Value> = fix
                .edits
                .iter()
                .map(|edit| {
                    json!({
                        "file": edit.range.file,
                        "start_byte": edit.range.start_byte,
                        "end_byte": edit.range.end_byte,
                        "replacement": edit.replacement,
                    })
                })
                .collect();
            json!({ "title": fix.title, "shown": fix.shown, "edits": edits })
        })
        .collect();
    json!({
        "code": record.code,
        "severity": record.severity,
        "language": record.language,
        "title": record.title,
        "labels": labels,
        "places": places,
        "fixes": fixes,
        "notes": record.notes,
        "details": record.details,
        "page": record.page,
    })
}

/// Gives the results of tests as JSON.
pub(crate) fn tests(plan: &Plan, results: &[TestResult]) -> Value {
    let result = |result: &TestResult| {
        let failed: Vec<Value> = result
            .expectations
            .iter()
            .filter(|expectation| expectation.verdict != Verdict::Passed)
            .map(|expectation| {
                json!({
                    "expectation": plan.sources().slice(expectation.span),
                    "line": plan.sources().position(expectation.span.file, expectation.span.start).line,
                    "verdict": if expectation.verdict == Verdict::NotYet { "not yet" } else { "failed" },
                    "found": expectation.found,
                })
            })
            .collect();
        json!({ "name": result.name, "passed": result.is_passed(), "failed": failed })
    };
    results.iter().map(result).collect()
}

/// Gives a report as JSON.
pub(crate) fn report(plan: &Plan, report: &Report<'_>, problems: &[Problem]) -> Result<Value, Failure> {
    let pay: Vec<Value> = report
        .pay()
        .map(|row| {
            json!({
                "plan": row.plan, "pay": row.pay, "payee": row.payee, "period": row.period_label,
                "currency": row.unit, "amount": amount(&row.amount, row.decimals),
            })
        })
        .collect();
    let earnings: Vec<Value> = report
        .earnings()
        .map(|row| {
            let money = |part: &Amount| amount(part, row.decimals);
            json!({
                "plan": row.plan, "earn": row.earn, "payee": row.payee, "period": row.period_label,
                "date": row.day.map(|day| day.to_string()), "record": row.record, "currency": row.unit,
                "base": exact(row.base.as_ref(), row.base_decimals), "rate": exact(row.rate.as_ref(), 0),
                "earned": money(&row.earned), "released": money(&row.released), "held": money(&row.held),
                "clawed_back": money(&row.clawed_back), "paid_to_date": money(&row.paid_to_date),
            })
        })
        .collect();
    let measures: Vec<Value> = report
        .measures()
        .iter()
        .map(|column| {
            let rows: Vec<Value> = column
                .rows()
                .into_iter()
                .map(|row| {
                    let absence = row.absence.map(|absence| match absence {
                        Absence::Missing => "missing",
                        Absence::Error => "error",
                    });
                    json!({ "record": row.record, "period": row.period_label, "value": row.text, "absence": absence })
                })
                .collect();
            json!({ "plan": column.plan, "name": column.name, "grain": column.grain(), "rows": rows })
        })
        .collect();
    let is_complete = !problems.iter().any(Problem::is_error);
    let problems: Vec<Diagnostic> = problems
        .iter()
        .map(|problem| problem.diagnostic(plan.program()))
        .collect();
    let mut value = json!({
        "complete": is_complete,
        "pay": pay,
        "earnings": earnings,
        "measures": measures,
        "problems": diagnostics(&problems, plan.sources()),
    });
    if let Value::Object(fields) = &mut value {
        let books = accruals::tables(report, TextCells::Plain);
        for table in books.into_iter().chain(tables::blocks(plan.program(), report)) {
            fields.insert(table.name.clone(), records(&table)?);
        }
    }
    Ok(value)
}

/// Gives a table as a list of objects; an empty cell is null.
fn records(table: &Table) -> Result<Value, Failure> {
    let broken = |error| Failure::Broken {
        name: table.name.clone(),
        error,
    };
    let mut reader = csv::Reader::from_reader(table.bytes.as_slice());
    let heads = reader.headers().map_err(broken)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let cell = |text: &str| match text {
            "" => Value::Null,
            text => Value::String(text.to_owned()),
        };
        let fields = heads
            .iter()
            .zip(&record)
            .map(|(head, text)| (head.to_owned(), cell(text)));
        rows.push(Value::Object(fields.collect()));
    }
    Ok(Value::Array(rows))
}

fn amount(amount: &Amount, decimals: u8) -> Value {
    exact(amount.exact(), decimals)
}

fn exact(number: Option<&Exact>, decimals: u8) -> Value {
    number.map_or(Value::Null, |number| Value::String(number.display_text(decimals)))
}
