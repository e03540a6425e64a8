//! Expressions, one kind after the other.

use guerdon_plan::calendar::{Date, DateRange, PeriodKey};
use guerdon_plan::hir::{
    Cell as Condition, Combine, Comparison, DayRange, Decision, DecisionRow, Effective, Expr, ExprKind,
    Factor, Function, Hit, Limit, MonthRule, Sign, Value,
};
use guerdon_plan::types::{ConstantId, DecisionId, FieldId, TableId};
use num_traits::{Signed, ToPrimitive};

use super::{Env, Oracle, RowsSeen, Scope, Target, all_of, is_in_force, one_of, present};
use crate::rounding::round;
use crate::tiers::{is_above, is_below};
use crate::value::{Cell, ErrorKind, Number, V, add, counted, div, from_tree, mul, number, sub, whole, zero};

impl Oracle<'_> {
    /// Evaluates an expression.
    ///
    /// # Errors
    ///
    /// What is wrong with the cell.
    pub fn value(&self, expr: &Expr, scope: &Scope) -> Cell {
        match &expr.kind {
            ExprKind::Const(value) => Ok(from_tree(value)),
            ExprKind::Binder(binder) => scope
                .env
                .get(binder)
                .cloned()
                .map(Some)
                .ok_or(ErrorKind::NotEvaluable),
            ExprKind::Field { row, field } => match self.value(row, scope)? {
                None => Ok(None),
                Some(row) => self.field(&row, *field, scope),
            },
            ExprKind::Find { table, keys, on } => self.find(*table, keys, on.as_deref(), scope),
            ExprKind::Constant { constant, on } => self.constant(*constant, on, scope),
            ExprKind::Decide {
                decision,
                on,
                inputs,
                output,
            } => self.decide(*decision, on, inputs, *output, scope),
            ExprKind::Use { definition, args } => {
                self.with_args(args, scope, |values| self.asked(*definition, args, values))
            }
            ExprKind::Prior { definition, args } => {
                self.with_args(args, scope, |args| self.prior(*definition, args))
            }
            ExprKind::Earned { earn, part, of } => self.earned_amount(*earn, *part, of, scope),
            ExprKind::Normal => scope.normal.clone().unwrap_or(Err(ErrorKind::NotEvaluable)),
            ExprKind::Sum(operands) => self.sum(operands, scope),
            ExprKind::Product(operands) => self.product(operands, scope),
            ExprKind::Bounded { value, limits } => self.bounded(value, limits, scope),
            ExprKind::And(operands) => {
                yes_or_no(all_of(operands.iter().map(|operand| self.holds(operand, scope))))
            }
            ExprKind::Or(operands) => {
                yes_or_no(one_of(operands.iter().map(|operand| self.holds(operand, scope))))
            }
            ExprKind::Not(operand) => yes_or_no(self.holds(operand, scope).map(|holds| !holds)),
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, scope),
            ExprKind::IsMissing(value) => yes_or_no(self.value(value, scope).map(|value| value.is_none())),
            ExprKind::OneOf { value, list } => self.is_one_of(value, list, scope),
            ExprKind::Within { value, range } => self.within(value, range, scope),
            ExprKind::IsAbove { row, of, by } => yes_or_no(self.is_above(row, of, *by, scope)),
            ExprKind::Lower(earn) => self.lower(*earn, scope),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.value(
                if self.holds(condition, scope)? {
                    then
                } else {
                    otherwise
                },
                scope,
            ),
            ExprKind::Otherwise(operands) => self.first_there(operands, scope),
            ExprKind::Require(value) => self.value(value, scope)?.map(Some).ok_or(ErrorKind::NothingFound),
            ExprKind::Rounded { value, mode, step } => {
                number_cell(round(&self.number(value, scope)?, *mode, &number(step)))
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, scope),
            ExprKind::Running(running) => self.running(running, scope),
            ExprKind::Rank(ranking) => self.rank(ranking, scope),
            ExprKind::Share(allocation) => self.shared_out(allocation, scope),
            ExprKind::Words(pieces) => self.words(pieces, scope),
            ExprKind::Apply(apply) => self.apply(apply, scope),
            ExprKind::Convert {
                rates,
                amount,
                from,
                to,
                on,
            } => self.converted(*rates, amount, (from, *to), on, scope),
            ExprKind::RateOf { tiers, on, at } => self.rate_of(*tiers, on, at, scope),
            ExprKind::FirstDay(period) => Ok(Some(V::Date(self.days_of(period, scope)?.from))),
            ExprKind::LastDay(period) => Ok(self.days_of(period, scope)?.last_day().map(V::Date)),
            ExprKind::Containing { calendar, unit, day } => {
                let period = self.calendar(*calendar)?.period_of(*unit, self.day(day, scope)?);
                period
                    .map(|period| Some(V::Period(period)))
                    .ok_or(ErrorKind::OutsideCalendar)
            }
            ExprKind::Shift { calendar, period, by } => {
                let period = self.calendar(*calendar)?.shift(self.period(period, scope)?, *by);
                period
                    .map(|period| Some(V::Period(period)))
                    .ok_or(ErrorKind::OutsideCalendar)
            }
            ExprKind::DaysIn { range, count } => self.days_in(range, *count, scope),
            ExprKind::DaysBetween { from, to, count } => {
                number_cell(self.days_between(self.day(from, scope)?, self.day(to, scope)?, *count)?)
            }
            ExprKind::MonthsBetween { from, to } => {
                let (from, to) = (self.period(from, scope)?.index, self.period(to, scope)?.index);
                number_cell(sub(&whole(i64::from(to)), &whole(i64::from(from))))
            }
            ExprKind::AddDays { day, days } => {
                let (day, days) = (self.day(day, scope)?, self.whole(days, scope)?);
                day.add_days(days)
                    .map(|day| Some(V::Date(day)))
                    .map_err(|_| ErrorKind::OutsideCalendar)
            }
            ExprKind::AddMonths { day, months, rule } => {
                let (day, months) = (self.day(day, scope)?, self.whole(months, scope)?);
                add_months(day, months, *rule)
                    .map(|day| Some(V::Date(day)))
                    .ok_or(ErrorKind::OutsideCalendar)
            }
            ExprKind::Call { function, args } => self.call(*function, args, scope),
            ExprKind::Faulty => Err(ErrorKind::NotEvaluable),
        }
    }

    /// Evaluates a condition.
    pub(super) fn holds(&self, expr: &Expr, scope: &Scope) -> Result<bool, ErrorKind> {
        let V::Bool(holds) = present(self.value(expr, scope))? else {
            return Err(ErrorKind::NotEvaluable);
        };
        Ok(holds)
    }

    /// Evaluates a number.
    pub(super) fn number(&self, expr: &Expr, scope: &Scope) -> Result<Number, ErrorKind> {
        let V::Number(number) = present(self.value(expr, scope))? else {
            return Err(ErrorKind::NotEvaluable);
        };
        Ok(number)
    }

    /// Evaluates a day.
    pub(super) fn day(&self, expr: &Expr, scope: &Scope) -> Result<Date, ErrorKind> {
        let V::Date(day) = present(self.value(expr, scope))? else {
            return Err(ErrorKind::NotEvaluable);
        };
        Ok(day)
    }

    /// Evaluates a period.
    pub(super) fn period(&self, expr: &Expr, scope: &Scope) -> Result<PeriodKey, ErrorKind> {
        let V::Period(period) = present(self.value(expr, scope))? else {
            return Err(ErrorKind::NotEvaluable);
        };
        Ok(period)
    }

    fn whole(&self, expr: &Expr, scope: &Scope) -> Result<i64, ErrorKind> {
        let number = self.number(expr, scope)?;
        if !number.is_integer() {
            return Err(ErrorKind::NotEvaluable);
        }
        number.to_integer().to_i64().ok_or(ErrorKind::OutsideCalendar)
    }

    fn days_of(&self, period: &Expr, scope: &Scope) -> Result<DateRange, ErrorKind> {
        let calendar = self.calendar_in(scope, period)?;
        calendar
            .range(self.period(period, scope)?)
            .ok_or(ErrorKind::OutsideCalendar)
    }

    fn with_args(&self, args: &[Expr], scope: &Scope, then: impl Fn(Vec<V>) -> Cell) -> Cell {
        let args: Vec<Option<V>> = args
            .iter()
            .map(|arg| self.value(arg, scope))
            .collect::<Result<_, _>>()?;
        match args.into_iter().collect::<Option<Vec<V>>>() {
            Some(args) => then(args),
            None => Ok(None),
        }
    }

    /// Reads a field of a record.
    pub(super) fn field(&self, row: &V, field: FieldId, scope: &Scope) -> Cell {
        if let V::MadeUp(table, keys) = row {
            let place = self
                .program
                .table(*table)
                .and_then(|table| table.key.iter().position(|key| *key == field));
            let key = place.and_then(|place| keys.get(place)).cloned();
            return self.replaced(Target::Field(*table, field)).unwrap_or(Ok(key));
        }
        let V::Row(table, row) = row else {
            return Err(ErrorKind::NotEvaluable);
        };
        if self.is_spoilt(&V::Row(*table, *row), scope) {
            return Err(ErrorKind::CheckFailed);
        }
        if let Some(replaced) = self.replaced(Target::Field(*table, field)) {
            return replaced;
        }
        let cell = self.records.cell(*table, *row, field).cloned();
        if cell.is_some() && !self.fulfils_check(*table, *row, field) {
            return Err(ErrorKind::CheckFailed);
        }
        Ok(cell)
    }

    /// Says whether a cell fulfils the check in its field's declaration, which reads the record as it is.
    fn fulfils_check(&self, table: TableId, row: usize, field: FieldId) -> bool {
        let check = || {
            self.program
                .table(table)?
                .fields
                .get(field.index())?
                .check
                .as_ref()
        };
        let Some((binder, check)) = check() else {
            return true;
        };
        if self.rows == RowsSeen::Raw {
            return true;
        }
        let scope = Scope {
            env: Env::from([(*binder, V::Row(table, row))]),
            ..Scope::default()
        };
        self.seeing(RowsSeen::Raw).holds(check, &scope) == Ok(true)
    }

    fn find(&self, table: TableId, keys: &[Expr], on: Option<&Expr>, scope: &Scope) -> Cell {
        let keys: Vec<Option<V>> = keys
            .iter()
            .map(|key| self.value(key, scope))
            .collect::<Result<_, _>>()?;
        let on = on.map(|on| self.value(on, scope)).transpose()?;
        let Some(keys) = keys.into_iter().collect::<Option<Vec<V>>>() else {
            return Ok(None);
        };
        if on == Some(None) {
            return Ok(None);
        }
        let definition = self.program.table(table).ok_or(ErrorKind::NotEvaluable)?;
        let key_fields: Vec<FieldId> = match definition.valid {
            Some((from, until)) => definition
                .key
                .iter()
                .copied()
                .filter(|key| *key != from && *key != until)
                .collect(),
            None => definition.key.clone(),
        };
        let mut found = self.rows_of(table, scope).into_iter().filter(|row| {
            let cell = |field: FieldId| self.records.cell(table, *row, field);
            let is_valid = match (definition.valid, &on) {
                (Some((from, until)), Some(on)) => {
                    cell(from).is_none_or(|from| Some(from) <= on.as_ref())
                        && cell(until).is_none_or(|until| on.as_ref() <= Some(until))
                }
                (_, _) => true,
            };
            is_valid
                && key_fields
                    .iter()
                    .zip(&keys)
                    .all(|(field, key)| cell(*field) == Some(key))
        });
        let is_replaced = self
            .with
            .keys()
            .any(|target| matches!(target, Target::Field(replaced, _) if *replaced == table));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) if on.is_some() => Err(ErrorKind::Overlapping),
            (Some(row), _) => Ok(Some(V::Row(table, row))),
            (None, _) => Ok(is_replaced.then_some(V::MadeUp(table, keys))),
        }
    }

    /// Lists the records of a table that exist for the plan.
    pub(super) fn rows_of(&self, table: TableId, scope: &Scope) -> Vec<usize> {
        let checked = scope.plan.map(|plan| self.checked(plan));
        let is_refused = |row: usize| {
            checked
                .as_ref()
                .is_some_and(|checked| checked.refused.contains(&(table, row)))
        };
        (0..self.records.count(table))
            .filter(|row| !is_refused(*row))
            .collect()
    }

    fn constant(&self, constant: ConstantId, on: &Expr, scope: &Scope) -> Cell {
        if let Some(replaced) = self.replaced(Target::Constant(constant)) {
            return replaced;
        }
        let versions = &self
            .program
            .constant(constant)
            .ok_or(ErrorKind::NotEvaluable)?
            .versions;
        if let [(effective, value)] = versions.as_slice()
            && *effective == Effective::default()
        {
            return Ok(from_tree(value));
        }
        let day = self.day(on, scope)?;
        let version = versions
            .iter()
            .find(|(effective, _)| is_in_force(*effective, day));
        version
            .map(|(_, value)| from_tree(value))
            .ok_or(ErrorKind::NothingFound)
    }

    fn decide(&self, decision: DecisionId, on: &Expr, inputs: &[Expr], output: usize, scope: &Scope) -> Cell {
        let inputs: Vec<Option<V>> = inputs
            .iter()
            .map(|input| self.value(input, scope))
            .collect::<Result<_, _>>()?;
        let decision = self.program.decision(decision).ok_or(ErrorKind::NotEvaluable)?;
        let versions = decision
            .versions
            .iter()
            .map(|version| (version.effective, version));
        let version = self.version_on(versions.collect(), on, scope)?;
        let matching: Vec<&DecisionRow> = version
            .rows
            .iter()
            .filter(|row| {
                row.cells
                    .iter()
                    .zip(&inputs)
                    .all(|(cell, input)| self.matches(cell, input.as_ref()))
            })
            .collect();
        combined(decision, &matching, output)
    }

    /// Finds the version in force on a day; where there is one only, the day plays no part.
    pub(super) fn version_on<'v, T>(
        &self,
        versions: Vec<(Effective, &'v T)>,
        on: &Expr,
        scope: &Scope,
    ) -> Result<&'v T, ErrorKind> {
        if let [(_, only)] = versions.as_slice() {
            return Ok(only);
        }
        let day = self.day(on, scope)?;
        let version = versions
            .into_iter()
            .find(|(effective, _)| is_in_force(*effective, day));
        version.map(|(_, version)| version).ok_or(ErrorKind::NothingFound)
    }

    fn matches(&self, condition: &Condition, input: Option<&V>) -> bool {
        match (condition, input) {
            (Condition::Any, _) | (Condition::Missing, None) => true,
            (Condition::Interval { lower, upper }, Some(V::Number(input))) => {
                lower
                    .as_ref()
                    .is_none_or(|lower| is_above(input, &number(&lower.at), lower.edge))
                    && upper
                        .as_ref()
                        .is_none_or(|upper| is_below(input, &number(&upper.at), upper.edge))
            }
            (Condition::Interval { lower, upper }, Some(V::Date(day))) => {
                let day = whole(i64::from(day.days()));
                lower
                    .as_ref()
                    .is_none_or(|lower| is_above(&day, &number(&lower.at), lower.edge))
                    && upper
                        .as_ref()
                        .is_none_or(|upper| is_below(&day, &number(&upper.at), upper.edge))
            }
            (Condition::OneOf(values), Some(input)) => values.iter().any(|value| self.is_value(value, input)),
            (Condition::Missing | Condition::Interval { .. } | Condition::OneOf(_), _) => false,
        }
    }

    /// Says whether an input is the value in a cell; a record is written as its key.
    fn is_value(&self, value: &Value, input: &V) -> bool {
        let key = if let V::Row(table, row) = input {
            self.records.key(*table, *row).into_iter().next().flatten()
        } else {
            Some(input.clone())
        };
        from_tree(value) == key
    }

    fn sum(&self, operands: &[(Sign, Expr)], scope: &Scope) -> Cell {
        let mut total = zero();
        for (sign, operand) in operands {
            let operand = self.number(operand, scope)?;
            total = match sign {
                Sign::Plus => add(&total, &operand),
                Sign::Minus => sub(&total, &operand),
            };
        }
        number_cell(total)
    }

    fn product(&self, operands: &[(Factor, Expr)], scope: &Scope) -> Cell {
        let mut product = whole(1);
        for (factor, operand) in operands {
            let operand = self.number(operand, scope)?;
            product = match factor {
                Factor::Times => mul(&product, &operand),
                Factor::Over => div(&product, &operand)?,
            };
        }
        number_cell(product)
    }

    fn bounded(&self, value: &Expr, limits: &[(Limit, Expr)], scope: &Scope) -> Cell {
        let mut value = self.number(value, scope)?;
        for (limit, bound) in limits {
            let bound = self.number(bound, scope)?;
            value = match limit {
                Limit::AtMost => value.min(bound),
                Limit::AtLeast => value.max(bound),
            };
        }
        number_cell(value)
    }

    fn compare(&self, op: Comparison, left: &Expr, right: &Expr, scope: &Scope) -> Cell {
        let (left, right) = (self.value(left, scope)?, self.value(right, scope)?);
        match op {
            Comparison::Equal => return Ok(Some(V::Bool(left == right))),
            Comparison::NotEqual => return Ok(Some(V::Bool(left != right))),
            Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual => {
            }
        }
        let (left, right) = (left.ok_or(ErrorKind::Missing)?, right.ok_or(ErrorKind::Missing)?);
        let holds = match op {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        };
        Ok(Some(V::Bool(holds)))
    }

    fn is_one_of(&self, value: &Expr, list: &[Expr], scope: &Scope) -> Cell {
        let value = self.value(value, scope)?;
        let list: Vec<Option<V>> = list
            .iter()
            .map(|item| self.value(item, scope))
            .collect::<Result<_, _>>()?;
        Ok(Some(V::Bool(list.contains(&value))))
    }

    fn within(&self, value: &Expr, range: &DayRange, scope: &Scope) -> Cell {
        let (from, through) = self.ends(range, scope)?;
        let days = if let V::Date(day) = present(self.value(value, scope))? {
            DateRange::through(day, day)
        } else {
            self.days_of(value, scope)?
        };
        let last = days.last_day().ok_or(ErrorKind::OutsideCalendar)?;
        Ok(Some(V::Bool(from <= days.from && last <= through)))
    }

    pub(super) fn ends(&self, range: &DayRange, scope: &Scope) -> Result<(Date, Date), ErrorKind> {
        Ok((self.day(&range.from, scope)?, self.day(&range.through, scope)?))
    }

    fn first_there(&self, operands: &[Expr], scope: &Scope) -> Cell {
        for operand in operands {
            let value = self.value(operand, scope)?;
            if value.is_some() {
                return Ok(value);
            }
        }
        Ok(None)
    }

    fn call(&self, function: Function, args: &[Expr], scope: &Scope) -> Cell {
        let args: Vec<Number> = args
            .iter()
            .map(|arg| self.number(arg, scope))
            .collect::<Result<_, _>>()?;
        let result = match function {
            Function::Abs => args.into_iter().next().map(|number| number.abs()),
            Function::Largest => args.into_iter().max(),
            Function::Smallest => args.into_iter().min(),
        };
        Ok(Some(V::Number(result.ok_or(ErrorKind::NotEvaluable)?)))
    }
}

pub(super) fn number_cell(number: Number) -> Cell {
    Ok(Some(V::Number(number)))
}

fn yes_or_no(holds: Result<bool, ErrorKind>) -> Cell {
    holds.map(|holds| Some(V::Bool(holds)))
}

fn combined(decision: &Decision, matching: &[&DecisionRow], output: usize) -> Cell {
    let values: Vec<V> = matching
        .iter()
        .filter_map(|row| from_tree(row.outputs.get(output)?))
        .collect();
    match decision.hit {
        Hit::Unique | Hit::First => match matching.first() {
            Some(row) => Ok(row.outputs.get(output).and_then(from_tree)),
            None => Err(ErrorKind::NothingFound),
        },
        Hit::Every => {
            let combine = decision.outputs.get(output).map(|output| output.combine);
            match combine.ok_or(ErrorKind::NotEvaluable)? {
                Combine::Single => Ok(values.into_iter().next()),
                Combine::Count => number_cell(counted(matching.len())),
                Combine::Highest => Ok(values.into_iter().max()),
                Combine::Lowest => Ok(values.into_iter().min()),
                Combine::Sum => number_cell(total(&values)?),
            }
        }
    }
}

/// Sums numbers.
pub(super) fn total(values: &[V]) -> Result<Number, ErrorKind> {
    let mut total = zero();
    for value in values {
        let V::Number(number) = value else {
            return Err(ErrorKind::NotEvaluable);
        };
        total = add(&total, number);
    }
    Ok(total)
}

/// Finds the day so many months later, by trying the days of that month from the wanted one downwards.
fn add_months(day: Date, months: i64, rule: MonthRule) -> Option<Date> {
    let index = i64::from(day.year())
        .checked_mul(12)?
        .checked_add(i64::from(day.month()))?
        .checked_sub(1)?;
    let moved = index.checked_add(months)?;
    let year = i32::try_from(moved.div_euclid(12)).ok()?;
    let month = u8::try_from(moved.rem_euclid(12).checked_add(1)?).ok()?;
    let is_last = day.add_days(1).is_ok_and(|next| next.day() == 1);
    let wanted = match rule {
        MonthRule::LastDay if is_last => 31,
        MonthRule::LastDay | MonthRule::SameDay => day.day(),
    };
    (1..=wanted)
        .rev()
        .find_map(|day| Date::from_ymd(year, month, day).ok())
}
