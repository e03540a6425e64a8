//! Calls that several programs here make, with everything that they are made of.

use std::ptr;

use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::{guerdon_builder, guerdon_facts, guerdon_plan, guerdon_report, guerdon_text};

pub(crate) use guerdon_ffi::api::builder::*;
pub(crate) use guerdon_ffi::api::plan::*;
pub(crate) use guerdon_ffi::api::report::*;
pub(crate) use guerdon_ffi::api::version::guerdon_live_handles;

/// The rules of all hosts: five per cent of each deal, by the month.
pub(crate) const RULES: &str = include_str!("../../../../examples/hosts/plan.guerdon");

/// Compiles the rules.
pub(crate) fn compiled() -> *mut guerdon_plan {
    let (mut sources, mut plan) = (none(), none());
    let (name, rules) = (text("plan.guerdon"), text(RULES));
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_sources_new(&raw mut sources, none()));
        ok(guerdon_sources_add(
            sources,
            name.data,
            name.len,
            rules.data,
            rules.len,
            none(),
        ));
        ok(guerdon_plan_compile(sources, &raw mut plan, none()));
        ok(guerdon_sources_free(sources));
    }
    plan
}

/// Loads what `fill` hands over.
pub(crate) fn filled(plan: *mut guerdon_plan, fill: impl FnOnce(*mut guerdon_builder)) -> *mut guerdon_facts {
    let (mut builder, mut facts) = (none(), none());
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_builder_new(plan, ptr::null(), &raw mut builder, none()));
        fill(builder);
        ok(guerdon_builder_finish(builder, &raw mut facts, none()));
        ok(guerdon_builder_free(builder));
    }
    facts
}

/// Loads records that are written as JSON.
#[allow(dead_code, reason = "not every program has records as JSON")]
pub(crate) fn loaded(plan: *mut guerdon_plan, json: &str) -> *mut guerdon_facts {
    let json = text(json);
    filled(plan, |builder| {
        // SAFETY: all arguments are what the header asks for.
        unsafe { ok(guerdon_builder_json(builder, json.data, json.len, none())) };
    })
}

/// Runs the plan without options.
#[allow(dead_code, reason = "not every program runs the plan without options")]
pub(crate) fn evaluated(plan: *mut guerdon_plan, facts: *mut guerdon_facts) -> *mut guerdon_report {
    let mut report = none();
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_plan_evaluate(
            plan,
            facts,
            ptr::null(),
            &raw mut report,
            none(),
        ));
    }
    report
}

pub(crate) fn none<T>() -> *mut T {
    ptr::null_mut()
}

pub(crate) fn ok(status: Status) {
    assert_eq!(status, Status::Ok);
}

pub(crate) fn text(text: &str) -> guerdon_text {
    guerdon_text {
        data: text.as_ptr().cast(),
        len: text.len(),
    }
}
