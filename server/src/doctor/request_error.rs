//! Why a request of the doctor has no response. Made by `connect` and `client`, shown to people by the check `reach`.

use std::io::ErrorKind;

use thiserror::Error;
use tokio_rustls::rustls::{self, CertificateError};

/// The error of a request of the doctor. Its text names the likely cause, for the person who runs the server.
#[derive(Debug, Error)]
pub(super) enum RequestError {
    #[error("DNS has no address for {0}: check the spelling and the DNS record")]
    NoSuchName(String),
    #[error("nothing listens on port {0}: check that the proxy is running, and which port it listens on")]
    ConnectionRefused(u16),
    #[error("the host can't be reached ({0})")]
    Unreachable(std::io::Error),
    #[error("the connection timed out: a firewall may drop packets to this port")]
    ConnectTimeout,
    #[error("this port doesn't use HTTPS, but perhaps plain HTTP: try http://")]
    NotTls,
    #[error("the certificate has expired, or is not valid yet: browsers show a warning, and WebSockets don't open")]
    CertificateExpired,
    #[error("the certificate is for another name: browsers show a warning, and WebSockets don't open")]
    CertificateForAnotherName,
    #[error(
        "this machine doesn't trust the issuer of the certificate: the certificate is self-signed, or the server doesn't send the intermediate certificate"
    )]
    CertificateIssuerUnknown,
    #[error("the certificate is not accepted ({0}): browsers may show a warning")]
    CertificateRefused(String),
    #[error("the TLS handshake failed ({0}): often the server has no certificate for this name")]
    Tls(String),
    #[error("this machine has no list of certificate authorities (Debian: apt install ca-certificates)")]
    NoAuthorities,
    #[error("the connection was closed before the end of the response")]
    ConnectionClosed,
    #[error("the server at this port doesn't use HTTP")]
    NotHttp,
    #[error("no response within {0} s")]
    ResponseTimeout(u64),
}

impl RequestError {
    /// Classifies the error of a TCP connection to a port.
    pub(super) fn from_connect(error: std::io::Error, port: u16) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::ConnectionRefused(port),
            ErrorKind::TimedOut => Self::ConnectTimeout,
            _ => Self::Unreachable(error),
        }
    }

    /// Classifies the error of a TLS handshake. An error of the TCP stream means that the connection was closed.
    pub(super) fn from_tls(error: &std::io::Error) -> Self {
        let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
            return Self::ConnectionClosed;
        };
        match error {
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            rustls::Error::InvalidCertificate(error) => Self::from_certificate(error),
            other => Self::Tls(other.to_string()),
        }
    }

    fn from_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Self::CertificateExpired,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::CertificateForAnotherName
            }
            // A bad signature means that the issuer has the name of a trusted authority, but another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::CertificateIssuerUnknown,
            other => Self::CertificateRefused(other.to_string()),
        }
    }

    /// Classifies the error of an HTTP exchange: bytes that are not HTTP, or a connection that was closed.
    pub(super) fn from_http(error: &hyper::Error) -> Self {
        if error.is_parse() { Self::NotHttp } else { Self::ConnectionClosed }
    }
}
