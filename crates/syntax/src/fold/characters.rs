//! What becomes of each character.

use unicode_ident::{is_xid_continue, is_xid_start};

/// Says what becomes of a character outside texts and comments.
pub(super) enum Fate {
    /// Ends a line.
    LineEnd,
    /// Begins a comment.
    Comment,
    /// Begins a text in quotes.
    Quote,
    /// Begins a name in back-ticks.
    BackTick,
    /// Begins a word.
    Word,
    /// Stays as it is.
    Keep,
    /// Is spelled in another way.
    Become(&'static str),
    /// Is the sign of a currency.
    Currency,
    /// Is a full stop.
    FullStop,
    /// Is no sign of the language.
    Stray,
    /// Cannot be seen, or changes what is seen.
    Forbidden,
}

pub(super) fn fate(sign: char) -> Fate {
    match sign {
        '\n' => Fate::LineEnd,
        '#' | '＃' => Fate::Comment,
        '"' | '“' | '”' | '＂' => Fate::Quote,
        '`' => Fate::BackTick,
        ' ' | '\t' | '\r' => Fate::Keep,
        '¥' | '￥' | '$' | '＄' | '€' | '£' | '￡' => Fate::Currency,
        '。' | '｡' => Fate::FullStop,
        _ if is_forbidden(sign) => Fate::Forbidden,
        _ if is_blank(sign) => Fate::Become(" "),
        _ => sign_or_word(sign),
    }
}

fn sign_or_word(sign: char) -> Fate {
    if let Some(spelling) = spelling(sign) {
        return Fate::Become(spelling);
    }
    if is_digit(sign) {
        return Fate::Keep;
    }
    if is_xid_start(sign) || sign == '_' {
        return Fate::Word;
    }
    if is_xid_continue(sign) || is_sign(sign) {
        return Fate::Keep;
    }
    Fate::Stray
}

fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit()
}

/// Lists the signs of the grammar, and those that other languages have in their place, which the parser explains.
fn is_sign(sign: char) -> bool {
    "+-*/=<>!,.:;|()[]%?&{}'^~@\\".contains(sign)
}

fn is_blank(sign: char) -> bool {
    matches!(
        sign,
        '\u{3000}' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}'
    )
}

/// Gives the plain spelling of a full-width or mathematical sign.
fn spelling(sign: char) -> Option<&'static str> {
    Some(match sign {
        '、' => ",",
        '×' => "*",
        '÷' => "/",
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "!=",
        '→' => "->",
        '−' => "-",
        _ => {
            let plain = plain(sign).filter(|plain| !plain.is_ascii_alphabetic() && *plain != '_')?;
            let at = ASCII.find(plain)?;
            ASCII.get(at..at.saturating_add(1))?
        }
    })
}

const ASCII: &str = "!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^`{|}~";

/// Gives the plain form of a full-width character.
pub(super) fn plain(sign: char) -> Option<char> {
    let code = u32::from(sign);
    let is_wide = (0xFF01..=0xFF5E).contains(&code);
    char::from_u32(code.saturating_sub(0xFEE0)).filter(|_| is_wide)
}

pub(super) fn continues_word(sign: char) -> bool {
    is_xid_continue(sign) && !is_forbidden(sign)
}

/// Tells whether a sign ends a text that another began: a plain quote ends with a plain one, a curly one with `”`.
pub(super) fn closes(open: char, sign: char) -> bool {
    match open {
        '"' => sign == '"',
        '＂' => sign == '＂',
        _ => sign == '”',
    }
}

/// Tells whether a character cannot be seen or changes what is seen: controls, zero-width characters, marks of
/// writing direction, fillers, selectors of variants.
pub(super) fn is_forbidden(sign: char) -> bool {
    let is_hidden = matches!(
        sign,
        '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{34F}' | '\u{FEFF}'
    );
    is_hidden || is_forbidden_in_text(sign)
}

/// Tells whether a character is forbidden even in texts and comments; joiners and variants are allowed there.
pub(super) fn is_forbidden_in_text(sign: char) -> bool {
    let is_control = sign.is_control() && !matches!(sign, '\t' | '\n' | '\r');
    let is_direction = matches!(
        sign,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{206A}'..='\u{206F}'
    );
    let is_nothing = matches!(
        sign,
        '\u{AD}' | '\u{180E}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}' | '\u{200B}'
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    );
    is_control || is_direction || is_nothing
}

/// Lists the currencies that a sign may stand for.
pub(super) fn codes_of(sign: char) -> &'static [&'static str] {
    match sign {
        '¥' | '￥' => &["CNY", "JPY"],
        '€' => &["EUR"],
        '£' | '￡' => &["GBP"],
        _ => &["USD", "HKD", "AUD", "CAD", "SGD"],
    }
}

/// Guesses the sign that was meant.
pub(super) fn meant_by(sign: char) -> Option<&'static str> {
    Some(match sign {
        '–' | '—' | '‐' | '‑' | '‒' => "-",
        '【' | '〔' | '「' => "[",
        '】' | '〕' | '」' => "]",
        '‘' | '’' | '«' | '»' | '„' | '‟' | '″' => "\"",
        '⩾' | '≧' => ">=",
        '⩽' | '≦' => "<=",
        '∗' | '·' | '⋅' => "*",
        '∕' | '⁄' => "/",
        '…' | '。' => "",
        _ => return None,
    })
}
