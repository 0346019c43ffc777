//! A TCP connection that a request asks to take over from HTTP (RFC 9110, section 7.8). Put by the HTTP listener into the
//! extensions of each such request, taken out by `websocket`; knows neither hyper nor WebSockets.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::net::TcpStream;

/// The connection of a request that asks for an upgrade. Clones share the connection; the first to take it has it.
#[derive(Clone)]
pub struct Upgrade(Arc<Mutex<Option<BoxFuture<'static, Option<Upgraded>>>>>);

/// A TCP stream, and the bytes that were read from it behind the request.
pub type Upgraded = (TcpStream, Vec<u8>);

impl Upgrade {
    /// `upgraded` resolves when the response with status 101 has been written; with None if the connection went away.
    #[must_use]
    pub fn new(upgraded: impl Future<Output = Option<Upgraded>> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(upgraded.boxed()))))
    }

    /// Waits until the response with status 101 has been written, and returns the stream. None if the connection went
    /// away, or was taken already.
    pub async fn upgraded(self) -> Option<Upgraded> {
        let upgraded = self.0.lock().expect("no holder of this lock panics").take()?;
        upgraded.await
    }
}
