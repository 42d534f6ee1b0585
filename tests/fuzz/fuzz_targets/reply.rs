//! A server's bytes as every body, token and wait that Keystead reads.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| providers::fuzzing::reply(bytes));
