//! The records of a generated case, as the grids of a test.

use std::collections::BTreeSet;

use guerdon_plan::calendar::{Calendar, DateRange, Unit};

use super::Part;
use super::clock::{Clock, touched};
use super::plan::Shown;
use super::random::Random;
use super::world::{Amounts, REGIONS, ROLES, World};

const TEAMS: [&str; 3] = ["t1", "t2", "t3"];

const PEOPLE: [&str; 4] = ["ann", "bob", "cid", "dee"];

pub(super) fn test(random: &mut Random, world: &World, shown: &Shown, number: u64) -> Part {
    let people = if random.chance(15) {
        PEOPLE.len()
    } else {
        random.between(1, 3)
    };
    let deals = if random.chance(4) {
        0
    } else {
        random.between(4, 14)
    };
    let extras = world.extras;
    let mut person = "id | role | manager | hired_on | left_on | base | home | rank".to_owned();
    if extras.mentors {
        person.push_str(" | mentor | nick");
    }
    if extras.teams {
        person.push_str(" | team");
    }
    let mut deal_head =
        "id | owner | region | amount | units | margin | booked_on | closed_on | new_logo".to_owned();
    if extras.labels {
        deal_head.push_str(" | label | billed");
    }
    if extras.known {
        deal_head.push_str(" | told_on");
    }
    if extras.rates {
        deal_head.push_str(" | ccy | cost");
    }
    let mut grids = vec![
        grid("Person", &person, persons(random, world, people)),
        grid(
            "Deal",
            &deal_head,
            (1..=deals)
                .map(|number| deal(random, world, people, number))
                .collect(),
        ),
    ];
    let noted = |head: &str| {
        let column = if extras.noted { " | noted_on" } else { "" };
        format!("{head}{column}")
    };
    let count = if deals == 0 { 0 } else { random.between(0, 8) };
    let rows: Vec<String> = (1..=count)
        .map(|number| cash(random, world, deals, "r", number))
        .collect();
    grids.push(grid("Receipt", &noted("id | deal | paid | received_on"), rows));
    let count = if deals == 0 { 0 } else { random.between(0, 3) };
    let rows: Vec<String> = (1..=count)
        .map(|number| cash(random, world, deals, "f", number))
        .collect();
    grids.push(grid("Refund", &noted("id | deal | back | refunded_on"), rows));
    grids.push(grid(
        "Split",
        "deal | person | share",
        splits(random, people, deals),
    ));
    grids.push(grid(
        "quota",
        "person | time | goal",
        quotas(random, world, people),
    ));
    if extras.teams {
        grids.push(grid("Team", "id", TEAMS.map(ToOwned::to_owned).to_vec()));
    }
    if extras.posts {
        grids.push(grid(
            "Post",
            "seller | since | until | area | rate",
            posts(random, world, people),
        ));
    }
    if extras.fees {
        grids.push(grid("fees", "place | fee | cut", fees(random)));
    }
    if extras.rates {
        grids.push(grid("rates", "from | to | day | rate", rates(random, world)));
    }
    let mut parts: Vec<Part> = grids.into_iter().flatten().collect();
    if extras.noted && !extras.known && random.chance(60) {
        parts.push(Part::Line(format!("known as of {}", day(random, world))));
    }
    parts.extend(expectations(random, world, people, shown));
    Part::Block(format!("test \"records {number}\""), parts)
}

/// Asks for what is paid in the last period, which also says how far the run goes.
fn expectations(random: &mut Random, world: &World, people: usize, shown: &Shown) -> Vec<Part> {
    let calendar = Calendar::civil();
    let unit = world.clock.quota_unit();
    let last = world.ranges.last().and_then(DateRange::last_day);
    let label = last
        .and_then(|last| calendar.period_of(unit, last))
        .filter(|_| world.clock.is_civil())
        .map(|period| calendar.label(period));
    let Some(label) = label else { return Vec::new() };
    let person = random.pick(PEOPLE.get(..people).unwrap_or(&PEOPLE));
    let pays = shown.pays.iter();
    pays.map(|pay| Part::Line(format!("expect plan1.{pay}[{person}, {label}] = CNY 0")))
        .collect()
}

/// Writes a grid; a table without records has none.
fn grid(table: &str, head: &str, rows: Vec<String>) -> Option<Part> {
    if rows.is_empty() {
        return None;
    }
    let lines = [head.to_owned()]
        .into_iter()
        .chain(rows)
        .map(Part::Line)
        .collect();
    Some(Part::Block(format!("given {table}"), lines))
}

fn persons(random: &mut Random, world: &World, people: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for (place, id) in PEOPLE.iter().enumerate().take(people) {
        let role = random.pick(&ROLES);
        let manager = if place > 0 && random.chance(70) {
            random.pick(PEOPLE.get(..place).unwrap_or(&[]))
        } else {
            "-"
        };
        let hired = if random.chance(70) {
            "2024-05-16".to_owned()
        } else {
            day(random, world)
        };
        let left = if random.chance(20) {
            day(random, world)
        } else {
            "-".to_owned()
        };
        let base = random.pick(&["-", "CNY 100", "CNY 0", "CNY 333.33", "CNY 1,000", "CNY 250"]);
        let home = if random.chance(30) {
            "-"
        } else {
            random.pick(&REGIONS)
        };
        let rank = random.pick(&["0", "1", "2", "3", "2", "3"]);
        let mut row = format!("{id} | {role} | {manager} | {hired} | {left} | {base} | {home} | {rank}");
        if world.extras.mentors {
            let mentor = if place > 0 && random.chance(60) {
                random.pick(PEOPLE.get(..place).unwrap_or(&[]))
            } else {
                "-"
            };
            row.push_str(&format!(" | {mentor} | {}", random.pick(&["-", "x", "y", "Zoe"])));
        }
        if world.extras.teams {
            row.push_str(&format!(" | {}", random.pick(&["-", "t1", "t2", "t2"])));
        }
        rows.push(row);
    }
    rows
}

fn deal(random: &mut Random, world: &World, people: usize, number: usize) -> String {
    let owner = random.pick(PEOPLE.get(..people).unwrap_or(&PEOPLE));
    let region = random.pick(&REGIONS);
    let amount = amount(random, world.amounts);
    let units = random.pick(&["0", "1", "1", "2", "2", "3", "4", "10", "-1"]);
    let margin = random.pick(&["-", "0%", "5%", "12.5%", "33.33%"]);
    let booked = day(random, world);
    let closed = if random.chance(40) {
        "-".to_owned()
    } else {
        day(random, world)
    };
    let new_logo = random.pick(&["yes", "no"]);
    let mut row = format!(
        "d{number} | {owner} | {region} | {amount} | {units} | {margin} | {booked} | {closed} | {new_logo}"
    );
    if world.extras.labels {
        let label = random.pick(&["-", "x", "y", "some"]);
        row.push_str(&format!(" | {label} | {}", month_of(&day(random, world))));
    }
    if world.extras.known {
        let told = if random.chance(20) {
            "-".to_owned()
        } else {
            day(random, world)
        };
        row.push_str(&format!(" | {told}"));
    }
    if world.extras.rates {
        let currency = random.pick(&["CNY", "USD", "EUR", "JPY", "CNY", "GBP"]);
        let cost = random.pick(&["100", "33.33", "-50", "0", "1000", "0.01"]);
        row.push_str(&format!(" | {currency} | {cost}"));
    }
    row
}

/// Writes rates of some days; identical rows are one, so that each pair has a day once.
fn rates(random: &mut Random, world: &World) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for _ in 0..random.between(2, 14) {
        let (from, to, rate) = match random.below(5) {
            0 | 1 => ("USD", "CNY", random.pick(&["7.1", "7", "6.95"])),
            2 => ("EUR", "USD", random.pick(&["1.25", "1.1"])),
            3 => ("CNY", "USD", "0.14"),
            _ => ("EUR", "JPY", random.pick(&["160", "155.5"])),
        };
        let on = if random.chance(40) {
            "2024-06-30".to_owned()
        } else {
            day(random, world)
        };
        if seen.insert((from, to, on.clone())) {
            rows.push(format!("{from} | {to} | {on} | {rate}"));
        }
    }
    rows
}

fn month_of(day: &str) -> &str {
    day.get(..7).unwrap_or(day)
}

fn cash(random: &mut Random, world: &World, deals: usize, letter: &str, number: usize) -> String {
    let deal = random.between(1, deals);
    let amount = amount(random, Amounts::Any);
    let noted = match (world.extras.noted, random.chance(70)) {
        (true, true) => format!(" | {}", day(random, world)),
        (true, false) => " | -".to_owned(),
        (false, _) => String::new(),
    };
    format!(
        "{letter}{number} | d{deal} | {amount} | {}{noted}",
        day(random, world)
    )
}

fn splits(random: &mut Random, people: usize, deals: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for deal in 1..=deals {
        for person in PEOPLE.iter().take(people) {
            if random.chance(25) {
                let share = random.pick(&["100%", "60%", "40%", "50%", "33.33%"]);
                rows.push(format!("d{deal} | {person} | {share}"));
            }
        }
    }
    rows
}

fn quotas(random: &mut Random, world: &World, people: usize) -> Vec<String> {
    let calendar = Calendar::civil();
    let unit = world.clock.quota_unit();
    let mut periods = touched(unit, &world.ranges);
    if random.chance(20) {
        let years = touched(Unit::Year, &world.ranges).into_iter();
        periods = years
            .filter_map(|year| calendar.periods_in(year, unit))
            .flatten()
            .collect();
    }
    let is_full = random.chance(60);
    let mut rows = Vec::new();
    for person in PEOPLE.iter().take(people) {
        for period in &periods {
            if is_full || random.chance(60) {
                let goal = random.pick(&[
                    "CNY 100",
                    "CNY 500",
                    "CNY 0",
                    "CNY 250",
                    "CNY 333.33",
                    "CNY 1,000",
                    "CNY 1,000",
                    "CNY 100",
                    "CNY 750",
                    "CNY 200",
                    "CNY 400",
                ]);
                rows.push(format!("{person} | {} | {goal}", calendar.label(*period)));
            }
        }
    }
    rows
}

/// Says who works where: stretches of days that do not overlap, with holes between some.
fn posts(random: &mut Random, world: &World, people: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for person in PEOPLE.iter().take(people) {
        let mut since = "2024-01-01".to_owned();
        for range in &world.ranges {
            let Some(last) = range.last_day().filter(|_| random.chance(40)) else {
                continue;
            };
            let last = last.to_string();
            if since < last {
                rows.push(post(random, person, &since, &last));
                let later = if random.chance(70) { 1 } else { 10 };
                since = range
                    .last_day()
                    .and_then(|last| last.add_days(later).ok())
                    .map_or(last, |day| day.to_string());
            }
        }
        let end = world.ranges.last().and_then(DateRange::last_day);
        let is_within = end.is_some_and(|end| since <= end.to_string());
        if is_within && random.chance(70) {
            rows.push(post(random, person, &since, "-"));
        }
    }
    rows
}

fn post(random: &mut Random, person: &str, since: &str, until: &str) -> String {
    let (area, rate) = (random.pick(&REGIONS), random.pick(&["5%", "50%", "120%", "0%"]));
    format!("{person} | {since} | {until} | {area} | {rate}")
}

fn fees(random: &mut Random) -> Vec<String> {
    let mut rows = Vec::new();
    for region in REGIONS {
        if random.chance(75) {
            let fee = random.pick(&["CNY 5", "CNY 0", "CNY 33.33", "-CNY 2"]);
            rows.push(format!(
                "{region} | {fee} | {}",
                random.pick(&["10%", "50%", "100%"])
            ));
        }
    }
    rows
}

/// Gives an amount: at a boundary of tiers, one cent from it, negative, or with odd cents. A few break the field's check.
fn amount(random: &mut Random, amounts: Amounts) -> String {
    let positive = [
        "CNY 100",
        "CNY 99.99",
        "CNY 100.01",
        "CNY 250",
        "CNY 500",
        "CNY 333.33",
        "CNY 1,000",
        "CNY 0.01",
        "CNY 1,500.50",
        "CNY 2,000",
        "CNY 10.05",
    ];
    let others = ["-CNY 100", "CNY 0", "-CNY 333.33", "-CNY 0.01"];
    let odd = match amounts {
        Amounts::Any => 15,
        Amounts::Positive => 1,
    };
    if random.chance(odd) {
        return random.pick(&others).to_owned();
    }
    random.pick(&positive).to_owned()
}

/// Gives a day: the first or last of a period, or any, mostly in the run; one that a calendar lacks now and then.
fn day(random: &mut Random, world: &World) -> String {
    if world.clock == Clock::Uneven && random.chance(1) {
        return random.pick(&["2024-12-31", "2027-01-01"]).to_owned();
    }
    let Some(range) = random.pick_of(&world.ranges).copied() else {
        return world.first.to_string();
    };
    let last = range.last_day().unwrap_or(range.from);
    let offset = i64::try_from(random.below(28)).unwrap_or(0);
    let day = match random.below(10) {
        0 | 1 => range.from,
        2 | 3 => last,
        4 => range.from.add_days(-1).unwrap_or(range.from),
        _ => range.from.add_days(offset).unwrap_or(last),
    };
    // No record is dated after the last period: the run ends there.
    let end = world.ranges.last().and_then(DateRange::last_day).unwrap_or(day);
    day.min(end).to_string()
}
