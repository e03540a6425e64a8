//! Liability: the most that one person can earn at a share of the quota, read off the rules before any record.
//!
//! What depends on a quota or a target pay is told as a share of it. Where the rules alone do not say, the reason is
//! told instead of a figure.

mod bound;
mod tiers;

use std::collections::BTreeMap;

use guerdon_plan::hir::{DefinitionKind, Earn};
use guerdon_plan::number::Exact;
use guerdon_plan::types::Scalar;
use guerdon_syntax::{Span, Text, text};

pub use self::bound::Most;
use self::bound::{Reasoner, Told};
use crate::plan::Plan;

/// The shares of the quota that are looked at.
pub const SHARES: [i64; 4] = [80, 100, 120, 200];

/// Holds the most that a plan pays one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Liability {
    /// The name of the plan.
    pub plan: String,
    /// Where it stands.
    pub span: Span,
    /// The earns, and the payments that are made of them.
    pub rows: Vec<LiabilityRow>,
    /// What was assumed.
    pub assumed: Vec<Text>,
}

/// Is the most that one earn or pay gives at each of [`SHARES`].
#[derive(Debug, Clone, PartialEq)]
pub struct LiabilityRow {
    /// The name of the earn or pay.
    pub name: String,
    /// What it counts: money of a currency, points.
    pub scalar: Scalar,
    /// The most at each share, or why that cannot be said.
    pub most: Vec<Result<Most, Text>>,
    /// Where it stands.
    pub span: Span,
}

impl Plan {
    /// Works out the most that one person can earn at 80, 100, 120 and 200 % of quota, as far as the rules say.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon::{Plan, Source};
    ///
    /// let rules = r#"
    /// data Seller key name
    ///   name  : text
    ///   quota : money EUR  check quota > EUR 0
    /// end
    ///
    /// data Deal key id
    ///   id        : text
    ///   seller    : Seller
    ///   amount    : money EUR
    ///   signed_on : date
    /// end
    ///
    /// tiers rates marginal
    ///   from 0% below 100% : 5%
    ///   from 100% up : 8%
    /// end
    ///
    /// plan flat
    ///   payee     Seller
    ///   currency  EUR
    ///   effective 2026-01-01 through 2026-12-31
    ///   period    month
    ///   rounding  half-up to 0.01 at each line
    ///   earn commission for each Deal where seller is payee dated signed_on
    ///     = apply rates to amount against payee.quota stacked in order of signed_on, id restarting every year
    ///   pay total = due commission
    /// end
    /// "#;
    /// let plan = Plan::compile(&[Source::new("flat.guerdon", rules)])?;
    /// let liability = plan.liability();
    /// let most: Vec<String> = liability[0].rows[0].most.iter().map(|most| most.as_ref().unwrap().to_string()).collect();
    /// // 80 at 5%; 100 at 5%; then 20 and 100 at 8%.
    /// assert_eq!(
    ///     most,
    ///     ["4% of payee.quota", "5% of payee.quota", "6.6% of payee.quota", "13% of payee.quota"]
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn liability(&self) -> Vec<Liability> {
        let program = self.program();
        let plans = program.plans.iter().filter(|plan| plan.block.is_none());
        plans
            .map(|plan| {
                let mut assumed: Vec<Text> = Vec::new();
                let mut rows = Vec::new();
                for earn in plan.earns.iter().filter_map(|earn| program.earn(*earn)) {
                    let most = self.at_each(earn.ty.scalar, &mut assumed, |reasoner| reasoner.earn(earn));
                    rows.push(row(earn, most));
                }
                for pay in plan.pays.iter().filter_map(|pay| program.definition(*pay)) {
                    let DefinitionKind::Pay(value) = &pay.kind else {
                        continue;
                    };
                    let most = self.at_each(pay.ty.scalar, &mut assumed, |reasoner| reasoner.value(value));
                    rows.push(LiabilityRow {
                        name: pay.naming.name.clone(),
                        scalar: pay.ty.scalar,
                        most,
                        span: pay.span,
                    });
                }
                Liability {
                    plan: plan.naming.name.clone(),
                    span: plan.span,
                    rows,
                    assumed,
                }
            })
            .collect()
    }

    fn at_each<'c>(
        &'c self,
        scalar: Scalar,
        assumed: &mut Vec<Text>,
        most: impl Fn(&mut Reasoner<'c>) -> Told,
    ) -> Vec<Result<Most, Text>> {
        SHARES
            .iter()
            .map(|share| {
                let share = Exact::from_i64(*share)
                    .div(&Exact::from_i64(100))
                    .unwrap_or_default();
                let mut reasoner = Reasoner {
                    compiled: self.compiled(),
                    share,
                    reached: BTreeMap::new(),
                    assumed: Vec::new(),
                    depth: 0,
                    normal: None,
                    is_of_lines: false,
                };
                let told = most(&mut reasoner).map(|most| Most {
                    scalar: Some(scalar),
                    ..most
                });
                if told.is_ok() {
                    for one in reasoner.assumed {
                        if !assumed.contains(&one) {
                            assumed.push(one);
                        }
                    }
                }
                told
            })
            .collect()
    }
}

fn row(earn: &Earn, most: Vec<Result<Most, Text>>) -> LiabilityRow {
    LiabilityRow {
        name: earn.naming.name.clone(),
        scalar: earn.ty.scalar,
        most,
        span: earn.span,
    }
}

/// Says that a figure cannot be told.
fn cannot(why: Text) -> Told {
    Err(text!("cannot say, because {why}", "无法断定：{why}"; why))
}
