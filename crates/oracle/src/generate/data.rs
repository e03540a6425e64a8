//! The records of a generated case, as the grids of a test.

use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};

use super::Part;
use super::plan::Shown;
use super::random::Random;
use super::schema::{Amounts, REGIONS, ROLES, World};

const PEOPLE: [&str; 4] = ["ann", "bob", "cid", "dee"];

pub(super) fn test(random: &mut Random, world: &World, shown: &Shown, number: u64) -> Part {
    let people = random.between(1, PEOPLE.len());
    let deals = random.between(0, 12);
    let mut grids = vec![
        grid(
            "Person",
            "id | role | manager | hired_on | left_on | base | home | rank",
            persons(random, world, people),
        ),
        grid(
            "Deal",
            "id | owner | region | amount | units | margin | booked_on | closed_on | new_logo",
            (1..=deals)
                .map(|number| deal(random, world, people, number))
                .collect(),
        ),
    ];
    let count = if deals == 0 { 0 } else { random.between(0, 6) };
    let rows: Vec<String> = (1..=count)
        .map(|number| cash(random, world, deals, "r", number))
        .collect();
    grids.push(grid("Receipt", "id | deal | paid | received_on", rows));
    let count = if deals == 0 { 0 } else { random.between(0, 3) };
    let rows: Vec<String> = (1..=count)
        .map(|number| cash(random, world, deals, "f", number))
        .collect();
    grids.push(grid("Refund", "id | deal | back | refunded_on", rows));
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
    let calendar = Calendar::civil();
    let last = world
        .periods
        .last()
        .map_or_else(String::new, |period| calendar.label(*period));
    let person = random.pick(PEOPLE.get(..people).unwrap_or(&PEOPLE));
    let mut parts: Vec<Part> = grids.into_iter().flatten().collect();
    parts.extend(
        shown
            .pays
            .iter()
            .map(|pay| Part::Line(format!("expect {pay}[{person}, {last}] = CNY 0"))),
    );
    Part::Block(format!("test \"records {number}\""), parts)
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
        let base = random.pick(&["-", "CNY 100", "CNY 0", "CNY 333.33", "CNY 1,000"]);
        let home = if random.chance(30) {
            "-"
        } else {
            random.pick(&REGIONS)
        };
        let rank = random.pick(&["0", "1", "2", "3"]);
        rows.push(format!(
            "{id} | {role} | {manager} | {hired} | {left} | {base} | {home} | {rank}"
        ));
    }
    rows
}

fn deal(random: &mut Random, world: &World, people: usize, number: usize) -> String {
    let owner = random.pick(PEOPLE.get(..people).unwrap_or(&PEOPLE));
    let region = random.pick(&REGIONS);
    let amount = amount(random, world.amounts);
    let units = random.pick(&["0", "1", "1", "2", "3", "10", "-1"]);
    let margin = random.pick(&["-", "0%", "5%", "12.5%", "33.33%"]);
    let booked = day(random, world);
    let closed = if random.chance(40) {
        "-".to_owned()
    } else {
        day(random, world)
    };
    let new_logo = random.pick(&["yes", "no"]);
    format!(
        "d{number} | {owner} | {region} | {amount} | {units} | {margin} | {booked} | {closed} | {new_logo}"
    )
}

fn cash(random: &mut Random, world: &World, deals: usize, letter: &str, number: usize) -> String {
    let deal = random.between(1, deals);
    let amount = amount(random, Amounts::Any);
    format!("{letter}{number} | d{deal} | {amount} | {}", day(random, world))
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
    let years = world
        .periods
        .iter()
        .filter_map(|period| calendar.containing(*period, Unit::Year));
    let mut periods: Vec<PeriodKey> = if random.chance(20) {
        years
            .filter_map(|year| calendar.periods_in(year, world.unit))
            .flatten()
            .collect()
    } else {
        world.periods.clone()
    };
    periods.sort();
    periods.dedup();
    let is_full = random.chance(60);
    let mut rows = Vec::new();
    for person in PEOPLE.iter().take(people) {
        for period in &periods {
            if is_full || random.chance(50) {
                let goal = random.pick(&[
                    "CNY 100",
                    "CNY 500",
                    "CNY 0",
                    "CNY 250",
                    "CNY 333.33",
                    "CNY 1,000",
                ]);
                rows.push(format!("{person} | {} | {goal}", calendar.label(*period)));
            }
        }
    }
    rows
}

/// Gives an amount: at a boundary of tiers, one cent from it, negative, or with odd cents.
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
    if amounts == Amounts::Any && random.chance(20) {
        return random.pick(&others).to_owned();
    }
    random.pick(&positive).to_owned()
}

/// Gives a day: the first or last of a period, or any, mostly in the run.
fn day(random: &mut Random, world: &World) -> String {
    let calendar = Calendar::civil();
    let range = random
        .pick_of(&world.periods)
        .and_then(|period| calendar.range(*period));
    let Some(range) = range else {
        return Date::FIRST.to_string();
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
    let end = world
        .periods
        .last()
        .and_then(|period| calendar.range(*period)?.last_day())
        .unwrap_or(day);
    day.min(end).to_string()
}
