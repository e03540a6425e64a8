//! Bare names: what a word can mean where it stands. If it could mean two things, the author is asked.

mod unknown;

use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, Span, ast, text};

use super::Checker;
use super::blocks::{MISSING, WHOLE, enum_and_value};
use super::env::{Env, Place};
use super::expr::{always, constant, faulty, optional};
use super::plan::Symbol;
use super::want::Want;
use crate::hir::BinderDomain;
use crate::hir::expr::{Expr, ExprKind, Value};
use crate::hir::schema::Origin;
use crate::resolve::Declared;
use crate::types::{BinderId, ConstantId, EnumId, FieldId, PlanId, Scalar, TableId, Ty};

/// Is one thing that a bare name can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Candidate {
    /// `payee`.
    Payee,
    /// `row`.
    Row,
    /// `normal`.
    Normal,
    /// A variable by its name.
    Variable(BinderId),
    /// A field of a record in sight.
    Field(BinderId, TableId, FieldId),
    /// A statement of the plan.
    Statement(PlanId, Symbol),
    /// A declaration.
    Declared(Declared),
    /// A value of an enum.
    EnumValue(EnumId, u32),
}

impl Checker<'_> {
    /// Types a bare name.
    pub(super) fn bare_name(&mut self, env: &Env, name: &ast::Name, want: Want) -> Expr {
        if let (Some(scalar @ Scalar::Row(table)), Place::Test) = (want.scalar, env.place)
            && !self.is_record_in_sight(env, scalar, &name.text)
        {
            return self.word_key(env, table, &name.text, name.span, want);
        }
        if name.text == MISSING {
            return optional(ExprKind::Const(Value::Missing), Scalar::Faulty, name.span);
        }
        if name.text == WHOLE {
            return self.whole_period(env, name.span);
        }
        let mut found = self.meanings(env, &name.text, want);
        self.prefer_fields(&mut found, name);
        match found.as_slice() {
            [] => self.unknown(env, name, want),
            [one] => self.meaning(env, *one, name, want),
            [one, other, ..] => {
                self.push_ambiguous(env, name, *one, *other);
                faulty(name.span)
            }
        }
    }

    /// Says whether a word in a test is a record that an aggregate around runs over, and no key of a record given.
    fn is_record_in_sight(&self, env: &Env, scalar: Scalar, word: &str) -> bool {
        let is_meant = |frame: &super::env::Frame| {
            frame.name.as_deref() == Some(word) && self.kind_of_binder(frame.binder) == scalar
        };
        env.frames.iter().any(is_meant) && !self.is_given(scalar, word)
    }

    /// Lists what a bare name can mean.
    pub(super) fn meanings(&self, env: &Env, name: &str, want: Want) -> Vec<Candidate> {
        if let Some((of, value)) = enum_and_value(name) {
            return self.value_of_enum(env, of, value).into_iter().collect();
        }
        let mut found = self.names_in_sight(env, name);
        if let Some(Scalar::Enum(id)) = want.scalar
            && let Some(value) = self.value_named(id, name)
        {
            found.retain(|other| self.kind_of(env, *other) == Some(Scalar::Enum(id)));
            found.push(Candidate::EnumValue(id, value));
        } else if found.is_empty() {
            found = self.enum_values_called(env, name);
        }
        found
    }

    /// Lists what a bare name can mean, values of enums left out.
    pub(super) fn names_in_sight(&self, env: &Env, name: &str) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = built_in(name).into_iter().collect();
        if self.is_what_the_block_is_about(env, name) {
            found.push(Candidate::Payee);
        }
        for frame in env.frames.iter().rev() {
            if frame.name.as_deref() == Some(name) {
                found.push(Candidate::Variable(frame.binder));
            }
            if let Some(table) = frame.bare
                && let Some(field) = self.field_named(table, name)
            {
                found.push(Candidate::Field(frame.binder, table, field));
            }
        }
        if let Some(plan) = env.plan
            && let Some(symbol) = self
                .symbol(plan, self.inside(plan, name))
                .or_else(|| self.own_of_block(plan, name))
        {
            found.push(Candidate::Statement(plan, symbol));
        }
        found.extend(self.test_symbols(env, name));
        let is_alone = found.is_empty();
        let declared = self
            .names
            .lookup(env.file, name)
            .into_iter()
            .map(|entry| entry.declared);
        found.extend(
            declared
                .filter(|declared| is_alone || self.is_value(*declared))
                .map(Candidate::Declared),
        );
        found
    }

    /// Finds what a block has by itself under its Chinese name: `得分` for `score`.
    fn own_of_block(&self, plan: PlanId, name: &str) -> Option<Symbol> {
        self.written(plan)?;
        self.symbol(plan, self.inside(plan, builtin_name(name)?))
    }

    /// Takes what a block calls so by itself out of what a name can mean, where records in sight have a field that is
    /// called so: of the two, the field alone has been named by the author of the rules.
    fn prefer_fields(&self, found: &mut Vec<Candidate>, name: &ast::Name) {
        let is = |span: Span| self.is_called_there(span, &name.text);
        let has_field = found.iter().any(|one| matches!(one, Candidate::Field(..)));
        if !has_field || !is(name.span) {
            return;
        }
        found.retain(|one| {
            let Candidate::Statement(plan, symbol) = one else {
                return true;
            };
            self.written(*plan).is_none() || self.symbol_span(*plan, *symbol).is_none_or(is)
        });
    }

    /// Says whether a name is the word for the record that a block is about: `entrant`, `subject`.
    fn is_what_the_block_is_about(&self, env: &Env, name: &str) -> bool {
        let about = env
            .plan
            .and_then(|plan| self.written(plan))
            .map(|written| written.about);
        about.is_some_and(|about| about != "payee" && builtin_name(name) == Some(about))
    }

    /// Says whether a declaration has a value by its bare name; beside others, one that has none is not meant.
    fn is_value(&self, declared: Declared) -> bool {
        match declared {
            Declared::Constant(_) | Declared::Decision(_) | Declared::Later(_) => true,
            Declared::Table(id) => self
                .program
                .table(id)
                .is_some_and(|table| table.origin != Origin::Data),
            Declared::Plan(plan) => self.written(plan).is_some(),
            Declared::Enum(_)
            | Declared::Tiers(_)
            | Declared::Rates(..)
            | Declared::Calendar(_)
            | Declared::Holidays(_) => false,
        }
    }

    /// Finds a field by its name or second name.
    pub(crate) fn field_named(&self, table: TableId, name: &str) -> Option<FieldId> {
        let fields = &self.program.table(table)?.fields;
        let is_called =
            |naming: &crate::hir::Naming| naming.name == name || naming.alias.as_deref() == Some(name);
        fields
            .iter()
            .position(|field| is_called(&field.naming))
            .map(FieldId::at)
    }

    /// Finds a value of an enum by its name or second name.
    pub(crate) fn value_named(&self, id: EnumId, name: &str) -> Option<u32> {
        let values = &self.program.enumeration(id)?.values;
        let at = values
            .iter()
            .position(|value| value.name == name || value.alias.as_deref() == Some(name))?;
        u32::try_from(at).ok()
    }

    /// Gives the kind that a variable stands for; nothing more is said of one whose records are not known.
    pub(crate) fn kind_of_binder(&self, binder: BinderId) -> Scalar {
        match self.program.binder(binder).map(|binder| binder.domain) {
            Some(BinderDomain::Row(table)) if self.program.table(table).is_none() => Scalar::Faulty,
            Some(BinderDomain::Row(table)) => Scalar::Row(table),
            Some(BinderDomain::Period(_, unit)) => Scalar::Period(unit),
            None => Scalar::Faulty,
        }
    }

    /// Types a variable.
    pub(crate) fn variable(&self, binder: BinderId, span: Span) -> Expr {
        always(ExprKind::Binder(binder), self.kind_of_binder(binder), span)
    }

    /// Types a field of a record.
    pub(crate) fn field_value(&self, row: Expr, field: FieldId, span: Span) -> Expr {
        let ty = self
            .field_at(row.ty.scalar, field)
            .map_or(Ty::always(Scalar::Faulty), |field| field.ty);
        let is_optional = row.ty.is_optional() || ty.is_optional();
        let ty = if is_optional { Ty::optional(ty.scalar) } else { ty };
        Expr {
            kind: ExprKind::Field {
                row: Box::new(row),
                field,
            },
            ty,
            span,
        }
    }

    /// Finds a value of an enum that is named with it.
    fn value_of_enum(&self, env: &Env, of: &str, value: &str) -> Option<Candidate> {
        let entry = self.names.lookup(env.file, of);
        let Declared::Enum(id) = entry.first()?.declared else {
            return None;
        };
        Some(Candidate::EnumValue(id, self.value_named(id, value)?))
    }

    fn enum_values_called(&self, env: &Env, name: &str) -> Vec<Candidate> {
        let enums = self.program.enums.iter().enumerate();
        let seen = enums.filter(|(_, found)| self.names.sees(env.file, found.naming.span.file));
        seen.filter_map(|(at, _)| {
            let id = EnumId::at(at);
            self.value_named(id, name)
                .map(|value| Candidate::EnumValue(id, value))
        })
        .collect()
    }

    /// Gives the kind of a candidate, as far as it is known without typing it.
    fn kind_of(&self, env: &Env, candidate: Candidate) -> Option<Scalar> {
        match candidate {
            Candidate::Payee => env.payee.map(|binder| self.kind_of_binder(binder)),
            Candidate::Row => env.row.map(|binder| self.kind_of_binder(binder)),
            Candidate::Normal => env.normal.map(|ty| ty.scalar),
            Candidate::Variable(binder) => Some(self.kind_of_binder(binder)),
            Candidate::Field(_, table, field) => self
                .field_at(Scalar::Row(table), field)
                .map(|field| field.ty.scalar),
            Candidate::Statement(_, Symbol::Definition(id)) => {
                self.program.definition(id).map(|found| found.ty.scalar)
            }
            Candidate::Statement(_, Symbol::Earn(id)) => self.program.earn(id).map(|found| found.ty.scalar),
            Candidate::Declared(Declared::Constant(id)) => {
                self.program.constant(id).map(|found| found.ty.scalar)
            }
            Candidate::EnumValue(id, _) => Some(Scalar::Enum(id)),
            Candidate::Statement(_, Symbol::Rows(_) | Symbol::Exception) | Candidate::Declared(_) => None,
        }
    }

    fn meaning(&mut self, env: &Env, candidate: Candidate, name: &ast::Name, want: Want) -> Expr {
        let span = name.span;
        match candidate {
            Candidate::Payee => self.built_in_row(env.payee, &name.text, span),
            Candidate::Row => self.built_in_row(env.row, &name.text, span),
            Candidate::Normal => match env.normal {
                Some(ty) => Expr {
                    kind: ExprKind::Normal,
                    ty,
                    span,
                },
                None => self.push_no_normal(&name.text, span),
            },
            Candidate::Variable(binder) => self.variable(binder, span),
            Candidate::Field(binder, _, field) => {
                let row = self.variable(binder, span);
                self.field_value(row, field, span)
            }
            Candidate::Statement(plan, symbol) => self.statement_value(env, plan, symbol, name, want),
            Candidate::Declared(declared) => self.declared_value(env, declared, name, want),
            Candidate::EnumValue(id, value) => constant(Value::Enum(id, value), Scalar::Enum(id), span),
        }
    }

    fn built_in_row(&mut self, binder: Option<BinderId>, name: &str, span: Span) -> Expr {
        if let Some(binder) = binder {
            return self.variable(binder, span);
        }
        let why = if is_row(name) {
            text!(
                "the record behind an earn line; this statement has one value for each payee and period",
                "计提明细背后的记录；此语句对每个人员和期间只有一个值"
            )
        } else {
            text!(
                "the person a plan pays; there is none here",
                "方案支付的人员；此处没有"
            )
        };
        let code = if is_row(name) { Code::E0206 } else { Code::E0202 };
        self.sink.push(
            Diagnostic::error(code, text!("there is no \"{name}\" here", "此处没有“{name}”"))
                .primary(span, why),
        );
        faulty(span)
    }

    fn push_no_normal(&mut self, name: &str, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0408,
                text!("\"{name}\" stands outside an exception", "“{name}”写在了例外之外"),
            )
            .primary(span, text!("the value without the exception", "没有例外时的值")),
        );
        faulty(span)
    }

    fn declared_value(&mut self, env: &Env, declared: Declared, name: &ast::Name, want: Want) -> Expr {
        match declared {
            Declared::Constant(id) => self.constant_now(env, id, name.span),
            Declared::Table(id) => self.table_value(env, id, &[], name.span, want),
            Declared::Decision(id) => self.decide(env, id, &[], None, name.span),
            Declared::Plan(plan) if self.written(plan).is_some() => {
                let tree = ast::Expr {
                    kind: ast::ExprKind::Name(name.clone()),
                    span: name.span,
                };
                self.postfix(env, &tree, want)
            }
            Declared::Later(later) => self.later(later, name.span),
            Declared::Enum(_)
            | Declared::Tiers(_)
            | Declared::Rates(..)
            | Declared::Calendar(_)
            | Declared::Holidays(_)
            | Declared::Plan(_) => {
                let what = unknown::declared_kind(declared);
                let written = &name.text;
                self.sink.push(
                    Diagnostic::error(
                        Code::E0201,
                        text!("\"{written}\" is no value but {what}", "“{written}”不是值，而是{what}"; what),
                    )
                    .primary(name.span, what),
                );
                faulty(name.span)
            }
        }
    }

    /// Types a constant.
    fn constant_now(&mut self, env: &Env, id: ConstantId, span: Span) -> Expr {
        let id = self.replaced_constant(env, id);
        let Some(found) = self.program.constant(id) else {
            return faulty(span);
        };
        let (ty, versions) = (
            found.ty,
            found.versions.iter().map(|(range, _)| *range).collect::<Vec<_>>(),
        );
        let on = Box::new(self.version_day(env, &versions, span));
        Expr {
            kind: ExprKind::Constant { constant: id, on },
            ty,
            span,
        }
    }
}

fn built_in(name: &str) -> Option<Candidate> {
    match builtin_name(name)? {
        "payee" => Some(Candidate::Payee),
        "row" => Some(Candidate::Row),
        "normal" => Some(Candidate::Normal),
        _ => None,
    }
}

fn is_row(name: &str) -> bool {
    built_in(name) == Some(Candidate::Row)
}
