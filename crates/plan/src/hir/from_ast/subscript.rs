//! Subscripts: which argument stands for which record or period, and what those left out mean.

use std::sync::Arc;

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, plural, text};

use super::Checker;
use super::env::{Env, Place};
use super::expr::{always, fails, faulty, fits, optional};
use super::missing::required;
use super::want::Want;
use crate::calendar::Unit;
use crate::hir::expr::{Expr, ExprKind, Value};
use crate::types::{BinderId, FieldId, Scalar, TableId};

/// The longest chain of records whose key is another record, when a key is written as one word.
const MAX_KEY_CHAIN: usize = 8;

/// Is one place for a subscript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Param {
    /// The kind of what is wanted.
    pub(crate) scalar: Scalar,
    /// Whether the value depends on it; a subscript that it does not depend on may be written all the same.
    pub(crate) is_used: bool,
    /// The length of the periods by which the value is computed, where that is shorter: any period within the one that
    /// is asked for will do, and the first is taken.
    pub(crate) shorter: Option<Unit>,
}

impl Checker<'_> {
    /// Gives each place the argument that is written for it.
    ///
    /// As many arguments as places are taken in order; fewer go, each, to the first free place of their kind.
    pub(super) fn arguments(
        &mut self,
        env: &Env,
        name: &str,
        params: &[Param],
        args: &[ast::Expr],
        span: Span,
    ) -> Option<Vec<Option<Expr>>> {
        if args.len() > params.len() {
            self.push_too_many(name, params, span);
            return None;
        }
        let is_full = args.len() == params.len();
        let mut places: Vec<Option<Expr>> = params.iter().map(|_| None).collect();
        for (at, tree) in args.iter().enumerate() {
            let (place, value) = if is_full {
                (at, self.argument(env, tree, params.get(at)?.scalar)?)
            } else {
                self.placed(env, name, tree, params, &places)?
            };
            if let Some(slot) = places.get_mut(place) {
                *slot = Some(value);
            }
        }
        Some(places)
    }

    /// Types an argument and finds the first free place of its kind.
    fn placed(
        &mut self,
        env: &Env,
        name: &str,
        tree: &ast::Expr,
        params: &[Param],
        places: &[Option<Expr>],
    ) -> Option<(usize, Expr)> {
        let free = params
            .iter()
            .zip(places)
            .enumerate()
            .filter(|(_, (_, place))| place.is_none());
        let free: Vec<(usize, Scalar)> = free.map(|(at, (param, _))| (at, param.scalar)).collect();
        if let Some(word) = self.test_key(env, tree) {
            let given = free.iter().find(|(_, scalar)| self.is_given(*scalar, word));
            let (at, scalar) = *given.or(free.iter().find(|(_, scalar)| matches!(scalar, Scalar::Row(_))))?;
            return Some((at, self.argument(env, tree, scalar)?));
        }
        let value = self.expr(env, tree, Want::ANY);
        let kind = value.ty.scalar;
        let place = free
            .iter()
            .find(|(_, scalar)| kind == Scalar::Faulty || kind == *scalar);
        if place.is_none() {
            self.push_no_place(name, params, &value);
        }
        place.map(|(at, _)| (*at, value))
    }

    /// Gives the word that names a record in a test: any word, but one that an aggregate around gives to its records or
    /// periods and that no record given by the test has for its key.
    pub(super) fn test_key<'t>(&self, env: &Env, tree: &'t ast::Expr) -> Option<&'t str> {
        let word = key_word(tree).filter(|_| env.place == Place::Test)?;
        let is_key = self.given_keys.values().any(|keys| keys.contains(word));
        let is_variable = matches!(tree.kind, ast::ExprKind::Name(_))
            && env.frames.iter().any(|frame| frame.name.as_deref() == Some(word));
        (is_key || !is_variable).then_some(word)
    }

    /// Takes a date for the period of that one day.
    fn day_as_period(&mut self, env: &Env, day: Expr) -> Expr {
        let (calendar, span) = (self.calendar_of(env), day.span);
        let day = Box::new(self.present(env, day));
        let unit = Unit::Day;
        always(
            ExprKind::Containing { calendar, unit, day },
            Scalar::Period(unit),
            span,
        )
    }

    /// Types one argument for a place of a kind.
    pub(super) fn argument(&mut self, env: &Env, tree: &ast::Expr, scalar: Scalar) -> Option<Expr> {
        if scalar == Scalar::Faulty {
            // What the place is for is not known, so a key in it can be a key of anything.
            return Some(faulty(tree.span));
        }
        let value = self.expr(env, tree, Want::of(scalar));
        if fits(value.ty.scalar, scalar) {
            return Some(value);
        }
        if (value.ty.scalar, scalar) == (Scalar::Date, Scalar::Period(Unit::Day)) {
            return Some(self.day_as_period(env, value));
        }
        let (found, wanted) = (self.a_kind(value.ty.scalar), self.a_kind(scalar));
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!("this subscript is {found}; {wanted} is needed", "此下标是{found}，需要的是{wanted}"; found, wanted),
            )
            .primary(tree.span, found),
        );
        None
    }

    /// Says whether the running test gives a record with this key.
    pub(super) fn is_given(&self, scalar: Scalar, word: &str) -> bool {
        let Scalar::Row(table) = scalar else {
            return false;
        };
        self.given_keys
            .get(&table)
            .is_some_and(|keys| keys.contains(word))
    }

    /// Says whether a record or period of a kind is current.
    pub(super) fn has_current(&self, env: &Env, scalar: Scalar) -> bool {
        let binders = [env.row, env.payee, env.period].into_iter().flatten();
        binders
            .chain(env.frames.iter().map(|frame| frame.binder))
            .any(|binder| self.kind_of_binder(binder) == scalar)
    }

    /// Finds what a subscript that is left out means: the current payee, record or period.
    pub(super) fn current(&mut self, env: &Env, scalar: Scalar, name: &str, span: Span) -> Option<Expr> {
        let mut found: Vec<BinderId> = Vec::new();
        let has_frame = env
            .frames
            .iter()
            .any(|frame| self.kind_of_binder(frame.binder) == scalar);
        if env.longer.is_some_and(|unit| scalar == Scalar::Period(unit)) && !has_frame {
            return Some(self.current_period(env, span));
        }
        let period = env.period.filter(|_| env.longer.is_none());
        let binders = [env.row, env.payee, period].into_iter().flatten();
        for binder in binders.chain(env.frames.iter().map(|frame| frame.binder)) {
            if self.kind_of_binder(binder) == scalar && !found.contains(&binder) {
                found.push(binder);
            }
        }
        match found.as_slice() {
            [one] => Some(self.variable(*one, span)),
            [] => {
                self.push_no_current(env, scalar, name, span);
                None
            }
            several => {
                self.push_which(env, several, scalar, name, span);
                None
            }
        }
    }

    /// Gives the record that a key written as one word names; nothing if there is none.
    pub(super) fn word_key(&mut self, env: &Env, table: TableId, word: &str, span: Span, want: Want) -> Expr {
        match self.key_of(env, table, word, span, 0) {
            Some(found) if fails(want) => found,
            Some(found) => found,
            None => faulty(span),
        }
    }

    /// Gives the record that a literal key names.
    pub(super) fn key_literal(
        &mut self,
        env: &Env,
        table: TableId,
        literal: &ast::Literal,
        want: Want,
    ) -> Expr {
        let word = if let ast::LiteralKind::Text(words) = &literal.kind {
            words.clone()
        } else {
            literal.written.clone()
        };
        self.word_key(env, table, &word, literal.span, want)
    }

    fn key_of(&mut self, env: &Env, table: TableId, word: &str, span: Span, depth: usize) -> Option<Expr> {
        let fields = self.key_fields(table);
        let [field] = fields.as_slice() else {
            self.push_key_of_several(table, span);
            return None;
        };
        let scalar = self.field_at(Scalar::Row(table), *field)?.ty.scalar;
        let key = if let Scalar::Row(other) = scalar
            && depth < MAX_KEY_CHAIN
        {
            self.key_of(env, other, word, span, depth.saturating_add(1))?
        } else {
            let value = self.key_value(env, scalar, word, span)?;
            always(ExprKind::Const(value), scalar, span)
        };
        let on = self.day_of_record(env, table, span);
        Some(optional(
            ExprKind::Find {
                table,
                keys: vec![key],
                on,
            },
            Scalar::Row(table),
            span,
        ))
    }

    /// Reads a word as the value of a key.
    fn key_value(&mut self, env: &Env, scalar: Scalar, word: &str, span: Span) -> Option<Value> {
        let value = match scalar {
            Scalar::Text => Some(Value::Text(Arc::from(word))),
            Scalar::Int | Scalar::Number => crate::number::Exact::parse_decimal(word).ok().map(Value::Number),
            Scalar::Date => crate::calendar::Date::parse(word).ok().map(Value::Date),
            Scalar::Period(unit) => {
                let calendar = self.calendar_of(env);
                let found = self
                    .program
                    .calendar(calendar)
                    .and_then(|found| found.parse_label(unit, word).ok());
                found.map(Value::Period)
            }
            Scalar::Enum(id) => self.value_named(id, word).map(|value| Value::Enum(id, value)),
            Scalar::Bool
            | Scalar::Percent
            | Scalar::Money(_)
            | Scalar::MoneyInColumn
            | Scalar::Points
            | Scalar::Days
            | Scalar::Row(_)
            | Scalar::Faulty => None,
        };
        if value.is_none() && scalar != Scalar::Faulty {
            let kind = self.a_kind(scalar);
            self.sink.push(
                Diagnostic::error(
                    Code::E0219,
                    text!("\"{word}\" cannot be a key here: {kind} is needed", "“{word}”不能作为主键：需要{kind}"; kind),
                )
                .primary(span, Text::default()),
            );
        }
        value
    }

    /// Gives the key fields of a table without those between which a dated record holds.
    pub(super) fn key_fields(&self, table: TableId) -> Vec<FieldId> {
        let Some(found) = self.program.table(table) else {
            return Vec::new();
        };
        let is_valid = |field: &FieldId| {
            found
                .valid
                .as_ref()
                .is_some_and(|(from, until)| field == from || field == until)
        };
        found
            .key
            .iter()
            .filter(|field| !is_valid(field))
            .copied()
            .collect()
    }

    /// Makes a value that a look-up or a definition needs as its argument one that is there.
    pub(super) fn settled(&mut self, env: &Env, value: Expr) -> Expr {
        if matches!(value.kind, ExprKind::Find { .. }) && value.ty.is_optional() {
            return required(value);
        }
        self.present(env, value)
    }

    fn push_too_many(&mut self, name: &str, params: &[Param], span: Span) {
        let (most, shape) = (params.len(), self.shape_name(name, params));
        let counted = plural(most, "subscript");
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!(
                    "\"{name}\" takes at most {counted}",
                    "“{name}”最多带 {most} 个下标"
                ),
            )
            .primary(span, shape),
        );
    }

    fn push_no_place(&mut self, name: &str, params: &[Param], value: &Expr) {
        let (found, shape) = (self.a_kind(value.ty.scalar), self.shape_name(name, params));
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!("\"{name}\" has no subscript for {found}", "“{name}”没有{found}这种下标"; found),
            )
            .primary(value.span, shape),
        );
    }

    /// Writes a name with the kinds of its subscripts: `sales[record of Person, month]`.
    fn shape_name(&self, name: &str, params: &[Param]) -> Text {
        let kinds: Vec<Text> = params.iter().map(|param| self.kind_name(param.scalar)).collect();
        let en: Vec<&str> = kinds.iter().map(|kind| kind.en.as_str()).collect();
        let zh: Vec<&str> = kinds.iter().map(|kind| kind.zh.as_str()).collect();
        Text {
            en: format!("{name}[{}]", en.join(", ")),
            zh: format!("{name}[{}]", zh.join("，")),
        }
    }

    fn push_no_current(&mut self, env: &Env, scalar: Scalar, name: &str, span: Span) {
        let kind = self.kind_name(scalar);
        let why = match (env.place, scalar) {
            (Place::Test, _) => text!("a test has no current {kind}", "测试中没有当前的{kind}"; kind),
            (_, Scalar::Period(_)) => {
                text!("the period here has another length; write which {kind}", "此处的期间长度不同，请写明是哪个{kind}"; kind)
            }
            (_, _) => text!("write which {kind}", "请写明是哪个{kind}"; kind),
        };
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!("\"{name}\" needs a {kind} in its subscripts", "“{name}”的下标中需要{kind}"; kind),
            )
            .primary(span, why),
        );
    }

    fn push_which(&mut self, env: &Env, found: &[BinderId], scalar: Scalar, name: &str, span: Span) {
        let kind = self.kind_name(scalar);
        let called = |binder: &BinderId| match env.payee == Some(*binder) {
            true => Some(self.word_payee(env).to_owned()),
            false => self.program.binder(*binder).map(|binder| binder.name.clone()),
        };
        let names: Vec<String> = found
            .iter()
            .filter_map(called)
            .map(|name| format!("\"{name}\""))
            .collect();
        let listed = names.join(", ");
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!("whose \"{name}\" is meant? there are several of the kind {kind} here", "指的是谁的“{name}”？此处有多个{kind}"; kind),
            )
            .primary(span, text!("write one of {listed} as its subscript", "请在下标中写明 {listed} 之一")),
        );
    }

    fn push_key_of_several(&mut self, table: TableId, span: Span) {
        let (name, count) = self
            .program
            .table(table)
            .map_or(("", 0), |found| (found.naming.name.as_str(), found.key.len()));
        let message = Diagnostic::error(
            Code::E0219,
            text!(
                "a record of \"{name}\" is known by {count} fields together",
                "“{name}”的记录由 {count} 个字段共同标识"
            ),
        )
        .primary(span, text!("write {name}(…, …)", "请写 {name}(…, …)"));
        self.sink.push(message);
    }
}

/// Gives the word or literal of an argument that can be a key.
pub(super) fn key_word(tree: &ast::Expr) -> Option<&str> {
    if let ast::ExprKind::Name(name) = &tree.kind {
        return Some(&name.text);
    }
    let ast::ExprKind::Literal(literal) = &tree.kind else {
        return None;
    };
    if let ast::LiteralKind::Text(words) = &literal.kind {
        return Some(words);
    }
    matches!(literal.kind, ast::LiteralKind::Number(_)).then_some(literal.written.as_str())
}
