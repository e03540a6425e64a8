//! What a generated file declares: enums, data, tiers, tables, constants.

use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};

use super::Part;
use super::random::Random;

/// Holds what the plan and the records of a case are made over.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) unit: Unit,
    pub(super) first: Date,
    pub(super) periods: Vec<PeriodKey>,
    pub(super) through: Option<Date>,
    pub(super) amounts: Amounts,
    pub(super) tiers: Vec<TierTable>,
    pub(super) constants: Vec<Constant>,
    pub(super) decision: Option<Vec<Part>>,
    pub(super) combining: Option<Vec<Part>>,
    pub(super) matrix: Option<Vec<Part>>,
}

/// Says which amounts deals may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amounts {
    /// Positive ones, as a check of the field says.
    Positive,
    /// Any.
    Any,
}

/// Holds a tier table.
#[derive(Debug, Clone)]
pub(super) struct TierTable {
    pub(super) name: String,
    pub(super) takes: Takes,
    pub(super) gives: Gives,
    pub(super) versions: Vec<(String, Vec<Part>)>,
}

/// Says what tiers are applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// An amount.
    Money,
    /// An amount, against a quota.
    MoneyAgainstQuota,
    /// A number.
    Number,
}

/// Says what comes out of tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// An amount.
    Money,
    /// A number.
    Number,
}

/// Holds a constant.
#[derive(Debug, Clone)]
pub(super) struct Constant {
    pub(super) name: String,
    pub(super) gives: Gives,
    lines: Vec<String>,
}

/// The values of the enums.
pub(super) const ROLES: [&str; 3] = ["AE", "SE", "Boss"];
/// The values of the other enum.
pub(super) const REGIONS: [&str; 3] = ["North", "East", "South"];
/// Amounts at which tiers begin and that deals have.
pub(super) const BOUNDS: [&str; 6] = ["100", "250", "500", "1,000", "1,500", "2,000"];

const MONEY_RATES: [&str; 8] = ["0%", "1%", "2.5%", "4%", "5%", "7.5%", "10%", "12%"];
const MONEY_AMOUNTS: [&str; 7] = [
    "CNY 0",
    "CNY 5",
    "CNY 10.05",
    "CNY 50",
    "CNY 0.01",
    "CNY 100",
    "CNY 33.33",
];
const SHARES: [&str; 6] = ["0%", "50%", "80%", "100%", "120%", "150%"];

pub(super) fn world(random: &mut Random) -> World {
    let unit = if random.chance(75) {
        Unit::Month
    } else {
        Unit::Quarter
    };
    let starts = [
        "2026-01-01",
        "2025-11-01",
        "2026-02-10",
        "2025-10-01",
        "2026-03-31",
    ];
    let first = Date::parse(random.pick(&starts)).unwrap_or(Date::FIRST);
    let calendar = Calendar::civil();
    let count = if unit == Unit::Month {
        random.between(1, 5)
    } else {
        random.between(1, 3)
    };
    let start = calendar
        .period_of(unit, first)
        .unwrap_or(PeriodKey::month(2026, 1));
    let shift = |place: usize| calendar.shift(start, i32::try_from(place).unwrap_or(0));
    let periods: Vec<PeriodKey> = (0..count).filter_map(shift).collect();
    let through = random.chance(30).then(|| {
        let at = random
            .pick_of(&periods)
            .and_then(|period| calendar.range(*period)?.last_day());
        at.map(|last| {
            if random.chance(30) {
                last.add_days(-7).unwrap_or(last).max(first)
            } else {
                last
            }
        })
    });
    let amounts = if random.chance(50) {
        Amounts::Positive
    } else {
        Amounts::Any
    };
    let count = random.between(1, 4);
    let tiers = (1..=count).map(|number| tier_table(random, number)).collect();
    let count = random.between(0, 2);
    let constants = (1..=count).map(|number| constant(random, number)).collect();
    let decision = random.chance(50).then(|| decision(random));
    let combining = random.chance(25).then(|| combining(random));
    let matrix = random.chance(35).then(|| matrix(random));
    let through = through.flatten();
    World {
        unit,
        first,
        periods,
        through,
        amounts,
        tiers,
        constants,
        decision,
        combining,
        matrix,
    }
}

/// Writes everything that stands before the plan.
pub(super) fn declarations(world: &World) -> Vec<Part> {
    let line = |text: &str| Part::Line(text.to_owned());
    let block = |head: &str, lines: &[&str]| {
        Part::Block(head.to_owned(), lines.iter().map(|text| line(text)).collect())
    };
    let check = if world.amounts == Amounts::Positive {
        " check amount > CNY 0"
    } else {
        ""
    };
    let amount = format!("amount : money CNY{check}");
    let time = unit_word(world.unit);
    let mut parts = vec![
        line(&format!("enum Role = {}", ROLES.join(" | "))),
        line(&format!("enum Region = {}", REGIONS.join(" | "))),
        block(
            "data Person key id",
            &[
                "id : text",
                "role : Role",
                "manager : Person?",
                "hired_on : date",
                "left_on : date?",
                "base : money CNY?",
                "home : Region?",
                "rank : int",
            ],
        ),
        block(
            "data Deal key id",
            &[
                "id : text",
                "owner : Person",
                "region : Region",
                &amount,
                "units : int",
                "margin : percent?",
                "booked_on : date",
                "closed_on : date?",
                "new_logo : bool",
            ],
        ),
        block(
            "data Receipt key id",
            &[
                "id : text",
                "deal : Deal",
                "paid : money CNY",
                "received_on : date",
            ],
        ),
        block(
            "data Refund key id",
            &[
                "id : text",
                "deal : Deal",
                "back : money CNY",
                "refunded_on : date",
            ],
        ),
        block(
            "data Split key deal, person",
            &["deal : Deal", "person : Person", "share : percent"],
        ),
        line(&format!(
            "table quota from \"quota.csv\" key person: Person, time: {time} gives goal: money CNY"
        )),
    ];
    for constant in &world.constants {
        parts.extend(constant.lines.iter().map(|text| line(text)));
    }
    for tiers in &world.tiers {
        parts.extend(
            tiers
                .versions
                .iter()
                .map(|(head, rows)| Part::Block(head.clone(), rows.clone())),
        );
    }
    let tables = [
        ("table by_case", &world.decision),
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

/// Gives the word for a period of the plan.
pub(super) fn unit_word(unit: Unit) -> &'static str {
    if unit == Unit::Quarter { "quarter" } else { "month" }
}

fn tier_table(random: &mut Random, number: usize) -> TierTable {
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
    let versions = ranges.iter().map(|range| version(random, range)).collect();
    TierTable {
        name,
        takes,
        gives,
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
    let mut chosen: Vec<String> = Vec::new();
    for (place, bound) in all.iter().enumerate() {
        let left = all.len().saturating_sub(place);
        let missing = wanted.saturating_sub(chosen.len());
        // Each of the bounds is as likely as the others, and there are always as many as wanted.
        if random.below(left) < missing {
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

fn constant(random: &mut Random, number: usize) -> Constant {
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
fn decision(random: &mut Random) -> Vec<Part> {
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
fn combining(random: &mut Random) -> Vec<Part> {
    let mut rows = vec![Part::Line(
        "count: int | fresh: bool -> sum fee: money CNY | count hits: int".to_owned(),
    )];
    let cells = [
        "- | -",
        "from 1 up | -",
        "- | yes",
        "from 2 through 3 | no",
        "0 | -",
    ];
    for _ in 0..random.between(1, 4) {
        rows.push(Part::Line(format!(
            "{} -> {} | 1",
            random.pick(&cells),
            random.pick(&MONEY_AMOUNTS)
        )));
    }
    rows
}

fn matrix(random: &mut Random) -> Vec<Part> {
    let mut rows = vec![Part::Line(format!("- | {}", ROLES.join(" | ")))];
    for region in REGIONS {
        let values: Vec<&str> = ROLES.iter().map(|_| random.pick(&MONEY_RATES)).collect();
        rows.push(Part::Line(format!("{region} | {}", values.join(" | "))));
    }
    rows
}
