//! The most that a formula can give.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a formula of any other kind is called by its words"
)]

use std::collections::BTreeMap;
use std::fmt;

use guerdon_plan::hir::{
    Apply, Comparison, DefinitionKind, Earn, Expr, ExprKind, Factor, Limit, Sign, Value, print_value,
};
use guerdon_plan::number::{Exact, NumberError, format_money, format_percent};
use guerdon_plan::types::Scalar;
use guerdon_syntax::{Text, text};

use super::{cannot, tiers};
use crate::compiled::Compiled;
use crate::pipeline::Reader;

/// How deep `let` and `measure` statements are followed.
const MOST_DEPTH: usize = 64;

/// Is the most that can be earned: shares of what the records say, an amount, and a limit on both together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Most {
    /// What each value of the records is multiplied by.
    pub terms: BTreeMap<String, Exact>,
    /// What comes on top.
    pub amount: Exact,
    /// The most that all of it may be.
    pub limit: Option<Exact>,
    /// The unit, for printing.
    pub scalar: Option<Scalar>,
}

/// Is a figure, or why there is none.
pub(super) type Told = Result<Most, Text>;

/// Reasons about one share of the quota.
pub(super) struct Reasoner<'c> {
    pub(super) compiled: &'c Compiled,
    /// The share of the quota that is sold.
    pub(super) share: Exact,
    /// What is known to be reached: values that are the share of a quota.
    pub(super) reached: BTreeMap<String, Most>,
    pub(super) assumed: Vec<Text>,
    pub(super) depth: usize,
    /// Whether the value is that of one line among many.
    pub(super) is_of_lines: bool,
    /// The value without the exception.
    pub(super) normal: Option<Most>,
}

impl Most {
    fn of(amount: Exact) -> Self {
        Self {
            amount,
            ..Self::default()
        }
    }

    fn symbol(name: &str, share: Exact) -> Self {
        Self {
            terms: BTreeMap::from([(name.to_owned(), share)]),
            ..Self::default()
        }
    }

    /// Gives the value of what depends on nothing.
    fn fixed(&self) -> Option<&Exact> {
        (self.terms.is_empty() && self.limit.is_none()).then_some(&self.amount)
    }

    fn plus(&self, other: &Most) -> Result<Most, NumberError> {
        let mut sum = self.clone();
        for (name, share) in &other.terms {
            let known = sum.terms.entry(name.clone()).or_default();
            *known = known.add(share)?;
        }
        sum.amount = sum.amount.add(&other.amount)?;
        Ok(sum)
    }

    fn times(&self, factor: &Exact) -> Result<Most, NumberError> {
        let mut product = self.clone();
        for share in product.terms.values_mut() {
            *share = share.mul(factor)?;
        }
        product.amount = product.amount.mul(factor)?;
        product.limit = product.limit.map(|limit| limit.mul(factor)).transpose()?;
        Ok(product)
    }

    /// Holds the figure to a limit.
    fn at_most(mut self, limit: &Exact) -> Most {
        if self.terms.is_empty() {
            if self.amount > *limit {
                self.amount = limit.clone();
            }
        } else {
            let least = self
                .limit
                .take()
                .map_or_else(|| limit.clone(), |old| old.min(limit.clone()));
            self.limit = Some(least);
        }
        self
    }

    /// Says whether this is never less than another, whatever the records say, as long as nothing in them is negative.
    fn is_over(&self, other: &Most) -> bool {
        let shares = other.terms.iter().all(|(name, share)| {
            self.terms.get(name).is_some_and(|mine| mine >= share) || !share.is_positive()
        });
        let own = self.terms.values().all(|share| !share.is_negative());
        shares && own && self.amount >= other.amount && self.limit.is_none()
    }
}

impl<'c> Reasoner<'c> {
    /// Tells the most that an earn gives one person.
    pub(super) fn earn(&mut self, earn: &'c Earn) -> Told {
        self.is_of_lines = earn.lines.is_some();
        let mut most = self.value(&earn.value);
        for exception in &earn.exceptions {
            let Ok(normal) = most.clone() else { break };
            self.normal = Some(normal.clone());
            let other = self.value(&exception.value);
            let name = &exception.naming.name;
            most = match other {
                Ok(other) if other.is_over(&normal) => Ok(other),
                Ok(other) if normal.is_over(&other) => Ok(normal),
                Ok(_) | Err(_) => cannot(text!(
                    "exception {name} may give more or less, depending on the records",
                    "例外 {name} 视记录而可多可少"
                )),
            };
        }
        match earn.cap.as_ref().map(|cap| (cap, self.value(&cap.at))) {
            Some((_, Ok(at))) if at.fixed().is_some() => {
                let limit = at.amount;
                Ok(match most {
                    Ok(most) => most.at_most(&limit),
                    Err(_) => Most::of(limit),
                })
            }
            Some((_, _)) | None => most,
        }
    }

    /// Tells the most that a formula gives.
    pub(super) fn value(&mut self, expr: &'c Expr) -> Told {
        if let Some(known) = self.reached.get(&print_value(&self.compiled.program, expr)) {
            return Ok(known.clone());
        }
        match &expr.kind {
            ExprKind::Const(Value::Number(number)) => Ok(Most::of(number.clone())),
            ExprKind::Require(inner) | ExprKind::Rounded { value: inner, .. } => self.value(inner),
            ExprKind::Otherwise(parts) => match parts.first() {
                Some(first) => self.value(first),
                None => self.unknown(expr),
            },
            ExprKind::Normal => self.normal.clone().map_or_else(|| self.unknown(expr), Ok),
            ExprKind::Sum(parts) => self.sum(parts),
            ExprKind::Product(parts) => self.product(expr, parts),
            ExprKind::Bounded { value, limits } => self.bounded(value, limits),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.choice(condition, then, otherwise),
            ExprKind::Apply(apply) => self.apply(expr, apply),
            ExprKind::Decide { decision, output, .. } => self.highest(expr, *decision, *output),
            ExprKind::Use { definition, .. } => {
                let found = self.compiled.program.definition(*definition);
                match found.map(|found| (&found.kind, found.exceptions.is_empty())) {
                    Some((DefinitionKind::Let(value) | DefinitionKind::Measure(value), true))
                        if self.depth < MOST_DEPTH && expr.ty.scalar.is_numeric() =>
                    {
                        self.used(expr, value)
                    }
                    Some(_) | None => self.unknown(expr),
                }
            }
            ExprKind::Earned { earn, .. } => match self.compiled.program.earn(*earn) {
                Some(earn) => self.earn(earn),
                None => self.unknown(expr),
            },
            ExprKind::Constant { constant, .. } => {
                let found = self.compiled.program.constant(*constant);
                let values = found.into_iter().flat_map(|found| &found.versions);
                let highest = values
                    .filter_map(|(_, value)| {
                        if let Value::Number(number) = value {
                            Some(number)
                        } else {
                            None
                        }
                    })
                    .max();
                highest.map_or_else(|| self.unknown(expr), |highest| Ok(Most::of(highest.clone())))
            }
            _ => self.unknown(expr),
        }
    }

    /// Follows a `let` or `measure`; what it says is in the records is called by its name.
    fn used(&mut self, expr: &'c Expr, value: &'c Expr) -> Told {
        if self.is_ratio(expr, value) {
            return Ok(Most::of(self.share.clone()));
        }
        self.depth = self.depth.saturating_add(1);
        let told = self.value(value);
        self.depth = self.depth.saturating_sub(1);
        match told {
            Ok(most) if most.terms.len() == 1 && most.amount.is_zero() && most.limit.is_none() => {
                let is_whole = most.terms.values().all(|share| *share == Exact::ONE);
                if is_whole { self.unknown(expr) } else { Ok(most) }
            }
            told => told,
        }
    }

    /// Takes a quotient of two amounts for the attainment.
    fn is_ratio(&mut self, expr: &Expr, value: &Expr) -> bool {
        let is_quotient = matches!(&value.kind, ExprKind::Product(parts)
            if parts.iter().any(|(factor, part)| *factor == Factor::Over && matches!(part.ty.scalar, Scalar::Money(_))));
        let is_number = matches!(expr.ty.scalar, Scalar::Percent | Scalar::Number);
        if is_quotient && is_number {
            let said = self.said(expr);
            self.assume(text!("{said} is the share of the quota", "{said} 为定额完成率"));
        }
        is_quotient && is_number
    }

    /// Calls what stands in the records by its words.
    fn unknown(&mut self, expr: &Expr) -> Told {
        let said = self.said(expr);
        let is_amount = matches!(expr.ty.scalar, Scalar::Money(_) | Scalar::Points);
        if is_amount {
            self.assume(text!("{said} is not negative", "{said} 不为负"));
            return Ok(Most::symbol(&said, Exact::ONE));
        }
        cannot(text!("{said} comes from the records", "{said} 取自记录"))
    }

    fn sum(&mut self, parts: &'c [(Sign, Expr)]) -> Told {
        let mut sum = Most::default();
        for (sign, part) in parts {
            let told = self.value(part)?;
            let told = match (sign, told.fixed()) {
                (Sign::Plus, _) => told,
                (Sign::Minus, Some(fixed)) => Most::of(fixed.neg()),
                (Sign::Minus, None) => {
                    let said = self.said(part);
                    return cannot(text!(
                        "{said} is taken away, and how little that can be is not written",
                        "减去的 {said} 最少为多少并未写明"
                    ));
                }
            };
            if told.limit.is_some() && parts.len() > 1 {
                return cannot(text!(
                    "a limited amount is added to another one",
                    "受限金额与其他金额相加"
                ));
            }
            sum = wide(sum.plus(&told))?;
            if parts.len() == 1 {
                sum.limit = told.limit;
            }
        }
        Ok(sum)
    }

    fn product(&mut self, expr: &'c Expr, parts: &'c [(Factor, Expr)]) -> Told {
        let mut product = Most::of(Exact::ONE);
        for (factor, part) in parts {
            let told = self.value(part)?;
            let fixed = told.fixed().cloned();
            product = match (factor, fixed, product.fixed().cloned()) {
                (Factor::Times, Some(fixed), _) if !fixed.is_negative() => wide(product.times(&fixed))?,
                (Factor::Times, _, Some(own)) if !own.is_negative() => wide(told.times(&own))?,
                (Factor::Over, Some(fixed), _) if fixed.is_positive() => {
                    wide(Exact::ONE.div(&fixed).and_then(|part| product.times(&part)))?
                }
                (_, _, _) => {
                    let said = self.said(expr);
                    return cannot(text!(
                        "{said} multiplies two unknown values",
                        "{said} 含两个未知值相乘"
                    ));
                }
            };
        }
        Ok(product)
    }

    fn bounded(&mut self, value: &'c Expr, limits: &'c [(Limit, Expr)]) -> Told {
        let mut most = self.value(value);
        for (limit, at) in limits {
            let at = self.value(at)?;
            let Some(fixed) = at.fixed() else {
                return cannot(text!("a limit comes from the records", "限额取自记录"));
            };
            most = match (limit, most) {
                (Limit::AtMost, Ok(most)) => Ok(most.at_most(fixed)),
                (Limit::AtMost, Err(_)) => Ok(Most::of(fixed.clone())),
                (Limit::AtLeast, Ok(most)) if most.is_over(&at) => Ok(most),
                (Limit::AtLeast, Ok(most)) if at.is_over(&most) => Ok(at.clone()),
                (Limit::AtLeast, Ok(_)) => cannot(text!(
                    "which of a floor and the amount is more depends on the records",
                    "保底与金额孰高取决于记录"
                )),
                (Limit::AtLeast, Err(why)) => Err(why),
            };
        }
        most
    }

    /// Decides a condition on the attainment; of others, the branch that pays more counts.
    fn choice(&mut self, condition: &'c Expr, then: &'c Expr, otherwise: &'c Expr) -> Told {
        match self.decided(condition) {
            Some(true) => self.value(then),
            Some(false) => self.value(otherwise),
            None => {
                let (one, other) = (self.value(then)?, self.value(otherwise)?);
                let said = self.said(condition);
                if one.is_over(&other) {
                    self.assume(text!("{said} holds", "{said} 成立"));
                    Ok(one)
                } else if other.is_over(&one) {
                    self.assume(text!("{said} does not hold", "{said} 不成立"));
                    Ok(other)
                } else {
                    cannot(text!(
                        "{said} decides, and comes from the records",
                        "取决于 {said}，取自记录"
                    ))
                }
            }
        }
    }

    fn decided(&mut self, condition: &'c Expr) -> Option<bool> {
        let ExprKind::Compare { op, left, right } = &condition.kind else {
            return None;
        };
        if !left.ty.scalar.is_numeric() || !right.ty.scalar.is_numeric() {
            return None;
        }
        let (left, right) = (self.value(left).ok()?, self.value(right).ok()?);
        let (left, right) = (left.fixed()?, right.fixed()?);
        Some(match op {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        })
    }

    fn apply(&mut self, expr: &'c Expr, apply: &'c Apply) -> Told {
        let name = self.said(expr);
        let found = self.compiled.program.tier_table(apply.tiers);
        let Some((found, version)) = found.and_then(|found| Some((found, found.versions.last()?))) else {
            return self.unknown(expr);
        };
        let table = &found.naming.name;
        if found.versions.len() > 1 {
            self.assume(text!(
                "tiers {table} are those in force last",
                "{table} 取最后有效的版本"
            ));
        }
        if found.bound != Scalar::Percent || apply.part.is_some() {
            return cannot(text!(
                "the bounds of tiers {table} are no shares of a quota",
                "阶梯 {table} 的边界不是定额的比例"
            ));
        }
        if self.is_of_lines && apply.stack.is_none() && apply.against.is_some() {
            return cannot(text!(
                "each record enters tiers {table} alone, and how large records are is not written",
                "每条记录单独套用阶梯 {table}，记录大小未写明"
            ));
        }
        let quota = match &apply.against {
            Some(quota) => {
                let (said, value) = (self.said(quota), self.said(&apply.value));
                self.assume(text!(
                    "{value} comes to the share of {said} over each stretch of the tiers",
                    "{value} 在各阶梯期间合计为 {said} 的该比例"
                ));
                let sold = Most::symbol(&said, self.share.clone());
                self.reached
                    .insert(print_value(&self.compiled.program, &apply.value), sold);
                Some(said)
            }
            None => match self.value(&apply.value)?.fixed() {
                Some(_) => None,
                None => return cannot(text!("{name} comes from the records", "{name} 取自记录")),
            },
        };
        let point = match (&quota, self.value(&apply.value)?.fixed()) {
            (None, Some(fixed)) => fixed.clone(),
            (_, _) => self.share.clone(),
        };
        let Some(given) = wide(tiers::at(found.kind, version, &point))? else {
            return cannot(text!("tiers {table} end before that", "阶梯 {table} 未及于此"));
        };
        let mut most = match quota {
            Some(quota) if !given.share.is_zero() => Most::symbol(&quota, given.share),
            Some(_) => Most::default(),
            None => Most::of(given.share),
        };
        most.amount = wide(most.amount.add(&given.amount))?;
        Ok(most)
    }

    /// Takes the highest row of a decision table.
    fn highest(&mut self, expr: &Expr, decision: guerdon_plan::types::DecisionId, output: usize) -> Told {
        let found = self.compiled.program.decision(decision);
        let rows = found
            .into_iter()
            .flat_map(|found| &found.versions)
            .flat_map(|version| &version.rows);
        let values: Option<Vec<&Exact>> = rows
            .map(|row| match row.outputs.get(output) {
                Some(Value::Number(number)) => Some(number),
                Some(_) | None => None,
            })
            .collect();
        let name = found.map_or("", |found| found.naming.name.as_str());
        let is_single = found.is_some_and(|found| found.hit != guerdon_plan::hir::Hit::Every);
        match values.and_then(|values| values.into_iter().max()) {
            Some(highest) if is_single => {
                self.assume(text!(
                    "the highest row of table {name} holds",
                    "取表 {name} 最高的一行"
                ));
                Ok(Most::of(highest.clone()))
            }
            Some(_) | None => self.unknown(expr),
        }
    }

    fn assume(&mut self, words: Text) {
        if !self.assumed.contains(&words) {
            self.assumed.push(words);
        }
    }

    fn said(&self, expr: &Expr) -> String {
        let reader = Reader {
            compiled: self.compiled,
        };
        reader.said(expr)
    }
}

/// A number too wide to work with cannot be told.
fn wide<T>(number: Result<T, NumberError>) -> Result<T, Text> {
    number.map_err(|_| {
        text!(
            "cannot say, because a number has too many digits",
            "无法断定：数字位数过多"
        )
    })
}

impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = |amount: &Exact| match self.scalar {
            Some(Scalar::Money(currency)) => format_money(amount, currency, 0),
            Some(_) | None => amount.display_text(0),
        };
        let mut parts: Vec<String> = self
            .terms
            .iter()
            .map(|(name, share)| format!("{} of {name}", format_percent(share)))
            .collect();
        if !self.amount.is_zero() || parts.is_empty() {
            parts.push(amount(&self.amount));
        }
        f.write_str(&parts.join(" + "))?;
        match &self.limit {
            Some(limit) => write!(f, ", at most {}", amount(limit)),
            None => Ok(()),
        }
    }
}
