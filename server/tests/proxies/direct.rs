//! `hubbub doctor` without a proxy: with a Hubbub, with nothing that listens, and with other servers.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::free_port;
use crate::support::hubbub::{Hubbub, doctor};

#[test]
fn all_checks_pass_without_a_proxy() {
    let hubbub = Hubbub::start(&[]);
    doctor(&[&format!("http://{}", hubbub.address), "--wait", "1"], None).all_passed();
}

#[test]
fn a_server_with_an_https_origin_fails_over_plain_http() {
    let hubbub = Hubbub::start(&["--public-origin", "https://chat.example.org"]);
    let report = doctor(&[&format!("http://{}", hubbub.address), "--wait", "1"], None);
    assert_eq!(report.code, 1);
    assert!(report.fault("origin").contains("--public-origin is https://chat.example.org"), "{report:?}");
    assert!(report.fault("cookie").contains("cookies are for HTTPS only"), "{report:?}");
}

#[test]
fn a_server_that_cannot_be_reached_is_reported() {
    for (url, expected) in [
        (format!("http://127.0.0.1:{}", free_port()), "nothing listens on port"),
        ("http://no-such-name.invalid".to_owned(), "DNS has no address for no-such-name.invalid"),
    ] {
        let report = doctor(&[&url], None);
        let fault = report.only_failed("reach");
        assert!(fault.contains(expected) && fault.contains("nobody can open Hubbub"), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_hubbub_is_reported() {
    let other_site = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    let elsewhere = "HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/probe/seen\r\nContent-Length: 0\r\n\r\n";
    let with_password = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for (response, expected) in [
        (other_site, "isn't Hubbub's"),
        (elsewhere, "hubbub doctor https://elsewhere.example"),
        (with_password, "asks for a password"),
        ("220 mail.example.org ESMTP\r\n", "doesn't use HTTP"),
        ("", "the connection was closed"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("the doctor connects");
            // The response is the same for every request.
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(response.as_bytes()).await;
        });
        let report = doctor(&[&url], None);
        let fault = report.only_failed("reach");
        assert!(fault.contains(expected), "{response:?}: {fault}");
    }
}

#[test]
fn an_invalid_url_is_a_usage_error() {
    for arguments in
        [&["chat.example.org"][..], &["https://chat.example.org/rooms/lobby"], &[], &["http://x", "--wait", "61"]]
    {
        let report = doctor(arguments, None);
        assert_eq!(report.code, 2, "{report:?}");
        assert!(!report.stderr.is_empty());
    }
}
