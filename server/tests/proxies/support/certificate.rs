//! A certificate for localhost that is signed by nobody, in files as proxies read them.

use std::path::{Path, PathBuf};

pub(crate) struct Certificate {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Certificate {
    pub(crate) fn write(folder: &Path) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a name that is fine");
        let (certificate, key) = (folder.join("fullchain.pem"), folder.join("privkey.pem"));
        std::fs::write(&certificate, made.cert.pem()).expect("a folder that can be written");
        std::fs::write(&key, made.signing_key.serialize_pem()).expect("a folder that can be written");
        Self { certificate, key }
    }
}
