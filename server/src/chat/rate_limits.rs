//! Rule: how often a person and an address may act. Each kind of action has a limit of its own. An action counts for the
//! person and for the person's address, so that several sessions from one address don't multiply its limit.

use std::time::Duration;

use hubbub_protocol::{MemberId, Refusal};

use super::rate_limiter::RateLimiter;
use crate::network::Network;

const MINUTE: Duration = Duration::from_secs(60);
/// The period for new sessions. A limit of 100 then allows a session every 6 s.
const SESSIONS_PERIOD: Duration = Duration::from_secs(10 * 60);

/// The limits in the settings; 0 means no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct RateLimits {
    /// Posts of one person in a minute; a room that is created counts as one.
    pub posts_per_minute: u32,
    /// Edits, deletions, reactions and other changes of one person in a minute; posts are not counted.
    pub changes_per_minute: u32,
    /// Reads of one person in a minute: each room that is looked up, joined or opened, and each query.
    pub reads_per_minute: u32,
    /// Requests of one person's polling tabs in a minute.
    pub polls_per_minute: u32,
    /// Factor by which the limits of one address exceed those of one person for posts, changes, reads and polls.
    pub people_per_address: u32,
    /// Sessions that one address may start in ten minutes.
    pub sessions_per_address: u32,
}

/// The counts of recent actions.
pub(super) struct RateLimiters {
    posts: PersonLimiter,
    changes: PersonLimiter,
    reads: PersonLimiter,
    polls: PersonLimiter,
    sessions: RateLimiter<Network>,
}

/// The person who acts, and the network of the person's address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor {
    pub(super) member: MemberId,
    pub(super) network: Network,
}

/// One kind of action, limited for each person and for each address.
struct PersonLimiter {
    by_member: RateLimiter<MemberId>,
    by_network: RateLimiter<Network>,
}

impl RateLimiters {
    pub(super) fn new(limits: RateLimits) -> Self {
        let person = |per_minute: u32| PersonLimiter {
            by_member: RateLimiter::new(per_minute, MINUTE),
            by_network: RateLimiter::new(per_minute.saturating_mul(limits.people_per_address), MINUTE),
        };
        Self {
            posts: person(limits.posts_per_minute),
            changes: person(limits.changes_per_minute),
            reads: person(limits.reads_per_minute),
            polls: person(limits.polls_per_minute),
            sessions: RateLimiter::new(limits.sessions_per_address, SESSIONS_PERIOD),
        }
    }

    /// Counts a post, or a room that is created.
    pub(super) fn take_post(&self, actor: Actor) -> Result<(), Refusal> {
        self.posts.take(actor)
    }

    /// Counts an operation other than a post.
    pub(super) fn take_change(&self, actor: Actor) -> Result<(), Refusal> {
        self.changes.take(actor)
    }

    /// Counts a room that is looked up, or a page that is read.
    pub(super) fn take_read(&self, actor: Actor) -> Result<(), Refusal> {
        self.reads.take(actor)
    }

    /// Counts a request of a tab that polls.
    pub(super) fn take_poll(&self, actor: Actor) -> Result<(), Refusal> {
        self.polls.take(actor)
    }

    /// Counts a session that is started.
    pub(super) fn take_session(&self, network: Network) -> Result<(), Refusal> {
        self.sessions.take(network)
    }

    /// Undoes the count of a session that was not started.
    pub(super) fn give_session_back(&self, network: Network) {
        self.sessions.give_back(&network);
    }
}

impl PersonLimiter {
    fn take(&self, actor: Actor) -> Result<(), Refusal> {
        self.by_member.take(actor.member)?;
        // An action that the address's limit refuses doesn't count for the person.
        self.by_network.take(actor.network).inspect_err(|_| self.by_member.give_back(&actor.member))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn actor(member: u64, host: u8) -> Actor {
        let address = IpAddr::V4(Ipv4Addr::new(203, 0, 113, host));
        Actor { member: MemberId(member), network: Network::from(address) }
    }

    #[tokio::test(start_paused = true)]
    async fn all_sessions_of_an_address_share_the_turns_of_a_fixed_number_of_people() {
        let limits = RateLimits { posts_per_minute: 10, people_per_address: 3, ..RateLimits::default() };
        let limiters = RateLimiters::new(limits);
        let n_posted = |members: std::ops::Range<u64>, host: u8| {
            members
                .flat_map(|member| [member; 10])
                .filter(|member| limiters.take_post(actor(*member, host)).is_ok())
                .count()
        };
        assert_eq!(n_posted(0..20, 1), 30);
        assert_eq!(n_posted(20..21, 2), 10, "another address");
        assert_eq!(n_posted(10..11, 2), 10, "a post refused for its address takes no turn of the person");
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_by_address_each_person_is_still_limited() {
        let limiters = RateLimiters::new(RateLimits { reads_per_minute: 5, ..RateLimits::default() });
        for member in 0..100 {
            assert_eq!((0..6).filter(|_| limiters.take_read(actor(member, 1)).is_ok()).count(), 5);
        }
    }
}
