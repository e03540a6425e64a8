//! Values, names and places in words.

use guerdon_plan::calendar::{Date, PeriodKey, Unit};
use guerdon_plan::graph::{AxisSpan, Expansion, Frame, FrameId, Op};
use guerdon_plan::hir::Program;
use guerdon_plan::number::{Exact, format_grouped, format_money};
use guerdon_plan::types::{CalendarId, EarnId, Scalar, TableId};
use guerdon_syntax::{Language, Span, Text, text};

use super::amounts::percent;
use super::ledger::What;
use super::targets;
use super::walk::{Called, Spot, Walk};
use crate::column::Cell;
use crate::fault::Cause;
use crate::report::describe;

/// How many characters of a rule are shown as the name of a term.
const MOST_EXCERPT: usize = 72;

impl Walk<'_> {
    pub(super) fn scalar(&self, spot: Spot) -> Scalar {
        self.node(spot).map_or(Scalar::Faulty, |node| node.ty.scalar)
    }

    /// Gives an amount with its unit and all decimals of the unit.
    pub(super) fn amount(&self, number: &Exact, scalar: Scalar) -> String {
        match scalar {
            Scalar::Money(currency) => {
                format_money(number, currency, currency.minor_unit_decimals().unwrap_or(0))
            }
            Scalar::Percent => percent(number),
            _ => format_grouped(number, 0),
        }
    }

    /// Gives a number as it stands in a sentence: without decimals where there are none.
    pub(super) fn brief(&self, number: &Exact, scalar: Scalar) -> String {
        match scalar {
            Scalar::Money(currency) if number.is_integer() => format_money(number, currency, 0),
            _ => self.amount(number, scalar),
        }
    }

    /// Gives the language of the rule that a spot comes from.
    pub(super) fn language(&self, spot: Spot) -> Language {
        let file = self.node(spot).map(|node| node.span.file);
        file.map_or(Language::En, |file| self.compiled.sources.language(file))
    }

    /// Gives the value of a spot as text.
    pub(super) fn shown(&self, spot: Spot) -> String {
        let scalar = self.scalar(spot);
        let (calendar, language) = (self.calendar_of(spot), self.language(spot));
        self.look(spot, |cell| match cell {
            Cell::Number(number) => self.brief(number, scalar),
            Cell::Missing => text!("missing", "缺失").get(language).to_owned(),
            Cell::Error(_) => text!("unknown", "未知").get(language).to_owned(),
            Cell::Period(unit, index) => self.names().period_label(calendar, PeriodKey::new(*unit, *index)),
            cell => self.names().cell_text(cell, scalar),
        })
    }

    /// Gives the value of a spot with the name it has in the rules, if it has one.
    pub(super) fn named_value(&self, spot: Spot) -> String {
        let spot = self.peel(spot);
        let value = self.shown(spot);
        match (self.called(spot), self.node(spot).map(|node| &node.op)) {
            (Some(called), _) if targets::in_words(&self.name_of(called)).is_none() => {
                format!("{} {value}", self.name_of(called))
            }
            (None, Some(Op::Stored { table, field })) if self.scalar(spot).is_numeric() => {
                format!("{} {value}", self.field_name(*table, field.index()))
            }
            (Some(_) | None, _) => value,
        }
    }

    pub(super) fn name_of(&self, called: Called) -> String {
        let program = &self.compiled.program;
        if let (true, Called::Definition(id)) = (self.is_hidden(called), called) {
            let span = program.definition(id).map(|found| found.span);
            return span.map(|span| self.excerpt(span)).unwrap_or_default();
        }
        let naming = match called {
            Called::Definition(id) => program.definition(id).map(|found| &found.naming),
            Called::Earn(id) | Called::Later(id) => program.earn(id).map(|found| &found.naming),
        };
        naming.map(|naming| naming.name.clone()).unwrap_or_default()
    }

    fn is_of_shares(&self, id: EarnId) -> bool {
        let earn = self.compiled.program.earn(id);
        earn.is_some_and(|earn| earn.break_down().is_some())
    }

    pub(super) fn field_name(&self, table: TableId, field: usize) -> String {
        let table = self.compiled.program.table(table);
        let field = table.and_then(|table| table.fields.get(field));
        field.map(|field| field.naming.name.clone()).unwrap_or_default()
    }

    /// Names what a spot is: by its name and keys, by its field and record, otherwise by the words of the rule.
    pub(super) fn label(&self, spot: Spot) -> Text {
        if let Some(called) = self.called(spot) {
            let part = match called {
                Called::Definition(id) => self.part_label(id, spot),
                Called::Earn(_) => None,
                Called::Later(id) if self.is_of_shares(id) => {
                    let name = program_name(&self.compiled.program, id);
                    Some(text!("{name} without records", "{name} 未拆分到记录的部分"))
                }
                Called::Later(id) => {
                    let name = program_name(&self.compiled.program, id);
                    Some(text!(
                        "excess of {name} from earlier periods",
                        "{name} 以前期间顺延的超额"
                    ))
                }
            };
            return part.unwrap_or_else(|| {
                let name = self.name_of(called);
                Text::same(if self.is_hidden(called) {
                    name
                } else {
                    self.with_keys(&name, spot)
                })
            });
        }
        let Some(node) = self.node(spot) else {
            return Text::default();
        };
        if let Some(settled) = self.settled_by(spot) {
            let name = self.name_of(Called::Earn(settled.earn.earn));
            return match settled.what {
                What::Due => text!("due {name}", "到期 {name}"),
                What::Earned => text!("earned {name}", "计提 {name}"),
            };
        }
        match &node.op {
            Op::Stored { table, field } => {
                let (name, key) = (
                    self.field_name(*table, field.index()),
                    self.names().key_text(*table, spot.cell),
                );
                text!("{name} of {key}", "{key} 的 {name}")
            }
            Op::Const(_) => text!("fixed", "固定值"),
            // The words of the rule may be those of another sum that shares the records, for each period.
            Op::Cumulate { span, .. } => match span {
                AxisSpan::EverToDate => text!("sum of all periods to date", "历期累计"),
                AxisSpan::ToDate(_) => text!("sum of the periods to date", "期间累计"),
                AxisSpan::Whole(_) => text!("sum of the whole stretch", "整段合计"),
                AxisSpan::Last(count) => text!("sum of the last {count} periods", "最近 {count} 期合计"),
            },
            Op::Prior { .. } => text!("at the end of the period before", "上期期末"),
            Op::Before { .. } => text!("lines before", "在前各条合计"),
            Op::Slice { .. } => text!("by the tiers", "按阶梯"),
            _ => Text::same(self.excerpt(node.span)),
        }
    }

    /// Writes a name with the keys of a cell: `sales[p1, 2026-03]`.
    pub(super) fn with_keys(&self, name: &str, spot: Spot) -> String {
        let frame = self.node(spot).map(|node| node.frame);
        let keys = frame.map(|frame| self.keys(frame, spot.cell)).unwrap_or_default();
        if keys.is_empty() {
            name.to_owned()
        } else {
            format!("{name}[{}]", keys.join(", "))
        }
    }

    /// Names the keys of a cell: its record, its period, or both.
    pub(super) fn keys(&self, frame: FrameId, cell: usize) -> Vec<String> {
        match self.frame(frame) {
            Some(Frame::Rows(table)) => vec![self.names().key_text(*table, cell)],
            Some(Frame::Axis(axis)) => vec![self.axis_label(*axis, cell)],
            Some(Frame::Cells { rows, axis }) => {
                let count = self.state.rows(*rows).max(1);
                let (place, row) = (
                    cell.checked_div(count).unwrap_or(0),
                    cell.checked_rem(count).unwrap_or(0),
                );
                vec![self.names().key_text(*rows, row), self.axis_label(*axis, place)]
            }
            Some(Frame::Selected { of, .. }) => self.keys(*of, self.origin(frame, cell)),
            Some(Frame::Expanded { of, by }) => self.item_keys(frame, *of, by, cell),
            Some(Frame::Single) | None => Vec::new(),
        }
    }

    fn item_keys(&self, frame: FrameId, of: FrameId, by: &Expansion, cell: usize) -> Vec<String> {
        let item = self.state.frame_data(frame).and_then(|data| data.item(cell));
        let row = |table: TableId| {
            let row = item.and_then(|item| usize::try_from(item).ok());
            row.map(|row| self.names().key_text(table, row))
                .unwrap_or_default()
        };
        let period = |calendar: CalendarId, unit: Unit| {
            let index = item.and_then(|item| i32::try_from(item).ok()).unwrap_or(0);
            self.names().period_label(calendar, PeriodKey::new(unit, index))
        };
        match by {
            Expansion::AllRows(table)
            | Expansion::Matching { table, .. }
            | Expansion::Below { table, .. }
            | Expansion::Above { table, .. } => vec![row(*table)],
            Expansion::Periods { calendar, unit, .. } => vec![period(*calendar, *unit)],
            Expansion::Onward { axis, .. } | Expansion::Moments { axis, .. } => {
                let mut keys = self.keys(of, self.origin(frame, cell));
                if let Some(axis) = self.compiled.graph.axes.get(axis.index()) {
                    keys.push(period(axis.calendar, axis.unit));
                }
                keys
            }
        }
    }

    pub(super) fn origin(&self, frame: FrameId, cell: usize) -> usize {
        let origin = self.state.frame_data(frame).and_then(|data| data.origin(cell));
        origin
            .and_then(|origin| usize::try_from(origin).ok())
            .unwrap_or(usize::MAX)
    }

    pub(super) fn axis_label(&self, axis: guerdon_plan::graph::AxisId, place: usize) -> String {
        let first = self.state.window(axis).first;
        let index = i32::try_from(place)
            .ok()
            .and_then(|place| first.checked_add(place));
        let axis = self.compiled.graph.axes.get(axis.index());
        axis.zip(index)
            .map(|(axis, index)| {
                self.names()
                    .period_label(axis.calendar, PeriodKey::new(axis.unit, index))
            })
            .unwrap_or_default()
    }

    /// Gives the calendar in which a period counts, as far as the plan of its frame tells.
    pub(super) fn calendar_of(&self, spot: Spot) -> CalendarId {
        let mut frame = self.node(spot).map(|node| node.frame);
        while let Some(found) = frame.and_then(|frame| self.frame(frame)) {
            let axis = match found {
                Frame::Axis(axis) | Frame::Cells { axis, .. } => Some(*axis),
                Frame::Expanded {
                    by: Expansion::Onward { axis, .. } | Expansion::Moments { axis, .. },
                    ..
                } => Some(*axis),
                Frame::Selected { .. } | Frame::Expanded { .. } | Frame::Single | Frame::Rows(_) => None,
            };
            if let Some(axis) = axis.and_then(|axis| self.compiled.graph.axes.get(axis.index())) {
                return axis.calendar;
            }
            frame = match found {
                Frame::Selected { of, .. } | Frame::Expanded { of, .. } => Some(*of),
                Frame::Single | Frame::Rows(_) | Frame::Axis(_) | Frame::Cells { .. } => None,
            };
        }
        self.compiled
            .graph
            .axes
            .first()
            .map_or(CalendarId(0), |axis| axis.calendar)
    }

    /// Gives the words of a rule on one line.
    pub(super) fn excerpt(&self, span: Span) -> String {
        let words: Vec<&str> = self.compiled.sources.slice(span).split_whitespace().collect();
        let text = words.join(" ");
        if text.chars().count() <= MOST_EXCERPT {
            return text;
        }
        let short: String = text.chars().take(MOST_EXCERPT.saturating_sub(1)).collect();
        format!("{}…", short.trim_end())
    }

    /// Says why there is no value.
    pub(super) fn cause(&self, error: u32) -> Text {
        match self.state.faults.cause(error) {
            Cause::Loaded(place) => {
                let problems = self.state.facts.problems();
                let problem = problems.get(usize::try_from(place).unwrap_or(usize::MAX));
                problem.map_or_else(
                    || text!("a record is faulty", "有记录出错"),
                    |problem| {
                        let (message, detail) = (&problem.message, &problem.detail);
                        if detail.is_empty() {
                            message.clone()
                        } else {
                            text!("{message} ({detail})", "{message}（{detail}）"; message, detail)
                        }
                    },
                )
            }
            Cause::Node(node, fault) => {
                let (_, message) = describe(fault);
                let span = self.compiled.graph.node(node).map(|node| node.span);
                let words = span.map(|span| self.excerpt(span)).unwrap_or_default();
                if words.is_empty() {
                    message
                } else {
                    text!("{message}: {words}", "{message}：{words}"; message)
                }
            }
        }
    }

    /// Names a range of days, as a period where it is one.
    pub(super) fn range(&self, calendar: CalendarId, from: Date, through: Date) -> String {
        let found = self.compiled.program.calendar(calendar).and_then(|calendar| {
            let units = [
                Unit::Month,
                Unit::Quarter,
                Unit::Year,
                Unit::Week,
                Unit::Period,
                Unit::Day,
            ];
            units.into_iter().find_map(|unit| {
                let key = calendar.period_of(unit, from)?;
                let range = calendar.range(key)?;
                (range.from == from && range.last_day() == Some(through)).then(|| calendar.label(key))
            })
        });
        found.unwrap_or_else(|| match (from == Date::FIRST, through == Date::LAST) {
            (false, true) => format!("{from} …"),
            (true, false) => format!("… {through}"),
            (false, false) | (true, true) => format!("{from} … {through}"),
        })
    }
}

fn program_name(program: &Program, earn: EarnId) -> &str {
    program.earn(earn).map_or("", |earn| earn.naming.name.as_str())
}
