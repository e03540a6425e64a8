//! The nodes that terms, frames and outputs name.

use super::{EarnOutput, Expansion, Frame, FrameId, GroupKey, NodeId, Op, PlanOutput, TextPart};

impl Op {
    /// Lists the nodes that the term reads.
    pub fn inputs(&self) -> Vec<NodeId> {
        self.clone()
            .inputs_mut()
            .into_iter()
            .map(|input| *input)
            .collect()
    }

    /// Lists the nodes that the term reads, to be changed.
    pub fn inputs_mut(&mut self) -> Vec<&mut NodeId> {
        match self {
            Self::Const(_)
            | Self::Stored { .. }
            | Self::OwnRow
            | Self::OwnPeriod
            | Self::RunEnd { .. }
            | Self::Origin
            | Self::Item => Vec::new(),
            Self::CellOf { row, period, .. } => row.iter_mut().chain(period).collect(),
            Self::At { source, cell } => vec![source, cell],
            Self::ExchangeRate {
                records,
                of,
                from,
                on,
                ..
            } => [of, from, on].into_iter().chain(records.nodes_mut()).collect(),
            Self::Find { keys, on, .. } => keys.iter_mut().chain(on).collect(),
            Self::FindCell { keys } => keys.iter_mut().flat_map(|(there, here)| [there, here]).collect(),
            Self::LastMoment { origin, period, .. } => vec![origin, period],
            Self::Sum(terms) => terms.iter_mut().map(|(_, node)| node).collect(),
            Self::Product(factors) => factors.iter_mut().map(|(_, node)| node).collect(),
            Self::Bounded { value, limits } => [value]
                .into_iter()
                .chain(limits.iter_mut().map(|(_, node)| node))
                .collect(),
            Self::And(parts) | Self::Or(parts) | Self::Otherwise(parts) | Self::Call { args: parts, .. } => {
                parts.iter_mut().collect()
            }
            Self::Not(node)
            | Self::IsMissing(node)
            | Self::Require(node)
            | Self::Previous(node)
            | Self::Reached(node)
            | Self::Lower(node)
            | Self::Round { value: node, .. }
            | Self::Dated { on: node, .. }
            | Self::FirstDay { period: node, .. }
            | Self::LastDay { period: node, .. }
            | Self::Containing { day: node, .. }
            | Self::Shift { period: node, .. }
            | Self::Cumulate { of: node, .. } => vec![node],
            Self::Compare { left, right, .. } => vec![left, right],
            Self::Within {
                value, from, through, ..
            } => vec![value, from, through],
            Self::If {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            Self::Where { value, condition } | Self::Guard { value, condition } => vec![value, condition],
            Self::Poison { value, by: other }
            | Self::Recover {
                value,
                otherwise: other,
            } => vec![value, other],
            Self::Prefer { normal, exceptions } => {
                let parts = exceptions
                    .iter_mut()
                    .flat_map(|exception| [&mut exception.when, &mut exception.value]);
                [normal].into_iter().chain(parts).collect()
            }
            Self::Slice {
                on, value, against, ..
            } => [on, value].into_iter().chain(against).collect(),
            Self::Decide { on, inputs, .. } => [on].into_iter().chain(inputs).collect(),
            Self::DaysIn {
                from, through: to, ..
            }
            | Self::DaysBetween { from, to, .. }
            | Self::MonthsBetween { from, to } => vec![from, to],
            Self::AddDays { day, days: other }
            | Self::AddMonths {
                day, months: other, ..
            } => vec![day, other],
            Self::Group {
                value,
                filter,
                key,
                order,
                ..
            } => {
                let order = order.iter_mut().map(|(node, _)| node);
                value
                    .iter_mut()
                    .chain(filter)
                    .chain(key.nodes_mut())
                    .chain(order)
                    .collect()
            }
            Self::Rank {
                keep, within, keys, ..
            } => keep
                .iter_mut()
                .chain(within)
                .chain(keys.iter_mut().map(|(node, _)| node))
                .collect(),
            Self::Share {
                keep,
                within,
                amount,
                weight,
                ..
            } => keep.iter_mut().chain(within).chain([amount, weight]).collect(),
            Self::Words(parts) => parts.iter_mut().filter_map(TextPart::node_mut).collect(),
            Self::Before {
                value,
                keep,
                order,
                by,
                ..
            } => [value].into_iter().chain(keep).chain(order).chain(by).collect(),
            Self::Prior { of, initial, restart } => [of, initial].into_iter().chain(restart).collect(),
        }
    }
}

impl TextPart {
    fn node_mut(&mut self) -> Option<&mut NodeId> {
        match self {
            Self::Words(_) => None,
            Self::Value(node) => Some(node),
        }
    }
}

impl GroupKey {
    fn nodes_mut(&mut self) -> Vec<&mut NodeId> {
        match self {
            Self::All => Vec::new(),
            Self::Cell(node) => vec![node],
            Self::Place { row, period } => row.iter_mut().chain(period).collect(),
        }
    }
}

impl Frame {
    /// Gives the frame that this one is made from.
    pub fn parent(&self) -> Option<FrameId> {
        match self {
            Self::Single | Self::Rows(_) | Self::Axis(_) | Self::Cells { .. } => None,
            Self::Selected { of, .. } | Self::Expanded { of, .. } => Some(*of),
        }
    }

    /// Lists the nodes that decide which cells there are.
    pub fn inputs(&self) -> Vec<NodeId> {
        self.clone()
            .inputs_mut()
            .into_iter()
            .map(|input| *input)
            .collect()
    }

    /// Lists the nodes that decide which cells there are, to be changed.
    pub fn inputs_mut(&mut self) -> Vec<&mut NodeId> {
        match self {
            Self::Single | Self::Rows(_) | Self::Axis(_) | Self::Cells { .. } => Vec::new(),
            Self::Selected { keep, .. } => vec![keep],
            Self::Expanded { by, .. } => match by {
                Expansion::AllRows(_) => Vec::new(),
                Expansion::Matching { inner, outer, .. } => inner.iter_mut().chain(outer).collect(),
                Expansion::Below { of, .. } | Expansion::Above { of, .. } => vec![of],
                Expansion::Periods { from, through, .. } => vec![from, through],
                Expansion::Onward { from, .. } => vec![from],
                Expansion::Moments { from, events, .. } => [from].into_iter().chain(events).collect(),
            },
        }
    }
}

impl PlanOutput {
    /// Lists the nodes that are reported.
    pub fn nodes(&self) -> Vec<NodeId> {
        self.clone().nodes_mut().into_iter().map(|node| *node).collect()
    }

    /// Lists the nodes that are reported, to be changed.
    pub fn nodes_mut(&mut self) -> Vec<&mut NodeId> {
        let values = self.values.iter_mut().map(|(_, node)| node);
        let earns = self.earns.iter_mut().flat_map(EarnOutput::nodes_mut);
        let checks = self
            .checks
            .iter_mut()
            .flat_map(|check| [&mut check.condition, &mut check.applies]);
        [&mut self.is_payee, &mut self.is_settled]
            .into_iter()
            .chain(values)
            .chain(earns)
            .chain(checks)
            .collect()
    }
}

impl EarnOutput {
    fn nodes_mut(&mut self) -> Vec<&mut NodeId> {
        let hold = self
            .hold
            .iter_mut()
            .flat_map(|hold| [&mut hold.amount, &mut hold.until, &mut hold.let_go]);
        let spread = self.spread.iter_mut().flat_map(|spread| {
            let is_over = spread.is_over.iter_mut();
            is_over.chain([
                &mut spread.period,
                &mut spread.gone,
                &mut spread.months,
                &mut spread.share,
                &mut spread.cost,
                &mut spread.amortised,
                &mut spread.written_off,
                &mut spread.left,
            ])
        });
        let strangers = self.strangers.iter_mut();
        let strangers = strangers.flat_map(|found| [&mut found.found, &mut found.payee]);
        let moments = self.moments.iter_mut().flat_map(|moments| {
            let waiting = moments.waiting.iter_mut();
            let waiting = waiting.flat_map(|waiting| [&mut waiting.share, &mut waiting.amount]);
            let keys = [&mut moments.released_key, &mut moments.paid_key];
            let shares = [&mut moments.released_share, &mut moments.paid_share];
            [&mut moments.period, &mut moments.released, &mut moments.paid]
                .into_iter()
                .chain(shares)
                .chain(waiting)
                .chain(keys)
        });
        [
            &mut self.payee,
            &mut self.period,
            &mut self.day,
            &mut self.normal,
            &mut self.uncut,
            &mut self.earned,
        ]
        .into_iter()
        .chain(&mut self.row)
        .chain(&mut self.base)
        .chain(strangers)
        .chain(spread)
        .chain(self.cuts.iter_mut().flat_map(|cut| {
            let nodes = [&mut cut.before, &mut cut.after, &mut cut.limit].into_iter();
            nodes.chain(&mut cut.carried)
        }))
        .chain(&mut self.excess)
        .chain(&mut self.carried)
        .chain(moments)
        .chain(hold)
        .collect()
    }
}
