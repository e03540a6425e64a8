//! Rule files made from a seed: a schema, tables, plans and tests whose grids are its records.
//!
//! Every file parses and checks without errors; most features meet each other, and boundary amounts, ties, negative
//! amounts, empty cells and quotas of zero are likely. A case is a tree of lines, so that whoever finds a difference
//! can drop one line after the other while it stays.

use self::random::Random;

mod blocks;
mod clock;
mod data;
mod formula;
mod plan;
pub mod random;
mod schema;
mod tables;
mod world;

/// Holds a generated rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Is the number that it is made from.
    pub seed: u64,
    /// Are its lines and blocks.
    pub parts: Vec<Part>,
}

/// Holds a line, or a block closed by `end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A line, or a statement of several lines.
    Line(String),
    /// A block: its first line and what is in it.
    Block(String, Vec<Part>),
}

/// How many tests a file has, each with records of its own.
pub const TESTS: u64 = 4;

/// Makes the case of a seed.
#[must_use]
pub fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let world = schema::world(&mut random);
    let (plans, shown) = plan::plans(&mut random, &world);
    let mut parts = schema::declarations(&world);
    parts.extend(plans);
    parts.extend((1..=TESTS).map(|number| data::test(&mut random, &world, &shown, number)));
    Case { seed, parts }
}

impl Case {
    /// Writes the rule file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            write_part(part, 0, &mut text);
            text.push('\n');
        }
        text
    }

    /// Lists the same case with one line or block less, the largest blocks first.
    #[must_use]
    pub fn smaller(&self) -> Vec<Case> {
        let mut found: Vec<(usize, Case)> = without_one(&self.parts)
            .into_iter()
            .map(|(dropped, parts)| {
                (
                    dropped,
                    Case {
                        seed: self.seed,
                        parts,
                    },
                )
            })
            .collect();
        found.sort_by_key(|(dropped, _)| std::cmp::Reverse(*dropped));
        found.into_iter().map(|(_, case)| case).collect()
    }
}

fn write_part(part: &Part, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match part {
        Part::Line(line) => {
            for (place, line) in line.lines().enumerate() {
                let hanging = if place == 0 { "" } else { "  " };
                text.push_str(&format!("{indent}{hanging}{line}\n"));
            }
        }
        Part::Block(head, parts) => {
            text.push_str(&format!("{indent}{head}\n"));
            for part in parts {
                write_part(part, depth.saturating_add(1), text);
            }
            text.push_str(&format!("{indent}end\n"));
        }
    }
}

/// Lists what is left of parts when one is dropped, with the number of lines that were dropped.
fn without_one(parts: &[Part]) -> Vec<(usize, Vec<Part>)> {
    let mut found = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let before = parts.iter().take(place);
        let after = parts.iter().skip(place.saturating_add(1));
        found.push((
            lines_of(part),
            before.clone().chain(after.clone()).cloned().collect(),
        ));
        if let Part::Block(head, inner) = part {
            for (dropped, inner) in without_one(inner) {
                let block = Part::Block(head.clone(), inner);
                found.push((
                    dropped,
                    before
                        .clone()
                        .chain([&block])
                        .chain(after.clone())
                        .cloned()
                        .collect(),
                ));
            }
        }
    }
    found
}

fn lines_of(part: &Part) -> usize {
    match part {
        Part::Line(line) => line.lines().count(),
        Part::Block(_, parts) => parts.iter().map(lines_of).sum::<usize>().saturating_add(2),
    }
}
