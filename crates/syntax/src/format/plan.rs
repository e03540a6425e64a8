//! Plans.

use unicode_width::UnicodeWidthStr;

use super::Printer;
use super::layout::{Clauses, padded};
use super::names::Words;
use super::shared::Printed;
use crate::ast::{
    Amortise, BreakDown, Cap, Carry, CutOrder, Earn, Except, Excess, Hold, Pay, Plan, PlanStatement, Replace,
    Review, Rows, Segments, Share,
};
use crate::keyword::Keyword as K;

impl Printer<'_> {
    /// Prints statements, the short ones lined up.
    pub(super) fn statements(&mut self, printed: Vec<Printed>) {
        let width = printed
            .iter()
            .filter_map(|line| line.lead)
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or(0);
        for mut line in printed {
            self.lead(&mut line, width);
            self.layout.statement(line.span, line.clauses);
        }
    }

    /// Puts the first word of a short statement before its clauses.
    pub(super) fn lead(&mut self, line: &mut Printed, width: usize) {
        let Some(lead) = line.lead else { return };
        match line.clauses.inline.first_mut() {
            Some(first) => first.insert_str(0, &format!("{} ", padded(lead, width))),
            None => line.clauses.inline.push(lead.to_owned()),
        }
    }

    pub(super) fn plan(&mut self, plan: &Plan) {
        let words = self.words;
        let extends = plan
            .extends
            .as_ref()
            .map(|base| format!("{} {}", words.say(K::Extends), words.name(base)));
        let head = words.titled(K::Plan, &plan.name, plan.title.as_ref());
        self.layout.open(plan.span, Clauses::new(head).maybe(extends));
        let printed = plan
            .statements
            .iter()
            .map(|statement| words.plan_statement(statement))
            .collect();
        self.statements(printed);
        self.layout.close(plan.span, words.say(K::End));
    }
}

impl Words {
    fn plan_statement(self, statement: &PlanStatement) -> Printed {
        match statement {
            PlanStatement::Payee(line) => self.population(K::Payee, line),
            PlanStatement::Currency(line) => self.currency_line(line),
            PlanStatement::Effective(line) => self.effective_line(line),
            PlanStatement::Period(line) => self.period_line(line),
            PlanStatement::Rounding(line) => self.rounding_line(line),
            PlanStatement::Missing(line) => {
                Printed::short(line.span, self.say(K::Missing), self.say(K::Error))
            }
            PlanStatement::Policy(line) => self.policy_line(line),
            PlanStatement::Segments(line) => self.segments(line),
            PlanStatement::Rows(line) => self.rows(line),
            PlanStatement::Let(line) => self.let_line(line),
            PlanStatement::Measure(line) => self.measure_line(line),
            PlanStatement::Earn(line) => self.earn(line),
            PlanStatement::Cap(line) => self.cap(line),
            PlanStatement::Release(line) => self.share(K::Release, line),
            PlanStatement::Clawback(line) => self.share(K::Clawback, line),
            PlanStatement::Hold(line) => self.hold(line),
            PlanStatement::BreakDown(line) => self.break_down(line),
            PlanStatement::Amortise(line) => self.amortise(line),
            PlanStatement::Carry(line) => self.carry(line),
            PlanStatement::Pay(line) => self.pay(line),
            PlanStatement::Except(line) => self.except(line),
            PlanStatement::Check(line) => self.check_line(line),
            PlanStatement::Review(line) => self.review(line),
            PlanStatement::Replace(line) => self.replace(line),
        }
    }

    fn segments(self, line: &Segments) -> Printed {
        let head = format!("{} {}", self.say(K::Segments), self.source(&line.source));
        Printed::long(
            line.span,
            Clauses::new(head).maybe(self.filter(line.filter.as_ref())),
        )
    }

    pub(super) fn rows(self, line: &Rows) -> Printed {
        let source = self.source(&line.source);
        let head = format!("{} {} = {source}", self.say(K::Rows), self.name(&line.name));
        Printed::long(
            line.span,
            Clauses::new(head).maybe(self.filter(line.filter.as_ref())),
        )
    }

    fn earn(self, line: &Earn) -> Printed {
        let each = line.each.as_ref().map(|each| self.for_each(each));
        let dated = self.dated(line.dated.as_ref());
        let grain: Vec<String> = each.into_iter().chain(dated).collect();
        let clauses = Clauses::new(self.titled(K::Earn, &line.name, line.title.as_ref()))
            .maybe((!grain.is_empty()).then(|| grain.join(" ")))
            .all(self.equals(&line.value))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn cap(self, line: &Cap) -> Printed {
        let (at, every) = (self.say(K::AtCap), self.say(K::Every));
        let limit = self.expr(&line.limit);
        let names = self.name_list(&line.targets);
        let head = format!(
            "{} {names} {at} {limit} {every} {}",
            self.say(K::Cap),
            self.unit(line.every)
        );
        let excess = line.excess.map(|excess| {
            let word = match excess {
                Excess::Forfeited => K::Forfeited,
                Excess::Carried => K::Carried,
                Excess::Review => K::Review,
            };
            format!("{} {}", self.say(K::Excess), self.say(word))
        });
        let cut = line.cut.map(|cut| {
            let word = match cut {
                CutOrder::InProportion => K::InProportion,
                CutOrder::LatestFirst => K::LatestFirst,
            };
            format!("{} {}", self.say(K::Cut), self.say(word))
        });
        Printed::long(
            line.span,
            Clauses::new(head)
                .maybe(excess)
                .maybe(cut)
                .tail(self.tail(&line.tail)),
        )
    }

    fn share(self, word: K, line: &Share) -> Printed {
        let clauses = Clauses::new(self.titled(word, &line.target, None))
            .all(self.behind(K::By, &line.share))
            .maybe(line.may_fall.then(|| self.say(K::MayFall).to_owned()))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn hold(self, line: &Hold) -> Printed {
        let ceiling = line
            .ceiling
            .as_ref()
            .map(|value| format!("{} {}", self.say(K::Ceiling), self.expr(value)));
        let clauses = Clauses::new(self.titled(K::Hold, &line.target, None))
            .all(self.behind(K::By, &line.share))
            .maybe(ceiling)
            .and(format!("{} {}", self.say(K::Until), self.expr(&line.until)))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn break_down(self, line: &BreakDown) -> Printed {
        let among = format!("{} {}", self.say(K::Among), self.source(&line.among.source));
        let equally = line.is_equal_otherwise.then_some(K::Equally);
        let whole = line.is_whole_otherwise.then_some(K::Whole);
        let otherwise = equally.into_iter().chain(whole);
        let otherwise: Vec<String> = otherwise
            .map(|word| format!("{} {}", self.say(K::Otherwise), self.say(word)))
            .collect();
        let grain = [among]
            .into_iter()
            .chain(self.filter(line.among.filter.as_ref()))
            .chain(self.dated(line.dated.as_ref()))
            .collect::<Vec<String>>()
            .join(" ");
        let clauses = Clauses::new(self.titled(K::BreakDown, &line.target, None))
            .and(grain)
            .all(self.behind(K::By, &line.weight))
            .maybe((!otherwise.is_empty()).then(|| otherwise.join(" ")))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn amortise(self, line: &Amortise) -> Printed {
        let over = format!(
            "{} {} {}",
            self.say(K::OverMonths),
            self.expr(&line.months),
            self.say(K::MonthsLong)
        );
        let until = line
            .until
            .as_ref()
            .map(|until| format!("{} {}", self.say(K::Until), self.expr(until)));
        let clauses = Clauses::new(self.titled(K::Amortise, &line.target, None))
            .and(over)
            .and(format!("{} {}", self.say(K::FromDate), self.expr(&line.from)))
            .maybe(until)
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn carry(self, line: &Carry) -> Printed {
        let restarting = line.restarting;
        let restarting =
            restarting.map(|unit| format!("{} {}", self.say(K::RestartingEvery), self.unit(unit)));
        let clauses = Clauses::new(self.titled(K::Carry, &line.name, None))
            .all(self.equals(&line.value))
            .and(format!("{} {}", self.say(K::Starting), self.expr(&line.starting)))
            .maybe(restarting)
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn pay(self, line: &Pay) -> Printed {
        let mut head = self.titled(K::Pay, &line.name, line.title.as_ref());
        if let Some(currency) = &line.currency {
            head.push_str(&format!(" {} {}", self.say(K::InCurrency), currency.text));
        }
        let clauses = Clauses::new(head)
            .all(self.equals(&line.value))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn except(self, line: &Except) -> Printed {
        let (to, target) = (self.say(K::To), self.name(&line.target));
        let mut head = format!("{} {} {to} {target}", self.say(K::Except), self.name(&line.name));
        if !line.over.is_empty() {
            head.push_str(&format!(" {} {}", self.say(K::Over), self.name_list(&line.over)));
        }
        if let Some(during) = &line.during {
            head.push_str(&format!(" {} {}", self.say(K::During), self.dates(during)));
        }
        let clauses = Clauses::new(head)
            .all(self.behind(K::When, &line.when))
            .all(self.behind(K::UseValue, &line.value))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn review(self, line: &Review) -> Printed {
        let clauses = Clauses::new(self.titled(K::Review, &line.target, None))
            .all(self.behind(K::When, &line.when))
            .all(line.until.iter().flat_map(|until| self.behind(K::Until, until)))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    fn replace(self, line: &Replace) -> Printed {
        let (word, with) = (self.say(K::Replace), self.say(K::With));
        let head = format!("{word} {} {with} {}", self.name(&line.old), self.name(&line.new));
        let during = line
            .during
            .as_ref()
            .map(|range| format!("{} {}", self.say(K::During), self.dates(range)));
        Printed::long(
            line.span,
            Clauses::new(head).maybe(during).tail(self.tail(&line.tail)),
        )
    }
}
