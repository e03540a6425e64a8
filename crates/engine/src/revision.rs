//! Revisions: what changes when rules change, for whom, by how much, and because of which clause.
//!
//! The older rules are turned into the newer ones clause by clause, and each stage is run. What a clause is worth is the
//! difference between two stages, so that the parts of every payee's change add up to it to the last digit. Clauses
//! that cannot be told apart, since neither compiles without the other, make one stage.

mod amounts;
mod compare;
mod earns;
mod pieces;
mod setting;

use std::collections::BTreeMap;
use std::fmt;

use guerdon_syntax::{Text, text};

pub use self::compare::{Comparison, Part, PayeeChange, UnitChange};
pub use self::earns::{EarnChange, LineChange};
use self::pieces::{Difference, Script, differences, renamed};
pub use self::setting::SettingError;
use self::setting::{Replaced, Wanted};
use crate::plan::{Plan, Source};

/// Is a clause that is in the older rules, in the newer ones, or in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What it is: `earn commission of ae_2026`.
    pub what: Text,
    /// How it changed.
    pub change: Change,
    /// Where it stands in the older rules.
    pub older: Option<Place>,
    /// Where it stands in the newer rules.
    pub newer: Option<Place>,
    /// Its words in the older rules, in the common form; empty where it is new.
    pub before: String,
    /// Its words in the newer rules, in the common form; empty where it is gone.
    pub after: String,
}

/// Says how a clause changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It reads differently.
    Changed,
    /// Only the newer rules have it.
    Added,
    /// Only the older rules have it.
    Removed,
    /// It is set for this run only.
    Set,
}

/// Is a place in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// Holds the way from older rules to newer ones.
pub struct Revision {
    older: Plan,
    stages: Vec<Stage>,
    /// Plans that are called otherwise in the newer rules, by their older names.
    renamed: BTreeMap<String, String>,
}

/// Is one step of the way: the rules after some clauses have changed.
struct Stage {
    clauses: Vec<Clause>,
    plan: Plan,
    replaced: Vec<Replaced>,
    /// The records that alone are set, and so must be there.
    wanted: Vec<Wanted>,
}

impl Change {
    /// Names the change for people.
    pub fn shown(self) -> Text {
        match self {
            Self::Changed => text!("changed", "已改"),
            Self::Added => text!("new", "新增"),
            Self::Removed => text!("gone", "已删"),
            Self::Set => text!("set", "设定"),
        }
    }

    /// Names the change as programs read it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Added => "new",
            Self::Removed => "gone",
            Self::Set => "set",
        }
    }
}

impl Revision {
    /// Finds the clauses in which two sets of rules differ, layout, comments and the language of keywords apart, and the
    /// way from one to the other.
    pub fn between(older: &Plan, newer: &Plan) -> Self {
        let scripts = Script::of(older).zip(Script::of(newer));
        let (stages, renamed) = match scripts {
            Some((before, after)) => (stages(&before, &after, newer), renamed(&before, &after)),
            None => (Vec::new(), BTreeMap::new()),
        };
        Self {
            older: older.clone(),
            stages,
            renamed,
        }
    }

    /// Lists the clauses that differ, stage by stage.
    pub fn clauses(&self) -> Vec<&[Clause]> {
        self.stages.iter().map(|stage| stage.clauses.as_slice()).collect()
    }

    /// Gives the rules at the end of the way.
    pub fn newest(&self) -> &Plan {
        self.stages.last().map_or(&self.older, |stage| &stage.plan)
    }
}

/// Walks from the older to the newer rules: a stage ends wherever what has been changed so far can be run.
fn stages(before: &Script, after: &Script, newer: &Plan) -> Vec<Stage> {
    let all = differences(before, after);
    let mut stages = Vec::new();
    let mut pending: Vec<Clause> = Vec::new();
    for (at, difference) in all.iter().enumerate() {
        pending.push(difference.clause(before, after));
        let done = all.get(..=at).unwrap_or(&all);
        let plan = if done.len() == all.len() {
            Some(newer.clone())
        } else {
            compiled(before, after, done)
        };
        if let Some(plan) = plan {
            stages.push(Stage {
                clauses: std::mem::take(&mut pending),
                plan,
                replaced: Vec::new(),
                wanted: Vec::new(),
            });
        }
    }
    stages
}

fn compiled(before: &Script, after: &Script, done: &[Difference]) -> Option<Plan> {
    let sources: Vec<Source> = before.with(after, done);
    Plan::compile(&sources).ok()
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.stages.iter().map(|stage| &stage.clauses))
            .finish()
    }
}
