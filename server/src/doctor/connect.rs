//! Opens connections to the server that is checked: TCP, with TLS for an `https` URL. Called by `client`.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::ServerUrl;
use super::request_error::RequestError;

/// Timeout for the DNS lookup, the TCP connection and the TLS handshake together. Browsers wait longer. The
/// doctor reports a slow connection as a fault.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A byte stream to the server and back, with or without TLS.
pub(super) trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> ByteStream for T {}

/// Opens connections to a [`ServerUrl`].
pub(super) struct Connector {
    /// None for an `http` URL.
    tls: Option<TlsConnector>,
}

impl Connector {
    /// Creates a connector; for an `https` URL, with the certificate authorities of the machine.
    ///
    /// # Errors
    /// [`RequestError::NoAuthorities`] if the machine trusts no certificate authority.
    pub(super) fn new(url: &ServerUrl) -> Result<Self, RequestError> {
        Ok(Self { tls: url.is_https.then(tls).transpose()? })
    }

    /// Opens a connection, to the first of the host's addresses that accepts one.
    ///
    /// # Errors
    /// Why there is no connection; [`RequestError::ConnectTimeout`] after [`CONNECT_TIMEOUT`].
    pub(super) async fn connect(&self, url: &ServerUrl) -> Result<Box<dyn ByteStream>, RequestError> {
        timeout(CONNECT_TIMEOUT, self.connect_in_time(url)).await.unwrap_or(Err(RequestError::ConnectTimeout))
    }

    async fn connect_in_time(&self, url: &ServerUrl) -> Result<Box<dyn ByteStream>, RequestError> {
        let no_such_name = || RequestError::NoSuchName(url.host.clone());
        let addresses = lookup_host((url.host.as_str(), url.port)).await.map_err(|_| no_such_name())?;
        let addresses: Vec<_> = addresses.collect();
        if addresses.is_empty() {
            return Err(no_such_name());
        }
        let tcp = TcpStream::connect(&addresses[..]).await;
        let tcp = tcp.map_err(|error| RequestError::from_connect(error, url.port))?;
        let Some(tls) = &self.tls else { return Ok(Box::new(tcp)) };
        let name = ServerName::try_from(url.host.clone()).map_err(|_| no_such_name())?;
        let tls = tls.connect(name, tcp).await.map_err(|error| RequestError::from_tls(&error))?;
        Ok(Box::new(tls))
    }
}

/// Returns a TLS 1.2 and 1.3 client that accepts the certificate authorities that the machine trusts.
fn tls() -> Result<TlsConnector, RequestError> {
    let mut authorities = RootCertStore::empty();
    authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if authorities.is_empty() {
        return Err(RequestError::NoAuthorities);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_root_certificates(authorities)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
