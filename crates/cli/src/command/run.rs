//! `guerdon run`: plans over records, from files to pay.

use std::path::Path;

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run};
use guerdon::posting::{Earlier, Posting, Postings};
use guerdon::problem::Problem;
use guerdon::report::Report;
use guerdon::revision::Revision;
use guerdon_plan::calendar::Date;
use guerdon_syntax::{Code, Diagnostic, Language, Text, text};

use crate::Ending;
use crate::arguments::{Form, RunArguments};
use crate::command::window::{Window, known_day, period, window};
use crate::data::{self, Input, Progress, earlier};
use crate::output::folder::{self, Written};
use crate::output::tables::TextCells;
use crate::output::{
    Failure, Json, accruals, board, complain, json, pay, postings, print, reject, report, tables, warn,
};
use crate::rules::{self, Rules};

/// Runs plans over a folder of records.
pub(crate) fn run(arguments: &RunArguments) -> Result<Ending, Failure> {
    let Rules { plan, files } = match rules::compile(&arguments.files) {
        Ok(rules) => rules,
        Err(Failure::Rejected(rejection)) => {
            reject(&rejection, "run", is_json(arguments))?;
            return Ok(Ending::Findings);
        }
        Err(failure) => return Err(failure),
    };
    if is_json(arguments) == Json::No {
        warn(&plan);
    }
    if arguments.compare {
        return super::diff::set(arguments, &plan);
    }
    let (plan, what_if) = if arguments.set.is_empty() {
        (plan, None)
    } else {
        let what_if = Revision::setting(&plan, &arguments.set).map_err(Failure::Setting)?;
        (what_if.newest().clone(), Some(what_if))
    };
    let (from, to) = window(&plan, Window::of(arguments))?;
    if let Some(folder) = &arguments.out {
        folder::check(folder)?;
    }
    let progress = Progress::new();
    let known = known_day(&plan, arguments.known_as_of.as_deref())?;
    let mut loaded = data::load(&plan, &arguments.data, arguments.threads, known, &progress)?;
    if let Some(what_if) = &what_if {
        loaded.facts = what_if.facts(&loaded.facts, &Run::default())?;
    }
    let through = to.unwrap_or_else(|| plan.last_day(&loaded.facts));
    let options = Run {
        through: Some(through),
        shown_from: from,
        threads: usize::from(arguments.threads),
        ..Run::default()
    };
    progress.say("computing");
    let result = plan.evaluate(&loaded.facts, &options).map_err(Failure::Engine)?;
    let problems = result.problems();
    let posted = match &arguments.since {
        Some(manifest) => {
            let earlier = earlier::read(manifest, &files, &loaded.inputs)?;
            Some(result.postings(&earlier).map_err(Failure::Engine)?)
        }
        None => None,
    };
    progress.say("writing");
    let shown = std::thread::scope(|scope| {
        // The tables for people are made while the files are written, and shown if that succeeds.
        let boards = scope.spawn(|| match &posted {
            Some(posted) if arguments.format == Form::Table => postings::words(&plan, posted),
            Some(_) | None => boards(arguments, &plan, &result),
        });
        let inputs = (files.as_slice(), loaded.inputs.as_slice());
        write(
            arguments,
            &plan,
            &result,
            &problems,
            inputs,
            (from, through),
            posted.as_ref(),
        )?;
        Ok::<String, Failure>(
            boards
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    })?;
    drop(progress);
    show(&plan, &result, &problems, arguments, &shown, posted.as_ref())?;
    if let (Some(manifest), Some(from)) = (&arguments.against, from) {
        let whole = Run {
            shown_from: None,
            ..options.clone()
        };
        let earlier = earlier::read(manifest, &files, &loaded.inputs)?;
        changed_before(&plan, &loaded.facts, &whole, &earlier, (from, manifest))?;
    }
    Ok(if problems.iter().any(Problem::is_error) {
        Ending::Findings
    } else {
        Ending::Fine
    })
}

/// Says whether what was posted for periods before the shown ones is no longer what is payable for them.
fn changed_before(
    plan: &Plan,
    facts: &Facts,
    whole: &Run,
    earlier: &Earlier,
    (from, manifest): (Date, &Path),
) -> Result<(), Failure> {
    let postings = plan.evaluate(facts, whole)?.postings(earlier)?;
    let is_before = |posting: &&Posting| {
        period(plan, &posting.period)
            .and_then(|range| range.last_day())
            .is_some_and(|last| last < from)
    };
    let rows: Vec<Posting> = postings.rows.iter().filter(is_before).cloned().collect();
    if let Some(words) = postings::before(plan, &rows, &manifest.display().to_string()) {
        complain(&words);
    }
    Ok(())
}

fn is_json(arguments: &RunArguments) -> Json {
    match arguments.format {
        Form::Json => Json::Yes,
        Form::Table | Form::Csv => Json::No,
    }
}

fn write(
    arguments: &RunArguments,
    plan: &Plan,
    result: &Report<'_>,
    problems: &[Problem],
    (rules, inputs): (&[Input], &[Input]),
    (from, through): (Option<Date>, Date),
    posted: Option<&Postings>,
) -> Result<(), Failure> {
    let Some(folder) = &arguments.out else {
        return Ok(());
    };
    let text = if arguments.spreadsheet {
        TextCells::Guarded
    } else {
        TextCells::Plain
    };
    let mut tables = tables::all(plan, result, problems, text, arguments.threads);
    tables.extend(
        posted
            .into_iter()
            .flat_map(|posted| postings::tables(posted, text)),
    );
    let written = Written {
        rules,
        inputs,
        through: through.to_string(),
        shown_from: from.map(|from| from.to_string()),
        known_as_of: arguments.known_as_of.clone(),
        is_complete: !problems.iter().any(Problem::is_error),
        tables,
    };
    folder::write(folder, written)
}

/// Gives what managers look at, where they do.
fn boards(arguments: &RunArguments, plan: &Plan, result: &Report<'_>) -> String {
    match arguments.format {
        Form::Table => [
            pay::table(plan, result),
            accruals::words(plan, result),
            board::all(plan, result),
        ]
        .concat(),
        Form::Csv | Form::Json => String::new(),
    }
}

fn show(
    plan: &Plan,
    result: &Report<'_>,
    problems: &[Problem],
    arguments: &RunArguments,
    boards: &str,
    posted: Option<&Postings>,
) -> Result<(), Failure> {
    match arguments.format {
        Form::Json => {
            let mut document = json::report(plan, result, problems)?;
            if let (serde_json::Value::Object(fields), Some(posted)) = (&mut document, posted) {
                fields.insert("postings".to_owned(), postings::to_json(posted));
            }
            json::show("run", document)?;
        }
        Form::Csv => {
            let table = match posted {
                Some(posted) => postings::csv(posted, TextCells::Plain),
                None => tables::pay(result, TextCells::Plain),
            };
            print(&String::from_utf8_lossy(&table.bytes));
        }
        Form::Table => print(boards),
    }
    if arguments.format != Form::Json {
        let shown: Vec<Diagnostic> = problems
            .iter()
            .map(|problem| problem.diagnostic(plan.program()))
            .collect();
        report(&shown, plan.sources());
    }
    let language = language(arguments, plan);
    if let Some(words) = incomplete(problems) {
        complain(words.get(language));
    }
    if let Some(folder) = &arguments.out {
        let folder = folder.display();
        complain(text!("Written to {folder}", "已写入 {folder}").get(language));
    }
    Ok(())
}

/// Gives the language of the first rule file.
fn language(arguments: &RunArguments, plan: &Plan) -> Language {
    let named = arguments.files.first().map(|file| rules::plain(file));
    let mut files = plan.sources().files().map(|(file, _)| file);
    let first = files.find(|file| named.as_deref() == Some(plan.sources().name(*file)));
    first.map_or(Language::En, |file| plan.sources().language(file))
}

/// Says what an incomplete run leaves out.
fn incomplete(problems: &[Problem]) -> Option<Text> {
    let errors = problems.iter().filter(|problem| problem.is_error());
    let (unpaid, others): (Vec<&Problem>, Vec<&Problem>) =
        errors.partition(|problem| problem.payee.is_some() || problem.code == Code::R0917);
    if unpaid.is_empty() && others.is_empty() {
        return None;
    }
    let payees: std::collections::BTreeSet<_> = unpaid.iter().filter_map(|problem| problem.payee).collect();
    let parts = [
        match others.len() {
            0 => None,
            1 => Some(text!("1 fault in the records", "记录有 1 处错误")),
            many => Some(text!("{many} faults in the records", "记录有 {many} 处错误")),
        },
        match payees.len() {
            0 => None,
            1 => Some(text!("1 payee without an amount", "1 人没有金额")),
            many => Some(text!("{many} payees without an amount", "{many} 人没有金额")),
        },
    ];
    let parts = parts.into_iter().flatten();
    let what = parts
        .reduce(|all, one| text!("{all}, {one}", "{all}，{one}"; all, one))
        .unwrap_or_default();
    Some(text!(
        "This run is incomplete: {what}. Nothing was put in the place of what is not known.",
        "本次运行不完整：{what}。未知之处没有用任何数代替。"; what
    ))
}
