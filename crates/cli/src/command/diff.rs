//! `guerdon diff` and `guerdon run --set … --compare`: who gains, who loses, and because of which clause.

use std::path::Path;

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run};
use guerdon::report::Depth;
use guerdon::revision::{Comparison, Revision};

use crate::Ending;
use crate::arguments::{DiffArguments, Form, RunArguments};
use crate::command::window::{Window, known_day, window};
use crate::data::{self, Progress};
use crate::output::{Failure, Json, changes, json, print, reject};
use crate::rules;

/// What is compared, and how far it is taken apart.
struct Asked<'a> {
    window: Window<'a>,
    known_as_of: Option<&'a str>,
    depth: Depth,
    threads: u16,
    folder: &'a Path,
}

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
    let window = Window {
        period: arguments.period.as_deref(),
        from: arguments.from.as_deref(),
        to: arguments.to.as_deref(),
    };
    let revision = Revision::between(older, newer);
    let asked = Asked {
        window,
        known_as_of: arguments.known_as_of.as_deref(),
        depth: depth(arguments.lines),
        threads: arguments.threads,
        folder: &arguments.data,
    };
    let comparison = compare(newer, &revision, asked)?;
    show("diff", newer, &comparison, arguments.format)
}

/// Compares rules as they are with values that are set for this run.
pub(crate) fn set(arguments: &RunArguments, plan: &Plan) -> Result<Ending, Failure> {
    let revision = Revision::setting(plan, &arguments.set).map_err(Failure::Setting)?;
    let asked = Asked {
        window: Window::of(arguments),
        known_as_of: arguments.known_as_of.as_deref(),
        depth: depth(arguments.lines),
        threads: arguments.threads,
        folder: &arguments.data,
    };
    let comparison = compare(plan, &revision, asked)?;
    show("compare", plan, &comparison, arguments.format)
}

fn compare(plan: &Plan, revision: &Revision, asked: Asked<'_>) -> Result<Comparison, Failure> {
    let (from, to) = window(plan, asked.window)?;
    let known = known_day(plan, asked.known_as_of)?;
    let progress = Progress::new();
    let options = Run {
        through: to,
        shown_from: from,
        threads: usize::from(asked.threads),
        ..Run::default()
    };
    revision.compare(&options, asked.depth, |plan: &Plan| -> Result<Facts, Failure> {
        let loaded = data::load(plan, asked.folder, asked.threads, known, &progress)?;
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

fn depth(lines: bool) -> Depth {
    if lines { Depth::Lines } else { Depth::Earns }
}

fn is_json(form: Form) -> Json {
    match form {
        Form::Json => Json::Yes,
        Form::Table | Form::Csv => Json::No,
    }
}
