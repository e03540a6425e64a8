//! The tables of contests, awards, warnings, scorecards, targets and reviews; each is there where the rules have such a
//! block or statement.

use guerdon::report::{CardPart, Figure, Report};
use guerdon_plan::hir::{Block, Earn, Excess, Program};
use guerdon_plan::number::Exact;

use super::sheet::Sheet;
use super::{Table, TextCells, amount};

/// Makes the tables of all blocks.
pub(super) fn all(program: &Program, report: &Report<'_>, text: TextCells) -> Vec<Table> {
    let has = |is: fn(&Block) -> bool| {
        let mut blocks = program.plans.iter().filter_map(|plan| plan.block.as_ref());
        blocks.any(is)
    };
    let mut tables: Vec<Table> = needs_review(program, report, text).into_iter().collect();
    if has(|block| matches!(block, Block::Contest(_))) {
        tables.push(standings(report, text));
    }
    if has(|block| matches!(block, Block::Award(_))) {
        tables.push(awards(report, text));
    }
    if has(|block| matches!(block, Block::Warning(_))) {
        tables.push(warnings(report, text));
        tables.push(actions(report, text));
    }
    if has(|block| matches!(block, Block::Scorecard(_))) {
        tables.push(scorecards(report, text));
    }
    if has(|block| matches!(block, Block::Target(_))) {
        tables.push(targets(report, text));
        tables.push(smart(report, text));
    }
    tables
}

fn standings(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("standings", text);
    sheet.heads(&[
        "contest",
        "period",
        "entrant",
        "member",
        "honour",
        "currency",
        "rank",
        "tied",
        "score",
        "qualifies",
        "prize",
        "reached",
    ]);
    for row in report.standings() {
        let cells = [
            row.contest,
            &row.period_label,
            &row.entrant,
            row.member.as_deref().unwrap_or_default(),
            shown(&row.honour),
            &row.unit,
        ];
        let qualifies = match row.qualifies {
            Some(true) => "yes",
            Some(false) => "no",
            None => "error",
        };
        let values = [
            shown(&row.rank),
            shown(&row.tied),
            shown(&row.score),
            qualifies,
            shown(&row.prize),
            shown(&row.reached),
        ];
        sheet.row(&cells, values);
    }
    sheet.finish()
}

fn awards(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("awards", text);
    sheet.heads(&[
        "award", "grant", "title", "payee", "period", "because", "currency", "cash",
    ]);
    for row in report.awards() {
        let cells = [
            row.award,
            row.grant,
            row.title,
            &row.payee,
            &row.period_label,
            row.because.unwrap_or_default(),
            &row.unit,
        ];
        sheet.row(&cells, [shown(&row.cash)]);
    }
    sheet.finish()
}

fn warnings(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("warnings", text);
    sheet.heads(&[
        "warning", "subject", "period", "level", "evidence", "because", "event", "severity", "periods",
    ]);
    for row in report.warnings() {
        let cells = [
            row.warning,
            &row.subject,
            &row.period_label,
            row.level.unwrap_or_default(),
            &evidence(&row.evidence),
            row.because.unwrap_or_default(),
        ];
        let severity = row.severity.to_string();
        sheet.row(&cells, [row.event.word(), &severity, shown(&row.periods)]);
    }
    sheet.finish()
}

fn actions(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("actions", text);
    sheet.heads(&[
        "warning",
        "subject",
        "period",
        "level",
        "what",
        "to",
        "action",
        "within_days",
    ]);
    for row in report.actions() {
        let cells = [
            row.warning,
            &row.subject,
            &row.period_label,
            row.level,
            row.what.unwrap_or_default(),
            shown(&row.to),
        ];
        let days = row.within_days.map(|days| days.to_string()).unwrap_or_default();
        sheet.row(&cells, [row.kind.word(), &days]);
    }
    sheet.finish()
}

fn scorecards(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("scorecards", text);
    sheet.heads(&[
        "card",
        "subject",
        "period",
        "dimension",
        "metric",
        "because",
        "grade",
        "unforced_grade",
        "weight",
        "raw",
        "score",
        "points",
        "multiplier",
    ]);
    for row in report.scorecards() {
        let (dimension, metric) = match row.part {
            CardPart::Metric(dimension, name, _) => (dimension.word(), name),
            CardPart::Dimension(dimension, _) | CardPart::LeftOut(dimension) => (dimension.word(), ""),
            CardPart::Total => ("total", ""),
        };
        let cells = [
            row.card,
            &row.subject,
            &row.period_label,
            dimension,
            metric,
            row.because.unwrap_or_default(),
            shown(&row.grade),
            shown(&row.unforced_grade),
        ];
        let weight = row.weight.as_ref().map(Exact::to_string).unwrap_or_default();
        let values = [
            weight.as_str(),
            shown(&row.raw),
            shown(&row.score),
            shown(&row.points),
            shown(&row.multiplier),
        ];
        sheet.row(&cells, values);
    }
    sheet.finish()
}

fn targets(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("targets", text);
    sheet.heads(&[
        "target",
        "line",
        "subject",
        "period",
        "part",
        "of",
        "currency",
        "level",
        "goal",
        "actual",
        "recalibrated",
        "unplaced",
    ]);
    for row in report.targets() {
        let cells = [
            row.target,
            row.line.word(),
            &row.subject,
            &row.period_label,
            row.part.as_deref().unwrap_or_default(),
            row.of.as_deref().unwrap_or_default(),
            &row.unit,
        ];
        let level = row.level.to_string();
        let values = [
            level.as_str(),
            shown(&row.goal),
            shown(&row.actual),
            shown(&row.recalibrated),
            shown(&row.unplaced),
        ];
        sheet.row(&cells, values);
    }
    sheet.finish()
}

fn smart(report: &Report<'_>, text: TextCells) -> Table {
    let mut sheet = Sheet::new("target_tests", text);
    sheet.heads(&[
        "target", "subject", "period", "evidence", "because", "test", "result",
    ]);
    for row in report.smart_tests() {
        let cells = [
            row.target,
            &row.subject,
            &row.period_label,
            &evidence(&row.evidence),
            row.because.unwrap_or_default(),
        ];
        let test = format!("{:?}", row.test).to_lowercase();
        sheet.row(&cells, [test.as_str(), row.result.word()]);
    }
    sheet.finish()
}

/// Gives a value as a cell: the word `error` where it is one, nothing where there is none.
fn shown(figure: &Figure) -> &str {
    match figure.absence {
        Some(guerdon::report::Absence::Error) => "error",
        Some(guerdon::report::Absence::Missing) | None => &figure.text,
    }
}

/// Gives the values behind a warning: `attained = 60000; expected = 100000`.
fn evidence(values: &[(&str, Figure)]) -> String {
    let parts: Vec<String> = values
        .iter()
        .map(|(name, figure)| format!("{name} = {}", shown(figure)))
        .collect();
    parts.join("; ")
}

/// Makes the table of what waits for somebody to look at it, where the rules have such lines.
fn needs_review(program: &Program, report: &Report<'_>, text: TextCells) -> Option<Table> {
    let looks = |earn: &Earn| {
        let excess = earn.caps().any(|cap| cap.excess == Excess::Review);
        excess || earn.review.is_some()
    };
    if !program.earns.iter().any(looks) {
        return None;
    }
    let mut sheet = Sheet::new("needs_review", text);
    sheet.heads(&[
        "plan", "earn", "payee", "period", "date", "record", "currency", "because", "amount",
    ]);
    for row in report.earnings() {
        if row.in_review.exact().is_some_and(Exact::is_zero) {
            continue;
        }
        let day = row.day.map(|day| day.to_string()).unwrap_or_default();
        let cells = [
            row.plan,
            row.earn,
            &row.payee,
            &row.period_label,
            &day,
            &row.record,
            &row.unit,
            row.review_because,
        ];
        sheet.row(&cells, [amount(&row.in_review, row.decimals)]);
    }
    Some(sheet.finish())
}
