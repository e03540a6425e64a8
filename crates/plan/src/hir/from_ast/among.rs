//! Places and shares among records: `rank of`, `allocate`.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::Checker;
use super::aggregate::joined;
use super::env::{Env, Frame};
use super::expr::{faulty, optional};
use super::facts;
use super::rounding;
use super::source::Over;
use super::want::Want;
use crate::hir::expr::{
    Allocation, Direction, Domain, Expr, ExprKind, RankTies, Ranking, Rest, Unweighted, Value,
};
use crate::number::{Exact, Rounding};
use crate::types::{BinderId, FieldId, Scalar, TableId};

/// Holds the records that a place or a share is taken among.
struct Among {
    row: Expr,
    binder: BinderId,
    domain: Domain,
    filter: Option<Expr>,
    env: Env,
}

/// Holds records before what filters them is typed.
struct Members {
    table: TableId,
    domain: Domain,
    binder: BinderId,
    /// Conditions that come with `rows`.
    conditions: Vec<Expr>,
}

impl Checker<'_> {
    /// Types `rank of x among S where c within g highest first`.
    pub(super) fn rank(&mut self, env: &Env, tree: &ast::Rank, span: Span) -> Expr {
        let Some(among) = self.among(env, &tree.source, tree.filter.as_ref()) else {
            return faulty(span);
        };
        let Some(direction) = tree.direction else {
            return self.push_no_direction(span);
        };
        let Some(ties) = &tree.ties else {
            return self.push_no_ties(span);
        };
        let (ties, breaking): (RankTies, &[ast::RankKey]) = match ties {
            ast::RankTies::Best => (RankTies::Best, &[]),
            ast::RankTies::Worst => (RankTies::Worst, &[]),
            ast::RankTies::Average => (RankTies::Average, &[]),
            ast::RankTies::Dense => (RankTies::Dense, &[]),
            ast::RankTies::OrderBy(keys) => (RankTies::Refused, keys),
        };
        let mut keys = vec![(self.rank_key(&among.env, &tree.value), way(direction))];
        for key in tree.keys.iter().chain(breaking) {
            let direction = key.direction.unwrap_or(direction);
            keys.push((self.rank_key(&among.env, &key.key), way(direction)));
        }
        let within = self.groups(&among.env, &tree.within);
        let scalar = match ties {
            RankTies::Average => Scalar::Number,
            RankTies::Best | RankTies::Worst | RankTies::Dense | RankTies::Refused => Scalar::Int,
        };
        let ranking = Ranking {
            row: among.row,
            binder: among.binder,
            domain: among.domain,
            filter: among.filter,
            within,
            keys,
            ties,
        };
        optional(ExprKind::Rank(Box::new(ranking)), scalar, span)
    }

    /// Types `allocate A among S where c within K by w`.
    pub(super) fn allocate(&mut self, env: &Env, tree: &ast::Allocate, span: Span) -> Expr {
        let Some(among) = self.among(env, &tree.source, tree.filter.as_ref()) else {
            return faulty(span);
        };
        let amount = self.value(&among.env, &tree.amount, Want::ANY);
        let amount = self.expect_numeric(amount);
        let weight = self.value(&among.env, &tree.weight, Want::ANY);
        let weight = self.expect_numeric(weight);
        let within = self.groups(&among.env, &tree.within);
        let scalar = amount.ty.scalar;
        let Some(step) = self.share_step(env, tree, scalar, span) else {
            return faulty(span);
        };
        let rest = match tree.rest {
            None => Rest::LargestRemainder,
            Some(ast::RestTo::Largest) => Rest::Largest,
            Some(ast::RestTo::First) => Rest::First,
            Some(ast::RestTo::Last) => Rest::Last,
        };
        let unweighted = if tree.is_equal_otherwise {
            Unweighted::Equal
        } else {
            Unweighted::Refused
        };
        let allocation = Allocation {
            row: among.row,
            binder: among.binder,
            domain: among.domain,
            filter: among.filter,
            within,
            amount,
            weight,
            step,
            rounding: tree.rounded.map_or(Rounding::Down, rounding::mode),
            rest,
            unweighted,
        };
        optional(ExprKind::Share(Box::new(allocation)), scalar, span)
    }

    /// Opens the records, and finds the one whose place or share is asked for.
    fn among(&mut self, env: &Env, source: &ast::Source, filter: Option<&ast::Expr>) -> Option<Among> {
        let Members {
            table,
            domain,
            binder,
            conditions: mut all,
        } = self.members(env, source)?;
        let row = match self.nearest_row(env, table, source.span) {
            Some(row) => row,
            None if !self.has_current(env, Scalar::Row(table)) => {
                self.push_for_each(table, source);
                return None;
            }
            None => self.current(env, Scalar::Row(table), &self.name_of(table), source.span)?,
        };
        if let Domain::Below { of, by, .. } = &domain
            && of.kind == row.kind
        {
            self.push_outside_own_team((table, *by), of.span, source);
            return None;
        }
        let mut inner = Env {
            is_among: true,
            can_stack: false,
            ..env.clone()
        };
        for frame in &mut inner.frames {
            if frame.bare == Some(table) {
                frame.bare = None;
            }
        }
        let inner = inner.with(Frame {
            binder,
            name: source.alias.as_ref().map(|alias| alias.text.clone()),
            bare: Some(table),
            filter: None,
        });
        let known: Vec<String> = all.iter().flat_map(facts::if_yes).collect();
        let inner = inner.knowing(&known);
        if let Some(filter) = filter {
            all.push(self.holds(&inner, filter));
        }
        let known: Vec<String> = all.iter().flat_map(facts::if_yes).collect();
        Some(Among {
            row,
            binder,
            domain,
            filter: joined(all),
            env: inner.knowing(&known),
        })
    }

    /// Opens the records of a table, or those of a team.
    fn members(&mut self, env: &Env, source: &ast::Source) -> Option<Members> {
        if let ast::SourceKind::Named(name) = &source.kind
            && self.rows_of_team(env, name).is_none()
        {
            if let Some(alias) = &source.alias {
                self.refuse_built_in(alias);
            }
            let table = self.source_table(env, name)?;
            let binder = self.row_binder(source, table);
            return Some(Members {
                table,
                domain: Domain::Rows(table),
                binder,
                conditions: self.rows_conditions(env, name, binder),
            });
        }
        let opened = self.open_team(env, source)?;
        let (Over::Known(domain), Scalar::Row(table)) = (opened.over, self.kind_of_binder(opened.binder))
        else {
            return None;
        };
        Some(Members {
            table,
            domain,
            binder: opened.binder,
            conditions: opened.conditions,
        })
    }

    fn name_of(&self, table: TableId) -> String {
        let found = self.program.table(table);
        found.map_or_else(String::new, |found| found.naming.name.clone())
    }

    /// Says that nobody belongs to the own team, so that there is no place and no share in it.
    fn push_outside_own_team(&mut self, (table, by): (TableId, FieldId), top: Span, source: &ast::Source) {
        let root = self.sources.slice(top).to_owned();
        let field = self
            .program
            .table(table)
            .and_then(|found| found.fields.get(by.index()));
        let field = field.map_or("", |field| field.naming.name.as_str()).to_owned();
        let of = self.name_of(table);
        let letter: String = of.chars().take(1).flat_map(char::to_lowercase).collect();
        let title = text!(
            "\"{root}\" heads this team and is no member of it, so there is no place and no share",
            "“{root}”是该团队的负责人而非成员，因此没有名次和份额"
        );
        let fault = Diagnostic::error(Code::E0206, title)
            .primary(
                source.span,
                text!(
                    "a team is those below, without whom it belongs to",
                    "团队是其下级，不含本人"
                ),
            )
            .fix(Fix::advice(
                text!("among those with the same superior", "在同一上级的成员之中"),
                text!("among team of {root}.{field}", "分给 下属 {root}.{field}"),
            ))
            .fix(Fix::advice(
                text!(
                    "give each member its part, and read it as part[{letter}]",
                    "为每位成员计算其份额，再以 份额[{letter}] 读取"
                ),
                text!(
                    "measure part for {of} {letter} = …",
                    "度量 份额 面向 {of} {letter} = …"
                ),
            ));
        self.sink.push(fault);
    }

    /// Says that places and shares belong to the records they are given to, and that this statement has none of them.
    fn push_for_each(&mut self, table: TableId, source: &ast::Source) {
        let of = self
            .program
            .table(table)
            .map_or("", |found| found.naming.name.as_str());
        let letter: String = of.chars().take(1).flat_map(char::to_lowercase).collect();
        let title = text!(
            "each record of \"{of}\" has its own part; one value for each payee and period is needed here",
            "“{of}”的每条记录各有一份，此处每个人员和期间需要一个值"
        );
        let fault = Diagnostic::error(Code::E0206, title).primary(
            source.span,
            text!("one part for each record of {of}", "{of} 的每条记录各有一份"),
        );
        self.sink.push(fault.fix(Fix::advice(
            text!(
                "give each record its part, and read it as shares[{letter}]",
                "为每条记录计算其份额，再以 份额[{letter}] 读取"
            ),
            text!(
                "measure shares for {of} {letter} = …",
                "度量 份额 面向 {of} {letter} = …"
            ),
        )));
    }

    /// Finds the record of the measure or aggregate around: it stands nearer than the payee of the same kind, and
    /// nothing could be written to choose it.
    fn nearest_row(&mut self, env: &Env, table: TableId, span: Span) -> Option<Expr> {
        let is_of_kind = |frame: &&Frame| self.kind_of_binder(frame.binder) == Scalar::Row(table);
        let found: Vec<BinderId> = env
            .frames
            .iter()
            .filter(is_of_kind)
            .map(|frame| frame.binder)
            .collect();
        let [one] = found.as_slice() else {
            return None;
        };
        Some(self.variable(*one, span))
    }

    /// Types what is compared; a record without it takes no place.
    fn rank_key(&mut self, env: &Env, tree: &ast::Expr) -> Expr {
        let key = self.expr(env, tree, Want::ANY);
        let is_ordered = key.ty.scalar.is_numeric()
            || matches!(
                key.ty.scalar,
                Scalar::Date | Scalar::Period(_) | Scalar::Text | Scalar::Faulty
            );
        if is_ordered {
            return key;
        }
        let found = self.a_kind(key.ty.scalar);
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("{found} has no order, so it gives no place", "{found}没有大小之分，无法排名"; found),
            )
            .primary(tree.span, found),
        );
        faulty(tree.span)
    }

    fn groups(&mut self, env: &Env, within: &[ast::Expr]) -> Vec<Expr> {
        within.iter().map(|key| self.expr(env, key, Want::ANY)).collect()
    }

    /// Gives the step of shares: as written, otherwise the least unit of the currency, or one.
    fn share_step(&mut self, env: &Env, tree: &ast::Allocate, scalar: Scalar, span: Span) -> Option<Exact> {
        if let Some(unit) = &tree.unit {
            let unit = self.value(env, unit, Want::ANY);
            return if let ExprKind::Const(Value::Number(step)) = unit.kind
                && step.is_positive()
            {
                Some(step)
            } else {
                self.push_no_step(unit.span);
                None
            };
        }
        match scalar {
            Scalar::Money(_) => self.minor_unit(scalar, span),
            Scalar::Int | Scalar::Points => Some(Exact::ONE),
            Scalar::Faulty => None,
            Scalar::Number
            | Scalar::Percent
            | Scalar::Bool
            | Scalar::MoneyInColumn
            | Scalar::Date
            | Scalar::Period(_)
            | Scalar::Days
            | Scalar::Text
            | Scalar::Enum(_)
            | Scalar::Row(_) => {
                self.push_no_step(span);
                None
            }
        }
    }

    fn push_no_step(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0215,
                text!(
                    "the smallest step of a share is not said",
                    "没有写明分摊的最小单位"
                ),
            )
            .primary(
                span,
                text!("write a positive number: unit 0.01", "请写正数：unit 0.01"),
            ),
        );
    }

    fn push_no_direction(&mut self, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0215,
                text!(
                    "which end takes the first place is not said",
                    "没有写明哪一端排第一"
                ),
            )
            .primary(
                span,
                text!("\"highest first\" or \"lowest first\"", "“高者优先”或“低者优先”"),
            )
            .fix(Fix::advice(
                text!("the highest value is first", "数值最高者第一"),
                text!("highest first", "高者优先"),
            ))
            .fix(Fix::advice(
                text!("the lowest value is first", "数值最低者第一"),
                text!("lowest first", "低者优先"),
            )),
        );
        faulty(span)
    }

    fn push_no_ties(&mut self, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0215,
                text!("which places equal records take is not said", "没有写明并列者的名次"),
            )
            .primary(span, Text::default())
            .note(text!(
                "Of 95, 90, 90 and 80: \"ties best\" gives 1, 2, 2, 4; \"ties worst\" 1, 3, 3, 4; \"ties average\" 1, 2.5, 2.5, 4; \"ties dense\" 1, 2, 2, 3; \"order by\" a further key 1, 2, 3, 4.",
                "95、90、90、80：ties best 为 1、2、2、4；ties worst 为 1、3、3、4；ties average 为 1、2.5、2.5、4；ties dense 为 1、2、2、3；order by 另一关键字为 1、2、3、4。"
            )),
        );
        faulty(span)
    }
}

fn way(direction: ast::Direction) -> Direction {
    match direction {
        ast::Direction::HighestFirst => Direction::Descending,
        ast::Direction::LowestFirst => Direction::Ascending,
    }
}
