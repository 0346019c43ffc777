//! The Autobahn test suite against [`Socket`]: the cases about frames, by PyPI's `kosoku`, which `bin/tools autobahn`
//! installs. Group 9 is about the time that large messages take, and 12 and 13 about compression, which is not offered.

use std::path::{Path, PathBuf};
use std::process::Output;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::protocol::frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::*;
use crate::hub::Frame;
use crate::transport::websocket::end::ConnectionEnd;

const CASES: [&str; 8] = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"];
/// The number of cases in those groups, in kosoku 0.1.0.
const N_CASES: usize = 247;
/// The number of cases that run at the same time.
const AT_ONCE: &str = "4";

#[tokio::test]
async fn every_autobahn_case_about_frames_passes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(echo(stream));
        }
    });

    let reports = tempfile::tempdir().expect("a folder for the reports");
    let Output { status, stdout, stderr } = run_cases(&format!("ws://{address}"), reports.path()).await;
    serving.abort();

    let (said, failed) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{said}\n{failed}");
    assert!(said.contains(&format!("{N_CASES} cases passed")), "{said}\n{failed}");
}

async fn run_cases(url: &str, reports: &Path) -> Output {
    let mut command = Command::new(kosoku());
    command.args(["--mode", "fuzzingclient", "--parallelism", AT_ONCE, "--outdir"]).arg(reports);
    command.args(CASES.iter().flat_map(|cases| ["--include", cases])).arg(url);
    command.kill_on_drop(true).output().await.expect("kosoku starts")
}

fn kosoku() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/autobahn/bin/kosoku");
    assert!(path.exists(), "{} is missing: run bin/tools autobahn", path.display());
    path
}

/// Sends each message back with the functions that a connection calls.
async fn echo(stream: TcpStream) {
    // The client sends no frame before it has the response. So the handshake reads no byte of a frame.
    let Ok(handshake) = accept_async(stream).await else { return };
    let mut socket = Socket::new(handshake.into_inner(), Vec::new()).await;
    let end = loop {
        let echoed = match socket.next().await {
            SocketEvent::Text(text) => {
                let frames = vec![Frame::from(text.as_str().to_owned())];
                socket.send(&mut Unwritten { frames, n_bytes_written: 0 }).await
            }
            SocketEvent::Binary(bytes) => send_binary(&mut socket, bytes).await,
            SocketEvent::PingOrPong => socket.flush_library().await,
            SocketEvent::Close => break ConnectionEnd::ClosedByClient,
            SocketEvent::End(Some(code)) => break ConnectionEnd::ClosedByServer(code, ""),
            SocketEvent::End(None) => break ConnectionEnd::Broken,
        };
        if echoed.is_err() {
            break ConnectionEnd::Broken;
        }
    };
    end.close(socket).await;
}

/// Sends a binary message, which the server itself never does. The library encodes it, but does not write it: the write
/// buffer of the library is smaller than the longest message.
async fn send_binary(socket: &mut Socket, bytes: Bytes) -> Result<(), Error> {
    let mut encoded = Vec::new();
    frame::Frame::message(bytes, OpCode::Data(Data::Binary), true).format(&mut encoded)?;
    socket.flush_library().await?;
    Ok(socket.inner.get_mut().write_all(&encoded).await?)
}
