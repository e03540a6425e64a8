//! Variants: plans that extend another one, narrow its payees, add exceptions and replace tables.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::{Line, PlanParts, effective};
use crate::hir::from_ast::Checker;
use crate::hir::schema::Effective;
use crate::resolve::Declared;
use crate::types::{ConstantId, DecisionId, PlanId, Scalar, TiersId};

/// The most plans in a chain of extensions.
const MAX_LINEAGE: usize = 16;

/// The most statements of all plans together, those of extended plans counted for each variant.
const MAX_LINES: usize = 500_000;

impl<'a> Checker<'a> {
    /// Works out for each plan the lines it has, those of the plans it extends included.
    pub(super) fn lay_out(&mut self, trees: &[&'a ast::Plan]) {
        self.bases = trees.iter().map(|tree| self.base_of(tree)).collect();
        self.refuse_circles(trees);
        let mut written_out = 0_usize;
        for (at, tree) in trees.iter().enumerate() {
            let chain = self.lineage(PlanId::at(at));
            let mut parts = PlanParts {
                written: self
                    .blocks
                    .get(&trees.get(at).map_or(Span::default(), |tree| tree.name.span)),
                ..PlanParts::default()
            };
            for base in chain.iter().rev() {
                if let Some(base_tree) = trees.get(base.index()) {
                    let is_variant = self.base(*base).is_some();
                    let lines = base_tree
                        .statements
                        .iter()
                        .filter(|line| !is_variant || is_of_variant(line));
                    let file = base_tree.name.span.file;
                    parts
                        .lines
                        .extend(lines.map(|statement| Line { file, statement }));
                }
            }
            written_out = written_out.saturating_add(parts.lines.len());
            if written_out > MAX_LINES {
                parts.lines = Vec::new();
                self.push_too_many_lines(tree);
            }
            for line in &parts.lines {
                if let ast::PlanStatement::Except(tree) = line.statement {
                    parts
                        .exceptions
                        .entry(tree.target.text.clone())
                        .or_default()
                        .push(tree);
                }
            }
            self.plans.push(parts);
            if self.base(PlanId::at(at)).is_some() {
                self.refuse_lines(tree);
            }
        }
        for at in 0..trees.len() {
            self.read_replacements(PlanId::at(at));
        }
    }

    /// Gives the plan that a plan extends.
    pub(crate) fn base(&self, plan: PlanId) -> Option<PlanId> {
        self.bases.get(plan.index()).copied().flatten()
    }

    /// Lists a plan and those it extends, nearest first; at most [`MAX_LINEAGE`].
    pub(super) fn lineage(&self, plan: PlanId) -> Vec<PlanId> {
        let mut chain = vec![plan];
        let mut at = plan;
        while let Some(base) = self.base(at).filter(|base| !chain.contains(base)) {
            if chain.len() >= MAX_LINEAGE {
                break;
            }
            chain.push(base);
            at = base;
        }
        chain
    }

    fn push_too_many_lines(&mut self, tree: &ast::Plan) {
        self.sink.push(
            Diagnostic::error(
                Code::E0010,
                text!(
                    "the plans have more than {MAX_LINES} statements once all variants are written out",
                    "全部变体展开后，方案的语句超过 {MAX_LINES} 条"
                ),
            )
            .primary(tree.name.span, Text::default()),
        );
    }

    fn base_of(&mut self, tree: &ast::Plan) -> Option<PlanId> {
        let name = tree.extends.as_ref()?;
        let found: Vec<Declared> = self
            .names
            .lookup(name.span.file, &name.text)
            .into_iter()
            .map(|entry| entry.declared)
            .collect();
        if let [Declared::Plan(base)] = found.as_slice() {
            return Some(*base);
        }
        if !self.names.is_broken(&name.text) {
            let written = &name.text;
            let message = Diagnostic::error(
                Code::E0202,
                text!("there is no plan called \"{written}\"", "没有叫“{written}”的方案"),
            )
            .primary(name.span, Text::default());
            let plans = self.names.seen_from(name.span.file);
            let known = plans
                .filter(|(_, declared)| matches!(declared, Declared::Plan(_)))
                .map(|(name, _)| name);
            let fix = self.nearest(written, name.span, known);
            self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        }
        None
    }

    fn refuse_circles(&mut self, trees: &[&'a ast::Plan]) {
        for (at, tree) in trees.iter().enumerate() {
            let chain = self.lineage(PlanId::at(at));
            let is_circle = chain.last().and_then(|last| self.base(*last)).is_some();
            if let (true, Some(name)) = (is_circle, &tree.extends) {
                let (own, other) = (&tree.name.text, &name.text);
                let title = if chain.len() >= MAX_LINEAGE {
                    text!(
                        "\"{own}\" extends a chain of more than {MAX_LINEAGE} plans",
                        "“{own}”所扩展的方案超过 {MAX_LINEAGE} 层"
                    )
                } else {
                    text!(
                        "\"{own}\" and \"{other}\" extend each other",
                        "“{own}”与“{other}”互相扩展"
                    )
                };
                self.sink
                    .push(Diagnostic::error(Code::E0405, title).primary(name.span, Text::default()));
                if let Some(base) = self.bases.get_mut(at) {
                    *base = None;
                }
            }
        }
    }

    fn refuse_lines(&mut self, tree: &ast::Plan) {
        let has_payee = tree
            .statements
            .iter()
            .any(|line| matches!(line, ast::PlanStatement::Payee(_)));
        if !has_payee {
            self.push_variant_of_all(tree);
        }
        for line in tree.statements.iter().filter(|line| !is_of_variant(line)) {
            self.sink.push(
                Diagnostic::error(Code::E0406, text!("a variant may not hold this statement", "变体不可包含此语句"))
                    .primary(line.span(), Text::default())
                    .note(text!(
                        "A variant narrows the payees, adds exceptions and replaces tables; all else is that of its plan.",
                        "变体只能缩小适用人员、增加例外、替换表；其余均与所扩展的方案相同。"
                    )),
            );
        }
    }

    fn push_variant_of_all(&mut self, tree: &ast::Plan) {
        let name = &tree.name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0215,
                text!(
                    "the variant \"{name}\" does not say whose it is",
                    "变体“{name}”没有写明适用于谁"
                ),
            )
            .primary(tree.name.span, Text::default())
            .note(text!(
                "A payee of a variant leaves the plan it extends; without a payee line nobody would be left.",
                "变体的适用人员不再属于所扩展的方案；没有适用人员一行，原方案就没有人了。"
            ))
            .fix(Fix::advice(
                text!("add the line", "补上此行"),
                text!("payee Person where …", "适用人员 人员 其中 …"),
            )),
        );
    }

    fn read_replacements(&mut self, plan: PlanId) {
        let lines = self
            .plans
            .get(plan.index())
            .map_or_else(Vec::new, |parts| parts.lines.clone());
        for line in lines {
            let ast::PlanStatement::Replace(replace) = line.statement else {
                continue;
            };
            let old = self.replaceable(line.file, &replace.old);
            let new = self.replaceable(line.file, &replace.new);
            if let (Some(old), Some(new)) = (old, new) {
                self.replace(plan, (old, new), replace);
            }
        }
    }

    fn replaceable(&mut self, file: guerdon_syntax::FileId, name: &ast::Name) -> Option<Declared> {
        let found: Vec<Declared> = self
            .names
            .lookup(file, &name.text)
            .into_iter()
            .map(|entry| entry.declared)
            .collect();
        if let [one @ (Declared::Constant(_) | Declared::Tiers(_) | Declared::Decision(_))] = found.as_slice()
        {
            return Some(*one);
        }
        let written = &name.text;
        if !self.names.is_broken(written) {
            self.sink.push(
                Diagnostic::error(
                    Code::E0218,
                    text!(
                        "there are no tiers, table or constant called \"{written}\"",
                        "没有叫“{written}”的阶梯、表或常量"
                    ),
                )
                .primary(name.span, Text::default()),
            );
        }
        None
    }

    fn replace(&mut self, plan: PlanId, (old, new): (Declared, Declared), tree: &ast::Replace) {
        if !self.is_alike(old, new) {
            self.push_no_replacement(&tree.old, &tree.new);
            return;
        }
        let new = match &tree.during {
            None => Some(new),
            Some(during) => {
                let during = effective(self, during);
                let before = self.replaced_so_far(plan, old);
                self.spliced(before, new, during)
            }
        };
        if let (Some(parts), Some(new)) = (self.plans.get_mut(plan.index()), new) {
            parts.replaced.push((old, new));
        }
    }

    fn replaced_so_far(&self, plan: PlanId, old: Declared) -> Declared {
        let parts = self.plans.get(plan.index());
        let replaced = parts.into_iter().flat_map(|parts| parts.replaced.iter().rev());
        replaced
            .into_iter()
            .find(|(found, _)| *found == old)
            .map_or(old, |(_, new)| *new)
    }

    /// Makes a table that is the second in some days and the first in all others.
    fn spliced(&mut self, old: Declared, new: Declared, during: Effective) -> Option<Declared> {
        let program = &mut self.program;
        match (old, new) {
            (Declared::Constant(old), Declared::Constant(new)) => {
                let (old, mut merged) = (program.constant(old)?.clone(), program.constant(new)?.clone());
                merged.versions = spliced(&old.versions, &merged.versions, during, |version| &mut version.0);
                program.constants.push(merged);
                Some(Declared::Constant(ConstantId::at(
                    program.constants.len().saturating_sub(1),
                )))
            }
            (Declared::Tiers(old), Declared::Tiers(new)) => {
                let (old, mut merged) = (program.tier_table(old)?.clone(), program.tier_table(new)?.clone());
                merged.versions = spliced(&old.versions, &merged.versions, during, |version| {
                    &mut version.effective
                });
                program.tiers.push(merged);
                Some(Declared::Tiers(TiersId::at(
                    program.tiers.len().saturating_sub(1),
                )))
            }
            (Declared::Decision(old), Declared::Decision(new)) => {
                let (old, mut merged) = (program.decision(old)?.clone(), program.decision(new)?.clone());
                merged.versions = spliced(&old.versions, &merged.versions, during, |version| {
                    &mut version.effective
                });
                program.decisions.push(merged);
                Some(Declared::Decision(DecisionId::at(
                    program.decisions.len().saturating_sub(1),
                )))
            }
            (_, _) => None,
        }
    }

    /// Reports a table that differs from the one it should stand in for.
    pub(in crate::hir::from_ast) fn push_no_replacement(&mut self, old: &ast::Name, new: &ast::Name) {
        let (one, other) = (&old.text, &new.text);
        self.sink.push(
            Diagnostic::error(
                Code::E0409,
                text!(
                    "\"{other}\" cannot stand in the place of \"{one}\"",
                    "“{other}”不能代替“{one}”"
                ),
            )
            .primary(
                new.span,
                text!(
                    "its columns, kind or values are others",
                    "其列、种类或值的类型不同"
                ),
            ),
        );
    }

    /// Says whether one table, constant or tiers may stand in for another.
    pub(in crate::hir::from_ast) fn is_alike(&self, old: Declared, new: Declared) -> bool {
        match (old, new) {
            (Declared::Constant(old), Declared::Constant(new)) => {
                let ty = |id| self.program.constant(id).map(|found| found.ty);
                ty(old) == ty(new)
            }
            (Declared::Tiers(old), Declared::Tiers(new)) => {
                let shape = |id| {
                    self.program
                        .tier_table(id)
                        .map(|found| (found.bound, found.value))
                };
                shape(old) == shape(new)
            }
            (Declared::Decision(old), Declared::Decision(new)) => {
                let shape = |id| {
                    self.program.decision(id).map(|found| {
                        let inputs: Vec<Scalar> = found.inputs.iter().map(|input| input.ty.scalar).collect();
                        let outputs: Vec<(String, Scalar)> = found
                            .outputs
                            .iter()
                            .map(|output| (output.naming.name.clone(), output.ty.scalar))
                            .collect();
                        (inputs, outputs)
                    })
                };
                shape(old) == shape(new)
            }
            (_, _) => false,
        }
    }
}

/// Takes the versions of one table in some days and those of another in all others, in order.
fn spliced<T: Clone>(
    outside: &[T],
    inside: &[T],
    during: Effective,
    days: fn(&mut T) -> &mut Effective,
) -> Vec<T> {
    let before = Effective {
        from: None,
        through: during.from.and_then(|from| from.add_days(-1).ok()),
    };
    let after = Effective {
        from: during.through.map(crate::calendar::Date::next),
        through: None,
    };
    let stretches = [
        (outside, during.from.is_some().then_some(before)),
        (inside, Some(during)),
        (outside, during.through.is_some().then_some(after)),
    ];
    let mut all = Vec::new();
    for (versions, stretch) in stretches {
        let Some(stretch) = stretch else { continue };
        for version in versions {
            let mut version = version.clone();
            let place = days(&mut version);
            if let Some(both) = common(*place, stretch) {
                *place = both;
                all.push(version);
            }
        }
    }
    all
}

/// Gives the days that two ranges have in common.
fn common(one: Effective, other: Effective) -> Option<Effective> {
    let from = one.from.into_iter().chain(other.from).max();
    let through = one.through.into_iter().chain(other.through).min();
    let is_empty = from.zip(through).is_some_and(|(from, through)| through < from);
    (!is_empty).then_some(Effective { from, through })
}

fn is_of_variant(line: &ast::PlanStatement) -> bool {
    matches!(
        line,
        ast::PlanStatement::Payee(_)
            | ast::PlanStatement::Except(_)
            | ast::PlanStatement::Replace(_)
            | ast::PlanStatement::Policy(_)
            | ast::PlanStatement::Missing(_)
    )
}
