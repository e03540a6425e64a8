//! Keywords that were written without a space before the name that follows: `如果业绩`.

use super::Keyword;
use crate::diagnostic::Language;

/// Finds a keyword of at least two characters that a name begins or ends with, and the name that is left.
///
/// Chinese has no spaces, so `如果业绩` is one name; the author meant `如果 业绩`. The first of the pair is what comes
/// first in the text. English words are never taken apart.
///
/// ```
/// use guerdon_syntax::{Language, keyword::glued_keyword};
/// assert_eq!(glued_keyword("如果业绩", Language::Zh), Some(("如果", "业绩")));
/// assert_eq!(glued_keyword("业绩封顶", Language::Zh), Some(("业绩", "封顶")));
/// assert_eq!(glued_keyword("业绩", Language::Zh), None);
/// assert_eq!(glued_keyword("ifsales", Language::En), None);
/// ```
pub fn glued_keyword(name: &str, language: Language) -> Option<(&str, &str)> {
    match language {
        Language::En => None,
        Language::Zh => in_front(name).or_else(|| behind(name)),
    }
}

fn in_front(name: &str) -> Option<(&str, &str)> {
    let longest = words()
        .filter(|word| is_part(name, word) && name.starts_with(word))
        .max_by_key(|word| word.len())?;
    name.split_at_checked(longest.len())
}

fn behind(name: &str) -> Option<(&str, &str)> {
    let longest = words()
        .filter(|word| is_part(name, word) && name.ends_with(word))
        .max_by_key(|word| word.len())?;
    name.split_at_checked(name.len().saturating_sub(longest.len()))
}

fn is_part(name: &str, word: &str) -> bool {
    word.len() < name.len() && word.chars().count() >= 2
}

fn words() -> impl Iterator<Item = &'static str> {
    Keyword::ALL
        .iter()
        .flat_map(|keyword| keyword.chinese().iter().copied())
}
