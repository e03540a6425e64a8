//! Characters: from the author's text to the one spelling that the grammar knows.
//!
//! Outside texts in quotes and comments, full-width forms become the plain ones, and the keywords of the file's
//! language become the English ones. Comments become blanks. Only [`Folded::span`] turns positions of the folded text
//! back into positions of the source.

mod characters;
mod comment;
mod map;
mod prologue;
pub(crate) mod words;

pub use comment::{Comment, CommentPlace};
pub use map::Folded;
pub use prologue::{FirstLines, Prologue, prologue};

use characters::{Fate, fate};

use crate::diagnostic::{Code, Diagnostic, Fix, Language, Sink};
use crate::span::{FileId, Span};
use crate::text;

/// Folds the text of a file in the given language.
///
/// Reports characters that are not allowed (E0003), currency signs (E0104), texts and names without their closing
/// quote (E0105, E0122), full stops (E0103) and signs that are not part of the language (E0106).
pub fn fold(file: FileId, source: &str, prologue: &Prologue, sink: &mut Sink) -> Folded {
    let mut folder = Folder {
        file,
        source,
        at: 0,
        out: Folded::new(file, source.len()),
        line: words::LineState::default(),
        language: prologue.language,
        sink,
    };
    folder.blank(prologue.end);
    while folder.step() {}
    folder.out.close(source.len());
    folder.out
}

/// Folds a stretch of a file by itself: one cell of a sheet.
pub(crate) fn fold_part(span: Span, source: &str, language: Language, sink: &mut Sink) -> Folded {
    let range = span.range();
    let mut folder = Folder {
        file: span.file,
        source: source.get(..range.end).unwrap_or(source),
        at: range.start,
        out: Folded::new(span.file, range.len()),
        line: words::LineState::default(),
        language,
        sink,
    };
    while folder.step() {}
    folder.out.close(range.end);
    folder.out
}

/// Carries the state of one pass over the text.
struct Folder<'a> {
    file: FileId,
    source: &'a str,
    at: usize,
    out: Folded,
    line: words::LineState,
    language: Language,
    sink: &'a mut Sink,
}

impl Folder<'_> {
    fn step(&mut self) -> bool {
        let Some(next) = self.rest().chars().next() else {
            return false;
        };
        match fate(next) {
            Fate::LineEnd => self.line_end(next),
            Fate::Comment => self.comment(),
            Fate::Quote => self.quoted(next),
            Fate::BackTick => self.back_ticked(),
            Fate::Word => self.word(),
            Fate::Keep => self.keep(next),
            Fate::Become(plain) => self.replace(next, plain),
            Fate::Currency => self.currency(next),
            Fate::FullStop => self.full_stop(next),
            Fate::Stray => self.stray(next),
            Fate::Forbidden => self.forbidden(next),
        }
        true
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn span(&self, bytes: usize) -> Span {
        Span::new(self.file, offset(self.at), offset(self.at.saturating_add(bytes)))
    }

    fn keep(&mut self, next: char) {
        self.out.keep(next, self.at);
        self.line.saw(next);
        self.at = self.at.saturating_add(next.len_utf8());
    }

    fn replace(&mut self, old: char, plain: &str) {
        self.out.replace(plain, self.at);
        plain.chars().for_each(|sign| self.line.saw(sign));
        self.at = self.at.saturating_add(old.len_utf8());
    }

    fn line_end(&mut self, next: char) {
        if self.line.is_empty() {
            self.out.blank_line(self.at);
        }
        self.line.end();
        self.keep(next);
    }

    /// Copies blanks over a stretch that has no meaning, the first lines of a file for example.
    fn blank(&mut self, end: usize) {
        while let Some(next) = self.rest().chars().next().filter(|_| self.at < end) {
            match next {
                '\n' => self.line_end(next),
                '#' | '＃' => self.comment(),
                _ => {
                    self.out.blanks(1, self.at);
                    self.line.saw(next);
                    self.at = self.at.saturating_add(next.len_utf8());
                }
            }
        }
    }

    fn comment(&mut self) {
        let line = self.rest().split('\n').next().unwrap_or("");
        let words = line.trim_end();
        let comment = Comment {
            text: words.trim_start_matches(['#', '＃']).trim().to_owned(),
            span: self.span(words.len()),
            is_trailing: !self.line.is_empty(),
            place: None,
        };
        let end = self.at.saturating_add(line.len());
        let bad: Vec<(usize, char)> = words
            .char_indices()
            .filter(|(_, sign)| characters::is_forbidden_in_text(*sign))
            .collect();
        for (at, sign) in bad {
            let place = self.at.saturating_add(at);
            self.report_forbidden(place, sign);
        }
        self.out.comments.push(comment);
        self.out.blanks(1, self.at);
        self.line.saw('#');
        self.at = end;
    }

    /// Copies a text in quotes; what stands inside cannot end it in the folded text.
    fn quoted(&mut self, open: char) {
        let start = self.at;
        self.out.replace("\"", start);
        self.line.saw('"');
        self.at = self.at.saturating_add(open.len_utf8());
        while let Some(next) = self.rest().chars().next().filter(|next| *next != '\n') {
            if characters::closes(open, next) {
                self.out.replace("\"", self.at);
                self.at = self.at.saturating_add(next.len_utf8());
                return;
            }
            self.inside(next);
        }
        self.unclosed_text(start);
    }

    fn inside(&mut self, next: char) {
        if characters::is_forbidden_in_text(next) {
            self.report_forbidden(self.at, next);
        }
        if next == '"' {
            self.out.replace("'", self.at);
        } else {
            self.out.keep(next, self.at);
        }
        self.at = self.at.saturating_add(next.len_utf8());
    }

    fn unclosed_text(&mut self, start: usize) {
        let written = self.source.get(start..self.at).unwrap_or("").trim_end();
        let span = Span::new(
            self.file,
            offset(start),
            offset(start.saturating_add(written.len())),
        );
        let close = if written.starts_with('"') { "\"" } else { "”" };
        self.out.replace("\"", self.at);
        self.fault(
            Diagnostic::error(
                Code::E0105,
                text!("this text has no closing quote", "这段文本缺少右引号"),
            )
            .primary(
                span,
                text!(
                    "begins here and runs to the end of the line",
                    "从这里开始，直到行末"
                ),
            )
            .fix(Fix::insert_after(text!("close it", "加上右引号"), span, close)),
        );
    }

    fn back_ticked(&mut self) {
        let line = self.rest().split('\n').next().unwrap_or("");
        let close = line
            .char_indices()
            .skip(1)
            .find(|(_, sign)| *sign == '`')
            .map(|(at, _)| at);
        let Some(close) = close.filter(|close| *close > 1) else {
            let span = self.span(1);
            self.out.blanks(1, self.at);
            self.at = self.at.saturating_add(1);
            return self.fault(
                Diagnostic::error(
                    Code::E0122,
                    text!("this back-tick has no partner", "反引号不配对"),
                )
                .primary(
                    span,
                    text!(
                        "a name in back-ticks ends with a back-tick",
                        "反引号内的名称须以反引号结束"
                    ),
                )
                .fix(Fix::replace(text!("leave it out", "删去"), span, "")),
            );
        };
        let end = self.at.saturating_add(close).saturating_add(1);
        while let Some(next) = self.rest().chars().next().filter(|_| self.at < end) {
            if characters::is_forbidden(next) {
                self.report_forbidden(self.at, next);
            }
            self.out.keep(next, self.at);
            self.line.saw('x');
            self.at = self.at.saturating_add(next.len_utf8());
        }
    }

    fn word(&mut self) {
        let word: String = self
            .rest()
            .chars()
            .take_while(|sign| characters::continues_word(*sign))
            .collect();
        let company = self.company(word.len());
        let spelling = if self.follows_number() {
            words::Spelling::Verbatim
        } else {
            self.line.spell(&word, self.language, company)
        };
        match spelling {
            words::Spelling::Verbatim => self.verbatim(&word),
            words::Spelling::Other(spelling) => {
                self.out.replace(&spelling, self.at);
                self.at = self.at.saturating_add(word.len());
            }
        }
        self.line.saw('x');
    }

    fn verbatim(&mut self, word: &str) {
        for next in word.chars() {
            match characters::plain(next) {
                Some(plain) => self.out.replace(plain.encode_utf8(&mut [0; 4]), self.at),
                None => self.out.keep(next, self.at),
            }
            self.at = self.at.saturating_add(next.len_utf8());
        }
    }

    /// Tells whether a digit stands directly before: `万元` of `120万元` is no word.
    fn follows_number(&self) -> bool {
        let before = self
            .source
            .get(..self.at)
            .and_then(|before| before.chars().next_back());
        before.is_some_and(characters::continues_word)
    }

    /// Looks at what else stands on the line of the word of this many bytes that begins here.
    fn company(&mut self, bytes: usize) -> words::Company {
        let rest = self.source.get(self.at..).unwrap_or("");
        let has_bar = self.line.has_bar_ahead(|| {
            let line = rest.split(['\n', '#', '＃']).next().unwrap_or("");
            line.contains(['|', '｜'])
        });
        let after = rest
            .get(bytes..)
            .unwrap_or("")
            .trim_start_matches([' ', '\t', '\r', '\u{3000}']);
        if has_bar {
            words::Company::Cells
        } else if after.is_empty() || after.starts_with(['\n', '#', '＃']) {
            words::Company::Nothing
        } else {
            words::Company::Words
        }
    }

    fn full_stop(&mut self, stop: char) {
        let after = self.rest().get(stop.len_utf8()..).unwrap_or("");
        let next = after.trim_start_matches([' ', '\t', '\r', '\u{3000}']);
        let is_last = next.is_empty() || next.starts_with(['\n', '#', '＃']);
        if !is_last {
            return self.stray(stop);
        }
        let span = self.span(stop.len_utf8());
        self.sink.push(
            Diagnostic::remark(
                Code::E0103,
                text!(
                    "the full stop at the end of this line is left out",
                    "行末的句号已略去"
                ),
            )
            .primary(span, text!("not needed", "不需要"))
            .fix(Fix::replace(text!("leave it out", "删去"), span, "")),
        );
        self.out.blanks(1, self.at);
        self.at = self.at.saturating_add(stop.len_utf8());
    }

    fn currency(&mut self, sign: char) {
        let span = self.span(sign.len_utf8());
        let codes = characters::codes_of(sign);
        let mut fault = Diagnostic::error(
            Code::E0104,
            text!("the sign \"{sign}\" does not say which currency is meant", "“{sign}”没有说明是哪种货币"),
        )
        .primary(span, text!("write the currency's code", "请写货币代码"))
        .note(text!(
            "The same sign is used for several currencies, so amounts carry a code: CNY 1,200.00 or 1,200.00元.",
            "同一符号用于多种货币，所以金额要写代码：CNY 1,200.00 或 1,200.00元。"
        ));
        for code in codes {
            let words = format!("{code} ");
            fault = fault.fix(Fix::replace(text!("it is {code}", "是 {code}"), span, words));
        }
        self.out.replace(
            codes
                .first()
                .map_or("CNY ", |code| if *code == "CNY" { "CNY " } else { "USD " }),
            self.at,
        );
        self.at = self.at.saturating_add(sign.len_utf8());
        self.fault(fault);
    }

    fn stray(&mut self, sign: char) {
        let span = self.span(sign.len_utf8());
        let mut fault = Diagnostic::error(
            Code::E0106,
            text!(
                "\"{sign}\" is not a sign of this language",
                "“{sign}”不是本语言的符号"
            ),
        )
        .primary(span, text!("cannot be read", "无法读取"));
        if let Some(meant) = characters::meant_by(sign) {
            fault = fault.fix(Fix::replace(text!("write {meant}", "写作 {meant}"), span, meant));
        }
        self.out.blanks(1, self.at);
        self.line.saw('x');
        self.at = self.at.saturating_add(sign.len_utf8());
        self.fault(fault);
    }

    fn forbidden(&mut self, sign: char) {
        self.report_forbidden(self.at, sign);
        self.out.blanks(1, self.at);
        self.at = self.at.saturating_add(sign.len_utf8());
    }

    fn report_forbidden(&mut self, place: usize, sign: char) {
        let span = Span::new(
            self.file,
            offset(place),
            offset(place.saturating_add(sign.len_utf8())),
        );
        let number = format!("U+{:04X}", u32::from(sign));
        self.fault(
            Diagnostic::error(
                Code::E0003,
                text!("the character {number} is not allowed here", "此处不允许字符 {number}"),
            )
            .primary(span, text!("cannot be seen, or changes what is seen", "看不见，或会改变显示"))
            .note(text!(
                "A reader must see the rule that is run. In a text in quotes it can be written \\u{{{code:X}}}.",
                "读者看到的必须就是所执行的规则。引号内的文本可写作 \\u{{{code:X}}}。",
                code = u32::from(sign)
            ))
            .fix(Fix::replace(text!("leave it out", "删去"), span, "")),
        );
    }

    /// Reports a fault and remembers its place, so that the line is not reported a second time.
    fn fault(&mut self, fault: Diagnostic) {
        let here = self.out.text.len().saturating_sub(1);
        self.out.faults.push(here);
        self.sink.push(fault);
    }
}

/// Tells whether a character is forbidden even inside texts, so that it has to be written as its number.
pub(crate) fn is_hidden(sign: char) -> bool {
    characters::is_forbidden_in_text(sign) || sign == '\n' || sign == '\r'
}

/// Narrows an offset; the size limit of source files makes it fit.
pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
