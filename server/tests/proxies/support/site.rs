//! Hubbub behind a proxy, as people find it: at an HTTPS port of localhost.

use tempfile::TempDir;

use super::certificate::Certificate;
use super::document::Configuration;
use super::free_port;
use super::hubbub::{Hubbub, doctor};
use super::proxy::Proxy;
use super::report::Report;

/// What a configuration is made to run with.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) certificate: Certificate,
    pub(crate) http_port: u16,
    pub(crate) https_port: u16,
    /// Where Hubbub listens.
    pub(crate) hubbub: String,
}

/// A running Hubbub behind a running proxy.
pub(crate) struct Site {
    /// Dropped first: it needs its folder and talks to the server.
    _proxy: Proxy,
    pub(crate) place: Place,
    hubbub: Hubbub,
}

/// What is Hubbub told of the proxy before it?
#[derive(Clone, Copy)]
pub(crate) enum Told {
    All,
    NoOrigin,
    NoProxy,
}

/// A proxy that can run with a configuration of the document.
pub(crate) trait Kind {
    /// Its chapter.
    const NAME: &'static str;

    /// The configuration with names, ports and paths of the place, written to its folder; answers program and arguments.
    fn install(text: Configuration, place: &Place) -> (&'static str, Vec<String>);
}

impl Site {
    /// Behind a proxy with the document's configuration, changed as a test wants.
    pub(crate) async fn behind<K: Kind>(change: impl FnOnce(Configuration) -> Configuration) -> Self {
        Self::told::<K>(Told::All, change).await
    }

    pub(crate) async fn told<K: Kind>(told: Told, change: impl FnOnce(Configuration) -> Configuration) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (http_port, https_port) = (free_port(), free_port());
        let origin = format!("https://localhost:{https_port}");
        let (knows_origin, trusts) = (["--public-origin", &origin], ["--trusted-proxy", "127.0.0.1"]);
        let hubbub = Hubbub::start(&match told {
            Told::All => [knows_origin, trusts].concat(),
            Told::NoOrigin => trusts.to_vec(),
            Told::NoProxy => knows_origin.to_vec(),
        });
        let certificate = Certificate::write(folder.path());
        let place = Place { folder, certificate, http_port, https_port, hubbub: hubbub.address.clone() };
        let (program, arguments) = K::install(change(Configuration::of(K::NAME)), &place);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let proxy = Proxy::start(program, &arguments, place.folder.path(), https_port).await;
        Self { place, _proxy: proxy, hubbub }
    }

    /// What the doctor says of it.
    pub(crate) fn report(&self) -> Report {
        self.report_after("1")
    }

    /// What it says when its longest answer takes so many seconds.
    pub(crate) fn report_after(&self, seconds: &str) -> Report {
        let url = format!("https://localhost:{}", self.place.https_port);
        doctor(&[&url, "--wait", seconds], Some(&self.place.certificate.certificate))
    }

    /// What it says of another URL.
    pub(crate) fn report_of(&self, url: &str) -> Report {
        doctor(&[url], Some(&self.place.certificate.certificate))
    }

    /// The server goes, the proxy stays.
    pub(crate) fn without_hubbub(&mut self) {
        self.hubbub.end();
    }
}
