//! Numbers, days and words as the author would write them.

use guerdon_syntax::{Language, Span, Text, ast, text};

use crate::calendar::{Date, PeriodKey};
use crate::hir::{Edge, Program, Value};
use crate::number::{Exact, format_money, format_percent};
use crate::types::Scalar;

/// Writes a number of a kind: `80%`, `CNY 500,000`, `3`, a day or a period by its number.
pub(super) fn show(program: &Program, scalar: Scalar, number: &Exact) -> String {
    match scalar {
        Scalar::Percent => format_percent(number),
        Scalar::Money(currency) => format_money(number, currency, 0),
        Scalar::Date => day(number).map_or_else(|| number.to_string(), |date| date.to_string()),
        Scalar::Period(unit) => {
            let key = number
                .to_i64()
                .and_then(|index| i32::try_from(index).ok())
                .map(|index| PeriodKey::new(unit, index));
            key.map_or_else(|| number.to_string(), |key| period(program, key))
        }
        Scalar::Bool
        | Scalar::Int
        | Scalar::Number
        | Scalar::MoneyInColumn
        | Scalar::Points
        | Scalar::Days
        | Scalar::Text
        | Scalar::Enum(_)
        | Scalar::Row(_)
        | Scalar::Faulty => number.display_text(0),
    }
}

/// Writes a value of a kind.
pub(super) fn show_value(program: &Program, scalar: Scalar, value: &Value) -> Text {
    match value {
        Value::Bool(true) => text!("yes", "是"),
        Value::Bool(false) => text!("no", "否"),
        Value::Number(number) => Text::same(show(program, scalar, number)),
        Value::Date(date) => Text::same(date.to_string()),
        Value::Period(key) => Text::same(period(program, *key)),
        Value::Text(words) => text!("\"{words}\"", "“{words}”"),
        Value::Enum(id, at) => {
            let value = program
                .enumeration(*id)
                .and_then(|def| def.values.get(usize::try_from(*at).ok()?));
            Text::same(value.map_or("", |naming| naming.name.as_str()))
        }
        Value::Missing => text!("missing", "缺失"),
    }
}

fn period(program: &Program, key: PeriodKey) -> String {
    program
        .calendars
        .first()
        .map_or_else(String::new, |civil| civil.calendar.label(key))
}

fn day(number: &Exact) -> Option<Date> {
    Date::from_days(i32::try_from(number.to_i64()?).ok()?)
}

/// Is one end of a written interval.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// The number at the end; days and periods by their number.
    pub(super) at: Exact,
    /// Whether it belongs to the interval.
    pub(super) edge: Edge,
    /// The kind of the number.
    pub(super) scalar: Scalar,
    /// The word and the number.
    pub(super) span: Span,
    /// The number.
    pub(super) value_span: Span,
    /// The word.
    pub(super) word_span: Span,
}

/// Gives the word that begins an interval.
pub(super) const fn lower_word(language: Language, edge: Edge) -> &'static str {
    match (language, edge) {
        (Language::En, Edge::Included) => "from",
        (Language::En, Edge::Excluded) => "above",
        (Language::Zh, Edge::Included) => "满",
        (Language::Zh, Edge::Excluded) => "超过",
    }
}

/// Gives the word that ends an interval.
pub(super) const fn upper_word(language: Language, edge: Edge) -> &'static str {
    match (language, edge) {
        (Language::En, Edge::Included) => "through",
        (Language::En, Edge::Excluded) => "below",
        (Language::Zh, Edge::Included) => "不超过",
        (Language::Zh, Edge::Excluded) => "不满",
    }
}

/// Gives the word for an interval without end.
pub(super) const fn open_word(language: Language) -> &'static str {
    match language {
        Language::En => "up",
        Language::Zh => "以上",
    }
}

/// Gives the other edge: what begins where this one ends.
pub(super) const fn meeting(edge: Edge) -> Edge {
    match edge {
        Edge::Included => Edge::Excluded,
        Edge::Excluded => Edge::Included,
    }
}

/// Says whether the bound of a lower end belongs to the interval.
pub(super) const fn lower_edge(kind: ast::LowerKind) -> Edge {
    match kind {
        ast::LowerKind::From => Edge::Included,
        ast::LowerKind::Above => Edge::Excluded,
    }
}

/// Says whether the bound of an upper end belongs to the interval.
pub(super) const fn upper_edge(kind: ast::UpperKind) -> Edge {
    match kind {
        ast::UpperKind::Through => Edge::Included,
        ast::UpperKind::Below => Edge::Excluded,
    }
}

/// Gives the word for a kind of tiers.
pub(super) fn kind_word(kind: ast::TierKind) -> Text {
    match kind {
        ast::TierKind::Marginal => text!("marginal", "超额累进"),
        ast::TierKind::Retro => text!("retro", "全额累进"),
        ast::TierKind::Flat => text!("flat", "定额"),
        ast::TierKind::Interpolated => text!("interpolated", "插值"),
        ast::TierKind::Fill => text!("fill", "填充"),
    }
}
