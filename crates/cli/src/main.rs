//! The `guerdon` command line.
fn main() {}
