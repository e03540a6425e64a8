//! Names that are there without a declaration, with their Chinese aliases.
//!
//! They are names, not keywords: the tree keeps the spelling of the author, and name resolution asks here.

/// Gives the English form of a built-in bare name: `payee`, `row`, `month`, ….
///
/// ```
/// use guerdon_syntax::keyword::builtin_name;
/// assert_eq!(builtin_name("领取人"), Some("payee"));
/// assert_eq!(builtin_name("row"), Some("row"));
/// assert_eq!(builtin_name("销售员"), None);
/// ```
pub fn builtin_name(name: &str) -> Option<&'static str> {
    english(NAMES, name)
}

/// Gives the English form of a built-in field: `last_day`, `attainment`, `grade`, ….
///
/// ```
/// assert_eq!(guerdon_syntax::keyword::builtin_field("末日"), Some("last_day"));
/// ```
pub fn builtin_field(name: &str) -> Option<&'static str> {
    english(FIELDS, name)
}

/// Gives the English form of a built-in function: `abs`, `convert`, ….
///
/// ```
/// assert_eq!(guerdon_syntax::keyword::builtin_function("折算"), Some("convert"));
/// ```
pub fn builtin_function(name: &str) -> Option<&'static str> {
    english(FUNCTIONS, name)
}

/// Gives the English form of a day of the week: `monday`, …; in Chinese also with 星期 for 周.
///
/// ```
/// use guerdon_syntax::keyword::builtin_weekday;
/// assert_eq!(builtin_weekday("周六"), Some("saturday"));
/// assert_eq!(builtin_weekday("6"), Some("saturday"));
/// ```
pub fn builtin_weekday(name: &str) -> Option<&'static str> {
    WEEKDAYS
        .iter()
        .find(|(_, spellings)| spellings.contains(&name))
        .map(|(english, _)| *english)
}

fn english(table: &[(&'static str, &str)], name: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(english, chinese)| *english == name || *chinese == name)
        .map(|(english, _)| *english)
}

const NAMES: &[(&str, &str)] = &[
    ("payee", "领取人"),
    ("row", "本行"),
    ("normal", "原值"),
    ("entrant", "参赛者"),
    ("subject", "对象"),
    ("score", "得分"),
    ("entries", "参赛数"),
    ("qualified", "达标数"),
    ("tied", "并列数"),
    ("none", "无"),
    ("day", "日期"),
    ("week", "星期"),
    ("month", "月份"),
    ("quarter", "季度"),
    ("year", "年份"),
    ("last_day", "月末"),
    ("same_day", "同日"),
];

const FIELDS: &[(&str, &str)] = &[
    ("first_day", "首日"),
    ("last_day", "末日"),
    ("rank", "名次"),
    ("prize", "奖金"),
    ("honour", "荣誉"),
    ("part", "份额"),
    ("score", "得分"),
    ("points", "计分"),
    ("total", "总分"),
    ("grade", "等级"),
    ("multiplier", "系数"),
    ("financial", "财务"),
    ("customer", "客户"),
    ("competitive", "竞争"),
    ("collaboration", "协作"),
    ("actions", "处置"),
    ("entered", "进级"),
    ("cash", "折现"),
    ("earned", "已计提"),
    ("released", "已放行"),
    ("held", "留存额"),
    ("clawed_back", "已追回"),
    ("in_review", "待复核"),
    ("paid_to_date", "累计已发"),
    ("amortised", "已摊销"),
    ("written_off", "已核销"),
    ("unamortised", "待摊销"),
    ("original", "原目标"),
    ("recalibrated", "新目标"),
    ("unplaced", "未分配"),
];

const FUNCTIONS: &[(&str, &str)] = &[
    ("abs", "绝对值"),
    ("largest", "最大值"),
    ("smallest", "最小值"),
    ("convert", "折算"),
    ("add_months", "加月"),
    ("month_of", "所在月"),
    ("quarter_of", "所在季"),
    ("year_of", "所在年"),
    ("days", "天数"),
    ("months", "月数"),
    ("working_days", "工作日"),
];

const WEEKDAYS: &[(&str, &[&str])] = &[
    ("monday", &["monday", "周一", "星期一", "1"]),
    ("tuesday", &["tuesday", "周二", "星期二", "2"]),
    ("wednesday", &["wednesday", "周三", "星期三", "3"]),
    ("thursday", &["thursday", "周四", "星期四", "4"]),
    ("friday", &["friday", "周五", "星期五", "5"]),
    ("saturday", &["saturday", "周六", "星期六", "6"]),
    ("sunday", &["sunday", "周日", "星期日", "7"]),
];
