//! A self-signed certificate for localhost, in PEM files for a proxy.

use std::path::{Path, PathBuf};

/// The paths of the certificate and of its private key.
pub(crate) struct Certificate {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Certificate {
    /// Creates a certificate and writes both files to a folder.
    pub(crate) fn write(folder: &Path) -> Self {
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("localhost is a valid name");
        let (certificate, key) = (folder.join("fullchain.pem"), folder.join("privkey.pem"));
        std::fs::write(&certificate, signed.cert.pem()).expect("the folder is writable");
        std::fs::write(&key, signed.signing_key.serialize_pem()).expect("the folder is writable");
        Self { certificate, key }
    }
}
