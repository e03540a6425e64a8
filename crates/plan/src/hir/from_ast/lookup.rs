//! Look-ups: records by key, decision tables, and the days that select versions.

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Place};
use super::expr::{always, constant, fails, faulty, optional};
use super::missing::required;
use super::subscript::Param;
use super::want::Want;
use crate::calendar::Date;
use crate::hir::expr::{Expr, ExprKind, Value};
use crate::hir::schema::{Combine, Effective, Origin};
use crate::types::{CalendarId, DecisionId, FieldId, Scalar, TableId, Ty};

impl Checker<'_> {
    /// Types a look-up in a table: the record, or the one value that a table from a file gives.
    pub(super) fn table_value(
        &mut self,
        env: &Env,
        table: TableId,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        let row = self.row_of(env, table, args, span, want);
        if row.ty.scalar == Scalar::Faulty {
            return row;
        }
        match self.only_value(table) {
            Some(field) => self.field_value(row, field, span),
            None => row,
        }
    }

    /// Types the record with a key; a miss is an error but before `otherwise` and `is missing`.
    pub(super) fn row_of(
        &mut self,
        env: &Env,
        table: TableId,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        let Some(found) = self.find(env, table, args, span, want) else {
            return faulty(span);
        };
        if fails(want) { required(found) } else { found }
    }

    fn find(
        &mut self,
        env: &Env,
        table: TableId,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Option<Expr> {
        let name = self.program.table(table)?.naming.name.clone();
        let fields = self.key_fields(table);
        let params: Vec<Param> = fields.iter().map(|field| self.key_param(table, *field)).collect();
        let is_dated = self.program.table(table)?.valid.is_some();
        let (args, day) = match args.split_last() {
            Some((day, keys)) if is_dated && keys.len() == params.len() => (keys, Some(day)),
            _ => (args, None),
        };
        let given = self.arguments(env, &name, &params, args, span)?;
        let mut keys = Vec::new();
        for (param, given) in params.iter().zip(given) {
            let key = match given {
                Some(key) => key,
                None => self.current(env, param.scalar, &name, span)?,
            };
            keys.push(self.find_key(env, key, want));
        }
        let on = match day {
            Some(day) => Some(Box::new(self.value_of(env, day, Scalar::Date))),
            None => self.day_of_record(env, table, span),
        };
        Some(optional(
            ExprKind::Find { table, keys, on },
            Scalar::Row(table),
            span,
        ))
    }

    /// Lets a key be missing where the look-up may find nothing, and where it is itself a record by a written key.
    pub(super) fn find_key(&mut self, env: &Env, key: Expr, want: Want) -> Expr {
        let is_written = matches!(key.kind, ExprKind::Find { .. });
        if is_written || !fails(want) {
            key
        } else {
            self.present(env, key)
        }
    }

    fn key_param(&self, table: TableId, field: FieldId) -> Param {
        let scalar = self
            .field_at(Scalar::Row(table), field)
            .map_or(Scalar::Faulty, |field| field.ty.scalar);
        Param {
            scalar,
            is_used: true,
            shorter: None,
        }
    }

    /// Finds the only field beside the key of a table from a file.
    fn only_value(&self, table: TableId) -> Option<FieldId> {
        let found = self.program.table(table)?;
        if found.origin == Origin::Data {
            return None;
        }
        let mut values = (0..found.fields.len())
            .map(FieldId::at)
            .filter(|field| !found.key.contains(field));
        let first = values.next()?;
        values.next().is_none().then_some(first)
    }

    /// Gives the day that selects a dated record.
    pub(super) fn day_of_record(&mut self, env: &Env, table: TableId, span: Span) -> Option<Box<Expr>> {
        self.program.table(table)?.valid?;
        Some(Box::new(self.version_day(
            env,
            &[Effective::default(), Effective::default()],
            span,
        )))
    }

    /// Types a result of a decision table.
    pub(super) fn decide(
        &mut self,
        env: &Env,
        decision: DecisionId,
        args: &[ast::Expr],
        output: Option<&ast::Name>,
        span: Span,
    ) -> Expr {
        let decision = self.replaced_decision(env, decision);
        let Some((at, ty)) = self.chosen_output(decision, output, span) else {
            return faulty(span);
        };
        let Some(inputs) = self.inputs(env, decision, args, span) else {
            return faulty(span);
        };
        let ranges = self.program.decision(decision).map_or_else(Vec::new, |found| {
            found.versions.iter().map(|version| version.effective).collect()
        });
        let on = Box::new(self.version_day(env, &ranges, span));
        Expr {
            kind: ExprKind::Decide {
                decision,
                on,
                inputs,
                output: at,
            },
            ty,
            span,
        }
    }

    fn inputs(
        &mut self,
        env: &Env,
        decision: DecisionId,
        args: &[ast::Expr],
        span: Span,
    ) -> Option<Vec<Expr>> {
        let found = self.program.decision(decision)?;
        let name = found.naming.name.clone();
        let wanted: Vec<Ty> = found.inputs.iter().map(|input| input.ty).collect();
        let params: Vec<Param> = wanted
            .iter()
            .map(|ty| Param {
                scalar: ty.scalar,
                is_used: true,
                shorter: None,
            })
            .collect();
        let given = self.arguments(env, &name, &params, args, span)?;
        let mut inputs = Vec::new();
        for (ty, given) in wanted.iter().zip(given) {
            let input = match given {
                Some(input) => input,
                None => self.current(env, ty.scalar, &name, span)?,
            };
            inputs.push(if ty.is_optional() {
                input
            } else {
                self.settled(env, input)
            });
        }
        Some(inputs)
    }

    fn chosen_output(
        &mut self,
        decision: DecisionId,
        word: Option<&ast::Name>,
        span: Span,
    ) -> Option<(usize, Ty)> {
        let found = self.program.decision(decision)?;
        let types: Vec<(String, Option<String>, Ty)> = found
            .outputs
            .iter()
            .map(|output| {
                (
                    output.naming.name.clone(),
                    output.naming.alias.clone(),
                    result_type(output.ty, output.combine),
                )
            })
            .collect();
        let is_called = |(name, alias, _): &&(String, Option<String>, Ty), word: &str| {
            name == word || alias.as_deref() == Some(word)
        };
        match (word, types.as_slice()) {
            (None, [(_, _, ty)]) => Some((0, *ty)),
            (Some(word), all) => match all.iter().position(|output| is_called(&output, &word.text)) {
                Some(at) => all.get(at).map(|(_, _, ty)| (at, *ty)),
                None => {
                    self.push_no_output(decision, word, all);
                    None
                }
            },
            (None, []) => None,
            (None, several) => {
                self.push_which_output(decision, several, span);
                None
            }
        }
    }

    fn push_no_output(
        &mut self,
        decision: DecisionId,
        word: &ast::Name,
        all: &[(String, Option<String>, Ty)],
    ) {
        let of = self
            .program
            .decision(decision)
            .map_or("", |found| found.naming.name.as_str());
        let written = &word.text;
        let message = Diagnostic::error(
            Code::E0209,
            text!(
                "the table \"{of}\" gives no \"{written}\"",
                "表“{of}”没有结果“{written}”"
            ),
        )
        .primary(word.span, Text::default());
        let fix = self.nearest(written, word.span, all.iter().map(|(name, _, _)| name.as_str()));
        self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
    }

    fn push_which_output(&mut self, decision: DecisionId, all: &[(String, Option<String>, Ty)], span: Span) {
        let of = self
            .program
            .decision(decision)
            .map_or("", |found| found.naming.name.as_str());
        let listed = all
            .iter()
            .map(|(name, _, _)| format!(".{name}"))
            .collect::<Vec<_>>()
            .join(", ");
        let message = Diagnostic::error(
            Code::E0219,
            text!("the table \"{of}\" gives several values", "表“{of}”给出多个值"),
        )
        .primary(span, text!("write which: {listed}", "请写明取哪个：{listed}"));
        self.sink.push(message);
    }

    /// Gives the day that selects a version; any day will do where there is only one version without limits.
    pub(super) fn version_day(&mut self, env: &Env, versions: &[Effective], span: Span) -> Expr {
        if matches!(
            versions,
            [] | [Effective {
                from: None,
                through: None
            }]
        ) {
            return constant(Value::Date(Date::FIRST), Scalar::Date, span);
        }
        if let Some(day) = &env.day {
            return Expr { span, ..day.clone() };
        }
        if env.period.is_some() {
            let period = self.current_period(env, span);
            return always(ExprKind::LastDay(Box::new(period)), Scalar::Date, span);
        }
        let why = match env.place {
            Place::Test => text!("a test has no current day", "测试中没有当前日期"),
            Place::Declaration | Place::PayeeFilter | Place::Definition | Place::Payees | Place::Share => {
                text!("there is no current day here", "此处没有当前日期")
            }
        };
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!(
                    "this value has a version for each range of days",
                    "此值在不同日期有不同版本"
                ),
            )
            .primary(span, why),
        );
        constant(Value::Date(Date::FIRST), Scalar::Date, span)
    }

    /// Gives the calendar by which periods are named here.
    pub(crate) fn calendar_of(&self, env: &Env) -> CalendarId {
        let plan = env.plan.and_then(|plan| self.program.plan(plan));
        plan.map_or(env.calendar, |plan| plan.calendar)
    }
}

/// Gives the type of a result; without a matching row a sum is 0, a highest value missing.
fn result_type(ty: Ty, combine: Combine) -> Ty {
    match combine {
        Combine::Single | Combine::Sum => ty,
        Combine::Count => Ty::always(Scalar::Int),
        Combine::Highest | Combine::Lowest => Ty::optional(ty.scalar),
    }
}
