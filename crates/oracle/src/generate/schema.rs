//! What a generated file declares: enums, data, tiers, tables, constants.

use guerdon_plan::calendar::{Date, DateRange};

use super::clock::Clock;
use super::random::Random;
use super::world::{Amounts, Contest, Extras, Kinds, REGIONS, ROLES, World};
use super::{Part, tables};

pub(super) fn world(random: &mut Random) -> World {
    let clock = Clock::pick(random);
    let starts = [
        "2026-01-01",
        "2025-11-01",
        "2026-02-10",
        "2025-10-01",
        "2026-03-31",
    ];
    let first = Date::parse(random.pick(&starts)).unwrap_or(Date::FIRST);
    let kinds = Kinds::pick(random);
    let most = if clock == Clock::Quarter { 2 } else { 4 };
    let count = if kinds.warning {
        random.between(2, 6)
    } else {
        random
            .between(1, most)
            .min(random.between(1, most.saturating_add(1)))
    };
    let ranges = clock.ranges(first, count);
    let through = random.chance(30).then(|| {
        let last = random.pick_of(&ranges).and_then(DateRange::last_day)?;
        let shorter = random.chance(30).then(|| last.add_days(-7).ok()).flatten();
        Some(shorter.unwrap_or(last).max(first))
    });
    let amounts = if random.chance(50) {
        Amounts::Positive
    } else {
        Amounts::Any
    };
    let count = random.between(1, 4);
    let tiers = (1..=count)
        .map(|number| tables::tier_table(random, number))
        .collect();
    let count = random.between(0, 2);
    let constants = (1..=count)
        .map(|number| tables::constant(random, number))
        .collect();
    let extras = Extras {
        mentors: random.chance(40),
        labels: random.chance(40),
        posts: random.chance(30),
        fees: random.chance(30),
        teams: kinds.contest == Contest::Teams,
        known: kinds.contest != Contest::None && random.chance(50),
        holidays: random.chance(50),
        noted: random.chance(30),
        rates: random.chance(40),
    };
    World {
        clock,
        first,
        ranges,
        through: through.flatten(),
        amounts,
        tiers,
        constants,
        decision: random.chance(50).then(|| tables::decision(random)),
        cases: random.chance(30).then(|| tables::cases(random)),
        combining: random.chance(30).then(|| tables::combining(random)),
        matrix: random.chance(35).then(|| tables::matrix(random)),
        rates: if extras.rates { rates(random) } else { Vec::new() },
        extras,
        holidays: super::clock::holidays(random),
        kinds,
        one_period: (kinds.contest != Contest::None || kinds.warning || kinds.scorecard) && random.chance(25),
    }
}

/// Writes everything that stands before the plans.
pub(super) fn declarations(world: &World) -> Vec<Part> {
    let mut parts = vec![
        line(&format!("enum Role = {}", ROLES.join(" | "))),
        line(&format!("enum Region = {}", REGIONS.join(" | "))),
    ];
    parts.extend(world.clock.declaration());
    if world.extras.holidays {
        parts.push(Part::Block("holidays".to_owned(), world.holidays.clone()));
    }
    parts.extend(world.rates.iter().cloned());
    parts.extend(records(world));
    for constant in &world.constants {
        parts.extend(constant.lines.iter().map(|text| line(text)));
    }
    for tiers in &world.tiers {
        let versions = tiers.versions.iter();
        parts.extend(versions.map(|(head, rows)| Part::Block(head.clone(), rows.clone())));
    }
    let tables = [
        ("table by_case", &world.decision),
        ("table by_day first", &world.cases),
        ("table adding every", &world.combining),
        (
            "matrix by_place by region: Region, role: Role gives percent",
            &world.matrix,
        ),
    ];
    for (head, rows) in tables {
        parts.extend(rows.iter().map(|rows| Part::Block(head.to_owned(), rows.clone())));
    }
    parts
}

fn line(text: &str) -> Part {
    Part::Line(text.to_owned())
}

fn block(head: &str, fields: &[&[&str]]) -> Part {
    let lines = fields.iter().copied().flatten().map(|text| line(text)).collect();
    Part::Block(head.to_owned(), lines)
}

/// Writes the exchange rates: those given with the records, and fixed ones.
fn rates(random: &mut Random) -> Vec<Part> {
    let previous = random.pick(&[
        "missing day previous",
        "missing day previous within 40 days",
        "missing day previous within 400 days",
        "",
    ]);
    let inverse = random.pick(&["inverse", "inverse", ""]);
    let pivot = random.pick(&["pivot USD", "pivot EUR", ""]);
    let options = [previous, inverse, pivot];
    let options: Vec<&str> = options.into_iter().filter(|option| !option.is_empty()).collect();
    let plain = format!("rates from \"fx.csv\" {}", options.join(" "));
    let mut fixed = vec![
        line("USD to CNY : 7.1"),
        line("EUR to CNY : 7.8 from 2026-01-01 through 2026-03-10"),
        line("EUR to CNY : 8 from 2026-03-11"),
        line("JPY to USD : 0.0066"),
    ];
    fixed.extend(options.into_iter().map(line));
    vec![
        line(plain.trim_end()),
        Part::Block("rates planned".to_owned(), fixed),
    ]
}

/// Writes the blocks of records and the tables from files.
fn records(world: &World) -> Vec<Part> {
    let extras = world.extras;
    let when = |is_there: bool, fields: &'static [&'static str]| if is_there { fields } else { &[] };
    let amount: &[&str] = match world.amounts {
        Amounts::Positive => &["amount : money CNY check amount > CNY 0"],
        Amounts::Any => &["amount : money CNY"],
    };
    let person: &[&str] = &[
        "id : text",
        "role : Role",
        "manager : Person?",
        "hired_on : date",
        "left_on : date?",
        "base : money CNY?",
        "home : Region?",
        "rank : int",
    ];
    let deal: &[&str] = &[
        "units : int",
        "margin : percent?",
        "booked_on : date",
        "closed_on : date?",
        "new_logo : bool",
    ];
    let mentors = when(extras.mentors, &["mentor : Person?", "nick : text?"]);
    let teams = when(extras.teams, &["team : Team?"]);
    let noted = when(extras.noted, &["noted_on : date?"]);
    let labels = when(extras.labels, &["label : text?", "billed : month"]);
    let known = when(extras.known, &["told_on : date?"]);
    let costs = when(extras.rates, &["ccy : text", "cost : money in ccy to 0.01"]);
    let deal_head = if extras.known {
        "data Deal known told_on key id"
    } else {
        "data Deal key id"
    };
    let owner: &[&str] = &["id : text", "owner : Person", "region : Region"];
    let mut parts = vec![
        block("data Person key id", &[person, mentors, teams]),
        block(deal_head, &[owner, amount, deal, labels, known, costs]),
        block(
            if extras.noted {
                "data Receipt key id known noted_on"
            } else {
                "data Receipt key id"
            },
            &[
                &[
                    "id : text",
                    "deal : Deal",
                    "paid : money CNY",
                    "received_on : date",
                ],
                noted,
            ],
        ),
        block(
            if extras.noted {
                "data Refund key id known noted_on"
            } else {
                "data Refund key id"
            },
            &[
                &[
                    "id : text",
                    "deal : Deal",
                    "back : money CNY",
                    "refunded_on : date",
                ],
                noted,
            ],
        ),
        block(
            "data Split key deal, person",
            &[&["deal : Deal", "person : Person", "share : percent"]],
        ),
    ];
    if extras.teams {
        parts.push(block("data Team key id", &[&["id : text"]]));
    }
    if extras.posts {
        parts.push(block(
            "data Post valid since, until key seller, since",
            &[&[
                "seller : Person",
                "since : date",
                "until : date?",
                "area : Region",
                "rate : percent",
            ]],
        ));
    }
    let unit = if world.clock == Clock::Quarter {
        "quarter"
    } else {
        "month"
    };
    parts.push(line(&format!(
        "table quota from \"quota.csv\" key person: Person, time: {unit} gives goal: money CNY"
    )));
    if extras.fees {
        parts.push(line(
            "table fees from \"fees.csv\" key place: Region gives fee: money CNY, cut: percent",
        ));
    }
    parts
}
