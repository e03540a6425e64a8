//! What was wrong: with the data, and with the pay of single payees.

use std::collections::BTreeMap;

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::graph::{CheckOutput, Frame, NodeId, PlanOutput};
use guerdon_plan::hir::{Block, Check, FailedRow};
use guerdon_plan::types::TableId;
use guerdon_syntax::{Code, Span, Text, text};

use super::Report;
use crate::column::Cell;
use crate::fault::{Cause, Fault};
use crate::problem::Problem;

/// One payee's trouble: the same cause in several periods is one problem.
type Trouble = (TableId, usize, u32);

impl Report<'_> {
    /// Lists what was wrong: first the data, then records outside their calendar and those of somebody who is not paid,
    /// checks of records, amounts and targets that could not be computed, at last the actions that nobody could be found for.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.state.facts.problems().to_vec();
        self.tell_lost_records(&mut problems);
        problems.extend(self.failed_cells());
        problems.extend(self.outside_calendars());
        problems.extend(self.records_of_strangers());
        for output in &self.compiled.graph.outputs {
            problems.extend(
                output
                    .checks
                    .iter()
                    .flat_map(|check| self.failed_records(output, check)),
            );
            problems.extend(self.unknown_amounts(output));
        }
        problems.extend(self.faulty_targets());
        problems.extend(self.actions_for_nobody());
        problems
    }

    fn failed_records(&self, output: &PlanOutput, check: &CheckOutput) -> Vec<Problem> {
        let Some(statement) = self
            .plan(output.plan)
            .and_then(|plan| plan.checks.get(check.position))
        else {
            return Vec::new();
        };
        let Some(rows) = &statement.rows else {
            return Vec::new();
        };
        let (condition, applies) = (self.full(check.condition), self.full(check.applies));
        let is_failed =
            |row: &usize| applies.cell(*row) != Cell::Bool(false) && condition.cell(*row) != Cell::Bool(true);
        let failed = (0..self.state.rows(rows.table)).filter(is_failed);
        failed
            .map(|row| {
                let compared = self.compared_at(check.condition, row);
                self.failed_record(statement, (rows.table, row), compared, rows.otherwise)
            })
            .collect()
    }

    fn failed_record(
        &self,
        check: &Check,
        (table, row): (TableId, usize),
        compared: Option<Text>,
        otherwise: FailedRow,
    ) -> Problem {
        let (code, message) = match otherwise {
            FailedRow::Refused => (
                Code::D0820,
                text!(
                    "this record is left out because a check failed",
                    "校验未通过，该记录不计入"
                ),
            ),
            FailedRow::Spoils => (
                Code::R0905,
                text!("a check failed on this record", "该记录未通过校验"),
            ),
        };
        let key = self.key_text(table, row);
        let number = self
            .state
            .facts
            .table(table)
            .and_then(|data| data.input_row(u32::try_from(row).ok()?));
        let record = text!("record {key}", "记录 {key}");
        let mut problem = Problem::new(code, message)
            .in_table(table)
            .detailed(with_figures(record, compared));
        problem.row = number;
        problem.span = Some(check.span);
        with_reason(problem, check.reason.because.as_deref())
    }

    /// Finds payees whose amounts are errors, with the cause of each.
    fn unknown_amounts(&self, output: &PlanOutput) -> Vec<Problem> {
        let mut found: BTreeMap<Trouble, Vec<PeriodKey>> = BTreeMap::new();
        let rows = self.state.rows(output.payees);
        let periods = self.shown_periods(output);
        for (_, node) in &output.values {
            if !self.is_shown_amount(output, *node) {
                continue;
            }
            let values = self.full(*node);
            if values.errors.is_none() {
                continue;
            }
            for (place, period) in &periods {
                for row in 0..rows {
                    let error = values.error(place.saturating_mul(rows).saturating_add(row));
                    if error != 0 {
                        let periods = found.entry((output.payees, row, error)).or_default();
                        if !periods.contains(period) {
                            periods.push(*period);
                        }
                    }
                }
            }
        }
        for (row, period, error) in self.unknown_parts(output) {
            let periods = found.entry((output.payees, row, error)).or_default();
            if !periods.contains(&period) {
                periods.push(period);
            }
        }
        found
            .into_iter()
            .map(|(trouble, periods)| self.unknown_amount(output, trouble, &periods))
            .collect()
    }

    fn is_card(&self, output: &PlanOutput) -> bool {
        let plan = self.plan(output.plan);
        plan.is_some_and(|plan| matches!(plan.block, Some(Block::Scorecard(_))))
    }

    /// Gives the reason of a plan's own check that stands at a place of the rules.
    fn check_reason(&self, span: Span) -> Option<&str> {
        let checks = self.compiled.program.plans.iter().flat_map(|plan| &plan.checks);
        let check = checks.into_iter().find(|check| check.span == span)?;
        check.reason.because.as_deref()
    }

    /// Says whether a node is an amount to pay or a balance: what must be known for a payee to be paid.
    fn is_shown_amount(&self, output: &PlanOutput, node: NodeId) -> bool {
        let plan = self.plan(output.plan);
        let of = |list: &[guerdon_plan::types::DefinitionId]| {
            list.iter().any(|id| super::node_of(output, *id) == Some(node))
        };
        let is_cells = self
            .compiled
            .graph
            .node(node)
            .and_then(|node| self.compiled.graph.frame(node.frame));
        matches!(is_cells, Some(Frame::Cells { .. }))
            && plan.is_some_and(|plan| of(&plan.pays) || of(&plan.carries))
    }

    fn unknown_amount(
        &self,
        output: &PlanOutput,
        (table, row, error): Trouble,
        periods: &[PeriodKey],
    ) -> Problem {
        let payee = self.key_text(table, row);
        let calendar = self
            .plan(output.plan)
            .map_or(guerdon_plan::types::CalendarId(0), |plan| plan.calendar);
        let labels: Vec<String> = periods
            .iter()
            .map(|period| self.period_label(calendar, *period))
            .collect();
        let shown = shortened(&labels);
        let mut problem = self.problem_of(error);
        problem.payee = Some((table, u32::try_from(row).unwrap_or(u32::MAX)));
        problem.period = periods.first().copied();
        if matches!(self.cause(error), Cause::Node(_, Fault::Missing)) && self.is_card(output) {
            problem.message = text!(
                "a metric of this scorecard has no score",
                "此记分卡有指标没有得分"
            );
        }
        let found = self.plan(output.plan);
        let name = found.map_or("", |plan| plan.naming.name.as_str());
        let who = match found.and_then(|plan| plan.block.as_ref()) {
            Some(block) => {
                let kind = block.kind();
                text!("{payee}, {shown}, {kind} \"{name}\"", "{payee}，{shown}，{kind}“{name}”"; kind)
            }
            None => text!(
                "payee {payee}, {shown}, plan \"{name}\"",
                "{payee}，{shown}，方案“{name}”"
            ),
        };
        let figures = match (self.cause(error), problem.span, periods.first()) {
            (Cause::Node(node, Fault::NoRate), _, _) => self.missing_rates(node, error, (table, row)),
            (Cause::Node(node, Fault::OutsideHolidays), _, _) => self.covered_days(node),
            (Cause::Node(_, Fault::CheckFailed), Some(check), Some(period)) => {
                self.compared_for(output, check, row, *period)
            }
            (Cause::Node(..) | Cause::Loaded(_), _, _) => None,
        };
        problem.detailed(with_figures(who, figures))
    }

    /// Says what an error is, and in which statement.
    pub(super) fn problem_of(&self, error: u32) -> Problem {
        let cause = self.cause(error);
        match cause {
            Cause::Loaded(place) => {
                let why = self
                    .state
                    .facts
                    .problems()
                    .get(usize::try_from(place).unwrap_or(usize::MAX));
                let why = why.map(|why| why.message.clone()).unwrap_or_default();
                Problem::new(Code::R0917, unpaid(&why))
            }
            Cause::Node(node, fault) => {
                let (code, message) = match self.failed_field(node) {
                    Some(why) => (Code::R0917, unpaid(&why)),
                    None => describe(fault),
                };
                let mut problem = Problem::new(code, message);
                problem.span = self.compiled.graph.node(node).map(|node| node.span);
                let because = problem.span.and_then(|span| self.check_reason(span));
                with_reason(problem, because)
            }
        }
    }
}

fn unpaid(why: &Text) -> Text {
    text!(
        "this payee cannot be paid: {why}",
        "无法计算此人的发放额：{why}"; why
    )
}

/// Names the periods, the middle of a long list left out.
fn shortened(labels: &[String]) -> String {
    match labels {
        [] => String::new(),
        [one] => one.clone(),
        [first, .., last] if labels.len() > 4 => format!("{first} … {last}"),
        _ => labels.join(", "),
    }
}

fn with_figures(who: Text, figures: Option<Text>) -> Text {
    match figures {
        Some(figures) => text!("{who}: {figures}", "{who}：{figures}"; who, figures),
        None => who,
    }
}

fn with_reason(problem: Problem, because: Option<&str>) -> Problem {
    match because {
        Some(because) => problem.advise(text!("the plan says: {because}", "方案规定：{because}")),
        None => problem,
    }
}

pub(crate) fn describe(fault: Fault) -> (Code, Text) {
    match fault {
        Fault::DivisionByZero => (Code::R0901, text!("a divisor is zero", "除数为零")),
        Fault::NotPositive => (
            Code::R0902,
            text!(
                "the amount after \"against\" is not positive",
                "“对比”后的数额不为正"
            ),
        ),
        Fault::Missing => (
            Code::R0903,
            text!(
                "a look-up found nothing, or a cell is empty",
                "查不到，或单元格为空"
            ),
        ),
        Fault::OutsideAxis => (
            Code::R0909,
            text!(
                "a period outside the run is asked for",
                "引用了运行范围之外的期间"
            ),
        ),
        Fault::Disagree => (
            Code::R0904,
            text!("two exceptions give different values", "两个例外给出不同的值"),
        ),
        Fault::CheckFailed => (
            Code::R0905,
            text!("a check of the plan failed", "方案的校验未通过"),
        ),
        Fault::TooWide => (Code::R0906, text!("a number has too many digits", "数字位数过多")),
        Fault::NoRow => (
            Code::R0903,
            text!("no row or version of a table fits", "表中没有适用的行或版本"),
        ),
        Fault::Several => (
            Code::R0910,
            text!("one record has several lines", "一条记录有多个明细行"),
        ),
        Fault::OutsideCalendar => (
            Code::R0915,
            text!("a day lies outside the calendar", "日期不在日历内"),
        ),
        Fault::BeyondTiers => (
            Code::R0916,
            text!("a value lies beyond the last tier", "数值超出最后一级阶梯"),
        ),
        Fault::OutOfMemory => (
            Code::R0907,
            text!("the machine's memory does not do", "机器内存不足"),
        ),
        Fault::Tied => (
            Code::R0911,
            text!(
                "records are tied, and nothing breaks the tie",
                "记录并列，无法分出先后"
            ),
        ),
        Fault::NegativeWeight => (
            Code::R0920,
            text!("a weight to share by is negative", "分摊权重为负"),
        ),
        Fault::NoWeight => (
            Code::R0913,
            text!("all weights to share by are zero", "分摊权重全为零"),
        ),
        Fault::AmountsDiffer => (
            Code::R0921,
            text!(
                "one amount is shared, but the records name several",
                "应分摊同一数额，而记录给出的数额不同"
            ),
        ),
        Fault::NotInSteps => (
            Code::R0922,
            text!(
                "the amount to share is no whole number of steps",
                "待分摊的数额不是步长的整数倍"
            ),
        ),
        Fault::OutsideHolidays => (
            Code::R0926,
            text!(
                "a day lies outside what the holiday list covers",
                "日期超出节假日表的范围"
            ),
        ),
        Fault::NoRate => (Code::R0912, text!("an exchange rate is missing", "缺少汇率")),
        Fault::Absent => (
            Code::D0802,
            text!("a column that the plan reads was left out", "缺少方案所需的列"),
        ),
    }
}
