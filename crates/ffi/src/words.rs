//! Texts that the host reads.

use std::ffi::c_char;

use crate::types::guerdon_text;

/// A text with a NUL behind it, for programs that look for one.
#[derive(Debug, Clone)]
pub(crate) struct Words(Vec<u8>);

impl Words {
    pub(crate) fn of(text: impl Into<String>) -> Self {
        let mut bytes = text.into().into_bytes();
        bytes.push(0);
        Self(bytes)
    }

    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.0.strip_suffix(&[0]).unwrap()).unwrap()
    }

    /// Shows the text to the host; it stays where it is for as long as this does.
    pub(crate) fn shown(&self) -> guerdon_text {
        guerdon_text {
            data: self.0.as_ptr().cast::<c_char>(),
            len: self.0.len().saturating_sub(1),
        }
    }
}

/// Shows a text that lives as long as the library.
pub(crate) const fn lasting(text: &'static std::ffi::CStr) -> guerdon_text {
    guerdon_text {
        data: text.as_ptr(),
        len: text.count_bytes(),
    }
}
