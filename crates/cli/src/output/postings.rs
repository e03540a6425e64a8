//! Postings, for people and programs.

use guerdon::plan::Plan;
use guerdon::posting::{Cause, Posting, Postings};
use guerdon_plan::number::{Exact, format_grouped};
use guerdon_syntax::{Text, text};
use serde_json::{Value, json};

use super::grid::{grid, language};
use super::tables::{Table, TextCells, sheet};
use super::tame;

/// The most postings that are shown; --out and --format csv have all of them.
const MOST_ROWS: usize = 200;

/// Shows what is to be posted.
pub(crate) fn words(plan: &Plan, postings: &Postings) -> String {
    let language = language(plan);
    let say = |words: Text| words.get(language).to_owned();
    let mut out = String::new();
    if postings.rows.is_empty() {
        out.push_str(&say(text!(
            "Nothing is left to post: what was posted is what is payable.\n",
            "无需补记：已记金额即应付金额。\n"
        )));
    } else {
        let heads = [
            text!("Pay", "发放"),
            text!("Payee", "人员"),
            text!("Of", "所属期间"),
            text!("Posted in", "记入期间"),
            text!("Unit", "单位"),
            text!("Posted", "已记"),
            text!("Payable", "应付"),
            text!("Difference", "差额"),
            text!("Cause", "原因"),
        ];
        let mut table = grid(heads.map(say), |place| (5..8).contains(&place));
        for one in postings.rows.iter().take(MOST_ROWS) {
            let shown = |amount: &Exact| format_grouped(amount, one.decimals);
            let records = match one.records.is_empty() {
                true => String::new(),
                false => format!(" ({})", one.records.join(", ")),
            };
            table.add_row([
                tame(&format!("{}.{}", one.plan, one.pay)),
                tame(&one.payee),
                one.period.clone(),
                one.posted_in.clone(),
                one.unit.clone(),
                shown(&one.posted),
                shown(&one.payable),
                shown(&one.difference),
                tame(&format!("{}{records}", cause(one.cause).get(language))),
            ]);
        }
        out.push_str(&format!("{table}\n"));
        for (unit, decimals, sum) in totals(&postings.rows) {
            let sum = format_grouped(&sum, decimals);
            out.push_str(&say(text!("To post: {unit} {sum}\n", "本次补记：{unit} {sum}\n")));
        }
        let more = postings.rows.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            out.push_str(&say(text!(
                "… and {more} more; --out writes all of them\n",
                "……另有 {more} 条；用 --out 写出全部\n"
            )));
        }
    }
    let unknown = postings.unknown;
    if unknown > 0 {
        out.push_str(&say(text!(
            "Amounts that are not known, for which nothing is posted: {unknown}\n",
            "金额未知而未记：{unknown} 项\n"
        )));
    }
    out
}

/// Says which amounts of periods before the shown ones are no longer what was posted.
pub(crate) fn before(plan: &Plan, rows: &[Posting], manifest: &str) -> Option<String> {
    if rows.is_empty() {
        return None;
    }
    let language = language(plan);
    let sums: Vec<String> = totals(rows)
        .into_iter()
        .map(|(unit, decimals, sum)| format!("{unit} {}", format_grouped(&sum, decimals)))
        .collect();
    let (count, sums) = (rows.len(), sums.join(", "));
    let words = text!(
        "Periods before the shown ones have changed since {manifest}, by {sums} in all (differences: {count}). Run with \
         --since to post them.",
        "自 {manifest} 以来，所示期间之前的金额有变：{count} 处差额，合计 {sums}。用 --since 补记。"
    );
    Some(words.get(language).to_owned())
}

fn totals(rows: &[Posting]) -> Vec<(String, u8, Exact)> {
    let mut totals: Vec<(String, u8, Exact)> = Vec::new();
    for one in rows {
        let known = totals.iter_mut().find(|(unit, ..)| *unit == one.unit);
        let Some((_, _, sum)) = known else {
            totals.push((one.unit.clone(), one.decimals, one.difference.clone()));
            continue;
        };
        if let Ok(added) = sum.add(&one.difference) {
            *sum = added;
        }
    }
    totals
}

fn cause(cause: Cause) -> Text {
    match cause {
        Cause::OpenPeriod => text!("open period", "未结期间"),
        Cause::NewRecord => text!("new record", "新增记录"),
        Cause::ChangedRecord => text!("changed record", "记录已改"),
        Cause::GoneRecord => text!("gone record", "记录已删"),
        Cause::ChangedRule => text!("changed rule", "规则已改"),
        Cause::RuleOrRecord => text!("changed rule or record", "规则或记录已改"),
    }
}

/// Makes the tables `postings` and `posted`.
pub(crate) fn tables(postings: &Postings, text: TextCells) -> [Table; 2] {
    let mut posted = sheet("posted", text);
    posted.heads(&["plan", "pay", "payee", "period", "currency", "amount"]);
    for one in &postings.posted {
        let cells = [one.plan.as_str(), &one.pay, &one.payee, &one.period, &one.unit];
        posted.row(&cells, [one.amount.display_text(0)]);
    }
    [csv(postings, text), posted.finish()]
}

/// Makes the table `postings`.
pub(crate) fn csv(postings: &Postings, text: TextCells) -> Table {
    let mut sheet = sheet("postings", text);
    sheet.heads(&[
        "plan",
        "pay",
        "payee",
        "period",
        "posted_in",
        "cause",
        "records",
        "currency",
        "posted",
        "payable",
        "difference",
    ]);
    for one in &postings.rows {
        let records = one.records.join(" ");
        let cells = [
            one.plan.as_str(),
            &one.pay,
            &one.payee,
            &one.period,
            &one.posted_in,
            one.cause.id(),
            &records,
            &one.unit,
        ];
        sheet.row(
            &cells,
            [&one.posted, &one.payable, &one.difference].map(|amount| amount.display_text(one.decimals)),
        );
    }
    sheet.finish()
}

/// Gives postings as JSON.
pub(crate) fn to_json(postings: &Postings) -> Value {
    postings
        .rows
        .iter()
        .map(|one| {
            let plain = |amount: &Exact| amount.display_text(one.decimals);
            json!({
                "plan": one.plan, "pay": one.pay, "payee": one.payee, "period": one.period,
                "posted_in": one.posted_in, "cause": one.cause.id(), "records": one.records, "currency": one.unit,
                "posted": plain(&one.posted), "payable": plain(&one.payable), "difference": plain(&one.difference),
            })
        })
        .collect()
}
