//! Data of hosts through serde: their own structs in, reports out.

mod records;
mod trace;
