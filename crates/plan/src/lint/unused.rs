//! W0702: what is declared and never used.

use std::collections::BTreeSet;

use guerdon_syntax::{Code, Diagnostic, FileId, Sink, Span, Text, text};

use super::walk::{Owner, expressions};
use crate::hir::{
    BinderDomain, Block, Definition, DefinitionKind, Domain, Expr, ExprKind, Naming, Program, Swap,
    WithTarget,
};
use crate::types::{ConstantId, DecisionId, DefinitionId, EarnId, RatesId, Scalar, TableId, TiersId};

/// Warns of statements that nothing uses, and of tables, tiers and constants that stand beside a plan for nothing.
///
/// What a file without plans declares is a vocabulary for others, so nothing is said of it. A measure is shown, so it
/// needs no other use where it has a title. An `earn` has to reach a `pay`, `carry` or other statement; a test of it
/// does not count.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let used = Used::find(program);
    let files: BTreeSet<FileId> = program.plans.iter().map(|plan| plan.span.file).collect();
    let mut found = unused_declarations(program, &used);
    found.retain(|unused| files.contains(&unused.span.file));
    found.extend(unused_statements(program, &used));
    found.into_iter().for_each(|unused| sink.push(told(&unused)));
}

/// Holds what some expression uses.
#[derive(Debug, Default)]
struct Used {
    constants: BTreeSet<ConstantId>,
    tiers: BTreeSet<TiersId>,
    decisions: BTreeSet<DecisionId>,
    rates: BTreeSet<RatesId>,
    tables: BTreeSet<TableId>,
    definitions: BTreeSet<DefinitionId>,
    earns: BTreeSet<EarnId>,
    /// Where what stands in payee lines and checks is written: a payee line holds the values that it uses written out.
    places: BTreeSet<Span>,
}

struct Unused {
    kind: Text,
    name: String,
    span: Span,
    why: Option<Text>,
}

impl Used {
    fn find(program: &Program) -> Used {
        let mut used = Used::default();
        for (owner, expr) in expressions(program) {
            used.add(owner, expr);
        }
        let references = program
            .tables
            .iter()
            .flat_map(|table| &table.fields)
            .map(|field| field.ty.scalar);
        used.tables.extend(references.filter_map(table_of));
        let rows = program.binders.iter().filter_map(|binder| match binder.domain {
            BinderDomain::Row(table) => Some(table),
            BinderDomain::Period(..) => None,
        });
        used.tables.extend(rows);
        let replaced = program.tests.iter().flat_map(|test| &test.with);
        replaced.for_each(|with| used.add_target(with.target));
        let swaps = program.tests.iter().flat_map(|test| &test.swaps);
        swaps.for_each(|swap| used.add_swap(swap));
        used
    }

    fn add(&mut self, owner: Owner, expr: &Expr) {
        if owner == Owner::Plan {
            self.places.insert(expr.span);
        }
        if let ExprKind::Constant { constant, .. } = &expr.kind {
            self.constants.insert(*constant);
        } else if let ExprKind::Decide { decision, .. } = &expr.kind {
            self.decisions.insert(*decision);
        } else if let ExprKind::Apply(apply) = &expr.kind {
            self.tiers.insert(apply.tiers);
        } else if let ExprKind::RateOf { tiers, .. } = &expr.kind {
            self.tiers.insert(*tiers);
        } else if let ExprKind::Convert { rates, .. } = &expr.kind {
            self.rates.insert(*rates);
        } else {
            self.add_records(expr);
            self.add_statement(owner, expr);
        }
    }

    fn add_records(&mut self, expr: &Expr) {
        if let ExprKind::Find { table, .. } = &expr.kind {
            self.tables.insert(*table);
        } else if let ExprKind::Aggregate(aggregate) = &expr.kind {
            let rows = aggregate.sources.iter();
            self.tables
                .extend(rows.filter_map(|source| domain_table(&source.domain)));
        }
    }

    fn add_statement(&mut self, owner: Owner, expr: &Expr) {
        if let ExprKind::Use { definition, .. } | ExprKind::Prior { definition, .. } = &expr.kind
            && owner != Owner::Definition(*definition)
        {
            self.definitions.insert(*definition);
        }
        if let ExprKind::Earned { earn, .. } = &expr.kind
            && owner != Owner::Test
            && owner != Owner::Earn(*earn)
        {
            self.earns.insert(*earn);
        }
    }

    /// A table that a test puts in the place of another is used; the other one is not, by that.
    fn add_swap(&mut self, swap: &Swap) {
        match swap {
            Swap::Tiers(_, new) => {
                self.tiers.insert(*new);
            }
            Swap::Decision(_, new) => {
                self.decisions.insert(*new);
            }
            Swap::DecisionValue(..) | Swap::Holidays { .. } => {}
        }
    }

    fn add_target(&mut self, target: WithTarget) {
        match target {
            WithTarget::TableField(table, _) => {
                self.tables.insert(table);
            }
            WithTarget::Constant(constant) => {
                self.constants.insert(constant);
            }
            WithTarget::Definition(_) => {}
        }
    }
}

fn unused_declarations(program: &Program, used: &Used) -> Vec<Unused> {
    let constants = (0..).map(ConstantId).zip(&program.constants);
    // What a variant uses in some days only is a copy under the same name.
    let constant_names = used.constants.iter().filter_map(|id| program.constant(*id));
    let constant_names: BTreeSet<Span> = constant_names.map(|one| one.naming.span).collect();
    let tier_names = used.tiers.iter().filter_map(|id| program.tier_table(*id));
    let tier_names: BTreeSet<Span> = tier_names.map(|one| one.naming.span).collect();
    let decision_names = used.decisions.iter().filter_map(|id| program.decision(*id));
    let decision_names: BTreeSet<Span> = decision_names.map(|one| one.naming.span).collect();
    let constants = constants
        .filter(|(_, one)| !constant_names.contains(&one.naming.span))
        .map(|(_, one)| unused(text!("constant", "常量"), &one.naming));
    let tiers = (0..).map(TiersId).zip(&program.tiers);
    let tiers = tiers
        .filter(|(_, one)| !tier_names.contains(&one.naming.span))
        .map(|(_, one)| unused(text!("tiers", "阶梯"), &one.naming));
    let decisions = (0..).map(DecisionId).zip(&program.decisions);
    let decisions = decisions
        .filter(|(_, one)| !decision_names.contains(&one.naming.span))
        .map(|(_, one)| unused(text!("table", "表"), &one.naming));
    let tables = (0..).map(TableId).zip(&program.tables);
    let of_rates: BTreeSet<TableId> = program.rates.iter().map(|rates| rates.table).collect();
    let tables = tables
        .filter(|(id, _)| !used.tables.contains(id) && !of_rates.contains(id))
        .map(|(_, one)| unused(text!("data", "数据"), &one.naming));
    let rates = (0..).map(RatesId).zip(&program.rates);
    let rates = rates
        .filter(|(id, _)| !used.rates.contains(id))
        .map(|(_, one)| unused(text!("rates", "汇率"), &one.naming));
    constants
        .chain(tiers)
        .chain(decisions)
        .chain(tables)
        .chain(rates)
        .collect()
}

/// Lists the statements that nothing uses in any of the plans that they are written out in.
fn unused_statements(program: &Program, used: &Used) -> Vec<Unused> {
    let used_definitions = used.definitions.iter().filter_map(|id| program.definition(*id));
    let used_definitions: BTreeSet<Span> = used_definitions.map(|one| one.naming.span).collect();
    let used_earns = used.earns.iter().filter_map(|id| program.earn(*id));
    let used_earns: BTreeSet<Span> = used_earns.map(|one| one.naming.span).collect();
    let definitions = program
        .definitions
        .iter()
        .filter(|one| !used_definitions.contains(&one.naming.span) && !is_shown_by_block(program, one))
        .filter(|one| !used.places.iter().any(|place| is_within(*place, one.span)));
    let definitions = definitions.filter_map(|one| needs_use(one).map(|kind| unused(kind, &one.naming)));
    let earns = program
        .earns
        .iter()
        .filter(|one| !used_earns.contains(&one.naming.span));
    let earns = earns.map(|one| Unused {
        why: Some(text!(
            "What it earns reaches no pay statement.",
            "它计提的金额没有进入任何发放。"
        )),
        ..unused(text!("earn", "计提"), &one.naming)
    });
    definitions.chain(earns).collect()
}

/// Says whether a measure is that of a contest, award, target, warning or scorecard, which show all of theirs.
fn is_shown_by_block(program: &Program, definition: &Definition) -> bool {
    let block = program.plan(definition.plan).and_then(|plan| plan.block.as_ref());
    let is_name_of_part = match block {
        // What the parts of a split are called may stand there for the reader alone.
        Some(Block::Target(target)) => target.levels.iter().any(|level| level.span == definition.span),
        Some(Block::Contest(_) | Block::Award(_) | Block::Warning(_) | Block::Scorecard(_)) | None => false,
    };
    is_name_of_part || block.is_some() && matches!(definition.kind, DefinitionKind::Measure(_))
}

fn is_within(place: Span, whole: Span) -> bool {
    place.file == whole.file && whole.start <= place.start && place.end <= whole.end
}

/// Gives the word for a statement that is there only to be used by others.
///
/// One that is named by the whole of another line, such as the share of a segment, comes with that line.
fn needs_use(definition: &Definition) -> Option<Text> {
    if definition.naming.span == definition.span {
        return None;
    }
    match &definition.kind {
        DefinitionKind::Let(_) => Some(text!("let", "设")),
        DefinitionKind::Measure(_) if definition.naming.title.is_none() => Some(text!("measure", "度量")),
        DefinitionKind::Measure(_)
        | DefinitionKind::Carry { .. }
        | DefinitionKind::Pay(_)
        | DefinitionKind::Streak(_) => None,
    }
}

fn unused(kind: Text, naming: &Naming) -> Unused {
    Unused {
        kind,
        name: naming.name.clone(),
        span: naming.span,
        why: None,
    }
}

fn told(unused: &Unused) -> Diagnostic {
    let (kind, name) = (&unused.kind, &unused.name);
    let title = text!("{kind} \"{name}\" is never used", "{kind}“{name}”从未使用"; kind);
    let warning =
        Diagnostic::warning(Code::W0702, title).primary(unused.span, text!("never used", "从未使用"));
    match &unused.why {
        Some(why) => warning.note(why.clone()),
        None => warning,
    }
}

fn table_of(scalar: Scalar) -> Option<TableId> {
    if let Scalar::Row(table) = scalar {
        Some(table)
    } else {
        None
    }
}

fn domain_table(domain: &Domain) -> Option<TableId> {
    if let Domain::Rows(table) = domain {
        Some(*table)
    } else {
        None
    }
}
