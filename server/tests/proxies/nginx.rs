//! `hubbub doctor` through nginx.

use crate::support::document::Configuration;
use crate::support::proxied_site::{HubbubSettings, ProxiedSite, ProxyProgram, Setup};
use crate::support::report::assert_fix;

struct Nginx;

impl ProxyProgram for Nginx {
    const NAME: &'static str = "nginx";

    fn install(text: Configuration, setup: &Setup) -> (&'static str, Vec<String>) {
        let folder = setup.folder.path().display();
        let Setup { certificate, http_port, https_port, hubbub, .. } = setup;
        let Configuration(site) = text
            .with(&format!("listen 127.0.0.1:{http_port};"), "listen 80;")
            .with(&format!("listen 127.0.0.1:{https_port} ssl"), "listen 443 ssl")
            .without("    listen [::]:80;\n")
            .without("    listen [::]:443 ssl http2;\n")
            .with("localhost", "chat.example.org")
            .with(&certificate.certificate.display().to_string(), "/etc/letsencrypt/live/localhost/fullchain.pem")
            .with(&certificate.key.display().to_string(), "/etc/letsencrypt/live/localhost/privkey.pem")
            .with(hubbub, "127.0.0.1:3000");
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|what| format!("    {what}_temp_path {folder}/{what};\n"))
            .concat();
        let whole = format!(
            "daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n\
             http {{\n    access_log off;\n{temporary}{site}}}\n"
        );
        std::fs::write(setup.folder.path().join("nginx.conf"), whole).expect("the folder is writable");
        let arguments = ["-e", "stderr", "-p", &folder.to_string(), "-c", "nginx.conf"];
        ("nginx", arguments.map(str::to_owned).to_vec())
    }
}

#[tokio::test]
async fn all_checks_pass_with_the_documented_configuration() {
    ProxiedSite::start::<Nginx>(|text| text).await.report().all_passed();
}

#[tokio::test]
async fn a_dropped_upgrade_header_is_found() {
    let line = "proxy_set_header Upgrade $http_upgrade;";
    let report = ProxiedSite::start::<Nginx>(|text| text.without(line)).await.report();
    let fault = report.only_failed("upgrade");
    assert!(fault.contains("WebSockets don't work") && fault.contains("long polling"), "{fault}");
    assert_fix(fault, "nginx", line);
    assert_fix(fault, "Apache", "ProxyPass / http://127.0.0.1:3000/ upgrade=websocket timeout=120 flushpackets=on");
}

/// nginx buffers, and ignores the `X-Accel-Buffering: no` of Hubbub's responses.
const BUFFERED: &str = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;";

#[tokio::test]
async fn a_buffer_that_heeds_x_accel_buffering_is_no_fault() {
    ProxiedSite::start::<Nginx>(|text| text.without("proxy_buffering off;")).await.report().all_passed();
}

#[tokio::test]
async fn a_buffer_that_delays_streams_is_found() {
    let report = ProxiedSite::start::<Nginx>(|text| text.with(BUFFERED, "proxy_buffering off;")).await.report();
    let fault = report.only_failed("stream");
    assert!(fault.contains("with JavaScript off"), "{fault}");
    assert_fix(fault, "nginx", "proxy_buffering off;");
}

#[tokio::test]
async fn a_compressed_stream_is_found() {
    let change = |text: Configuration| {
        text.with("gzip on; gzip_min_length 0;", "gzip off;").with(BUFFERED, "proxy_buffering off;")
    };
    let report = ProxiedSite::start::<Nginx>(change).await.report();
    let fault = report.only_failed("stream");
    assert!(fault.contains("compressed by the proxy (gzip)"), "{fault}");
    assert_fix(fault, "nginx", "gzip off;");
}

#[tokio::test]
async fn a_proxy_timeout_that_ends_slow_responses_is_found() {
    let change = |text: Configuration| text.with("proxy_read_timeout 1s;", "proxy_read_timeout 120s;");
    let report = ProxiedSite::start::<Nginx>(change).await.report_after("3");
    let fault = report.only_failed("wait");
    assert!(fault.contains("after 1.") && fault.contains("504"), "{fault}");
    assert_fix(fault, "nginx", "proxy_read_timeout 120s;");
}

#[tokio::test]
async fn a_forgeable_client_address_is_found() {
    let line = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let report = ProxiedSite::start::<Nginx>(|text| text.without(line)).await.report();
    let fault = report.only_failed("address");
    assert!(fault.contains("clients can forge their address"), "{fault}");
    assert_fix(fault, "nginx", line);
}

#[tokio::test]
async fn a_missing_client_address_is_found() {
    let line = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let change = |text: Configuration| text.with("proxy_set_header X-Forwarded-For \"\";", line);
    let report = ProxiedSite::start::<Nginx>(change).await.report();
    let fault = report.only_failed("address");
    assert!(fault.contains("all clients seem to have the same address"), "{fault}");
    assert_fix(fault, "nginx", line);
}

#[tokio::test]
async fn a_proxy_that_hubbub_does_not_trust_is_found() {
    let report = ProxiedSite::start_with::<Nginx>(HubbubSettings::NoTrustedProxy, |text| text).await.report();
    let fault = report.only_failed("address");
    assert!(fault.contains("hubbub --trusted-proxy 127.0.0.1"), "{fault}");
}

#[tokio::test]
async fn a_missing_public_origin_is_found() {
    let site = ProxiedSite::start_with::<Nginx>(HubbubSettings::NoOrigin, |text| text).await;
    let report = site.report();
    let fault = report.only_failed("origin");
    assert!(fault.contains(&format!("hubbub --public-origin https://localhost:{}", site.setup.https_port)), "{fault}");
}

#[tokio::test]
async fn a_replaced_host_header_is_found() {
    let line = "proxy_set_header Host $http_host;";
    let report = ProxiedSite::start_with::<Nginx>(HubbubSettings::NoOrigin, |text| text.without(line)).await.report();
    let fault = report.only_failed("origin");
    assert!(fault.contains("sends the Host 127.0.0.1"), "{fault}");
    assert_fix(fault, "nginx", line);
}

#[tokio::test]
async fn a_cookie_lost_in_either_direction_is_found() {
    let line = "proxy_buffering off;";
    for hidden in ["proxy_hide_header Set-Cookie;", "proxy_set_header Cookie \"\";", "proxy_cookie_path / /chat;"] {
        let change = |text: Configuration| text.with(&format!("{line}\n{hidden}"), line);
        let report = ProxiedSite::start::<Nginx>(change).await.report();
        let fault = report.only_failed("cookie");
        assert!(fault.contains("nobody can join"), "{fault}");
        assert_fix(fault, "nginx", "proxy_hide_header Set-Cookie;");
    }
}

#[tokio::test]
async fn uncompressed_pages_are_found() {
    let line = "proxy_buffering off;";
    let change = |text: Configuration| text.with(&format!("{line}\nproxy_set_header Accept-Encoding \"\";"), line);
    let report = ProxiedSite::start::<Nginx>(change).await.report();
    assert_fix(report.only_failed("compression"), "nginx", "proxy_set_header Accept-Encoding …;");
}

#[tokio::test]
async fn a_proxy_that_does_not_reach_hubbub_is_reported() {
    let mut site = ProxiedSite::start::<Nginx>(|text| text).await;
    site.stop_hubbub();
    let report = site.report();
    let fault = report.only_failed("reach");
    assert!(fault.contains("502") && fault.contains("doesn't reach Hubbub"), "{fault}");
    assert_fix(fault, "nginx", "proxy_pass http://127.0.0.1:3000;");
}

#[tokio::test]
async fn a_wrong_scheme_port_or_name_is_reported() {
    let site = ProxiedSite::start::<Nginx>(|text| text).await;
    let (http, https) = (site.setup.http_port, site.setup.https_port);
    for (url, expected) in [
        (format!("http://localhost:{http}"), "redirect to https://localhost"),
        (format!("https://localhost:{http}"), "this port doesn't use HTTPS"),
        (format!("http://localhost:{https}"), "this port uses HTTPS"),
        (format!("https://127.0.0.1:{https}"), "certificate is for another name"),
    ] {
        let report = site.report_of(&url);
        let fault = report.only_failed("reach");
        assert!(fault.contains(expected), "{url}: {fault}");
    }
}

#[tokio::test]
async fn an_untrusted_certificate_is_found() {
    let site = ProxiedSite::start::<Nginx>(|text| text).await;
    let another = ProxiedSite::start::<Nginx>(|text| text).await;
    let report = another.report_of(&format!("https://localhost:{}", site.setup.https_port));
    let fault = report.only_failed("reach");
    assert!(fault.contains("doesn't trust the issuer of the certificate"), "{fault}");
}
