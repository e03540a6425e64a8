//! Explanations as text: a tree with its amounts in one column.

use std::fmt;

use guerdon_syntax::{Language, Text};

use super::{Part, Step, StepKind, Trace};

/// A line of text before amounts are aligned.
struct Line {
    left: String,
    amount: String,
    note: String,
}

/// Text in the making.
struct Page<'t> {
    trace: &'t Trace,
    language: Language,
    lines: Vec<Line>,
}

/// Whether steps are on the way from the figure to its leaves, where branches are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Branches {
    Drawn,
    Left,
}

impl Trace {
    /// Prints the tree in a language.
    pub fn text(&self, language: Language) -> String {
        let mut page = Page {
            trace: self,
            language,
            lines: Vec::new(),
        };
        page.root();
        page.finish()
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(self.language))
    }
}

impl Page<'_> {
    fn root(&mut self) {
        let root = &self.trace.root;
        let unknown = self.say("unknown", "未知");
        let value = root.value.clone().unwrap_or(unknown);
        let mut head = format!("{} = {value}", self.trace.figure);
        if let Some(title) = &self.trace.title {
            head = format!("{head}  \"{title}\"");
        }
        self.plain(head);
        if !root.note.is_empty() {
            let note = root.note.get(self.language);
            self.plain(format!("  {note}"));
        }
        self.children(root, "  ", Branches::Drawn);
        self.reasons(root, "  ");
    }

    fn children(&mut self, step: &Step, prefix: &str, branches: Branches) {
        let to_date = step.children.iter().find(|child| child.kind == StepKind::ToDate);
        let before = step.children.iter().find(|child| child.kind == StepKind::Before);
        if let (Some(to_date), Some(before)) = (to_date, before) {
            self.balance(to_date, before, prefix);
            self.children(to_date, prefix, branches);
        }
        let listed: Vec<&Step> = step
            .children
            .iter()
            .filter(|child| !matches!(child.kind, StepKind::ToDate | StepKind::Before))
            .filter(|child| !is_said(step, child, self.language))
            .collect();
        let last = match branches {
            Branches::Drawn => listed.iter().rposition(|child| child.part == Part::Summand),
            Branches::Left => None,
        };
        for (place, child) in listed.into_iter().enumerate() {
            let is_branch = last.is_some() && child.part == Part::Summand;
            let (joint, below) = match (is_branch, last) {
                (true, Some(last)) if place < last => ("├─ ", "│    "),
                (true, _) => ("└─ ", "     "),
                (false, Some(last)) if place < last => ("│  ", "│    "),
                (false, Some(_) | None) => ("", "  "),
            };
            self.line(child, &format!("{prefix}{joint}"));
            let inner = if is_branch { branches } else { Branches::Left };
            let below = format!("{prefix}{below}");
            self.children(child, &below, inner);
            self.reasons(child, &below);
        }
    }

    /// Prints what lines come to by the end of the period and of the one before, above the lines.
    fn balance(&mut self, to_date: &Step, before: &Step, prefix: &str) {
        let labels = [to_date, before].map(|step| step.label.get(self.language).to_owned());
        let widest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
        // Taken away, it is printed as the amount that it was.
        let values = [
            to_date.value.clone().unwrap_or_default(),
            match before.value.as_deref() {
                Some(value) => value.strip_prefix('-').unwrap_or(value).to_owned(),
                None => String::new(),
            },
        ];
        let longest = values.iter().map(|value| width(value)).max().unwrap_or(0);
        for (label, value) in labels.iter().zip(&values) {
            let gap = widest.saturating_sub(width(label)).saturating_add(2);
            let pad = longest.saturating_sub(width(value));
            self.plain(format!(
                "{prefix}{label}{}{value}",
                " ".repeat(gap.saturating_add(pad))
            ));
        }
    }

    fn line(&mut self, step: &Step, prefix: &str) {
        let label = step.label.get(self.language);
        let mut left = format!("{prefix}{label}");
        let mut amount = String::new();
        match (&step.value, &step.exact) {
            (Some(value), Some(_)) => amount = self.bare(value),
            (Some(value), None) => left = format!("{left}: {value}"),
            (None, _) => {}
        }
        let note = step.note.get(self.language).to_owned();
        self.lines.push(Line { left, amount, note });
    }

    fn reasons(&mut self, step: &Step, prefix: &str) {
        if let Some(because) = &step.because {
            let word = self.say("because", "依据");
            self.plain(format!("{prefix}{word} \"{because}\""));
        }
        if let Some(reference) = &step.reference {
            let word = self.say("ref", "参见");
            self.plain(format!("{prefix}{word} \"{reference}\""));
        }
    }

    /// Leaves out the unit of the figure, which the first line names.
    fn bare(&self, value: &str) -> String {
        let (sign, rest) = match value.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", value),
        };
        let rest = match rest.strip_prefix(self.trace.unit.as_str()) {
            Some(rest) if !self.trace.unit.is_empty() => rest.trim_start(),
            Some(_) | None => rest,
        };
        format!("{sign}{rest}")
    }

    fn plain(&mut self, left: String) {
        self.lines.push(Line {
            left,
            amount: String::new(),
            note: String::new(),
        });
    }

    fn say(&self, en: &str, zh: &str) -> String {
        let both = Text {
            en: en.to_owned(),
            zh: zh.to_owned(),
        };
        both.get(self.language).to_owned()
    }

    fn finish(self) -> String {
        let with_amount = || self.lines.iter().filter(|line| !line.amount.is_empty());
        let left = with_amount().map(|line| width(&line.left)).max().unwrap_or(0);
        let amounts = with_amount().map(|line| width(&line.amount)).max().unwrap_or(0);
        let column = left.saturating_add(2).saturating_add(amounts);
        let mut text = String::new();
        for line in &self.lines {
            let mut row = line.left.clone();
            if !line.amount.is_empty() {
                let used = width(&line.left).saturating_add(width(&line.amount));
                row.push_str(&" ".repeat(column.saturating_sub(used)));
                row.push_str(&line.amount);
            }
            if !line.note.is_empty() {
                row.push_str("  ");
                row.push_str(&line.note);
            }
            text.push_str(row.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Says whether a sentence names its only record already.
fn is_said(step: &Step, child: &Step, language: Language) -> bool {
    let is_only = step.children.len() == 1 && child.part == Part::Detail;
    let named = format!("({})", child.label.get(language));
    is_only && child.kind == StepKind::Record && step.label.get(language).ends_with(&named)
}

/// Counts the columns of a terminal that text takes: two for each Chinese character.
fn width(text: &str) -> usize {
    let wide = |character: char| {
        matches!(
            u32::from(character),
            0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F
                | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD
        )
    };
    text.chars()
        .map(|character| if wide(character) { 2 } else { 1 })
        .fold(0, usize::saturating_add)
}
