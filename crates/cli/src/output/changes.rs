//! Who gains and who loses by a revision, for people and programs.

use guerdon::plan::Plan;
use guerdon::revision::{Clause, Comparison, EarnChange, LineChange, PayeeChange};
use guerdon_plan::number::{Exact, format_grouped};
use guerdon_syntax::{Language, Text, text};
use serde_json::{Value, json};

use super::grid::{grid, language};
use super::tables::{Table, TextCells, sheet};
use super::tame;

/// The most payees of the table; of more, those with the largest changes are shown.
const MOST_ROWS: usize = 200;
/// The most lines of an earn, likewise.
const MOST_LINES: usize = 20;

/// Says whether names are told apart by their plans.
#[derive(Clone, Copy)]
enum Plans {
    One,
    Several,
}

impl Plans {
    fn of(comparison: &Comparison) -> Self {
        let mut plans = comparison
            .units
            .iter()
            .flat_map(|unit| &unit.earns)
            .map(|earn| &earn.plan);
        let first = plans.next();
        if plans.all(|plan| Some(plan) == first) {
            Self::One
        } else {
            Self::Several
        }
    }
}

/// Tells a comparison as text: what changed, whom it concerns, what it costs.
pub(crate) fn words(plan: &Plan, comparison: &Comparison) -> String {
    let language = language(plan);
    let say = |words: Text| words.get(language).to_owned();
    if comparison.stages.is_empty() {
        return say(text!(
            "No clause differs: layout, comments and the language of keywords apart, the rules are the same.\n",
            "没有条款不同：除版式、注释和关键字语言外，规则相同。\n"
        ));
    }
    let mut out = String::new();
    for (at, clauses) in comparison.stages.iter().enumerate() {
        let number = at.saturating_add(1);
        clauses
            .iter()
            .for_each(|clause| out.push_str(&clause_words(number, clause, language)));
    }
    out.push('\n');
    if comparison.payees.is_empty() {
        out.push_str(&say(text!("Nobody's pay changes.\n", "无人的报酬发生变化。\n")));
    } else {
        out.push_str(&table(comparison, language));
    }
    let unchanged = comparison.unchanged;
    if unchanged > 0 {
        out.push_str(&say(text!(
            "Paid the same as before: {unchanged}.\n",
            "不变：{unchanged} 人。\n"
        )));
    }
    for unit in &comparison.units {
        let (name, cost) = (&unit.unit, signed(&unit.change, unit.decimals));
        let (older, newer) = (
            format_grouped(&unit.older, unit.decimals),
            format_grouped(&unit.newer, unit.decimals),
        );
        out.push_str(&say(text!(
            "Cost: {name} {cost} ({older} before, {newer} after).\n",
            "成本：{name} {cost}（之前 {older}，之后 {newer}）。\n"
        )));
    }
    if !comparison.unknown.is_empty() {
        let names = comparison.unknown.join(", ");
        out.push_str(&say(text!(
            "Not known before or after, and in no total: {names}\n",
            "之前或之后未知，不计入合计：{names}\n"
        )));
    }
    tame(&out)
}

fn clause_words(number: usize, clause: &Clause, language: Language) -> String {
    let (change, what) = (clause.change.shown(), &clause.what);
    let place = |place: &Option<guerdon::revision::Place>| {
        place
            .as_ref()
            .map(|place| format!("{}:{}", place.file, place.line))
    };
    let places: Vec<String> = [place(&clause.older), place(&clause.newer)]
        .into_iter()
        .flatten()
        .collect();
    let places = match places.is_empty() {
        true => String::new(),
        false => format!(" ({})", places.join(" → ")),
    };
    let head = format!(
        "{number:>3}. {}: {}{places}\n",
        change.get(language),
        what.get(language)
    );
    let lines = |sign: char, words: &str| -> String {
        let one = words.split_whitespace().collect::<Vec<_>>().join(" ");
        match one.as_str() {
            "" => String::new(),
            one => format!("       {sign} {one}\n"),
        }
    };
    if clause.before.is_empty() && clause.what.en == clause.after {
        return head;
    }
    format!(
        "{head}{}{}",
        lines('-', &clause.before),
        lines('+', &clause.after)
    )
}

fn table(comparison: &Comparison, language: Language) -> String {
    let stages = comparison.stages.len();
    let say = |words: Text| words.get(language).to_owned();
    let parts = if stages > 1 { stages } else { 0 };
    let plans = Plans::of(comparison);
    let heads = [
        say(text!("Payee", "人员")),
        say(text!("Unit", "单位")),
        say(text!("Before", "之前")),
        say(text!("After", "之后")),
        say(text!("Change", "变化")),
    ];
    let heads = heads
        .into_iter()
        .chain((1..=parts).map(|number| format!("{number}.")));
    let mut table = grid(heads, |place| place > 1);
    let row =
        |name: &str, unit: &str, decimals: u8, [older, newer, change]: [&Exact; 3], by_stage: &[Exact]| {
            let amounts = [
                format_grouped(older, decimals),
                format_grouped(newer, decimals),
                signed(change, decimals),
            ];
            let parts = by_stage.iter().take(parts).map(|part| signed(part, decimals));
            let mut cells = vec![tame(name), unit.to_owned()];
            cells.extend(amounts.into_iter().chain(parts));
            cells
        };
    let below = |earns: &[EarnChange], decimals: u8, table: &mut comfy_table::Table| {
        for earn in earns {
            let name = format!("  {}", earn_name(earn, plans, language));
            let amounts = [&earn.older, &earn.newer, &earn.change];
            table.add_row(row(&name, "", decimals, amounts, &earn.by_stage));
            for line in earn.lines.iter().take(MOST_LINES) {
                let amounts = [&line.older, &line.newer, &line.change];
                let name = format!("    {}", line.line);
                table.add_row(row(&name, "", decimals, amounts, &line.by_stage));
            }
            let more = earn.lines.len().saturating_sub(MOST_LINES);
            if more > 0 {
                table.add_row([say(text!("    … and {more} more lines", "    ……另有 {more} 条"))]);
            }
        }
    };
    for one in comparison.payees.iter().take(MOST_ROWS) {
        let amounts = [&one.older, &one.newer, &one.change];
        table.add_row(row(&one.payee, &one.unit, one.decimals, amounts, &one.by_stage));
        below(&one.earns, one.decimals, &mut table);
    }
    let all = say(text!("All", "合计"));
    for unit in &comparison.units {
        let amounts = [&unit.older, &unit.newer, &unit.change];
        table.add_row(row(&all, &unit.unit, unit.decimals, amounts, &unit.by_stage));
        below(&unit.earns, unit.decimals, &mut table);
    }
    let more = match comparison.payees.len().saturating_sub(MOST_ROWS) {
        0 => String::new(),
        more => say(text!(
            "… and {more} more with smaller changes; --format csv has all of them\n",
            "……另有 {more} 人变化较小；--format csv 列出全部\n"
        )),
    };
    format!("{table}\n{more}")
}

/// Names an earn; or, where what changes is not in the earns, what the statement adds to them.
fn earn_name(earn: &EarnChange, plans: Plans, language: Language) -> String {
    let (plan, pay, name) = (&earn.plan, &earn.pay, &earn.earn);
    let name = match name.is_empty() {
        true => text!("{pay} beyond its earns", "{pay}（计提之外）")
            .get(language)
            .to_owned(),
        false => name.clone(),
    };
    match plans {
        Plans::One => name,
        Plans::Several => format!("{plan}.{name}"),
    }
}

/// Writes an amount with its sign; nothing for no change.
fn signed(amount: &Exact, decimals: u8) -> String {
    let text = format_grouped(amount, decimals);
    match (amount.is_zero(), amount.is_negative()) {
        (true, _) => "0".to_owned(),
        (false, true) => text,
        (false, false) => format!("+{text}"),
    }
}

/// Makes the table of changes: a row for each payee, stage and earn, or line, in which the stage is worth something.
pub(crate) fn csv(comparison: &Comparison) -> Table {
    let mut sheet = sheet("changes", TextCells::Plain);
    sheet.heads(&[
        "payee", "currency", "before", "after", "change", "stage", "clauses", "part", "plan", "pay", "earn",
        "line",
    ]);
    let names: Vec<String> = comparison.stages.iter().map(|clauses| brief(clauses)).collect();
    for one in &comparison.payees {
        let plain = |amount: &Exact| amount.display_text(one.decimals);
        for (at, clauses) in names.iter().enumerate() {
            for (earn, line, part) in one.earns.iter().flat_map(|earn| parts_of(earn, at)) {
                let cells = [
                    one.payee.as_str(),
                    &one.unit,
                    &plain(&one.older),
                    &plain(&one.newer),
                    &plain(&one.change),
                    &at.saturating_add(1).to_string(),
                    clauses,
                    &plain(part),
                    &earn.plan,
                    &earn.pay,
                    &earn.earn,
                    line,
                ];
                sheet.row(&cells, [""; 0]);
            }
        }
    }
    sheet.finish()
}

/// Lists what a stage is worth in an earn: in each of its lines where they are known, otherwise at once.
fn parts_of(earn: &EarnChange, stage: usize) -> impl Iterator<Item = (&EarnChange, &str, &Exact)> {
    let lines = earn.lines.iter().map(|line| (line.line.as_str(), &line.by_stage));
    let whole = std::iter::once(("", &earn.by_stage)).filter(|_| earn.lines.is_empty());
    let parts = lines
        .chain(whole)
        .filter_map(move |(line, by_stage)| Some((line, by_stage.get(stage)?)));
    parts
        .filter(|(_, part)| !part.is_zero())
        .map(move |(line, part)| (earn, line, part))
}

/// Names the clauses of a stage.
fn brief(clauses: &[Clause]) -> String {
    let names: Vec<&str> = clauses.iter().map(|clause| clause.what.en.as_str()).collect();
    names.join("; ")
}

/// Gives a comparison as JSON.
pub(crate) fn to_json(plan: &Plan, comparison: &Comparison) -> Value {
    let language = language(plan);
    let place = |place: &Option<guerdon::revision::Place>| {
        place
            .as_ref()
            .map(|place| json!({ "file": place.file, "line": place.line }))
    };
    let clause = |clause: &Clause| {
        json!({
            "what": clause.what.get(language),
            "change": clause.change.id(),
            "older": place(&clause.older),
            "newer": place(&clause.newer),
            "before": clause.before,
            "after": clause.after,
        })
    };
    let stages: Vec<Value> = comparison
        .stages
        .iter()
        .map(|clauses| clauses.iter().map(clause).collect())
        .collect();
    let units: Vec<Value> = comparison
        .units
        .iter()
        .map(|unit| {
            let plain = |amount: &Exact| amount.display_text(unit.decimals);
            json!({
                "currency": unit.unit, "before": plain(&unit.older), "after": plain(&unit.newer),
                "change": plain(&unit.change), "by_stage": unit.by_stage.iter().map(plain).collect::<Vec<_>>(),
                "earns": earns(&unit.earns, unit.decimals),
            })
        })
        .collect();
    json!({
        "stages": stages,
        "totals": units,
        "payees": comparison.payees.iter().map(payee).collect::<Vec<_>>(),
        "unchanged": comparison.unchanged,
        "unknown": comparison.unknown,
    })
}

fn payee(one: &PayeeChange) -> Value {
    let plain = |amount: &Exact| amount.display_text(one.decimals);
    let parts: Vec<Value> = one
        .parts
        .iter()
        .map(|part| {
            json!({ "plan": part.plan, "pay": part.pay, "before": plain(&part.older), "after": plain(&part.newer) })
        })
        .collect();
    json!({
        "payee": one.payee,
        "currency": one.unit,
        "before": plain(&one.older),
        "after": plain(&one.newer),
        "change": plain(&one.change),
        "by_stage": one.by_stage.iter().map(plain).collect::<Vec<_>>(),
        "pay": parts,
        "earns": earns(&one.earns, one.decimals),
    })
}

fn earns(changes: &[EarnChange], decimals: u8) -> Vec<Value> {
    let plain = |amount: &Exact| amount.display_text(decimals);
    let all = |amounts: &[Exact]| amounts.iter().map(plain).collect::<Vec<_>>();
    let line = |one: &LineChange| {
        json!({
            "line": one.line, "before": plain(&one.older), "after": plain(&one.newer),
            "change": plain(&one.change), "by_stage": all(&one.by_stage),
        })
    };
    let earn = |one: &EarnChange| {
        json!({
            "plan": one.plan, "pay": one.pay, "earn": one.earn, "before": plain(&one.older),
            "after": plain(&one.newer), "change": plain(&one.change), "by_stage": all(&one.by_stage),
            "lines": one.lines.iter().map(line).collect::<Vec<_>>(),
        })
    };
    changes.iter().map(earn).collect()
}
