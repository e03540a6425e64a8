//! Matrices: tables with two conditions, one for the rows and one for the columns.

use std::collections::BTreeMap;

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::cells::ReadCell;
use super::cells::ReadRow;
use super::names::naming;
use super::proof::Subject;
use super::tables::{Columns, ReadVersion};
use super::versions::Dated;
use super::words::show_value;
use crate::hir::from_ast::Checker;
use crate::hir::{Cell, Combine, Effective, Hit, Input, Output, Value};
use crate::types::Scalar;

impl Checker<'_> {
    /// Reads a matrix as a table of unique rows, one for each of its cells.
    pub(super) fn matrix_version(&mut self, def: &ast::MatrixDef) -> ReadVersion {
        let inputs = vec![self.table_input(&def.rows_by), self.table_input(&def.columns_by)];
        let ty = self.ty(&def.gives);
        let naming = naming(&def.name, def.alias.as_ref());
        let outputs = vec![Output {
            naming,
            ty,
            combine: Combine::Single,
        }];
        let columns = Columns { inputs, outputs };
        let row_heads: Vec<&ast::Cell> = def.rows.iter().map(|row| &row.head).collect();
        let column_heads: Vec<&ast::Cell> = def.columns.iter().collect();
        let heads = [row_heads, column_heads];
        let read: Vec<Vec<Option<ReadCell>>> = heads
            .iter()
            .zip(&columns.inputs)
            .map(|(heads, input)| self.matrix_heads(def, heads, input))
            .collect();
        let rows = match read.as_slice() {
            [row_heads, column_heads] => self.matrix_cells(def, row_heads, column_heads, ty.scalar),
            _ => Vec::new(),
        };
        let effective = def
            .effective
            .as_ref()
            .map_or_else(Effective::default, |range| self.effective(range));
        let span = def.effective.as_ref().map_or(def.name.span, |range| range.span);
        ReadVersion {
            columns,
            hit: Hit::Unique,
            name: def.name.span,
            version: Dated {
                effective,
                span,
                item: rows,
            },
        }
    }

    /// Reads the headings along one side and proves that each value has exactly one.
    fn matrix_heads(
        &mut self,
        def: &ast::MatrixDef,
        heads: &[&ast::Cell],
        input: &Input,
    ) -> Vec<Option<ReadCell>> {
        let read: Vec<Option<ReadCell>> = heads.iter().map(|head| self.table_cell(head, input)).collect();
        let Some(sound) = read.iter().cloned().collect::<Option<Vec<ReadCell>>>() else {
            return read;
        };
        match input.ty.scalar {
            Scalar::Enum(_) | Scalar::Bool if !input.ty.is_optional() => self.prove_heads(def, &sound, input),
            Scalar::Faulty => {}
            Scalar::Enum(_)
            | Scalar::Bool
            | Scalar::Int
            | Scalar::Number
            | Scalar::Percent
            | Scalar::Money(_)
            | Scalar::MoneyInColumn
            | Scalar::Points
            | Scalar::Date
            | Scalar::Period(_)
            | Scalar::Days
            | Scalar::Text
            | Scalar::Row(_) => {
                let row = |cell: ReadCell| ReadRow {
                    span: cell.span,
                    cells: vec![cell],
                    outputs: Vec::new(),
                };
                let rows: Vec<ReadRow> = sound.into_iter().map(row).collect();
                let (name, at, hit) = (&def.name.text, def.name.span, Hit::Unique);
                self.prove_table(&Subject {
                    name,
                    at,
                    inputs: std::slice::from_ref(input),
                    rows: &rows,
                    hit,
                    needs_cover: true,
                });
            }
        }
        read
    }

    /// Names the value that has no heading or two.
    fn prove_heads(&mut self, def: &ast::MatrixDef, heads: &[ReadCell], input: &Input) {
        let all = self.all_values(input.ty.scalar);
        let mut places: BTreeMap<usize, Span> = BTreeMap::new();
        for head in heads {
            for at in matched(&all, &head.cell) {
                match places.get(&at) {
                    Some(first) => self.push_heading_twice(def, &all, at, (*first, head.span)),
                    None => {
                        places.insert(at, head.span);
                    }
                }
            }
        }
        let missing: Vec<Value> = all
            .iter()
            .enumerate()
            .filter(|(at, _)| !places.contains_key(at))
            .map(|(_, value)| value.clone())
            .collect();
        if !missing.is_empty() {
            self.push_missing(def, &missing, input);
        }
    }

    fn all_values(&self, scalar: Scalar) -> Vec<Value> {
        if let Scalar::Enum(id) = scalar {
            let count = self.program.enumeration(id).map_or(0, |def| def.values.len());
            return (0..).take(count).map(|at| Value::Enum(id, at)).collect();
        }
        vec![Value::Bool(false), Value::Bool(true)]
    }

    fn push_heading_twice(
        &mut self,
        def: &ast::MatrixDef,
        all: &[Value],
        at: usize,
        (first, again): (Span, Span),
    ) {
        let name = &def.name.text;
        let value = all.get(at).map_or_else(Text::default, |value| {
            show_value(&self.program, Scalar::Faulty, value)
        });
        let title = text!("matrix \"{name}\" has {value} twice", "矩阵“{name}”有两个{value}"; value);
        let fault = Diagnostic::error(Code::E0316, title).secondary(first, text!("first here", "首次于此"));
        self.sink
            .push(fault.primary(again, text!("again here", "再次于此")));
    }

    fn push_missing(&mut self, def: &ast::MatrixDef, missing: &[Value], input: &Input) {
        let (name, column) = (&def.name.text, &input.naming.name);
        let shown: Vec<Text> = missing
            .iter()
            .map(|value| show_value(&self.program, Scalar::Faulty, value))
            .collect();
        let join =
            |words: fn(&Text) -> &str, comma: &str| shown.iter().map(words).collect::<Vec<_>>().join(comma);
        let values = Text {
            en: join(|value| &value.en, ", "),
            zh: join(|value| &value.zh, "、"),
        };
        let is_row = def.rows_by.name.span == input.naming.span;
        let (title, add) = if is_row {
            (
                text!("matrix \"{name}\" has no row for {values}", "矩阵“{name}”没有{values}这一行"; values),
                text!("add a row for each", "为每个值增加一行"),
            )
        } else {
            (
                text!("matrix \"{name}\" has no column for {values}", "矩阵“{name}”没有{values}这一列"; values),
                text!("add a column for each", "为每个值增加一列"),
            )
        };
        let fault = Diagnostic::error(Code::E0316, title);
        let label = text!("{column} can be {values}", "{column}可以为{values}"; values);
        self.sink.push(
            fault
                .primary(input.naming.span, label)
                .fix(Fix::advice(add, values)),
        );
    }

    fn matrix_cells(
        &mut self,
        def: &ast::MatrixDef,
        row_heads: &[Option<ReadCell>],
        column_heads: &[Option<ReadCell>],
        scalar: Scalar,
    ) -> Vec<ReadRow> {
        let mut rows = Vec::new();
        for (row, row_head) in def.rows.iter().zip(row_heads) {
            if row.values.len() != column_heads.len() {
                let title = text!(
                    "this row has not one cell for each column",
                    "此行的单元格与列数不符"
                );
                self.sink
                    .push(Diagnostic::error(Code::E0113, title).primary(row.span, Text::default()));
            }
            for (value, column_head) in row.values.iter().zip(column_heads) {
                let folded = self.fold_as(value, scalar, Code::E0313);
                if let (Some(row_head), Some(column_head), Some(folded)) = (row_head, column_head, folded) {
                    let cells = vec![row_head.clone(), column_head.clone()];
                    rows.push(ReadRow {
                        cells,
                        outputs: vec![folded],
                        span: value.span,
                    });
                }
            }
        }
        rows
    }
}

/// Gives the positions of the values that a heading matches.
fn matched(all: &[Value], cell: &Cell) -> Vec<usize> {
    match cell {
        Cell::Any => (0..all.len()).collect(),
        Cell::OneOf(values) => values
            .iter()
            .filter_map(|value| all.iter().position(|one| one == value))
            .collect(),
        Cell::Missing | Cell::Interval { .. } => Vec::new(),
    }
}
