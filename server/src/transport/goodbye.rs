//! What a client is told when its connection must end, whatever the connection is. Transports say it and then end.

use std::time::Duration;

use hubbub_protocol::{Refusal, ServerFrame};

use crate::hub::{Closing, Frame};

/// Over how long the clients of a server that stops are spread when they come back.
const COME_BACK_WITHIN: Duration = Duration::from_secs(10);

/// The last frame of a connection.
pub(super) fn bye(closing: Closing) -> Frame {
    Frame::from(&match closing {
        Closing::SignedOut => ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) },
        Closing::ShuttingDown => {
            ServerFrame::Bye { reconnect_after_ms: some_time_within(COME_BACK_WITHIN), refusal: None }
        }
    })
}

/// Each client is told its own time. Without random bytes all come at once, which is slow and not wrong.
fn some_time_within(most: Duration) -> u64 {
    let mut bytes = [0; 4];
    let chance = getrandom::fill(&mut bytes).map_or(0, |()| u64::from(u32::from_le_bytes(bytes)));
    u64::try_from(most.as_millis()).unwrap_or(0) * chance / u64::from(u32::MAX)
}
