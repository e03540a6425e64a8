//! Contests, awards and targets.

use unicode_width::UnicodeWidthStr;

use super::Printer;
use super::layout::{Clauses, columns};
use super::names::Words;
use super::shared::Printed;
use crate::ast::{
    Award, AwardStatement, Closes, Contest, ContestStatement, ContestTies, Grant, GrantLimit, Lock,
    PlaceCount, Pool, PoolSharing, Prize, PrizePlaces, Prizes, Qualify, Race, RankLine, Recalibrate, Smart,
    SmartResult, SmartTest, SplitLine, Target, TargetStatement, Unqualified,
};
use crate::keyword::Keyword as K;

impl Printer<'_> {
    pub(super) fn contest(&mut self, contest: &Contest) {
        let words = self.words;
        let head = words.titled(K::Contest, &contest.name, contest.title.as_ref());
        self.layout.open(contest.span, Clauses::new(head));
        let mut printed: Vec<Printed> = contest
            .statements
            .iter()
            .map(|statement| words.contest_statement(statement))
            .collect();
        let width = printed
            .iter()
            .filter_map(|line| line.lead)
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or(0);
        for (statement, line) in contest.statements.iter().zip(printed.drain(..)) {
            if let ContestStatement::Prizes(prizes) = statement {
                self.prizes(prizes);
            } else {
                self.one(line, width);
            }
        }
        self.layout.close(contest.span, words.say(K::End));
    }

    /// Prints one statement, lined up to a width.
    pub(super) fn one(&mut self, mut line: Printed, width: usize) {
        self.lead(&mut line, width);
        self.layout.statement(line.span, line.clauses);
    }

    fn prizes(&mut self, prizes: &Prizes) {
        let words = self.words;
        self.layout.open(prizes.span, Clauses::new(words.say(K::Prizes)));
        let rows: Vec<Vec<String>> = prizes.rows.iter().map(|prize| words.prize(prize)).collect();
        for (prize, text) in prizes.rows.iter().zip(columns(&rows, " : ")) {
            self.layout.row(prize.span, text);
        }
        self.layout.close(prizes.span, words.say(K::End));
    }

    pub(super) fn award(&mut self, award: &Award) {
        let words = self.words;
        let head = words.titled(K::Award, &award.name, award.title.as_ref());
        self.layout.open(award.span, Clauses::new(head));
        let printed = award
            .statements
            .iter()
            .map(|statement| words.award_statement(statement))
            .collect();
        self.statements(printed);
        self.layout.close(award.span, words.say(K::End));
    }

    pub(super) fn target(&mut self, target: &Target) {
        let words = self.words;
        let head = words.titled(K::Target, &target.name, target.title.as_ref());
        self.layout.open(target.span, Clauses::new(head));
        let printed = target
            .statements
            .iter()
            .map(|statement| words.target_statement(statement))
            .collect();
        self.statements(printed);
        self.layout.close(target.span, words.say(K::End));
    }
}

impl Words {
    fn contest_statement(self, statement: &ContestStatement) -> Printed {
        match statement {
            ContestStatement::Period(line) => self.period_line(line),
            ContestStatement::Currency(line) => self.currency_line(line),
            ContestStatement::Rounding(line) => self.rounding_line(line),
            ContestStatement::Policy(line) => self.policy_line(line),
            ContestStatement::Entrants(line) => self.population(K::Entrants, line),
            ContestStatement::Let(line) => self.let_line(line),
            ContestStatement::Measure(line) => self.measure_line(line),
            ContestStatement::Check(line) => self.check_line(line),
            ContestStatement::Score(line) => self.expr_line(K::Score, line),
            ContestStatement::Qualify(line) => self.qualify(line),
            ContestStatement::Budget(line) => self.expr_line(K::Budget, line),
            ContestStatement::Race(line) => self.race(line),
            ContestStatement::Rank(line) => self.rank_line(line),
            ContestStatement::Prizes(prizes) => Printed::long(prizes.span, Clauses::default()),
            ContestStatement::Pool(line) => self.pool(line),
            ContestStatement::Split(line) => self.split(line),
            ContestStatement::Closes(line) => self.closes(line),
        }
    }

    fn qualify(self, line: &Qualify) -> Printed {
        let word = match line.otherwise {
            Unqualified::Unsaid => None,
            Unqualified::Removed => Some(K::Removed),
            Unqualified::Unpaid => Some(K::Unpaid),
            Unqualified::Sunk => Some(K::Sunk),
        };
        let otherwise = word.map(|word| format!("{} {}", self.say(K::Else), self.say(word)));
        let clauses = Clauses::new(format!("{} {}", self.say(K::Qualify), self.expr(&line.condition)))
            .maybe(otherwise)
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn race(self, line: &Race) -> Printed {
        let clauses = Clauses::new(format!("{} {}", self.say(K::RaceTo), self.expr(&line.mark)))
            .maybe(self.dated(Some(&line.dated)))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn rank_line(self, line: &RankLine) -> Printed {
        let mut rest = self.direction(line.direction).to_owned();
        for key in &line.keys {
            rest.push_str(&format!(", {}", self.rank_keys(std::slice::from_ref(key))));
        }
        if line.count == PlaceCount::Dense {
            rest.push_str(&format!(", {}", self.say(K::Dense)));
        }
        if let Some(ties) = &line.ties {
            let how = match ties {
                ContestTies::Share => self.say(K::Share).to_owned(),
                ContestTies::All => self.say(K::All).to_owned(),
                ContestTies::Divide => self.say(K::Divide).to_owned(),
                ContestTies::BreakBy(keys) => format!("{} {}", self.say(K::BreakBy), self.rank_keys(keys)),
            };
            rest.push_str(&format!(", {} {how}", self.say(K::Ties)));
        }
        Printed::short(line.span, self.say(K::RankLine), rest)
    }

    fn prize(self, prize: &Prize) -> Vec<String> {
        let places = match &prize.places {
            PrizePlaces::One(place) => self.literal(place),
            PrizePlaces::Range(first, last) => {
                format!(
                    "{} {} {}",
                    self.literal(first),
                    self.say(K::ThroughDate),
                    self.literal(last)
                )
            }
            PrizePlaces::Up(first) => format!("{} {}", self.literal(first), self.say(K::Up)),
            PrizePlaces::Others(_) => self.say(K::Others).to_owned(),
        };
        let honour = prize.honour.as_ref();
        let honour = honour.map(|text| format!(" | {} {}", self.say(K::Honour), self.quoted(text)));
        vec![
            places,
            format!("{}{}", self.expr(&prize.value), honour.unwrap_or_default()),
        ]
    }

    fn pool(self, line: &Pool) -> Printed {
        let clauses = Clauses::new(format!("{} {}", self.say(K::Pool), self.expr(&line.amount)));
        let clauses = match &line.sharing {
            PoolSharing::By(weight) => clauses.all(self.behind(K::By, weight)),
            PoolSharing::PerHead => clauses.and(self.say(K::PerHead)),
            PoolSharing::Equally => clauses.and(self.say(K::Equally)),
        };
        Printed::long(line.span, clauses.tail(self.tail(&line.tail)))
    }

    fn split(self, line: &SplitLine) -> Printed {
        let source = self.source(&line.source);
        let source = match line.is_nearest {
            true => format!("{} {source}", self.say(K::Nearest)),
            false => source,
        };
        let head = format!("{} {} {source}", self.say(K::Split), self.say(K::Among));
        let clauses = Clauses::new(head)
            .maybe(self.filter(line.filter.as_ref()))
            .all(self.behind(K::By, &line.weight))
            .maybe(
                line.step
                    .as_ref()
                    .map(|step| format!("{} {}", self.say(K::Step), self.expr(step))),
            )
            .maybe(line.rest.map(|rest| self.rest_to(rest)))
            .maybe(
                line.plus
                    .as_ref()
                    .map(|plus| format!("{} {}", self.say(K::Plus), self.expr(plus))),
            )
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn closes(self, line: &Closes) -> Printed {
        let head = format!("{} {}", self.say(K::ClosesOn), self.literal(&line.on));
        Printed::long(line.span, Clauses::new(head).tail(self.tail(&line.tail)))
    }

    fn award_statement(self, statement: &AwardStatement) -> Printed {
        match statement {
            AwardStatement::Payee(line) => self.population(K::Payee, line),
            AwardStatement::Period(line) => self.period_line(line),
            AwardStatement::Effective(line) => self.effective_line(line),
            AwardStatement::Currency(line) => self.currency_line(line),
            AwardStatement::Rounding(line) => self.rounding_line(line),
            AwardStatement::Policy(line) => self.policy_line(line),
            AwardStatement::Let(line) => self.let_line(line),
            AwardStatement::Measure(line) => self.measure_line(line),
            AwardStatement::Check(line) => self.check_line(line),
            AwardStatement::Grant(line) => self.grant(line),
        }
    }

    fn grant(self, line: &Grant) -> Printed {
        let once = line.limit.map(|limit| match limit {
            GrantLimit::Once => self.say(K::Once).to_owned(),
            GrantLimit::Every(unit) => {
                format!("{} {} {}", self.say(K::Once), self.say(K::Every), self.unit(unit))
            }
        });
        let clauses = Clauses::new(self.titled(K::Grant, &line.name, line.title.as_ref()))
            .all(self.behind(K::When, &line.when))
            .maybe(
                line.cash
                    .as_ref()
                    .map(|cash| format!("{} {}", self.say(K::Cash), self.expr(cash))),
            )
            .maybe(once)
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn target_statement(self, statement: &TargetStatement) -> Printed {
        match statement {
            TargetStatement::Subject(line) => self.population(K::Subject, line),
            TargetStatement::Period(line) => self.period_line(line),
            TargetStatement::Currency(line) => self.currency_line(line),
            TargetStatement::Policy(line) => self.policy_line(line),
            TargetStatement::Let(line) => self.let_line(line),
            TargetStatement::Measure(line) => self.measure_line(line),
            TargetStatement::Actual(line) => self.expr_line(K::Actual, line),
            TargetStatement::Goal(line) => self.expr_line(K::Goal, line),
            TargetStatement::Split(line) => self.split(line),
            TargetStatement::Lock(line) => self.lock(line),
            TargetStatement::Recalibrate(line) => self.recalibrate(line),
            TargetStatement::Smart(line) => self.smart(line),
        }
    }

    fn lock(self, line: &Lock) -> Printed {
        let (part, at) = (self.list(&line.part), self.say(K::AtLock));
        let head = format!("{} {part} {at} {}", self.say(K::Lock), self.expr(&line.value));
        Printed::long(line.span, Clauses::new(head).tail(self.tail(&line.tail)))
    }

    fn recalibrate(self, line: &Recalibrate) -> Printed {
        let every = format!("{} {}", self.say(K::Every), self.unit(line.every));
        let option = |word: K, value: Option<&crate::ast::Expr>| {
            value.map(|value| format!("{} {}", self.say(word), self.expr(value)))
        };
        let clauses = Clauses::new(format!("{} {every}", self.say(K::Recalibrate)))
            .maybe(option(K::Spread, line.spread.as_ref()))
            .maybe(option(K::By, line.weight.as_ref()))
            .maybe(option(K::Ceiling, line.ceiling.as_ref()))
            .maybe(line.is_never_lower.then(|| self.say(K::NeverLower).to_owned()))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn smart(self, line: &Smart) -> Printed {
        let test = self.say(match line.test {
            SmartTest::Specific => K::Specific,
            SmartTest::Measurable => K::Measurable,
            SmartTest::Achievable => K::Achievable,
            SmartTest::Relevant => K::Relevant,
            SmartTest::Timely => K::Timely,
        });
        let result = self.say(match line.otherwise {
            SmartResult::Warn => K::Warn,
            SmartResult::Fail => K::Fail,
        });
        let clauses = Clauses::new(format!("{} {test}", self.say(K::Smart)))
            .all(self.behind(K::Check, &line.condition))
            .and(format!("{} {result}", self.say(K::Else)))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }
}
