//! Awards: honours for what somebody has reached, without ranking.

use guerdon_syntax::Sink;
use guerdon_syntax::ast::{
    Award as Tree, AwardStatement, ChainOp, Expr, Grant as GrantLine, GrantLimit, Measure, Name, Plan,
    PlanStatement, Rounding, Tail, Unit,
};

use super::heads::{Head, Heads};
use super::write::Writer;
use super::{Written, push_no_line};
use crate::hir::schema::Naming;
use crate::hir::{Award, Block, Grant};

/// Holds the lines of an award.
#[derive(Default)]
struct Lines<'a> {
    heads: Heads<'a>,
    grants: Vec<&'a GrantLine>,
}

/// Writes an award as a plan.
pub(super) fn write(tree: &Tree, sink: &mut Sink) -> (Plan, Written) {
    let mut statements = Vec::new();
    let lines = Lines::read(tree, &mut statements, sink);
    lines.require(&tree.name, sink);
    let grants = lines
        .grants
        .iter()
        .map(|grant| lines.grant(grant, &mut statements));
    let block = Award {
        grants: grants.collect(),
    };
    let plan = Plan {
        name: tree.name.clone(),
        title: tree.title.clone(),
        extends: None,
        statements,
        span: tree.span,
    };
    (plan, Written::of(Block::Award(block), "payee"))
}

impl<'a> Lines<'a> {
    fn read(tree: &'a Tree, statements: &mut Vec<PlanStatement>, sink: &mut Sink) -> Self {
        let mut lines = Self::default();
        for statement in &tree.statements {
            let span = statement.span();
            let head = match statement {
                AwardStatement::Payee(line) => Head::People(line),
                AwardStatement::Period(line) => Head::Period(line),
                AwardStatement::Effective(line) => Head::Effective(line),
                AwardStatement::Currency(line) => Head::Currency(line),
                AwardStatement::Rounding(line) => Head::Rounding(line),
                AwardStatement::Policy(line) => Head::Policy(line),
                AwardStatement::Let(line) => Head::Let(line),
                AwardStatement::Measure(line) => Head::Measure(line),
                AwardStatement::Check(line) => Head::Check(line),
                AwardStatement::Grant(line) => {
                    lines.grants.push(line);
                    continue;
                }
            };
            lines.heads.read(head, span, statements, sink);
        }
        lines
    }

    fn require(&self, name: &Name, sink: &mut Sink) {
        let pays = self.grants.iter().any(|grant| grant.cash.is_some());
        if self.heads.people.is_none() {
            let line = ("payee Person where …", "适用人员 人员 其中 …");
            push_no_line(sink, name, ("payee", "适用人员"), line);
        }
        if self.heads.period.is_none() {
            push_no_line(sink, name, ("period", "周期"), ("period month", "周期 月"));
        }
        if self.grants.is_empty() {
            push_no_line(
                sink,
                name,
                ("grant", "授予"),
                ("grant club when …", "授予 俱乐部 当 …"),
            );
        }
        if pays && self.heads.currency.is_none() {
            push_no_line(sink, name, ("currency", "币种"), ("currency CNY", "币种 CNY"));
        }
        if pays && self.heads.rounding.is_none() {
            let line = ("rounding half-up to 0.01", "舍入 四舍五入 精确到 0.01");
            push_no_line(sink, name, ("rounding", "舍入"), line);
        }
    }

    fn rounding(&self) -> Option<&'a Rounding> {
        self.heads.rounding.and_then(|(line, _)| line.rounding.as_ref())
    }

    /// Writes one honour: whether it is granted, and what may be taken instead.
    fn grant(&self, grant: &GrantLine, statements: &mut Vec<PlanStatement>) -> Grant<String> {
        let name = grant.name.text.as_str();
        let w = Writer::at(grant.span);
        let condition = Writer::at(grant.when.span).condition(grant.when.clone());
        let granted = match grant.limit {
            None => condition,
            Some(limit) => first_time(w, name, condition, limit, statements),
        };
        statements.push(PlanStatement::Measure(Measure {
            name: grant.name.clone(),
            title: grant.title.clone(),
            grain: Vec::new(),
            dated: None,
            value: granted,
            tail: grant.tail.clone(),
            span: grant.span,
        }));
        let cash = grant.cash.as_ref().map(|cash| {
            let amount = self.rounded(Writer::at(cash.span), cash.clone());
            let cash = format!("{name} cash");
            statements.push(w.measure(&cash, w.choice(w.value(name), amount, w.missing())));
            cash
        });
        Grant {
            naming: Naming {
                name: name.to_owned(),
                alias: None,
                title: grant.title.as_ref().map(|title| title.value.clone()),
                span: grant.name.span,
            },
            granted: name.to_owned(),
            cash,
            reason: crate::hir::from_ast::reason(&grant.tail),
        }
    }

    /// Rounds an amount as the award says.
    fn rounded(&self, w: Writer, amount: Expr) -> Expr {
        match self.rounding() {
            Some(rounding) => w.rounded(amount, rounding.mode, rounding.step.clone()),
            None => amount,
        }
    }
}

/// Writes that a condition holds for the first time, ever or in a year.
///
/// One balance says whether the honour is granted now, another whether it has been granted by now.
fn first_time(
    w: Writer,
    name: &str,
    condition: Expr,
    limit: GrantLimit,
    statements: &mut Vec<PlanStatement>,
) -> Expr {
    let (now, given) = (format!("{name} now"), format!("{name} given"));
    let is_first = w.all(vec![w.not(w.prior(&given)), condition]);
    statements.push(w.carry(&now, is_first, w.truth(false)));
    let by_now = w.chain(ChainOp::Or, vec![w.prior(&given), w.value(&now)]);
    let by_now = by_now.unwrap_or_else(|| w.value(&now));
    let restarting = match limit {
        GrantLimit::Once => None,
        GrantLimit::Every(unit) => Some(unit),
    };
    statements.push(restarting_carry(w, &given, by_now, restarting));
    w.pair(w.value(&now), ChainOp::Otherwise, w.truth(false))
}

fn restarting_carry(w: Writer, name: &str, value: Expr, restarting: Option<Unit>) -> PlanStatement {
    PlanStatement::Carry(guerdon_syntax::ast::Carry {
        name: w.name(name),
        value,
        starting: w.truth(false),
        restarting,
        tail: Tail::default(),
        span: w.span(),
    })
}
