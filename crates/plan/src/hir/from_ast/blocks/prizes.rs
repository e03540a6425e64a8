//! Prizes as they are written: every place once, and no more than the budget.

use guerdon_syntax::ast::{
    ContestTies, Expr, ExprKind, ExprLine, LiteralKind, Prize, PrizePlaces, Prizes, RankLine,
};
use guerdon_syntax::{Code, Diagnostic, Sink, Text, text};

use crate::hir::from_ast::literal::exact;
use crate::number::Exact;

/// Says where a place has two prizes or none, and where prizes can pass the budget.
pub(super) fn check(prizes: &Prizes, rank: &RankLine, budget: Option<&ExprLine>, sink: &mut Sink) {
    let mut next = Some(1_u64);
    for row in &prizes.rows {
        next = follow(row, next, sink);
    }
    if let Some(budget) = budget {
        check_budget(prizes, rank, budget, sink);
    }
}

/// Checks that a row begins where the one before ended; gives the place after it.
fn follow(row: &Prize, next: Option<u64>, sink: &mut Sink) -> Option<u64> {
    let (first, last) = match &row.places {
        PrizePlaces::One(place) => (whole(&place.kind), whole(&place.kind)),
        PrizePlaces::Range(first, last) => (whole(&first.kind), whole(&last.kind)),
        PrizePlaces::Up(first) => (whole(&first.kind), None),
        PrizePlaces::Others(_) => return None,
    };
    let (Some(wanted), Some(first)) = (next, first) else {
        if next.is_none() {
            push(
                row,
                text!(
                    "all places behind the row above have their prize",
                    "上一行之后的名次均已有奖项"
                ),
                sink,
            );
        }
        return next;
    };
    if first != wanted || last.is_some_and(|last| last < first) {
        let what = if first > wanted {
            text!("place {wanted} has no prize", "第 {wanted} 名没有奖项")
        } else if first < wanted {
            text!("place {first} has a prize already", "第 {first} 名已有奖项")
        } else {
            text!("the places run backwards", "名次次序颠倒")
        };
        push(row, what, sink);
    }
    match (&row.places, last) {
        (PrizePlaces::Up(_), _) => None,
        (_, Some(last)) => last.checked_add(1),
        (_, None) => None,
    }
}

fn push(row: &Prize, what: Text, sink: &mut Sink) {
    sink.push(Diagnostic::error(Code::E0503, what).primary(row.span, Text::default()));
}

/// Checks the worst case of prizes that are all written as amounts.
fn check_budget(prizes: &Prizes, rank: &RankLine, budget: &ExprLine, sink: &mut Sink) {
    let Some((currency, most)) = amount(&budget.value) else {
        return;
    };
    let mut sum = Exact::ZERO;
    for row in &prizes.rows {
        let Some((other, value)) = amount(&row.value).filter(|(other, _)| *other == currency) else {
            return;
        };
        let _ = other;
        let Some(places) = places(&row.places) else { return };
        let Ok(value) = value.mul(&Exact::from_i64(places)) else {
            return;
        };
        let Ok(added) = sum.add(&value) else { return };
        sum = added;
    }
    let may_multiply = matches!(rank.ties, Some(ContestTies::All));
    if sum > most {
        push_over(&sum, &most, currency, budget, prizes, sink);
    } else if may_multiply {
        sink.push(
            Diagnostic::remark(
                Code::E0502,
                text!(
                    "with \"ties all\" equal entrants can be paid {currency} {sum} several times over",
                    "“并列 全部”时，并列者可使 {currency} {sum} 多次发放"
                ),
            )
            .primary(
                budget.span,
                text!("checked again when the contest is run", "运行竞赛时会再次检查"),
            ),
        );
    }
}

fn push_over(sum: &Exact, most: &Exact, currency: &str, budget: &ExprLine, prizes: &Prizes, sink: &mut Sink) {
    let Ok(over) = sum.sub(most) else { return };
    sink.push(
        Diagnostic::error(
            Code::E0502,
            text!(
                "the prizes come to {currency} {sum}, {currency} {over} more than the budget",
                "奖金合计 {currency} {sum}，超出预算 {currency} {over}"
            ),
        )
        .primary(budget.span, text!("{currency} {most}", "{currency} {most}"))
        .secondary(prizes.span, text!("the prizes", "奖项")),
    );
}

/// Reads an amount that is written as one: its currency, which a plain number has not, and how much.
pub(super) fn amount(value: &Expr) -> Option<(&str, Exact)> {
    if let ExprKind::Paren(inner) = &value.kind {
        return amount(inner);
    }
    let ExprKind::Literal(literal) = &value.kind else {
        return None;
    };
    if let LiteralKind::Money(code, number) = &literal.kind {
        Some((code, exact(number)?))
    } else if let LiteralKind::Number(number) = &literal.kind {
        Some(("", exact(number)?))
    } else {
        None
    }
}

fn places(places: &PrizePlaces) -> Option<i64> {
    match places {
        PrizePlaces::One(_) => Some(1),
        PrizePlaces::Range(first, last) => {
            let count = whole(&last.kind)?
                .checked_sub(whole(&first.kind)?)?
                .checked_add(1)?;
            i64::try_from(count).ok()
        }
        PrizePlaces::Up(_) | PrizePlaces::Others(_) => None,
    }
}

/// Reads a literal as a place.
pub(super) fn whole(kind: &LiteralKind) -> Option<u64> {
    if let LiteralKind::Number(number) = kind
        && number.exponent == 0
    {
        number.digits.parse().ok()
    } else {
        None
    }
}
