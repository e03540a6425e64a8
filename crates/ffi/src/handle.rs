//! Handles: what the host holds instead of our objects.
//!
//! A handle looks like a pointer and is none: it is a kind, a generation and a place in a table, and is never followed.
//! So a handle that is NULL, made up, of another kind or freed is told from a live one without touching memory that may
//! be gone, and a host that follows one by mistake stops at once, since no such address exists. An object that is freed
//! while another thread is in a call with it lives until that call is over.

use std::any::Any;
use std::collections::VecDeque;
use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

/// The kinds of handles: the first byte of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sources,
    Plan,
    Builder,
    Facts,
    Report,
    Cursor,
    Trace,
    Session,
    Cancel,
    Error,
}

/// Connects the type that the header shows with the object behind it.
pub(crate) trait Handle: Sized {
    const KIND: Kind;
    type Body: Any + Send + Sync;
}

/// Says what is wrong with a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandleFault {
    Null,
    Bad,
    Wrong,
    Stale,
    Full,
}

/// One place of the table.
struct Slot {
    generation: usize,
    kind: Kind,
    body: Option<Arc<dyn Any + Send + Sync>>,
}

struct Table {
    slots: Vec<Slot>,
    free: VecDeque<usize>,
    live: usize,
}

/// No host can see this: it is reached by the handles alone.
static TABLE: RwLock<Table> = RwLock::new(Table {
    slots: Vec::new(),
    free: VecDeque::new(),
    live: 0,
});

const PLACE_BITS: u32 = 32;
const GENERATION_BITS: u32 = 24;
const LAST_PLACE: usize = (1 << PLACE_BITS) - 1;
const LAST_GENERATION: usize = (1 << GENERATION_BITS) - 1;
/// So many places rest before one is used again, so that a stale handle is told from a new one for long.
const RESTING: usize = 64;

impl Kind {
    /// Gives the first byte; with it the handle is no address that a process can have.
    const fn tag(self) -> usize {
        match self {
            Self::Sources => 0x61,
            Self::Plan => 0x62,
            Self::Builder => 0x63,
            Self::Facts => 0x64,
            Self::Report => 0x65,
            Self::Cursor => 0x66,
            Self::Trace => 0x67,
            Self::Session => 0x68,
            Self::Cancel => 0x69,
            Self::Error => 0x6A,
        }
    }
}

/// Gives out a handle for an object.
pub(crate) fn issue<H: Handle>(body: H::Body) -> Result<*mut H, HandleFault> {
    let body: Arc<dyn Any + Send + Sync> = Arc::new(body);
    let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    let place = table.place().ok_or(HandleFault::Full)?;
    let slot = table.slots.get_mut(place).ok_or(HandleFault::Full)?;
    (slot.kind, slot.body) = (H::KIND, Some(body));
    let generation = slot.generation;
    table.live = table.live.saturating_add(1);
    let tag = H::KIND.tag();
    let address = (tag << (PLACE_BITS + GENERATION_BITS)) | (generation << PLACE_BITS) | place;
    Ok(ptr::without_provenance_mut(address))
}

/// Finds the object of a handle.
pub(crate) fn open<H: Handle>(handle: *const H) -> Result<Arc<H::Body>, HandleFault> {
    let (generation, place) = parts(handle)?;
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    let slot = table.slots.get(place).ok_or(HandleFault::Bad)?;
    let body = slot.of(generation, H::KIND)?;
    Arc::clone(body).downcast().map_err(|_| HandleFault::Wrong)
}

/// Takes a handle back; the object goes when nothing uses it any more.
pub(crate) fn close<H: Handle>(handle: *const H) -> Result<Arc<H::Body>, HandleFault> {
    let (generation, place) = parts(handle)?;
    let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    let slot = table.slots.get_mut(place).ok_or(HandleFault::Bad)?;
    slot.of(generation, H::KIND)?;
    let body = slot.body.take().ok_or(HandleFault::Stale)?;
    slot.generation = slot.generation.saturating_add(1);
    if slot.generation <= LAST_GENERATION {
        table.free.push_back(place);
    }
    table.live = table.live.saturating_sub(1);
    drop(table);
    body.downcast().map_err(|_| HandleFault::Wrong)
}

/// Counts the handles that are not freed.
pub(crate) fn live() -> usize {
    TABLE.read().unwrap_or_else(PoisonError::into_inner).live
}

/// Takes a handle apart, if it can be one of ours at all.
fn parts<H: Handle>(handle: *const H) -> Result<(usize, usize), HandleFault> {
    let address = handle.addr();
    if address == 0 {
        return Err(HandleFault::Null);
    }
    let tag = address >> (PLACE_BITS + GENERATION_BITS);
    let is_kind = (Kind::Sources.tag()..=Kind::Error.tag()).contains(&tag);
    if !is_kind {
        return Err(HandleFault::Bad);
    }
    if tag != H::KIND.tag() {
        return Err(HandleFault::Wrong);
    }
    Ok(((address >> PLACE_BITS) & LAST_GENERATION, address & LAST_PLACE))
}

impl Slot {
    fn of(&self, generation: usize, kind: Kind) -> Result<&Arc<dyn Any + Send + Sync>, HandleFault> {
        if generation > self.generation {
            return Err(HandleFault::Bad);
        }
        let body = self.body.as_ref().filter(|_| generation == self.generation);
        let body = body.ok_or(HandleFault::Stale)?;
        if self.kind == kind {
            Ok(body)
        } else {
            Err(HandleFault::Bad)
        }
    }
}

impl Table {
    /// Finds a place that is free.
    fn place(&mut self) -> Option<usize> {
        let is_new = self.free.len() <= RESTING && self.slots.len() < LAST_PLACE;
        if !is_new {
            return self.free.pop_front();
        }
        let place = self.slots.len();
        self.slots.try_reserve(1).ok()?;
        self.slots.push(Slot {
            generation: 1,
            kind: Kind::Error,
            body: None,
        });
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Apple;
    struct Pear;

    impl Handle for Apple {
        const KIND: Kind = Kind::Plan;
        type Body = u32;
    }

    impl Handle for Pear {
        const KIND: Kind = Kind::Facts;
        type Body = String;
    }

    #[test]
    fn a_handle_finds_its_object_until_it_is_freed() {
        let apple = issue::<Apple>(7).unwrap();
        assert_eq!(open(apple).as_deref(), Ok(&7));
        assert_eq!(close(apple).as_deref(), Ok(&7));
        assert_eq!(open(apple), Err(HandleFault::Stale));
        assert_eq!(close(apple), Err(HandleFault::Stale));
    }

    #[test]
    fn handles_of_another_kind_and_made_up_ones_are_told() {
        let apple = issue::<Apple>(7).unwrap();
        assert_eq!(open(apple.cast::<Pear>()), Err(HandleFault::Wrong));
        assert_eq!(open(ptr::null::<Apple>()), Err(HandleFault::Null));
        assert_eq!(
            open(ptr::without_provenance::<Apple>(0x1000)),
            Err(HandleFault::Bad)
        );
        let later = apple.addr() + (5 << PLACE_BITS);
        assert_eq!(
            open(ptr::without_provenance::<Apple>(later)),
            Err(HandleFault::Bad)
        );
        assert_eq!(
            open(ptr::without_provenance::<Apple>(apple.addr() | LAST_PLACE)),
            Err(HandleFault::Bad)
        );
        assert_eq!(close(apple).as_deref(), Ok(&7));
    }

    #[test]
    fn an_object_outlives_its_handle_while_it_is_used() {
        let pear = issue::<Pear>("ripe".to_owned()).unwrap();
        let used = open(pear).unwrap();
        assert_eq!(close(pear).as_deref(), Ok(&"ripe".to_owned()));
        assert_eq!(*used, "ripe");
    }

    #[test]
    fn a_stale_handle_stays_stale_when_its_place_is_used_again() {
        let first = issue::<Apple>(0).unwrap();
        assert!(close(first).is_ok());
        for round in 0..1_000 {
            let other = issue::<Apple>(round).unwrap();
            assert_ne!(other, first);
            assert_eq!(open(first), Err(HandleFault::Stale));
            assert!(close(other).is_ok());
        }
    }
}
