//! `guerdon check`: what can be said of rules before any data.

use serde_json::json;

use crate::Ending;
use crate::arguments::{CheckArguments, Words};
use crate::output::{Failure, json, print, report};
use crate::rules;

/// Checks rule files.
pub(crate) fn run(arguments: &CheckArguments) -> Result<Ending, Failure> {
    let (diagnostics, sources, ending) = match rules::compile(&arguments.files) {
        Ok(rules) => (
            rules.plan.warnings().to_vec(),
            rules.plan.sources().clone(),
            Ending::Fine,
        ),
        Err(Failure::Rejected(rejection)) => (
            rejection.diagnostics().to_vec(),
            rejection.sources().clone(),
            Ending::Findings,
        ),
        Err(failure) => return Err(failure),
    };
    if arguments.format == Words::Json {
        json::show(
            "check",
            json!({ "diagnostics": json::diagnostics(&diagnostics, &sources) }),
        )?;
        return Ok(ending);
    }
    report(&diagnostics, &sources);
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == guerdon_syntax::Severity::Error)
        .count();
    let others = diagnostics.len().saturating_sub(errors);
    print(&match (errors, others) {
        (0, 0) => "no errors\n".to_owned(),
        (0, others) => format!("no errors; {others} {}\n", plural(others, "remark")),
        (errors, _) => format!("{errors} {}\n", plural(errors, "error")),
    });
    Ok(ending)
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}
