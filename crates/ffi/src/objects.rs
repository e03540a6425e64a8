//! The objects behind the handles.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, TryLockError};

use guerdon::facts::{Facts, FactsBuilder};
use guerdon::limits::{CancelFlag, Limits};
use guerdon::plan::{Plan, Run};
use guerdon::trace::Trace;
use guerdon_plan::calendar::Date;
use guerdon_syntax::Language;
use self_cell::self_cell;

use crate::caller::Caller;
use crate::handle::open;
use crate::results::Results;
use crate::session::Session;
use crate::status::{Fault, Outcome, guerdon_status, in_use};
use crate::tables::{Row, Shape};
use crate::types::{GUERDON_HAS_SHOWN_FROM, GUERDON_HAS_THROUGH, guerdon_cancel, guerdon_options};
use crate::words::Words;

/// A compiled plan with what is said of it.
pub(crate) struct PlanBody {
    pub plan: Plan,
    pub warnings: OnceLock<Words>,
    pub schema: OnceLock<Words>,
}

type Draft<'p> = Option<FactsBuilder<'p>>;

self_cell!(
    /// A load that keeps the plan alive which it is for.
    pub(crate) struct Load {
        owner: Plan,

        #[not_covariant]
        dependent: Draft,
    }
);

/// Records on their way in.
pub(crate) struct BuilderBody {
    pub plan: Plan,
    pub limits: Limits,
    pub load: Load,
}

/// Records, until a session takes them.
pub(crate) struct FactsBody {
    pub plan: Plan,
    facts: Mutex<Option<Arc<Facts>>>,
}

/// The results of a run.
pub(crate) struct ReportBody {
    pub results: Arc<Results>,
    pub shapes: OnceLock<Vec<(Shape, Words)>>,
}

type Rows<'r> = Box<dyn Iterator<Item = Row<'r>> + Send + 'r>;

self_cell!(
    /// Rows that keep alive the report which they come from.
    pub(crate) struct Reading {
        owner: Arc<Results>,

        #[not_covariant]
        dependent: Rows,
    }
);

/// The rows of one table, and the text that was read last.
pub(crate) struct CursorBody {
    pub shape: Shape,
    pub reading: Reading,
    pub text: Words,
}

/// An explanation with its texts.
pub(crate) struct TraceBody {
    pub trace: Trace,
    pub own: OnceLock<Words>,
    pub english: OnceLock<Words>,
    pub chinese: OnceLock<Words>,
    pub json: OnceLock<Words>,
}

/// Records that change, and the text that was asked for last.
pub(crate) struct SessionBody {
    pub session: Session,
    pub text: Words,
}

impl BuilderBody {
    pub(crate) fn new(plan: Plan, limits: Limits) -> Self {
        Self {
            load: begun(&plan, &limits),
            plan,
            limits,
        }
    }

    /// Lets some records in; a fault of the caller's ends the load, and stays its result.
    pub(crate) fn add<T>(&mut self, add: impl FnOnce(&mut FactsBuilder<'_>) -> Outcome<T>) -> Outcome<T> {
        self.load.with_dependent_mut(|_, draft| {
            let builder = draft.as_mut().ok_or_else(ended)?;
            if let Some(error) = builder.failure() {
                return Err(error.clone().into());
            }
            let added = add(builder)?;
            match builder.failure() {
                Some(error) => Err(error.clone().into()),
                None => Ok(added),
            }
        })
    }

    /// Ends the load and begins another one.
    pub(crate) fn finish(&mut self) -> Outcome<Facts> {
        let next = begun(&self.plan, &self.limits);
        let mut load = std::mem::replace(&mut self.load, next);
        let facts = load.with_dependent_mut(|_, draft| draft.take().map(FactsBuilder::finish));
        Ok(facts.ok_or_else(ended)??)
    }
}

fn begun(plan: &Plan, limits: &Limits) -> Load {
    Load::new(plan.clone(), |plan| {
        Some(Facts::builder(plan.program()).with_limits(limits.clone()))
    })
}

fn ended() -> Box<Fault> {
    Fault::data("this load has ended")
}

impl FactsBody {
    pub(crate) fn new(plan: Plan, facts: Facts) -> Self {
        Self {
            plan,
            facts: Mutex::new(Some(Arc::new(facts))),
        }
    }

    /// Gives the records for a run of a plan.
    pub(crate) fn for_plan(&self, plan: &Plan) -> Outcome<Arc<Facts>> {
        self.check_plan(plan)?;
        let facts = self.facts.lock().map_err(|_| poisoned())?;
        facts.clone().ok_or_else(taken)
    }

    /// Gives the records away, if nothing else reads them.
    pub(crate) fn take(&self, plan: &Plan) -> Outcome<Facts> {
        self.check_plan(plan)?;
        let mut facts = self.facts.lock().map_err(|_| poisoned())?;
        let shared = facts.take().ok_or_else(taken)?;
        Arc::try_unwrap(shared).map_err(|shared| {
            *facts = Some(shared);
            in_use("a report or a run still reads these facts")
        })
    }

    fn check_plan(&self, plan: &Plan) -> Outcome<()> {
        if std::ptr::eq(self.plan.program(), plan.program()) {
            return Ok(());
        }
        let fault = Fault::new(
            guerdon_status::OtherPlan,
            "these facts were loaded for another plan",
        );
        Err(fault.advise("load them with a builder of the plan that is to run"))
    }
}

fn taken() -> Box<Fault> {
    Fault::new(guerdon_status::StaleHandle, "a session has taken these facts")
}

impl ReportBody {
    pub(crate) fn new(results: Results) -> Self {
        Self {
            results: Arc::new(results),
            shapes: OnceLock::new(),
        }
    }

    /// Lists the tables with their names.
    pub(crate) fn shapes(&self) -> &[(Shape, Words)] {
        self.shapes.get_or_init(|| {
            let shapes = Shape::all(self.results.borrow_dependent());
            let named = shapes.into_iter().map(|shape| {
                let name = Words::of(shape.name.clone());
                (shape, name)
            });
            named.collect()
        })
    }

    /// Finds a table by its name.
    pub(crate) fn shape(&self, name: &str) -> Outcome<&Shape> {
        let found = self.shapes().iter().find(|(shape, _)| shape.name == name);
        found.map(|(shape, _)| shape).ok_or_else(|| {
            let names: Vec<&str> = self
                .shapes()
                .iter()
                .map(|(shape, _)| shape.name.as_str())
                .collect();
            let message = format!("the report has no table \"{name}\"");
            Fault::new(guerdon_status::NotFound, message).advise(&format!("there are: {}", names.join(", ")))
        })
    }

    /// Begins to read a table.
    pub(crate) fn read(&self, shape: &Shape) -> Reading {
        Reading::new(Arc::clone(&self.results), |results| {
            shape.rows(&results.borrow_owner().plan, results.borrow_dependent())
        })
    }
}

impl TraceBody {
    pub(crate) fn new(trace: Trace) -> Self {
        Self {
            trace,
            own: OnceLock::new(),
            english: OnceLock::new(),
            chinese: OnceLock::new(),
            json: OnceLock::new(),
        }
    }

    pub(crate) fn text(&self, language: Option<Language>) -> &Words {
        let (kept, language) = match language {
            None => (&self.own, self.trace.language),
            Some(Language::En) => (&self.english, Language::En),
            Some(Language::Zh) => (&self.chinese, Language::Zh),
        };
        kept.get_or_init(|| Words::of(self.trace.text(language)))
    }
}

/// Takes hold of an object that one thread uses at a time.
pub(crate) fn hold<T>(body: &Mutex<T>) -> Outcome<MutexGuard<'_, T>> {
    body.try_lock().map_err(|refused| match refused {
        TryLockError::WouldBlock => in_use("another thread is in a call with this handle"),
        TryLockError::Poisoned(_) => poisoned(),
    })
}

fn poisoned() -> Box<Fault> {
    let message = "an earlier call on this handle ended in a fault of the library";
    Fault::new(guerdon_status::Poisoned, message).advise("free it, and make a new one")
}

/// Reads options: limits, flag and days.
pub(crate) fn run_of(caller: &Caller, options: *const guerdon_options) -> Outcome<Run> {
    let options = caller.options(options)?;
    let cancel = match options.cancel.is_null() {
        true => CancelFlag::default(),
        false => CancelFlag::clone(&*open::<guerdon_cancel>(options.cancel)?),
    };
    let limits = caller.options(options.limits)?.engine(cancel);
    if options.has & !(GUERDON_HAS_THROUGH | GUERDON_HAS_SHOWN_FROM) != 0 {
        let message = "\"has\" of the options names days that this version of the library does not know";
        return Err(Fault::new(guerdon_status::BadStruct, message));
    }
    let day = |flag: u32, days: i32| match options.has & flag {
        0 => Ok(None),
        _ => day(days).map(Some),
    };
    Ok(Run {
        through: day(GUERDON_HAS_THROUGH, options.through)?,
        shown_from: day(GUERDON_HAS_SHOWN_FROM, options.shown_from)?,
        limits,
        threads: usize::try_from(options.threads).unwrap_or(1).min(MOST_THREADS),
    })
}

/// More threads than that are of no use to a run.
const MOST_THREADS: usize = 64;

/// Reads a day as days since 1970-01-01.
pub(crate) fn day(days: i32) -> Outcome<Date> {
    Date::from_days(days).ok_or_else(|| {
        let message = format!("{days} days from 1970-01-01 is no day of the years 1 to 9999");
        Fault::new(guerdon_status::BadArgument, message)
    })
}
