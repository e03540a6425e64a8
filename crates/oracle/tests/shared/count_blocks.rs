//! Counts the constructs of contests, awards, warnings and scorecards.

use guerdon_syntax::ast::{
    Award, AwardStatement, Contest, ContestStatement, ContestTies, CutTies, DimensionBody, Item,
    MetricMissing, Norm, PeriodLineKind, PlaceCount, PoolSharing, PrizePlaces, RatioKind, Scorecard,
    ScorecardStatement, SourceKind, Unqualified, Warning, WarningStatement,
};

use super::Counts;

impl Counts {
    pub fn blocks(&mut self, trees: &[Item]) {
        for tree in trees {
            match tree {
                Item::Contest(tree) => self.contest(tree),
                Item::Award(tree) => self.award(tree),
                Item::Warning(tree) => self.warning(tree),
                Item::Scorecard(tree) => self.scorecard(tree),
                _ => {}
            }
        }
    }

    fn contest(&mut self, tree: &Contest) {
        for statement in &tree.statements {
            match statement {
                ContestStatement::Qualify(line) => self.add(match line.otherwise {
                    Unqualified::Unsaid => "contest: who does not qualify, unsaid",
                    Unqualified::Removed => "contest: who does not qualify removed",
                    Unqualified::Unpaid => "contest: who does not qualify unpaid",
                    Unqualified::Sunk => "contest: who does not qualify sunk",
                }),
                ContestStatement::Race(_) => self.add("contest: race"),
                ContestStatement::Closes(_) => self.add("contest: closing day"),
                ContestStatement::Period(line) => {
                    if matches!(line.kind, PeriodLineKind::Days(..)) {
                        self.add("contest: period from day to day");
                    }
                }
                ContestStatement::Budget(_) => self.add("contest: budget"),
                ContestStatement::Split(line) => self.add(match line.source.kind {
                    SourceKind::Named(_) => "contest: split among a team",
                    SourceKind::Team(_) => "contest: split among everybody below",
                    SourceKind::Reports(_) => "contest: split among reports",
                }),
                ContestStatement::Rank(line) => {
                    if line.count == PlaceCount::Dense {
                        self.add("contest: dense places");
                    }
                    if !line.keys.is_empty() {
                        self.add("contest: further keys");
                    }
                    self.add(match line.ties {
                        Some(ContestTies::Share) => "contest: ties share",
                        Some(ContestTies::All) => "contest: ties all",
                        Some(ContestTies::Divide) => "contest: ties divide",
                        Some(ContestTies::BreakBy(_)) => "contest: ties break",
                        None => "contest: ties unsaid",
                    });
                }
                ContestStatement::Prizes(prizes) => {
                    for row in &prizes.rows {
                        self.add(match row.places {
                            PrizePlaces::One(_) => "contest: prize of one place",
                            PrizePlaces::Range(..) => "contest: prize of several places",
                            PrizePlaces::Up(_) => "contest: prize of a place and all after it",
                            PrizePlaces::Others(_) => "contest: prize of all others",
                        });
                        if row.honour.is_some() {
                            self.add("contest: honour");
                        }
                    }
                }
                ContestStatement::Pool(pool) => self.add(match pool.sharing {
                    PoolSharing::By(_) => "contest: pool by weight",
                    PoolSharing::PerHead => "contest: pool per head",
                    PoolSharing::Equally => "contest: pool equally",
                }),
                _ => {}
            }
        }
    }

    fn award(&mut self, tree: &Award) {
        for statement in &tree.statements {
            if let AwardStatement::Grant(grant) = statement {
                self.add("award: grant");
                if grant.cash.is_some() {
                    self.add("award: cash");
                }
            }
        }
    }

    fn warning(&mut self, tree: &Warning) {
        for statement in &tree.statements {
            match statement {
                WarningStatement::Period(line) => {
                    if matches!(line.kind, PeriodLineKind::One(_)) {
                        self.add("warning: of one period");
                    }
                }
                WarningStatement::Level(level) => self.add(match level.clear {
                    Some(_) => "warning: level with a condition to clear it",
                    None => "warning: level",
                }),
                WarningStatement::Confirm(line) => {
                    self.add(match line.out_of {
                        Some(_) => "warning: confirmed after n of m",
                        None => "warning: confirmed after n",
                    });
                    if line.clear_after.is_some() {
                        self.add("warning: cleared after n");
                    }
                }
                WarningStatement::Skip(_) => self.add("warning: skip"),
                WarningStatement::Reset(_) => self.add("warning: reset"),
                WarningStatement::Cooldown(_) => self.add("warning: cool-down"),
                WarningStatement::Alert(_) => self.add("warning: alert"),
                WarningStatement::Escalate(_) => self.add("warning: escalation"),
                WarningStatement::Respond(_) => self.add("warning: responses"),
                _ => {}
            }
        }
    }

    fn scorecard(&mut self, tree: &Scorecard) {
        for statement in &tree.statements {
            match statement {
                ScorecardStatement::Period(line) => {
                    if matches!(line.kind, PeriodLineKind::One(_)) {
                        self.add("card: of one period");
                    }
                }
                ScorecardStatement::Missing(line) => self.missing(&line.policy),
                ScorecardStatement::WeightsRelative(_) => self.add("card: weights are proportions"),
                ScorecardStatement::Gate(_) => self.add("card: gate"),
                ScorecardStatement::Grades(grades) => {
                    let ties = grades.distribute.as_ref().and_then(|found| found.ties.as_ref());
                    self.add(match ties {
                        Some(CutTies::Up) => "card: grades distributed, ties up",
                        Some(CutTies::Down) => "card: grades distributed, ties down",
                        Some(CutTies::BreakBy(_)) => "card: grades distributed, ties broken",
                        None => "card: grades",
                    });
                }
                ScorecardStatement::Dimension(dimension) => match &dimension.body {
                    DimensionBody::LeftOut(_) => self.add("card: dimension left out"),
                    DimensionBody::Metrics(_, metrics) => {
                        for metric in metrics {
                            self.norm(&metric.norm);
                            if metric.rounded.is_some() {
                                self.add("card: metric rounded");
                            }
                            if metric.missing.is_some() {
                                self.add("card: metric with a rule of its own");
                            }
                        }
                    }
                },
                _ => {}
            }
        }
    }

    fn missing(&mut self, policy: &MetricMissing) {
        self.add(match policy {
            MetricMissing::Error => "card: missing is an error",
            MetricMissing::NoScore => "card: missing gives no score",
            MetricMissing::Score(_) => "card: missing gives points",
            MetricMissing::Previous => "card: missing keeps the last score",
            MetricMissing::Reweight(..) => "card: missing moves weights",
        });
    }

    fn norm(&mut self, norm: &Norm) {
        self.add(match norm {
            Norm::Linear(..) => "norm: linear",
            Norm::AsGiven => "norm: as given",
            Norm::Ratio(RatioKind::Ratio, ..) => "norm: ratio",
            Norm::Ratio(RatioKind::Inverse, ..) => "norm: inverse",
            Norm::Ratio(RatioKind::Mirrored, ..) => "norm: mirrored",
            Norm::FloorTargetStretch(..) => "norm: floor, target, stretch",
            Norm::Spread(_) => "norm: spread",
            Norm::Percentile(_) => "norm: percentile",
            Norm::Steps(_) => "norm: steps",
            Norm::PerUnit(..) => "norm: per unit",
            Norm::Closest(..) => "norm: closest",
        });
    }
}
