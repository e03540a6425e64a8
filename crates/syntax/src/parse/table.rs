//! Types, intervals, tiers, tables and matrices.

use super::build::Builder;
use super::expr::wide::aggregate_op;
use super::grammar::{Node, Parts, Rule, find, first_rule, has, parts};
use crate::ast::{
    Beyond, Cell, CellKind, Currency, DateRange, HitPolicy, Interval, Lower, LowerKind, MatrixDef, MatrixRow,
    Output, Param, TableBody, TableDef, TableRow, TierKind, TierPlace, TierRow, TiersBody, TiersDef, Type,
    TypeKind, Unit, UnitKind, Upper, UpperKind,
};
use crate::span::Span;

impl Builder<'_> {
    /// Takes the next part as a type.
    pub(crate) fn take_type(&mut self, inner: &mut Parts<'_>) -> Option<Type> {
        let node = inner.take(Rule::r#type)?;
        let span = self.span(&node);
        let is_optional = has(&node, Rule::question);
        let mut inner = parts(node);
        let kind = match inner.take(Rule::money_type) {
            Some(money) => self.money_type(money)?,
            None => self.type_word(inner.take(Rule::word)?),
        };
        inner.take(Rule::question);
        let step = self.take_literal(&mut inner);
        Some(Type {
            kind,
            is_optional,
            step,
            span,
        })
    }

    fn money_type(&mut self, node: Node<'_>) -> Option<TypeKind> {
        let points = find_span(self, &node, Rule::kw_points);
        let mut inner = parts(node);
        if let Some(points) = points {
            return Some(TypeKind::Money(Currency::Points(points)));
        }
        if let Some(column) = self.word(&mut inner) {
            return Some(TypeKind::MoneyIn(column));
        }
        Some(match inner.take(Rule::iso) {
            Some(code) => TypeKind::Money(Currency::Code(self.name(code))),
            None => TypeKind::MoneyOfPlan,
        })
    }

    fn type_word(&mut self, node: Node<'_>) -> TypeKind {
        let span = self.span(&node);
        let unit = |kind| TypeKind::Period(Unit { kind, span });
        match node.as_str().trim_end() {
            "text" => TypeKind::Text,
            "bool" => TypeKind::Truth,
            "int" => TypeKind::Int,
            "number" => TypeKind::Number,
            "percent" => TypeKind::Percent,
            "date" => TypeKind::Date,
            "week" => unit(UnitKind::Week),
            "month" => unit(UnitKind::Month),
            "quarter" => unit(UnitKind::Quarter),
            "year" => unit(UnitKind::Year),
            "period" => unit(UnitKind::Period),
            _ => TypeKind::Named(self.name(node)),
        }
    }

    /// Takes the next part as a column heading.
    pub(crate) fn take_param(&mut self, inner: &mut Parts<'_>) -> Option<Param> {
        let node = inner.take(Rule::param)?;
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.word(&mut inner)?;
        let ty = self.take_type(&mut inner)?;
        let domain = match inner.take(Rule::interval) {
            Some(node) => Some(self.interval(node)?),
            None => None,
        };
        Some(Param {
            name,
            ty,
            domain,
            span,
        })
    }

    fn params(&mut self, inner: &mut Parts<'_>) -> Vec<Param> {
        std::iter::from_fn(|| self.take_param(inner)).collect()
    }

    /// Reads an interval.
    pub(crate) fn interval(&mut self, node: Node<'_>) -> Option<Interval> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let lower = match inner.take(Rule::lower) {
            Some(node) => {
                let span = self.span(&node);
                let kind = match first_rule(&node)? {
                    Rule::kw_from => LowerKind::From,
                    _ => LowerKind::Above,
                };
                let value = self.take_sum(&mut parts(node))?;
                Some(Lower { kind, value, span })
            }
            None => None,
        };
        let upper = match inner.take(Rule::upper) {
            Some(node) => {
                let span = self.span(&node);
                let kind = match first_rule(&node)? {
                    Rule::kw_below => UpperKind::Below,
                    _ => UpperKind::Through,
                };
                let value = self.take_sum(&mut parts(node))?;
                Some(Upper { kind, value, span })
            }
            None => None,
        };
        Some(Interval { lower, upper, span })
    }

    /// Takes the next part as a condition cell.
    pub(crate) fn take_cell(&mut self, inner: &mut Parts<'_>) -> Option<Cell> {
        let node = inner.take(Rule::cell)?;
        let span = self.span(&node);
        if first_rule(&node) == Some(Rule::kw_missing) {
            return Some(Cell {
                kind: CellKind::Missing,
                span,
            });
        }
        let node = node.into_inner().next()?;
        let kind = match node.as_rule() {
            Rule::interval => CellKind::Interval(self.interval(node)?),
            Rule::any_cell => CellKind::Any,
            _ => {
                let values = parts(node).take_all(Rule::sum_expr);
                CellKind::Values(
                    values
                        .into_iter()
                        .map(|value| self.expr(value))
                        .collect::<Option<_>>()?,
                )
            }
        };
        Some(Cell { kind, span })
    }

    /// Takes all condition cells that follow.
    pub(crate) fn take_cells(&mut self, inner: &mut Parts<'_>) -> Vec<Cell> {
        std::iter::from_fn(|| self.take_cell(inner)).collect()
    }

    /// Takes `effective D through D`.
    pub(crate) fn take_effective(&mut self, inner: &mut Parts<'_>) -> Option<DateRange> {
        let node = inner.take(Rule::effective)?;
        self.date_range(node)
    }

    /// Reads the head of tiers, or tiers from a file.
    pub(crate) fn tiers_head(&mut self, node: Node<'_>) -> Option<TiersDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let kind = tier_kind(&inner.take(Rule::tier_kind)?)?;
        let mut tiers = TiersDef {
            name,
            kind,
            effective: None,
            beyond: None,
            body: TiersBody::Rows(Vec::new()),
            span,
        };
        while let Some(node) = inner.next() {
            match node.as_rule() {
                Rule::effective => tiers.effective = Some(self.date_range(node)?),
                Rule::beyond => tiers.beyond = Some(beyond(&node)),
                Rule::string => tiers.body = TiersBody::File(self.text(&node)),
                _ => {}
            }
        }
        Some(tiers)
    }

    /// Reads a row of tiers.
    pub(crate) fn tier_row(&mut self, node: Node<'_>) -> Option<TierRow> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let place = match inner.take(Rule::tier_point) {
            Some(point) => TierPlace::At(self.take_sum(&mut parts(point))?),
            None => TierPlace::Interval(self.interval(inner.take(Rule::interval)?)?),
        };
        let value = self.take_expr(&mut inner)?;
        let plus = match inner.take(Rule::expr) {
            Some(node) => Some(self.expr(node)?),
            None => None,
        };
        Some(TierRow {
            place,
            value,
            plus,
            span,
        })
    }

    /// Reads the head of a table, or a table from a file.
    pub(crate) fn table_head(&mut self, node: Node<'_>) -> Option<TableDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let alias = self.alias(&mut inner);
        let policy = inner.take(Rule::hit_policy).map(|node| hit_policy(&node));
        let effective = self.take_effective(&mut inner);
        let mut table = TableDef {
            name,
            alias,
            effective,
            inputs: Vec::new(),
            outputs: Vec::new(),
            body: TableBody::Rows(policy, Vec::new()),
            span,
        };
        if let Some(path) = self.quoted(&mut inner) {
            table.body = TableBody::File(path);
            table.inputs = self.params(&mut parts(inner.take(Rule::table_key)?));
            let outputs = self.params(&mut parts(inner.take(Rule::table_gives)?));
            table.outputs = outputs
                .into_iter()
                .map(|param| Output { combine: None, param })
                .collect();
        }
        Some(table)
    }

    /// Reads the column headings of a table.
    pub(crate) fn table_columns(&mut self, node: Node<'_>) -> Option<(Vec<Param>, Vec<Output>)> {
        let mut inner = parts(node);
        let inputs = self.params(&mut inner);
        let mut outputs = Vec::new();
        for node in inner.take_all(Rule::output) {
            let mut inner = parts(node);
            let combine = match inner.take(Rule::aggregate_op) {
                Some(word) => Some(aggregate_op(&word)?),
                None => None,
            };
            let param = self.take_param(&mut inner)?;
            outputs.push(Output { combine, param });
        }
        Some((inputs, outputs))
    }

    /// Reads a row of a table.
    pub(crate) fn table_row(&mut self, node: Node<'_>) -> Option<TableRow> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let cells = self.take_cells(&mut inner);
        let results = inner.take_all(Rule::expr);
        let results = results
            .into_iter()
            .map(|value| self.expr(value))
            .collect::<Option<_>>()?;
        Some(TableRow { cells, results, span })
    }

    /// Reads the head of a matrix.
    pub(crate) fn matrix_head(&mut self, node: Node<'_>) -> Option<MatrixDef> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let alias = self.alias(&mut inner);
        let rows_by = self.take_param(&mut inner)?;
        let columns_by = self.take_param(&mut inner)?;
        let gives = self.take_type(&mut inner)?;
        let effective = self.take_effective(&mut inner);
        Some(MatrixDef {
            name,
            alias,
            rows_by,
            columns_by,
            gives,
            effective,
            columns: Vec::new(),
            rows: Vec::new(),
            span,
        })
    }

    /// Reads the column headings of a matrix.
    pub(crate) fn matrix_columns(&mut self, node: Node<'_>) -> Vec<Cell> {
        let mut inner = parts(node);
        inner.take(Rule::minus);
        self.take_cells(&mut inner)
    }

    /// Reads a row of a matrix.
    pub(crate) fn matrix_row(&mut self, node: Node<'_>) -> Option<MatrixRow> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let head = self.take_cell(&mut inner)?;
        let values = inner.take_all(Rule::expr);
        let values = values
            .into_iter()
            .map(|value| self.expr(value))
            .collect::<Option<_>>()?;
        Some(MatrixRow { head, values, span })
    }

    /// Takes `alias NAME`.
    pub(crate) fn alias(&mut self, inner: &mut Parts<'_>) -> Option<crate::ast::Name> {
        let node = inner.take(Rule::alias)?;
        self.word(&mut parts(node))
    }
}

/// Gives the span of a keyword directly inside a node.
pub(crate) fn find_span(builder: &Builder<'_>, node: &Node<'_>, wanted: Rule) -> Option<Span> {
    let found = node.clone().into_inner().find(|part| part.as_rule() == wanted)?;
    Some(builder.span(&found))
}

/// Reads what lies past the last row.
pub(crate) fn beyond(node: &Node<'_>) -> Beyond {
    let word = find(node, |rule| {
        matches!(rule, Rule::kw_clamp | Rule::kw_continue | Rule::kw_nothing)
    });
    match word {
        Some(Rule::kw_clamp) => Beyond::Clamp,
        Some(Rule::kw_continue) => Beyond::Continue,
        Some(_) => Beyond::Nothing,
        None => Beyond::Error,
    }
}

fn tier_kind(node: &Node<'_>) -> Option<TierKind> {
    Some(match first_rule(node)? {
        Rule::kw_marginal => TierKind::Marginal,
        Rule::kw_retro => TierKind::Retro,
        Rule::kw_flat => TierKind::Flat,
        Rule::kw_interpolated => TierKind::Interpolated,
        _ => TierKind::Fill,
    })
}

fn hit_policy(node: &Node<'_>) -> HitPolicy {
    match first_rule(node) {
        Some(Rule::kw_first) => HitPolicy::First,
        Some(Rule::kw_every) => HitPolicy::Every,
        _ => HitPolicy::Unique,
    }
}
