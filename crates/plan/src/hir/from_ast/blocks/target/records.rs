//! A level that is split among records: shares whose sum is exact, beside parts that are fixed.

use guerdon_syntax::ast::{AggregateOp, ChainOp, CompareOp, Expr, ExprKind, Name, Source, SourceKind};

use super::Out;
use super::level::{Above, Among, Held, Level};
use crate::hir::from_ast::blocks::write::Writer;

/// What the record is called whose part a formula is about.
const MEMBER: &str = " member";

/// Holds how records are gone through: the source, and the conditions under which one takes part.
struct Members {
    source: Source,
    conditions: Vec<Expr>,
}

impl<'a> Out<'a, '_> {
    /// Writes the part of each record.
    pub(super) fn among_records(&mut self, level: &Level<'a>, is_locked: bool) {
        let w = Writer::at(level.line.span);
        let Among::Records { alias, key, .. } = &level.among else {
            return;
        };
        let is_tied = key.is_some();
        let Some(mut members) = members(w, level) else {
            return;
        };
        let amount = self.free(w, level, is_locked, is_tied);
        let own = || w.value(&alias.text);
        if is_locked {
            let fixed = w.of(&level.name("fixed"), vec![own()]);
            members.conditions.push(w.is_missing(fixed));
        }
        let of = || w.of(&level.name("of"), vec![own()]);
        if let Some(part) = &level.above.part {
            members
                .conditions
                .push(w.not(w.is_missing(w.of(part, vec![of()]))));
        }
        let amount = match is_tied {
            true => w.of(&amount, vec![of()]),
            false => w.value(&amount),
        };
        let within = match is_tied {
            true => vec![of()],
            false => Vec::new(),
        };
        let unit = match (&level.line.step, self.step(level)) {
            (Some(_), Some(step)) => Some(w.again(&step)),
            (_, _) => None,
        };
        let weight = self.about_part(level, &level.line.weight);
        let filter = w.all(members.conditions);
        let mut part = w.allocate((amount, weight), members.source, filter, within, unit);
        set_rest(&mut part, level);
        // The shares call each record by the author's name for it, so the one whose part this is has another.
        let member = match &level.held {
            Held::Record(data, _) => Held::Record(data, w.name(MEMBER)),
            Held::All | Held::Subject => return,
        };
        if is_locked {
            part = w.pair(member.of(w, &level.name("fixed")), ChainOp::Otherwise, part);
        }
        self.measure(w, &level.name("level"), &member, level.length, part);
        self.explain(&level.line.tail);
    }

    /// Writes what is left for parts that are not fixed; names it.
    fn free(&mut self, w: Writer, level: &Level<'a>, is_locked: bool, is_tied: bool) -> String {
        let all = self.handed_out(level);
        if !is_locked {
            return all;
        }
        let Some(mut members) = members(w, level) else {
            return all;
        };
        let Among::Records { alias, .. } = &level.among else {
            return all;
        };
        let fixed = || w.of(&level.name("fixed"), vec![w.value(&alias.text)]);
        if is_tied && let Some(own) = level.above.held.own(w) {
            members.conditions = ties(w, level, alias, own);
        }
        members.conditions.push(w.not(w.is_missing(fixed())));
        let filter = Some(w.all(members.conditions));
        let sum = w.aggregate(AggregateOp::Sum, Some(fixed()), members.source, filter);
        let Above { held, .. } = &level.above;
        let free = w.pair(held.of(w, &all), ChainOp::Subtract, sum);
        self.not_below_zero(w, level, free)
    }

    /// Writes what is left of a figure once fixed parts are taken off it: less than nothing is an error.
    pub(super) fn not_below_zero(&mut self, w: Writer, level: &Level<'_>, free: Expr) -> String {
        let (left, name) = (level.name("left of"), level.name("free"));
        let (held, length) = (&level.above.held, level.above.length);
        self.measure(w, &left, held, length, free);
        let left = || held.of(w, &left);
        let zero = w.pair(left(), ChainOp::Subtract, left());
        let is_enough = w.compare(left(), CompareOp::GreaterOrEqual, zero);
        self.strict.push(name.clone());
        self.measure(w, &name, held, length, w.choice(is_enough, left(), w.missing()));
        name
    }
}

fn members(w: Writer, level: &Level<'_>) -> Option<Members> {
    let Among::Records {
        data,
        alias,
        key,
        rest,
    } = &level.among
    else {
        return None;
    };
    let mut conditions: Vec<Expr> = rest
        .iter()
        .map(|condition| w.bracket(condition.clone()))
        .collect();
    if key.is_some() {
        let of = w.of(&level.name("of"), vec![w.value(&alias.text)]);
        conditions.push(w.not(w.is_missing(of)));
    }
    Some(Members {
        source: Source {
            kind: SourceKind::Named((*data).clone()),
            alias: Some(Name {
                span: w.span(),
                ..alias.clone()
            }),
            span: level.line.source.span,
        },
        conditions,
    })
}

/// Writes the conditions under which a record belongs to one of the level above.
fn ties(w: Writer, level: &Level<'_>, alias: &Name, own: Expr) -> Vec<Expr> {
    let Among::Records { rest, .. } = &level.among else {
        return Vec::new();
    };
    let of = w.of(&level.name("of"), vec![w.value(&alias.text)]);
    let mut conditions = vec![w.same(of, own)];
    conditions.extend(rest.iter().map(|condition| w.bracket(condition.clone())));
    conditions
}

/// Says who gets what is left over.
fn set_rest(part: &mut Expr, level: &Level<'_>) {
    if let ExprKind::Paren(inner) = &mut part.kind
        && let ExprKind::Allocate(allocate) = &mut inner.kind
    {
        allocate.rest = level.line.rest;
    }
}
