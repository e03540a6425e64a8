//! Races: the day on which an entrant's score reaches the mark.

use guerdon_syntax::ast::{
    Aggregate, AggregateOp, ChainOp, CompareOp, Expr, ExprKind, PeriodExpr, PeriodLineKind, Polarity, Race,
    Running, SourceKind,
};
use guerdon_syntax::{Code, Diagnostic, Sink, text};

use super::team::{conjuncts, membership};
use super::write::Writer;

/// Writes the day on which a running score reaches the mark; missing where it never does.
///
/// The score must be a plain sum over records that name the entrant: `sum amount over Deal where owner is entrant`. The
/// day is the earliest on which the records up to it, in the order of their days, reach the mark.
pub(super) fn reached(
    race: &Race,
    score: &Expr,
    period: Option<&PeriodLineKind>,
    sink: &mut Sink,
) -> Option<Expr> {
    let found = sum_of(score).and_then(|sum| {
        let filter = sum.filter.as_ref()?;
        let (entrant, rest) = membership(filter, "entrant")?;
        Some((sum, filter, entrant, rest))
    });
    let Some((sum, filter, entrant, rest)) = found else {
        push_no_sum(score, sink);
        return None;
    };
    let (source, value) = (sum.sources.first()?, sum.value.as_ref()?);
    let w = Writer::at(race.span);
    // The running sum cannot look at the contest's period, so each record counts with those of its own period; a stretch
    // of days has no other beside it, and its days are known.
    let (timed, mut rest): (Vec<Expr>, Vec<Expr>) = rest.into_iter().partition(is_in_period);
    let mut within = vec![entrant];
    if !timed.is_empty() {
        let day = || race.dated.clone();
        if let Some(PeriodLineKind::Days(from, through)) = period {
            rest.push(w.compare(day(), CompareOp::GreaterOrEqual, w.again(from)));
            rest.push(w.compare(day(), CompareOp::LessOrEqual, w.again(through)));
        } else {
            let period = PeriodExpr::Of(Box::new(day()), None);
            within.push(w.expr(ExprKind::Period(period)));
        }
    }
    let before = w.expr(ExprKind::Running(Box::new(Running {
        value: value.clone(),
        source: source.clone(),
        order: vec![race.dated.clone()],
        within,
        filter: (!rest.is_empty()).then(|| w.all(rest)),
    })));
    let so_far = w.pair(before, ChainOp::Add, value.clone());
    let is_there = w.compare(so_far, CompareOp::GreaterOrEqual, race.mark.clone());
    let mut conditions: Vec<Expr> = Vec::new();
    let mut all = Vec::new();
    conjuncts(filter, &mut all);
    conditions.extend(all.into_iter().cloned());
    conditions.push(is_there);
    Some(w.aggregate(
        AggregateOp::Lowest,
        Some(race.dated.clone()),
        source.clone(),
        Some(w.all(conditions)),
    ))
}

/// Gives the sum that a score is, if it is nothing else.
fn sum_of(score: &Expr) -> Option<&Aggregate> {
    if let ExprKind::Paren(inner) = &score.kind {
        return sum_of(inner);
    }
    let ExprKind::Aggregate(sum) = &score.kind else {
        return None;
    };
    let is_plain = sum.op == AggregateOp::Sum
        && sum.best.is_none()
        && !sum.is_distinct
        && matches!(sum.sources.as_slice(), [source] if matches!(source.kind, SourceKind::Named(_)));
    is_plain.then_some(&**sum)
}

fn is_in_period(condition: &Expr) -> bool {
    matches!(
        &condition.kind,
        ExprKind::In(_, Polarity::Plain, range)
            if matches!(&range.kind, ExprKind::Period(PeriodExpr::Current))
    )
}

fn push_no_sum(score: &Expr, sink: &mut Sink) {
    let message = Diagnostic::error(
        Code::E0503,
        text!(
            "a race needs a score that grows record by record",
            "竞速需要逐条累加的得分"
        ),
    );
    let why = text!(
        "write a plain sum: sum amount over Deal where owner is entrant",
        "请写普通合计：合计 金额 对 合同 其中 负责人 为 参赛者"
    );
    sink.push(message.primary(score.span, why));
}
