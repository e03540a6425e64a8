//! Recalibration: what was not reached is spread over the periods that are left, the original figures beside it.
//!
//! A new figure is that of its period as it stands when the stretch begins after which targets are looked at again: a
//! month or a quarter. What lies before the stretch has happened once something was reached then or later; what is left
//! of the goal, and of the gap, is divided among all that has not happened. So, early in the year, the figures of later
//! stretches are those that hold now, and do not take it that nothing will be reached until then.

use guerdon_syntax::ast::{
    AggregateOp, ChainOp, CompareOp, Expr, ExprKind, Literal, Name, PeriodExpr, PlanStatement, Polarity,
    Recalibrate, RoundMode, RoundStep, Unit as Word, UnitKind,
};
use guerdon_syntax::{Code, Diagnostic, Fix, Text, text};

use super::Out;
use super::level::{Held, Level, OTHER};
use super::periods::{lies_in, others};
use crate::calendar::Unit;
use crate::hir::Recalibrated;
use crate::hir::from_ast::blocks::Length;
use crate::hir::from_ast::blocks::rewrite::inside_out;
use crate::hir::from_ast::blocks::write::{WHOLE, Writer};

/// What a further part is called, beside [`OTHER`].
const THIRD: &str = " third";

/// What was reached in the period of a part.
const ACTUAL: &str = "new actual";

/// In how many parts of a part's stretch, and after it, something was reached.
const LATER: &str = "new later";

/// What the parts of the last level are worth of the whole.
const SHARE: &str = "new share";

/// The most that a part may be.
const MOST: &str = "new most";

/// What is to be placed in the stretch and after it.
const TO_PLACE: &str = "new to place";

/// What parts take that are at their most.
const FULL: &str = "new full";

/// What is left for the others, and what they are worth of the whole.
const OPEN: &str = "new open";
const OPEN_SHARES: &str = "new open shares";

/// What is left of that once each is cut to whole steps.
const LEFT: &str = "new left";

/// What is needed to write the new figures.
struct New<'l, 'a> {
    w: Writer,
    /// The last level: whose figures are looked at again.
    level: &'l Level<'a>,
    /// The level of the periods of these figures.
    periods: &'l Level<'a>,
    /// What was planned for a part; nothing for records that have none.
    planned: String,
    /// How long a stretch is.
    stretch: UnitKind,
    step: Literal,
    has_ceiling: bool,
}

impl<'a> Out<'a, '_> {
    /// Writes the new figures of the last level, where they are asked for.
    pub(super) fn recalibrated(&mut self, levels: &[Level<'a>]) -> Option<Recalibrated<String>> {
        let (line, span) = self.lines.recalibrate?;
        let (level, periods) = self.recalibrated_level(line, levels)?;
        let new = New {
            w: Writer::at(span),
            level,
            periods,
            planned: match level.is_for_some {
                true => level.name("base"),
                false => level.name("level"),
            },
            stretch: line.every.kind,
            step: self.step(level)?,
            has_ceiling: line.ceiling.is_some(),
        };
        self.shares(&new, line, levels);
        self.placing(&new, line);
        self.full(&new, line);
        self.rest(&new);
        self.figures(&new);
        Some(Recalibrated {
            part: "recalibrated".to_owned(),
            unplaced: "unplaced".to_owned(),
            length: unit_of(new.stretch),
        })
    }

    /// Finds the level whose figures are looked at again, the last, and that of its periods, which are no longer than a
    /// stretch.
    fn recalibrated_level<'l>(
        &mut self,
        line: &Recalibrate,
        levels: &'l [Level<'a>],
    ) -> Option<(&'l Level<'a>, &'l Level<'a>)> {
        let periods = levels.iter().rev().find(|level| level.unit().is_some());
        let (Some(level), Some(periods)) = (levels.last(), periods) else {
            let title = text!(
                "there are no periods over which a gap could be spread",
                "没有可供分摊差额的期间"
            );
            let fault = Diagnostic::error(Code::E0215, title).primary(line.span, Text::default());
            self.sink.push(fault.fix(Fix::advice(
                text!("split among periods too", "再按期间分配"),
                text!("split among month by 1", "分配 分给 月 按 1"),
            )));
            return None;
        };
        if self.lines.actual.is_none() {
            let title = text!(
                "nothing says what was reached, so there is no gap to spread",
                "没有写明实绩，因此没有可分摊的差额"
            );
            let fault = Diagnostic::error(Code::E0215, title);
            self.sink
                .push(fault.primary(line.span, text!("add an \"actual\" line", "请补上“实际”行")));
            return None;
        }
        if let Held::Record(_, alias) = &level.held
            && self.reached_by(levels).is_none_or(|by| !is_named(by, alias))
        {
            self.push_reached_by_whom(alias);
            return None;
        }
        let is_longer = match (unit_of(line.every.kind), periods.unit()) {
            (Some(stretch), Some(unit)) => stretch == unit || is_shorter(unit, stretch),
            (_, _) => false,
        };
        if !is_longer {
            let title = text!(
                "targets cannot be looked at again more often than they have parts",
                "重新校准不能比目标的各期更频繁"
            );
            self.sink
                .push(Diagnostic::error(Code::E0201, title).primary(line.every.span, Text::default()));
            return None;
        }
        Some((level, periods))
    }

    /// Says that the actual figure is one for all, where each record's own is needed.
    fn push_reached_by_whom(&mut self, alias: &Name) {
        let Some((actual, _)) = self.lines.actual else {
            return;
        };
        let title = text!(
            "\"actual\" does not say what each of those has reached who have a part",
            "“实际”没有写明各自的实绩"
        );
        let of = match alias.text.contains(' ') {
            true => "p",
            false => alias.text.as_str(),
        };
        let why = text!("name the record of the split: {of}", "请写出分配中的记录：{of}");
        let fault = Diagnostic::error(Code::E0215, title).primary(actual.value.span, why);
        self.sink.push(fault.fix(Fix::advice(
            text!("name it in both lines", "在两行中写明"),
            text!(
                "actual sum amount over Sale where owner is {of} and booked_on in period",
                "实际 合计 金额 对 销售 其中 负责人 为 {of} 且 日期 在 本期"
            ),
        )));
    }

    /// Writes what each part is worth of the whole: by the weights that are written, otherwise by those of the split.
    fn shares(&mut self, new: &New<'_, 'a>, line: &Recalibrate, levels: &[Level<'a>]) {
        let w = new.w;
        if let Some(weight) = &line.weight {
            self.part(new, "new weight", weight.clone());
            let whole = w.value(WHOLE);
            let sum = new.sum(
                new.level.held.at(w, "new weight", w.value(OTHER)),
                vec![lies_in(w, whole)],
            );
            let share = w.pair(new.own("new weight"), ChainOp::Divide, w.bracket(sum));
            self.part(new, SHARE, share);
            return;
        }
        let is_of_periods = |level: &&Level<'_>| level.unit().is_some();
        let first = levels.iter().position(|level| level.unit().is_some());
        let is_mixed = levels
            .iter()
            .skip(first.unwrap_or(0))
            .any(|level| level.unit().is_none());
        if is_mixed {
            // Where records are parted inside periods, a part is worth what was planned for it.
            let planned = new.sum(new.other(&new.planned), vec![lies_in(w, w.value(WHOLE))]);
            self.whole(new, "new planned", planned);
            let planned = || new.level.held.of(w, "new planned");
            let nothing = w.pair(planned(), ChainOp::Subtract, planned());
            let is_planned = w.compare(planned(), CompareOp::NotEqual, nothing);
            let share = w.pair(new.own(&new.planned), ChainOp::Divide, planned());
            self.part(new, SHARE, w.choice(is_planned, share, w.number(0)));
            return;
        }
        let shares = levels.iter().filter(is_of_periods).map(|level| {
            let weight = level.held.of(w, &level.name("weight"));
            let within = level.above.period(w);
            let others_weight = level.held.at(w, &level.name("weight"), w.value(OTHER));
            let filter = Some(lies_in(w, within));
            let sum = w.aggregate(AggregateOp::Sum, Some(others_weight), others(w, level), filter);
            w.pair(weight, ChainOp::Divide, w.bracket(sum))
        });
        if let Some(share) = w.chain(ChainOp::Multiply, shares.collect()) {
            self.part(new, SHARE, share);
        }
    }

    /// Writes the author's own statements once more, about the period of a part instead of that of the goal.
    fn own_of_parts(&mut self) {
        let mut again: Vec<PlanStatement> = Vec::new();
        for statement in &self.statements {
            if let PlanStatement::Let(line) = statement
                && self.is_own(&line.name)
            {
                let mut line = line.clone();
                line.value = self.of_part(&line.value);
                line.name.text = of_part(&line.name.text);
                again.push(PlanStatement::Let(line));
            } else if let PlanStatement::Measure(line) = statement
                && self.is_own(&line.name)
            {
                let mut line = line.clone();
                line.value = self.of_part(&line.value);
                line.name.text = of_part(&line.name.text);
                again.push(PlanStatement::Measure(line));
            }
        }
        self.statements.extend(again);
    }

    fn is_own(&self, name: &Name) -> bool {
        self.lines.heads.own.iter().any(|own| own.text == name.text)
    }

    /// Writes a formula of the author so that it is about the period of a part.
    fn of_part(&self, formula: &Expr) -> Expr {
        inside_out(formula, &mut |mut part| {
            if let ExprKind::Name(name) = &mut part.kind
                && self.is_own(name)
            {
                name.text = of_part(&name.text);
            }
            part
        })
    }

    /// Writes what is to be placed: what was planned for the stretch and all after it, and the gap of all before it.
    fn placing(&mut self, new: &New<'_, 'a>, line: &Recalibrate) {
        let w = new.w;
        self.own_of_parts();
        if let Some((actual, _)) = self.lines.actual {
            let actual = self.of_part(&actual.value);
            self.part(new, ACTUAL, actual);
        }
        let reached = || new.other(ACTUAL);
        let nothing = w.pair(reached(), ChainOp::Subtract, reached());
        let is_later = w.compare(
            first_day(w, w.value(OTHER)),
            CompareOp::GreaterOrEqual,
            first_day(w, new.stretch_of_part()),
        );
        let is_reached = w.compare(reached(), CompareOp::NotEqual, nothing);
        let conditions = vec![lies_in(w, w.value(WHOLE)), is_later, is_reached];
        let later = w.count(others(w, new.periods), Some(w.all(conditions)));
        self.part(new, LATER, later);
        let level = new.planned.clone();
        let before = |of: &str| new.sum(new.other(of), vec![lies_in(w, w.value(WHOLE)), new.is_before()]);
        let gap = w.pair(before(&level), ChainOp::Subtract, before(ACTUAL));
        self.stretch(new, "new gap", gap);
        let gap = || new.level.held.of(w, "new gap");
        let none = || w.pair(gap(), ChainOp::Subtract, gap());
        let counted = match line.is_never_lower {
            true => w.pair(gap(), ChainOp::AtLeast, none()),
            false => gap(),
        };
        let moved = match &line.spread {
            Some(share) => {
                let moved = w.pair(counted, ChainOp::Multiply, share.clone());
                w.rounded(moved, RoundMode::HalfUp, RoundStep::To(new.step.clone()))
            }
            None => counted,
        };
        let planned = new.sum(new.other(&level), new.is_left());
        let all = w.pair(planned, ChainOp::Add, moved);
        self.stretch(new, TO_PLACE, w.pair(all, ChainOp::AtLeast, none()));
    }

    /// Writes which parts are at their most, and what they take.
    ///
    /// Parts grow in proportion to their shares until each meets its most. A part is full where, by the time that it
    /// meets its most, not all is placed: Σ min(most·share of it, most of it·share) ≤ to place·share of it.
    fn full(&mut self, new: &New<'_, 'a>, line: &Recalibrate) {
        let (w, held) = (new.w, &new.level.held);
        let to_place = || held.of(w, TO_PLACE);
        let Some(ceiling) = &line.ceiling else {
            self.stretch(new, OPEN, to_place());
            let shares = new.sum(new.other(SHARE), new.is_left());
            return self.stretch(new, OPEN_SHARES, shares);
        };
        let factor = w.pair(w.number(1), ChainOp::Add, ceiling.clone());
        let most = w.pair(new.own(&new.planned), ChainOp::Multiply, factor);
        let most = w.rounded(most, RoundMode::Down, RoundStep::To(new.step.clone()));
        self.part(new, MOST, most);
        let full = || {
            let third = |of: &str| held.at(w, of, w.value(THIRD));
            let placed = w.pair(
                w.pair(third(MOST), ChainOp::Multiply, new.other(SHARE)),
                ChainOp::AtMost,
                w.pair(new.other(MOST), ChainOp::Multiply, third(SHARE)),
            );
            let by_then = new.sum_of_thirds(placed);
            let all = w.pair(to_place(), ChainOp::Multiply, new.other(SHARE));
            let has_share = w.compare(new.other(SHARE), CompareOp::Greater, w.number(0));
            w.all(vec![has_share, w.compare(by_then, CompareOp::LessOrEqual, all)])
        };
        let left_and = |condition: Expr| {
            let mut all = new.is_left();
            all.push(w.bracket(condition));
            all
        };
        let taken = new.sum(new.other(MOST), left_and(full()));
        self.stretch(new, FULL, taken);
        let open = w.pair(to_place(), ChainOp::Subtract, held.of(w, FULL));
        self.stretch(new, OPEN, open);
        let shares = new.sum(new.other(SHARE), left_and(w.not(full())));
        self.stretch(new, OPEN_SHARES, shares);
    }

    /// Writes what no part takes, and what is left once the parts are cut to whole steps.
    fn rest(&mut self, new: &New<'_, 'a>) {
        let (w, held) = (new.w, &new.level.held);
        let open = || held.of(w, OPEN);
        let nothing = || w.pair(open(), ChainOp::Subtract, open());
        self.stretch(new, "unplaced", w.choice(new.is_all_full(), open(), nothing()));
        let mut conditions = new.is_left();
        conditions.push(w.not(w.bracket(new.is_full(&|of| new.other(of)))));
        let wholes = new.sum(new.whole(&|of| new.other(of)), conditions);
        let left = w.pair(open(), ChainOp::Subtract, wholes);
        self.stretch(new, LEFT, w.choice(new.is_all_full(), nothing(), left));
    }

    /// Writes the new figure of each part.
    fn figures(&mut self, new: &New<'_, 'a>) {
        let (w, held) = (new.w, &new.level.held);
        let own = |of: &str| new.own(of);
        let cut = |of: &dyn Fn(&str) -> Expr| w.pair(new.exact(of), ChainOp::Subtract, new.whole(of));
        let other = |of: &str| new.other(of);
        let is_more = w.compare(cut(&other), CompareOp::Greater, cut(&own));
        let is_same = w.compare(cut(&other), CompareOp::Equal, cut(&own));
        let period = w.expr(ExprKind::Period(PeriodExpr::Current));
        let is_earlier = w.compare(w.value(OTHER), CompareOp::Less, period);
        let goes_first = w.bracket(w.any(vec![is_more, w.all(vec![is_same, is_earlier])]));
        let mut conditions = new.is_left_of_part();
        conditions.push(w.not(w.bracket(new.is_full(&other))));
        conditions.push(goes_first);
        let before = w.count(others(w, new.periods), Some(w.all(conditions)));
        let zero = w.number(0);
        self.part(new, "new before", w.choice(new.is_all_full(), zero, before));
        let steps = w.pair(own("new before"), ChainOp::Multiply, w.again(&new.step));
        let left = || held.of(w, LEFT);
        let still_left = w.pair(left(), ChainOp::Subtract, steps);
        let extra = w.pair(still_left, ChainOp::AtLeast, self.zero(w));
        let extra = w.pair(extra, ChainOp::AtMost, w.again(&new.step));
        let figure = w.pair(new.whole(&own), ChainOp::Add, extra);
        let figure = match new.has_ceiling {
            true => {
                let is_full = w.any(vec![new.is_all_full(), w.bracket(new.is_full(&own))]);
                w.choice(is_full, own(MOST), figure)
            }
            false => w.choice(new.is_all_full(), own(&new.planned), figure),
        };
        let figure = match new.level.is_for_some {
            true => w.choice(w.is_missing(own(&new.level.name("level"))), w.missing(), figure),
            false => figure,
        };
        self.part(new, "recalibrated", figure);
    }

    /// Writes a measure of each part.
    fn part(&mut self, new: &New<'_, 'a>, name: &str, value: Expr) {
        self.measure(new.w, name, &new.level.held, new.level.length, value);
    }

    /// Writes a measure of the whole period of the goal.
    fn whole(&mut self, new: &New<'_, 'a>, name: &str, value: Expr) {
        self.measure(new.w, name, &new.level.held, Length::Whole, value);
    }

    /// Writes a measure of each stretch.
    fn stretch(&mut self, new: &New<'_, 'a>, name: &str, value: Expr) {
        let length = unit_of(new.stretch).map_or(Length::Whole, Length::Of);
        self.measure(new.w, name, &new.level.held, length, value);
    }
}

impl New<'_, '_> {
    fn own(&self, of: &str) -> Expr {
        self.level.held.of(self.w, of)
    }

    fn other(&self, of: &str) -> Expr {
        self.level.held.at(self.w, of, self.w.value(OTHER))
    }

    fn sum(&self, value: Expr, conditions: Vec<Expr>) -> Expr {
        let source = others(self.w, self.periods);
        let filter = Some(self.w.all(conditions));
        let sum = self.w.aggregate(AggregateOp::Sum, Some(value), source, filter);
        self.w.bracket(sum)
    }

    /// Sums over the parts that are left, inside another sum over them.
    fn sum_of_thirds(&self, value: Expr) -> Expr {
        let w = self.w;
        let mut source = others(w, self.periods);
        source.alias = Some(w.name(THIRD));
        let within = Box::new(w.value(WHOLE));
        let is_in = w.expr(ExprKind::In(Box::new(w.value(THIRD)), Polarity::Plain, within));
        let is_left = w.not(w.bracket(self.is_past(THIRD, current(w))));
        let filter = Some(w.all(vec![is_in, is_left]));
        w.bracket(w.aggregate(AggregateOp::Sum, Some(value), source, filter))
    }

    /// Writes that a part lies before a stretch, and that its own stretch is over: something was reached then or later.
    fn is_past(&self, part: &str, stretch: Expr) -> Expr {
        let w = self.w;
        let (first, begins) = (first_day(w, w.value(part)), first_day(w, stretch));
        let is_before = w.compare(first, CompareOp::Less, begins);
        let later = self.level.held.at(w, LATER, w.value(part));
        w.all(vec![is_before, w.compare(later, CompareOp::Greater, w.number(0))])
    }

    /// Writes the stretch that a part lies in, in statements about parts.
    fn stretch_of_part(&self) -> Expr {
        let (w, kind) = (self.w, self.stretch);
        w.expr(ExprKind::Period(PeriodExpr::This(Word { kind, span: w.span() })))
    }

    /// Writes that a part is past, in statements about the stretch.
    fn is_before(&self) -> Expr {
        self.is_past(OTHER, current(self.w))
    }

    /// Writes that a part is left, in statements about the stretch.
    fn is_left(&self) -> Vec<Expr> {
        let w = self.w;
        vec![lies_in(w, w.value(WHOLE)), w.not(w.bracket(self.is_before()))]
    }

    /// Writes that a part is left, in statements about parts.
    fn is_left_of_part(&self) -> Vec<Expr> {
        let w = self.w;
        let is_past = self.is_past(OTHER, self.stretch_of_part());
        vec![lies_in(w, w.value(WHOLE)), w.not(w.bracket(is_past))]
    }

    /// Writes that no part can take any more.
    fn is_all_full(&self) -> Expr {
        let shares = self.own(OPEN_SHARES);
        self.w.compare(shares, CompareOp::Equal, self.w.number(0))
    }

    /// Writes that a part is at its most, where some part is not.
    fn is_full(&self, of: &dyn Fn(&str) -> Expr) -> Expr {
        let w = self.w;
        if !self.has_ceiling {
            return w.truth(false);
        }
        let most = w.pair(of(MOST), ChainOp::Multiply, self.own(OPEN_SHARES));
        let share = w.pair(self.own(OPEN), ChainOp::Multiply, of(SHARE));
        w.compare(most, CompareOp::LessOrEqual, share)
    }

    /// Writes what a part takes that is not at its most, before it is cut.
    fn exact(&self, of: &dyn Fn(&str) -> Expr) -> Expr {
        let w = self.w;
        let share = w.pair(of(SHARE), ChainOp::Divide, self.own(OPEN_SHARES));
        w.pair(self.own(OPEN), ChainOp::Multiply, share)
    }

    fn whole(&self, of: &dyn Fn(&str) -> Expr) -> Expr {
        let step = RoundStep::To(self.step.clone());
        self.w.rounded(self.exact(of), RoundMode::Down, step)
    }
}

/// Says whether a level is among the records that a name stands for.
fn is_named(level: &Level<'_>, alias: &Name) -> bool {
    matches!(&level.held, Held::Record(_, own) if own.text == alias.text)
}

/// Names the statement that is about the period of a part.
fn of_part(name: &str) -> String {
    format!("{name} of part")
}

fn current(w: Writer) -> Expr {
    w.expr(ExprKind::Period(PeriodExpr::Current))
}

fn first_day(w: Writer, period: Expr) -> Expr {
    w.expr(ExprKind::Field(Box::new(period), w.name("first_day")))
}

const fn unit_of(kind: UnitKind) -> Option<Unit> {
    match kind {
        UnitKind::Day => Some(Unit::Day),
        UnitKind::Week => Some(Unit::Week),
        UnitKind::Month => Some(Unit::Month),
        UnitKind::Quarter => Some(Unit::Quarter),
        UnitKind::Year => Some(Unit::Year),
        UnitKind::Period => None,
    }
}

/// Says whether periods of one length lie within those of another.
const fn is_shorter(unit: Unit, than: Unit) -> bool {
    matches!(
        (unit, than),
        (Unit::Day, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year)
            | (Unit::Month, Unit::Quarter | Unit::Year)
            | (Unit::Quarter, Unit::Year)
    )
}
