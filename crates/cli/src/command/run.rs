//! `guerdon run`: plans over records, from files to pay.

use guerdon::plan::{Plan, Run};
use guerdon::report::Report;
use guerdon_plan::calendar::{Calendar, Date, DateRange};
use guerdon_syntax::Diagnostic;

use crate::Ending;
use crate::arguments::{Form, RunArguments};
use crate::data::{self, Progress};
use crate::output::files::{self, TextCells};
use crate::output::{Failure, complain, json, pay, print, report, warn};
use crate::rules;

/// Runs plans over a folder of records.
pub(crate) fn run(arguments: &RunArguments) -> Result<Ending, Failure> {
    let plan = match rules::compile(&arguments.files) {
        Ok(plan) => plan,
        Err(Failure::Rejected(rejection)) => {
            report(rejection.diagnostics(), rejection.sources());
            return Ok(Ending::Findings);
        }
        Err(failure) => return Err(failure),
    };
    warn(&plan);
    let loaded = data::load(&plan, &arguments.data)?;
    let (from, to) = window(&plan, arguments)?;
    let through = to.unwrap_or_else(|| plan.last_day(&loaded.facts));
    let options = Run {
        through: Some(through),
        shown_from: from,
        threads: arguments.threads,
        ..Run::default()
    };
    let progress = Progress::new();
    progress.say("computing");
    let result = plan.evaluate(&loaded.facts, &options).map_err(Failure::Engine)?;
    progress.finish();
    if let Some(folder) = &arguments.out {
        let text = if arguments.spreadsheet {
            TextCells::Guarded
        } else {
            TextCells::Plain
        };
        files::write(folder, &plan, &result, &loaded.inputs, through.to_string(), text)?;
    }
    show(&plan, &result, arguments)?;
    Ok(if result.is_complete() {
        Ending::Fine
    } else {
        Ending::Findings
    })
}

fn show(plan: &Plan, result: &Report<'_>, arguments: &RunArguments) -> Result<(), Failure> {
    match arguments.format {
        Form::Json => json::show("run", json::report(plan, result))?,
        Form::Csv => print(&csv_of(result)?),
        Form::Table => print(&pay::table(plan, result)),
    }
    let problems = result.problems();
    if arguments.format != Form::Json {
        let shown: Vec<Diagnostic> = problems
            .iter()
            .map(|problem| problem.diagnostic(plan.program()))
            .collect();
        report(&shown, plan.sources());
    }
    if !result.is_complete() {
        complain(
            "This run is incomplete: see the problems above. Records that could not be read or attributed are not in the pay.",
        );
    }
    if let Some(folder) = &arguments.out {
        complain(&format!("Written to {}", folder.display()));
    }
    Ok(())
}

fn csv_of(result: &Report<'_>) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| Failure::Broken {
        path: "standard output".into(),
        error,
    };
    writer
        .write_record(["plan", "pay", "payee", "period", "currency", "amount"])
        .map_err(broken)?;
    for row in result.pay() {
        let amount = row
            .amount
            .exact()
            .map(|amount| amount.display_text(0))
            .unwrap_or_default();
        let cells = [
            row.plan,
            row.pay,
            &row.payee,
            &row.period_label,
            &row.unit,
            &amount,
        ];
        writer.write_record(cells).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::Unwritable {
        path: "standard output".into(),
        error: std::io::Error::other(error.to_string()),
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Gives the first day shown and the last day of the run, as far as they were asked for.
fn window(plan: &Plan, arguments: &RunArguments) -> Result<(Option<Date>, Option<Date>), Failure> {
    if let Some(label) = &arguments.period {
        let range = period(plan, label).ok_or_else(|| Failure::NotA {
            given: label.clone(),
            wanted: "period",
            example: "a month as 2026-03, a quarter as 2026-Q1, a year as 2026",
        })?;
        return Ok((Some(range.from), range.last_day()));
    }
    Ok((day(arguments.from.as_deref())?, day(arguments.to.as_deref())?))
}

/// Reads a period in the calendars of the plans, then in the civil one.
fn period(plan: &Plan, label: &str) -> Option<DateRange> {
    let program = plan.program();
    let own = program
        .plans
        .iter()
        .filter_map(|plan| program.calendar(plan.calendar));
    let civil = Calendar::civil();
    own.chain([&civil])
        .find_map(|calendar| calendar.range(calendar.parse_any(label).ok()?))
}

/// Reads a day.
pub(crate) fn day(text: Option<&str>) -> Result<Option<Date>, Failure> {
    let read = |text: &str| {
        Date::parse(text).map_err(|_| Failure::NotA {
            given: text.to_owned(),
            wanted: "day",
            example: "it as 2026-03-31",
        })
    };
    text.map(read).transpose()
}
