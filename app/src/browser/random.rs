//! Random bytes from the browser, for ids and for the time of a reconnect.

use hubbub_client::Moment;
use leptos::prelude::window;
use uuid::{Builder, Uuid};

use super::clock;

/// The time of now, and fresh random bytes.
pub(crate) fn moment() -> Moment {
    let mut random = [0; 16];
    // Every browser that runs WebAssembly has `crypto`, which refuses only requests of more than 65,536 bytes.
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    Moment { now: clock::now(), random }
}

/// A random id: a UUIDv4.
pub(crate) fn random_id() -> Uuid {
    Builder::from_random_bytes(moment().random).into_uuid()
}
