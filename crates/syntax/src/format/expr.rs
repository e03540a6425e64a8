//! Expressions and literals.

use super::names::Words;
use crate::ast::{
    Aggregate, AggregateOp, Allocate, Apply, Chain, ChainOp, CompareOp, Direction, Expr, ExprKind, Literal,
    LiteralKind, PeriodExpr, Polarity, Rank, RankKey, RankTies, RestTo, RoundMode, RoundStep, Running,
    Source, SourceKind, SpanExpr, SpanRange, SpanUnit, Stack, Unit, UnitKind,
};
use crate::keyword::Keyword as K;

impl Words {
    /// Prints an expression in one line.
    pub(super) fn expr(self, expr: &Expr) -> String {
        self.clauses(expr).join(" ")
    }

    /// Prints an expression as clauses, between which a line may be broken.
    pub(super) fn clauses(self, expr: &Expr) -> Vec<String> {
        match &expr.kind {
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Running(running) => self.running(running),
            ExprKind::Apply(apply) => self.apply(apply),
            ExprKind::Allocate(allocate) => self.allocate(allocate),
            ExprKind::Rank(rank) => self.rank(rank),
            ExprKind::If(choice) => {
                let (condition, then) = (self.expr(&choice.condition), self.expr(&choice.then));
                let (when, yes, no) = (self.say(K::If), self.say(K::Then), self.say(K::Else));
                let otherwise = self.expr(&choice.otherwise);
                vec![
                    format!("{when} {condition}"),
                    format!("{yes} {then}"),
                    format!("{no} {otherwise}"),
                ]
            }
            ExprKind::Chain(chain) => self.chain(chain),
            ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::Call(..)
            | ExprKind::Field(..)
            | ExprKind::Index(..)
            | ExprKind::Negate(_)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::Is(..)
            | ExprKind::IsMissing(..)
            | ExprKind::In(..)
            | ExprKind::Through(..)
            | ExprKind::List(_)
            | ExprKind::Paren(_)
            | ExprKind::Rounded(_)
            | ExprKind::RateOf(..)
            | ExprKind::Prior(_)
            | ExprKind::Due(_)
            | ExprKind::Released(_)
            | ExprKind::Below(_)
            | ExprKind::Streak(_)
            | ExprKind::Times(..)
            | ExprKind::Trend(..)
            | ExprKind::Period(_)
            | ExprKind::Span(_)
            | ExprKind::Duration(..) => vec![self.compact(expr)],
        }
    }

    fn compact(self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Call(name, arguments) => format!("{}({})", self.name(name), self.list(arguments)),
            ExprKind::Field(base, field) => format!("{}.{}", self.expr(base), self.field(field)),
            ExprKind::Index(base, subscripts) => format!("{}[{}]", self.expr(base), self.list(subscripts)),
            ExprKind::Negate(inner) => format!("-{}", self.expr(inner)),
            ExprKind::Not(inner) => format!("{} {}", self.say(K::Not), self.expr(inner)),
            ExprKind::Compare(left, op, right) => {
                format!("{} {} {}", self.expr(left), compare_sign(*op), self.expr(right))
            }
            ExprKind::Is(left, polarity, right) => {
                let is = self.say(K::Is);
                format!(
                    "{} {is} {}{}",
                    self.expr(left),
                    self.turned(*polarity),
                    self.expr(right)
                )
            }
            ExprKind::IsMissing(value, polarity) => {
                let (is, missing) = (self.say(K::Is), self.say(K::Missing));
                format!("{} {is} {}{missing}", self.expr(value), self.turned(*polarity))
            }
            ExprKind::In(left, polarity, right) => {
                let word = self.say(K::In);
                format!(
                    "{} {}{word} {}",
                    self.expr(left),
                    self.turned(*polarity),
                    self.expr(right)
                )
            }
            ExprKind::Through(first, last) => {
                format!(
                    "{} {} {}",
                    self.expr(first),
                    self.say(K::ThroughDate),
                    self.expr(last)
                )
            }
            ExprKind::List(values) => format!("({})", self.list(values)),
            ExprKind::Paren(inner) => format!("({})", self.expr(inner)),
            ExprKind::Rounded(rounded) => {
                let (value, rounding) = (
                    self.expr(&rounded.value),
                    self.rounding(rounded.mode, &rounded.step),
                );
                format!("{value} {} {rounding}", self.say(K::Rounded))
            }
            ExprKind::RateOf(..)
            | ExprKind::Prior(_)
            | ExprKind::Due(_)
            | ExprKind::Released(_)
            | ExprKind::Below(_)
            | ExprKind::Streak(_)
            | ExprKind::Times(..)
            | ExprKind::Trend(..)
            | ExprKind::Period(_)
            | ExprKind::Span(_)
            | ExprKind::Duration(..) => self.phrase(expr),
            ExprKind::Aggregate(_)
            | ExprKind::Running(_)
            | ExprKind::Apply(_)
            | ExprKind::Allocate(_)
            | ExprKind::Rank(_)
            | ExprKind::If(_)
            | ExprKind::Chain(_) => self.clauses(expr).join(" "),
        }
    }

    fn phrase(self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::RateOf(tiers, at) => {
                let (rate, word) = (self.say(K::RateOf), self.say(K::AtValue));
                format!("{rate} {} {word} {}", self.name(tiers), self.expr(at))
            }
            ExprKind::Prior(name) => format!("{} {}", self.say(K::Prior), self.name(name)),
            ExprKind::Due(name) => format!("{} {}", self.say(K::Due), self.name(name)),
            ExprKind::Released(name) => format!("{} {}", self.say(K::Released), self.name(name)),
            ExprKind::Below(name) => format!("{} {}", self.say(K::BelowEarned), self.name(name)),
            ExprKind::Streak(condition) => format!("{} ({})", self.say(K::StreakOf), self.expr(condition)),
            ExprKind::Times(condition, window) => {
                let (times, within) = (self.say(K::TimesOf), self.say(K::In));
                format!(
                    "{times} ({}) {within} {}",
                    self.expr(condition),
                    self.expr(window)
                )
            }
            ExprKind::Trend(value, window) => {
                let (trend, over) = (self.say(K::TrendOf), self.say(K::Over));
                format!("{trend} {} {over} {}", self.expr(value), self.expr(window))
            }
            ExprKind::Period(period) => self.period(period),
            ExprKind::Span(span) => self.span(span),
            ExprKind::Duration(count, unit) => self.units(&count.written, *unit),
            // These never come here: `compact` prints them.
            ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::Call(..)
            | ExprKind::Field(..)
            | ExprKind::Index(..)
            | ExprKind::Negate(_)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::Is(..)
            | ExprKind::IsMissing(..)
            | ExprKind::In(..)
            | ExprKind::Through(..)
            | ExprKind::List(_)
            | ExprKind::Paren(_)
            | ExprKind::Rounded(_)
            | ExprKind::Aggregate(_)
            | ExprKind::Running(_)
            | ExprKind::Apply(_)
            | ExprKind::Allocate(_)
            | ExprKind::Rank(_)
            | ExprKind::If(_)
            | ExprKind::Chain(_) => String::new(),
        }
    }

    /// Prints expressions with commas between.
    pub(super) fn list(self, values: &[Expr]) -> String {
        let printed: Vec<String> = values.iter().map(|value| self.expr(value)).collect();
        printed.join(", ")
    }

    fn chain(self, chain: &Chain) -> Vec<String> {
        let mut clauses = vec![self.expr(&chain.first)];
        for link in &chain.rest {
            clauses.push(format!(
                "{} {}",
                self.chain_sign(link.op),
                self.expr(&link.operand)
            ));
        }
        clauses
    }

    fn chain_sign(self, op: ChainOp) -> &'static str {
        match op {
            ChainOp::Otherwise => self.say(K::Otherwise),
            ChainOp::Or => self.say(K::Or),
            ChainOp::And => self.say(K::And),
            ChainOp::AtMost => self.say(K::AtMost),
            ChainOp::AtLeast => self.say(K::AtLeast),
            ChainOp::Add => "+",
            ChainOp::Subtract => "-",
            ChainOp::Multiply => "*",
            ChainOp::Divide => "/",
        }
    }

    fn turned(self, polarity: Polarity) -> String {
        match polarity {
            Polarity::Plain => String::new(),
            Polarity::Negated => format!("{} ", self.say(K::Not)),
        }
    }

    /// Prints a literal.
    pub(super) fn literal(self, literal: &Literal) -> String {
        match &literal.kind {
            LiteralKind::Text(value) => self.text(value),
            LiteralKind::Truth(true) => self.say(K::Yes).to_owned(),
            LiteralKind::Truth(false) => self.say(K::No).to_owned(),
            LiteralKind::Year(year) => format!("{} {year:04}", self.say(K::Year)),
            LiteralKind::Number(_)
            | LiteralKind::Percent(_)
            | LiteralKind::Money(..)
            | LiteralKind::Date(_)
            | LiteralKind::Month(..)
            | LiteralKind::Quarter(..)
            | LiteralKind::Week(..) => literal.written.clone(),
        }
    }

    fn aggregate(self, aggregate: &Aggregate) -> Vec<String> {
        let mut head = self.aggregate_word(aggregate.op).to_owned();
        if aggregate.is_distinct {
            head.push(' ');
            head.push_str(self.say(K::Distinct));
        }
        if let Some(value) = &aggregate.value {
            head.push(' ');
            head.push_str(&self.expr(value));
        }
        let sources: Vec<String> = aggregate
            .sources
            .iter()
            .map(|source| self.source(source))
            .collect();
        let mut clauses = vec![format!("{head} {} {}", self.say(K::Over), sources.join(", "))];
        clauses.extend(self.filter(aggregate.filter.as_ref()));
        if !aggregate.order.is_empty() {
            clauses.push(format!(
                "{} {}",
                self.say(K::InOrderOf),
                self.list(&aggregate.order)
            ));
        }
        if let Some(best) = &aggregate.best {
            clauses.push(format!("{} {}", self.say(K::BestOf), self.expr(best)));
        }
        clauses
    }

    /// Spells the word of an aggregate.
    pub(super) fn aggregate_word(self, op: AggregateOp) -> &'static str {
        self.say(match op {
            AggregateOp::Sum => K::Sum,
            AggregateOp::Count => K::Count,
            AggregateOp::Average => K::Average,
            AggregateOp::Lowest => K::Lowest,
            AggregateOp::Highest => K::Highest,
            AggregateOp::Any => K::Any,
            AggregateOp::All => K::All,
            AggregateOp::First => K::First,
            AggregateOp::Last => K::Last,
        })
    }

    /// Prints `where c`.
    pub(super) fn filter(self, filter: Option<&Expr>) -> Option<String> {
        filter.map(|filter| format!("{} {}", self.say(K::Where), self.expr(filter)))
    }

    /// Prints what is gone through.
    pub(super) fn source(self, source: &Source) -> String {
        let (word, tree) = match &source.kind {
            SourceKind::Named(name) => return format!("{}{}", self.name(name), self.alias(source)),
            SourceKind::Team(tree) => (K::TeamOf, tree),
            SourceKind::Reports(tree) => (K::ReportsOf, tree),
        };
        let by = tree
            .by
            .as_ref()
            .map(|by| format!(" {} {}", self.say(K::By), self.name(by)));
        let root = self.expr(&tree.root);
        format!(
            "{} {root}{}{}",
            self.say(word),
            by.unwrap_or_default(),
            self.alias(source)
        )
    }

    fn alias(self, source: &Source) -> String {
        let alias = source.alias.as_ref();
        alias
            .map(|alias| format!(" {} {}", self.say(K::As), self.name(alias)))
            .unwrap_or_default()
    }

    fn running(self, running: &Running) -> Vec<String> {
        let (word, over) = (self.say(K::RunningSum), self.say(K::Over));
        let value = self.expr(&running.value);
        let mut clauses = vec![
            format!("{word} {value} {over} {}", self.source(&running.source)),
            format!("{} {}", self.say(K::InOrderOf), self.list(&running.order)),
        ];
        clauses.extend(self.within(&running.within));
        clauses.extend(self.filter(running.filter.as_ref()));
        clauses
    }

    /// Prints `within g`.
    pub(super) fn within(self, keys: &[Expr]) -> Option<String> {
        (!keys.is_empty()).then(|| format!("{} {}", self.say(K::Within), self.list(keys)))
    }

    fn apply(self, apply: &Apply) -> Vec<String> {
        let (word, to) = (self.say(K::Apply), self.say(K::To));
        let mut head = format!(
            "{word} {} {to} {}",
            self.name(&apply.tiers),
            self.expr(&apply.value)
        );
        if let Some(against) = &apply.against {
            head.push_str(&format!(" {} {}", self.say(K::Against), self.expr(against)));
        }
        let mut clauses = vec![head];
        clauses.extend(apply.stack.as_ref().map(|stack| self.stack(stack)));
        clauses
    }

    fn stack(self, stack: &Stack) -> String {
        let mut out = format!("{} {}", self.say(K::StackedInOrderOf), self.list(&stack.order));
        if let Some(unit) = stack.restarting {
            out.push_str(&format!(" {} {}", self.say(K::RestartingEvery), self.unit(unit)));
        }
        if let Some(starting) = &stack.starting {
            out.push_str(&format!(" {} {}", self.say(K::StartingFrom), self.expr(starting)));
        }
        out
    }

    fn allocate(self, allocate: &Allocate) -> Vec<String> {
        let (word, among) = (self.say(K::Allocate), self.say(K::Among));
        let amount = self.expr(&allocate.amount);
        let mut clauses = vec![format!(
            "{word} {amount} {among} {}",
            self.source(&allocate.source)
        )];
        clauses.extend(self.filter(allocate.filter.as_ref()));
        clauses.extend(self.within(&allocate.within));
        clauses.push(format!("{} {}", self.say(K::By), self.expr(&allocate.weight)));
        clauses.extend(
            allocate
                .unit
                .as_ref()
                .map(|unit| format!("{} {}", self.say(K::Unit), self.expr(unit))),
        );
        clauses.extend(allocate.rest.map(|rest| self.rest_to(rest)));
        let rounded = allocate
            .rounded
            .map(|mode| format!("{} {}", self.say(K::Rounded), self.round_mode(mode)));
        clauses.extend(rounded);
        if allocate.is_equal_otherwise {
            clauses.push(format!("{} {}", self.say(K::Otherwise), self.say(K::Equally)));
        }
        clauses
    }

    /// Prints who gets the rest.
    pub(super) fn rest_to(self, rest: RestTo) -> String {
        let who = match rest {
            RestTo::Largest => K::Largest,
            RestTo::First => K::First,
            RestTo::Last => K::Last,
        };
        format!("{} {}", self.say(K::RestTo), self.say(who))
    }

    fn rank(self, rank: &Rank) -> Vec<String> {
        let (word, among) = (self.say(K::RankOf), self.say(K::Among));
        let value = self.expr(&rank.value);
        let mut clauses = vec![format!("{word} {value} {among} {}", self.source(&rank.source))];
        clauses.extend(self.filter(rank.filter.as_ref()));
        clauses.extend(self.within(&rank.within));
        clauses.extend(
            rank.direction
                .map(|direction| self.direction(direction).to_owned()),
        );
        clauses.extend(rank.ties.as_ref().map(|ties| self.rank_ties(ties)));
        clauses
    }

    fn rank_ties(self, ties: &RankTies) -> String {
        let word = match ties {
            RankTies::Best => K::Best,
            RankTies::Worst => K::Worst,
            RankTies::Average => K::Average,
            RankTies::Dense => K::Dense,
            RankTies::OrderBy(keys) => return format!("{} {}", self.say(K::OrderBy), self.rank_keys(keys)),
        };
        format!("{} {}", self.say(K::Ties), self.say(word))
    }

    /// Prints keys to rank by.
    pub(super) fn rank_keys(self, keys: &[RankKey]) -> String {
        let printed: Vec<String> = keys
            .iter()
            .map(|key| {
                let direction = key
                    .direction
                    .map(|direction| format!(" {}", self.direction(direction)));
                format!("{}{}", self.expr(&key.key), direction.unwrap_or_default())
            })
            .collect();
        printed.join(", ")
    }

    /// Prints a direction.
    pub(super) fn direction(self, direction: Direction) -> &'static str {
        self.say(match direction {
            Direction::HighestFirst => K::HighestFirst,
            Direction::LowestFirst => K::LowestFirst,
        })
    }

    fn period(self, period: &PeriodExpr) -> String {
        match period {
            PeriodExpr::Current => self.say(K::Period).to_owned(),
            PeriodExpr::This(unit) => self.say(this(*unit)).to_owned(),
            PeriodExpr::Previous(unit) => self.say(previous(*unit)).to_owned(),
            PeriodExpr::ToDate(unit) => self.say(to_date(*unit)).to_owned(),
            PeriodExpr::Last(count, unit) => {
                format!(
                    "{} {}",
                    self.say(K::LastPeriods),
                    self.units(&count.written, *unit)
                )
            }
            PeriodExpr::From(day) => format!("{} {}", self.say(K::PeriodFrom), self.expr(day)),
            PeriodExpr::Of(day, calendar) => {
                let calendar = calendar
                    .as_ref()
                    .map(|name| format!(" {} {}", self.say(K::In), self.name(name)));
                format!(
                    "{} {}{}",
                    self.say(K::PeriodOf),
                    self.expr(day),
                    calendar.unwrap_or_default()
                )
            }
        }
    }

    fn span(self, span: &SpanExpr) -> String {
        let unit = self.say(match span.unit {
            SpanUnit::Days => K::Days,
            SpanUnit::Months => K::Months,
            SpanUnit::WorkingDays => K::WorkingDays,
        });
        let range = match &span.range {
            SpanRange::In(period) => format!("{} {}", self.say(K::In), self.expr(period)),
            SpanRange::FromTo(from, to) => {
                let (start, end) = (self.say(K::FromDays), self.say(K::ToTarget));
                format!("{start} {} {end} {}", self.expr(from), self.expr(to))
            }
        };
        let counted = span.counted.as_ref();
        let counted = counted.map(|name| format!(" {} {}", self.say(K::Counted), self.name(name)));
        format!("{unit} {range}{}", counted.unwrap_or_default())
    }

    /// Prints `half-up to 0.01`.
    pub(super) fn rounding(self, mode: RoundMode, step: &RoundStep) -> String {
        let step = match step {
            RoundStep::To(literal) => self.literal(literal),
            RoundStep::MinorUnit => self.say(K::MinorUnit).to_owned(),
        };
        format!("{} {} {step}", self.round_mode(mode), self.say(K::ToStep))
    }

    /// Spells a direction of rounding.
    pub(super) fn round_mode(self, mode: RoundMode) -> &'static str {
        self.say(match mode {
            RoundMode::HalfUp => K::HalfUp,
            RoundMode::HalfDown => K::HalfDown,
            RoundMode::HalfEven => K::HalfEven,
            RoundMode::HalfOdd => K::HalfOdd,
            RoundMode::HalfCeiling => K::HalfCeiling,
            RoundMode::HalfFloor => K::HalfFloor,
            RoundMode::Up => K::RoundUp,
            RoundMode::Down => K::RoundDown,
            RoundMode::Ceiling => K::RoundCeiling,
            RoundMode::Floor => K::RoundFloor,
        })
    }
}

fn compare_sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
    }
}

fn this(unit: Unit) -> K {
    match unit.kind {
        UnitKind::Day => K::ThisDay,
        UnitKind::Week => K::ThisWeek,
        UnitKind::Month => K::ThisMonth,
        UnitKind::Quarter => K::ThisQuarter,
        UnitKind::Year => K::ThisYear,
        UnitKind::Period => K::ThisPeriod,
    }
}

fn previous(unit: Unit) -> K {
    match unit.kind {
        UnitKind::Day => K::PreviousDay,
        UnitKind::Week => K::PreviousWeek,
        UnitKind::Month => K::PreviousMonth,
        UnitKind::Quarter => K::PreviousQuarter,
        UnitKind::Year => K::PreviousYear,
        UnitKind::Period => K::PreviousPeriod,
    }
}

fn to_date(unit: Unit) -> K {
    match unit.kind {
        UnitKind::Day => K::DayToDate,
        UnitKind::Week => K::WeekToDate,
        UnitKind::Month => K::MonthToDate,
        UnitKind::Quarter => K::QuarterToDate,
        UnitKind::Year => K::YearToDate,
        UnitKind::Period => K::PeriodToDate,
    }
}
