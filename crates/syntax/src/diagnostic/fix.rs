//! Carrying out the fixes that diagnostics offer.

use std::ops::Range;

use super::{Diagnostic, Edit, Fix};
use crate::source::SourceMap;
use crate::span::{FileId, Span, index};

/// How often [`mend`] looks at a text again, so that it always ends.
pub const MAX_ROUNDS: usize = 20;

/// Is a line as a fix would make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Corrected {
    /// The number of the line in the corrected file, from 1.
    pub(crate) number: u32,
    /// The line without its line end.
    pub(crate) text: String,
    /// What is new in the line.
    pub(crate) changes: Vec<Change>,
}

/// Is a stretch of a corrected line that is new, in bytes of that line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) kind: ChangeKind,
}

/// Tells text that is added from text that takes the place of other text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Added,
    Replaced,
}

impl Change {
    /// Gives the sign that marks the change.
    pub(crate) fn sign(self) -> char {
        match self.kind {
            ChangeKind::Added => '+',
            ChangeKind::Replaced => '~',
        }
    }
}

/// Changes a text by edits of one file, from the last to the first; an edit that overlaps a later one, or does not fit
/// the text, is left out.
///
/// ```
/// use guerdon_syntax::{Edit, FileId, Span, fix};
/// let file = FileId(0);
/// let brackets = [
///     Edit { span: Span::at(file, 4), replacement: "(".to_owned() },
///     Edit { span: Span::at(file, 9), replacement: ")".to_owned() },
/// ];
/// assert_eq!(fix::apply("x = a + b * c", &brackets), "x = (a + b) * c");
/// ```
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut parts: Vec<&str> = Vec::new();
    let mut done = 0;
    for edit in sorted {
        let range = edit.span.range();
        if let Some(kept) = text.get(done..range.start)
            && text.get(range.clone()).is_some()
        {
            parts.extend([kept, edit.replacement.as_str()]);
            done = range.end;
        }
    }
    parts.push(text.get(done..).unwrap_or(""));
    parts.concat()
}

/// Applies the first fix of each diagnostic, checks the text again, and so on until no fix is left.
///
/// Of fixes that touch the same place only the first is applied in a round. `check` gives the diagnostics of a text;
/// their spans must name `file`. Gives the text and the diagnostics that remain, after at most [`MAX_ROUNDS`] rounds.
pub fn mend(
    text: &str,
    file: FileId,
    mut check: impl FnMut(&str) -> Vec<Diagnostic>,
) -> (String, Vec<Diagnostic>) {
    let mut text = text.to_owned();
    let mut found = check(&text);
    for _ in 0..MAX_ROUNDS {
        let edits = first_fixes(&found, file);
        if edits.is_empty() {
            break;
        }
        text = apply(&text, &edits);
        found = check(&text);
    }
    (text, found)
}

/// Gives the lines that a fix changes, as they will read; nothing for a fix without edits.
pub(crate) fn corrected_lines(fix: &Fix, sources: &SourceMap) -> Vec<Corrected> {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut added_lines = 0_u32;
    let mut lines = Vec::new();
    for group in edits.chunk_by(|left, right| are_on_one_line(left.span, right.span, sources)) {
        let corrected = corrected_group(group, sources, added_lines);
        added_lines = added_lines.saturating_add(corrected.added_lines);
        lines.extend(corrected.lines);
    }
    lines
}

struct Group {
    lines: Vec<Corrected>,
    added_lines: u32,
}

/// Lists the edits of the first fix of each diagnostic, without fixes that touch another file or an earlier fix.
fn first_fixes(found: &[Diagnostic], file: FileId) -> Vec<Edit> {
    let mut taken: Vec<Edit> = Vec::new();
    for fix in found.iter().filter_map(|one| one.fixes.first()) {
        let fits = fix
            .edits
            .iter()
            .all(|edit| edit.span.file == file && taken.iter().all(|other| !do_touch(edit.span, other.span)));
        if fits {
            taken.extend(fix.edits.iter().cloned());
        }
    }
    taken
}

fn do_touch(left: Span, right: Span) -> bool {
    left.start <= right.end && right.start <= left.end
}

fn are_on_one_line(left: Span, right: Span, sources: &SourceMap) -> bool {
    let line = |offset| sources.position(left.file, offset).line;
    left.file == right.file && line(left.end) == line(right.start)
}

/// Applies the edits of one stretch of lines and notes where the new text stands.
fn corrected_group(edits: &[&Edit], sources: &SourceMap, added_before: u32) -> Group {
    let ends = edits.first().zip(edits.last());
    let Some((source, (first, last))) = ends.and_then(|ends| Some((sources.file(ends.0.span.file)?, ends)))
    else {
        return Group {
            lines: Vec::new(),
            added_lines: 0,
        };
    };
    let number = source.position(first.span.start).line;
    let last_line = source.position(last.span.end).line;
    let start = index(source.line_start(number));
    let end = index(source.line_start(last_line)).saturating_add(source.line(last_line).len());
    let (text, changes) = rewrite(source.text(), start..end, edits);
    let lines_after = u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX);
    let added_lines = lines_after.saturating_sub(last_line.saturating_sub(number));
    Group {
        lines: split(&text, &changes, number.saturating_add(added_before)),
        added_lines,
    }
}

/// Rewrites a stretch of text and notes where the new words stand in the result.
fn rewrite(source: &str, stretch: Range<usize>, edits: &[&Edit]) -> (String, Vec<Change>) {
    let (mut text, mut changes, mut done) = (String::new(), Vec::new(), stretch.start);
    for edit in edits {
        let range = edit.span.range();
        text.push_str(source.get(done..range.start).unwrap_or(""));
        let from = text.len();
        text.push_str(&edit.replacement);
        changes.push(Change {
            from,
            to: text.len(),
            kind: kind(edit),
        });
        done = range.end;
    }
    text.push_str(source.get(done..stretch.end.max(done)).unwrap_or(""));
    (text, changes)
}

fn kind(edit: &Edit) -> ChangeKind {
    if edit.span.is_empty() {
        ChangeKind::Added
    } else {
        ChangeKind::Replaced
    }
}

/// Splits corrected text into lines and keeps those with new text in them, or the first if nothing is new.
fn split(text: &str, changes: &[Change], first: u32) -> Vec<Corrected> {
    let mut start = 0_usize;
    let mut lines = Vec::new();
    for (number, line) in (first..).zip(text.split('\n')) {
        let end = start.saturating_add(line.len());
        let changes = changes
            .iter()
            .filter_map(|change| within(*change, start, end))
            .collect();
        lines.push(Corrected {
            number,
            text: line.trim_end_matches('\r').to_owned(),
            changes,
        });
        start = end.saturating_add(1);
    }
    if lines.iter().all(|line| line.changes.is_empty()) {
        lines.truncate(1);
    } else {
        lines.retain(|line| !line.changes.is_empty());
    }
    lines
}

/// Cuts a change down to the line from `start` to `end`.
fn within(change: Change, start: usize, end: usize) -> Option<Change> {
    let (from, to) = (change.from.max(start), change.to.min(end));
    let cut = Change {
        from: from.saturating_sub(start),
        to: to.saturating_sub(start),
        kind: change.kind,
    };
    (from < to).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::text;

    const FILE: FileId = FileId(0);

    fn stop_at(at: u32) -> Span {
        Span::new(FILE, at, at.saturating_add(3))
    }

    fn edit(start: u32, end: u32, replacement: &str) -> Edit {
        Edit {
            span: Span::new(FILE, start, end),
            replacement: replacement.to_owned(),
        }
    }

    #[test]
    fn edits_are_applied_in_any_order_and_an_overlapping_one_is_left_out() {
        let edits = [edit(8, 9, "z"), edit(0, 1, "x"), edit(0, 3, "?")];
        assert_eq!(apply("a plus b c", &edits), "x plus bzc");
    }

    #[test]
    fn an_edit_that_does_not_fit_the_text_is_left_out() {
        assert_eq!(apply("业绩", &[edit(1, 2, "x"), edit(90, 91, "y")]), "业绩");
    }

    #[test]
    fn mending_goes_on_until_nothing_is_found() {
        let check = |text: &str| -> Vec<Diagnostic> {
            let found = text.find("。").map(|at| stop_at(u32::try_from(at).unwrap()));
            let fault = Diagnostic::new(Code::E0103, text!("full stop", "句号"));
            found
                .into_iter()
                .map(|at| fault.clone().fix(Fix::replace(text!("", ""), at, "")))
                .collect()
        };
        assert_eq!(
            mend("设 甲 = 1。\n设 乙 = 2。\n", FILE, check),
            ("设 甲 = 1\n设 乙 = 2\n".to_owned(), vec![])
        );
    }

    #[test]
    fn mending_a_fault_that_its_fix_does_not_mend_ends() {
        let check = |_: &str| {
            vec![
                Diagnostic::new(Code::E0110, text!("no end", "没有结束")).fix(Fix::insert(
                    text!("add it", "加上"),
                    Span::at(FILE, 0),
                    "x",
                )),
            ]
        };
        let (text, left) = mend("", FILE, check);
        assert_eq!((text.len(), left.len()), (MAX_ROUNDS, 1));
    }

    #[test]
    fn a_corrected_line_says_what_is_new_and_inserted_lines_count() {
        let mut sources = SourceMap::default();
        let file = sources.add("a", b"plan x\n  pay y\ntest \"z\"\n").unwrap();
        let fix = Fix::insert(text!("", ""), Span::at(file, 14), "\nend").and(Span::new(file, 21, 22), "w");
        let added = Change {
            from: 0,
            to: 3,
            kind: ChangeKind::Added,
        };
        let replaced = Change {
            from: 6,
            to: 7,
            kind: ChangeKind::Replaced,
        };
        assert_eq!(
            corrected_lines(&fix, &sources),
            [
                Corrected {
                    number: 3,
                    text: "end".to_owned(),
                    changes: vec![added]
                },
                Corrected {
                    number: 4,
                    text: "test \"w\"".to_owned(),
                    changes: vec![replaced]
                },
            ]
        );
    }
}
