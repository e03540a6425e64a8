//! Prints expressions with everything written out.

use crate::calendar::Unit;
use crate::hir::expr::{
    Apply, Comparison, DayCount, DayRange, EarnOf, EarnPart, Expr, ExprKind, Factor, Function, Limit,
    MonthRule, Piece, Sign, Value,
};
use crate::hir::program::Program;
use crate::hir::schema::Naming;
use crate::types::{BinderId, FieldId, Scalar, TableId, Ty};

/// Prints parts of one program.
pub(super) struct Printer<'p> {
    /// The program.
    pub(super) program: &'p Program,
    names: Names,
}

/// Says how variables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// As name and number.
    Numbered,
    /// By the name alone.
    Plain,
}

impl<'p> Printer<'p> {
    /// Makes a printer that tells variables of one name apart.
    pub(super) const fn new(program: &'p Program) -> Self {
        Self {
            program,
            names: Names::Numbered,
        }
    }

    /// Makes a printer that writes variables by their names alone.
    pub(super) const fn plain(program: &'p Program) -> Self {
        Self {
            program,
            names: Names::Plain,
        }
    }
}

impl Printer<'_> {
    /// Prints an expression; operators are in brackets.
    pub(super) fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Const(value) => self.constant(value, expr.ty.scalar),
            ExprKind::Binder(binder) => self.binder(*binder),
            ExprKind::Field { row, field } => format!("{}.{}", self.expr(row), self.field_of(row, *field)),
            ExprKind::Find { table, keys, on } => {
                let on = on.as_ref().map(|day| format!(" on {}", self.expr(day)));
                let name = self.table(*table);
                format!("{name}[{}{}]", self.list(keys), on.unwrap_or_default())
            }
            ExprKind::Constant { constant, on } => {
                let name = self.program.constant(*constant).map(|found| &found.naming);
                format!("{}{}", called(name), self.on(on))
            }
            ExprKind::Decide {
                decision,
                on,
                inputs,
                output,
            } => {
                let found = self.program.decision(*decision);
                let output = found
                    .and_then(|found| found.outputs.get(*output))
                    .map(|output| &output.naming);
                let name = called(found.map(|found| &found.naming));
                format!("{name}[{}].{}{}", self.list(inputs), called(output), self.on(on))
            }
            ExprKind::Use { definition, args } => {
                let name = self.program.definition(*definition).map(|found| &found.naming);
                format!("{}[{}]", called(name), self.list(args))
            }
            ExprKind::Prior { definition, args } => {
                let name = self.program.definition(*definition).map(|found| &found.naming);
                format!("prior {}[{}]", called(name), self.list(args))
            }
            ExprKind::Earned { earn, part, of } => {
                let name = called(self.program.earn(*earn).map(|found| &found.naming));
                format!("{name}.{}[{}]", part_name(*part), self.earn_of(of))
            }
            ExprKind::Normal => "normal".to_owned(),
            ExprKind::Lower(earn) => {
                format!(
                    "below {}",
                    called(self.program.earn(*earn).map(|found| &found.naming))
                )
            }
            ExprKind::IsAbove { row, of, by } => {
                let by = self.field_of(row, *by);
                format!("({} is {} or above by {by})", self.expr(row), self.expr(of))
            }
            ExprKind::Sum(parts) => self.sum(parts),
            ExprKind::Product(parts) => self.product(parts),
            ExprKind::Bounded { value, limits } => self.bounded(value, limits),
            ExprKind::And(parts) => format!("({})", self.joined(parts, " and ")),
            ExprKind::Or(parts) => format!("({})", self.joined(parts, " or ")),
            ExprKind::Not(inner) => format!("not {}", self.expr(inner)),
            ExprKind::Compare { op, left, right } => {
                format!("({} {} {})", self.expr(left), comparison(*op), self.expr(right))
            }
            ExprKind::IsMissing(inner) => format!("({} is missing)", self.expr(inner)),
            ExprKind::OneOf { value, list } => format!("({} in ({}))", self.expr(value), self.list(list)),
            ExprKind::Within { value, range } => format!("({} in {})", self.expr(value), self.range(range)),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let (yes, no) = (self.expr(then), self.expr(otherwise));
                format!("(if {} then {yes} else {no})", self.expr(condition))
            }
            ExprKind::Otherwise(parts) => format!("({})", self.joined(parts, " otherwise ")),
            ExprKind::Require(inner) => format!("{}!", self.expr(inner)),
            ExprKind::Rounded { value, mode, step } => {
                format!("({} rounded {} to {step})", self.expr(value), mode.name())
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Running(running) => self.running(running),
            ExprKind::Rank(ranking) => self.ranking(ranking),
            ExprKind::Share(allocation) => self.allocation(allocation),
            ExprKind::Words(pieces) => {
                let pieces: Vec<String> = pieces.iter().map(|piece| self.piece(piece)).collect();
                format!("({})", pieces.join(" & "))
            }
            ExprKind::Apply(apply) => self.apply(apply),
            ExprKind::RateOf { tiers, on, at } => {
                let name = called(self.program.tier_table(*tiers).map(|found| &found.naming));
                format!("(rate of {name}{} at {})", self.on(on), self.expr(at))
            }
            ExprKind::Convert {
                rates,
                amount,
                from,
                to,
                on,
            } => {
                let name = called(self.program.exchange_rates(*rates).map(|found| &found.naming));
                let (amount, from, on) = (self.expr(amount), self.expr(from), self.expr(on));
                format!("convert({amount} in {from}, {to}, {on}, {name})")
            }
            ExprKind::FirstDay(period) => format!("{}.first_day", self.expr(period)),
            ExprKind::LastDay(period) => format!("{}.last_day", self.expr(period)),
            ExprKind::Containing {
                calendar,
                unit: length,
                day,
            } => {
                let name = called(
                    self.program
                        .calendars
                        .get(calendar.index())
                        .map(|found| &found.naming),
                );
                format!("{name}.{}({})", unit(*length), self.expr(day))
            }
            ExprKind::Shift { period, by, .. } => format!("({} {by:+})", self.expr(period)),
            ExprKind::DaysIn { range, count } => format!("{} in {}", counted(*count), self.range(range)),
            ExprKind::DaysBetween { from, to, count } => {
                format!(
                    "({} from {} to {})",
                    counted(*count),
                    self.expr(from),
                    self.expr(to)
                )
            }
            ExprKind::MonthsBetween { from, to } => {
                format!("(months from {} to {})", self.expr(from), self.expr(to))
            }
            ExprKind::AddDays { day, days } => format!("({} + {} days)", self.expr(day), self.expr(days)),
            ExprKind::AddMonths { day, months, rule } => {
                let rule = match rule {
                    MonthRule::LastDay => "last_day",
                    MonthRule::SameDay => "same_day",
                };
                format!("add_months({}, {}, {rule})", self.expr(day), self.expr(months))
            }
            ExprKind::Call { function, args } => format!("{}({})", function_name(*function), self.list(args)),
            ExprKind::Faulty => "faulty".to_owned(),
        }
    }

    /// Prints a variable as name and number.
    pub(super) fn binder(&self, binder: BinderId) -> String {
        let name = self
            .program
            .binder(binder)
            .map_or("", |found| found.name.as_str());
        match self.names {
            Names::Numbered => format!("{name}.{}", binder.0),
            Names::Plain => name.to_owned(),
        }
    }

    /// Prints the name of a field.
    pub(super) fn field(&self, table: TableId, field: FieldId) -> String {
        let found = self
            .program
            .table(table)
            .and_then(|table| table.fields.get(field.index()));
        called(found.map(|field| &field.naming)).to_owned()
    }

    /// Prints a type.
    pub(super) fn ty(&self, ty: Ty) -> String {
        let name = match ty.scalar {
            Scalar::Bool => "bool".to_owned(),
            Scalar::Int => "int".to_owned(),
            Scalar::Number => "number".to_owned(),
            Scalar::Percent => "percent".to_owned(),
            Scalar::Money(currency) => format!("money {currency}"),
            Scalar::MoneyInColumn => "money in column".to_owned(),
            Scalar::Points => "points".to_owned(),
            Scalar::Date => "date".to_owned(),
            Scalar::Period(length) => unit(length).to_owned(),
            Scalar::Days => "days".to_owned(),
            Scalar::Text => "text".to_owned(),
            Scalar::Enum(id) => called(self.program.enumeration(id).map(|found| &found.naming)).to_owned(),
            Scalar::Row(id) => self.table(id),
            Scalar::Faulty => "faulty".to_owned(),
        };
        format!("{name}{}", ty.presence)
    }

    /// Prints a value without its type.
    pub(super) fn value(&self, value: &Value) -> String {
        match value {
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Date(day) => day.to_string(),
            Value::Period(key) => {
                let civil = self
                    .program
                    .calendars
                    .first()
                    .map(|found| found.calendar.label(*key));
                civil.unwrap_or_default()
            }
            Value::Text(words) => format!("{words:?}"),
            Value::Enum(id, at) => {
                let values = self.program.enumeration(*id).map(|found| &found.values);
                let index = usize::try_from(*at).unwrap_or(usize::MAX);
                called(values.and_then(|values| values.get(index))).to_owned()
            }
            Value::Missing => "-".to_owned(),
        }
    }

    fn constant(&self, value: &Value, scalar: Scalar) -> String {
        match (value, scalar) {
            (Value::Number(number), Scalar::Money(currency)) => format!("{currency} {number}"),
            (Value::Number(number), Scalar::Percent) => {
                match number.mul(&crate::number::Exact::from_i64(100)) {
                    Ok(hundredths) => format!("{hundredths}%"),
                    Err(_) => number.to_string(),
                }
            }
            (value, _) => self.value(value),
        }
    }

    pub(super) fn table(&self, table: TableId) -> String {
        called(self.program.table(table).map(|found| &found.naming)).to_owned()
    }

    pub(super) fn field_of(&self, row: &Expr, field: FieldId) -> String {
        if let Scalar::Row(table) = row.ty.scalar {
            self.field(table, field)
        } else {
            String::new()
        }
    }

    pub(super) fn list(&self, parts: &[Expr]) -> String {
        self.joined(parts, ", ")
    }

    fn joined(&self, parts: &[Expr], between: &str) -> String {
        parts
            .iter()
            .map(|part| self.expr(part))
            .collect::<Vec<_>>()
            .join(between)
    }

    /// Prints the day that selects a version; nothing where any day will do.
    fn on(&self, day: &Expr) -> String {
        if let ExprKind::Const(_) = &day.kind {
            String::new()
        } else {
            format!(" on {}", self.expr(day))
        }
    }

    pub(super) fn range(&self, range: &DayRange) -> String {
        format!("{} .. {}", self.expr(&range.from), self.expr(&range.through))
    }

    fn earn_of(&self, of: &EarnOf) -> String {
        match of {
            EarnOf::Payee { payee, period } => format!("{}, {}", self.expr(payee), self.expr(period)),
            EarnOf::Line { row, payee, period } => {
                let payee = payee.as_ref().map(|payee| format!(", of {}", self.expr(payee)));
                let period = period
                    .as_ref()
                    .map(|period| format!(", by {}", self.expr(period)));
                format!(
                    "line {}{}{}",
                    self.expr(row),
                    payee.unwrap_or_default(),
                    period.unwrap_or_default()
                )
            }
        }
    }

    fn sum(&self, parts: &[(Sign, Expr)]) -> String {
        let mut text = String::new();
        for (at, (sign, part)) in parts.iter().enumerate() {
            let sign = match (at, sign) {
                (0, Sign::Plus) => "",
                (0, Sign::Minus) => "-",
                (_, Sign::Plus) => " + ",
                (_, Sign::Minus) => " - ",
            };
            text.push_str(sign);
            text.push_str(&self.expr(part));
        }
        format!("({text})")
    }

    fn product(&self, parts: &[(Factor, Expr)]) -> String {
        let mut text = String::new();
        for (at, (factor, part)) in parts.iter().enumerate() {
            let sign = match (at, factor) {
                (0, Factor::Times) => "",
                (0, Factor::Over) => "1 / ",
                (_, Factor::Times) => " * ",
                (_, Factor::Over) => " / ",
            };
            text.push_str(sign);
            text.push_str(&self.expr(part));
        }
        format!("({text})")
    }

    fn bounded(&self, value: &Expr, limits: &[(Limit, Expr)]) -> String {
        let mut text = self.expr(value);
        for (limit, bound) in limits {
            let word = match limit {
                Limit::AtMost => " at most ",
                Limit::AtLeast => " at least ",
            };
            text.push_str(word);
            text.push_str(&self.expr(bound));
        }
        format!("({text})")
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Words(words) => format!("{words:?}"),
            Piece::Value(value) => self.expr(value),
        }
    }

    fn apply(&self, found: &Apply) -> String {
        let name = called(self.program.tier_table(found.tiers).map(|tiers| &tiers.naming));
        let against = found
            .against
            .as_ref()
            .map(|quota| format!(" against {}", self.expr(quota)));
        let stack = found.stack.as_ref().map(|stack| {
            let every = stack
                .restarting
                .map(|length| format!(" restarting every {}", unit(length)));
            let from = stack
                .starting_from
                .as_ref()
                .map(|from| format!(" starting from {}", self.expr(from)));
            format!(
                " stacked{}{}",
                every.unwrap_or_default(),
                from.unwrap_or_default()
            )
        });
        format!(
            "(apply {name}{} to {}{}{})",
            self.on(&found.on),
            self.expr(&found.value),
            against.unwrap_or_default(),
            stack.unwrap_or_default()
        )
    }
}

/// Names a length of periods.
pub(super) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
        Unit::Period => "period",
    }
}

fn called(naming: Option<&Naming>) -> &str {
    naming.map_or("", |naming| naming.name.as_str())
}

fn part_name(part: EarnPart) -> &'static str {
    match part {
        EarnPart::Earned => "earned",
        EarnPart::Uncut => "uncut",
        EarnPart::PaidToDate => "paid_to_date",
        EarnPart::Released => "released",
        EarnPart::Held => "held",
        EarnPart::ClawedBack => "clawed_back",
        EarnPart::InReview => "in_review",
        EarnPart::Amortised => "amortised",
        EarnPart::WrittenOff => "written_off",
        EarnPart::Unamortised => "unamortised",
        EarnPart::Due => "due",
    }
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn counted(count: DayCount) -> &'static str {
    match count {
        DayCount::Actual => "days",
        DayCount::Bond30360 => "days by 30/360",
        DayCount::Working(_) => "working days",
    }
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Abs => "abs",
        Function::Largest => "largest",
        Function::Smallest => "smallest",
    }
}
