//! The reader of forms, which takes whatever bytes a request brings.
#![no_main]

#[path = "../src/form.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|body: &[u8]| checked::check(body));
