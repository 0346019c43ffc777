//! The `bye` frame: the last frame of a connection that the server ends, on every transport.

use std::time::Duration;

use hubbub_protocol::{Refusal, ServerFrame};

use crate::hub::{Closing, Frame};

/// The time over which clients of a stopping server spread their reconnects.
const COME_BACK_WITHIN: Duration = Duration::from_secs(10);

/// Returns the last frame of a connection.
pub(super) fn bye(closing: Closing) -> Frame {
    Frame::from(&match closing {
        Closing::SignedOut => ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) },
        Closing::ShuttingDown => {
            ServerFrame::Bye { reconnect_after_ms: some_time_within(COME_BACK_WITHIN), refusal: None }
        }
    })
}

/// Returns a random time, in milliseconds. If the system gives no random bytes, all clients reconnect at once.
fn some_time_within(most: Duration) -> u64 {
    let mut bytes = [0; 4];
    let chance = getrandom::fill(&mut bytes).map_or(0, |()| u64::from(u32::from_le_bytes(bytes)));
    u64::try_from(most.as_millis()).unwrap_or(0) * chance / u64::from(u32::MAX)
}
