//! Sheets beside the rule file: rows of tiers, first days of periods.
//!
//! A sheet is read with the rules, not with the data, so that its rows are proven like those written out.

use guerdon_syntax::sheet::{Sheet, SheetCell, SheetRow};
use guerdon_syntax::source::is_sheet;
use guerdon_syntax::{Code, Diagnostic, FileId, Span, Text, ast, suggest, text};

use crate::hir::from_ast::Checker;
use crate::resolve::path_from;

/// Names a column of tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    From,
    Above,
    Below,
    Through,
    At,
    Value,
    Amount,
    Rate,
}

/// The headings that columns of tiers may have.
const HEADINGS: [(&str, Column); 17] = [
    ("from", Column::From),
    ("满", Column::From),
    ("above", Column::Above),
    ("超过", Column::Above),
    ("below", Column::Below),
    ("不满", Column::Below),
    ("through", Column::Through),
    ("不超过", Column::Through),
    ("至", Column::Through),
    ("at", Column::At),
    ("点", Column::At),
    ("value", Column::Value),
    ("值", Column::Value),
    ("amount", Column::Amount),
    ("金额", Column::Amount),
    ("rate", Column::Rate),
    ("费率", Column::Rate),
];

/// The headings that a column of first days may have.
const START_HEADINGS: [&str; 2] = ["start", "起始日"];

impl Checker<'_> {
    /// Says whether a place is in a sheet, where fixes cannot write words of the language.
    pub(super) fn is_in_sheet(&self, at: Span) -> bool {
        is_sheet(self.sources.name(at.file))
    }

    /// Reads the rows of tiers from a sheet, as if they were written out; gives nothing where it cannot be used.
    ///
    /// The columns are `from` or `above`, `below` or `through`, or `at` for points; and `value`, or `amount` and
    /// `rate`. An empty cell of a bound leaves that end open.
    pub(super) fn tier_sheet(&mut self, path: &ast::Quoted) -> Option<Vec<ast::TierRow>> {
        let sheet = self.sheet(path)?;
        let columns = self.tier_columns(path, &sheet)?;
        let rows: Vec<Option<ast::TierRow>> = sheet
            .rows
            .iter()
            .map(|row| self.sheet_row(&columns, row))
            .collect();
        rows.into_iter().collect()
    }

    /// Reads the first days of periods from a sheet: its column `start`, or its only column.
    pub(super) fn period_sheet(&mut self, path: &ast::Quoted) -> Option<Vec<ast::Literal>> {
        self.day_sheet(path, &START_HEADINGS)
    }

    /// Reads days from a sheet: the column with one of the headings, or its only column.
    pub(super) fn day_sheet(&mut self, path: &ast::Quoted, wanted: &[&str]) -> Option<Vec<ast::Literal>> {
        let sheet = self.sheet(path)?;
        let named = sheet
            .headings
            .iter()
            .position(|heading| wanted.contains(&heading.text.as_str()));
        let only = (sheet.headings.len() == 1).then_some(0);
        let Some(column) = named.or(only) else {
            return self.push_no_column(path, &sheet, wanted.first().unwrap_or(&""));
        };
        let cells = sheet.rows.iter().filter_map(|row| row.cells.get(column));
        let days: Vec<Option<ast::Literal>> =
            cells.map(|cell| cell.literal(self.sources, self.sink)).collect();
        days.into_iter().collect()
    }

    fn sheet(&mut self, path: &ast::Quoted) -> Option<Sheet> {
        let Some(file) = self.sheet_file(path) else {
            self.push_no_sheet(path);
            return None;
        };
        let before = self.sink.errors();
        let sheet = Sheet::read(self.sources, file, self.sink);
        (self.sink.errors() == before).then_some(sheet)
    }

    fn sheet_file(&self, path: &ast::Quoted) -> Option<FileId> {
        let wanted = path_from(self.sources.name(path.span.file), &path.value);
        let mut files = self.sources.files();
        let found = files.find(|(_, file)| is_sheet(file.name()) && path_from("", file.name()) == wanted);
        found.map(|(id, _)| id)
    }

    fn tier_columns(&mut self, path: &ast::Quoted, sheet: &Sheet) -> Option<Vec<Column>> {
        let mut columns = Vec::new();
        for heading in &sheet.headings {
            let column = self.tier_column(heading)?;
            if columns.contains(&column) {
                return self.push_twice(heading);
            }
            columns.push(column);
        }
        let has = |wanted: &[Column]| wanted.iter().any(|column| columns.contains(column));
        if !has(&[Column::Value, Column::Amount, Column::Rate]) {
            return self.push_no_column(path, sheet, "value");
        }
        if !has(&[
            Column::From,
            Column::Above,
            Column::Below,
            Column::Through,
            Column::At,
        ]) {
            return self.push_no_column(path, sheet, "from");
        }
        let bounds = [Column::From, Column::Above, Column::Below, Column::Through];
        let clash = |one: Column, others: &[Column]| columns.contains(&one) && has(others);
        let has_clash = clash(Column::From, &[Column::Above])
            || clash(Column::Below, &[Column::Through])
            || clash(Column::Value, &[Column::Amount, Column::Rate])
            || clash(Column::At, &bounds);
        if has_clash {
            return self.push_clash(sheet);
        }
        Some(columns)
    }

    fn tier_column(&mut self, heading: &SheetCell) -> Option<Column> {
        let known = HEADINGS.iter().find(|(word, _)| *word == heading.text);
        if let Some((_, column)) = known {
            return Some(*column);
        }
        let word = &heading.text;
        let fault = Diagnostic::error(
            Code::E0209,
            text!("tiers have no column \"{word}\"", "阶梯没有“{word}”这一列"),
        )
        .primary(heading.span, Text::default())
        .note(text!(
            "The columns are from or above, below or through, or at; and value, or amount and rate.",
            "可用的列：满或超过、不满或不超过，或者点；以及值，或者金额与费率。"
        ));
        let words = HEADINGS.iter().map(|(word, _)| *word);
        let fix = suggest::fix(word, heading.span, words);
        self.sink.push(fix.into_iter().fold(fault, Diagnostic::fix));
        None
    }

    fn sheet_row(&mut self, columns: &[Column], row: &SheetRow) -> Option<ast::TierRow> {
        let mut cells: Vec<(Column, ast::Expr)> = Vec::new();
        for (column, cell) in columns.iter().zip(&row.cells) {
            if !cell.is_empty() {
                let literal = cell.literal(self.sources, self.sink)?;
                let span = literal.span;
                let kind = ast::ExprKind::Literal(literal);
                cells.push((*column, ast::Expr { kind, span }));
            }
        }
        let cell = |wanted: Column| {
            let found = cells.iter().find(|(column, _)| *column == wanted);
            found.map(|(_, expr)| expr.clone())
        };
        let (rate, amount) = (cell(Column::Rate), cell(Column::Amount));
        let (value, plus) = match (cell(Column::Value).or(amount), rate) {
            (Some(value), plus) => (value, plus),
            (None, Some(rate)) => (rate, None),
            (None, None) => return self.push_empty(row, "value"),
        };
        let place = match cell(Column::At) {
            Some(point) => ast::TierPlace::At(point),
            None if columns.contains(&Column::At) => return self.push_empty(row, "at"),
            None => ast::TierPlace::Interval(ast::Interval {
                lower: lower(cell(Column::From), cell(Column::Above)),
                upper: upper(cell(Column::Below), cell(Column::Through)),
                span: row.span,
            }),
        };
        Some(ast::TierRow {
            place,
            value,
            plus,
            span: row.span,
        })
    }

    fn push_no_sheet(&mut self, path: &ast::Quoted) {
        let name = &path.value;
        let fault = Diagnostic::error(
            Code::E0013,
            text!("the file \"{name}\" is not found", "找不到文件“{name}”"),
        )
        .primary(path.span, text!("looked for beside this file", "在本文件旁查找"));
        self.sink.push(if is_sheet(name) {
            fault
        } else {
            fault.note(text!(
                "Tiers, periods and holidays are read from comma-separated text, a file that ends in .csv.",
                "阶梯、期间和节假日从逗号分隔的文本读取，文件名以 .csv 结尾。"
            ))
        });
    }

    fn push_no_column<T>(&mut self, path: &ast::Quoted, sheet: &Sheet, wanted: &str) -> Option<T> {
        let name = &path.value;
        let first = sheet.headings.first().map(|heading| heading.span);
        let last = sheet.headings.last().map(|heading| heading.span);
        let headings = first.zip(last).map_or(path.span, |(first, last)| first.to(last));
        self.sink.push(
            Diagnostic::error(
                Code::D0802,
                text!(
                    "the file \"{name}\" has no column \"{wanted}\"",
                    "文件“{name}”没有“{wanted}”列"
                ),
            )
            .primary(headings, text!("the headings", "表头"))
            .secondary(path.span, text!("named here", "在此引用")),
        );
        None
    }

    fn push_twice<T>(&mut self, heading: &SheetCell) -> Option<T> {
        let word = &heading.text;
        self.sink.push(
            Diagnostic::error(
                Code::D0817,
                text!(
                    "the column \"{word}\" stands twice in this file",
                    "此文件中“{word}”列重复"
                ),
            )
            .primary(heading.span, text!("again here", "再次于此")),
        );
        None
    }

    fn push_clash<T>(&mut self, sheet: &Sheet) -> Option<T> {
        let first = sheet.headings.first()?.span;
        let last = sheet.headings.last()?.span;
        self.sink.push(
            Diagnostic::error(
                Code::D0817,
                text!("two columns of this file mean the same", "此文件有两列含义相同"),
            )
            .primary(
                first.to(last),
                text!(
                    "from or above, below or through; value, or amount and rate; at stands alone",
                    "满或超过、不满或不超过；值，或者金额与费率；点单独使用"
                ),
            ),
        );
        None
    }

    fn push_empty<T>(&mut self, row: &SheetRow, column: &str) -> Option<T> {
        self.sink.push(
            Diagnostic::error(
                Code::D0807,
                text!("a cell of \"{column}\" is empty", "“{column}”的单元格为空"),
            )
            .primary(row.span, Text::default()),
        );
        None
    }
}

fn lower(from: Option<ast::Expr>, above: Option<ast::Expr>) -> Option<ast::Lower> {
    let kind = match from {
        Some(_) => ast::LowerKind::From,
        None => ast::LowerKind::Above,
    };
    let value = from.or(above)?;
    let span = value.span;
    Some(ast::Lower { kind, value, span })
}

fn upper(below: Option<ast::Expr>, through: Option<ast::Expr>) -> Option<ast::Upper> {
    let kind = match below {
        Some(_) => ast::UpperKind::Below,
        None => ast::UpperKind::Through,
    };
    let value = below.or(through)?;
    let span = value.span;
    Some(ast::Upper { kind, value, span })
}
