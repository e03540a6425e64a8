//! Reads formulas as curves of one input, under what is assumed of everything else.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a formula of any other kind is a value of its own"
)]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::Span;

use super::Stop;
use super::curve::Curve;
use super::steady;
use super::sum::{Sum, Symbols};
use crate::hir::{
    BinderDomain, Comparison, DefinitionKind, Earn, EarnOf, EarnPart, Effective, Exception, Expr, ExprKind,
    Factor, Function, Limit, Program, Sign, Value, print_value,
};
use crate::number::Exact;
use crate::types::{BinderId, DefinitionId, Scalar};

/// How deep `let`, `measure` and `earn` statements are followed.
const MOST_DEPTH: usize = 32;

/// How many formulas are looked at for one input under one assumption.
const MOST_STEPS: usize = 4_000;

/// Is what is assumed of conditions that do not hang on the input: by their words, which of the ways it is.
pub(super) type World = BTreeMap<String, (usize, String)>;

/// Reads the formulas of one plan.
pub(super) struct Reader<'p> {
    pub(super) program: &'p Program,
    /// The input, by its words.
    pub(super) input: &'p str,
    /// What the input is told as a share of.
    pub(super) scale: Option<&'p str>,
    pub(super) world: &'p World,
    /// What the input is compared with: further scales to try.
    pub(super) scales: BTreeSet<String>,
    normal: Option<Sum>,
    depth: usize,
    steps: usize,
}

impl<'p> Reader<'p> {
    pub(super) fn new(
        program: &'p Program,
        input: &'p str,
        scale: Option<&'p str>,
        world: &'p World,
    ) -> Self {
        Reader {
            program,
            input,
            scale,
            world,
            scales: BTreeSet::new(),
            normal: None,
            depth: 0,
            steps: 0,
        }
    }

    /// Reads what an earn comes to: its value with its exceptions, held to its cap where it has no records.
    pub(super) fn earn(&mut self, earn: &'p Earn) -> Result<Sum, Stop> {
        let value = self.value(&earn.value)?;
        let mut sum = self.excepted(value, &earn.exceptions)?;
        if earn.lines.is_none() {
            for cap in earn.caps() {
                let at = self.value(&cap.at)?;
                sum = self.limited(sum, &at, Limit::AtMost, cap.at.span)?;
            }
        }
        Ok(sum)
    }

    fn excepted(&mut self, mut value: Sum, exceptions: &'p [Exception]) -> Result<Sum, Stop> {
        for exception in steady::weakest_first(exceptions)? {
            let within = self.within_days(exception.during)?;
            let when = match within.fixed() {
                Some(no) if no.is_zero() => continue,
                _ => self.condition(&exception.when)?,
            };
            let outer = self.normal.replace(value.clone());
            let other = self.value(&exception.value);
            self.normal = outer;
            value = Sum::chosen(&when, &other?, &value)?;
        }
        Ok(value)
    }

    /// Reads a formula.
    pub(super) fn value(&mut self, expr: &'p Expr) -> Result<Sum, Stop> {
        self.step()?;
        match &expr.kind {
            ExprKind::Const(Value::Number(number)) => Ok(Sum::fixed(number.clone())),
            ExprKind::Require(inner) => self.value(inner),
            ExprKind::Otherwise(parts) => match parts.first() {
                Some(first) => self.value(first),
                None => Err(Stop::Unknown),
            },
            ExprKind::Rounded { value, step, .. } if *step <= Exact::from_scaled(1, 2) => self.value(value),
            ExprKind::Normal => self.normal.clone().ok_or(Stop::Unknown),
            ExprKind::Sum(parts) => parts.iter().try_fold(Sum::default(), |sum, (sign, part)| {
                let part = self.value(part)?;
                match sign {
                    Sign::Plus => sum.plus(&part),
                    Sign::Minus => sum.minus(&part),
                }
            }),
            ExprKind::Product(parts) => {
                parts
                    .iter()
                    .try_fold(Sum::fixed(Exact::ONE), |product, (factor, part)| {
                        let part = self.value(part)?;
                        match factor {
                            Factor::Times => product.times(&part),
                            Factor::Over => {
                                self.note_scale(&part);
                                product.times(&part.inverse()?)
                            }
                        }
                    })
            }
            ExprKind::Bounded { value, limits } => {
                let mut sum = self.value(value)?;
                for (limit, at) in limits {
                    let end = self.value(at)?;
                    sum = self.limited(sum, &end, *limit, at.span)?;
                }
                Ok(sum)
            }
            ExprKind::Call { function, args } => self.called(expr, *function, args),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.choice(condition, then, otherwise),
            ExprKind::Apply(apply) => self.apply(expr, apply),
            ExprKind::Decide {
                decision,
                inputs,
                output,
                ..
            } => self.decide(expr, *decision, inputs, *output),
            ExprKind::Constant { constant, .. } => {
                let versions = self
                    .program
                    .constant(*constant)
                    .map(|found| found.versions.as_slice());
                match versions {
                    Some([(_, Value::Number(number))]) => Ok(Sum::fixed(number.clone())),
                    _ => Ok(Sum::symbol(self.said(expr))),
                }
            }
            ExprKind::Use { definition, args } if are_plain(args) => self.used(expr, *definition),
            ExprKind::Earned { earn, part, of } => self.earned(expr, self.program.earn(*earn), *part, of),
            _ => self.leaf(expr),
        }
    }

    /// Takes a value for what it is called, or for the input.
    pub(super) fn leaf(&mut self, expr: &'p Expr) -> Result<Sum, Stop> {
        let said = self.said(expr);
        if said == self.input {
            let scale = self.scale.map(|scale| (scale.to_owned(), 1));
            return Ok(Sum::part(scale.into_iter().collect(), Curve::input()));
        }
        if self.hangs_on_input(expr)? {
            return Err(Stop::Unknown);
        }
        Ok(Sum::symbol(said))
    }

    fn choice(&mut self, condition: &'p Expr, then: &'p Expr, otherwise: &'p Expr) -> Result<Sum, Stop> {
        let choice = self.condition(condition)?;
        // Only the branch that is taken is looked at.
        match choice.fixed() {
            Some(fixed) if fixed.is_zero() => self.value(otherwise),
            Some(_) => self.value(then),
            None => {
                let (one, other) = (self.value(then)?, self.value(otherwise)?);
                Sum::chosen(&choice, &one, &other)
            }
        }
    }

    fn used(&mut self, expr: &'p Expr, id: DefinitionId) -> Result<Sum, Stop> {
        let Some(found) = self.program.definition(id) else {
            return Err(Stop::Unknown);
        };
        let (DefinitionKind::Let(value) | DefinitionKind::Measure(value)) = &found.kind else {
            return self.leaf(expr);
        };
        if self.depth >= MOST_DEPTH {
            return Err(Stop::Unknown);
        }
        self.depth = self.depth.saturating_add(1);
        let read = self.value(value);
        let read = read.and_then(|value| self.excepted(value, &found.exceptions));
        self.depth = self.depth.saturating_sub(1);
        read
    }

    fn earned(
        &mut self,
        expr: &'p Expr,
        earn: Option<&'p Earn>,
        part: EarnPart,
        of: &'p EarnOf,
    ) -> Result<Sum, Stop> {
        let is_own = match of {
            EarnOf::Payee { payee, period } => is_plain(payee) && is_plain(period),
            EarnOf::Line { .. } => false,
        };
        let is_whole = matches!(
            part,
            EarnPart::Due | EarnPart::Earned | EarnPart::PaidToDate | EarnPart::Released
        );
        match earn.filter(|_| is_own && is_whole && self.depth < MOST_DEPTH) {
            Some(earn) => {
                if part != EarnPart::Earned && self.is_shared_by_input(earn)? {
                    return Err(Stop::Unknown);
                }
                self.depth = self.depth.saturating_add(1);
                let read = self.earn(earn);
                self.depth = self.depth.saturating_sub(1);
                match read {
                    // Lines that cannot be followed, such as stacked ones, go on steadily while others jump.
                    Err(Stop::Unknown) if earn.lines.is_some() && self.is_steady(earn)? => {
                        Ok(Sum::symbol(earn.naming.name.clone()))
                    }
                    read => read,
                }
            }
            None => self.leaf(expr),
        }
    }

    fn called(&mut self, expr: &'p Expr, function: Function, args: &'p [Expr]) -> Result<Sum, Stop> {
        let limit = match function {
            Function::Largest => Limit::AtLeast,
            Function::Smallest => Limit::AtMost,
            Function::Abs => return self.leaf(expr),
        };
        let mut all = args.iter();
        let Some(first) = all.next() else {
            return Err(Stop::Unknown);
        };
        let mut sum = self.value(first)?;
        for arg in all {
            let other = self.value(arg)?;
            sum = self.limited(sum, &other, limit, arg.span)?;
        }
        Ok(sum)
    }

    /// Holds a value to a limit, where it can be told which of the two is greater.
    fn limited(&mut self, value: Sum, at: &Sum, limit: Limit, span: Span) -> Result<Sum, Stop> {
        let difference = value.clone().minus(at)?;
        let (_, curve) = difference.single()?;
        let keeps = match limit {
            Limit::AtMost => curve.where_sign(Ordering::is_le, span)?,
            Limit::AtLeast => curve.where_sign(Ordering::is_ge, span)?,
        };
        Sum::chosen(&keeps, &value, at)
    }

    /// Reads a condition as 1 where it holds and 0 where it does not.
    pub(super) fn condition(&mut self, expr: &'p Expr) -> Result<Curve, Stop> {
        self.step()?;
        match &expr.kind {
            ExprKind::Const(Value::Bool(holds)) => Ok(truth(*holds)),
            ExprKind::Require(inner) => self.condition(inner),
            ExprKind::Not(inner) => self.condition(inner)?.not(),
            ExprKind::And(all) => all
                .iter()
                .try_fold(truth(true), |holds, one| match holds.fixed() {
                    Some(no) if no.is_zero() => Ok(holds),
                    _ => holds.times(&self.condition(one)?),
                }),
            ExprKind::Or(any) => {
                let none = any
                    .iter()
                    .try_fold(truth(true), |fails, one| match fails.fixed() {
                        Some(no) if no.is_zero() => Ok(fails),
                        _ => fails.times(&self.condition(one)?.not()?),
                    })?;
                none.not()
            }
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let choice = self.condition(condition)?;
                let (one, other) = (self.condition(then)?, self.condition(otherwise)?);
                choice.times(&one)?.plus(&choice.not()?.times(&other)?)
            }
            ExprKind::Compare { op, left, right } if left.ty.scalar.is_numeric() => {
                self.compared(expr, *op, left, right)
            }
            ExprKind::Compare {
                op: op @ (Comparison::Equal | Comparison::NotEqual),
                left,
                right,
            } => self.same(expr, *op == Comparison::Equal, left, right),
            ExprKind::OneOf { value, list } => self.listed(expr, value, list),
            ExprKind::Use { definition, args } if are_plain(args) => {
                let found = self.program.definition(*definition);
                match found.map(|found| (&found.kind, found.exceptions.is_empty())) {
                    Some((DefinitionKind::Let(value) | DefinitionKind::Measure(value), true))
                        if self.depth < MOST_DEPTH =>
                    {
                        self.depth = self.depth.saturating_add(1);
                        let read = self.condition(value);
                        self.depth = self.depth.saturating_sub(1);
                        read
                    }
                    _ => self.assumed(expr),
                }
            }
            _ => self.assumed(expr),
        }
    }

    fn compared(
        &mut self,
        expr: &'p Expr,
        op: Comparison,
        left: &'p Expr,
        right: &'p Expr,
    ) -> Result<Curve, Stop> {
        let difference = self.value(left)?.minus(&self.value(right)?)?;
        let is_wanted = |sign: Ordering| match op {
            Comparison::Equal => sign.is_eq(),
            Comparison::NotEqual => sign.is_ne(),
            Comparison::Less => sign.is_lt(),
            Comparison::LessOrEqual => sign.is_le(),
            Comparison::Greater => sign.is_gt(),
            Comparison::GreaterOrEqual => sign.is_ge(),
        };
        match difference.single() {
            Ok((symbols, curve)) if difference.moves() || symbols.is_empty() => {
                curve.where_sign(is_wanted, expr.span)
            }
            Ok(_) => self.assumed(expr),
            Err(stop) if difference.moves() => {
                self.note_scales(&difference);
                Err(stop)
            }
            Err(_) => self.assumed(expr),
        }
    }

    /// Reads `role is AE`: which value it is, is assumed once for all comparisons of it.
    fn same(
        &mut self,
        expr: &'p Expr,
        is_wanted: bool,
        left: &'p Expr,
        right: &'p Expr,
    ) -> Result<Curve, Stop> {
        let ExprKind::Const(value) = &right.kind else {
            return self.assumed(expr);
        };
        match self.variant(left)? {
            Some(variant) => Ok(truth((variant == *value) == is_wanted)),
            None => self.assumed(expr),
        }
    }

    fn listed(&mut self, expr: &'p Expr, value: &'p Expr, list: &'p [Expr]) -> Result<Curve, Stop> {
        match self.variant(value)? {
            Some(variant) => Ok(truth(
                list.iter()
                    .any(|one| one.kind == ExprKind::Const(variant.clone())),
            )),
            None => self.assumed(expr),
        }
    }

    /// Assumes which value of an enum, or which truth, an expression has.
    pub(super) fn variant(&mut self, expr: &'p Expr) -> Result<Option<Value>, Stop> {
        let variant = |at: usize| match expr.ty.scalar {
            Scalar::Enum(id) => u32::try_from(at).ok().map(|at| Value::Enum(id, at)),
            Scalar::Bool => Some(Value::Bool(at == 0)),
            _ => None,
        };
        let said = self.said(expr);
        let ways: Vec<String> = match expr.ty.scalar {
            Scalar::Enum(id) => {
                let values = self
                    .program
                    .enumeration(id)
                    .into_iter()
                    .flat_map(|found| &found.values);
                values.map(|value| format!("{said} is {}", value.name)).collect()
            }
            Scalar::Bool => vec![format!("{said} yes"), format!("{said} no")],
            _ => Vec::new(),
        };
        if ways.is_empty() || self.hangs_on_input(expr)? {
            return Ok(None);
        }
        let key = format!("{said} is");
        match self.world.get(&key) {
            Some((at, _)) => Ok(variant(*at)),
            None => Err(Stop::Fork { key, ways }),
        }
    }

    /// Assumes that a condition holds, or that it does not.
    fn assumed(&mut self, expr: &'p Expr) -> Result<Curve, Stop> {
        if self.hangs_on_input(expr)? {
            return Err(Stop::Unknown);
        }
        self.one_way(self.said(expr))
    }

    /// Assumes that the days of an exception are meant, or others.
    fn within_days(&mut self, during: Effective) -> Result<Curve, Stop> {
        match steady::days(during) {
            Some(days) => self.one_way(days),
            None => Ok(truth(true)),
        }
    }

    /// Takes what is said for what the world assumes it to be.
    fn one_way(&self, key: String) -> Result<Curve, Stop> {
        match self.world.get(&key) {
            Some((way, _)) => Ok(truth(*way == 0)),
            None => {
                let ways = vec![key.clone(), format!("not ({key})")];
                Err(Stop::Fork { key, ways })
            }
        }
    }

    /// Says whether the input is part of an expression, also by way of what it uses.
    pub(super) fn hangs_on_input(&mut self, expr: &'p Expr) -> Result<bool, Stop> {
        let mut open = vec![expr];
        let mut seen: BTreeSet<DefinitionId> = BTreeSet::new();
        while let Some(expr) = open.pop() {
            self.step()?;
            if matches!(expr.kind, ExprKind::Aggregate(_) | ExprKind::Field { .. })
                && self.said(expr) == self.input
            {
                return Ok(true);
            }
            if let ExprKind::Use { definition, .. } | ExprKind::Prior { definition, .. } = &expr.kind
                && seen.insert(*definition)
                && let Some(found) = self.program.definition(*definition)
            {
                match &found.kind {
                    DefinitionKind::Let(value)
                    | DefinitionKind::Measure(value)
                    | DefinitionKind::Pay(value)
                    | DefinitionKind::Streak(value)
                    | DefinitionKind::Carry { value, .. } => open.push(value),
                }
                open.extend(steady::of_exceptions(&found.exceptions));
            }
            if let ExprKind::Earned { earn, .. } = &expr.kind
                && let Some(found) = self.program.earn(*earn)
            {
                open.push(&found.value);
                open.extend(steady::of_exceptions(&found.exceptions));
            }
            open.extend(expr.children());
        }
        Ok(false)
    }

    fn note_scale(&mut self, part: &Sum) {
        if let Ok((symbols, _)) = part.single() {
            self.scales.extend(symbols.into_keys());
        }
    }

    fn note_scales(&mut self, sum: &Sum) {
        let of_money = sum.parts.iter().filter(|(_, curve)| curve.fixed().is_some());
        let names: Vec<String> = of_money
            .flat_map(|(symbols, _)| symbols.keys().cloned())
            .collect();
        self.scales.extend(names);
    }

    pub(super) fn note_quota(&mut self, quota: &Sum) {
        self.note_scale(quota);
    }

    pub(super) fn said(&self, expr: &Expr) -> String {
        print_value(self.program, expr)
    }

    pub(super) fn step(&mut self) -> Result<(), Stop> {
        self.steps = self.steps.saturating_add(1);
        if self.steps > MOST_STEPS {
            return Err(Stop::Unknown);
        }
        Ok(())
    }
}

/// Gives the symbols of a value that does not move and is one value alone.
pub(super) fn still(sum: &Sum) -> Option<Symbols> {
    let (symbols, curve) = sum.single().ok()?;
    (curve.fixed() == Some(&Exact::ONE)).then_some(symbols)
}

fn truth(holds: bool) -> Curve {
    Curve::level(if holds { Exact::ONE } else { Exact::ZERO })
}

fn are_plain(args: &[Expr]) -> bool {
    args.iter().all(is_plain)
}

fn is_plain(arg: &Expr) -> bool {
    matches!(arg.kind, ExprKind::Binder(_))
}

/// Says whether a variable is a record.
pub(super) fn is_record(program: &Program, binder: BinderId) -> bool {
    let found = program.binder(binder);
    found.is_some_and(|found| matches!(found.domain, BinderDomain::Row(_)))
}
