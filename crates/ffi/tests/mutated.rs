//! Arrow batches whose lengths, offsets and values are drawn by lot: what the specification allows is taken in, everything
//! else is refused, and no byte is read that the producer did not give.
//!
//! Every buffer is exactly as long as its array says. So a check that is missing reads past one, which AddressSanitizer
//! tells (`crates/ffi/checks/run`).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]
#![expect(unsafe_code, reason = "the interface is called as a C program calls it")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests count"
)]

use std::ffi::c_void;
use std::ptr;

use guerdon_ffi::api::builder::guerdon_builder_free;
use guerdon_ffi::status::guerdon_status as Status;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

mod common;
use common::arrow::*;
use common::{Made, builder, keep};

/// More rows than any array here has.
const MANY: i64 = 1 << 31;
/// The digits of an amount.
const DIGITS: u32 = 5;

/// Where an array begins, how long it is, which of its values are missing, and how many buffers it says it has.
#[derive(Debug, Clone)]
struct Stretch {
    length: i64,
    offset: i64,
    null_count: i64,
    validity: Option<Vec<u8>>,
    more_buffers: i64,
}

/// Texts: where each begins and ends, and the bytes.
#[derive(Debug, Clone)]
struct Texts {
    stretch: Stretch,
    steps: Vec<i32>,
    bytes: Vec<u8>,
}

/// A batch of deals, as it was drawn.
#[derive(Debug, Clone)]
struct Drawn {
    rows: Stretch,
    ids: Texts,
    sellers: (Stretch, Vec<i8>),
    words: Texts,
    amounts: (Stretch, Vec<i128>),
    days: (Stretch, Vec<i32>),
}

fn stretch(least: i64) -> impl Strategy<Value = Stretch> {
    let length = prop_oneof![90 => least..least + 4, 1 => Just(-1), 1 => Just(i64::MAX), 1 => Just(0)];
    let offset = prop_oneof![60 => 0_i64..3, 1 => Just(-1), 1 => Just(i64::MAX - 2)];
    let null_count =
        prop_oneof![20 => Just(-1_i64), 30 => Just(0), 5 => 0_i64..4, 1 => Just(-2), 1 => Just(99)];
    let byte = prop_oneof![8 => Just(0xFF_u8), 1 => any::<u8>()];
    let validity = prop::option::weighted(0.7, prop::collection::vec(byte, 4));
    let more_buffers = prop_oneof![120 => Just(0_i64), 1 => -4_i64..3];
    (length, offset, null_count, validity, more_buffers).prop_map(
        |(length, offset, null_count, validity, more_buffers)| Stretch {
            length,
            offset,
            null_count,
            validity,
            more_buffers,
        },
    )
}

fn texts(least: i64) -> impl Strategy<Value = Texts> {
    let step = prop_oneof![200 => 0_i32..4, 1 => -3_i32..0, 1 => Just(1_000)];
    let byte = prop_oneof![200 => b'a'..=b'z', 1 => Just(0xC3_u8)];
    let steps = prop::collection::vec(step, 16);
    (stretch(least), steps, prop::collection::vec(byte, 64)).prop_map(|(stretch, steps, bytes)| Texts {
        stretch,
        steps,
        bytes,
    })
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let rows = prop_oneof![30 => stretch(0), 1 => stretch(MANY)];
    let place = prop_oneof![60 => 0_i8..2, 1 => any::<i8>()];
    let amount = prop_oneof![60 => -99_999_i128..100_000, 1 => any::<i128>()];
    let sellers = (stretch(5), prop::collection::vec(place, 16));
    let amounts = (stretch(5), prop::collection::vec(amount, 16));
    let days = (stretch(5), prop::collection::vec(any::<i32>(), 16));
    (rows, texts(5), sellers, texts(2), amounts, days).prop_map(
        |(rows, ids, sellers, words, amounts, days)| Drawn {
            rows,
            ids,
            sellers,
            words,
            amounts,
            days,
        },
    )
}

impl Stretch {
    /// Gives the first value and the number of values, if that is what they can be.
    fn range(&self) -> Option<(usize, usize)> {
        let is_sound = (0..=MANY + 4).contains(&self.length)
            && (0..=MANY).contains(&self.offset)
            && (-1..=self.length).contains(&self.null_count)
            && (self.validity.is_some() || self.null_count <= 0)
            && self.more_buffers == 0;
        let range = (
            usize::try_from(self.offset).ok()?,
            usize::try_from(self.length).ok()?,
        );
        is_sound.then_some(range)
    }

    /// Counts the values that its buffers have.
    fn count(&self) -> usize {
        self.range()
            .map_or(3, |(offset, length)| (offset + length).min(16))
    }

    fn is_there(&self, at: usize) -> bool {
        match &self.validity {
            Some(bits) if self.null_count != 0 => bits[at / 8] >> (at % 8) & 1 == 1,
            Some(_) | None => true,
        }
    }

    /// Makes the array, with the bits that say which values are there in front of its other buffers.
    fn array(&self, others: &[*const c_void]) -> &'static mut Array {
        let bits = self.validity.as_ref().map_or(ptr::null(), |bits| {
            buffer(bits[..self.count().div_ceil(8)].to_vec())
        });
        let claimed = others.len() as i64 + 1 + self.more_buffers;
        let mut buffers = vec![bits];
        buffers.extend_from_slice(others);
        buffers.resize(usize::try_from(claimed).unwrap_or(0), ptr::null());
        let made = array(self.length, Vec::new());
        made.buffers = keep(buffers.into_boxed_slice()).as_mut_ptr();
        (made.offset, made.null_count, made.n_buffers) = (self.offset, self.null_count, claimed);
        made
    }
}

impl Texts {
    fn offsets(&self) -> Vec<i32> {
        let steps = self.steps.iter().take(self.stretch.count());
        let mut last = 0;
        let ends = steps.map(|step| {
            last += step;
            last
        });
        std::iter::once(0).chain(ends).collect()
    }

    fn array(&self) -> &'static mut Array {
        let offsets = self.offsets();
        let most = offsets.iter().copied().max().unwrap_or(0);
        let bytes = self.bytes.iter().copied().cycle();
        let bytes: Vec<u8> = bytes.take(usize::try_from(most).unwrap_or(0)).collect();
        self.stretch.array(&[buffer(offsets), buffer(bytes)])
    }

    /// Says whether the texts of a range are texts.
    fn is_sound(&self, from: usize, count: usize) -> bool {
        let offsets = self.offsets();
        let own = &offsets[from..=from + count];
        let bytes: Vec<u8> = self.bytes.iter().copied().cycle().take(70_000).collect();
        let is_text = |place: usize| {
            let range = usize::try_from(own[place]).unwrap()..usize::try_from(own[place + 1]).unwrap();
            std::str::from_utf8(&bytes[range]).is_ok()
        };
        count == 0
            || own[0] >= 0
                && own.is_sorted()
                && (0..count).all(|place| !self.stretch.is_there(from + place) || is_text(place))
    }
}

impl Drawn {
    /// Says what the specification says of it.
    fn is_sound(&self) -> Option<()> {
        let (skipped, rows) = self.rows.range()?;
        let columns = [&self.ids.stretch, &self.sellers.0, &self.amounts.0, &self.days.0];
        let ranges: Option<Vec<(usize, usize)>> = columns.iter().map(|column| column.range()).collect();
        let ranges = ranges?;
        let is_enough = ranges.iter().all(|(_, length)| skipped + rows <= *length);
        let (first, words) = self.words.stretch.range()?;
        let all = |place: usize, is_good: &dyn Fn(usize) -> bool| {
            let mut own = (0..rows).map(|row| ranges[place].0 + skipped + row);
            own.all(|at| !columns[place].is_there(at) || is_good(at))
        };
        let most = 10_u128.pow(DIGITS);
        let is_sound = is_enough
            && (0..rows).all(|row| self.rows.is_there(skipped + row))
            && self.ids.is_sound(ranges[0].0 + skipped, rows)
            && self.words.is_sound(first, words)
            && all(1, &|at| {
                usize::try_from(self.sellers.1[at]).is_ok_and(|place| place < words)
            })
            && all(2, &|at| self.amounts.1[at].unsigned_abs() < most);
        is_sound.then_some(())
    }

    fn add(&self, made: &Made) -> Status {
        let mut batch = Batch::new();
        let sellers = &self.sellers;
        let places = sellers
            .0
            .array(&[buffer(sellers.1[..sellers.0.count()].to_vec())]);
        places.dictionary = self.words.array();
        let (amounts, days) = (&self.amounts, &self.days);
        let mut columns: Vec<*mut Array> = vec![
            self.ids.array(),
            places,
            amounts
                .0
                .array(&[buffer(amounts.1[..amounts.0.count()].to_vec())]),
            days.0.array(&[buffer(days.1[..days.0.count()].to_vec())]),
        ];
        batch.field(2).format = c("d:5,2");
        batch.array = self.rows.array(&[]);
        batch.array.n_children = 4;
        batch.array.children = keep(std::mem::take(&mut columns).into_boxed_slice()).as_mut_ptr();
        let load = builder(made.plan);
        let status = batch.add(load, ptr::null_mut());
        // SAFETY: it is not used any more.
        assert_eq!(unsafe { guerdon_builder_free(load) }, Status::Ok);
        status
    }
}

#[test]
fn batches_by_lot_are_taken_in_if_they_are_sound_and_refused_if_not() {
    let cases = std::env::var("GUERDON_CASES").map_or(2_000, |cases| cases.parse().unwrap());
    let made = Made::new();
    let (mut taken, mut refused) = (0, 0);
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        },
        prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let counts = std::cell::RefCell::new((&mut taken, &mut refused));
    let run = runner.run(&drawn(), |drawn| {
        let status = drawn.add(&made);
        let mut counts = counts.borrow_mut();
        if drawn.is_sound().is_some() {
            *counts.0 += 1;
            prop_assert_eq!(status, Status::Ok);
        } else {
            *counts.1 += 1;
            prop_assert_eq!(status, Status::BadArrow);
        }
        Ok(())
    });
    assert!(run.is_ok(), "{run:?}");
    assert!(
        taken >= cases / 20 && refused >= cases / 4,
        "{taken} taken in, {refused} refused"
    );
    made.free();
}
