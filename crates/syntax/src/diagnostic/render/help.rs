//! Mends: one as the corrected line with marks under what changes, several as a numbered choice.

use super::canvas::{Paint, visible, width};
use super::excerpt::Window;
use super::marks::{Mark, rows};
use super::{Page, words};
use crate::diagnostic::fix::{Change, Corrected, corrected_lines};
use crate::diagnostic::{Fix, Text};

/// What stands between two mends that are printed in one line.
const BETWEEN: &str = "          ";

impl Page<'_> {
    /// Prints the mends.
    pub(super) fn helps(&mut self) {
        match self.diagnostic.fixes.as_slice() {
            [] => {}
            [one] => self.help(one),
            several => self.choice(several),
        }
    }

    /// Prints the mends behind one another in one line.
    pub(super) fn helps_in_one_line(&mut self) {
        let shown = |fix: &Fix| format!("{}  {}", fix.title.get(self.language), self.shown(fix));
        let mends: Vec<String> = self.diagnostic.fixes.iter().map(shown).collect();
        if !mends.is_empty() {
            self.headed(words::help(), &Text::same(mends.join(BETWEEN)));
        }
    }

    fn help(&mut self, fix: &Fix) {
        let lines = corrected_lines(fix, self.sources);
        if lines.is_empty() {
            let words = format!(
                "{}  {}",
                fix.title.get(self.language),
                fix.shown.get(self.language)
            );
            return self.headed(words::help(), &Text::same(words.trim_end()));
        }
        self.headed(words::help(), &fix.title);
        self.edge("│");
        lines.iter().for_each(|line| self.corrected(line));
    }

    fn corrected(&mut self, line: &Corrected) {
        let focus = line.changes.first().map_or(0, |change| change.from);
        let window = Window::of(&line.text, focus);
        self.source_line(line.number, &window.printed());
        let mark = |change: &Change| Mark {
            from: window.column(change.from),
            to: window.column(change.to),
            sign: change.sign(),
            paint: Paint::Help,
            words: String::new(),
        };
        let marks: Vec<Mark> = line.changes.iter().map(mark).collect();
        if !marks.is_empty() {
            rows(marks).into_iter().for_each(|row| self.mark_row(row));
        }
    }

    fn choice(&mut self, fixes: &[Fix]) {
        self.headed(words::help(), &words::choose());
        let titles = || fixes.iter().map(|fix| visible(fix.title.get(self.language)));
        let widest = titles().map(|title| width(&title)).max().unwrap_or(0);
        let printed: Vec<String> = titles()
            .zip(fixes)
            .enumerate()
            .map(|(at, (title, fix))| {
                let blanks = " ".repeat(widest.saturating_sub(width(&title)).saturating_add(3));
                format!("{:>4}. {title}{blanks}{}", at.saturating_add(1), self.shown(fix))
            })
            .collect();
        for line in printed {
            self.canvas.paint(Paint::Plain, &line);
            self.canvas.end_line();
        }
    }

    /// Gives what is printed beside a mend's title: the words written for it, or the corrected line.
    fn shown(&self, fix: &Fix) -> String {
        if !fix.shown.is_empty() {
            return visible(fix.shown.get(self.language));
        }
        let lines = corrected_lines(fix, self.sources);
        lines
            .first()
            .map_or(String::new(), |line| Window::of(line.text.trim(), 0).printed())
    }
}
