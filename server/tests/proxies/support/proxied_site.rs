//! Runs Hubbub behind a proxy that listens on an HTTPS port of localhost.

use tempfile::TempDir;

use super::certificate::Certificate;
use super::document::Configuration;
use super::free_port;
use super::hubbub::{Hubbub, doctor};
use super::proxy::Proxy;
use super::report::Report;

/// The folder, certificate, ports and addresses that a test's configuration uses instead of the documented ones.
pub(crate) struct Setup {
    pub(crate) folder: TempDir,
    pub(crate) certificate: Certificate,
    pub(crate) http_port: u16,
    pub(crate) https_port: u16,
    /// The address and port on which Hubbub listens.
    pub(crate) hubbub: String,
}

/// A running Hubbub behind a running proxy.
pub(crate) struct ProxiedSite {
    /// Dropped first, because the proxy uses the folder and the server.
    _proxy: Proxy,
    pub(crate) setup: Setup,
    hubbub: Hubbub,
}

/// The settings of Hubbub that concern the proxy.
#[derive(Clone, Copy)]
pub(crate) enum HubbubSettings {
    /// `--public-origin` and `--trusted-proxy`.
    Complete,
    /// Only `--trusted-proxy`.
    NoOrigin,
    /// Only `--public-origin`.
    NoTrustedProxy,
}

/// One of the proxies that docs/operations.md has a configuration for.
pub(crate) trait ProxyProgram {
    /// The proxy's name, which is the heading of its section in the document.
    const NAME: &'static str;

    /// Writes the configuration to the folder, with the names, ports and paths of the setup. Returns the program and its
    /// arguments.
    fn install(text: Configuration, setup: &Setup) -> (&'static str, Vec<String>);
}

impl ProxiedSite {
    /// Starts Hubbub with complete settings, and a proxy with the documented configuration after `change`.
    pub(crate) async fn start<P: ProxyProgram>(change: impl FnOnce(Configuration) -> Configuration) -> Self {
        Self::start_with::<P>(HubbubSettings::Complete, change).await
    }

    /// Starts Hubbub with these settings, and a proxy with the documented configuration after `change`.
    pub(crate) async fn start_with<P: ProxyProgram>(
        settings: HubbubSettings,
        change: impl FnOnce(Configuration) -> Configuration,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (http_port, https_port) = (free_port(), free_port());
        let origin = format!("https://localhost:{https_port}");
        let (public_origin, trusted_proxy) = (["--public-origin", &origin], ["--trusted-proxy", "127.0.0.1"]);
        let hubbub = Hubbub::start(&match settings {
            HubbubSettings::Complete => [public_origin, trusted_proxy].concat(),
            HubbubSettings::NoOrigin => trusted_proxy.to_vec(),
            HubbubSettings::NoTrustedProxy => public_origin.to_vec(),
        });
        let certificate = Certificate::write(folder.path());
        let setup = Setup { folder, certificate, http_port, https_port, hubbub: hubbub.address.clone() };
        let (program, arguments) = P::install(change(Configuration::of(P::NAME)), &setup);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let proxy = Proxy::start(program, &arguments, setup.folder.path(), https_port).await;
        Self { setup, _proxy: proxy, hubbub }
    }

    /// Returns the doctor's report on the site. The slowest response takes one second.
    pub(crate) fn report(&self) -> Report {
        self.report_after("1")
    }

    /// Returns the doctor's report on the site. The slowest response takes this many seconds.
    pub(crate) fn report_after(&self, seconds: &str) -> Report {
        let url = format!("https://localhost:{}", self.setup.https_port);
        doctor(&[&url, "--wait", seconds], Some(&self.setup.certificate.certificate))
    }

    /// Returns the doctor's report on another URL.
    pub(crate) fn report_of(&self, url: &str) -> Report {
        doctor(&[url], Some(&self.setup.certificate.certificate))
    }

    /// Kills the server. The proxy keeps running.
    pub(crate) fn stop_hubbub(&mut self) {
        self.hubbub.kill();
    }
}
