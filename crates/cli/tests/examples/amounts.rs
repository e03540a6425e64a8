//! Reads tables of amounts and compares them digit for digit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Formatter};
use std::path::Path;

/// Amounts by what they belong to, such as plan, pay, payee and period; each an exact decimal or fraction.
#[derive(Debug, Default)]
pub struct Amounts(BTreeMap<Vec<String>, Number>);

/// A number as numerator and denominator, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number {
    over: i128,
    under: i128,
}

impl Amounts {
    /// Reads a CSV file: the columns named make up the key, one more holds the amount; equal keys add up.
    pub fn read(file: &Path, key: &[&str], amount: &str) -> Amounts {
        let mut amounts = Amounts::default();
        for row in rows(file) {
            let key = key.iter().map(|column| row[*column].clone()).collect();
            amounts.add(key, Number::read(&row[amount]));
        }
        amounts
    }

    /// Reads a file of measures, with a column named `PLAN.MEASURE` for each: plan, measure, record, period.
    pub fn read_measures(file: &Path) -> Amounts {
        let mut amounts = Amounts::default();
        for row in rows(file) {
            for (heading, cell) in row.iter().filter(|(_, cell)| !cell.is_empty()) {
                if let Some((plan, measure)) = heading.split_once('.') {
                    let key = [plan, measure, &row["record"], &row["period"]];
                    amounts.add(key.map(str::to_owned).to_vec(), Number::read(cell));
                }
            }
        }
        amounts
    }

    /// Adds the amounts of another table.
    pub fn with(mut self, other: Amounts) -> Amounts {
        for (key, amount) in other.0 {
            self.add(key, amount);
        }
        self
    }

    /// Says where the amounts of two tables differ; an absent one counts as nothing.
    pub fn differences(&self, other: &Amounts) -> Vec<String> {
        let keys: BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        keys.into_iter()
            .filter(|key| self.get(key) != other.get(key))
            .map(|key| format!("{}: {} and {}", key.join(" "), self.get(key), other.get(key)))
            .collect()
    }

    /// Keeps the amounts whose plan and name another table knows.
    pub fn of_names_in(mut self, other: &Amounts) -> Amounts {
        let names: BTreeSet<_> = other.0.keys().map(|key| key[..2].to_vec()).collect();
        self.0.retain(|key, _| names.contains(&key[..2]));
        self
    }

    /// Gives how many amounts are something.
    pub fn len_without_zeros(&self) -> usize {
        self.0.values().filter(|amount| amount.over != 0).count()
    }

    fn add(&mut self, key: Vec<String>, amount: Number) {
        let sum = self.get(&key).plus(amount);
        self.0.insert(key, sum);
    }

    fn get(&self, key: &[String]) -> Number {
        self.0.get(key).copied().unwrap_or(Number { over: 0, under: 1 })
    }
}

impl Number {
    /// Reads `12.50`, `-3` or `4895250/23`.
    fn read(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("\"{text}\" is no number"))
    }

    fn parse(text: &str) -> Option<Number> {
        if let Some((over, under)) = text.split_once('/') {
            let (over, under) = (over.parse().ok()?, under.parse().ok()?);
            return Some(Number { over, under }.in_lowest_terms());
        }
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let under = 10_i128.checked_pow(u32::try_from(decimals).ok()?)?;
        let over = text.replace('.', "").parse().ok()?;
        Some(Number { over, under }.in_lowest_terms())
    }

    fn plus(self, other: Number) -> Number {
        let over = self.over * other.under + other.over * self.under;
        Number {
            over,
            under: self.under * other.under,
        }
        .in_lowest_terms()
    }

    fn in_lowest_terms(self) -> Number {
        let (mut a, mut b) = (self.over.abs(), self.under);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Number {
            over: self.over / a,
            under: self.under / a,
        }
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.over, self.under)
    }
}

/// Writes a number in lowest terms, and any other cell as it is.
pub fn canonical(cell: &str) -> String {
    Number::parse(cell).map_or_else(|| cell.to_owned(), |number| number.to_string())
}

/// Reads the rows of a CSV file by their headings.
pub fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader =
        csv::Reader::from_path(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let rows: Result<Vec<_>, _> = reader.deserialize().collect();
    rows.expect("rows that fit their head")
}
