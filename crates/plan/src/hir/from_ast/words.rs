//! The names that an expression mentions.

use guerdon_syntax::ast;

/// Is a name that an expression mentions, with the plan before its dot.
pub(super) struct Word<'t> {
    /// The name.
    pub(super) name: &'t ast::Name,
    /// The name before the dot: `ae_2026` in `ae_2026.commission`.
    pub(super) of: Option<&'t ast::Name>,
}

/// Lists the names that an expression mentions as values or sources, in no particular order.
pub(super) fn words(tree: &ast::Expr) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut open = vec![tree];
    while let Some(tree) = open.pop() {
        if let ast::ExprKind::Field(base, name) = &tree.kind
            && let ast::ExprKind::Name(of) = &base.kind
        {
            found.push(Word { name, of: Some(of) });
        }
        names_of(tree, &mut found);
        parts(tree, &mut open);
    }
    found
}

fn names_of<'t>(tree: &'t ast::Expr, found: &mut Vec<Word<'t>>) {
    let sources: &[ast::Source] = if let ast::ExprKind::Aggregate(aggregate) = &tree.kind {
        &aggregate.sources
    } else if let ast::ExprKind::Running(running) = &tree.kind {
        std::slice::from_ref(&running.source)
    } else if let ast::ExprKind::Allocate(allocate) = &tree.kind {
        std::slice::from_ref(&allocate.source)
    } else if let ast::ExprKind::Rank(rank) = &tree.kind {
        std::slice::from_ref(&rank.source)
    } else {
        &[]
    };
    let mut names: Vec<&'t ast::Name> = sources.iter().filter_map(source_name).collect();
    if let ast::ExprKind::Name(name)
    | ast::ExprKind::Prior(name)
    | ast::ExprKind::Due(name)
    | ast::ExprKind::Released(name)
    | ast::ExprKind::Below(name) = &tree.kind
    {
        names.push(name);
    }
    found.extend(names.into_iter().map(|name| Word { name, of: None }));
}

fn source_name(source: &ast::Source) -> Option<&ast::Name> {
    match &source.kind {
        ast::SourceKind::Named(name) => Some(name),
        ast::SourceKind::Team(_) | ast::SourceKind::Reports(_) => None,
    }
}

/// Adds the expressions that an expression is made of.
fn parts<'t>(tree: &'t ast::Expr, open: &mut Vec<&'t ast::Expr>) {
    match &tree.kind {
        ast::ExprKind::Literal(_)
        | ast::ExprKind::Name(_)
        | ast::ExprKind::Prior(_)
        | ast::ExprKind::Due(_)
        | ast::ExprKind::Released(_)
        | ast::ExprKind::Below(_)
        | ast::ExprKind::Duration(..) => {}
        ast::ExprKind::Call(_, args) | ast::ExprKind::List(args) => open.extend(args),
        ast::ExprKind::Field(base, _) => open.push(base),
        ast::ExprKind::Index(base, args) => {
            open.push(base);
            open.extend(args);
        }
        ast::ExprKind::Negate(inner)
        | ast::ExprKind::Not(inner)
        | ast::ExprKind::Paren(inner)
        | ast::ExprKind::IsMissing(inner, _)
        | ast::ExprKind::RateOf(_, inner)
        | ast::ExprKind::Streak(inner) => open.push(inner),
        ast::ExprKind::Chain(chain) => open.extend(super::operator::operands(chain)),
        ast::ExprKind::Compare(one, _, other)
        | ast::ExprKind::Is(one, _, other)
        | ast::ExprKind::In(one, _, other)
        | ast::ExprKind::Through(one, other)
        | ast::ExprKind::Times(one, other)
        | ast::ExprKind::Trend(one, other) => open.extend([&**one, &**other]),
        ast::ExprKind::Aggregate(aggregate) => aggregate_parts(aggregate, open),
        ast::ExprKind::Running(running) => {
            open.push(&running.value);
            source_parts(&running.source, open);
            open.extend(running.order.iter().chain(&running.within).chain(&running.filter));
        }
        ast::ExprKind::Apply(apply) => {
            open.push(&apply.value);
            open.extend(&apply.against);
            if let Some(stack) = &apply.stack {
                open.extend(stack.order.iter().chain(&stack.starting));
            }
        }
        ast::ExprKind::If(choice) => open.extend([&choice.condition, &choice.then, &choice.otherwise]),
        ast::ExprKind::Allocate(allocate) => {
            open.extend([&allocate.amount, &allocate.weight]);
            source_parts(&allocate.source, open);
            open.extend(
                allocate
                    .within
                    .iter()
                    .chain(&allocate.filter)
                    .chain(&allocate.unit),
            );
        }
        ast::ExprKind::Rank(rank) => {
            open.push(&rank.value);
            source_parts(&rank.source, open);
            open.extend(rank.within.iter().chain(&rank.filter));
        }
        ast::ExprKind::Period(period) => match period {
            ast::PeriodExpr::From(day) | ast::PeriodExpr::Of(day, _) => open.push(day),
            ast::PeriodExpr::Current
            | ast::PeriodExpr::This(_)
            | ast::PeriodExpr::Previous(_)
            | ast::PeriodExpr::ToDate(_)
            | ast::PeriodExpr::Last(..) => {}
        },
        ast::ExprKind::Span(span) => match &span.range {
            ast::SpanRange::In(range) => open.push(range),
            ast::SpanRange::FromTo(from, to) => open.extend([from, to]),
        },
        ast::ExprKind::Rounded(rounded) => open.push(&rounded.value),
    }
}

fn aggregate_parts<'t>(aggregate: &'t ast::Aggregate, open: &mut Vec<&'t ast::Expr>) {
    open.extend(
        aggregate
            .value
            .iter()
            .chain(&aggregate.filter)
            .chain(&aggregate.order)
            .chain(&aggregate.best),
    );
    aggregate
        .sources
        .iter()
        .for_each(|source| source_parts(source, open));
}

fn source_parts<'t>(source: &'t ast::Source, open: &mut Vec<&'t ast::Expr>) {
    match &source.kind {
        ast::SourceKind::Named(_) => {}
        ast::SourceKind::Team(tree) | ast::SourceKind::Reports(tree) => open.push(&tree.root),
    }
}
