//! Names with subscripts and fields: `sales[previous month]`, `ramp[tenure].draw`, `ae_2026.commission[D1].held`.

use guerdon_syntax::keyword::builtin_field;
use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use super::expr::{always, faulty};
use super::name::Candidate;
use super::plan::Symbol;
use super::want::Want;
use crate::hir::expr::{EarnPart, Expr, ExprKind};
use crate::resolve::{Declared, Later};
use crate::types::{DecisionId, DefinitionId, EarnId, PlanId, Scalar, TableId};

/// Is something that takes subscripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// A definition.
    Definition(DefinitionId),
    /// A definition one period before.
    Prior(DefinitionId),
    /// An amount of an earn.
    Earn(EarnId, EarnPart),
    /// An earn one period before.
    PriorEarn(EarnId),
    /// A data block or a table from a file.
    Table(TableId),
    /// A decision table.
    Decision(DecisionId),
    /// Something of a block whose meaning is not given yet.
    Later(Later),
}

impl Checker<'_> {
    /// Types a field, a look-up, `due x`, `released x` or `prior x`.
    pub(super) fn postfix(&mut self, env: &Env, tree: &ast::Expr, want: Want) -> Expr {
        let span = tree.span;
        if let Some(path) = self.block_path(env, tree) {
            return self.block_part(env, &path, span, want);
        }
        if let ast::ExprKind::Field(base, word) = &tree.kind
            && self.qualified(env, base, word).is_none()
        {
            return self.field_access(env, base, word, span, want);
        }
        let (base, args) = split(tree);
        match self.head(env, base).or_else(|| self.subscripted(env, base, args)) {
            Some(head) => self.application(env, head, args, span, want),
            None => self.not_a_head(env, base, args, span, want),
        }
    }

    /// Finds out what takes the subscripts, saying nothing if it is none of these.
    pub(super) fn head(&self, env: &Env, tree: &ast::Expr) -> Option<Head> {
        if let ast::ExprKind::Name(name) = &tree.kind {
            return self.single_head(env, name);
        }
        if let ast::ExprKind::Field(base, word) = &tree.kind {
            let (plan, symbol) = self.qualified(env, base, word)?;
            return head_of(Candidate::Statement(plan, symbol));
        }
        if let ast::ExprKind::Due(name) = &tree.kind {
            return self.earn_part(env, name, EarnPart::Due);
        }
        if let ast::ExprKind::Released(name) = &tree.kind {
            return self.earn_part(env, name, EarnPart::Released);
        }
        if let ast::ExprKind::Prior(name) = &tree.kind {
            return self.single_head(env, name).and_then(before);
        }
        None
    }

    /// Finds out what takes the subscripts of a name that a field has too: a field takes none.
    fn subscripted(&self, env: &Env, base: &ast::Expr, args: &[ast::Expr]) -> Option<Head> {
        let ast::ExprKind::Name(name) = &base.kind else {
            return None;
        };
        let found = self.names_in_sight(env, &name.text);
        let mut others = found
            .iter()
            .filter(|found| !matches!(found, Candidate::Field(..)));
        match (args, others.next(), others.next()) {
            ([_, ..], Some(one), None) => head_of(*one),
            (_, _, _) => None,
        }
    }

    fn single_head(&self, env: &Env, name: &ast::Name) -> Option<Head> {
        match self.names_in_sight(env, &name.text).as_slice() {
            [one] => head_of(*one),
            _ => None,
        }
    }

    fn earn_part(&self, env: &Env, name: &ast::Name, part: EarnPart) -> Option<Head> {
        if let Head::Earn(id, _) = self.single_head(env, name)? {
            Some(Head::Earn(id, part))
        } else {
            None
        }
    }

    /// Finds the statement that `plan.word` names.
    ///
    /// An amount that is called like the plan does not stand in the way, since it has no statements: only what is told
    /// of each line of an earn is written in the same form.
    fn qualified(&self, env: &Env, base: &ast::Expr, word: &ast::Name) -> Option<(PlanId, Symbol)> {
        let ast::ExprKind::Name(name) = &base.kind else {
            return None;
        };
        let declared = self.names.lookup(env.file, &name.text);
        let [Declared::Plan(plan)] = declared.iter().map(|entry| entry.declared).collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let symbol = self.symbol(plan, &word.text)?;
        let mut others = self.names_in_sight(env, &name.text).into_iter();
        others
            .all(|one| self.is_plain_amount(one, word) || one == Candidate::Declared(Declared::Plan(plan)))
            .then_some((plan, symbol))
    }

    /// Says whether a name means an amount of which nothing is called by a word.
    fn is_plain_amount(&self, found: Candidate, word: &ast::Name) -> bool {
        match found {
            Candidate::Statement(_, Symbol::Earn(_)) => line_part(&word.text).is_none(),
            Candidate::Statement(_, Symbol::Definition(id)) => {
                let found = self.program.definition(id);
                found.is_some_and(|found| found.ty.scalar.is_numeric())
            }
            Candidate::Statement(_, Symbol::Rows(_) | Symbol::Exception)
            | Candidate::Payee
            | Candidate::Row
            | Candidate::Normal
            | Candidate::Variable(_)
            | Candidate::Field(..)
            | Candidate::Declared(_)
            | Candidate::EnumValue(..) => false,
        }
    }

    /// Types a thing with its subscripts; those left out mean the current payee, record or period.
    pub(super) fn application(
        &mut self,
        env: &Env,
        head: Head,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        match head {
            Head::Definition(id) => self.use_definition(env, id, args, span, want),
            Head::Prior(id) => self.prior(env, id, args, span, want),
            Head::Earn(id, part) => self.earned(env, (id, part), args, span, want),
            Head::PriorEarn(id) => self.prior_earn(env, id, args, span, want),
            Head::Table(id) => self.table_value(env, id, args, span, want),
            Head::Decision(id) => self.decide(env, id, args, None, span),
            Head::Later(later) => self.later(later, span),
        }
    }

    /// Types `base.word`.
    fn field_access(
        &mut self,
        env: &Env,
        base: &ast::Expr,
        word: &ast::Name,
        span: Span,
        want: Want,
    ) -> Expr {
        let (inner, args) = split(base);
        match self.head(env, inner) {
            Some(Head::Decision(id)) => return self.decide(env, id, args, Some(word), span),
            Some(Head::Later(later)) => return self.later(later, span),
            Some(Head::Earn(id, EarnPart::Earned)) => {
                if let Some(part) = line_part(&word.text) {
                    return self.earned(env, (id, part), args, span, want);
                }
            }
            Some(Head::Table(id)) if !self.is_row_field(id, word) => {}
            Some(Head::Table(id)) => {
                let row = self.row_of(env, id, args, base.span, want);
                return self.field_of_value(env, row, word, span);
            }
            Some(Head::Definition(_) | Head::Prior(_) | Head::PriorEarn(_) | Head::Earn(..)) | None => {}
        }
        if let Some(fault) = self.unknown_statement(env, base, word) {
            return fault;
        }
        let value = self.expr(env, base, Want { scalar: None, ..want });
        self.field_of_value(env, value, word, span)
    }

    fn is_row_field(&self, table: TableId, word: &ast::Name) -> bool {
        self.field_named(table, &word.text).is_some()
    }

    fn unknown_statement(&mut self, env: &Env, base: &ast::Expr, word: &ast::Name) -> Option<Expr> {
        let ast::ExprKind::Name(name) = &base.kind else {
            return None;
        };
        let [Candidate::Declared(Declared::Plan(plan))] = self.names_in_sight(env, &name.text)[..] else {
            return None;
        };
        let (of, written) = (&name.text, &word.text);
        if !self.names.is_broken(written) {
            let message = Diagnostic::error(
                Code::E0202,
                text!(
                    "the plan \"{of}\" has nothing called \"{written}\"",
                    "方案“{of}”中没有叫“{written}”的名称"
                ),
            )
            .primary(word.span, Text::default());
            let known = self.symbol_names(plan);
            let fix = self.nearest(written, word.span, known.iter().map(String::as_str));
            self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        }
        Some(faulty(base.span.to(word.span)))
    }

    /// Types a field of a value: of a record, or the first or last day of a period.
    fn field_of_value(&mut self, env: &Env, value: Expr, word: &ast::Name, span: Span) -> Expr {
        if value.ty.scalar == Scalar::Faulty {
            return faulty(span);
        }
        if let Scalar::Row(table) = value.ty.scalar {
            let Some(field) = self.field_named(table, &word.text) else {
                return self.unknown_field(table, word, span);
            };
            let row = self.narrowed(env, value);
            return self.field_value(row, field, span);
        }
        if let Scalar::Period(_) = value.ty.scalar {
            let period = self.present(env, value);
            return self.day_of_period(period, word, span);
        }
        let kind = self.a_kind(value.ty.scalar);
        let written = &word.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0209,
                text!("{kind} has no field \"{written}\"", "{kind}没有字段“{written}”"; kind),
            )
            .primary(word.span, Text::default())
            .secondary(value.span, kind),
        );
        faulty(span)
    }

    fn day_of_period(&mut self, period: Expr, word: &ast::Name, span: Span) -> Expr {
        match builtin_field(&word.text).unwrap_or(&word.text) {
            "first_day" => always(ExprKind::FirstDay(Box::new(period)), Scalar::Date, span),
            "last_day" => always(ExprKind::LastDay(Box::new(period)), Scalar::Date, span),
            written => {
                let message = Diagnostic::error(
                    Code::E0209,
                    text!("a period has no \"{written}\"", "期间没有“{written}”"),
                )
                .primary(word.span, text!("first_day or last_day", "首日或末日"));
                let fix = self.nearest(written, word.span, ["first_day", "last_day"]);
                self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
                faulty(span)
            }
        }
    }

    fn unknown_field(&mut self, table: TableId, word: &ast::Name, span: Span) -> Expr {
        let Some(found) = self.program.table(table) else {
            return faulty(span);
        };
        let (of, written) = (&found.naming.name, &word.text);
        let message = Diagnostic::error(
            Code::E0209,
            text!("\"{of}\" has no field \"{written}\"", "“{of}”没有字段“{written}”"),
        )
        .primary(word.span, Text::default())
        .secondary(found.naming.span, text!("declared here", "声明于此"));
        let known = found.fields.iter().flat_map(|field| {
            [Some(field.naming.name.as_str()), field.naming.alias.as_deref()]
                .into_iter()
                .flatten()
        });
        let fix = self.nearest(written, word.span, known);
        self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        faulty(span)
    }

    fn not_a_head(
        &mut self,
        env: &Env,
        base: &ast::Expr,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        if let ast::ExprKind::Due(name) | ast::ExprKind::Released(name) | ast::ExprKind::Prior(name) =
            &base.kind
        {
            return self.wrong_operand(env, base, name, want);
        }
        if args.is_empty() {
            return self.expr(env, base, want);
        }
        let value = self.expr(env, base, Want::ANY);
        if value.ty.scalar != Scalar::Faulty {
            let kind = self.a_kind(value.ty.scalar);
            self.sink.push(
                Diagnostic::error(
                    Code::E0219,
                    text!("{kind} takes no subscripts", "{kind}不能带下标"; kind),
                )
                .primary(span, kind),
            );
        }
        faulty(span)
    }

    /// Says that `due`, `released` or `prior` stands before something that has none.
    fn wrong_operand(&mut self, env: &Env, base: &ast::Expr, name: &ast::Name, want: Want) -> Expr {
        let value = self.bare_name(env, name, Want { scalar: None, ..want });
        if value.ty.scalar == Scalar::Faulty {
            return faulty(base.span);
        }
        let written = &name.text;
        let (code, title) = if matches!(base.kind, ast::ExprKind::Prior(_)) {
            (
                Code::E0223,
                text!(
                    "\"{written}\" has no value of the period before",
                    "“{written}”没有上期的值"
                ),
            )
        } else {
            (
                Code::E0201,
                text!(
                    "\"{written}\" is no earn statement, so nothing of it falls due",
                    "“{written}”不是计提，没有应发金额"
                ),
            )
        };
        let kind = self.a_kind(value.ty.scalar);
        self.sink
            .push(Diagnostic::error(code, title).primary(name.span, kind));
        faulty(base.span)
    }

    /// Reports, as a mere note, the use of a block whose meaning is not given yet.
    pub(super) fn later(&mut self, later: Later, span: Span) -> Expr {
        if std::mem::replace(&mut self.has_later, true) {
            return faulty(span);
        }
        let what = later_name(later);
        self.sink.push(
            Diagnostic::remark(
                Code::E0217,
                text!("a {what} cannot be calculated yet", "尚不能计算{what}"; what),
            )
            .primary(span, text!("this value is not known", "此值未知")),
        );
        faulty(span)
    }
}

/// Names a kind of block in words.
pub(super) fn later_name(later: Later) -> Text {
    match later {
        Later::Contest => text!("contest", "竞赛"),
        Later::Award => text!("award", "荣誉"),
        Later::Target => text!("target", "目标"),
        Later::Warning => text!("warning", "预警"),
        Later::Scorecard => text!("scorecard", "记分卡"),
    }
}

/// Parts a thing from its subscripts.
fn split(tree: &ast::Expr) -> (&ast::Expr, &[ast::Expr]) {
    if let ast::ExprKind::Index(base, args) = &tree.kind {
        (base, args)
    } else {
        (tree, &[])
    }
}

fn head_of(candidate: Candidate) -> Option<Head> {
    match candidate {
        Candidate::Statement(_, Symbol::Definition(id)) => Some(Head::Definition(id)),
        Candidate::Statement(_, Symbol::Earn(id)) => Some(Head::Earn(id, EarnPart::Earned)),
        Candidate::Declared(declared) => declared_head(declared),
        Candidate::Statement(_, Symbol::Rows(_) | Symbol::Exception)
        | Candidate::Payee
        | Candidate::Row
        | Candidate::Normal
        | Candidate::Variable(_)
        | Candidate::Field(..)
        | Candidate::EnumValue(..) => None,
    }
}

fn declared_head(declared: Declared) -> Option<Head> {
    match declared {
        Declared::Table(id) => Some(Head::Table(id)),
        Declared::Decision(id) => Some(Head::Decision(id)),
        Declared::Later(later) => Some(Head::Later(later)),
        Declared::Enum(_)
        | Declared::Constant(_)
        | Declared::Tiers(_)
        | Declared::Rates(..)
        | Declared::Calendar(_)
        | Declared::Holidays(_)
        | Declared::Plan(_) => None,
    }
}

/// Gives the same thing one period before.
fn before(head: Head) -> Option<Head> {
    match head {
        Head::Definition(id) => Some(Head::Prior(id)),
        Head::Earn(id, _) => Some(Head::PriorEarn(id)),
        Head::Prior(_) | Head::PriorEarn(_) | Head::Table(_) | Head::Decision(_) | Head::Later(_) => None,
    }
}

fn line_part(word: &str) -> Option<EarnPart> {
    match builtin_field(word).unwrap_or(word) {
        "earned" => Some(EarnPart::Earned),
        "released" => Some(EarnPart::Released),
        "held" => Some(EarnPart::Held),
        "clawed_back" => Some(EarnPart::ClawedBack),
        "in_review" => Some(EarnPart::InReview),
        "paid_to_date" => Some(EarnPart::PaidToDate),
        "due" => Some(EarnPart::Due),
        "amortised" => Some(EarnPart::Amortised),
        "written_off" => Some(EarnPart::WrittenOff),
        "unamortised" => Some(EarnPart::Unamortised),
        _ => None,
    }
}
