//! What the books are to say: proposals and balances as tables, and what is still owed for people.

use guerdon::plan::Plan;
use guerdon::report::{AccrualBalance, Amount, Report};
use guerdon_plan::number::format_grouped;
use guerdon_syntax::{Language, Text, text};

use super::grid::{heads, language, lean};
use super::tables::{Table, TextCells, sheet};
use super::tame;

/// The most payees of one table; of more, the first ones are shown.
const MOST_ROWS: usize = 200;

/// Makes the tables of proposals and of balances.
pub(crate) fn tables(report: &Report<'_>, text: TextCells) -> [Table; 2] {
    [proposals(report, text), balances(report, text)]
}

/// Shows who is still owed something, or has been paid in advance; nothing where all is paid.
pub(crate) fn words(plan: &Plan, report: &Report<'_>) -> String {
    let mut open: Vec<AccrualBalance<'_>> = report.accrual_balances().into_iter().filter(is_open).collect();
    // Who is paid in another currency has a row in each: a table of everybody for each of them.
    let plans = open.chunk_by_mut(|one, other| one.plan == other.plan);
    plans.for_each(|rows| rows.sort_by(|one, other| one.unit.cmp(&other.unit)));
    let tables = open.chunk_by(|one, other| (one.plan, &one.unit) == (other.plan, &other.unit));
    tables.map(|rows| table(rows, language(plan))).collect()
}

fn proposals(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = sheet("accruals", text);
    sheet.heads(&[
        "id",
        "plan",
        "kind",
        "statement",
        "payee",
        "record",
        "period",
        "date",
        "debit",
        "credit",
        "currency",
        "amount",
        "equivalent_currency",
        "equivalent",
    ]);
    for row in report.accruals() {
        let day = row.day.map(|day| day.to_string()).unwrap_or_default();
        let cells = [
            row.id.as_str(),
            row.plan,
            row.kind.id(),
            row.statement,
            &row.payee,
            &row.record,
            &row.period_label,
            &day,
            row.debit.id(),
            row.credit.id(),
            &row.unit,
        ];
        let equivalent = row.equivalent.as_ref();
        let other = equivalent.map_or("", |other| other.unit.as_str());
        let told = equivalent.map(|other| plain(&other.amount, other.decimals));
        let amounts = [
            plain(&row.amount, row.decimals),
            other.to_owned(),
            told.unwrap_or_default(),
        ];
        sheet.row(&cells, amounts);
    }
    sheet.finish()
}

fn balances(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = sheet("accrual_balances", text);
    sheet.heads(&[
        "plan",
        "payee",
        "currency",
        "earned",
        "released",
        "clawed_back",
        "paid",
        "accrued",
        "payable",
        "amortised",
        "written_off",
        "contract_cost",
        "exchange_difference",
    ]);
    for row in report.accrual_balances() {
        let amounts = amounts(&row).map(|amount| plain(amount, row.decimals));
        sheet.row(&[row.plan, &row.payee, &row.unit], amounts);
    }
    sheet.finish()
}

/// Lists the amounts of a balance in the order of the columns.
fn amounts<'b>(row: &'b AccrualBalance<'_>) -> [&'b Amount; 10] {
    [
        &row.earned,
        &row.released,
        &row.clawed_back,
        &row.paid,
        &row.accrued,
        &row.payable,
        &row.amortised,
        &row.written_off,
        &row.contract_cost,
        &row.exchange_difference,
    ]
}

fn table(rows: &[AccrualBalance<'_>], language: Language) -> String {
    let heads = heads(
        language,
        [
            text!("Payee", "人员"),
            text!("Earned", "已计提"),
            text!("Released", "已放行"),
            text!("Clawed back", "已追回"),
            text!("Paid", "已发放"),
            text!("Earned, not released", "已计提未放行"),
            text!("Released, not paid", "已放行未发放"),
            text!("Amortised", "已摊销"),
            text!("Written off", "已核销"),
            text!("Still to be spread", "待摊销"),
            text!("Exchange difference", "汇兑差额"),
        ],
    );
    let shown = rows.iter().take(MOST_ROWS).map(|row| {
        let [one, two, three, four, five, six, seven, eight, nine, ten] =
            amounts(row).map(|amount| shown(amount, row.decimals, language));
        [
            tame(&row.payee),
            one,
            two,
            three,
            four,
            five,
            six,
            seven,
            eight,
            nine,
            ten,
        ]
    });
    let table = lean(heads, |place| place > 0, shown);
    let say = |words: Text| words.get(language).to_owned();
    let rest = match rows.len().saturating_sub(MOST_ROWS) {
        0 => String::new(),
        more => say(text!(
            "… and {more} more payees; --out writes all of them\n",
            "……另有 {more} 人；用 --out 写出全部\n"
        )),
    };
    let (plan, unit) = rows.first().map_or(("", ""), |row| (row.plan, row.unit.as_str()));
    let title = say(text!("what is left in the books", "账上余额"));
    format!("{} – {title} ({unit})\n{table}\n{rest}\n", tame(plan))
}

fn is_open(row: &AccrualBalance<'_>) -> bool {
    let is_left = |amount: &Amount| amount.exact().is_none_or(|amount| !amount.is_zero());
    [&row.accrued, &row.payable, &row.contract_cost]
        .into_iter()
        .any(is_left)
}

fn plain(amount: &Amount, decimals: u8) -> String {
    amount
        .exact()
        .map(|amount| amount.display_text(decimals))
        .unwrap_or_default()
}

/// Writes an amount for a person; nothing where it is nothing.
fn shown(amount: &Amount, decimals: u8, language: Language) -> String {
    match amount {
        Amount::Known(amount) if amount.is_zero() => String::new(),
        Amount::Known(amount) => format_grouped(amount, decimals),
        Amount::Unknown => text!("not known", "未知").get(language).to_owned(),
    }
}
