//! Expressions that stand alone or in brackets: aggregates, running sums, `apply`, `if`, `allocate`, `rank`.

use super::{Built, Shape, round_mode};
use crate::ast::{
    Aggregate, AggregateOp, Allocate, Apply, Direction, Expr, ExprKind, If, Rank, RankKey, RankTies, RestTo,
    Running, Source, SourceKind, Stack, Tree,
};
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::parse::build::Builder;
use crate::parse::grammar::{Node, Parts, Rule, find, first_rule, has, parts};
use crate::span::Span;
use crate::text;

/// Holds the clauses that follow the sources of an aggregate, in any order, each at most once.
#[derive(Default)]
struct Clauses {
    filter: Option<Expr>,
    order: Vec<Expr>,
    within: Vec<Expr>,
    best: Option<Expr>,
    depth: u16,
}

impl Builder<'_> {
    #[inline(never)]
    pub(super) fn aggregate(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let is_distinct = has(&node, Rule::kw_distinct);
        let mut inner = parts(node);
        let word = inner.take(Rule::aggregate_op)?;
        let op_span = self.span(&word);
        let op = aggregate_op(&word)?;
        let value = match inner.take(Rule::expr) {
            Some(value) => Some(self.flat(value)?),
            None => None,
        };
        let mut depth = value.as_ref().map_or(0, |value| value.depth);
        let mut sources = Vec::new();
        for source in inner.take_all(Rule::source) {
            let (source, inside) = self.source_in(source)?;
            depth = depth.max(inside);
            sources.push(source);
        }
        let clauses = self.clauses(&mut inner, span)?;
        let aggregate = Aggregate {
            op,
            op_span,
            is_distinct,
            value: value.map(|value| *value.expr),
            sources,
            filter: clauses.filter,
            order: clauses.order,
            best: clauses.best,
        };
        self.wide(
            ExprKind::Aggregate(Box::new(aggregate)),
            span,
            depth.max(clauses.depth),
        )
    }

    #[inline(never)]
    pub(super) fn running(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let mut inner = parts(node);
        let value = self.flat(inner.take(Rule::expr)?)?;
        let (source, inside) = self.source_in(inner.take(Rule::source)?)?;
        let clauses = self.clauses(&mut inner, span)?;
        let depth = value.depth.max(inside).max(clauses.depth);
        if clauses.order.is_empty() {
            self.sink.push(
                Diagnostic::error(
                    Code::E0101,
                    text!("a running sum needs its order", "累加需要次序"),
                )
                .primary(span, text!("say \"in order of …\"", "请写“依次按 …”")),
            );
            return None;
        }
        let running = Running {
            value: *value.expr,
            source,
            order: clauses.order,
            within: clauses.within,
            filter: clauses.filter,
        };
        self.wide(ExprKind::Running(Box::new(running)), span, depth)
    }

    #[inline(never)]
    fn clauses(&mut self, inner: &mut Parts<'_>, whole: Span) -> Option<Clauses> {
        let mut found = Clauses::default();
        while let Some(node) = inner.next() {
            let span = self.span(&node);
            let rule = node.as_rule();
            let is_again = match rule {
                Rule::filter => found.filter.is_some(),
                Rule::in_order => !found.order.is_empty(),
                Rule::within => !found.within.is_empty(),
                _ => found.best.is_some(),
            };
            if is_again {
                return self.twice(span);
            }
            self.clause(node, rule, whole, &mut found)?;
        }
        Some(found)
    }

    #[inline(never)]
    fn clause(&mut self, node: Node<'_>, rule: Rule, whole: Span, found: &mut Clauses) -> Option<()> {
        let depth = match rule {
            Rule::filter => {
                let filter = self.flat(parts(node).take(Rule::expr)?)?;
                self.refuse_open_end(whole, &filter.expr)?;
                found.filter = Some(*filter.expr);
                filter.depth
            }
            Rule::in_order | Rule::within => {
                let (keys, depth) = self.operands(&mut parts(node))?;
                match rule {
                    Rule::in_order => found.order = keys,
                    _ => found.within = keys,
                }
                depth
            }
            _ => {
                let best = self.lone_operand(parts(node).take(Rule::operand)?)?;
                found.best = Some(*best.expr);
                best.depth
            }
        };
        found.depth = found.depth.max(depth);
        Some(())
    }

    #[inline(never)]
    fn twice<T>(&mut self, span: Span) -> Option<T> {
        self.sink.push(
            Diagnostic::error(Code::E0101, text!("this is said twice", "此处重复"))
                .primary(span, Text::default()),
        );
        None
    }

    /// Takes all operands that follow, and tells the depth of the deepest.
    #[inline(never)]
    pub(crate) fn operands(&mut self, inner: &mut Parts<'_>) -> Option<(Vec<Expr>, u16)> {
        let mut found = Vec::new();
        let mut depth = 0;
        for node in inner.take_all(Rule::operand) {
            let built = self.lone_operand(node)?;
            depth = depth.max(built.depth);
            found.push(*built.expr);
        }
        Some((found, depth))
    }

    /// Reads what an expression goes through.
    #[inline(never)]
    fn source_in(&mut self, node: Node<'_>) -> Option<(Source, u16)> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let (kind, depth) = match inner.take(Rule::tree) {
            Some(tree) => {
                let is_team = has(&tree, Rule::kw_team);
                let root = self.lone_operand(parts(tree).take(Rule::operand)?)?;
                let by = self.ident(&mut inner);
                let tree = Box::new(Tree { root: *root.expr, by });
                let kind = match is_team {
                    true => SourceKind::Team(tree),
                    false => SourceKind::Reports(tree),
                };
                (kind, root.depth)
            }
            None => (SourceKind::Named(self.ident(&mut inner)?), 0),
        };
        let alias = match inner.take(Rule::alias_as) {
            Some(alias) => self.ident(&mut parts(alias)),
            None => None,
        };
        Some((Source { kind, alias, span }, depth))
    }

    /// Takes the next part as what is gone through.
    pub(crate) fn take_source(&mut self, inner: &mut Parts<'_>) -> Option<Source> {
        let node = inner.take(Rule::source).or_else(|| inner.take(Rule::among))?;
        Some(self.source_in(node)?.0)
    }

    #[inline(never)]
    pub(super) fn apply(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let has_against = has(&node, Rule::kw_against);
        let mut inner = parts(node);
        let tiers = self.ident(&mut inner)?;
        let value = self.lone_operand(inner.take(Rule::operand)?)?;
        let mut depth = value.depth;
        let against = match has_against {
            true => {
                let against = self.lone_operand(inner.take(Rule::operand)?)?;
                depth = depth.max(against.depth);
                Some(*against.expr)
            }
            false => None,
        };
        let stack = match inner.take(Rule::stack) {
            Some(stack) => {
                let (stack, inside) = self.stack(stack)?;
                depth = depth.max(inside);
                Some(stack)
            }
            None => None,
        };
        let apply = Apply {
            tiers,
            value: *value.expr,
            against,
            stack,
        };
        self.wide(ExprKind::Apply(Box::new(apply)), span, depth)
    }

    #[inline(never)]
    fn stack(&mut self, node: Node<'_>) -> Option<(Stack, u16)> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let (order, mut depth) = self.operands(&mut parts(inner.take(Rule::in_order)?))?;
        let restarting = self.restarting(&mut inner);
        let starting = match inner.take(Rule::opening) {
            Some(opening) => {
                let opening = self.lone_operand(parts(opening).take(Rule::operand)?)?;
                depth = depth.max(opening.depth);
                Some(*opening.expr)
            }
            None => None,
        };
        let stack = Stack {
            order,
            restarting,
            starting,
            span,
        };
        Some((stack, depth))
    }

    /// Takes `restarting every year`.
    pub(crate) fn restarting(&mut self, inner: &mut Parts<'_>) -> Option<crate::ast::Unit> {
        let node = inner.take(Rule::restarting)?;
        self.unit(parts(node).take(Rule::unit)?)
    }

    #[inline(never)]
    pub(super) fn if_expr(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let mut inner = parts(node);
        let condition = self.flat(inner.take(Rule::expr)?)?;
        let then = self.flat(inner.take(Rule::expr)?)?;
        let otherwise = self.flat(inner.take(Rule::expr)?)?;
        self.refuse_open_end(span, &otherwise.expr)?;
        let depth = condition.depth.max(then.depth).max(otherwise.depth);
        let kind = ExprKind::If(Box::new(If {
            condition: *condition.expr,
            then: *then.expr,
            otherwise: *otherwise.expr,
        }));
        self.wide(kind, span, depth)
    }

    #[inline(never)]
    pub(super) fn allocate(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let mut inner = parts(node);
        let amount = self.flat(inner.take(Rule::expr)?)?;
        let (source, inside) = self.source_in(inner.take(Rule::among)?)?;
        let (filter, filter_depth) = self.filter_in(&mut inner)?;
        let (within, within_depth) = self.within(&mut inner)?;
        let weight = self.flat(inner.take(Rule::expr)?)?;
        self.refuse_open_end(span, &weight.expr)?;
        let depth = amount
            .depth
            .max(inside)
            .max(filter_depth)
            .max(within_depth)
            .max(weight.depth);
        let mut allocate = Allocate {
            amount: *amount.expr,
            source,
            filter,
            within,
            weight: *weight.expr,
            unit: None,
            rest: None,
            rounded: None,
            is_equal_otherwise: false,
        };
        for option in inner.take_all(Rule::allocate_option) {
            self.allocate_option(option, &mut allocate)?;
        }
        self.wide(ExprKind::Allocate(Box::new(allocate)), span, depth)
    }

    #[inline(never)]
    fn allocate_option(&mut self, node: Node<'_>, into: &mut Allocate) -> Option<()> {
        if has(&node, Rule::kw_equally) {
            into.is_equal_otherwise = true;
            return Some(());
        }
        let mut inner = parts(node);
        if let Some(unit) = inner.take(Rule::allocate_unit) {
            into.unit = Some(self.take_operand(&mut parts(unit))?);
        } else if let Some(rest) = inner.take(Rule::rest_to) {
            into.rest = Some(rest_to(&rest));
        } else {
            into.rounded = Some(round_mode(inner.take(Rule::round_mode)?)?);
        }
        Some(())
    }

    #[inline(never)]
    pub(super) fn rank_among(&mut self, node: Node<'_>, span: Span) -> Option<Built> {
        let mut inner = parts(node);
        let value = self.flat(inner.take(Rule::expr)?)?;
        let (source, inside) = self.source_in(inner.take(Rule::source)?)?;
        let (filter, filter_depth) = self.filter_in(&mut inner)?;
        if let Some(filter) = &filter {
            self.refuse_open_end(span, filter)?;
        }
        let (within, within_depth) = self.within(&mut inner)?;
        let direction = inner.take(Rule::direction).and_then(|node| direction(&node));
        let ties = match inner.take(Rule::rank_ties) {
            Some(ties) => Some(self.rank_ties(ties)?),
            None => None,
        };
        let depth = value.depth.max(inside).max(filter_depth).max(within_depth);
        let rank = Rank {
            value: *value.expr,
            source,
            filter,
            within,
            direction,
            keys: Vec::new(),
            ties,
        };
        self.wide(ExprKind::Rank(Box::new(rank)), span, depth)
    }

    #[inline(never)]
    fn rank_ties(&mut self, node: Node<'_>) -> Option<RankTies> {
        let word = find(&node, |rule| {
            matches!(
                rule,
                Rule::kw_best | Rule::kw_worst | Rule::kw_average | Rule::kw_dense
            )
        });
        Some(match word {
            Some(Rule::kw_best) => RankTies::Best,
            Some(Rule::kw_worst) => RankTies::Worst,
            Some(Rule::kw_average) => RankTies::Average,
            Some(_) => RankTies::Dense,
            None => RankTies::OrderBy(self.rank_keys(&mut parts(node))?),
        })
    }

    /// Takes all keys to rank by that follow.
    #[inline(never)]
    pub(crate) fn rank_keys(&mut self, inner: &mut Parts<'_>) -> Option<Vec<RankKey>> {
        let mut keys = Vec::new();
        for node in inner.take_all(Rule::rank_key) {
            let mut inner = parts(node);
            let key = self.take_expr(&mut inner)?;
            let direction = inner.take(Rule::direction).and_then(|node| direction(&node));
            keys.push(RankKey { key, direction });
        }
        Some(keys)
    }

    #[inline(never)]
    fn filter_in(&mut self, inner: &mut Parts<'_>) -> Option<(Option<Expr>, u16)> {
        let Some(node) = inner.take(Rule::filter) else {
            return Some((None, 0));
        };
        let filter = self.flat(parts(node).take(Rule::expr)?)?;
        Some((Some(*filter.expr), filter.depth))
    }

    /// Takes `where c` of a statement.
    pub(crate) fn take_filter(&mut self, inner: &mut Parts<'_>) -> Option<Option<Expr>> {
        Some(self.filter_in(inner)?.0)
    }

    #[inline(never)]
    fn within(&mut self, inner: &mut Parts<'_>) -> Option<(Vec<Expr>, u16)> {
        match inner.take(Rule::within) {
            Some(node) => self.operands(&mut parts(node)),
            None => Some((Vec::new(), 0)),
        }
    }

    #[inline(never)]
    fn wide(&mut self, kind: ExprKind, span: Span, depth: u16) -> Option<Built> {
        let mut built = self.make(kind, span, depth)?;
        built.shape = Shape::Wide;
        Some(built)
    }
}

/// Reads the word of an aggregate.
pub(crate) fn aggregate_op(node: &Node<'_>) -> Option<AggregateOp> {
    Some(match first_rule(node)? {
        Rule::kw_sum => AggregateOp::Sum,
        Rule::kw_count => AggregateOp::Count,
        Rule::kw_average => AggregateOp::Average,
        Rule::kw_lowest => AggregateOp::Lowest,
        Rule::kw_highest => AggregateOp::Highest,
        Rule::kw_any => AggregateOp::Any,
        Rule::kw_all => AggregateOp::All,
        Rule::kw_first => AggregateOp::First,
        _ => AggregateOp::Last,
    })
}

/// Reads `highest first` or `lowest first`.
pub(crate) fn direction(node: &Node<'_>) -> Option<Direction> {
    Some(match first_rule(node)? {
        Rule::kw_highest => Direction::HighestFirst,
        _ => Direction::LowestFirst,
    })
}

/// Reads who gets the rest.
pub(crate) fn rest_to(node: &Node<'_>) -> RestTo {
    match find(node, |rule| matches!(rule, Rule::kw_largest | Rule::kw_first)) {
        Some(Rule::kw_largest) => RestTo::Largest,
        Some(_) => RestTo::First,
        None => RestTo::Last,
    }
}
