use std::path::{Path, PathBuf};

use guerdon::facts::{Facts, Input};
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::Report;
use guerdon_plan::hir::Origin;
use guerdon_plan::types::TableId;

use super::*;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rules")
}

/// Compiles the rules of a folder with every file beside them.
fn plan(folder: &Path) -> Option<Plan> {
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".guerdon") {
            sources.push(Source::new(name, std::fs::read(&path).unwrap()));
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Plan::compile(&sources).ok()
}

fn load(plan: &Plan, folder: &Path) -> Facts {
    let mut builder = Facts::builder(plan.program());
    for (place, table) in plan.program().tables.iter().enumerate() {
        let name = match (&table.origin, &table.source) {
            (_, Some(source)) => source.file.clone(),
            (Origin::File(file), None) => file.clone(),
            (Origin::Data | Origin::Written, None) => format!("{}.csv", table.naming.name),
        };
        let Ok(mut reader) = csv::Reader::from_path(folder.join(name)) else {
            continue;
        };
        let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let mut loader = builder.text_table(TableId::at(place), &heads, None);
        for record in reader.byte_records() {
            let record = record.unwrap();
            loader.push(&record.iter().collect::<Vec<_>>()).unwrap();
        }
    }
    builder.finish().unwrap()
}

fn json(report: &Report<'_>, payee: &str) -> String {
    let mut out = String::new();
    write_rows(&Shape::of(Kind::Pay), &pay_of(report, payee), &mut out);
    out
}

/// Compares what a session says of each payee to a run of the whole; gives whether the session ran on shares.
fn compare(folder: &Path) -> Option<bool> {
    let plan = plan(folder)?;
    let facts = load(&plan, folder);
    let run = Run::default();
    let report = plan.evaluate(&facts, &run).unwrap();
    let mut payees: Vec<String> = report.pay().map(|row| row.payee).collect();
    payees.sort();
    payees.dedup();
    payees.truncate(40);
    let whole: Vec<String> = payees.iter().map(|payee| json(&report, payee)).collect();
    let mut session = Session::new(plan.clone(), load(&plan, folder), Run::default());
    for (payee, whole) in payees.iter().zip(&whole) {
        assert_eq!(
            &session.pay(payee).unwrap(),
            whole,
            "{}: {payee}",
            folder.display()
        );
    }
    Some(session.split.is_some() && !payees.is_empty())
}

#[test]
fn one_payees_pay_is_that_of_a_run_of_all() {
    let mut split = Vec::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(examples())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        if compare(&folder) == Some(true) {
            split.push(folder.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert!(split.contains(&"quickstart".to_owned()), "{split:?}");
}

const TWO: &str = r#"
data Seller key name
  name : text
end
data Deal key id
  id        : text
  seller    : Seller
  amount    : money EUR
  signed_on : date
end
plan flat
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at each line
  measure MEASURE
  earn commission for each Deal where seller is payee dated signed_on = amount * 5%
  pay total = due commission + extra
end
"#;

fn session(measure: &str) -> Session {
    let rules = TWO.replace("measure MEASURE", measure);
    let plan = Plan::compile(&[Source::new("two.guerdon", rules)]).unwrap();
    let facts = two_deals(&plan);
    Session::new(plan, facts, Run::default())
}

fn two_deals(plan: &Plan) -> Facts {
    let mut builder = Facts::builder(plan.program());
    builder.column("Seller", "name", ["Ann", "Bo"]);
    builder.column("Deal", "id", ["D1", "D2"]);
    builder.column("Deal", "seller", ["Ann", "Bo"]);
    builder.column("Deal", "amount", [1_000, 600]);
    builder.column("Deal", "signed_on", ["2026-02-10", "2026-03-01"]);
    builder.finish().unwrap()
}

fn amount(json: &str) -> String {
    json.rsplit('"').nth(1).unwrap().to_owned()
}

fn deal(id: &'static str, seller: &'static str, amount: i64) -> [Named<'static>; 4] {
    [
        ("id", Input::from(id)),
        ("seller", Input::from(seller)),
        ("amount", Input::from(amount)),
        ("signed_on", Input::from("2026-03-01")),
    ]
}

/// Of 1,000 and 600: 5 % are 50 and 30.
#[test]
fn a_what_if_changes_nothing() {
    let mut session = session("measure extra = sum amount over Deal where seller is payee and id = \"none\"");
    assert!(session.split.is_some());
    for _ in 0..2 {
        assert_eq!(amount(&session.pay("Ann").unwrap()), "50.00");
        assert_eq!(
            amount(&session.what_if("Ann", "Deal", &deal("D3", "Ann", 400)).unwrap()),
            "70.00"
        );
        assert_eq!(
            amount(&session.what_if("Ann", "Deal", &deal("D1", "Ann", 400)).unwrap()),
            "20.00"
        );
        // Bo's deal would be Ann's, Ann's would be Bo's.
        assert_eq!(
            amount(&session.what_if("Ann", "Deal", &deal("D2", "Ann", 600)).unwrap()),
            "80.00"
        );
        assert_eq!(
            amount(&session.what_if("Ann", "Deal", &deal("D1", "Bo", 1_000)).unwrap()),
            "0.00"
        );
    }
    session.upsert("Deal", &deal("D3", "Ann", 400)).unwrap();
    assert_eq!(amount(&session.pay("Ann").unwrap()), "70.00");
    assert!(session.remove("Deal", &[("id", Input::from("D3"))]).unwrap());
    assert_eq!(amount(&session.pay("Ann").unwrap()), "50.00");
    assert_eq!(session.pay("Cy").unwrap_err().status, guerdon_status::NotFound);
}

#[test]
fn pay_that_depends_on_others_is_computed_on_all_records() {
    let mut session = session("measure extra = sum amount over Deal");
    assert!(session.split.is_none());
    assert_eq!(amount(&session.pay("Ann").unwrap()), "1650.00");
    assert_eq!(
        amount(&session.what_if("Ann", "Deal", &deal("D3", "Bo", 400)).unwrap()),
        "2050.00"
    );
    assert_eq!(amount(&session.pay("Bo").unwrap()), "1630.00");
}

/// By the month, over all records: 5 % of 1,000 in February and of 600 in March, and all 1,600 beside.
#[test]
fn a_what_if_on_all_records_leaves_the_last_day_as_it_was() {
    let rules = TWO
        .replace("measure MEASURE", "measure extra = sum amount over Deal")
        .replace("period    year", "period    month");
    let plan = Plan::compile(&[Source::new("two.guerdon", rules)]).unwrap();
    let mut session = Session::new(plan.clone(), two_deals(&plan), Run::default());
    assert!(session.split.is_none());
    let mut other = Session::new(plan.clone(), two_deals(&plan), Run::default());
    let before = other.pay("Ann").unwrap();
    assert_eq!(before.matches("2026-0").count(), 3);
    session.what_if("Ann", "Deal", &deal("D3", "Bo", 400)).unwrap();
    assert_eq!(session.pay("Ann").unwrap(), before);
}

const LINKED: &str = r#"
data Seller key name
  name : text
end
data Account key id
  id    : text
  owner : Seller
end
data Deal key id
  id        : text
  account   : Account
  amount    : money EUR
  signed_on : date
end
data Bonus key id
  id     : text
  seller : Seller
  upon   : Deal
  day    : date
end
plan flat
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where account.owner is payee dated signed_on = amount * 5%
  earn extra for each Bonus where seller is payee dated day = upon.amount * 1%
  pay total = due commission + due extra
end
"#;

/// Numbers by lot, the same every time.
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33).checked_rem(below).unwrap()
    }
}

/// Compares where records are said to be with what going through all of them says.
fn check_index(session: &Session) {
    let (Some(split), Some(index)) = (&session.split, &session.index) else {
        panic!("the index was given up");
    };
    let fresh = Index::of(&session.facts, split).unwrap();
    for (table, (_, target)) in &split.links {
        let owners = session.facts.table(*target).unwrap().len();
        for owner in 0..u32::try_from(owners).unwrap() {
            let mut rows = index.rows(*table, owner).to_vec();
            rows.sort_unstable();
            assert_eq!(rows, fresh.rows(*table, owner));
        }
    }
}

/// Deals and accounts change hands, come and go; bonuses name deals of others. After each change everybody's pay is that
/// of a run of all records.
#[test]
fn what_is_kept_keeps_in_step_with_every_change() {
    let plan = Plan::compile(&[Source::new("linked.guerdon", LINKED)]).unwrap();
    let mut builder = Facts::builder(plan.program());
    let sellers: Vec<String> = (0..5).map(|seller| format!("S{seller}")).collect();
    builder.column("Seller", "name", sellers.iter());
    builder.column("Account", "id", (0..8).map(|account| format!("A{account}")));
    builder.column(
        "Account",
        "owner",
        (0..8).map(|account| format!("S{}", account % 5)),
    );
    builder.column("Deal", "id", ["D0"]);
    builder.column("Deal", "account", ["A0"]);
    builder.column("Deal", "amount", [100]);
    builder.column("Deal", "signed_on", ["2026-03-01"]);
    builder.column("Bonus", "id", ["B0"]);
    builder.column("Bonus", "upon", ["D0"]);
    builder.column("Bonus", "seller", ["S1"]);
    builder.column("Bonus", "day", ["2026-03-02"]);
    let facts = builder.finish().unwrap();
    let mut session = Session::new(plan, facts, Run::default());
    assert!(session.split.is_some());
    let (mut lot, mut kept) = (Lot(4711), 0);
    for _ in 0..400 {
        let text = |letter: char, number: u64| Input::from(format!("{letter}{number}"));
        let (kind, id, other) = (lot.draw(14), lot.draw(30), lot.draw(30));
        let day = Input::from(format!("2026-{:02}-{:02}", lot.draw(9) + 1, lot.draw(28) + 1));
        let changed = match kind {
            0..=4 => {
                let amount = i64::try_from(lot.draw(10_000)).unwrap();
                let account = text('A', other % 8);
                let deal = [
                    ("id", text('D', id)),
                    ("account", account),
                    ("amount", Input::from(amount)),
                    ("signed_on", day),
                ];
                session.upsert("Deal", &deal).map(|()| true)
            }
            5 | 6 => {
                let seller = text('S', lot.draw(5));
                let bonus = [
                    ("id", text('B', id % 6)),
                    ("upon", text('D', other)),
                    ("seller", seller),
                    ("day", day),
                ];
                session.upsert("Bonus", &bonus).map(|()| true)
            }
            7 => session
                .upsert(
                    "Account",
                    &[("id", text('A', id % 12)), ("owner", text('S', other % 5))],
                )
                .map(|()| true),
            8 | 9 => session.remove("Deal", &[("id", text('D', id))]),
            10 => session.remove("Account", &[("id", text('A', id % 12))]),
            // They come before all others, and have nothing.
            11 => session
                .upsert("Seller", &[("name", text('R', id % 5))])
                .map(|()| true),
            12 => session.remove("Seller", &[("name", text('R', id % 5))]),
            _ => session.remove("Bonus", &[("id", text('B', id % 6))]),
        };
        kept += usize::from(changed.is_ok() && !session.shares.is_empty());
        check_index(&session);
        let last = session.plan.last_day(&session.facts);
        assert_eq!(session.days.last(&session.plan, &session.facts), last);
        let report = session.evaluate().unwrap();
        let wanted: Vec<String> = sellers
            .iter()
            .map(|name| json(report.borrow_dependent(), name))
            .collect();
        drop(report);
        for _ in 0..3 {
            let place = usize::try_from(lot.draw(5)).unwrap();
            assert_eq!(session.pay(&sellers[place]).unwrap(), wanted[place]);
        }
    }
    assert!(kept > 100, "{kept} times something was kept");
}

const RATED: &str = r#"
data Seller key name
  name : text
end
data Grade key year, name
  year : int
  name : text
  rate : percent
end
data Deal key id
  id        : text
  seller    : Seller
  grade     : text
  amount    : money EUR
  signed_on : date
end
plan rated
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where seller is payee dated signed_on = amount * Grade[2026, grade].rate
  pay total = due commission
end
"#;

/// 1,000 at 5 % are 50, at 6 % are 60; Bo has nothing.
#[test]
fn records_of_everybody_are_shared_until_they_change() {
    let plan = Plan::compile(&[Source::new("rated.guerdon", RATED)]).unwrap_or_else(|rejection| {
        panic!("{rejection}");
    });
    let mut builder = Facts::builder(plan.program());
    builder.column("Seller", "name", ["Ann", "Bo"]);
    builder.column("Grade", "year", [2026, 2026]);
    builder.column("Grade", "name", ["A", "B"]);
    builder.column("Grade", "rate", ["5%", "7%"]);
    builder.column("Deal", "id", ["D1"]);
    builder.column("Deal", "seller", ["Ann"]);
    builder.column("Deal", "grade", ["A"]);
    builder.column("Deal", "amount", [1_000]);
    builder.column("Deal", "signed_on", ["2026-02-10"]);
    let facts = builder.finish().unwrap();
    let mut session = Session::new(plan, facts, Run::default());
    assert!(session.split.is_some());
    let grades = |session: &Session| {
        let table = TableId::at(1);
        let shared = |(_, share): &(String, Facts)| {
            Arc::ptr_eq(
                &share.tables()[table.index()],
                &session.facts.tables()[table.index()],
            )
        };
        session.shares.iter().map(shared).collect::<Vec<_>>()
    };
    assert_eq!(amount(&session.pay("Ann").unwrap()), "50.00");
    assert_eq!(amount(&session.pay("Bo").unwrap()), "0.00");
    assert_eq!(grades(&session), [true, true]);
    let grade = |rate| {
        [
            ("year", Input::from(2026)),
            ("name", Input::from("A")),
            ("rate", Input::from(rate)),
        ]
    };
    let what_if = session.what_if("Ann", "Grade", &grade("6%")).unwrap();
    assert_eq!(amount(&what_if), "60.00");
    assert_eq!(amount(&session.pay("Ann").unwrap()), "50.00");
    session.upsert("Grade", &grade("6%")).unwrap();
    assert_eq!(grades(&session), [false; 0]);
    assert_eq!(amount(&session.pay("Ann").unwrap()), "60.00");
    assert_eq!(grades(&session), [true]);
}
