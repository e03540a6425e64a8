//! From surface trees to the typed tree: names are bound, every expression gets a type, surface sugar goes.
//!
//! Faults are reported to a [`Sink`]; a faulty expression has the type [`Scalar::Faulty`], which fits everything, so
//! that one fault gives one message. All faults of all files are reported in one run.

mod aggregate;
mod among;
mod apply;
mod block;
mod blocks;
mod call;
mod cascade;
mod compare;
mod convert;
mod cycle;
mod declare;
mod earned;
mod env;
mod expr;
mod facts;
mod glue;
mod history;
mod lenient;
pub(crate) mod literal;
mod lookup;
mod missing;
mod name;
mod operator;
mod order;
mod period;
mod plan;
mod postfix;
mod respond;
mod rounding;
mod running;
mod say;
mod source;
mod subscript;
mod target;
mod test;
mod usage;
mod want;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, FileId, Fix, Sink, SourceMap, Span, ast, suggest, text};

use self::apply::Stacking;
use self::blocks::{Expanded, Written};
pub(crate) use self::declare::reason;
use self::env::{Env, Where};
pub(crate) use self::literal::exact;
use self::plan::PlanParts;
use self::subscript::Param;
use super::program::Program;
use super::schema::{
    CalendarDef, Constant, Decision, Enum, Hit, Inverse, MissingDay, Naming, Origin, Rates, Reason, Table,
    TierKind, Tiers,
};
use super::{Binder, BinderDomain};
use crate::calendar::Calendar;
use crate::resolve::{Declared, Later, Names, missing};
use crate::types::{BinderId, DefinitionId, EarnId, PlanId, Scalar, TableId, Ty};

/// Gives a set of files its meaning: binds names, checks types, and writes plans out in full.
///
/// `files` are the trees of all files that belong together, used ones included; a file sees its own names and those of
/// the files it uses. Where a used file is not there, that is all that is told. Messages go to `sink`; if it holds errors afterwards, the program must not be run.
pub fn check(files: &[ast::File], sources: &SourceMap, sink: &mut Sink) -> Program {
    let missing = missing(files, sources);
    if !missing.is_empty() {
        missing.into_iter().for_each(|fault| sink.push(fault));
        return Program::default();
    }
    let expanded = blocks::expand(files, sources, sink);
    let names = Names::collect(&expanded.files, sources, sink);
    let mut checker = Checker::new(&expanded, sources, names, sink);
    checker.declare();
    checker.read_field_checks();
    checker.note_later_blocks();
    checker.read_plans();
    checker.refuse_circles_of_values();
    checker.check_lives();
    checker.note_spoilt();
    checker.read_tests();
    checker.program
}

/// Builds the program, statement by statement.
pub(crate) struct Checker<'a> {
    /// The files, with every block written out as a plan.
    pub(crate) files: &'a [ast::File],
    /// The blocks, by the place of their name.
    blocks: &'a BTreeMap<Span, Written>,
    /// The rows of the responses of each warning, by the place of its name.
    responses: &'a BTreeMap<Span, Vec<ast::RespondRow>>,
    /// Their texts, for messages that quote them.
    pub(crate) sources: &'a SourceMap,
    /// Where messages go.
    pub(crate) sink: &'a mut Sink,
    /// The declared names.
    pub(crate) names: Names,
    /// What is built so far. Every declaration has its place, filled or not.
    pub(crate) program: Program,
    /// The plans while they are read, by their ids.
    plans: Vec<PlanParts<'a>>,
    /// The plan that each plan extends.
    bases: Vec<Option<PlanId>>,
    /// The subscripts of each definition.
    shapes: BTreeMap<DefinitionId, Vec<Param>>,
    /// The definitions whose types are known.
    typed: BTreeSet<DefinitionId>,
    /// The table behind the lines of each earn.
    line_tables: BTreeMap<EarnId, TableId>,
    /// The amounts that are broken down, by the earns of their lines.
    wholes: BTreeMap<EarnId, EarnId>,
    /// What is known to be there in the lines of each earn.
    line_facts: BTreeMap<EarnId, Vec<String>>,
    /// The hidden measures that give earns a value of the period before.
    prior_earns: BTreeMap<EarnId, DefinitionId>,
    /// The places of the filters over payees and rows, for fixes.
    filters: BTreeMap<BinderId, Where>,
    /// The order of the lines of the earn that is being read.
    stacking: Option<Stacking>,
    /// The expression of the statement that is being read.
    expression: Option<Span>,
    /// The keys of the records that the test being read gives.
    given_keys: BTreeMap<TableId, BTreeSet<String>>,
    /// Whether the expression being read uses a block whose meaning is not given yet.
    has_later: bool,
    /// The values of the circles that have been reported.
    told: BTreeSet<cycle::Node>,
    /// How many expressions have been read.
    work: u32,
    /// The values that rest on a faulty one.
    spoilt: BTreeSet<cycle::Node>,
    /// How many steps are left for proofs that tables are complete.
    proof_steps: u64,
}

impl<'a> Checker<'a> {
    fn new(expanded: &'a Expanded, sources: &'a SourceMap, names: Names, sink: &'a mut Sink) -> Checker<'a> {
        let mut program = Program::default();
        program.calendars.push(CalendarDef {
            naming: plain_naming("civil", Span::new(FileId(0), 0, 0)),
            calendar: Calendar::civil(),
        });
        for entry in names.entries() {
            let naming = Naming {
                alias: entry.alias.clone(),
                ..plain_naming(&entry.name, entry.span)
            };
            place(&mut program, entry.declared, naming);
        }
        Checker {
            files: &expanded.files,
            blocks: &expanded.blocks,
            responses: &expanded.responses,
            sources,
            sink,
            names,
            program,
            plans: Vec::new(),
            bases: Vec::new(),
            shapes: BTreeMap::new(),
            typed: BTreeSet::new(),
            line_tables: BTreeMap::new(),
            wholes: BTreeMap::new(),
            line_facts: BTreeMap::new(),
            prior_earns: BTreeMap::new(),
            filters: BTreeMap::new(),
            stacking: None,
            expression: None,
            given_keys: BTreeMap::new(),
            has_later: false,
            work: 0,
            told: BTreeSet::new(),
            spoilt: BTreeSet::new(),
            proof_steps: declare::MAX_PROOF_STEPS,
        }
    }

    /// Types the checks of fields, over a variable for the record.
    fn read_field_checks(&mut self) {
        let files = self.files;
        for item in files.iter().flat_map(|file| &file.items) {
            if let ast::Item::Data(data) = item {
                self.read_data_checks(data);
            } else if let ast::Item::Table(table) = item {
                self.read_domains(table);
            }
        }
    }

    fn table_declared(&self, name: &ast::Name) -> Option<TableId> {
        let found = self.names.lookup(name.span.file, &name.text);
        let declared = found.iter().find(|entry| entry.span == name.span);
        if let Some(Declared::Table(table)) = declared.map(|entry| entry.declared) {
            Some(table)
        } else {
            None
        }
    }

    fn read_data_checks(&mut self, data: &ast::DataDef) {
        let Some(table) = self.table_declared(&data.name) else {
            return;
        };
        for field in &data.fields {
            if let Some(check) = &field.check {
                self.read_field_check(table, &field.name, check);
            }
        }
    }

    /// Reads the domains of the columns of a table from a file: what every cell must satisfy.
    fn read_domains(&mut self, def: &ast::TableDef) {
        let (ast::TableBody::File(_), Some(table)) = (&def.body, self.table_declared(&def.name)) else {
            return;
        };
        let outputs = def.outputs.iter().map(|output| &output.param);
        for param in def.inputs.iter().chain(outputs) {
            if let Some(domain) = &param.domain {
                let check = blocks::within_interval(&param.name, domain);
                self.read_field_check(table, &param.name, &check);
            }
        }
    }

    fn read_field_check(&mut self, table: TableId, name: &ast::Name, tree: &ast::Expr) {
        let Some(at) = self.field_named(table, &name.text) else {
            return;
        };
        let binder = self.bind(&name.text, BinderDomain::Row(table), name.span);
        let env = Env::of_file(name.span.file).with_record(binder, table);
        // An empty cell is not checked, so inside its own check the field is there.
        let own = self.field_value(self.variable(binder, name.span), at, name.span);
        let known: Vec<String> = facts::key(&own).into_iter().collect();
        self.expression = Some(tree.span);
        let condition = self.holds(&env.knowing(&known), tree);
        let fields = self
            .program
            .tables
            .get_mut(table.index())
            .map(|found| &mut found.fields);
        if let Some(found) = fields.and_then(|fields| fields.get_mut(at.index())) {
            found.check = Some((binder, condition));
        }
    }

    /// Notes the blocks whose meaning is not given yet.
    fn note_later_blocks(&mut self) {
        let entries: Vec<(Later, Span)> = self
            .names
            .entries()
            .iter()
            .filter_map(|entry| {
                let Declared::Later(later) = entry.declared else {
                    return None;
                };
                Some((later, entry.span))
            })
            .collect();
        for (later, span) in entries {
            let what = postfix::later_name(later);
            self.sink.push(
                Diagnostic::remark(
                    Code::E0217,
                    text!("a {what} cannot be calculated yet", "尚不能计算{what}"; what),
                )
                .primary(
                    span,
                    text!(
                        "the rest of the file is not touched by this",
                        "文件的其余部分不受影响"
                    ),
                ),
            );
        }
    }

    /// Finds the name that was probably meant; nothing where so much is wrong that no more is told.
    pub(crate) fn nearest<'n>(
        &self,
        written: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Option<Fix> {
        if self.sink.is_full() {
            return None;
        }
        suggest::fix(written, span, known)
    }

    /// Makes a new variable.
    pub(crate) fn bind(&mut self, name: &str, domain: BinderDomain, span: Span) -> BinderId {
        let id = BinderId::at(self.program.binders.len());
        self.program.binders.push(Binder {
            name: name.to_owned(),
            domain,
            span,
        });
        id
    }
}

/// Makes the naming of a thing that has only a name.
pub(crate) fn plain_naming(name: &str, span: Span) -> Naming {
    Naming {
        name: name.to_owned(),
        alias: None,
        title: None,
        span,
    }
}

/// Makes an empty place for a declaration, so that its id is good before its contents are known.
fn place(program: &mut Program, declared: Declared, naming: Naming) {
    match declared {
        Declared::Enum(_) => program.enums.push(Enum {
            naming,
            values: Vec::new(),
        }),
        Declared::Table(_) => program.tables.push(empty_table(naming)),
        Declared::Constant(_) => program.constants.push(Constant {
            naming,
            ty: Ty::always(Scalar::Faulty),
            versions: Vec::new(),
            reason: Reason::default(),
        }),
        Declared::Tiers(_) => program.tiers.push(Tiers {
            naming,
            kind: TierKind::Marginal,
            bound: Scalar::Faulty,
            value: Scalar::Faulty,
            rate: Scalar::Faulty,
            versions: Vec::new(),
        }),
        Declared::Decision(_) => program.decisions.push(Decision {
            naming,
            inputs: Vec::new(),
            outputs: Vec::new(),
            hit: Hit::Unique,
            versions: Vec::new(),
        }),
        Declared::Rates(_, table) => {
            program.tables.push(empty_table(naming.clone()));
            program.rates.push(Rates {
                span: naming.span,
                naming,
                table,
                written: Vec::new(),
                missing_day: MissingDay::Error,
                inverse: Inverse::Refused,
                pivot: None,
            });
        }
        Declared::Calendar(_) => {
            program.calendars.push(CalendarDef {
                naming,
                calendar: Calendar::civil(),
            });
        }
        Declared::Holidays(_) => program.holidays.push(declare::holidays::empty(naming)),
        Declared::Plan(_) | Declared::Later(_) => {}
    }
}

fn empty_table(naming: Naming) -> Table {
    Table {
        naming,
        fields: Vec::new(),
        key: Vec::new(),
        valid: None,
        known: None,
        origin: Origin::Data,
        source: None,
    }
}
