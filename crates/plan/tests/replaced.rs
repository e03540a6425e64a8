//! What a test may replace, and the messages about what it may not.

#[path = "support/rules.rs"]
mod rules;

use rules::{Checked, errors};

const RULES: &str = "\
data Seller key name
  name : text
end
table quota from \"quota.csv\" key seller: Seller, month: month gives amount: money EUR
table pair from \"pair.csv\" key name: text gives one: int, two: int
const floor_pay = EUR 10
tiers slices marginal
  from EUR 0 up : 1%
end
tiers steps flat
  from 0 up : 5
end
table share
  size: int from 0 -> factor: percent
  -                -> 10%
end
table both
  size: int from 0 -> factor: percent | base: money EUR
  -                -> 10%             | EUR 1
end
plan p
  payee     Seller
  currency  EUR
  effective 2025-01-01 through 2025-12-31
  period    month
  rounding  half-up to 0.01 at each line
  measure volume = quota[payee, period]
  earn e = apply slices to volume
  pay out = due e
end
";

fn with(line: &str) -> Vec<(String, String)> {
    let test = format!(
        "{RULES}test \"t\"\n  given Seller\n    name\n    Ada\n  end\n  with {line}\n  expect volume[Ada, 2025-01] = EUR 1\nend\n"
    );
    Checked::text(&test).errors()
}

#[test]
fn values_tables_and_tiers_are_replaced() {
    for line in [
        "quota = EUR 5",
        "quota[Ada, 2025-01] = EUR 5 * 2",
        "quota[\"Ada\", 2025-01] = EUR 5",
        "volume[Ada] = EUR 5",
        "volume[Ada, 2025-01] = EUR 5",
        "floor_pay = EUR 5",
        "share = 5%",
    ] {
        assert_eq!(with(line), errors(&[]), "{line}");
    }
}

#[test]
fn what_cannot_be_replaced_is_told() {
    for (line, code, underlined) in [
        ("quota[Ada] = EUR 5", "E0219", "with quota[Ada] = EUR 5"),
        ("quota[Ada, 2025-01] = 5", "E0201", "5"),
        ("quota[1 + 1, 2025-01] = EUR 5", "E0232", "1 + 1"),
        ("quota = volume[Ada]", "E0232", "volume[Ada]"),
        ("pair = 5", "E0219", "pair"),
        ("floor_pay[2025-01] = EUR 5", "E0219", "2025-01"),
        ("slices = steps", "E0409", "steps"),
        ("slices = 5%", "E0218", "5%"),
        ("both = 5%", "E0219", "both"),
        ("share = EUR 5", "E0201", "EUR 5"),
        ("e = EUR 5", "E0219", "e"),
        ("nothing = EUR 5", "E0202", "nothing"),
    ] {
        assert_eq!(with(line), errors(&[(code, underlined)]), "{line}");
    }
}

#[test]
fn a_whole_and_a_part_are_not_replaced_together() {
    let both = "quota = EUR 5\n  with quota[Ada, 2025-01] = EUR 6";
    let told = errors(&[("E0216", "with quota[Ada, 2025-01] = EUR 6")]);
    assert_eq!(with(both), told);
    assert_eq!(
        with("volume = EUR 5\n  with volume = EUR 6"),
        errors(&[("E0216", "with volume = EUR 6")])
    );
}

const BLOCK: &str = "\
data Seller key name
  name : text
  sold : money EUR
end
contest cup
  entrants Seller
  period   2026-05
  currency EUR
  measure  made = entrant.sold
  score    made
  rank     highest first, ties share
end
";

fn with_part(line: &str) -> Vec<(String, String)> {
    let test = format!(
        "{BLOCK}test \"t\"\n  given Seller\n    name | sold\n    Ada | EUR 1\n  end\n  with {line}\n  expect cup[Ada].rank = 1\nend\n"
    );
    Checked::text(&test).errors()
}

#[test]
fn measures_of_blocks_are_replaced_by_the_name_of_the_block() {
    for line in [
        "cup.made = EUR 5",
        "cup[Ada].made = EUR 5",
        "cup.made[Ada] = EUR 5",
        "cup[Ada].score = EUR 5",
    ] {
        assert_eq!(with_part(line), errors(&[]), "{line}");
    }
}

#[test]
fn what_is_no_part_of_a_block_is_told() {
    for (line, code, underlined) in [
        ("cup.mate = EUR 5", "E0209", "mate"),
        ("cup.made = 5", "E0201", "5"),
        ("made = EUR 5", "E0219", "made"),
        ("cup = EUR 5", "E0219", "cup"),
        ("Seller.sold = EUR 5", "E0219", "Seller"),
        (
            "cup.made = EUR 5\n  with cup[Ada].made = EUR 6",
            "E0216",
            "with cup[Ada].made = EUR 6",
        ),
    ] {
        assert_eq!(with_part(line), errors(&[(code, underlined)]), "{line}");
    }
}
