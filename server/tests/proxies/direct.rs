//! With no proxy in between: a server that is well, one that isn't there, and what is no Hubbub.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::free_port;
use crate::support::hubbub::{Hubbub, doctor};

#[test]
fn a_server_without_a_proxy_is_well() {
    let hubbub = Hubbub::start(&[]);
    doctor(&[&format!("http://{}", hubbub.address), "--wait", "1"], None).is_well();
}

#[test]
fn a_server_whose_people_come_by_https_is_not_well_without_a_proxy() {
    let hubbub = Hubbub::start(&["--public-origin", "https://chat.example.org"]);
    let report = doctor(&[&format!("http://{}", hubbub.address), "--wait", "1"], None);
    assert_eq!(report.code, 1);
    assert!(report.fault("origin").contains("it at https://chat.example.org"), "{report:?}");
    assert!(report.fault("cookie").contains("cookies are for HTTPS only"), "{report:?}");
}

#[test]
fn what_is_not_there_is_said_to_be_not_there() {
    for (url, said) in [
        (format!("http://127.0.0.1:{}", free_port()), "nothing listens on port"),
        ("http://no-such-name.invalid".to_owned(), "the name no-such-name.invalid is not known"),
    ] {
        let report = doctor(&[&url], None);
        let fault = report.finds_only("reach");
        assert!(fault.contains(said) && fault.contains("nobody can open Hubbub"), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_hubbub_is_said_to_be_none() {
    let other_site = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    let elsewhere = "HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/probe/seen\r\nContent-Length: 0\r\n\r\n";
    let locked = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for (answer, said) in [
        (other_site, "it isn't Hubbub"),
        (elsewhere, "hubbub doctor https://elsewhere.example"),
        (locked, "asks for a password"),
        ("220 mail.example.org ESMTP\r\n", "speaks no HTTP"),
        ("", "the connection was closed"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("it asks");
            // What it asks is all one: the answer is the same.
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        });
        let report = doctor(&[&url], None);
        let fault = report.finds_only("reach");
        assert!(fault.contains(said), "{answer:?}: {fault}");
    }
}

#[test]
fn an_address_that_makes_no_sense_is_bad_usage() {
    for arguments in
        [&["chat.example.org"][..], &["https://chat.example.org/rooms/lobby"], &[], &["http://x", "--wait", "61"]]
    {
        let report = doctor(arguments, None);
        assert_eq!(report.code, 2, "{report:?}");
        assert!(!report.complaint.is_empty());
    }
}
