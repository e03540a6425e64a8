//! Conditions in words, with the values they compared.

use guerdon_plan::calendar::Date;
use guerdon_plan::graph::{NodeId, Op};
use guerdon_plan::hir::Comparison;
use guerdon_plan::types::{CalendarId, Scalar};
use guerdon_syntax::{Text, text};

use super::walk::{Spot, Walk};
use crate::column::Cell;

impl Walk<'_> {
    /// Says what a condition found, as a true sentence: of a conjunction that does not hold, the parts that do not.
    pub(super) fn condition(&self, spot: Spot) -> Text {
        let spot = self.peel(spot);
        let named = self.called(spot).filter(|called| !self.is_hidden(*called));
        if let (Some(called), Some(holds)) = (named, self.truth(spot)) {
            let (name, is) = (self.name_of(called), self.shown(spot));
            let is_zh = if holds { "是" } else { "否" };
            return text!("{name} is {is}", "{name} 为{is_zh}");
        }
        self.condition_past(spot)
    }

    /// Says the same of a condition that has a name, without the name.
    pub(super) fn condition_past(&self, spot: Spot) -> Text {
        let own = self.called(spot);
        let spot = self.peel_past(spot);
        let Some(holds) = self.truth(spot) else {
            let why = self.cause(self.error(spot));
            return text!("it is not known ({why})", "无法判断（{why}）"; why);
        };
        if self.called(spot).is_some_and(|called| Some(called) != own) {
            return self.condition(spot);
        }
        let Some(node) = self.node(spot) else {
            return Text::default();
        };
        match &node.op {
            Op::And(parts) => self.several(spot, parts, true, holds),
            Op::Or(parts) => self.several(spot, parts, false, holds),
            Op::Not(part) => self.condition(self.input(spot, *part)),
            Op::If {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.input(spot, *condition);
                let branch = if self.truth(condition) == Some(true) {
                    then
                } else {
                    otherwise
                };
                let branch = self.input(spot, *branch);
                match self.node(branch).map(|node| &node.op) {
                    Some(Op::Const(_)) | None => self.condition(condition),
                    Some(_) => self.condition(branch),
                }
            }
            Op::Compare { op, left, right } => {
                self.comparison(*op, self.input(spot, *left), self.input(spot, *right), holds)
            }
            Op::Within {
                value,
                calendar,
                from,
                through,
            } => {
                let ends = [*from, *through].map(|end| self.input(spot, end));
                self.containment(self.input(spot, *value), *calendar, ends, holds)
            }
            Op::IsMissing(part) => {
                let what = self.label(self.peel(self.input(spot, *part)));
                if holds {
                    text!("{what} is missing", "{what} 缺失"; what)
                } else {
                    text!("{what} is there", "{what} 存在"; what)
                }
            }
            _ => {
                let what = self.label(spot);
                let (is, is_zh) = if holds { ("yes", "是") } else { ("no", "否") };
                text!("{what} is {is}", "{what} 为{is_zh}"; what)
            }
        }
    }

    /// Says several conditions: all of them where they agree, otherwise those that settle the matter.
    fn several(&self, spot: Spot, parts: &[NodeId], needed: bool, holds: bool) -> Text {
        let parts = parts.iter().map(|part| self.input(spot, *part));
        let all: Vec<Text> = parts
            .filter(|part| holds == needed || self.truth(*part) == Some(holds))
            .map(|part| self.condition(part))
            .collect();
        let join = |texts: Vec<&str>, between: &str| texts.join(between);
        Text {
            en: join(all.iter().map(|text| text.en.as_str()).collect(), " and "),
            zh: join(all.iter().map(|text| text.zh.as_str()).collect(), " 且 "),
        }
    }

    fn comparison(&self, op: Comparison, left: Spot, right: Spot, holds: bool) -> Text {
        let (one, other) = (self.named_value(left), self.named_value(right));
        let is_named = matches!(
            self.scalar(left),
            Scalar::Enum(_) | Scalar::Row(_) | Scalar::Bool | Scalar::Text
        );
        let sign = match (op, holds) {
            (Comparison::Equal, true) | (Comparison::NotEqual, false) if is_named => {
                return text!("{one} is {other}", "{one} 是 {other}");
            }
            (Comparison::NotEqual, true) | (Comparison::Equal, false) if is_named => {
                return text!("{one} is not {other}", "{one} 不是 {other}");
            }
            (Comparison::Equal, true) | (Comparison::NotEqual, false) => "=",
            (Comparison::NotEqual, true) | (Comparison::Equal, false) => "!=",
            (Comparison::Less, true) | (Comparison::GreaterOrEqual, false) => "<",
            (Comparison::LessOrEqual, true) | (Comparison::Greater, false) => "<=",
            (Comparison::Greater, true) | (Comparison::LessOrEqual, false) => ">",
            (Comparison::GreaterOrEqual, true) | (Comparison::Less, false) => ">=",
        };
        Text::same(format!("{one} {sign} {other}"))
    }

    fn containment(&self, value: Spot, calendar: CalendarId, ends: [Spot; 2], holds: bool) -> Text {
        let value = self.shown(value);
        let [from, through] = ends.map(|end| self.day(end));
        let range = match from.zip(through) {
            Some((from, through)) => self.range(calendar, from, through),
            None => "…".to_owned(),
        };
        if holds {
            text!("{value} is in {range}", "{value} 在 {range} 内")
        } else {
            text!("{value} is not in {range}", "{value} 不在 {range} 内")
        }
    }

    pub(super) fn day(&self, spot: Spot) -> Option<Date> {
        self.look(spot, |cell| match cell {
            Cell::Date(day) => Date::from_days(*day),
            _ => None,
        })
    }
}
