//! Lines of an earn: what was earned, cut by a cap, released and taken back.

use guerdon_plan::graph::{EarnOutput, Expansion, Frame, FrameId, NodeId, Op};
use guerdon_plan::hir::{AggregateOp, Cap, Comparison, CutOrder, Excess, Factor, Sign};
use guerdon_plan::types::Scalar;
use guerdon_syntax::{Text, text};

use super::amounts::{percent, signed};
use super::members::Grouped;
use super::walk::{MOST_DEEP, Spot, Walk, settle};
use super::{Part, Step};

/// How many keys of records are named in one sentence.
const MOST_NAMED: usize = 3;

impl Walk<'_> {
    /// Names the record of a line, and the payee where a record has lines for several; or the period of a line without a
    /// record.
    pub(super) fn line_key(&self, earn: &EarnOutput, line: usize) -> Text {
        match earn.row {
            Some(node) => {
                let own = self.keys(earn.lines, line).join(" ");
                let record = Spot { node, cell: line };
                let record = match (self.row(record), self.scalar(record)) {
                    (Some(row), Scalar::Row(table)) => self.names().key_text(table, row),
                    _ => String::new(),
                };
                let is_said = record.is_empty() || own == record || !self.is_expanded(earn.lines);
                Text::same(if is_said { own } else { format!("{record} {own}") })
            }
            None => Text::same(self.keys(earn.lines, line).pop().unwrap_or_default()),
        }
    }

    /// Says whether a record has several lines: one for each of several payees.
    fn is_expanded(&self, lines: FrameId) -> bool {
        let mut frame = self.frame(lines);
        while let Some(Frame::Selected { of, .. }) = frame {
            frame = self.frame(*of);
        }
        matches!(
            frame,
            Some(Frame::Expanded {
                by: Expansion::AllRows(_)
                    | Expansion::Matching { .. }
                    | Expansion::Below { .. }
                    | Expansion::Above { .. },
                ..
            })
        )
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
        self.caps(step, earn, line, sign);
        settle(step);
    }

    /// Says what each cap cut off a line and what becomes of it, or how much of the cap is used.
    fn caps(&mut self, step: &mut Step, earn: &EarnOutput, line: usize, sign: Sign) {
        for cut in &earn.cuts {
            let at = |node: NodeId| Spot { node, cell: line };
            let statement = self.compiled.program.earn(earn.earn);
            let cap = statement.and_then(|earn| earn.caps().find(|cap| cap.span == cut.span));
            let limit = self.input(at(cut.after), cut.limit);
            let scalar = self.scalar(at(cut.after));
            let most = self
                .number(limit)
                .map(|number| self.brief(&number, scalar))
                .unwrap_or_default();
            let lost = self
                .number(at(cut.after))
                .zip(self.number(at(cut.before)))
                .and_then(|(after, before)| after.sub(&before).ok())
                .filter(|lost| !lost.is_zero());
            let mut said = match (lost, self.held_under(at(cut.after))) {
                (Some(lost), _) => {
                    let label = cap.map_or_else(Text::default, |cap| cut_words(cap, &most));
                    let mut said = self.summand(label, &signed(lost, sign), at(cut.after));
                    if let Some(cap) = cap {
                        said.note = fate(cap);
                        said = said.reasoned(&cap.reason);
                    }
                    said
                }
                (None, Some(held)) => {
                    let used = self
                        .number(held)
                        .map(|number| self.brief(&number, scalar))
                        .unwrap_or_default();
                    Step::detail(text!(
                        "cap: {used} of {most} used",
                        "封顶：已用 {used}，上限 {most}"
                    ))
                }
                (None, None) => Step::detail(text!("cap of {most}: nothing cut off", "封顶 {most}：未截断")),
            };
            said.span = Some(cut.span);
            step.children.push(said);
            if let Some(carried) = cut.carried.map(at) {
                self.paid_later(step, carried, sign);
            }
        }
    }

    /// Shows what is paid of the excess of earlier periods beside the amount of an earn without records.
    fn paid_later(&mut self, step: &mut Step, carried: Spot, sign: Sign) {
        if let Some(paid) = self.number(carried).filter(|paid| !paid.is_zero()) {
            let label = text!("excess of earlier periods", "以前期间顺延的超额");
            let paid = self.summand(label, &signed(paid, sign), carried);
            step.children.push(paid);
        }
    }

    /// Finds the running total that a cap left, where the lines are cut one after the other.
    fn held_under(&self, after: Spot) -> Option<Spot> {
        let mut earned = after;
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
        matches!(self.node(held)?.op, Op::Bounded { .. }).then_some(held)
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
        // Where something is kept back, the lesser of two amounts: the first is the share of the whole line.
        if let Op::If { otherwise, .. } = &self.node(at)?.op {
            at = self.input(at, *otherwise);
        }
        if let Op::Bounded { value, .. } = &self.node(at)?.op {
            at = self.input(at, *value);
        }
        if let Op::Round { value, .. } = &self.node(at)?.op {
            at = self.input(at, *value);
        }
        let Op::Product(factors) = &self.node(at)?.op else {
            return None;
        };
        let mut share = self.input(at, factors.last()?.1);
        while let Op::If { then, otherwise, .. } = &self.node(share)?.op {
            let (then, otherwise) = (self.input(share, *then), self.input(share, *otherwise));
            let is_fixed = matches!(self.node(then)?.op, Op::Const(_));
            share = if is_fixed { otherwise } else { then };
        }
        if let Op::Reached(of) = &self.node(share)?.op {
            share = self.reached_at(share, *of);
        }
        match &self.node(share)?.op {
            Op::Bounded { value, .. } => Some(self.input(share, *value)),
            _ => None,
        }
    }

    /// Finds the settlement at which the greatest share so far was reached: the latest one that has it.
    fn reached_at(&self, share: Spot, of: NodeId) -> Spot {
        let most = self.number(share);
        let at = |cell: usize| Spot { node: of, cell };
        let found = (0..=share.cell).rev().find(|cell| self.number(at(*cell)) == most);
        at(found.unwrap_or(share.cell))
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

/// Says that a cap cut something off, and how.
fn cut_words(cap: &Cap, most: &str) -> Text {
    match cap.cut {
        CutOrder::LatestFirst => text!("cut by the cap of {most}", "超出封顶 {most} 的部分"),
        CutOrder::InProportion => text!(
            "cut in proportion by the cap of {most}",
            "超出封顶 {most} 按比例截断的部分"
        ),
    }
}

/// Says what becomes of what a cap cuts.
fn fate(cap: &Cap) -> Text {
    match cap.excess {
        Excess::Forfeited => Text::default(),
        Excess::Carried => text!("carried into a later period", "顺延至以后期间"),
        Excess::Review => text!("to be looked at", "待复核"),
    }
}
