//! `guerdon explain`: one figure, down to the records and rules that made it.

use std::path::PathBuf;

use guerdon::plan::Run;
use guerdon::trace::ExplainError;

use crate::Ending;
use crate::arguments::{ExplainArguments, Words, default_threads};
use crate::command::window::{day, known_day};
use crate::data::{self, Progress};
use crate::output::{Failure, json, print, reject, tame, warn};
use crate::rules;

/// Explains a figure.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<Ending, Failure> {
    let Some((figure, files)) = arguments
        .files_and_figure
        .split_last()
        .filter(|(_, files)| !files.is_empty())
    else {
        return Err(Failure::NotA {
            given: arguments.files_and_figure.concat(),
            wanted: "rule file and a figure",
            example: "both: guerdon explain plan.guerdon --data . 'commission_pay[p1, 2026-03]'",
        });
    };
    let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let plan = match rules::compile(&files) {
        Ok(rules) => rules.plan,
        Err(Failure::Rejected(rejection)) => {
            reject(&rejection, "explain", arguments.format.into())?;
            return Ok(Ending::Findings);
        }
        Err(failure) => return Err(failure),
    };
    if arguments.format != Words::Json {
        warn(&plan);
    }
    let progress = Progress::new();
    let known = known_day(&plan, arguments.known_as_of.as_deref())?;
    let loaded = data::load(&plan, &arguments.data, default_threads(), known, &progress)?;
    let options = Run {
        through: day(arguments.to.as_deref())?,
        ..Run::default()
    };
    progress.say("computing");
    let trace = plan.explain(&loaded.facts, &options, figure).map_err(failure)?;
    drop(progress);
    match arguments.format {
        Words::Json => {
            let mut value = serde_json::to_value(&trace).map_err(Failure::Json)?;
            if let (Some(known), Some(fields)) = (known, value.as_object_mut()) {
                fields.insert("known_as_of".to_owned(), known.to_string().into());
            }
            json::show("explain", value)?;
        }
        Words::Text => {
            print(&tame(&trace.to_string()));
            if let Some(known) = known {
                print(&format!("  from records known by {known}\n"));
            }
        }
    }
    let is_known = trace.root.value.is_some();
    Ok(if is_known { Ending::Fine } else { Ending::Findings })
}

/// What ends the run is told as elsewhere; the rest is about the figure.
fn failure(error: ExplainError) -> Failure {
    if let ExplainError::Run(error) = error {
        return Failure::Engine(error);
    }
    Failure::NoFigure(error.to_string())
}
