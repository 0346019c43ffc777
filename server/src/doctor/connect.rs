//! A connection to the server: TCP, and TLS where the URL says so. Requests and sockets go over it.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::Target;
use super::request_error::RequestError;

/// A browser waits longer; whoever runs a server wants to know of it.
const CONNECTED_WITHIN: Duration = Duration::from_secs(10);

/// Bytes in both directions, with or without TLS.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Opens connections to a target.
pub(super) struct Connector {
    tls: Option<TlsConnector>,
}

impl Connector {
    pub(super) fn new(target: &Target) -> Result<Self, RequestError> {
        Ok(Self { tls: target.is_https.then(tls).transpose()? })
    }

    pub(super) async fn connect(&self, target: &Target) -> Result<Box<dyn Wire>, RequestError> {
        timeout(CONNECTED_WITHIN, self.connect_in_time(target)).await.unwrap_or(Err(RequestError::Silent))
    }

    async fn connect_in_time(&self, target: &Target) -> Result<Box<dyn Wire>, RequestError> {
        let no_such_name = || RequestError::NoSuchName(target.host.clone());
        let found = lookup_host((target.host.as_str(), target.port)).await.map_err(|_| no_such_name())?;
        let addresses: Vec<_> = found.collect();
        if addresses.is_empty() {
            return Err(no_such_name());
        }
        let tcp = TcpStream::connect(&addresses[..]).await;
        let tcp = tcp.map_err(|error| RequestError::in_connecting(error, target.port))?;
        let Some(tls) = &self.tls else { return Ok(Box::new(tcp)) };
        let name = ServerName::try_from(target.host.clone()).map_err(|_| no_such_name())?;
        let tls = tls.connect(name, tcp).await.map_err(|error| RequestError::in_tls(&error))?;
        Ok(Box::new(tls))
    }
}

/// TLS as browsers speak it: the authorities are those that the machine trusts.
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
