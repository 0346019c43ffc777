//! The same stand-in over HTTP/2, with few streams for a connection. It answers each request in a thread of its own.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use h2::server::{Builder, SendResponse};
use h2::{RecvStream, server};
use http::{Request, Response, header};
use hubbub_protocol::codec;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::task::spawn_blocking;

use super::stand_in_polls::{Answers, Room, frame_of};

pub(super) const N_STREAMS: usize = 5;

pub(super) fn start() -> SocketAddrV4 {
    let runtime = runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
    let Ok(SocketAddr::V4(address)) = listener.local_addr() else { panic!("an IPv4 address") };
    let room = Room::new(Answers::Once);
    thread::spawn(move || {
        runtime.block_on(async {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&room)));
            }
        });
    });
    address
}

async fn serve(stream: TcpStream, room: Arc<Room>) -> Result<(), h2::Error> {
    let limit = u32::try_from(N_STREAMS).expect("a small number");
    let mut connection: server::Connection<_, Bytes> =
        Builder::new().max_concurrent_streams(limit).handshake(stream).await?;
    while let Some(accepted) = connection.accept().await {
        let (request, respond) = accepted?;
        tokio::spawn(answer(request, respond, Arc::clone(&room)));
    }
    Ok(())
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    room: Arc<Room>,
) -> Result<(), h2::Error> {
    assert!(request.headers().contains_key(header::USER_AGENT), "it is as long as a browser's");
    assert!(request.uri().path_and_query().is_some_and(|path| path.as_str().contains("?tab=")));
    let mut stream = request.into_body();
    let mut body = Vec::new();
    while let Some(more) = stream.data().await {
        body.extend_from_slice(&more?);
    }
    let answered = spawn_blocking(move || codec::encode_server(&room.answer(frame_of(&body))) + "\n").await;
    let mut sending = respond.send_response(Response::new(()), false)?;
    sending.send_data(answered.expect("an answer").into(), true)
}
