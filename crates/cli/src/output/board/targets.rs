//! Targets: the goal, how far it is reached, its parts, and what is wrong with it.

use guerdon::report::{Report, SmartResult, SmartRow, TargetLine, TargetRow};
use guerdon_syntax::ast::SmartTest;
use guerdon_syntax::{Text, text};

use super::{MOST_LINES, Page, bar};
use crate::output::grid::{heads, lean};
use crate::output::tame;

impl Page {
    /// Gives a board for each target.
    pub(super) fn targets(self, report: &Report<'_>) -> String {
        let rows = report.targets();
        let mut shown: String = rows
            .chunk_by(|one, other| one.target == other.target)
            .map(|rows| self.target(rows))
            .collect();
        shown.push_str(&self.tests(report));
        shown
    }

    fn target(self, rows: &[TargetRow<'_>]) -> String {
        let Some(first) = rows.first() else {
            return String::new();
        };
        let columns = [
            text!("Period", "期间"),
            text!("Who", "对象"),
            text!("", ""),
            text!("Goal", "目标"),
            text!("Actual", "实际"),
            text!("Recalibrated", "校准后"),
            text!("Not placed", "未能安排"),
        ];
        let lines = rows.iter().take(MOST_LINES).map(|row| self.goal(row));
        let board = lean(heads(self.language, columns), |place| place > 2, lines);
        self.framed(&tame(first.title), &board, rows.len())
    }

    fn goal(self, row: &TargetRow<'_>) -> [String; 7] {
        let reached = match (&row.actual.exact, &row.goal.exact) {
            (Some(actual), Some(goal)) if goal.is_positive() => actual.div(goal).ok(),
            _ => None,
        };
        [
            row.period_label.clone(),
            format!("{}{}", "  ".repeat(row.level), self.who(row)),
            reached.map(|share| bar(&share)).unwrap_or_default(),
            self.figure(&row.goal),
            self.figure(&row.actual),
            self.figure(&row.recalibrated),
            self.figure(&row.unplaced),
        ]
    }

    /// Names what a line is about: the subject, the record and whose part it is of, or what there is beyond the whole.
    fn who(self, row: &TargetRow<'_>) -> String {
        let own = row.part.as_deref().unwrap_or(&row.subject);
        let own = match row.line {
            TargetLine::Goal | TargetLine::Part => tame(own).to_string(),
            TargetLine::Over => self.say(&text!("beyond the whole", "超出总额")),
        };
        match &row.of {
            Some(of) => format!("{own} ({})", tame(of)),
            None => own,
        }
    }

    /// Lists the tests that a target does not pass.
    fn tests(self, report: &Report<'_>) -> String {
        let rows = report.smart_tests();
        let failed = rows.iter().filter(|row| row.result != SmartResult::Pass);
        let failed: String = failed.map(|row| self.test(row)).collect();
        if failed.is_empty() {
            return failed;
        }
        let heading = self.say(&text!("Tests of targets", "目标检验"));
        format!("{heading}\n{failed}\n")
    }

    fn test(self, row: &SmartRow<'_>) -> String {
        let of = match row.subject.as_str() {
            "" => row.period_label.clone(),
            subject => format!("{}, {}", row.period_label, tame(subject)),
        };
        let target = tame(row.target);
        let (test, result) = (self.say(&word(row.test)), self.say(&outcome(row.result)));
        let evidence = self.evidence(&row.evidence);
        let mut lines = format!("  {target} {of}: {test} {result} ({evidence})\n");
        if let Some(because) = row.because {
            let because = tame(because);
            let words = text!("because \"{because}\"", "依据“{because}”");
            lines.push_str(&format!("      {}\n", self.say(&words)));
        }
        lines
    }
}

fn word(test: SmartTest) -> Text {
    match test {
        SmartTest::Specific => text!("specific", "具体"),
        SmartTest::Measurable => text!("measurable", "可衡量"),
        SmartTest::Achievable => text!("achievable", "可达成"),
        SmartTest::Relevant => text!("relevant", "相关"),
        SmartTest::Timely => text!("time-bound", "有时限"),
    }
}

fn outcome(result: SmartResult) -> Text {
    match result {
        SmartResult::Pass => text!("passes", "通过"),
        SmartResult::Warn => text!("is a warning", "警告"),
        SmartResult::Fail => text!("fails", "不通过"),
        SmartResult::Unknown => text!("is not known", "无法判断"),
    }
}
