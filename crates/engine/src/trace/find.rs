//! From the name of a figure to its statement and its cell.

use guerdon_plan::calendar::{PeriodKey, Unit};
use guerdon_plan::graph::{AxisId, CheckOutput, EarnOutput, Frame, NodeId, PlanOutput};
use guerdon_plan::hir::{Block, Definition, Naming, PaysIn, Plan, Sign};
use guerdon_plan::types::{DefinitionId, Scalar, TableId};
use guerdon_syntax::{Language, Text, suggest, text};

use super::amounts::total;
use super::figure::{Asked, Wanted};
use super::ledger::Account;
use super::period;
use super::walk::{Spot, Walk, settle};
use super::{ExplainError, Part, Step, Trace};
use crate::report::is_internal;

/// How many keys are searched for one that is like a given one.
const MOST_SEARCHED: usize = 10_000;

/// A statement that has the name asked for.
#[derive(Clone, Copy)]
enum Target<'a> {
    Definition(&'a PlanOutput, DefinitionId, NodeId),
    Earn(&'a PlanOutput, &'a EarnOutput),
}

impl<'a> Walk<'a> {
    /// Explains what was asked for. Where several plans have the name, the first that has a value answers.
    pub(super) fn trace(&mut self, asked: &Asked) -> Result<Trace, ExplainError> {
        if let Some(told) = self.books(asked) {
            return told;
        }
        let mut without_value = None;
        let mut failure = None;
        for target in self.targets(asked) {
            match self.target(target, asked) {
                Ok(trace) if matches!(trace.root.value.as_deref(), Some("missing" | "缺失")) => {
                    without_value.get_or_insert(trace);
                }
                Ok(trace) => return Ok(trace),
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        }
        match (without_value, failure) {
            (Some(trace), _) => Ok(trace),
            (None, Some(failure)) => Err(failure),
            (None, None) => Err(self.unknown(asked)),
        }
    }

    fn targets(&self, asked: &Asked) -> Vec<Target<'a>> {
        let program = &self.compiled.program;
        let fits = |naming: &Naming, name: &str| naming.name == name || naming.alias.as_deref() == Some(name);
        let mut found = Vec::new();
        for output in self.outputs() {
            let plan = program.plan(output.plan);
            let is_asked = asked
                .plan
                .as_deref()
                .is_none_or(|name| plan.is_some_and(|plan| fits(&plan.naming, name)));
            if !is_asked {
                continue;
            }
            if let Some(plan) = plan {
                found.extend(self.figures_of_target(output, plan, asked));
            }
            let main = plan
                .filter(|plan| asked.plan.is_none() && fits(&plan.naming, &asked.name))
                .filter(|plan| !matches!(plan.block, Some(Block::Target(_))))
                .and_then(|plan| plan.block.as_ref()?.main());
            for (id, node) in &output.values {
                if main == Some(*id)
                    || program
                        .definition(*id)
                        .is_some_and(|definition| fits(&definition.naming, &asked.name))
                {
                    found.push(Target::Definition(output, *id, *node));
                }
            }
            for earn in &output.earns {
                if program
                    .earn(earn.earn)
                    .is_some_and(|statement| fits(&statement.naming, &asked.name))
                {
                    found.push(Target::Earn(output, earn));
                }
            }
        }
        found
    }

    /// Lists the figures of a target that its name or a part of it may mean, the lowest level first.
    fn figures_of_target(&self, output: &'a PlanOutput, plan: &Plan, asked: &Asked) -> Vec<Target<'a>> {
        let Some(Block::Target(target)) = &plan.block else {
            return Vec::new();
        };
        let is_named = match &asked.plan {
            None => asked.name == plan.naming.name || plan.naming.alias.as_ref() == Some(&asked.name),
            Some(_) => matches!(asked.name.as_str(), "goal" | "part" | "original"),
        };
        if !is_named {
            return Vec::new();
        }
        let length = |unit: Option<Unit>| unit.unwrap_or(target.whole);
        let levels = target.levels.iter().rev();
        let parts = levels.filter(|level| self.fits_period(plan, asked, length(level.length)));
        let has_record = asked.keys.iter().any(|key| !self.is_period(plan, key));
        let goal = Some(target.goal).filter(|_| target.has_subject || !has_record);
        let goal = goal.filter(|_| self.fits_period(plan, asked, target.whole));
        let figures = parts.map(|level| level.part).chain(goal);
        let node = |id| crate::report::node_of(output, id);
        figures
            .filter_map(|id| Some(Target::Definition(output, id, node(id)?)))
            .collect()
    }

    fn is_period(&self, plan: &Plan, key: &str) -> bool {
        let program = &self.compiled.program;
        let calendar = program.calendar(plan.calendar);
        calendar.is_some_and(|calendar| calendar.parse_any(key).is_ok())
            || period::written(program, plan, plan.unit, key).is_some()
    }

    /// Says whether the period asked for, if there is one, is as long as those of a figure.
    fn fits_period(&self, plan: &Plan, asked: &Asked, unit: Unit) -> bool {
        let last = asked.keys.last().filter(|key| self.is_period(plan, key));
        last.is_none_or(|key| period::written(&self.compiled.program, plan, unit, key).is_some())
    }

    fn unknown(&self, asked: &Asked) -> ExplainError {
        let program = &self.compiled.program;
        let is_asked = |one: &&Definition| one.naming.is_called(&asked.name) && program.is_of_pairs(one);
        if program.definitions.iter().find(is_asked).is_some() {
            return ExplainError::OfPairs {
                name: asked.name.clone(),
            };
        }
        let mut known: Vec<String> = Vec::new();
        for output in self.outputs() {
            let values = output
                .values
                .iter()
                .filter_map(|(id, _)| program.definition(*id))
                .map(|definition| &definition.naming);
            let earns = output
                .earns
                .iter()
                .filter_map(|earn| program.earn(earn.earn))
                .map(|earn| &earn.naming);
            for naming in values.chain(earns) {
                if !known.contains(&naming.name) && !is_internal(&naming.name) {
                    known.push(naming.name.clone());
                }
            }
        }
        let near = suggest::nearest(&asked.name, known.iter().map(String::as_str)).map(str::to_owned);
        ExplainError::UnknownName {
            name: asked.name.clone(),
            near,
            known,
        }
    }

    fn target(&mut self, target: Target<'a>, asked: &Asked) -> Result<Trace, ExplainError> {
        match target {
            Target::Definition(output, id, node) => self.definition(output, id, node, asked),
            Target::Earn(output, earn) => self.earn(output, earn, asked),
        }
    }

    fn definition(
        &mut self,
        output: &PlanOutput,
        id: DefinitionId,
        node: NodeId,
        asked: &Asked,
    ) -> Result<Trace, ExplainError> {
        let frame = self.compiled.graph.node(node).map(|node| node.frame);
        let keys = asked.keys.as_slice();
        let (row, period) = match frame.and_then(|frame| self.frame(frame)) {
            Some(Frame::Rows(table)) => {
                let parts = self.key_parts(*table);
                (
                    Some(self.row_named(*table, keys.get(..parts).unwrap_or(keys))?),
                    None,
                )
            }
            Some(Frame::Axis(axis)) => {
                let label = keys.last().ok_or_else(|| self.wrong(asked, "[PERIOD]"))?;
                (None, Some(self.period_named(output, *axis, label)?))
            }
            Some(Frame::Cells { rows, axis }) => {
                let table = self.table_name(*rows);
                let wanted = format!("[{table}, PERIOD]");
                let only = self
                    .only_period(*axis)
                    .filter(|_| keys.len() == self.key_parts(*rows));
                if let Some(only) = only {
                    (Some(self.row_named(*rows, keys)?), Some(only))
                } else {
                    let Some((label, keys)) = keys.split_last().filter(|(_, keys)| !keys.is_empty()) else {
                        return Err(self.wrong(asked, &wanted));
                    };
                    let row = self.row_named(*rows, keys)?;
                    (Some(row), Some(self.period_named(output, *axis, label)?))
                }
            }
            Some(Frame::Single | Frame::Selected { .. } | Frame::Expanded { .. }) | None => (None, None),
        };
        let cell = frame
            .and_then(|frame| self.cell_at(frame, row, period))
            .unwrap_or(0);
        let spot = Spot { node, cell };
        let mut root = self.bare(Text::same(asked.text.clone()), spot, Sign::Plus, Part::Detail);
        match self.told(id) {
            Some(told) => self.tell(&mut root, spot, told, Sign::Plus, 0),
            None => self.fill(&mut root, spot, Sign::Plus, 0),
        }
        let is_pay = self
            .compiled
            .program
            .plan(output.plan)
            .is_some_and(|plan| plan.pays.contains(&id));
        if let (true, Some(row), Some(period)) = (is_pay, row, period) {
            self.held_checks(&mut root, output, row, period);
        }
        let program = &self.compiled.program;
        let plan = program.plan(output.plan);
        let is_main = plan.and_then(|plan| plan.block.as_ref()?.main()) == Some(id);
        let naming = match plan.filter(|_| is_main) {
            Some(plan) => Some(&plan.naming),
            None => program.definition(id).map(|definition| &definition.naming),
        };
        Ok(self.traced(asked, naming, self.scalar(spot), root))
    }

    fn earn(&mut self, output: &PlanOutput, earn: &EarnOutput, asked: &Asked) -> Result<Trace, ExplainError> {
        let naming = self
            .compiled
            .program
            .earn(earn.earn)
            .map(|statement| &statement.naming);
        let root = match (earn.row, asked.amount) {
            (Some(_), Wanted::Earned) => match self.line_named(output, earn, asked)? {
                Some(line) => self.line_root(earn, line, asked),
                None => self.account_root(output, earn, asked)?,
            },
            (Some(_) | None, _) => self.account_root(output, earn, asked)?,
        };
        let scalar = match output.pays_in {
            PaysIn::Money(currency) => Scalar::Money(currency),
            PaysIn::Points => Scalar::Points,
            PaysIn::Nothing => Scalar::Number,
        };
        Ok(self.traced(asked, naming, scalar, root))
    }

    fn line_root(&mut self, earn: &EarnOutput, line: usize, asked: &Asked) -> Step {
        let spot = Spot {
            node: earn.earned,
            cell: line,
        };
        let mut root = self.bare(Text::same(asked.text.clone()), spot, Sign::Plus, Part::Detail);
        self.line(&mut root, earn, line, Sign::Plus, 0);
        root
    }

    /// Finds the line of a record, or of a record and a payee; none where the keys name a payee and a period.
    pub(super) fn line_named(
        &self,
        output: &PlanOutput,
        earn: &EarnOutput,
        asked: &Asked,
    ) -> Result<Option<usize>, ExplainError> {
        let Some(Scalar::Row(table)) = earn.row.map(|node| self.scalar(Spot { node, cell: 0 })) else {
            return Ok(None);
        };
        let whole = asked.keys.join("/");
        let of_record = self.lines_of(earn, table, &whole);
        match of_record.as_slice() {
            [line] => return Ok(Some(*line)),
            [_, _, ..] => {
                let payee = self.table_name(output.payees);
                let record = self.table_name(table);
                return Err(self.wrong(asked, &format!("[{record}, {payee}]")));
            }
            [] => {}
        }
        let Some((last, keys)) = asked.keys.split_last() else {
            let record = self.table_name(table);
            return Err(self.wrong(asked, &format!("[{record}]")));
        };
        let of_payee = self
            .lines_of(earn, table, &keys.join("/"))
            .into_iter()
            .find(|line| self.payee_key(output, earn, *line).as_deref() == Some(last));
        if of_payee.is_some() {
            return Ok(of_payee);
        }
        let is_record =
            |key: &str| (0..self.state.rows(table)).any(|row| self.names().key_text(table, row) == key);
        if is_record(&whole) {
            return Err(ExplainError::NoLine {
                earn: asked.name.clone(),
                key: whole,
            });
        }
        if keys.is_empty() {
            return Err(self.unknown_key(table, &whole));
        }
        Ok(None)
    }

    fn lines_of(&self, earn: &EarnOutput, table: TableId, key: &str) -> Vec<usize> {
        let Some(row) = (0..self.state.rows(table)).find(|row| self.names().key_text(table, *row) == key)
        else {
            return Vec::new();
        };
        let Some(node) = earn.row else {
            return Vec::new();
        };
        let is_of = |line: &usize| self.row(Spot { node, cell: *line }) == Some(row);
        (0..self.state.frame_len(earn.lines)).filter(is_of).collect()
    }

    fn payee_key(&self, output: &PlanOutput, earn: &EarnOutput, line: usize) -> Option<String> {
        let row = self.row(Spot {
            node: earn.payee,
            cell: line,
        })?;
        Some(self.names().key_text(output.payees, row))
    }

    /// Explains what a payee earned, or what came due, in a period.
    fn account_root(
        &mut self,
        output: &PlanOutput,
        earn: &EarnOutput,
        asked: &Asked,
    ) -> Result<Step, ExplainError> {
        let payees = self.table_name(output.payees);
        let Some((label, keys)) = asked.keys.split_last().filter(|(_, keys)| !keys.is_empty()) else {
            return Err(self.wrong(asked, &format!("[{payees}, PERIOD]")));
        };
        let payee = self.row_named(output.payees, keys)?;
        let period = self.period_named(output, output.axis, label)?;
        let account = Account {
            output,
            earn,
            payee,
            period,
        };
        let is_due = asked.amount == Wanted::Due && earn.moments.is_some();
        if !is_due && earn.row.is_none() {
            let cell = self.cell_at(earn.lines, Some(payee), Some(period)).unwrap_or(0);
            let mut root = self.line_root(earn, cell, asked);
            self.held_checks(&mut root, output, payee, period);
            return Ok(root);
        }
        let mut root = Step::new(Text::same(asked.text.clone()), Part::Detail);
        if let Some(statement) = self.compiled.program.earn(earn.earn) {
            root = root.reasoned(&statement.reason);
            root.span = Some(statement.span);
        }
        if is_due {
            self.ledger(&mut root, account, Sign::Plus, 0);
        } else {
            self.earned_lines(&mut root, account, Sign::Plus, 0);
            self.later(&mut root, account);
        }
        let like = Spot {
            node: earn.earned,
            cell: 0,
        };
        root.exact = total(root.summands().map(|part| part.exact.as_ref()));
        root.value = root.exact.as_ref().map(|sum| self.amount(sum, self.scalar(like)));
        settle(&mut root);
        self.held_checks(&mut root, output, payee, period);
        Ok(root)
    }

    /// Lists the checks of a payee and a period that held.
    fn held_checks(&mut self, root: &mut Step, output: &PlanOutput, row: usize, period: i32) {
        let plan = self.compiled.program.plan(output.plan);
        for check in &output.checks {
            let statement = plan.and_then(|plan| plan.checks.get(check.position));
            let Some(statement) = statement.filter(|statement| statement.rows.is_none()) else {
                continue;
            };
            if let Some(spot) = self.check_spot(check, row, period)
                && self.truth(spot) == Some(true)
                && self.left > 0
            {
                self.left = self.left.saturating_sub(1);
                let why = self.condition(spot);
                let mut held = Step::detail(text!("check held: {why}", "校验通过：{why}"; why));
                held.span = Some(check.span);
                root.children.push(held.reasoned(&statement.reason));
            }
        }
    }

    fn check_spot(&self, check: &CheckOutput, row: usize, period: i32) -> Option<Spot> {
        let node = self.compiled.graph.node(check.condition)?;
        let cell = self.cell_at(node.frame, Some(row), Some(period))?;
        Some(Spot {
            node: check.condition,
            cell,
        })
    }

    /// Puts the head above an explanation.
    pub(super) fn traced(&self, asked: &Asked, naming: Option<&Naming>, scalar: Scalar, root: Step) -> Trace {
        let unit = match scalar {
            Scalar::Money(currency) => currency.to_string(),
            Scalar::Points => "points".to_owned(),
            _ => String::new(),
        };
        Trace {
            figure: asked.text.clone(),
            title: naming.and_then(|naming| naming.title.clone()),
            unit,
            language: naming.map_or(Language::En, |naming| {
                self.compiled.sources.language(naming.span.file)
            }),
            root,
        }
    }

    /// Finds the record with a key.
    pub(super) fn row_named(&self, table: TableId, keys: &[String]) -> Result<usize, ExplainError> {
        let key = keys.join("/");
        (0..self.state.rows(table))
            .find(|row| self.names().key_text(table, *row) == key)
            .ok_or_else(|| self.unknown_key(table, &key))
    }

    fn unknown_key(&self, table: TableId, key: &str) -> ExplainError {
        let all: Vec<String> = (0..self.state.rows(table).min(MOST_SEARCHED))
            .map(|row| self.names().key_text(table, row))
            .collect();
        ExplainError::UnknownKey {
            table: self.table_name(table),
            key: key.to_owned(),
            near: suggest::nearest(key, all.iter().map(String::as_str)).map(str::to_owned),
        }
    }

    /// Finds a period of a run.
    pub(super) fn period_named(
        &self,
        output: &PlanOutput,
        axis: AxisId,
        label: &str,
    ) -> Result<i32, ExplainError> {
        let window = self.state.window(axis);
        let at = |place: usize| self.axis_label(axis, place);
        let (first, last) = (at(window.horizon_from), at(window.horizon_through));
        let plan = self.compiled.program.plan(output.plan);
        let key = plan.and_then(|plan| self.period_key(plan, label));
        let Some(key) = key else {
            return Err(ExplainError::NotAPeriod {
                given: label.to_owned(),
                example: first,
            });
        };
        let place = key
            .index
            .checked_sub(window.first)
            .and_then(|place| usize::try_from(place).ok());
        let is_inside =
            place.is_some_and(|place| place >= window.horizon_from && place <= window.horizon_through);
        if is_inside && window.len > 0 {
            return Ok(key.index);
        }
        Err(ExplainError::OutsideRun {
            period: label.to_owned(),
            first,
            last,
        })
    }

    fn period_key(&self, plan: &Plan, label: &str) -> Option<PeriodKey> {
        let calendar = self.compiled.program.calendar(plan.calendar)?;
        let own = period::written(&self.compiled.program, plan, plan.unit, label);
        if own.is_some() || !matches!(plan.block, Some(Block::Target(_))) {
            return own;
        }
        // A target is computed by the shortest of its periods; what is for a longer one is the same in each of them.
        let longer = calendar.parse_any(label).ok()?;
        calendar.periods_in(longer, plan.unit)?.first()
    }

    /// Gives the period of a run that has only one: that of a contest.
    fn only_period(&self, axis: AxisId) -> Option<i32> {
        let window = self.state.window(axis);
        let place = i32::try_from(window.horizon_from).ok()?;
        (window.horizon_from == window.horizon_through)
            .then(|| window.first.checked_add(place))
            .flatten()
    }

    fn key_parts(&self, table: TableId) -> usize {
        self.compiled
            .program
            .table(table)
            .map_or(1, |table| table.key.len())
    }

    fn table_name(&self, table: TableId) -> String {
        let table = self.compiled.program.table(table);
        table.map(|table| table.naming.name.clone()).unwrap_or_default()
    }

    fn wrong(&self, asked: &Asked, keys: &str) -> ExplainError {
        let name = asked.name.clone();
        let wanted = format!("{name}{keys}");
        ExplainError::WrongKeys { name, wanted }
    }
}
