//! The frame `bye`, which tells a client that its connection ends, and when to reconnect. Transports send it last.

use std::time::Duration;

use hubbub_protocol::{Refusal, ServerFrame};

use crate::hub::{Closing, Frame};

/// The time over which the clients of a stopping server are spread when they reconnect.
const RECONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Returns the frame for a connection that ends for this reason.
pub(super) fn bye(closing: Closing) -> Frame {
    Frame::from(&match closing {
        Closing::SignedOut => ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) },
        Closing::ShuttingDown => {
            ServerFrame::Bye { reconnect_after_ms: some_time_within(RECONNECT_WITHIN), refusal: None }
        }
    })
}

/// A random time for each client. If the system has no random bytes, all clients reconnect at once, which is only slow.
pub(super) fn some_time_within(most: Duration) -> u64 {
    let mut bytes = [0; 4];
    let chance = getrandom::fill(&mut bytes).map_or(0, |()| u64::from(u32::from_le_bytes(bytes)));
    u64::try_from(most.as_millis()).unwrap_or(0) * chance / u64::from(u32::MAX)
}
