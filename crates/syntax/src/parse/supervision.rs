//! Statements of warnings and scorecards.

use super::build::Builder;
use super::expr::round_mode;
use super::grammar::{Node, Parts, Rule, find, first_rule, has, parts};
use super::table::beyond;
use crate::ast::{
    Action, ActionKind, Alert, Confirm, Cooldown, CutTies, Dimension, DimensionBody, Distribute, Escalate,
    Expr, Gate, Grade, Grades, Level, Limits, Metric, MetricMissing, MetricMissingLine, Norm, NormPoint,
    NormStep, PerUnit, PerUnitSign, RatioKind, Respond, RespondRow, Rounding, ScorecardStatement, Side,
    TooLittle, WarningStatement,
};

impl Builder<'_> {
    pub(crate) fn warning_statement(&mut self, node: Node<'_>) -> Option<WarningStatement> {
        Some(match node.as_rule() {
            Rule::subject_line => WarningStatement::Subject(self.population(node)?),
            Rule::period_line => WarningStatement::Period(self.period_line(node)?),
            Rule::effective_line => WarningStatement::Effective(self.take_effective(&mut parts(node))?),
            Rule::currency_line => WarningStatement::Currency(self.currency_line(node)?),
            Rule::policy_line => WarningStatement::Policy(self.policy_line(node)?),
            Rule::let_line => WarningStatement::Let(self.let_line(node)?),
            Rule::measure_line => WarningStatement::Measure(self.measure_line(node)?),
            Rule::check_line => WarningStatement::Check(self.check_line(node)?),
            Rule::level_line => WarningStatement::Level(self.level(node)?),
            Rule::alert_line => WarningStatement::Alert(self.alert(node)?),
            Rule::confirm_line => WarningStatement::Confirm(self.confirm(node)?),
            Rule::skip_line => WarningStatement::Skip(self.expr_line(node)?),
            Rule::reset_line => WarningStatement::Reset(self.expr_line(node)?),
            Rule::cooldown_line => WarningStatement::Cooldown(self.cooldown(node)?),
            Rule::escalate_line => WarningStatement::Escalate(self.escalate(node)?),
            _ => WarningStatement::Respond(self.respond(node)?),
        })
    }

    fn level(&mut self, node: Node<'_>) -> Option<Level> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let when = self.take_expr(&mut inner)?;
        let clear = self.clause_expr(&mut inner, Rule::clear)?;
        let tail = self.tail(&mut inner);
        Some(Level {
            name,
            when,
            clear,
            tail,
            span,
        })
    }

    fn alert(&mut self, node: Node<'_>) -> Option<Alert> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let when = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Alert {
            name,
            when,
            tail,
            span,
        })
    }

    fn confirm(&mut self, node: Node<'_>) -> Option<Confirm> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let after = self.take_lexeme(&mut inner, Rule::number)?;
        let out_of = match inner.take(Rule::out_of) {
            Some(node) => Some(self.take_lexeme(&mut parts(node), Rule::number)?),
            None => None,
        };
        inner.take(Rule::periods);
        let clear_after = match inner.take(Rule::clear_after) {
            Some(node) => Some(self.take_lexeme(&mut parts(node), Rule::number)?),
            None => None,
        };
        Some(Confirm {
            after,
            out_of,
            clear_after,
            span,
        })
    }

    fn cooldown(&mut self, node: Node<'_>) -> Option<Cooldown> {
        let span = self.span(&node);
        let periods = self.take_lexeme(&mut parts(node), Rule::number)?;
        Some(Cooldown { periods, span })
    }

    fn escalate(&mut self, node: Node<'_>) -> Option<Escalate> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let to = self.take_operand(&mut inner)?;
        let after = self.take_lexeme(&mut inner, Rule::number)?;
        inner.take(Rule::periods);
        let level = self.ident(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Escalate {
            to,
            after,
            level,
            tail,
            span,
        })
    }

    fn respond(&mut self, node: Node<'_>) -> Option<Respond> {
        let span = self.span(&node);
        let by = self.take_expr(&mut parts(node))?;
        let rows = Vec::new();
        Some(Respond { by, rows, span })
    }

    pub(crate) fn respond_row(&mut self, node: Node<'_>) -> Option<RespondRow> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let style = self.take_cell(&mut inner)?;
        let level = self.take_cell(&mut inner)?;
        let actions = inner.take_all(Rule::action);
        let actions = actions
            .into_iter()
            .map(|node| self.action(node))
            .collect::<Option<_>>()?;
        Some(RespondRow {
            style,
            level,
            actions,
            span,
        })
    }

    fn action(&mut self, node: Node<'_>) -> Option<Action> {
        let span = self.span(&node);
        let node = node.into_inner().next()?;
        let rule = node.as_rule();
        let mut inner = parts(node);
        let kind = match rule {
            Rule::notify => ActionKind::Notify(self.operands(&mut inner)?.0),
            Rule::task => {
                let what = self.quoted(&mut inner)?;
                let who = self.take_operand(&mut inner)?;
                ActionKind::Task(what, who, self.take_lexeme(&mut inner, Rule::number)?)
            }
            Rule::restrict => ActionKind::Restrict(self.quoted(&mut inner)?),
            Rule::suggest => {
                let what = self.quoted(&mut inner)?;
                ActionKind::Suggest(what, self.take_operand(&mut inner)?)
            }
            _ => ActionKind::Record,
        };
        Some(Action { kind, span })
    }

    pub(crate) fn scorecard_statement(&mut self, node: Node<'_>) -> Option<ScorecardStatement> {
        let span = self.span(&node);
        Some(match node.as_rule() {
            Rule::subject_line => ScorecardStatement::Subject(self.population(node)?),
            Rule::period_line => ScorecardStatement::Period(self.period_line(node)?),
            Rule::effective_line => ScorecardStatement::Effective(self.take_effective(&mut parts(node))?),
            Rule::currency_line => ScorecardStatement::Currency(self.currency_line(node)?),
            Rule::rounding_line => ScorecardStatement::Rounding(self.rounding_line(node)?),
            Rule::policy_line => ScorecardStatement::Policy(self.policy_line(node)?),
            Rule::metrics_missing_line => {
                let policy = self.metric_missing(parts(node).take(Rule::metric_missing)?)?;
                ScorecardStatement::Missing(MetricMissingLine { policy, span })
            }
            Rule::weights_line => ScorecardStatement::WeightsRelative(span),
            Rule::rows_line => ScorecardStatement::Rows(self.rows(node)?),
            Rule::let_line => ScorecardStatement::Let(self.let_line(node)?),
            Rule::measure_line => ScorecardStatement::Measure(self.measure_line(node)?),
            Rule::check_line => ScorecardStatement::Check(self.check_line(node)?),
            Rule::dimension_head => ScorecardStatement::Dimension(self.dimension(node)?),
            Rule::grades_head => ScorecardStatement::Grades(self.grades(node)?),
            _ => ScorecardStatement::Gate(self.gate(node)?),
        })
    }

    fn metric_missing(&mut self, node: Node<'_>) -> Option<MetricMissing> {
        let rule = first_rule(&node)?;
        let mut inner = parts(node);
        Some(match rule {
            Rule::kw_error => MetricMissing::Error,
            Rule::kw_none => MetricMissing::NoScore,
            Rule::kw_previous => MetricMissing::Previous,
            Rule::metric_score => MetricMissing::Score(self.metric_score(&mut inner)?),
            _ => {
                let node = inner.take(Rule::reweight)?;
                let (is_error, is_none) = (has(&node, Rule::kw_error), has(&node, Rule::kw_none));
                let mut inner = parts(node);
                let share = self.take_lexeme(&mut inner, Rule::percent)?;
                let too_little = match (is_error, is_none) {
                    (true, _) => TooLittle::Error,
                    (false, true) => TooLittle::NoScore,
                    (false, false) => TooLittle::Score(self.metric_score(&mut inner)?),
                };
                MetricMissing::Reweight(share, too_little)
            }
        })
    }

    fn metric_score(&mut self, inner: &mut Parts<'_>) -> Option<crate::ast::Literal> {
        let node = inner.take(Rule::metric_score)?;
        self.take_lexeme(&mut parts(node), Rule::number)
    }

    fn dimension(&mut self, node: Node<'_>) -> Option<Dimension> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        let body = match inner.take(Rule::left_out) {
            Some(node) => DimensionBody::LeftOut(self.tail(&mut parts(node))),
            None => DimensionBody::Metrics(self.weight(&mut inner)?, Vec::new()),
        };
        Some(Dimension {
            name,
            title,
            body,
            span,
        })
    }

    fn weight(&mut self, inner: &mut Parts<'_>) -> Option<crate::ast::Literal> {
        let node = inner.take(Rule::weight)?.into_inner().next()?;
        self.lexeme(node)
    }

    pub(crate) fn metric(&mut self, node: Node<'_>) -> Option<Metric> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        let weight = self.weight(&mut inner)?;
        let value = self.take_expr(&mut inner)?;
        let norm = self.norm(inner.take(Rule::norm)?)?;
        let rounded = match inner.take(Rule::norm_rounded) {
            Some(node) => Some(self.norm_rounded(node)?),
            None => None,
        };
        let missing = match inner.take(Rule::metric_missing) {
            Some(node) => Some(self.metric_missing(node)?),
            None => None,
        };
        let tail = self.tail(&mut inner);
        Some(Metric {
            name,
            title,
            weight,
            value,
            norm,
            rounded,
            missing,
            tail,
            span,
        })
    }

    fn norm(&mut self, node: Node<'_>) -> Option<Norm> {
        let node = node.into_inner().next()?;
        let rule = node.as_rule();
        let word = first_rule(&node);
        let mut inner = parts(node);
        Some(match rule {
            Rule::norm_linear => {
                let points = self.norm_points(&mut inner)?;
                Norm::Linear(points, inner.take(Rule::beyond).map(|node| beyond(&node)))
            }
            Rule::norm_given => Norm::AsGiven,
            Rule::norm_ratio => {
                let kind = match word? {
                    Rule::kw_ratio => RatioKind::Ratio,
                    Rule::kw_inverse => RatioKind::Inverse,
                    _ => RatioKind::Mirrored,
                };
                let target = self.take_sum(&mut inner)?;
                Norm::Ratio(kind, target, self.limits(&mut inner)?)
            }
            Rule::norm_floor => {
                let (floor, target) = (self.take_sum(&mut inner)?, self.take_sum(&mut inner)?);
                Norm::FloorTargetStretch(floor, target, self.take_sum(&mut inner)?)
            }
            Rule::norm_group => {
                let within = match inner.take(Rule::within) {
                    Some(node) => self.operands(&mut parts(node))?.0,
                    None => Vec::new(),
                };
                match word? {
                    Rule::kw_spread => Norm::Spread(within),
                    _ => Norm::Percentile(within),
                }
            }
            Rule::norm_steps => Norm::Steps(self.norm_steps(&mut inner)?),
            Rule::norm_base => {
                let base = self.take_sum(&mut inner)?;
                let units = self.per_units(&mut inner)?;
                Norm::PerUnit(base, units, self.limits(&mut inner)?)
            }
            _ => {
                let target = self.take_sum(&mut inner)?;
                let units = self.per_units(&mut inner)?;
                Norm::Closest(target, units, self.limits(&mut inner)?)
            }
        })
    }

    fn norm_rounded(&mut self, node: Node<'_>) -> Option<Rounding> {
        let mut inner = parts(node);
        Some(Rounding {
            mode: round_mode(inner.take(Rule::round_mode)?)?,
            step: self.round_step(inner.take(Rule::round_step)?)?,
            place: None,
        })
    }

    fn norm_points(&mut self, inner: &mut Parts<'_>) -> Option<Vec<NormPoint>> {
        let nodes = inner.take_all(Rule::norm_point).into_iter();
        let read = |node| {
            let mut inner = parts(node);
            let at = self.take_sum(&mut inner)?;
            Some(NormPoint {
                at,
                points: self.take_sum(&mut inner)?,
            })
        };
        nodes.map(read).collect()
    }

    fn norm_steps(&mut self, inner: &mut Parts<'_>) -> Option<Vec<NormStep>> {
        let nodes = inner.take_all(Rule::norm_step).into_iter();
        let read = |node| {
            let mut inner = parts(node);
            let interval = self.interval(inner.take(Rule::interval)?)?;
            Some(NormStep {
                interval,
                points: self.take_sum(&mut inner)?,
            })
        };
        nodes.map(read).collect()
    }

    fn per_units(&mut self, inner: &mut Parts<'_>) -> Option<Vec<PerUnit>> {
        let nodes = inner.take_all(Rule::per_unit).into_iter();
        let read = |node: Node<'_>| {
            let sign = match first_rule(&node)? {
                Rule::kw_less => PerUnitSign::Less,
                _ => PerUnitSign::Plus,
            };
            let side = match find(&node, |rule| matches!(rule, Rule::kw_below | Rule::kw_above)) {
                Some(Rule::kw_below) => Some(Side::Below),
                Some(_) => Some(Side::Above),
                None => None,
            };
            let mut inner = parts(node);
            let points = self.take_sum(&mut inner)?;
            let per = self.take_sum(&mut inner)?;
            Some(PerUnit {
                sign,
                points,
                per,
                side,
            })
        };
        nodes.map(read).collect()
    }

    fn limits(&mut self, inner: &mut Parts<'_>) -> Option<Limits> {
        let mut limits = Limits::default();
        for node in inner.take_all(Rule::limit) {
            let mut inner = parts(node);
            let is_most = has(&inner.take(Rule::limit_op)?, Rule::kw_most);
            let value: Expr = self.take_sum(&mut inner)?;
            match is_most {
                true => limits.most = Some(value),
                false => limits.least = Some(value),
            }
        }
        Some(limits)
    }

    fn grades(&mut self, node: Node<'_>) -> Option<Grades> {
        let span = self.span(&node);
        let distribute = match parts(node).take(Rule::distribute) {
            Some(node) => Some(self.distribute(node)?),
            None => None,
        };
        let rows = Vec::new();
        Some(Grades {
            distribute,
            rows,
            span,
        })
    }

    fn distribute(&mut self, node: Node<'_>) -> Option<Distribute> {
        let mut inner = parts(node);
        let within = match inner.take(Rule::within) {
            Some(node) => self.operands(&mut parts(node))?.0,
            None => Vec::new(),
        };
        let ties = match inner.take(Rule::cut_ties) {
            Some(node) => Some(match find(&node, |rule| rule != Rule::kw_ties)? {
                Rule::kw_up => CutTies::Up,
                Rule::kw_down => CutTies::Down,
                _ => CutTies::BreakBy(self.rank_keys(&mut parts(node))?),
            }),
            None => None,
        };
        let least = match inner.take(Rule::least_group) {
            Some(node) => Some(self.take_lexeme(&mut parts(node), Rule::number)?),
            None => None,
        };
        Some(Distribute { within, ties, least })
    }

    pub(crate) fn grade_row(&mut self, node: Node<'_>) -> Option<Grade> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let interval = self.interval(inner.take(Rule::interval)?)?;
        let name = self.ident(&mut inner)?;
        let multiplier = self.take_sum(&mut inner)?;
        let share = match inner.take(Rule::sum_expr) {
            Some(node) => Some(self.expr(node)?),
            None => None,
        };
        Some(Grade {
            interval,
            name,
            multiplier,
            share,
            span,
        })
    }

    fn gate(&mut self, node: Node<'_>) -> Option<Gate> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let grade = self.ident(&mut inner)?;
        let when = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Gate {
            grade,
            when,
            tail,
            span,
        })
    }
}
