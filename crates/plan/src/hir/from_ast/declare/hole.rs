//! The message about a value that no row of a table matches.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, text};

use super::axis::{Axis, Grain, Sample, number_of};
use super::cells::ReadRow;
use super::cover::Point;
use super::proof::{Cut, Subject, is_grades};
use super::words::{lower_word, meeting, show, upper_word};
use crate::hir::from_ast::Checker;
use crate::hir::{Bound, Cell, Edge, Input};
use crate::number::Exact;

/// Is the end of a row beside a hole.
struct Neighbour<'a> {
    row: &'a ReadRow,
    column: usize,
    /// The end, in the column of the hole.
    bound: Bound,
    /// Where it is written.
    span: Span,
}

/// Is a hole that lies between two ends of one column.
struct Between<'a> {
    axis: &'a Axis,
    input: &'a Input,
    below: Option<Neighbour<'a>>,
    above: Option<Neighbour<'a>>,
}

impl Checker<'_> {
    /// Reports a point that no row matches, with the rows beside it where the column has an order.
    pub(super) fn push_hole(&mut self, subject: &Subject<'_>, cut: &Cut, point: &Point) {
        if let Some(input) = open_text(subject, cut, point) {
            return self.push_open_text(subject, input);
        }
        let (name, example) = (subject.name, self.told_point(subject, cut, point));
        let title =
            text!("table \"{name}\" has no row for {example}", "表“{name}”没有 {example} 的行"; example);
        let fault = if is_grades(name) {
            let title = text!("no grade is given for {example}", "{example} 没有等级"; example);
            Diagnostic::error(Code::E0507, title)
        } else {
            Diagnostic::error(Code::E0311, title)
        };
        let between = beside(subject, cut, point);
        let fault = match &between {
            Some(between) => self.point_beside(fault, between),
            None => fault.primary(subject.at, text!("no row matches", "没有匹配的行")),
        };
        let fix = between
            .as_ref()
            .filter(|_| subject.inputs.len() == 1)
            .and_then(|between| self.extend_row(between));
        let add = Fix::advice(text!("add a row for it", "为它增加一行"), Text::default());
        self.sink.push(fault.fix(fix.unwrap_or(add)));
    }

    /// Reports a column of texts without a row for those that nobody names.
    fn push_open_text(&mut self, subject: &Subject<'_>, input: &Input) {
        let (name, column) = (subject.name, &input.naming.name);
        let title = text!(
            "table \"{name}\" cannot be shown to be complete",
            "无法证明表“{name}”是完整的"
        );
        let fault = Diagnostic::error(Code::E0315, title).primary(
            input.naming.span,
            text!("any text can stand here", "此列可为任何文本"),
        );
        self.sink.push(
            fault
                .note(text!(
                    "A \"{column}\" that no row names would have no answer.",
                    "没有任何一行提到的“{column}”将没有结果。"
                ))
                .fix(Fix::advice(
                    text!("add a row for everything else", "增加一行，涵盖其余情况"),
                    text!("-  in this column", "此列写 -"),
                )),
        );
    }

    fn point_beside(&self, mut fault: Diagnostic, between: &Between<'_>) -> Diagnostic {
        let grain = between.axis.grain();
        let ends = between
            .below
            .as_ref()
            .map(|end| (end.span, self.told_end(between, end, grain)));
        let starts = between
            .above
            .as_ref()
            .map(|start| (start.span, self.told_start(between, start, grain)));
        match (ends, starts) {
            (Some((end, ends)), Some((start, starts))) => {
                fault = fault.secondary(end, ends).primary(start, starts)
            }
            (Some((span, label)), None) | (None, Some((span, label))) => fault = fault.primary(span, label),
            (None, None) => {}
        }
        match self.told_extent(between, grain) {
            Some(extent) => fault.note(extent),
            None => fault,
        }
    }

    fn told_end(&self, between: &Between<'_>, end: &Neighbour<'_>, grain: Option<Grain>) -> Text {
        let at = self.told_bound(between, &end.bound.at);
        match (end.bound.edge, grain) {
            (Edge::Included, _) => text!("ends at {at}", "到 {at} 为止"),
            (Edge::Excluded, Some(Grain::Fine)) => text!("ends just under {at}", "到 {at} 之前为止"),
            (Edge::Excluded, _) => text!("ends before {at}", "到 {at} 之前为止"),
        }
    }

    fn told_start(&self, between: &Between<'_>, start: &Neighbour<'_>, grain: Option<Grain>) -> Text {
        let at = self.told_bound(between, &start.bound.at);
        match (start.bound.edge, grain) {
            (Edge::Included, _) => text!("starts at {at}", "从 {at} 开始"),
            (Edge::Excluded, Some(Grain::Fine)) => text!("starts just over {at}", "从 {at} 之后开始"),
            (Edge::Excluded, _) => text!("starts after {at}", "从 {at} 之后开始"),
        }
    }

    /// Says how far the hole reaches.
    fn told_extent(&self, between: &Between<'_>, grain: Option<Grain>) -> Option<Text> {
        let (below, above) = (&between.below.as_ref()?.bound, &between.above.as_ref()?.bound);
        let name = &between.input.naming.name;
        let kind = self.kind_name(between.input.ty.scalar);
        if grain == Some(Grain::Whole) {
            let (first, last) = (first_after(below)?, last_before(above)?);
            let (a, b) = (self.told_bound(between, &first), self.told_bound(between, &last));
            return Some(if first == last {
                text!(
                    "{name} is a {kind}, so {a} is the only value without a row.",
                    "{name} 是{kind}，所以只有 {a} 没有对应的行。"; kind
                )
            } else {
                text!(
                    "{name} is a {kind}, so {a} through {b} are the values without a row.",
                    "{name} 是{kind}，所以 {a} 至 {b} 没有对应的行。"; kind
                )
            });
        }
        let (a, b) = (
            self.told_bound(between, &below.at),
            self.told_bound(between, &above.at),
        );
        if a == b {
            return Some(text!(
                "Only {a} itself has no row.",
                "只有 {a} 本身没有对应的行。"
            ));
        }
        let words = |language| {
            let (from, to) = (
                lower_word(language, meeting(below.edge)),
                upper_word(language, meeting(above.edge)),
            );
            format!("{from} {a} {to} {b}")
        };
        let (en, zh) = (
            words(guerdon_syntax::Language::En),
            words(guerdon_syntax::Language::Zh),
        );
        Some(text!("Everything {en} has no row.", "{zh}没有对应的行。"))
    }

    /// Lets the row above the hole begin where the one below it ends.
    fn extend_row(&self, between: &Between<'_>) -> Option<Fix> {
        let (below, above) = (between.below.as_ref()?, between.above.as_ref()?);
        let start = above.row.cells.get(above.column)?.ends.0.as_ref()?;
        let title = text!("extend one of the rows, or add one", "扩展其中一行，或者增加一行");
        let wanted = match between.axis.grain()? {
            Grain::Whole if start.edge == Edge::Included => Bound {
                at: first_after(&below.bound)?,
                edge: Edge::Included,
            },
            Grain::Whole => Bound {
                at: first_after(&below.bound)?.sub(&Exact::ONE).ok()?,
                edge: Edge::Excluded,
            },
            Grain::Fine => Bound {
                at: below.bound.at.clone(),
                edge: meeting(below.bound.edge),
            },
        };
        let number = self.told_bound(between, &wanted.at);
        if wanted.edge == start.edge {
            return Some(Fix::replace(title, start.value_span, number));
        }
        let word = lower_word(self.sources.language(start.span.file), wanted.edge);
        Some(Fix::replace(title, start.span, format!("{word} {number}")))
    }

    fn told_bound(&self, between: &Between<'_>, number: &Exact) -> String {
        show(&self.program, between.input.ty.scalar, number)
    }
}

/// Finds the column in which a point stands for texts that no row names.
fn open_text<'a>(subject: &Subject<'a>, cut: &Cut, point: &Point) -> Option<&'a Input> {
    let mut columns = subject.inputs.iter().zip(&cut.axes).zip(point);
    let found = columns.find(|((_, axis), slot)| axis.sample(**slot) == Sample::OtherText);
    found.map(|((input, _), _)| input)
}

/// Finds a column along which rows that match the point everywhere else end below it and begin above it.
fn beside<'a>(subject: &Subject<'a>, cut: &'a Cut, point: &Point) -> Option<Between<'a>> {
    let columns = subject.inputs.iter().zip(&cut.axes).enumerate();
    let ordered = columns.filter(|(_, (_, axis))| axis.grain().is_some());
    let mut found: Vec<Between<'a>> = Vec::new();
    for (column, (input, axis)) in ordered {
        let Some(Sample::Number(at)) = point.get(column).map(|slot| axis.sample(*slot)) else {
            continue;
        };
        let rows: Vec<&ReadRow> = matching_elsewhere(subject, cut, point, column);
        let below = rows
            .iter()
            .filter_map(|row| end_below(row, column, &at))
            .max_by(|a, b| a.bound.at.cmp(&b.bound.at));
        let above = rows
            .iter()
            .filter_map(|row| start_above(row, column, &at))
            .min_by(|a, b| a.bound.at.cmp(&b.bound.at));
        if below.is_some() && above.is_some() {
            return Some(Between {
                axis,
                input,
                below,
                above,
            });
        }
        if below.is_some() || above.is_some() {
            found.push(Between {
                axis,
                input,
                below,
                above,
            });
        }
    }
    found.into_iter().next()
}

fn matching_elsewhere<'a>(
    subject: &Subject<'a>,
    cut: &Cut,
    point: &Point,
    column: usize,
) -> Vec<&'a ReadRow> {
    let matches = |region: &super::cover::Region| {
        let sides = region.0.iter().zip(point).enumerate();
        sides
            .filter(|(axis, _)| *axis != column)
            .all(|(_, (side, slot))| side.contains(*slot))
    };
    let rows = subject.rows.iter().zip(&cut.regions);
    rows.filter(|(_, region)| matches(region))
        .map(|(row, _)| row)
        .collect()
}

fn end_below<'a>(row: &'a ReadRow, column: usize, at: &Exact) -> Option<Neighbour<'a>> {
    let cell = row.cells.get(column)?;
    let (bound, span) = match &cell.cell {
        Cell::Interval { upper, .. } => (
            upper.clone()?,
            cell.ends.1.as_ref().map_or(cell.span, |side| side.span),
        ),
        Cell::OneOf(values) => {
            let greatest = values
                .iter()
                .filter_map(number_of)
                .filter(|number| number < at)
                .max()?;
            (
                Bound {
                    at: greatest,
                    edge: Edge::Included,
                },
                cell.span,
            )
        }
        Cell::Any | Cell::Missing => return None,
    };
    (bound.at <= *at).then_some(Neighbour {
        row,
        column,
        bound,
        span,
    })
}

fn start_above<'a>(row: &'a ReadRow, column: usize, at: &Exact) -> Option<Neighbour<'a>> {
    let cell = row.cells.get(column)?;
    let (bound, span) = match &cell.cell {
        Cell::Interval { lower, .. } => (
            lower.clone()?,
            cell.ends.0.as_ref().map_or(cell.span, |side| side.span),
        ),
        Cell::OneOf(values) => {
            let least = values
                .iter()
                .filter_map(number_of)
                .filter(|number| number > at)
                .min()?;
            (
                Bound {
                    at: least,
                    edge: Edge::Included,
                },
                cell.span,
            )
        }
        Cell::Any | Cell::Missing => return None,
    };
    (bound.at >= *at).then_some(Neighbour {
        row,
        column,
        bound,
        span,
    })
}

/// Gives the first whole number after an upper end.
fn first_after(end: &Bound) -> Option<Exact> {
    match end.edge {
        Edge::Included => end.at.add(&Exact::ONE).ok(),
        Edge::Excluded => Some(end.at.clone()),
    }
}

/// Gives the last whole number before a lower end.
fn last_before(start: &Bound) -> Option<Exact> {
    match start.edge {
        Edge::Included => start.at.sub(&Exact::ONE).ok(),
        Edge::Excluded => Some(start.at.clone()),
    }
}
