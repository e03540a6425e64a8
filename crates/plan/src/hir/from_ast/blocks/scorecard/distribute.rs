//! Forced distribution: the grades of a group are given out by place, so many of each as their shares say.

use guerdon_syntax::ast::{
    ChainOp, CompareOp, CutTies, Decimal, Direction, Distribute, Expr, Grade, Literal, LiteralKind, RankKey,
    RankTies, RoundMode, RoundStep,
};
use guerdon_syntax::{Code, Diagnostic, Span, Text, text};

use super::Card;
use super::grades::{REACHED, SHARED, share_of};
use super::group::Group;
use super::weight::sum;
use crate::hir::from_ast::blocks::write::Writer;
use crate::number::{Exact, format_percent};

/// How many subjects of the group have a total.
const RANKED: &str = "group size";

/// How many grades are left once each share is cut to whole heads.
const LEFT: &str = "heads left";

impl Card<'_, '_> {
    /// Writes the place that the distribution gives; says whether there is one.
    pub(super) fn distribute(
        &mut self,
        w: Writer,
        group: &Group,
        distribute: &Distribute,
        rows: &[&Grade],
    ) -> bool {
        let (Some(shares), Some(ties)) = (self.shares(rows, w.span()), self.ties(distribute, w.span()))
        else {
            return false;
        };
        let is_up = !matches!(ties, CutTies::Down);
        self.members(w, group, "exact total", RANKED);
        self.heads(w, &shares, is_up);
        let place = match ties {
            CutTies::Up => self.place_by_total(w, group, RankTies::Best),
            CutTies::Down => self.place_by_total(w, group, RankTies::Worst),
            CutTies::BreakBy(keys) => {
                let keys = self.tie_keys(keys);
                self.place_by_total(w, group, RankTies::OrderBy(keys))
            }
        };
        let Some(place) = place else { return false };
        self.push(w.measure("place in distribution", place));
        let last = w.number(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        let shared = (1..rows.len()).rev().fold(last, |below, at| {
            let is_in = w.compare(
                w.value("place in distribution"),
                CompareOp::LessOrEqual,
                w.value(&through(at)),
            );
            w.choice(is_in, w.number(u64::try_from(at).unwrap_or(u64::MAX)), below)
        });
        self.firm(w, SHARED, shared);
        true
    }

    /// Writes the place that counts: in a group that is too small the distribution is only advice.
    pub(super) fn binding(&self, w: Writer, distribute: &Distribute) -> Expr {
        let Some(least) = &distribute.least else {
            return w.value(SHARED);
        };
        let is_small = w.compare(w.value(RANKED), CompareOp::Less, w.again(least));
        w.choice(is_small, w.value(REACHED), w.value(SHARED))
    }

    /// Writes how many of the group get each grade, and how many that grade or a better one.
    ///
    /// Each share is cut to whole heads; those that are left go, one each, to the largest remainders, of equal ones to
    /// the better grade, or to the worse where ties go down.
    fn heads(&mut self, w: Writer, shares: &[Exact], is_up: bool) {
        let count = shares.len();
        for (at, share) in shares.iter().enumerate() {
            let exact = || w.pair(w.value(RANKED), ChainOp::Multiply, w.exact(share));
            let whole = w.rounded(exact(), RoundMode::Floor, RoundStep::To(one(w.span())));
            self.lenient(w, &named("heads", at), whole);
            let rest = w.pair(exact(), ChainOp::Subtract, w.value(&named("heads", at)));
            self.lenient(w, &named("rest", at), rest);
        }
        let all = (0..count).map(|at| w.value(&named("heads", at)));
        let all = w
            .chain(ChainOp::Add, all.collect())
            .unwrap_or_else(|| w.number(0));
        self.lenient(w, LEFT, w.pair(w.value(RANKED), ChainOp::Subtract, all));
        for at in 0..count {
            let before = (0..count).filter(|other| *other != at).map(|other| {
                let goes_first = (other < at) == is_up;
                let op = match goes_first {
                    true => CompareOp::GreaterOrEqual,
                    false => CompareOp::Greater,
                };
                let is_before = w.compare(w.value(&named("rest", other)), op, w.value(&named("rest", at)));
                w.choice(is_before, w.number(1), w.number(0))
            });
            let before = w
                .chain(ChainOp::Add, before.collect())
                .unwrap_or_else(|| w.number(0));
            let gets_one = w.compare(before, CompareOp::Less, w.value(LEFT));
            let extra = w.choice(gets_one, w.number(1), w.number(0));
            let own = w.pair(w.value(&named("heads", at)), ChainOp::Add, extra);
            let through_this = match at.checked_sub(1) {
                Some(better) => w.pair(w.value(&through(better.saturating_add(1))), ChainOp::Add, own),
                None => own,
            };
            self.lenient(w, &through(at.saturating_add(1)), through_this);
        }
    }

    /// Writes the keys that tell equal totals apart, each as a measure of its own.
    fn tie_keys(&mut self, keys: &[RankKey]) -> Vec<RankKey> {
        let mut found = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            let w = Writer::at(key.key.span);
            let (name, value) = (named("tie key", at), self.of_subject(&key.key));
            self.push(w.measure(&name, value));
            found.push(RankKey {
                key: w.of(&name, vec![w.value(super::EACH)]),
                direction: Some(key.direction.unwrap_or(Direction::HighestFirst)),
            });
        }
        found
    }

    fn shares(&mut self, rows: &[&Grade], span: Span) -> Option<Vec<Exact>> {
        let shares: Option<Vec<Exact>> = rows.iter().map(|row| share_of(row)).collect();
        let Some(shares) = shares else {
            let lacking = rows.iter().find(|row| share_of(row).is_none());
            let at = lacking.map_or(span, |row| row.span);
            let title = text!("a grade has no share of the group", "有等级没有写明占比");
            let label = text!(
                "write it last: from 90 up : A | 1.2 | 20%",
                "写在最后：满 90 以上 : A | 1.2 | 20%"
            );
            self.sink
                .push(Diagnostic::error(Code::E0510, title).primary(at, label));
            return None;
        };
        let total = sum(&shares);
        if total == Exact::ONE {
            return Some(shares);
        }
        let total = format_percent(&total);
        let title = text!(
            "the shares of the grades add up to {total}, not 100%",
            "各等级的占比之和为 {total}，而不是 100%"
        );
        let mut fault = Diagnostic::error(Code::E0510, title);
        let shares = rows.iter().filter_map(|row| row.share.as_ref());
        for (at, share) in shares.enumerate() {
            fault = match at {
                0 => fault.primary(share.span, text!("{total} in all", "合计 {total}")),
                _ => fault.secondary(share.span, Text::default()),
            };
        }
        self.sink.push(fault);
        None
    }

    fn ties<'d>(&mut self, distribute: &'d Distribute, span: Span) -> Option<&'d CutTies> {
        if distribute.ties.is_none() {
            let title = text!(
                "who gets a grade where equal totals meet a cut is not said",
                "没有写明分界处同分者的等级"
            );
            self.sink.push(Diagnostic::error(Code::E0215, title).primary(
                span,
                text!(
                    "\"ties up\", \"ties down\" or \"ties break by …\"",
                    "“并列 从高”、“并列 从低”或“并列 另按 …”"
                ),
            ));
        }
        distribute.ties.as_ref()
    }
}

fn named(what: &str, at: usize) -> String {
    format!("{what} {}", at.saturating_add(1))
}

fn through(place: usize) -> String {
    format!("heads through {place}")
}

fn one(span: Span) -> Literal {
    let decimal = Decimal {
        is_negative: false,
        digits: "1".to_owned(),
        exponent: 0,
    };
    Literal {
        kind: LiteralKind::Number(decimal),
        written: "1".to_owned(),
        span,
    }
}
