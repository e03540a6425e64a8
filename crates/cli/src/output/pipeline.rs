//! The order of operations of plans, for people and programs.

use guerdon::pipeline::{Chain, Pipeline, Step, Unsaid};
use guerdon::plan::Plan;
use guerdon_syntax::{Language, Text, text};
use serde_json::{Value, json};

use super::tables::{Table, TextCells, sheet};
use super::tame;

/// Writes pipelines in the language of their files.
pub(crate) fn words(plan: &Plan, pipelines: &[Pipeline]) -> String {
    pipelines.iter().map(|pipeline| one(plan, pipeline)).collect()
}

fn one(plan: &Plan, pipeline: &Pipeline) -> String {
    let language = plan.sources().language(pipeline.span.file);
    let (kind, name) = (&pipeline.kind, &pipeline.plan);
    let title = pipeline.title.as_ref().map(|title| format!(" \"{title}\""));
    let title = title.unwrap_or_default();
    let head = text!("{kind} {name}{title}: order of operations", "{kind} {name}{title}：运算顺序"; kind);
    let mut out = format!("{}\n", head.get(language));
    for (at, step) in pipeline.steps.iter().enumerate() {
        out.push_str(&line(at.saturating_add(1), step, language));
    }
    if !pipeline.chains.is_empty() {
        let brief = text!("in short", "简言之");
        out.push_str(&format!("  {}\n", brief.get(language)));
    }
    for chain in &pipeline.chains {
        out.push_str(&format!("     {}: {}\n", chain.name, links(chain, language)));
    }
    if !pipeline.unsaid.is_empty() {
        let brief = text!("not written, so", "未写明，因此");
        out.push_str(&format!("  {}\n", brief.get(language)));
    }
    for unsaid in &pipeline.unsaid {
        out.push_str(&format!("     {}\n", open(unsaid, language)));
    }
    out.push('\n');
    tame(&out)
}

/// Says what is left open, what holds, and what to write for something else.
fn open(unsaid: &Unsaid, language: Language) -> String {
    let (name, words, instead) = (&unsaid.name, &unsaid.words, &unsaid.instead);
    let whose = match name.as_str() {
        "" => Text::default(),
        name => text!("{name}: ", "{name}："),
    };
    let otherwise = match instead.get(language) {
        "" => Text::default(),
        _ => text!(" (otherwise write: {instead})", "（否则请写：{instead}）"; instead),
    };
    let said = text!("{whose}{words}{otherwise}", "{whose}{words}{otherwise}"; whose, words, otherwise);
    said.get(language).to_owned()
}

/// Gives pipelines as a table: the steps in their order, then the amounts in short, then what is not written.
pub(crate) fn csv(plan: &Plan, pipelines: &[Pipeline]) -> Table {
    let mut sheet = sheet("pipeline", TextCells::Plain);
    sheet.heads(&[
        "plan",
        "part",
        "number",
        "stage",
        "name",
        "words",
        "otherwise",
        "because",
        "ref",
        "file",
        "line",
    ]);
    for pipeline in pipelines {
        let language = plan.sources().language(pipeline.span.file);
        let name = pipeline.plan.as_str();
        let place = |span: guerdon_syntax::Span| {
            let line = plan.sources().position(span.file, span.start).line;
            (plan.sources().name(span.file).to_owned(), line.to_string())
        };
        for (at, step) in pipeline.steps.iter().enumerate() {
            let (number, (file, line)) = (at.saturating_add(1).to_string(), place(step.span));
            let (because, reference) = (step.because.as_deref(), step.reference.as_deref());
            let (stage, words) = (step.stage.id(), step.words.get(language));
            let (because, reference) = (because.unwrap_or(""), reference.unwrap_or(""));
            let what = [name, "step", &number, stage, &step.name, words, ""];
            sheet.row(
                &[&what[..], &[because, reference, &file, &line]].concat(),
                [""; 0],
            );
        }
        for chain in &pipeline.chains {
            let words = links(chain, language);
            let what = [name, "in short", "", "", &chain.name, &words, ""];
            sheet.row(&[&what[..], &[""; 4]].concat(), [""; 0]);
        }
        for unsaid in &pipeline.unsaid {
            let (words, instead) = (unsaid.words.get(language), unsaid.instead.get(language));
            let (file, line) = place(unsaid.span);
            let what = [name, "not written", "", "", &unsaid.name, words, instead];
            sheet.row(&[&what[..], &["", "", &file, &line]].concat(), [""; 0]);
        }
    }
    sheet.finish()
}

fn line(number: usize, step: &Step, language: Language) -> String {
    let stage = step.stage.shown();
    let stage = match (stage.get(language), step.name.as_str()) {
        (stage, "") => stage.to_owned(),
        (stage, name) => format!("{stage} {name}"),
    };
    let between = match language {
        Language::En => ": ",
        Language::Zh => "：",
    };
    let between = if stage.is_empty() { "" } else { between };
    let reason = [&step.because, &step.reference]
        .into_iter()
        .flatten()
        .map(|words| format!("     \"{words}\""))
        .collect::<String>();
    format!(
        "{number:>4}  {stage}{between}{}{reason}\n",
        step.words.get(language)
    )
}

fn links(chain: &Chain, language: Language) -> String {
    let links: Vec<&str> = chain.links.iter().map(|link| link.get(language)).collect();
    links.join(" → ")
}

/// Gives pipelines as JSON.
pub(crate) fn to_json(plan: &Plan, pipelines: &[Pipeline]) -> Value {
    let one = |pipeline: &Pipeline| {
        let language = plan.sources().language(pipeline.span.file);
        let said = |text: &Text| text.get(language).to_owned();
        let steps: Vec<Value> = pipeline
            .steps
            .iter()
            .map(|step| {
                json!({
                    "stage": step.stage.id(),
                    "name": step.name,
                    "words": said(&step.words),
                    "because": step.because,
                    "ref": step.reference,
                    "file": plan.sources().name(step.span.file),
                    "line": plan.sources().position(step.span.file, step.span.start).line,
                })
            })
            .collect();
        let chains: Vec<Value> = pipeline
            .chains
            .iter()
            .map(|chain| json!({ "name": chain.name, "operations": chain.links.iter().map(said).collect::<Vec<_>>() }))
            .collect();
        let unsaid: Vec<Value> = pipeline
            .unsaid
            .iter()
            .map(|unsaid| {
                json!({
                    "name": unsaid.name,
                    "words": said(&unsaid.words),
                    "otherwise": said(&unsaid.instead),
                    "file": plan.sources().name(unsaid.span.file),
                    "line": plan.sources().position(unsaid.span.file, unsaid.span.start).line,
                })
            })
            .collect();
        json!({
            "plan": pipeline.plan,
            "title": pipeline.title,
            "what": said(&pipeline.kind),
            "steps": steps,
            "in_short": chains,
            "not_written": unsaid,
        })
    };
    pipelines.iter().map(one).collect()
}
