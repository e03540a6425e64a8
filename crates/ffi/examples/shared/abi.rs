//! The structs of the Arrow C data and stream interface, as any program declares them.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

/// Ends a schema.
pub type EndSchema = unsafe extern "C" fn(*mut Schema);
/// Ends an array.
pub type EndArray = unsafe extern "C" fn(*mut Array);

/// A type with a name.
#[repr(C)]
pub struct Schema {
    pub format: *const c_char,
    pub name: *const c_char,
    pub metadata: *const c_char,
    pub flags: i64,
    pub n_children: i64,
    pub children: *mut *mut Schema,
    pub dictionary: *mut Schema,
    pub release: Option<EndSchema>,
    pub private_data: *mut c_void,
}

/// Values of a type.
#[repr(C)]
pub struct Array {
    pub length: i64,
    pub null_count: i64,
    pub offset: i64,
    pub n_buffers: i64,
    pub n_children: i64,
    pub buffers: *mut *const c_void,
    pub children: *mut *mut Array,
    pub dictionary: *mut Array,
    pub release: Option<EndArray>,
    pub private_data: *mut c_void,
}

/// Arrays of one type, one after the other.
#[repr(C)]
pub struct Stream {
    pub get_schema: Option<unsafe extern "C" fn(*mut Stream, *mut Schema) -> c_int>,
    pub get_next: Option<unsafe extern "C" fn(*mut Stream, *mut Array) -> c_int>,
    pub get_last_error: Option<unsafe extern "C" fn(*mut Stream) -> *const c_char>,
    pub release: Option<unsafe extern "C" fn(*mut Stream)>,
    pub private_data: *mut c_void,
}

impl Schema {
    /// Makes a type whose values may be missing, without children.
    pub const fn of(format: *const c_char, name: *const c_char, release: Option<EndSchema>) -> Self {
        Self {
            format,
            name,
            metadata: ptr::null(),
            flags: 2,
            n_children: 0,
            children: ptr::null_mut(),
            dictionary: ptr::null_mut(),
            release,
            private_data: ptr::null_mut(),
        }
    }
}

impl Array {
    /// Makes an array without buffers and children.
    pub const fn of(length: i64, release: Option<EndArray>) -> Self {
        Self {
            length,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: ptr::null_mut(),
            children: ptr::null_mut(),
            dictionary: ptr::null_mut(),
            release,
            private_data: ptr::null_mut(),
        }
    }
}
