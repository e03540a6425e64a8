//! `guerdon check`: what can be said of rules before any data.

use guerdon::liability::Liability;
use guerdon::pipeline::Pipeline;
use guerdon::plan::Plan;
use guerdon_syntax::{Diagnostic, FileId, Language, Role, Severity, SourceMap, text};
use serde_json::{Value, json};

use crate::Ending;
use crate::arguments::{CheckArguments, Findings};
use crate::output::tables::{Table, TextCells, sheet};
use crate::output::{Failure, json, liability, pipeline, print, report};
use crate::rules;

/// Checks rule files, and says of sound ones what was asked.
pub(crate) fn run(arguments: &CheckArguments) -> Result<Ending, Failure> {
    let plan = match rules::compile(&arguments.files) {
        Ok(rules) => rules.plan,
        Err(Failure::Rejected(rejection)) => {
            tell(
                arguments,
                rejection.diagnostics(),
                rejection.sources(),
                &Asked::default(),
            )?;
            return Ok(Ending::Findings);
        }
        Err(failure) => return Err(failure),
    };
    let asked = Asked::of(arguments, &plan);
    tell(arguments, plan.warnings(), plan.sources(), &asked)?;
    Ok(Ending::Fine)
}

/// What was asked of sound rules, for people and for programs.
#[derive(Default)]
struct Asked {
    words: String,
    tables: Vec<Table>,
    fields: Vec<(&'static str, Value)>,
}

impl Asked {
    fn of(arguments: &CheckArguments, plan: &Plan) -> Self {
        let mut asked = Self::default();
        if arguments.pipeline {
            let own: Vec<Pipeline> = plan
                .pipelines()
                .into_iter()
                .filter(|pipeline| is_named(plan, pipeline.span.file, arguments))
                .collect();
            asked.words.push_str(&pipeline::words(plan, &own));
            asked.tables.push(pipeline::csv(plan, &own));
            asked.fields.push(("pipelines", pipeline::to_json(plan, &own)));
        }
        if arguments.liability {
            let own: Vec<Liability> = plan
                .liability()
                .into_iter()
                .filter(|one| is_named(plan, one.span.file, arguments))
                .collect();
            asked.words.push_str(&liability::words(plan, &own));
            asked.tables.push(liability::csv(plan, &own));
            asked.fields.push(("liability", liability::to_json(plan, &own)));
        }
        asked
    }
}

/// Says whether a file was named on the command line.
fn is_named(plan: &Plan, file: FileId, arguments: &CheckArguments) -> bool {
    let name = plan.sources().name(file);
    arguments.files.iter().any(|named| rules::plain(named) == name)
}

fn tell(
    arguments: &CheckArguments,
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    asked: &Asked,
) -> Result<(), Failure> {
    if arguments.format == Findings::Json {
        let mut value = json!({ "diagnostics": json::diagnostics(diagnostics, sources) });
        if let Value::Object(fields) = &mut value {
            fields.extend(
                asked
                    .fields
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone())),
            );
        }
        return json::show("check", value);
    }
    if arguments.format == Findings::Csv {
        print_tables(arguments, diagnostics, sources, asked);
        return Ok(());
    }
    report(diagnostics, sources);
    print(&asked.words);
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let others = diagnostics.len().saturating_sub(errors);
    let (counted, remarks) = (plural(errors, "error"), plural(others, "remark"));
    let words = match (errors, others) {
        (0, 0) => text!("no errors", "没有错误"),
        (0, others) => text!("no errors; {others} {remarks}", "没有错误，有 {others} 条提示"),
        (errors, _) => text!("{errors} {counted}", "{errors} 个错误"),
    };
    let language = language(arguments, sources);
    print(&format!("{}\n", words.get(language)));
    Ok(())
}

/// Prints the tables that were asked for, an empty line between two; the messages themselves where none was.
fn print_tables(arguments: &CheckArguments, diagnostics: &[Diagnostic], sources: &SourceMap, asked: &Asked) {
    if arguments.pipeline || arguments.liability {
        report(diagnostics, sources);
        let shown: Vec<String> = asked
            .tables
            .iter()
            .map(|table| String::from_utf8_lossy(&table.bytes).into_owned())
            .collect();
        print(&shown.join("\n"));
    } else {
        print(&String::from_utf8_lossy(&messages(diagnostics, sources).bytes));
    }
}

/// Makes the table of messages: a row for each.
fn messages(diagnostics: &[Diagnostic], sources: &SourceMap) -> Table {
    let mut sheet = sheet("messages", TextCells::Plain);
    sheet.heads(&["severity", "code", "file", "line", "message", "detail"]);
    for one in diagnostics {
        let severity = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let place = one.labels.iter().find(|label| label.role == Role::Primary);
        let (file, line, language, detail) = match place {
            Some(label) => {
                let language = sources.language(label.span.file);
                let line = sources
                    .position(label.span.file, label.span.start)
                    .line
                    .to_string();
                (
                    sources.name(label.span.file),
                    line,
                    language,
                    label.text.get(language),
                )
            }
            None => ("", String::new(), Language::En, ""),
        };
        let cells = [
            severity,
            &one.code.to_string(),
            file,
            &line,
            one.title.get(language),
            detail,
        ];
        sheet.row(&cells, [""; 0]);
    }
    sheet.finish()
}

/// Gives the language of the first file that was named.
fn language(arguments: &CheckArguments, sources: &SourceMap) -> Language {
    let first = arguments.files.first().map(|file| rules::plain(file));
    let mut files = sources.files().map(|(file, _)| file);
    let first = files.find(|file| first.as_deref() == Some(sources.name(*file)));
    first.map_or(Language::En, |file| sources.language(file))
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}
