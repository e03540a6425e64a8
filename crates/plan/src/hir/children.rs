//! The parts of an expression.

use super::expr::{
    Aggregate, Allocation, Apply, Comparison, DayRange, Domain, EarnOf, Expr, ExprKind, Piece, Ranking,
    Running,
};

impl Expr {
    /// Lists the expressions that this one is made of, in the order in which they are written.
    ///
    /// Whoever walks a tree for one kind of node needs the others only for their parts; the variables that an
    /// aggregate or a running sum binds are found at the node itself.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Const(_)
            | ExprKind::Binder(_)
            | ExprKind::Normal
            | ExprKind::Lower(_)
            | ExprKind::Faulty => Vec::new(),
            ExprKind::Field { row: part, .. }
            | ExprKind::Constant { on: part, .. }
            | ExprKind::Not(part)
            | ExprKind::IsMissing(part)
            | ExprKind::Require(part)
            | ExprKind::Rounded { value: part, .. }
            | ExprKind::FirstDay(part)
            | ExprKind::LastDay(part)
            | ExprKind::Containing { day: part, .. }
            | ExprKind::Shift { period: part, .. } => vec![part],
            ExprKind::Find { keys, on, .. } => keys.iter().chain(on.as_deref()).collect(),
            ExprKind::Decide { on, inputs, .. } => inputs.iter().chain([&**on]).collect(),
            ExprKind::Use { args: parts, .. }
            | ExprKind::Prior { args: parts, .. }
            | ExprKind::And(parts)
            | ExprKind::Or(parts)
            | ExprKind::Otherwise(parts)
            | ExprKind::Call { args: parts, .. } => parts.iter().collect(),
            ExprKind::Sum(parts) => parts.iter().map(|(_, part)| part).collect(),
            ExprKind::Product(parts) => parts.iter().map(|(_, part)| part).collect(),
            ExprKind::Bounded { value, limits } => [&**value]
                .into_iter()
                .chain(limits.iter().map(|(_, limit)| limit))
                .collect(),
            ExprKind::OneOf { value, list } => [&**value].into_iter().chain(list).collect(),
            ExprKind::Compare { left, right, .. } => vec![left, right],
            ExprKind::IsAbove { row, of, .. } => vec![row, of],
            ExprKind::Within { value, range } => vec![value, &range.from, &range.through],
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            ExprKind::RateOf { on, at, .. } => vec![at, on],
            ExprKind::Convert { amount, from, on, .. } => vec![amount, from, on],
            ExprKind::DaysIn { range, .. } => vec![&range.from, &range.through],
            ExprKind::DaysBetween { from, to, .. } | ExprKind::MonthsBetween { from, to } => vec![from, to],
            ExprKind::AddDays { day, days } => vec![day, days],
            ExprKind::AddMonths { day, months, .. } => vec![day, months],
            ExprKind::Earned { of, .. } => of.children(),
            ExprKind::Aggregate(aggregate) => aggregate.children(),
            ExprKind::Running(running) => running.children(),
            ExprKind::Rank(ranking) => ranking.children(),
            ExprKind::Share(allocation) => allocation.children(),
            ExprKind::Words(pieces) => pieces.iter().filter_map(Piece::value).collect(),
            ExprKind::Apply(apply) => apply.children(),
        }
    }
}

impl Expr {
    /// Gives the two sides of `a = b` or `a is b`; nothing where it is anything else.
    #[must_use]
    pub fn equal_sides(&self) -> Option<(&Expr, &Expr)> {
        let ExprKind::Compare {
            op: Comparison::Equal,
            left,
            right,
        } = &self.kind
        else {
            return None;
        };
        Some((left, right))
    }
}

impl EarnOf {
    fn children(&self) -> Vec<&Expr> {
        match self {
            EarnOf::Payee { payee, period } => vec![payee, period],
            EarnOf::Line { row, payee, period } => [&**row]
                .into_iter()
                .chain(payee.as_deref())
                .chain(period.as_deref())
                .collect(),
        }
    }
}

impl Aggregate {
    fn children(&self) -> Vec<&Expr> {
        let domains = self.sources.iter().flat_map(|source| source.domain.children());
        let order = self.order.iter().map(|(key, _)| key);
        self.value
            .iter()
            .chain(domains)
            .chain(&self.filter)
            .chain(order)
            .collect()
    }
}

impl Domain {
    fn children(&self) -> Vec<&Expr> {
        match self {
            Domain::Rows(_) => Vec::new(),
            Domain::Below { of, .. } => vec![of],
            Domain::Periods {
                within: DayRange { from, through },
                ..
            } => vec![from, through],
        }
    }
}

impl Running {
    fn children(&self) -> Vec<&Expr> {
        [&self.row, &self.value]
            .into_iter()
            .chain(&self.filter)
            .chain(&self.order)
            .chain(&self.within)
            .collect()
    }
}

impl Apply {
    fn children(&self) -> Vec<&Expr> {
        let start = self.stack.as_ref().and_then(|stack| stack.starting_from.as_ref());
        [&self.value]
            .into_iter()
            .chain(&self.against)
            .chain(start)
            .chain([&self.on])
            .collect()
    }
}

impl Ranking {
    fn children(&self) -> Vec<&Expr> {
        let keys = self.keys.iter().map(|(key, _)| key);
        [&self.row]
            .into_iter()
            .chain(self.domain.children())
            .chain(&self.filter)
            .chain(&self.within)
            .chain(keys)
            .collect()
    }
}

impl Allocation {
    fn children(&self) -> Vec<&Expr> {
        [&self.row]
            .into_iter()
            .chain(self.domain.children())
            .chain(&self.filter)
            .chain(&self.within)
            .chain([&self.amount, &self.weight])
            .collect()
    }
}

impl Piece {
    fn value(&self) -> Option<&Expr> {
        match self {
            Piece::Words(_) => None,
            Piece::Value(value) => Some(value),
        }
    }
}
