//! Dated versions of one name.

use guerdon_syntax::{Code, Diagnostic, Span, ast, text};

use crate::calendar::Date;
use crate::hir::Effective;
use crate::hir::from_ast::Checker;

/// Is one version of a constant, of tiers or of a table.
#[derive(Debug)]
pub(super) struct Dated<T> {
    /// When it is in force, as written.
    pub(super) effective: Effective,
    /// Where that is written, or the name if it is not.
    pub(super) span: Span,
    /// What is in force.
    pub(super) item: T,
}

impl Checker<'_> {
    /// Reads `effective D through D`.
    pub(super) fn effective(&mut self, range: &ast::DateRange) -> Effective {
        let from = self.date_of(&range.from);
        let through = range.through.as_ref().and_then(|last| self.date_of(last));
        if let (Some(first), Some(last)) = (from, through)
            && last < first
        {
            let title = text!("this range ends before it begins", "区间在开始之前就已结束");
            let fault = Diagnostic::error(Code::E0603, title);
            self.sink.push(fault.primary(
                range.span,
                text!("{last} is before {first}", "{last} 早于 {first}"),
            ));
        }
        Effective { from, through }
    }

    /// Sorts versions by their first day and closes an open one where the next begins; ranges must not overlap.
    pub(super) fn in_order<T>(&mut self, name: &str, mut versions: Vec<Dated<T>>) -> Vec<Dated<T>> {
        versions.sort_by_key(|version| version.effective.from);
        let starts: Vec<(Effective, Span)> = versions
            .iter()
            .map(|version| (version.effective, version.span))
            .collect();
        for (version, next) in versions.iter_mut().zip(starts.iter().skip(1)) {
            self.compare_versions(name, version, *next);
            if let (None, Some(next_from)) = (version.effective.through, next.0.from) {
                version.effective.through = day_before(next_from);
            }
        }
        versions
    }

    fn compare_versions<T>(&mut self, name: &str, version: &Dated<T>, (next, at): (Effective, Span)) {
        let Some(next_from) = next.from else {
            let title = text!("\"{name}\" is declared twice", "“{name}”重复声明");
            let fault = Diagnostic::error(Code::E0207, title);
            self.sink.push(
                fault
                    .secondary(version.span, text!("first declared here", "首次声明于此"))
                    .primary(
                        at,
                        text!(
                            "declared again, without a day of its own",
                            "再次声明，且没有自己的起始日"
                        ),
                    ),
            );
            return;
        };
        let is_same_day = version.effective.from == Some(next_from);
        if is_same_day || version.effective.through.is_some_and(|last| last >= next_from) {
            let title = text!(
                "two versions of \"{name}\" hold on {next_from}",
                "“{name}”在 {next_from} 有两个版本"
            );
            let fault = Diagnostic::error(Code::E0602, title);
            self.sink.push(
                fault
                    .secondary(version.span, text!("still in force then", "此时仍有效"))
                    .primary(at, text!("begins on {next_from}", "自 {next_from} 起")),
            );
        }
    }
}

/// Gives the day before, or nothing before the first day that can be written.
fn day_before(day: Date) -> Option<Date> {
    day.add_days(-1).ok()
}
