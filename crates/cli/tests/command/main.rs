//! Runs the real command line on files.

mod bad_input;
mod fixture;
mod output;
mod rules;
