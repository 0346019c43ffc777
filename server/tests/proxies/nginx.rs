//! Behind nginx.

use crate::support::document::Configuration;
use crate::support::report::assert_mended;
use crate::support::site::{Kind, Place, Site, Told};

struct Nginx;

impl Kind for Nginx {
    const NAME: &'static str = "nginx";

    fn install(text: Configuration, place: &Place) -> (&'static str, Vec<String>) {
        let folder = place.folder.path().display();
        let Place { certificate, http_port, https_port, hubbub, .. } = place;
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
        std::fs::write(place.folder.path().join("nginx.conf"), whole).expect("a folder that can be written");
        let arguments = ["-e", "stderr", "-p", &folder.to_string(), "-c", "nginx.conf"];
        ("nginx", arguments.map(str::to_owned).to_vec())
    }
}

#[tokio::test]
async fn with_the_configuration_of_the_document_all_is_well() {
    Site::behind::<Nginx>(|text| text).await.report().is_well();
}

#[tokio::test]
async fn an_upgrade_that_is_not_passed_on_is_found() {
    let line = "proxy_set_header Upgrade $http_upgrade;";
    let report = Site::behind::<Nginx>(|text| text.without(line)).await.report();
    let fault = report.finds_only("upgrade");
    assert!(fault.contains("WebSockets don't pass") && fault.contains("long polling"), "{fault}");
    assert_mended(fault, "nginx", line);
    assert_mended(fault, "Apache", "ProxyPass / http://127.0.0.1:3000/ upgrade=websocket timeout=120 flushpackets=on");
}

/// Hubbub asks for no buffer; here nobody listens to that.
const BUFFERED: &str = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;";

#[tokio::test]
async fn a_buffer_that_heeds_what_hubbub_asks_for_is_no_fault() {
    Site::behind::<Nginx>(|text| text.without("proxy_buffering off;")).await.report().is_well();
}

#[tokio::test]
async fn a_buffer_that_holds_the_stream_back_is_found() {
    let report = Site::behind::<Nginx>(|text| text.with(BUFFERED, "proxy_buffering off;")).await.report();
    let fault = report.finds_only("stream");
    assert!(fault.contains("with JavaScript off"), "{fault}");
    assert_mended(fault, "nginx", "proxy_buffering off;");
}

#[tokio::test]
async fn a_stream_that_is_held_back_to_be_compressed_is_found() {
    let change = |text: Configuration| {
        text.with("gzip on; gzip_min_length 0;", "gzip off;").with(BUFFERED, "proxy_buffering off;")
    };
    let report = Site::behind::<Nginx>(change).await.report();
    let fault = report.finds_only("stream");
    assert!(fault.contains("compressed by the proxy (gzip)"), "{fault}");
    assert_mended(fault, "nginx", "gzip off;");
}

#[tokio::test]
async fn an_answer_that_is_cut_because_it_takes_long_is_found() {
    let change = |text: Configuration| text.with("proxy_read_timeout 1s;", "proxy_read_timeout 120s;");
    let report = Site::behind::<Nginx>(change).await.report_after("3");
    let fault = report.finds_only("wait");
    assert!(fault.contains("after 1.") && fault.contains("504"), "{fault}");
    assert_mended(fault, "nginx", "proxy_read_timeout 120s;");
}

#[tokio::test]
async fn an_address_that_anyone_could_claim_is_found() {
    let line = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let report = Site::behind::<Nginx>(|text| text.without(line)).await.report();
    let fault = report.finds_only("address");
    assert!(fault.contains("whatever address is claimed"), "{fault}");
    assert_mended(fault, "nginx", line);
}

#[tokio::test]
async fn an_address_that_does_not_arrive_is_found() {
    let line = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let change = |text: Configuration| text.with("proxy_set_header X-Forwarded-For \"\";", line);
    let report = Site::behind::<Nginx>(change).await.report();
    let fault = report.finds_only("address");
    assert!(fault.contains("everyone seems to come from one address"), "{fault}");
    assert_mended(fault, "nginx", line);
}

#[tokio::test]
async fn a_proxy_that_hubbub_is_not_told_to_trust_is_found() {
    let report = Site::told::<Nginx>(Told::NoProxy, |text| text).await.report();
    let fault = report.finds_only("address");
    assert!(fault.contains("hubbub --trusted-proxy 127.0.0.1"), "{fault}");
}

#[tokio::test]
async fn an_origin_that_hubbub_is_not_told_is_found() {
    let site = Site::told::<Nginx>(Told::NoOrigin, |text| text).await;
    let report = site.report();
    let fault = report.finds_only("origin");
    assert!(fault.contains(&format!("hubbub --public-origin https://localhost:{}", site.place.https_port)), "{fault}");
}

#[tokio::test]
async fn a_host_that_is_not_passed_on_is_found() {
    let line = "proxy_set_header Host $http_host;";
    let report = Site::told::<Nginx>(Told::NoOrigin, |text| text.without(line)).await.report();
    let fault = report.finds_only("origin");
    assert!(fault.contains("asks for the host 127.0.0.1"), "{fault}");
    assert_mended(fault, "nginx", line);
}

#[tokio::test]
async fn a_cookie_that_gets_lost_on_either_way_is_found() {
    let line = "proxy_buffering off;";
    for hidden in ["proxy_hide_header Set-Cookie;", "proxy_set_header Cookie \"\";", "proxy_cookie_path / /chat;"] {
        let change = |text: Configuration| text.with(&format!("{line}\n{hidden}"), line);
        let report = Site::behind::<Nginx>(change).await.report();
        let fault = report.finds_only("cookie");
        assert!(fault.contains("nobody can join"), "{fault}");
        assert_mended(fault, "nginx", "proxy_hide_header Set-Cookie;");
    }
}

#[tokio::test]
async fn pages_that_are_not_compressed_are_found() {
    let line = "proxy_buffering off;";
    let change = |text: Configuration| text.with(&format!("{line}\nproxy_set_header Accept-Encoding \"\";"), line);
    let report = Site::behind::<Nginx>(change).await.report();
    assert_mended(report.finds_only("compression"), "nginx", "proxy_set_header Accept-Encoding …;");
}

#[tokio::test]
async fn a_proxy_that_does_not_reach_hubbub_is_told_from_one_that_is_not_there() {
    let mut site = Site::behind::<Nginx>(|text| text).await;
    site.without_hubbub();
    let report = site.report();
    let fault = report.finds_only("reach");
    assert!(fault.contains("502") && fault.contains("doesn't reach Hubbub"), "{fault}");
    assert_mended(fault, "nginx", "proxy_pass http://127.0.0.1:3000;");
}

#[tokio::test]
async fn whoever_asks_for_the_wrong_scheme_port_or_name_is_told() {
    let site = Site::behind::<Nginx>(|text| text).await;
    let (http, https) = (site.place.http_port, site.place.https_port);
    for (url, said) in [
        (format!("http://localhost:{http}"), "sends everyone on to https://localhost"),
        (format!("https://localhost:{http}"), "speaks no HTTPS on this port"),
        (format!("http://localhost:{https}"), "this port speaks HTTPS"),
        (format!("https://127.0.0.1:{https}"), "certificate is for another name"),
    ] {
        let report = site.report_of(&url);
        let fault = report.finds_only("reach");
        assert!(fault.contains(said), "{url}: {fault}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_found() {
    let site = Site::behind::<Nginx>(|text| text).await;
    let another = Site::behind::<Nginx>(|text| text).await;
    let report = another.report_of(&format!("https://localhost:{}", site.place.https_port));
    let fault = report.finds_only("reach");
    assert!(fault.contains("signed by nobody whom this machine trusts"), "{fault}");
}
