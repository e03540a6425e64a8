//! Lines of an earn: what was earned, cut by a cap, released and taken back.

use guerdon_plan::graph::{EarnOutput, Frame, NodeId, Op};
use guerdon_plan::hir::{AggregateOp, Comparison, Factor, Sign};
use guerdon_plan::number::Exact;
use guerdon_plan::types::Scalar;
use guerdon_syntax::{Text, text};

use super::members::Grouped;
use super::walk::{MOST_DEEP, Spot, Walk, settle};
use super::words::percent;
use super::{Part, Step};

/// How many keys of records are named in one sentence.
const MOST_NAMED: usize = 3;

impl Walk<'_> {
    /// Names the record of a line, or the period of a line without a record.
    pub(super) fn line_key(&self, earn: &EarnOutput, line: usize) -> Text {
        match earn.row {
            Some(_) => Text::same(self.keys(earn.lines, line).join(" ")),
            None => Text::same(self.keys(earn.lines, line).pop().unwrap_or_default()),
        }
    }

    /// Puts what a line earned under a step whose value that is.
    pub(super) fn line(&mut self, step: &mut Step, earn: &EarnOutput, line: usize, sign: Sign, depth: usize) {
        if depth >= MOST_DEEP || self.left == 0 {
            return;
        }
        if let Some(statement) = self.compiled.program.earn(earn.earn) {
            step.because.clone_from(&statement.reason.because);
            step.reference.clone_from(&statement.reason.reference);
            step.span = Some(statement.span);
        }
        let at = |node: NodeId| Spot { node, cell: line };
        let (uncut, earned) = (self.number(at(earn.uncut)), self.number(at(earn.earned)));
        let mut whole = self.bare(Text::default(), at(earn.uncut), sign, Part::Summand);
        self.fill_past(&mut whole, at(earn.uncut), sign, depth.saturating_add(1));
        settle(&mut whole);
        if step.note.is_empty() {
            step.note = std::mem::take(&mut whole.note);
        }
        let is_cut = uncut != earned;
        if is_cut && whole.summands().next().is_none() {
            whole.label = text!("before the cap", "封顶前");
            whole.children.clear();
            step.children.push(whole);
        } else {
            step.children.append(&mut whole.children);
        }
        self.cap(step, earn, line, sign);
        settle(step);
    }

    /// Says how much of a cap is used, and what it cut off.
    fn cap(&mut self, step: &mut Step, earn: &EarnOutput, line: usize, sign: Sign) {
        let at = |node: NodeId| Spot { node, cell: line };
        let Some((held, limit)) = self.cap_of(at(earn.earned)) else {
            return;
        };
        let scalar = self.scalar(at(earn.earned));
        let [used, most] = [held, limit].map(|spot| {
            self.number(spot)
                .map(|number| self.brief(&number, scalar))
                .unwrap_or_default()
        });
        let statement = self.compiled.program.earn(earn.earn);
        let cap = statement.and_then(|earn| earn.cap.as_ref());
        let cut = self
            .number(at(earn.earned))
            .zip(self.number(at(earn.uncut)))
            .and_then(|(earned, uncut)| earned.sub(&uncut).ok())
            .filter(|cut| !cut.is_zero());
        let mut said = match cut {
            Some(cut) => {
                let cut = super::walk::signed(cut, sign);
                self.summand(
                    text!("cut by the cap of {most}", "超出封顶 {most} 的部分"),
                    &cut,
                    at(earn.earned),
                )
            }
            None => Step::detail(text!(
                "cap: {used} of {most} used",
                "封顶：已用 {used}，上限 {most}"
            )),
        };
        if let (Some(cap), Part::Summand) = (cap, said.part) {
            said = said.reasoned(&cap.reason);
        }
        said.span = cap.map(|cap| cap.span);
        step.children.push(said);
    }

    /// Finds the running total under a cap and the cap.
    fn cap_of(&self, earned: Spot) -> Option<(Spot, Spot)> {
        let mut earned = earned;
        if let Op::If { condition, then, .. } = &self.node(earned)?.op
            && self.is_standing(*condition)
        {
            earned = self.input(earned, *then);
        }
        let Op::If { condition, .. } = &self.node(earned)?.op else {
            return None;
        };
        let same = self.input(earned, *condition);
        let Op::Compare {
            op: Comparison::Equal,
            left,
            ..
        } = &self.node(same)?.op
        else {
            return None;
        };
        let cut = self.input(same, *left);
        let Op::Sum(terms) = &self.node(cut)?.op else {
            return None;
        };
        let mut held = self.input(cut, terms.first()?.1);
        if let Op::If { then, .. } = &self.node(held)?.op {
            held = self.input(held, *then);
        }
        match &self.node(held)?.op {
            Op::Bounded { limits, .. } => Some((held, self.input(held, limits.first()?.1))),
            _ => None,
        }
    }

    /// Gives the released share and the taken-back share of a settlement, before they are held to 0 … 1.
    pub(super) fn shares(&self, earn: &EarnOutput, moment: usize) -> Option<(Spot, Option<Spot>)> {
        let moments = earn.moments?;
        let at = |node: NodeId| Spot { node, cell: moment };
        let release = self.share_under(at(moments.released))?;
        let net = self.share_under(at(moments.paid))?;
        let back = match &self.node(net)?.op {
            Op::Sum(terms) => terms
                .iter()
                .find(|(sign, _)| *sign == Sign::Minus)
                .map(|(_, node)| self.input(net, *node)),
            _ => None,
        };
        Some((release, back))
    }

    /// Finds the share that an amount of a settlement is the product with.
    fn share_under(&self, amount: Spot) -> Option<Spot> {
        let mut at = amount;
        if let Op::If { otherwise, .. } = &self.node(at)?.op {
            at = self.input(at, *otherwise);
        }
        if let Op::Round { value, .. } = &self.node(at)?.op {
            at = self.input(at, *value);
        }
        let Op::Product(factors) = &self.node(at)?.op else {
            return None;
        };
        let share = self.input(at, factors.last()?.1);
        match &self.node(share)?.op {
            Op::Bounded { value, .. } => Some(self.input(share, *value)),
            _ => None,
        }
    }

    /// Says a share with the records that caused it.
    pub(super) fn share(&mut self, share: Spot) -> (Text, Vec<Step>) {
        let (said, group) = match self.ratio(share) {
            Some((part, whole, group)) => {
                let [part, whole] = [part, whole].map(|spot| self.shown(spot));
                (text!("{part} of {whole}", "{part}（共 {whole}）"), group)
            }
            None => {
                let number = self
                    .number(share)
                    .map(|number| percent(&number))
                    .unwrap_or_default();
                (Text::same(number), self.group_in(share, 8))
            }
        };
        let Some(group) = group else {
            return (said, Vec::new());
        };
        let grouped = Grouped {
            node: group.node,
            cells: vec![group.cell],
        };
        let when = self.by_day(&grouped).unwrap_or_default();
        let mut records = Step::detail(Text::default());
        records.exact = self.number(group);
        self.records(&mut records, &grouped, Sign::Plus, MOST_DEEP);
        let keys: Vec<&str> = records
            .children
            .iter()
            .map(|record| record.label.en.as_str())
            .collect();
        let named = match keys.as_slice() {
            [] => String::new(),
            keys if keys.len() <= MOST_NAMED => format!(" ({})", keys.join(", ")),
            keys => {
                let first: Vec<&str> = keys.iter().take(MOST_NAMED).copied().collect();
                format!(" ({}, …)", first.join(", "))
            }
        };
        let mut children = records.children;
        for child in &mut children {
            child.part = Part::Detail;
        }
        (
            text!("{said}{when}{named}", "{said}{when}{named}"; said, when),
            children,
        )
    }

    /// Recognises `part / whole` with an aggregate in the part.
    fn ratio(&self, share: Spot) -> Option<(Spot, Spot, Option<Spot>)> {
        let mut at = self.peel(share);
        if let Op::Bounded { value, .. } = &self.node(at)?.op {
            at = self.peel(self.input(at, *value));
        }
        let Op::Product(factors) = &self.node(at)?.op else {
            return None;
        };
        let [(Factor::Times, part), (Factor::Over, whole)] = factors.as_slice() else {
            return None;
        };
        let (part, whole) = (self.input(at, *part), self.input(at, *whole));
        Some((part, whole, self.group_in(part, 8)))
    }

    /// Finds the first aggregate behind a value.
    fn group_in(&self, spot: Spot, depth: usize) -> Option<Spot> {
        let spot = self.peel(spot);
        let node = self.node(spot)?;
        if let Op::Group {
            op: AggregateOp::Sum | AggregateOp::Count | AggregateOp::Any,
            ..
        } = &node.op
        {
            return Some(spot);
        }
        if depth == 0 {
            return None;
        }
        let mut inputs = node.op.inputs().into_iter();
        inputs.find_map(|input| self.group_in(self.input(spot, input), depth.saturating_sub(1)))
    }

    /// Reads "day by the period's end" from the filter of an aggregate.
    fn by_day(&self, grouped: &Grouped) -> Option<Text> {
        let Op::Group {
            filter: Some(filter), ..
        } = &self.compiled.graph.node(grouped.node)?.op
        else {
            return None;
        };
        let cell = *self.members(grouped).first()?;
        let filter = self.input(Spot { node: *filter, cell }, *filter);
        let parts = match &self.node(filter)?.op {
            Op::And(parts) => parts.clone(),
            _ => vec![filter.node],
        };
        parts.iter().find_map(|part| {
            let part = self.input(filter, *part);
            let Op::Compare {
                op: Comparison::LessOrEqual,
                left,
                right,
            } = &self.node(part)?.op
            else {
                return None;
            };
            let (day, end) = (self.peel(self.input(part, *left)), self.input(part, *right));
            match &self.node(day)?.op {
                Op::Stored { table, field } if self.scalar(day) == Scalar::Date => {
                    let (field, end) = (self.field_name(*table, field.index()), self.shown(end));
                    Some(text!(", {field} by {end}", "，{field} 不晚于 {end}"))
                }
                _ => None,
            }
        })
    }

    /// Gives the last settlement of a line that is not later than a period.
    pub(super) fn settled(&self, earn: &EarnOutput, line: usize, period: i32) -> Option<usize> {
        let moments = earn.moments?;
        let cells = self.state.frame_data(moments.frame)?.of_parent(line);
        cells
            .take_while(|cell| {
                let spot = Spot {
                    node: moments.period,
                    cell: *cell,
                };
                self.period(spot).is_some_and(|of| of <= period)
            })
            .last()
    }

    /// Lists the lines of a payee that are dated in a period or before.
    pub(super) fn lines_until(&self, earn: &EarnOutput, payee: usize, period: i32) -> Vec<usize> {
        let is_one = |line: &usize| {
            let at = |node: NodeId| Spot { node, cell: *line };
            self.row(at(earn.payee)) == Some(payee)
                && self.period(at(earn.period)).is_some_and(|own| own <= period)
        };
        match self.frame(earn.lines) {
            // The cells of a payee without records are the periods of the run.
            Some(Frame::Cells { .. }) => {
                let is_earned = |line: &usize| {
                    self.number(Spot {
                        node: earn.earned,
                        cell: *line,
                    })
                    .is_none_or(|earned| !earned.is_zero())
                };
                (0..self.state.frame_len(earn.lines))
                    .filter(is_one)
                    .filter(is_earned)
                    .collect()
            }
            Some(_) | None => (0..self.state.frame_len(earn.lines)).filter(is_one).collect(),
        }
    }

    /// Makes the step "earned" of a line in a ledger.
    pub(super) fn earned_detail(&mut self, earn: &EarnOutput, line: usize, depth: usize) -> Step {
        let spot = Spot {
            node: earn.earned,
            cell: line,
        };
        let mut step = self.bare(Text::default(), spot, Sign::Plus, Part::Detail);
        self.line(&mut step, earn, line, Sign::Plus, depth);
        let note = std::mem::take(&mut step.note);
        step.label = if note.is_empty() {
            text!("earned", "计提")
        } else {
            text!("earned: {note}", "计提：{note}"; note)
        };
        // The line above shows the amount already.
        step.value = None;
        step
    }
}

/// Says whether an amount is none.
pub(super) fn is_nothing(amount: Option<&Exact>) -> bool {
    amount.is_some_and(Exact::is_zero)
}
