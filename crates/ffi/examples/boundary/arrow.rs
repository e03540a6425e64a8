//! A producer and a consumer of Arrow data, as small as they can be.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

/// A schema of the specification.
#[repr(C)]
pub(crate) struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut Schema,
    dictionary: *mut Schema,
    release: Option<unsafe extern "C" fn(*mut Schema)>,
    private_data: *mut c_void,
}

/// An array of the specification.
#[repr(C)]
pub(crate) struct Array {
    pub(crate) length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut Array,
    dictionary: *mut Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

/// A stream of the specification.
#[repr(C)]
pub(crate) struct Stream {
    get_schema: Option<unsafe extern "C" fn(*mut Stream, *mut Schema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut Stream, *mut Array) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut Stream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut Stream)>,
    private_data: *mut c_void,
}

/// Texts as the format has them: where each ends, and all bytes.
pub(crate) struct Texts {
    ends: Vec<i32>,
    bytes: Vec<u8>,
}

/// One column: its name, its format, and its buffers beside the bits that say which values are there.
pub(crate) struct Column {
    name: &'static CStr,
    format: &'static CStr,
    buffers: Vec<*const c_void>,
}

/// A batch whose buffers belong to somebody who outlives it.
pub(crate) struct Batch {
    schemas: Vec<Schema>,
    arrays: Vec<Array>,
    lists: Vec<Vec<*const c_void>>,
    schema_list: Vec<*mut Schema>,
    array_list: Vec<*mut Array>,
}

impl Texts {
    pub(crate) fn of<T: AsRef<str>>(texts: &[T]) -> Self {
        let mut made = Self {
            ends: vec![0],
            bytes: Vec::new(),
        };
        for text in texts {
            made.bytes.extend_from_slice(text.as_ref().as_bytes());
            made.ends.push(i32::try_from(made.bytes.len()).unwrap());
        }
        made
    }

    pub(crate) fn column(&self, name: &'static CStr) -> Column {
        let buffers = vec![self.ends.as_ptr().cast(), self.bytes.as_ptr().cast()];
        Column {
            name,
            format: c"u",
            buffers,
        }
    }
}

impl Column {
    pub(crate) fn of<T>(name: &'static CStr, format: &'static CStr, values: &[T]) -> Self {
        Self {
            name,
            format,
            buffers: vec![values.as_ptr().cast()],
        }
    }
}

impl Batch {
    /// Makes a batch of columns of one length.
    pub(crate) fn of(columns: &[Column], rows: usize) -> (Self, Schema, Array) {
        let mut batch = Self {
            schemas: Vec::new(),
            arrays: Vec::new(),
            lists: vec![vec![ptr::null()]],
            schema_list: Vec::new(),
            array_list: Vec::new(),
        };
        for column in columns {
            let mut buffers = vec![ptr::null()];
            buffers.extend_from_slice(&column.buffers);
            batch.lists.push(buffers);
            batch.schemas.push(schema(column.format, column.name));
            batch.arrays.push(array(rows));
        }
        let mut lists = batch.lists.iter_mut();
        let mut whole = array(rows);
        let rows_list = lists.next().unwrap();
        (whole.n_buffers, whole.buffers) = (1, rows_list.as_mut_ptr());
        for (array, list) in batch.arrays.iter_mut().zip(lists) {
            (array.n_buffers, array.buffers) = (list.len() as i64, list.as_mut_ptr());
        }
        batch.schema_list = batch.schemas.iter_mut().map(ptr::from_mut).collect();
        batch.array_list = batch.arrays.iter_mut().map(ptr::from_mut).collect();
        let mut top = schema(c"+s", c"");
        (top.n_children, top.children) = (columns.len() as i64, batch.schema_list.as_mut_ptr());
        (whole.n_children, whole.children) = (columns.len() as i64, batch.array_list.as_mut_ptr());
        (batch, top, whole)
    }
}

impl Stream {
    /// Makes room for a stream.
    pub(crate) fn room() -> Self {
        Self {
            get_schema: None,
            get_next: None,
            get_last_error: None,
            release: None,
            private_data: ptr::null_mut(),
        }
    }

    /// Adds up the last column, which is of decimals, over all batches; releases everything.
    pub(crate) fn sum(mut self) -> i128 {
        let mut sum = 0;
        loop {
            let mut batch = array(0);
            batch.release = None;
            // SAFETY: the stream keeps to the specification, and the batch can be written.
            unsafe {
                assert_eq!(self.get_next.unwrap()(&raw mut self, &raw mut batch), 0);
                let Some(release) = batch.release else { break };
                let last = &**batch.children.add(usize::try_from(batch.n_children).unwrap() - 1);
                let amounts = (*last.buffers.add(1)).cast::<i128>();
                let len = usize::try_from(batch.length).unwrap();
                sum += std::slice::from_raw_parts(amounts, len).iter().sum::<i128>();
                release(&raw mut batch);
            }
        }
        // SAFETY: the stream keeps to the specification, and is not used any more.
        unsafe { self.release.unwrap()(&raw mut self) };
        sum
    }
}

fn schema(format: &'static CStr, name: &'static CStr) -> Schema {
    Schema {
        format: format.as_ptr(),
        name: name.as_ptr(),
        metadata: ptr::null(),
        flags: 2,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: ptr::null_mut(),
    }
}

fn array(rows: usize) -> Array {
    Array {
        length: rows as i64,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: ptr::null_mut(),
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: Some(release_array),
        private_data: ptr::null_mut(),
    }
}

unsafe extern "C" fn release_schema(schema: *mut Schema) {
    // SAFETY: the consumer gives the struct that it was given.
    unsafe { (*schema).release = None };
}

unsafe extern "C" fn release_array(array: *mut Array) {
    // SAFETY: the consumer gives the struct that it was given.
    unsafe { (*array).release = None };
}
