//! From surface trees to the typed tree: names are bound, every expression gets a type, surface sugar goes.
//!
//! Faults are reported to a [`Sink`]; a faulty expression has the type [`Scalar::Faulty`], which fits everything, so
//! that one fault gives one message. All faults of all files are reported in one run.

mod env;

use guerdon_syntax::{FileId, Sink, SourceMap, Span, ast};

use self::env::Env;
use super::program::Program;
use super::schema::{
    CalendarDef, Constant, Decision, Enum, Hit, Naming, Origin, Reason, Table, TierKind, Tiers,
};
use super::{Binder, BinderDomain};
use crate::calendar::Calendar;
use crate::resolve::{Declared, Names};
use crate::types::{BinderId, Scalar, Ty};

/// Gives a set of files its meaning: binds names, checks types, and writes plans out in full.
///
/// `files` are the trees of all files that belong together, used ones included; a file sees its own names and those of
/// the files it uses. Messages go to `sink`; if it holds errors afterwards, the program must not be run.
pub fn check(files: &[ast::File], sources: &SourceMap, sink: &mut Sink) -> Program {
    let names = Names::collect(files, sources, sink);
    let mut checker = Checker::new(files, sources, names, sink);
    checker.program
}

/// Builds the program, statement by statement.
pub(crate) struct Checker<'a> {
    /// The files.
    pub(crate) files: &'a [ast::File],
    /// Their texts, for messages that quote them.
    pub(crate) sources: &'a SourceMap,
    /// Where messages go.
    pub(crate) sink: &'a mut Sink,
    /// The declared names.
    pub(crate) names: Names,
    /// What is built so far. Every declaration has its place, filled or not.
    pub(crate) program: Program,
}

impl<'a> Checker<'a> {
    fn new(files: &'a [ast::File], sources: &'a SourceMap, names: Names, sink: &'a mut Sink) -> Checker<'a> {
        let mut program = Program::default();
        program.calendars.push(CalendarDef {
            naming: plain_naming("civil", Span::new(FileId(0), 0, 0)),
            calendar: Calendar::civil(),
        });
        for entry in names.entries() {
            let naming = Naming { alias: entry.alias.clone(), ..plain_naming(&entry.name, entry.span) };
            place(&mut program, entry.declared, naming);
        }
        Checker { files, sources, sink, names, program }
    }

    /// Makes a new variable.
    pub(crate) fn bind(&mut self, name: &str, domain: BinderDomain, span: Span) -> BinderId {
        let id = BinderId::at(self.program.binders.len());
        self.program.binders.push(Binder { name: name.to_owned(), domain, span });
        id
    }
}

/// Makes the naming of a thing that has only a name.
pub(crate) fn plain_naming(name: &str, span: Span) -> Naming {
    Naming { name: name.to_owned(), alias: None, title: None, span }
}

/// Makes an empty place for a declaration, so that its id is good before its contents are known.
fn place(program: &mut Program, declared: Declared, naming: Naming) {
    match declared {
        Declared::Enum(_) => program.enums.push(Enum { naming, values: Vec::new() }),
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
            versions: Vec::new(),
        }),
        Declared::Decision(_) => program.decisions.push(Decision {
            naming,
            inputs: Vec::new(),
            outputs: Vec::new(),
            hit: Hit::Unique,
            versions: Vec::new(),
        }),
        Declared::Calendar(_) => {
            program.calendars.push(CalendarDef { naming, calendar: Calendar::civil() });
        }
        Declared::Plan(_) | Declared::Later(_) => {}
    }
}

fn empty_table(naming: Naming) -> Table {
    Table {
        naming,
        fields: Vec::new(),
        key: Vec::new(),
        valid: None,
        origin: Origin::Data,
        source: None,
    }
}
