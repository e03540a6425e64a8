//! The place where diagnostics gather during a run of the front end.

use std::collections::BTreeSet;

use super::{Code, Diagnostic, Severity};
use crate::span::Span;
use crate::text;

/// The number of diagnostics that one run reports before it only counts.
pub const MAX_DIAGNOSTICS: usize = 100;

/// Gathers diagnostics: each is kept once, at most [`MAX_DIAGNOSTICS`] in all, errors before warnings and notes.
///
/// ```
/// use guerdon_syntax::{Code, Diagnostic, Sink, text};
/// let mut sink = Sink::default();
/// sink.push(Diagnostic::error(Code::E0202, text!("nothing is named \"quotta\"", "没有叫“quotta”的名称")));
/// assert!(sink.has_errors());
/// assert_eq!(sink.finish().len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sink {
    kept: Vec<Diagnostic>,
    seen: BTreeSet<(Code, Option<Span>, String)>,
    left_out: usize,
    errors: usize,
}

impl Sink {
    /// Takes a diagnostic in; one with the code, place and words of an earlier one is dropped.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.seen.contains(&identity(&diagnostic)) {
            self.keep(diagnostic);
        }
    }

    /// Takes in everything that another sink gathered.
    pub fn append(&mut self, other: Sink) {
        other
            .kept
            .into_iter()
            .for_each(|diagnostic| self.push(diagnostic));
        self.left_out = self.left_out.saturating_add(other.left_out);
        self.errors = self.errors.max(other.errors);
    }

    /// Tells whether an error was pushed, even one that is not kept.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Counts the errors pushed, those not kept included.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Tells whether further diagnostics are only counted, so that a reader may stop early.
    pub fn is_full(&self) -> bool {
        self.kept.len() >= MAX_DIAGNOSTICS
    }

    /// Tells whether nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Shows what is kept, in the order in which it was pushed.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter()
    }

    /// Gives the diagnostics sorted by file and place, those without a place first, and one closing note where some
    /// were left out.
    pub fn finish(self) -> Vec<Diagnostic> {
        let (mut sorted, left_out) = (self.kept, self.left_out);
        sorted.sort_by_key(|diagnostic| (diagnostic.primary_span(), diagnostic.code));
        if left_out > 0 {
            sorted.push(closing_note(left_out));
        }
        sorted
    }

    fn keep(&mut self, diagnostic: Diagnostic) {
        let is_error = diagnostic.severity == Severity::Error;
        self.errors = self.errors.saturating_add(usize::from(is_error));
        if self.is_full() {
            self.left_out = self.left_out.saturating_add(1);
            if !(is_error && self.drop_last_lesser()) {
                return;
            }
        }
        self.seen.insert(identity(&diagnostic));
        self.kept.push(diagnostic);
    }

    /// Makes room for an error by leaving out the last warning or note.
    fn drop_last_lesser(&mut self) -> bool {
        let lesser = self
            .kept
            .iter()
            .rposition(|kept| kept.severity != Severity::Error);
        lesser.map(|at| self.kept.remove(at)).is_some()
    }
}

fn identity(diagnostic: &Diagnostic) -> (Code, Option<Span>, String) {
    (
        diagnostic.code,
        diagnostic.primary_span(),
        diagnostic.title.en.clone(),
    )
}

fn closing_note(left_out: usize) -> Diagnostic {
    Diagnostic::remark(
        Code::E0012,
        text!(
            "{left_out} further messages are left out; mend the ones above first",
            "另有 {left_out} 条消息未显示；请先改正上面的"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::FileId;

    fn fault(at: u32) -> Diagnostic {
        let span = Span::new(FileId(0), at, at.saturating_add(1));
        Diagnostic::error(Code::E0202, text!("unknown", "未知")).primary(span, text!("here", "此处"))
    }

    #[test]
    fn a_repeated_diagnostic_is_kept_once_and_places_are_sorted() {
        let mut sink = Sink::default();
        [9, 3, 9].into_iter().for_each(|at| sink.push(fault(at)));
        let places: Vec<_> = sink
            .finish()
            .iter()
            .map(|kept| kept.primary_span().unwrap().start)
            .collect();
        assert_eq!(places, [3, 9]);
    }

    #[test]
    fn a_hundred_are_kept_and_the_rest_counted() {
        let mut sink = Sink::default();
        (0..107).for_each(|at| sink.push(fault(at)));
        let all = sink.finish();
        assert_eq!(all.len(), 101);
        assert_eq!(
            all[100].title.en,
            "7 further messages are left out; mend the ones above first"
        );
    }

    #[test]
    fn an_error_after_a_hundred_warnings_is_kept() {
        let mut sink = Sink::default();
        for at in 0..100 {
            let span = Span::new(FileId(0), at, at.saturating_add(1));
            sink.push(Diagnostic::warning(Code::W0702, text!("unused", "未用")).primary(span, text!("", "")));
        }
        assert!(!sink.has_errors());
        sink.push(fault(500));
        assert!(sink.has_errors());
        assert_eq!(
            sink.iter()
                .filter(|kept| kept.severity == Severity::Error)
                .count(),
            1
        );
        assert_eq!(sink.iter().count(), 100);
    }
}
