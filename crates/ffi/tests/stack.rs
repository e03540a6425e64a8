//! Calls on small stacks: those of Java threads, coroutines, and callers that bring stacks of their own.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]

mod common;
use common::Made;

#[test]
fn the_main_job_is_done_on_a_stack_of_64_kib() {
    let small = std::thread::Builder::new().stack_size(64 << 10);
    let thread = small.spawn(|| Made::new().free()).unwrap();
    assert!(thread.join().is_ok());
}
