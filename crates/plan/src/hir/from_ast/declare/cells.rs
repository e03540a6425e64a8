//! Intervals, and the conditions of decision tables.

use std::cmp::Ordering;

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::fold::fits;
use super::words::{Side, lower_edge, lower_word, upper_edge, upper_word};
use crate::hir::from_ast::Checker;
use crate::hir::{Bound, Cell, DecisionRow, Edge, Input, Value};
use crate::number::Exact;
use crate::types::Scalar;

/// Are the lower and the upper end of an interval; an absent one is open.
pub(super) type Ends = (Option<Side>, Option<Side>);

/// Is a condition as read, with its place.
#[derive(Debug, Clone)]
pub(super) struct ReadCell {
    /// What it matches.
    pub(super) cell: Cell,
    /// The ends, for an interval.
    pub(super) ends: Ends,
    /// Where it stands.
    pub(super) span: Span,
}

/// Is a row as read: its conditions with their places, and its results.
#[derive(Debug, Clone)]
pub(super) struct ReadRow {
    /// The conditions, one for each column.
    pub(super) cells: Vec<ReadCell>,
    /// The results.
    pub(super) outputs: Vec<Value>,
    /// Where the row stands.
    pub(super) span: Span,
}

impl ReadRow {
    /// Gives the row as the table keeps it.
    pub(super) fn into_row(self) -> DecisionRow {
        DecisionRow {
            cells: self.cells.into_iter().map(|cell| cell.cell).collect(),
            outputs: self.outputs,
            span: self.span,
        }
    }
}

impl Checker<'_> {
    /// Reads the two ends of an interval of numbers, days or periods.
    pub(super) fn read_interval(&mut self, interval: &ast::Interval, wanted: Option<Scalar>) -> Option<Ends> {
        let lower = match &interval.lower {
            Some(lower) => Some(self.lower_side(lower, wanted)?),
            None => None,
        };
        let upper = match &interval.upper {
            Some(upper) => Some(self.upper_side(upper, wanted)?),
            None => None,
        };
        Some((lower, upper))
    }

    fn lower_side(&mut self, lower: &ast::Lower, wanted: Option<Scalar>) -> Option<Side> {
        let (scalar, at) = self.bound_number(&lower.value, wanted)?;
        let edge = lower_edge(lower.kind);
        let word_span = self.first_word(lower.span);
        Some(Side {
            at,
            edge,
            scalar,
            span: lower.span,
            value_span: lower.value.span,
            word_span,
        })
    }

    fn upper_side(&mut self, upper: &ast::Upper, wanted: Option<Scalar>) -> Option<Side> {
        let (scalar, at) = self.bound_number(&upper.value, wanted)?;
        let edge = upper_edge(upper.kind);
        let word_span = self.first_word(upper.span);
        Some(Side {
            at,
            edge,
            scalar,
            span: upper.span,
            value_span: upper.value.span,
            word_span,
        })
    }

    fn first_word(&self, at: Span) -> Span {
        let words = self.sources.slice(at);
        let length = words
            .find(char::is_whitespace)
            .and_then(|length| u32::try_from(length).ok());
        Span::new(
            at.file,
            at.start,
            length.map_or(at.end, |length| at.start.saturating_add(length)),
        )
    }

    /// Works out a bound as a number; days count from 1970-01-01, periods by their index.
    pub(super) fn bound_number(
        &mut self,
        expr: &ast::Expr,
        wanted: Option<Scalar>,
    ) -> Option<(Scalar, Exact)> {
        let folded = self.fold(expr, wanted)?;
        let number = match &folded.value {
            Value::Number(number) => Some(number.clone()),
            Value::Date(day) => Some(Exact::from_i64(i64::from(day.days()))),
            Value::Period(key) => Some(Exact::from_i64(i64::from(key.index))),
            Value::Bool(_) | Value::Text(_) | Value::Enum(..) | Value::Missing => None,
        };
        let needed = wanted.unwrap_or(Scalar::Number);
        match number {
            Some(number) if wanted.is_none_or(|wanted| fits(folded.scalar, wanted)) => {
                Some((folded.scalar, number))
            }
            Some(_) | None => {
                self.wrong_kind(&folded, needed);
                None
            }
        }
    }

    fn wrong_kind(&mut self, folded: &super::Folded, wanted: Scalar) {
        let (is, needed) = (self.kind_name(folded.scalar), self.kind_name(wanted));
        let title = text!("{needed} is needed here, not {is}", "此处需要{needed}，而不是{is}"; needed, is);
        self.sink
            .push(Diagnostic::error(Code::E0313, title).primary(folded.span, is));
    }

    /// Reads a condition of a column.
    pub(super) fn table_cell(&mut self, cell: &ast::Cell, input: &Input) -> Option<ReadCell> {
        let span = cell.span;
        let none = (None, None);
        let (cell, ends) = match &cell.kind {
            ast::CellKind::Any => (Cell::Any, none),
            ast::CellKind::Missing => (self.missing_cell(input, span)?, none),
            ast::CellKind::Values(values) => (self.values_cell(values, input)?, none),
            ast::CellKind::Interval(interval) => {
                let ends = self.interval_cell(interval, input)?;
                let bound = |side: &Option<Side>| side.as_ref().map(Bound::from);
                (
                    Cell::Interval {
                        lower: bound(&ends.0),
                        upper: bound(&ends.1),
                    },
                    ends,
                )
            }
        };
        Some(ReadCell { cell, ends, span })
    }

    fn missing_cell(&mut self, input: &Input, at: Span) -> Option<Cell> {
        if input.ty.is_optional() || input.ty.scalar == Scalar::Faulty {
            return Some(Cell::Missing);
        }
        let name = &input.naming.name;
        let title = text!("\"{name}\" is never missing", "“{name}”从不缺失");
        let fault = Diagnostic::error(Code::E0313, title)
            .primary(at, text!("matches nothing", "不匹配任何值"))
            .secondary(
                input.naming.span,
                text!("a type with \"?\" may be missing", "带“?”的类型才可缺失"),
            );
        self.sink.push(fault);
        None
    }

    fn values_cell(&mut self, values: &[ast::Expr], input: &Input) -> Option<Cell> {
        let read = values
            .iter()
            .map(|value| self.fold_as(value, input.ty.scalar, Code::E0313));
        let read: Vec<Option<Value>> = read.collect();
        read.into_iter().collect::<Option<Vec<Value>>>().map(Cell::OneOf)
    }

    /// Reads an interval for a column that has an order.
    pub(super) fn interval_cell(&mut self, interval: &ast::Interval, input: &Input) -> Option<Ends> {
        if !is_ordered(input.ty.scalar) {
            let kind = self.kind_name(input.ty.scalar);
            let title = text!("{kind} has no order, so it cannot lie in an interval", "{kind}没有次序，不能写成区间"; kind);
            let fault = Diagnostic::error(Code::E0313, title).primary(interval.span, Text::default());
            self.sink
                .push(fault.secondary(input.naming.span, text!("the column", "该列")));
            return None;
        }
        let wanted = Some(input.ty.scalar).filter(|scalar| *scalar != Scalar::Faulty);
        let ends = self.read_interval(interval, wanted)?;
        if let (Some(lower), Some(upper)) = &ends
            && is_empty(lower, upper)
        {
            self.empty_interval(lower, upper);
            return None;
        }
        Some(ends)
    }

    /// Reports an interval that ends before it begins.
    pub(super) fn empty_interval(&mut self, lower: &Side, upper: &Side) {
        let fault = Diagnostic::error(
            Code::E0309,
            text!("this interval holds nothing", "此区间不含任何数"),
        );
        let fault = fault.primary(
            lower.span.to(upper.span),
            text!("ends before it begins", "在开始之前就已结束"),
        );
        self.sink.push(if lower.at == upper.at {
            let both = text!("include the number on both sides", "两端都包括该数");
            let language = self.sources.language(lower.span.file);
            let words = (
                lower_word(language, Edge::Included),
                upper_word(language, Edge::Included),
            );
            fault.fix(Fix::replace(both, lower.word_span, words.0).and(upper.word_span, words.1))
        } else {
            fault
        });
    }
}

impl From<&Side> for Bound {
    fn from(side: &Side) -> Bound {
        Bound {
            at: side.at.clone(),
            edge: side.edge,
        }
    }
}

/// Says whether values of a kind have an order.
pub(super) const fn is_ordered(scalar: Scalar) -> bool {
    match scalar {
        Scalar::Int
        | Scalar::Number
        | Scalar::Percent
        | Scalar::Money(_)
        | Scalar::Points
        | Scalar::Date
        | Scalar::Period(_)
        | Scalar::Faulty => true,
        Scalar::Bool
        | Scalar::MoneyInColumn
        | Scalar::Days
        | Scalar::Text
        | Scalar::Enum(_)
        | Scalar::Row(_) => false,
    }
}

/// Says whether no number lies between two ends.
pub(super) fn is_empty(lower: &Side, upper: &Side) -> bool {
    match lower.at.cmp(&upper.at) {
        Ordering::Less => false,
        Ordering::Equal => lower.edge == Edge::Excluded || upper.edge == Edge::Excluded,
        Ordering::Greater => true,
    }
}
