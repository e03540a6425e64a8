//! Says in plain words what the grammar expected.

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::build::Builder;
use super::grammar::{Grammar, Rule, is_keyword};
use super::unsaid;
use crate::diagnostic::{Code, Diagnostic, Fix, Language, Text};
use crate::keyword::{glued_keyword, is_reserved, say};
use crate::lines::token::{Token, TokenKind};
use crate::span::Span;
use crate::text;

/// The most expectations that one message lists.
const MAX_LISTED: usize = 7;

impl Builder<'_> {
    /// Reports that the grammar could not read a line.
    pub(crate) fn unexpected(&mut self, rule: Rule, fault: &Error<Rule>, tokens: &[Token<'_>], text: &str) {
        let place = match fault.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let at = self.base.saturating_add(place);
        let found = tokens.iter().find(|token| token.end() > at);
        let expected = match &fault.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
            ErrorVariant::CustomError { .. } => &[],
        };
        let report = self
            .glued(rule, tokens, text)
            .or_else(|| self.loose_apply(rule, found, tokens, text))
            .or_else(|| self.reserved_name(found, expected))
            .or_else(|| self.phrase_as_name(found, tokens))
            .or_else(|| self.bare_interval(rule, tokens, place))
            .or_else(|| self.unsaid(rule, expected, found, tokens))
            .unwrap_or_else(|| self.misplaced(found, expected, tokens));
        self.sink.push(report);
    }

    /// Reports keywords glued to names, if the line can be read once they are parted.
    fn glued(&mut self, rule: Rule, tokens: &[Token<'_>], text: &str) -> Option<Diagnostic> {
        let mut parted = String::with_capacity(text.len());
        let mut copied = 0;
        let mut first = None;
        let mut fixes: Option<Fix> = None;
        for token in tokens.iter().filter(|token| token.kind == TokenKind::Word) {
            let Some((front, back)) = glued_keyword(token.text, self.language) else {
                continue;
            };
            let start = token.start.saturating_sub(self.base);
            parted.push_str(text.get(copied..start)?);
            let spell = |word| crate::keyword::english_of(word, self.language).unwrap_or(word);
            parted.push_str(&format!("{} {}", spell(front), spell(back)));
            copied = token.end().saturating_sub(self.base);
            let between = token.start.saturating_add(front.len());
            let span = self.folded.span(between, between);
            fixes = Some(match fixes {
                Some(fix) => fix.and(span, " "),
                None => Fix::insert(text!("add a space", "加一个空格"), span, " "),
            });
            first = first.or(Some((*token, front, back)));
        }
        parted.push_str(text.get(copied..)?);
        let (token, front, back) = first?;
        Grammar::parse(rule, &parted).ok()?;
        let name = token.text;
        let is_keyword_first = crate::keyword::english_of(front, self.language).is_some();
        let (word, rest) = if is_keyword_first {
            (front, back)
        } else {
            (back, front)
        };
        let note = text!(
            "\"{word}\" is a keyword and needs a space beside it, or it makes one name with \"{rest}\".",
            "“{word}”是关键字，{side}要有空格，否则会和“{rest}”连成一个名称。",
            side = if is_keyword_first { "后面" } else { "前面" }
        );
        let report = Diagnostic::error(
            Code::E0102,
            text!("nothing is named \"{name}\"", "没有叫“{name}”的名称"),
        )
        .primary(self.token_span(&token), Text::default())
        .note(note);
        Some(report.fix(fixes?))
    }

    /// Reports `apply T to a * b stacked …`, if the line can be read once what tiers are applied to is in brackets.
    fn loose_apply(
        &mut self,
        rule: Rule,
        found: Option<&Token<'_>>,
        tokens: &[Token<'_>],
        text: &str,
    ) -> Option<Diagnostic> {
        let found = found.filter(|token| matches!(token.text, "stacked" | "against"))?;
        let at = tokens.iter().position(|token| token.start == found.start)?;
        let before = tokens.get(..at)?;
        let apply = before.iter().rposition(|token| token.text == "apply")?;
        let first = before
            .get(apply.saturating_add(2))
            .filter(|token| token.text == "to")
            .and_then(|_| before.get(apply.saturating_add(3)))?;
        let last = before.last()?;
        let place = |at: usize| at.saturating_sub(self.base);
        let (start, end) = (place(first.start), place(last.end()));
        let (front, middle, back) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
        Grammar::parse(rule, &format!("{front}({middle}){back}")).ok()?;
        let (whole, span) = (
            self.token_span(first).to(self.token_span(last)),
            self.token_span(found),
        );
        let word = self.written(span).to_owned();
        let report = Diagnostic::error(
            Code::E0109,
            text!("brackets are needed before \"{word}\"", "“{word}”之前需要括号"),
        )
        .primary(whole, text!("what the tiers are applied to", "套用阶梯的对象"));
        Some(report.fix(Fix::wrap(
            text!("put it in brackets", "加上括号"),
            whole,
            "(",
            ")",
        )))
    }

    /// Reports a reserved word in the place of a name.
    fn reserved_name(&self, found: Option<&Token<'_>>, expected: &[Rule]) -> Option<Diagnostic> {
        let found = found.filter(|token| token.kind == TokenKind::Word && is_reserved(token.text))?;
        let only_name = expected
            .iter()
            .all(|rule| matches!(rule, Rule::ident | Rule::word));
        if !only_name || expected.is_empty() {
            return None;
        }
        Some(self.keyword_as_name(found))
    }

    /// Reports a Chinese word that stands for several English ones, of which the first was taken for a name.
    fn phrase_as_name(&self, found: Option<&Token<'_>>, tokens: &[Token<'_>]) -> Option<Diagnostic> {
        let found = found.filter(|token| token.kind == TokenKind::Word)?;
        let before = tokens.iter().rfind(|token| token.end() <= found.start)?;
        (self.token_span(before) == self.token_span(found)).then(|| self.keyword_as_name(found))
    }

    fn keyword_as_name(&self, found: &Token<'_>) -> Diagnostic {
        let span = self.token_span(found);
        let word = self.written(span).to_owned();
        let ticked = format!("`{word}`");
        Diagnostic::error(
            Code::E0114,
            text!(
                "\"{word}\" is a keyword and cannot be a name",
                "“{word}”是关键字，不能用作名称"
            ),
        )
        .primary(span, text!("a name is expected here", "此处应为名称"))
        .fix(Fix::replace(
            text!("put it in back-ticks", "加反引号"),
            span,
            ticked,
        ))
    }

    /// Reports a row of tiers or grades that begins with a number.
    fn bare_interval(&self, rule: Rule, tokens: &[Token<'_>], place: usize) -> Option<Diagnostic> {
        let is_row = matches!(rule, Rule::tier_row | Rule::grade_row);
        let first = tokens.first().filter(|_| is_row && place == 0)?;
        if !matches!(first.kind, TokenKind::Number | TokenKind::Sign) && !first.is("CNY") {
            return None;
        }
        let from = say("from", self.language);
        let span = self.token_span(first);
        Some(
            Diagnostic::error(
                Code::E0120,
                text!(
                    "this interval does not say whether its ends belong to it",
                    "此区间没有说明是否包含端点"
                ),
            )
            .primary(span, text!("begins without a word", "开头没有用词"))
            .note(text!(
                "\"from\" and \"through\" include the number, \"above\" and \"below\" leave it out.",
                "“满”“不超过”包含该数，“超过”“不满”不包含该数。"
            ))
            .fix(Fix::advice(
                text!("write it with words", "请用词写出"),
                text!("{from} 0 below 10", "满 0 不满 10"),
            )),
        )
    }

    /// Reports a choice that the line leaves open and nobody may make for the author.
    fn unsaid(
        &self,
        rule: Rule,
        expected: &[Rule],
        found: Option<&Token<'_>>,
        tokens: &[Token<'_>],
    ) -> Option<Diagnostic> {
        let before = match found {
            Some(found) => tokens.iter().rfind(|token| token.end() <= found.start),
            None => tokens.last(),
        }?;
        let at = match found {
            Some(found) => self.token_span(found),
            None => self.token_span(before).after(),
        };
        unsaid::report(rule, expected, before.text, found.map(|found| found.text), at)
    }

    fn misplaced(&self, found: Option<&Token<'_>>, expected: &[Rule], tokens: &[Token<'_>]) -> Diagnostic {
        let english = list(expected, Language::En);
        let chinese = list(expected, Language::Zh);
        let label = match english.is_empty() {
            true => text!("cannot be read", "无法读取"),
            false => text!("expected {english}", "此处应为{chinese}"),
        };
        match found {
            Some(token) => {
                let span = self.token_span(token);
                let word = shortened(self.written(span));
                Diagnostic::error(
                    Code::E0101,
                    text!("\"{word}\" does not fit here", "此处不应出现“{word}”"),
                )
                .primary(span, label)
            }
            None => {
                let end = tokens.last().map_or(self.base, Token::end);
                let span: Span = self.folded.span(end.saturating_sub(1), end).after();
                Diagnostic::error(Code::E0101, text!("this line is not complete", "此行不完整"))
                    .primary(span, label)
            }
        }
    }
}

fn shortened(words: &str) -> String {
    match words.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or("")),
        None => words.to_owned(),
    }
}

fn list(expected: &[Rule], language: Language) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in expected.iter().filter_map(|rule| plain(*rule, language)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.sort_by_key(|word| is_quoted(word));
    let is_cut = words.len() > MAX_LISTED;
    words.truncate(MAX_LISTED);
    if is_cut {
        words.push("…".to_owned());
    }
    let (comma, or) = match language {
        Language::En => (", ", " or "),
        Language::Zh => ("、", "或"),
    };
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{}{or}{last}", before.join(comma)),
        _ => words.concat(),
    }
}

fn is_quoted(word: &str) -> bool {
    word.starts_with(['"', '“'])
}

/// Says one expectation; nothing for what an author need not know.
fn plain(rule: Rule, language: Language) -> Option<String> {
    let text = match rule {
        Rule::ident | Rule::word | Rule::enum_value | Rule::population | Rule::source | Rule::among => {
            text!("a name", "名称")
        }
        Rule::string => text!("a text in quotes", "引号内的文本"),
        Rule::number | Rule::weight => text!("a number", "数字"),
        Rule::percent => text!("a percentage", "百分数"),
        Rule::date | Rule::date_range => text!("a date such as 2026-03-31", "日期，如 2026-03-31"),
        Rule::iso => text!("a currency code such as CNY", "货币代码，如 CNY"),
        Rule::unit | Rule::periods => text!("a unit such as month", "单位，如 月"),
        Rule::r#type => text!("a type such as text or money CNY", "类型，如 文本、货币 CNY"),
        Rule::expr
        | Rule::sum_expr
        | Rule::operand
        | Rule::primary
        | Rule::literal
        | Rule::signed
        | Rule::prefix => {
            text!("a value", "值")
        }
        Rule::infix | Rule::suffix | Rule::arithmetic | Rule::comparison => text!("an operator", "运算符"),
        Rule::cell | Rule::grid_cell => text!("a cell", "单元格"),
        Rule::interval | Rule::lower | Rule::upper => {
            text!(
                "an interval such as \"from 0 below 10\"",
                "区间，如“满 0 不满 10”"
            )
        }
        Rule::round_mode => text!("a way to round such as half-up", "舍入方式，如 四舍五入"),
        Rule::tier_kind => text!("a kind of tiers such as marginal", "阶梯种类，如 超额累进"),
        Rule::param | Rule::output => {
            text!("a column such as \"amount: money CNY\"", "列，如“金额：货币 CNY”")
        }
        Rule::action => text!("an action such as notify", "处置，如 通知"),
        Rule::norm => text!("a way to score such as linear", "计分方式，如 线性"),
        Rule::EOI => text!("the end of the line", "行末"),
        _ => return signed_or_keyword(rule, language),
    };
    Some(text.get(language).to_owned())
}

fn signed_or_keyword(rule: Rule, language: Language) -> Option<String> {
    let word = match rule {
        Rule::colon => ":",
        Rule::equals => "=",
        Rule::bar => "|",
        Rule::arrow => "->",
        Rule::comma => ",",
        Rule::semicolon => ";",
        Rule::open | Rule::arguments | Rule::paren => "(",
        Rule::close => ")",
        Rule::index => "[",
        Rule::question => "?",
        Rule::filter => "where",
        Rule::dated => "dated",
        Rule::during => "during",
        Rule::effective => "effective",
        Rule::alias => "alias",
        Rule::alias_as => "as",
        Rule::for_each => "for",
        Rule::because | Rule::tail => "because",
        Rule::fails => "fails",
        Rule::within => "within",
        _ if is_keyword(rule) => KEYWORDS.get(&rule).copied()?,
        _ => return None,
    };
    Some(match language {
        Language::En => format!("\"{word}\""),
        Language::Zh => format!("“{}”", say(word, language)),
    })
}

/// The spelling of every keyword rule.
static KEYWORDS: std::sync::LazyLock<std::collections::BTreeMap<Rule, &'static str>> =
    std::sync::LazyLock::new(|| {
        let lines = include_str!("../grammar/keyword.pest")
            .lines()
            .filter(|line| line.starts_with("kw_"));
        let words = lines.filter_map(|line| line.split('"').nth(1));
        Rule::all_rules()
            .iter()
            .copied()
            .filter(|rule| is_keyword(*rule))
            .zip(words)
            .collect()
    });
