//! Plans whose measures are places and shares, made from running sums of the same records.
//!
//! `sum (running sum V over T as other in order of A, B within G where F) over T as own where own is R` names all
//! that a place or a share needs; it is taken apart, and put together again as what a test wants. A value that ends in
//! `otherwise` is left without it, so that it may be missing.

use guerdon::plan::{Plan, Source};
use guerdon_plan::hir::{
    Aggregate, Allocation, Definition, DefinitionKind, Direction, Domain, Expr, ExprKind, Program, RankTies,
    Ranking, Rest, Running, Unweighted,
};
use guerdon_plan::number::{Exact, Rounding};
use guerdon_plan::types::{BinderId, Scalar, Ty};
use guerdon_syntax::{Sink, SourceMap, parse};

/// What becomes of the running sum of a measure.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "each test makes some of them")]
pub enum Made {
    /// A place: the value, highest first, then what the order names, lowest first.
    Place(RankTies),
    /// A share: of the first field of the order, by the value.
    Share(&'static str, Rest, Unweighted),
    /// The text "place of KEY: VALUE", of the record and the value.
    Words,
    /// The aggregate itself, over the best so many.
    Best(u32),
}

/// A program with its texts.
pub struct Checked {
    pub program: Program,
    pub sources: SourceMap,
}

/// Checks a rule file, and changes the measures that are named.
pub fn checked(text: &str, made: &[(&str, Made)]) -> Checked {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let file = sources.add("case.guerdon", text.as_bytes()).unwrap();
    let tree = parse(&sources, file, &mut sink);
    let mut program = guerdon_plan::hir::check(&[tree], &sources, &mut sink);
    let messages = guerdon_syntax::Renderer::default().render_all(&sink.clone().finish(), &sources);
    assert!(!sink.has_errors(), "{text}\n{messages}");
    for (name, made) in made {
        let found = program
            .definitions
            .iter_mut()
            .find(|found| found.naming.name == *name);
        change(found.unwrap(), made);
    }
    Checked { program, sources }
}

/// Compiles a program.
pub fn compiled(checked: &Checked) -> Plan {
    Plan::from_program(checked.program.clone(), checked.sources.clone(), Sink::default())
        .unwrap_or_else(|refused| panic!("{refused}"))
}

/// Compiles a rule file as it stands.
#[allow(dead_code, reason = "one of the tests needs it")]
pub fn plain(text: &str) -> Plan {
    Plan::compile(&[Source::new("case.guerdon", text)]).unwrap_or_else(|refused| panic!("{refused}"))
}

fn change(definition: &mut Definition, made: &Made) {
    let (DefinitionKind::Measure(expr) | DefinitionKind::Let(expr)) = &mut definition.kind else {
        panic!("not a measure")
    };
    let ExprKind::Aggregate(aggregate) = &expr.kind else {
        panic!("not an aggregate: {expr:?}")
    };
    let changed = remade(aggregate, made, expr);
    definition.ty = changed.ty;
    *expr = changed;
}

fn remade(aggregate: &Aggregate, made: &Made, whole: &Expr) -> Expr {
    if let Made::Best(most) = made {
        let aggregate = Aggregate {
            best: Some(*most),
            ..aggregate.clone()
        };
        return Expr {
            kind: ExprKind::Aggregate(Box::new(aggregate)),
            ..whole.clone()
        };
    }
    let running = aggregate.value.as_ref().and_then(running_in).unwrap();
    let row = asked(aggregate);
    let (kind, scalar) = match made {
        Made::Place(ties) => (place(running, row, *ties), Scalar::Number),
        Made::Share(step, rest, unweighted) => {
            let step = Exact::parse_decimal(step).unwrap();
            (
                share(running, row, step, *rest, *unweighted),
                running.order[0].ty.scalar,
            )
        }
        Made::Words => (words(running, row), Scalar::Text),
        Made::Best(_) => unreachable!(),
    };
    Expr {
        kind,
        ty: Ty::optional(scalar),
        span: whole.span,
    }
}

/// Gives the record whose own running sum the aggregate takes.
fn asked(aggregate: &Aggregate) -> Expr {
    let own = ExprKind::Binder(aggregate.sources[0].binder);
    match aggregate.filter.as_ref().map(|filter| &filter.kind) {
        Some(ExprKind::Compare { left, right, .. }) if left.kind == own => (**right).clone(),
        other => panic!("not \"own is …\": {other:?}"),
    }
}

fn running_in(expr: &Expr) -> Option<&Running> {
    match &expr.kind {
        ExprKind::Running(running) => Some(running),
        _ => expr.children().into_iter().find_map(running_in),
    }
}

fn place(running: &Running, row: Expr, ties: RankTies) -> ExprKind {
    let first = (bare(&running.value), Direction::Descending);
    let others = running.order.iter().map(|key| (bare(key), Direction::Ascending));
    ExprKind::Rank(Box::new(Ranking {
        row,
        binder: running.binder,
        domain: Domain::Rows(running.table),
        filter: running.filter.clone(),
        within: running.within.clone(),
        keys: [first].into_iter().chain(others).collect(),
        ties,
    }))
}

fn share(running: &Running, row: Expr, step: Exact, rest: Rest, unweighted: Unweighted) -> ExprKind {
    ExprKind::Share(Box::new(Allocation {
        row,
        binder: running.binder,
        domain: Domain::Rows(running.table),
        filter: running.filter.clone(),
        within: running.within.clone(),
        amount: running.order[0].clone(),
        weight: bare(&running.value),
        step,
        rounding: Rounding::Down,
        rest,
        unweighted,
    }))
}

fn words(running: &Running, row: Expr) -> ExprKind {
    use guerdon_plan::hir::Piece;
    // The value is that of the other record, which a text about the payee reads of the payee.
    let mut value = bare(&running.value);
    rebind(&mut value, running.binder, &row);
    let words = |text: &str| Piece::Words(text.into());
    ExprKind::Words(vec![
        words("place of "),
        Piece::Value(row),
        words(": "),
        Piece::Value(value),
    ])
}

/// Gives what stands before `otherwise`, so that it may be missing.
fn bare(expr: &Expr) -> Expr {
    match &expr.kind {
        ExprKind::Otherwise(parts) => parts[0].clone(),
        _ => expr.clone(),
    }
}

fn rebind(expr: &mut Expr, binder: BinderId, to: &Expr) {
    match &mut expr.kind {
        ExprKind::Binder(found) if *found == binder => *expr = to.clone(),
        ExprKind::Field { row, .. } => rebind(row, binder, to),
        other => panic!("not a field: {other:?}"),
    }
}
