//! Names that mean nothing, or two things: what is said then.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::super::Checker;
use super::super::env::{Env, Place};
use super::super::expr::faulty;
use super::super::want::Want;
use super::Candidate;
use crate::hir::expr::Expr;
use crate::resolve::Declared;
use crate::types::{PlanId, Scalar, TableId};

impl Checker<'_> {
    pub(super) fn unknown(&mut self, env: &Env, name: &ast::Name, want: Want) -> Expr {
        let written = &name.text;
        if !self.names.is_broken(written) {
            let message = self.unknown_message(env, name, want);
            self.sink.push(message);
        }
        faulty(name.span)
    }

    fn unknown_message(&self, env: &Env, name: &ast::Name, want: Want) -> Diagnostic {
        let written = &name.text;
        if let Some(message) = self.glued(env, name) {
            return message;
        }
        if env.place == Place::PayeeFilter && self.is_statement(env, written) {
            return Diagnostic::error(
                Code::E0219,
                text!(
                    "the payee line cannot use \"{written}\"",
                    "适用人员一行不能使用“{written}”"
                ),
            )
            .primary(name.span, Text::default())
            .note(text!(
                "Who is paid is settled before what is paid. Lets and measures of the payee without exceptions can stand there, outside of sums.",
                "先定适用人员，再定金额。没有例外的人员级“设”和“度量”可以写在这里，但不能写在合计之内。"
            ));
        }
        let plain = Diagnostic::error(
            Code::E0202,
            text!("nothing is called \"{written}\"", "没有叫“{written}”的名称"),
        );
        if self.sink.is_full() {
            return plain.primary(name.span, Text::default());
        }
        if let Some(entry) = self.names.elsewhere(env.file, written) {
            return self.declared_elsewhere(plain, entry.span, name);
        }
        for (binder, word) in [(env.row, self.word_row(env)), (env.payee, self.word_payee(env))] {
            if let Some(binder) = binder
                && let Scalar::Row(table) = self.kind_of_binder(binder)
                && self.field_named(table, written).is_some()
            {
                let of = self.kind_name(Scalar::Row(table));
                return plain
                    .primary(name.span, text!("a field of each {of}", "{of}的字段"; of))
                    .fix(Fix::insert(
                        text!("say whose it is", "写明属于谁"),
                        name.span,
                        format!("{word}."),
                    ));
            }
        }
        if let Some(message) = self.field_of_another_grain(env, name) {
            return message;
        }
        let message = plain.primary(name.span, Text::default());
        match self.nearest(
            written,
            name.span,
            self.known_words(env, want).iter().map(String::as_str),
        ) {
            Some(fix) => message.fix(fix),
            None => message,
        }
    }

    fn declared_elsewhere(&self, plain: Diagnostic, declared: Span, name: &ast::Name) -> Diagnostic {
        let file = self.sources.name(declared.file);
        plain
            .primary(name.span, Text::default())
            .secondary(
                declared,
                text!(
                    "declared here, in a file that this one does not use",
                    "在此声明，但本文件没有引用该文件"
                ),
            )
            .fix(Fix::advice(
                text!("use that file", "引用该文件"),
                Text {
                    en: format!("use \"{file}\""),
                    zh: format!("引用 “{file}”"),
                },
            ))
    }

    /// Says that a field of many records stands where one value for a payee is needed.
    fn field_of_another_grain(&self, env: &Env, name: &ast::Name) -> Option<Diagnostic> {
        env.plan?;
        let written = &name.text;
        let tables = self.program.tables.iter().enumerate();
        let mut seen = tables.filter(|(_, table)| self.names.sees(env.file, table.naming.span.file));
        let (at, table) = seen.find(|(at, _)| self.field_named(TableId::at(*at), written).is_some())?;
        let of = &table.naming.name;
        let field = table
            .fields
            .get(self.field_named(TableId::at(at), written)?.index())?;
        let declared = field.naming.span;
        Some(
            Diagnostic::error(
                Code::E0206,
                text!(
                    "each record of \"{of}\" has its own \"{written}\"; one value is needed here",
                    "“{of}”的每条记录各有一个“{written}”，此处需要一个值"
                ),
            )
            .primary(
                name.span,
                text!(
                    "one value for each payee and period is needed",
                    "此处每个人员和期间需要一个值"
                ),
            )
            .secondary(
                declared,
                text!("one for each record of {of}", "{of} 的每条记录各有一个"),
            )
            .fix(Fix::advice(
                text!("sum it", "合计"),
                text!("sum {written} over {of} where …", "合计 {written} 对 {of} 其中 …"),
            ))
            .fix(Fix::advice(
                text!("or pick one", "或取其中一条"),
                text!(
                    "first {written} over {of} in order of …",
                    "首条 {written} 对 {of} 累计按 …"
                ),
            )),
        )
    }

    /// Says whether a plan of this file has a statement of this name.
    fn is_statement(&self, env: &Env, name: &str) -> bool {
        let plans = self.program.plans.iter().enumerate();
        plans
            .filter(|(_, plan)| plan.span.file == env.file)
            .any(|(at, _)| self.symbol(PlanId::at(at), name).is_some())
    }

    /// Lists the values of the enum that is wanted.
    fn wanted_values(&self, want: Want) -> Vec<String> {
        let Some(Scalar::Enum(id)) = want.scalar else {
            return Vec::new();
        };
        let values = self.program.enumeration(id).map(|found| &found.values);
        let names = values.into_iter().flatten().flat_map(|value| value.words());
        names.map(str::to_owned).collect()
    }

    /// Lists the words that could have been meant.
    fn known_words(&self, env: &Env, want: Want) -> Vec<String> {
        let mut words = self.wanted_values(want);
        for frame in &env.frames {
            words.extend(frame.name.clone());
            let fields = frame
                .bare
                .and_then(|table| self.program.table(table))
                .map(|table| &table.fields);
            for field in fields.into_iter().flatten() {
                words.push(field.naming.name.clone());
                words.extend(field.naming.alias.clone());
            }
        }
        words.extend(env.plan.iter().flat_map(|plan| self.symbol_names(*plan)));
        words.extend(self.names.seen_from(env.file).map(|(name, _)| name.to_owned()));
        words
    }

    pub(super) fn push_ambiguous(&mut self, env: &Env, name: &ast::Name, one: Candidate, other: Candidate) {
        let is_built_in =
            |found: Candidate| matches!(found, Candidate::Payee | Candidate::Row | Candidate::Normal);
        let is_statement = |found: Candidate| matches!(found, Candidate::Statement(..));
        if is_built_in(one) && is_statement(other) || is_built_in(other) && is_statement(one) {
            // The statement may not be called so, which is told where it is.
            return;
        }
        let written = &name.text;
        let mut message = Diagnostic::error(
            Code::E0204,
            text!("\"{written}\" could mean two things", "“{written}”有两种含义"),
        )
        .primary(name.span, Text::default());
        let is_unnamed =
            |found: Candidate| matches!(found, Candidate::Field(..)) && self.qualifier(env, found).is_none();
        if is_unnamed(one) || is_unnamed(other) {
            message = message.fix(Fix::advice(
                text!("name the records and say whose it is", "给记录起名，并写明属于谁"),
                text!("over … as d … d.{written}", "对 … 作 d … d.{written}"),
            ));
        }
        for candidate in [one, other] {
            let (what, place) = self.describe(candidate);
            if let Some(place) = place {
                message = message.secondary(place, what);
            }
            if let Some(prefix) = self.qualifier(env, candidate).filter(|_| self.is_written(name)) {
                message = message.fix(Fix::replace(
                    text!("mean this: {prefix}.{written}", "指这个：{prefix}.{written}"),
                    name.span,
                    format!("{prefix}.{written}"),
                ));
            }
        }
        self.sink.push(message);
    }

    /// Says whether a name stands in the text as it is; a statement that is written out for a block may hold others.
    pub(super) fn is_written(&self, name: &ast::Name) -> bool {
        self.is_called_there(name.span, &name.text)
    }

    /// Says whether a name is what stands at a place.
    pub(super) fn is_called_there(&self, span: Span, name: &str) -> bool {
        self.sources.slice(span).trim_matches('`') == name
    }

    fn describe(&self, candidate: Candidate) -> (Text, Option<Span>) {
        match candidate {
            Candidate::Payee | Candidate::Row | Candidate::Normal => {
                (text!("a built-in name", "内置名称"), None)
            }
            Candidate::Variable(binder) => (
                text!("this record", "此记录"),
                self.program.binder(binder).map(|binder| binder.span),
            ),
            Candidate::Field(_, table, field) => {
                let name = self
                    .program
                    .table(table)
                    .map_or("", |table| table.naming.name.as_str());
                let span = self
                    .field_at(Scalar::Row(table), field)
                    .map(|field| field.naming.span);
                (text!("a field of {name}", "{name} 的字段"), span)
            }
            Candidate::Statement(plan, symbol) => (
                text!("a statement of the plan", "方案的语句"),
                self.symbol_span(plan, symbol),
            ),
            Candidate::Declared(declared) => {
                let entry = self
                    .names
                    .entries()
                    .iter()
                    .find(|entry| entry.declared == declared);
                (declared_kind(declared), entry.map(|entry| entry.span))
            }
            Candidate::EnumValue(id, value) => {
                let found = self.program.enumeration(id);
                let name = found.map_or("", |found| found.naming.name.as_str());
                let index = usize::try_from(value).unwrap_or(usize::MAX);
                let span = found
                    .and_then(|found| found.values.get(index))
                    .map(|value| value.span);
                (text!("a value of {name}", "{name} 的值"), span)
            }
        }
    }

    /// Gives the word that says whose field is meant.
    fn qualifier(&self, env: &Env, candidate: Candidate) -> Option<String> {
        match candidate {
            Candidate::Field(binder, ..) => {
                let frame = env.frames.iter().find(|frame| frame.binder == binder)?;
                if let Some(name) = &frame.name {
                    return Some(name.clone());
                }
                if env.row == Some(binder) {
                    return Some(self.word_row(env).to_owned());
                }
                (env.payee == Some(binder)).then(|| self.word_payee(env).to_owned())
            }
            Candidate::Statement(plan, _) => self.program.plan(plan).map(|plan| plan.naming.name.clone()),
            Candidate::Payee
            | Candidate::Row
            | Candidate::Normal
            | Candidate::Variable(_)
            | Candidate::Declared(_)
            | Candidate::EnumValue(..) => None,
        }
    }

    fn word_row(&self, env: &Env) -> &'static str {
        match self.sources.language(env.file) {
            guerdon_syntax::Language::En => "row",
            guerdon_syntax::Language::Zh => "本行",
        }
    }

    /// Gives the word for the record that statements here are about: `payee`, in a contest `entrant`.
    pub(in crate::hir::from_ast) fn word_payee(&self, env: &Env) -> &'static str {
        let written = env.plan.and_then(|plan| self.written(plan));
        let about = written.map_or("payee", |written| written.about);
        match (self.sources.language(env.file), about) {
            (guerdon_syntax::Language::En, "") => "payee",
            (guerdon_syntax::Language::En, about) => about,
            (guerdon_syntax::Language::Zh, "entrant") => "参赛者",
            (guerdon_syntax::Language::Zh, "subject") => "对象",
            (guerdon_syntax::Language::Zh, _) => "领取人",
        }
    }
}

pub(super) fn declared_kind(declared: Declared) -> Text {
    match declared {
        Declared::Enum(_) => text!("an enum", "枚举"),
        Declared::Table(_) => text!("a data block", "数据块"),
        Declared::Constant(_) => text!("a constant", "常量"),
        Declared::Tiers(_) => text!("tiers", "阶梯"),
        Declared::Decision(_) => text!("a table", "表"),
        Declared::Rates(..) => text!("a table of exchange rates", "汇率表"),
        Declared::Calendar(_) => text!("a calendar", "日历"),
        Declared::Holidays(_) => text!("a holiday list", "节假日表"),
        Declared::Plan(_) => text!("a plan", "方案"),
        Declared::Later(_) => text!("a block of another kind", "其他类型的块"),
    }
}
