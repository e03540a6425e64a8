//! The operations on a value, from the inside out.

use guerdon_plan::calendar::Unit;
use guerdon_plan::hir::{
    Apply, Definition, DefinitionKind, Expr, ExprKind, Factor, Limit, RoundingRule, Sign, TierKind, Value,
    print_value,
};
use guerdon_plan::number::{Exact, Rounding};
use guerdon_plan::types::DefinitionId;
use guerdon_syntax::keyword::Keyword;
use guerdon_syntax::{Language, Text, text};

use super::Reader;

/// How many characters of a formula are shown.
const MOST_EXCERPT: usize = 160;

/// The most operations that are told of one amount.
const MOST_LINKS: usize = 64;

/// Says how far operations are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Within the statement: what it uses is named.
    Statement,
    /// Through every `let` and `measure` of the plan.
    Plan,
}

/// What stands before an operation: a further value to look into, or the first one.
enum Inner<'e> {
    More(&'e Expr),
    First(Text),
}

impl<'c> Reader<'c> {
    /// Lists the first value and the operations on it, in the order in which they are done.
    pub(super) fn links(self, value: &'c Expr, reach: Reach) -> Vec<Text> {
        let mut links: Vec<Text> = Vec::new();
        let mut current = value;
        let mut used: Vec<DefinitionId> = Vec::new();
        let first = loop {
            if links.len() >= MOST_LINKS {
                break Text::same("…");
            }
            match self.peel(current, reach, &mut used, &mut links) {
                Inner::More(inner) => current = inner,
                Inner::First(first) => break first,
            }
        };
        links.push(first);
        links.reverse();
        links
    }

    /// Takes the last operation off a value: pushes it, and gives what it was done to.
    fn peel(
        self,
        value: &'c Expr,
        reach: Reach,
        used: &mut Vec<DefinitionId>,
        links: &mut Vec<Text>,
    ) -> Inner<'c> {
        match &value.kind {
            ExprKind::Require(inner) => Inner::More(inner),
            ExprKind::Product(parts) => self.product(value, parts, links),
            ExprKind::Sum(parts) => self.sum(value, parts, links),
            ExprKind::Bounded { value, limits } => {
                for (limit, at) in limits.iter().rev() {
                    let at = self.said(at);
                    links.push(match limit {
                        Limit::AtMost => text!("at most {at}", "封顶 {at}"),
                        Limit::AtLeast => text!("at least {at}", "保底 {at}"),
                    });
                }
                Inner::More(value)
            }
            ExprKind::Rounded { value, mode, step } => {
                links.push(rounding(*mode, step));
                Inner::More(value)
            }
            ExprKind::Otherwise(parts) => self.otherwise(value, parts, links),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.gate(value, [condition, then, otherwise], links),
            ExprKind::Apply(apply) => {
                links.push(self.tiers(apply));
                Inner::More(&apply.value)
            }
            ExprKind::Use { definition, args } => self.used(value, *definition, args, reach, used, links),
            ExprKind::Const(_)
            | ExprKind::Binder(_)
            | ExprKind::Field { .. }
            | ExprKind::Find { .. }
            | ExprKind::Constant { .. }
            | ExprKind::Decide { .. }
            | ExprKind::Prior { .. }
            | ExprKind::Earned { .. }
            | ExprKind::Normal
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::IsMissing(_)
            | ExprKind::OneOf { .. }
            | ExprKind::Within { .. }
            | ExprKind::IsAbove { .. }
            | ExprKind::Lower(_)
            | ExprKind::Aggregate(_)
            | ExprKind::Running(_)
            | ExprKind::Rank(_)
            | ExprKind::Share(_)
            | ExprKind::Words(_)
            | ExprKind::RateOf { .. }
            | ExprKind::Convert { .. }
            | ExprKind::FirstDay(_)
            | ExprKind::LastDay(_)
            | ExprKind::Containing { .. }
            | ExprKind::Shift { .. }
            | ExprKind::DaysIn { .. }
            | ExprKind::DaysBetween { .. }
            | ExprKind::MonthsBetween { .. }
            | ExprKind::AddDays { .. }
            | ExprKind::AddMonths { .. }
            | ExprKind::Call { .. }
            | ExprKind::Faulty => Inner::First(Text::same(self.said(value))),
        }
    }

    /// Follows the operand that carries the amount; the others multiply and divide it.
    fn product(self, value: &'c Expr, parts: &'c [(Factor, Expr)], links: &mut Vec<Text>) -> Inner<'c> {
        let is_main = |(factor, part): &&(Factor, Expr)| {
            *factor == Factor::Times && part.ty.scalar == value.ty.scalar && fixed(part).is_none()
        };
        let first = parts
            .iter()
            .find(is_main)
            .or_else(|| parts.iter().find(|(factor, _)| *factor == Factor::Times));
        let Some((_, main)) = first else {
            return Inner::First(Text::same(self.said(value)));
        };
        let others = parts.iter().filter(|(_, part)| !std::ptr::eq(part, main));
        for (factor, part) in others.rev() {
            let part = self.said(part);
            links.push(match factor {
                Factor::Times => text!("multiply by {part}", "乘以 {part}"),
                Factor::Over => text!("divide by {part}", "除以 {part}"),
            });
        }
        Inner::More(main)
    }

    fn sum(self, value: &'c Expr, parts: &'c [(Sign, Expr)], links: &mut Vec<Text>) -> Inner<'c> {
        let Some(((Sign::Plus, main), others)) = parts.split_first() else {
            return Inner::First(Text::same(self.said(value)));
        };
        for (sign, part) in others.iter().rev() {
            let part = self.said(part);
            links.push(match sign {
                Sign::Plus => text!("add {part}", "加 {part}"),
                Sign::Minus => text!("take away {part}", "减 {part}"),
            });
        }
        Inner::More(main)
    }

    fn otherwise(self, value: &'c Expr, parts: &'c [Expr], links: &mut Vec<Text>) -> Inner<'c> {
        let Some((main, others)) = parts.split_first() else {
            return Inner::First(Text::same(self.said(value)));
        };
        for other in others.iter().rev() {
            let other = self.said(other);
            links.push(text!("where that is missing: {other}", "缺失时：{other}"));
        }
        Inner::More(main)
    }

    /// Reads a choice as a gate where one branch is the other one changed, or nothing.
    fn gate(
        self,
        value: &'c Expr,
        [condition, then, otherwise]: [&'c Expr; 3],
        links: &mut Vec<Text>,
    ) -> Inner<'c> {
        let condition = self.said(condition);
        if fixed(otherwise).is_some_and(Exact::is_zero) {
            links.push(text!(
                "only if {condition}, otherwise nothing",
                "仅当 {condition}，否则为零"
            ));
            return Inner::More(then);
        }
        if fixed(then).is_some_and(Exact::is_zero) {
            links.push(text!("nothing if {condition}", "若 {condition} 则为零"));
            return Inner::More(otherwise);
        }
        if let Some(change) = self.change(then, otherwise) {
            links.push(text!("unless {condition}: {change}", "除非 {condition}：{change}"; change));
            return Inner::More(then);
        }
        if let Some(change) = self.change(otherwise, then) {
            links.push(text!("if {condition}: {change}", "若 {condition}：{change}"; change));
            return Inner::More(otherwise);
        }
        Inner::First(Text::same(self.said(value)))
    }

    /// Says what was done to a value to make another one of it, if it was.
    fn change(self, value: &Expr, changed: &'c Expr) -> Option<Text> {
        let program = &self.compiled.program;
        let wanted = print_value(program, value);
        let mut links = Vec::new();
        let mut current = changed;
        while links.len() < MOST_LINKS {
            match self.peel(current, Reach::Statement, &mut Vec::new(), &mut links) {
                Inner::More(inner) => current = inner,
                Inner::First(_) => return None,
            }
            if print_value(program, current) == wanted {
                links.reverse();
                return Some(joined(&links));
            }
        }
        None
    }

    fn tiers(self, apply: &Apply) -> Text {
        let found = self.compiled.program.tier_table(apply.tiers);
        let name = found.map_or("", |found| found.naming.name.as_str());
        let kind = found.map_or_else(Text::default, |found| kind(found.kind));
        let against = apply.against.as_ref().map_or_else(Text::default, |quota| {
            let quota = self.said(quota);
            text!(", bounds times {quota}", "，边界乘以 {quota}")
        });
        let stack =
            apply
                .stack
                .as_ref()
                .map_or_else(Text::default, |stack| match stack.restarting.map(unit) {
                    Some(unit) => text!(", on the running total of the {unit}", "，按每{unit}累计"; unit),
                    None => text!(", on the running total", "，按累计"),
                });
        text!(
            "tiers {name} ({kind}{against}{stack})",
            "套用 {name}（{kind}{against}{stack}）"; kind, against, stack
        )
    }

    /// Looks into a value that is used as it is, for the same payee and period.
    fn used(
        self,
        value: &'c Expr,
        definition: DefinitionId,
        args: &[Expr],
        reach: Reach,
        used: &mut Vec<DefinitionId>,
        links: &mut Vec<Text>,
    ) -> Inner<'c> {
        let found = self.compiled.program.definition(definition);
        let is_plain = args.iter().all(|arg| matches!(arg.kind, ExprKind::Binder(_)));
        let inner = found.and_then(|found| match &found.kind {
            DefinitionKind::Let(value) | DefinitionKind::Measure(value) => Some((found, value)),
            DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) | DefinitionKind::Streak(_) => None,
        });
        let Some((found, inner)) = inner.filter(|_| {
            reach == Reach::Plan && is_plain && !used.contains(&definition) && value.ty.scalar.is_numeric()
        }) else {
            return Inner::First(Text::same(self.said(value)));
        };
        used.push(definition);
        for exception in found.exceptions.iter().rev() {
            let name = &exception.naming.name;
            links.push(text!("exception {name}", "例外 {name}"));
        }
        Inner::More(inner)
    }

    /// Gives the words of a formula as the author wrote them, on one line.
    pub(crate) fn said(self, value: &Expr) -> String {
        let words: Vec<&str> = self
            .compiled
            .sources
            .slice(value.span)
            .split_whitespace()
            .collect();
        let said = words.join(" ");
        let said = if said.is_empty() {
            print_value(&self.compiled.program, value)
        } else {
            said
        };
        if said.chars().count() <= MOST_EXCERPT {
            return said;
        }
        let short: String = said.chars().take(MOST_EXCERPT.saturating_sub(1)).collect();
        format!("{}…", short.trim_end())
    }
}

/// Gives the number of a literal.
fn fixed(value: &Expr) -> Option<&Exact> {
    if let ExprKind::Const(Value::Number(number)) = &value.kind {
        Some(number)
    } else {
        None
    }
}

/// Puts operations into one sentence.
pub(super) fn joined(links: &[Text]) -> Text {
    let pick = |of: fn(&Text) -> &str| links.iter().map(of).collect::<Vec<_>>().join(" → ");
    Text {
        en: pick(|link| link.en.as_str()),
        zh: pick(|link| link.zh.as_str()),
    }
}

/// Says how amounts are rounded.
pub(super) fn rounded(rule: &RoundingRule) -> Text {
    rounding(rule.mode, &rule.step)
}

fn rounding(mode: Rounding, step: &Exact) -> Text {
    let word = match mode {
        Rounding::HalfUp => Keyword::HalfUp,
        Rounding::HalfDown => Keyword::HalfDown,
        Rounding::HalfEven => Keyword::HalfEven,
        Rounding::HalfOdd => Keyword::HalfOdd,
        Rounding::HalfCeiling => Keyword::HalfCeiling,
        Rounding::HalfFloor => Keyword::HalfFloor,
        Rounding::Up => Keyword::RoundUp,
        Rounding::Down => Keyword::RoundDown,
        Rounding::Ceiling => Keyword::RoundCeiling,
        Rounding::Floor => Keyword::RoundFloor,
    };
    let (en, zh) = (word.word(Language::En), word.word(Language::Zh));
    text!("round {en} to {step}", "{zh}，精确到 {step}")
}

/// Lists the definitions that a definition uses in the same period.
pub(super) fn used(found: &Definition) -> Vec<DefinitionId> {
    let mut open: Vec<&Expr> = match &found.kind {
        DefinitionKind::Let(value)
        | DefinitionKind::Measure(value)
        | DefinitionKind::Pay(value)
        | DefinitionKind::Streak(value)
        | DefinitionKind::Carry { value, .. } => vec![value],
    };
    let mut all = Vec::new();
    while let Some(expr) = open.pop() {
        if let ExprKind::Use { definition, .. } = &expr.kind {
            all.push(*definition);
        }
        open.extend(expr.children());
    }
    all
}

/// Names a length of periods.
pub(super) fn unit(unit: Unit) -> Text {
    match unit {
        Unit::Day => text!("day", "日"),
        Unit::Week => text!("week", "周"),
        Unit::Month => text!("month", "月"),
        Unit::Quarter => text!("quarter", "季"),
        Unit::Year => text!("year", "年"),
        Unit::Period => text!("period", "期"),
    }
}

fn kind(kind: TierKind) -> Text {
    match kind {
        TierKind::Marginal => text!("marginal: each slice at its own rate", "超额累进：各段各率"),
        TierKind::Retro => text!("retro: the whole at the rate reached", "全额累进：全额按所达比率"),
        TierKind::Flat => text!("flat: the amount of the tier reached", "定额：所达级的金额"),
        TierKind::Interpolated => text!("straight lines between points", "插值：各点之间连线"),
        TierKind::Fill => text!("fill: each tier accrues as it fills", "填充：各级按填充比例"),
    }
}
