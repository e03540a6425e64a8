//! Prints the typed tree, one statement a line, for people who compare it with what was written.

mod expr;
mod records;

use std::fmt::Write as _;

use super::expr::{Expr, Unweighted};
use super::program::{
    Check, CutOrder, Definition, DefinitionKind, Earn, Exception, Excess, FailedRow, NoLines, PaysIn, Plan,
    Program, RoundingPlace, Share,
};
use super::schema::{Effective, Reason};
use super::test::{Outcome, Swap, Test, WithCell, WithTarget};
use crate::types::{BinderId, DefinitionId, EarnId, TableId};
use expr::Printer;

/// Prints the plans and tests of a program.
///
/// Variables are written as their name and number (`payee.0`), so that two of one name are told apart. What the
/// author left out is written out: subscripts, conditions of `rows`, the days that select versions.
///
/// # Examples
///
/// ```
/// use guerdon_plan::hir::{Program, print};
///
/// assert_eq!(print(&Program::default()), "");
/// ```
#[must_use]
pub fn print(program: &Program) -> String {
    let mut text = String::new();
    for plan in &program.plans {
        print_plan(program, plan, &mut text);
    }
    for test in &program.tests {
        print_test(program, test, &mut text);
    }
    text
}

/// Prints an expression with everything written out, variables by their names alone.
///
/// Two expressions that print alike mean the same, whatever files and lines they stand in.
#[must_use]
pub fn print_value(program: &Program, expr: &Expr) -> String {
    Printer::plain(program).expr(expr)
}

fn print_plan(program: &Program, plan: &Plan, text: &mut String) {
    let p = Printer::new(program);
    let extends = plan
        .extends
        .and_then(|base| program.plan(base))
        .map(|base| format!(" extends {}", base.naming.name));
    line(
        text,
        0,
        &format!("plan {}{}", plan.naming.name, extends.unwrap_or_default()),
    );
    let filter = plan
        .payee_filter
        .as_ref()
        .map(|filter| format!(" where {}", p.expr(filter)));
    line(
        text,
        1,
        &format!("payee {}{}", p.binder(plan.payee), filter.unwrap_or_default()),
    );
    let pays = match plan.pays_in {
        PaysIn::Money(currency) => currency.to_string(),
        PaysIn::Points => "points".to_owned(),
        PaysIn::Nothing => "nothing".to_owned(),
    };
    line(
        text,
        1,
        &format!(
            "period {} pays {pays}{}",
            p.binder(plan.period),
            effective(plan.effective)
        ),
    );
    if let Some(rounding) = &plan.rounding {
        let place = match rounding.place {
            RoundingPlace::EachLine => "at each line",
            RoundingPlace::Pay => "at pay",
        };
        line(
            text,
            1,
            &format!("rounding {} to {} {place}", rounding.mode.name(), rounding.step),
        );
    }
    print_statements(program, plan, text);
}

fn print_statements(program: &Program, plan: &Plan, text: &mut String) {
    for check in &plan.checks {
        print_check(program, check, text);
    }
    let definitions = plan.definitions.iter().chain(&plan.carries).chain(&plan.pays);
    for id in definitions {
        print_definition(program, *id, text);
    }
    for (at, found) in program.definitions.iter().enumerate() {
        let id = DefinitionId::at(at);
        let is_hidden = ![&plan.definitions, &plan.carries, &plan.pays]
            .iter()
            .any(|list| list.contains(&id));
        if is_hidden
            && program
                .plan(found.plan)
                .is_some_and(|owner| owner.naming == plan.naming)
        {
            print_definition(program, id, text);
        }
    }
    for id in &plan.earns {
        print_earn(program, *id, text);
    }
}

fn print_check(program: &Program, check: &Check, text: &mut String) {
    let p = Printer::new(program);
    let rows = check.rows.as_ref().map(|rows| {
        let filter = rows
            .filter
            .as_ref()
            .map(|filter| format!(" where {}", p.expr(filter)));
        let otherwise = match rows.otherwise {
            FailedRow::Spoils => "spoils",
            FailedRow::Refused => "refuse",
        };
        format!(
            " for each {}{} else {otherwise}",
            p.binder(rows.row),
            filter.unwrap_or_default()
        )
    });
    line(
        text,
        1,
        &format!(
            "check {}{}{}",
            p.expr(&check.condition),
            rows.unwrap_or_default(),
            because(&check.reason)
        ),
    );
}

fn print_definition(program: &Program, id: DefinitionId, text: &mut String) {
    let Some(found) = program.definition(id) else {
        return;
    };
    let p = Printer::new(program);
    let name = signature(program, found);
    let ty = p.ty(found.ty);
    let said = match &found.kind {
        DefinitionKind::Let(value) => format!("let {name} : {ty} = {}", p.expr(value)),
        DefinitionKind::Measure(value) => format!("measure {name} : {ty} = {}", p.expr(value)),
        DefinitionKind::Pay(value) => format!("pay {name} : {ty} = {}", p.expr(value)),
        DefinitionKind::Streak(value) => format!("streak {name} : {ty} of {}", p.expr(value)),
        DefinitionKind::Carry {
            value,
            opening,
            restarting,
        } => {
            let every = restarting.map(|unit| format!(" restarting every {}", expr::unit(unit)));
            format!(
                "carry {name} : {ty} = {} starting {}{}",
                p.expr(value),
                p.expr(opening),
                every.unwrap_or_default()
            )
        }
    };
    line(text, 1, &format!("{said}{}", because(&found.reason)));
    print_exceptions(program, &found.exceptions, text);
}

fn signature(program: &Program, found: &Definition) -> String {
    let p = Printer::new(program);
    let params: Vec<String> = found
        .params
        .iter()
        .map(|param: &BinderId| p.binder(*param))
        .collect();
    format!("{}[{}]", found.naming.name, params.join(", "))
}

fn print_earn(program: &Program, id: EarnId, text: &mut String) {
    let Some(earn) = program.earn(id) else {
        return;
    };
    let p = Printer::new(program);
    let ty = p.ty(earn.ty);
    line(
        text,
        1,
        &format!(
            "earn {} : {ty} = {}{}",
            earn.naming.name,
            p.expr(&earn.value),
            because(&earn.reason)
        ),
    );
    if let Some(lines) = &earn.lines {
        let filter = lines
            .filter
            .as_ref()
            .map(|filter| format!(" where {}", p.expr(filter)));
        let order: Vec<String> = lines.order.iter().map(|key| p.expr(key)).collect();
        line(
            text,
            2,
            &format!("for each {}{}", p.binder(lines.row), filter.unwrap_or_default()),
        );
        line(
            text,
            2,
            &format!("dated {} in order of {}", p.expr(&lines.dated), order.join(", ")),
        );
    }
    print_exceptions(program, &earn.exceptions, text);
    print_cap(program, earn, text);
    for (word, share) in [("release", &earn.release), ("clawback", &earn.clawback)] {
        if let Some(share) = share {
            print_share(program, word, share, text);
        }
    }
    if earn.release.as_ref().is_some_and(|release| release.may_fall) {
        line(text, 2, "may fall");
    }
    print_review(program, earn, text);
    print_hold(program, earn, text);
    if let Some(broken) = earn.break_down() {
        let p = Printer::new(program);
        let why = because(&broken.reason);
        let otherwise = match (broken.unweighted, broken.without) {
            (Unweighted::Refused, NoLines::Refused) => "",
            (Unweighted::Equal, NoLines::Refused) => " otherwise equally",
            (Unweighted::Equal, NoLines::Whole) => " otherwise equally otherwise whole",
            (Unweighted::Nothing, _) | (Unweighted::Refused, NoLines::Whole) => " otherwise whole",
        };
        let weight = p.expr(&broken.weight);
        line(text, 2, &format!("broken down by {weight}{otherwise}{why}"));
    }
    if let Some(amortise) = &earn.amortise {
        let p = Printer::new(program);
        let until = amortise.until.as_ref();
        let until = until.map(|until| format!(" until {}", p.expr(until)));
        let (months, from) = (p.expr(&amortise.months), p.expr(&amortise.from));
        let until = until.unwrap_or_default();
        let why = because(&amortise.reason);
        line(
            text,
            2,
            &format!("amortise {months} months from {from}{until}{why}"),
        );
    }
}

fn print_hold(program: &Program, earn: &Earn, text: &mut String) {
    let p = Printer::new(program);
    if let Some(hold) = &earn.hold {
        let ceiling = hold
            .ceiling
            .as_ref()
            .map(|most| format!(" ceiling {}", p.expr(most)));
        let (share, until) = (p.expr(&hold.share), p.expr(&hold.until));
        let ceiling = ceiling.unwrap_or_default();
        line(
            text,
            2,
            &format!("hold {share}{ceiling} until {until}{}", because(&hold.reason)),
        );
    }
}

fn print_cap(program: &Program, earn: &Earn, text: &mut String) {
    let p = Printer::new(program);
    for cap in earn.caps() {
        let every = expr::unit(cap.every);
        let excess = match cap.excess {
            Excess::Forfeited => "",
            Excess::Carried => " excess carried",
            Excess::Review => " excess review",
        };
        let cut = match cap.cut {
            CutOrder::LatestFirst => "",
            CutOrder::InProportion => " cut in proportion",
        };
        let shared = earn.shared.as_ref().filter(|shared| shared.cap.span == cap.span);
        let with: Vec<&str> = shared
            .iter()
            .flat_map(|shared| &shared.earns)
            .filter_map(|id| program.earn(*id))
            .map(|other| other.naming.name.as_str())
            .collect();
        let with = if with.is_empty() {
            String::new()
        } else {
            format!(" of {}", with.join(", "))
        };
        let (at, reason) = (p.expr(&cap.at), because(&cap.reason));
        line(
            text,
            2,
            &format!("cap{with} at {at} every {every}{excess}{cut}{reason}"),
        );
    }
}

fn print_review(program: &Program, earn: &Earn, text: &mut String) {
    let p = Printer::new(program);
    if let Some(review) = &earn.review {
        let until = review.until.as_ref();
        let until = until.map_or_else(String::new, |until| format!(" until {}", p.expr(until)));
        let (when, reason) = (p.expr(&review.when), because(&review.reason));
        line(text, 2, &format!("review when {when}{until}{reason}"));
    }
}

fn print_share(program: &Program, word: &str, share: &Share, text: &mut String) {
    let p = Printer::new(program);
    line(
        text,
        2,
        &format!("{word} by {}{}", p.expr(&share.share), because(&share.reason)),
    );
}

fn print_exceptions(program: &Program, exceptions: &[Exception], text: &mut String) {
    let p = Printer::new(program);
    for found in exceptions {
        let over: Vec<&str> = found
            .over
            .iter()
            .filter_map(|at| exceptions.get(*at))
            .map(|other| other.naming.name.as_str())
            .collect();
        let over = if over.is_empty() {
            String::new()
        } else {
            format!(" over {}", over.join(", "))
        };
        line(
            text,
            2,
            &format!(
                "except {}{over}{} when {} use {}{}",
                found.naming.name,
                effective(found.during),
                p.expr(&found.when),
                p.expr(&found.value),
                because(&found.reason)
            ),
        );
    }
}

fn printed_cell(p: &Printer<'_>, cell: &WithCell) -> String {
    let definition = p.program.definition(cell.definition);
    let name = definition.map_or("", |found| found.naming.name.as_str());
    let at: Vec<String> = cell
        .at
        .iter()
        .map(|at| at.as_ref().map_or_else(|| "-".to_owned(), |at| p.expr(at)))
        .collect();
    format!("with {name}[{}] = {}", at.join(", "), p.expr(&cell.value))
}

fn printed_swap(p: &Printer<'_>, swap: &Swap) -> String {
    let tiers = |id| {
        p.program
            .tier_table(id)
            .map_or("", |found| found.naming.name.as_str())
    };
    let decision = |id| {
        p.program
            .decision(id)
            .map_or("", |found| found.naming.name.as_str())
    };
    match swap {
        Swap::Tiers(old, new) => format!("with {} = {}", tiers(*old), tiers(*new)),
        Swap::Decision(old, new) => format!("with {} = {}", decision(*old), decision(*new)),
        Swap::Holidays { list, off, worked } => {
            let name = p
                .program
                .holiday_list(*list)
                .map_or("", |found| found.naming.name.as_str());
            format!("given {name}: {} days off, {} worked", off.len(), worked.len())
        }
        Swap::DecisionValue(id, value) => format!("with {} = {}", decision(*id), p.value(value)),
    }
}

fn print_test(program: &Program, test: &Test, text: &mut String) {
    let p = Printer::new(program);
    line(text, 0, &format!("test {:?}", test.name));
    for with in &test.with {
        let target = match with.target {
            WithTarget::TableField(table, field) => p.field(table, field),
            WithTarget::Constant(id) => program
                .constant(id)
                .map_or(String::new(), |found| found.naming.name.clone()),
            WithTarget::Definition(id) => program
                .definition(id)
                .map_or(String::new(), |found| found.naming.name.clone()),
        };
        line(text, 1, &format!("with {target} = {}", p.expr(&with.value)));
    }
    for cell in &test.cells {
        line(text, 1, &printed_cell(&p, cell));
    }
    for swap in &test.swaps {
        line(text, 1, &printed_swap(&p, swap));
    }
    for given in &test.given {
        let fields: Vec<String> = given
            .fields
            .iter()
            .map(|field| p.field(given.table, *field))
            .collect();
        line(
            text,
            1,
            &format!(
                "given {} {}",
                table_name(program, given.table),
                fields.join(" | ")
            ),
        );
        for row in &given.rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| p.value(cell)).collect();
            line(text, 2, &cells.join(" | "));
        }
    }
    for expect in &test.expects {
        let outcome = match &expect.outcome {
            Outcome::Holds => String::new(),
            Outcome::Fails(None) => " fails".to_owned(),
            Outcome::Fails(Some(code)) => format!(" fails {code}"),
        };
        line(text, 1, &format!("expect {}{outcome}", p.expr(&expect.expr)));
    }
}

fn table_name(program: &Program, table: TableId) -> String {
    program
        .table(table)
        .map_or(String::new(), |found| found.naming.name.clone())
}

fn because(reason: &Reason) -> String {
    let mut said = String::new();
    if let Some(words) = &reason.because {
        let _ = write!(said, " because {words:?}");
    }
    if let Some(words) = &reason.reference {
        let _ = write!(said, " ref {words:?}");
    }
    said
}

fn effective(range: Effective) -> String {
    match (range.from, range.through) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" from {from}"),
        (None, Some(through)) => format!(" through {through}"),
        (Some(from), Some(through)) => format!(" from {from} through {through}"),
    }
}

fn line(text: &mut String, depth: usize, words: &str) {
    for _ in 0..depth {
        text.push_str("  ");
    }
    text.push_str(words);
    text.push('\n');
}
