//! `guerdon diff` and `guerdon run --set … --compare`: who gains, who loses, and because of which clause.

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run};
use guerdon::revision::{Comparison, Revision};

use crate::Ending;
use crate::arguments::{DiffArguments, Form, RunArguments};
use crate::command::run::{Window, window};
use crate::data::{self, Progress};
use crate::output::{Failure, Json, changes, json, print, reject};
use crate::rules;

/// Compares two sets of rules over the same records.
pub(crate) fn run(arguments: &DiffArguments) -> Result<Ending, Failure> {
    let mut plans = Vec::new();
    for file in [&arguments.older, &arguments.newer] {
        match rules::compile(std::slice::from_ref(file)) {
            Ok(rules) => plans.push(rules.plan),
            Err(Failure::Rejected(rejection)) => {
                reject(&rejection, "diff", is_json(arguments.format))?;
                return Ok(Ending::Findings);
            }
            Err(failure) => return Err(failure),
        }
    }
    let [older, newer] = plans.as_slice() else {
        return Ok(Ending::Findings);
    };
    let asked = Window {
        period: arguments.period.as_deref(),
        from: arguments.from.as_deref(),
        to: arguments.to.as_deref(),
    };
    let revision = Revision::between(older, newer);
    let folder = &arguments.data;
    let comparison = compare(newer, &revision, asked, arguments.threads, folder)?;
    show("diff", newer, &comparison, arguments.format)
}

/// Compares rules as they are with values that are set for this run.
pub(crate) fn set(arguments: &RunArguments, plan: &Plan) -> Result<Ending, Failure> {
    let revision = Revision::setting(plan, &arguments.set).map_err(Failure::Setting)?;
    let comparison = compare(
        plan,
        &revision,
        Window::of(arguments),
        arguments.threads,
        &arguments.data,
    )?;
    show("compare", plan, &comparison, arguments.format)
}

fn compare(
    plan: &Plan,
    revision: &Revision,
    asked: Window<'_>,
    threads: u16,
    folder: &std::path::Path,
) -> Result<Comparison, Failure> {
    let (from, to) = window(plan, asked)?;
    let progress = Progress::new();
    let options = Run {
        through: to,
        shown_from: from,
        threads: usize::from(threads),
        ..Run::default()
    };
    revision.compare(&options, |plan: &Plan| -> Result<Facts, Failure> {
        let loaded = data::load(plan, folder, threads, None, &progress)?;
        progress.say("computing");
        Ok(loaded.facts)
    })
}

fn show(kind: &str, plan: &Plan, comparison: &Comparison, form: Form) -> Result<Ending, Failure> {
    match form {
        Form::Json => json::show(kind, changes::to_json(plan, comparison))?,
        Form::Csv => print(&String::from_utf8_lossy(&changes::csv(comparison).bytes)),
        Form::Table => print(&changes::words(plan, comparison)),
    }
    Ok(if comparison.unknown.is_empty() {
        Ending::Fine
    } else {
        Ending::Findings
    })
}

fn is_json(form: Form) -> Json {
    match form {
        Form::Json => Json::Yes,
        Form::Table | Form::Csv => Json::No,
    }
}
