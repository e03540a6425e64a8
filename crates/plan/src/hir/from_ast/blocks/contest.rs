//! Contests: who takes part, by what they are ranked, and what the places are worth.

mod lines;

use guerdon_syntax::ast::{
    AggregateOp, ChainOp, CompareOp, Contest as Tree, ContestStatement, ContestTies, Direction, Expr,
    ExprKind, GrainName, Literal, PlaceCount, Plan, PlanStatement, Pool, PoolSharing, PrizePlaces, Prizes,
    RankKey, RankTies, Unqualified,
};
use guerdon_syntax::{Code, Diagnostic, Sink, Span, ast, text};

use self::lines::Lines;
use super::Written;
use super::prizes;
use super::race;
use super::seen::Seen;
use super::team::{self, membership, qualified_by};
use super::write::{Keys, Writer};
use crate::hir::{Block, Contest, Split, TieRule};

/// What a ranked entrant is called inside the formulas that are written here.
const EACH: &str = " each";

/// The measure that gives the pool.
const POOL: &str = "the pool";

/// The measure that gives the budget.
const BUDGET: &str = "the budget";

/// The measure that gives the team of a member.
const TEAM: &str = "team of member";

/// Writes a contest as a plan.
pub(super) fn write(tree: &Tree, seen: &Seen<'_>, sink: &mut Sink) -> (Plan, Written) {
    let (tree, rows) = &with_named_splits(tree, seen, sink);
    let mut statements: Vec<PlanStatement> = rows.iter().cloned().map(PlanStatement::Rows).collect();
    let lines = Lines::read(tree, &mut statements, sink);
    lines.require(tree, sink);
    let mut out = Out {
        sink,
        lines: &lines,
        statements,
        head: Writer::at(tree.name.span),
        reaches: false,
    };
    let block = out.contest();
    if let (Some((prizes, _)), Some((rank, _))) = (lines.prizes, lines.rank) {
        prizes::check(prizes, rank, lines.budget.map(|(line, _)| line), out.sink);
    }
    let plan = Plan {
        name: tree.name.clone(),
        title: tree.title.clone(),
        extends: None,
        statements: out.statements,
        span: tree.span,
    };
    let written = Written {
        closes: lines.closes.map(|(line, _)| line.on.clone()),
        ..Written::of(Block::Contest(block), "entrant")
    };
    (plan, written)
}

/// Writes a split among those who report to an entrant as one among records that name whom they report to.
fn with_named_splits(tree: &Tree, seen: &Seen<'_>, sink: &mut Sink) -> (Tree, Vec<ast::Rows>) {
    let mut tree = tree.clone();
    let (mut above, mut rows) = (Vec::new(), Vec::new());
    let values = tree.statements.iter().filter_map(|statement| {
        if let ContestStatement::Measure(line) = statement {
            return Some(line.name.clone());
        }
        if let ContestStatement::Let(line) = statement {
            return Some(line.name.clone());
        }
        None
    });
    let values: Vec<ast::Name> = values.collect();
    for statement in &tree.statements {
        if let ContestStatement::Entrants(line) = statement {
            above.push(team::Above::people("entrant", line, values.iter()));
        }
    }
    for statement in &mut tree.statements {
        if let ContestStatement::Split(line) = statement {
            *line = team::named(line, &above, &mut rows, seen, sink);
        }
    }
    (tree, rows)
}

/// Holds the plan while it is written.
struct Out<'a, 's> {
    sink: &'s mut Sink,
    lines: &'a Lines<'a>,
    statements: Vec<PlanStatement>,
    head: Writer,
    /// Whether the contest is a race whose day of arrival is known.
    reaches: bool,
}

impl Out<'_, '_> {
    fn contest(&mut self) -> Contest<String> {
        let score = self.score();
        let qualifies = self.qualifies();
        self.counts();
        let keys = self.keys();
        self.ranks(&keys);
        let has_prize = self.prize();
        let has_honour = self.honour();
        let split = self.split(has_prize);
        let budget = self.budget(has_prize);
        Contest {
            score,
            qualifies,
            keys: keys.into_iter().map(|(name, _)| name).collect(),
            rank: "rank".to_owned(),
            tied: "tied".to_owned(),
            reached: self.reaches.then(|| "reached".to_owned()),
            prize: has_prize.then(|| "prize".to_owned()),
            honour: has_honour.then(|| "honour".to_owned()),
            split,
            budget,
            ties: self.lines.ties(),
        }
    }

    fn push(&mut self, statement: PlanStatement) {
        self.statements.push(statement);
    }

    fn score(&mut self) -> String {
        if let Some((line, span)) = self.lines.score {
            let mut measure = Writer::at(span).measure("score", line.value.clone());
            if let PlanStatement::Measure(measure) = &mut measure {
                measure.tail = line.tail.clone();
            }
            self.push(measure);
        }
        let period = self.lines.heads.period.map(|(line, _)| &line.kind);
        if let (Some((race, span)), Some((score, _))) = (self.lines.race, self.lines.score)
            && let Some(reached) = race::reached(race, &score.value, period, self.sink)
        {
            self.push(Writer::at(span).measure("reached", reached));
            self.reaches = true;
        }
        "score".to_owned()
    }

    fn qualifies(&mut self) -> Option<String> {
        let mut conditions: Vec<Expr> = self
            .lines
            .qualify
            .iter()
            .map(|(line, _)| line.condition.clone())
            .collect();
        if self.reaches {
            let w = self.head;
            conditions.push(w.not(w.is_missing(w.value("reached"))));
        }
        if conditions.is_empty() {
            return None;
        }
        let span = self.lines.qualify.map_or(self.head.span(), |(_, span)| span);
        let w = Writer::at(span);
        self.push(w.measure("qualifies", w.all(conditions)));
        if self.is_sunk() {
            let standing = w.choice(w.value("qualifies"), w.number(1), w.number(0));
            self.push(w.measure("standing by condition", standing));
        }
        Some("qualifies".to_owned())
    }

    /// Writes who is ranked, as a condition on each entrant.
    fn is_ranked(&self, w: Writer) -> Expr {
        let mut conditions: Vec<Expr> = self
            .lines
            .heads
            .people
            .iter()
            .filter_map(|(line, _)| line.filter.clone())
            .map(|filter| w.bracket(filter))
            .collect();
        if (self.lines.qualify.is_some() || self.reaches) && self.removes() {
            conditions.push(w.of("qualifies", vec![w.value(EACH)]));
        }
        w.all(conditions)
    }

    fn is_sunk(&self) -> bool {
        self.lines
            .qualify
            .is_some_and(|(line, _)| line.otherwise == Unqualified::Sunk)
    }

    fn is_dense(&self) -> bool {
        self.lines
            .rank
            .is_some_and(|(line, _)| line.count == PlaceCount::Dense)
    }

    /// Says whether those who do not qualify take no place.
    fn removes(&self) -> bool {
        let otherwise = self.lines.qualify.map(|(line, _)| line.otherwise);
        match otherwise {
            Some(Unqualified::Unpaid | Unqualified::Sunk) => false,
            Some(Unqualified::Unsaid | Unqualified::Removed) | None => true,
        }
    }

    fn entrants(&self, w: Writer) -> Option<ast::Source> {
        self.lines
            .heads
            .people
            .map(|(line, _)| w.source(&line.data, EACH))
    }

    /// Writes how many take part and how many of them qualify.
    fn counts(&mut self) {
        let w = self.head;
        let Some(source) = self.entrants(w) else { return };
        let filter = self.lines.heads.people.and_then(|(line, _)| line.filter.clone());
        self.push(w.measure("entries", w.count(source.clone(), filter.clone())));
        let mut qualified: Vec<Expr> = filter.map(|filter| w.bracket(filter)).into_iter().collect();
        if self.lines.qualify.is_some() || self.reaches {
            qualified.push(w.of("qualifies", vec![w.value(EACH)]));
        }
        self.push(w.measure("qualified", w.count(source, Some(w.all(qualified)))));
    }

    /// Writes the further keys of the ranking, each as a measure of its own.
    fn keys(&mut self) -> Vec<(String, Direction)> {
        let Some((line, _)) = self.lines.rank else {
            return Vec::new();
        };
        let breaking: &[RankKey] = match &line.ties {
            Some(ContestTies::BreakBy(keys)) => keys,
            Some(ContestTies::Share | ContestTies::All | ContestTies::Divide) | None => &[],
        };
        let mut found = Vec::new();
        for (at, key) in line.keys.iter().chain(breaking).enumerate() {
            let name = format!("key {}", at.saturating_add(1));
            self.push(Writer::at(key.key.span).measure(&name, key.key.clone()));
            found.push((name, key.direction.unwrap_or(line.direction)));
        }
        found
    }

    fn ranks(&mut self, keys: &[(String, Direction)]) {
        let span = self.lines.rank.map_or(self.head.span(), |(_, span)| span);
        let w = Writer::at(span);
        // Where nothing says what equal scores get, a tie for a prize is an error: no reading is chosen in silence.
        let refused = match self.lines.ties() {
            TieRule::Break => true,
            TieRule::Unsaid => self.lines.prizes.is_some(),
            TieRule::Share | TieRule::All | TieRule::Divide => false,
        };
        let ties = match (refused, self.is_dense()) {
            (true, _) => RankTies::OrderBy(Vec::new()),
            (false, true) => RankTies::Dense,
            (false, false) => RankTies::Best,
        };
        if let Some(best) = self.rank(w, keys, ties) {
            self.push(w.measure("rank", best));
        }
        if let Some(last) = self.rank(w, keys, RankTies::Worst) {
            self.push(w.measure("last place", last));
        }
        if let Some(first) = self.rank(w, keys, RankTies::Best) {
            self.push(w.measure("first place", first));
        }
        let first = w.bracket(w.pair(w.value("first place"), ChainOp::Otherwise, w.number(0)));
        let places = w.pair(w.value("last place"), ChainOp::Subtract, first);
        let tied = w.pair(places, ChainOp::Add, w.number(1));
        self.push(w.measure("tied", if_ranked(w, w.number(0), tied)));
    }

    fn rank(&self, w: Writer, keys: &[(String, Direction)], ties: RankTies) -> Option<Expr> {
        let source = self.entrants(w)?;
        let of_each = |name: &str| w.of(name, vec![w.value(EACH)]);
        let direction = self
            .lines
            .rank
            .map_or(Direction::HighestFirst, |(line, _)| line.direction);
        let mut all = Vec::new();
        if self.is_sunk() {
            all.push((of_each("standing by condition"), Direction::HighestFirst));
        }
        if self.reaches {
            all.push((of_each("reached"), Direction::LowestFirst));
        }
        all.push((of_each("score"), direction));
        all.extend(keys.iter().map(|(name, direction)| (of_each(name), *direction)));
        let mut all = all.into_iter();
        let (first, direction) = all.next()?;
        let further = all
            .map(|(key, direction)| RankKey {
                key,
                direction: Some(direction),
            })
            .collect();
        let keys = Keys {
            first,
            direction,
            further,
        };
        Some(w.rank(keys, source, self.is_ranked(w), Vec::new(), ties))
    }

    /// Rounds an amount as the contest says.
    fn rounded(&self, w: Writer, amount: Expr) -> Expr {
        match self.lines.rounding() {
            Some(rounding) => w.rounded(amount, rounding.mode, rounding.step.clone()),
            None => amount,
        }
    }

    /// Divides an amount among the entrants of one place, or among all who qualify.
    fn divided(&self, w: Writer, amount: Expr, weight: Expr, within: Vec<Expr>) -> Option<Expr> {
        let source = self.entrants(w)?;
        let mut among = vec![self.is_ranked(w)];
        // Who has no score has no place, and no share either.
        if self.lines.rank.is_some() && within.is_empty() {
            among.push(w.not(w.is_missing(w.of("rank", vec![w.value(EACH)]))));
        }
        Some(w.allocate((amount, weight), source, w.all(among), within, self.unit(w)))
    }

    /// Gives the smallest step of a share, where the rounding line says one.
    fn unit(&self, w: Writer) -> Option<Expr> {
        match self.lines.rounding().map(|rounding| &rounding.step) {
            Some(ast::RoundStep::To(step)) => Some(w.expr(ExprKind::Literal(step.clone()))),
            Some(ast::RoundStep::MinorUnit) | None => None,
        }
    }

    fn prize(&mut self) -> bool {
        let mut parts = Vec::new();
        if let Some((prizes, span)) = self.lines.prizes {
            parts.extend(self.prize_of_place(prizes, Writer::at(span)));
        }
        if let Some((pool, span)) = self.lines.pool {
            parts.extend(self.prize_of_pool(pool, Writer::at(span)));
        }
        let w = self.head;
        let Some(prize) = w.chain(ChainOp::Add, parts) else {
            return false;
        };
        let prize = if self.removes() {
            prize
        } else {
            // Who takes a place without having qualified gets nothing for it.
            let nothing = w.pair(w.value("prize won"), ChainOp::Subtract, w.value("prize won"));
            self.push(w.measure("prize won", prize));
            w.choice(w.value("qualifies"), w.value("prize won"), nothing)
        };
        self.push(w.measure("prize", prize));
        true
    }

    /// Writes what an entrant gets for the place.
    fn prize_of_place(&mut self, prizes: &Prizes, w: Writer) -> Option<Expr> {
        for (at, row) in prizes.rows.iter().enumerate() {
            let value = self.rounded(w, row.value.clone());
            let name = prize_name(at);
            self.push(Writer::at(row.span).measure(&name, value));
        }
        let zero = || {
            w.pair(
                w.value(&prize_name(0)),
                ChainOp::Subtract,
                w.value(&prize_name(0)),
            )
        };
        let amount = match self.lines.ties() {
            TieRule::Share if !self.is_dense() => {
                let pool = self.pooled(prizes, w).unwrap_or_else(zero);
                self.push(w.measure("pooled prizes", if_ranked(w, zero(), pool)));
                self.shared_by_place(w, "pooled prizes")?
            }
            TieRule::Share | TieRule::Divide => {
                let place = self.at_place(prizes, w, &zero);
                self.push(w.measure("pooled prizes", place));
                self.shared_by_place(w, "pooled prizes")?
            }
            TieRule::All | TieRule::Break | TieRule::Unsaid => self.at_place(prizes, w, &zero),
        };
        let name = "prize of place";
        self.push(w.measure(name, amount));
        Some(w.bracket(w.pair(w.value(name), ChainOp::Otherwise, zero())))
    }

    fn shared_by_place(&self, w: Writer, pool: &str) -> Option<Expr> {
        let each = || vec![w.value(EACH)];
        self.divided(w, w.of(pool, each()), w.number(1), vec![w.of("rank", each())])
    }

    /// Sums the prizes of all places that the tied entrants take.
    fn pooled(&self, prizes: &Prizes, w: Writer) -> Option<Expr> {
        let (first, last) = (w.value("rank"), w.value("last place"));
        let rows = prizes.rows.iter().enumerate().filter_map(|(at, row)| {
            let (from, through) = self.bounds(prizes, row)?;
            let low = w.pair(first.clone(), ChainOp::AtLeast, from);
            let high = match through {
                Some(through) => w.pair(last.clone(), ChainOp::AtMost, through),
                None => last.clone(),
            };
            let places = w.pair(w.pair(high, ChainOp::Subtract, low), ChainOp::Add, w.number(1));
            let places = w.pair(places, ChainOp::AtLeast, w.number(0));
            Some(w.pair(w.value(&prize_name(at)), ChainOp::Multiply, places))
        });
        w.chain(ChainOp::Add, rows.collect())
    }

    /// Writes the prize of the place, the first row that holds it.
    fn at_place(&self, prizes: &Prizes, w: Writer, zero: &dyn Fn() -> Expr) -> Expr {
        let chosen = self.by_place(prizes, w, zero(), &|at| w.value(&prize_name(at)));
        w.choice(w.is_missing(w.value("rank")), zero(), chosen)
    }

    fn by_place(&self, prizes: &Prizes, w: Writer, nothing: Expr, value: &dyn Fn(usize) -> Expr) -> Expr {
        let rows: Vec<_> = prizes.rows.iter().enumerate().collect();
        rows.into_iter().rev().fold(nothing, |below, (at, row)| {
            let Some((from, through)) = self.bounds(prizes, row) else {
                return below;
            };
            let mut conditions = vec![w.compare(w.value("rank"), CompareOp::GreaterOrEqual, from)];
            conditions
                .extend(through.map(|through| w.compare(w.value("rank"), CompareOp::LessOrEqual, through)));
            w.choice(w.all(conditions), value(at), below)
        })
    }

    /// Gives the first and the last place of a row; `others` begin where the rows end.
    fn bounds(&self, prizes: &Prizes, row: &ast::Prize) -> Option<(Expr, Option<Expr>)> {
        let w = Writer::at(row.span);
        let literal = |literal: &Literal| w.expr(ExprKind::Literal(literal.clone()));
        Some(match &row.places {
            PrizePlaces::One(place) => (literal(place), Some(literal(place))),
            PrizePlaces::Range(first, last) => (literal(first), Some(literal(last))),
            PrizePlaces::Up(first) => (literal(first), None),
            PrizePlaces::Others(_) => {
                let last = prizes.rows.iter().filter_map(last_place).max().unwrap_or(0);
                (w.number(last.saturating_add(1)), None)
            }
        })
    }

    fn prize_of_pool(&mut self, pool: &Pool, w: Writer) -> Option<Expr> {
        let amount = self.rounded(w, pool.amount.clone());
        self.push(w.measure(POOL, amount));
        let each = || vec![w.value(EACH)];
        let zero = || w.pair(w.value(POOL), ChainOp::Subtract, w.value(POOL));
        let share = match &pool.sharing {
            PoolSharing::PerHead => {
                let unranked = w.is_missing(w.value("rank"));
                return Some(w.choice(unranked, zero(), w.value(POOL)));
            }
            PoolSharing::Equally => self.divided(w, w.of(POOL, each()), w.number(1), Vec::new())?,
            PoolSharing::By(weight) => {
                self.push(Writer::at(weight.span).measure("weight in pool", weight.clone()));
                self.divided(w, w.of(POOL, each()), w.of("weight in pool", each()), Vec::new())?
            }
        };
        self.push(w.measure("share of pool", share));
        Some(w.bracket(w.pair(w.value("share of pool"), ChainOp::Otherwise, zero())))
    }

    fn honour(&mut self) -> bool {
        let Some((prizes, span)) = self.lines.prizes else {
            return false;
        };
        if prizes.rows.iter().all(|row| row.honour.is_none()) {
            return false;
        }
        let w = Writer::at(span);
        let honour = |at: usize| match prizes.rows.get(at).and_then(|row| row.honour.as_ref()) {
            Some(honour) => w.text(&honour.value),
            None => w.missing(),
        };
        let chosen = self.by_place(prizes, w, w.missing(), &honour);
        let mut honour = w.choice(w.is_missing(w.value("rank")), w.missing(), chosen);
        if !self.removes() {
            honour = w.choice(w.value("qualifies"), honour, w.missing());
        }
        self.push(w.measure("honour", honour));
        true
    }

    /// Writes the share of each member of a team in its prize.
    fn split(&mut self, has_prize: bool) -> Option<Split<String>> {
        let (line, span) = self.lines.split.filter(|_| has_prize)?;
        let w = Writer::at(span);
        // Who reports to whom has been written as a condition; what cannot be is told there.
        let ast::SourceKind::Named(data) = &line.source.kind else {
            return None;
        };
        let alias = line.source.alias.clone().unwrap_or_else(|| w.name(" member"));
        let Some((team, rest)) = line
            .filter
            .as_ref()
            .and_then(|filter| membership(filter, "entrant"))
        else {
            self.push_no_team(span);
            return None;
        };
        let grain = |name: ast::Name| {
            vec![GrainName {
                data: data.clone(),
                name,
            }]
        };
        let own = || w.expr(ExprKind::Name(alias.clone()));
        self.push(w.measure_for(TEAM, grain(alias.clone()), qualified_by(&team, &alias)));
        self.push(w.measure_for("weight in team", grain(alias.clone()), line.weight.clone()));
        let source = ast::Source {
            kind: line.source.kind.clone(),
            alias: Some(alias.clone()),
            span: line.source.span,
        };
        let amount = w.of("prize", vec![w.of(TEAM, vec![own()])]);
        let weight = w.of("weight in team", vec![own()]);
        let within = vec![w.of(TEAM, vec![own()])];
        let mut conditions = rest;
        conditions.push(w.not(w.is_missing(w.of(TEAM, vec![own()]))));
        let part = w.allocate((amount, weight), source, w.all(conditions), within, self.unit(w));
        // Where a team has won nothing there is nothing to divide, whatever its members' weights are.
        let team = || w.of(TEAM, vec![w.value(" member")]);
        let won = || w.of("prize", vec![team()]);
        let nothing = w.compare(won(), CompareOp::Equal, w.pair(won(), ChainOp::Subtract, won()));
        let part = w.choice(w.is_missing(team()), w.missing(), w.choice(nothing, won(), part));
        self.push(w.measure_for("part", grain(w.name(" member")), part));
        Some(Split {
            of: TEAM.to_owned(),
            part: "part".to_owned(),
        })
    }

    fn push_no_team(&mut self, span: Span) {
        let message = Diagnostic::error(
            Code::E0215,
            text!(
                "the split does not say which team a person belongs to",
                "没有写明成员属于哪个团队"
            ),
        );
        let why = text!(
            "write the field: where p.team is entrant",
            "请写明字段：其中 p.team 为 参赛者"
        );
        self.sink.push(message.primary(span, why));
    }

    /// Writes the budget; a contest that would give away more is an error.
    fn budget(&mut self, has_prize: bool) -> Option<String> {
        let (line, span) = self.lines.budget?;
        let w = Writer::at(span);
        self.push(w.measure(BUDGET, line.value.clone()));
        if has_prize {
            let source = self.entrants(w)?;
            let each = w.of("prize", vec![w.value(EACH)]);
            let filter = self.lines.heads.people.and_then(|(line, _)| line.filter.clone());
            let given = w.aggregate(AggregateOp::Sum, Some(each), source, filter);
            self.push(w.measure("given away", given));
            self.push(PlanStatement::Check(ast::Check {
                condition: w.compare(w.value("given away"), CompareOp::LessOrEqual, w.value(BUDGET)),
                each: None,
                on_failure: ast::OnFailure::Spoil,
                tail: line.tail.clone(),
                span,
            }));
        }
        Some(BUDGET.to_owned())
    }
}

/// Writes a value that needs both ends of an entrant's places.
fn if_ranked(w: Writer, otherwise: Expr, value: Expr) -> Expr {
    let known = w.choice(w.is_missing(w.value("last place")), otherwise.clone(), value);
    w.choice(w.is_missing(w.value("rank")), otherwise, known)
}

fn prize_name(at: usize) -> String {
    format!("prize {}", at.saturating_add(1))
}

fn last_place(row: &ast::Prize) -> Option<u64> {
    match &row.places {
        PrizePlaces::One(place) | PrizePlaces::Range(_, place) => prizes::whole(&place.kind),
        PrizePlaces::Up(_) | PrizePlaces::Others(_) => None,
    }
}
