//! A small schema, tables written as text, and facts written as text.

use guerdon::column::Cell;
use guerdon::facts::Facts;
use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};
use guerdon_plan::hir::{CalendarDef, Enum, Field, Naming, Origin, Program, Reason, Table};
use guerdon_plan::number::Currency;
use guerdon_plan::types::{EnumId, FieldId, Scalar, TableId, Ty};
use guerdon_syntax::{FileId, Span};

/// No place in particular.
pub const SPAN: Span = Span {
    file: FileId(0),
    start: 0,
    end: 0,
};

pub const TEAM: TableId = TableId(0);
pub const PERSON: TableId = TableId(1);
pub const DEAL: TableId = TableId(2);
pub const SPLIT: TableId = TableId(3);
pub const QUOTA: TableId = TableId(4);
pub const ASSIGNMENT: TableId = TableId(5);
pub const BONUS: TableId = TableId(6);

pub const ROLE: EnumId = EnumId(0);

/// The schema of the tests:
///
/// ```text
/// enum Role = AE alias 客户经理 | SE | Manager
/// data Team key id             id: text
/// data Person alias 人员 key id id: text, role: Role, team: Team?, manager: Person?, hired_on: date, bonus: money CNY?
/// data Deal key id             id: text, owner: Person, amount: money CNY, booked_on: date, new_logo: bool,
///                              units: int, margin: number to 0.0001, rate: percent?
/// data Split key deal, person  deal: Deal, person: Person, share: percent
/// table quota key person, month   person: Person, month: month, amount: money CNY
/// data Assignment valid from, until key seller, from   seller: text, from: date, until: date?, area: text
/// data Bonus key person        person: Person, paid: points
/// ```
pub fn program() -> Program {
    let cny = Scalar::Money(Currency::CNY);
    let person = Scalar::Row(PERSON);
    Program {
        enums: vec![Enum {
            naming: naming("Role", None),
            values: vec![
                naming("AE", Some("客户经理")),
                naming("SE", None),
                naming("Manager", None),
            ],
        }],
        tables: vec![
            table("Team", &["id"], vec![field("id", Scalar::Text)]),
            table(
                "Person",
                &["id"],
                vec![
                    field("id", Scalar::Text),
                    field("role", Scalar::Enum(ROLE)),
                    optional("team", Scalar::Row(TEAM)),
                    optional("manager", person),
                    field("hired_on", Scalar::Date),
                    optional("bonus", cny),
                ],
            ),
            table(
                "Deal",
                &["id"],
                vec![
                    field("id", Scalar::Text),
                    field("owner", person),
                    field("amount", cny),
                    field("booked_on", Scalar::Date),
                    field("new_logo", Scalar::Bool),
                    field("units", Scalar::Int),
                    Field {
                        decimals: 4,
                        ..field("margin", Scalar::Number)
                    },
                    optional("rate", Scalar::Percent),
                ],
            ),
            table(
                "Split",
                &["deal", "person"],
                vec![
                    field("deal", Scalar::Row(DEAL)),
                    field("person", person),
                    field("share", Scalar::Percent),
                ],
            ),
            table(
                "quota",
                &["person", "month"],
                vec![
                    field("person", person),
                    field("month", Scalar::Period(Unit::Month)),
                    field("amount", cny),
                ],
            ),
            Table {
                valid: Some((FieldId(1), FieldId(2))),
                ..table(
                    "Assignment",
                    &["seller", "from"],
                    vec![
                        field("seller", Scalar::Text),
                        field("from", Scalar::Date),
                        optional("until", Scalar::Date),
                        field("area", Scalar::Text),
                    ],
                )
            },
            table(
                "Bonus",
                &["person"],
                vec![field("person", person), field("paid", Scalar::Points)],
            ),
        ],
        calendars: vec![CalendarDef {
            naming: naming("civil", None),
            calendar: Calendar::civil(),
        }],
        ..Program::default()
    }
}

pub fn naming(name: &str, alias: Option<&str>) -> Naming {
    Naming {
        name: name.to_owned(),
        alias: alias.map(str::to_owned),
        title: None,
        span: SPAN,
    }
}

pub fn field(name: &str, scalar: Scalar) -> Field {
    Field {
        naming: naming(name, None),
        ty: Ty::always(scalar),
        decimals: match scalar {
            Scalar::Money(currency) => currency.minor_unit_decimals().unwrap(),
            Scalar::Int => 0,
            _ => 9,
        },
        currency_field: None,
        check: None,
        reason: Reason::default(),
    }
}

pub fn optional(name: &str, scalar: Scalar) -> Field {
    Field {
        ty: Ty::optional(scalar),
        ..field(name, scalar)
    }
}

pub fn table(name: &str, key: &[&str], fields: Vec<Field>) -> Table {
    let place = |name: &&str| {
        FieldId::at(
            fields
                .iter()
                .position(|field| field.naming.name == *name)
                .unwrap(),
        )
    };
    Table {
        naming: naming(name, if name == "Person" { Some("人员") } else { None }),
        key: key.iter().map(place).collect(),
        fields,
        valid: None,
        known: None,
        origin: Origin::Data,
        source: None,
    }
}

/// Loads tables written one record a line, cells between bars, the headings first.
pub fn load(program: &Program, tables: &[(TableId, &str)]) -> Facts {
    let mut builder = Facts::builder(program);
    for (table, text) in tables {
        let mut lines = text
            .trim()
            .lines()
            .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
        let headings = lines.next().unwrap();
        let mut loader = builder.text_table(*table, &headings, None);
        for line in lines {
            let cells: Vec<&[u8]> = line.iter().map(|cell| cell.as_bytes()).collect();
            loader.push(&cells).unwrap();
        }
    }
    builder.finish().unwrap()
}

/// People that other tables refer to: p1 and p2.
pub const PEOPLE: &str = "
    id | role | team | manager | hired_on   | bonus
    p1 | AE   |      |         | 2025-01-01 |
    p2 | SE   |      | p1      | 2025-06-30 |
";

/// Shows a table: one line a record, an error as `!` and the number of its problem.
pub fn shown(program: &Program, facts: &Facts, table: TableId) -> Vec<String> {
    let data = facts.table(table).unwrap();
    let fields = &program.table(table).unwrap().fields;
    let cell = |field: usize, row: usize| {
        let Some(column) = data.column(FieldId::at(field)) else {
            return "absent".to_owned();
        };
        cell_text(program, fields[field].ty.scalar, &column.cell(row))
    };
    let line = |row| {
        (0..fields.len())
            .map(|field| cell(field, row))
            .collect::<Vec<_>>()
            .join(" | ")
    };
    (0..data.len()).map(line).collect()
}

fn cell_text(program: &Program, scalar: Scalar, cell: &Cell<'_>) -> String {
    match cell {
        Cell::Missing => "-".to_owned(),
        Cell::Error(problem) => format!("!{problem}"),
        Cell::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => Date::from_days(*day).unwrap().to_string(),
        Cell::Period(unit, index) => Calendar::civil().label(PeriodKey::new(*unit, *index)),
        Cell::Text(text) => (*text).to_owned(),
        Cell::Enum(value) => match scalar {
            Scalar::Enum(id) => program.enumeration(id).unwrap().values[*value as usize]
                .name
                .clone(),
            _ => unreachable!(),
        },
        Cell::Row(row) => format!("#{row}"),
    }
}

/// Shows the problems: code, row, column, message and detail.
pub fn problems(facts: &Facts) -> Vec<String> {
    let line = |problem: &guerdon::problem::Problem| {
        let row = problem.row.map_or("-".to_owned(), |row| row.to_string());
        let column = problem.column.as_deref().unwrap_or("-");
        let detail = if problem.detail.is_empty() {
            String::new()
        } else {
            format!("; {}", problem.detail.en)
        };
        format!("{} {row} {column}: {}{detail}", problem.code, problem.message.en)
    };
    facts.problems().iter().map(line).collect()
}
