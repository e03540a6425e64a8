//! Tests.

use super::Printer;
use super::layout::{Clauses, columns};
use super::names::Words;
use super::table::one_line;
use crate::ast::{Expect, Given, GivenCell, GivenCellKind, LiteralKind, Test, TestStatement, With, WithPart};
use crate::keyword::Keyword as K;

impl Printer<'_> {
    pub(super) fn test(&mut self, test: &Test) {
        let words = self.words;
        let head = format!("{} {}", words.say(K::Test), words.quoted(&test.title));
        self.layout.open(test.span, one_line(Clauses::new(head)));
        for statement in &test.statements {
            match statement {
                TestStatement::Given(given) => self.given(given),
                TestStatement::With(with) => self.layout.statement(with.span, words.with(with)),
                TestStatement::Known(known) => {
                    let text = format!("{} {}", words.say(K::KnownAsOf), words.literal(&known.day));
                    self.layout.row(known.span, text);
                }
                TestStatement::Expect(expect) => self.layout.statement(expect.span, words.expect(expect)),
            }
        }
        self.layout.close(test.span, words.say(K::End));
    }

    fn given(&mut self, given: &Given) {
        let words = self.words;
        let head = format!("{} {}", words.say(K::Given), words.name(&given.data));
        self.layout.open(given.span, Clauses::new(head));
        let mut grid = vec![
            given
                .columns
                .iter()
                .map(|column| words.grid_word(column))
                .collect::<Vec<_>>(),
        ];
        for row in &given.rows {
            grid.push(row.cells.iter().map(|cell| words.given_cell(cell)).collect());
        }
        let heading = given.columns.first().map_or(given.span, |column| column.span);
        let spans = std::iter::once(heading).chain(given.rows.iter().map(|row| row.span));
        for (span, text) in spans.zip(columns(&grid, " | ")) {
            self.layout.row(span, text);
        }
        self.layout.close(given.span, words.say(K::End));
    }
}

impl Words {
    fn given_cell(self, cell: &GivenCell) -> String {
        match &cell.kind {
            GivenCellKind::Missing => "-".to_owned(),
            GivenCellKind::Word(name) => self.grid_word(name),
            GivenCellKind::Literal(literal) => {
                if let LiteralKind::Year(year) = literal.kind {
                    return format!("year {year:04}");
                }
                self.literal(literal)
            }
        }
    }

    fn with(self, with: &With) -> Clauses {
        let behind = with.parts.iter().map(|part| match part {
            WithPart::Word(word) => format!(".{}", self.field(word)),
            WithPart::Subscripts(subscripts) => format!("[{}]", self.list(subscripts)),
        });
        let behind: String = behind.collect();
        let head = format!("{} {}{behind}", self.say(K::WithTest), self.name(&with.target));
        Clauses::new(head).all(self.equals(&with.value))
    }

    fn expect(self, expect: &Expect) -> Clauses {
        let fails = expect.fails.as_ref().map(|fails| {
            let code = fails.code.as_ref().map(|code| format!(" {}", code.text));
            format!("{}{}", self.say(K::Fails), code.unwrap_or_default())
        });
        Clauses::default()
            .all(self.behind(K::Expect, &expect.what))
            .maybe(fails)
    }
}
