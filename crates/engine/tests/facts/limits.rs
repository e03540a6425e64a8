//! Limits end a load with an error that names them.

use guerdon::error::Error;
use guerdon::facts::Facts;
use guerdon::limits::{CancelFlag, Limit, Limits};

use crate::fixture::{TEAM, program};

fn loaded(limits: Limits, rows: usize) -> Result<Facts, Error> {
    let program = program();
    let mut builder = Facts::builder(&program).with_limits(limits);
    let mut loader = builder.text_table(TEAM, &["id"], None);
    for row in 0..rows {
        loader.push(&[format!("team{row}").as_bytes()])?;
    }
    builder.finish()
}

#[test]
fn every_limit_is_checked_as_the_table_grows_or_at_its_end() {
    let exceeded = |limit, wanted, most| Err(Error::LimitExceeded { limit, wanted, most });
    let few = |limits: Limits| loaded(limits, 5_000).map(|facts| facts.table(TEAM).unwrap().len());
    assert_eq!(
        few(Limits {
            rows: 5_000,
            ..Limits::default()
        }),
        Ok(5_000)
    );
    assert_eq!(
        few(Limits {
            rows: 4_999,
            ..Limits::default()
        }),
        exceeded(Limit::Rows, 5_000, 4_999)
    );
    assert_eq!(
        few(Limits {
            rows: 1_500,
            ..Limits::default()
        }),
        exceeded(Limit::Rows, 2_048, 1_500)
    );
    assert_eq!(
        few(Limits {
            cells: 3_000,
            ..Limits::default()
        }),
        exceeded(Limit::Cells, 3_072, 3_000)
    );
    let text = few(Limits {
        text_bytes: 10_000,
        ..Limits::default()
    });
    assert!(matches!(
        text,
        Err(Error::LimitExceeded {
            limit: Limit::TextBytes,
            most: 10_000,
            ..
        })
    ));
    let memory = few(Limits {
        memory_bytes: 60_000,
        ..Limits::default()
    });
    assert!(matches!(
        memory,
        Err(Error::LimitExceeded {
            limit: Limit::MemoryBytes,
            most: 60_000,
            ..
        })
    ));
}

#[test]
fn a_host_can_stop_a_load() {
    let cancel = CancelFlag::default();
    cancel.cancel();
    let limits = Limits {
        cancel,
        ..Limits::default()
    };
    assert_eq!(loaded(limits, 0).err(), Some(Error::Cancelled));
}

#[test]
fn a_failure_stays_a_failure() {
    let program = program();
    let mut builder = Facts::builder(&program).with_limits(Limits {
        rows: 1_000,
        ..Limits::default()
    });
    let mut loader = builder.text_table(TEAM, &["id"], None);
    let refused = (0..1_024).find_map(|row| loader.push(&[format!("t{row}").as_bytes()]).err());
    let expected = Error::LimitExceeded {
        limit: Limit::Rows,
        wanted: 1_024,
        most: 1_000,
    };
    assert_eq!(refused, Some(expected.clone()));
    assert_eq!(builder.finish().err(), Some(expected));
}
