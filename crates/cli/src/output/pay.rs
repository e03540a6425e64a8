//! The pay table that a person reads: payees down, periods across.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use guerdon::plan::Plan;
use guerdon::report::{Amount, PayColumn, Report};
use guerdon_plan::number::{Exact, format_grouped};

use super::tame;

/// The most periods that stand beside each other; of more, only the totals are shown.
const MOST_COLUMNS: usize = 12;
/// The most payees of one table; of more, the first ones are shown.
const MOST_ROWS: usize = 200;

/// Gives the pay of a report as tables.
pub(crate) fn table(plan: &Plan, report: &Report<'_>) -> String {
    let shown: Vec<String> = report
        .pay_columns()
        .iter()
        .filter_map(|column| show(plan, column))
        .collect();
    if shown.is_empty() {
        let pays = plan.program().plans.iter().any(|plan| plan.block.is_none());
        return if pays {
            "Nothing is paid in these periods.\n\n".to_owned()
        } else {
            String::new()
        };
    }
    shown.concat()
}

/// Shows one `pay` statement; nothing where nobody is paid by it.
fn show(plan: &Plan, column: &PayColumn<'_>) -> Option<String> {
    let payees = column.payees();
    let periods: Vec<String> = column.periods().into_iter().map(|(_, label)| label).collect();
    let paid: Vec<usize> = (0..payees.len())
        .filter(|payee| (0..periods.len()).any(|period| column.amount(period, *payee).is_some()))
        .collect();
    if paid.is_empty() {
        return None;
    }
    let labels = if periods.len() > MOST_COLUMNS {
        &[][..]
    } else {
        &periods
    };
    let mut table = Table::new();
    table
        .load_preset(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Disabled);
    let heads = std::iter::once("Payee".to_owned())
        .chain(labels.iter().cloned())
        .chain(["Total".to_owned()]);
    table.set_header(heads.collect::<Vec<_>>());
    for payee in paid.iter().take(MOST_ROWS) {
        let amounts: Vec<Option<Amount>> = (0..periods.len())
            .map(|period| column.amount(period, *payee))
            .collect();
        let key = payees.get(*payee).map_or("", String::as_str);
        table.add_row(row(key, &amounts, labels.len(), column.decimals));
    }
    let totals: Vec<Option<Amount>> = (0..periods.len())
        .map(|period| total(paid.iter().map(|payee| column.amount(period, *payee))))
        .collect();
    table.add_row(row("All", &totals, labels.len(), column.decimals));
    table
        .column_iter_mut()
        .skip(1)
        .for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let rest = match paid.len().saturating_sub(MOST_ROWS) {
        0 => String::new(),
        more => format!("… and {more} more payees; --out writes all of them\n"),
    };
    let (title, unit) = (tame(column.title), &column.unit);
    Some(format!(
        "{} – {title} ({unit})\n{table}\n{rest}\n",
        tame(plan_title(plan, column))
    ))
}

fn plan_title<'p>(plan: &'p Plan, column: &PayColumn<'p>) -> &'p str {
    let plans = plan.program().plans.iter().map(|plan| &plan.naming);
    let naming = plans.into_iter().find(|naming| naming.name == column.plan);
    naming
        .and_then(|naming| naming.title.as_deref())
        .unwrap_or(column.plan)
}

/// Makes a row: a name, the amounts of the first periods, and their total.
fn row(name: &str, amounts: &[Option<Amount>], shown: usize, decimals: u8) -> Vec<Cell> {
    let sum = total(amounts.iter().cloned());
    let amounts = amounts.iter().take(shown).chain([&sum]);
    std::iter::once(tame(name))
        .chain(amounts.map(|amount| text(amount.as_ref(), decimals)))
        .map(Cell::new)
        .collect()
}

fn text(amount: Option<&Amount>, decimals: u8) -> String {
    match amount {
        Some(Amount::Known(amount)) => format_grouped(amount, decimals),
        Some(Amount::Unknown) => "not known".to_owned(),
        None => String::new(),
    }
}

/// Adds amounts up; none where there are none.
fn total(amounts: impl Iterator<Item = Option<Amount>>) -> Option<Amount> {
    let add = |sum: Amount, amount: Amount| match (sum, amount) {
        (Amount::Known(sum), Amount::Known(amount)) => {
            sum.add(&amount).map_or(Amount::Unknown, Amount::Known)
        }
        (Amount::Known(_) | Amount::Unknown, _) => Amount::Unknown,
    };
    let mut amounts = amounts.flatten().peekable();
    amounts.peek()?;
    Some(amounts.fold(Amount::Known(Exact::ZERO), add))
}
