//! Sentences in both languages of the project.

/// Names a human language that rule files and messages may be written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese, simplified (中文).
    Zh,
}

/// Holds one sentence in both languages, so that no message can lack a translation.
///
/// Made with [`text!`](crate::text).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    /// The English sentence.
    pub en: String,
    /// The Chinese sentence.
    pub zh: String,
}

impl Text {
    /// Gives the sentence in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// Makes a text that reads the same in both languages: source excerpts, names, numbers.
    pub fn same(words: impl Into<String>) -> Text {
        let en = words.into();
        Text { zh: en.clone(), en }
    }

    /// Tells whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }
}

/// Says how many there are of a thing, in English: "1 cell", "2 cells".
///
/// ```
/// assert_eq!(guerdon_syntax::plural(1, "cell"), "1 cell");
/// assert_eq!(guerdon_syntax::plural(0, "cell"), "0 cells");
/// ```
#[must_use]
pub fn plural(count: usize, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}")
}

/// Writes a sentence in English and in Chinese.
///
/// Values are captured by name, as in `format!`, or bound after the two sentences. Values after a semicolon are
/// themselves [`Text`]s, each shown in the language of its sentence.
///
/// ```
/// use guerdon_syntax::{Text, text};
/// let name = "ramp";
/// let kind = text!("money", "金额");
/// let said = text!("\"{name}\" has {n} rows of {kind}", "“{name}”有 {n} 行{kind}", n = 1 + 2; kind);
/// assert_eq!(said.en, "\"ramp\" has 3 rows of money");
/// assert_eq!(said.zh, "“ramp”有 3 行金额");
/// ```
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(, $name:ident = $value:expr)* $(,)? $(; $($both:ident),+ $(,)?)?) => {{
        $(let $name = &$value;)*
        $crate::Text {
            en: { $($(let $both = $both.get($crate::Language::En);)+)? ::std::format!($en) },
            zh: { $($(let $both = $both.get($crate::Language::Zh);)+)? ::std::format!($zh) },
        }
    }};
}
