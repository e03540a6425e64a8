//! Pipelines: the order of operations of each plan, in words.
//!
//! Nothing here is computed from records: the order is read off the typed plan, as the engine works it off, so that a
//! finance person sees "multiply, then cap, then gate" before the first amount is paid.

mod blocks;
mod books;
mod limits;
mod spine;
mod unsaid;
mod zero;

use std::collections::BTreeSet;

use guerdon_plan::hir::{
    Check, Definition, DefinitionKind, Earn, Effective, Exception, FailedRow, PaysIn, Plan as PlanTree,
    Reason, RoundingPlace, RoundingRule, Share,
};
use guerdon_plan::types::{DefinitionId, PlanId};
use guerdon_syntax::{Span, Text, text};

use self::books::{broken_chain, settling_links};
use self::spine::rounded;
pub use self::unsaid::Unsaid;
use crate::compiled::Compiled;
use crate::plan::Plan;

/// Holds the order of operations of one plan or block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// The name of the plan or block.
    pub plan: String,
    /// Its display title.
    pub title: Option<String>,
    /// What it is: plan, contest, award, target, warning, scorecard.
    pub kind: Text,
    /// The steps, in the order in which they are worked off.
    pub steps: Vec<Step>,
    /// For each amount, the operations on it from the first value to the last, `let` and `measure` written out.
    pub chains: Vec<Chain>,
    /// What it leaves open, and what therefore holds.
    pub unsaid: Vec<Unsaid>,
    /// Where it stands.
    pub span: Span,
}

/// Is one step of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub stage: Stage,
    /// The statement that it belongs to: the name of an earn, a pay, a measure; empty where it has none.
    pub name: String,
    /// What happens, in words.
    pub words: Text,
    /// The text after `because`.
    pub because: Option<String>,
    /// The text after `ref`.
    pub reference: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// Is what one amount goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The name of the earn, carry or pay.
    pub name: String,
    /// The operations, the first value first.
    pub links: Vec<Text>,
}

/// Names the kinds of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Who is paid, enters, or is watched.
    Payee,
    /// The periods.
    Period,
    /// A condition on records or payees.
    Check,
    /// A value for use elsewhere.
    Let,
    /// A value that is shown.
    Measure,
    /// The records that earn.
    Credit,
    /// The amount of an earn.
    Earn,
    /// A change to a value under a condition.
    Except,
    /// A rounding.
    Round,
    /// A limit on a running total.
    Cap,
    /// The share payable by now.
    Release,
    /// The share taken back by now.
    Clawback,
    /// What is looked at before it is paid.
    Review,
    /// What is kept back.
    Hold,
    /// How an amount of a period is broken down to records.
    BreakDown,
    /// How the books spread a cost.
    Amortise,
    /// A balance.
    Carry,
    /// What is paid.
    Pay,
    /// A part of a contest, an award, a target, a warning or a scorecard.
    Block,
}

impl Stage {
    /// Names the stage as programs read it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Payee => "payee",
            Self::Period => "period",
            Self::Check => "check",
            Self::Let => "let",
            Self::Measure => "measure",
            Self::Credit => "credit",
            Self::Earn => "earn",
            Self::Except => "except",
            Self::Round => "rounding",
            Self::Cap => "cap",
            Self::Release => "release",
            Self::Clawback => "clawback",
            Self::Review => "review",
            Self::Hold => "hold",
            Self::BreakDown => "break down",
            Self::Amortise => "amortise",
            Self::Carry => "carry",
            Self::Pay => "pay",
            Self::Block => "block",
        }
    }

    /// Names the stage for people.
    pub fn shown(self) -> Text {
        match self {
            Self::Payee => text!("who", "人员"),
            Self::Period => text!("when", "期间"),
            Self::Check => text!("check", "校验"),
            Self::Let => text!("let", "设"),
            Self::Measure => text!("measure", "度量"),
            Self::Credit => text!("records", "记录"),
            Self::Earn => text!("earn", "计提"),
            Self::Except => text!("except", "例外"),
            Self::Round => text!("round", "舍入"),
            Self::Cap => text!("cap", "限额"),
            Self::Release => text!("release", "放行"),
            Self::Clawback => text!("clawback", "追回"),
            Self::Review => text!("review", "复核"),
            Self::Hold => text!("hold", "留存"),
            Self::BreakDown => text!("break down", "拆分"),
            Self::Amortise => text!("amortise", "摊销"),
            Self::Carry => text!("carry", "结转"),
            Self::Pay => text!("pay", "发放"),
            Self::Block => Text::default(),
        }
    }
}

impl Plan {
    /// Lists what each plan does, step by step, in the order in which it is worked off.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon::{Plan, Source};
    ///
    /// let rules = r#"
    /// data Seller key name
    ///   name   : text
    ///   base   : money EUR
    ///   passed : bool
    /// end
    ///
    /// plan bonus
    ///   payee     Seller
    ///   currency  EUR
    ///   effective 2026-01-01 through 2026-12-31
    ///   period    month
    ///   rounding  half-up to 0.01 at each line
    ///   let raised = payee.base * 1.5
    ///   let capped = raised at most EUR 12,000
    ///   earn bonus = if payee.passed then capped else capped * 75%
    ///   pay total = due bonus
    /// end
    /// "#;
    /// let plan = Plan::compile(&[Source::new("bonus.guerdon", rules)])?;
    /// let pipelines = plan.pipelines();
    /// let chain: Vec<&str> = pipelines[0].chains[0].links.iter().map(|link| link.en.as_str()).collect();
    /// assert_eq!(
    ///     chain,
    ///     [
    ///         "payee.base",
    ///         "multiply by 1.5",
    ///         "at most EUR 12,000",
    ///         "unless payee.passed: multiply by 75%",
    ///         "round half-up to 0.01",
    ///     ]
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pipelines(&self) -> Vec<Pipeline> {
        let compiled = self.compiled();
        let reader = Reader { compiled };
        let plans = compiled.program.plans.iter().enumerate();
        plans
            .map(|(at, plan)| reader.pipeline(PlanId::at(at), plan))
            .collect()
    }
}

/// Is one step on the way through statements that use one another.
enum Visit {
    /// A statement, before those it uses.
    Enter(DefinitionId),
    /// A statement, behind those it uses.
    Leave(DefinitionId),
}

/// Reads the steps off one program.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'c> {
    pub(crate) compiled: &'c Compiled,
}

impl Reader<'_> {
    fn pipeline(self, id: PlanId, plan: &PlanTree) -> Pipeline {
        let mut steps = vec![self.who(plan), self.when(plan)];
        let (mut chains, mut unsaid) = (Vec::new(), Vec::new());
        let kind = match &plan.block {
            Some(block) => {
                self.block(block, &mut steps);
                block.kind()
            }
            None => {
                self.statements(id, plan, &mut steps, &mut chains);
                unsaid = self.unsaid(id, plan);
                text!("plan", "方案")
            }
        };
        Pipeline {
            plan: plan.naming.name.clone(),
            title: plan.naming.title.clone(),
            kind,
            steps,
            chains,
            unsaid,
            span: plan.span,
        }
    }

    fn statements(self, id: PlanId, plan: &PlanTree, steps: &mut Vec<Step>, chains: &mut Vec<Chain>) {
        let program = &self.compiled.program;
        steps.extend(plan.checks.iter().map(|check| self.check(check)));
        for definition in self.in_order(plan) {
            if let Some(found) = program.definition(definition) {
                self.definition(found, plan.rounding.as_ref(), steps);
            }
        }
        for earn in plan.earns.iter().filter_map(|earn| program.earn(*earn)) {
            self.earn(earn, plan.rounding.as_ref(), steps);
            match (earn.break_down(), chains.last_mut()) {
                (Some(_), Some(whole)) => broken_chain(whole, earn),
                (Some(_) | None, _) => chains.push(self.earn_chain(earn, plan.rounding.as_ref())),
            }
        }
        for definition in plan.carries.iter().chain(&plan.pays) {
            if let Some(found) = program.definition(*definition).filter(|found| found.plan == id) {
                let rounding = found.rounding.as_ref().or(plan.rounding.as_ref());
                self.definition(found, rounding, steps);
                chains.push(self.pay_chain(found, rounding));
            }
        }
    }

    /// Lists `let` and `measure` statements so that each comes after those it uses.
    fn in_order(self, plan: &PlanTree) -> Vec<DefinitionId> {
        let own: BTreeSet<DefinitionId> = plan.definitions.iter().copied().collect();
        let mut entered = BTreeSet::new();
        let mut done = Vec::new();
        let mut open: Vec<Visit> = plan.definitions.iter().rev().copied().map(Visit::Enter).collect();
        while let Some(visit) = open.pop() {
            match visit {
                Visit::Leave(id) => done.push(id),
                // A value that looks back at itself by way of another period is entered once.
                Visit::Enter(id) if own.contains(&id) && entered.insert(id) => {
                    open.push(Visit::Leave(id));
                    let used = self.compiled.program.definition(id).map(spine::used);
                    open.extend(used.unwrap_or_default().into_iter().map(Visit::Enter));
                }
                Visit::Enter(_) => {}
            }
        }
        done
    }

    fn who(self, plan: &PlanTree) -> Step {
        let program = &self.compiled.program;
        let table = program.binder(plan.payee).and_then(|binder| match binder.domain {
            guerdon_plan::hir::BinderDomain::Row(table) => program.table(table),
            guerdon_plan::hir::BinderDomain::Period(..) => None,
        });
        let name = table.map_or("", |table| table.naming.name.as_str());
        let words = match &plan.payee_filter {
            Some(filter) => {
                let filter = self.said(filter);
                text!("each {name} where {filter}", "每个 {name}，其中 {filter}")
            }
            None => text!("each {name}", "每个 {name}"),
        };
        step(Stage::Payee, "", words, None, plan.naming.span)
    }

    fn when(self, plan: &PlanTree) -> Step {
        let unit = spine::unit(plan.unit);
        let days = days(plan.effective);
        let paid = match plan.pays_in {
            PaysIn::Money(currency) => text!(", in {currency}", "，币种 {currency}"),
            PaysIn::Points => text!(", in points", "，以积分计"),
            PaysIn::Nothing => Text::default(),
        };
        let words = text!("each {unit}{days}{paid}", "每{unit}{days}{paid}"; unit, days, paid);
        step(Stage::Period, "", words, None, plan.naming.span)
    }

    fn check(self, check: &Check) -> Step {
        let condition = self.said(&check.condition);
        let words = match &check.rows {
            None => text!(
                "{condition}; a payee for whom it fails gets no amount",
                "{condition}；不满足者不得出金额"
            ),
            Some(rows) => {
                let table = self.table_name(rows.table);
                match rows.otherwise {
                    FailedRow::Spoils => text!(
                        "{condition} for each {table}; a record that fails leaves whoever reads it without an amount",
                        "每条 {table} 须满足 {condition}；不满足的记录使读取它的人员得不出金额"
                    ),
                    FailedRow::Refused => text!(
                        "{condition} for each {table}; a record that fails is left out",
                        "每条 {table} 须满足 {condition}；不满足的记录被剔除"
                    ),
                }
            }
        };
        step(Stage::Check, "", words, Some(&check.reason), check.span)
    }

    fn definition(self, found: &Definition, rounding: Option<&RoundingRule>, steps: &mut Vec<Step>) {
        let (stage, words) = match &found.kind {
            DefinitionKind::Let(value) => (Stage::Let, self.operations(value)),
            DefinitionKind::Measure(value) => (Stage::Measure, self.operations(value)),
            DefinitionKind::Pay(value) => (Stage::Pay, self.operations(value)),
            DefinitionKind::Streak(value) => (Stage::Let, Text::same(self.said(value))),
            DefinitionKind::Carry {
                value,
                opening,
                restarting,
            } => {
                let (value, opening) = (self.operations(value), self.said(opening));
                let again = restarting.map(spine::unit).map_or_else(
                    Text::default,
                    |unit| text!(", and again each {unit}", "，每{unit}重新开始"; unit),
                );
                let words = text!(
                    "{value}; it starts with {opening}{again}",
                    "{value}；期初为 {opening}{again}"; value, again
                );
                (Stage::Carry, words)
            }
        };
        let name = &found.naming.name;
        steps.push(step(stage, name, words, Some(&found.reason), found.span));
        self.exceptions(name, &found.exceptions, steps);
        let is_paid = matches!(stage, Stage::Carry | Stage::Pay);
        if let Some(rule) = rounding.filter(|_| is_paid && found.ty.scalar.is_numeric()) {
            steps.push(step(Stage::Round, name, rounded(rule), None, found.span));
        }
    }

    fn earn(self, earn: &Earn, rounding: Option<&RoundingRule>, steps: &mut Vec<Step>) {
        let name = &earn.naming.name;
        if let Some(lines) = &earn.lines {
            let table = self.table_name(lines.table);
            let dated = self.said(&lines.dated);
            let words = match &lines.filter {
                Some(filter) => {
                    let filter = self.said(filter);
                    text!(
                        "one line for each {table} where {filter}, in the period of its {dated}",
                        "每条 {table}（其中 {filter}）一行，计入 {dated} 所在期间"
                    )
                }
                None => text!(
                    "one line for each {table}, in the period of its {dated}",
                    "每条 {table} 一行，计入 {dated} 所在期间"
                ),
            };
            steps.push(step(Stage::Credit, name, words, None, earn.span));
        }
        if let Some(broken) = earn.break_down() {
            let words = self.broken_down(broken);
            let reason = Some(&broken.reason);
            steps.push(step(Stage::BreakDown, name, words, reason, broken.span));
            let at_line = rounding.filter(|rule| rule.place == RoundingPlace::EachLine);
            self.shares(earn, at_line, steps);
            return;
        }
        steps.push(step(
            Stage::Earn,
            name,
            self.operations(&earn.value),
            Some(&earn.reason),
            earn.span,
        ));
        self.exceptions(name, &earn.exceptions, steps);
        let at_line = rounding.filter(|rule| rule.place == RoundingPlace::EachLine);
        if let Some(rule) = at_line {
            steps.push(step(Stage::Round, name, rounded(rule), None, earn.span));
        }
        self.caps(earn, at_line, steps);
        self.shares(earn, at_line, steps);
    }

    fn shares(self, earn: &Earn, at_line: Option<&RoundingRule>, steps: &mut Vec<Step>) {
        let name = &earn.naming.name;
        let mut share = |stage: Stage, share: &Share| {
            let said = self.said(&share.share);
            let words = if stage == Stage::Clawback {
                text!("take back by now: {said}", "至今追回：{said}")
            } else {
                text!("payable by now: {said}", "至今可付：{said}")
            };
            steps.push(step(stage, name, words, Some(&share.reason), share.span));
        };
        if let Some(release) = &earn.release {
            share(Stage::Release, release);
        }
        if let Some(clawback) = &earn.clawback {
            share(Stage::Clawback, clawback);
        }
        if let Some(review) = &earn.review {
            let words = self.reviewed(review);
            steps.push(step(
                Stage::Review,
                name,
                words,
                Some(&review.reason),
                review.span,
            ));
        }
        if let Some(hold) = &earn.hold {
            let words = self.kept_back(hold);
            steps.push(step(Stage::Hold, name, words, Some(&hold.reason), hold.span));
        }
        let is_shared = earn.release.is_some() || earn.clawback.is_some() || earn.hold.is_some();
        if let Some(rule) = at_line.filter(|_| is_shared) {
            steps.push(step(Stage::Round, name, rounded(rule), None, earn.span));
        }
        if let Some(amortise) = &earn.amortise {
            let words = self.spread_over(amortise);
            steps.push(step(
                Stage::Amortise,
                name,
                words,
                Some(&amortise.reason),
                amortise.span,
            ));
        }
    }

    fn exceptions(self, name: &str, exceptions: &[Exception], steps: &mut Vec<Step>) {
        for exception in exceptions {
            let words = self.exception(exception, exceptions);
            steps.push(step(
                Stage::Except,
                name,
                words,
                Some(&exception.reason),
                exception.span,
            ));
        }
    }

    /// Says what an exception does: the name, the days, the condition, the value.
    fn exception(self, exception: &Exception, all: &[Exception]) -> Text {
        let (name, days) = (&exception.naming.name, days(exception.during));
        let (when, value) = (self.said(&exception.when), self.said(&exception.value));
        let over: Vec<&str> = exception
            .over
            .iter()
            .filter_map(|at| all.get(*at))
            .map(|other| other.naming.name.as_str())
            .collect();
        let over = if over.is_empty() {
            Text::default()
        } else {
            let others = over.join(", ");
            text!(", before {others}", "，优先于 {others}")
        };
        text!(
            "{name}{days}{over}: when {when} use {value}",
            "{name}{days}{over}：当 {when} 取 {value}"; days, over
        )
    }

    /// Tells the operations on a value within its own statement, in order.
    fn operations(self, value: &guerdon_plan::hir::Expr) -> Text {
        spine::joined(&self.links(value, spine::Reach::Statement))
    }

    fn earn_chain(self, earn: &Earn, rounding: Option<&RoundingRule>) -> Chain {
        let mut links = self.links(&earn.value, spine::Reach::Plan);
        links.extend(earn.exceptions.iter().map(|exception| {
            let name = &exception.naming.name;
            text!("exception {name}", "例外 {name}")
        }));
        let at_line = rounding.filter(|rule| rule.place == RoundingPlace::EachLine);
        links.extend(at_line.map(rounded));
        for cap in earn.caps() {
            let (at, unit) = (self.said(&cap.at), spine::unit(cap.every));
            links.push(text!("cap {at} each {unit}", "每{unit}限额 {at}"; unit));
        }
        links.extend(settling_links(earn));
        Chain {
            name: earn.naming.name.clone(),
            links,
        }
    }

    fn pay_chain(self, found: &Definition, rounding: Option<&RoundingRule>) -> Chain {
        let mut links = match &found.kind {
            DefinitionKind::Let(value)
            | DefinitionKind::Measure(value)
            | DefinitionKind::Pay(value)
            | DefinitionKind::Streak(value)
            | DefinitionKind::Carry { value, .. } => self.links(value, spine::Reach::Plan),
        };
        links.extend(found.exceptions.iter().map(|exception| {
            let name = &exception.naming.name;
            text!("exception {name}", "例外 {name}")
        }));
        links.extend(rounding.map(rounded));
        Chain {
            name: found.naming.name.clone(),
            links,
        }
    }

    fn table_name(self, table: guerdon_plan::types::TableId) -> String {
        let table = self.compiled.program.table(table);
        table.map(|table| table.naming.name.clone()).unwrap_or_default()
    }
}

fn step(stage: Stage, name: &str, words: Text, reason: Option<&Reason>, span: Span) -> Step {
    Step {
        stage,
        name: name.to_owned(),
        words,
        because: reason.and_then(|reason| reason.because.clone()),
        reference: reason.and_then(|reason| reason.reference.clone()),
        span,
    }
}

fn days(range: Effective) -> Text {
    match (range.from, range.through) {
        (None, None) => Text::default(),
        (Some(from), None) => text!(" from {from}", "（自 {from}）"),
        (None, Some(through)) => text!(" through {through}", "（至 {through}）"),
        (Some(from), Some(through)) => text!(" from {from} through {through}", "（{from} 至 {through}）"),
    }
}
