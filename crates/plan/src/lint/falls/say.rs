//! What is said of a fall.

use guerdon_syntax::{Code, Diagnostic, Text, text};

use super::Input;
use super::place::{Fall, Nearness, Paid, Stand};
use super::read::World;
use crate::hir::{DefinitionKind, PaysIn, Plan, Program};
use crate::lint::step::{shown_amount, shown_bound};
use crate::number::{Exact, format_percent};
use crate::types::Scalar;

/// Says where pay falls, with both amounts.
pub(super) fn message(program: &Program, plan: &Plan, input: &Input<'_>, fall: &Fall) -> Diagnostic {
    let paid = match plan.pays_in {
        PaysIn::Money(currency) => Scalar::Money(currency),
        PaysIn::Points => Scalar::Points,
        PaysIn::Nothing => Scalar::Number,
    };
    let name = name(program, plan, input);
    let plan = &plan.naming.name;
    let place = shown_place(input, fall, &fall.at);
    let title = text!(
        "pay of plan \"{plan}\" falls when {name} passes {place}",
        "{name} 超过 {place} 后，方案“{plan}”的报酬下降";
        place
    );
    let (p, q) = (
        shown_stand(input, fall, &fall.before),
        shown_stand(input, fall, &fall.after),
    );
    let (v, w) = (
        shown_paid(paid, &fall.before.paid),
        shown_paid(paid, &fall.after.paid),
    );
    let less: Paid = fall
        .before
        .paid
        .iter()
        .zip(&fall.after.paid)
        .filter_map(|(one, two)| Some((one.0.clone(), one.1.sub(&two.1).ok()?)))
        .collect();
    let by = shown_paid(paid, &less);
    let label = text!(
        "{p} pays {v}, {q} pays {w}: {by} less",
        "{p} 得 {v}，{q} 得 {w}：少 {by}";
        p, q, v, w, by
    );
    let told = Diagnostic::warning(Code::W0701, title)
        .primary(fall.cause, label)
        .note(text!(
            "Whoever sells more is paid less, and will hold back the sale that crosses the boundary.",
            "卖得更多反而拿得更少，当事人会压住越过此界的那一单。"
        ));
    match assumed(&fall.world) {
        Some(assumed) => told.note(text!("This is so with {assumed}.", "前提：{assumed}。")),
        None => told,
    }
}

/// Names what was assumed of other conditions.
fn assumed(world: &World) -> Option<String> {
    let said: Vec<String> = world.values().map(|(_, said)| shortened(said)).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// Cuts long words off, and shows that they go on.
fn shortened(said: &str) -> String {
    let mut letters = said.chars();
    let mut short: String = letters.by_ref().take(80).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// Calls the input by the statement that is nothing else, or by its words.
fn name(program: &Program, plan: &Plan, input: &Input<'_>) -> String {
    let definitions = plan.definitions.iter().filter_map(|one| program.definition(*one));
    let same = definitions.filter(|one| match &one.kind {
        DefinitionKind::Let(value) | DefinitionKind::Measure(value) => value.kind == input.expr.kind,
        DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) | DefinitionKind::Streak(_) => false,
    });
    let mut names = same.map(|one| format!("\"{}\"", one.naming.name));
    names.next().unwrap_or_else(|| {
        let short = shortened(&input.said);
        format!("\"{short}\"")
    })
}

fn shown_place(input: &Input<'_>, fall: &Fall, at: &Exact) -> Text {
    match &fall.share_of {
        Some(quota) => {
            let share = format_percent(at);
            text!("{share} of {quota}", "{quota} 的 {share}")
        }
        None => Text::same(shown_bound(input.expr.ty.scalar, at)),
    }
}

fn shown_stand(input: &Input<'_>, fall: &Fall, stand: &Stand) -> Text {
    let at = shown_place(input, fall, &stand.at);
    match stand.nearness {
        Nearness::Exactly => at,
        Nearness::JustUnder => text!("just under {at}", "略低于 {at}"; at),
        Nearness::JustOver => text!("just over {at}", "略高于 {at}"; at),
    }
}

/// Says an amount: money, and shares of what is not known.
fn shown_paid(paid: Scalar, parts: &Paid) -> Text {
    let mut shown: Vec<Text> = Vec::new();
    for (symbols, value) in parts.iter().filter(|(_, value)| !value.is_zero()) {
        let names: Vec<&str> = symbols.keys().map(String::as_str).collect();
        shown.push(if names.is_empty() {
            Text::same(shown_amount(paid, value))
        } else {
            let (share, of) = (format_percent(value), names.join(" * "));
            text!("{share} of {of}", "{of} 的 {share}")
        });
    }
    match shown.as_slice() {
        [] => Text::same(shown_amount(paid, &Exact::ZERO)),
        all => Text {
            en: all
                .iter()
                .map(|one| one.en.as_str())
                .collect::<Vec<_>>()
                .join(" and "),
            zh: all
                .iter()
                .map(|one| one.zh.as_str())
                .collect::<Vec<_>>()
                .join(" 加 "),
        },
    }
}
