//! Grids of records in tests.

use std::sync::Arc;

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use crate::hir::expr::Value;
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::Env;
use crate::hir::from_ast::expr::fits;
use crate::hir::test::{Given, GivenRow};
use crate::resolve::Declared;
use crate::types::{FieldId, Scalar, TableId, Ty};

/// The longest chain of records whose key is another record.
const MAX_KEY_CHAIN: usize = 8;

impl Checker<'_> {
    /// Reads a grid: columns by name or second name, cells by the types of their fields.
    pub(super) fn given(&mut self, env: &Env, tree: &ast::Given) -> Option<Given> {
        let table = if let Some(Declared::Rates(_, table)) = self.declared(&tree.data) {
            table
        } else {
            self.source_table(env, &tree.data)?
        };
        let columns: Vec<Option<FieldId>> = tree
            .columns
            .iter()
            .map(|column| self.grid_column(table, column))
            .collect();
        self.refuse_repeated(&columns, tree);
        self.require_key(table, &columns, tree);
        let fields: Vec<FieldId> = columns.iter().flatten().copied().collect();
        let mut rows = Vec::new();
        for row in &tree.rows {
            let mut cells = Vec::new();
            for (column, cell) in columns.iter().zip(&row.cells) {
                if let Some(field) = column {
                    cells.push(self.cell_value(env, table, *field, cell));
                }
            }
            if cells.len() == fields.len() {
                rows.push(GivenRow {
                    cells,
                    span: row.span,
                });
            }
        }
        Some(Given {
            table,
            fields,
            rows,
            span: tree.span,
        })
    }

    fn grid_column(&mut self, table: TableId, column: &ast::Name) -> Option<FieldId> {
        let found = self.field_named(table, &column.text);
        if found.is_none() {
            let (of, written) = (self.table_name(table), &column.text);
            let message = Diagnostic::error(
                Code::E0209,
                text!("\"{of}\" has no field \"{written}\"", "“{of}”没有字段“{written}”"),
            )
            .primary(column.span, Text::default());
            let fields = self.program.table(table).map(|found| &found.fields);
            let known = fields
                .into_iter()
                .flatten()
                .map(|field| field.naming.name.as_str());
            let fix = self.nearest(written, column.span, known);
            self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        }
        found
    }

    fn table_name(&self, table: TableId) -> String {
        self.program
            .table(table)
            .map_or_else(String::new, |found| found.naming.name.clone())
    }

    fn refuse_repeated(&mut self, columns: &[Option<FieldId>], tree: &ast::Given) {
        for (at, (column, name)) in columns.iter().zip(&tree.columns).enumerate() {
            if column.is_some() && columns.iter().take(at).any(|earlier| earlier == column) {
                let written = &name.text;
                self.sink.push(
                    Diagnostic::error(
                        Code::E0216,
                        text!("the column \"{written}\" stands here twice", "列“{written}”重复"),
                    )
                    .primary(name.span, Text::default()),
                );
            }
        }
    }

    fn require_key(&mut self, table: TableId, columns: &[Option<FieldId>], tree: &ast::Given) {
        let key = self
            .program
            .table(table)
            .map_or_else(Vec::new, |found| found.key.clone());
        for field in key.iter().filter(|field| !columns.contains(&Some(**field))) {
            let name = self
                .field_at(Scalar::Row(table), *field)
                .map(|field| field.naming.name.clone());
            let (of, name) = (self.table_name(table), name.unwrap_or_default());
            self.sink.push(
                Diagnostic::error(
                    Code::E0215,
                    text!(
                        "the key \"{name}\" of \"{of}\" is missing",
                        "缺少“{of}”的主键“{name}”"
                    ),
                )
                .primary(
                    tree.data.span,
                    text!("every record needs its key", "每条记录都需要主键"),
                ),
            );
        }
    }

    fn cell_value(&mut self, env: &Env, table: TableId, field: FieldId, cell: &ast::GivenCell) -> Value {
        let Some(ty) = self.field_at(Scalar::Row(table), field).map(|field| field.ty) else {
            return Value::Missing;
        };
        match &cell.kind {
            ast::GivenCellKind::Missing => {
                self.refuse_missing(table, field, ty, cell.span);
                Value::Missing
            }
            ast::GivenCellKind::Word(word) => self.word_cell(env, ty.scalar, &word.text, cell.span, 0),
            ast::GivenCellKind::Literal(literal) => self.grid_literal(env, ty.scalar, literal),
        }
    }

    fn refuse_missing(&mut self, table: TableId, field: FieldId, ty: Ty, span: Span) {
        if ty.is_optional() {
            return;
        }
        let found = self.field_at(Scalar::Row(table), field);
        let (name, declared) = found.map_or((String::new(), span), |field| {
            (field.naming.name.clone(), field.naming.span)
        });
        self.sink.push(
            Diagnostic::error(
                Code::E0214,
                text!("\"{name}\" may not be missing", "“{name}”不可缺失"),
            )
            .primary(span, Text::default())
            .secondary(
                declared,
                text!("declared here without \"?\"", "此处声明时没有“?”"),
            ),
        );
    }

    pub(super) fn grid_literal(&mut self, env: &Env, scalar: Scalar, literal: &ast::Literal) -> Value {
        match (scalar, &literal.kind) {
            (Scalar::Row(_), ast::LiteralKind::Text(words)) => {
                self.word_cell(env, scalar, words, literal.span, 0)
            }
            (Scalar::Row(_), _) => self.word_cell(env, scalar, &literal.written, literal.span, 0),
            (Scalar::Text, ast::LiteralKind::Text(words)) => Value::Text(Arc::from(words.as_str())),
            (Scalar::Text, _) => Value::Text(Arc::from(literal.written.as_str())),
            (Scalar::Enum(_), ast::LiteralKind::Text(words)) => {
                self.word_cell(env, scalar, words, literal.span, 0)
            }
            (_, _) => {
                let (value, kind) = self.literal_value(env, literal, Some(scalar));
                let is_amount = scalar == Scalar::MoneyInColumn
                    && matches!(kind, Scalar::Money(_) | Scalar::Int | Scalar::Number);
                if !fits(kind, scalar) && !is_amount {
                    self.push_wrong_cell(kind, scalar, literal.span);
                }
                value.unwrap_or(Value::Missing)
            }
        }
    }

    pub(super) fn word_cell(
        &mut self,
        env: &Env,
        scalar: Scalar,
        word: &str,
        span: Span,
        depth: usize,
    ) -> Value {
        let found = match scalar {
            Scalar::Text => Some(Value::Text(Arc::from(word))),
            Scalar::Enum(id) => match self.value_named(id, word) {
                Some(value) => Some(Value::Enum(id, value)),
                None => return self.push_no_enum_value(scalar, word, span),
            },
            Scalar::Row(table) if depth < MAX_KEY_CHAIN => match self.key_fields(table).as_slice() {
                [key] => {
                    let inner = self
                        .field_at(Scalar::Row(table), *key)
                        .map_or(Scalar::Text, |field| field.ty.scalar);
                    return self.word_cell(env, inner, word, span, depth.saturating_add(1));
                }
                _ => None,
            },
            Scalar::Int | Scalar::Number => crate::number::Exact::parse_decimal(word).ok().map(Value::Number),
            Scalar::Period(unit) => self
                .program
                .calendar(env.calendar)
                .and_then(|calendar| calendar.parse_label(unit, word).ok())
                .map(Value::Period),
            Scalar::Date => crate::calendar::Date::parse(word).ok().map(Value::Date),
            Scalar::Row(_)
            | Scalar::Bool
            | Scalar::Percent
            | Scalar::Money(_)
            | Scalar::MoneyInColumn
            | Scalar::Points
            | Scalar::Days
            | Scalar::Faulty => None,
        };
        if found.is_none() && scalar != Scalar::Faulty {
            self.push_wrong_word_cell(scalar, word, span);
        }
        found.unwrap_or(Value::Missing)
    }

    /// Reports a word that an enum does not list, with the value that was probably meant.
    pub(in crate::hir::from_ast) fn push_no_enum_value(
        &mut self,
        scalar: Scalar,
        word: &str,
        span: Span,
    ) -> Value {
        let kind = self.kind_name(scalar);
        let message = Diagnostic::error(
            Code::E0211,
            text!("\"{word}\" is no {kind}", "“{word}”不是{kind}的值"; kind),
        )
        .primary(span, Text::default());
        let Scalar::Enum(id) = scalar else {
            return Value::Missing;
        };
        let values = self.program.enumeration(id).map(|found| &found.values);
        let known = values.into_iter().flatten().map(|value| value.name.as_str());
        let fix = self.nearest(word, span, known);
        self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        Value::Missing
    }

    fn push_wrong_word_cell(&mut self, scalar: Scalar, word: &str, span: Span) {
        let kind = self.a_kind(scalar);
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("\"{word}\" is not {kind}", "“{word}”不是{kind}"; kind),
            )
            .primary(span, kind),
        );
    }

    fn push_wrong_cell(&mut self, kind: Scalar, scalar: Scalar, span: Span) {
        let (found, wanted) = (self.a_kind(kind), self.a_kind(scalar));
        let code = match (kind, scalar) {
            (Scalar::Money(_), Scalar::Money(_)) => Code::E0203,
            (_, _) => Code::E0201,
        };
        self.sink.push(
            Diagnostic::error(
                code,
                text!("this column holds {wanted}, not {found}", "此列是{wanted}，而不是{found}"; wanted, found),
            )
            .primary(span, found),
        );
    }
}

/// Gives the text by which a key is written as a word.
pub(super) fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(words) => Some(words.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Date(day) => Some(day.to_string()),
        Value::Bool(_) | Value::Period(_) | Value::Enum(..) | Value::Missing => None,
    }
}
