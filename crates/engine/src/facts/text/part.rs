//! Stretches of one file, read side by side and put one behind another.

use super::super::draft::{Draft, Shared};
use super::super::problems::ProblemList;
use super::{Reader, renumber};
use crate::error::Error;

/// Loads a stretch of a file's records apart from what comes before it.
///
/// What is wrong with its records is numbered from the stretch's own beginning until it is put behind the rest.
pub struct TextPart<'p> {
    shared: Shared<'p>,
    draft: Draft,
    reader: Reader,
    failure: Option<Error>,
}

impl<'p> TextPart<'p> {
    pub(super) fn of(
        shared: &Shared<'p>,
        draft: &Draft,
        reader: &Reader,
    ) -> Result<Option<TextPart<'p>>, Error> {
        if reader.broken.is_some() {
            return Ok(None);
        }
        Ok(Some(TextPart {
            shared: Shared {
                program: shared.program,
                problems: ProblemList::new(shared.limits.problems),
                limits: shared.limits.clone(),
                other_cells: shared.other_cells,
                other_bytes: shared.other_bytes,
                known_as_of: shared.known_as_of,
            },
            draft: draft.emptied(shared.program)?,
            reader: Reader {
                records: 0,
                ..reader.clone()
            },
            failure: None,
        }))
    }

    /// Takes in one record, as [`TextLoader::push_with`](super::TextLoader::push_with) does.
    ///
    /// # Errors
    ///
    /// A limit that was passed, or [`Error::Cancelled`].
    pub fn push_with<'c>(
        &mut self,
        count: usize,
        cell: impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        let pushed = self.reader.push(&mut self.shared, &mut self.draft, count, &cell);
        self.noted(pushed)
    }

    /// Takes in one record of which the reader cannot say where its cells end.
    ///
    /// # Errors
    ///
    /// A limit that was passed, or [`Error::Cancelled`].
    pub fn push_damaged<'c>(
        &mut self,
        count: usize,
        cell: impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        let pushed = self
            .reader
            .push_damaged(&mut self.shared, &mut self.draft, count, &cell);
        self.noted(pushed)
    }

    pub(super) fn append_to(
        self,
        shared: &mut Shared<'_>,
        draft: &mut Draft,
        reader: &mut Reader,
    ) -> Result<(), Error> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let before = reader.records;
        let places = shared.problems.append(self.shared.problems, before);
        if self.draft.numbers.is_some() {
            renumber(draft)?;
        }
        draft.append(self.draft, &places, before)?;
        reader.records = before.saturating_add(self.reader.records);
        draft.check_limits(shared)
    }

    fn noted(&mut self, pushed: Result<(), Error>) -> Result<(), Error> {
        if let Err(error) = &pushed {
            self.failure.get_or_insert(error.clone());
        }
        pushed
    }
}
