//! Records from the text of files, straight from bytes into columns.

mod bind;
mod filter;
mod part;

use std::borrow::Cow;
use std::sync::Arc;

use guerdon_plan::hir::NumberMarks;
use guerdon_plan::types::FieldId;

use super::draft::{Draft, Shared, Taken};
use super::faults::{Fault, row_reads};
use super::interner::hash_bytes;
use crate::error::Error;

use filter::Test;
pub use part::TextPart;

/// Loads the records of one table from the text of their cells.
///
/// Dropping the loader ends the table. Cells are bytes, so that text in another encoding is a problem of its cell and
/// not of the whole file.
///
/// # Examples
///
/// ```
/// use guerdon::facts::Facts;
/// use guerdon_plan::hir::Program;
/// use guerdon_plan::types::TableId;
///
/// let program = Program::default();
/// let mut builder = Facts::builder(&program);
/// let mut loader = builder.text_table(TableId(0), &["id", "amount"], Some("Deal.csv"));
/// loader.push(&[b"D1", b"CNY 1,200.00"])?;
/// # Ok::<(), guerdon::error::Error>(())
/// ```
pub struct TextLoader<'b, 'p> {
    target: Option<Target<'b, 'p>>,
}

struct Target<'b, 'p> {
    shared: &'b mut Shared<'p>,
    draft: &'b mut Draft,
    failure: &'b mut Option<Error>,
    reader: Reader,
}

/// How the records of a file are read, and how many were.
#[derive(Clone)]
struct Reader {
    columns: Vec<Bound>,
    /// The columns that no field receives; they still tell records apart.
    others: Vec<usize>,
    filter: Option<Test>,
    /// The problem that spoils every record, where the key or the filter cannot be read.
    broken: Option<u32>,
    width: usize,
    records: usize,
}

/// One column of the file and the field that receives it.
#[derive(Clone)]
struct Bound {
    from: TextFrom,
    field: FieldId,
    renames: Vec<Rename>,
    empty: Option<Box<[u8]>>,
    marks: Option<NumberMarks>,
    month: Option<String>,
}

/// Where the text of a field comes from.
#[derive(Clone)]
enum TextFrom {
    Column(usize),
    Fixed(Box<[u8]>),
    RowNumber,
}

/// A text of the file and what stands for it.
type Rename = (Box<[u8]>, Box<[u8]>);

impl<'b, 'p> TextLoader<'b, 'p> {
    pub(super) fn idle() -> TextLoader<'b, 'p> {
        TextLoader { target: None }
    }

    pub(super) fn new(
        shared: &'b mut Shared<'p>,
        draft: &'b mut Draft,
        failure: &'b mut Option<Error>,
        headings: &[&str],
        file: Option<&str>,
    ) -> TextLoader<'b, 'p> {
        draft.is_given = true;
        draft.file = file.map(Arc::from);
        match bind::bind(shared, draft, headings) {
            Ok(bound) => TextLoader {
                target: Some(Target {
                    shared,
                    draft,
                    failure,
                    reader: Reader {
                        others: others(headings.len(), &bound.columns),
                        columns: bound.columns,
                        filter: bound.filter,
                        broken: bound.broken,
                        width: headings.len(),
                        records: 0,
                    },
                }),
            },
            Err(error) => {
                failure.get_or_insert(error);
                TextLoader::idle()
            }
        }
    }

    /// Takes in one record, with its cells in the order of the headings.
    ///
    /// # Errors
    ///
    /// A limit that was passed, or [`Error::Cancelled`].
    pub fn push(&mut self, cells: &[&[u8]]) -> Result<(), Error> {
        self.push_with(cells.len(), |position| cells.get(position).copied())
    }

    /// Takes in one record whose cells are fetched by position, for readers that keep records in a form of their own.
    ///
    /// # Errors
    ///
    /// A limit that was passed, or [`Error::Cancelled`].
    pub fn push_with<'c>(
        &mut self,
        count: usize,
        cell: impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        self.with_target(|target| target.reader.push(target.shared, target.draft, count, &cell))
    }

    /// Takes in one record of which the reader cannot say where its cells end, such as one with something behind a
    /// closing quotation mark. It is an error as a whole.
    ///
    /// # Errors
    ///
    /// A limit that was passed, or [`Error::Cancelled`].
    pub fn push_damaged<'c>(
        &mut self,
        count: usize,
        cell: impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        self.with_target(|target| {
            target
                .reader
                .push_damaged(target.shared, target.draft, count, &cell)
        })
    }

    /// Begins a stretch of the same file that another thread reads while this loader goes on.
    ///
    /// [`TextLoader::append`] puts its records behind those that are in by then, as if they had been pushed here. There
    /// is none where the headings are at fault, since then no record is read.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    pub fn part(&self) -> Result<Option<TextPart<'p>>, Error> {
        let Some(target) = &self.target else {
            return Ok(None);
        };
        // A stretch does not know how many records come before it.
        if target
            .reader
            .columns
            .iter()
            .any(|bound| matches!(bound.from, TextFrom::RowNumber))
        {
            return Ok(None);
        }
        TextPart::of(target.shared, target.draft, &target.reader)
    }

    /// Puts the records of a stretch behind those that are in.
    ///
    /// # Errors
    ///
    /// What stopped the stretch; a limit that both together pass; [`Error::OutOfMemory`].
    pub fn append(&mut self, part: TextPart<'p>) -> Result<(), Error> {
        self.with_target(|target| part.append_to(target.shared, target.draft, &mut target.reader))
    }

    fn with_target(
        &mut self,
        push: impl FnOnce(&mut Target<'b, 'p>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(target) = &mut self.target else {
            return Ok(());
        };
        let pushed = push(target);
        if let Err(error) = &pushed {
            target.failure.get_or_insert(error.clone());
        }
        pushed
    }
}

impl Reader {
    fn push<'c>(
        &mut self,
        shared: &mut Shared<'_>,
        draft: &mut Draft,
        count: usize,
        cell: &impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        let number = self.records;
        self.records = number.saturating_add(1);
        if count != self.width {
            let fault = Fault::Uneven {
                expected: self.width,
                found: count,
            };
            return self.spoil_faulty(shared, draft, fault, number, count, cell);
        }
        if let Some(problem) = self.broken {
            return self.spoil(shared, draft, problem, number, count, cell);
        }
        if self.filter.as_ref().is_some_and(|filter| !filter.keeps(cell)) {
            renumber(draft)?;
            return Ok(());
        }
        let mut raw = self
            .others
            .iter()
            .filter_map(|position| cell(*position))
            .fold(0, hash_bytes);
        for bound in &self.columns {
            let text = bound.read(cell, number);
            if draft.push_text(shared, bound.field, &text, number)? == Taken::Faulty {
                raw = hash_bytes(raw, &text);
            }
        }
        keep(draft, number, raw);
        draft.end_row(shared, number)
    }

    fn push_damaged<'c>(
        &mut self,
        shared: &mut Shared<'_>,
        draft: &mut Draft,
        count: usize,
        cell: &impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        let number = self.records;
        self.records = number.saturating_add(1);
        self.spoil_faulty(shared, draft, Fault::Damaged, number, count, cell)
    }

    fn spoil_faulty<'c>(
        &self,
        shared: &mut Shared<'_>,
        draft: &mut Draft,
        fault: Fault,
        number: usize,
        count: usize,
        cell: &impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        let problem = draft
            .row_problem(fault, "", "", number)
            .detailed(row_reads((0..count).filter_map(cell)));
        let problem = shared.problems.add(problem);
        self.spoil(shared, draft, problem, number, count, cell)
    }

    fn spoil<'c>(
        &self,
        shared: &mut Shared<'_>,
        draft: &mut Draft,
        problem: u32,
        number: usize,
        count: usize,
        cell: &impl Fn(usize) -> Option<&'c [u8]>,
    ) -> Result<(), Error> {
        keep(draft, number, (0..count).filter_map(cell).fold(0, hash_bytes));
        draft.spoil_row(shared, problem)
    }
}

impl Bound {
    /// Gives the text of the field in a record.
    fn read<'r, 'c: 'r>(&'r self, cell: &impl Fn(usize) -> Option<&'c [u8]>, number: usize) -> Cow<'r, [u8]> {
        let text = match &self.from {
            TextFrom::Column(position) => self.replaced(cell(*position).unwrap_or(b"")),
            TextFrom::Fixed(text) => return Cow::Borrowed(text),
            TextFrom::RowNumber => {
                return Cow::Owned(number.saturating_add(1).to_string().into_bytes());
            }
        };
        match (&self.marks, &self.month) {
            (None, None) => Cow::Borrowed(text),
            (Some(marks), _) => rewritten(text, |text| marks.read(text)),
            (None, Some(form)) => rewritten(text, |text| month(form, text)),
        }
    }

    /// Gives the text that stands for a cell of the file.
    fn replaced<'r>(&'r self, cell: &'r [u8]) -> &'r [u8] {
        if self.renames.is_empty() && self.empty.is_none() {
            return cell;
        }
        let cell = cell.trim_ascii();
        let renamed = self
            .renames
            .iter()
            .find(|(from, _)| **from == *cell)
            .map_or(cell, |(_, to)| to);
        match &self.empty {
            Some(text) if renamed.trim_ascii().is_empty() => text,
            Some(_) | None => renamed,
        }
    }
}

/// Rewrites a cell; one that is not written as its source says stays an error, and says so.
fn rewritten<'c>(cell: &'c [u8], rewrite: impl Fn(&str) -> Option<String>) -> Cow<'c, [u8]> {
    let text = std::str::from_utf8(cell).map(str::trim);
    match text {
        Ok(text) if text.chars().any(|one| one.is_ascii_digit()) => match rewrite(text) {
            Some(text) => Cow::Owned(text.into_bytes()),
            None => Cow::Owned(format!("{text}?").into_bytes()),
        },
        Ok(_) | Err(_) => Cow::Borrowed(cell),
    }
}

/// Reads a month by a form such as `MM/YYYY`.
fn month(form: &str, text: &str) -> Option<String> {
    if form.chars().count() != text.chars().count() {
        return None;
    }
    let (mut year, mut month) = (String::new(), String::new());
    for (form, character) in form.chars().zip(text.chars()) {
        match form {
            'Y' => year.push(character),
            'M' => month.push(character),
            _ if form == character => {}
            _ => return None,
        }
    }
    Some(format!("{year}-{month}"))
}

/// Lists the columns of a file that no field receives.
fn others(width: usize, columns: &[Bound]) -> Vec<usize> {
    (0..width)
        .filter(|position| {
            let is_of = |bound: &Bound| matches!(bound.from, TextFrom::Column(of) if of == *position);
            !columns.iter().any(is_of)
        })
        .collect()
}

/// Notes what identifies the raw record beside its values: its number, and a hash of what became no value.
fn keep(draft: &mut Draft, number: usize, raw: u64) {
    draft.raw.push(raw);
    if let Some(numbers) = &mut draft.numbers {
        numbers.push(u32::try_from(number).unwrap_or(u32::MAX));
    }
}

/// Begins to count records of the input apart from rows, since a filter drops some.
fn renumber(draft: &mut Draft) -> Result<(), Error> {
    if draft.numbers.is_none() {
        let mut numbers = Vec::new();
        crate::limits::reserve(&mut numbers, draft.rows)?;
        numbers.extend((0..draft.rows).map(|row| u32::try_from(row).unwrap_or(u32::MAX)));
        draft.numbers = Some(numbers);
    }
    Ok(())
}
