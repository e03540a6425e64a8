//! The formatter: one canonical layout, in either language of keywords.
//!
//! Comments and blank lines are kept. What is printed is read again and compared before it is given out.

mod comments;
mod data;
mod expr;
mod goal;
mod layout;
mod names;
mod plan;
mod shared;
mod supervision;
mod table;
mod testing;

use crate::ast::{File, Item, is_same};
use crate::diagnostic::{Diagnostic, Language, Sink};
use crate::parse::parse;
use crate::source::SourceMap;

use layout::Layout;
use names::Words;

/// Says why a file is not formatted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FormatError {
    /// The file has errors, which are listed; only a whole tree can be printed.
    #[error("the file has errors")]
    Faulty(Vec<Diagnostic>),
    /// The printed text would not say the same. This is a fault of the formatter; the file is left as it is.
    #[error("the formatted text would not say the same")]
    Unfaithful,
}

/// Prints a file in its canonical layout, with the keywords of a language.
///
/// Names, texts and literals stay as they are. A comment inside a statement stays at its line end if there is one,
/// and else goes behind or above the line it now stands in.
///
/// # Errors
/// [`FormatError::Faulty`] when the tree lacks what could not be read; [`FormatError::Unfaithful`] when the result,
/// read again, is another tree.
///
/// ```
/// use guerdon_syntax::{Language, Sink, SourceMap, format::format, parse};
/// let mut sources = SourceMap::default();
/// let file = sources.add("floor", b"const  floor_pay=CNY 5,000   from 2026-01-01").unwrap();
/// let tree = parse(&sources, file, &mut Sink::default());
/// assert_eq!(format(&tree, Language::En).unwrap(), "const floor_pay = CNY 5,000 from 2026-01-01\n");
/// assert_eq!(format(&tree, Language::Zh).unwrap(), "语言 中文\n\n常量 floor_pay = CNY 5,000 自 2026-01-01\n");
/// ```
pub fn format(file: &File, language: Language) -> Result<String, FormatError> {
    if !file.broken.is_empty() {
        return Err(FormatError::Faulty(Vec::new()));
    }
    let printed = print(file, language);
    let mut sources = SourceMap::default();
    let Ok(again) = sources.add("formatted", printed.as_bytes()) else {
        return Err(FormatError::Unfaithful);
    };
    let mut sink = Sink::default();
    let tree = parse(&sources, again, &mut sink);
    let is_faithful = !sink.has_errors()
        && is_same(file, &tree)
        && tree.language == language
        && comment_texts(&tree) == comment_texts(file);
    is_faithful.then_some(printed).ok_or(FormatError::Unfaithful)
}

/// Reads a text and prints it in its canonical layout: in the language it is written in, or in another.
///
/// # Errors
/// Those of [`format`]; [`FormatError::Faulty`] lists the errors.
pub fn format_source(name: &str, text: &str, language: Option<Language>) -> Result<String, FormatError> {
    let mut sources = SourceMap::default();
    let file = sources
        .add(name, text.as_bytes())
        .map_err(|fault| FormatError::Faulty(vec![*fault]))?;
    let mut sink = Sink::default();
    let tree = parse(&sources, file, &mut sink);
    if sink.has_errors() {
        return Err(FormatError::Faulty(sink.finish()));
    }
    format(&tree, language.unwrap_or(tree.language))
}

fn comment_texts(file: &File) -> Vec<&str> {
    let mut texts: Vec<&str> = file
        .comments
        .iter()
        .map(|comment| comment.text.as_str())
        .collect();
    texts.sort_unstable();
    texts
}

fn print(file: &File, language: Language) -> String {
    let mut printer = Printer {
        words: Words { language },
        layout: Layout::new(file, language),
    };
    printer.prologue(file, language);
    for item in &file.items {
        printer.item(item);
    }
    printer.layout.finish()
}

/// Prints the tree, item by item, in source order.
struct Printer<'a> {
    words: Words,
    layout: Layout<'a>,
}

impl Printer<'_> {
    fn prologue(&mut self, file: &File, language: Language) {
        let version = file
            .is_version_written
            .then(|| format!("guerdon {}", file.version));
        let language = match language {
            Language::En => None,
            Language::Zh => Some("语言 中文".to_owned()),
        };
        let first_item = file.items.first().map_or(u32::MAX, |item| item.span().start);
        let lines = [
            (file.first_lines.version, version),
            (file.first_lines.language, language),
        ];
        self.layout.first_lines(lines, first_item);
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Use(item) => self.use_line(item),
            Item::Enum(item) => self.enum_line(item),
            Item::Data(item) => self.data(item),
            Item::Const(item) => self.const_line(item),
            Item::Source(item) => self.source(item),
            Item::Calendar(item) => self.calendar(item),
            Item::Holidays(item) => self.holidays(item),
            Item::Rates(item) => self.rates(item),
            Item::Tiers(item) => self.tiers(item),
            Item::Table(item) => self.table(item),
            Item::Matrix(item) => self.matrix(item),
            Item::Plan(item) => self.plan(item),
            Item::Contest(item) => self.contest(item),
            Item::Award(item) => self.award(item),
            Item::Target(item) => self.target(item),
            Item::Warning(item) => self.warning(item),
            Item::Scorecard(item) => self.scorecard(item),
            Item::Test(item) => self.test(item),
        }
    }
}

#[cfg(test)]
mod tests;
