//! Limits on what one load or run may use, so that data can neither exhaust nor stall the host.
//!
//! A limit never changes a result: a run stays within it and is complete, or ends with an error that names the limit.
//! There is no clock here; a host with a deadline sets the cancel flag when the time is up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;
pub use crate::error::Limit;

/// Bounds one load or one run.
///
/// # Examples
///
/// ```
/// use guerdon::limits::Limits;
///
/// let limits = Limits { memory_bytes: 512 << 20, ..Limits::default() };
/// assert!(limits.rows(1_000_000).is_ok());
/// ```
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most records of one table.
    pub rows: u64,
    /// The most cells of all tables.
    pub cells: u64,
    /// The most bytes of one cell of text.
    pub cell_bytes: u64,
    /// The most bytes of different texts in one column.
    pub text_bytes: u64,
    /// The most bytes that columns and results may hold at one time.
    pub memory_bytes: u64,
    /// The most groups of one aggregate.
    pub groups: u64,
    /// The most problems that are kept in full; further ones are counted.
    pub problems: u64,
    /// The flag by which the host stops a run.
    pub cancel: CancelFlag,
}

/// Lets a host stop a load or run from any thread.
///
/// # Examples
///
/// ```
/// use guerdon::limits::{CancelFlag, Limits};
///
/// let cancel = CancelFlag::default();
/// let limits = Limits { cancel: cancel.clone(), ..Limits::default() };
/// cancel.cancel();
/// assert!(limits.proceed().is_err());
/// ```
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

/// The most records that row ids of 32 bits can name.
const MOST_ROWS: u64 = 0xFFFF_FFF0;

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            rows: MOST_ROWS,
            cells: 1 << 36,
            cell_bytes: 64 << 10,
            text_bytes: 4 << 30,
            memory_bytes: 16 << 30,
            groups: 50_000_000,
            problems: 100,
            cancel: CancelFlag::default(),
        }
    }
}

impl Limits {
    /// Lets a table have so many records.
    ///
    /// # Errors
    ///
    /// [`Error::LimitExceeded`].
    pub fn rows(&self, wanted: usize) -> Result<(), Error> {
        within(Limit::Rows, wanted, self.rows.min(MOST_ROWS))
    }

    /// Lets all tables together have so many cells.
    ///
    /// # Errors
    ///
    /// [`Error::LimitExceeded`].
    pub fn cells(&self, wanted: usize) -> Result<(), Error> {
        within(Limit::Cells, wanted, self.cells)
    }

    /// Lets one column hold so many bytes of different texts.
    ///
    /// # Errors
    ///
    /// [`Error::LimitExceeded`].
    pub fn text_bytes(&self, wanted: usize) -> Result<(), Error> {
        within(Limit::TextBytes, wanted, self.text_bytes)
    }

    /// Lets columns and results hold so many bytes at one time.
    ///
    /// # Errors
    ///
    /// [`Error::LimitExceeded`].
    pub fn memory(&self, wanted: usize) -> Result<(), Error> {
        within(Limit::MemoryBytes, wanted, self.memory_bytes)
    }

    /// Lets an aggregate have so many groups.
    ///
    /// # Errors
    ///
    /// [`Error::LimitExceeded`].
    pub fn groups(&self, wanted: usize) -> Result<(), Error> {
        within(Limit::Groups, wanted, self.groups)
    }

    /// Goes on unless the host asked to stop.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`].
    pub fn proceed(&self) -> Result<(), Error> {
        if self.cancel.is_cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }
}

impl CancelFlag {
    /// Asks the load or run to stop at its next checkpoint.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Says whether the host asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Makes room for so many further values, charged against nothing but the memory of the machine.
///
/// Buffers whose size the input decides are grown by this alone, so that a lack of memory is an error and not the end
/// of the host's process.
///
/// # Errors
///
/// [`Error::OutOfMemory`].
pub fn reserve<T>(values: &mut Vec<T>, additional: usize) -> Result<(), Error> {
    values.try_reserve(additional).map_err(|_| Error::OutOfMemory)
}

fn within(limit: Limit, wanted: usize, most: u64) -> Result<(), Error> {
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
    if wanted > most {
        Err(Error::LimitExceeded { limit, wanted, most })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_the_last_number_that_is_let_through() {
        let limits = Limits {
            rows: 3,
            ..Limits::default()
        };
        assert_eq!(limits.rows(3), Ok(()));
        assert_eq!(
            limits.rows(4),
            Err(Error::LimitExceeded {
                limit: Limit::Rows,
                wanted: 4,
                most: 3
            })
        );
    }

    #[test]
    fn row_ids_bound_the_records_whatever_the_host_allows() {
        let limits = Limits {
            rows: u64::MAX,
            ..Limits::default()
        };
        let wanted = 1 << 33;
        assert_eq!(
            limits.rows(wanted),
            Err(Error::LimitExceeded {
                limit: Limit::Rows,
                wanted: 1 << 33,
                most: MOST_ROWS
            })
        );
    }

    #[test]
    fn what_does_not_fit_the_machine_is_an_error() {
        assert_eq!(
            reserve(&mut Vec::<u64>::new(), usize::MAX),
            Err(Error::OutOfMemory)
        );
    }
}
