//! `hubbub doctor` through Caddy.

use crate::support::document::Configuration;
use crate::support::proxied_site::{ProxiedSite, ProxyProgram, Setup};
use crate::support::report::assert_fix;

struct Caddy;

impl ProxyProgram for Caddy {
    const NAME: &'static str = "Caddy";

    fn install(text: Configuration, setup: &Setup) -> (&'static str, Vec<String>) {
        let Setup { certificate, http_port, https_port, hubbub, .. } = setup;
        let tls = format!("tls {} {}", certificate.certificate.display(), certificate.key.display());
        let Configuration(site) = text
            .with(&format!("localhost:{https_port} {{\n    bind 127.0.0.1\n    {tls}\n"), "chat.example.org {\n")
            .with(hubbub, "127.0.0.1:3000");
        let whole = format!("{{\n    admin off\n    http_port {http_port}\n    https_port {https_port}\n}}\n{site}");
        std::fs::write(setup.folder.path().join("Caddyfile"), whole).expect("the folder is writable");
        ("caddy", ["run", "--config", "Caddyfile"].map(str::to_owned).to_vec())
    }
}

/// Returns a change that adds options to the `reverse_proxy` directive.
fn with_options(options: &'static str) -> impl FnOnce(Configuration) -> Configuration {
    move |text| {
        let line = "reverse_proxy 127.0.0.1:3000";
        text.with(&format!("{line} {{\n        {options}\n    }}"), line)
    }
}

#[tokio::test]
async fn all_checks_pass_with_the_documented_configuration() {
    ProxiedSite::start::<Caddy>(|text| text).await.report().all_passed();
}

#[tokio::test]
async fn a_dropped_upgrade_header_is_found() {
    let report =
        ProxiedSite::start::<Caddy>(with_options("header_up -Upgrade\n        header_up -Connection")).await.report();
    assert_fix(report.only_failed("upgrade"), "Caddy", "header_up -Upgrade");
}

#[tokio::test]
async fn a_proxy_timeout_that_ends_slow_responses_is_found() {
    let options = "transport http {\n            response_header_timeout 1s\n        }";
    let report = ProxiedSite::start::<Caddy>(with_options(options)).await.report_after("3");
    let fault = report.only_failed("wait");
    assert!(fault.contains("after 1."), "{fault}");
    assert_fix(fault, "Caddy", "response_header_timeout …");
}

#[tokio::test]
async fn a_buffer_that_delays_streams_and_stops_websockets_is_found() {
    let report = ProxiedSite::start::<Caddy>(with_options("buffer_responses")).await.report();
    for check in ["upgrade", "stream"] {
        assert_fix(report.fault(check), "Caddy", "buffer_responses");
    }
}

#[tokio::test]
async fn a_lost_cookie_is_found() {
    let report = ProxiedSite::start::<Caddy>(with_options("header_down -Set-Cookie")).await.report();
    assert_fix(report.only_failed("cookie"), "Caddy", "header_down -Set-Cookie");
}

#[tokio::test]
async fn a_missing_client_address_is_found() {
    let report = ProxiedSite::start::<Caddy>(with_options("header_up -X-Forwarded-For")).await.report();
    assert_fix(report.only_failed("address"), "Caddy", "header_up -X-Forwarded-For");
}
