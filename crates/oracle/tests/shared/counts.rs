//! Counts how often a program uses each construct.

use std::collections::BTreeMap;

use guerdon_plan::calendar::Unit;
use guerdon_plan::hir::{
    AggregateOp, BinderDomain, Cell, Combine, Comparison, DayCount, Decision, Definition, DefinitionKind,
    Depth, Domain, Earn, EarnOf, EarnPart, Exception, Expr, ExprKind, Factor, FailedRow, Function, Hit,
    Limit, MonthRule, Plan, Program, RankTies, Rest, RoundingPlace, Table, TierKind, Tiers, Unweighted,
};
use guerdon_plan::number::Rounding;
use guerdon_plan::types::{Scalar, Ty};

#[path = "count_blocks.rs"]
mod count_blocks;
#[path = "count_broken.rs"]
mod count_broken;
#[path = "count_text.rs"]
mod count_text;

/// Counts constructs by name.
#[derive(Default)]
pub struct Counts {
    pub found: BTreeMap<String, usize>,
}

impl Counts {
    fn add(&mut self, name: impl Into<String>) {
        *self.found.entry(name.into()).or_default() += 1;
    }

    pub fn program(&mut self, program: &Program) {
        if program.plans.len() > 1 {
            self.add("plan: several");
        }
        program.tables.iter().for_each(|table| self.table(table));
        for constant in &program.constants {
            let is_dated = constant.versions.len() > 1;
            self.add(if is_dated {
                "constant: dated"
            } else {
                "constant: plain"
            });
        }
        program.tiers.iter().for_each(|tiers| self.tiers(tiers));
        program
            .decisions
            .iter()
            .for_each(|decision| self.decision(decision));
        // Blocks are counted as they are written.
        let plans = program.plans.iter().filter(|plan| plan.block.is_none());
        plans.for_each(|plan| self.plan(program, plan));
        for definition in &program.definitions {
            if program
                .plan(definition.plan)
                .is_some_and(|plan| plan.block.is_none())
            {
                self.definition(program, definition);
            }
        }
        program.earns.iter().for_each(|earn| self.earn(program, earn));
        let is_written = |name: &str| program.definitions.iter().any(|one| one.naming.name == name);
        if is_written("segment_share") {
            self.add("plan: segments");
        }
        if program.tests.iter().any(|test| test.known_as_of.is_some()) {
            self.add("test: known as of a day");
        }
    }

    fn table(&mut self, table: &Table) {
        for field in &table.fields {
            if field.check.is_some() {
                self.add("check: of a field");
            }
            if field.ty.is_optional() {
                self.add("field: missing where nothing is given");
            }
        }
    }

    fn tiers(&mut self, tiers: &Tiers) {
        self.add(match tiers.kind {
            TierKind::Marginal => "tiers: marginal",
            TierKind::Retro => "tiers: retro",
            TierKind::Flat => "tiers: flat",
            TierKind::Interpolated => "tiers: interpolated",
            TierKind::Fill => "tiers: fill",
        });
        if tiers.versions.len() > 1 {
            self.add("tiers: dated");
        }
        let rows = tiers.versions.iter().flat_map(|version| &version.rows);
        if rows
            .into_iter()
            .any(|row| row.rate.is_some() && row.amount.is_some())
        {
            self.add("tiers: rows with rate and amount");
        }
    }

    fn decision(&mut self, decision: &Decision) {
        self.add(match decision.hit {
            Hit::Unique => "table: only row that matches",
            Hit::First => "table: first row that matches",
            Hit::Every => "table: every row that matches",
        });
        for output in &decision.outputs {
            match output.combine {
                Combine::Single => {}
                Combine::Sum => self.add("table: sum of matching rows"),
                Combine::Count => self.add("table: count of matching rows"),
                Combine::Highest => self.add("table: highest of matching rows"),
                Combine::Lowest => self.add("table: lowest of matching rows"),
            }
        }
        let rows = decision.versions.iter().flat_map(|version| &version.rows);
        for cell in rows.flat_map(|row| &row.cells) {
            self.add(match cell {
                Cell::Any => "table: any value matches",
                Cell::Missing => "table: a missing value matches",
                Cell::Interval { .. } => "table: interval",
                Cell::OneOf(_) => "table: list of values",
            });
        }
    }

    fn plan(&mut self, program: &Program, plan: &Plan) {
        self.add(match plan.unit {
            Unit::Month => "calendar: months",
            Unit::Quarter => "calendar: quarters",
            Unit::Day | Unit::Week | Unit::Year | Unit::Period => "calendar: of the plan's own",
        });
        if plan.extends.is_some() {
            self.add("plan: variant");
        }
        if plan.effective.through.is_some() {
            self.add("plan: ends");
        }
        if let Some(filter) = &plan.payee_filter {
            self.add("plan: payee filter");
            self.expr(program, plan, filter);
        }
        if let Some(rule) = &plan.rounding {
            self.add(match rule.place {
                RoundingPlace::EachLine => "rounding: at each line",
                RoundingPlace::Pay => "rounding: at pay",
            });
            self.add(format!("rounding: {}", mode(rule.mode)));
        }
        for check in &plan.checks {
            self.expr(program, plan, &check.condition);
            let Some(rows) = &check.rows else {
                self.add("check: of payee and period");
                continue;
            };
            self.add(match rows.otherwise {
                FailedRow::Spoils => "check: of records, spoiling",
                FailedRow::Refused => "check: of records, refusing",
            });
            if let Some(filter) = &rows.filter {
                self.add("check: of records, with a filter");
                self.expr(program, plan, filter);
            }
        }
    }

    fn definition(&mut self, program: &Program, definition: &Definition) {
        let plan = program.plan(definition.plan).unwrap();
        match &definition.kind {
            DefinitionKind::Let(value) => {
                self.add("definition: let");
                self.expr(program, plan, value);
            }
            DefinitionKind::Measure(value) => {
                self.add("definition: measure");
                self.expr(program, plan, value);
            }
            DefinitionKind::Pay(value) => {
                self.add("definition: pay");
                self.expr(program, plan, value);
            }
            DefinitionKind::Streak(condition) => {
                self.add("definition: streak");
                self.expr(program, plan, condition);
            }
            DefinitionKind::Carry {
                value,
                opening,
                restarting,
            } => {
                self.add("definition: carry");
                if restarting.is_some() {
                    self.add("definition: carry, restarting");
                }
                self.expr(program, plan, value);
                self.expr(program, plan, opening);
            }
        }
        let payees = program.binder(plan.payee).map(|binder| binder.domain);
        let domain = |param| program.binder(param).map(|binder| binder.domain);
        let params = definition.params.iter().map(|param| domain(*param));
        let is_other =
            |domain: Option<BinderDomain>| matches!(domain, Some(BinderDomain::Row(_))) && domain != payees;
        if params.clone().any(is_other) {
            self.add("definition: of a deal");
        }
        let is_row = |domain: &Option<BinderDomain>| matches!(domain, Some(BinderDomain::Row(_)));
        if params.filter(is_row).count() > 1 {
            self.add("definition: of two records");
        }
        if definition.rounding.is_some() {
            self.add("definition: pay in a currency of its own");
        }
        if let Some(name) = kind(definition.ty) {
            self.add(format!("definition: {name}"));
        }
        for exception in &definition.exceptions {
            self.add("definition: exception");
            self.exception(program, plan, exception);
        }
    }

    fn exception(&mut self, program: &Program, plan: &Plan, exception: &Exception) {
        self.expr(program, plan, &exception.when);
        self.expr(program, plan, &exception.value);
    }

    fn earn(&mut self, program: &Program, earn: &Earn) {
        let plan = program.plan(earn.plan).unwrap();
        self.expr(program, plan, &earn.value);
        match &earn.lines {
            None => self.add("earn: undated"),
            Some(lines) => {
                self.add("earn: of records");
                let is_owned = |expr: &Expr| expr.kind == ExprKind::Binder(plan.payee);
                let filter = lines.filter.iter();
                if !filter.clone().any(|filter| has_equal(filter, &is_owned)) {
                    self.add("earn: for several payees");
                }
                let parts = filter.chain([&lines.dated]).chain(&lines.order);
                parts.for_each(|part| self.expr(program, plan, part));
            }
        }
        for exception in &earn.exceptions {
            self.add("earn: exception");
            if !exception.over.is_empty() {
                self.add("earn: exception over another");
            }
            if exception.during.from.is_some() || exception.during.through.is_some() {
                self.add("earn: exception during days");
            }
            self.exception(program, plan, exception);
        }
        if let Some(cap) = &earn.cap {
            self.add("earn: cap");
            self.cap(cap, earn.lines.is_some());
            self.expr(program, plan, &cap.at);
        }
        if let Some(shared) = &earn.shared {
            self.add("earn: cap with others");
            self.cap(&shared.cap, earn.lines.is_some());
            self.expr(program, plan, &shared.cap.at);
        }
        if let Some(broken) = earn.break_down() {
            self.broken(earn, broken);
            self.expr(program, plan, &broken.weight);
        }
        if let Some(review) = &earn.review {
            self.add("earn: review");
            self.expr(program, plan, &review.when);
            if let Some(until) = &review.until {
                self.add("earn: review until");
                self.expr(program, plan, until);
            }
        }
        if let Some(hold) = &earn.hold {
            self.add("earn: hold");
            if hold.ceiling.is_some() {
                self.add("earn: hold up to a ceiling");
            }
            hold.expressions().for_each(|part| self.expr(program, plan, part));
        }
        if let Some(amortise) = &earn.amortise {
            self.add("earn: amortise");
            if amortise.until.is_some() {
                self.add("earn: amortise until a day");
            }
            amortise
                .expressions()
                .for_each(|part| self.expr(program, plan, part));
        }
        if earn.keeps_released() {
            self.add("earn: what was released stays");
        }
        let shares = [
            ("earn: release", &earn.release),
            ("earn: clawback", &earn.clawback),
        ];
        for (name, share) in shares {
            if let Some(share) = share {
                self.add(name);
                self.expr(program, plan, &share.share);
            }
        }
    }

    fn expr(&mut self, program: &Program, plan: &Plan, expr: &Expr) {
        self.kind(program, plan, expr);
        let children = expr.children().into_iter();
        children.for_each(|child| self.expr(program, plan, child));
    }

    fn kind(&mut self, program: &Program, plan: &Plan, expr: &Expr) {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Binder(_) | ExprKind::Field { .. } | ExprKind::Constant { .. } => {
            }
            ExprKind::Normal | ExprKind::Decide { .. } => {}
            ExprKind::Find { on, .. } => self.add(match on {
                Some(_) => "look-up: by key and day",
                None => "look-up: by key",
            }),
            ExprKind::Use { definition, args } => {
                let home = program.definition(*definition).map(|definition| definition.plan);
                if home
                    .and_then(|home| program.plan(home))
                    .is_some_and(|home| home.span != plan.span)
                {
                    self.add("plan: another one asked");
                }
                if args
                    .last()
                    .is_some_and(|period| matches!(period.kind, ExprKind::Shift { .. }))
                {
                    self.add("past: another period");
                }
            }
            ExprKind::Prior { .. } => self.add("past: prior"),
            ExprKind::Earned { part, of, .. } => self.earned(*part, of),
            ExprKind::Sum(_) => self.add("formula: sum"),
            ExprKind::Product(parts) => {
                let divides = parts.iter().any(|(factor, _)| *factor == Factor::Over);
                self.add(if divides {
                    "formula: division"
                } else {
                    "formula: product"
                });
            }
            ExprKind::Bounded { limits, .. } => {
                for (limit, _) in limits {
                    self.add(match limit {
                        Limit::AtMost => "formula: at most",
                        Limit::AtLeast => "formula: at least",
                    });
                }
            }
            ExprKind::And(_) => self.add("condition: and"),
            ExprKind::Or(_) => self.add("condition: or"),
            ExprKind::Not(_) => self.add("condition: not"),
            ExprKind::Compare { op, left, .. } => self.compare(*op, left),
            ExprKind::IsMissing(_) => self.add("condition: is missing"),
            ExprKind::OneOf { .. } => self.add("condition: in a list"),
            ExprKind::Within { .. } => self.add("condition: within days"),
            ExprKind::If { .. } => self.add("formula: if"),
            ExprKind::Otherwise(_) => self.add("formula: otherwise"),
            ExprKind::Require(_) => self.add("formula: value that must be there"),
            ExprKind::Rounded { .. } => self.add("formula: rounded"),
            ExprKind::Aggregate(aggregate) => {
                self.add(format!("aggregate: {}", word(aggregate.op)));
                if aggregate.best.is_some() {
                    self.add("aggregate: of the best");
                }
                if aggregate.sources.len() > 1 {
                    self.add("aggregate: over several sources");
                }
                for source in &aggregate.sources {
                    self.add(match &source.domain {
                        Domain::Rows(_) => "aggregate: over records",
                        Domain::Below {
                            depth: Depth::One, ..
                        } => "aggregate: over reports",
                        Domain::Below {
                            depth: Depth::Every, ..
                        } => "aggregate: over everybody below",
                        Domain::Periods { .. } => "aggregate: over periods",
                    });
                }
            }
            ExprKind::Running(_) => self.add("formula: running sum"),
            ExprKind::Rank(ranking) => {
                self.add(match ranking.ties {
                    RankTies::Best => "place: best of equal ones",
                    RankTies::Worst => "place: worst of equal ones",
                    RankTies::Average => "place: average of equal ones",
                    RankTies::Dense => "place: dense",
                    RankTies::Refused => "place: by further keys",
                });
                if matches!(ranking.domain, Domain::Below { .. }) {
                    self.add("place: in a team");
                }
            }
            ExprKind::Share(allocation) => {
                self.add(match allocation.rest {
                    Rest::LargestRemainder => "share: largest remainder",
                    Rest::Largest => "share: rest to the largest",
                    Rest::First => "share: rest to the first",
                    Rest::Last => "share: rest to the last",
                });
                if matches!(allocation.domain, Domain::Below { .. }) {
                    self.add("share: in a team");
                }
                if allocation.rounding != Rounding::Down {
                    self.add("share: rounded");
                }
                if allocation.unweighted == Unweighted::Equal {
                    self.add("share: otherwise equally");
                }
            }
            ExprKind::Words(_) => self.add("formula: words"),
            ExprKind::IsAbove { .. } => self.add("earn: up a tree"),
            ExprKind::Lower(_) => self.add("part: of the levels below"),
            ExprKind::Apply(apply) => {
                match &apply.stack {
                    None => self.add("apply: to one value"),
                    Some(stack) => {
                        self.add("apply: stacked");
                        if stack.restarting.is_some() {
                            self.add("apply: stacked, restarting");
                        }
                        if stack.starting_from.is_some() {
                            self.add("apply: stacked, starting from a figure");
                        }
                    }
                }
                if apply.against.is_some() {
                    self.add("apply: against a quota");
                }
            }
            ExprKind::RateOf { .. } => self.add("tiers: rate at a point"),
            ExprKind::Convert { from, .. } => {
                self.add("exchange: conversion");
                if !matches!(from.kind, ExprKind::Const(_)) {
                    self.add("exchange: from a currency of the row");
                }
            }
            ExprKind::FirstDay(_) => self.add("time: first day of a period"),
            ExprKind::LastDay(_) => self.add("time: last day of a period"),
            ExprKind::Containing { .. } => self.add("time: period of a day"),
            ExprKind::Shift { .. } => self.add("time: period before or after"),
            ExprKind::DaysIn { count, .. } => self.add(match count {
                DayCount::Actual => "time: days in a period",
                DayCount::Bond30360 => "time: days in a period, 30/360",
                DayCount::Working(_) => "time: working days in a range",
            }),
            ExprKind::DaysBetween { count, .. } => self.add(match count {
                DayCount::Actual => "time: days between",
                DayCount::Bond30360 => "time: days between, 30/360",
                DayCount::Working(_) => "time: working days",
            }),
            ExprKind::MonthsBetween { .. } => self.add("time: months between"),
            ExprKind::AddDays { .. } => self.add("time: days later"),
            ExprKind::AddMonths { rule, .. } => self.add(match rule {
                MonthRule::LastDay => "time: months later, keeping month ends",
                MonthRule::SameDay => "time: months later, same day",
            }),
            ExprKind::Call { function, .. } => self.add(match function {
                Function::Abs => "formula: abs",
                Function::Largest => "formula: largest",
                Function::Smallest => "formula: smallest",
            }),
            ExprKind::Faulty => panic!("a faulty expression"),
        }
    }

    fn earned(&mut self, part: EarnPart, of: &EarnOf) {
        self.add(match part {
            EarnPart::Earned => "part: earned",
            EarnPart::Uncut => "part: uncut",
            EarnPart::PaidToDate => "part: paid to date",
            EarnPart::Released => "part: released",
            EarnPart::Held => "part: held",
            EarnPart::ClawedBack => "part: clawed back",
            EarnPart::InReview => "part: in review",
            EarnPart::Due => "part: due",
            EarnPart::Amortised => "part: amortised",
            EarnPart::WrittenOff => "part: written off",
            EarnPart::Unamortised => "part: unamortised",
        });
        if let EarnOf::Line { payee, period, .. } = of {
            self.add("part: of a line");
            if payee.is_some() {
                self.add("part: of a line for a payee");
            }
            if period.is_some() {
                self.add("part: of a line by a period");
            }
        }
    }

    fn compare(&mut self, op: Comparison, left: &Expr) {
        let name = match left.ty.scalar {
            Scalar::Date => "dates",
            Scalar::Period(_) => "periods",
            Scalar::Text => "texts",
            Scalar::Enum(_) => "enum values",
            Scalar::Row(_) => "records",
            Scalar::Bool
            | Scalar::Int
            | Scalar::Number
            | Scalar::Percent
            | Scalar::Money(_)
            | Scalar::MoneyInColumn
            | Scalar::Days
            | Scalar::Points
            | Scalar::Faulty => "numbers",
        };
        let _ = op;
        self.add(format!("comparison: of {name}"));
    }
}

/// Says whether a condition that must hold compares something with a variable.
fn has_equal(condition: &Expr, is_variable: &impl Fn(&Expr) -> bool) -> bool {
    if let ExprKind::And(parts) = &condition.kind {
        return parts.iter().any(|part| has_equal(part, is_variable));
    }
    matches!(
        &condition.kind,
        ExprKind::Compare { op: Comparison::Equal, left, right } if is_variable(left) || is_variable(right)
    )
}

fn kind(ty: Ty) -> Option<&'static str> {
    match ty.scalar {
        Scalar::Date => Some("of a date"),
        Scalar::Period(_) => Some("of a period"),
        Scalar::Text => Some("of a text"),
        Scalar::Enum(_) => Some("of an enum value"),
        Scalar::Row(_) => Some("of a record"),
        Scalar::Bool => Some("of yes or no"),
        Scalar::Int
        | Scalar::Number
        | Scalar::Percent
        | Scalar::Money(_)
        | Scalar::MoneyInColumn
        | Scalar::Days
        | Scalar::Points
        | Scalar::Faulty => None,
    }
}

fn word(op: AggregateOp) -> &'static str {
    match op {
        AggregateOp::Sum => "sum",
        AggregateOp::Count => "count",
        AggregateOp::CountDistinct => "count distinct",
        AggregateOp::Average => "average",
        AggregateOp::Lowest => "lowest",
        AggregateOp::Highest => "highest",
        AggregateOp::Any => "any",
        AggregateOp::All => "all",
        AggregateOp::First => "first",
        AggregateOp::Last => "last",
    }
}

fn mode(mode: Rounding) -> &'static str {
    match mode {
        Rounding::HalfUp => "half-up",
        Rounding::HalfDown => "half-down",
        Rounding::HalfEven => "half-even",
        Rounding::HalfOdd => "half-odd",
        Rounding::HalfCeiling => "half-ceiling",
        Rounding::HalfFloor => "half-floor",
        Rounding::Up => "up",
        Rounding::Down => "down",
        Rounding::Ceiling => "ceiling",
        Rounding::Floor => "floor",
    }
}
