//! Explanations as JSON.

use guerdon_syntax::{Span, Text};
use serde::{Serialize, Serializer};

use crate::trace::{Part, Step, Trace};

/// The version of this form; it grows when a field changes its meaning or goes away.
const SCHEMA_VERSION: u32 = 1;

/// An explanation.
#[derive(Serialize)]
struct TraceWire<'t> {
    schema_version: u32,
    figure: &'t str,
    title: Option<&'t str>,
    unit: &'t str,
    root: StepWire<'t>,
}

/// A step of it. Amounts are text, since no number of JSON holds them exactly.
#[derive(Serialize)]
struct StepWire<'t> {
    label: TextWire<'t>,
    value: Option<&'t str>,
    exact: Option<String>,
    summand: bool,
    note: Option<TextWire<'t>>,
    because: Option<&'t str>,
    #[serde(rename = "ref")]
    reference: Option<&'t str>,
    span: Option<SpanWire>,
    children: Vec<StepWire<'t>>,
}

/// A sentence in both languages.
#[derive(Serialize)]
struct TextWire<'t> {
    en: &'t str,
    zh: &'t str,
}

/// A stretch of a rule file: bytes `start` up to, but not including, `end`.
#[derive(Serialize)]
struct SpanWire {
    file: u32,
    start: u32,
    end: u32,
}

impl Serialize for Trace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = TraceWire {
            schema_version: SCHEMA_VERSION,
            figure: &self.figure,
            title: self.title.as_deref(),
            unit: &self.unit,
            root: step(&self.root),
        };
        wire.serialize(serializer)
    }
}

/// Trees are at most 40 steps deep, so that this ends.
fn step(of: &Step) -> StepWire<'_> {
    StepWire {
        label: words(&of.label),
        value: of.value.as_deref(),
        exact: of.exact.as_ref().map(|exact| exact.display_text(0)),
        summand: of.part == Part::Summand,
        note: (!of.note.is_empty()).then(|| words(&of.note)),
        because: of.because.as_deref(),
        reference: of.reference.as_deref(),
        span: of.span.map(place),
        children: of.children.iter().map(step).collect(),
    }
}

fn words(text: &Text) -> TextWire<'_> {
    TextWire {
        en: &text.en,
        zh: &text.zh,
    }
}

fn place(span: Span) -> SpanWire {
    SpanWire {
        file: span.file.0,
        start: span.start,
        end: span.end,
    }
}
