//! Words: keywords, names and texts in the language that is printed.

use unicode_ident::{is_xid_continue, is_xid_start};

use crate::ast::{Name, Quoted, Unit, UnitKind};
use crate::diagnostic::Language;
use crate::keyword::{Keyword, english_of, is_reserved};

/// Spells words in one language.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// The language.
    pub(super) language: Language,
}

impl Words {
    /// Spells a keyword.
    pub(super) fn say(self, keyword: Keyword) -> &'static str {
        keyword.word(self.language)
    }

    /// Spells a bare name; in back-ticks where it would be read as a keyword.
    pub(super) fn name(self, name: &Name) -> String {
        let english = match self.language {
            Language::En => Some(name.text.as_str()),
            Language::Zh => english_of(&name.text, Language::Zh),
        };
        let is_taken = english.is_some_and(|word| is_reserved(word) || word == "period" || !is_word(word));
        ticked(&name.text, is_taken)
    }

    /// Spells a name where any word may stand: a field in its block, an alias, a column.
    pub(super) fn word(self, name: &Name) -> String {
        let english = match self.language {
            Language::En => None,
            Language::Zh => english_of(&name.text, Language::Zh),
        };
        ticked(&name.text, english.is_some_and(|word| !is_word(word)))
    }

    /// Spells a word of a data grid, where only yes and no are keywords.
    pub(super) fn grid_word(self, name: &Name) -> String {
        let taken: [&str; 2] = match self.language {
            Language::En => ["yes", "no"],
            Language::Zh => ["是", "否"],
        };
        ticked(&name.text, taken.contains(&name.text.as_str()))
    }

    /// Spells a field behind a dot.
    pub(super) fn field(self, name: &Name) -> String {
        ticked(&name.text, false)
    }

    /// Spells a text in quotes.
    pub(super) fn quoted(self, text: &Quoted) -> String {
        self.text(&text.value)
    }

    /// Puts a text into quotes.
    pub(super) fn text(self, value: &str) -> String {
        let curls = value.contains(['“', '”']);
        let (open, close) = match self.language {
            Language::En if value.contains('"') && !curls => ('“', '”'),
            Language::En => ('"', '"'),
            Language::Zh if curls => ('"', '"'),
            Language::Zh => ('“', '”'),
        };
        let mut out = String::from(open);
        let mut rest = value.chars().peekable();
        while let Some(sign) = rest.next() {
            let begins_escape = sign == '\\' && rest.peek() == Some(&'u');
            if sign == close || begins_escape || crate::fold::is_hidden(sign) {
                out.push_str(&format!("\\u{{{:X}}}", u32::from(sign)));
            } else {
                out.push(sign);
            }
        }
        out.push(close);
        out
    }

    /// Spells a unit after a number or by itself.
    pub(super) fn unit(self, unit: Unit) -> &'static str {
        self.say(match unit.kind {
            UnitKind::Day => Keyword::Day,
            UnitKind::Week => Keyword::Week,
            UnitKind::Month => Keyword::Month,
            UnitKind::Quarter => Keyword::Quarter,
            UnitKind::Year => Keyword::Year,
            UnitKind::Period => Keyword::PeriodUnit,
        })
    }

    /// Spells a number of units: `1 month`, `3 months`, `3 月`.
    pub(super) fn units(self, count: &str, unit: Unit) -> String {
        let word = self.unit(unit);
        let plural = if self.language == Language::En && count != "1" {
            "s"
        } else {
            ""
        };
        format!("{count} {word}{plural}")
    }

    /// Spells a number of periods.
    pub(super) fn periods(self, count: &str) -> String {
        let word = self.say(Keyword::PeriodUnit);
        let plural = if self.language == Language::En && count != "1" {
            "s"
        } else {
            ""
        };
        format!("{count} {word}{plural}")
    }
}

fn ticked(text: &str, is_taken: bool) -> String {
    if is_taken || !is_word(text) {
        return format!("`{text}`");
    }
    text.to_owned()
}

fn is_word(text: &str) -> bool {
    let mut signs = text.chars();
    let begins = signs
        .next()
        .is_some_and(|first| is_xid_start(first) || first == '_');
    begins && signs.all(is_xid_continue)
}
