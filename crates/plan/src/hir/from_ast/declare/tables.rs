//! Decision tables.

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::cells::{ReadCell, ReadRow};
use super::names::{naming, repeated};
use super::proof::Subject;
use super::versions::Dated;
use crate::hir::from_ast::Checker;
use crate::hir::{Bound, Combine, DecisionVersion, Effective, Hit, Input, Output, Value};
use crate::types::{DecisionId, Scalar};

/// Are the columns of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// The conditions.
    pub(super) inputs: Vec<Input>,
    /// The results.
    pub(super) outputs: Vec<Output>,
}

impl Checker<'_> {
    /// Declares a decision table or matrix with its versions.
    pub(super) fn decision(&mut self, id: DecisionId, items: &[&ast::Item]) {
        let mut versions = Vec::new();
        let mut shape: Option<(Columns, Hit)> = None;
        for item in items {
            let read = match item {
                ast::Item::Table(def) => self.table_version(def),
                ast::Item::Matrix(def) => self.matrix_version(def),
                ast::Item::Use(_)
                | ast::Item::Enum(_)
                | ast::Item::Data(_)
                | ast::Item::Const(_)
                | ast::Item::Source(_)
                | ast::Item::Calendar(_)
                | ast::Item::Holidays(_)
                | ast::Item::Rates(_)
                | ast::Item::Tiers(_)
                | ast::Item::Plan(_)
                | ast::Item::Contest(_)
                | ast::Item::Award(_)
                | ast::Item::Target(_)
                | ast::Item::Warning(_)
                | ast::Item::Scorecard(_)
                | ast::Item::Test(_) => continue,
            };
            self.same_shape(shape.as_ref(), &read);
            shape.get_or_insert((read.columns, read.hit));
            versions.push(read.version);
        }
        let name = items
            .first()
            .and_then(|item| item.name())
            .map_or("", |name| name.text.as_str());
        let versions = self.in_order(name, versions);
        self.fill_decision(id, shape.unwrap_or((Columns::default(), Hit::Unique)), versions);
    }

    fn fill_decision(
        &mut self,
        id: DecisionId,
        (columns, hit): (Columns, Hit),
        versions: Vec<Dated<Vec<ReadRow>>>,
    ) {
        let Some(decision) = self.program.decisions.get_mut(id.index()) else {
            return;
        };
        decision.inputs = columns.inputs;
        decision.outputs = columns.outputs;
        decision.hit = hit;
        let version = |dated: Dated<Vec<ReadRow>>| DecisionVersion {
            effective: dated.effective,
            rows: dated.item.into_iter().map(ReadRow::into_row).collect(),
        };
        decision.versions = versions.into_iter().map(version).collect();
    }

    fn same_shape(&mut self, first: Option<&(Columns, Hit)>, read: &ReadVersion) {
        let Some((columns, hit)) = first else { return };
        let inputs = |columns: &Columns| -> Vec<_> {
            columns
                .inputs
                .iter()
                .map(|input| (input.naming.name.clone(), input.ty))
                .collect()
        };
        let outputs = |columns: &Columns| -> Vec<_> {
            columns
                .outputs
                .iter()
                .map(|output| (output.naming.name.clone(), output.ty, output.combine))
                .collect()
        };
        let is_same = inputs(columns) == inputs(&read.columns) && outputs(columns) == outputs(&read.columns);
        if !is_same || *hit != read.hit {
            let title = text!(
                "all versions of a table have the same columns",
                "表的各版本须有相同的列"
            );
            let fault = Diagnostic::error(Code::E0313, title);
            self.sink.push(fault.primary(
                read.name,
                text!("its columns differ from the first", "其列与首个版本不同"),
            ));
        }
    }

    fn table_version(&mut self, def: &ast::TableDef) -> ReadVersion {
        let hit = hit_of(&def.body);
        let columns = self.table_columns(def, hit);
        let written = match &def.body {
            ast::TableBody::Rows(_, rows) => rows.as_slice(),
            ast::TableBody::File(_) => &[],
        };
        let rows: Vec<ReadRow> = written
            .iter()
            .filter_map(|row| self.table_row(row, &columns))
            .collect();
        if rows.len() == written.len() {
            let needs_cover = hit != Hit::Every || columns.outputs.iter().any(needs_a_row);
            let (name, at, inputs) = (&def.name.text, def.name.span, columns.inputs.as_slice());
            self.prove_table(&Subject {
                name,
                at,
                inputs,
                rows: &rows,
                hit,
                needs_cover,
            });
        }
        let effective = def
            .effective
            .as_ref()
            .map_or_else(Effective::default, |range| self.effective(range));
        let span = def.effective.as_ref().map_or(def.name.span, |range| range.span);
        ReadVersion {
            columns,
            hit,
            name: def.name.span,
            version: Dated {
                effective,
                span,
                item: rows,
            },
        }
    }

    fn table_columns(&mut self, def: &ast::TableDef, hit: Hit) -> Columns {
        let params = def
            .inputs
            .iter()
            .chain(def.outputs.iter().map(|output| &output.param));
        repeated(params.map(|param| &param.name), Code::E0314, self.sink);
        Columns {
            inputs: def.inputs.iter().map(|param| self.table_input(param)).collect(),
            outputs: def
                .outputs
                .iter()
                .map(|output| self.table_output(output, hit))
                .collect(),
        }
    }

    /// Reads a condition column; kinds that no cell can hold are refused.
    pub(super) fn table_input(&mut self, param: &ast::Param) -> Input {
        let mut ty = self.ty(&param.ty);
        if let Scalar::MoneyInColumn | Scalar::Days = ty.scalar {
            let kind = self.kind_name(ty.scalar);
            let title = text!("a condition cannot be on {kind}", "条件不能是{kind}"; kind);
            self.sink
                .push(Diagnostic::error(Code::E0313, title).primary(param.ty.span, Text::default()));
            ty.scalar = Scalar::Faulty;
        }
        let mut input = Input {
            naming: naming(&param.name, None),
            ty,
            lower: None,
            upper: None,
        };
        if let Some(domain) = &param.domain
            && let Some((lower, upper)) = self.interval_cell(domain, &input)
        {
            input.lower = lower.as_ref().map(Bound::from);
            input.upper = upper.as_ref().map(Bound::from);
        }
        input
    }

    fn table_output(&mut self, output: &ast::Output, hit: Hit) -> Output {
        let param = &output.param;
        if let Some(domain) = &param.domain {
            let title = text!(
                "the rows say what a result is; only a condition has a domain",
                "结果由各行写明；只有条件才有取值范围"
            );
            self.sink.push(
                Diagnostic::error(Code::E0313, title)
                    .primary(domain.span, text!("leave this out", "请去掉这一部分")),
            );
        }
        let ty = self.ty(&param.ty);
        let combine = self.combining(output, hit);
        self.combined_kind(param, combine, ty.scalar);
        Output {
            naming: naming(&param.name, None),
            ty,
            combine,
        }
    }

    fn combining(&mut self, output: &ast::Output, hit: Hit) -> Combine {
        let found = output.combine.and_then(combine_of);
        match (hit, output.combine, found) {
            (Hit::Every, _, Some(combine)) => combine,
            (Hit::Every, _, None) => self.push_combining(
                output,
                Combine::Sum,
                text!(
                    "sum, count, highest or lowest is needed in front",
                    "前面需要合计、计数、最高或最低"
                ),
            ),
            (Hit::Unique | Hit::First, None, _) => Combine::Single,
            (Hit::Unique | Hit::First, Some(_), _) => self.push_combining(
                output,
                Combine::Single,
                text!(
                    "only a table of \"every\" row combines results",
                    "只有“every”表才合并结果"
                ),
            ),
        }
    }

    fn push_combining(&mut self, output: &ast::Output, instead: Combine, title: Text) -> Combine {
        self.sink
            .push(Diagnostic::error(Code::E0313, title).primary(output.param.span, Text::default()));
        instead
    }

    fn combined_kind(&mut self, param: &ast::Param, combine: Combine, scalar: Scalar) {
        let fits = match combine {
            Combine::Single => true,
            Combine::Count => scalar == Scalar::Int,
            Combine::Sum | Combine::Highest | Combine::Lowest => scalar.is_numeric(),
        };
        if !fits && scalar != Scalar::Faulty {
            let kind = self.kind_name(scalar);
            let title = text!("rows of {kind} cannot be combined so", "{kind}不能这样合并"; kind);
            self.sink
                .push(Diagnostic::error(Code::E0201, title).primary(param.ty.span, Text::default()));
        }
    }

    fn table_row(&mut self, row: &ast::TableRow, columns: &Columns) -> Option<ReadRow> {
        if row.cells.len() != columns.inputs.len() || row.results.len() != columns.outputs.len() {
            let title = text!(
                "this row has not one cell for each column",
                "此行的单元格与列数不符"
            );
            self.sink
                .push(Diagnostic::error(Code::E0113, title).primary(row.span, Text::default()));
            return None;
        }
        let cells: Vec<Option<ReadCell>> = row
            .cells
            .iter()
            .zip(&columns.inputs)
            .map(|(cell, input)| self.table_cell(cell, input))
            .collect();
        let outputs: Vec<Option<Value>> = row
            .results
            .iter()
            .zip(&columns.outputs)
            .map(|(result, output)| self.table_result(result, output))
            .collect();
        let cells = cells.into_iter().collect::<Option<Vec<_>>>()?;
        let outputs = outputs.into_iter().collect::<Option<Vec<_>>>()?;
        Some(ReadRow {
            cells,
            outputs,
            span: row.span,
        })
    }

    fn table_result(&mut self, result: &ast::Expr, output: &Output) -> Option<Value> {
        self.fold_as(result, output.ty.scalar, Code::E0313)
    }
}

/// Is one version of a table or matrix as read.
#[derive(Debug)]
pub(super) struct ReadVersion {
    /// The columns.
    pub(super) columns: Columns,
    /// What happens when several rows match.
    pub(super) hit: Hit,
    /// Where the name stands.
    pub(super) name: Span,
    /// The rows and their days.
    pub(super) version: Dated<Vec<ReadRow>>,
}

fn hit_of(body: &ast::TableBody) -> Hit {
    match body {
        ast::TableBody::Rows(None | Some(ast::HitPolicy::Unique), _) | ast::TableBody::File(_) => Hit::Unique,
        ast::TableBody::Rows(Some(ast::HitPolicy::First), _) => Hit::First,
        ast::TableBody::Rows(Some(ast::HitPolicy::Every), _) => Hit::Every,
    }
}

fn combine_of(op: ast::AggregateOp) -> Option<Combine> {
    match op {
        ast::AggregateOp::Sum => Some(Combine::Sum),
        ast::AggregateOp::Count => Some(Combine::Count),
        ast::AggregateOp::Highest => Some(Combine::Highest),
        ast::AggregateOp::Lowest => Some(Combine::Lowest),
        ast::AggregateOp::Average
        | ast::AggregateOp::Any
        | ast::AggregateOp::All
        | ast::AggregateOp::First
        | ast::AggregateOp::Last => None,
    }
}

/// Says whether a result has no value where no row matches; a sum or a count is zero then.
fn needs_a_row(output: &Output) -> bool {
    match output.combine {
        Combine::Sum | Combine::Count => false,
        Combine::Single | Combine::Highest | Combine::Lowest => true,
    }
}
