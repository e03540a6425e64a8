//! The keywords, in every language of rule files, in one table.
//!
//! A keyword is a whole word; it is none after a dot or inside a data grid. The Chinese word is read as its English
//! words before the grammar sees the text, so there is one grammar. Two English phrases may be spelled alike where
//! their places differ; then the Chinese words may differ, and the formatter chooses by the entry.

mod builtin;
mod glued;
mod table;

pub use builtin::{builtin_field, builtin_function, builtin_name, builtin_weekday};
pub use glued::glued_keyword;
pub use table::Keyword;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::diagnostic::Language;

impl Keyword {
    /// Gives the spelling in one language.
    ///
    /// ```
    /// use guerdon_syntax::{Language, keyword::Keyword};
    /// assert_eq!(Keyword::AtMost.word(Language::En), "at most");
    /// assert_eq!(Keyword::AtMost.word(Language::Zh), "封顶");
    /// ```
    pub fn word(self, language: Language) -> &'static str {
        match language {
            Language::En => self.english(),
            Language::Zh => self.chinese().first().copied().unwrap_or(self.english()),
        }
    }
}

/// Gives the English words that a whole word of a language stands for, or nothing where it is no keyword.
///
/// ```
/// use guerdon_syntax::{Language, keyword::english_of};
/// assert_eq!(english_of("本年", Language::Zh), Some("this year"));
/// assert_eq!(english_of("quota", Language::En), None);
/// ```
pub fn english_of(word: &str, language: Language) -> Option<&'static str> {
    match language {
        Language::En => ENGLISH.get(word).copied(),
        Language::Zh => CHINESE.get(word).copied(),
    }
}

/// Tells whether an English word is part of any keyword.
pub fn is_english_keyword(word: &str) -> bool {
    ENGLISH_PARTS.contains(word)
}

static CHINESE: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for keyword in Keyword::ALL {
        words.extend(keyword.chinese().iter().map(|word| (*word, keyword.english())));
    }
    words
});

static ENGLISH: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    Keyword::ALL
        .iter()
        .map(|keyword| (keyword.english(), keyword.english()))
        .collect()
});

static ENGLISH_PARTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    Keyword::ALL
        .iter()
        .flat_map(|keyword| keyword.english().split(' '))
        .collect()
});

/// Tells whether an English word is reserved: it cannot be a bare name, only a field or a name in back-ticks.
///
/// ```
/// assert!(guerdon_syntax::keyword::is_reserved("from"));
/// assert!(!guerdon_syntax::keyword::is_reserved("month"));
/// ```
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// The reserved words. They are those of the rule `reserved` of the grammar, which a test compares.
pub const RESERVED: &[&str] = &[
    "against",
    "all",
    "allocate",
    "among",
    "and",
    "any",
    "apply",
    "as",
    "at",
    "average",
    "because",
    "below",
    "by",
    "count",
    "dated",
    "due",
    "else",
    "every",
    "first",
    "for",
    "from",
    "highest",
    "if",
    "in",
    "is",
    "last",
    "lowest",
    "missing",
    "no",
    "not",
    "of",
    "or",
    "otherwise",
    "over",
    "prior",
    "rank",
    "ref",
    "restarting",
    "stacked",
    "starting",
    "streak",
    "sum",
    "then",
    "through",
    "to",
    "up",
    "use",
    "when",
    "where",
    "yes",
    "above",
];

/// Says a word of the grammar, as `kw_by` names it, in a language; the English word where it is only part of phrases.
pub(crate) fn say(word: &'static str, language: Language) -> &'static str {
    let exact = Keyword::ALL.iter().find(|keyword| keyword.english() == word);
    let begins = |keyword: &&Keyword| keyword.english().split(' ').next() == Some(word);
    let found = exact.or_else(|| Keyword::ALL.iter().find(begins));
    found.map_or(word, |keyword| keyword.word(language))
}
