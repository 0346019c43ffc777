//! Behind Caddy.

use crate::support::document::Configuration;
use crate::support::report::assert_mended;
use crate::support::site::{Kind, Place, Site};

struct Caddy;

impl Kind for Caddy {
    const NAME: &'static str = "Caddy";

    fn install(text: Configuration, place: &Place) -> (&'static str, Vec<String>) {
        let Place { certificate, http_port, https_port, hubbub, .. } = place;
        let tls = format!("tls {} {}", certificate.certificate.display(), certificate.key.display());
        let Configuration(site) = text
            .with(&format!("localhost:{https_port} {{\n    bind 127.0.0.1\n    {tls}\n"), "chat.example.org {\n")
            .with(hubbub, "127.0.0.1:3000");
        let whole = format!("{{\n    admin off\n    http_port {http_port}\n    https_port {https_port}\n}}\n{site}");
        std::fs::write(place.folder.path().join("Caddyfile"), whole).expect("a folder that can be written");
        ("caddy", ["run", "--config", "Caddyfile"].map(str::to_owned).to_vec())
    }
}

/// With more in the block of the proxy than the one line.
fn saying(options: &'static str) -> impl FnOnce(Configuration) -> Configuration {
    move |text| {
        let line = "reverse_proxy 127.0.0.1:3000";
        text.with(&format!("{line} {{\n        {options}\n    }}"), line)
    }
}

#[tokio::test]
async fn with_the_configuration_of_the_document_all_is_well() {
    Site::behind::<Caddy>(|text| text).await.report().is_well();
}

#[tokio::test]
async fn an_upgrade_that_is_not_passed_on_is_found() {
    let report = Site::behind::<Caddy>(saying("header_up -Upgrade\n        header_up -Connection")).await.report();
    assert_mended(report.finds_only("upgrade"), "Caddy", "header_up -Upgrade");
}

#[tokio::test]
async fn an_answer_that_is_cut_because_it_takes_long_is_found() {
    let options = "transport http {\n            response_header_timeout 1s\n        }";
    let report = Site::behind::<Caddy>(saying(options)).await.report_after("3");
    let fault = report.finds_only("wait");
    assert!(fault.contains("after 1."), "{fault}");
    assert_mended(fault, "Caddy", "response_header_timeout …");
}

#[tokio::test]
async fn a_buffer_that_holds_the_stream_back_and_keeps_sockets_from_opening_is_found() {
    let report = Site::behind::<Caddy>(saying("buffer_responses")).await.report();
    for check in ["upgrade", "stream"] {
        assert_mended(report.fault(check), "Caddy", "buffer_responses");
    }
}

#[tokio::test]
async fn a_cookie_that_gets_lost_is_found() {
    let report = Site::behind::<Caddy>(saying("header_down -Set-Cookie")).await.report();
    assert_mended(report.finds_only("cookie"), "Caddy", "header_down -Set-Cookie");
}

#[tokio::test]
async fn an_address_that_does_not_arrive_is_found() {
    let report = Site::behind::<Caddy>(saying("header_up -X-Forwarded-For")).await.report();
    assert_mended(report.finds_only("address"), "Caddy", "header_up -X-Forwarded-For");
}
