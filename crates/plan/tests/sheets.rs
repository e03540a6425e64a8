//! Tiers and periods that stand in sheets: proven like rows written out, with messages that point into the sheet.
#[path = "support/rules.rs"]
mod rules;

use guerdon_syntax::Code;
use rules::{Checked, errors};

fn tiers(head: &str, sheet: &str) -> Checked {
    let rules = format!("tiers t {head} from \"rates.csv\"\n");
    Checked::files(&[("plans/a.guerdon", &rules), ("plans/rates.csv", sheet)])
}

#[test]
fn a_boundary_that_belongs_to_no_row_is_shown_in_the_sheet() {
    let checked = tiers(
        "marginal",
        "above,below,value\n0%,80%,4%\n80%,100%,6%\n100%,,9%\n",
    );
    assert_eq!(checked.messages.len(), 2);
    assert_eq!(
        checked.printed(Code::E0305),
        "\
error[E0305]: tiers \"t\" leave out exactly 80%
    ┌─ plans/rates.csv:3:1
    │
  2 │ 0%,80%,4%
    │    ─── ends just under 80%
  3 │ 80%,100%,6%
    │ ^^^ starts just over 80%
    │
    = A payee who reaches 80% would have no rate.
help: begin on the boundary  head this column with \"from\"
note: \"from\" and \"through\" include the number, \"above\" and \"below\" leave it out.
"
    );
}

#[test]
fn a_gap_and_a_last_row_with_an_end_are_told_by_the_cell() {
    let checked = tiers(
        "retro",
        "from,below,rate\n0,\"EUR 1,000\",1%\n\"EUR 2,000\",\"EUR 3,000\",2%\n",
    );
    assert_eq!(
        checked.errors(),
        errors(&[("E0304", "EUR 1,000"), ("E0304", "EUR 2,000")])
    );
    let checked = tiers("retro", "from,below,rate\n0,1000,1%\n2000,3000,2%\n");
    assert_eq!(checked.errors(), errors(&[("E0305", "2000"), ("E0303", "3000")]));
    assert!(checked.printed(Code::E0305).contains("write 1000 in this cell"));
    assert!(checked.printed(Code::E0303).contains("leave this cell empty"));
}

#[test]
fn headings_must_be_those_of_tiers() {
    let one = |sheet: &str| tiers("flat", sheet).errors();
    assert_eq!(one("form,below,amount\n0,10,5\n"), errors(&[("E0209", "form")]));
    assert_eq!(one("from,below\n0,10\n"), errors(&[("D0802", "from,below")]));
    assert_eq!(one("value\n10\n"), errors(&[("D0802", "value")]));
    assert_eq!(one("from,from,value\n0,1,10\n"), errors(&[("D0817", "from")]));
    assert_eq!(
        one("from,above,value\n0,1,10\n"),
        errors(&[("D0817", "from,above,value")])
    );
    assert_eq!(one("from,value\n0,\n"), errors(&[("D0807", "0,")]));
    assert_eq!(one("from,value\n0,ten\n"), errors(&[("E0101", "ten")]));
    assert_eq!(one("from,value\n0,$10\n"), errors(&[("E0104", "$")]));
    assert_eq!(one("满,值\n0,10\n"), errors(&[]));
}

#[test]
fn a_sheet_that_is_not_there_is_named_where_it_is_asked_for() {
    let checked = Checked::text("tiers t flat from \"rates.csv\"\n");
    assert_eq!(checked.errors(), errors(&[("E0013", "\"rates.csv\"")]));
    let checked = Checked::text("tiers t flat from \"rates.xlsx\"\n");
    assert_eq!(checked.errors(), errors(&[("E0013", "\"rates.xlsx\"")]));
    let checked = Checked::text("calendar c\n  periods from \"starts.csv\"\n  ends before 2027-01-01\nend\n");
    assert_eq!(checked.errors(), errors(&[("E0013", "\"starts.csv\"")]));
}

#[test]
fn first_days_must_be_days_and_rise() {
    let calendar = |sheet: &str| {
        let rules = "calendar c\n  periods from \"starts.csv\"\n  ends before 2027-01-01\nend\n";
        Checked::files(&[("a.guerdon", rules), ("starts.csv", sheet)]).errors()
    };
    assert_eq!(calendar("start\n2026-01-01\n2026-03-01\n"), errors(&[]));
    assert_eq!(calendar("any heading\n2026-01-01\n"), errors(&[]));
    assert_eq!(
        calendar("from,to\n2026-01-01,2026-02-01\n"),
        errors(&[("D0802", "from,to")])
    );
    assert_eq!(calendar("start\nJanuary\n"), errors(&[("E0101", "January")]));
    assert_eq!(calendar("start\n12\n"), errors(&[("E0201", "12")]));
    assert_eq!(
        calendar("start\n2026-03-01\n2026-01-01\n"),
        errors(&[("E0227", "c")])
    );
}
