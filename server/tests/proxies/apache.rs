//! `hubbub doctor` through Apache.

use crate::support::document::Configuration;
use crate::support::proxied_site::{HubbubSettings, ProxiedSite, ProxyProgram, Setup};
use crate::support::report::assert_fix;

struct Apache;

/// The modules that docs/operations.md enables, and those that Debian enables by default.
const MODULES: [&str; 10] =
    ["mpm_event", "authz_core", "unixd", "alias", "env", "filter", "proxy", "proxy_http", "ssl", "headers"];
const MODULES_FOLDER: &str = "/usr/lib/apache2/modules";
const PROXY_PASS: &str = "ProxyPass / http://127.0.0.1:3000/ upgrade=websocket timeout=120 flushpackets=on";

impl ProxyProgram for Apache {
    const NAME: &'static str = "Apache";

    fn install(text: Configuration, setup: &Setup) -> (&'static str, Vec<String>) {
        let folder = setup.folder.path().display();
        let Setup { certificate, http_port, https_port, hubbub, .. } = setup;
        let Configuration(site) = text
            .with(&format!("<VirtualHost *:{http_port}>"), "<VirtualHost *:80>")
            .with(&format!("<VirtualHost *:{https_port}>"), "<VirtualHost *:443>")
            .with("localhost", "chat.example.org")
            .with(&certificate.certificate.display().to_string(), "/etc/letsencrypt/live/localhost/fullchain.pem")
            .with(&certificate.key.display().to_string(), "/etc/letsencrypt/live/localhost/privkey.pem")
            .with(hubbub, "127.0.0.1:3000");
        // Debian compiles some of the modules into the program, so that they have no file.
        let has_file = |name: &&str| std::path::Path::new(&format!("{MODULES_FOLDER}/mod_{name}.so")).exists();
        let load = |name: &str| format!("LoadModule {name}_module {MODULES_FOLDER}/mod_{name}.so\n");
        let modules: String = MODULES.iter().filter(|name| has_file(name)).map(|name| load(name)).collect();
        let whole = format!(
            "ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\nErrorLog {folder}/log\n\
             Mutex file:{folder} default\n{modules}User www-data\nGroup www-data\nServerName localhost\n\
             Listen 127.0.0.1:{http_port}\nListen 127.0.0.1:{https_port} https\n{site}"
        );
        std::fs::write(setup.folder.path().join("apache.conf"), whole).expect("the folder is writable");
        let file = format!("{folder}/apache.conf");
        ("apache2", ["-f", &file, "-DFOREGROUND"].map(str::to_owned).to_vec())
    }
}

#[tokio::test]
async fn all_checks_pass_with_the_documented_configuration() {
    ProxiedSite::start::<Apache>(|text| text).await.report().all_passed();
}

#[tokio::test]
async fn a_dropped_upgrade_header_is_found() {
    let report = ProxiedSite::start::<Apache>(|text| text.without(" upgrade=websocket")).await.report();
    assert_fix(report.only_failed("upgrade"), "Apache", PROXY_PASS);
}

#[tokio::test]
async fn a_proxy_timeout_that_ends_slow_responses_is_found() {
    let report = ProxiedSite::start::<Apache>(|text| text.with("timeout=1", "timeout=120")).await.report_after("3");
    assert_fix(report.only_failed("wait"), "Apache", PROXY_PASS);
}

#[tokio::test]
async fn a_replaced_host_header_is_found() {
    let report =
        ProxiedSite::start_with::<Apache>(HubbubSettings::NoOrigin, |text| text.without("ProxyPreserveHost On"))
            .await
            .report();
    assert_fix(report.only_failed("origin"), "Apache", "ProxyPreserveHost On");
}

#[tokio::test]
async fn a_forgeable_client_address_is_found() {
    let line = "ProxyPreserveHost On";
    let change = |text: Configuration| text.with(&format!("{line}\nProxyAddHeaders Off"), line);
    let report = ProxiedSite::start::<Apache>(change).await.report();
    assert_fix(report.only_failed("address"), "Apache", "ProxyAddHeaders Off");
}
