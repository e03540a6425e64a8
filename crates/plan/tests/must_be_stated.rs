//! What a plan must say: leaving a choice out is an error that names the words to choose from.

#[path = "support/rules.rs"]
mod rules;

use guerdon_syntax::{Diagnostic, Severity};
use rules::Checked;

/// Is a file in which every choice is made.
const SAID: &str = r#"enum Role = AE | SE

data Person key id
  id       : text
  role     : Role
  hired_on : date
  left_on  : date?
  passed   : bool
  points   : number
  quota    : money CNY  check quota > CNY 0
  boss     : Person?
  mentor   : Person?
end

data Deal key id
  id        : text
  owner     : Person
  amount    : money CNY
  abroad    : money USD
  code      : text
  local     : money in code
  booked_on : date
  is_new    : bool
end

rates
  USD to CNY : 7.10
end

holidays free
  effective 2026-01-01 through 2026-12-31
  2026-01-01
end

tiers slices marginal
  from CNY 0 below CNY 10,000 : 1%
  from CNY 10,000 up : 2%
end

tiers whole retro
  from CNY 0 below CNY 50,000 : 2%
  from CNY 50,000 up : 3%
end

tiers curve interpolated beyond clamp
  at 50% : 0%
  at 100% : 100%
end

matrix share by role: Role, size: int from 0 gives percent
  -  | from 0 below 5 | from 5 up
  AE | 1%             | 2%
  SE | 3%             | 4%
end

plan said
  payee     Person where role is AE
  currency  CNY
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line

  rows mine = Deal where owner is payee
  let reached = (sum amount over mine where booked_on in period) / payee.quota
  let later = add_months(payee.hired_on, 3, last_day)
  let worked = working_days in period counted free
  let latest = (last amount over mine where booked_on in period in order of booked_on, id) otherwise CNY 0
  let place = rank of points among Person highest first ties best
  let team = count over team of payee by boss

  earn sliced for each mine dated booked_on
    = apply slices to amount stacked in order of booked_on, id restarting every year
  cap sliced at CNY 50,000 every year
  hold sliced by 10% until payee.left_on
  release sliced by 50%
  review sliced when row.amount > CNY 1,000,000
  check amount > CNY 0 for each mine where booked_on in period

  earn pooled = (allocate CNY 10,000 among Person by points) otherwise CNY 0
  earn gated = if payee.passed then CNY 100 else CNY 50
  earn target = CNY 1,000 * (apply curve to reached)
  earn large for each mine dated booked_on = amount * share[owner.role, 4]
  clawback large by 0%
  except fresh to large when row.is_new use normal * 150%
  earn foreign for each mine dated booked_on = convert(abroad, CNY, booked_on) * 1%
  earn lifted = apply whole to (sum amount over mine where booked_on in period)

  carry owed = (prior owed + sliced) at most CNY 0 starting CNY 0

  pay total = due sliced + due pooled + due gated + due target + due large + due foreign + due lifted
end
"#;

/// Is a choice that is left out.
struct Case {
    /// The words of the sound file, and what stands in their place.
    from: &'static str,
    to: &'static str,
    /// The first message.
    code: &'static str,
    /// What the message, its label or one of its helps says.
    help: &'static [&'static str],
}

const fn case(
    from: &'static str,
    to: &'static str,
    code: &'static str,
    help: &'static [&'static str],
) -> Case {
    Case { from, to, code, help }
}

const CASES: &[Case] = &[
    // Tiers: how they count, who owns a boundary, what lies below the first and beyond the last row.
    case(
        "tiers slices marginal",
        "tiers slices",
        "E0215",
        &["marginal", "retro", "flat", "interpolated", "fill"],
    ),
    case(
        "from CNY 50,000 up : 3%",
        "above CNY 50,000 up : 3%",
        "E0305",
        &["begin on the boundary", "from "],
    ),
    case(
        "below CNY 50,000 : 2%",
        "through CNY 50,000 : 2%",
        "E0301",
        &["begin on the boundary", "above"],
    ),
    case(
        "from CNY 50,000 up : 3%",
        "CNY 50,000 : 3%",
        "E0120",
        &["from 0 below 10"],
    ),
    case(
        "from CNY 50,000 up : 3%",
        "from CNY 60,000 up : 3%",
        "E0305",
        &["from CNY 50,000"],
    ),
    case(
        "from CNY 50,000 up : 3%",
        "from CNY 50,000 below CNY 90,000 : 3%",
        "E0303",
        &[
            "beyond clamp",
            "beyond continue",
            "beyond nothing",
            "beyond error",
        ],
    ),
    case(
        "interpolated beyond clamp",
        "interpolated",
        "E0303",
        &["beyond clamp, beyond continue, beyond nothing or beyond error"],
    ),
    // Running totals: in which order, and from when on.
    case(
        "stacked in order of booked_on, id restarting",
        "stacked restarting",
        "E0215",
        &["stacked in order of booked_on, id"],
    ),
    case(
        "restarting every year",
        "restarting",
        "E0215",
        &["every period", "every quarter", "every year"],
    ),
    case(
        "cap sliced at CNY 50,000 every year",
        "cap sliced at CNY 50,000",
        "E0215",
        &["every period", "every quarter", "every year"],
    ),
    case("starting CNY 0", "", "E0215", &["starting CNY 0"]),
    case(
        "for each mine where booked_on in period",
        "for each Deal where booked_on in period",
        "E0215",
        &["for each Deal where owner is payee", "check all (…) over Deal"],
    ),
    // Which day puts a record into a period, whose record it is in which tree, and the order of first and last.
    case(
        "earn sliced for each mine dated booked_on\n",
        "earn sliced for each mine where is_new\n",
        "E0215",
        &["dated booked_on", "dated invoiced_on", "dated paid_on"],
    ),
    case(
        "team of payee by boss",
        "team of payee",
        "E0219",
        &["boss, mentor"],
    ),
    case(
        " in order of booked_on, id)",
        ")",
        "E0215",
        &["in order of booked_on, id"],
    ),
    // Gates and exceptions.
    case(" else CNY 50", "", "E0215", &["else CNY 0", "else bonus * 75%"]),
    case("passed   : bool\n", "passed   : bool?\n", "E0214", &["passed"]),
    case(
        "fresh to large when row.is_new use",
        "fresh to large use",
        "E0215",
        &["when row.is_new"],
    ),
    case(
        "review sliced when row.amount > CNY 1,000,000",
        "review sliced",
        "E0215",
        &["when row.amount > CNY 1,000,000"],
    ),
    // Rounding: how, to what, where.
    case(
        "  rounding  half-up to 0.01 at each line\n",
        "",
        "E0215",
        &["rounding half-up to 0.01 at each line"],
    ),
    case(
        "half-up to 0.01 at each line",
        "to 0.01 at each line",
        "E0215",
        &["half-up to 0.01", "half-even to 0.01", "down to 0.01"],
    ),
    case(
        "half-up to 0.01 at each line",
        "half-up at each line",
        "E0215",
        &["to 0.01", "to minor unit"],
    ),
    case(
        "half-up to 0.01 at each line",
        "half-up to 0.01",
        "E0215",
        &["at each line", "at pay"],
    ),
    // Who, in what, when.
    case(
        "  payee     Person where role is AE\n",
        "",
        "E0215",
        &["payee Person where …"],
    ),
    case("  currency  CNY\n", "", "E0215", &["currency CNY"]),
    case(
        "  effective 2026-01-01 through 2026-12-31\n  period",
        "  period",
        "E0215",
        &["effective 2026-01-01 through 2026-12-31"],
    ),
    case("  period    month\n", "", "E0215", &["period month"]),
    // Shares over time.
    case(
        "hold sliced by 10% until payee.left_on",
        "hold sliced by 10%",
        "E0215",
        &["until row.accepted_on", "until payee.left_on"],
    ),
    case(
        "hold sliced by 10% until",
        "hold sliced until",
        "E0215",
        &["by 50%"],
    ),
    case("release sliced by 50%", "release sliced", "E0215", &["by 50%"]),
    case("clawback large by 0%", "clawback large", "E0215", &["by 50%"]),
    // Splits and ranks.
    case(
        "among Person by points",
        "among Person",
        "E0215",
        &["by weight", "by 1"],
    ),
    case(
        " highest first ties best",
        " ties best",
        "E0215",
        &["highest first", "lowest first"],
    ),
    case(
        " ties best",
        "",
        "E0215",
        &["ties best", "ties worst", "ties average", "ties dense"],
    ),
    // Matrices: a case without an answer, and slices along more than one axis.
    case("  SE | 3%             | 4%\n", "", "E0316", &["SE"]),
    case(
        "apply slices to amount stacked",
        "apply share to amount stacked",
        "E0218",
        &["share"],
    ),
    case("matrix share by", "matrix share marginal by", "E0101", &["by"]),
    // Currencies: which day's rate, of which rates; nothing is added across currencies.
    case(
        "convert(abroad, CNY, booked_on)",
        "convert(abroad, CNY)",
        "E0208",
        &["row.booked_on", "period.last_day", "plan_rates"],
    ),
    case(
        "convert(abroad, CNY, booked_on) * 1%",
        "amount + abroad",
        "E0203",
        &["convert("],
    ),
    case(
        "convert(abroad, CNY, booked_on) * 1%",
        "local * 1%",
        "E0201",
        &["convert(…, CNY, row.booked_on)"],
    ),
    case(
        "rates\n  USD",
        "rates spot\n  USD to CNY : 7\nend\n\nrates fixed\n  USD",
        "E0228",
        &["convert(…, …, …, spot)"],
    ),
    // Time: how months are added, which days are worked, on which days rates hold.
    case(
        "add_months(payee.hired_on, 3, last_day)",
        "add_months(payee.hired_on, 3)",
        "E0208",
        &["last_day", "same_day"],
    ),
    case(
        "holidays free\n  effective 2026-01-01 through 2026-12-31\n",
        "holidays free\n",
        "E0215",
        &["effective 2026-01-01 through 2026-12-31"],
    ),
    case(
        "tiers slices marginal",
        "tiers slices marginal effective 2026-02-01 through 2026-12-31",
        "E0601",
        &["2026-01-01"],
    ),
];

fn said(message: &Diagnostic) -> Vec<&str> {
    let fixes = message.fixes.iter().flat_map(|fix| [&fix.title, &fix.shown]);
    let edits = message
        .fixes
        .iter()
        .flat_map(|fix| &fix.edits)
        .map(|edit| edit.replacement.as_str());
    let labels = message.labels.iter().map(|label| &label.text);
    let all = [&message.title]
        .into_iter()
        .chain(labels)
        .chain(&message.notes)
        .chain(fixes);
    all.map(|text| text.en.as_str()).chain(edits).collect()
}

#[test]
fn a_file_that_makes_every_choice_is_sound() {
    assert_eq!(Checked::text(SAID).errors(), []);
}

#[test]
fn each_choice_that_is_left_out_is_an_error_with_the_words_to_choose_from() {
    let mut faults = Vec::new();
    for case in CASES {
        let text = SAID.replacen(case.from, case.to, 1);
        assert_ne!(text, SAID, "no place for {}", case.from);
        let checked = Checked::text(&text);
        let mut errors = checked
            .messages
            .iter()
            .filter(|message| message.severity == Severity::Error);
        let told = errors.find(|message| message.code.number() == case.code);
        let said = told.map(said).unwrap_or_default();
        let missing: Vec<&&str> = case
            .help
            .iter()
            .filter(|help| !said.iter().any(|said| said.contains(**help)))
            .collect();
        if told.is_none() || !missing.is_empty() {
            faults.push(format!(
                "{} → {}: wanted {} with {missing:?}, got {:?}, saying {said:?}",
                case.from,
                case.to,
                case.code,
                checked.errors()
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_page_lists_every_code_of_a_choice() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language/stated.md");
    let page = std::fs::read_to_string(page).expect("the page of choices");
    let unlisted: Vec<&str> = CASES
        .iter()
        .map(|case| case.code)
        .filter(|code| !page.contains(code))
        .collect();
    assert_eq!(unlisted, Vec::<&str>::new());
}

#[test]
fn the_words_to_choose_from_are_chinese_in_a_chinese_file() {
    let text = "语言 中文\n阶梯 率\n  满 0元 不满 100元 : 1%\n  满 100元 以上 : 2%\n结束\n";
    let checked = Checked::text(text);
    let told = &checked.messages[0];
    let words: Vec<&str> = told.fixes.iter().map(|fix| fix.shown.zh.as_str()).collect();
    assert_eq!(told.title.zh, "没有写明阶梯如何计算");
    assert_eq!(words, ["超额累进", "全额累进", "定额", "插值", "填充"]);
}
