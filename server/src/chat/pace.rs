//! Rule: how many posts a minute; a room that is made counts as one. Each person has a minute's worth, which comes back
//! evenly over the minute.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use hubbub_protocol::{MemberId, Refusal};
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);
/// Members remembered before those are forgotten who have all their posts back.
const REMEMBERED_MEMBERS: usize = 10_000;

/// See the module.
pub(super) struct Pace {
    /// The time one post takes to come back; `None` without a limit.
    per_post: Option<Duration>,
    /// When each member will have all their posts back (the generic cell rate algorithm, ITU-T I.371).
    full_at: Mutex<HashMap<MemberId, Instant>>,
}

impl Pace {
    /// 0 means no limit.
    pub(super) fn new(posts_per_minute: u32) -> Self {
        Self { per_post: MINUTE.checked_div(posts_per_minute), full_at: Mutex::default() }
    }

    /// Takes one of the member's posts, or says when there is one.
    pub(super) fn take_turn(&self, member: MemberId) -> Result<(), Refusal> {
        let Some(per_post) = self.per_post else { return Ok(()) };
        let now = Instant::now();
        let mut full_at = self.full_at.lock().expect("no holder of this lock panics");
        if full_at.len() >= REMEMBERED_MEMBERS {
            full_at.retain(|_, full_at| *full_at > now);
        }
        let would_be_full_at = full_at.get(&member).map_or(now, |at| (*at).max(now)) + per_post;
        let wait = would_be_full_at.saturating_duration_since(now).saturating_sub(MINUTE);
        if !wait.is_zero() {
            let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
            return Err(Refusal::RateLimited { retry_after_ms });
        }
        full_at.insert(member, would_be_full_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIRA: MemberId = MemberId(1);

    #[tokio::test(start_paused = true)]
    async fn a_minutes_posts_may_come_at_once_and_come_back_evenly() {
        let pace = Pace::new(100);
        for _ in 0..100 {
            assert_eq!(pace.take_turn(KIRA), Ok(()));
        }
        assert_eq!(pace.take_turn(KIRA), Err(Refusal::RateLimited { retry_after_ms: 600 }));
        assert_eq!(pace.take_turn(MemberId(2)), Ok(()), "others are not held back");
        tokio::time::advance(Duration::from_millis(600)).await;
        assert_eq!(pace.take_turn(KIRA), Ok(()));
        assert!(pace.take_turn(KIRA).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn zero_means_no_limit() {
        let pace = Pace::new(0);
        assert!((0..10_000).all(|_| pace.take_turn(KIRA).is_ok()));
    }
}
