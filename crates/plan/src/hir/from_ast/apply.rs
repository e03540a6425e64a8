//! Tiers applied to values, and the rates they give.

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use super::expr::{always, faulty, fits};
use super::facts;
use super::want::Want;
use crate::calendar::Unit;
use crate::hir::expr::{Apply, Expr, ExprKind, Stack};
use crate::hir::schema::{Effective, TierKind};
use crate::resolve::Declared;
use crate::types::{Scalar, TiersId};

/// Remembers the order in which the lines of an earn are stacked, for all its `apply` together.
#[derive(Debug, Default)]
pub(super) struct Stacking {
    /// The order, once an `apply` has named it.
    pub(super) order: Option<Vec<Expr>>,
}

impl Checker<'_> {
    /// Types `apply T to x against q stacked …`.
    pub(super) fn apply(&mut self, env: &Env, tree: &ast::Apply, span: Span) -> Expr {
        let tiers = self.tiers_named(env, &tree.tiers);
        let value = self.value(env, &tree.value, Want::ANY);
        let value = self.expect_numeric(value);
        let against = tree.against.as_ref().map(|quota| {
            let quota = self.value(env, quota, Want::ANY);
            self.expect_numeric(quota)
        });
        let stack = tree.stack.as_ref().map(|stack| self.stack(env, stack, &value));
        let Some(tiers) = tiers else {
            return faulty(span);
        };
        let scalar = self.applied_kind(tiers, &tree.tiers, &value, against.as_ref());
        let on = self.tiers_day(env, tiers, span);
        let stack = match stack {
            Some(Some(stack)) => Some(stack),
            Some(None) => return faulty(span),
            None => None,
        };
        let apply = Apply {
            tiers,
            on,
            value,
            against,
            stack,
            part: None,
        };
        always(ExprKind::Apply(Box::new(apply)), scalar, span)
    }

    /// Types `rate of T at x`.
    pub(super) fn rate_of(&mut self, env: &Env, name: &ast::Name, at: &ast::Expr, span: Span) -> Expr {
        let tiers = self.tiers_named(env, name);
        let at = self.value(env, at, Want::ANY);
        let at = self.expect_numeric(at);
        let Some(tiers) = tiers else {
            return faulty(span);
        };
        let Some(found) = self.program.tier_table(tiers) else {
            return faulty(span);
        };
        let (bound, rate) = (found.bound, found.rate);
        if !fits(at.ty.scalar, bound) {
            self.push_wrong_point(name, bound, &at);
        }
        let on = Box::new(self.tiers_day(env, tiers, span));
        always(
            ExprKind::RateOf {
                tiers,
                on,
                at: Box::new(at),
            },
            rate,
            span,
        )
    }

    fn tiers_day(&mut self, env: &Env, tiers: TiersId, span: Span) -> Expr {
        let versions: Vec<Effective> = self.program.tier_table(tiers).map_or_else(Vec::new, |found| {
            found.versions.iter().map(|version| version.effective).collect()
        });
        self.version_day(env, &versions, span)
    }

    fn tiers_named(&mut self, env: &Env, name: &ast::Name) -> Option<TiersId> {
        let found: Vec<Declared> = self
            .names
            .lookup(env.file, &name.text)
            .into_iter()
            .map(|entry| entry.declared)
            .collect();
        if let [Declared::Tiers(id)] = found.as_slice() {
            return Some(self.replaced_tiers(env, *id));
        }
        let written = &name.text;
        if !self.names.is_broken(written) {
            let message = Diagnostic::error(
                Code::E0218,
                text!(
                    "there are no tiers called \"{written}\"",
                    "没有叫“{written}”的阶梯"
                ),
            )
            .primary(name.span, Text::default());
            let known = self.names.seen_from(env.file);
            let tiers = known
                .filter(|(_, declared)| matches!(declared, Declared::Tiers(_)))
                .map(|(name, _)| name);
            let fix = self.nearest(written, name.span, tiers);
            self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        }
        None
    }

    /// Gives the kind of the result, after checking that bounds × quota have the kind of the value.
    fn applied_kind(
        &mut self,
        tiers: TiersId,
        name: &ast::Name,
        value: &Expr,
        against: Option<&Expr>,
    ) -> Scalar {
        let Some(found) = self.program.tier_table(tiers) else {
            return Scalar::Faulty;
        };
        let (kind, bound, paid) = (found.kind, found.bound, found.value);
        let rows = found.versions.iter().flat_map(|version| &version.rows);
        // A rate alone may be an amount for each unit: CNY 50 a piece.
        let has_both =
            rows.clone().any(|row| row.rate.is_some()) && rows.clone().any(|row| row.amount.is_some());
        if bound == Scalar::Faulty {
            return Scalar::Faulty;
        }
        let quota = against.map(|quota| quota.ty.scalar);
        match scaled(bound, quota) {
            Some(wanted) if fits(value.ty.scalar, wanted) => {}
            Some(wanted) => self.push_unlike_bounds(name, bound, wanted, value, against),
            None => self.push_amount_squared(name, bound, against),
        }
        match kind {
            TierKind::Marginal | TierKind::Retro if is_plain(paid) => rated(value.ty.scalar, paid),
            TierKind::Marginal | TierKind::Retro => {
                if has_both && !fits(value.ty.scalar, paid) {
                    self.push_rates_and_amounts(name, paid, value);
                }
                paid
            }
            TierKind::Flat | TierKind::Interpolated | TierKind::Fill => paid,
        }
    }

    fn stack(&mut self, env: &Env, tree: &ast::Stack, value: &Expr) -> Option<Stack> {
        if !env.can_stack || self.stacking.is_none() {
            self.sink.push(
                Diagnostic::error(
                    Code::E0206,
                    text!(
                        "only the lines of an earn can be stacked",
                        "只有计提的明细才能累计"
                    ),
                )
                .primary(tree.span, text!("there are no lines here", "此处没有明细"))
                .note(text!(
                    "Lines come from \"for each … dated …\"; each is stacked on those before it.",
                    "明细来自“逐条 … 记于 …”，每一条累计在前面各条之上。"
                )),
            );
            return None;
        }
        let order: Vec<Expr> = tree.order.iter().map(|key| self.order_key(env, key)).collect();
        let restarting = match tree.restarting {
            Some(unit) => Some(self.unit_here(env, unit)?.1),
            None => None,
        };
        let starting_from = tree.starting.as_ref().map(|start| {
            let start = self.value(env, start, Want::like(value.ty.scalar));
            self.expect_kind(start, value.ty.scalar)
        });
        self.remember_order(order, tree.span);
        Some(Stack {
            restarting,
            starting_from,
        })
    }

    fn remember_order(&mut self, order: Vec<Expr>, span: Span) {
        let Some(stacking) = &mut self.stacking else {
            return;
        };
        let keys = |order: &[Expr]| order.iter().map(facts::key).collect::<Vec<_>>();
        match &stacking.order {
            Some(earlier) if keys(earlier) != keys(&order) => {
                let first = earlier.first().map_or(span, |key| key.span);
                self.sink.push(
                    Diagnostic::error(
                        Code::E0216,
                        text!(
                            "the lines of one earn have two orders",
                            "同一计提的明细有两种次序"
                        ),
                    )
                    .primary(span, text!("another order", "另一种次序"))
                    .secondary(first, text!("stacked in this order", "按此次序累计")),
                );
            }
            Some(_) => {}
            None => stacking.order = Some(order),
        }
    }

    fn push_unlike_bounds(
        &mut self,
        name: &ast::Name,
        bound: Scalar,
        wanted: Scalar,
        value: &Expr,
        against: Option<&Expr>,
    ) {
        let tiers = &name.text;
        let (found, bounds, wanted) = (
            self.a_kind(value.ty.scalar),
            self.a_kind(bound),
            self.a_kind(wanted),
        );
        let mut message = Diagnostic::error(
            Code::E0201,
            text!("tiers \"{tiers}\" cannot be applied to {found}", "阶梯“{tiers}”不能套用于{found}"; found),
        )
        .primary(value.span, found)
        .secondary(
            name.span,
            text!("its boundaries are each {bounds}", "其边界是{bounds}"; bounds),
        );
        match against {
            Some(quota) => {
                message = message.secondary(
                    quota.span,
                    text!("so {wanted} is needed", "因此需要{wanted}"; wanted),
                );
            }
            None if is_plain(bound) => {
                message = message.fix(guerdon_syntax::Fix::advice(
                    text!("say what the boundaries are a share of", "写明边界是什么的比例"),
                    text!("apply {tiers} to … against quota", "套用 {tiers} 于 … 对比 指标"),
                ));
            }
            None => {}
        }
        self.sink.push(message);
    }

    fn push_amount_squared(&mut self, name: &ast::Name, bound: Scalar, against: Option<&Expr>) {
        let tiers = &name.text;
        let bounds = self.a_kind(bound);
        let mut message = Diagnostic::error(
            Code::E0205,
            text!(
                "the boundaries of \"{tiers}\" are amounts already",
                "“{tiers}”的边界本身就是金额"
            ),
        );
        if let Some(quota) = against {
            message = message.primary(
                quota.span,
                text!("multiplies them by another amount", "又乘以另一个金额"),
            );
        }
        self.sink.push(message.secondary(name.span, bounds));
    }

    fn push_rates_and_amounts(&mut self, name: &ast::Name, paid: Scalar, value: &Expr) {
        let tiers = &name.text;
        let (one, other) = (self.a_kind(value.ty.scalar), self.a_kind(paid));
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("tiers \"{tiers}\" pay a rate of {one} and an amount of {other}", "阶梯“{tiers}”既按{one}的比例又按{other}的金额支付"; one, other),
            )
            .primary(value.span, one)
            .secondary(name.span, other),
        );
    }

    fn push_wrong_point(&mut self, name: &ast::Name, bound: Scalar, at: &Expr) {
        let tiers = &name.text;
        let (found, wanted) = (self.a_kind(at.ty.scalar), self.a_kind(bound));
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("tiers \"{tiers}\" have no rate at {found}", "阶梯“{tiers}”没有对应{found}的费率"; found),
            )
            .primary(at.span, found)
            .secondary(name.span, text!("its boundaries are each {wanted}", "其边界是{wanted}"; wanted)),
        );
    }

    /// Reads the length after which something starts again.
    pub(super) fn every(&mut self, env: &Env, unit: ast::Unit) -> Option<Unit> {
        self.unit_here(env, unit).map(|(_, unit)| unit)
    }
}

/// Gives the kind of a boundary multiplied by a quota; nothing if both are amounts.
fn scaled(bound: Scalar, quota: Option<Scalar>) -> Option<Scalar> {
    match quota {
        None => Some(bound),
        Some(Scalar::Faulty) => Some(Scalar::Faulty),
        Some(quota) if is_plain(quota) => Some(bound),
        Some(quota) => is_plain(bound).then_some(quota),
    }
}

/// Gives the kind of a value multiplied by a rate.
fn rated(value: Scalar, rate: Scalar) -> Scalar {
    if !is_plain(value) {
        value
    } else if value == Scalar::Percent && rate == Scalar::Percent {
        Scalar::Percent
    } else {
        Scalar::Number
    }
}

fn is_plain(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Int | Scalar::Number | Scalar::Percent)
}
