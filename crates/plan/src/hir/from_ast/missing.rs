//! Values that may be missing: where they are refused, and what can be done about it.

use guerdon_syntax::{Code, Diagnostic, Fix, Language, Span, Text, text};

use super::Checker;
use super::env::{Env, Where};
use super::expr::always;
use super::facts;
use crate::hir::expr::{Expr, ExprKind};
use crate::hir::schema::Field;
use crate::types::{BinderId, FieldId, Scalar};

impl Checker<'_> {
    /// Lets a value through whose presence is certain or known from a filter or guard; reports any other.
    pub(crate) fn present(&mut self, env: &Env, value: Expr) -> Expr {
        if !value.ty.is_optional() {
            return value;
        }
        let is_lenient = env.is_lenient && env.frames.len() == env.grains;
        if !is_lenient && !self.is_known(env, &value) {
            self.push_may_be_missing(env, &value);
        }
        required(value)
    }

    /// Makes a value that is known to be there one that is always there.
    pub(crate) fn narrowed(&self, env: &Env, value: Expr) -> Expr {
        if value.ty.is_optional() && self.is_known(env, &value) {
            required(value)
        } else {
            value
        }
    }

    fn is_known(&self, env: &Env, value: &Expr) -> bool {
        value.ty.scalar == Scalar::Faulty || facts::key(value).is_some_and(|key| env.facts.contains(&key))
    }

    fn push_may_be_missing(&mut self, env: &Env, value: &Expr) {
        let culprit = culprit(value);
        let name = self.culprit_name(culprit);
        let mut message = Diagnostic::error(
            Code::E0214,
            text!("\"{name}\" may be missing here", "“{name}”在此处可能缺失"),
        )
        .primary(culprit.span, self.why_missing(culprit));
        // Nothing stands for no record, so what is read of the record is counted as nothing.
        if let Some(fix) = self
            .fix_by_default(culprit)
            .or_else(|| self.fix_by_default(value))
        {
            message = message.fix(fix);
        }
        if let Some(fix) = self.fix_by_filter(env, culprit) {
            message = message.fix(fix);
        }
        if let Some(fix) = self.fix_by_schema(culprit) {
            message = message.fix(fix);
        }
        self.sink.push(message);
    }

    fn culprit_name(&self, culprit: &Expr) -> String {
        match self.field_read(culprit) {
            Some(field) => {
                let written = self.quoted(culprit.span);
                let word = written.rsplit('.').next().unwrap_or("").to_owned();
                if word.is_empty() {
                    field.naming.name.clone()
                } else {
                    word
                }
            }
            None => self.quoted(culprit.span),
        }
    }

    fn why_missing(&self, culprit: &Expr) -> Text {
        let kind = self.type_name(culprit.ty);
        match self.field_read(culprit) {
            Some(field) => {
                let place = self.place_of(field.naming.span);
                text!(
                    "{kind}   (the \"?\" in {place} allows an empty cell)",
                    "{kind}   （{place} 处的“?”允许空单元格）";
                    kind
                )
            }
            None if matches!(culprit.kind, ExprKind::Prior { .. }) => {
                text!("{kind}: there is none before the first period", "{kind}：首期之前没有值"; kind)
            }
            None if matches!(culprit.kind, ExprKind::Aggregate(_)) => {
                text!("{kind}: there is none without records", "{kind}：没有记录时没有值"; kind)
            }
            None => kind,
        }
    }

    fn place_of(&self, span: Span) -> String {
        let line = self.sources.position(span.file, span.start).line;
        format!("{}:{line}", self.sources.name(span.file))
    }

    fn fix_by_default(&self, value: &Expr) -> Option<Fix> {
        let language = self.sources.language(value.span.file);
        let nothing = nothing(value.ty.scalar, language)?;
        let word = match language {
            Language::En => "otherwise",
            Language::Zh => "缺省",
        };
        let written = self.quoted(value.span);
        let shown = self.expression_with(value.span, &format!("({written} {word} {nothing})"));
        let fix = Fix::wrap(
            text!("count it as nothing", "按没有计算"),
            value.span,
            "(",
            format!(" {word} {nothing})"),
        );
        Some(fix.showing(Text::same(shown)))
    }

    /// Quotes the expression that is being read with one stretch replaced.
    fn expression_with(&self, span: Span, replacement: &str) -> String {
        let whole = self
            .expression
            .filter(|whole| whole.file == span.file && whole.start <= span.start && span.end <= whole.end);
        let Some(whole) = whole else {
            return replacement.to_owned();
        };
        let before = self.sources.slice(Span::new(whole.file, whole.start, span.start));
        let after = self.sources.slice(Span::new(whole.file, span.end, whole.end));
        let written = format!("{before}{replacement}{after}");
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn fix_by_filter(&self, env: &Env, culprit: &Expr) -> Option<Fix> {
        let binder = root(culprit)?;
        let place = self.where_of(env, binder)?;
        let path = self.path_from(culprit, binder)?;
        let (is_zh, is_payee) = (
            self.sources.language(place.span.file) == Language::Zh,
            env.payee == Some(binder),
        );
        let (and, opens, test) = if is_zh {
            ("且", "其中", "不 为 缺失")
        } else {
            ("and", "where", "is not missing")
        };
        let words = match place.has_filter {
            true => format!(" {and} {path} {test}"),
            false => format!(" {opens} {path} {test}"),
        };
        let line = self.quoted(place.span);
        let title = if is_payee {
            text!("leave those payees out", "不含这些人员")
        } else {
            text!("leave those records out", "不含这些记录")
        };
        Some(
            Fix::insert_after(title, place.span, words.clone()).showing(Text::same(format!("{line}{words}"))),
        )
    }

    /// Writes the fields from a variable to a value: `manager.team`.
    fn path_from(&self, value: &Expr, binder: BinderId) -> Option<String> {
        let mut names = Vec::new();
        let mut at = value;
        loop {
            if let ExprKind::Field { row, .. } = &at.kind {
                names.push(self.field_read(at)?.naming.name.clone());
                at = row;
            } else if let ExprKind::Require(inner) = &at.kind {
                at = inner;
            } else if at.kind == ExprKind::Binder(binder) {
                break;
            } else {
                return None;
            }
        }
        names.reverse();
        (!names.is_empty()).then(|| names.join("."))
    }

    fn where_of(&self, env: &Env, binder: BinderId) -> Option<Where> {
        let frame = env.frames.iter().rev().find(|frame| frame.binder == binder);
        frame
            .and_then(|frame| frame.filter)
            .or_else(|| self.filters.get(&binder).copied())
    }

    fn fix_by_schema(&self, culprit: &Expr) -> Option<Fix> {
        let field = self.field_read(culprit)?;
        let span = field.naming.span;
        let text = self.sources.text(span.file).get(span.range().end..)?;
        let line = text.split('\n').next()?;
        let mark = line.char_indices().find(|(_, sign)| matches!(sign, '?' | '？'))?;
        let start = span.end.checked_add(u32::try_from(mark.0).ok()?)?;
        let end = start.checked_add(u32::try_from(mark.1.len_utf8()).ok()?)?;
        let place = self.place_of(span);
        let shown = text!(
            "remove the \"?\" in {place}; the import will then refuse empty cells",
            "删去 {place} 处的“?”，导入时将拒绝空单元格"
        );
        Some(
            Fix::replace(
                text!("forbid it", "不允许缺失"),
                Span::new(span.file, start, end),
                "",
            )
            .showing(shown),
        )
    }

    /// Gives the field that an expression reads.
    pub(crate) fn field_read(&self, value: &Expr) -> Option<&Field> {
        let ExprKind::Field { row, field } = &value.kind else {
            return None;
        };
        self.field_at(row.ty.scalar, *field)
    }

    /// Gives a field of the records that a kind stands for.
    pub(crate) fn field_at(&self, row: Scalar, field: FieldId) -> Option<&Field> {
        let Scalar::Row(table) = row else {
            return None;
        };
        self.program.table(table)?.fields.get(field.index())
    }
}

/// Makes a missing value an error.
pub(crate) fn required(value: Expr) -> Expr {
    let (scalar, span) = (value.ty.scalar, value.span);
    always(ExprKind::Require(Box::new(value)), scalar, span)
}

/// Writes a value that stands for nothing; there is none for records, days, periods and the values of an enum.
fn nothing(scalar: Scalar, language: Language) -> Option<String> {
    match (scalar, language) {
        (Scalar::Money(currency), _) => Some(format!("{currency} 0")),
        (Scalar::Percent, _) => Some("0%".to_owned()),
        (Scalar::Int | Scalar::Number | Scalar::Points, _) => Some("0".to_owned()),
        (Scalar::Bool, Language::En) => Some("no".to_owned()),
        (Scalar::Bool, Language::Zh) => Some("否".to_owned()),
        (Scalar::Text, _) => Some("\"\"".to_owned()),
        (
            Scalar::Row(_)
            | Scalar::Enum(_)
            | Scalar::Date
            | Scalar::Period(_)
            | Scalar::MoneyInColumn
            | Scalar::Days
            | Scalar::Faulty,
            _,
        ) => None,
    }
}

/// Finds the part of a value that makes it optional.
fn culprit(value: &Expr) -> &Expr {
    let mut at = value;
    while let ExprKind::Field { row, .. } = &at.kind {
        if !row.ty.is_optional() {
            break;
        }
        at = row;
    }
    at
}

/// Finds the variable that a path of fields begins with.
fn root(value: &Expr) -> Option<BinderId> {
    let mut at = value;
    loop {
        if let ExprKind::Field { row: inner, .. } | ExprKind::Require(inner) = &at.kind {
            at = inner;
        } else if let ExprKind::Binder(binder) = &at.kind {
            return Some(*binder);
        } else {
            return None;
        }
    }
}
