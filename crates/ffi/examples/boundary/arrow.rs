//! A producer and a consumer of Arrow data, as small as they can be.

use std::ffi::{CStr, c_void};
use std::ptr;

#[path = "../shared/abi.rs"]
mod abi;
pub(crate) use abi::Stream;
use abi::{Array, Schema};

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

/// Makes room for a stream.
pub(crate) fn room() -> Stream {
    Stream {
        get_schema: None,
        get_next: None,
        get_last_error: None,
        release: None,
        private_data: ptr::null_mut(),
    }
}

/// Adds up the last column, which is of decimals, over all batches; releases everything.
pub(crate) fn sum(mut stream: Stream) -> i128 {
    let mut sum = 0;
    loop {
        let mut batch = Array::of(0, None);
        // SAFETY: the stream keeps to the specification, and the batch can be written.
        unsafe {
            assert_eq!(stream.get_next.unwrap()(&raw mut stream, &raw mut batch), 0);
            let Some(release) = batch.release else { break };
            let last = &**batch.children.add(usize::try_from(batch.n_children).unwrap() - 1);
            let amounts = (*last.buffers.add(1)).cast::<i128>();
            let len = usize::try_from(batch.length).unwrap();
            sum += std::slice::from_raw_parts(amounts, len).iter().sum::<i128>();
            release(&raw mut batch);
        }
    }
    // SAFETY: the stream keeps to the specification, and is not used any more.
    unsafe { stream.release.unwrap()(&raw mut stream) };
    sum
}

fn schema(format: &'static CStr, name: &'static CStr) -> Schema {
    Schema::of(format.as_ptr(), name.as_ptr(), Some(release_schema))
}

fn array(rows: usize) -> Array {
    Array::of(rows as i64, Some(release_array))
}

unsafe extern "C" fn release_schema(schema: *mut Schema) {
    // SAFETY: the consumer gives the struct that it was given.
    unsafe { (*schema).release = None };
}

unsafe extern "C" fn release_array(array: *mut Array) {
    // SAFETY: the consumer gives the struct that it was given.
    unsafe { (*array).release = None };
}
