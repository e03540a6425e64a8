//! The levels of a split: what each divides, among which records or periods, and to whom its parts belong.

use guerdon_syntax::ast::{
    self, Expr, ExprKind, GrainName, LiteralKind, Name, PeriodExpr, Source, SourceKind, SplitLine, UnitKind,
};
use guerdon_syntax::{Code, Diagnostic, Span, text};

use super::Out;
use crate::calendar::Unit;
use crate::hir::TargetLevel;
use crate::hir::from_ast::blocks::Length;
use crate::hir::from_ast::blocks::rewrite::inside_out;
use crate::hir::from_ast::blocks::team::{membership, qualified_by};
use crate::hir::from_ast::blocks::write::{WHOLE, Writer};
use crate::hir::from_ast::{exact, reason};

/// What a part is called inside the formulas that are written here.
pub(super) const OTHER: &str = " other";

/// Holds one level of a split, the first being 1.
#[derive(Clone)]
pub(super) struct Level<'a> {
    /// Its number.
    pub(super) at: usize,
    /// As it is written.
    pub(super) line: &'a SplitLine,
    /// Among what it divides.
    pub(super) among: Among<'a>,
    /// What it divides.
    pub(super) above: Above<'a>,
    /// To whom its parts belong.
    pub(super) held: Held<'a>,
    /// How long the periods of its parts are.
    pub(super) length: Length,
    /// Whether some of those that it is for have no part: records that are left out.
    pub(super) is_for_some: bool,
}

/// Says among what a level divides.
#[derive(Clone)]
pub(super) enum Among<'a> {
    /// Records: the condition that ties each to one of the level above, and the others.
    Records {
        /// The data block.
        data: &'a Name,
        /// What a record is called.
        alias: Name,
        /// To whom each belongs; none where there is one figure for all above.
        key: Option<Expr>,
        /// Which records take part.
        rest: Vec<Expr>,
    },
    /// Periods of a length.
    Periods {
        /// The word for them.
        word: &'a Name,
        /// How long they are.
        kind: UnitKind,
        /// Their length.
        unit: Unit,
        /// What a period is called.
        alias: Name,
    },
}

/// Says what a level divides: the figure of the level above, or the goal.
#[derive(Clone)]
pub(super) struct Above<'a> {
    /// The measure.
    pub(super) name: String,
    /// To whom it belongs.
    pub(super) held: Held<'a>,
    /// How long its periods are.
    pub(super) length: Length,
    /// The unit of its periods; none for that of the goal.
    pub(super) kind: Option<UnitKind>,
    /// The parts, where some that they are for have none.
    pub(super) part: Option<String>,
}

/// Says to whom a figure belongs.
#[derive(Clone)]
pub(super) enum Held<'a> {
    /// To nobody: it is one for all.
    All,
    /// To each subject.
    Subject,
    /// To each record of a data block, by the name that it has in formulas.
    Record(&'a Name, Name),
}

impl Held<'_> {
    /// Gives what a measure is `for`.
    pub(super) fn grain(&self, w: Writer) -> Vec<GrainName> {
        match self {
            Held::All | Held::Subject => Vec::new(),
            Held::Record(data, alias) => vec![GrainName {
                data: (*data).clone(),
                name: Name {
                    span: w.span(),
                    ..alias.clone()
                },
            }],
        }
    }

    /// Reads a measure for whom this one is for.
    pub(super) fn of(&self, w: Writer, name: &str) -> Expr {
        match self.own(w) {
            Some(own) => w.of(name, vec![own]),
            None => w.value(name),
        }
    }

    /// Reads a measure for whom this one is for, in another period.
    pub(super) fn at(&self, w: Writer, name: &str, period: Expr) -> Expr {
        w.of(name, self.own(w).into_iter().chain([period]).collect())
    }

    /// Writes the record that the figure belongs to.
    pub(super) fn own(&self, w: Writer) -> Option<Expr> {
        match self {
            Held::All => None,
            Held::Subject => Some(w.value("subject")),
            Held::Record(_, alias) => Some(w.value(&alias.text)),
        }
    }
}

impl Level<'_> {
    /// Gives the length of the periods that it divides among.
    pub(super) const fn unit(&self) -> Option<Unit> {
        match &self.among {
            Among::Periods { unit, .. } => Some(*unit),
            Among::Records { .. } => None,
        }
    }

    /// Names a measure of this level.
    pub(super) fn name(&self, what: &str) -> String {
        format!("{what} {}", self.at)
    }
}

impl Above<'_> {
    /// Writes the period of what is divided, in statements about its parts.
    pub(super) fn period(&self, w: Writer) -> Expr {
        match self.kind {
            None => w.value(WHOLE),
            Some(kind) => w.expr(ExprKind::Period(PeriodExpr::This(ast::Unit {
                kind,
                span: w.span(),
            }))),
        }
    }
}

impl<'a> Out<'a, '_> {
    /// Reads the levels, from the top down.
    pub(super) fn levels(&mut self) -> Vec<Level<'a>> {
        let mut above = Above {
            name: "goal".to_owned(),
            held: match self.lines.heads.people {
                Some(_) => Held::Subject,
                None => Held::All,
            },
            length: Length::Whole,
            kind: None,
            part: None,
        };
        let mut levels: Vec<Level<'a>> = Vec::new();
        for line in self.lines.splits.clone() {
            let Some(level) = self.read_level(line, levels.len().saturating_add(1), &above) else {
                continue;
            };
            let part = level.name("level");
            above = Above {
                name: match level.is_for_some {
                    true => level.name("base"),
                    false => part.clone(),
                },
                part: level.is_for_some.then_some(part),
                held: level.held.clone(),
                length: level.length,
                kind: match &level.among {
                    Among::Periods { kind, .. } => Some(*kind),
                    Among::Records { .. } => above.kind,
                },
            };
            levels.push(level);
        }
        self.check_locks(&levels);
        levels
    }

    fn read_level(&mut self, line: &'a SplitLine, at: usize, above: &Above<'a>) -> Option<Level<'a>> {
        // Who reports to whom has been written as a condition; what cannot be is told there.
        let SourceKind::Named(name) = &line.source.kind else {
            return None;
        };
        let alias = line.source.alias.clone();
        let (among, held, length) = match unit_of(&name.text) {
            Some((kind, unit)) => {
                self.require_shorter(above, unit, name.span);
                let alias = alias.unwrap_or_else(|| name.clone());
                let among = Among::Periods {
                    word: name,
                    kind,
                    unit,
                    alias,
                };
                (among, above.held.clone(), Length::Of(unit))
            }
            None => {
                let alias = alias.unwrap_or_else(|| Writer::at(name.span).name(&format!(" part {at}")));
                let (key, rest) = self.tied(line, above, &alias)?;
                let held = Held::Record(name, alias.clone());
                let data = name;
                (
                    Among::Records {
                        data,
                        alias,
                        key,
                        rest,
                    },
                    held,
                    above.length,
                )
            }
        };
        let is_for_some = matches!(among, Among::Records { .. }) || above.part.is_some();
        Some(Level {
            at,
            line,
            among,
            above: above.clone(),
            held,
            length,
            is_for_some,
        })
    }

    /// Finds to whom each record belongs: the condition that names the subject or the record of the level above.
    fn tied(
        &mut self,
        line: &SplitLine,
        above: &Above<'_>,
        alias: &Name,
    ) -> Option<(Option<Expr>, Vec<Expr>)> {
        let about = match &above.held {
            Held::All => return Some((None, line.filter.iter().cloned().collect())),
            Held::Subject => "subject",
            Held::Record(_, alias) => &alias.text,
        };
        let found = line.filter.as_ref().and_then(|filter| membership(filter, about));
        let Some((key, rest)) = found else {
            let title = text!(
                "the split does not say to whom each record belongs",
                "没有写明每条记录属于谁"
            );
            let why = match &above.held {
                Held::Record(_, alias) if alias.text.contains(' ') => text!(
                    "name the records of the level above: split among Team as t, then where p.team is t",
                    "请给上一级的记录起名：split among Team as t，再写 where p.team is t"
                ),
                Held::All | Held::Subject | Held::Record(..) => text!(
                    "write the field: where p.team is {about}",
                    "请写明字段：where p.team is {about}"
                ),
            };
            let fault = Diagnostic::error(Code::E0215, title);
            self.sink.push(fault.primary(line.source.span, why));
            return None;
        };
        Some((Some(qualified_by(&key, alias)), rest))
    }

    /// Says that a period cannot be divided among longer ones, unless it can.
    fn require_shorter(&mut self, above: &Above<'_>, unit: Unit, at: Span) {
        let Length::Of(longer) = above.length else { return };
        if rank(unit) < rank(longer) {
            return;
        }
        let title = text!(
            "a level is divided among periods that are no shorter than its own",
            "下一级的期间不比上一级短"
        );
        let fault = Diagnostic::error(Code::E0201, title);
        self.sink
            .push(fault.primary(at, text!("write the longer periods first", "请先写较长的期间")));
    }

    /// Writes a level, and what it divides and locks.
    pub(super) fn level(&mut self, level: &Level<'a>) -> TargetLevel<String> {
        let w = Writer::at(level.line.span);
        if let Among::Records { key: Some(key), .. } = &level.among {
            self.measure(w, &level.name("of"), &level.held, level.length, key.clone());
        }
        let over = self.assigned(level);
        let is_locked = self.fixed(level);
        match &level.among {
            Among::Records { .. } => self.among_records(level, is_locked),
            Among::Periods { .. } => self.among_periods(level, is_locked),
        }
        self.base(level);
        TargetLevel {
            part: level.name("level"),
            over,
            length: match level.length {
                Length::Whole => None,
                Length::Of(unit) => Some(unit),
            },
            above: match level.above.length {
                Length::Whole => None,
                Length::Of(unit) => Some(unit),
            },
            of: match &level.among {
                Among::Records { key: Some(_), .. } => Some(level.name("of")),
                Among::Records { key: None, .. } | Among::Periods { .. } => None,
            },
            handed_out: self.handed_out(level),
            free: is_locked.then(|| level.name("left of")),
            weight: level.unit().map(|_| level.name("given weight")),
            weights: level.unit().map(|_| level.name("weights")),
            reason: reason(&level.line.tail),
            span: level.line.span,
        }
    }

    /// Writes what the next level divides: nothing for records that have no part.
    fn base(&mut self, level: &Level<'_>) {
        if !level.is_for_some {
            return;
        }
        let w = Writer::at(level.line.span);
        let part = level.held.of(w, &level.name("level"));
        let base = w.pair(part, ast::ChainOp::Otherwise, self.zero(w));
        self.measure(w, &level.name("base"), &level.held, level.length, base);
    }

    /// Writes nothing, in what the target counts.
    pub(super) fn zero(&self, w: Writer) -> Expr {
        let currency = self.lines.heads.currency.map(|(line, _)| &line.currency);
        let Some(ast::Currency::Code(code)) = currency else {
            return w.number(0);
        };
        let nothing = LiteralKind::Money(code.text.clone(), decimal("0", 0));
        w.again(&literal(nothing, w.span()))
    }

    /// Writes a formula of the author about a part, in which the record above is found by way of the part.
    pub(super) fn about_part(&self, level: &Level<'_>, formula: &Expr) -> Expr {
        let Among::Records { key: Some(key), .. } = &level.among else {
            return formula.clone();
        };
        let about = match &level.above.held {
            Held::All => return formula.clone(),
            Held::Subject => "subject",
            Held::Record(_, alias) => &alias.text,
        };
        inside_out(formula, &mut |part| {
            let is_above = matches!(&part.kind, ExprKind::Name(name) if is_called(&name.text, about));
            if is_above { key.clone() } else { part }
        })
    }

    /// Writes what is assigned where that is more than the whole, and by how much.
    fn assigned(&mut self, level: &Level<'_>) -> Option<String> {
        let plus = level.line.plus.as_ref()?;
        let w = Writer::at(plus.span);
        let (above, held) = (&level.above, &level.above.held);
        let factor = w.pair(w.number(1), ast::ChainOp::Add, plus.clone());
        let more = w.pair(held.of(w, &above.name), ast::ChainOp::Multiply, factor);
        let step = self.step(level)?;
        let more = w.rounded(more, ast::RoundMode::HalfUp, ast::RoundStep::To(step));
        self.measure(w, &level.name("assigned"), held, above.length, more);
        let over = w.pair(
            held.of(w, &level.name("assigned")),
            ast::ChainOp::Subtract,
            held.of(w, &above.name),
        );
        self.measure(w, &level.name("over"), held, above.length, over);
        Some(level.name("over"))
    }

    /// Names what a level hands out: with over-assignment more than what it divides.
    pub(super) fn handed_out(&self, level: &Level<'_>) -> String {
        match level.line.plus {
            Some(_) => level.name("assigned"),
            None => level.above.name.clone(),
        }
    }

    /// Gives the smallest step of a part: as written, otherwise the least unit of the currency, or one.
    pub(super) fn step(&mut self, level: &Level<'_>) -> Option<ast::Literal> {
        if let Some(step) = &level.line.step {
            if let ExprKind::Literal(literal) = &step.kind {
                return Some(literal.clone());
            }
            let title = text!("the step must be a positive number", "步长必须是正数");
            let fault = Diagnostic::error(Code::E0225, title);
            self.sink
                .push(fault.primary(step.span, text!("such as CNY 1,000", "例如 CNY 1,000")));
            return None;
        }
        let span = level.line.span;
        let Some((line, _)) = self.lines.heads.currency else {
            return Some(literal(LiteralKind::Number(decimal("1", 0)), span));
        };
        let ast::Currency::Code(code) = &line.currency else {
            return Some(literal(LiteralKind::Number(decimal("1", 0)), span));
        };
        let places = decimals(line, &code.text).unwrap_or(2);
        let amount = decimal("1", i32::from(places).saturating_neg());
        Some(literal(LiteralKind::Money(code.text.clone(), amount), span))
    }
}

/// Says whether a name is that of a record, in whatever language.
fn is_called(name: &str, about: &str) -> bool {
    name == about || guerdon_syntax::keyword::builtin_name(name) == Some(about)
}

/// Gives the data block of a source of records.
pub(super) fn data_of(source: &Source) -> Option<&Name> {
    match &source.kind {
        SourceKind::Named(name) if unit_of(&name.text).is_none() => Some(name),
        SourceKind::Named(_) | SourceKind::Team(_) | SourceKind::Reports(_) => None,
    }
}

fn unit_of(word: &str) -> Option<(UnitKind, Unit)> {
    match guerdon_syntax::keyword::builtin_name(word).unwrap_or(word) {
        "day" | "日" => Some((UnitKind::Day, Unit::Day)),
        "week" | "周" => Some((UnitKind::Week, Unit::Week)),
        "month" | "月" => Some((UnitKind::Month, Unit::Month)),
        "quarter" | "季" => Some((UnitKind::Quarter, Unit::Quarter)),
        "year" | "年" => Some((UnitKind::Year, Unit::Year)),
        _ => None,
    }
}

const fn rank(unit: Unit) -> u8 {
    match unit {
        Unit::Day => 0,
        Unit::Week => 1,
        Unit::Period => 2,
        Unit::Month => 3,
        Unit::Quarter => 4,
        Unit::Year => 5,
    }
}

fn decimals(line: &ast::CurrencyLine, code: &str) -> Option<u8> {
    if let Some(literal) = &line.decimals
        && let LiteralKind::Number(number) = &literal.kind
    {
        return exact(number)?
            .to_i64()
            .and_then(|places| u8::try_from(places).ok());
    }
    crate::number::Currency::parse(code).ok()?.minor_unit_decimals()
}

fn decimal(digits: &str, exponent: i32) -> ast::Decimal {
    ast::Decimal {
        is_negative: false,
        digits: digits.to_owned(),
        exponent,
    }
}

fn literal(kind: LiteralKind, span: Span) -> ast::Literal {
    ast::Literal {
        kind,
        written: String::new(),
        span,
    }
}
