//! The blocks, and the words their statements begin with.

use super::token::{Token, TokenKind};
use crate::diagnostic::Text;
use crate::text;

/// Names a kind of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Block {
    /// Fields.
    Data,
    /// Columns.
    Source,
    /// Lines about periods and years.
    Calendar,
    /// Days off and weekend days that are worked.
    Holidays,
    /// Exchange rates.
    Rates,
    /// Tiers.
    Tiers,
    /// Rows of a table.
    Table,
    /// Rows of a matrix.
    Matrix,
    /// Statements of a plan.
    Plan,
    /// Statements of a contest.
    Contest,
    /// Statements of an award.
    Award,
    /// Statements of a target.
    Target,
    /// Statements of a warning.
    Warning,
    /// Statements of a scorecard.
    Scorecard,
    /// Statements of a test.
    Test,
    /// Prizes of a contest.
    Prizes,
    /// Responses of a warning.
    Respond,
    /// Metrics of a dimension.
    Dimension,
    /// Grades of a scorecard.
    Grades,
    /// A grid of data.
    Given,
}

/// The words that items begin with.
pub(crate) const ITEM_WORDS: &[&str] = &[
    "use",
    "enum",
    "data",
    "const",
    "source",
    "calendar",
    "holidays",
    "rates",
    "tiers",
    "table",
    "matrix",
    "plan",
    "contest",
    "award",
    "target",
    "warning",
    "scorecard",
    "test",
];

/// Words that only begin statements, so that they show a statement in the wrong block.
const ONLY_STATEMENTS: &[&str] = &[
    "entrants",
    "qualify",
    "prizes",
    "budget",
    "subject",
    "level",
    "escalate",
    "respond",
    "dimension",
    "grades",
    "metric",
    "earn",
    "pay",
    "cap",
    "release",
    "clawback",
    "amortise",
    "carry",
    "except",
    "expect",
    "given",
    "rows",
    "measure",
    "grant",
    "recalibrate",
];

impl Block {
    /// Gives the block that the head of an item opens; nothing for an item of one line.
    pub(crate) fn of_item(head: &[Token<'_>]) -> Option<Block> {
        let first = head.first()?;
        let is_from_file = head.windows(2).any(|pair| {
            pair.first().is_some_and(|word| word.is("from"))
                && pair.last().is_some_and(|text| text.kind == TokenKind::Text)
        });
        match first.text {
            "data" => Some(Block::Data),
            "source" => Some(Block::Source),
            "calendar" => (head.len() <= 2).then_some(Block::Calendar),
            "holidays" => (!is_from_file).then_some(Block::Holidays),
            "rates" => (!is_from_file).then_some(Block::Rates),
            "tiers" => (!is_from_file).then_some(Block::Tiers),
            "table" => (!is_from_file).then_some(Block::Table),
            "matrix" => Some(Block::Matrix),
            "plan" => Some(Block::Plan),
            "contest" => Some(Block::Contest),
            "award" => Some(Block::Award),
            "target" => Some(Block::Target),
            "warning" => Some(Block::Warning),
            "scorecard" => Some(Block::Scorecard),
            "test" => Some(Block::Test),
            _ => None,
        }
    }

    /// Gives the block that a statement of this block opens.
    pub(crate) fn of_statement(self, head: &[Token<'_>]) -> Option<Block> {
        let first = head.first()?;
        match (self, first.text) {
            (Block::Contest, "prizes") => Some(Block::Prizes),
            (Block::Warning, "respond") => Some(Block::Respond),
            (Block::Scorecard, "grades") => Some(Block::Grades),
            (Block::Scorecard, "dimension") => {
                let is_left_out = head.iter().any(|token| token.is("left"));
                (!is_left_out).then_some(Block::Dimension)
            }
            (Block::Test, "given") => Some(Block::Given),
            _ => None,
        }
    }

    /// Lists the words that statements of this block begin with; nothing for row blocks.
    pub(crate) fn statement_words(self) -> &'static [&'static str] {
        match self {
            Block::Plan => &[
                "payee",
                "currency",
                "effective",
                "period",
                "rounding",
                "missing",
                "policy",
                "segments",
                "rows",
                "let",
                "measure",
                "earn",
                "cap",
                "release",
                "clawback",
                "hold",
                "break",
                "amortise",
                "carry",
                "pay",
                "except",
                "check",
                "review",
                "replace",
            ],
            Block::Contest => &[
                "period", "currency", "rounding", "policy", "entrants", "let", "measure", "check", "score",
                "qualify", "race", "rank", "prizes", "pool", "budget", "split", "closes",
            ],
            Block::Award => &[
                "payee",
                "period",
                "effective",
                "currency",
                "rounding",
                "policy",
                "let",
                "measure",
                "check",
                "grant",
            ],
            Block::Target => &[
                "subject",
                "period",
                "currency",
                "policy",
                "let",
                "measure",
                "actual",
                "goal",
                "split",
                "lock",
                "recalibrate",
                "smart",
            ],
            Block::Warning => &[
                "subject",
                "period",
                "effective",
                "currency",
                "policy",
                "let",
                "measure",
                "check",
                "level",
                "alert",
                "confirm",
                "skip",
                "reset",
                "cooldown",
                "escalate",
                "respond",
            ],
            Block::Scorecard => &[
                "subject",
                "period",
                "effective",
                "currency",
                "rounding",
                "policy",
                "missing",
                "weights",
                "rows",
                "let",
                "measure",
                "check",
                "dimension",
                "grades",
                "gate",
            ],
            Block::Test => &["given", "with", "known", "expect"],
            Block::Dimension => &["metric"],
            Block::Calendar => &["periods", "ends", "year"],
            Block::Data
            | Block::Source
            | Block::Holidays
            | Block::Rates
            | Block::Tiers
            | Block::Table
            | Block::Matrix
            | Block::Prizes
            | Block::Respond
            | Block::Grades
            | Block::Given => &[],
        }
    }

    /// Tells whether a word begins statements of other blocks, and nothing else in any.
    pub(crate) fn is_foreign(self, word: &str) -> bool {
        ONLY_STATEMENTS.contains(&word) && !self.statement_words().contains(&word)
    }

    /// Tells whether every line of the block is a row.
    pub(crate) fn is_rows(self) -> bool {
        self.statement_words().is_empty()
    }

    /// Names the block in a sentence: "a plan".
    pub(crate) fn name(self) -> Text {
        match self {
            Block::Data => text!("a data block", "数据块"),
            Block::Source => text!("a source", "数据源"),
            Block::Calendar => text!("a calendar", "日历"),
            Block::Holidays => text!("a holiday list", "节假日表"),
            Block::Rates => text!("exchange rates", "汇率"),
            Block::Tiers => text!("tiers", "阶梯"),
            Block::Table => text!("a table", "表"),
            Block::Matrix => text!("a matrix", "矩阵"),
            Block::Plan => text!("a plan", "方案"),
            Block::Contest => text!("a contest", "竞赛"),
            Block::Award => text!("an award", "奖励"),
            Block::Target => text!("a target", "目标"),
            Block::Warning => text!("a warning", "预警"),
            Block::Scorecard => text!("a scorecard", "记分卡"),
            Block::Test => text!("a test", "测试"),
            Block::Prizes => text!("prizes", "奖项"),
            Block::Respond => text!("responses", "处置"),
            Block::Dimension => text!("a dimension", "维度"),
            Block::Grades => text!("grades", "等级"),
            Block::Given => text!("a grid", "数据表格"),
        }
    }
}
