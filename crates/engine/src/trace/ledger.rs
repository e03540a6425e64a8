//! What came due: payable to date less what was payable one period before, line by line.

use guerdon_plan::graph::{EarnOutput, Frame, NodeId, Op, PlanOutput};
use guerdon_plan::hir::{Hold, Sign};
use guerdon_plan::number::Exact;
use guerdon_syntax::{Text, text};

use super::amounts::{is_nothing, percent, signed, total};
use super::members::MOST_RECORDS;
use super::walk::{Spot, Walk};
use super::{Part, Step, StepKind};
use crate::report::is_change_of;

/// A line with what is payable of it at two times.
struct Standing {
    line: usize,
    moment: Option<usize>,
    now: Option<Exact>,
    before: Option<Exact>,
    is_new: bool,
}

impl Standing {
    fn is_changed(&self) -> bool {
        self.is_new || self.now.is_none() || self.now != self.before
    }
}

/// A payee and a period of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account<'o> {
    pub output: &'o PlanOutput,
    pub earn: &'o EarnOutput,
    pub payee: usize,
    pub period: i32,
}

/// What an aggregate over an earn's lines or settlements gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Earned,
    Due,
}

/// An aggregate that was recognised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled<'a> {
    pub output: &'a PlanOutput,
    pub earn: &'a EarnOutput,
    pub what: What,
}

impl<'a> Walk<'a> {
    /// Recognises an aggregate over the lines or settlements of an earn, and shows it by line.
    pub(super) fn settlement(&mut self, step: &mut Step, spot: Spot, sign: Sign, depth: usize) -> bool {
        let (Some(settled), Some((payee, period))) = (self.settled_by(spot), self.account(spot)) else {
            return false;
        };
        let (output, earn) = (settled.output, settled.earn);
        let account = Account {
            output,
            earn,
            payee,
            period,
        };
        match settled.what {
            What::Due => self.ledger(step, account, sign, depth),
            What::Earned => self.earned_lines(step, account, sign, depth),
        }
        true
    }

    /// Recognises what came due, and what was earned, of an earn with lines.
    pub(super) fn settled_by(&self, spot: Spot) -> Option<Settled<'a>> {
        let Op::Group { value, from, .. } = &self.node(spot)?.op else {
            return None;
        };
        let value = (*value)?;
        let outputs = self.outputs().iter();
        let mut earns = outputs.flat_map(|output| output.earns.iter().map(move |earn| (output, earn)));
        earns.find_map(|(output, earn)| {
            let what = match earn.moments {
                Some(moments)
                    if moments.frame == *from && is_change_of(&self.compiled.graph, value, moments.paid) =>
                {
                    What::Due
                }
                Some(_) | None if earn.lines == *from && value == earn.earned => What::Earned,
                Some(_) | None => return None,
            };
            Some(Settled { output, earn, what })
        })
    }

    /// Gives the payee and the period of a cell of both.
    fn account(&self, spot: Spot) -> Option<(usize, i32)> {
        let Frame::Cells { rows, axis } = self.frame(self.node(spot)?.frame)? else {
            return None;
        };
        let count = self.state.rows(*rows);
        let place = i32::try_from(spot.cell.checked_div(count)?).ok()?;
        Some((
            spot.cell.checked_rem(count)?,
            self.state.window(*axis).first.checked_add(place)?,
        ))
    }

    /// Puts the lines of one payee and period under a step whose value they earned.
    pub(super) fn earned_lines(&mut self, step: &mut Step, account: Account<'_>, sign: Sign, depth: usize) {
        let Account {
            earn, payee, period, ..
        } = account;
        let lines: Vec<usize> = self
            .lines_until(earn, payee, period)
            .into_iter()
            .filter(|line| {
                let own = Spot {
                    node: earn.period,
                    cell: *line,
                };
                self.period(own) == Some(period)
            })
            .collect();
        if lines.is_empty() {
            step.note = text!("no lines", "无明细");
        }
        if lines.len().min(MOST_RECORDS) >= self.left {
            return;
        }
        let (shown, rest) = lines
            .split_at_checked(MOST_RECORDS)
            .unwrap_or((lines.as_slice(), &[]));
        for line in shown {
            let at = Spot {
                node: earn.earned,
                cell: *line,
            };
            let key = self.line_key(earn, *line);
            let mut part = self.bare(key, at, sign, Part::Summand);
            self.line(&mut part, earn, *line, sign, depth.saturating_add(1));
            step.children.push(part);
        }
        if !rest.is_empty() {
            let earned: Vec<Option<Exact>> = rest
                .iter()
                .map(|line| {
                    self.number(Spot {
                        node: earn.earned,
                        cell: *line,
                    })
                })
                .collect();
            let more = self.more_lines(rest.len(), &earned, earn, sign, Text::default());
            step.children.push(more);
        }
    }

    /// Puts what is paid of the excess of earlier periods under a step, where there is some.
    pub(super) fn later(&mut self, step: &mut Step, account: Account<'_>) {
        let spot = account.earn.carried.and_then(|node| {
            let frame = self.compiled.graph.node(node)?.frame;
            let cell = self.cell_at(frame, Some(account.payee), Some(account.period))?;
            Some(Spot { node, cell })
        });
        if let Some(spot) = spot.filter(|spot| !is_nothing(self.number(*spot).as_ref())) {
            let later = self.step(spot, Sign::Plus, Part::Summand, 1);
            step.children.push(later);
        }
    }

    /// Puts "payable to date" and "less end of the period before" under a step.
    pub(super) fn ledger(&mut self, step: &mut Step, account: Account<'_>, sign: Sign, depth: usize) {
        let Account { earn, period, .. } = account;
        let standings = self.standings(account);
        let like = Spot {
            node: earn.earned,
            cell: 0,
        };
        let now = total(standings.iter().map(|standing| standing.now.as_ref()));
        let before = total(standings.iter().map(|standing| standing.before.as_ref()));
        let mut to_date = match now {
            Some(now) => self.summand(text!("payable to date", "累计应付"), &signed(now, sign), like),
            None => Step::new(text!("payable to date", "累计应付"), Part::Summand),
        };
        to_date.kind = StepKind::ToDate;
        let end = self.period_before(account.output, period);
        let label = text!("less end of {end}", "减：{end} 末");
        let mut less = match before {
            Some(before) => self.summand(label, &signed(before.neg(), sign), like),
            None => Step::new(label, Part::Summand),
        };
        less.kind = StepKind::Before;
        self.standing_lines(&mut to_date, earn, &standings, sign, depth);
        step.children.push(to_date);
        step.children.push(less);
    }

    fn period_before(&self, output: &PlanOutput, period: i32) -> String {
        let place = period
            .checked_sub(self.state.window(output.axis).first)
            .and_then(|place| place.checked_sub(1));
        let axis = self.compiled.graph.axes.get(output.axis.index());
        match (place, axis) {
            (Some(_), Some(axis)) => self.names().period_label(
                axis.calendar,
                guerdon_plan::calendar::PeriodKey::new(axis.unit, period.saturating_sub(1)),
            ),
            _ => String::new(),
        }
    }

    fn standings(&self, account: Account<'_>) -> Vec<Standing> {
        let Account {
            earn, payee, period, ..
        } = account;
        let Some(moments) = earn.moments else {
            return Vec::new();
        };
        let zero = Exact::ZERO;
        let amount = |moment: Option<usize>| match moment {
            Some(cell) => self.number(Spot {
                node: moments.paid,
                cell,
            }),
            None => Some(zero.clone()),
        };
        let lines = self.lines_until(earn, payee, period);
        lines
            .into_iter()
            .map(|line| {
                let moment = self.settled(earn, line, period);
                let own = Spot {
                    node: earn.period,
                    cell: line,
                };
                let earlier = period.checked_sub(1);
                Standing {
                    line,
                    moment,
                    now: amount(moment),
                    before: amount(earlier.and_then(|earlier| self.settled(earn, line, earlier))),
                    is_new: self.period(own) == Some(period),
                }
            })
            .collect()
    }

    /// Lists lines that changed before those that did not, as far as there is room; all of them add up.
    fn standing_lines(
        &mut self,
        step: &mut Step,
        earn: &EarnOutput,
        standings: &[Standing],
        sign: Sign,
        depth: usize,
    ) {
        if standings.len().min(MOST_RECORDS) >= self.left {
            return;
        }
        let changed = standings.iter().filter(|standing| standing.is_changed());
        let unchanged = standings.iter().filter(|standing| !standing.is_changed());
        let ordered: Vec<&Standing> = changed.chain(unchanged).collect();
        let (shown, rest) = ordered
            .split_at_checked(MOST_RECORDS)
            .unwrap_or((ordered.as_slice(), &[]));
        let mut shown = shown.to_vec();
        shown.sort_by_key(|standing| standing.line);
        for standing in shown {
            let line = self.standing_line(earn, standing, sign, depth);
            step.children.push(line);
        }
        if !rest.is_empty() {
            let amounts: Vec<Option<Exact>> = rest.iter().map(|standing| standing.now.clone()).collect();
            let note = if rest.iter().any(|standing| standing.is_changed()) {
                Text::default()
            } else {
                text!("no change", "无变化")
            };
            let more = self.more_lines(rest.len(), &amounts, earn, sign, note);
            step.children.push(more);
        }
    }

    fn more_lines(
        &mut self,
        count: usize,
        amounts: &[Option<Exact>],
        earn: &EarnOutput,
        sign: Sign,
        note: Text,
    ) -> Step {
        let label = text!("… and {count} more", "……以及另外 {count} 条");
        let like = Spot {
            node: earn.earned,
            cell: 0,
        };
        let mut more = match total(amounts.iter().map(Option::as_ref)) {
            Some(sum) => self.summand(label, &signed(sum, sign), like),
            None => Step::new(label, Part::Summand),
        };
        more.note = note;
        more
    }

    fn standing_line(&mut self, earn: &EarnOutput, standing: &Standing, sign: Sign, depth: usize) -> Step {
        let label = self.standing_label(earn, standing);
        let paid = earn.moments.map(|moments| moments.paid).zip(standing.moment);
        let mut step = match paid {
            Some((node, cell)) => self.bare(label, Spot { node, cell }, sign, Part::Summand),
            None => Step::new(label, Part::Summand),
        };
        step.span = self.compiled.program.earn(earn.earn).map(|earn| earn.span);
        if standing.now.is_some() {
            step.note = self.change(earn, standing);
        }
        if standing.is_changed() && self.left > 0 {
            self.standing_details(&mut step, earn, standing, depth);
        }
        step
    }

    /// Says a line as what was earned times what share of it is payable.
    fn standing_label(&self, earn: &EarnOutput, standing: &Standing) -> Text {
        let key = self.line_key(earn, standing.line);
        let earned = Spot {
            node: earn.earned,
            cell: standing.line,
        };
        let shares = standing.moment.and_then(|moment| self.shares(earn, moment));
        let (Some(amount), Some((release, back))) = (self.number(earned), shares) else {
            return key;
        };
        let amount = self.amount(&amount, self.scalar(earned));
        if self.waits(earn, standing) {
            return text!("{key}  {amount} held for review", "{key}  {amount} 待复核"; key);
        }
        let share = |spot: Spot| {
            let share = self.number(spot)?;
            Some(share.max(Exact::ZERO).min(Exact::ONE))
        };
        let (Some(released), back) = (share(release), back.map(share)) else {
            return key;
        };
        let released = percent(&released);
        match back.flatten().filter(|back| !back.is_zero()) {
            Some(back) => {
                let back = percent(&back);
                text!(
                    "{key}  {amount} × ({released} released − {back} taken back)",
                    "{key}  {amount} ×（已释放 {released} − 已追回 {back}）";
                    key
                )
            }
            None => text!(
                "{key}  {amount} × {released} released",
                "{key}  {amount} × 已释放 {released}";
                key
            ),
        }
    }

    /// Says whether a share is less at a later settlement.
    fn has_fallen(&self, share: Spot, moment: Option<usize>) -> bool {
        let later = moment.and_then(|cell| self.number(Spot { cell, ..share }));
        later
            .zip(self.number(share))
            .is_some_and(|(later, share)| later < share)
    }

    /// Says whether a line waits for somebody to look at it.
    fn waits(&self, earn: &EarnOutput, standing: &Standing) -> bool {
        let waiting = earn.moments.and_then(|moments| moments.waiting);
        waiting.zip(standing.moment).is_some_and(|(waiting, cell)| {
            let share = self.number(Spot {
                node: waiting.share,
                cell,
            });
            share.is_some_and(|share| !share.is_zero())
        })
    }

    fn change(&self, earn: &EarnOutput, standing: &Standing) -> Text {
        if standing.is_new {
            return text!("new", "新增");
        }
        let like = Spot {
            node: earn.earned,
            cell: standing.line,
        };
        let change = standing
            .now
            .as_ref()
            .zip(standing.before.as_ref())
            .and_then(|(now, before)| now.sub(before).ok());
        match change {
            Some(change) if change.is_zero() => text!("no change", "无变化"),
            Some(change) => {
                let amount = self.amount(&change.abs(), self.scalar(like));
                let sign = if change.is_negative() { "-" } else { "+" };
                Text::same(format!("{sign}{amount}"))
            }
            None => Text::default(),
        }
    }

    /// Says what is kept back of a line, and until when.
    fn kept_detail(&self, earn: &EarnOutput, line: usize, moment: usize, clause: &Hold) -> Option<Step> {
        let hold = earn.hold?;
        let at = |node: NodeId| Spot { node, cell: line };
        let amount = self.number(at(hold.amount)).filter(|amount| !amount.is_zero())?;
        let amount = self.amount(&amount, self.scalar(at(earn.earned)));
        let let_go = Spot {
            node: hold.let_go,
            cell: moment,
        };
        let until = self.shown(at(hold.until));
        let said = match (self.truth(let_go), self.is_missing(at(hold.until))) {
            (Some(true), _) => text!(
                "kept back {amount}, let go on {until}",
                "留存 {amount}，{until} 释放"
            ),
            (_, true) => text!(
                "kept back {amount}, with no day to let it go",
                "留存 {amount}，尚无释放日"
            ),
            (_, false) => text!("kept back {amount} until {until}", "留存 {amount}，至 {until}"),
        };
        let mut step = Step::detail(said).reasoned(&clause.reason);
        step.span = Some(clause.span);
        Some(step)
    }

    fn standing_details(&mut self, step: &mut Step, earn: &EarnOutput, standing: &Standing, depth: usize) {
        let statement = self.compiled.program.earn(earn.earn);
        let shares = standing.moment.and_then(|moment| self.shares(earn, moment));
        if let (Some(statement), Some((release, back))) = (statement, shares) {
            if let Some(clause) = &statement.release {
                let (said, records) = self.share(release);
                let is_earlier = standing.moment.is_some_and(|moment| release.cell < moment)
                    && self.has_fallen(release, standing.moment);
                let said = match is_earlier {
                    true => {
                        text!("released: {said}; it has fallen since, and what was released stays", "释放：{said}；此后比例下降，已释放的保留"; said)
                    }
                    false => text!("released: {said}", "释放：{said}"; said),
                };
                let mut released = Step::detail(said).reasoned(&clause.reason);
                released.span = Some(clause.span);
                released.children = records;
                step.children.push(released);
            }
            let is_taken = back.is_some_and(|back| !is_nothing(self.number(back).as_ref()));
            if let (Some(clause), Some(back), true) = (&statement.clawback, back, is_taken) {
                let (said, records) = self.share(back);
                let mut taken =
                    Step::detail(text!("taken back: {said}", "追回：{said}"; said)).reasoned(&clause.reason);
                taken.span = Some(clause.span);
                taken.children = records;
                step.children.push(taken);
            }
        }
        if let (Some(review), true) = (
            statement.and_then(|statement| statement.review.as_ref()),
            self.waits(earn, standing),
        ) {
            let mut held = Step::detail(text!("held for review", "待复核")).reasoned(&review.reason);
            held.span = Some(review.span);
            step.children.push(held);
        }
        if let (Some(clause), Some(moment)) = (statement.and_then(|earn| earn.hold.as_ref()), standing.moment)
        {
            step.children
                .extend(self.kept_detail(earn, standing.line, moment, clause));
        }
        let earned = self.earned_detail(earn, standing.line, depth.saturating_add(1));
        step.children.push(earned);
    }
}
