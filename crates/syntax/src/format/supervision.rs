//! Warnings and scorecards.

use unicode_width::UnicodeWidthStr;

use super::Printer;
use super::layout::{Clauses, columns};
use super::names::Words;
use super::shared::Printed;
use super::table::one_line;
use crate::ast::{
    Action, ActionKind, Alert, Confirm, Cooldown, CutTies, Dimension, DimensionBody, Distribute, Escalate,
    Gate, Grade, Grades, Level, Limits, Metric, MetricMissing, Norm, PerUnit, PerUnitSign, RatioKind,
    Respond, RespondRow, Scorecard, ScorecardStatement, Side, TooLittle, Warning, WarningStatement,
};
use crate::diagnostic::Language;
use crate::keyword::Keyword as K;

impl Printer<'_> {
    pub(super) fn warning(&mut self, warning: &Warning) {
        let words = self.words;
        let head = words.titled(K::Warning, &warning.name, warning.title.as_ref());
        self.layout.open(warning.span, Clauses::new(head));
        let printed: Vec<Printed> = warning
            .statements
            .iter()
            .map(|statement| words.warning_statement(statement))
            .collect();
        let width = printed
            .iter()
            .filter_map(|line| line.lead)
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or(0);
        for (statement, line) in warning.statements.iter().zip(printed) {
            if let WarningStatement::Respond(respond) = statement {
                self.respond(respond);
            } else {
                self.one(line, width);
            }
        }
        self.layout.close(warning.span, words.say(K::End));
    }

    fn respond(&mut self, respond: &Respond) {
        let words = self.words;
        let by = words.expr(&respond.by);
        let head = format!("{} {} {by}", words.say(K::Respond), words.say(K::By));
        self.layout.open(respond.span, one_line(Clauses::new(head)));
        let cells: Vec<Vec<String>> = respond.rows.iter().map(|row| words.respond_cells(row)).collect();
        let cells = columns(&cells, " | ");
        let actions = respond
            .rows
            .iter()
            .map(|row| format!("-> {}", words.actions(&row.actions)));
        let both: Vec<Vec<String>> = cells
            .into_iter()
            .zip(actions)
            .map(|(cells, actions)| vec![cells, actions])
            .collect();
        for (row, text) in respond.rows.iter().zip(columns(&both, " ")) {
            self.layout.row(row.span, text);
        }
        self.layout.close(respond.span, words.say(K::End));
    }

    pub(super) fn scorecard(&mut self, card: &Scorecard) {
        let words = self.words;
        let head = words.titled(K::Scorecard, &card.name, card.title.as_ref());
        self.layout.open(card.span, Clauses::new(head));
        let printed: Vec<Printed> = card
            .statements
            .iter()
            .map(|statement| words.scorecard_statement(statement))
            .collect();
        let width = printed
            .iter()
            .filter_map(|line| line.lead)
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or(0);
        for (statement, line) in card.statements.iter().zip(printed) {
            if let ScorecardStatement::Dimension(dimension) = statement {
                self.dimension(dimension);
            } else if let ScorecardStatement::Grades(grades) = statement {
                self.grades(grades);
            } else {
                self.one(line, width);
            }
        }
        self.layout.close(card.span, words.say(K::End));
    }

    fn dimension(&mut self, dimension: &Dimension) {
        let words = self.words;
        let head = words.titled(K::Dimension, &dimension.name, dimension.title.as_ref());
        match &dimension.body {
            DimensionBody::LeftOut(tail) => {
                let clauses =
                    Clauses::new(format!("{head} {}", words.say(K::LeftOut))).tail(words.tail(tail));
                self.layout.statement(dimension.span, one_line(clauses));
            }
            DimensionBody::Metrics(weight, metrics) => {
                self.layout.open(
                    dimension.span,
                    Clauses::new(format!("{head} {}", words.literal(weight))),
                );
                for metric in metrics {
                    self.layout.statement(metric.span, words.metric(metric));
                }
                self.layout.close(dimension.span, words.say(K::End));
            }
        }
    }

    fn grades(&mut self, grades: &Grades) {
        let words = self.words;
        let distribute = grades
            .distribute
            .as_ref()
            .map(|distribute| words.distribute(distribute));
        self.layout.open(
            grades.span,
            one_line(Clauses::new(words.say(K::Grades)).maybe(distribute)),
        );
        let rows: Vec<Vec<String>> = grades.rows.iter().map(|grade| words.grade(grade)).collect();
        for (grade, text) in grades.rows.iter().zip(columns(&rows, " ")) {
            self.layout.row(grade.span, text);
        }
        self.layout.close(grades.span, words.say(K::End));
    }
}

impl Words {
    fn warning_statement(self, statement: &WarningStatement) -> Printed {
        match statement {
            WarningStatement::Subject(line) => self.population(K::Subject, line),
            WarningStatement::Period(line) => self.period_line(line),
            WarningStatement::Effective(line) => self.effective_line(line),
            WarningStatement::Currency(line) => self.currency_line(line),
            WarningStatement::Policy(line) => self.policy_line(line),
            WarningStatement::Let(line) => self.let_line(line),
            WarningStatement::Measure(line) => self.measure_line(line),
            WarningStatement::Check(line) => self.check_line(line),
            WarningStatement::Level(line) => self.level(line),
            WarningStatement::Alert(line) => self.alert(line),
            WarningStatement::Confirm(line) => self.confirm(line),
            WarningStatement::Skip(line) => self.when_line(K::Skip, line),
            WarningStatement::Reset(line) => self.when_line(K::Reset, line),
            WarningStatement::Cooldown(line) => self.cooldown(line),
            WarningStatement::Escalate(line) => self.escalate(line),
            WarningStatement::Respond(respond) => Printed::long(respond.span, Clauses::default()),
        }
    }

    fn level(self, line: &Level) -> Printed {
        let clear = line.clear.as_ref();
        let clear = clear.map(|clear| {
            format!(
                "{} {} {}",
                self.say(K::Clear),
                self.say(K::When),
                self.expr(clear)
            )
        });
        let clauses = Clauses::new(self.titled(K::Level, &line.name, None))
            .all(self.behind(K::When, &line.when))
            .maybe(clear)
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn alert(self, line: &Alert) -> Printed {
        let clauses = Clauses::new(self.titled(K::Alert, &line.name, None))
            .all(self.behind(K::When, &line.when))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn when_line(self, word: K, line: &crate::ast::ExprLine) -> Printed {
        let clauses = Clauses::new(self.say(word))
            .all(self.behind(K::When, &line.value))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn confirm(self, line: &Confirm) -> Printed {
        let after = match &line.out_of {
            Some(of) => {
                let periods = self.periods(&of.written);
                format!("{} {} {periods}", line.after.written, self.say(K::OutOf))
            }
            None => self.periods(&line.after.written),
        };
        let clear = line.clear_after.as_ref();
        let clear = clear.map(|count| {
            format!(
                ", {} {} {}",
                self.say(K::Clear),
                self.say(K::After),
                self.periods(&count.written)
            )
        });
        let head = format!(
            "{} {} {after}{}",
            self.say(K::Confirm),
            self.say(K::After),
            clear.unwrap_or_default()
        );
        Printed::long(line.span, Clauses::new(head))
    }

    fn cooldown(self, line: &Cooldown) -> Printed {
        let head = format!(
            "{} {}",
            self.say(K::Cooldown),
            self.periods(&line.periods.written)
        );
        Printed::long(line.span, Clauses::new(head))
    }

    fn escalate(self, line: &Escalate) -> Printed {
        let to = format!("{} {}", self.say(K::ToTarget), self.expr(&line.to));
        let after = format!("{} {}", self.say(K::After), self.periods(&line.after.written));
        let level = format!("{} {}", self.say(K::AtLevel), self.name(&line.level));
        let clauses = Clauses::new(format!("{} {to}", self.say(K::Escalate)))
            .and(after)
            .and(level)
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn respond_cells(self, row: &RespondRow) -> Vec<String> {
        vec![self.cell(&row.style), self.cell(&row.level)]
    }

    fn actions(self, actions: &[Action]) -> String {
        let printed: Vec<String> = actions.iter().map(|action| self.action(action)).collect();
        printed.join("; ")
    }

    fn action(self, action: &Action) -> String {
        match &action.kind {
            ActionKind::Notify(who) => format!("{} {}", self.say(K::Notify), self.list(who)),
            ActionKind::Task(what, who, days) => {
                let (word, by) = (self.say(K::Task), self.say(K::ForPerson));
                let day = if self.language == Language::En && days.written != "1" {
                    K::Days
                } else {
                    K::Day
                };
                let within = format!(
                    "{} {} {}",
                    self.say(K::WithinDays),
                    self.literal(days),
                    self.say(day)
                );
                format!("{word} {} {by} {} {within}", self.quoted(what), self.expr(who))
            }
            ActionKind::Restrict(what) => format!("{} {}", self.say(K::Restrict), self.quoted(what)),
            ActionKind::Suggest(what, who) => {
                let (word, to) = (self.say(K::Suggest), self.say(K::ToPerson));
                format!("{word} {} {to} {}", self.quoted(what), self.expr(who))
            }
            ActionKind::Record => self.say(K::Record).to_owned(),
        }
    }

    fn scorecard_statement(self, statement: &ScorecardStatement) -> Printed {
        match statement {
            ScorecardStatement::Subject(line) => self.population(K::Subject, line),
            ScorecardStatement::Period(line) => self.period_line(line),
            ScorecardStatement::Effective(line) => self.effective_line(line),
            ScorecardStatement::Currency(line) => self.currency_line(line),
            ScorecardStatement::Rounding(line) => self.rounding_line(line),
            ScorecardStatement::Policy(line) => self.policy_line(line),
            ScorecardStatement::Missing(line) => {
                let rest = format!("{} {}", self.say(K::Metric), self.metric_missing(&line.policy));
                Printed::short(line.span, self.say(K::Missing), rest)
            }
            ScorecardStatement::WeightsRelative(span) => {
                Printed::long(*span, Clauses::new(self.say(K::WeightsRelative)))
            }
            ScorecardStatement::Rows(line) => self.rows(line),
            ScorecardStatement::Let(line) => self.let_line(line),
            ScorecardStatement::Measure(line) => self.measure_line(line),
            ScorecardStatement::Check(line) => self.check_line(line),
            ScorecardStatement::Dimension(Dimension { span, .. })
            | ScorecardStatement::Grades(Grades { span, .. }) => Printed::long(*span, Clauses::default()),
            ScorecardStatement::Gate(line) => self.gate(line),
        }
    }

    fn metric_missing(self, policy: &MetricMissing) -> String {
        match policy {
            MetricMissing::Error => self.say(K::Error).to_owned(),
            MetricMissing::NoScore => self.say(K::None).to_owned(),
            MetricMissing::Previous => self.say(K::PreviousValue).to_owned(),
            MetricMissing::Score(points) => format!("{} {}", self.say(K::Score), self.literal(points)),
            MetricMissing::Reweight(share, too_little) => {
                let (word, when, least) = (self.say(K::Reweight), self.say(K::When), self.say(K::AtLeast));
                let (present, otherwise) = (self.say(K::Present), self.say(K::Otherwise));
                let rest = match too_little {
                    TooLittle::Score(points) => format!("{} {}", self.say(K::Score), self.literal(points)),
                    TooLittle::Error => self.say(K::Error).to_owned(),
                    TooLittle::NoScore => self.say(K::None).to_owned(),
                };
                format!(
                    "{word} {when} {least} {} {present} {otherwise} {rest}",
                    self.literal(share)
                )
            }
        }
    }

    fn metric(self, metric: &Metric) -> Clauses {
        let head = self.titled(K::Metric, &metric.name, metric.title.as_ref());
        let missing = metric.missing.as_ref();
        let missing =
            missing.map(|policy| format!("{} {}", self.say(K::Missing), self.metric_missing(policy)));
        let rounded = metric.rounded.as_ref().map(|rounded| {
            let how = self.rounding(rounded.mode, &rounded.step);
            format!("{} {how}", self.say(K::Rounded))
        });
        Clauses::new(format!("{head} {}", self.literal(&metric.weight)))
            .all(self.equals(&metric.value))
            .and(format!("{} {}", self.say(K::Scored), self.norm(&metric.norm)))
            .maybe(rounded)
            .maybe(missing)
            .tail(self.tail(&metric.tail))
    }

    fn norm(self, norm: &Norm) -> String {
        match norm {
            Norm::Linear(points, beyond) => {
                let points: Vec<String> = points
                    .iter()
                    .map(|point| format!("{} -> {}", self.expr(&point.at), self.expr(&point.points)))
                    .collect();
                let beyond = beyond.map(|beyond| format!(" {}", self.beyond(beyond)));
                format!(
                    "{} {}{}",
                    self.say(K::Linear),
                    points.join(", "),
                    beyond.unwrap_or_default()
                )
            }
            Norm::AsGiven => self.say(K::AsGiven).to_owned(),
            Norm::Ratio(kind, target, limits) => {
                let word = match kind {
                    RatioKind::Ratio => K::RatioTo,
                    RatioKind::Inverse => K::InverseTo,
                    RatioKind::Mirrored => K::MirroredTo,
                };
                format!("{} {}{}", self.say(word), self.expr(target), self.limits(limits))
            }
            Norm::FloorTargetStretch(floor, target, stretch) => {
                let (one, two, three) = (self.say(K::Floor), self.say(K::Target), self.say(K::Stretch));
                format!(
                    "{one} {} {two} {} {three} {}",
                    self.expr(floor),
                    self.expr(target),
                    self.expr(stretch)
                )
            }
            Norm::Spread(within) => self.group(K::SpreadNorm, within),
            Norm::Percentile(within) => self.group(K::Percentile, within),
            Norm::Steps(steps) => {
                let steps: Vec<String> = steps
                    .iter()
                    .map(|step| format!("{} -> {}", self.interval(&step.interval), self.expr(&step.points)))
                    .collect();
                format!("{} {}", self.say(K::Steps), steps.join(", "))
            }
            Norm::PerUnit(base, units, limits) => {
                format!(
                    "{} {}{}{}",
                    self.say(K::Base),
                    self.expr(base),
                    self.per_units(units),
                    self.limits(limits)
                )
            }
            Norm::Closest(target, units, limits) => {
                let head = format!("{} {}", self.say(K::ClosestTo), self.expr(target));
                format!("{head}{}{}", self.per_units(units), self.limits(limits))
            }
        }
    }

    fn group(self, word: K, within: &[crate::ast::Expr]) -> String {
        let within = self.within(within).map(|within| format!(" {within}"));
        format!("{}{}", self.say(word), within.unwrap_or_default())
    }

    fn per_units(self, units: &[PerUnit]) -> String {
        let print = |unit: &PerUnit| {
            let sign = self.say(match unit.sign {
                PerUnitSign::Less => K::Less,
                PerUnitSign::Plus => K::PlusPoints,
            });
            let side = unit.side.map(|side| match side {
                Side::Below => format!(" {}", self.say(K::Below)),
                Side::Above => format!(" {}", self.say(K::Above)),
            });
            let per = format!("{} {}", self.say(K::Per), self.expr(&unit.per));
            format!(
                " {sign} {} {per}{}",
                self.expr(&unit.points),
                side.unwrap_or_default()
            )
        };
        units.iter().map(print).collect()
    }

    fn limits(self, limits: &Limits) -> String {
        let print = |word: K, value: &Option<crate::ast::Expr>| {
            value
                .as_ref()
                .map(|value| format!(" {} {}", self.say(word), self.expr(value)))
                .unwrap_or_default()
        };
        format!(
            "{}{}",
            print(K::AtLeast, &limits.least),
            print(K::AtMost, &limits.most)
        )
    }

    fn distribute(self, distribute: &Distribute) -> String {
        let ties = distribute.ties.as_ref().map(|ties| {
            let how = match ties {
                CutTies::Up => self.say(K::CutUp).to_owned(),
                CutTies::Down => self.say(K::CutDown).to_owned(),
                CutTies::BreakBy(keys) => format!("{} {}", self.say(K::BreakBy), self.rank_keys(keys)),
            };
            format!("{} {how}", self.say(K::Ties))
        });
        let least = distribute.least.as_ref();
        let least = least.map(|count| format!("{} {}", self.say(K::AtLeast), self.literal(count)));
        Clauses::new(self.say(K::Distribute))
            .maybe(self.within(&distribute.within))
            .maybe(ties)
            .maybe(least)
            .one_line()
    }

    fn grade(self, grade: &Grade) -> Vec<String> {
        let (lower, upper) = self.bounds(&grade.interval);
        let share = grade
            .share
            .as_ref()
            .map(|share| format!(" | {}", self.expr(share)));
        let multiplier = self.expr(&grade.multiplier);
        vec![
            lower,
            upper,
            format!(": {}", self.name(&grade.name)),
            format!("| {multiplier}{}", share.unwrap_or_default()),
        ]
    }

    fn gate(self, line: &Gate) -> Printed {
        let head = format!(
            "{} {} {}",
            self.say(K::Gate),
            self.say(K::AtMost),
            self.name(&line.grade)
        );
        let clauses = Clauses::new(head)
            .all(self.behind(K::When, &line.when))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }
}
