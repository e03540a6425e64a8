//! Decision tables and matrices: complete, free of overlap, every row reached.

#[path = "support/rules.rs"]
mod rules;

use guerdon_plan::hir::{Cell, Hit, Value};
use guerdon_syntax::Code;
use rules::{Checked, errors};

const REGIONS: &str = "enum Region = North | East alias 华东 | South\n";

fn table(head: &str, columns: &str, rows: &[&str]) -> Checked {
    Checked::text(&format!(
        "{REGIONS}table t {head}\n  {columns}\n  {}\nend\n",
        rows.join("\n  ")
    ))
}

#[test]
fn a_hole_is_shown_between_the_rows_beside_it() {
    let text = "use \"sales.guerdon\"\nuse \"1_ae.guerdon\"\n\n\
                table ramp unique\n\
                \x20 tenure: int from 0 -> quota_share: percent | draw: money CNY\n\
                \x20 from 0 below 3 -> 25%                  | CNY 12,000\n\
                \x20 from 4 below 6 -> 60%                  | CNY 8,000\n\
                \x20 from 6 up      -> 100%                 | CNY 0\n\
                end\n";
    let checked = Checked::files(&[
        ("4_draw.guerdon", text),
        ("sales.guerdon", ""),
        ("1_ae.guerdon", ""),
    ]);
    assert_eq!(
        checked.printed(Code::E0311),
        "\
error[E0311]: table \"ramp\" has no row for tenure = 3
    ┌─ 4_draw.guerdon:7:3
    │
  6 │   from 0 below 3 -> 25%                  | CNY 12,000
    │          ─────── ends before 3
  7 │   from 4 below 6 -> 60%                  | CNY 8,000
    │   ^^^^^^ starts at 4
    │
    = tenure is a whole number, so 3 is the only value without a row.
help: extend one of the rows, or add one
    │
  7 │   from 3 below 6 -> 60%                  | CNY 8,000
    │        ~
"
    );
}

#[test]
fn holes_in_every_kind_of_column_are_named() {
    let hole = |columns: &str, rows: &[&str]| {
        let checked = table("unique", columns, rows);
        checked.message(Code::E0311).title.en.clone()
    };
    assert_eq!(
        hole("region: Region -> x: int", &["North -> 1", "South -> 2"]),
        "table \"t\" has no row for region is East"
    );
    assert_eq!(
        hole("new: bool -> x: int", &["yes -> 1"]),
        "table \"t\" has no row for new is no"
    );
    assert_eq!(
        hole("n: int -> x: int", &["from 0 up -> 1"]),
        "table \"t\" has no row for n = -1"
    );
    assert_eq!(
        hole(
            "d: date -> x: int",
            &["below 2026-02-01 -> 1", "above 2026-02-01 up -> 2"]
        ),
        "table \"t\" has no row for d = 2026-02-01"
    );
    assert_eq!(
        hole(
            "m: month -> x: int",
            &["through 2026-01 -> 1", "from 2026-03 up -> 2"]
        ),
        "table \"t\" has no row for m = 2026-02"
    );
    assert_eq!(
        hole(
            "a: money CNY from CNY 0 -> x: int",
            &["from CNY 0 below CNY 100 -> 1", "above CNY 200 up -> 2"]
        ),
        "table \"t\" has no row for a = CNY 100"
    );
    assert_eq!(
        hole(
            "p: percent from 0% through 100% -> x: int",
            &["below 50% -> 1", "above 50% up -> 2"]
        ),
        "table \"t\" has no row for p = 50%"
    );
    assert_eq!(
        hole("n: int? -> x: int", &["below 0 -> 1", "from 0 up -> 2"]),
        "table \"t\" has no row for n is missing"
    );
}

#[test]
fn a_hole_in_two_columns_names_both_and_the_nearest_rows() {
    let rows = [
        "North | from 0 up -> 1",
        "East | from 0 below 5 -> 2",
        "East | from 7 up -> 3",
        "South | - -> 4",
    ];
    let checked = table("unique", "region: Region | n: int from 0 -> x: int", &rows);
    assert_eq!(checked.errors(), errors(&[("E0311", "from 7")]));
    let message = checked.message(Code::E0311);
    assert_eq!(
        message.title.en,
        "table \"t\" has no row for region is East, n = 5"
    );
    assert_eq!(
        message.notes[0].en,
        "n is a whole number, so 5 through 6 are the values without a row."
    );
}

#[test]
fn every_percent_between_two_rows_is_named_as_a_stretch() {
    let checked = table(
        "unique",
        "p: percent from 0% -> x: int",
        &["below 50% -> 1", "from 80% up -> 2"],
    );
    let message = checked.message(Code::E0311);
    assert_eq!(message.notes[0].en, "Everything from 50% below 80% has no row.");
    assert_eq!(message.fixes[0].edits[0].replacement, "50%");
}

#[test]
fn texts_that_no_row_names_need_a_row_of_their_own() {
    let checked = table("unique", "model: text -> x: int", &["\"X200\" -> 1"]);
    assert_eq!(checked.errors(), errors(&[("E0315", "model")]));
    let rows = ["\"X200\" | yes -> 1", "- | no -> 2"];
    let checked = table("unique", "model: text | new: bool -> x: int", &rows);
    assert_eq!(checked.errors(), errors(&[("E0315", "model")]));
    let rows = ["\"X200\" | yes -> 1", "\"X300\" | - -> 2", "- | - -> 3"];
    assert_eq!(
        table("first", "model: text | new: bool -> x: int", &rows).errors(),
        errors(&[])
    );
}

#[test]
fn complete_tables_are_accepted() {
    for (columns, rows) in [
        ("region: Region -> x: int", vec!["North, 华东 -> 1", "South -> 2"]),
        ("region: Region -> x: int", vec!["- -> 1"]),
        ("model: text -> x: int", vec!["- -> 1"]),
        ("n: int from 1 through 3 -> x: int", vec!["1, 3 -> 1", "2 -> 2"]),
        (
            "n: int? -> x: int",
            vec!["missing -> 0", "below 0 -> 1", "from 0 up -> 2"],
        ),
        (
            "r: Region | n: int from 0 -> x: int",
            vec![
                "North | - -> 1",
                "East, South | 0 -> 2",
                "East, South | above 0 up -> 3",
            ],
        ),
    ] {
        let checked = table("unique", columns, &rows);
        assert_eq!(checked.errors(), errors(&[]), "{columns}");
    }
}

#[test]
fn two_rows_for_one_value_are_an_overlap_with_a_witness() {
    let checked = table(
        "unique",
        "n: int from 0 -> x: int",
        &["from 0 through 3 -> 1", "from 3 up -> 2"],
    );
    assert_eq!(checked.errors(), errors(&[("E0301", "from 3 up")]));
    assert_eq!(
        checked.message(Code::E0301).title.en,
        "table \"t\" has two rows for n = 3"
    );
    let rows = [
        "North, East | below 50% -> 1",
        "East, South | from 40% up -> 2",
        "North | from 50% up -> 3",
        "South | below 40% -> 4",
    ];
    let checked = table("unique", "r: Region | p: percent -> x: int", &rows);
    assert_eq!(
        checked.errors(),
        errors(&[("E0301", "East, South | from 40% up")])
    );
    assert_eq!(
        checked.message(Code::E0301).title.en,
        "table \"t\" has two rows for r is East, p = 40%"
    );
}

#[test]
fn the_first_row_that_matches_counts_and_each_must_be_reached() {
    let rows = ["\"CEO\" -> 25%", "\"VP\" -> 50%", "- -> 100%"];
    let checked = table("first", "title: text -> share: percent", &rows);
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(checked.program.decisions[0].hit, Hit::First);
    let checked = table(
        "first",
        "n: int -> x: int",
        &["below 5 -> 1", "- -> 2", "from 7 below 9 -> 3"],
    );
    assert_eq!(checked.errors(), errors(&[("E0312", "from 7 below 9")]));
    let rows = ["below 5 -> 1", "from 5 up -> 2", "from 3 below 9 -> 3"];
    assert_eq!(
        table("first", "n: int -> x: int", &rows).errors(),
        errors(&[("E0312", "from 3 below 9")])
    );
    let checked = table("first", "n: int -> x: int", &["below 5 -> 1", "from 7 up -> 2"]);
    assert_eq!(checked.errors(), errors(&[("E0311", "from 7")]));
}

#[test]
fn every_row_may_match_where_results_are_summed_but_highest_needs_one() {
    let rows = ["from 100 up -> CNY 5", "from 200 up -> CNY 7"];
    let checked = table("every", "n: int -> sum bonus: money CNY", &rows);
    assert_eq!(checked.errors(), errors(&[]));
    let checked = table("every", "n: int -> highest bonus: money CNY", &rows);
    assert_eq!(checked.errors(), errors(&[("E0311", "from 100")]));
    let checked = table("every", "n: int -> bonus: money CNY", &rows);
    assert_eq!(checked.errors(), errors(&[("E0313", "bonus: money CNY")]));
    let checked = table("unique", "n: int -> sum x: int", &["- -> 1"]);
    assert_eq!(checked.errors(), errors(&[("E0313", "x: int")]));
}

#[test]
fn cells_and_results_must_fit_their_columns() {
    let faults = |columns: &str, row: &str| table("unique", columns, &[row]).errors();
    assert_eq!(
        faults("p: percent -> x: int", "5 -> 1"),
        errors(&[("E0313", "5")])
    );
    assert_eq!(
        faults("n: int -> p: percent", "- -> 8"),
        errors(&[("E0313", "8")])
    );
    assert_eq!(
        faults("n: int -> a: money CNY", "- -> USD 8"),
        errors(&[("E0313", "USD 8")])
    );
    assert_eq!(
        faults("r: Region -> x: int", "Nord -> 1"),
        errors(&[("E0211", "Nord")])
    );
    assert_eq!(
        faults("r: Region -> x: int", "from 1 up -> 1"),
        errors(&[("E0313", "from 1 up")])
    );
    assert_eq!(
        faults("n: int -> x: int", "missing -> 1"),
        errors(&[("E0313", "missing")])
    );
    assert_eq!(
        faults("n: int from 0 -> x: int", "below 0 -> 1"),
        errors(&[("E0309", "below 0")])
    );
    assert_eq!(
        faults("n: int | n: int -> x: int", "- | - -> 1"),
        errors(&[("E0314", "n")])
    );
}

#[test]
fn values_are_folded_into_the_schema() {
    let checked = table(
        "unique",
        "r: Region -> a: money CNY | when: date",
        &["- -> CNY 120万 * 50% | 2026-03-31"],
    );
    assert_eq!(checked.errors(), errors(&[]));
    let row = &checked.program.decisions[0].versions[0].rows[0];
    assert_eq!(row.cells, [Cell::Any]);
    assert_eq!(format!("{:?}", row.outputs), "[Number(600000), Date(2026-03-31)]");
}

#[test]
fn a_table_too_tangled_to_prove_is_refused() {
    let names: Vec<String> = (0..33).map(|at| format!("c{at}: bool")).collect();
    let checked = table(
        "unique",
        &format!("{} -> x: int", names.join(" | ")),
        &[&format!("{} -> 1", vec!["-"; 33].join(" | "))],
    );
    assert_eq!(checked.errors(), errors(&[("E0315", "t")]));
}

#[test]
fn a_matrix_has_each_value_once_on_both_sides() {
    let matrix = |columns: &str, rows: &[&str]| {
        Checked::text(&format!(
            "{REGIONS}matrix m by a: Region, b: bool gives percent\n  {columns}\n  {}\nend\n",
            rows.join("\n  ")
        ))
    };
    let checked = matrix(
        "- | yes | no",
        &["North | 1% | 2%", "East | 3% | 4%", "South | 5% | 6%"],
    );
    assert_eq!(checked.errors(), errors(&[]));
    let rows = &checked.program.decisions[0].versions[0].rows;
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[3].cells[1], Cell::OneOf(vec![Value::Bool(false)]));
    assert_eq!(format!("{:?}", rows[3].outputs), "[Number(0.04)]");

    let checked = matrix("- | yes | no", &["North | 1% | 2%", "East | 3% | 4%"]);
    assert_eq!(checked.errors(), errors(&[("E0316", "a")]));
    assert_eq!(
        checked.message(Code::E0316).title.en,
        "matrix \"m\" has no row for South"
    );
    let checked = matrix("- | yes", &["North, East, South | 1%"]);
    assert_eq!(
        checked.message(Code::E0316).title.en,
        "matrix \"m\" has no column for no"
    );
    let checked = matrix(
        "- | yes | no",
        &["North | 1% | 2%", "North | 3% | 4%", "East, South | 5% | 6%"],
    );
    assert_eq!(checked.errors(), errors(&[("E0316", "North")]));
    assert_eq!(
        checked.message(Code::E0316).title.en,
        "matrix \"m\" has North twice"
    );
}

#[test]
fn a_matrix_may_have_ranges_on_its_sides() {
    let text = format!(
        "{REGIONS}matrix m by p: percent from 0%, r: Region gives money CNY\n  - | North | East, South\n  \
         below 50% | CNY 1 | CNY 2\n  from 60% up | CNY 3 | CNY 4\nend\n"
    );
    assert_eq!(Checked::text(&text).errors(), errors(&[("E0311", "from 60%")]));
}
