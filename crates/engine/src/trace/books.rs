//! What the books spread of a line by a period: how many months of how many, and what is written off.

use guerdon_plan::graph::{EarnOutput, NodeId, PlanOutput, Spread};
use guerdon_plan::hir::Sign;
use guerdon_plan::number::Exact;
use guerdon_syntax::{Text, text};

use super::amounts::total;
use super::figure::Asked;
use super::walk::{Spot, Walk};
use super::{ExplainError, Part, Step, Trace};

/// What is asked of a line that is spread.
#[derive(Clone, Copy)]
enum Books {
    Amortised,
    WrittenOff,
    Left,
}

impl Books {
    fn of(word: &str) -> Option<Self> {
        match word {
            "amortised" => Some(Self::Amortised),
            "written_off" => Some(Self::WrittenOff),
            "unamortised" => Some(Self::Left),
            _ => None,
        }
    }

    const fn node(self, spread: Spread) -> NodeId {
        match self {
            Self::Amortised => spread.amortised,
            Self::WrittenOff => spread.written_off,
            Self::Left => spread.left,
        }
    }
}

/// What is spread of one line by a period.
#[derive(Clone, Copy)]
struct Place<'a> {
    earn: &'a EarnOutput,
    spread: Spread,
    line: usize,
    cell: usize,
}

impl<'a> Walk<'a> {
    /// Explains `earn[record, period].amortised` and the like; nothing where something else is asked for.
    pub(super) fn books(&mut self, asked: &Asked) -> Option<Result<Trace, ExplainError>> {
        let books = Books::of(&asked.name)?;
        let (plan, earn) = match asked.plan.as_deref()?.split_once('.') {
            Some((plan, earn)) => (Some(plan), earn),
            None => (None, asked.plan.as_deref()?),
        };
        let program = &self.compiled.program;
        let is_plan = |output: &PlanOutput| {
            let found = program.plan(output.plan);
            plan.is_none_or(|plan| found.is_some_and(|found| found.naming.name == plan))
        };
        let outputs = self.outputs().iter().filter(|output| is_plan(output));
        let mut earns = outputs.flat_map(|output| output.earns.iter().map(move |found| (output, found)));
        let (output, found) = earns.find(|(_, found)| {
            let naming = program.earn(found.earn).map(|found| &found.naming);
            naming.is_some_and(|naming| naming.name == earn || naming.alias.as_deref() == Some(earn))
        })?;
        let spread = found.spread?;
        Some(self.spread_of(books, output, (found, spread), asked))
    }

    fn spread_of(
        &mut self,
        books: Books,
        output: &PlanOutput,
        (earn, spread): (&EarnOutput, Spread),
        asked: &Asked,
    ) -> Result<Trace, ExplainError> {
        let wrong = || ExplainError::WrongKeys {
            name: asked.name.clone(),
            wanted: format!("{}[RECORD, PERIOD]", asked.name),
        };
        let (label, keys) = asked.keys.split_last().ok_or_else(wrong)?;
        let period = self.period_named(output, output.axis, label)?;
        let of_keys = Asked {
            keys: keys.to_vec(),
            ..asked.clone()
        };
        let lines = match self.line_named(output, earn, &of_keys) {
            Ok(Some(line)) => vec![line],
            Ok(None) => self.lines_until(earn, self.row_named(output.payees, keys)?, period),
            Err(error) => match self.row_named(output.payees, keys) {
                Ok(payee) => self.lines_until(earn, payee, period),
                Err(_) => return Err(error),
            },
        };
        let places: Vec<Place<'_>> = lines
            .iter()
            .filter_map(|line| self.spread_place(earn, spread, *line, period))
            .collect();
        let mut root = Step::new(Text::same(asked.text.clone()), Part::Detail);
        let amounts: Vec<Option<Exact>> = places
            .iter()
            .map(|place| self.number_at(books.node(spread), place.cell))
            .collect();
        let like = Spot {
            node: earn.earned,
            cell: 0,
        };
        root.exact = total(amounts.iter().map(Option::as_ref));
        root.value = root.exact.as_ref().map(|sum| self.amount(sum, self.scalar(like)));
        let statement = self.compiled.program.earn(earn.earn);
        if let Some(clause) = statement.and_then(|statement| statement.amortise.as_ref()) {
            root = root.reasoned(&clause.reason);
            root.span = Some(clause.span);
        }
        for place in &places {
            if self.left == 0 {
                break;
            }
            let step = self.spread_step(books, *place);
            root.children.push(step);
        }
        if places.is_empty() {
            root.note = text!("no lines yet", "尚无明细");
        }
        let naming = statement.map(|statement| &statement.naming);
        Ok(self.traced(asked, naming, self.scalar(like), root))
    }

    /// Finds the cell of a line and a period.
    fn spread_place<'e>(
        &self,
        earn: &'e EarnOutput,
        spread: Spread,
        line: usize,
        period: i32,
    ) -> Option<Place<'e>> {
        let mut cells = self.state.frame_data(spread.frame)?.of_parent(line);
        let cell = cells.find(|cell| {
            let node = spread.period;
            self.period(Spot { node, cell: *cell }) == Some(period)
        })?;
        Some(Place {
            earn,
            spread,
            line,
            cell,
        })
    }

    fn number_at(&self, node: NodeId, cell: usize) -> Option<Exact> {
        self.number(Spot { node, cell })
    }

    /// Shows one line: what of it, and why so much.
    fn spread_step(&mut self, books: Books, place: Place<'_>) -> Step {
        let Place {
            earn,
            spread,
            line,
            cell,
        } = place;
        let spot = Spot {
            node: books.node(spread),
            cell,
        };
        let key = self.line_key(earn, line);
        let mut step = self.bare(key, spot, Sign::Plus, Part::Summand);
        let amount = |node: NodeId| {
            let spot = Spot { node, cell };
            let number = self.number(spot)?;
            Some(self.amount(&number, self.scalar(spot)))
        };
        let count = |node: NodeId| Some(self.number_at(node, cell)?.display_text(0));
        let (cost, spread_so_far) = (amount(spread.cost), amount(spread.amortised));
        let mut details = Vec::new();
        if let (Some(cost), Some(gone), Some(months)) = (&cost, count(spread.gone), count(spread.months)) {
            let is_whole = self.number_at(spread.share, cell) == Some(Exact::ONE);
            let is_none = self.number_at(spread.share, cell) == Some(Exact::ZERO);
            details.push(match (is_whole, is_none) {
                (true, _) => text!(
                    "{cost}, all of its {months} months are over",
                    "{cost}，{months} 个月已全部届满"
                ),
                (false, true) => text!("{cost}, no month has begun", "{cost}，尚未开始"),
                (false, false) => {
                    text!(
                        "{cost} × {gone} of {months} months",
                        "{cost} × 第 {gone} 个月 / 共 {months} 个月"
                    )
                }
            });
        }
        let is_over = spread.is_over.map(|node| Spot { node, cell });
        let is_over = is_over.is_some_and(|spot| self.truth(spot) == Some(true));
        if let (true, Some(cost), Some(so_far)) = (is_over, &cost, &spread_so_far) {
            details.push(text!(
                "ended: of {cost} the {so_far} amortised stay, the rest is written off",
                "已终止：{cost} 中已摊销 {so_far}，其余核销"
            ));
        }
        for detail in details {
            self.left = self.left.saturating_sub(1);
            step.children.push(Step::detail(detail));
        }
        let earned = self.earned_detail(earn, line, 1);
        if !earned.children.is_empty() {
            step.children.push(earned);
        }
        step
    }
}
