//! Places and shares of generated records: engine against oracle, and what must hold of them whatever the records are.
//!
//! `GUERDON_CASES` sets how many (1,000 without it), `GUERDON_SEED` the first seed.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops where something is not as it says"
)]

#[path = "../../engine/tests/among/support.rs"]
mod support;

use std::collections::BTreeMap;

use guerdon::facts::Facts;
use guerdon::plan::Run;
use guerdon::report::Absence;
use guerdon_oracle::generate::random::Random;
use guerdon_oracle::run_test::run_end;
use guerdon_oracle::value::{Number, V, number};
use guerdon_oracle::{Oracle, Records, outputs};
use guerdon_plan::hir::{RankTies, Rest, Unweighted};
use guerdon_plan::number::Exact;
use guerdon_plan::types::DefinitionId;
use num_traits::Zero;

use self::support::{Checked, Made, checked, compiled};

const TIES: [RankTies; 5] = [
    RankTies::Best,
    RankTies::Worst,
    RankTies::Average,
    RankTies::Dense,
    RankTies::Refused,
];
const RESTS: [Rest; 4] = [Rest::LargestRemainder, Rest::Largest, Rest::First, Rest::Last];

/// A generated contest: its records, each a line of cells, and the words of its running sum.
#[derive(Debug, Clone)]
struct Case {
    rows: Vec<String>,
    value: &'static str,
    filter: &'static str,
    order: &'static str,
    within: &'static str,
    /// Whose place or share is asked for.
    whose: &'static str,
    made: Made,
}

impl Case {
    fn generated(seed: u64) -> Case {
        let mut random = Random::new(seed);
        let is_share = random.chance(50);
        let made = if is_share {
            let rest = *random.pick_of(&RESTS).unwrap();
            let unweighted = *random.pick_of(&[Unweighted::Refused, Unweighted::Equal]).unwrap();
            let step = *random.pick_of(&["0.01", "0.05", "1"]).unwrap();
            Made::Share(step, rest, unweighted)
        } else {
            Made::Place(*random.pick_of(&TIES).unwrap())
        };
        let count = random.between(1, 9);
        let pool = random.pick(&[
            "CNY 100",
            "-CNY 100",
            "CNY 0",
            "CNY 10.05",
            "-CNY 7",
            "CNY 92233720368547758",
        ]);
        let odd = random.chance(15);
        let rows = (0..count)
            .map(|place| row(&mut random, (place, count), pool, odd))
            .collect();
        let orders: &[&'static str] = if is_share {
            &["other.pool"]
        } else {
            &[
                "other.enters",
                "other.day",
                "other.day, (other.team otherwise \"\")",
                "other.pool",
            ]
        };
        Case {
            rows,
            value: random.pick(&[
                "(other.score otherwise 0)",
                "(other.score otherwise 0)",
                "(other.weight otherwise 0)",
                "1 / (other.weight otherwise 0)",
                "(other.score otherwise 0) / 7",
            ]),
            filter: random.pick(&[
                "",
                "",
                " where other.enters",
                " where other.boss is payee",
                " where other.boss is payee and other.enters",
                " where 1 / (other.weight otherwise 0) > 0",
                " where other.enters and other.day in period",
                " where other.boss is payee and 1 / (other.weight otherwise 0) > 0",
            ]),
            order: random.pick(orders),
            within: random.pick(&[
                "",
                "",
                " within other.team",
                " within other.enters, other.team",
                " within (1 / (other.weight otherwise 0))",
                " within (1 / (other.weight otherwise 0)), other.enters",
            ]),
            whose: random.pick(&["payee", "payee", "payee.mate"]),
            made,
        }
    }

    fn text(&self) -> String {
        let Case {
            rows,
            value,
            filter,
            order,
            within,
            whose,
            ..
        } = self;
        let rows = rows.join("\n    ");
        let running = format!("running sum {value} over Seller as other{filter} in order of {order}{within}");
        format!(
            "data Seller key id
  id     : text
  boss   : Seller?
  mate   : Seller?
  team   : text?
  score  : number?
  weight : number?
  pool   : money CNY
  day    : date
  enters : bool
end

plan contest
  payee     Seller
  currency  CNY
  effective 2026-01-01 through 2026-03-31
  period    month
  rounding  half-up to 0.01 at pay
  measure found = sum ({running}) over Seller as own where own is {whose}
end

test \"records\"
  given Seller
    id | boss | mate | team | score | weight | pool | day | enters
    {rows}
  end
  expect 1 = 1
end
"
        )
    }

    /// Gives what the engine shows and what the oracle does.
    fn both(&self) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let checked = checked(&self.text(), &[("found", self.made.clone())]);
        (engine(&checked), oracle(&checked))
    }
}

fn row(random: &mut Random, (place, count): (usize, usize), pool: &str, odd: bool) -> String {
    // Bosses stand before, mates behind: nobody is above itself.
    let boss = match place {
        0 => "-".to_owned(),
        _ => format!("s{}", random.below(place)),
    };
    let mate = match random.between(place, 9) {
        mate if mate > place && mate < count => format!("s{mate}"),
        _ => "-".to_owned(),
    };
    let pool = if odd && random.chance(30) {
        "CNY 3.33"
    } else {
        pool
    };
    let cells = [
        format!("s{place}"),
        boss,
        mate,
        random.pick(&["-", "north", "south"]).to_owned(),
        random
            .pick(&["-", "0", "1", "2", "2", "90", "95.5", "-3", "0.001"])
            .to_owned(),
        random
            .pick(&[
                "-",
                "0",
                "1",
                "1",
                "2",
                "3",
                "7",
                "0.25",
                "300",
                "4611686018427387904",
            ])
            .to_owned(),
        pool.to_owned(),
        random
            .pick(&["2026-01-05", "2026-01-31", "2026-02-01"])
            .to_owned(),
        random.pick(&["yes", "yes", "no"]).to_owned(),
    ];
    cells.join(" | ")
}

fn engine(checked: &Checked) -> BTreeMap<String, String> {
    let test = &checked.program.tests[0];
    let facts = Facts::from_given(&checked.program, &test.given).unwrap();
    assert!(facts.problems().is_empty(), "{:?}", facts.problems());
    let plan = compiled(checked);
    let run = Run {
        through: Some(run_end(&checked.program, test)),
        ..Run::default()
    };
    let report = plan.evaluate(&facts, &run).unwrap();
    let mut found = BTreeMap::new();
    for column in report.measures() {
        for row in column.rows() {
            let args: Vec<String> = row.record.into_iter().chain(row.period_label).collect();
            let value = match row.absence {
                Some(Absence::Missing) => "missing".to_owned(),
                Some(Absence::Error) => "error".to_owned(),
                None => number(&Exact::parse_decimal(&row.text).unwrap()).to_string(),
            };
            found.insert(format!("contest.found[{}]", args.join(", ")), value);
        }
    }
    found
}

fn oracle(checked: &Checked) -> BTreeMap<String, String> {
    let test = &checked.program.tests[0];
    let records = Records::from_given(&checked.program, &test.given);
    let last = run_end(&checked.program, test);
    outputs(&Oracle::new(&checked.program, &records, last, &test.with))
}

fn setting(variable: &str, otherwise: u64) -> u64 {
    let text = std::env::var(variable).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn engine_and_oracle_agree_on_places_and_shares() {
    let first = setting("GUERDON_SEED", 1);
    let mut known = 0_usize;
    let cases = setting("GUERDON_CASES", 1_000);
    for seed in first..first + cases {
        let case = Case::generated(seed);
        let (mut engine, oracle) = case.both();
        // What the engine does not show is missing.
        for key in oracle.keys() {
            engine.entry(key.clone()).or_insert_with(|| "missing".to_owned());
        }
        assert_eq!(engine, oracle, "seed {seed}: {:?}\n{}", case.made, case.text());
        known += oracle
            .values()
            .filter(|value| !["error", "missing"].contains(&value.as_str()))
            .count();
    }
    // Far fewer would mean that the generated contests are about nothing.
    assert!(
        u64::try_from(known).unwrap() > cases,
        "{known} cells have a value"
    );
}

#[test]
fn places_do_not_depend_on_the_order_of_records() {
    for seed in 0..100 {
        let mut case = Case::generated(seed);
        case.made = Made::Place(TIES[usize::try_from(seed % 5).unwrap()]);
        case.order = "other.day";
        let found = engine(&checked(&case.text(), &[("found", case.made.clone())]));
        let mut random = Random::new(seed);
        for place in (1..case.rows.len()).rev() {
            let other = random.below(place + 1);
            case.rows.swap(place, other);
        }
        let shuffled = engine(&checked(&case.text(), &[("found", case.made.clone())]));
        assert_eq!(found, shuffled, "seed {seed}\n{}", case.text());
    }
}

#[test]
fn shares_of_a_group_sum_to_its_amount_and_are_whole_steps() {
    let mut random = Random::new(7);
    for _ in 0..200 {
        let cents = i64::try_from(random.below(2_000_000)).unwrap() - 1_000_000;
        let amount = Exact::from_scaled(i128::from(cents), 2);
        let sign = if cents < 0 { "-" } else { "" };
        let pool = format!("{sign}CNY {}", amount.abs().display_text(2));
        let count = random.between(1, 12);
        let mut rows: Vec<String> = (0..count)
            .map(|place| row(&mut random, (place, count), &pool, false))
            .collect();
        // One weight at least is not zero.
        rows.push(format!("z | - | - | - | 1 | 3 | {pool} | 2026-01-05 | yes"));
        let case = Case {
            rows,
            value: "(other.weight otherwise 0)",
            filter: "",
            order: "other.pool",
            within: "",
            whose: "payee",
            made: Made::Share("0.01", *random.pick_of(&RESTS).unwrap(), Unweighted::Refused),
        };
        let (engine, _) = case.both();
        let shares: Vec<Number> = engine.values().map(|value| value.parse().unwrap()).collect();
        let sum = shares.iter().fold(Number::zero(), |sum, share| sum + share);
        assert_eq!(sum, number(&amount), "{}", case.text());
        let hundred = number(&Exact::from_i64(100));
        assert!(shares.iter().all(|share| (share * &hundred).is_integer()));
    }
}

#[test]
fn the_oracle_finds_the_figures_itself() {
    let contest = |rows: &[&str], value: &'static str, order: &'static str, made| Case {
        rows: rows.iter().map(|row| (*row).to_owned()).collect(),
        value,
        filter: "",
        order,
        within: "",
        whose: "payee",
        made,
    };
    let found = |case: Case| -> Vec<String> {
        let checked = checked(&case.text(), &[("found", case.made.clone())]);
        let records = Records::from_given(&checked.program, &checked.program.tests[0].given);
        let last = run_end(&checked.program, &checked.program.tests[0]);
        let oracle = Oracle::new(&checked.program, &records, last, &[]);
        let table = guerdon_plan::types::TableId(0);
        let cell = |row| match oracle.definition(DefinitionId(0), vec![V::Row(table, row)]) {
            Ok(Some(V::Number(number))) => number.to_string(),
            Ok(_) => "missing".to_owned(),
            Err(error) => error.code().to_owned(),
        };
        (0..records.count(table)).map(cell).collect()
    };
    let scores = ["95", "90", "90", "80"].iter().enumerate();
    let scores: Vec<String> = scores
        .map(|(place, score)| format!("s{place} | - | - | - | {score} | - | CNY 0 | 2026-01-05 | yes"))
        .collect();
    let scores: Vec<&str> = scores.iter().map(String::as_str).collect();
    let ranked = |ties| {
        found(contest(
            &scores,
            "(other.score otherwise 0)",
            "other.enters",
            Made::Place(ties),
        ))
    };
    assert_eq!(ranked(RankTies::Best), ["1", "2", "2", "4"]);
    assert_eq!(ranked(RankTies::Worst), ["1", "3", "3", "4"]);
    assert_eq!(ranked(RankTies::Average), ["1", "5/2", "5/2", "4"]);
    assert_eq!(ranked(RankTies::Dense), ["1", "2", "2", "3"]);
    assert_eq!(ranked(RankTies::Refused), ["1", "R0911", "R0911", "4"]);
    let shared = |pool: &str, weights: &[&str]| {
        let rows = weights.iter().enumerate();
        let rows: Vec<String> = rows
            .map(|(place, weight)| format!("s{place} | - | - | - | - | {weight} | {pool} | 2026-01-05 | yes"))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let made = Made::Share("0.01", Rest::LargestRemainder, Unweighted::Refused);
        found(contest(&rows, "(other.weight otherwise 0)", "other.pool", made))
    };
    assert_eq!(
        shared("CNY 10,000", &["300", "200", "100"]),
        ["5000", "333333/100", "166667/100"]
    );
    assert_eq!(
        shared("CNY 10,000", &["1", "1", "1"]),
        ["166667/50", "333333/100", "333333/100"]
    );
    assert_eq!(
        shared("CNY 100,000", &["7", "6", "9"]),
        ["1590909/50", "2727273/100", "4090909/100"]
    );
    assert_eq!(shared("CNY 1", &["0", "-"]), ["R0913", "R0913"]);
    assert_eq!(shared("CNY 1", &["1", "-1"]), ["R0920", "R0920"]);
    assert_eq!(shared("CNY 0.001", &["1", "1"]), ["R0922", "R0922"]);
}
