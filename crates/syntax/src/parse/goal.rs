//! Statements of contests, awards and targets.

use super::build::Builder;
use super::expr::wide::{direction, rest_to};
use super::grammar::{Node, Rule, find, first_rule, has, parts};
use crate::ast::{
    AwardStatement, Closes, ContestStatement, ContestTies, Grant, GrantLimit, Lock, PlaceCount, Pool,
    PoolSharing, Prize, PrizePlaces, Prizes, Qualify, Race, RankLine, Recalibrate, Smart, SmartResult,
    SmartTest, SplitLine, TargetStatement, Unqualified,
};

impl Builder<'_> {
    pub(crate) fn contest_statement(&mut self, node: Node<'_>) -> Option<ContestStatement> {
        let span = self.span(&node);
        Some(match node.as_rule() {
            Rule::period_line => ContestStatement::Period(self.period_line(node)?),
            Rule::currency_line => ContestStatement::Currency(self.currency_line(node)?),
            Rule::rounding_line => ContestStatement::Rounding(self.rounding_line(node)?),
            Rule::policy_line => ContestStatement::Policy(self.policy_line(node)?),
            Rule::entrants_line => ContestStatement::Entrants(self.population(node)?),
            Rule::let_line => ContestStatement::Let(self.let_line(node)?),
            Rule::measure_line => ContestStatement::Measure(self.measure_line(node)?),
            Rule::check_line => ContestStatement::Check(self.check_line(node)?),
            Rule::score_line => ContestStatement::Score(self.expr_line(node)?),
            Rule::qualify_line => ContestStatement::Qualify(self.qualify(node)?),
            Rule::budget_line => ContestStatement::Budget(self.expr_line(node)?),
            Rule::race_line => ContestStatement::Race(self.race(node)?),
            Rule::rank_line => ContestStatement::Rank(self.rank_line(node)?),
            Rule::prizes_head => ContestStatement::Prizes(Prizes {
                rows: Vec::new(),
                span,
            }),
            Rule::pool_line => ContestStatement::Pool(self.pool(node)?),
            Rule::split_line => ContestStatement::Split(self.split(node)?),
            _ => ContestStatement::Closes(self.closes(node)?),
        })
    }

    fn qualify(&mut self, node: Node<'_>) -> Option<Qualify> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let condition = self.take_expr(&mut inner)?;
        let otherwise = match inner.take(Rule::unqualified) {
            None => Unqualified::Unsaid,
            Some(word) if has(&word, Rule::kw_removed) => Unqualified::Removed,
            Some(word) if has(&word, Rule::kw_unpaid) => Unqualified::Unpaid,
            Some(_) => Unqualified::Sunk,
        };
        let tail = self.tail(&mut inner);
        Some(Qualify {
            condition,
            otherwise,
            tail,
            span,
        })
    }

    fn race(&mut self, node: Node<'_>) -> Option<Race> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let mark = self.take_expr(&mut inner)?;
        let dated = self.dated(&mut inner)??;
        let tail = self.tail(&mut inner);
        Some(Race {
            mark,
            dated,
            tail,
            span,
        })
    }

    fn rank_line(&mut self, node: Node<'_>) -> Option<RankLine> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let direction = direction(&inner.take(Rule::direction)?)?;
        let keys = self.rank_keys(&mut inner)?;
        let count = match inner.take(Rule::dense_places) {
            Some(_) => PlaceCount::Dense,
            None => PlaceCount::Standard,
        };
        let ties = match inner.take(Rule::contest_ties) {
            Some(node) => Some(self.contest_ties(node)?),
            None => None,
        };
        Some(RankLine {
            direction,
            keys,
            count,
            ties,
            span,
        })
    }

    fn contest_ties(&mut self, node: Node<'_>) -> Option<ContestTies> {
        let way = find(&node, |rule| rule != Rule::kw_ties)?;
        Some(match way {
            Rule::kw_share => ContestTies::Share,
            Rule::kw_all => ContestTies::All,
            Rule::kw_divide => ContestTies::Divide,
            _ => ContestTies::BreakBy(self.rank_keys(&mut parts(node))?),
        })
    }

    pub(crate) fn prize_row(&mut self, node: Node<'_>) -> Option<Prize> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let places = self.places(inner.take(Rule::places)?)?;
        let value = self.take_expr(&mut inner)?;
        let honour = self.quoted(&mut inner);
        Some(Prize {
            places,
            value,
            honour,
            span,
        })
    }

    fn places(&mut self, node: Node<'_>) -> Option<PrizePlaces> {
        let span = self.span(&node);
        let is_open = has(&node, Rule::kw_up);
        let mut numbers = self.take_lexemes(&mut parts(node), Rule::number)?.into_iter();
        Some(match (numbers.next(), numbers.next()) {
            (None, _) => PrizePlaces::Others(span),
            (Some(first), Some(last)) => PrizePlaces::Range(first, last),
            (Some(first), None) if is_open => PrizePlaces::Up(first),
            (Some(first), None) => PrizePlaces::One(first),
        })
    }

    fn pool(&mut self, node: Node<'_>) -> Option<Pool> {
        let span = self.span(&node);
        let is_per_head = has(&node, Rule::kw_per);
        let mut inner = parts(node);
        let amount = self.take_expr(&mut inner)?;
        let sharing = match self.clause_expr(&mut inner, Rule::pool_by)? {
            Some(weight) => PoolSharing::By(weight),
            None if is_per_head => PoolSharing::PerHead,
            None => PoolSharing::Equally,
        };
        let tail = self.tail(&mut inner);
        Some(Pool {
            amount,
            sharing,
            tail,
            span,
        })
    }

    fn split(&mut self, node: Node<'_>) -> Option<SplitLine> {
        let span = self.span(&node);
        let is_nearest = has(&node, Rule::kw_nearest);
        let mut inner = parts(node);
        let source = self.take_source(&mut inner)?;
        let filter = self.take_filter(&mut inner)?;
        let weight = self.take_expr(&mut inner)?;
        let (mut step, mut rest, mut plus) = (None, None, None);
        for option in inner.take_all(Rule::split_option) {
            let mut option = parts(option);
            if let Some(node) = option.take(Rule::rest_to) {
                rest = Some(rest_to(&node));
            }
            step = self.clause_expr(&mut option, Rule::split_step)?.or(step);
            plus = self.clause_expr(&mut option, Rule::split_plus)?.or(plus);
        }
        let tail = self.tail(&mut inner);
        Some(SplitLine {
            is_nearest,
            source,
            filter,
            weight,
            step,
            rest,
            plus,
            tail,
            span,
        })
    }

    fn closes(&mut self, node: Node<'_>) -> Option<Closes> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let on = self.take_lexeme(&mut inner, Rule::date)?;
        let tail = self.tail(&mut inner);
        Some(Closes { on, tail, span })
    }

    pub(crate) fn award_statement(&mut self, node: Node<'_>) -> Option<AwardStatement> {
        Some(match node.as_rule() {
            Rule::payee_line => AwardStatement::Payee(self.population(node)?),
            Rule::period_line => AwardStatement::Period(self.period_line(node)?),
            Rule::effective_line => AwardStatement::Effective(self.take_effective(&mut parts(node))?),
            Rule::currency_line => AwardStatement::Currency(self.currency_line(node)?),
            Rule::rounding_line => AwardStatement::Rounding(self.rounding_line(node)?),
            Rule::policy_line => AwardStatement::Policy(self.policy_line(node)?),
            Rule::let_line => AwardStatement::Let(self.let_line(node)?),
            Rule::measure_line => AwardStatement::Measure(self.measure_line(node)?),
            Rule::check_line => AwardStatement::Check(self.check_line(node)?),
            _ => AwardStatement::Grant(self.grant(node)?),
        })
    }

    fn grant(&mut self, node: Node<'_>) -> Option<Grant> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        let when = self.take_expr(&mut inner)?;
        let cash = self.clause_expr(&mut inner, Rule::cash)?;
        let limit = match inner.take(Rule::once) {
            Some(node) => Some(match parts(node).take(Rule::unit) {
                Some(unit) => GrantLimit::Every(self.unit(unit)?),
                None => GrantLimit::Once,
            }),
            None => None,
        };
        let tail = self.tail(&mut inner);
        Some(Grant {
            name,
            title,
            when,
            cash,
            limit,
            tail,
            span,
        })
    }

    pub(crate) fn target_statement(&mut self, node: Node<'_>) -> Option<TargetStatement> {
        Some(match node.as_rule() {
            Rule::subject_line => TargetStatement::Subject(self.population(node)?),
            Rule::period_line => TargetStatement::Period(self.period_line(node)?),
            Rule::currency_line => TargetStatement::Currency(self.currency_line(node)?),
            Rule::policy_line => TargetStatement::Policy(self.policy_line(node)?),
            Rule::let_line => TargetStatement::Let(self.let_line(node)?),
            Rule::measure_line => TargetStatement::Measure(self.measure_line(node)?),
            Rule::actual_line => TargetStatement::Actual(self.expr_line(node)?),
            Rule::goal_line => TargetStatement::Goal(self.expr_line(node)?),
            Rule::split_line => TargetStatement::Split(self.split(node)?),
            Rule::lock_line => TargetStatement::Lock(self.lock(node)?),
            Rule::recalibrate_line => TargetStatement::Recalibrate(self.recalibrate(node)?),
            _ => TargetStatement::Smart(self.smart(node)?),
        })
    }

    fn lock(&mut self, node: Node<'_>) -> Option<Lock> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let sums = inner.take_all(Rule::sum_expr);
        let mut part = sums
            .into_iter()
            .map(|sum| self.expr(sum))
            .collect::<Option<Vec<_>>>()?;
        let value = part.pop()?;
        let tail = self.tail(&mut inner);
        Some(Lock {
            part,
            value,
            tail,
            span,
        })
    }

    fn recalibrate(&mut self, node: Node<'_>) -> Option<Recalibrate> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let every = self.unit(inner.take(Rule::unit)?)?;
        let (mut spread, mut weight, mut ceiling, mut is_never_lower) = (None, None, None, false);
        for option in inner.take_all(Rule::recalibrate_option) {
            is_never_lower |= has(&option, Rule::kw_never);
            let mut option = parts(option);
            spread = self
                .clause_expr(&mut option, Rule::recalibrate_spread)?
                .or(spread);
            weight = self.clause_expr(&mut option, Rule::recalibrate_by)?.or(weight);
            ceiling = self.clause_expr(&mut option, Rule::ceiling)?.or(ceiling);
        }
        let tail = self.tail(&mut inner);
        Some(Recalibrate {
            every,
            spread,
            weight,
            ceiling,
            is_never_lower,
            tail,
            span,
        })
    }

    fn smart(&mut self, node: Node<'_>) -> Option<Smart> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let test = match first_rule(&inner.take(Rule::smart_test)?)? {
            Rule::kw_specific => SmartTest::Specific,
            Rule::kw_measurable => SmartTest::Measurable,
            Rule::kw_achievable => SmartTest::Achievable,
            Rule::kw_relevant => SmartTest::Relevant,
            _ => SmartTest::Timely,
        };
        let condition = self.take_expr(&mut inner)?;
        let otherwise = match inner.take(Rule::smart_else) {
            Some(node) if has(&node, Rule::kw_warn) => SmartResult::Warn,
            Some(_) | None => SmartResult::Fail,
        };
        let tail = self.tail(&mut inner);
        Some(Smart {
            test,
            condition,
            otherwise,
            tail,
            span,
        })
    }
}
