//! Sources: how the columns of an outside file become the fields of a data block.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, ast, text};

use super::fold::fits;
use super::names::{repeated, unknown};
use crate::calendar::DatePattern;
use crate::hir::from_ast::Checker;
use crate::hir::{
    ColumnSource, EmptyCell, Field, NumberMarks, PercentForm, SourceBinding, SourceColumn, SourceFilter,
    Table,
};
use crate::resolve::Declared;
use crate::types::{Scalar, TableId};

impl Checker<'_> {
    /// Binds a data block to its file.
    pub(super) fn source(&mut self, def: &ast::SourceDef) {
        let Some(Declared::Table(id)) = self.declared(&def.data) else {
            return self.push_unknown(Code::E0218, &def.data);
        };
        let Some(table) = self.program.table(id).cloned() else {
            return;
        };
        if table.source.is_some() {
            let name = &def.data.text;
            let title = text!("\"{name}\" has two sources", "“{name}”有两个来源");
            self.sink.push(
                Diagnostic::error(Code::E0216, title)
                    .primary(def.span, text!("the second one", "第二个来源")),
            );
            return;
        }
        if let Some(part) = &def.part {
            self.push_not_text(part.span);
        }
        if let Some(zone) = &def.time_zone {
            self.push_zone(zone.span);
        }
        repeated(
            def.columns.iter().map(|column| &column.field),
            Code::E0314,
            self.sink,
        );
        let columns: Vec<SourceColumn> = def
            .columns
            .iter()
            .filter_map(|column| self.source_column(&table, column))
            .collect();
        self.bind_source(id, def, columns);
    }

    /// Says that records come from text files.
    fn push_not_text(&mut self, at: Span) {
        let title = text!(
            "records are read from text files, not from a part of a workbook or database",
            "记录从文本文件读取，不从工作簿或数据库的某一部分读取"
        );
        let fault =
            Diagnostic::error(Code::E0112, title).primary(at, text!("leave this out", "请去掉这一部分"));
        self.sink.push(fault.fix(Fix::advice(
            text!(
                "save the sheet or the query as CSV",
                "把工作表或查询结果另存为 CSV"
            ),
            text!("source Deal from \"deals.csv\"", "数据源 合同 从 “deals.csv”"),
        )));
    }

    /// Says that days are read as they are written.
    fn push_zone(&mut self, at: Span) {
        let title = text!(
            "days are read as they stand in the file, without a time of day",
            "日期按文件所写读取，不含时刻"
        );
        let fault =
            Diagnostic::error(Code::E0112, title).primary(at, text!("leave this out", "请去掉这一部分"));
        self.sink.push(fault.note(text!(
            "Which day an instant falls on is settled where the file is written: export the local date.",
            "某一时刻属于哪一天，应在导出文件时确定：请导出当地日期。"
        )));
    }

    fn bind_source(&mut self, id: TableId, def: &ast::SourceDef, columns: Vec<SourceColumn>) {
        let filters: Vec<SourceFilter> = def.filters.iter().map(filter_of).collect();
        let filter = if filters.is_empty() {
            None
        } else {
            Some(SourceFilter::All(filters))
        };
        let file = def.path.value.clone();
        if let Some(table) = self.program.tables.get_mut(id.index()) {
            table.source = Some(SourceBinding {
                file,
                columns,
                filter,
                span: def.span,
            });
        }
    }

    fn source_column(&mut self, table: &Table, def: &ast::ColumnDef) -> Option<SourceColumn> {
        let Some(id) = table.field_named(&def.field.text) else {
            let fields = table.fields.iter().flat_map(|field| field.naming.words());
            self.sink.push(unknown(Code::E0209, &def.field, fields));
            return None;
        };
        let field = table.fields.get(id.index())?;
        let from = match &def.from {
            ast::ColumnFrom::Column(name) => ColumnSource::Column(name.value.clone()),
            ast::ColumnFrom::Fixed(value) => ColumnSource::Fixed(self.fixed_cell(value, def, field)?),
            ast::ColumnFrom::RowNumber => self.row_number(def, field)?,
        };
        let read = self.cell_format(def, field);
        let renames = def.renames.iter();
        let renames = renames
            .filter_map(|one| Some((one.from.value.clone(), self.cell_text(&one.to, field, def.span)?)));
        let renames = renames.collect();
        let empty = self.empty_cell(def, field);
        Some(SourceColumn {
            field: id,
            from,
            renames,
            date_format: read.date,
            percent: read.percent,
            marks: read.marks,
            month_format: read.month,
            empty,
            span: def.span,
        })
    }

    /// Writes the value that a field has in every record.
    fn fixed_cell(&mut self, value: &ast::CellValue, def: &ast::ColumnDef, field: &Field) -> Option<String> {
        if def.format.is_some() || def.empty.is_some() || !def.renames.is_empty() {
            self.push_fixed(def.span);
        }
        let text = self.cell_text(value, field, def.span)?;
        // A plain file writes eight hundredths as 8%; a literal may be 0.08 or 25bp.
        if field.ty.scalar == Scalar::Percent && !text.is_empty() && !text.ends_with('%') {
            self.push_cell(def.span, field);
            return None;
        }
        Some(text)
    }

    /// Takes the number of a record for a field that can hold it.
    fn row_number(&mut self, def: &ast::ColumnDef, field: &Field) -> Option<ColumnSource> {
        if def.format.is_some() || def.empty.is_some() || !def.renames.is_empty() {
            self.push_fixed(def.span);
        }
        if !matches!(field.ty.scalar, Scalar::Int | Scalar::Text | Scalar::Faulty) {
            self.push_cell(def.span, field);
            return None;
        }
        Some(ColumnSource::RowNumber)
    }

    fn push_fixed(&mut self, at: Span) {
        let title = text!("this field has no cells in the file", "此字段在文件中没有单元格");
        self.sink.push(Diagnostic::error(Code::E0112, title).primary(
            at,
            text!(
                "so nothing is to be said about how they are written",
                "因此无需说明其写法"
            ),
        ));
    }

    fn cell_format(&mut self, def: &ast::ColumnDef, field: &Field) -> ReadFormat {
        let mut read = ReadFormat {
            date: None,
            percent: PercentForm::Sign,
            marks: None,
            month: None,
        };
        let Some(format) = &def.format else { return read };
        let scalar = field.ty.scalar;
        let fits = match format {
            ast::CellFormat::Date(pattern) => {
                read.date = pattern.as_ref().and_then(|pattern| self.date_pattern(pattern));
                scalar == Scalar::Date
            }
            ast::CellFormat::Percent => {
                read.percent = PercentForm::Hundredths;
                scalar == Scalar::Percent
            }
            ast::CellFormat::Fraction => {
                read.percent = PercentForm::Fraction;
                scalar == Scalar::Percent
            }
            ast::CellFormat::Money(ast::Currency::Code(code)) => {
                matches!(scalar, Scalar::Money(currency) if currency.code() == code.text)
            }
            ast::CellFormat::Money(ast::Currency::Points(_)) => scalar == Scalar::Points,
            ast::CellFormat::Text => scalar == Scalar::Text,
            ast::CellFormat::Period(unit, None) => scalar == Scalar::Period(super::kinds::unit_of(unit.kind)),
            ast::CellFormat::Period(unit, Some(pattern)) => {
                read.month = self.month_pattern(*unit, pattern);
                scalar == Scalar::Period(super::kinds::unit_of(unit.kind))
            }
            ast::CellFormat::Number(pattern) => {
                read.marks = self.number_marks(pattern);
                scalar.is_numeric()
            }
        };
        if !fits && scalar != Scalar::Faulty {
            self.push_format(def, field);
        }
        read
    }

    fn push_format(&mut self, def: &ast::ColumnDef, field: &Field) {
        let (name, kind) = (&field.naming.name, self.kind_name(field.ty.scalar));
        let title = text!("this format does not fit \"{name}\"", "此格式不适合“{name}”");
        let fault = Diagnostic::error(Code::E0201, title)
            .primary(def.span, text!("the field holds {kind}", "该字段为{kind}"; kind));
        self.sink
            .push(fault.secondary(field.naming.span, text!("declared here", "声明于此")));
    }

    /// Reads how points and commas are used off a sample.
    fn number_marks(&mut self, sample: &ast::Quoted) -> Option<NumberMarks> {
        let marks = NumberMarks::of(&sample.value);
        if marks.is_none() {
            let written = &sample.value;
            let title = text!(
                "\"{written}\" does not show how numbers are written",
                "“{written}”看不出数字的写法"
            );
            self.sink.push(Diagnostic::error(Code::E0115, title).primary(
                sample.span,
                text!(
                    "such as \"1.234,56\" or \"1 234,56\"",
                    "例如“1.234,56”或“1 234,56”"
                ),
            ));
        }
        marks
    }

    fn month_pattern(&mut self, unit: ast::Unit, pattern: &ast::Quoted) -> Option<String> {
        let form = &pattern.value;
        let is_month = unit.kind == ast::UnitKind::Month;
        let has = |letter: char, count: usize| form.matches(letter).count() == count;
        let is_form = has('Y', 4) && form.contains("YYYY") && has('M', 2) && form.contains("MM");
        if is_month && is_form && form.len() <= 7 && form.is_ascii() {
            return Some(form.clone());
        }
        let title = text!("\"{form}\" is no form of months", "“{form}”不是月份格式");
        self.sink.push(Diagnostic::error(Code::E0115, title).primary(
            pattern.span,
            text!("such as \"YYYYMM\" or \"MM/YYYY\"", "例如“YYYYMM”或“MM/YYYY”"),
        ));
        None
    }

    fn date_pattern(&mut self, pattern: &ast::Quoted) -> Option<String> {
        let form = &pattern.value;
        if DatePattern::new(form).is_ok() {
            return Some(form.clone());
        }
        let title = text!("\"{form}\" is no form of dates", "“{form}”不是日期格式");
        let fault = Diagnostic::error(Code::E0115, title)
            .primary(pattern.span, text!("such as \"DD/MM/YYYY\"", "例如“DD/MM/YYYY”"));
        self.sink.push(fault.note(text!(
            "A form has YYYY, one of M and MM, and one of D and DD, with / - . or a space between them.",
            "格式包含 YYYY、M 或 MM、D 或 DD，中间可用 / - . 或空格。"
        )));
        None
    }

    fn empty_cell(&mut self, def: &ast::ColumnDef, field: &Field) -> EmptyCell {
        match &def.empty {
            None => EmptyCell::Missing,
            Some(ast::EmptyCell::Missing) => {
                if !field.ty.is_optional() {
                    self.push_not_optional(def.span, field);
                }
                EmptyCell::Missing
            }
            Some(ast::EmptyCell::Value(value)) => self
                .cell_text(value, field, def.span)
                .map_or(EmptyCell::Missing, EmptyCell::Text),
        }
    }

    fn push_not_optional(&mut self, at: Span, field: &Field) {
        let name = &field.naming.name;
        let title = text!("\"{name}\" may not be missing", "“{name}”不可缺失");
        let fault = Diagnostic::error(Code::E0214, title).primary(at, text!("makes it missing", "使其缺失"));
        let label = text!("a type with \"?\" may be missing", "带“?”的类型才可缺失");
        self.sink.push(fault.secondary(field.naming.span, label));
    }

    /// Writes a value as a plain file would hold it, after checking that it fits the field.
    fn cell_text(&mut self, value: &ast::CellValue, field: &Field, at: Span) -> Option<String> {
        match value {
            ast::CellValue::Missing(span) => {
                if !field.ty.is_optional() {
                    self.push_not_optional(*span, field);
                }
                Some(String::new())
            }
            ast::CellValue::Word(name) => match field.ty.scalar {
                Scalar::Enum(id) => self.enum_value(id, name).map(|_| name.text.clone()),
                Scalar::Text | Scalar::Row(_) | Scalar::Faulty => Some(name.text.clone()),
                Scalar::Bool
                | Scalar::Int
                | Scalar::Number
                | Scalar::Percent
                | Scalar::Money(_)
                | Scalar::MoneyInColumn
                | Scalar::Points
                | Scalar::Date
                | Scalar::Period(_)
                | Scalar::Days => self.push_cell(name.span, field),
            },
            ast::CellValue::Literal(literal) => self.source_literal(literal, field, at),
        }
    }

    fn source_literal(&mut self, literal: &ast::Literal, field: &Field, at: Span) -> Option<String> {
        let scalar = field.ty.scalar;
        let as_name = |text: &str| ast::Name {
            text: text.to_owned(),
            span: literal.span,
        };
        if let (Scalar::Enum(id), ast::LiteralKind::Text(words)) = (scalar, &literal.kind) {
            return self.enum_value(id, &as_name(words)).map(|_| words.clone());
        }
        let wanted = if let Scalar::Row(_) = scalar {
            Scalar::Text
        } else {
            scalar
        };
        let folded = self.fold_literal(literal, Some(wanted))?;
        if !fits(folded.scalar, wanted) {
            return self.push_cell(at, field);
        }
        let number = folded.number().and_then(|number| number.to_decimal_text(0));
        match (&literal.kind, number) {
            (ast::LiteralKind::Text(words), _) => Some(words.clone()),
            (ast::LiteralKind::Money(..), Some(number)) => Some(number),
            (_, _) => Some(literal.written.clone()),
        }
    }

    fn push_cell(&mut self, at: Span, field: &Field) -> Option<String> {
        let (name, kind) = (&field.naming.name, self.kind_name(field.ty.scalar));
        let title = text!("\"{name}\" holds {kind}", "“{name}”为{kind}"; kind);
        let fault = Diagnostic::error(Code::E0201, title).primary(at, text!("of another kind", "种类不同"));
        self.sink
            .push(fault.secondary(field.naming.span, text!("declared here", "声明于此")));
        None
    }
}

/// Holds how the cells of a column are written.
struct ReadFormat {
    date: Option<String>,
    percent: PercentForm,
    marks: Option<NumberMarks>,
    month: Option<String>,
}

fn filter_of(filter: &ast::SourceFilter) -> SourceFilter {
    match filter {
        ast::SourceFilter::All(all) => SourceFilter::All(all.iter().map(filter_of).collect()),
        ast::SourceFilter::Any(any) => SourceFilter::Any(any.iter().map(filter_of).collect()),
        ast::SourceFilter::Equal(column, polarity, literal) => SourceFilter::OneOf {
            column: column.value.clone(),
            texts: vec![plain_text(literal)],
            negated: is_negated(*polarity),
        },
        ast::SourceFilter::Empty(column, polarity) => SourceFilter::Empty {
            column: column.value.clone(),
            negated: is_negated(*polarity),
        },
    }
}

fn plain_text(literal: &ast::Literal) -> String {
    if let ast::LiteralKind::Text(words) = &literal.kind {
        words.clone()
    } else {
        literal.written.clone()
    }
}

const fn is_negated(polarity: ast::Polarity) -> bool {
    match polarity {
        ast::Polarity::Plain => false,
        ast::Polarity::Negated => true,
    }
}
