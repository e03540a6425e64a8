//! The order of operations of plans, for people and programs.

use guerdon::pipeline::{Chain, Pipeline, Step};
use guerdon::plan::Plan;
use guerdon_syntax::{Language, Text, text};
use serde_json::{Value, json};

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
    out.push('\n');
    tame(&out)
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
        json!({
            "plan": pipeline.plan,
            "title": pipeline.title,
            "what": said(&pipeline.kind),
            "steps": steps,
            "in_short": chains,
        })
    };
    pipelines.iter().map(one).collect()
}
