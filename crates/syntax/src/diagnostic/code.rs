//! The register of every message number of the project.
//!
//! Each line of the register is `NUMBER severity "short title" "短标题",`; to add a message, add a line to its band,
//! in order, and a page `docs/errors/NUMBER.md`. A number that was ever released is never used again for something
//! else: a message that goes keeps its line.
//!
//! | band  | what it is about                                                        |
//! |-------|-------------------------------------------------------------------------|
//! | E00xx | reading: size, encoding, forbidden characters, nesting, other limits     |
//! | E01xx | characters, lines and grammar                                           |
//! | E02xx | names and kinds                                                         |
//! | E03xx | tiers, tables and matrices                                              |
//! | E04xx | circles, exceptions and variants                                        |
//! | E05xx | weights, prizes, scorecards, contests, warnings                         |
//! | E06xx | versions and dates of effect                                            |
//! | W07xx | lints                                                                   |
//! | D08xx | loading data                                                            |
//! | R09xx | running                                                                 |

use std::fmt;
use std::str::FromStr;

use super::{Severity, Text};

macro_rules! register {
    ($($number:ident $severity:ident $en:literal $zh:literal,)*) => {
        /// Names a message of the project; prints as its number, `E0203`, and is parsed back from it.
        ///
        /// ```
        /// use guerdon_syntax::Code;
        /// let code: Code = "E0203".parse().unwrap();
        /// assert_eq!(code, Code::E0203);
        /// assert_eq!(code.title().en, "amounts in two currencies");
        /// assert_eq!(code.page(), "docs/errors/E0203.md");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("Stands for \"", $en, "\".")] $number,)*
        }

        impl Code {
            /// Lists every registered code, in order.
            pub const ALL: &[Code] = &[$(Code::$number),*];

            /// Gives the number as printed: `"E0203"`.
            pub fn number(self) -> &'static str {
                match self {
                    $(Code::$number => stringify!($number),)*
                }
            }

            /// Gives the severity the code has unless a message states another.
            pub fn severity(self) -> Severity {
                match self {
                    $(Code::$number => register!(@$severity),)*
                }
            }

            /// Gives the short title, the heading of the code's page.
            pub fn title(self) -> Text {
                let (en, zh) = match self {
                    $(Code::$number => ($en, $zh),)*
                };
                Text { en: en.to_owned(), zh: zh.to_owned() }
            }
        }
    };
    (@error) => { Severity::Error };
    (@warning) => { Severity::Warning };
    (@note) => { Severity::Note };
}

register! {
    E0001 error   "file too large" "文件过大",
    E0002 error   "not UTF-8 text" "不是 UTF-8 文本",
    E0003 error   "character that is not allowed" "不允许的字符",
    E0004 error   "nested too deeply" "嵌套过深",
    E0005 error   "expression too long" "表达式过长",
    E0006 error   "name too long" "名称过长",
    E0007 error   "text in quotes too long" "引号内的文本过长",
    E0008 error   "number with too many digits" "数字位数过多",
    E0009 error   "too many rows" "行数过多",
    E0010 error   "file too complex" "文件过于复杂",
    E0011 error   "too many files" "文件过多",
    E0012 note    "further messages left out" "其余消息未显示",
    E0013 error   "file not found" "找不到文件",
    E0014 error   "files use each other in a circle" "文件循环引用",
    E0015 error   "file outside the permitted folders" "文件不在允许的文件夹内",
    E0016 error   "unknown human language" "未知的语言",
    E0017 error   "language version not known" "未知的语言版本",

    E0101 error   "not what was expected here" "此处不应出现",
    E0102 error   "keyword glued to a name" "关键字与名称连写",
    E0103 note    "full stop left out" "句号已略去",
    E0104 error   "currency sign" "货币符号",
    E0105 error   "text without its closing quote" "文本缺少右引号",
    E0106 error   "sign that is not part of the language" "不属于本语言的符号",
    E0107 error   "number with a comma" "带逗号的数字",
    E0108 error   "bracket without its partner" "括号不配对",
    E0109 error   "brackets needed" "需要括号",
    E0110 error   "block without end" "块没有结束",
    E0111 error   "end without a block" "多余的结束",
    E0112 error   "statement that does not belong in this block" "不属于此块的语句",
    E0113 error   "row with too few or too many cells" "行的单元格数不对",
    E0114 error   "keyword used as a name" "关键字用作名称",
    E0115 error   "no such date or period" "没有这样的日期或期间",
    E0116 error   "minus before something that is no number" "负号后面不是数字",
    E0117 error   "statement outside a block" "语句不在块内",
    E0118 error   "empty block" "空块",
    E0119 error   "sign of another language" "其他语言的符号",
    E0120 error   "interval without its words" "区间没有用词写出",
    E0121 error   "line that must stand first" "必须写在首行",
    E0122 error   "back-tick without its partner" "反引号不配对",
    E0123 error   "amount without its currency" "金额没有币种",

    E0201 error   "wrong kind of value" "值的种类不对",
    E0202 error   "unknown name" "未知的名称",
    E0203 error   "amounts in two currencies" "两种币种的金额",
    E0204 error   "name that could mean two things" "有歧义的名称",
    E0205 error   "money times money" "金额乘以金额",
    E0206 error   "a value for each record where one is needed" "需要一个值，却每条记录各有一个",
    E0207 error   "name declared twice" "名称重复声明",
    E0208 error   "wrong number of arguments" "参数个数不对",
    E0209 error   "unknown field" "未知的字段",
    E0210 error   "unknown function" "未知的函数",
    E0211 error   "unknown value of an enum" "未知的枚举值",
    E0212 error   "unknown currency" "未知的币种",
    E0213 error   "= where is belongs, or is where = belongs" "“=”与“为”用错",
    E0214 error   "value that may be missing" "可能缺失的值",
    E0215 error   "what must be said is missing" "缺少必须写明的内容",
    E0216 error   "line given twice" "重复的行",
    E0217 error   "not supported yet" "尚不支持",
    E0218 error   "unknown data block, table or tiers" "未知的数据块、表或阶梯",
    E0219 error   "wrong subscripts" "下标不对",
    E0220 error   "divisor that is always zero" "恒为零的除数",
    E0221 error   "quota that may not be positive" "任务额可能不为正",
    E0222 error   "built-in name declared again" "重新声明了内置名称",
    E0223 error   "prior of something that has no past" "对没有上期的量取上期",
    E0225 error   "step that is not positive" "步长不为正",
    E0226 error   "value not known at this stage" "此阶段尚不可知的值",
    E0227 error   "calendar that cannot be built" "无法建立的日历",
    E0228 error   "unknown calendar or rates" "未知的日历或汇率表",
    E0229 error   "points and money mixed" "积分与金额混用",
    E0230 error   "reason missing" "缺少理由",
    E0231 error   "comparison of two rows that cannot be summed up" "无法累计的两行比较",
    E0232 error   "value that is not fixed" "不是固定值",
    E0233 error   "date needed" "需要日期",
    E0234 error   "no key" "没有主键",
    E0235 error   "nothing to spread" "无从摊销",
    E0236 error   "amount that cannot be broken down" "无法拆分的金额",

    E0301 error   "rows that overlap" "行相互重叠",
    E0302 error   "boundaries out of order" "边界次序颠倒",
    E0303 error   "tiers that end without saying so" "阶梯未写明终点之后",
    E0304 error   "boundaries of two kinds" "两种边界",
    E0305 error   "boundary that belongs to no tier" "不属于任何阶梯的边界",
    E0306 error   "too few points" "点数过少",
    E0307 error   "row that does not fit its kind of tiers" "行与阶梯种类不符",
    E0308 error   "two points at one place" "同一位置有两个点",
    E0309 error   "interval that holds nothing" "空区间",
    E0311 error   "table with a hole" "表有空缺",
    E0312 error   "row that is never reached" "永远用不到的行",
    E0313 error   "cell that does not fit its column" "单元格与列不符",
    E0314 error   "column named twice" "列名重复",
    E0315 error   "table that cannot be shown to be complete" "无法证明完整的表",
    E0316 error   "row or column of a matrix missing or repeated" "矩阵的行或列缺失或重复",

    E0401 error   "value that needs itself" "需要自身的值",
    E0402 error   "exceptions that outrank each other" "例外互相优先",
    E0403 error   "exception to something that allows none" "不可设例外的对象",
    E0404 error   "two exceptions that disagree" "两个例外不一致",
    E0405 error   "plans that extend each other" "方案互相扩展",
    E0406 error   "statement that a variant may not hold" "变体不可包含的语句",
    E0407 error   "variant that widens its plan" "变体扩大了方案的范围",
    E0408 error   "normal outside an exception" "例外之外的原值",
    E0409 error   "replacement that does not fit" "替换表不相符",

    E0410 error   "excess that cannot be carried" "不能结转的超额",
    E0501 error   "weights that do not add up" "权重之和不对",
    E0502 error   "prizes over the budget" "奖金超出预算",
    E0503 error   "place with no prize or two" "名次没有奖项或有两个",
    E0504 error   "dimension left out without a reason" "缺少维度且未写理由",
    E0505 error   "unknown dimension" "未知的维度",
    E0506 error   "points of a score out of order" "计分点次序颠倒",
    E0507 error   "grades that leave a hole or overlap" "等级有空缺或重叠",
    E0508 error   "levels of a warning out of order" "预警级别次序有误",
    E0509 error   "response missing" "缺少处置",
    E0510 error   "shares that do not add up to 100%" "份额之和不为 100%",
    E0511 error   "more is locked than there is" "锁定超过总额",
    E0513 error   "number of periods that cannot be" "不可能的期数",

    E0601 error   "hole between versions" "版本之间有空档",
    E0602 error   "versions that overlap" "版本重叠",
    E0603 error   "range that ends before it begins" "结束早于开始",
    E0604 error   "date outside the plan's life" "日期在方案有效期之外",

    W0701 warning "pay that falls when sales rise" "销售增加而报酬下降",
    W0702 warning "statement that is never used" "从未使用的语句",
    W0703 note    "jump in pay at a boundary" "边界处报酬跳变",
    W0704 warning "plan without tests" "方案没有测试",
    W0705 note    "one row paid twice" "同一行计酬两次",
    W0706 warning "name of mixed scripts" "混用文字的名称",
    W0707 warning "condition that is always the same" "恒定的条件",
    W0708 warning "exception that changes nothing" "不起作用的例外",
    W0709 warning "cap that can never be reached" "永远达不到的限额",
    W0710 note    "scorecard that does not say what a missing metric does" "记分卡未写明指标缺失的处理",
    W0711 warning "level that is never shown" "永远不会显示的级别",
    W0712 warning "row that nobody can reach" "没有人能达到的行",
    W0713 warning "running total of a year that began before the plan" "累计所在年度始于方案之前",

    D0801 error   "data file not found" "找不到数据文件",
    D0802 error   "column missing" "缺少列",
    D0803 error   "data that is not UTF-8" "数据不是 UTF-8",
    D0804 error   "row of uneven length" "行长不一",
    D0805 error   "key that does not exist" "不存在的主键",
    D0806 error   "key used twice" "主键重复",
    D0807 error   "empty cell" "空单元格",
    D0808 error   "wrong currency" "币种不符",
    D0809 error   "not a number" "不是数字",
    D0810 error   "not a date" "不是日期",
    D0811 error   "too many decimals" "小数位过多",
    D0812 error   "check failed on a cell" "单元格校验未通过",
    D0813 error   "percent without %" "百分数缺少 %",
    D0814 error   "circle in a tree" "树中有环",
    D0815 error   "value that its enum does not list" "枚举中没有的值",
    D0816 error   "dated records that overlap" "有期限的记录重叠",
    D0817 error   "column named twice in a file" "文件中列名重复",
    D0818 error   "neither yes nor no" "既非是也非否",
    D0819 note    "identical rows merged" "相同的行已合并",
    D0820 note    "record refused" "记录被拒",
    D0821 error   "not a period" "不是期间",
    D0822 error   "number too large" "数字过大",
    D0823 error   "data file that cannot be read" "数据文件无法读取",
    D0824 error   "data block without data" "数据块没有数据",

    R0901 error   "division by zero" "除以零",
    R0902 error   "quota that is not positive" "任务额不为正",
    R0903 error   "look-up that found nothing" "查不到",
    R0904 error   "exceptions that disagree" "例外不一致",
    R0905 error   "check failed" "校验未通过",
    R0906 error   "number too wide" "数字过宽",
    R0907 error   "limit exceeded" "超出限制",
    R0908 error   "run cancelled" "运行已取消",
    R0909 error   "period outside the run" "期间不在运行范围内",
    R0910 error   "two records where one is needed" "需要一条记录却有两条",
    R0911 error   "tie that nothing breaks" "无法打破的并列",
    R0912 error   "no exchange rate" "没有汇率",
    R0913 error   "nothing to share by" "没有分摊依据",
    R0914 error   "two variants for one payee" "一名适用人员有两个变体",
    R0915 error   "date outside its calendar" "日期不在日历内",
    R0916 error   "value beyond the tiers" "超出阶梯的值",
    R0917 error   "value spoilt by an earlier error" "因先前的错误而无法得出的值",
    R0918 error   "missing value" "缺失的值",
    R0919 note    "action without an addressee" "处置没有对象",
    R0920 error   "negative weight" "权重为负",
    R0921 error   "several amounts where one is shared" "分摊的数额不一致",
    R0922 error   "amount that is no whole number of steps" "数额不是步长的整数倍",
    R0923 error   "more is locked than there is" "锁定超过总额",
    R0926 error   "day outside the holiday list" "日期不在节假日表内",
    R0927 note    "records of somebody who is not paid" "记录所属的人不在适用人员之列",
}

impl Code {
    /// Gives the page that explains the code, from the root of the repository.
    pub fn page(self) -> String {
        format!("docs/errors/{self}.md")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.number())
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(number: &str) -> Result<Code, UnknownCode> {
        let found = Code::ALL.iter().find(|code| code.number() == number);
        found.copied().ok_or_else(|| UnknownCode {
            number: number.to_owned(),
        })
    }
}

/// Reports a number that no message has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no message has the number \"{number}\"")]
pub struct UnknownCode {
    /// The number that was looked for.
    pub number: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_from_its_number() {
        for code in Code::ALL {
            assert_eq!(code.to_string().parse(), Ok(*code));
        }
        assert_eq!(
            "E9999".parse::<Code>(),
            Err(UnknownCode {
                number: "E9999".to_owned()
            })
        );
    }

    #[test]
    fn the_register_is_in_order_and_each_letter_keeps_to_its_bands() {
        assert!(Code::ALL.is_sorted_by_key(|code| code.number().trim_start_matches(char::is_alphabetic)));
        for code in Code::ALL {
            let letter = match code.number().get(1..3).unwrap() {
                "00" | "01" | "02" | "03" | "04" | "05" | "06" => "E",
                "07" => "W",
                "08" => "D",
                "09" => "R",
                _ => "",
            };
            assert_eq!(code.number().get(..1), Some(letter), "{code}");
        }
    }

    #[test]
    fn titles_are_lower_case_without_full_stop_and_the_chinese_ones_are_chinese() {
        for code in Code::ALL {
            let title = code.title();
            let is_capital = title.en.starts_with(char::is_uppercase);
            assert!(
                !is_capital && !title.en.ends_with('.') && !title.zh.ends_with('。'),
                "{code}"
            );
            assert!(!title.zh.is_ascii(), "{code}");
        }
    }
}
