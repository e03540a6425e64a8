//! Data blocks, and tables that are read from files.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, ast, text};

use super::names::{naming, repeated, unknown};
use crate::hir::from_ast::Checker;
use crate::hir::{Field, Origin, Reason};
use crate::types::{FieldId, Presence, Scalar, TableId, Ty};

impl Checker<'_> {
    /// Gives a data block its fields, key and days of validity.
    pub(super) fn data(&mut self, id: TableId, def: &ast::DataDef) {
        let words = def
            .fields
            .iter()
            .flat_map(|field| std::iter::once(&field.name).chain(&field.alias));
        repeated(words, Code::E0207, self.sink);
        let mut fields: Vec<Field> = def.fields.iter().map(|field| self.data_field(field)).collect();
        self.currency_fields(def, &mut fields);
        let key = self.table_key(def, &fields);
        let valid = def
            .valid
            .as_ref()
            .and_then(|valid| self.valid_fields(valid, &fields));
        let known = def
            .known
            .as_ref()
            .and_then(|known| self.field_of(known, &fields, Scalar::Date));
        self.fill_table(id, fields, key, valid);
        if let Some(table) = self.program.tables.get_mut(id.index()) {
            table.known = known;
        }
    }

    /// Gives a table from a file its columns: the key first, then what it gives.
    pub(super) fn file_table(&mut self, id: TableId, def: &ast::TableDef) {
        let params = def
            .inputs
            .iter()
            .chain(def.outputs.iter().map(|output| &output.param));
        repeated(params.clone().map(|param| &param.name), Code::E0314, self.sink);
        let fields = params.map(|param| self.file_column(param)).collect();
        let key = (0..def.inputs.len()).map(FieldId::at).collect();
        if let Some(effective) = &def.effective {
            self.push_one_version(effective.span, &def.name.text);
        }
        self.fill_table(id, fields, key, None);
        if let (ast::TableBody::File(path), Some(table)) =
            (&def.body, self.program.tables.get_mut(id.index()))
        {
            table.origin = Origin::File(path.value.clone());
        }
    }

    /// Says that the versions of a table from a file stand in the file.
    fn push_one_version(&mut self, at: Span, name: &str) {
        let title = text!(
            "the days on which the rows of a file hold stand in the file",
            "文件中各行的有效日期应写在文件里"
        );
        let fault = Diagnostic::error(Code::E0112, title)
            .primary(at, text!("one file, all versions", "一个文件，所有版本"));
        self.sink.push(fault.fix(Fix::advice(
            text!(
                "a data block whose records are valid for a time",
                "写成记录有有效期的数据块"
            ),
            text!(
                "data {name} key tier, from valid from, until … end; source {name} from \"file.csv\"",
                "数据 {name} 主键 档位, 起 有效 起, 止 … 结束；数据源 {name} 从 “file.csv”"
            ),
        )));
    }

    fn fill_table(
        &mut self,
        id: TableId,
        fields: Vec<Field>,
        key: Vec<FieldId>,
        valid: Option<(FieldId, FieldId)>,
    ) {
        if let Some(table) = self.program.tables.get_mut(id.index()) {
            table.fields = fields;
            table.key = key;
            table.valid = valid;
        }
    }

    fn data_field(&mut self, def: &ast::FieldDef) -> Field {
        let ty = self.ty(&def.ty);
        Field {
            naming: naming(&def.name, def.alias.as_ref()),
            ty,
            decimals: self.decimals(&def.ty, ty.scalar),
            currency_field: None,
            check: None,
            reason: reason(&def.tail),
        }
    }

    fn file_column(&mut self, param: &ast::Param) -> Field {
        let ty = self.ty(&param.ty);
        Field {
            naming: naming(&param.name, None),
            ty,
            decimals: self.decimals(&param.ty, ty.scalar),
            currency_field: None,
            check: None,
            reason: Reason::default(),
        }
    }

    /// Binds `money in ccy` to the field `ccy`, which must hold text.
    fn currency_fields(&mut self, def: &ast::DataDef, fields: &mut [Field]) {
        for (at, written) in def.fields.iter().enumerate() {
            let ast::TypeKind::MoneyIn(column) = &written.ty.kind else {
                continue;
            };
            let found = self.field_of(column, fields, Scalar::Text);
            if let Some(field) = fields.get_mut(at) {
                field.currency_field = found;
            }
        }
    }

    fn table_key(&mut self, def: &ast::DataDef, fields: &[Field]) -> Vec<FieldId> {
        if def.key.is_empty() {
            let name = &def.name.text;
            let fault = Diagnostic::error(Code::E0234, text!("\"{name}\" has no key", "“{name}”没有主键"));
            self.sink.push(fault.primary(
                def.name.span,
                text!("which fields name one record?", "哪些字段确定一条记录？"),
            ));
        }
        repeated(&def.key, Code::E0314, self.sink);
        def.key
            .iter()
            .filter_map(|name| self.key_field(name, fields))
            .collect()
    }

    fn key_field(&mut self, name: &ast::Name, fields: &[Field]) -> Option<FieldId> {
        let at = self.find_field(name, fields)?;
        let field = fields.get(at.index())?;
        let is_plain = matches!(
            field.ty.scalar,
            Scalar::Text
                | Scalar::Int
                | Scalar::Date
                | Scalar::Period(_)
                | Scalar::Enum(_)
                | Scalar::Row(_)
                | Scalar::Bool
                | Scalar::Faulty
        );
        if is_plain && field.ty.presence == Presence::Always {
            return Some(at);
        }
        let word = &name.text;
        let fault = Diagnostic::error(
            Code::E0234,
            text!("\"{word}\" cannot be part of a key", "“{word}”不能作主键"),
        );
        self.sink.push(
            fault
                .primary(name.span, text!("part of the key", "主键的一部分"))
                .secondary(field.naming.span, text!("declared here", "声明于此"))
                .note(text!(
                    "A key holds text, whole numbers, dates, periods, enum values or references, and is never empty.",
                    "主键只能是文本、整数、日期、期间、枚举值或引用，且不可为空。"
                )),
        );
        None
    }

    fn valid_fields(&mut self, valid: &ast::Valid, fields: &[Field]) -> Option<(FieldId, FieldId)> {
        let from = self.field_of(&valid.from, fields, Scalar::Date);
        let until = self.field_of(&valid.until, fields, Scalar::Date);
        from.zip(until)
    }

    fn field_of(&mut self, name: &ast::Name, fields: &[Field], wanted: Scalar) -> Option<FieldId> {
        let at = self.find_field(name, fields)?;
        let Ty { scalar, .. } = fields.get(at.index())?.ty;
        if scalar == wanted || scalar == Scalar::Faulty {
            return Some(at);
        }
        let (is, needed, word) = (self.kind_name(scalar), self.kind_name(wanted), &name.text);
        let title = text!("\"{word}\" must hold {needed}", "“{word}”应为{needed}"; needed);
        self.sink
            .push(Diagnostic::error(Code::E0201, title).primary(name.span, is));
        None
    }

    fn find_field(&mut self, name: &ast::Name, fields: &[Field]) -> Option<FieldId> {
        let found = fields.iter().position(|field| field.naming.is_called(&name.text));
        if found.is_none() {
            let candidates = fields.iter().flat_map(|field| field.naming.words());
            self.sink.push(unknown(Code::E0209, name, candidates));
        }
        found.map(FieldId::at)
    }
}

/// Reads the reason and the reference of a statement.
pub(crate) fn reason(tail: &ast::Tail) -> Reason {
    let words = |quoted: &ast::Quoted| quoted.value.clone();
    Reason {
        because: tail.because.as_ref().map(words),
        reference: tail.reference.as_ref().map(words),
    }
}
