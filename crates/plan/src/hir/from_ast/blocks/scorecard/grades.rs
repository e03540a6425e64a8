//! Grades: the exact total gives a place in the list of grades, gates and distribution move it, the last place counts.

use guerdon_syntax::ast::{
    self, ChainOp, CompareOp, EnumDef, EnumValue, Expr, ExprKind, Gate, Grade, Grades, Interval, LiteralKind,
    Lower, LowerKind, Name, Output, Param, PlanStatement, TableBody, TableDef, TableRow, Type, TypeKind,
};
use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, suggest, text};

use super::Card;
use super::group::Group;
use super::weight::weight_of;
use crate::hir::Reason;
use crate::hir::from_ast::blocks::write::Writer;
use crate::hir::from_ast::{exact, reason};
use crate::number::Exact;

/// What the names of the tables begin with that give the grades of cards.
pub(crate) const GRADES: &str = "grades of ";

/// The position of the grade that the total gives: 1 is the best.
pub(super) const REACHED: &str = "grade reached";

/// The position of the grade after gates and distribution.
const GIVEN: &str = "grade given";

/// The position of the grade that the distribution gives.
pub(super) const SHARED: &str = "grade shared";

impl Card<'_, '_> {
    /// Writes the grades, the gates and the multiplier, and gives the gates.
    pub(super) fn grades(&mut self, group: &Group) -> Vec<(String, Reason)> {
        let Some((grades, span)) = self.lines.grades else {
            return Vec::new();
        };
        let w = Writer::at(span);
        let rows = best_first(grades);
        self.refuse_twice(&rows);
        self.refuse_percents(&rows);
        self.reached(w, &rows);
        let of = self.enum_of(&rows, span);
        self.grade(w, "unforced grade", REACHED, &rows, &of);
        let is_shared = grades
            .distribute
            .as_ref()
            .is_some_and(|distribute| self.distribute(w, group, distribute, &rows));
        if is_shared {
            self.grade(w, "advised grade", SHARED, &rows, &of);
        }
        let gates = self.gates(&rows);
        self.given(w, grades, is_shared, &gates);
        self.grade(w, "grade", GIVEN, &rows, &of);
        let multiplier = by_place(w, GIVEN, &rows, &|row| row.multiplier.clone());
        self.like_total(w, "multiplier", multiplier);
        gates.into_iter().map(|gate| (gate.name, gate.reason)).collect()
    }

    /// Writes the place of the grade that the exact total reaches.
    fn reached(&mut self, w: Writer, rows: &[&Grade]) {
        let table = format!("{GRADES}{}", self.name.text);
        let domain = lowest_bound(w, rows);
        self.written.tables.push(TableDef {
            name: self.head.name(&table),
            alias: None,
            effective: None,
            inputs: vec![column(w, "total", TypeKind::Number, domain)],
            outputs: vec![Output {
                combine: None,
                param: column(w, "place", TypeKind::Int, None),
            }],
            body: TableBody::Rows(
                None,
                rows.iter()
                    .enumerate()
                    .map(|(at, row)| table_row(at, row))
                    .collect(),
            ),
            span: w.span(),
        });
        let reached = w.of(&table, vec![w.value("exact total")]);
        self.like_total(w, REACHED, reached);
    }

    /// Writes the grade of a place.
    fn grade(&mut self, w: Writer, name: &str, place: &str, rows: &[&Grade], of: &str) {
        self.written.values.push((name.to_owned(), of.to_owned()));
        let value = by_place(w, place, rows, &|row| {
            Writer::at(row.name.span).expr(ExprKind::Name(row.name.clone()))
        });
        self.like_total(w, name, value);
    }

    /// Finds the enum that has all grades; without one the card has an enum of its own.
    fn enum_of(&mut self, rows: &[&Grade], span: Span) -> String {
        let names: Vec<&Name> = rows.iter().map(|row| &row.name).collect();
        if let Some(found) = self.seen.enum_with(&names, span, self.sink) {
            return found.name.text.clone();
        }
        let name = format!("grade of {}", self.name.text);
        self.written.enums.push(EnumDef {
            name: self.head.name(&name),
            alias: None,
            values: names
                .into_iter()
                .map(|name| EnumValue {
                    name: name.clone(),
                    alias: None,
                })
                .collect(),
            span,
        });
        name
    }

    /// Writes the condition of each gate.
    fn gates(&mut self, rows: &[&Grade]) -> Vec<Written> {
        let mut found = Vec::new();
        for (at, gate) in self.lines.gates.clone().into_iter().enumerate() {
            let name = format!("gate {}", at.saturating_add(1));
            let mut measure = Writer::at(gate.span).measure(&name, gate.when.clone());
            if let PlanStatement::Measure(measure) = &mut measure {
                measure.tail = gate.tail.clone();
            }
            self.push(measure);
            let Some(place) = rows.iter().position(|row| row.name.text == gate.grade.text) else {
                self.push_no_grade(gate, rows);
                continue;
            };
            found.push(Written {
                name,
                place: place.saturating_add(1),
                span: gate.span,
                reason: reason(&gate.tail),
            });
        }
        found
    }

    /// Writes the place that counts: that of the distribution where it is more than advice, no better than gates let.
    fn given(&mut self, w: Writer, grades: &Grades, is_shared: bool, gates: &[Written]) {
        let mut place = match (is_shared, &grades.distribute) {
            (true, Some(distribute)) => self.binding(w, distribute),
            (true | false, _) => w.value(REACHED),
        };
        for gate in gates {
            let w = Writer::at(gate.span);
            let best = w.number(u64::try_from(gate.place).unwrap_or(u64::MAX));
            let bound = w.choice(w.value(&gate.name), best, w.number(1));
            place = w.pair(place, ChainOp::AtLeast, bound);
        }
        match is_shared {
            true => self.firm(w, GIVEN, place),
            false => self.like_total(w, GIVEN, place),
        }
    }

    fn refuse_twice(&mut self, rows: &[&Grade]) {
        for (at, row) in rows.iter().enumerate() {
            if let Some(first) = rows
                .iter()
                .take(at)
                .find(|other| other.name.text == row.name.text)
            {
                let name = &row.name.text;
                let title = text!("the grade \"{name}\" has two rows", "等级“{name}”有两行");
                self.sink.push(
                    Diagnostic::error(Code::E0216, title)
                        .primary(row.name.span, Text::default())
                        .secondary(first.name.span, text!("first here", "首次出现")),
                );
            }
        }
    }

    /// Reports bounds that are percents: a total is a number of points.
    fn refuse_percents(&mut self, rows: &[&Grade]) {
        let bounds = rows.iter().flat_map(|row| {
            let lower = row.interval.lower.as_ref().map(|lower| &lower.value);
            lower
                .into_iter()
                .chain(row.interval.upper.as_ref().map(|upper| &upper.value))
        });
        for bound in bounds {
            let ExprKind::Literal(literal) = &bound.kind else {
                continue;
            };
            if let LiteralKind::Percent(_) = &literal.kind {
                let written = literal.written.trim_end_matches('%').to_owned();
                let title = text!(
                    "a total is a number of points, not a percent",
                    "总分是分数，不是百分比"
                );
                self.sink.push(
                    Diagnostic::error(Code::E0201, title)
                        .primary(bound.span, text!("a percent", "百分比"))
                        .fix(Fix::replace(
                            text!("write points", "写作分数"),
                            bound.span,
                            written,
                        )),
                );
            }
        }
    }

    fn push_no_grade(&mut self, gate: &Gate, rows: &[&Grade]) {
        let (name, of) = (&gate.grade.text, &self.name.text);
        let title = text!("\"{of}\" gives no grade \"{name}\"", "“{of}”没有等级“{name}”");
        let known: Vec<&str> = rows.iter().map(|row| row.name.text.as_str()).collect();
        let listed = known.join(", ");
        let fault = Diagnostic::error(Code::E0211, title).primary(
            gate.grade.span,
            text!("the grades are {listed}", "等级有 {listed}"),
        );
        let fix = suggest::fix(name, gate.grade.span, known);
        self.sink.push(fix.into_iter().fold(fault, Diagnostic::fix));
    }
}

/// Holds a gate whose condition is written.
struct Written {
    name: String,
    /// The position of the best grade that it leaves.
    place: usize,
    span: Span,
    reason: Reason,
}

/// Lists the grades, the best first: by where they begin, or as they are written if that is not known yet.
fn best_first(grades: &Grades) -> Vec<&Grade> {
    let mut rows: Vec<&Grade> = grades.rows.iter().collect();
    let starts: Option<Vec<Exact>> = rows
        .iter()
        .filter_map(|row| row.interval.lower.as_ref())
        .map(|lower| number_of(&lower.value))
        .collect();
    if starts.is_some() {
        let start = |row: &&Grade| {
            row.interval
                .lower
                .as_ref()
                .and_then(|lower| number_of(&lower.value))
        };
        rows.sort_by_key(|row| std::cmp::Reverse(start(row)));
    } else if rows.last().is_some_and(|row| row.interval.upper.is_none()) {
        rows.reverse();
    }
    rows
}

/// Says which totals there can be: down to zero, or to where the lowest grade begins; all if that has no end.
fn lowest_bound(w: Writer, rows: &[&Grade]) -> Option<Interval> {
    let mut lowest = (Exact::ZERO, None);
    for row in rows {
        let lower = row.interval.lower.as_ref()?;
        if let Some(number) = number_of(&lower.value).filter(|number| *number < lowest.0) {
            lowest = (number, Some(lower));
        }
    }
    let lower = lowest.1.cloned().unwrap_or_else(|| Lower {
        kind: LowerKind::From,
        value: w.number(0),
        span: w.span(),
    });
    Some(Interval {
        lower: Some(lower),
        upper: None,
        span: w.span(),
    })
}

/// Reads a bound that is written as a number, with or without a sign.
fn number_of(bound: &Expr) -> Option<Exact> {
    if let ExprKind::Negate(inner) = &bound.kind {
        return number_of(inner).map(|number| number.neg());
    }
    if let ExprKind::Paren(inner) = &bound.kind {
        return number_of(inner);
    }
    let ExprKind::Literal(literal) = &bound.kind else {
        return None;
    };
    if let LiteralKind::Number(decimal) | LiteralKind::Percent(decimal) = &literal.kind {
        exact(decimal)
    } else {
        None
    }
}

fn column(w: Writer, name: &str, kind: TypeKind, domain: Option<Interval>) -> Param {
    Param {
        name: w.name(name),
        ty: Type {
            kind,
            is_optional: false,
            step: None,
            span: w.span(),
        },
        domain,
        span: w.span(),
    }
}

fn table_row(at: usize, row: &Grade) -> TableRow {
    let place = u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1);
    TableRow {
        cells: vec![ast::Cell {
            kind: ast::CellKind::Interval(row.interval.clone()),
            span: row.interval.span,
        }],
        results: vec![Writer::at(row.name.span).number(place)],
        span: row.span,
    }
}

/// Writes what the grade at a place has; the last one has what is left.
pub(super) fn by_place(w: Writer, place: &str, rows: &[&Grade], value: &dyn Fn(&Grade) -> Expr) -> Expr {
    let Some((last, before)) = rows.split_last() else {
        return w.missing();
    };
    before
        .iter()
        .enumerate()
        .rev()
        .fold(value(last), |below, (at, row)| {
            let place_of = w.number(u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1));
            let is_here = w.compare(w.value(place), CompareOp::Equal, place_of);
            w.choice(is_here, value(row), below)
        })
}

/// Reads the share of the group that a grade may be given to.
pub(super) fn share_of(row: &Grade) -> Option<Exact> {
    let ExprKind::Literal(literal) = &row.share.as_ref()?.kind else {
        return None;
    };
    matches!(literal.kind, LiteralKind::Percent(_)).then(|| weight_of(literal))
}
