//! Expressions: operators are read flat, ranked here, and refused where a reader could take them in two ways.

mod brackets;
mod rank;
pub(crate) mod wide;

use super::build::Builder;
use super::grammar::{Node, Parts, Rule, find, first_rule, has, parts};
use crate::ast::{
    ChainOp, CompareOp, Expr, ExprKind, LiteralKind, PeriodExpr, Polarity, RoundMode, RoundStep, SpanExpr,
    SpanRange, SpanUnit, Unit, UnitKind,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::text;

/// The deepest tree of an expression.
pub(crate) const MAX_DEPTH: u16 = 256;

/// The most operands of one chain.
pub(crate) const MAX_CHAIN: usize = 4_096;

/// Holds an expression with what is needed while larger ones are built.
pub(super) struct Built {
    /// The expression.
    pub(super) expr: Box<Expr>,
    /// How deep its tree is.
    pub(super) depth: u16,
    /// Whether it must stand alone or in brackets.
    pub(super) shape: Shape,
}

/// Tells expressions that must stand alone from the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// May stand beside operators.
    Compact,
    /// An aggregate, an `apply`, an `if` and their like.
    Wide,
}

/// Holds one part of a flat expression.
pub(super) enum Item {
    /// An operand.
    Operand(Built),
    /// `not` before an operand.
    Not(Span),
    /// An operator.
    Op(Op, Span),
    /// `is missing`, `is not missing`.
    Missing(Polarity, Span),
    /// `rounded MODE to STEP`.
    Rounded(RoundMode, RoundStep, Span),
}

/// Names an operator between two operands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// One that chains.
    Chain(ChainOp),
    /// A comparison by a sign.
    Compare(CompareOp),
    /// `is`, `is not`.
    Is(Polarity),
    /// `in`, `not in`.
    In(Polarity),
    /// `through`.
    Through,
}

impl Builder<'_> {
    /// Takes the next part as an expression.
    pub(crate) fn take_expr(&mut self, parts: &mut Parts<'_>) -> Option<Expr> {
        let node = parts.take(Rule::expr)?;
        self.expr(node)
    }

    /// Takes the next part as a sum: an expression of arithmetic signs only.
    pub(crate) fn take_sum(&mut self, parts: &mut Parts<'_>) -> Option<Expr> {
        let node = parts.take(Rule::sum_expr)?;
        self.expr(node)
    }

    /// Takes the next part as one operand.
    pub(crate) fn take_operand(&mut self, parts: &mut Parts<'_>) -> Option<Expr> {
        let node = parts.take(Rule::operand)?;
        Some(*self.lone_operand(node)?.expr)
    }

    /// Reads an expression.
    pub(crate) fn expr(&mut self, node: Node<'_>) -> Option<Expr> {
        Some(*self.flat(node)?.expr)
    }

    /// Reads an expression, and remembers its depth and shape.
    pub(super) fn flat(&mut self, node: Node<'_>) -> Option<Built> {
        let mut items = Vec::new();
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::operand => self.operand(part, &mut items)?,
                Rule::suffix => items.push(self.suffix(part)?),
                _ => {
                    let span = self.span(&part);
                    items.push(Item::Op(operator(part)?, span));
                }
            }
        }
        if items.len() == 1 {
            return match items.pop()? {
                Item::Operand(built) => Some(built),
                Item::Not(_) | Item::Op(..) | Item::Missing(..) | Item::Rounded(..) => None,
            };
        }
        self.refuse_wide(&items)?;
        self.rank(items)
    }

    /// Reads an operand that stands where no operator can follow: `apply T to x`.
    #[inline(never)]
    pub(super) fn lone_operand(&mut self, node: Node<'_>) -> Option<Built> {
        let mut items = Vec::new();
        self.operand(node, &mut items)?;
        self.refuse_wide(&items)?;
        if let Some(Item::Not(span)) = items.first() {
            let span = *span;
            return self.misplaced_not(span);
        }
        match items.pop()? {
            Item::Operand(built) => Some(built),
            Item::Not(_) | Item::Op(..) | Item::Missing(..) | Item::Rounded(..) => None,
        }
    }

    fn operand(&mut self, node: Node<'_>, items: &mut Vec<Item>) -> Option<()> {
        let mut signs = Vec::new();
        let mut built = None;
        for part in node.into_inner() {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::prefix if first_rule(&part) == Some(Rule::kw_not) => match signs.is_empty() {
                    true => items.push(Item::Not(span)),
                    false => return self.misplaced_not(span),
                },
                Rule::prefix => signs.push(span),
                Rule::primary => built = Some(self.primary(part)?),
                _ => built = Some(self.postfix(built?, part, span)?),
            }
        }
        let mut built = built?;
        if let (Shape::Wide, Some(_)) = (built.shape, signs.first()) {
            return self.lone_wide(&built);
        }
        for sign in signs.into_iter().rev() {
            let span = sign.to(built.expr.span);
            let depth = built.depth;
            built = self.make(ExprKind::Negate(built.expr), span, depth)?;
        }
        items.push(Item::Operand(built));
        Some(())
    }

    #[inline(never)]
    fn postfix(&mut self, base: Built, node: Node<'_>, span: Span) -> Option<Built> {
        if base.shape == Shape::Wide {
            return self.lone_wide(&base);
        }
        let whole = base.expr.span.to(span);
        let mut inner = parts(node);
        if let Some(word) = inner.take(Rule::word) {
            let name = self.name(word);
            return self.make(ExprKind::Field(base.expr, name), whole, base.depth);
        }
        let (subscripts, depth) = self.exprs(&mut inner)?;
        let kind = ExprKind::Index(base.expr, subscripts);
        self.make(kind, whole, depth.max(base.depth))
    }

    /// Takes all expressions that follow, and tells the depth of the deepest.
    pub(crate) fn exprs(&mut self, inner: &mut Parts<'_>) -> Option<(Vec<Expr>, u16)> {
        let mut found = Vec::new();
        let mut depth = 0;
        for node in inner.take_all(Rule::expr) {
            let built = self.flat(node)?;
            depth = depth.max(built.depth);
            found.push(*built.expr);
        }
        Some((found, depth))
    }

    #[inline(never)]
    fn suffix(&mut self, node: Node<'_>) -> Option<Item> {
        let span = self.span(&node);
        let inner = node.into_inner().next()?;
        if inner.as_rule() == Rule::is_missing {
            return Some(Item::Missing(polarity(&inner), span));
        }
        let mut inner = parts(inner);
        let mode = round_mode(inner.take(Rule::round_mode)?)?;
        let step = self.round_step(inner.take(Rule::round_step)?)?;
        Some(Item::Rounded(mode, step, span))
    }

    /// Reads what stands behind `to` of a rounding.
    pub(crate) fn round_step(&mut self, node: Node<'_>) -> Option<RoundStep> {
        if has(&node, Rule::kw_minor) {
            return Some(RoundStep::MinorUnit);
        }
        Some(RoundStep::To(self.take_literal(&mut parts(node))?))
    }

    fn primary(&mut self, node: Node<'_>) -> Option<Built> {
        let inner = node.into_inner().next()?;
        let span = self.span(&inner);
        match inner.as_rule() {
            Rule::paren => self.paren(inner, span),
            Rule::literal => self.value(inner, span),
            Rule::call => self.call(inner, span),
            Rule::aggregate => self.aggregate(inner, span),
            Rule::running => self.running(inner, span),
            Rule::apply => self.apply(inner, span),
            Rule::if_expr => self.if_expr(inner, span),
            Rule::allocate => self.allocate(inner, span),
            Rule::rank => self.rank_among(inner, span),
            _ => self.small(inner, span),
        }
    }

    #[inline(never)]
    fn paren(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let (mut inner, depth) = self.exprs(&mut parts(node))?;
        let kind = match inner.len() {
            1 => ExprKind::Paren(Box::new(inner.pop()?)),
            _ => ExprKind::List(inner),
        };
        self.make(kind, span, depth)
    }

    /// Reads a literal; `CNY -5` becomes `-CNY 5`.
    #[inline(never)]
    fn value(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let mut literal = self.literal(node)?;
        let is_negative = match &mut literal.kind {
            LiteralKind::Number(value) | LiteralKind::Percent(value) | LiteralKind::Money(_, value) => {
                std::mem::take(&mut value.is_negative)
            }
            LiteralKind::Date(_)
            | LiteralKind::Month(..)
            | LiteralKind::Quarter(..)
            | LiteralKind::Week(..)
            | LiteralKind::Year(_)
            | LiteralKind::Text(_)
            | LiteralKind::Truth(_) => false,
        };
        if !is_negative {
            return self.make(ExprKind::Literal(literal), span, 0);
        }
        literal.written = literal.written.replacen('-', "", 1);
        let plain = self.make(ExprKind::Literal(literal), span, 0)?;
        self.make(ExprKind::Negate(plain.expr), span, plain.depth)
    }

    #[inline(never)]
    fn call(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let Some(arguments) = inner.take(Rule::arguments) else {
            return self.make(ExprKind::Name(name), span, 0);
        };
        let (arguments, depth) = self.exprs(&mut parts(arguments))?;
        self.make(ExprKind::Call(name, arguments), span, depth)
    }

    /// Reads the short forms: `prior x`, `this year`, `days from a to b`, ….
    #[inline(never)]
    fn small(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let rule = node.as_rule();
        let mut inner = parts(node.clone());
        let named = |name| -> Option<ExprKind> {
            Some(match rule {
                Rule::prior => ExprKind::Prior(name),
                Rule::due => ExprKind::Due(name),
                Rule::released => ExprKind::Released(name),
                _ => ExprKind::Below(name),
            })
        };
        match rule {
            Rule::prior | Rule::due | Rule::released | Rule::below_earned => {
                let name = self.ident(&mut inner)?;
                self.make(named(name)?, span, 0)
            }
            Rule::rate_of => {
                let tiers = self.ident(&mut inner)?;
                let at = self.lone_operand(inner.take(Rule::operand)?)?;
                self.make(ExprKind::RateOf(tiers, at.expr), span, at.depth)
            }
            Rule::streak | Rule::times => self.history(rule, &mut inner, span),
            Rule::trend => {
                let value = self.lone_operand(inner.take(Rule::operand)?)?;
                let window = self.lone_operand(inner.take(Rule::operand)?)?;
                let depth = value.depth.max(window.depth);
                self.make(ExprKind::Trend(value.expr, window.expr), span, depth)
            }
            Rule::duration => {
                let count = self.take_lexeme(&mut inner, Rule::number)?;
                let unit = self.unit(inner.take(Rule::unit)?)?;
                self.make(ExprKind::Duration(count, unit), span, 0)
            }
            Rule::span => self.span_expr(node, span),
            _ => self.period(node, span),
        }
    }

    #[inline(never)]
    fn history(&mut self, rule: Rule, inner: &mut Parts<'_>, span: Span) -> Option<Built> {
        let paren = inner.take(Rule::paren)?;
        let (mut inside, depth) = self.exprs(&mut parts(paren))?;
        let condition = Box::new(inside.pop()?);
        if rule == Rule::streak {
            return self.make(ExprKind::Streak(condition), span, depth);
        }
        let window = self.lone_operand(inner.take(Rule::operand)?)?;
        let depth = depth.max(window.depth);
        self.make(ExprKind::Times(condition, window.expr), span, depth)
    }

    #[inline(never)]
    fn span_expr(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let unit = match first_rule(&node)? {
            Rule::kw_days => SpanUnit::Days,
            Rule::kw_months => SpanUnit::Months,
            _ => SpanUnit::WorkingDays,
        };
        let is_in = has(&node, Rule::kw_in);
        let mut inner = parts(node);
        let first = self.lone_operand(inner.take(Rule::operand)?)?;
        let mut depth = first.depth;
        let range = if is_in {
            SpanRange::In(*first.expr)
        } else {
            let last = self.lone_operand(inner.take(Rule::operand)?)?;
            depth = depth.max(last.depth);
            SpanRange::FromTo(*first.expr, *last.expr)
        };
        let counted = self.ident(&mut inner);
        let kind = ExprKind::Span(Box::new(SpanExpr { unit, range, counted }));
        self.make(kind, span, depth)
    }

    #[inline(never)]
    fn period(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let node = node.into_inner().next()?;
        let rule = node.as_rule();
        let mut inner = parts(node);
        let mut depth = 0;
        let period = match rule {
            Rule::this_period => PeriodExpr::This(self.unit(inner.take(Rule::unit)?)?),
            Rule::previous_period => PeriodExpr::Previous(self.unit(inner.take(Rule::unit)?)?),
            Rule::to_date => PeriodExpr::ToDate(self.unit(inner.take(Rule::unit)?)?),
            Rule::last_periods => {
                let count = self.take_lexeme(&mut inner, Rule::number)?;
                PeriodExpr::Last(count, self.unit(inner.take(Rule::unit)?)?)
            }
            Rule::period_from | Rule::period_of => {
                let day = self.lone_operand(inner.take(Rule::operand)?)?;
                depth = day.depth;
                match rule {
                    Rule::period_from => PeriodExpr::From(day.expr),
                    _ => PeriodExpr::Of(day.expr, self.ident(&mut inner)),
                }
            }
            _ => PeriodExpr::Current,
        };
        self.make(ExprKind::Period(period), span, depth)
    }

    /// Reads a unit of time.
    pub(crate) fn unit(&mut self, node: Node<'_>) -> Option<Unit> {
        let span = self.span(&node);
        let kind = match first_rule(&node)? {
            Rule::kw_day | Rule::kw_days => UnitKind::Day,
            Rule::kw_week | Rule::kw_weeks => UnitKind::Week,
            Rule::kw_month | Rule::kw_months => UnitKind::Month,
            Rule::kw_quarter | Rule::kw_quarters => UnitKind::Quarter,
            Rule::kw_year | Rule::kw_years => UnitKind::Year,
            _ => UnitKind::Period,
        };
        Some(Unit { kind, span })
    }

    /// Makes an expression one deeper than its parts, within the limits.
    #[inline(never)]
    pub(super) fn make(&mut self, kind: ExprKind, span: Span, inside: u16) -> Option<Built> {
        self.count(span)?;
        let depth = inside.saturating_add(1);
        if depth > MAX_DEPTH {
            return self.too_deep_tree(span);
        }
        let shape = Shape::Compact;
        Some(Built {
            expr: Box::new(Expr { kind, span }),
            depth,
            shape,
        })
    }

    #[inline(never)]
    fn too_deep_tree<T>(&mut self, span: Span) -> Option<T> {
        self.sink.push(
            Diagnostic::error(
                Code::E0004,
                text!(
                    "this expression is nested more than {MAX_DEPTH} deep",
                    "此表达式的嵌套超过 {MAX_DEPTH} 层"
                ),
            )
            .primary(
                span,
                text!("give a part of it a name with let", "请用“设”给其中一部分命名"),
            ),
        );
        None
    }
}

/// Reads a direction of rounding.
pub(crate) fn round_mode(node: Node<'_>) -> Option<RoundMode> {
    Some(match first_rule(&node)? {
        Rule::kw_half_up => RoundMode::HalfUp,
        Rule::kw_half_down => RoundMode::HalfDown,
        Rule::kw_half_even => RoundMode::HalfEven,
        Rule::kw_half_odd => RoundMode::HalfOdd,
        Rule::kw_half_ceiling => RoundMode::HalfCeiling,
        Rule::kw_half_floor => RoundMode::HalfFloor,
        Rule::kw_up => RoundMode::Up,
        Rule::kw_down => RoundMode::Down,
        Rule::kw_ceiling => RoundMode::Ceiling,
        _ => RoundMode::Floor,
    })
}

/// Reads a comparison.
pub(crate) fn compare_op(written: &str) -> CompareOp {
    match written {
        "=" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        _ => CompareOp::GreaterOrEqual,
    }
}

/// Reads whether a test is turned round by `not`.
pub(crate) fn polarity(node: &Node<'_>) -> Polarity {
    match has(node, Rule::kw_not) {
        true => Polarity::Negated,
        false => Polarity::Plain,
    }
}

fn operator(node: Node<'_>) -> Option<Op> {
    let inner = match node.as_rule() {
        Rule::infix => node.into_inner().next()?,
        _ => node,
    };
    Some(match inner.as_rule() {
        Rule::arithmetic => Op::Chain(match first_rule(&inner)? {
            Rule::plus_sign => ChainOp::Add,
            Rule::times_sign => ChainOp::Multiply,
            Rule::slash => ChainOp::Divide,
            _ => ChainOp::Subtract,
        }),
        Rule::comparison => Op::Compare(compare_op(inner.as_str().trim_end())),
        Rule::is_op => Op::Is(polarity(&inner)),
        Rule::in_op => Op::In(polarity(&inner)),
        Rule::limit_op => Op::Chain(match find(&inner, |rule| rule == Rule::kw_most) {
            Some(_) => ChainOp::AtMost,
            None => ChainOp::AtLeast,
        }),
        Rule::kw_and => Op::Chain(ChainOp::And),
        Rule::kw_or => Op::Chain(ChainOp::Or),
        Rule::otherwise_op => Op::Chain(ChainOp::Otherwise),
        _ => Op::Through,
    })
}
