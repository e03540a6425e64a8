//! The words that messages are framed with, in both languages.

use crate::diagnostic::{DataPlace, Severity, Text};
use crate::text;

/// Gives the word a message begins with.
pub(super) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Error => text!("error", "错误"),
        Severity::Warning => text!("warning", "警告"),
        Severity::Note => text!("note", "提示"),
    }
}

/// Gives the word in front of a mend.
pub(super) fn help() -> Text {
    text!("help", "帮助")
}

/// Gives the word in front of a rule worth recalling.
pub(super) fn note() -> Text {
    text!("note", "说明")
}

/// Gives the words above a numbered choice of mends.
pub(super) fn choose() -> Text {
    text!("choose one", "请选一种")
}

/// Describes a place in data.
pub(super) fn place(place: &DataPlace) -> Text {
    let table = &place.table;
    let mut words = match &place.file {
        Some(file) => text!("{table} ({file})", "{table}（{file}）"),
        None => Text::same(table),
    };
    if let Some(row) = place.row {
        words = text!("{words}, row {row}", "{words}，第 {row} 行"; words);
    }
    if let Some(column) = &place.column {
        words = text!("{words}, column \"{column}\"", "{words}，“{column}”列"; words);
    }
    words
}
