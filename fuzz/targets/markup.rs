//! The parser of message text, and the lexer of code.
#![no_main]

#[path = "../src/markup.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|text: &str| checked::check(text));
