//! Checks that the clocks of the server and of this machine agree.

use std::time::{Duration, SystemTime};

use super::super::finding::{Finding, Mend};
use super::reach::Reached;

/// The largest difference that is no fault. Hubbub shows times to the minute.
const MAX_APART: Duration = Duration::from_secs(30);

/// Returns a fault if the clocks differ by more than [`MAX_APART`].
pub(in crate::doctor) fn check(reached: &Reached) -> Finding {
    let apart = apart(reached.seen.time, reached.asked_at, reached.answered_at);
    if apart <= MAX_APART {
        return Finding::Well("the server's clock and this machine's agree".to_owned());
    }
    let seen = format!("the server's clock and this machine's are {} s apart", apart.as_secs());
    let means = "the times beside messages are wrong.";
    Finding::wrong(seen, means, Mend::Other("timedatectl set-ntp true, on the one that is wrong".to_owned()))
}

/// Returns by how much the server's time lies before the request or after the response; zero if it lies between them.
fn apart(server: SystemTime, asked_at: SystemTime, answered_at: SystemTime) -> Duration {
    let before = asked_at.duration_since(server).unwrap_or_default();
    let after = server.duration_since(answered_at).unwrap_or_default();
    before.max(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_compared_with_the_time_around_the_question() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        for (server, asked_at, answered_at, s) in [(10, 9, 11, 0), (8, 9, 11, 1), (100, 9, 11, 89), (11, 11, 11, 0)] {
            assert_eq!(apart(at(server), at(asked_at), at(answered_at)), Duration::from_secs(s));
        }
    }
}
