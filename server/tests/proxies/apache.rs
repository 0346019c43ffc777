//! Behind Apache.

use crate::support::document::Configuration;
use crate::support::report::assert_mended;
use crate::support::site::{Kind, Place, Site, Told};

struct Apache;

/// What the document asks for, and what Debian has on anyway.
const MODULES: [&str; 10] =
    ["mpm_event", "authz_core", "unixd", "alias", "env", "filter", "proxy", "proxy_http", "ssl", "headers"];
const FOLDER_OF_MODULES: &str = "/usr/lib/apache2/modules";
const LINE: &str = "ProxyPass / http://127.0.0.1:3000/ upgrade=websocket timeout=120 flushpackets=on";

impl Kind for Apache {
    const NAME: &'static str = "Apache";

    fn install(text: Configuration, place: &Place) -> (&'static str, Vec<String>) {
        let folder = place.folder.path().display();
        let Place { certificate, http_port, https_port, hubbub, .. } = place;
        let Configuration(site) = text
            .with(&format!("<VirtualHost *:{http_port}>"), "<VirtualHost *:80>")
            .with(&format!("<VirtualHost *:{https_port}>"), "<VirtualHost *:443>")
            .with("localhost", "chat.example.org")
            .with(&certificate.certificate.display().to_string(), "/etc/letsencrypt/live/localhost/fullchain.pem")
            .with(&certificate.key.display().to_string(), "/etc/letsencrypt/live/localhost/privkey.pem")
            .with(hubbub, "127.0.0.1:3000");
        // Debian builds some in.
        let is_there = |name: &&str| std::path::Path::new(&format!("{FOLDER_OF_MODULES}/mod_{name}.so")).exists();
        let load = |name: &str| format!("LoadModule {name}_module {FOLDER_OF_MODULES}/mod_{name}.so\n");
        let modules: String = MODULES.iter().filter(|name| is_there(name)).map(|name| load(name)).collect();
        let whole = format!(
            "ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\nErrorLog {folder}/log\n\
             Mutex file:{folder} default\n{modules}User www-data\nGroup www-data\nServerName localhost\n\
             Listen 127.0.0.1:{http_port}\nListen 127.0.0.1:{https_port} https\n{site}"
        );
        std::fs::write(place.folder.path().join("apache.conf"), whole).expect("a folder that can be written");
        let file = format!("{folder}/apache.conf");
        ("apache2", ["-f", &file, "-DFOREGROUND"].map(str::to_owned).to_vec())
    }
}

#[tokio::test]
async fn with_the_configuration_of_the_document_all_is_well() {
    Site::behind::<Apache>(|text| text).await.report().is_well();
}

#[tokio::test]
async fn an_upgrade_that_is_not_passed_on_is_found() {
    let report = Site::behind::<Apache>(|text| text.without(" upgrade=websocket")).await.report();
    assert_mended(report.finds_only("upgrade"), "Apache", LINE);
}

#[tokio::test]
async fn an_answer_that_is_cut_because_it_takes_long_is_found() {
    let report = Site::behind::<Apache>(|text| text.with("timeout=1", "timeout=120")).await.report_after("3");
    assert_mended(report.finds_only("wait"), "Apache", LINE);
}

#[tokio::test]
async fn a_host_that_is_not_passed_on_is_found() {
    let report = Site::told::<Apache>(Told::NoOrigin, |text| text.without("ProxyPreserveHost On")).await.report();
    assert_mended(report.finds_only("origin"), "Apache", "ProxyPreserveHost On");
}

#[tokio::test]
async fn an_address_that_anyone_could_claim_is_found() {
    let line = "ProxyPreserveHost On";
    let change = |text: Configuration| text.with(&format!("{line}\nProxyAddHeaders Off"), line);
    let report = Site::behind::<Apache>(change).await.report();
    assert_mended(report.finds_only("address"), "Apache", "ProxyAddHeaders Off");
}
