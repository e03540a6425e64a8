//! Records that change, and what somebody would be paid if: one seller among all.

use std::ptr;
use std::time::{Duration, Instant};

use guerdon_ffi::api::session::*;
use guerdon_ffi::types::{guerdon_builder, guerdon_facts, guerdon_plan, guerdon_session, guerdon_text};

use super::Records;
use super::calls::*;

/// A session, and the text that it gave last.
struct Live {
    session: *mut guerdon_session,
    out: guerdon_text,
}

/// Loads records value by value, and measures single calls and a session.
pub(crate) fn measure(records: Records<'_>) {
    let plan = compiled();
    let start = Instant::now();
    let facts = by_column(plan, records);
    println!("load through C             {:>10.2?}", start.elapsed());
    let start = Instant::now();
    let report = evaluated(plan, facts);
    println!("evaluate all through C     {:>10.2?}", start.elapsed());
    // SAFETY: it is not used any more.
    unsafe { ok(guerdon_report_free(report)) };
    one_call(facts);
    let mut live = Live::of(plan, facts);
    first_questions(&mut live, records);
    again(&mut live, records);
    changes(&mut live, records);
    // SAFETY: they are not used any more.
    unsafe {
        ok(guerdon_session_free(live.session));
        ok(guerdon_plan_free(plan));
    }
}

fn by_column(plan: *mut guerdon_plan, records: Records<'_>) -> *mut guerdon_facts {
    let texts = |words: &mut dyn Iterator<Item = guerdon_text>| words.collect::<Vec<_>>();
    let names = texts(&mut records.names.iter().map(|name| text(name)));
    let ids = texts(&mut records.ids.iter().map(|id| text(id)));
    let owners = texts(&mut records.owners.iter().map(|owner| text(owner)));
    filled(plan, |builder| {
        text_column(builder, ("Seller", "name"), &names);
        text_column(builder, ("Deal", "id"), &ids);
        text_column(builder, ("Deal", "seller"), &owners);
        let (deal, amount, day) = (text("Deal"), text("amount"), text("signed_on"));
        let (cents, days) = (records.cents, records.days);
        let (none, all) = (ptr::null(), cents.len());
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            ok(guerdon_builder_column_number(
                builder,
                deal.data,
                deal.len,
                amount.data,
                amount.len,
                cents.as_ptr(),
                2,
                none,
                all,
                ptr::null_mut(),
            ));
            ok(guerdon_builder_column_date(
                builder,
                deal.data,
                deal.len,
                day.data,
                day.len,
                days.as_ptr(),
                none,
                all,
                ptr::null_mut(),
            ));
        }
    })
}

fn text_column(builder: *mut guerdon_builder, (table, field): (&str, &str), values: &[guerdon_text]) {
    let (table, field) = (text(table), text(field));
    let (values, count) = (values.as_ptr(), values.len());
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_builder_column_text(
            builder,
            table.data,
            table.len,
            field.data,
            field.len,
            values,
            count,
            none(),
        ));
    }
}

fn one_call(facts: *mut guerdon_facts) {
    let (deal, mut rows) = (text("Deal"), 0);
    let one = best(100_000, || {
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            ok(guerdon_facts_count(
                facts,
                deal.data,
                deal.len,
                &raw mut rows,
                none(),
            ))
        };
    });
    println!("one call that does nothing {one:>10.2?}");
}

/// Asks about seller after seller, of whom nothing is kept yet.
fn first_questions(live: &mut Live, Records { names, .. }: Records<'_>) {
    let sellers = names.iter().skip(7).step_by(names.len() / 20);
    let times: Vec<Duration> = sellers
        .map(|name| timed(|| live.what_if(name, &deal("X", name))))
        .collect();
    println!("what if, the very first    {:>10.2?}", times[0]);
    println!(
        "what if, of another seller {:>10.2?}, the longest {:.2?}",
        times[1..].iter().min().unwrap(),
        times[1..].iter().max().unwrap()
    );
}

/// Asks about one seller again and again.
fn again(live: &mut Live, Records { names, .. }: Records<'_>) {
    let name = &names[names.len() / 2];
    let record = deal("X", name);
    println!("pay of one, first asked    {:>10.2?}", timed(|| live.pay(name)));
    println!(
        "pay of one, asked again    {:>10.2?}",
        best(200, || live.pay(name))
    );
    println!(
        "what if, one of all        {:>10.2?}",
        best(200, || live.what_if(name, &record))
    );
}

/// Changes records; then asks about their seller, and about one of whom nothing is kept.
fn changes(live: &mut Live, Records { names, ids, .. }: Records<'_>) {
    let name = &names[names.len() / 2];
    let last = deal("X", name);
    let replaced = |live: &mut Live| {
        live.upsert(&last);
        live.pay(name);
    };
    replaced(live);
    let times = times(20, |_| timed(|| replaced(live)));
    show("deal replaced, then pay", &times);
    let middle = |place: usize| format!("{}x", ids[ids.len() / 40 * place]);
    let mut asked = Vec::new();
    let mut others = Vec::new();
    let inserted = self::times(20, |place| {
        let record = deal(&middle(place + 10), name);
        let time = timed(|| live.upsert(&record));
        asked.push(timed(|| live.what_if(name, &last)));
        let other = &names[(place * 97 + 1) % names.len()];
        let record = deal("Y", other);
        others.push(timed(|| live.what_if(other, &record)));
        time
    });
    show("deal put in between others", &inserted);
    show("  then what if, same one", &asked);
    show("  then what if, another", &others);
    let removed = self::times(20, |place| timed(|| live.remove(&middle(place + 10))));
    show("deal between others gone", &removed);
}

impl Live {
    /// Begins a session; the facts' handle is freed.
    fn of(plan: *mut guerdon_plan, facts: *mut guerdon_facts) -> Self {
        let (mut session, start) = (none(), Instant::now());
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            ok(guerdon_session_new(
                plan,
                facts,
                ptr::null(),
                &raw mut session,
                none(),
            ));
            println!("session begun              {:>10.2?}", start.elapsed());
            ok(guerdon_facts_free(facts));
        }
        Self {
            session,
            out: text(""),
        }
    }

    fn pay(&mut self, name: &str) {
        let (name, out) = (text(name), &raw mut self.out);
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            ok(guerdon_session_pay(
                self.session,
                name.data,
                name.len,
                out,
                none(),
            ))
        };
    }

    fn what_if(&mut self, name: &str, record: &str) {
        let (name, deal, record) = (text(name), text("Deal"), text(record));
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            ok(guerdon_session_what_if_json(
                self.session,
                name.data,
                name.len,
                deal.data,
                deal.len,
                record.data,
                record.len,
                &raw mut self.out,
                none(),
            ));
        }
    }

    fn upsert(&mut self, record: &str) {
        let (deal, record) = (text("Deal"), text(record));
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            ok(guerdon_session_upsert_json(
                self.session,
                deal.data,
                deal.len,
                record.data,
                record.len,
                none(),
            ));
        }
    }

    fn remove(&mut self, id: &str) {
        let (deal, field, id) = (text("Deal"), text("id"), text(id));
        let key = guerdon_ffi::types::guerdon_value {
            field: field.data,
            field_len: field.len,
            text: id.data,
            text_len: id.len,
            number: 0,
            kind: 5,
            decimals: 0,
        };
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            ok(guerdon_session_remove(
                self.session,
                deal.data,
                deal.len,
                &raw const key,
                1,
                none(),
                none(),
            ));
        }
    }
}

fn deal(id: &str, name: &str) -> String {
    format!("{{\"id\": \"{id}\", \"seller\": \"{name}\", \"amount\": 1000, \"signed_on\": \"2026-06-30\"}}")
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn times(count: usize, work: impl FnMut(usize) -> Duration) -> Vec<Duration> {
    (0..count).map(work).collect()
}

/// Prints the least, the middle and the longest time.
fn show(what: &str, times: &[Duration]) {
    let mut sorted = times.to_vec();
    sorted.sort();
    let (middle, last) = (sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
    println!(
        "{what:<26} {:>10.2?}, in the middle {middle:.2?}, the longest {last:.2?}",
        sorted[0]
    );
}

/// Gives the least time of a call: of ten stretches, each divided by its calls.
fn best(calls: u32, mut call: impl FnMut()) -> Duration {
    let stretch = |_| {
        let start = Instant::now();
        (0..calls).for_each(|_| call());
        start.elapsed() / calls
    };
    (0..10).map(stretch).min().unwrap()
}
