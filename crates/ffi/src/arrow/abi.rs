//! The structs of the specification, and what takes them over.

#![expect(
    unsafe_code,
    reason = "structs of another library are moved and released here"
)]

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use crate::status::{Fault, Outcome};

/// A type with a name.
#[repr(C)]
pub struct ArrowSchema {
    pub(crate) format: *const c_char,
    pub(crate) name: *const c_char,
    pub(crate) metadata: *const c_char,
    pub(crate) flags: i64,
    pub(crate) n_children: i64,
    pub(crate) children: *mut *mut ArrowSchema,
    pub(crate) dictionary: *mut ArrowSchema,
    pub(crate) release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    pub(crate) private_data: *mut c_void,
}

/// Values of a type.
#[repr(C)]
pub struct ArrowArray {
    pub(crate) length: i64,
    pub(crate) null_count: i64,
    pub(crate) offset: i64,
    pub(crate) n_buffers: i64,
    pub(crate) n_children: i64,
    pub(crate) buffers: *mut *const c_void,
    pub(crate) children: *mut *mut ArrowArray,
    pub(crate) dictionary: *mut ArrowArray,
    pub(crate) release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    pub(crate) private_data: *mut c_void,
}

/// Arrays of one type, one after the other.
#[repr(C)]
pub struct ArrowArrayStream {
    pub(crate) get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    pub(crate) get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    pub(crate) get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    pub(crate) release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    pub(crate) private_data: *mut c_void,
}

/// A struct with a callback that ends it.
///
/// # Safety
///
/// The struct is one of the specification's, and `take_release` gives its callback and leaves none.
pub(crate) unsafe trait Released: Sized {
    const NAME: &'static str;
    fn empty() -> Self;
    fn take_release(&mut self) -> Option<unsafe extern "C" fn(*mut Self)>;
    fn put_release(&mut self, release: unsafe extern "C" fn(*mut Self));
}

/// A struct that is ours now, and is released when it is dropped.
pub(crate) struct Moved<T: Released>(T);

impl<T: Released> Moved<T> {
    /// Moves a struct away from its producer, which finds it released.
    ///
    /// # Safety
    ///
    /// `from` is NULL or a struct of the specification that can be written.
    pub(crate) unsafe fn from(from: *mut T) -> Outcome<Self> {
        if from.is_null() {
            return Err(crate::caller::null());
        }
        if !from.is_aligned() {
            return Err(Fault::arrow(format!("the {} is not aligned", T::NAME)));
        }
        // SAFETY: the caller promises a struct that can be read and written.
        let mut moved = unsafe { ptr::replace(from, T::empty()) };
        match moved.take_release() {
            Some(release) => moved.put_release(release),
            None => return Err(Fault::arrow(format!("the {} has been released", T::NAME))),
        }
        Ok(Self(moved))
    }

    /// Makes room for a struct that a producer is going to fill.
    pub(crate) fn room() -> Self {
        Self(T::empty())
    }

    pub(crate) fn get(&self) -> &T {
        &self.0
    }

    pub(crate) fn place(&mut self) -> *mut T {
        &raw mut self.0
    }
}

impl<T: Released> Drop for Moved<T> {
    fn drop(&mut self) {
        if let Some(release) = self.0.take_release() {
            self.0.put_release(release);
            // SAFETY: the struct is ours, has not been released, and its producer promises the callback.
            unsafe { release(&raw mut self.0) };
        }
    }
}

macro_rules! released {
    ($kind:ident, $name:literal, $empty:expr) => {
        // SAFETY: it is the struct of the specification, with its own callback.
        unsafe impl Released for $kind {
            const NAME: &'static str = $name;
            fn empty() -> Self {
                $empty
            }
            fn take_release(&mut self) -> Option<unsafe extern "C" fn(*mut Self)> {
                self.release.take()
            }
            fn put_release(&mut self, release: unsafe extern "C" fn(*mut Self)) {
                self.release = Some(release);
            }
        }
    };
}

released!(
    ArrowSchema,
    "schema",
    ArrowSchema {
        format: ptr::null(),
        name: ptr::null(),
        metadata: ptr::null(),
        flags: 0,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    }
);
released!(
    ArrowArray,
    "array",
    ArrowArray {
        length: 0,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: ptr::null_mut(),
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    }
);
released!(
    ArrowArrayStream,
    "stream",
    ArrowArrayStream {
        get_schema: None,
        get_next: None,
        get_last_error: None,
        release: None,
        private_data: ptr::null_mut(),
    }
);
