//! JSON: the same tables and messages for programs.

use guerdon::plan::Plan;
use guerdon::report::{Absence, Amount, Report};
use guerdon::testing::{TestResult, Verdict};
use guerdon_plan::number::Exact;
use guerdon_syntax::{Diagnostic, Record, SourceMap};
use serde_json::{Value, json};

use super::files::SCHEMA_VERSION;
use super::{Failure, print, renderer};

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
    json!({
        "code": record.code,
        "severity": record.severity,
        "language": record.language,
        "title": record.title,
        "labels": labels,
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
pub(crate) fn report(plan: &Plan, report: &Report<'_>) -> Value {
    let pay: Vec<Value> = report
        .pay()
        .map(|row| {
            json!({
                "plan": row.plan, "pay": row.pay, "payee": row.payee, "period": row.period_label,
                "currency": row.unit, "amount": amount(&row.amount),
            })
        })
        .collect();
    let earnings: Vec<Value> = report
        .earnings()
        .map(|row| {
            json!({
                "plan": row.plan, "earn": row.earn, "payee": row.payee, "period": row.period_label,
                "date": row.day.map(|day| day.to_string()), "record": row.record, "currency": row.unit,
                "base": exact(row.base.as_ref()), "rate": exact(row.rate.as_ref()),
                "earned": amount(&row.earned), "released": amount(&row.released), "held": amount(&row.held),
                "clawed_back": amount(&row.clawed_back), "paid_to_date": amount(&row.paid_to_date),
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
    let problems: Vec<Diagnostic> = report
        .problems()
        .iter()
        .map(|problem| problem.diagnostic(plan.program()))
        .collect();
    json!({
        "complete": report.is_complete(),
        "pay": pay,
        "earnings": earnings,
        "measures": measures,
        "problems": diagnostics(&problems, plan.sources()),
    })
}

fn amount(amount: &Amount) -> Value {
    exact(amount.exact())
}

fn exact(number: Option<&Exact>) -> Value {
    number.map_or(Value::Null, |number| Value::String(number.display_text(0)))
}
