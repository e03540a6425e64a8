//! Which records of a file are kept.

use guerdon_plan::hir::SourceFilter;

/// Decides from the raw cells of a record whether it is kept.
#[derive(Clone)]
pub(super) enum Test {
    OneOf {
        position: usize,
        texts: Vec<Box<[u8]>>,
        negated: bool,
    },
    Empty {
        position: usize,
        negated: bool,
    },
    All(Vec<Test>),
    Any(Vec<Test>),
}

impl Test {
    /// Prepares a filter, or gives the heading that it names and the file does not have.
    pub(super) fn new(
        filter: &SourceFilter,
        position_of: &impl Fn(&str) -> Option<usize>,
    ) -> Result<Test, String> {
        let position = |column: &String| position_of(column).ok_or_else(|| column.clone());
        Ok(match filter {
            SourceFilter::OneOf {
                column,
                texts,
                negated,
            } => Test::OneOf {
                position: position(column)?,
                texts: texts.iter().map(|text| Box::from(text.as_bytes())).collect(),
                negated: *negated,
            },
            SourceFilter::Empty { column, negated } => Test::Empty {
                position: position(column)?,
                negated: *negated,
            },
            SourceFilter::All(parts) => Test::All(all(parts, position_of)?),
            SourceFilter::Any(parts) => Test::Any(all(parts, position_of)?),
        })
    }

    pub(super) fn keeps<'c>(&self, cell: &impl Fn(usize) -> Option<&'c [u8]>) -> bool {
        let text = |position: &usize| cell(*position).unwrap_or(b"").trim_ascii();
        match self {
            Test::OneOf {
                position,
                texts,
                negated,
            } => {
                let text = text(position);
                texts.iter().any(|wanted| **wanted == *text) != *negated
            }
            Test::Empty { position, negated } => text(position).is_empty() != *negated,
            Test::All(parts) => parts.iter().all(|part| part.keeps(cell)),
            Test::Any(parts) => parts.iter().any(|part| part.keeps(cell)),
        }
    }
}

fn all(parts: &[SourceFilter], position_of: &impl Fn(&str) -> Option<usize>) -> Result<Vec<Test>, String> {
    parts.iter().map(|part| Test::new(part, position_of)).collect()
}
