//! Trees as they would have been read, had somebody written them.

use guerdon_syntax::Span;
use guerdon_syntax::ast::{
    AggregateOp, Allocate, Apply, Carry, Chain, ChainOp, CompareOp, Decimal, Direction, Expr, ExprKind,
    GrainName, If, Link, Literal, LiteralKind, Measure, Name, PlanStatement, Polarity, Rank, RankTies,
    RoundMode, RoundStep, Rounded, Source, SourceKind, Tail,
};

use crate::number::Exact;

/// The name of the period that a target is for, in statements about parts of it; no author can write it.
pub(crate) const WHOLE: &str = " whole";

/// The name of a value that is missing; no author can write it.
pub(crate) const MISSING: &str = " missing";

/// The function that puts words and the keys of records together; no author can write it.
pub(crate) const WORDS: &str = " words";

/// The function that gives somebody whom an action is addressed to; no author can write it.
pub(crate) const ADDRESSEE: &str = " addressee";

/// The function that gives the row of a warning's responses; no author can write it.
pub(crate) const RESPOND: &str = " respond";

/// Stands between an enum and one of its values in a name that no author can write.
const VALUE_OF: &str = " value ";

/// Names a value of an enum in a way that no other name or enum can hide.
pub(super) fn value_of_enum(of: &str, value: &str) -> String {
    format!("{of}{VALUE_OF}{value}")
}

/// Parts a name that [`value_of_enum`] made.
pub(crate) fn enum_and_value(name: &str) -> Option<(&str, &str)> {
    name.split_once(VALUE_OF)
}

/// Writes trees that all point at one place: the line whose meaning they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    span: Span,
}

impl Writer {
    /// Writes trees that point at a place.
    pub(super) const fn at(span: Span) -> Self {
        Self { span }
    }

    /// Gives the place that the trees point at.
    pub(super) const fn span(self) -> Span {
        self.span
    }

    /// Writes a name.
    pub(super) fn name(self, text: &str) -> Name {
        Name {
            text: text.to_owned(),
            span: self.span,
        }
    }

    /// Writes a bare name as a value.
    pub(super) fn value(self, name: &str) -> Expr {
        self.expr(ExprKind::Name(self.name(name)))
    }

    /// Writes `name[a, b]`.
    pub(super) fn of(self, name: &str, subscripts: Vec<Expr>) -> Expr {
        self.expr(ExprKind::Index(Box::new(self.value(name)), subscripts))
    }

    /// Writes a value that is missing.
    pub(super) fn missing(self) -> Expr {
        self.value(MISSING)
    }

    /// Writes a whole number.
    pub(super) fn number(self, number: u64) -> Expr {
        let digits = number.to_string();
        let decimal = Decimal {
            is_negative: false,
            digits: digits.clone(),
            exponent: 0,
        };
        self.literal(LiteralKind::Number(decimal), digits)
    }

    /// Writes a number as it is written elsewhere: 60% as 0.6.
    pub(super) fn decimal(self, decimal: &Decimal) -> Expr {
        self.literal(LiteralKind::Number(decimal.clone()), String::new())
    }

    /// Writes a number as a percent.
    pub(super) fn percent(self, decimal: &Decimal) -> Expr {
        self.literal(LiteralKind::Percent(decimal.clone()), String::new())
    }

    /// Writes a literal that stands elsewhere.
    pub(super) fn again(self, literal: &Literal) -> Expr {
        self.expr(ExprKind::Literal(literal.clone()))
    }

    /// Writes an exact number.
    pub(super) fn exact(self, number: &Exact) -> Expr {
        let Some(text) = number.to_decimal_text(0) else {
            let (numerator, denominator) = number.parts().unwrap_or((0, 1));
            let whole = |part: i128| self.decimal(&decimal_of(&part.to_string()));
            return self.pair(whole(numerator), ChainOp::Divide, whole(denominator));
        };
        self.decimal(&decimal_of(&text))
    }

    /// Writes an exact number as a percent; as a plain fraction where it has no end.
    pub(super) fn exact_percent(self, number: &Exact) -> Expr {
        match number.to_decimal_text(0) {
            Some(text) => self.percent(&decimal_of(&text)),
            None => self.exact(number),
        }
    }

    /// Writes yes or no.
    pub(super) fn truth(self, truth: bool) -> Expr {
        let written = if truth { "yes" } else { "no" };
        self.literal(LiteralKind::Truth(truth), written.to_owned())
    }

    /// Writes a text.
    pub(super) fn text(self, words: &str) -> Expr {
        self.literal(LiteralKind::Text(words.to_owned()), words.to_owned())
    }

    fn literal(self, kind: LiteralKind, written: String) -> Expr {
        self.expr(ExprKind::Literal(Literal {
            kind,
            written,
            span: self.span,
        }))
    }

    /// Writes an expression of any kind.
    pub(super) const fn expr(self, kind: ExprKind) -> Expr {
        Expr {
            kind,
            span: self.span,
        }
    }

    /// Writes `if c then a else b`.
    pub(super) fn choice(self, condition: Expr, then: Expr, otherwise: Expr) -> Expr {
        self.expr(ExprKind::If(Box::new(If {
            condition,
            then,
            otherwise,
        })))
    }

    /// Writes a chain of one operator; the first operand alone where there is but one.
    pub(super) fn chain(self, op: ChainOp, operands: Vec<Expr>) -> Option<Expr> {
        let mut operands = operands.into_iter();
        let first = operands.next()?;
        let rest: Vec<Link> = operands
            .map(|operand| Link {
                op,
                op_span: self.span,
                operand: self.bracket(operand),
            })
            .collect();
        if rest.is_empty() {
            return Some(first);
        }
        Some(self.expr(ExprKind::Chain(Chain {
            first: Box::new(self.bracket(first)),
            rest,
        })))
    }

    /// Writes `a OP b`.
    pub(super) fn pair(self, left: Expr, op: ChainOp, right: Expr) -> Expr {
        let link = Link {
            op,
            op_span: self.span,
            operand: self.bracket(right),
        };
        self.expr(ExprKind::Chain(Chain {
            first: Box::new(self.bracket(left)),
            rest: vec![link],
        }))
    }

    /// Writes brackets around an expression.
    pub(super) fn bracket(self, inner: Expr) -> Expr {
        let span = inner.span;
        Expr {
            kind: ExprKind::Paren(Box::new(inner)),
            span,
        }
    }

    /// Writes a condition so that anything else in its place is refused.
    pub(super) fn condition(self, condition: Expr) -> Expr {
        self.choice(condition, self.truth(true), self.truth(false))
    }

    /// Writes `x otherwise 0`.
    pub(super) fn or_zero(self, value: Expr) -> Expr {
        self.bracket(self.pair(value, ChainOp::Otherwise, self.number(0)))
    }

    /// Writes texts and records' keys as one text, missing where one of them is.
    pub(super) fn words(self, pieces: Vec<Expr>) -> Expr {
        self.expr(ExprKind::Call(self.name(WORDS), pieces))
    }

    /// Writes somebody whom an action is addressed to.
    pub(super) fn addressee(self, to: Expr) -> Expr {
        self.expr(ExprKind::Call(self.name(ADDRESSEE), vec![to]))
    }

    /// Writes the row of a warning's responses for a style, which messages call so, and a level.
    pub(super) fn respond(self, style: Expr, called: &str, level: Expr) -> Expr {
        let args = vec![style, level, self.text(called)];
        self.expr(ExprKind::Call(self.name(RESPOND), args))
    }

    /// Joins conditions by `and`; yes where there are none.
    pub(super) fn all(self, conditions: Vec<Expr>) -> Expr {
        self.chain(ChainOp::And, conditions)
            .unwrap_or_else(|| self.truth(true))
    }

    /// Writes `a < b` and its like.
    pub(super) fn compare(self, left: Expr, op: CompareOp, right: Expr) -> Expr {
        let (left, right) = (self.bracket(left), self.bracket(right));
        self.expr(ExprKind::Compare(Box::new(left), op, Box::new(right)))
    }

    /// Writes `a is missing`.
    pub(super) fn is_missing(self, value: Expr) -> Expr {
        self.expr(ExprKind::IsMissing(Box::new(value), Polarity::Plain))
    }

    /// Writes `not c`.
    pub(super) fn not(self, condition: Expr) -> Expr {
        self.expr(ExprKind::Not(Box::new(self.bracket(condition))))
    }

    /// Writes `prior x`.
    pub(super) fn prior(self, name: &str) -> Expr {
        self.expr(ExprKind::Prior(self.name(name)))
    }

    /// Writes `x rounded MODE to STEP`.
    pub(super) fn rounded(self, value: Expr, mode: RoundMode, step: RoundStep) -> Expr {
        let value = self.bracket(value);
        self.expr(ExprKind::Rounded(Box::new(Rounded { value, mode, step })))
    }

    /// Writes a source: `Person as e`.
    pub(super) fn source(self, data: &Name, alias: &str) -> Source {
        Source {
            kind: SourceKind::Named(data.clone()),
            alias: Some(self.name(alias)),
            span: self.span,
        }
    }

    /// Writes `a is b` for values of any kind, numbers and texts among them.
    pub(super) fn same(self, left: Expr, right: Expr) -> Expr {
        let list = self.expr(ExprKind::List(vec![self.bracket(right)]));
        let left = self.bracket(left);
        self.expr(ExprKind::In(Box::new(left), Polarity::Plain, Box::new(list)))
    }

    /// Writes `apply T to x`.
    pub(super) fn apply(self, tiers: &str, value: Expr) -> Expr {
        self.expr(ExprKind::Apply(Box::new(Apply {
            tiers: self.name(tiers),
            value: self.bracket(value),
            against: None,
            stack: None,
        })))
    }

    /// Writes `f(a, b)`.
    pub(super) fn call(self, function: &str, arguments: Vec<Expr>) -> Expr {
        self.expr(ExprKind::Call(self.name(function), arguments))
    }

    /// Writes `a or b`; no where there are none.
    pub(super) fn any(self, conditions: Vec<Expr>) -> Expr {
        self.chain(ChainOp::Or, conditions)
            .unwrap_or_else(|| self.truth(false))
    }

    /// Writes `count over S where c`.
    pub(super) fn count(self, source: Source, filter: Option<Expr>) -> Expr {
        self.aggregate(AggregateOp::Count, None, source, filter)
    }

    /// Writes `sum e over S where c` and its like.
    pub(super) fn aggregate(
        self,
        op: AggregateOp,
        value: Option<Expr>,
        source: Source,
        filter: Option<Expr>,
    ) -> Expr {
        self.expr(ExprKind::Aggregate(Box::new(guerdon_syntax::ast::Aggregate {
            op,
            op_span: self.span,
            is_distinct: false,
            value,
            sources: vec![source],
            filter,
            order: Vec::new(),
            best: None,
        })))
    }

    /// Writes `rank of x among S where c highest first, further keys, ties t`.
    pub(super) fn rank(
        self,
        keys: Keys,
        source: Source,
        filter: Expr,
        within: Vec<Expr>,
        ties: RankTies,
    ) -> Expr {
        let rank = Rank {
            value: keys.first,
            source,
            filter: Some(filter),
            within,
            direction: Some(keys.direction),
            keys: keys.further,
            ties: Some(ties),
        };
        let rank = self.expr(ExprKind::Rank(Box::new(rank)));
        self.bracket(rank)
    }

    /// Writes `allocate A among S where c within K by w`.
    pub(super) fn allocate(
        self,
        (amount, weight): (Expr, Expr),
        source: Source,
        filter: Expr,
        within: Vec<Expr>,
        unit: Option<Expr>,
    ) -> Expr {
        let allocate = Allocate {
            amount,
            source,
            filter: Some(filter),
            within,
            weight,
            unit,
            rest: None,
            rounded: None,
            is_equal_otherwise: false,
        };
        let allocate = self.expr(ExprKind::Allocate(Box::new(allocate)));
        self.bracket(allocate)
    }

    /// Writes `measure NAME = e`.
    pub(super) fn measure(self, name: &str, value: Expr) -> PlanStatement {
        self.measure_for(name, Vec::new(), value)
    }

    /// Writes `measure NAME for S s = e`.
    pub(super) fn measure_for(self, name: &str, grain: Vec<GrainName>, value: Expr) -> PlanStatement {
        PlanStatement::Measure(Measure {
            name: self.name(name),
            title: None,
            grain,
            dated: None,
            value,
            tail: Tail::default(),
            span: self.span,
        })
    }

    /// Writes `let NAME = e`.
    pub(super) fn named_let(self, name: &Name, value: Expr) -> PlanStatement {
        PlanStatement::Let(guerdon_syntax::ast::Let {
            name: name.clone(),
            dated: None,
            value,
            tail: Tail::default(),
            span: self.span,
        })
    }

    /// Writes `carry NAME = e starting s`.
    pub(super) fn carry(self, name: &str, value: Expr, starting: Expr) -> PlanStatement {
        PlanStatement::Carry(Carry {
            name: self.name(name),
            value,
            starting,
            restarting: None,
            tail: Tail::default(),
            span: self.span,
        })
    }
}

/// Holds what records are ranked by.
pub(super) struct Keys {
    /// What is compared first.
    pub(super) first: Expr,
    /// Its direction.
    pub(super) direction: Direction,
    /// Further keys.
    pub(super) further: Vec<guerdon_syntax::ast::RankKey>,
}

/// Reads a plain decimal: an optional minus, digits, perhaps a point and digits.
fn decimal_of(text: &str) -> Decimal {
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{decimals}");
    let digits = digits.trim_start_matches('0');
    let places = i32::try_from(decimals.len()).unwrap_or(0);
    Decimal {
        is_negative,
        digits: if digits.is_empty() {
            "0".to_owned()
        } else {
            digits.to_owned()
        },
        exponent: places.saturating_neg(),
    }
}
