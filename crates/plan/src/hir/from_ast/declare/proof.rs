//! The proof that a decision table gives exactly one answer, or a point for which it does not.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, text};

use super::axis::{Axis, Sample};
use super::cells::ReadRow;
use super::cover::{
    MAX_AXES, MAX_STEPS, Overlap, Point, Region, TooLarge, hole, hole_between_disjoint, overlap,
};
use super::words::{show, show_value};
use crate::hir::from_ast::Checker;
use crate::hir::{Hit, Input};

/// Is a table to be proven.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Where the name stands.
    pub(super) at: Span,
    /// The condition columns.
    pub(super) inputs: &'a [Input],
    /// The rows, all of them without fault.
    pub(super) rows: &'a [ReadRow],
    /// What happens when several rows match.
    pub(super) hit: Hit,
    /// Whether some row must match every value.
    pub(super) needs_cover: bool,
}

/// Is a table cut into slots.
pub(super) struct Cut {
    /// The columns.
    pub(super) axes: Vec<Axis>,
    /// The rows.
    pub(super) regions: Vec<Region>,
}

impl Cut {
    /// Gives everything that the columns can be.
    pub(super) fn whole(&self) -> Region {
        let sizes = self.axes.iter().map(Axis::size);
        Region(sizes.map(super::cover::SlotSet::first_slots).collect())
    }
}

impl Checker<'_> {
    /// Proves that a table gives one answer everywhere; reports a counterexample otherwise.
    pub(super) fn prove_table(&mut self, subject: &Subject<'_>) {
        if subject
            .inputs
            .iter()
            .any(|input| input.ty.scalar == crate::types::Scalar::Faulty)
        {
            return;
        }
        let cut = self.cut_table(subject);
        if !self.every_row_matches_something(subject, &cut) {
            return;
        }
        let budget = self.proof_steps.min(MAX_STEPS);
        let mut steps = budget;
        let proven = match subject.hit {
            _ if subject.inputs.len() > MAX_AXES => Err(TooLarge),
            Hit::Unique => self.prove_unique(subject, &cut, &mut steps),
            Hit::First => self.prove_first(subject, &cut, &mut steps),
            Hit::Every => self.prove_cover(subject, &cut, &mut steps),
        };
        self.proof_steps = self.proof_steps.saturating_sub(budget.saturating_sub(steps));
        if proven.is_err() {
            self.push_too_large(subject);
        }
    }

    /// Cuts a table into slots.
    pub(super) fn cut_table(&self, subject: &Subject<'_>) -> Cut {
        let column = |at: usize| {
            subject
                .rows
                .iter()
                .filter_map(move |row| row.cells.get(at))
                .map(|cell| &cell.cell)
        };
        let inputs = subject.inputs.iter().enumerate();
        let axes: Vec<Axis> = inputs
            .map(|(at, input)| Axis::new(&self.program, input, column(at)))
            .collect();
        let region = |row: &ReadRow| {
            Region(
                axes.iter()
                    .zip(&row.cells)
                    .map(|(axis, cell)| axis.slots(&cell.cell))
                    .collect(),
            )
        };
        let regions = subject.rows.iter().map(region).collect();
        Cut { axes, regions }
    }

    /// Reports conditions that match nothing, as they lie outside the domain of their column.
    pub(super) fn every_row_matches_something(&mut self, subject: &Subject<'_>, cut: &Cut) -> bool {
        let mut is_sound = true;
        for (row, region) in subject.rows.iter().zip(&cut.regions) {
            for ((cell, side), input) in row.cells.iter().zip(&region.0).zip(subject.inputs) {
                if side.is_empty() {
                    is_sound = false;
                    self.push_outside(cell.span, input);
                }
            }
        }
        is_sound
    }

    fn push_outside(&mut self, at: Span, input: &Input) {
        let name = &input.naming.name;
        let title = text!(
            "no value of \"{name}\" matches this cell",
            "“{name}”没有与此单元格相符的值"
        );
        let fault =
            Diagnostic::error(Code::E0309, title).primary(at, text!("matches nothing", "不匹配任何值"));
        let heading = text!("the values it can have are said here", "可取的值写于此处");
        self.sink.push(fault.secondary(input.naming.span, heading));
    }

    fn prove_unique(&mut self, subject: &Subject<'_>, cut: &Cut, steps: &mut u64) -> Result<(), TooLarge> {
        if let Some(found) = overlap(cut.axes.len(), &cut.regions, steps)? {
            self.push_overlap(subject, cut, &found);
            return self.prove_cover(subject, cut, steps);
        }
        let sizes: Vec<u32> = cut.axes.iter().map(Axis::size).collect();
        if let Some(point) = hole_between_disjoint(&sizes, &cut.regions)? {
            self.push_hole(subject, cut, &point);
        }
        Ok(())
    }

    fn prove_first(&mut self, subject: &Subject<'_>, cut: &Cut, steps: &mut u64) -> Result<(), TooLarge> {
        self.prove_cover(subject, cut, steps)?;
        for (at, region) in cut.regions.iter().enumerate() {
            let above: Vec<&Region> = cut.regions.iter().take(at).collect();
            if hole(region, &above, steps)?.is_none() {
                self.push_unreachable(subject, cut, at);
            }
        }
        Ok(())
    }

    fn prove_cover(&mut self, subject: &Subject<'_>, cut: &Cut, steps: &mut u64) -> Result<(), TooLarge> {
        if !subject.needs_cover {
            return Ok(());
        }
        let whole = cut.whole();
        let rows: Vec<&Region> = cut.regions.iter().collect();
        if let Some(point) = hole(&whole, &rows, steps)? {
            self.push_hole(subject, cut, &point);
        }
        Ok(())
    }

    fn push_overlap(&mut self, subject: &Subject<'_>, cut: &Cut, found: &Overlap) {
        let (name, example) = (subject.name, self.told_point(subject, cut, &found.point));
        let title =
            text!("table \"{name}\" has two rows for {example}", "表“{name}”在 {example} 时有两行"; example);
        let place = |row: usize| subject.rows.get(row).map_or(subject.at, conditions_span);
        if is_grades(name) {
            let title = text!("two grades are given for {example}", "{example} 有两个等级"; example);
            let fault = Diagnostic::error(Code::E0507, title)
                .secondary(place(found.earlier), text!("this grade", "这个等级"))
                .primary(place(found.later), text!("and this one", "还有这个"));
            return self.sink.push(fault);
        }
        self.sink.push(
            Diagnostic::error(Code::E0301, title)
                .secondary(place(found.earlier), text!("this row matches", "此行匹配"))
                .primary(place(found.later), text!("and so does this one", "此行也匹配"))
                .note(text!(
                    "Only one row may match, since nothing says which of two counts.",
                    "只能有一行匹配，因为没有规定两行中取哪一行。"
                ))
                .fix(Fix::advice(
                    text!(
                        "narrow one of the rows, or let the first one count",
                        "缩小其中一行，或者以首条为准"
                    ),
                    text!("table {name} first", "表 {name} 首条"),
                )),
        );
    }

    fn push_unreachable(&mut self, subject: &Subject<'_>, cut: &Cut, at: usize) {
        let (Some(row), Some(region)) = (subject.rows.get(at), cut.regions.get(at)) else {
            return;
        };
        let name = subject.name;
        let title = text!(
            "a row of table \"{name}\" is never reached",
            "表“{name}”有一行永远用不到"
        );
        let mut fault = Diagnostic::error(Code::E0312, title)
            .primary(conditions_span(row), text!("never reached", "永远用不到"));
        let above = cut
            .regions
            .iter()
            .take(at)
            .position(|other| other.contains(region));
        if let Some(above) = above.and_then(|above| subject.rows.get(above)) {
            fault = fault.secondary(conditions_span(above), text!("takes all of it", "已全部包含"));
        }
        self.sink.push(fault.note(text!(
            "Every value that it matches is taken by a row above it.",
            "它匹配的每个值都已被上面的行取走。"
        )));
    }

    fn push_too_large(&mut self, subject: &Subject<'_>) {
        let name = subject.name;
        let title = text!(
            "table \"{name}\" is too tangled to be shown complete",
            "表“{name}”过于复杂，无法证明完整"
        );
        self.sink.push(
            Diagnostic::error(Code::E0315, title)
                .primary(subject.at, text!("the proof would take too long", "证明耗时过长"))
                .note(text!(
                    "Rows that overlap in many columns are slow to prove. Split the table, or make its rows unique.",
                    "在许多列上重叠的行很难证明。请拆分此表，或使各行互不重叠。"
                )),
        );
    }

    /// Says which values a point stands for: `tenure = 3, region is East`.
    pub(super) fn told_point(&self, subject: &Subject<'_>, cut: &Cut, point: &Point) -> Text {
        let parts = subject.inputs.iter().zip(&cut.axes).zip(point);
        let told = parts.filter(|((_, axis), _)| axis.size() > 1);
        let said: Vec<Text> = told
            .map(|((input, axis), slot)| self.told_sample(input, &axis.sample(*slot)))
            .collect();
        if said.is_empty() {
            return text!("any value", "任何值");
        }
        let join =
            |words: fn(&Text) -> &str, comma: &str| said.iter().map(words).collect::<Vec<_>>().join(comma);
        Text {
            en: join(|said| &said.en, ", "),
            zh: join(|said| &said.zh, "，"),
        }
    }

    fn told_sample(&self, input: &Input, sample: &Sample) -> Text {
        let name = &input.naming.name;
        match sample {
            Sample::Missing => text!("{name} is missing", "{name} 为缺失"),
            Sample::OtherText => text!("{name} = any other text", "{name} = 其他文本"),
            Sample::Number(number) => {
                let shown = show(&self.program, input.ty.scalar, number);
                text!("{name} = {shown}", "{name} = {shown}")
            }
            Sample::Value(value) => {
                let shown = show_value(&self.program, input.ty.scalar, value);
                if let crate::hir::Value::Text(_) = value {
                    text!("{name} = {shown}", "{name} = {shown}"; shown)
                } else {
                    text!("{name} is {shown}", "{name} 为{shown}"; shown)
                }
            }
        }
    }
}

/// Covers the conditions of a row.
pub(super) fn conditions_span(row: &ReadRow) -> Span {
    let ends = row.cells.first().zip(row.cells.last());
    ends.map_or(row.span, |(first, last)| first.span.to(last.span))
}

/// Says whether a table is made of the grades of a scorecard: no author can have given it its name.
pub(super) fn is_grades(name: &str) -> bool {
    name.starts_with(super::super::blocks::GRADES)
}
