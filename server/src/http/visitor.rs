//! Who asks: the session that a request's cookie opens, looked up once, before anything else is done.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::address::Peer;
use super::{Site, cookie, error};
use crate::chat::Visitor;

/// Someone with a live session, or nobody: an expired or made-up cookie is no different from none.
pub(super) struct MaybeVisitor(pub Option<Visitor>);

impl<S> FromRequestParts<S> for MaybeVisitor
where
    S: Send + Sync,
    Arc<Site>: FromRef<S>,
{
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let site = Arc::<Site>::from_ref(state);
        let Some(token) = cookie::token(&site, &parts.headers) else { return Ok(Self(None)) };
        let address = Peer::of(&parts.extensions).client(&site, &parts.headers);
        site.chat.visitor(&token, address).await.map(Self).map_err(|refusal| error::status_of(&refusal))
    }
}
