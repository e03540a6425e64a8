//! Targets read from outside: which of their figures the subscripts mean.

use guerdon_syntax::ast;

use super::Checker;
use super::block::Path;
use super::env::{Env, Place};
use super::name::Candidate;
use super::plan::Symbol;
use super::subscript::{Param, key_word};
use crate::calendar::Unit;
use crate::hir::block::Target;
use crate::types::{PlanId, Scalar};

impl Checker<'_> {
    /// Names the figure that `north[2026]` or `north[p1, 2026-03]` means: that of the lowest level that has a place
    /// for every subscript, otherwise the goal.
    pub(super) fn figure_of_target(&self, env: &Env, path: &Path<'_>, target: &Target<String>) -> String {
        let args: Vec<&ast::Expr> = path.subscripts.iter().copied().flatten().collect();
        let levels = target.levels.iter().map(|level| &level.part);
        let lowest_first: Vec<&String> = levels.collect();
        let found = lowest_first
            .into_iter()
            .rev()
            .find(|name| self.takes(env, path.plan, name, &args));
        found.unwrap_or(&target.goal).clone()
    }

    /// Says whether a statement has a place for each of some subscripts, and a subscript for each of its places.
    fn takes(&self, env: &Env, plan: PlanId, name: &str, args: &[&ast::Expr]) -> bool {
        let Some(Symbol::Definition(id)) = self.symbol(plan, name) else {
            return false;
        };
        let Some(params) = self.shapes.get(&id) else {
            return false;
        };
        // A part of a record is asked for by the record; the subject above it goes without saying.
        let rows = params
            .iter()
            .filter(|param| matches!(param.scalar, Scalar::Row(_)));
        let mut free: Vec<&Param> = rows.take(1).collect();
        free.extend(
            params
                .iter()
                .filter(|param| matches!(param.scalar, Scalar::Period(_))),
        );
        for arg in args {
            let Some(at) = free.iter().position(|param| self.may_be(env, arg, param.scalar)) else {
                return false;
            };
            free.remove(at);
        }
        free.iter()
            .all(|param| self.goes_without_saying(env, plan, param.scalar))
    }

    /// Says whether a subscript may stand for a kind of record or period.
    fn may_be(&self, env: &Env, arg: &ast::Expr, scalar: Scalar) -> bool {
        if let Some(unit) = self.unit_of_argument(env, arg) {
            return scalar == Scalar::Period(unit);
        }
        match (scalar, key_word(arg)) {
            (Scalar::Row(_), Some(word)) if env.place == Place::Test => self.is_given(scalar, word),
            (Scalar::Row(_), _) => self.kind_of_argument(env, arg).is_none_or(|kind| kind == scalar),
            (_, _) => false,
        }
    }

    fn unit_of_argument(&self, env: &Env, arg: &ast::Expr) -> Option<Unit> {
        if let ast::ExprKind::Literal(literal) = &arg.kind {
            return match literal.kind {
                ast::LiteralKind::Month(..) => Some(Unit::Month),
                ast::LiteralKind::Quarter(..) => Some(Unit::Quarter),
                ast::LiteralKind::Week(..) => Some(Unit::Week),
                ast::LiteralKind::Year(_) => Some(Unit::Year),
                ast::LiteralKind::Number(_)
                | ast::LiteralKind::Percent(_)
                | ast::LiteralKind::Money(..)
                | ast::LiteralKind::Date(_)
                | ast::LiteralKind::Text(_)
                | ast::LiteralKind::Truth(_) => None,
            };
        }
        if let ast::ExprKind::Period(words) = &arg.kind {
            return match words {
                ast::PeriodExpr::Current | ast::PeriodExpr::Of(..) => self.unit_of(env),
                ast::PeriodExpr::This(unit) | ast::PeriodExpr::Previous(unit) => unit_named(unit.kind),
                ast::PeriodExpr::ToDate(_) | ast::PeriodExpr::Last(..) | ast::PeriodExpr::From(_) => None,
            };
        }
        if let Scalar::Period(unit) = self.kind_of_argument(env, arg)? {
            Some(unit)
        } else {
            None
        }
    }

    /// Gives the kind of a bare name, as far as it is known without typing it.
    fn kind_of_argument(&self, env: &Env, arg: &ast::Expr) -> Option<Scalar> {
        let ast::ExprKind::Name(name) = &arg.kind else {
            return None;
        };
        match self.names_in_sight(env, &name.text).as_slice() {
            [Candidate::Payee] => env.payee.map(|binder| self.kind_of_binder(binder)),
            [Candidate::Row] => env.row.map(|binder| self.kind_of_binder(binder)),
            [Candidate::Variable(binder)] => Some(self.kind_of_binder(*binder)),
            _ => None,
        }
    }

    /// Says whether a subscript may be left out: the current record or period is meant, or the only one.
    fn goes_without_saying(&self, env: &Env, plan: PlanId, scalar: Scalar) -> bool {
        let only = self.plans.get(plan.index()).and_then(|parts| parts.only);
        if let (Scalar::Period(unit), Some(only)) = (scalar, only) {
            return only.unit == unit;
        }
        let own = [env.row, env.payee, env.period].into_iter().flatten();
        let mut all = own.chain(env.frames.iter().map(|frame| frame.binder));
        all.any(|binder| self.kind_of_binder(binder) == scalar)
    }
}

const fn unit_named(kind: ast::UnitKind) -> Option<Unit> {
    match kind {
        ast::UnitKind::Day => Some(Unit::Day),
        ast::UnitKind::Week => Some(Unit::Week),
        ast::UnitKind::Month => Some(Unit::Month),
        ast::UnitKind::Quarter => Some(Unit::Quarter),
        ast::UnitKind::Year => Some(Unit::Year),
        ast::UnitKind::Period => None,
    }
}
