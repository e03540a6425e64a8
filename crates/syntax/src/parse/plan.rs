//! Statements of plans.

use super::build::Builder;
use super::grammar::{Node, Rule, find, parts};
use crate::ast::{
    Amortise, BreakDown, Cap, Carry, CutOrder, Earn, Except, Excess, ForEach, Hold, MissingLine, Pay, Plan,
    PlanStatement, Replace, Review, Rows, Segments, Share,
};

impl Builder<'_> {
    pub(crate) fn plan_head(&mut self, node: Node<'_>) -> Option<Plan> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        let extends = self.ident(&mut inner);
        Some(Plan {
            name,
            title,
            extends,
            statements: Vec::new(),
            span,
        })
    }

    pub(crate) fn plan_statement(&mut self, node: Node<'_>) -> Option<PlanStatement> {
        let span = self.span(&node);
        Some(match node.as_rule() {
            Rule::payee_line => PlanStatement::Payee(self.population(node)?),
            Rule::currency_line => PlanStatement::Currency(self.currency_line(node)?),
            Rule::effective_line => PlanStatement::Effective(self.take_effective(&mut parts(node))?),
            Rule::period_line => PlanStatement::Period(self.period_line(node)?),
            Rule::rounding_line => PlanStatement::Rounding(self.rounding_line(node)?),
            Rule::missing_line => PlanStatement::Missing(MissingLine { span }),
            Rule::policy_line => PlanStatement::Policy(self.policy_line(node)?),
            Rule::segments_line => PlanStatement::Segments(self.segments(node)?),
            Rule::rows_line => PlanStatement::Rows(self.rows(node)?),
            Rule::let_line => PlanStatement::Let(self.let_line(node)?),
            Rule::measure_line => PlanStatement::Measure(self.measure_line(node)?),
            Rule::earn_line => PlanStatement::Earn(self.earn(node)?),
            Rule::cap_line => PlanStatement::Cap(self.cap(node)?),
            Rule::release_line => PlanStatement::Release(self.share(node)?),
            Rule::clawback_line => PlanStatement::Clawback(self.share(node)?),
            Rule::hold_line => PlanStatement::Hold(self.hold(node)?),
            Rule::break_line => PlanStatement::BreakDown(self.break_down(node)?),
            Rule::amortise_line => PlanStatement::Amortise(self.amortise(node)?),
            Rule::carry_line => PlanStatement::Carry(self.carry(node)?),
            Rule::pay_line => PlanStatement::Pay(self.pay(node)?),
            Rule::except_line => PlanStatement::Except(self.except(node)?),
            Rule::check_line => PlanStatement::Check(self.check_line(node)?),
            Rule::review_line => PlanStatement::Review(self.review(node)?),
            _ => PlanStatement::Replace(self.replace(node)?),
        })
    }

    fn segments(&mut self, node: Node<'_>) -> Option<Segments> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let source = self.take_source(&mut inner)?;
        let filter = self.take_filter(&mut inner)?;
        Some(Segments { source, filter, span })
    }

    pub(super) fn rows(&mut self, node: Node<'_>) -> Option<Rows> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let source = self.take_source(&mut inner)?;
        let filter = self.take_filter(&mut inner)?;
        Some(Rows {
            name,
            source,
            filter,
            span,
        })
    }

    fn earn(&mut self, node: Node<'_>) -> Option<Earn> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        let each = self.for_each(&mut inner)?;
        let dated = self.dated(&mut inner)?;
        let value = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Earn {
            name,
            title,
            each,
            dated,
            value,
            tail,
            span,
        })
    }

    fn cap(&mut self, node: Node<'_>) -> Option<Cap> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let targets = self.idents(&mut inner);
        let limit = self.take_sum(&mut inner)?;
        let every = self.unit(inner.take(Rule::unit)?)?;
        let excess = inner.take(Rule::excess).map(|node| excess(&node));
        let cut = inner
            .take(Rule::cut)
            .map(|node| match find(&node, |rule| rule == Rule::kw_proportion) {
                Some(_) => CutOrder::InProportion,
                None => CutOrder::LatestFirst,
            });
        let tail = self.tail(&mut inner);
        Some(Cap {
            targets,
            limit,
            every,
            excess,
            cut,
            tail,
            span,
        })
    }

    fn share(&mut self, node: Node<'_>) -> Option<Share> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let target = self.ident(&mut inner)?;
        let share = self.take_expr(&mut inner)?;
        let may_fall = inner.take(Rule::may_fall).is_some();
        let tail = self.tail(&mut inner);
        Some(Share {
            target,
            share,
            may_fall,
            tail,
            span,
        })
    }

    fn hold(&mut self, node: Node<'_>) -> Option<Hold> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let target = self.ident(&mut inner)?;
        let share = self.take_expr(&mut inner)?;
        let ceiling = self.clause_expr(&mut inner, Rule::ceiling)?;
        let until = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Hold {
            target,
            share,
            ceiling,
            until,
            tail,
            span,
        })
    }

    fn break_down(&mut self, node: Node<'_>) -> Option<BreakDown> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let target = self.ident(&mut inner)?;
        let source = self.take_source(&mut inner)?;
        let filter = self.take_filter(&mut inner)?;
        let end = filter.as_ref().map_or(source.span, |filter| filter.span);
        let among = ForEach {
            span: source.span.to(end),
            source,
            filter,
            up: None,
        };
        let dated = self.dated(&mut inner)?;
        let weight = self.take_sum(&mut inner)?;
        let is_equal_otherwise = inner.take(Rule::or_equally).is_some();
        let is_whole_otherwise = inner.take(Rule::or_whole).is_some();
        let tail = self.tail(&mut inner);
        Some(BreakDown {
            target,
            among,
            dated,
            weight,
            is_equal_otherwise,
            is_whole_otherwise,
            tail,
            span,
        })
    }

    fn amortise(&mut self, node: Node<'_>) -> Option<Amortise> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let target = self.ident(&mut inner)?;
        let months = self.take_expr(&mut inner)?;
        let from = self.take_expr(&mut inner)?;
        let until = self.clause_expr(&mut inner, Rule::until)?;
        let tail = self.tail(&mut inner);
        Some(Amortise {
            target,
            months,
            from,
            until,
            tail,
            span,
        })
    }

    fn carry(&mut self, node: Node<'_>) -> Option<Carry> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let value = self.take_expr(&mut inner)?;
        let before = self.restarting(&mut inner);
        let starting = self.take_expr(&mut inner)?;
        let restarting = self.restarting(&mut inner).or(before);
        let tail = self.tail(&mut inner);
        Some(Carry {
            name,
            value,
            starting,
            restarting,
            tail,
            span,
        })
    }

    fn pay(&mut self, node: Node<'_>) -> Option<Pay> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        let currency = inner.take(Rule::iso).map(|code| self.name(code));
        let value = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Pay {
            name,
            title,
            currency,
            value,
            tail,
            span,
        })
    }

    fn except(&mut self, node: Node<'_>) -> Option<Except> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let target = self.ident(&mut inner)?;
        let over = inner
            .take(Rule::over)
            .map(|node| self.idents(&mut parts(node)))
            .unwrap_or_default();
        let during = match inner.take(Rule::during) {
            Some(node) => Some(self.date_range(node)?),
            None => None,
        };
        let when = self.take_expr(&mut inner)?;
        let value = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Except {
            name,
            target,
            over,
            during,
            when,
            value,
            tail,
            span,
        })
    }

    fn review(&mut self, node: Node<'_>) -> Option<Review> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let target = self.ident(&mut inner)?;
        let when = self.take_expr(&mut inner)?;
        let until = self.clause_expr(&mut inner, Rule::until)?;
        let tail = self.tail(&mut inner);
        Some(Review {
            target,
            when,
            until,
            tail,
            span,
        })
    }

    fn replace(&mut self, node: Node<'_>) -> Option<Replace> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let old = self.ident(&mut inner)?;
        let new = self.ident(&mut inner)?;
        let during = match inner.take(Rule::during) {
            Some(node) => Some(self.date_range(node)?),
            None => None,
        };
        let tail = self.tail(&mut inner);
        Some(Replace {
            old,
            new,
            during,
            tail,
            span,
        })
    }
}

fn excess(node: &Node<'_>) -> Excess {
    match find(node, |rule| matches!(rule, Rule::kw_carried | Rule::kw_review)) {
        Some(Rule::kw_carried) => Excess::Carried,
        Some(_) => Excess::Review,
        None => Excess::Forfeited,
    }
}
