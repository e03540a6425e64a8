//! Runs the real command line on files.

mod bad_files;
mod bad_records;
mod bad_rules;
mod commands;
mod fixture;
mod help;
mod output;
mod spoiling;
