//! Tiers, decision tables, matrices and constants of a generated file.

use super::Part;
use super::random::Random;
use super::world::{BOUNDS, Constant, Gives, MONEY_AMOUNTS, MONEY_RATES, REGIONS, ROLES, Takes, TierTable};

const SHARES: [&str; 6] = ["0%", "50%", "80%", "100%", "120%", "150%"];

pub(super) fn tier_table(random: &mut Random, number: usize) -> TierTable {
    let shapes = [
        ("marginal", Takes::Money, Gives::Money),
        ("marginal", Takes::MoneyAgainstQuota, Gives::Money),
        ("marginal", Takes::Number, Gives::Money),
        ("retro", Takes::Money, Gives::Money),
        ("retro", Takes::MoneyAgainstQuota, Gives::Money),
        ("flat", Takes::Money, Gives::Money),
        ("flat", Takes::Number, Gives::Number),
        ("interpolated", Takes::Number, Gives::Number),
        ("interpolated", Takes::Money, Gives::Money),
        ("fill", Takes::Number, Gives::Money),
    ];
    let (kind, takes, gives) =
        random
            .pick_of(&shapes)
            .copied()
            .unwrap_or(("marginal", Takes::Money, Gives::Money));
    let name = format!("tiers{number}");
    let ranges: &[&str] = match random.below(5) {
        0 => &[
            " effective 2025-01-01 through 2026-01-31",
            " effective 2026-02-01",
        ],
        _ => &[""],
    };
    let version = |random: &mut Random, range: &str| {
        let is_point = kind == "interpolated";
        let closed = is_point || kind == "fill" || random.chance(20);
        let beyond = match (closed, kind) {
            (false, _) => String::new(),
            (true, "interpolated" | "fill") => {
                format!(" beyond {}", random.pick(&["clamp", "continue", "error"]))
            }
            (true, _) => format!(
                " beyond {}",
                random.pick(&["clamp", "continue", "nothing", "error"])
            ),
        };
        let rows = if is_point {
            points(random, takes, gives)
        } else {
            intervals(random, kind, takes, gives, closed)
        };
        (format!("tiers {name} {kind}{range}{beyond}"), rows)
    };
    let versions: Vec<(String, Vec<Part>)> = ranges.iter().map(|range| version(random, range)).collect();
    let has_both = |row: &Part| matches!(row, Part::Line(line) if line.contains(" plus "));
    let has_amounts = versions.iter().any(|(_, rows)| rows.iter().any(has_both));
    TierTable {
        name,
        takes,
        gives,
        kind,
        has_amounts,
        versions,
    }
}

fn bounds(random: &mut Random, takes: Takes) -> Vec<String> {
    let all: Vec<String> = match takes {
        Takes::Money => ["0"]
            .iter()
            .chain(&BOUNDS)
            .map(|bound| format!("CNY {bound}"))
            .collect(),
        Takes::MoneyAgainstQuota => SHARES.iter().map(|&share| share.to_owned()).collect(),
        Takes::Number => ["0", "0.5", "1", "2", "3", "10"].map(str::to_owned).to_vec(),
    };
    let wanted = random.between(2, 4);
    // Most tables begin at zero: below the first row nothing is earned.
    let at_zero = random.chance(75);
    let mut chosen: Vec<String> = Vec::new();
    for (place, bound) in all.iter().enumerate() {
        let left = all.len().saturating_sub(place);
        let missing = wanted.saturating_sub(chosen.len());
        // Each of the bounds is as likely as the others, and there are always as many as wanted.
        if (place == 0 && at_zero) || random.below(left) < missing {
            chosen.push(bound.clone());
        }
    }
    chosen
}

fn points(random: &mut Random, takes: Takes, gives: Gives) -> Vec<Part> {
    let bounds = bounds(random, takes);
    let point = |bound: &String| Part::Line(format!("at {bound} : {}", tier_value(random, gives)));
    bounds.iter().map(point).collect()
}

fn intervals(random: &mut Random, kind: &str, takes: Takes, gives: Gives, closed: bool) -> Vec<Part> {
    let bounds = bounds(random, takes);
    let open_below = kind != "fill" && random.chance(25);
    let mut rows = Vec::new();
    let mut lower = if open_below {
        String::new()
    } else {
        "from ".to_owned()
    };
    let last = bounds.len().saturating_sub(1);
    for (place, bound) in bounds.iter().enumerate() {
        if place == 0 && !open_below {
            lower.push_str(bound);
            continue;
        }
        let upper_tier_owns = random.chance(60);
        let word = if upper_tier_owns { "below" } else { "through" };
        let place_of = format!("{lower} {word} {bound}").trim().to_owned();
        rows.push(Part::Line(format!(
            "{place_of} : {}",
            row_value(random, kind, takes, gives)
        )));
        lower = format!("{} {bound}", if upper_tier_owns { "from" } else { "above" });
        if place == last && !closed {
            rows.push(Part::Line(format!(
                "{lower} up : {}",
                row_value(random, kind, takes, gives)
            )));
        }
    }
    rows
}

fn row_value(random: &mut Random, kind: &str, takes: Takes, gives: Gives) -> String {
    let is_rate = kind == "marginal" || kind == "retro";
    match (is_rate, takes) {
        (false, _) => tier_value(random, gives),
        (true, Takes::Number) => random
            .pick(&["CNY 5", "CNY 10.05", "CNY 0", "CNY 100"])
            .to_owned(),
        (true, Takes::Money | Takes::MoneyAgainstQuota) => {
            let rate = random.pick(&MONEY_RATES);
            if random.chance(20) {
                format!("{} plus {rate}", random.pick(&MONEY_AMOUNTS))
            } else {
                rate.to_owned()
            }
        }
    }
}

fn tier_value(random: &mut Random, gives: Gives) -> String {
    match gives {
        Gives::Money => random.pick(&MONEY_AMOUNTS).to_owned(),
        Gives::Number => random.pick(&["0%", "50%", "100%", "160%", "33.3%"]).to_owned(),
    }
}

pub(super) fn constant(random: &mut Random, number: usize) -> Constant {
    let name = format!("const{number}");
    let gives = if random.chance(50) {
        Gives::Money
    } else {
        Gives::Number
    };
    let value = |random: &mut Random| match gives {
        Gives::Money => random.pick(&MONEY_AMOUNTS).to_owned(),
        Gives::Number => random.pick(&["5%", "0.5", "2", "0%"]).to_owned(),
    };
    let mut lines = Vec::new();
    if random.chance(50) {
        lines.push(format!("const {name} = {}", value(random)));
    } else {
        lines.push(format!("const {name} = {} from 2025-01-01", value(random)));
        lines.push(format!(
            "const {name} = {} from {}",
            value(random),
            random.pick(&["2026-02-01", "2026-01-15"])
        ));
    }
    Constant { name, gives, lines }
}

/// Writes a table that is complete over a whole number from 0 and a region.
pub(super) fn decision(random: &mut Random) -> Vec<Part> {
    let mut rows = vec![Part::Line(
        "count: int from 0 | place: Region -> factor: percent | fee: money CNY".to_owned(),
    )];
    let value =
        |random: &mut Random| format!("{} | {}", random.pick(&MONEY_RATES), random.pick(&MONEY_AMOUNTS));
    let cut = random.between(1, 4);
    let intervals = [format!("from 0 below {cut}"), format!("from {cut} up")];
    for interval in intervals {
        match random.below(3) {
            0 => rows.push(Part::Line(format!("{interval} | - -> {}", value(random)))),
            1 => {
                rows.push(Part::Line(format!(
                    "{interval} | North, South -> {}",
                    value(random)
                )));
                rows.push(Part::Line(format!("{interval} | East -> {}", value(random))));
            }
            _ => {
                for region in REGIONS {
                    rows.push(Part::Line(format!("{interval} | {region} -> {}", value(random))));
                }
            }
        }
    }
    rows
}

/// Writes a table of which all matching rows count.
pub(super) fn combining(random: &mut Random) -> Vec<Part> {
    let mut rows = vec![Part::Line(
        "count: int | fresh: bool -> sum fee: money CNY | highest top: money CNY | lowest low: money CNY | count hits: int"
            .to_owned(),
    )];
    let cells = [
        "- | -",
        "from 1 up | -",
        "- | yes",
        "from 2 through 3 | no",
        "0 | -",
    ];
    // The highest and the lowest of no rows would be missing, so that one row always matches.
    for number in 0..random.between(1, 4) {
        let cell = if number == 0 { "- | -" } else { random.pick(&cells) };
        let [fee, top, low] = [(); 3].map(|()| random.pick(&MONEY_AMOUNTS));
        rows.push(Part::Line(format!("{cell} -> {fee} | {top} | {low} | 1")));
    }
    rows
}

pub(super) fn matrix(random: &mut Random) -> Vec<Part> {
    let mut rows = vec![Part::Line(format!("- | {}", ROLES.join(" | ")))];
    for region in REGIONS {
        let values: Vec<&str> = ROLES.iter().map(|_| random.pick(&MONEY_RATES)).collect();
        rows.push(Part::Line(format!("{region} | {}", values.join(" | "))));
    }
    rows
}

/// Writes a table whose first matching row counts, over days, roles and texts that may be missing.
pub(super) fn cases(random: &mut Random) -> Vec<Part> {
    let mut rows = vec![Part::Line(
        "day: date | who: Role | word: text? -> mult: number | fee: money CNY".to_owned(),
    )];
    let cells = [
        "through 2026-01-31 | AE | -",
        "from 2026-01-01 below 2026-03-01 | AE, SE | \"x\"",
        "above 2025-12-31 | - | \"x\", \"y\"",
        "- | - | missing",
        "2026-02-28 | Boss | -",
    ];
    // In this order each row can be reached, whichever of the others are there.
    for cell in cells {
        if random.chance(40) {
            rows.push(Part::Line(format!(
                "{cell} -> {} | {}",
                random.pick(&["0.5", "1", "2", "1.25"]),
                random.pick(&MONEY_AMOUNTS)
            )));
        }
    }
    rows.push(Part::Line(format!(
        "- | - | - -> {} | {}",
        random.pick(&["0", "1", "3"]),
        random.pick(&MONEY_AMOUNTS)
    )));
    rows
}
