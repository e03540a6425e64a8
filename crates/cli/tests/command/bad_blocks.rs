//! Contests, warnings and scorecards that are wrong, or whose records leave nothing to compare: what is said of them.

use crate::fixture::{Company, Done};

const PEOPLE: &str = "enum Style = rigid | flexible

data Person key name
  name  : text
  v     : number
  style : Style
end

";

const CONTEST: &str = "contest cup
  period   2026-03
  currency EUR
  rounding half-up to 0.01
  entrants Person
  score    entrant.v
  qualify  score >= 10
  rank     highest first, ties share
  prizes
    1 : EUR 100 | honour \"Cup\"
    2 : EUR 50
  end
  budget   EUR 150
end
";

const CARD: &str = "scorecard card
  subject   Person
  period    quarter
  effective 2026-01-01 through 2026-03-31
  rounding  half-up to 0.1
  missing   metric error
  dimension financial 60%
    metric level 50% = subject.v scored spread
    metric place 50% = subject.v scored percentile
  end
  dimension customer 40%
    metric given 100% = subject.v scored as given
  end
  dimension competitive left out because \"no rivals\"
  dimension collaboration left out because \"no colleagues\"
end
";

const WARNING: &str = "warning low
  subject   Person
  period    month
  effective 2026-01-01 through 2026-01-31
  level yellow when subject.v < 80
  level red    when subject.v < 60
  respond by subject.style
    rigid    | yellow -> notify subject
    rigid    | red    -> restrict \"discounts\"
    flexible | -      -> record
  end
end
";

/// Checks rules that have one fault and gives what was said.
fn checked(rules: &str) -> Done {
    Company::with_rules(format!("{PEOPLE}{rules}")).guerdon(&["check", "plan.guerdon"])
}

/// Runs rules over people and gives what was said and written.
fn ran(rules: &str, people: &str) -> (Done, Company) {
    let company = Company::with_rules(format!("{PEOPLE}{rules}"));
    company.write("Person.csv", format!("name,v,style\n{people}"));
    let done = company.run(&["--out", "result"]);
    (done, company)
}

#[test]
fn weights_of_99_per_cent() {
    let done = checked(&CARD.replace("customer 40%", "customer 39%"));
    done.says("error[E0501]: the weights of the dimensions add up to 99%, not 100%");
    done.says("= 1% is missing.");
    done.says("help: or let them be proportions  weights relative");
    let done = checked(&CARD.replace("metric place 50%", "metric place 49%"));
    done.says("error[E0501]: the weights of the metrics in \"financial\" add up to 99%, not 100%");
}

#[test]
fn a_fifth_dimension() {
    let fifth = "  dimension learning 40%\n    metric x 100% = subject.v scored as given\n  end\n  dimension competitive";
    let done = checked(&CARD.replace("  dimension competitive", fifth));
    done.says("error[E0505]: there is no dimension \"learning\"");
    done.says("financial, customer, competitive or collaboration");
}

#[test]
fn a_level_that_is_never_shown() {
    let done = checked(&WARNING.replace(
        "red    when subject.v < 60",
        "red    when subject.v < 60 and subject.v > 70",
    ));
    done.says("warning[W0711]: the level \"red\" can never be reached");
    let done = checked(&WARNING.replace("when subject.v < 80", "when subject.v < 50"));
    done.says("warning[W0711]: the level \"yellow\" is hidden by \"red\"");
    done.says("= Levels are written from mild to severe.");
}

#[test]
fn prizes_that_can_exceed_the_budget() {
    let done = checked(&CONTEST.replace("2 : EUR 50", "2 : EUR 51"));
    done.says("error[E0502]: the prizes come to EUR 151, EUR 1 more than the budget");
}

#[test]
fn a_response_that_is_left_out() {
    let done = checked(&WARNING.replace("    rigid    | red    -> restrict \"discounts\"\n", ""));
    done.says("error[E0509]: the warning \"low\" has no response for style is rigid, level is red");
    done.says("help: add a row for it  rigid | red -> record");
}

#[test]
fn a_tie_rule_that_is_left_out_is_an_error_where_there_is_a_tie() {
    let rules = CONTEST.replace(", ties share", "");
    let (done, company) = ran(&rules, "Ann,20,rigid\nBob,20,rigid\nCid,15,rigid\n");
    done.says("error[R0911]: records are tied, and nothing breaks the tie");
    done.says("= Ann, 2026-03, contest \"cup\"\n");
    done.says("= Bob, 2026-03, contest \"cup\"\n");
    assert_eq!(done.code, 1);
    let standings = company.read("result/standings.csv");
    assert!(
        standings.contains("cup,2026-03,Cid,,,EUR,3,1,15,yes,0.00,\n"),
        "{standings}"
    );
    assert!(
        standings.contains("cup,2026-03,Ann,,error,EUR,error,error,20,yes,error,\n"),
        "{standings}"
    );
    let (done, _) = ran(&rules, "Ann,20,rigid\nBob,19,rigid\n");
    assert_eq!(done.code, 0, "{}", done.err);
}

#[test]
fn nobody_qualifies_and_one_entrant() {
    let (done, company) = ran(CONTEST, "Ann,9,rigid\nBob,9.99,rigid\n");
    assert_eq!(done.code, 0, "{}", done.err);
    let head = "contest,period,entrant,member,honour,currency,rank,tied,score,qualifies,prize,reached\n";
    let nobody = "cup,2026-03,Ann,,,EUR,,,9,no,0.00,\ncup,2026-03,Bob,,,EUR,,,9.99,no,0.00,\n";
    assert_eq!(company.read("result/standings.csv"), format!("{head}{nobody}"));
    let (done, company) = ran(CONTEST, "Ann,11,rigid\n");
    assert_eq!(done.code, 0, "{}", done.err);
    let one = "cup,2026-03,Ann,,Cup,EUR,1,1,11,yes,100.00,\n";
    assert_eq!(company.read("result/standings.csv"), format!("{head}{one}"));
    let (done, company) = ran(CONTEST, "");
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(company.read("result/standings.csv"), head);
}

/// Gives subject, total, grade and unforced grade of each card.
fn totals(company: &Company) -> Vec<[String; 4]> {
    let mut rows = csv::Reader::from_path(company.path("result/scorecards.csv")).unwrap();
    let rows = rows.records().map(Result::unwrap);
    let totals = rows.filter(|row| &row[3] == "total");
    totals
        .map(|row| [1, 10, 6, 7].map(|column| row[column].to_owned()))
        .collect()
}

#[test]
fn all_are_equal_and_there_is_no_distance() {
    let (done, company) = ran(CARD, "Ann,50,rigid\nBob,50,rigid\n");
    done.says("error[R0903]: a metric of this scorecard has no score");
    done.says("metric level 50% = subject.v scored spread");
    done.says("= Ann, 2026-Q1, scorecard \"card\"\n");
    assert_eq!(done.code, 1);
    assert_eq!(totals(&company)[0], ["Ann", "error", "", ""]);
    let moved = CARD.replace(
        "metric error",
        "metric reweight when at least 70% present otherwise none",
    );
    let (done, company) = ran(&moved, "Ann,50,rigid\nBob,50,rigid\n");
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(totals(&company), [["Ann", "80", "", ""], ["Bob", "80", "", ""]]); // 0.6 x 100 + 0.4 x 50
}

#[test]
fn one_alone_has_no_place() {
    let (done, _) = ran(CARD, "Ann,50,rigid\n");
    done.says("error[R0903]: a metric of this scorecard has no score");
    assert_eq!(done.code, 1);
}

const FORCED: &str = "  grades distribute ties up at least 4
    from 90 up       : A | 1 | 25%
    from 60 below 90 : B | 1 | 50%
    below 60         : C | 0 | 25%
  end
end
";

/// Writes a card of one metric whose grades are forced among four people or more.
fn forced() -> String {
    let plain = CARD
        .replace("    metric level 50% = subject.v scored spread\n", "")
        .replace(
            "    metric place 50% = subject.v scored percentile\n",
            "    metric only 100% = 100 / subject.v scored as given\n",
        )
        .replace(
            "  dimension customer 40%\n    metric given 100% = subject.v scored as given\n  end\n",
            "  dimension customer left out because \"one metric\"\n",
        )
        .replace("financial 60%", "financial 100%")
        .replace("metric error", "metric none");
    plain.strip_suffix("end\n").unwrap().to_owned() + FORCED
}

#[test]
fn a_group_smaller_than_forced_grades_need_keeps_its_own() {
    let (done, company) = ran(&forced(), "Ann,1,rigid\nBob,1,rigid\nCid,1,rigid\n");
    assert_eq!(done.code, 0, "{}", done.err);
    let three = [
        ["Ann", "100", "A", "A"],
        ["Bob", "100", "A", "A"],
        ["Cid", "100", "A", "A"],
    ];
    assert_eq!(totals(&company), three);
    let (done, company) = ran(
        &forced(),
        "Ann,1,rigid\nBob,1.25,rigid\nCid,1.6,rigid\nDan,2,rigid\n",
    );
    assert_eq!(done.code, 0, "{}", done.err);
    let four = [
        ["Ann", "100", "A", "A"],
        ["Bob", "80", "B", "B"],
        ["Cid", "62.5", "B", "B"],
        ["Dan", "50", "C", "C"],
    ];
    assert_eq!(totals(&company), four);
}

#[test]
fn scores_that_are_missing_for_everyone_give_no_grades() {
    let (done, company) = ran(&forced(), "Ann,0,rigid\nBob,0,rigid\nCid,0,rigid\nDan,0,rigid\n");
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(
        totals(&company).iter().all(|card| card[1..] == ["", "", ""]),
        "{:?}",
        totals(&company)
    );
}

#[test]
fn one_bad_line_is_told_alone() {
    let rules = CONTEST.replace("score    entrant.v", "score    sum of of entrant.v");
    let test = "test \"one\"\n  given Person\n    name | v | style\n    Ann | 1 | rigid\n  end\n  expect cup[Ann].score = 1\nend\n";
    let done = checked(&format!("{rules}{test}"));
    assert_eq!(done.err.matches("error[").count(), 1, "{}", done.err);
    assert!(done.err.contains("error[E0101]"), "{}", done.err);
}
