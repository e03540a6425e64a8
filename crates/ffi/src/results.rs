//! Reports that keep alive what they are made from.

use std::sync::Arc;

use guerdon::error::Error;
use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run};
use guerdon::report::Report;
use self_cell::self_cell;

/// What a report is made from.
pub(crate) struct Inputs {
    pub plan: Plan,
    facts: Arc<Facts>,
    run: Run,
}

self_cell!(
    /// A report that keeps alive what it is made from.
    pub(crate) struct Results {
        owner: Inputs,

        #[covariant]
        dependent: Report,
    }
);

impl Results {
    /// Runs a plan over facts.
    pub(crate) fn of(plan: Plan, facts: Arc<Facts>, run: Run) -> Result<Self, Error> {
        let inputs = Inputs { plan, facts, run };
        Self::try_new(inputs, |inputs| inputs.plan.evaluate(&inputs.facts, &inputs.run))
    }
}
