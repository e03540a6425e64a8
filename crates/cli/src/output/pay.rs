//! The pay table that a person reads: payees down, periods across.

use std::collections::BTreeMap;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use guerdon::plan::Plan;
use guerdon::report::{Amount, PayRow, Report};
use guerdon_plan::number::{Exact, format_grouped};

use super::tame;

/// The most periods that stand beside each other; of more, only the totals are shown.
const MOST_COLUMNS: usize = 12;
/// The most payees of one table; of more, the first ones are shown.
const MOST_ROWS: usize = 200;

/// The amounts of one `pay` statement.
struct Block<'r> {
    plan: &'r str,
    title: &'r str,
    unit: String,
    decimals: u8,
    periods: Vec<String>,
    payees: BTreeMap<String, BTreeMap<String, Amount>>,
}

/// Gives the pay of a report as tables.
pub(crate) fn table(plan: &Plan, report: &Report<'_>) -> String {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for row in report.pay() {
        add(&mut blocks, row);
    }
    if blocks.is_empty() {
        let pays = plan.program().plans.iter().any(|plan| plan.block.is_none());
        return if pays {
            "Nothing is paid in these periods.\n\n".to_owned()
        } else {
            String::new()
        };
    }
    blocks.iter().map(|block| show(plan, block)).collect()
}

fn add<'r>(blocks: &mut Vec<Block<'r>>, row: PayRow<'r>) {
    let is_next = blocks
        .last()
        .is_none_or(|block| block.plan != row.plan || block.title != row.title);
    if is_next {
        blocks.push(Block {
            plan: row.plan,
            title: row.title,
            unit: row.unit.clone(),
            decimals: row.decimals,
            periods: Vec::new(),
            payees: BTreeMap::new(),
        });
    }
    if let Some(block) = blocks.last_mut() {
        if !block.periods.contains(&row.period_label) {
            block.periods.push(row.period_label.clone());
        }
        block
            .payees
            .entry(row.payee)
            .or_default()
            .insert(row.period_label, row.amount);
    }
}

fn show(plan: &Plan, block: &Block<'_>) -> String {
    let naming = plan
        .program()
        .plans
        .iter()
        .map(|plan| &plan.naming)
        .find(|naming| naming.name == block.plan);
    let plan_title = naming
        .and_then(|naming| naming.title.as_deref())
        .unwrap_or(block.plan);
    let periods = if block.periods.len() > MOST_COLUMNS {
        &[][..]
    } else {
        &block.periods
    };
    let mut table = Table::new();
    table
        .load_preset(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Disabled);
    let heads = std::iter::once("Payee".to_owned())
        .chain(periods.iter().cloned())
        .chain(["Total".to_owned()]);
    table.set_header(heads.collect::<Vec<_>>());
    for (payee, amounts) in block.payees.iter().take(MOST_ROWS) {
        let shown = periods.iter().map(|period| {
            amounts
                .get(period)
                .map_or_else(String::new, |amount| text(amount, block.decimals))
        });
        let total = text(&sum(amounts.values()), block.decimals);
        table.add_row(
            std::iter::once(tame(payee))
                .chain(shown)
                .chain([total])
                .map(Cell::new),
        );
    }
    let totals = periods.iter().map(|period| {
        let column = block.payees.values().filter_map(|amounts| amounts.get(period));
        text(&sum(column), block.decimals)
    });
    let all = text(
        &sum(block.payees.values().flat_map(BTreeMap::values)),
        block.decimals,
    );
    table.add_row(
        std::iter::once("All".to_owned())
            .chain(totals)
            .chain([all])
            .map(Cell::new),
    );
    table
        .column_iter_mut()
        .skip(1)
        .for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let more = block.payees.len().saturating_sub(MOST_ROWS);
    let rest = if more > 0 {
        format!("… and {more} more payees; --out writes all of them\n")
    } else {
        String::new()
    };
    format!(
        "{} – {} ({})\n{table}\n{rest}\n",
        tame(plan_title),
        tame(block.title),
        block.unit
    )
}

fn text(amount: &Amount, decimals: u8) -> String {
    match amount {
        Amount::Known(amount) => format_grouped(amount, decimals),
        Amount::Unknown => "not known".to_owned(),
    }
}

fn sum<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Amount {
    let total = amounts
        .into_iter()
        .try_fold(Exact::ZERO, |sum, amount| match amount {
            Amount::Known(amount) => sum.add(amount).ok(),
            Amount::Unknown => None,
        });
    total.map_or(Amount::Unknown, Amount::Known)
}
