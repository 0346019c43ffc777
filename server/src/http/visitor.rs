//! Finds the visitor of a request, by the session token in its cookies.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use hubbub_protocol::Refusal;

use super::address::Peer;
use super::{Site, cookie, error};
use crate::chat::{Token, Visitor};

/// The visitor of a request; None without a session. A cookie without a session counts as no cookie.
pub(super) struct MaybeVisitor(pub Option<Visitor>);

impl<S> FromRequestParts<S> for MaybeVisitor
where
    S: Send + Sync,
    Arc<Site>: FromRef<S>,
{
    type Rejection = StatusCode;

    /// A page of a sibling domain can set a cookie of the session's name, and a browser may send it first (RFC 6265,
    /// section 8.6). So every cookie of that name is looked up until one opens a session.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let site = Arc::<Site>::from_ref(state);
        let address = Peer::of(&parts.extensions).client(&site, &parts.headers);
        let found = first_with_session(&site, address, cookie::tokens(&site, &parts.headers)).await;
        found.map(|found| Self(found.map(|(_, visitor)| visitor))).map_err(|refusal| error::status_of(&refusal))
    }
}

/// Returns the session token of a request, for a caller that looks up the session itself. A single token is returned
/// without a lookup. Of several tokens, returns the first that opens a session.
///
/// # Errors
/// [`Refusal::SignedOut`] if there is no token, or if none of several opens a session; and the store's.
pub(super) async fn token(site: &Site, peer: Peer, headers: &HeaderMap) -> Result<Token, Refusal> {
    let mut tokens = cookie::tokens(site, headers);
    let Some(token) = tokens.next() else { return Err(Refusal::SignedOut) };
    let others: Vec<Token> = tokens.collect();
    if others.is_empty() {
        return Ok(token);
    }
    let address = peer.client(site, headers);
    let found = Box::pin(first_with_session(site, address, std::iter::once(token).chain(others))).await?;
    found.map(|(token, _)| token).ok_or(Refusal::SignedOut)
}

/// Returns the first of the tokens that opens a session, and its visitor.
async fn first_with_session(
    site: &Site,
    address: IpAddr,
    tokens: impl Iterator<Item = Token>,
) -> Result<Option<(Token, Visitor)>, Refusal> {
    for token in tokens {
        if let Some(visitor) = site.chat.visitor(&token, address).await? {
            return Ok(Some((token, visitor)));
        }
    }
    Ok(None)
}
