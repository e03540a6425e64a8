//! The responses of a warning: a table over the style of supervision and the level, with one row for each of both.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::axis::Sample;
use super::cells::ReadRow;
use super::cover::{MAX_STEPS, Overlap, Point, TooLarge, hole, overlap};
use super::proof::{Cut, Subject, conditions_span};
use super::words::{show, show_value};
use crate::hir::from_ast::{Checker, plain_naming};
use crate::hir::{Combine, Decision, DecisionRow, DecisionVersion, Effective, Hit, Input, Output, Value};
use crate::number::Exact;
use crate::types::{DecisionId, Scalar, Ty};

impl Checker<'_> {
    /// Declares the responses of a warning: a table that gives the number of the row, from 1.
    pub(in crate::hir::from_ast) fn responses(
        &mut self,
        name: &str,
        at: Span,
        inputs: [Input; 2],
        rows: &[ast::RespondRow],
    ) -> DecisionId {
        let read = (1..)
            .zip(rows)
            .filter_map(|(number, row)| self.response(number, row, &inputs));
        let read: Vec<ReadRow> = read.collect();
        if read.len() == rows.len() {
            self.prove_responses(&Subject {
                name,
                at,
                inputs: &inputs,
                rows: &read,
                hit: Hit::Unique,
                needs_cover: true,
            });
        }
        let output = Output {
            naming: plain_naming("response", at),
            ty: Ty::always(Scalar::Int),
            combine: Combine::Single,
        };
        let id = DecisionId::at(self.program.decisions.len());
        self.program.decisions.push(Decision {
            naming: plain_naming(name, at),
            inputs: inputs.into(),
            outputs: vec![output],
            hit: Hit::Unique,
            versions: vec![DecisionVersion {
                effective: Effective::default(),
                rows: read
                    .into_iter()
                    .map(ReadRow::into_row)
                    .collect::<Vec<DecisionRow>>(),
            }],
        });
        id
    }

    fn response(&mut self, number: i64, row: &ast::RespondRow, inputs: &[Input; 2]) -> Option<ReadRow> {
        let [style, level] = inputs;
        let style = self.table_cell(&row.style, style);
        let level = self.table_cell(&row.level, level);
        Some(ReadRow {
            cells: vec![style?, level?],
            outputs: vec![Value::Number(Exact::from_i64(number))],
            span: row.span,
        })
    }

    fn prove_responses(&mut self, subject: &Subject<'_>) {
        let cut = self.cut_table(subject);
        if !self.every_row_matches_something(subject, &cut) {
            return;
        }
        let mut steps = MAX_STEPS;
        // Two columns are never too large to be proven.
        let proof = self.overlap_and_hole(&cut, &mut steps);
        let Ok((twice, lacking)) = proof else { return };
        if let Some(twice) = twice {
            self.push_two_responses(subject, &cut, &twice);
        }
        if let Some(lacking) = lacking {
            self.push_no_response(subject, &cut, &lacking);
        }
    }

    fn overlap_and_hole(
        &self,
        cut: &Cut,
        steps: &mut u64,
    ) -> Result<(Option<Overlap>, Option<Point>), TooLarge> {
        let twice = overlap(cut.axes.len(), &cut.regions, steps)?;
        let whole = cut.whole();
        let rows: Vec<_> = cut.regions.iter().collect();
        Ok((twice, hole(&whole, &rows, steps)?))
    }

    fn push_two_responses(&mut self, subject: &Subject<'_>, cut: &Cut, found: &Overlap) {
        let (name, example) = (subject.name, self.told_point(subject, cut, &found.point));
        let title = text!("the warning \"{name}\" has two responses for {example}", "预警“{name}”在 {example} 时有两种处置"; example);
        let place = |row: usize| subject.rows.get(row).map_or(subject.at, conditions_span);
        self.sink.push(
            Diagnostic::error(Code::E0509, title)
                .secondary(place(found.earlier), text!("this row matches", "此行匹配"))
                .primary(place(found.later), text!("and so does this one", "此行也匹配")),
        );
    }

    fn push_no_response(&mut self, subject: &Subject<'_>, cut: &Cut, point: &Point) {
        let (name, example) = (subject.name, self.told_point(subject, cut, point));
        let title = text!("the warning \"{name}\" has no response for {example}", "预警“{name}”没有 {example} 时的处置"; example);
        let cells = cut.axes.iter().zip(subject.inputs).zip(point);
        let words: Vec<Text> = cells
            .map(|((axis, input), slot)| self.cell_in_words(input, &axis.sample(*slot)))
            .collect();
        let row = |language: fn(&Text) -> &str, record: &str| {
            let cells: Vec<&str> = words.iter().map(language).collect();
            format!("{} -> {record}", cells.join(" | "))
        };
        let row = Text {
            en: row(|word| &word.en, "record"),
            zh: row(|word| &word.zh, "存档"),
        };
        let message = Diagnostic::error(Code::E0509, title)
            .primary(subject.at, text!("no row matches", "没有匹配的行"))
            .note(text!(
                "Every level calls for something under every style, if only for a record.",
                "每种风格下的每个级别都要有处置，哪怕只是存档。"
            ));
        self.sink
            .push(message.fix(Fix::advice(text!("add a row for it", "为它增加一行"), row)));
    }

    fn cell_in_words(&self, input: &Input, sample: &Sample) -> Text {
        match sample {
            Sample::Missing => text!("missing", "缺失"),
            Sample::OtherText => Text::same("-"),
            Sample::Number(number) => Text::same(show(&self.program, input.ty.scalar, number)),
            Sample::Value(value) => show_value(&self.program, input.ty.scalar, value),
        }
    }
}
