//! What is reported of a plan.

use guerdon_syntax::span::Span;

use super::{AxisId, FrameId, NodeId};
use crate::hir::PaysIn;
use crate::types::{DefinitionId, EarnId, PlanId, TableId};

/// What is reported of one plan.
#[derive(Debug, Clone)]
pub struct PlanOutput {
    /// The plan.
    pub plan: PlanId,
    /// What it pays.
    pub pays_in: PaysIn,
    /// The table of payees.
    pub payees: TableId,
    /// The axis.
    pub axis: AxisId,
    /// Who is a payee, on the frame `Cells` of payees and axis.
    pub is_payee: NodeId,
    /// Who is shown: payees, and leavers with lines.
    pub is_settled: NodeId,
    /// `measure`, `let`, `carry` and `pay`: the node of each, on the frame of its parameters.
    pub values: Vec<(DefinitionId, NodeId)>,
    /// The earns.
    pub earns: Vec<EarnOutput>,
    /// The checks that failed where no, on the frame they are checked on.
    pub checks: Vec<CheckOutput>,
}

/// What is reported of a check: its condition, wherever `applies` is yes.
#[derive(Debug, Clone)]
pub struct CheckOutput {
    /// The condition.
    pub condition: NodeId,
    /// Where it is asked.
    pub applies: NodeId,
    /// The statement.
    pub span: Span,
    /// The position of the check in the plan.
    pub position: usize,
}

/// What is reported of an earn.
#[derive(Debug, Clone)]
pub struct EarnOutput {
    /// The earn.
    pub earn: EarnId,
    /// The frame of its lines. For an undated earn a frame `Cells`, where lines are the cells with `is_payee`.
    pub lines: FrameId,
    /// The row behind a line, on that frame; none for an undated earn.
    pub row: Option<NodeId>,
    /// Where a record would have a line, but that the one it concerns is no payee; on the records' own frame. None for
    /// an undated earn, and where every payee has every record.
    pub strangers: Option<Strangers>,
    /// The payee of a line.
    pub payee: NodeId,
    /// The period of a line.
    pub period: NodeId,
    /// The day of a line.
    pub day: NodeId,
    /// The base as far as the formula has one: what tiers are applied to, or the first amount of a product.
    pub base: Option<NodeId>,
    /// The value before exceptions.
    pub normal: NodeId,
    /// After exceptions and rounding, before the cap.
    pub uncut: NodeId,
    /// The amount earned.
    pub earned: NodeId,
    /// What each cap does to a line, in order.
    pub cuts: Vec<CutOutput>,
    /// What caps cut off a line that somebody is to look at.
    pub excess: Option<NodeId>,
    /// What is paid of what a cap cut off lines of earlier periods, on the frame `Cells` of payees and axis.
    pub carried: Option<NodeId>,
    /// The settlements; none where all of a line is payable in its own period.
    pub moments: Option<Moments>,
    /// What is kept back of each line.
    pub hold: Option<HoldOutput>,
    /// What the books spread.
    pub spread: Option<Spread>,
}

/// Where records concern somebody whom a plan does not pay.
#[derive(Debug, Clone, Copy)]
pub struct Strangers {
    /// Yes for such a record.
    pub found: NodeId,
    /// Whom it concerns.
    pub payee: NodeId,
    /// The condition or statement that says whom.
    pub span: Span,
}

/// What the books spread of the lines of an earn: a cell for each line and each period from its own on.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// Their frame, expanded from the lines.
    pub frame: FrameId,
    /// The period.
    pub period: NodeId,
    /// How many months have gone, the first counted; not held to the months there are.
    pub gone: NodeId,
    /// How many months there are.
    pub months: NodeId,
    /// The share of the months that has gone, from 0 to 1.
    pub share: NodeId,
    /// Whether what is left has been written off; none where it never is.
    pub is_over: Option<NodeId>,
    /// What the line costs by then.
    pub cost: NodeId,
    /// Spread to date.
    pub amortised: NodeId,
    /// Written off to date.
    pub written_off: NodeId,
    /// Neither spread nor written off.
    pub left: NodeId,
}

/// What is kept back of the lines of an earn.
#[derive(Debug, Clone, Copy)]
pub struct HoldOutput {
    /// The amount, on the frame of the lines.
    pub amount: NodeId,
    /// The day on which it is let go, on the frame of the lines; never where missing.
    pub until: NodeId,
    /// Whether it is let go by then, on the frame of the settlements.
    pub let_go: NodeId,
}

/// The settlements of an earn: for each line the periods in which its payable can change.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    /// Their frame, expanded from the lines.
    pub frame: FrameId,
    /// The period of a settlement.
    pub period: NodeId,
    /// The share released by then, from 0 to 1.
    pub released_share: NodeId,
    /// Released to date.
    pub released: NodeId,
    /// Changes whenever what is released does: the share, or another number where something was kept back.
    pub released_key: NodeId,
    /// The share payable by then, from 0 to 1.
    pub paid_share: NodeId,
    /// Payable to date.
    pub paid: NodeId,
    /// Changes whenever what is payable does.
    pub paid_key: NodeId,
    /// What waits for somebody to look at it; none where nothing can.
    pub waiting: Option<Waiting>,
}

/// What of a line waits for somebody to look at it.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// The share of the line: none or all.
    pub share: NodeId,
    /// The amount.
    pub amount: NodeId,
}

/// What a cap does to the lines of an earn, on their frame.
#[derive(Debug, Clone, Copy)]
pub struct CutOutput {
    /// The amount before.
    pub before: NodeId,
    /// The amount after.
    pub after: NodeId,
    /// The limit.
    pub limit: NodeId,
    /// What is paid of earlier excess beside it; only for an undated earn.
    pub carried: Option<NodeId>,
    /// The statement.
    pub span: Span,
}
