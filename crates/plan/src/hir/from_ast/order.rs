//! The order in which definitions are typed: what a definition uses comes before it.

use std::collections::BTreeMap;

use guerdon_syntax::ast;

use super::Checker;
use super::plan::Symbol;
use super::words::{Word, words};
use crate::resolve::Declared;
use crate::types::{DefinitionId, PlanId};

/// Is something whose words have to be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Definition(DefinitionId),
    Rows(PlanId, usize),
}

enum Step {
    Enter(Node),
    Leave(Node),
}

impl<'a> Checker<'a> {
    /// Lists all definitions so that each comes after those it uses, where that is possible.
    pub(super) fn definition_order(&self) -> Vec<DefinitionId> {
        let trees = self.definition_trees();
        let mut seen: BTreeMap<Node, ()> = BTreeMap::new();
        let mut order = Vec::new();
        for id in trees.keys() {
            let mut open = vec![Step::Enter(Node::Definition(*id))];
            while let Some(step) = open.pop() {
                match step {
                    Step::Leave(Node::Definition(done)) => order.push(done),
                    Step::Leave(Node::Rows(..)) => {}
                    Step::Enter(node) => {
                        if seen.insert(node, ()).is_none() {
                            open.push(Step::Leave(node));
                            open.extend(self.needs(node, &trees).into_iter().rev().map(Step::Enter));
                        }
                    }
                }
            }
        }
        order
    }

    /// Lists, for each definition, the expressions whose kinds it needs.
    fn definition_trees(&self) -> BTreeMap<DefinitionId, (PlanId, Vec<&'a ast::Expr>)> {
        let mut trees: BTreeMap<DefinitionId, (PlanId, Vec<&'a ast::Expr>)> = BTreeMap::new();
        for (at, parts) in self.plans.iter().enumerate() {
            let plan = PlanId::at(at);
            for line in &parts.lines {
                let Some((name, needed)) = needed_trees(line.statement) else {
                    continue;
                };
                if let Some(Symbol::Definition(id)) = self.symbol(plan, &name.text) {
                    trees.entry(id).or_insert((plan, Vec::new())).1.extend(needed);
                }
            }
        }
        trees
    }

    fn needs(&self, node: Node, trees: &BTreeMap<DefinitionId, (PlanId, Vec<&'a ast::Expr>)>) -> Vec<Node> {
        let mut found = Vec::new();
        match node {
            Node::Definition(id) => {
                if let Some((plan, trees)) = trees.get(&id) {
                    for word in trees.iter().flat_map(|tree| words(tree)) {
                        found.extend(self.node(*plan, &word));
                        found.extend(self.block_nodes(&word));
                    }
                }
            }
            Node::Rows(plan, at) => {
                if let Some(rows) = self.rows_statement(plan, at) {
                    let filter = rows.filter.iter().flat_map(words);
                    found.extend(filter.filter_map(|word| self.node(plan, &word)));
                    if let ast::SourceKind::Named(name) = &rows.source.kind {
                        found.extend(self.node(plan, &Word { name, of: None }));
                    }
                }
            }
        }
        found
    }

    /// Lists the definitions of a block, if a word names one.
    fn block_nodes(&self, word: &Word<'_>) -> Vec<Node> {
        let named = word.of.unwrap_or(word.name);
        let found = self.names.lookup(named.span.file, &named.text);
        let Some(Declared::Plan(plan)) = found.first().map(|entry| entry.declared) else {
            return Vec::new();
        };
        if self.written(plan).is_none() {
            return Vec::new();
        }
        let parts = self.plans.get(plan.index()).map(|parts| &parts.symbols);
        let symbols = parts.into_iter().flat_map(BTreeMap::values);
        symbols
            .filter_map(|(symbol, _)| match symbol {
                Symbol::Definition(id) => Some(Node::Definition(*id)),
                Symbol::Rows(_) | Symbol::Earn(_) | Symbol::Exception => None,
            })
            .collect()
    }

    fn node(&self, plan: PlanId, word: &Word<'_>) -> Option<Node> {
        let (plan, name) = match word.of {
            None => (plan, self.inside(plan, &word.name.text)),
            Some(of) => {
                if let Declared::Plan(other) = self.names.lookup(of.span.file, &of.text).first()?.declared {
                    (other, word.name.text.as_str())
                } else {
                    return None;
                }
            }
        };
        match self.symbol(plan, name)? {
            Symbol::Definition(id) => Some(Node::Definition(id)),
            Symbol::Rows(at) => Some(Node::Rows(plan, at)),
            Symbol::Earn(_) | Symbol::Exception => None,
        }
    }
}

/// Gives the definition that a statement belongs to, and the expressions whose kinds that definition needs.
fn needed_trees(statement: &ast::PlanStatement) -> Option<(&ast::Name, Vec<&ast::Expr>)> {
    match statement {
        ast::PlanStatement::Let(line) => Some((&line.name, vec![&line.value])),
        ast::PlanStatement::Measure(line) => Some((&line.name, vec![&line.value])),
        ast::PlanStatement::Carry(line) => Some((&line.name, vec![&line.starting])),
        ast::PlanStatement::Pay(line) => Some((&line.name, Vec::new())),
        ast::PlanStatement::Except(line) => Some((&line.target, vec![&line.when, &line.value])),
        ast::PlanStatement::Payee(_)
        | ast::PlanStatement::Currency(_)
        | ast::PlanStatement::Effective(_)
        | ast::PlanStatement::Period(_)
        | ast::PlanStatement::Rounding(_)
        | ast::PlanStatement::Missing(_)
        | ast::PlanStatement::Policy(_)
        | ast::PlanStatement::Segments(_)
        | ast::PlanStatement::Rows(_)
        | ast::PlanStatement::Earn(_)
        | ast::PlanStatement::Cap(_)
        | ast::PlanStatement::Release(_)
        | ast::PlanStatement::Clawback(_)
        | ast::PlanStatement::Hold(_)
        | ast::PlanStatement::BreakDown(_)
        | ast::PlanStatement::Amortise(_)
        | ast::PlanStatement::Check(_)
        | ast::PlanStatement::Review(_)
        | ast::PlanStatement::Replace(_) => None,
    }
}
