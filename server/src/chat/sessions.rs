//! Rule: who a visitor is. A guest has a name and a random token. The token is sent once, and the store keeps its hash.

use std::net::IpAddr;
use std::sync::Arc;

use hubbub_protocol::text::DisplayName;
use hubbub_protocol::{Member, Refusal, UnixMillis};
use sha2::{Digest, Sha256};

use super::rate_limits::Actor;
use super::{Chat, now, refusal_of};
use crate::network::Network;
use crate::store::{NewSession, StartSessionError, TokenHash};

/// A session in use is extended after a day, so that its use costs one write a day; a session that lives for less than two
/// days, after half of its life.
const EXTEND_AFTER_MS: u64 = 24 * 60 * 60 * 1000;

/// A person with a live session, at an address. Only [`Chat::visitor`] creates one.
#[derive(Clone, Debug)]
pub struct Visitor {
    member: Arc<Member>,
    session: TokenHash,
    network: Network,
}

impl Visitor {
    /// Returns the member.
    #[must_use]
    pub const fn member(&self) -> &Arc<Member> {
        &self.member
    }

    pub(super) fn actor(&self) -> Actor {
        Actor { member: self.member.id, network: self.network }
    }

    /// Returns the session.
    #[must_use]
    pub const fn session(&self) -> TokenHash {
        self.session
    }
}

/// A session's secret: 256 random bits, as hexadecimal digits.
pub struct Token(String);

impl Token {
    fn random() -> Result<Self, Refusal> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            tracing::error!(%error, "the system gives no random bytes");
            Refusal::Internal
        })?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Creates a token from the value of a cookie. The value may be any text; an unknown token has no session.
    #[must_use]
    pub const fn from_cookie(text: String) -> Self {
        Self(text)
    }

    /// Returns the secret, for the cookie only.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// Returns the hash, which identifies the session in memory and in the store.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl Chat {
    /// Starts the session of a guest at an address.
    ///
    /// # Errors
    /// The fault of the name, [`Refusal::NameTaken`] if someone here has it, in any case of its letters, or
    /// [`Refusal::RateLimited`] if the address has started many sessions.
    pub async fn join(&self, name: &str, address: IpAddr) -> Result<Token, Refusal> {
        let name = DisplayName::parse(name)?;
        let network = Network::from(address);
        self.limiters.take_session(network)?;
        let token = Token::random()?;
        let at = now();
        let session = NewSession { name, token: token.hash(), at, expires_at: self.expiry(at) };
        match self.store.start_session(session).await {
            Ok(_) => Ok(token),
            Err(StartSessionError::NameTaken { free }) => {
                self.limiters.give_session_back(network);
                Err(Refusal::NameTaken { free: free.into_string() })
            }
            Err(StartSessionError::Store(error)) => Err(refusal_of(&error)),
        }
    }

    /// Returns the visitor of a token that was sent from an address; None if the token's session doesn't exist.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn visitor(&self, token: &Token, address: IpAddr) -> Result<Option<Visitor>, Refusal> {
        let hash = token.hash();
        let member = self.use_session(hash).await?;
        Ok(member.map(|member| Visitor { member: Arc::new(member), session: hash, network: Network::from(address) }))
    }

    /// Returns whether a visitor's session still exists, and extends it. Connections call this once an hour.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn is_session_valid(&self, visitor: &Visitor) -> Result<bool, Refusal> {
        Ok(self.use_session(visitor.session).await?.is_some())
    }

    async fn use_session(&self, hash: TokenHash) -> Result<Option<Member>, Refusal> {
        let at = now();
        let session = self.store.session(hash, at).await.map_err(|error| refusal_of(&error))?;
        let Some(session) = session else { return Ok(None) };
        let expires_at = self.expiry(at);
        let extend_after_ms = EXTEND_AFTER_MS.min((expires_at.0 - at.0) / 2);
        if expires_at.0.saturating_sub(session.expires_at.0) >= extend_after_ms {
            // A store that can't write can still read. The session then keeps its expiry.
            let _ = self.store.extend_session(hash, expires_at).await.map_err(|error| refusal_of(&error));
        }
        Ok(Some(session.member))
    }

    /// Ends a session and frees its name. The caller must close the session's connections.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn leave(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.store.end_session(visitor.session).await.map_err(|error| refusal_of(&error))
    }

    fn expiry(&self, at: UnixMillis) -> UnixMillis {
        let lifetime_ms = u64::try_from(self.rules.session_lifetime.as_millis()).unwrap_or(u64::MAX);
        UnixMillis(at.0.saturating_add(lifetime_ms))
    }
}
