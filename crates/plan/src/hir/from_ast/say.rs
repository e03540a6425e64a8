//! Words for kinds of values, shared by messages.

use guerdon_syntax::{Span, Text, text};

use super::Checker;
use crate::calendar::Unit;
use crate::types::{Scalar, Ty};

impl Checker<'_> {
    /// Names the type of a value: `money CNY?`.
    pub(crate) fn type_name(&self, ty: Ty) -> Text {
        let kind = self.kind_name(ty.scalar);
        if ty.is_optional() {
            text!("{kind}?", "{kind}？"; kind)
        } else {
            kind
        }
    }

    /// Names a kind of values: `money CNY`.
    pub(crate) fn kind_name(&self, scalar: Scalar) -> Text {
        match scalar {
            Scalar::Bool => text!("yes or no", "是或否"),
            Scalar::Int => text!("whole number", "整数"),
            Scalar::Number => text!("number", "数字"),
            Scalar::Percent => text!("percent", "百分比"),
            Scalar::Money(currency) => text!("money {currency}", "{currency} 金额"),
            Scalar::MoneyInColumn => text!("money in a currency of its own", "各自币种的金额"),
            Scalar::Points => text!("points", "积分"),
            Scalar::Date => text!("date", "日期"),
            Scalar::Period(unit) => unit_name(unit),
            Scalar::Days => text!("range of days", "日期范围"),
            Scalar::Text => text!("text", "文本"),
            Scalar::Enum(id) => {
                let name = self
                    .program
                    .enumeration(id)
                    .map_or("", |found| found.naming.name.as_str());
                text!("{name}", "{name}")
            }
            Scalar::Row(id) => {
                let name = self
                    .program
                    .table(id)
                    .map_or("", |found| found.naming.name.as_str());
                text!("record of {name}", "{name} 的记录")
            }
            Scalar::Faulty => text!("unknown", "未知"),
        }
    }

    /// Names a kind of values with its article, for the middle of a sentence: `a percent`, `money CNY`.
    pub(crate) fn a_kind(&self, scalar: Scalar) -> Text {
        let name = self.kind_name(scalar);
        if !has_article(scalar) {
            return name;
        }
        let article = if name.en.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) {
            "an"
        } else {
            "a"
        };
        Text {
            en: format!("{article} {}", name.en),
            zh: name.zh,
        }
    }

    /// Gives the source text of a span on one line.
    pub(crate) fn quoted(&self, span: Span) -> String {
        self.sources
            .slice(span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn has_article(scalar: Scalar) -> bool {
    match scalar {
        Scalar::Int
        | Scalar::Number
        | Scalar::Percent
        | Scalar::Date
        | Scalar::Period(_)
        | Scalar::Days
        | Scalar::Enum(_)
        | Scalar::Row(_) => true,
        Scalar::Bool
        | Scalar::Money(_)
        | Scalar::MoneyInColumn
        | Scalar::Points
        | Scalar::Text
        | Scalar::Faulty => false,
    }
}

/// Names a length of periods.
pub(crate) fn unit_name(unit: Unit) -> Text {
    match unit {
        Unit::Day => text!("day", "日"),
        Unit::Week => text!("week", "周"),
        Unit::Month => text!("month", "月"),
        Unit::Quarter => text!("quarter", "季"),
        Unit::Year => text!("year", "年"),
        Unit::Period => text!("period", "周期"),
    }
}
