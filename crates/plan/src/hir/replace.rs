//! A program with what a test puts in place of its own tables and values.

use super::expr::{Comparison, Expr, ExprKind, Value};
use super::program::{Definition, DefinitionKind, Exception, Program};
use super::schema::{Cell, DecisionRow, DecisionVersion, Effective, Hit, Naming, Reason};
use super::test::{Swap, Test, WithCell};
use crate::types::{BinderId, DecisionId, Scalar, TiersId, Ty};

impl Test {
    /// Gives the program with the tables and single values that the test puts in place of others.
    ///
    /// The values of [`Test::with`] are left to who runs the test.
    #[must_use]
    pub fn applied_to(&self, program: &Program) -> Program {
        let mut program = program.clone();
        for swap in &self.swaps {
            match swap {
                Swap::Tiers(old, new) => swap_tiers(&mut program, *old, *new),
                Swap::Decision(old, new) => swap_decision(&mut program, *old, *new),
                Swap::Holidays { list, off, worked } => {
                    if let Some(place) = program.holidays.get_mut(list.index()) {
                        (place.off, place.worked) = (off.clone(), worked.clone());
                    }
                }
                Swap::DecisionValue(decision, value) => always_decide(&mut program, *decision, value),
            }
        }
        for cell in &self.cells {
            replace_cell(&mut program, cell);
        }
        program
    }
}

fn swap_tiers(program: &mut Program, old: TiersId, new: TiersId) {
    if let Some(other) = program.tier_table(new).cloned()
        && let Some(place) = program.tiers.get_mut(old.index())
    {
        (place.kind, place.versions) = (other.kind, other.versions);
    }
}

fn swap_decision(program: &mut Program, old: DecisionId, new: DecisionId) {
    if let Some(other) = program.decision(new).cloned()
        && let Some(place) = program.decisions.get_mut(old.index())
    {
        (place.hit, place.versions) = (other.hit, other.versions);
    }
}

fn always_decide(program: &mut Program, decision: DecisionId, value: &Value) {
    if let Some(place) = program.decisions.get_mut(decision.index()) {
        place.hit = Hit::First;
        place.versions = vec![DecisionVersion {
            effective: Effective::default(),
            rows: vec![DecisionRow {
                cells: vec![Cell::Any; place.inputs.len()],
                outputs: vec![value.clone()],
                span: place.naming.span,
            }],
        }];
    }
}

/// Replaces a definition's value where its arguments are those given: by an exception that outranks all others where
/// there are exceptions, since they would change the new value too; otherwise by a choice.
fn replace_cell(program: &mut Program, cell: &WithCell) {
    let Some(definition) = program.definition(cell.definition) else {
        return;
    };
    let matches: Vec<Expr> = definition
        .params
        .iter()
        .zip(&cell.at)
        .filter_map(|(param, at)| Some(is_at(*param, at.as_ref()?)))
        .collect();
    let condition = always(ExprKind::And(matches), Scalar::Bool, cell);
    let Some(definition) = program.definitions.get_mut(cell.definition.index()) else {
        return;
    };
    if definition.exceptions.is_empty() {
        choose(definition, condition, cell);
    } else {
        definition
            .exceptions
            .push(outranking(definition, condition, cell));
    }
}

fn is_at(param: BinderId, at: &Expr) -> Expr {
    let left = Expr {
        kind: ExprKind::Binder(param),
        ty: Ty::always(at.ty.scalar),
        span: at.span,
    };
    Expr {
        kind: ExprKind::Compare {
            op: Comparison::Equal,
            left: Box::new(left),
            right: Box::new(at.clone()),
        },
        ty: Ty::always(Scalar::Bool),
        span: at.span,
    }
}

fn choose(definition: &mut Definition, condition: Expr, cell: &WithCell) {
    let ty = definition.ty;
    let value = match &mut definition.kind {
        DefinitionKind::Let(value)
        | DefinitionKind::Measure(value)
        | DefinitionKind::Pay(value)
        | DefinitionKind::Streak(value)
        | DefinitionKind::Carry { value, .. } => value,
    };
    *value = Expr {
        kind: ExprKind::If {
            condition: Box::new(condition),
            then: Box::new(cell.value.clone()),
            otherwise: Box::new(value.clone()),
        },
        ty,
        span: cell.span,
    };
}

fn outranking(definition: &Definition, when: Expr, cell: &WithCell) -> Exception {
    Exception {
        naming: Naming {
            name: "with".to_owned(),
            alias: None,
            title: None,
            span: cell.span,
        },
        over: (0..definition.exceptions.len()).collect(),
        during: Effective::default(),
        when,
        value: cell.value.clone(),
        reason: Reason::default(),
        span: cell.span,
    }
}

fn always(kind: ExprKind, scalar: Scalar, cell: &WithCell) -> Expr {
    Expr {
        kind,
        ty: Ty::always(scalar),
        span: cell.span,
    }
}
