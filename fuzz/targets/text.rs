//! The texts that people write: bodies, names, topics, message ids and slugs.
#![no_main]

#[path = "../src/text.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|text: &str| checked::check(text));
