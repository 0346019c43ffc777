//! Checks that the clocks of the server and of this machine agree.

use std::time::{Duration, SystemTime};

use super::super::finding::{Finding, Fix};
use super::reach::Reached;

/// The largest difference that is no fault. Hubbub shows times to the minute.
const MAX_DIFFERENCE: Duration = Duration::from_secs(30);

/// Returns a fault if the clocks differ by more than [`MAX_DIFFERENCE`].
pub(in crate::doctor) fn check(reached: &Reached) -> Finding {
    let difference = difference(reached.seen.time, reached.sent_at, reached.received_at);
    if difference <= MAX_DIFFERENCE {
        return Finding::Passed("the server's clock and this machine's clock agree".to_owned());
    }
    let observed = format!("the server's clock and this machine's clock differ by {} s", difference.as_secs());
    let fix = Fix::Instruction("on the machine whose clock is wrong: timedatectl set-ntp true".to_owned());
    Finding::failed(observed, "the times beside messages are wrong.", fix)
}

/// Returns by how much the server's time lies before the request or after the response; zero if it lies between them.
fn difference(server: SystemTime, sent_at: SystemTime, received_at: SystemTime) -> Duration {
    let before = sent_at.duration_since(server).unwrap_or_default();
    let after = server.duration_since(received_at).unwrap_or_default();
    before.max(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_difference_within_the_duration_of_the_request_is_accepted() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        for (server, sent_at, received_at, s) in [(10, 9, 11, 0), (8, 9, 11, 1), (100, 9, 11, 89), (11, 11, 11, 0)] {
            assert_eq!(difference(at(server), at(sent_at), at(received_at)), Duration::from_secs(s));
        }
    }
}
