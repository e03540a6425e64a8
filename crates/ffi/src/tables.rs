//! The tables of a report as rows of cells, one after the other, for whatever form the host wants.
//!
//! Names of tables and columns are those of the command line's files; `measures` has one row for each value.

mod books;
mod json;

use std::borrow::Cow;
use std::sync::Arc;

use guerdon::plan::Plan;
use guerdon::problem::Problem;
use guerdon::report::{Absence, Amount, BlockTable, EarningRow, MeasureKind, PayRow, Report};
use guerdon_plan::number::Exact;
use guerdon_syntax::Severity;

pub(crate) use self::json::{write_rows, write_text};

/// The columns of text, of whatever table, in which many rows have the same name.
const NAMES: &[&str] = &[
    "plan",
    "pay",
    "earn",
    "measure",
    "kind",
    "grain",
    "payee",
    "period",
    "currency",
    "equivalent_currency",
    "statement",
    "debit",
    "credit",
    "absence",
    "code",
    "severity",
    "table",
    "file",
    "column",
    "rule",
];

/// Names a table of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Pay,
    Earnings,
    Measures,
    Problems,
    Accruals,
    AccrualBalances,
    /// A table of contests, awards, warnings, scorecards or targets.
    Block(BlockTable),
}

/// Says what the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cells {
    Text,
    /// A text that many rows have.
    Name,
    /// Exact numbers with a finite number of decimals, as far as there are such.
    Amount,
    Date,
    Whole,
}

/// The name and columns of a table.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub kind: Kind,
    pub name: String,
    pub columns: Vec<(&'static str, Cells)>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'r> {
    Null,
    Text(Cow<'r, str>),
    /// A text that many rows have.
    Shared(Arc<str>),
    /// A number, and the least decimals that it is shown with.
    Amount(Exact, u8),
    /// Days since 1970-01-01.
    Date(i32),
    Whole(i64),
}

pub(crate) type Row<'r> = Vec<Cell<'r>>;

impl Shape {
    /// Lists the tables that a report has.
    pub(crate) fn all(report: &Report<'_>) -> Vec<Self> {
        let kinds = [
            Kind::Pay,
            Kind::Earnings,
            Kind::Measures,
            Kind::Problems,
            Kind::Accruals,
            Kind::AccrualBalances,
        ];
        let blocks = report.block_tables().into_iter().map(Kind::Block);
        kinds.into_iter().chain(blocks).map(Self::of).collect()
    }

    pub(crate) fn of(kind: Kind) -> Self {
        Self {
            kind,
            name: kind.name().to_owned(),
            columns: kind.columns(),
        }
    }

    /// Gives every amount with the place of its column and the least decimals that it is shown with, in any order; without
    /// making rows where they can do without.
    pub(crate) fn each_amount(
        &self,
        plan: &Plan,
        report: &Report<'_>,
        mut each: impl FnMut(usize, &Exact, u8),
    ) {
        if self.kind == Kind::Pay {
            let place = self.columns.len().saturating_sub(1);
            for column in report.pay_columns() {
                let amounts = column.amounts();
                amounts.for_each(|amount| {
                    if let Amount::Known(exact) = amount {
                        each(place, &exact, column.decimals);
                    }
                });
            }
            return;
        }
        if self.columns.iter().all(|(_, cells)| *cells != Cells::Amount) {
            return;
        }
        for row in self.rows(plan, report) {
            for (place, cell) in row.iter().enumerate() {
                if let Cell::Amount(exact, least) = cell {
                    each(place, exact, *least);
                }
            }
        }
    }

    /// Begins to read the rows.
    pub(crate) fn rows<'r>(
        &self,
        plan: &'r Plan,
        report: &'r Report<'r>,
    ) -> Box<dyn Iterator<Item = Row<'r>> + Send + 'r> {
        match self.kind {
            Kind::Pay => Box::new(pays(report)),
            Kind::Earnings => Box::new(report.earnings().map(earning)),
            Kind::Measures => Box::new(measures(report)),
            Kind::Problems => {
                let problems = report.problems().into_iter();
                Box::new(problems.map(move |found| problem(plan, report, &found)))
            }
            Kind::Accruals => Box::new(report.accruals().map(books::accrual)),
            Kind::AccrualBalances => Box::new(report.accrual_balances().into_iter().map(books::balance)),
            Kind::Block(table) => Box::new(report.block_rows(table).map(|row| {
                let cells = row.into_iter();
                cells.map(|cell| cell.map_or(Cell::Null, Cell::Text)).collect()
            })),
        }
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Earnings => "earnings",
            Self::Measures => "measures",
            Self::Problems => "problems",
            Self::Accruals => "accruals",
            Self::AccrualBalances => "accrual_balances",
            Self::Block(table) => table.name(),
        }
    }

    fn columns(self) -> Vec<(&'static str, Cells)> {
        let (texts, others): (&[&'static str], &[(&'static str, Cells)]) = match self {
            Self::Pay => (
                &["plan", "pay", "payee", "period", "currency"],
                &[("amount", Cells::Amount)],
            ),
            Self::Earnings => (
                &["plan", "earn", "payee", "period"],
                &[
                    ("date", Cells::Date),
                    ("record", Cells::Text),
                    ("currency", Cells::Text),
                    ("base", Cells::Amount),
                    ("rate", Cells::Text),
                    ("earned", Cells::Amount),
                    ("released", Cells::Amount),
                    ("held", Cells::Amount),
                    ("clawed_back", Cells::Amount),
                    ("paid_to_date", Cells::Amount),
                ],
            ),
            Self::Measures => (
                &[
                    "plan", "measure", "kind", "grain", "record", "period", "value", "absence",
                ],
                &[],
            ),
            Self::Problems => (
                &["code", "severity", "table", "file"],
                &[
                    ("row", Cells::Whole),
                    ("column", Cells::Text),
                    ("payee", Cells::Text),
                    ("rule", Cells::Text),
                    ("line", Cells::Whole),
                    ("message", Cells::Text),
                    ("advice", Cells::Text),
                    ("detail", Cells::Text),
                ],
            ),
            Self::Accruals => (
                &["id", "plan", "kind", "statement", "payee", "record", "period"],
                books::ACCRUALS,
            ),
            Self::AccrualBalances => (&["plan", "payee", "currency"], books::BALANCES),
            Self::Block(table) => (table.columns(), &[]),
        };
        let texts = texts.iter().map(|name| (*name, Cells::Text));
        let columns = texts.chain(others.iter().copied());
        columns
            .map(|(name, cells)| match cells {
                Cells::Text if NAMES.contains(&name) => (name, Cells::Name),
                Cells::Text | Cells::Name | Cells::Amount | Cells::Date | Cells::Whole => (name, cells),
            })
            .collect()
    }
}

impl<'r> Cell<'r> {
    /// Makes a cell of a text that is there.
    pub(crate) fn text(text: impl Into<Cow<'r, str>>) -> Self {
        Cell::Text(text.into())
    }

    /// Makes a cell of a text; an empty one says that there is none.
    fn filled(text: impl Into<Cow<'r, str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Cell::Null
        } else {
            Cell::Text(text)
        }
    }

    pub(crate) fn amount(amount: Amount, decimals: u8) -> Self {
        match amount {
            Amount::Known(exact) => Cell::Amount(exact, decimals),
            Amount::Unknown => Cell::Null,
        }
    }

    fn exact(exact: Option<Exact>, decimals: u8) -> Self {
        exact.map_or(Cell::Null, |exact| Cell::Amount(exact, decimals))
    }
}

pub(crate) fn pay(row: PayRow<'_>) -> Row<'_> {
    vec![
        Cell::text(row.plan),
        Cell::text(row.pay),
        Cell::text(row.payee),
        Cell::text(row.period_label),
        Cell::text(row.unit),
        Cell::amount(row.amount, row.decimals),
    ]
}

/// Gives the rows of the table of pay; what many rows have is made once.
fn pays<'r>(report: &'r Report<'r>) -> impl Iterator<Item = Row<'r>> + Send + 'r {
    report.pay_columns().into_iter().flat_map(|column| {
        let shared = |texts: Vec<String>| texts.into_iter().map(Arc::from).collect::<Vec<Arc<str>>>();
        let payees = shared(column.payees());
        let periods = shared(column.periods().into_iter().map(|(_, label)| label).collect());
        let unit: Arc<str> = Arc::from(column.unit.as_str());
        let len = payees.len();
        let places = (0..periods.len()).flat_map(move |period| (0..len).map(move |payee| (period, payee)));
        places.filter_map(move |(period, payee)| {
            Some(vec![
                Cell::text(column.plan),
                Cell::text(column.pay),
                Cell::Shared(Arc::clone(payees.get(payee)?)),
                Cell::Shared(Arc::clone(periods.get(period)?)),
                Cell::Shared(Arc::clone(&unit)),
                Cell::amount(column.amount(period, payee)?, column.decimals),
            ])
        })
    })
}

fn earning(row: EarningRow<'_>) -> Row<'_> {
    let decimals = row.decimals;
    vec![
        Cell::text(row.plan),
        Cell::text(row.earn),
        Cell::text(row.payee),
        Cell::text(row.period_label),
        row.day.map_or(Cell::Null, |day| Cell::Date(day.days())),
        Cell::filled(row.record),
        Cell::text(row.unit),
        Cell::exact(row.base, row.base_decimals),
        row.rate
            .map_or(Cell::Null, |rate| Cell::text(rate.display_text(0))),
        Cell::amount(row.earned, decimals),
        Cell::amount(row.released, decimals),
        Cell::amount(row.held, decimals),
        Cell::amount(row.clawed_back, decimals),
        Cell::amount(row.paid_to_date, decimals),
    ]
}

fn measures<'r>(report: &'r Report<'r>) -> impl Iterator<Item = Row<'r>> + Send + 'r {
    report.measures().into_iter().flat_map(|column| {
        let kind = match column.kind {
            MeasureKind::Measure => "measure",
            MeasureKind::Let => "let",
            MeasureKind::Carry => "carry",
        };
        let (plan, name, grain) = (column.plan, column.name, column.grain());
        column.rows().into_iter().map(move |row| {
            let absence = row.absence.map(|absence| match absence {
                Absence::Missing => "missing",
                Absence::Error => "error",
            });
            vec![
                Cell::text(plan),
                Cell::text(name),
                Cell::text(kind),
                Cell::text(grain.clone()),
                row.record.map_or(Cell::Null, Cell::text),
                row.period_label.map_or(Cell::Null, Cell::text),
                absence.map_or_else(|| Cell::text(row.text), |_| Cell::Null),
                absence.map_or(Cell::Null, Cell::text),
            ]
        })
    })
}

fn problem<'r>(plan: &'r Plan, report: &Report<'_>, problem: &Problem) -> Row<'r> {
    let table = problem.table.and_then(|table| plan.program().table(table));
    let payee = problem.payee.map(|(table, row)| report.payee_key(table, row));
    let (file, line) = match problem.span {
        Some(span) => {
            let position = plan.sources().position(span.file, span.start);
            (
                Cell::text(plan.sources().name(span.file)),
                Cell::Whole(i64::from(position.line)),
            )
        }
        None => (Cell::Null, Cell::Null),
    };
    let row = problem.row.and_then(|row| i64::try_from(row).ok());
    vec![
        Cell::text(problem.code.number()),
        Cell::text(match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }),
        table.map_or(Cell::Null, |table| Cell::text(table.naming.name.as_str())),
        Cell::filled(problem.file.as_deref().unwrap_or_default().to_owned()),
        row.map_or(Cell::Null, Cell::Whole),
        Cell::filled(problem.column.as_deref().unwrap_or_default().to_owned()),
        payee.map_or(Cell::Null, Cell::text),
        file,
        line,
        Cell::text(problem.message.en.clone()),
        Cell::filled(problem.advice.en.clone()),
        Cell::filled(problem.detail.en.clone()),
    ]
}
