//! Plans: their lines, their statements' names, and the order in which all of it is read.

mod header;
mod payees;
mod statements;
mod variant;

use std::collections::BTreeMap;

use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, FileId, Span, ast, text};

use super::Checker;
use super::blocks::Written;
use crate::calendar::{PeriodKey, Unit};
use crate::hir::expr::ExprKind;
use crate::hir::program::{Broken, DefinitionKind, Earn};
use crate::hir::schema::{Effective, Naming, Reason};
use crate::resolve::{Declared, ItemAt, declared_twice};
use crate::types::{ConstantId, DecisionId, DefinitionId, EarnId, PlanId, Scalar, TiersId, Ty};

/// Is a named statement of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// `rows`, by its position among the plan's lines.
    Rows(usize),
    /// `let`, `measure`, `carry` or `pay`.
    Definition(DefinitionId),
    /// `earn`.
    Earn(EarnId),
    /// `except`; it has no value.
    Exception,
}

/// Holds a plan while it is read: its lines and those it takes over from the plan it extends.
#[derive(Debug, Default)]
pub(crate) struct PlanParts<'a> {
    /// The lines, those of the extended plan first.
    pub(crate) lines: Vec<Line<'a>>,
    /// The named statements.
    pub(crate) symbols: BTreeMap<String, (Symbol, Span)>,
    /// The exceptions, by the name of what they change.
    pub(crate) exceptions: BTreeMap<String, Vec<&'a ast::Except>>,
    /// The tables, tiers and constants that a variant replaces.
    pub(crate) replaced: Vec<(Declared, Declared)>,
    /// What the payee filter says about values that may be missing.
    pub(crate) facts: Vec<String>,
    /// Where the currency is written.
    pub(crate) currency: Option<Span>,
    /// What it was written as, if not as a plan.
    pub(crate) written: Option<&'a Written>,
    /// The one period it is for, if it is for no other.
    pub(crate) only: Option<PeriodKey>,
    /// The length of the periods that its `period` line names; those that it is computed by may be shorter.
    pub(crate) whole: Option<Unit>,
}

/// Holds one line of a plan and the file it stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// The file, whose names the line sees.
    pub(crate) file: FileId,
    /// The statement.
    pub(crate) statement: &'a ast::PlanStatement,
}

impl<'a> Checker<'a> {
    /// Reads all plans: headers and names first, then definitions in the order of their needs, then all else.
    pub(super) fn read_plans(&mut self) {
        let trees = self.plan_trees();
        self.lay_out(&trees);
        for at in 0..trees.len() {
            self.header(PlanId::at(at), &trees);
        }
        for at in 0..trees.len() {
            self.name_statements(PlanId::at(at));
        }
        for at in 0..trees.len() {
            self.note_line_tables(PlanId::at(at));
        }
        for at in 0..trees.len() {
            self.payee_filters(PlanId::at(at), &trees);
        }
        self.read_definitions();
        for at in 0..trees.len() {
            self.read_statements(PlanId::at(at));
        }
        for at in 0..trees.len() {
            self.check_closing(PlanId::at(at));
            self.name_block(PlanId::at(at));
        }
    }

    /// Lists the trees of all plans, in the order of their ids.
    fn plan_trees(&self) -> Vec<&'a ast::Plan> {
        let plans = self
            .names
            .entries()
            .iter()
            .filter(|entry| matches!(entry.declared, Declared::Plan(_)));
        let files = self.files;
        let item = |at: &ItemAt| files.get(at.file)?.items.get(at.item);
        plans
            .filter_map(|entry| {
                if let ast::Item::Plan(plan) = item(entry.items.first()?)? {
                    Some(plan)
                } else {
                    None
                }
            })
            .collect()
    }

    /// Finds a named statement of a plan.
    pub(crate) fn symbol(&self, plan: PlanId, name: &str) -> Option<Symbol> {
        self.plans
            .get(plan.index())?
            .symbols
            .get(name)
            .map(|(symbol, _)| *symbol)
    }

    /// Lists the names of a plan's statements.
    pub(crate) fn symbol_names(&self, plan: PlanId) -> Vec<String> {
        self.plans
            .get(plan.index())
            .map_or_else(Vec::new, |parts| parts.symbols.keys().cloned().collect())
    }

    /// Finds where a statement is named.
    pub(crate) fn symbol_span(&self, plan: PlanId, symbol: Symbol) -> Option<Span> {
        let parts = self.plans.get(plan.index())?;
        parts
            .symbols
            .values()
            .find(|(found, _)| *found == symbol)
            .map(|(_, span)| *span)
    }

    /// Gives a `rows` statement.
    pub(crate) fn rows_statement(&self, plan: PlanId, at: usize) -> Option<&'a ast::Rows> {
        if let ast::PlanStatement::Rows(rows) = self.plans.get(plan.index())?.lines.get(at)?.statement {
            Some(rows)
        } else {
            None
        }
    }

    /// Gives the `segments` line of a plan, or of the plan that it extends.
    pub(crate) fn segments_of(&self, plan: PlanId) -> Option<&'a ast::Segments> {
        let lines = &self.plans.get(plan.index())?.lines;
        lines.iter().find_map(|line| {
            if let ast::PlanStatement::Segments(tree) = line.statement {
                Some(tree)
            } else {
                None
            }
        })
    }

    /// Gives the file of a line.
    pub(crate) fn rows_file(&self, plan: PlanId, at: usize) -> Option<FileId> {
        Some(self.plans.get(plan.index())?.lines.get(at)?.file)
    }

    /// Finds where a plan's currency is written.
    pub(crate) fn currency_span(&self, plan: PlanId) -> Option<Span> {
        self.plans.get(plan.index())?.currency
    }

    /// Gives the constant that stands in the place of another in a variant.
    pub(crate) fn replaced_constant(&self, env: &super::env::Env, id: ConstantId) -> ConstantId {
        if let Some(Declared::Constant(new)) = self.replacement(env, Declared::Constant(id)) {
            new
        } else {
            id
        }
    }

    /// Gives the tiers that stand in the place of others in a variant.
    pub(crate) fn replaced_tiers(&self, env: &super::env::Env, id: TiersId) -> TiersId {
        if let Some(Declared::Tiers(new)) = self.replacement(env, Declared::Tiers(id)) {
            new
        } else {
            id
        }
    }

    /// Gives the table that stands in the place of another in a variant.
    pub(crate) fn replaced_decision(&self, env: &super::env::Env, id: DecisionId) -> DecisionId {
        if let Some(Declared::Decision(new)) = self.replacement(env, Declared::Decision(id)) {
            new
        } else {
            id
        }
    }

    fn replacement(&self, env: &super::env::Env, old: Declared) -> Option<Declared> {
        let parts = self.plans.get(env.plan?.index())?;
        parts
            .replaced
            .iter()
            .rev()
            .find(|(found, _)| *found == old)
            .map(|(_, new)| *new)
    }

    /// Gives every statement of a plan its name and its place in the program.
    fn name_statements(&mut self, plan: PlanId) {
        let lines = self
            .plans
            .get(plan.index())
            .map_or_else(Vec::new, |parts| parts.lines.clone());
        for (at, line) in lines.iter().enumerate() {
            let Some(named) = named(line.statement) else {
                continue;
            };
            let symbol = match named.kind {
                NamedKind::Rows => Symbol::Rows(at),
                NamedKind::Exception => Symbol::Exception,
                NamedKind::Earn if is_broken_down(line.statement, &lines) => {
                    Symbol::Earn(self.place_broken(plan, &named))
                }
                NamedKind::Earn => Symbol::Earn(self.place_earn(plan, &named)),
                NamedKind::Let | NamedKind::Measure | NamedKind::Carry | NamedKind::Pay => {
                    Symbol::Definition(self.place_definition(plan, &named))
                }
            };
            let name = named.name;
            self.refuse_built_in(name);
            let earlier = self.symbol_place(plan, &name.text);
            match earlier {
                Some(first) => self.sink.push(declared_twice(&name.text, name.span, first)),
                None => {
                    if let Some(parts) = self.plans.get_mut(plan.index()) {
                        parts.symbols.insert(name.text.clone(), (symbol, name.span));
                    }
                }
            }
        }
    }

    /// Says that a name is there already without a declaration, unless it is not.
    pub(crate) fn refuse_built_in(&mut self, name: &ast::Name) {
        let written = &name.text;
        if !matches!(builtin_name(written), Some("payee" | "row" | "normal")) {
            return;
        }
        let title = text!(
            "\"{written}\" has a meaning in every plan and cannot be declared",
            "“{written}”在每个方案中都有固定含义，不能另行声明"
        );
        let message = Diagnostic::error(Code::E0222, title);
        self.sink
            .push(message.primary(name.span, text!("choose another name", "请换一个名称")));
    }

    fn symbol_place(&self, plan: PlanId, name: &str) -> Option<Span> {
        self.plans
            .get(plan.index())?
            .symbols
            .get(name)
            .map(|(_, span)| *span)
    }

    fn place_earn(&mut self, plan: PlanId, named: &Named<'_>) -> EarnId {
        let id = EarnId::at(self.program.earns.len());
        let ty = Ty::always(self.paid_kind(plan));
        self.program.earns.push(Earn {
            naming: named.naming(),
            plan,
            lines: None,
            own_period: None,
            value: super::expr::faulty(named.span),
            ty,
            exceptions: Vec::new(),
            cap: None,
            shared: None,
            release: None,
            clawback: None,
            review: None,
            hold: None,
            broken: None,
            amortise: None,
            reason: named.reason.clone(),
            span: named.span,
        });
        if let Some(found) = self.program.plans.get_mut(plan.index()) {
            found.earns.push(id);
        }
        id
    }

    /// Makes two earns of one name: the amount of a period, and the lines that it is broken down to.
    fn place_broken(&mut self, plan: PlanId, named: &Named<'_>) -> EarnId {
        let whole = self.place_earn(plan, named);
        let lines = self.place_earn(plan, named);
        self.wholes.insert(lines, whole);
        if let Some(earn) = self.program.earns.get_mut(whole.index()) {
            earn.broken = Some(Broken::Whole(lines));
        }
        lines
    }

    fn place_definition(&mut self, plan: PlanId, named: &Named<'_>) -> DefinitionId {
        let id = DefinitionId::at(self.program.definitions.len());
        let nothing = super::expr::faulty(named.span);
        let (kind, scalar) = match named.kind {
            NamedKind::Pay => (DefinitionKind::Pay(nothing), self.paid_kind(plan)),
            NamedKind::Carry => (
                DefinitionKind::Carry {
                    value: nothing.clone(),
                    opening: nothing,
                    restarting: None,
                },
                Scalar::Faulty,
            ),
            NamedKind::Measure => (DefinitionKind::Measure(nothing), Scalar::Faulty),
            NamedKind::Let | NamedKind::Rows | NamedKind::Exception | NamedKind::Earn => {
                (DefinitionKind::Let(nothing), Scalar::Faulty)
            }
        };
        let params = match self.program.plan(plan) {
            Some(found) => vec![found.payee, found.period],
            None => Vec::new(),
        };
        self.program.definitions.push(crate::hir::program::Definition {
            naming: named.naming(),
            plan,
            params,
            kind,
            ty: Ty::always(scalar),
            exceptions: Vec::new(),
            rounding: None,
            reason: named.reason.clone(),
            span: named.span,
        });
        let shape = self.payee_shape(plan);
        self.shapes.insert(id, shape);
        if let Some(found) = self.program.plans.get_mut(plan.index()) {
            match named.kind {
                NamedKind::Pay => found.pays.push(id),
                NamedKind::Carry => found.carries.push(id),
                NamedKind::Let | NamedKind::Measure => found.definitions.push(id),
                NamedKind::Rows | NamedKind::Exception | NamedKind::Earn => {}
            }
        }
        id
    }

    /// Says whether the type of a definition is known by now.
    pub(crate) fn is_typed(&self, id: DefinitionId) -> bool {
        self.typed.contains(&id)
    }

    /// Lists the variables that an expression uses and does not bind itself, each once.
    pub(crate) fn free_binders(&self, value: &crate::hir::expr::Expr) -> Vec<crate::types::BinderId> {
        let mut found = Vec::new();
        let mut bound = Vec::new();
        let mut open = vec![value];
        while let Some(at) = open.pop() {
            if let ExprKind::Binder(binder) = &at.kind {
                if !found.contains(binder) {
                    found.push(*binder);
                }
            } else if let ExprKind::Aggregate(aggregate) = &at.kind {
                bound.extend(aggregate.sources.iter().map(|source| source.binder));
            } else if let ExprKind::Running(running) = &at.kind {
                bound.push(running.binder);
            } else if let ExprKind::Rank(ranking) = &at.kind {
                bound.push(ranking.binder);
            } else if let ExprKind::Share(allocation) = &at.kind {
                bound.push(allocation.binder);
            }
            open.extend(at.children());
        }
        found.retain(|binder| !bound.contains(binder));
        found
    }
}

/// Names the kinds of named statements.
#[derive(Clone, Copy)]
enum NamedKind {
    Rows,
    Let,
    Measure,
    Earn,
    Carry,
    Pay,
    Exception,
}

struct Named<'a> {
    kind: NamedKind,
    name: &'a ast::Name,
    title: Option<&'a ast::Quoted>,
    reason: Reason,
    span: Span,
}

impl Named<'_> {
    fn naming(&self) -> Naming {
        Naming {
            title: self.title.map(|title| title.value.clone()),
            ..super::plain_naming(&self.name.text, self.name.span)
        }
    }
}

fn named(statement: &ast::PlanStatement) -> Option<Named<'_>> {
    let (kind, name, title, tail) = match statement {
        ast::PlanStatement::Rows(line) => (NamedKind::Rows, &line.name, None, None),
        ast::PlanStatement::Let(line) => (NamedKind::Let, &line.name, None, Some(&line.tail)),
        ast::PlanStatement::Measure(line) => (
            NamedKind::Measure,
            &line.name,
            line.title.as_ref(),
            Some(&line.tail),
        ),
        ast::PlanStatement::Earn(line) => {
            (NamedKind::Earn, &line.name, line.title.as_ref(), Some(&line.tail))
        }
        ast::PlanStatement::Carry(line) => (NamedKind::Carry, &line.name, None, Some(&line.tail)),
        ast::PlanStatement::Pay(line) => (NamedKind::Pay, &line.name, line.title.as_ref(), Some(&line.tail)),
        ast::PlanStatement::Except(line) => (NamedKind::Exception, &line.name, None, Some(&line.tail)),
        ast::PlanStatement::Payee(_)
        | ast::PlanStatement::Currency(_)
        | ast::PlanStatement::Effective(_)
        | ast::PlanStatement::Period(_)
        | ast::PlanStatement::Rounding(_)
        | ast::PlanStatement::Missing(_)
        | ast::PlanStatement::Policy(_)
        | ast::PlanStatement::Segments(_)
        | ast::PlanStatement::Cap(_)
        | ast::PlanStatement::Release(_)
        | ast::PlanStatement::Clawback(_)
        | ast::PlanStatement::Hold(_)
        | ast::PlanStatement::BreakDown(_)
        | ast::PlanStatement::Amortise(_)
        | ast::PlanStatement::Check(_)
        | ast::PlanStatement::Review(_)
        | ast::PlanStatement::Replace(_) => return None,
    };
    let reason = tail.map(super::reason).unwrap_or_default();
    Some(Named {
        kind,
        name,
        title,
        reason,
        span: statement.span(),
    })
}

/// Says whether a statement earns one amount for each period, which another one breaks down to records.
fn is_broken_down(statement: &ast::PlanStatement, lines: &[Line<'_>]) -> bool {
    let ast::PlanStatement::Earn(earn) = statement else {
        return false;
    };
    let breaks = |line: &Line<'_>| matches!(line.statement, ast::PlanStatement::BreakDown(tree) if tree.target.text == earn.name.text);
    earn.each.is_none() && lines.iter().any(breaks)
}

/// Makes the range of days that a clause names.
pub(super) fn effective(checker: &mut Checker<'_>, range: &ast::DateRange) -> Effective {
    let from = checker.date_of(&range.from);
    let through = range.through.as_ref().and_then(|last| checker.date_of(last));
    Effective { from, through }
}
