//! What a plan does not say, and what therefore holds.

use guerdon_plan::hir::{
    Aggregate, Cap, Definition, DefinitionKind, Domain, Earn, Exception, Expr, ExprKind, Factor, Limit,
    Lines, MissingDay, Plan as PlanTree, Rest, Unweighted,
};
use guerdon_plan::types::{BinderId, PlanId, Scalar};
use guerdon_syntax::{Span, Text, text};

use super::Reader;
use super::zero::{all_of, constant, keeps_from_zero, required};

/// Is something that a plan leaves open, which is decided the same way for every plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    /// The statement that leaves it open.
    pub name: String,
    /// What holds.
    pub words: Text,
    /// What would be written for something else; empty where nothing else can be had.
    pub instead: Text,
    /// Where the statement stands.
    pub span: Span,
}

/// Collects what is left open, each once.
#[derive(Default)]
struct Found<'p> {
    all: Vec<Unsaid>,
    /// The conditions that the plan checks, each of which holds wherever there is an amount.
    checked: Vec<&'p Expr>,
}

impl Found<'_> {
    fn add(&mut self, name: &str, span: Span, words: Text, instead: Text) {
        let unsaid = Unsaid {
            name: name.to_owned(),
            words,
            instead,
            span,
        };
        if !self.all.contains(&unsaid) {
            self.all.push(unsaid);
        }
    }
}

impl Reader<'_> {
    /// Lists what a plan leaves open.
    pub(super) fn unsaid(self, id: PlanId, plan: &PlanTree) -> Vec<Unsaid> {
        let program = &self.compiled.program;
        let checks = plan.checks.iter().map(|check| &check.condition);
        let mut found = Found {
            all: Vec::new(),
            checked: checks.flat_map(all_of).collect(),
        };
        self.proration(plan, &mut found);
        for definition in plan.definitions.iter().filter_map(|one| program.definition(*one)) {
            self.definition_unsaid(definition, plan.payee, &mut found);
        }
        for earn in plan.earns.iter().filter_map(|earn| program.earn(*earn)) {
            self.earn_unsaid(earn, plan.payee, &mut found);
        }
        for definition in plan.carries.iter().chain(&plan.pays) {
            if let Some(definition) = program.definition(*definition).filter(|one| one.plan == id) {
                self.definition_unsaid(definition, plan.payee, &mut found);
            }
        }
        found.all
    }

    fn proration(self, plan: &PlanTree, found: &mut Found<'_>) {
        let program = &self.compiled.program;
        let definitions = plan.definitions.iter().chain(&plan.carries).chain(&plan.pays);
        let definitions = definitions.filter_map(|id| program.definition(*id));
        let earns = plan.earns.iter().filter_map(|id| program.earn(*id));
        let mut formulas = definitions.flat_map(of_definition).chain(earns.flat_map(of_earn));
        if !plan.pays.is_empty() && !formulas.any(counts_days) {
            let words = text!(
                "who is paid for a part of a period is paid as for all of it: no quota, target pay, draw, cap or limit is prorated",
                "仅部分期间在册者按整期计算：定额、目标奖金、预支、限额与档位均不按比例折算"
            );
            let instead = text!(
                "segments … with segment_share[s], or a factor of days",
                "分段 … 与 分段占比，或按天数的系数"
            );
            found.add("", plan.naming.span, words, instead);
        }
    }

    fn definition_unsaid(self, one: &Definition, payee: BinderId, found: &mut Found<'_>) {
        let (name, span) = (&one.naming.name, one.span);
        if self.compiled.program.is_of_pairs(one) {
            found.add(
                name,
                span,
                text!(
                    "it is worked out for the pairs of records that are asked for, and has no column in the report",
                    "只对所问到的记录对计算，报表中没有该列"
                ),
                text!(
                    "a measure for one of them that sums over the other",
                    "为其中一方设度量，对另一方合计"
                ),
            );
        }
        match &one.kind {
            DefinitionKind::Carry { value, opening, .. } => {
                self.formula(name, span, value, None, found);
                self.formula(name, span, opening, None, found);
                found.add(
                    name,
                    span,
                    text!(
                        "the balance stays as it is while its owner is no payee, also after an exit",
                        "所有人不在适用范围内（含离职后）时，余额保持不变"
                    ),
                    text!(
                        "settle it in the pay line of the last period",
                        "在最后一期的发放行中结清"
                    ),
                );
            }
            DefinitionKind::Pay(value) => {
                self.formula(name, span, value, None, found);
                if !is_never_negative(value) {
                    let zero = nothing_of(one.ty.scalar);
                    found.add(
                        name,
                        span,
                        text!(
                            "an amount below zero stands: it is taken back",
                            "金额为负时照列：即扣回"
                        ),
                        text!(
                            "at least {zero}, with a carry for what is left",
                            "保底 {zero}，余额用 结转"
                        ),
                    );
                }
            }
            DefinitionKind::Let(value) | DefinitionKind::Measure(value) | DefinitionKind::Streak(value) => {
                self.formula(name, span, value, Some(payee), found);
            }
        }
        disagreeing(name, span, &one.exceptions, found);
    }

    fn earn_unsaid(self, earn: &Earn, payee: BinderId, found: &mut Found<'_>) {
        let (name, span) = (&earn.naming.name, earn.span);
        if let Some(lines) = &earn.lines {
            self.lines_unsaid(earn, lines, payee, found);
        }
        self.formula(name, span, &earn.value, None, found);
        disagreeing(name, span, &earn.exceptions, found);
        earn.caps().for_each(|cap| self.cap_unsaid(name, cap, found));
        if let Some(release) = earn.release.as_ref().filter(|_| earn.keeps_released()) {
            found.add(
                name,
                release.span,
                text!(
                    "what was released stays released where the share falls, as when a payment bounces",
                    "释放比例下降时（例如退票），已释放的保留不变"
                ),
                text!("may fall, or a clawback", "可回落，或 追回"),
            );
        }
        if let Some(clawback) = &earn.clawback {
            found.add(
                name,
                clawback.span,
                text!(
                    "measures and attainment go on counting what is taken back",
                    "度量与完成率仍计入被追回的记录"
                ),
                text!(
                    "leave such records out in the filter of the measure",
                    "在度量的条件中排除此类记录"
                ),
            );
        }
        if let Some(review) = earn.review.as_ref().filter(|review| review.until.is_none()) {
            found.add(
                name,
                review.span,
                text!(
                    "what is to be looked at stays out of what is payable for good",
                    "待复核的金额一直不计入应付"
                ),
                text!("until …", "直至 …"),
            );
        }
    }

    fn lines_unsaid(self, earn: &Earn, lines: &Lines, payee: BinderId, found: &mut Found<'_>) {
        let (name, span) = (&earn.naming.name, earn.span);
        let is_owned = lines
            .filter
            .as_ref()
            .is_some_and(|filter| mentions(filter, payee));
        if !is_owned {
            let table = self.table_name(lines.table);
            found.add(
                name,
                span,
                text!(
                    "every payee has a line for every record of {table}, in full",
                    "每名人员对每条 {table} 都有一行，全额计入"
                ),
                text!("where … is payee", "其中 … 为 领取人"),
            );
        }
        let whole = parts(&earn.value);
        let stacks: Vec<_> = whole
            .iter()
            .filter_map(|part| {
                if let ExprKind::Apply(apply) = &part.kind {
                    Some(apply)
                } else {
                    None
                }
            })
            .collect();
        for apply in stacks.iter().filter(|apply| apply.stack.is_none()) {
            let tiers = self.compiled.program.tier_table(apply.tiers);
            let tiers = tiers.map_or("", |tiers| tiers.naming.name.as_str());
            found.add(
                name,
                span,
                text!(
                    "each line enters tiers {tiers} by itself, at the first tier",
                    "每行各自从阶梯 {tiers} 的第一档算起"
                ),
                text!(
                    "stacked in order of … restarting every year",
                    "累计按 … 重置每 年"
                ),
            );
        }
        let endless = stacks.iter().filter_map(|apply| apply.stack.as_ref());
        if endless.clone().any(|stack| stack.restarting.is_none()) {
            found.add(
                name,
                span,
                text!("the running total never starts again", "累计从不重新开始"),
                text!("restarting every year", "重置每 年"),
            );
        }
        if stacks.iter().all(|apply| apply.stack.is_none()) && earn.caps().next().is_some() {
            let dated = self.said(&lines.dated);
            found.add(
                name,
                span,
                text!(
                    "lines come in the order of {dated}, those of one day in the order of their key",
                    "各行按 {dated} 排序，同日按主键"
                ),
                text!("apply … stacked in order of …", "套用 … 累计按 …"),
            );
        }
    }

    fn cap_unsaid(self, name: &str, cap: &Cap, found: &mut Found<'_>) {
        if !cap.is_excess_written {
            found.add(
                name,
                cap.span,
                text!("what is cut is forfeited", "被截断的金额作废"),
                text!("excess carried, or excess review", "超额 结转，或 超额 复核"),
            );
        }
        if !cap.is_cut_written {
            found.add(
                name,
                cap.span,
                text!("the latest lines are cut first", "先截断最后的行"),
                text!("cut in proportion", "截断 按比例"),
            );
        }
    }

    /// Lists what the operations of a formula leave open.
    fn formula(self, name: &str, span: Span, value: &Expr, payee: Option<BinderId>, found: &mut Found<'_>) {
        for part in parts(value) {
            if let ExprKind::Apply(apply) = &part.kind {
                if let Some(quota) = &apply.against {
                    self.divisor(name, span, quota, found);
                }
            } else if let ExprKind::Product(factors) = &part.kind {
                let over = factors.iter().filter(|(factor, _)| *factor == Factor::Over);
                let over = over.filter(|(_, part)| !matches!(part.kind, ExprKind::Const(_)));
                over.for_each(|(_, part)| self.divisor(name, span, part, found));
            } else if let ExprKind::Convert { rates, .. } = &part.kind {
                let rates = self.compiled.program.exchange_rates(*rates);
                if rates.is_some_and(|rates| rates.missing_day == MissingDay::Error) {
                    found.add(
                        name,
                        span,
                        text!("a day without an exchange rate is an error", "当日无汇率则报错"),
                        text!(
                            "missing day previous within 5 days, in the rates",
                            "汇率表中：缺失日 取前 5 天内"
                        ),
                    );
                }
            } else if let ExprKind::Share(share) = &part.kind {
                shares(name, span, share.rest, share.unweighted, found);
            } else if let (ExprKind::Aggregate(aggregate), Some(_)) = (&part.kind, payee) {
                rolled_up(name, span, aggregate, found);
            }
        }
    }

    fn divisor(self, name: &str, span: Span, quota: &Expr, found: &mut Found<'_>) {
        if matches!(quota.kind, ExprKind::DaysIn { .. } | ExprKind::DaysBetween { .. }) {
            return;
        }
        let is_checked = {
            let is_quota = |part: &Expr| self.said(part) == self.said(quota);
            let mut checked = found.checked.iter();
            checked.any(|one| keeps_from_zero(one, is_quota)) || self.field_is_never_zero(quota)
        };
        if is_checked {
            return;
        }
        let quota = self.said(quota);
        found.add(
            name,
            span,
            text!(
                "where {quota} is zero there is no amount but an error that names the payee",
                "{quota} 为零时不出金额，而报错并指明人员"
            ),
            text!("if … > 0 then … else …", "如果 … > 0 则 … 否则 …"),
        );
    }

    /// Says whether a value is a field whose own check leaves zero out.
    fn field_is_never_zero(self, value: &Expr) -> bool {
        let ExprKind::Field { row, field } = &required(value).kind else {
            return false;
        };
        let Scalar::Row(table) = row.ty.scalar else {
            return false;
        };
        let fields = self.compiled.program.table(table).map(|table| &table.fields);
        let check = fields.and_then(|fields| fields.get(field.index())?.check.as_ref());
        let is_own = |part: &Expr| matches!(&part.kind, ExprKind::Field { field: own, .. } if own == field);
        check.is_some_and(|(_, check)| all_of(check).into_iter().any(|one| keeps_from_zero(one, is_own)))
    }
}

/// Lists the formulas of a definition.
fn of_definition(one: &Definition) -> Vec<&Expr> {
    let value = match &one.kind {
        DefinitionKind::Let(value)
        | DefinitionKind::Measure(value)
        | DefinitionKind::Pay(value)
        | DefinitionKind::Streak(value)
        | DefinitionKind::Carry { value, .. } => value,
    };
    let changed = one.exceptions.iter().map(|exception| &exception.value);
    std::iter::once(value).chain(changed).collect()
}

/// Lists the formulas that say how much an earn comes to.
fn of_earn(earn: &Earn) -> Vec<&Expr> {
    let changed = earn.exceptions.iter().map(|exception| &exception.value);
    let limits = earn.caps().map(|cap| &cap.at);
    std::iter::once(&earn.value)
        .chain(changed)
        .chain(limits)
        .collect()
}

/// Says whether days are counted somewhere in a formula: what has to be where a part of a period counts as one.
fn counts_days(value: &Expr) -> bool {
    parts(value)
        .iter()
        .any(|part| matches!(part.kind, ExprKind::DaysIn { .. } | ExprKind::DaysBetween { .. }))
}

fn rolled_up(name: &str, span: Span, aggregate: &Aggregate, found: &mut Found<'_>) {
    let is_team = |domain: &Domain| matches!(domain, Domain::Below { .. });
    if aggregate.sources.iter().any(|source| is_team(&source.domain)) {
        found.add(
            name,
            span,
            text!(
                "the team is that of the last day of the period",
                "团队以本期末日为准"
            ),
            text!(
                "a for each … up from … line, which goes by its own day",
                "逐条 … 自 … 向上 的明细以各自日期为准"
            ),
        );
    }
}

fn shares(name: &str, span: Span, rest: Rest, unweighted: Unweighted, found: &mut Found<'_>) {
    if rest == Rest::LargestRemainder {
        found.add(
            name,
            span,
            text!(
                "odd cents go to the largest remainders, of equal ones to the first by key",
                "零头给余数最大者，相同者按主键先后"
            ),
            text!("rest to largest, first or last", "余数归 最大、首条 或 末条"),
        );
    }
    if unweighted == Unweighted::Refused {
        found.add(
            name,
            span,
            text!("where all weights are zero it is an error", "权重全为零则报错"),
            text!("otherwise equally", "缺省 平均"),
        );
    }
}

fn disagreeing(name: &str, span: Span, exceptions: &[Exception], found: &mut Found<'_>) {
    let open = exceptions.iter().filter(|exception| exception.over.is_empty());
    if open.count() > 1 {
        found.add(
            name,
            span,
            text!(
                "where two exceptions apply and give different values it is an error",
                "两条例外同时适用且取值不同则报错"
            ),
            text!("over …, in the one that counts", "在优先的例外中写 覆盖 …"),
        );
    }
}

/// Lists an expression and all of its parts.
fn parts(value: &Expr) -> Vec<&Expr> {
    let mut open = vec![value];
    let mut all = Vec::new();
    while let Some(expr) = open.pop() {
        open.extend(expr.children());
        all.push(expr);
    }
    all
}

fn mentions(value: &Expr, binder: BinderId) -> bool {
    parts(value)
        .iter()
        .any(|part| part.kind == ExprKind::Binder(binder))
}

/// Writes no money, or no points.
fn nothing_of(scalar: Scalar) -> String {
    if let Scalar::Money(currency) = scalar {
        format!("{currency} 0")
    } else {
        "0".to_owned()
    }
}

/// Says whether a formula has a floor of zero or more, or is nothing that could be less.
fn is_never_negative(value: &Expr) -> bool {
    let is_floor = |(limit, at): &(Limit, Expr)| {
        *limit == Limit::AtLeast && constant(at).is_some_and(|at| !at.is_negative())
    };
    let ExprKind::Bounded { limits, .. } = &required(value).kind else {
        return constant(value).is_some_and(|value| !value.is_negative());
    };
    let Some(floor) = limits.iter().position(is_floor) else {
        return false;
    };
    // A ceiling behind the floor is what holds where the two disagree.
    let behind = limits
        .iter()
        .skip(floor)
        .filter(|(limit, _)| *limit == Limit::AtMost);
    behind
        .into_iter()
        .all(|(_, at)| constant(at).is_some_and(|at| !at.is_negative()))
}
