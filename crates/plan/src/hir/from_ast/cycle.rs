//! Circles: values that need themselves within one period.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, Fix, Language, Span, Text, text};

use super::Checker;
use super::say::unit_name;
use crate::hir::expr::{EarnPart, Expr, ExprKind};
use crate::hir::program::{Amortise, DefinitionKind, Earn, Exception, Hold};
use crate::types::{DefinitionId, EarnId, Scalar};

/// Is a value that can need others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    /// A definition.
    Definition(DefinitionId),
    /// The lines of an earn.
    Earned(EarnId),
    /// What of the lines is payable to date.
    ToDate(EarnId),
}

/// Is one need: of what, and where it is written.
type Need = (Node, Span);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

impl Checker<'_> {
    /// Reports every value that needs itself within one period; `prior` looks at the period before and is no need.
    pub(super) fn refuse_circles_of_values(&mut self) {
        let needs = self.all_needs();
        let mut marks: BTreeMap<Node, Mark> = BTreeMap::new();
        for start in needs.keys() {
            let mut path: Vec<(Node, Option<Span>, usize)> = Vec::new();
            if !marks.contains_key(start) {
                marks.insert(*start, Mark::Open);
                path.push((*start, None, 0));
            }
            while let Some((node, _, next)) = path.last_mut() {
                let here = *node;
                let need = needs.get(&here).and_then(|needs| needs.get(*next)).copied();
                *next = next.saturating_add(1);
                match need {
                    None => {
                        marks.insert(here, Mark::Done);
                        path.pop();
                    }
                    Some((other, span)) => match marks.get(&other) {
                        None => {
                            marks.insert(other, Mark::Open);
                            path.push((other, Some(span), 0));
                        }
                        Some(Mark::Open) => self.push_circle(&path, other, span),
                        Some(Mark::Done) => {}
                    },
                }
            }
        }
    }

    /// Finds the values that rest on one that is faulty, or on a block whose meaning is not given yet.
    pub(super) fn note_spoilt(&mut self) {
        let needs = self.all_needs();
        let mut users: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for (node, needed) in &needs {
            for (other, _) in needed {
                users.entry(*other).or_default().push(*node);
            }
        }
        let mut open: Vec<Node> = needs
            .keys()
            .filter(|node| self.is_faulty(**node))
            .copied()
            .collect();
        let mut spoilt = BTreeSet::new();
        while let Some(node) = open.pop() {
            if spoilt.insert(node) {
                open.extend(users.get(&node).into_iter().flatten());
            }
        }
        self.spoilt = spoilt;
    }

    /// Says whether an expression needs a value that [`Checker::note_spoilt`] found.
    pub(super) fn is_spoilt(&self, expr: &Expr) -> bool {
        needs_of(&[expr])
            .iter()
            .any(|(node, _)| self.spoilt.contains(node))
    }

    fn is_faulty(&self, node: Node) -> bool {
        let mut open = self.roots(node);
        while let Some(at) = open.pop() {
            if at.kind == ExprKind::Faulty {
                return true;
            }
            open.extend(at.children());
        }
        false
    }

    /// Lists the expressions whose values a node needs.
    fn roots(&self, node: Node) -> Vec<&Expr> {
        match node {
            Node::Definition(id) => self.program.definition(id).map_or_else(Vec::new, |found| {
                let mut roots: Vec<&Expr> = match &found.kind {
                    DefinitionKind::Let(value)
                    | DefinitionKind::Measure(value)
                    | DefinitionKind::Pay(value)
                    | DefinitionKind::Streak(value) => vec![value],
                    DefinitionKind::Carry { value, opening, .. } => vec![value, opening],
                };
                roots.extend(parts(&found.exceptions));
                roots
            }),
            Node::Earned(id) => self.program.earn(id).map_or_else(Vec::new, |earn| {
                let mut roots = earn_roots(earn);
                let others = earn.shared.iter().flat_map(|shared| &shared.earns);
                let others = others.filter(|other| **other != id);
                let others = others.filter_map(|other| self.program.earn(*other));
                roots.extend(others.flat_map(earn_roots));
                roots
            }),
            Node::ToDate(id) => self.program.earn(id).map_or_else(Vec::new, |earn| {
                let marked = earn.review.iter().map(|review| &review.when);
                let hold = earn.hold.iter().flat_map(Hold::expressions);
                let spread = earn.amortise.iter().flat_map(Amortise::expressions);
                earn.settling().chain(marked).chain(hold).chain(spread).collect()
            }),
        }
    }

    fn all_needs(&self) -> BTreeMap<Node, Vec<Need>> {
        let mut needs = BTreeMap::new();
        for at in 0..self.program.definitions.len() {
            let node = Node::Definition(DefinitionId::at(at));
            needs.insert(node, needs_of(&self.roots(node)));
        }
        for (at, earn) in self.program.earns.iter().enumerate() {
            let id = EarnId::at(at);
            needs.insert(Node::Earned(id), needs_of(&self.roots(Node::Earned(id))));
            let mut to_date = needs_of(&self.roots(Node::ToDate(id)));
            to_date.push((Node::Earned(id), earn.naming.span));
            needs.insert(Node::ToDate(id), to_date);
        }
        needs
    }

    fn push_circle(&mut self, path: &[(Node, Option<Span>, usize)], again: Node, last: Span) {
        let Some(start) = path.iter().position(|(node, ..)| *node == again) else {
            return;
        };
        let mut steps: Vec<(Node, Node, Span)> = Vec::new();
        for pair in path.get(start..).unwrap_or(&[]).windows(2) {
            if let [(from, ..), (to, Some(span), _)] = pair {
                steps.push((*from, *to, *span));
            }
        }
        if let Some((from, ..)) = path.last() {
            steps.push((*from, again, last));
        }
        if steps.iter().all(|(from, ..)| self.told.contains(from)) {
            return;
        }
        self.told.extend(steps.iter().map(|(from, ..)| *from));
        steps.retain(|(from, to, _)| self.node_span(*from) != self.node_span(*to) || from == to);
        self.turn_to_balance(&mut steps);
        self.sink.push(self.circle_message(&steps));
    }

    /// Begins the circle at a balance, if one is part of it: its opening value breaks the circle. An earn is next
    /// best: its value before the first period can be said.
    fn turn_to_balance(&self, steps: &mut [(Node, Node, Span)]) {
        let balance = steps.iter().position(|(from, ..)| self.is_balance(*from));
        let earn = steps
            .iter()
            .position(|(from, ..)| matches!(from, Node::Earned(_)));
        if let Some(at) = balance.or(earn) {
            steps.rotate_left(at);
        }
    }

    fn circle_message(&self, steps: &[(Node, Node, Span)]) -> Diagnostic {
        let Some((first, _, start)) = steps.first().copied() else {
            return Diagnostic::error(Code::E0401, text!("a value needs itself", "值需要自身"));
        };
        let name = self.node_name(first);
        let unit = self.node_unit(first);
        let mut message = Diagnostic::error(
            Code::E0401,
            text!("\"{name}\" needs itself within the same {unit}", "“{name}”在同一{unit}内需要自身"; unit),
        );
        let count = steps.len();
        for (at, (from, to, span)) in steps.iter().enumerate() {
            let number = at.saturating_add(1);
            let (this, other) = (self.node_name(*from), self.node_name(*to));
            let and = if number > 1 { "and " } else { "" };
            let also = if number > 1 { "而" } else { "" };
            let said = text!(
                "{number}. {and}{this} needs {other}",
                "{number}. {also}{this} 需要 {other}"
            );
            message = if number == count {
                message.primary(*span, said)
            } else {
                message.secondary(*span, said)
            };
        }
        message = message.note(if self.is_balance(first) {
            text!("A {unit}'s closing balance cannot be an input to that {unit}. The opening balance can.", "{unit}的期末余额不能作为该{unit}的输入，期初余额可以。"; unit)
        } else {
            text!("The value of the {unit} before is known and can be used.", "上一{unit}的值是已知的，可以使用。"; unit)
        });
        let last = steps.last().map_or(start, |(_, _, span)| *span);
        message.fix(self.circle_fix(first, &unit, last))
    }

    /// Breaks the circle at its last step: there the value of the period before can stand.
    fn circle_fix(&self, node: Node, unit: &Text, last: Span) -> Fix {
        let name = self.node_name(node);
        let (prior, otherwise) = match self.sources.language(last.file) {
            Language::En => ("prior", "otherwise"),
            Language::Zh => ("上期", "缺省"),
        };
        if self.is_balance(node) {
            let title = text!("use the balance the {unit} started with", "使用该{unit}期初的余额"; unit);
            return Fix::insert(title, last, format!("{prior} "));
        }
        match self.node_amount(node) {
            Some(nothing) => Fix::wrap(
                text!("use the value of the {unit} before", "使用上一{unit}的值"; unit),
                last,
                format!("({prior} "),
                format!(" {otherwise} {nothing})"),
            ),
            None => Fix::advice(
                text!(
                    "keep it as a balance, which starts somewhere",
                    "把它写成有期初值的余额"
                ),
                text!(
                    "carry {name} = prior {name} … starting …",
                    "结转 {name} = 上期 {name} … 期初 …"
                ),
            ),
        }
    }

    /// Writes nothing of what an earn pays.
    fn node_amount(&self, node: Node) -> Option<String> {
        let (Node::Earned(id) | Node::ToDate(id)) = node else {
            return None;
        };
        let scalar = self.program.earn(id).map(|earn| earn.ty.scalar)?;
        if let Scalar::Money(currency) = scalar {
            return Some(format!("{currency} 0"));
        }
        (scalar == Scalar::Points).then(|| "0".to_owned())
    }

    fn node_name(&self, node: Node) -> String {
        match node {
            Node::Definition(id) => self.program.definition(id).map(|found| found.naming.name.clone()),
            Node::Earned(id) | Node::ToDate(id) => self.program.earn(id).map(|earn| earn.naming.name.clone()),
        }
        .unwrap_or_default()
    }

    fn node_span(&self, node: Node) -> Option<Span> {
        match node {
            Node::Definition(id) => self.program.definition(id).map(|found| found.naming.span),
            Node::Earned(id) | Node::ToDate(id) => self.program.earn(id).map(|earn| earn.naming.span),
        }
    }

    fn node_unit(&self, node: Node) -> Text {
        let plan = match node {
            Node::Definition(id) => self.program.definition(id).map(|found| found.plan),
            Node::Earned(id) | Node::ToDate(id) => self.program.earn(id).map(|earn| earn.plan),
        };
        let unit = plan
            .and_then(|plan| self.program.plan(plan))
            .map(|plan| plan.unit);
        unit.map_or(text!("period", "期间"), unit_name)
    }

    fn is_balance(&self, node: Node) -> bool {
        match node {
            Node::Definition(id) => self
                .program
                .definition(id)
                .is_some_and(|found| matches!(found.kind, DefinitionKind::Carry { .. })),
            Node::Earned(_) | Node::ToDate(_) => false,
        }
    }
}

/// Lists what the lines of an earn need by themselves.
fn earn_roots(earn: &Earn) -> Vec<&Expr> {
    let mut roots: Vec<&Expr> = vec![&earn.value];
    roots.extend(parts(&earn.exceptions));
    roots.extend(earn.caps().map(|cap| &cap.at));
    roots.extend(earn.break_down().map(|broken| &broken.weight));
    if let Some(lines) = &earn.lines {
        roots.extend(lines.filter.iter().chain([&lines.dated]).chain(&lines.order));
    }
    roots
}

fn parts(exceptions: &[Exception]) -> impl Iterator<Item = &Expr> {
    exceptions
        .iter()
        .flat_map(|exception| [&exception.when, &exception.value])
}

fn needs_of(roots: &[&Expr]) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut open: Vec<&Expr> = roots.iter().rev().copied().collect();
    while let Some(at) = open.pop() {
        if let ExprKind::Use { definition, .. } = &at.kind {
            needs.push((Node::Definition(*definition), at.span));
        } else if let ExprKind::Earned { earn, part, .. } = &at.kind {
            needs.push((amount_node(*earn, *part), at.span));
        }
        let mut inner = at.children();
        inner.reverse();
        open.extend(inner);
    }
    needs
}

fn amount_node(earn: EarnId, part: EarnPart) -> Node {
    match part {
        EarnPart::Earned | EarnPart::Uncut => Node::Earned(earn),
        EarnPart::PaidToDate
        | EarnPart::Released
        | EarnPart::Held
        | EarnPart::ClawedBack
        | EarnPart::Due
        | EarnPart::InReview
        | EarnPart::Amortised
        | EarnPart::WrittenOff
        | EarnPart::Unamortised => Node::ToDate(earn),
    }
}
