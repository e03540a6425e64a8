//! Earns: their lines and caps.

mod amortise;
mod break_down;
mod caps;
mod hold;
mod moments;
mod total;

use guerdon_syntax::span::Span;

use self::break_down::Shared;
pub(super) use self::caps::CapNodes;
use super::aggregate::{conjuncts, key_of};
use super::scope::{LineOrder, Reading, Scope};
use super::{Builder, Construct, Progress};
use crate::graph::{
    CutOutput, EarnOutput, Expansion, Frame, FrameId, HoldOutput, Moments, NodeId, Op, Outside, Spread,
    Strangers,
};
use crate::hir::{Earn, Expr, ExprKind, Factor, Lines, RoundingPlace, Value};
use crate::number::Exact;
use crate::types::{BinderId, EarnId, FieldId, Scalar, Ty};

/// The frame of an earn's lines.
#[derive(Debug, Clone)]
pub(super) struct LineFrame {
    pub scope: Scope,
    pub payee: NodeId,
    pub period: NodeId,
    row: NodeId,
    day: NodeId,
    keep: NodeId,
    strangers: Option<Strangers>,
}

/// All that is known of an earn.
#[derive(Debug, Clone)]
pub(super) struct EarnNodes {
    frame: FrameId,
    row: Option<NodeId>,
    strangers: Option<Strangers>,
    payee: NodeId,
    period: NodeId,
    day: NodeId,
    base: Option<NodeId>,
    normal: NodeId,
    uncut: NodeId,
    earned: NodeId,
    /// What each cap does to a line.
    cuts: Vec<CutOutput>,
    /// What caps cut off a line that somebody is to look at.
    excess: Option<NodeId>,
    /// What is paid, by payee and period, of what a cap cut off lines of earlier periods.
    carried: Option<NodeId>,
    moments: Option<Moments>,
    hold: Option<HoldOutput>,
    spread: Option<Spread>,
}

/// An earn after the cap that names it alone, before the one it shares with others.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    nodes: EarnNodes,
    scope: Scope,
    /// Where an undated earn has a line; none for one with records.
    is_payee: Option<NodeId>,
}

impl Builder<'_> {
    pub(super) fn earn_output(&mut self, id: EarnId) -> Option<EarnOutput> {
        let nodes = self.earn_nodes(id)?;
        Some(EarnOutput {
            earn: id,
            lines: nodes.frame,
            row: nodes.row,
            strangers: nodes.strangers,
            payee: nodes.payee,
            period: nodes.period,
            day: nodes.day,
            base: nodes.base,
            normal: nodes.normal,
            uncut: nodes.uncut,
            earned: nodes.earned,
            cuts: nodes.cuts,
            excess: nodes.excess,
            carried: nodes.carried,
            moments: nodes.moments,
            hold: nodes.hold,
            spread: nodes.spread,
        })
    }

    /// Opens the frame of the lines of an earn; none for an undated one.
    pub(super) fn line_frame(&mut self, id: EarnId) -> Option<LineFrame> {
        let earn = self.program.earn(id)?;
        let lines = earn.lines.as_ref()?;
        let plan = self.program.plan(earn.plan)?;
        let (payee_binder, period_binder, span) = (plan.payee, plan.period, earn.span);
        let payees = self.plan_scope(earn.plan)?;
        let is_payee = self.is_payee(earn.plan, &payees);
        let mut conditions = conjuncts(lines.filter.as_ref());
        let mut base = self.owned_rows(lines, payee_binder, &mut conditions, earn)?;
        base = base.choosing();
        let day = self.expr(&lines.dated, &base);
        let period = self.period_of(&lines.dated, &base, false);
        base.binders.insert(period_binder, period);
        let payee = *base.binders.get(&payee_binder)?;
        let row = *base.binders.get(&lines.row)?;
        let boolean = Ty::always(Scalar::Bool);
        let mut keep: Vec<NodeId> = conditions
            .iter()
            .map(|condition| self.expr(condition, &base))
            .collect();
        let (from, through) = self.effective_days(plan.effective, span);
        let within = Op::Within {
            value: day,
            calendar: plan.calendar,
            from,
            through,
        };
        keep.push(self.node(within, base.frame, boolean, span));
        let place = Op::CellOf {
            frame: payees.frame,
            row: Some(payee),
            period: Some(period),
            outside: Outside::Missing,
        };
        let place = self.node(place, base.frame, Ty::optional(Scalar::Int), span);
        let paid = self.fetch(is_payee, base.frame, place);
        let strangers = self.strangers(&base, payee_binder, (&keep, paid), span);
        let no = self.constant(Value::Bool(false), Scalar::Bool, span);
        keep.push(self.node(Op::Otherwise(vec![paid, no]), base.frame, boolean, span));
        for kept in self.membership(earn.plan, lines.table, Reading::Checked) {
            keep.push(self.broadcast(kept, &base, Some(row), None, span));
        }
        let keep = self.node(Op::And(keep), base.frame, boolean, span);
        let frame = self.frame(Frame::Selected { of: base.frame, keep });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), span);
        let mut scope = self.carried(&base, frame, origin);
        let payee = *scope.binders.get(&payee_binder)?;
        let period = *scope.binders.get(&period_binder)?;
        let row = *scope.binders.get(&lines.row)?;
        let day = self.fetch(day, frame, origin);
        let keep = self.fetch(keep, frame, origin);
        let order = self.exprs(&lines.order, &scope);
        scope = scope.read(Reading::Checked);
        let walks = self.walk_of(lines, payee_binder).is_some();
        let below = walks.then(|| self.new_node(Op::Lower(keep), frame, earn.ty, span));
        scope.line = Some(LineOrder {
            order,
            payee,
            day,
            keep,
            below,
        });
        Some(LineFrame {
            scope,
            payee,
            period,
            row,
            day,
            keep,
            strangers,
        })
    }

    /// Marks the records that would have a line, but that the one they concern is no payee then.
    ///
    /// Lines of every payee, and of those above somebody, concern whom the plan pays.
    fn strangers(
        &mut self,
        base: &Scope,
        payee: BinderId,
        (kept, paid): (&[NodeId], NodeId),
        span: Span,
    ) -> Option<Strangers> {
        let of = self.graph.frame(base.frame)?;
        let Frame::Rows(_) = of else {
            return None;
        };
        let boolean = Ty::always(Scalar::Bool);
        let yes = self.constant(Value::Bool(true), Scalar::Bool, span);
        let known = self.node(Op::Otherwise(vec![paid, yes]), base.frame, boolean, span);
        let mut all = kept.to_vec();
        all.push(self.node(Op::Not(known), base.frame, boolean, span));
        Some(Strangers {
            found: self.node(Op::And(all), base.frame, boolean, span),
            payee: *base.binders.get(&payee)?,
            span,
        })
    }

    /// Opens the rows of a source with the payee of each, taken from the owner condition where there is one.
    fn owned_rows(
        &mut self,
        lines: &Lines,
        payee: BinderId,
        conditions: &mut Vec<&Expr>,
        earn: &Earn,
    ) -> Option<Scope> {
        let rows = self.dense(Some(lines.row), None, earn.plan)?.choosing();
        if let Some((place, of, by)) = self.walk_of(lines, payee) {
            conditions.remove(place);
            return self.climbed(&rows, payee, of, by, earn);
        }
        let place = conditions
            .iter()
            .position(|condition| key_of(condition, payee, lines.row).is_some());
        if let Some(place) = place {
            let key = self.expr(key_of(conditions.remove(place), payee, lines.row)?, &rows);
            return Some(rows.with(payee, key));
        }
        let table = self.row_table(payee)?;
        let frame = self.frame(Frame::Expanded {
            of: rows.frame,
            by: Expansion::AllRows(table),
        });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), earn.span);
        let scope = self.carried(&rows, frame, origin);
        let item = self.node(Op::Item, frame, Ty::always(Scalar::Row(table)), earn.span);
        Some(scope.with(payee, item))
    }

    /// Finds the condition that lines go to a record and those above it: its place, the record and the tree's field.
    fn walk_of<'e>(&self, lines: &'e Lines, payee: BinderId) -> Option<(usize, &'e Expr, FieldId)> {
        let conditions = conjuncts(lines.filter.as_ref());
        conditions.into_iter().enumerate().find_map(|(place, condition)| {
            let ExprKind::IsAbove { row, of, by } = &condition.kind else {
                return None;
            };
            (row.kind == ExprKind::Binder(payee)).then_some((place, &**of, *by))
        })
    }

    /// Opens a cell for each row and each payee from the one it begins with upward.
    fn climbed(
        &mut self,
        rows: &Scope,
        payee: BinderId,
        of: &Expr,
        by: FieldId,
        earn: &Earn,
    ) -> Option<Scope> {
        let table = self.row_table(payee)?;
        let of = self.expr(of, rows);
        let of = self.spread(of, rows);
        let frame = self.frame(Frame::Expanded {
            of: rows.frame,
            by: Expansion::Above { table, by, of },
        });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), earn.span);
        let scope = self.carried(rows, frame, origin);
        let item = self.node(Op::Item, frame, Ty::always(Scalar::Row(table)), earn.span);
        Some(scope.with(payee, item))
    }

    pub(super) fn earn_nodes(&mut self, id: EarnId) -> Option<EarnNodes> {
        match self.lowered.earns.get(&id) {
            Some(Progress::Done(nodes)) => return Some(nodes.clone()),
            Some(Progress::Begun) => {
                let span = self.program.earn(id).map_or_else(Span::default, |earn| earn.span);
                self.refuse(Construct::Circle, span);
                return None;
            }
            None => {}
        }
        self.lowered.earns.insert(id, Progress::Begun);
        let earn = self.program.earn(id)?;
        let mut stage = self.stage(id)?;
        self.shared_capped(id, earn, &mut stage)?;
        let Stage { mut nodes, scope, .. } = stage;
        // Whether a line is to be looked at can depend on its amount.
        self.lowered.earns.insert(id, Progress::Done(nodes.clone()));
        if let Some((moments, hold)) = self.moments(earn, &nodes, &scope) {
            (nodes.moments, nodes.hold) = (Some(moments), hold);
        }
        if let Some(amortise) = &earn.amortise {
            nodes.spread = self.spreading(amortise, earn, &nodes, &scope);
        }
        self.lowered.earns.insert(id, Progress::Done(nodes.clone()));
        Some(nodes)
    }

    /// Lowers an earn as far as the cap that names it alone.
    fn stage(&mut self, id: EarnId) -> Option<Stage> {
        if let Some(found) = self.lowered.stages.get(&id) {
            return Some(found.clone());
        }
        let earn = self.program.earn(id)?;
        let mut stage = if earn.lines.is_some() {
            self.lines_of(id, earn)?
        } else {
            self.undated(earn)?
        };
        if let (Some(broken), ExprKind::Earned { earn: whole, .. }) = (earn.break_down(), &earn.value.kind) {
            stage.nodes.carried = self.without_lines((*whole, earn), broken, &stage);
        }
        self.own_capped(id, earn, &mut stage)?;
        self.lowered.stages.insert(id, stage.clone());
        Some(stage)
    }

    fn lines_of(&mut self, id: EarnId, earn: &Earn) -> Option<Stage> {
        let LineFrame {
            scope,
            payee,
            period,
            row,
            day,
            keep,
            strangers,
        } = self.line_frame(id)?;
        let (ty, span) = (earn.ty, earn.span);
        let normal = self.expr(&earn.value, &scope);
        let mut normal = self.spread(normal, &scope);
        if let Some(broken) = earn.break_down() {
            let weight = self.expr(&broken.weight, &scope);
            let weight = self.spread(weight, &scope);
            let of = Shared {
                amount: normal,
                payee,
                period,
                keep,
            };
            normal = self.share_of_whole(broken, weight, of, ty);
        }
        let value = self.excepted(normal, &earn.exceptions, Some(day), &scope, ty, span);
        let value = self.node(Op::Poison { value, by: keep }, scope.frame, ty, span);
        let value = self.guarded(value, &scope, payee, period);
        let uncut = self.rounded(value, RoundingPlace::EachLine, &scope, span);
        if let Some(below) = scope.line.as_ref().and_then(|line| line.below) {
            self.tie_lower(below, uncut);
        }
        let base = self.base(&earn.value, &scope);
        let nodes = EarnNodes {
            frame: scope.frame,
            row: Some(row),
            strangers,
            payee,
            period,
            day,
            base,
            normal,
            uncut,
            earned: uncut,
            cuts: Vec::new(),
            excess: None,
            carried: None,
            moments: None,
            hold: None,
            spread: None,
        };
        Some(Stage {
            nodes,
            scope,
            is_payee: None,
        })
    }

    fn undated(&mut self, earn: &Earn) -> Option<Stage> {
        let plan = self.program.plan(earn.plan)?;
        let scope = self.plan_scope(earn.plan)?;
        let (ty, span, calendar) = (earn.ty, earn.span, plan.calendar);
        let payee = *scope.binders.get(&plan.payee)?;
        let period = *scope.binders.get(&plan.period)?;
        let day = self.node(
            Op::LastDay { calendar, period },
            scope.frame,
            Ty::always(Scalar::Date),
            span,
        );
        let normal = self.expr(&earn.value, &scope);
        let normal = self.spread(normal, &scope);
        let value = self.excepted(normal, &earn.exceptions, None, &scope, ty, span);
        let value = self.guarded(value, &scope, payee, period);
        let value = self.rounded(value, RoundingPlace::EachLine, &scope, span);
        let is_payee = self.is_payee(earn.plan, &scope);
        let zero = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let op = Op::If {
            condition: is_payee,
            then: value,
            otherwise: zero,
        };
        let uncut = self.node(op, scope.frame, ty, span);
        let base = self.base(&earn.value, &scope);
        let nodes = EarnNodes {
            frame: scope.frame,
            row: None,
            strangers: None,
            payee,
            period,
            day,
            base,
            normal,
            uncut,
            earned: uncut,
            cuts: Vec::new(),
            excess: None,
            carried: None,
            moments: None,
            hold: None,
            spread: None,
        };
        Some(Stage {
            nodes,
            scope,
            is_payee: Some(is_payee),
        })
    }

    /// Finds the base of a formula: what tiers are applied to, or the first amount of a product.
    fn base(&mut self, value: &Expr, scope: &Scope) -> Option<NodeId> {
        let base = match &value.kind {
            ExprKind::Apply(apply) => &apply.value,
            ExprKind::Product(parts) => {
                let is_amount = |(factor, part): &&(Factor, Expr)| {
                    *factor == Factor::Times && matches!(part.ty.scalar, Scalar::Money(_) | Scalar::Points)
                };
                &parts.iter().find(is_amount)?.1
            }
            _ => return None,
        };
        let base = self.expr(base, scope);
        Some(self.spread(base, scope))
    }
}
