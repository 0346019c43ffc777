//! Why a request of the doctor has no response. Made by `connect` and `client`, shown to people by the check `reach`.

use std::io::ErrorKind;

use thiserror::Error;
use tokio_rustls::rustls::{self, CertificateError};

/// The error of a request of the doctor. Its text names the likely cause, for the person who runs the server.
#[derive(Debug, Error)]
pub(super) enum RequestError {
    #[error("the name {0} is not known: is it spelled right, and is there a DNS record for it?")]
    NoSuchName(String),
    #[error("nothing listens on port {0} there: is the proxy running, and is this its port?")]
    Refused(u16),
    #[error("the host can't be reached ({0})")]
    Unreachable(std::io::Error),
    #[error("the host doesn't answer when a connection is opened: a firewall may drop what comes to this port")]
    Silent,
    #[error("it speaks no HTTPS on this port, only something else, such as plain HTTP: is it http:// that you mean?")]
    NoTls,
    #[error("its certificate has expired, or is not valid yet: browsers warn of it, and sockets don't open")]
    CertificateOutOfTime,
    #[error("its certificate is for another name: browsers warn of it, and sockets don't open")]
    CertificateOfAnother,
    #[error("its certificate is signed by nobody whom this machine trusts: a chain that lacks a link, or self-signed")]
    CertificateUnknown,
    #[error("its certificate is not accepted ({0}): browsers may warn of it")]
    CertificateRefused(String),
    #[error("no TLS could be agreed on ({0}); often the server has no certificate for this name")]
    Tls(String),
    #[error("this machine has no list of certificate authorities (Debian: apt install ca-certificates)")]
    NoAuthorities,
    #[error("the connection was closed in the middle of an answer, or before it")]
    Cut,
    #[error("what answers there speaks no HTTP")]
    NoHttp,
    #[error("no answer came within {0} s")]
    TookTooLong(u64),
}

impl RequestError {
    /// Classifies the error of a TCP connection to a port.
    pub(super) fn in_connecting(error: std::io::Error, port: u16) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused(port),
            ErrorKind::TimedOut => Self::Silent,
            _ => Self::Unreachable(error),
        }
    }

    /// Classifies the error of a TLS handshake. An error of the TCP stream means that the connection was closed.
    pub(super) fn in_tls(error: &std::io::Error) -> Self {
        let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
            return Self::Cut;
        };
        match error {
            rustls::Error::InvalidMessage(_) => Self::NoTls,
            rustls::Error::InvalidCertificate(why) => Self::in_certificate(why),
            other => Self::Tls(other.to_string()),
        }
    }

    fn in_certificate(why: &CertificateError) -> Self {
        match why {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Self::CertificateOutOfTime,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::CertificateOfAnother
            }
            // A bad signature means that the issuer has the name of a trusted authority, but another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::CertificateUnknown,
            other => Self::CertificateRefused(other.to_string()),
        }
    }

    /// Classifies the error of an HTTP exchange: bytes that are not HTTP, or a connection that was closed.
    pub(super) fn in_http(error: &hyper::Error) -> Self {
        if error.is_parse() { Self::NoHttp } else { Self::Cut }
    }
}
