//! Calls: the closed list of functions, and records by their key.

use guerdon_syntax::keyword::{builtin_function, builtin_name};
use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, plural, text};

use super::Checker;
use super::blocks::{ADDRESSEE, RESPOND, WORDS};
use super::env::{Env, Place};
use super::expr::{always, fails, faulty, kind_at};
use super::missing::required;
use super::name::Candidate;
use super::subscript::key_word;
use super::want::Want;
use crate::calendar::Unit;
use crate::hir::expr::{Expr, ExprKind, Function, MonthRule};
use crate::resolve::Declared;
use crate::types::{Scalar, TableId, Ty};

const FUNCTIONS: [&str; 8] = [
    "abs",
    "largest",
    "smallest",
    "convert",
    "add_months",
    "month_of",
    "quarter_of",
    "year_of",
];

/// Says how many values a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Exactly(usize),
    AtLeast(usize),
}

impl Count {
    fn words(self) -> Text {
        match self {
            Count::Exactly(count) => {
                let values = plural(count, "value");
                text!("{values}", " {count} 个值")
            }
            Count::AtLeast(count) => {
                let values = plural(count, "value");
                text!("at least {values}", "至少 {count} 个值")
            }
        }
    }
}

fn name_of_part(unit: Unit) -> &'static str {
    match unit {
        Unit::Quarter => "quarter_of",
        Unit::Year => "year_of",
        Unit::Day | Unit::Week | Unit::Month | Unit::Period => "month_of",
    }
}

impl Checker<'_> {
    /// Types `f(a, b)`, or `Deal(1)`: a record by its key.
    pub(super) fn call(
        &mut self,
        env: &Env,
        name: &ast::Name,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        match builtin_function(&name.text).unwrap_or(&name.text) {
            WORDS => self.words(env, args, span),
            ADDRESSEE => self.addressee(env, args, span),
            RESPOND => self.respond(env, args, span),
            "abs" => self.abs(env, args, span),
            "largest" => self.extreme(env, Function::Largest, args, span),
            "smallest" => self.extreme(env, Function::Smallest, args, span),
            "add_months" => self.add_months(env, args, span),
            "month_of" => self.containing(env, Unit::Month, args, span),
            "quarter_of" => self.containing(env, Unit::Quarter, args, span),
            "year_of" => self.containing(env, Unit::Year, args, span),
            "convert" => self.convert(env, args, span),
            _ => match self.names_in_sight(env, &name.text).as_slice() {
                [Candidate::Declared(Declared::Table(table))] => {
                    let found = self.record(env, *table, args, span);
                    if fails(want) && env.place != Place::Test && found.ty.is_optional() {
                        required(found)
                    } else {
                        found
                    }
                }
                _ => self.unknown_function(name, span),
            },
        }
    }

    fn abs(&mut self, env: &Env, args: &[ast::Expr], span: Span) -> Expr {
        let [arg] = args else {
            return self.wrong_count("abs", Count::Exactly(1), args, span);
        };
        let value = self.value(env, arg, Want::ANY);
        let value = self.expect_numeric(value);
        let scalar = value.ty.scalar;
        always(
            ExprKind::Call {
                function: Function::Abs,
                args: vec![value],
            },
            scalar,
            span,
        )
    }

    fn extreme(&mut self, env: &Env, function: Function, args: &[ast::Expr], span: Span) -> Expr {
        if args.len() < 2 {
            let name = if function == Function::Largest {
                "largest"
            } else {
                "smallest"
            };
            return self.wrong_count(name, Count::AtLeast(2), args, span);
        }
        let mut typed = Vec::new();
        for arg in args {
            let value = self.value(env, arg, Want::ANY);
            typed.push(self.expect_numeric(value));
        }
        let scalar = self.shared_kind(&typed.iter().map(kind_at).collect::<Vec<_>>());
        always(
            ExprKind::Call {
                function,
                args: typed,
            },
            scalar,
            span,
        )
    }

    fn add_months(&mut self, env: &Env, args: &[ast::Expr], span: Span) -> Expr {
        let [day, months, rule] = args else {
            return self.wrong_count("add_months", Count::Exactly(3), args, span);
        };
        let word = if let ast::ExprKind::Name(word) = &rule.kind {
            builtin_name(&word.text)
        } else {
            None
        };
        let rule = match word {
            Some("last_day") => MonthRule::LastDay,
            Some("same_day") => MonthRule::SameDay,
            Some(_) | None => return self.push_no_month_rule(rule.span),
        };
        let day = Box::new(self.value_of(env, day, Scalar::Date));
        let months = Box::new(self.value_of(env, months, Scalar::Int));
        always(ExprKind::AddMonths { day, months, rule }, Scalar::Date, span)
    }

    fn push_no_month_rule(&mut self, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("what happens at the end of a short month is not said", "没有写明短月的月末如何处理"),
            )
            .primary(span, text!("last_day or same_day", "last_day 或 same_day"))
            .note(text!(
                "\"last_day\" keeps the last day of a month the last day; \"same_day\" keeps the day, at most the last.",
                "“last_day”使月末仍为月末；“same_day”保持同一日，至多到月末。"
            )),
        );
        faulty(span)
    }

    fn containing(&mut self, env: &Env, unit: Unit, args: &[ast::Expr], span: Span) -> Expr {
        let [day] = args else {
            return self.wrong_count(name_of_part(unit), Count::Exactly(1), args, span);
        };
        let day = Box::new(self.value_of(env, day, Scalar::Date));
        let calendar = self.calendar_of(env);
        always(
            ExprKind::Containing { calendar, unit, day },
            Scalar::Period(unit),
            span,
        )
    }

    /// Types `Deal(1)`, `Split(D1, a)`.
    fn record(&mut self, env: &Env, table: TableId, args: &[ast::Expr], span: Span) -> Expr {
        if let [arg] = args
            && let Some(word) = key_word(arg)
            && (env.place == Place::Test || !matches!(arg.kind, ast::ExprKind::Name(_)))
        {
            return self.word_key(env, table, word, arg.span, Want::ANY);
        }
        let found = self.row_of(env, table, args, span, Want::ANY.or_nothing());
        let scalar = found.ty.scalar;
        Expr {
            ty: if scalar == Scalar::Faulty {
                found.ty
            } else {
                Ty::optional(scalar)
            },
            ..found
        }
    }

    fn wrong_count(&mut self, name: &str, wanted: Count, args: &[ast::Expr], span: Span) -> Expr {
        let found = args.len();
        let wanted = wanted.words();
        let told = Diagnostic::error(
            Code::E0208,
            text!(
                "{name} takes {wanted}, not {found}",
                "{name} 需要{wanted}，而不是 {found} 个";
                wanted
            ),
        )
        .primary(span, Text::default());
        let told = if name == "add_months" && found == 2 {
            told.fix(Fix::advice(
                text!("the last day of a month stays the last day", "月末仍为月末"),
                Text::same("add_months(…, …, last_day)".to_owned()),
            ))
            .fix(Fix::advice(
                text!("the same day, at most the last of the month", "同日，至多为月末"),
                Text::same("add_months(…, …, same_day)".to_owned()),
            ))
        } else {
            told
        };
        self.sink.push(told);
        faulty(span)
    }

    fn unknown_function(&mut self, name: &ast::Name, span: Span) -> Expr {
        let written = &name.text;
        let message = Diagnostic::error(
            Code::E0210,
            text!("there is no function \"{written}\"", "没有函数“{written}”"),
        )
        .primary(name.span, Text::default())
        .note(text!(
            "The functions are abs, largest, smallest, convert, add_months, month_of, quarter_of and year_of.",
            "函数有 abs、largest、smallest、convert、add_months、month_of、quarter_of 和 year_of。"
        ));
        let fix = self.nearest(written, name.span, FUNCTIONS);
        self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        faulty(span)
    }
}
