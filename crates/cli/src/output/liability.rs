//! The most that one person can earn, for people and programs.

use guerdon::liability::{Liability, LiabilityRow, SHARES};
use guerdon::plan::Plan;
use guerdon_syntax::{Language, text};
use serde_json::{Value, json};

use super::grid::grid;
use super::tables::{Table, TextCells, sheet};
use super::tame;

/// Writes liabilities in the language of their files.
pub(crate) fn words(plan: &Plan, liabilities: &[Liability]) -> String {
    liabilities.iter().map(|one| shown(plan, one)).collect()
}

fn shown(plan: &Plan, one: &Liability) -> String {
    let language = plan.sources().language(one.span.file);
    let name = &one.plan;
    let title = text!(
        "plan {name}: the most that one person can earn, by the share of the quota that is reached",
        "方案 {name}：一人最多可得，按定额完成率"
    );
    let heads = std::iter::once(String::new()).chain(SHARES.iter().map(|share| format!("{share}%")));
    let mut table = grid(heads, |place| place > 0);
    let mut reasons: Vec<String> = Vec::new();
    for row in &one.rows {
        let cells = row.most.iter().map(|most| match most {
            Ok(most) => tame(&most.to_string()),
            Err(why) => {
                let reason = format!("{}: {}", row.name, why.get(language));
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
                "?".to_owned()
            }
        });
        table.add_row(std::iter::once(tame(&row.name)).chain(cells));
    }
    let mut out = format!("{}\n{table}\n", title.get(language));
    reasons
        .iter()
        .for_each(|reason| out.push_str(&format!("  ? {}\n", tame(reason))));
    let assumed = text!("assumed", "假定");
    for words in &one.assumed {
        out.push_str(&format!(
            "  {}: {}\n",
            assumed.get(language),
            tame(words.get(language))
        ));
    }
    out.push('\n');
    out
}

/// Gives liabilities as JSON.
pub(crate) fn to_json(plan: &Plan, liabilities: &[Liability]) -> Value {
    let one = |one: &Liability| {
        let language = plan.sources().language(one.span.file);
        let rows: Vec<Value> = one.rows.iter().map(|row| row_json(row, language)).collect();
        let assumed: Vec<&str> = one.assumed.iter().map(|words| words.get(language)).collect();
        json!({ "plan": one.plan, "rows": rows, "assumed": assumed })
    };
    liabilities.iter().map(one).collect()
}

fn row_json(row: &LiabilityRow, language: Language) -> Value {
    let most: Vec<Value> = SHARES
        .iter()
        .zip(&row.most)
        .map(|(share, most)| match most {
            Ok(most) => json!({ "at": format!("{share}%"), "most": most.to_string(), "why_not": null }),
            Err(why) => json!({ "at": format!("{share}%"), "most": null, "why_not": why.get(language) }),
        })
        .collect();
    json!({ "name": row.name, "most": most })
}

/// Gives liabilities as a table: a row for each amount and share of the quota.
pub(crate) fn csv(plan: &Plan, liabilities: &[Liability]) -> Table {
    let mut sheet = sheet("liability", TextCells::Plain);
    sheet.heads(&["plan", "name", "at", "most", "why_not"]);
    for one in liabilities {
        let language = plan.sources().language(one.span.file);
        for row in &one.rows {
            for (share, most) in SHARES.iter().zip(&row.most) {
                let at = format!("{share}%");
                let (most, why) = match most {
                    Ok(most) => (most.to_string(), ""),
                    Err(why) => (String::new(), why.get(language)),
                };
                sheet.row(&[one.plan.as_str(), &row.name, &at, &most, why], [""; 0]);
            }
        }
        for words in &one.assumed {
            let assumed = format!("assumed: {}", words.get(language));
            sheet.row(&[one.plan.as_str(), "", "", "", &assumed], [""; 0]);
        }
    }
    sheet.finish()
}
