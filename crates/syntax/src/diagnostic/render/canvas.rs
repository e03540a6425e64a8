//! Text with or without terminal colours, and the visible form of what users wrote.

use unicode_width::UnicodeWidthChar;

use super::Colour;

/// Says what a piece of printed text is, and so how it is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    Strong,
    Error,
    Warning,
    Note,
    Gutter,
    Secondary,
    Help,
}

/// Gathers printed lines; blanks at line ends are dropped.
pub(super) struct Canvas {
    lines: String,
    line: Vec<(Paint, String)>,
    colour: Colour,
}

impl Canvas {
    pub(super) fn new(colour: Colour) -> Canvas {
        Canvas {
            lines: String::new(),
            line: Vec::new(),
            colour,
        }
    }

    /// Appends a piece to the current line.
    pub(super) fn paint(&mut self, paint: Paint, words: &str) {
        match self.line.last_mut() {
            Some((last, written)) if *last == paint => written.push_str(words),
            Some(_) | None => self.line.push((paint, words.to_owned())),
        }
    }

    /// Closes the current line.
    pub(super) fn end_line(&mut self) {
        let mut pieces = std::mem::take(&mut self.line);
        while let Some((_, last)) = pieces.last_mut() {
            last.truncate(last.trim_end().len());
            if !last.is_empty() {
                break;
            }
            pieces.pop();
        }
        for (paint, words) in pieces {
            self.lines.push_str(&coloured(paint, &words, self.colour));
        }
        self.lines.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.lines
    }
}

/// Makes text safe to print: control, direction and invisible characters become visible, tabs become blanks.
///
/// Rule files and data may come from anyone; a terminal must not obey escape sequences in them, and a reviewer must
/// see what is there.
///
/// ```
/// assert_eq!(guerdon_syntax::visible("A\u{1b}[31mnn\u{202e}"), "A<U+001B>[31mnn<U+202E>");
/// ```
pub fn visible(words: &str) -> String {
    words.chars().map(visible_sign).collect()
}

/// Counts the columns that the visible form of a text takes on a terminal.
pub(super) fn width(words: &str) -> usize {
    words.chars().map(sign_width).fold(0, usize::saturating_add)
}

fn coloured(paint: Paint, words: &str, colour: Colour) -> String {
    match (colour, escape(paint)) {
        (Colour::Plain, _) | (Colour::Ansi, None) => words.to_owned(),
        (Colour::Ansi, Some(start)) => format!("\u{1b}[{start}m{words}\u{1b}[0m"),
    }
}

fn escape(paint: Paint) -> Option<&'static str> {
    match paint {
        Paint::Plain => None,
        Paint::Strong => Some("1"),
        Paint::Error => Some("1;31"),
        Paint::Warning => Some("1;33"),
        Paint::Note => Some("1;36"),
        Paint::Gutter | Paint::Secondary => Some("34"),
        Paint::Help => Some("1;32"),
    }
}

fn visible_sign(sign: char) -> String {
    match sign {
        '\t' => "    ".to_owned(),
        sign if is_hidden(sign) => format!("<U+{:04X}>", u32::from(sign)),
        sign => sign.to_string(),
    }
}

fn sign_width(sign: char) -> usize {
    match sign {
        '\t' => 4,
        sign if is_hidden(sign) => visible_sign(sign).len(),
        sign => sign.width().unwrap_or(0),
    }
}

/// Tells the characters that show nothing or turn the direction of text.
fn is_hidden(sign: char) -> bool {
    let is_format = matches!(
        sign,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    );
    sign.is_control() || is_format
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_hidden_characters_are_shown_not_obeyed() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}c\td"), "a<U+001B>[2Jb<U+202E>c    d");
        assert_eq!(width("a\u{1b}[2Jb\u{202e}c\td"), 27);
    }

    #[test]
    fn chinese_characters_take_two_columns() {
        assert_eq!(width("如果业绩 > 1"), 12);
    }
}
