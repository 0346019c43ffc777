//! The decoder of server frames, which bots and the load generator use natively.
#![no_main]

#[path = "../src/server_frame.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|text: &str| checked::check(text));
