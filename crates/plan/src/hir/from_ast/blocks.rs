//! Contests, awards, targets, warnings and scorecards, written out as plans.
//!
//! The language has a short form for what every sales organisation needs: a contest has a score and prizes, a warning
//! has levels. What they mean is said here once, by writing each block as a plan whose statements could have been
//! written by hand: measures, carries, places (`rank of`) and shares (`allocate`). All stages after this one know plans
//! only. The names of the statements are those by which a block is read from outside (`june_sprint[a].rank`); those
//! that nobody should read hold a blank, so that no author can have written them.

mod award;
mod contest;
mod heads;
mod payees;
mod prizes;
mod race;
mod rewrite;
mod scorecard;
mod seen;
pub(super) mod segments;
mod target;
mod team;
mod warning;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, Sink, SourceMap, Span, Text, ast, text};

pub(crate) use self::scorecard::GRADES;
use self::seen::Seen;
pub(crate) use self::write::{ADDRESSEE, MISSING, RESPOND, WHOLE, WORDS, enum_and_value};
use crate::calendar::Unit;
use crate::hir::Block;

/// Holds rule files whose blocks are written out as plans.
pub(crate) struct Expanded {
    /// The files.
    pub(crate) files: Vec<ast::File>,
    /// The blocks, by the place of their name.
    pub(crate) blocks: BTreeMap<Span, Written>,
    /// The rows of the responses of each warning, by the place of its name.
    pub(crate) responses: BTreeMap<Span, Vec<ast::RespondRow>>,
}

/// Holds what a plan that was a block needs to be read as one.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// What the block is made of, by the names of its statements.
    pub(crate) block: Block<String>,
    /// How the block calls the record that it is about: `entrant`, `subject` or `payee`.
    pub(crate) about: &'static str,
    /// The measures that are missing where something they need is missing.
    pub(crate) lenient: BTreeSet<String>,
    /// The last day whose data count: records that became known later are not seen.
    pub(crate) closes: Option<ast::Literal>,
    /// The measures that are an error where something they need is missing.
    pub(crate) strict: BTreeSet<String>,
    /// The kinds that statements must have.
    pub(crate) kinds: BTreeMap<String, Kind>,
    /// The statements that names mean inside the block, where those are not the ones that are called so.
    pub(crate) inside: BTreeMap<String, String>,
    /// The periods that statements speak of, where those are longer than the shortest.
    pub(crate) lengths: BTreeMap<String, Length>,
    /// The length of the shortest periods, where those are not what the `period` line names.
    pub(crate) finest: Option<Unit>,
    /// The enums that only this block has.
    pub(crate) enums: Vec<ast::EnumDef>,
    /// The tiers that only this block has.
    pub(crate) tiers: Vec<ast::TiersDef>,
    /// The tables that only this block has.
    pub(crate) tables: Vec<ast::TableDef>,
}

/// Says how long the periods are that a statement speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// As long as those of the `period` line.
    Whole,
    /// This long.
    Of(Unit),
}

/// Says which kind a statement must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain number: no percent and no amount.
    Number,
    /// A value of the enum of this name.
    Enum(String),
}

impl Written {
    /// Makes what a block needs of what it is made of and the word for the record that it is about.
    fn of(block: Block<String>, about: &'static str) -> Written {
        Written {
            block,
            about,
            lenient: BTreeSet::new(),
            closes: None,
            strict: BTreeSet::new(),
            kinds: BTreeMap::new(),
            inside: BTreeMap::new(),
            lengths: BTreeMap::new(),
            finest: None,
            enums: Vec::new(),
            tiers: Vec::new(),
            tables: Vec::new(),
        }
    }
}

/// Writes all blocks of some files out as plans.
pub(crate) fn expand(files: &[ast::File], sources: &SourceMap, sink: &mut Sink) -> Expanded {
    let mut blocks = BTreeMap::new();
    let responses = files.iter().flat_map(|file| &file.items).filter_map(responses_of);
    let responses = responses.collect();
    let seen = Seen::new(files, sources);
    let files = files
        .iter()
        .map(|file| expand_file(file, &seen, &mut blocks, sink));
    Expanded {
        files: files.collect(),
        blocks,
        responses,
    }
}

fn responses_of(item: &ast::Item) -> Option<(Span, Vec<ast::RespondRow>)> {
    if let ast::Item::Warning(tree) = item {
        Some((tree.name.span, warning::responses(tree)))
    } else {
        None
    }
}

fn expand_file(
    file: &ast::File,
    seen: &Seen<'_>,
    blocks: &mut BTreeMap<Span, Written>,
    sink: &mut Sink,
) -> ast::File {
    let mut items = Vec::new();
    for item in &file.items {
        let mut own = Sink::default();
        let block = plan_of(item, seen, &mut own);
        let Some((plan, written)) = block else {
            items.push(with_segments(item, seen, sink));
            continue;
        };
        // What a block lacks may be just the line that could not be read.
        let is_broken = seen.has_broken_line(plan.span);
        for message in own.iter() {
            if !is_broken || message.code != Code::E0215 {
                sink.push(message.clone());
            }
        }
        items.extend(written.enums.iter().cloned().map(ast::Item::Enum));
        items.extend(written.tiers.iter().cloned().map(ast::Item::Tiers));
        items.extend(written.tables.iter().cloned().map(ast::Item::Table));
        blocks.insert(plan.name.span, written);
        items.push(ast::Item::Plan(plan));
    }
    ast::File {
        items,
        ..file.clone()
    }
}

fn with_segments(item: &ast::Item, seen: &Seen<'_>, sink: &mut Sink) -> ast::Item {
    let ast::Item::Plan(plan) = item else {
        return item.clone();
    };
    let written = payees::write(plan, seen);
    let plan = written.as_ref().unwrap_or(plan);
    let cut = segments::write(plan, seen, sink);
    ast::Item::Plan(cut.unwrap_or_else(|| plan.clone()))
}

fn plan_of(item: &ast::Item, seen: &Seen<'_>, sink: &mut Sink) -> Option<(ast::Plan, Written)> {
    match item {
        ast::Item::Contest(tree) => Some(contest::write(tree, seen, sink)),
        ast::Item::Scorecard(tree) => Some(scorecard::write(tree, seen, sink)),
        ast::Item::Award(tree) => Some(award::write(tree, sink)),
        ast::Item::Warning(tree) => Some(warning::write(tree, sink)),
        ast::Item::Target(tree) => Some(target::write(tree, seen, sink)),
        ast::Item::Use(_)
        | ast::Item::Enum(_)
        | ast::Item::Data(_)
        | ast::Item::Const(_)
        | ast::Item::Source(_)
        | ast::Item::Calendar(_)
        | ast::Item::Holidays(_)
        | ast::Item::Rates(_)
        | ast::Item::Tiers(_)
        | ast::Item::Table(_)
        | ast::Item::Matrix(_)
        | ast::Item::Plan(_)
        | ast::Item::Test(_) => None,
    }
}

/// Writes the condition that a named value lies in an interval.
pub(crate) fn within_interval(name: &ast::Name, interval: &ast::Interval) -> ast::Expr {
    let writer = write::Writer::at(interval.span);
    let value = || writer.expr(ast::ExprKind::Name(name.clone()));
    let lower = interval.lower.as_ref().map(|lower| {
        let op = match lower.kind {
            ast::LowerKind::From => ast::CompareOp::GreaterOrEqual,
            ast::LowerKind::Above => ast::CompareOp::Greater,
        };
        writer.compare(value(), op, lower.value.clone())
    });
    let upper = interval.upper.as_ref().map(|upper| {
        let op = match upper.kind {
            ast::UpperKind::Below => ast::CompareOp::Less,
            ast::UpperKind::Through => ast::CompareOp::LessOrEqual,
        };
        writer.compare(value(), op, upper.value.clone())
    });
    writer.all(lower.into_iter().chain(upper).collect())
}

/// Says that a block lacks a line that it must have.
fn push_no_line(sink: &mut Sink, name: &ast::Name, (en, zh): (&str, &str), (line_en, line_zh): (&str, &str)) {
    let of = &name.text;
    let message = Diagnostic::error(
        Code::E0215,
        text!("\"{of}\" has no \"{en}\" line", "“{of}”没有“{zh}”行"),
    );
    let line = Text {
        en: line_en.to_owned(),
        zh: line_zh.to_owned(),
    };
    let fix = guerdon_syntax::Fix::advice(text!("add the line", "补上此行"), line);
    sink.push(message.primary(name.span, Text::default()).fix(fix));
}

/// Says that a line of a block is there twice.
fn push_twice(sink: &mut Sink, again: Span, first: Span) {
    sink.push(
        Diagnostic::error(Code::E0216, text!("this line is given twice", "此行重复"))
            .primary(again, text!("again here", "再次出现"))
            .secondary(first, text!("first here", "首次出现")),
    );
}

/// Keeps a line that a block may have once, and reports a second one.
fn once<'a, T>(sink: &mut Sink, slot: &mut Option<(&'a T, Span)>, line: &'a T, span: Span) {
    match slot {
        Some((_, first)) => push_twice(sink, span, *first),
        None => *slot = Some((line, span)),
    }
}
