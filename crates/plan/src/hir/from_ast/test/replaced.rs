//! What a test puts in the place of values, cells and tables: its `with` lines.

use guerdon_syntax::keyword::builtin_field;
use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use crate::hir::expr::{Expr, ExprKind, Value};
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::Env;
use crate::hir::from_ast::expr::{always, faulty, fits};
use crate::hir::from_ast::name::Candidate;
use crate::hir::from_ast::plan::Symbol;
use crate::hir::from_ast::subscript::key_word;
use crate::hir::from_ast::want::Want;
use crate::hir::test::{Given, GivenRow, Swap, Test, With, WithCell, WithTarget};
use crate::resolve::Declared;
use crate::types::{DecisionId, DefinitionId, FieldId, PlanId, Scalar, TableId};

impl<'a> Checker<'a> {
    /// Reads one `with` line into its test; gives nothing where it cannot be carried out.
    pub(super) fn with(&mut self, env: &Env, tree: &'a ast::With, test: &mut Test) -> Option<()> {
        let name = &tree.target;
        if !tree.words().is_empty() {
            return self.with_part(env, tree, test);
        }
        match self.names_in_sight(env, &name.text).as_slice() {
            [Candidate::Declared(Declared::Table(table))] => self.with_table(env, *table, tree, test),
            [Candidate::Declared(Declared::Constant(id))] => {
                self.refuse_subscripts(tree)?;
                let scalar = self.program.constant(*id).map(|found| found.ty.scalar)?;
                let value = self.with_fixed(tree, scalar)?;
                test.with.push(With {
                    target: WithTarget::Constant(*id),
                    value,
                    span: tree.span,
                });
                Some(())
            }
            [Candidate::Declared(old @ (Declared::Tiers(_) | Declared::Decision(_)))] => {
                self.refuse_subscripts(tree)?;
                let swap = self.swap(*old, tree)?;
                test.swaps.push(swap);
                Some(())
            }
            [Candidate::Statement(_, Symbol::Definition(id))] => self.with_definition(env, *id, tree, test),
            [] => self.push_bare_part(env, name),
            [_] => self.push_no_target(tree),
            [..] => {
                self.bare_name(env, name, Want::ANY);
                None
            }
        }
    }

    /// Reads a `with` line that names the plan or block that its statement belongs to.
    fn with_part(&mut self, env: &Env, tree: &'a ast::With, test: &mut Test) -> Option<()> {
        let named = self.names_in_sight(env, &tree.target.text);
        let [Candidate::Declared(Declared::Plan(plan))] = named.as_slice() else {
            return self.push_no_target(tree);
        };
        let words: Vec<&str> = tree
            .words()
            .into_iter()
            .map(|word| builtin_field(&word.text).unwrap_or(&word.text))
            .collect();
        let own = self.symbol(*plan, &words.join(" "));
        // A statement of an author may be called like a field that every record has.
        let own = own.or_else(|| match tree.words().as_slice() {
            [word] => self.symbol(*plan, &word.text),
            _ => None,
        });
        match own {
            Some(Symbol::Definition(id)) => self.with_definition(env, id, tree, test),
            Some(Symbol::Earn(_) | Symbol::Rows(_) | Symbol::Exception) => self.push_no_target(tree),
            None => self.push_no_such_part(*plan, tree),
        }
    }

    /// Says that nothing is called so; or of which block a statement is that is called so.
    fn push_bare_part(&mut self, env: &Env, name: &ast::Name) -> Option<()> {
        let plans = self.program.plans.iter().enumerate();
        let own = plans.filter(|(_, plan)| plan.span.file == env.file);
        let mut held = own.filter(|(at, _)| self.symbol(PlanId::at(*at), &name.text).is_some());
        let Some((_, plan)) = held.next() else {
            self.bare_name(env, name, Want::ANY);
            return None;
        };
        let (of, written) = (&plan.naming.name, &name.text);
        let title = text!(
            "\"{written}\" belongs to \"{of}\", and is replaced as its part",
            "“{written}”属于“{of}”，应写明后再替换"
        );
        let fix = Fix::replace(
            text!("say whose it is", "写明属于哪一个"),
            name.span,
            format!("{of}.{written}"),
        );
        let message = Diagnostic::error(Code::E0219, title).primary(name.span, Text::default());
        self.sink.push(message.fix(fix));
        None
    }

    fn push_no_such_part(&mut self, plan: PlanId, tree: &ast::With) -> Option<()> {
        let known = self.symbol_names(plan).into_iter();
        let known: Vec<String> = known.filter(|name| !name.contains(' ')).collect();
        let words: Vec<&str> = tree.words().into_iter().map(|word| word.text.as_str()).collect();
        let (of, name, listed) = (&tree.target.text, words.join("."), known.join(", "));
        let place = tree.words().last().map_or(tree.span, |word| word.span);
        let title = text!(
            "\"{of}\" has nothing called \"{name}\"",
            "“{of}”中没有叫“{name}”的部分"
        );
        let message =
            Diagnostic::error(Code::E0209, title).primary(place, text!("it has {listed}", "它有 {listed}"));
        let fix = self.nearest(&name, place, known.iter().map(String::as_str));
        self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        None
    }

    fn with_definition(
        &mut self,
        env: &Env,
        definition: DefinitionId,
        tree: &'a ast::With,
        test: &mut Test,
    ) -> Option<()> {
        let found = self.program.definition(definition)?;
        let (scalar, name) = (found.ty.scalar, found.naming.name.clone());
        self.expression = Some(tree.value.span);
        let value = self.value(env, &tree.value, Want::of(scalar));
        let value = self.with_kind(value, scalar, tree.target.span);
        let span = tree.span;
        let subscripts: Vec<ast::Expr> = tree.subscripts().into_iter().cloned().collect();
        if subscripts.is_empty() {
            let target = WithTarget::Definition(definition);
            test.with.push(With { target, value, span });
            return Some(());
        }
        let shape = self.shapes.get(&definition)?.clone();
        let places = self.arguments(env, &name, &shape, &subscripts, span)?;
        let used = shape.iter().zip(places).filter(|(param, _)| param.is_used);
        test.cells.push(WithCell {
            definition,
            at: used.map(|(_, place)| place).collect(),
            value,
            span,
        });
        Some(())
    }

    fn with_table(&mut self, env: &Env, table: TableId, tree: &'a ast::With, test: &mut Test) -> Option<()> {
        let (field, scalar) = self.replaced_field(table, &tree.target)?;
        let target = WithTarget::TableField(table, field);
        let value = self.with_fixed(tree, scalar)?;
        if tree.subscripts().is_empty() {
            let span = tree.span;
            test.with.push(With { target, value, span });
            return Some(());
        }
        let keys = self.with_keys(env, table, tree)?;
        if let ExprKind::Const(value) = value.kind {
            put(
                test,
                table,
                field,
                &self.key_fields(table),
                &keys,
                value,
                tree.span,
            );
        }
        Some(())
    }

    /// Reads the subscripts of a table's cell as the values of its key, all of them.
    fn with_keys(&mut self, env: &Env, table: TableId, tree: &'a ast::With) -> Option<Vec<Value>> {
        let fields = self.key_fields(table);
        if fields.len() != tree.subscripts().len() {
            let (name, keys) = (&tree.target.text, fields.len());
            self.sink.push(
                Diagnostic::error(
                    Code::E0219,
                    text!(
                        "a value of \"{name}\" is named by all {keys} parts of its key",
                        "“{name}”的值由其主键的全部 {keys} 部分确定"
                    ),
                )
                .primary(tree.span, Text::default()),
            );
            return None;
        }
        let before = self.sink.errors();
        let keys = fields
            .iter()
            .zip(tree.subscripts())
            .map(|(field, subscript)| self.with_key(env, table, *field, subscript))
            .collect();
        (self.sink.errors() == before).then_some(keys)
    }

    fn with_key(&mut self, env: &Env, table: TableId, field: FieldId, tree: &ast::Expr) -> Value {
        let scalar = self
            .field_at(Scalar::Row(table), field)
            .map_or(Scalar::Faulty, |field| field.ty.scalar);
        if let ast::ExprKind::Literal(literal) = &tree.kind {
            return self.grid_literal(env, scalar, literal);
        }
        match key_word(tree) {
            Some(word) => self.word_cell(env, scalar, word, tree.span, 0),
            None => {
                self.push_not_a_key(tree.span);
                Value::Missing
            }
        }
    }

    /// Reads a value that must be known before any data.
    fn with_fixed(&mut self, tree: &ast::With, scalar: Scalar) -> Option<Expr> {
        let folded = self.fold(&tree.value, Some(scalar))?;
        let value = always(ExprKind::Const(folded.value), folded.scalar, folded.span);
        let value = self.with_kind(value, scalar, tree.target.span);
        (value.ty.scalar != Scalar::Faulty || scalar == Scalar::Faulty).then_some(value)
    }

    fn with_kind(&mut self, value: Expr, scalar: Scalar, target: Span) -> Expr {
        if fits(value.ty.scalar, scalar) {
            return value;
        }
        let (found, wanted) = (self.a_kind(value.ty.scalar), self.a_kind(scalar));
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("{found} cannot stand in for {wanted}", "{found}不能代替{wanted}"; found, wanted),
            )
            .primary(value.span, found)
            .secondary(target, wanted),
        );
        faulty(value.span)
    }

    /// Reads other tiers, another table or, for a table of one result, a value for all its rows.
    fn swap(&mut self, old: Declared, tree: &'a ast::With) -> Option<Swap> {
        if let (ast::ExprKind::Name(name), true) = (&tree.value.kind, self.is_swappable(old, tree)) {
            let new = self.declared(name)?;
            if !self.is_alike(old, new) {
                self.push_no_replacement(&tree.target, name);
                return None;
            }
            return match (old, new) {
                (Declared::Tiers(old), Declared::Tiers(new)) => Some(Swap::Tiers(old, new)),
                (Declared::Decision(old), Declared::Decision(new)) => Some(Swap::Decision(old, new)),
                (_, _) => None,
            };
        }
        match old {
            Declared::Decision(id) => self.decided_value(id, tree),
            Declared::Enum(_)
            | Declared::Table(_)
            | Declared::Constant(_)
            | Declared::Tiers(_)
            | Declared::Rates(..)
            | Declared::Calendar(_)
            | Declared::Holidays(_)
            | Declared::Plan(_)
            | Declared::Later(_) => {
                self.push_no_tiers(tree);
                None
            }
        }
    }

    /// Says whether the right side names other tiers or another table.
    fn is_swappable(&self, old: Declared, tree: &ast::With) -> bool {
        let ast::ExprKind::Name(name) = &tree.value.kind else {
            return false;
        };
        match (old, self.declared(name)) {
            (Declared::Tiers(_), Some(Declared::Tiers(_)))
            | (Declared::Decision(_), Some(Declared::Decision(_))) => true,
            (_, _) => false,
        }
    }

    fn decided_value(&mut self, id: DecisionId, tree: &ast::With) -> Option<Swap> {
        let outputs: Vec<Scalar> = self
            .program
            .decision(id)?
            .outputs
            .iter()
            .map(|output| output.ty.scalar)
            .collect();
        let [scalar] = outputs.as_slice() else {
            return self.push_several(
                &tree.target,
                text!("name a table to stand in for it", "请用另一个表代替"),
            );
        };
        let value = self.with_fixed(tree, *scalar)?;
        if let ExprKind::Const(value) = value.kind {
            return Some(Swap::DecisionValue(id, value));
        }
        None
    }

    fn replaced_field(&mut self, table: TableId, name: &ast::Name) -> Option<(FieldId, Scalar)> {
        let found = self.program.table(table)?;
        let values: Vec<(FieldId, Scalar)> = found
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| (FieldId::at(at), field.ty.scalar))
            .filter(|(field, _)| !found.key.contains(field))
            .collect();
        match values.as_slice() {
            [one] => Some(*one),
            _ => self.push_several(name, text!("give its records instead", "请改为给定其记录")),
        }
    }

    fn push_several<T>(&mut self, name: &ast::Name, advice: Text) -> Option<T> {
        let written = &name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!(
                    "\"{written}\" has several values, so one cannot stand in for them",
                    "“{written}”有多个值，无法用一个值代替"
                ),
            )
            .primary(name.span, advice),
        );
        None
    }

    fn refuse_subscripts(&mut self, tree: &ast::With) -> Option<()> {
        let Some(first) = tree.subscripts().first().copied() else {
            return Some(());
        };
        let name = &tree.target.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!("\"{name}\" takes no subscripts", "“{name}”不带下标"),
            )
            .primary(first.span, Text::default()),
        );
        None
    }

    /// Refuses a value for one key beside one for all keys, and a second one for all.
    pub(super) fn refuse_mixed(&mut self, tree: &ast::Test) {
        let lines: Vec<&ast::With> = tree
            .statements
            .iter()
            .filter_map(|statement| match statement {
                ast::TestStatement::With(with) => Some(with),
                ast::TestStatement::Given(_)
                | ast::TestStatement::Known(_)
                | ast::TestStatement::Expect(_) => None,
            })
            .collect();
        for (at, line) in lines.iter().enumerate() {
            let mut before = lines.iter().take(at);
            let clash = before.find(|other| {
                called(other) == called(line)
                    && (other.subscripts().is_empty() || line.subscripts().is_empty())
            });
            if let Some(other) = clash {
                self.push_all_given(line, other);
            }
        }
    }

    fn push_all_given(&mut self, tree: &ast::With, other: &ast::With) {
        let name = called(tree);
        self.sink.push(
            Diagnostic::error(
                Code::E0216,
                text!(
                    "\"{name}\" is replaced as a whole, and once more",
                    "“{name}”被整体替换，又再次替换"
                ),
            )
            .primary(
                tree.span,
                text!("write every subscript, or none", "要么都写下标，要么都不写"),
            )
            .secondary(other.span, text!("here already", "此处已替换")),
        );
    }

    fn push_not_a_key(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(Code::E0232, text!("a key is needed here", "此处需要主键")).primary(
                span,
                text!("a word, a text in quotes or a period", "词、引号内的文本或期间"),
            ),
        );
    }

    fn push_no_tiers(&mut self, tree: &ast::With) {
        let name = &tree.target.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0218,
                text!(
                    "only other tiers can stand in for \"{name}\"",
                    "只有其他阶梯才能代替“{name}”"
                ),
            )
            .primary(
                tree.value.span,
                text!("name tiers of this file", "请写本文件中的阶梯"),
            ),
        );
    }

    fn push_no_target<T>(&mut self, tree: &ast::With) -> Option<T> {
        let name = called(tree);
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!("a test cannot replace \"{name}\"", "测试不能替换“{name}”"),
            )
            .primary(tree.target.span, Text::default())
            .note(text!(
                "A test replaces constants, tables, tiers, and the values of let, measure, carry and pay statements; an earn follows from its records.",
                "测试可以替换常量、表、阶梯，以及设、度量、结转和发放的值；计提由其记录得出。"
            )),
        );
        None
    }
}

/// Gives the name of what a line replaces, with the words behind it.
fn called(tree: &ast::With) -> String {
    let words = tree.words().into_iter().map(|word| word.text.as_str());
    let all: Vec<&str> = std::iter::once(tree.target.text.as_str()).chain(words).collect();
    all.join(".")
}

/// Puts a record with a key and one value among those of a test, in the place of one with the same key.
fn put(
    test: &mut Test,
    table: TableId,
    field: FieldId,
    key_fields: &[FieldId],
    keys: &[Value],
    value: Value,
    span: Span,
) {
    for given in test.given.iter_mut().filter(|given| given.table == table) {
        let columns: Vec<Option<usize>> = key_fields
            .iter()
            .map(|key| given.fields.iter().position(|field| field == key))
            .collect();
        given.rows.retain(|row| {
            let cell = |column: &Option<usize>| row.cells.get((*column)?);
            !columns.iter().map(cell).eq(keys.iter().map(Some))
        });
    }
    let fields = key_fields.iter().copied().chain([field]).collect();
    let cells = keys.iter().cloned().chain([value]).collect();
    test.given.push(Given {
        table,
        fields,
        rows: vec![GivenRow { cells, span }],
        span,
    });
}
