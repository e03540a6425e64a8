//! What can be wrong with a cell or record, and how it is said.

use guerdon_plan::calendar::Unit;
use guerdon_plan::number::Currency;
use guerdon_syntax::{Code, Text, text};

use crate::problem::Problem;

/// Says what is wrong with one cell or record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotUtf8,
    HasNul,
    TooLong { most: u64 },
    Uneven { expected: usize, found: usize },
    Damaged,
    Empty,
    NotANumber,
    TooManyDigits,
    TooManyDecimals { most: u8 },
    NotWhole,
    WrongCurrency(Currency),
    NoPercentSign,
    PercentSign,
    NotADate { is_iso: bool },
    NoSuchDay,
    NotAPeriod(Unit),
    NotInEnum,
    NeitherYesNorNo,
    NoRecord,
    KeyUsedTwice,
    Merged,
    Circle,
    Overlap,
}

impl Fault {
    pub(super) fn code(self) -> Code {
        match self {
            Fault::NotUtf8 | Fault::HasNul => Code::D0803,
            Fault::TooLong { .. } => Code::R0907,
            Fault::Uneven { .. } | Fault::Damaged => Code::D0804,
            Fault::Empty => Code::D0807,
            Fault::NotANumber | Fault::PercentSign => Code::D0809,
            Fault::TooManyDigits => Code::D0822,
            Fault::TooManyDecimals { .. } | Fault::NotWhole => Code::D0811,
            Fault::WrongCurrency(_) => Code::D0808,
            Fault::NoPercentSign => Code::D0813,
            Fault::NotADate { .. } | Fault::NoSuchDay => Code::D0810,
            Fault::NotAPeriod(_) => Code::D0821,
            Fault::NotInEnum => Code::D0815,
            Fault::NeitherYesNorNo => Code::D0818,
            Fault::NoRecord => Code::D0805,
            Fault::KeyUsedTwice => Code::D0806,
            Fault::Merged => Code::D0819,
            Fault::Circle => Code::D0814,
            Fault::Overlap => Code::D0816,
        }
    }

    /// Begins the problem; `column` is the heading or field, `table` the table that a reference names.
    pub(super) fn problem(self, column: &str, table: &str) -> Problem {
        Problem::new(self.code(), self.message(column, table)).advise(self.advice())
    }

    fn message(self, column: &str, table: &str) -> Text {
        match self {
            Fault::NotUtf8 => text!(
                "a cell of \"{column}\" is not UTF-8 text",
                "“{column}”的单元格不是 UTF-8 文本"
            ),
            Fault::HasNul => text!(
                "a cell of \"{column}\" holds a character (U+0000) that no text has",
                "“{column}”的单元格含有文本中不应有的字符（U+0000）"
            ),
            Fault::TooLong { most } => text!(
                "a cell of \"{column}\" is longer than {most} bytes",
                "“{column}”的单元格超过 {most} 字节"
            ),
            Fault::Uneven { expected, found } => text!(
                "a row has {found} cells where the heading has {expected}",
                "某行有 {found} 个单元格，表头有 {expected} 个"
            ),
            Fault::Damaged => text!(
                "a row has something between a closing quotation mark and the next comma",
                "某行在右引号与下一个逗号之间还有其他字符"
            ),
            Fault::Empty => text!("a cell of \"{column}\" is empty", "“{column}”的单元格为空"),
            Fault::NotANumber => text!(
                "a cell of \"{column}\" is not a number",
                "“{column}”的单元格不是数字"
            ),
            Fault::TooManyDigits => text!(
                "a number of \"{column}\" has more than 38 digits",
                "“{column}”的数字超过 38 位"
            ),
            Fault::TooManyDecimals { most } => text!(
                "a number of \"{column}\" has more than {most} decimals",
                "“{column}”的数字多于 {most} 位小数"
            ),
            Fault::NotWhole => text!(
                "a number of \"{column}\" is not whole",
                "“{column}”的数字不是整数"
            ),
            Fault::WrongCurrency(currency) => text!(
                "an amount of \"{column}\" is not in {currency}",
                "“{column}”的金额不是 {currency}"
            ),
            Fault::NoPercentSign => text!(
                "a percentage of \"{column}\" has no %",
                "“{column}”的百分数没有 %"
            ),
            Fault::PercentSign => text!(
                "a percentage of \"{column}\" has a % although its source says it has none",
                "“{column}”的百分数带有 %，而来源声明不带"
            ),
            Fault::NotADate { .. } => text!(
                "a cell of \"{column}\" is not a date",
                "“{column}”的单元格不是日期"
            ),
            Fault::NoSuchDay => text!(
                "a cell of \"{column}\" names a day that no calendar has",
                "“{column}”的单元格是不存在的日期"
            ),
            Fault::NotAPeriod(unit) => {
                let kind = unit_name(unit);
                text!("a cell of \"{column}\" is not a {kind}", "“{column}”的单元格不是{kind}"; kind)
            }
            Fault::NotInEnum => text!(
                "a cell of \"{column}\" holds a value that \"{table}\" does not list",
                "“{column}”的单元格是“{table}”中没有的值"
            ),
            Fault::NeitherYesNorNo => text!(
                "a cell of \"{column}\" is neither yes nor no",
                "“{column}”的单元格既非是也非否"
            ),
            Fault::NoRecord => text!(
                "a cell of \"{column}\" names a record that \"{table}\" does not have",
                "“{column}”的单元格引用了“{table}”中没有的记录"
            ),
            Fault::KeyUsedTwice => text!(
                "two rows of \"{table}\" have the same key and differ",
                "“{table}”有两行主键相同而内容不同"
            ),
            Fault::Merged => text!(
                "a row of \"{table}\" is the same as an earlier one and counts once",
                "“{table}”有一行与前面的行相同，只计一次"
            ),
            Fault::Circle => text!(
                "a record of \"{table}\" is above itself by \"{column}\"",
                "“{table}”的一条记录按“{column}”成了自己的上级"
            ),
            Fault::Overlap => text!(
                "two records of \"{table}\" with one key hold on the same day",
                "“{table}”有两条同一主键的记录在同一天都有效"
            ),
        }
    }

    fn advice(self) -> Text {
        match self {
            Fault::NotUtf8 => text!("export the file as \"CSV UTF-8\"", "请以“CSV UTF-8”格式导出文件"),
            Fault::HasNul => text!("export the file again as plain text", "请重新导出为纯文本"),
            Fault::TooLong { .. } => text!(
                "look for a quotation mark that is never closed",
                "请检查是否有未闭合的引号"
            ),
            Fault::Uneven { .. } => text!(
                "put cells that hold a comma or a line break in quotes",
                "含逗号或换行的单元格请加引号"
            ),
            Fault::Damaged => text!(
                "write two quotation marks where one is meant, and nothing behind the closing one",
                "单元格中的引号写两个；右引号之后不要再写内容"
            ),
            Fault::Empty => text!(
                "fill the cell, or mark the field with ? and say in the plan what counts then",
                "请填写单元格；或在字段类型后加 ?，并在方案中写明缺失时怎么办"
            ),
            Fault::NotANumber => text!(
                "write digits with a point for decimals, such as -1234.5; an amount may carry its currency, \
                 CNY 1,234.50",
                "只写数字和小数点，如 -1234.5；金额可带币种，如 CNY 1,234.50"
            ),
            Fault::TooManyDigits => text!(
                "declare the field as text if it is a number on a document",
                "若是单据编号，请把字段声明为 text"
            ),
            Fault::TooManyDecimals { most } => {
                let step = step(most.saturating_add(1));
                text!(
                    "declare what the data have, such as \"to {step}\"; nothing is rounded when it is read",
                    "请按数据声明精度，如 to {step}；读入时不做舍入"
                )
            }
            Fault::NotWhole => text!(
                "declare the field as number if parts are meant",
                "若允许小数，请把字段声明为 number"
            ),
            Fault::WrongCurrency(currency) => text!(
                "write the amount in {currency}, or declare the field as \"money in\" a column with the currency",
                "请用 {currency} 写金额，或把字段声明为“money in 币种列”"
            ),
            Fault::NoPercentSign => text!(
                "write 8% for eight hundredths, or say in the source block \"as percent\" (8) or \"as fraction\" (0.08)",
                "百分之八写作 8%；或在 source 块中写明 as percent（8）或 as fraction（0.08）"
            ),
            Fault::PercentSign => text!(
                "leave \"as percent\" or \"as fraction\" out of the source block",
                "请从 source 块中去掉 as percent 或 as fraction"
            ),
            Fault::NotADate { is_iso: true } => text!(
                "write the date as 2026-03-31, or name the form in the source block",
                "日期写作 2026-03-31；或在 source 块中写明格式"
            ),
            Fault::NotADate { is_iso: false } => text!(
                "write the date in the form that the source block names",
                "请按 source 块中写明的格式书写日期"
            ),
            Fault::NoSuchDay => text!("write a day that exists", "请写存在的日期"),
            Fault::NotAPeriod(unit) => {
                let form = unit_form(unit);
                text!("write it as {form}", "请写作 {form}")
            }
            Fault::NotInEnum => text!(
                "write one of its values, or rename it in the source block",
                "请写枚举中的值，或在 source 块中改名"
            ),
            Fault::NeitherYesNorNo => text!(
                "write yes or no, or rename the value in the source block",
                "请写 是 或 否（yes 或 no），或在 source 块中改名"
            ),
            Fault::NoRecord => text!("add the record, or correct the key", "请补上该记录，或更正主键"),
            Fault::KeyUsedTwice => text!("keep the row that holds", "请只保留正确的一行"),
            Fault::Merged => Text::default(),
            Fault::Circle => text!(
                "correct the record above in one row of the circle",
                "请更正环中某一行的上级"
            ),
            Fault::Overlap => text!(
                "end one record on the day before the other begins",
                "请让一条记录在另一条开始的前一天结束"
            ),
        }
    }
}

/// Quotes a cell for a detail, shortened and without control characters.
pub(super) fn quoted(cell: &[u8]) -> String {
    let lossy = String::from_utf8_lossy(cell.get(..cell.len().min(400)).unwrap_or(cell));
    let mut shown: String = lossy.chars().take(80).flat_map(visible).collect();
    if cell.len() > 400 || lossy.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}

/// Says what a cell reads.
pub(super) fn reads(cell: &[u8]) -> Text {
    let cell = quoted(cell);
    text!("the cell reads \"{cell}\"", "单元格内容为“{cell}”")
}

/// Says how a row reads.
pub(super) fn row_reads<'c>(cells: impl Iterator<Item = &'c [u8]>) -> Text {
    let row = quoted(&cells.take(20).collect::<Vec<_>>().join(&b" | "[..]));
    text!("the row reads \"{row}\"", "该行内容为“{row}”")
}

/// Says what a cell reads and what was probably meant.
pub(super) fn reads_near(cell: &[u8], near: Option<&str>) -> Text {
    let Some(near) = near else { return reads(cell) };
    let (cell, near) = (quoted(cell), quoted(near.as_bytes()));
    text!(
        "the cell reads \"{cell}\"; did you mean \"{near}\"?",
        "单元格内容为“{cell}”；是否应为“{near}”？"
    )
}

fn visible(letter: char) -> impl Iterator<Item = char> {
    let escaped = letter.is_control().then(|| letter.escape_unicode());
    let plain = (!letter.is_control()).then_some(letter);
    plain.into_iter().chain(escaped.into_iter().flatten())
}

fn step(decimals: u8) -> String {
    let zeros = "0".repeat(usize::from(decimals.saturating_sub(1)));
    format!("0.{zeros}1")
}

fn unit_name(unit: Unit) -> Text {
    match unit {
        Unit::Day => text!("day", "日"),
        Unit::Week => text!("week", "周"),
        Unit::Month => text!("month", "月份"),
        Unit::Quarter => text!("quarter", "季度"),
        Unit::Year => text!("year", "年份"),
        Unit::Period => text!("period", "期间"),
    }
}

fn unit_form(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "2026-03-31",
        Unit::Week => "2026-W05",
        Unit::Month => "2026-03",
        Unit::Quarter => "2026-Q1",
        Unit::Year => "2026",
        Unit::Period => "2026-03-01..2026-03-15",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_cells_are_short_and_harmless_on_a_terminal() {
        assert_eq!(quoted("华东\u{1b}[31m".as_bytes()), "华东\\u{1b}[31m");
        assert_eq!(quoted(&[b'x'; 500]).chars().count(), 81);
        assert_eq!(quoted(&[b'a', 0xFF]), "a\u{FFFD}");
    }

    #[test]
    fn messages_speak_both_languages_and_hold_no_data() {
        let fault = Fault::TooManyDecimals { most: 2 };
        let problem = fault.problem("amount", "Deal");
        assert_eq!(
            problem.message.en,
            "a number of \"amount\" has more than 2 decimals"
        );
        assert_eq!(problem.message.zh, "“amount”的数字多于 2 位小数");
        assert_eq!(
            problem.advice.en,
            "declare what the data have, such as \"to 0.001\"; nothing is rounded when it is read"
        );
    }
}
