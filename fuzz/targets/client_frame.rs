//! The decoder of client frames, which reads whatever a socket or a request brings.
#![no_main]

#[path = "../src/client_frame.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|text: &str| checked::check(text));
