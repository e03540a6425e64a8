//! Keywords written together with a name.

use guerdon_syntax::keyword::{english_of, glued_keyword};
use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::Checker;
use super::env::Env;

impl Checker<'_> {
    /// Makes the message for a name that begins or ends with a keyword.
    pub(super) fn glued(&self, env: &Env, name: &ast::Name) -> Option<Diagnostic> {
        let written = &name.text;
        let (front, back) = glued_keyword(written, self.sources.language(env.file))?;
        let length = u32::try_from(front.len()).ok()?;
        let gap = Span::at(name.span.file, name.span.start.checked_add(length)?);
        let why = if english_of(front, self.sources.language(env.file)).is_some() {
            text!(
                "\"{front}\" is a keyword and needs a space behind it, or it makes one name with \"{back}\".",
                "“{front}”是关键字，后面要有空格，否则会和“{back}”连成一个名称。"
            )
        } else {
            text!(
                "\"{back}\" is a keyword and needs a space before it, or it makes one name with \"{front}\".",
                "“{back}”是关键字，前面要有空格，否则会和“{front}”连成一个名称。"
            )
        };
        Some(
            Diagnostic::error(
                Code::E0102,
                text!("nothing is called \"{written}\"", "没有叫“{written}”的名称"),
            )
            .primary(name.span, Text::default())
            .note(why)
            .fix(Fix::replace(text!("add a space", "加一个空格"), gap, " ")),
        )
    }
}
