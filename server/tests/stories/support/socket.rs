//! A client's WebSocket. A frame that a test doesn't wait for is kept, in the order of arrival, until the test does.

use std::collections::VecDeque;

use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::{
    Answer, Change, ClientFrame, Cursor, Interest, Member, Message, MessageId, OpId, Operation, Page, Query, Refusal,
    RoomId, RoomInfo, Seq, ServerFrame, codec,
};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderName;
use tokio_tungstenite::tungstenite::{self, Error};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::person::hello;
use super::site::Site;
use super::tcp::connect;
use super::{LOBBY, PATIENCE, frame_of, fresh_id, operation, post};

#[derive(Debug)]
pub(crate) struct Socket {
    inner: WebSocketStream<TcpStream>,
    /// Frames that were received and that no test has waited for yet.
    unasked: VecDeque<ServerFrame>,
}

/// How a connection ended: the close code, if the server sent one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended(pub(crate) Option<u16>);

/// The seq of an ack, or the refusal.
pub(crate) type Outcome = Result<Seq, Refusal>;

impl Socket {
    pub(crate) async fn open(site: Site, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{}/ws", site.address).into_client_request().expect("an address");
        request.headers_mut().insert("sec-websocket-protocol", "hubbub.v1".parse().expect("a header"));
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a header's name");
            request.headers_mut().insert(name, value.parse().expect("a header's value"));
        }
        let stream = connect(site.address).await.map_err(|_| 0_u16)?;
        match timeout(PATIENCE, client_async(request, stream)).await.expect("an answer in time") {
            Ok((inner, _)) => Ok(Self { inner, unasked: VecDeque::new() }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            // The connection ended before a response.
            Err(_) => Err(0),
        }
    }

    pub(crate) async fn say(&mut self, frame: &ClientFrame) {
        self.say_text(&codec::encode_client(frame)).await;
    }

    pub(crate) async fn say_text(&mut self, text: &str) {
        self.say_message(tungstenite::Message::text(text)).await;
    }

    pub(crate) async fn say_message(&mut self, message: tungstenite::Message) {
        self.try_say(message).await.expect("the connection is open");
    }

    pub(crate) async fn try_say(&mut self, message: tungstenite::Message) -> Result<(), Error> {
        timeout(PATIENCE, self.inner.send(message)).await.expect("the server reads")
    }

    /// Writes bytes that the library would never send.
    pub(crate) async fn say_bytes(&mut self, bytes: &[u8]) {
        self.inner.get_mut().write_all(bytes).await.expect("the connection is open");
    }

    /// Sends a `hello` for a room, and returns the answer about the room.
    pub(crate) async fn follow(&mut self, room: RoomId, after: Option<Cursor>) -> ServerFrame {
        self.say(&hello(room, after)).await;
        self.welcome().await;
        self.about_joining(room).await
    }

    pub(crate) async fn join(&mut self, room: RoomId, after: Option<Cursor>) -> ServerFrame {
        self.say(&ClientFrame::Join(Interest { room, after })).await;
        self.about_joining(room).await
    }

    async fn about_joining(&mut self, asked: RoomId) -> ServerFrame {
        self.find("an answer about the room", |frame| match frame {
            ServerFrame::Page { room, .. } | ServerFrame::Resumed { room, .. } | ServerFrame::Denied { room, .. } => {
                (*room == asked).then(|| frame.clone())
            }
            _ => None,
        })
        .await
    }

    pub(crate) async fn welcome(&mut self) -> (Member, Vec<RoomInfo>) {
        self.find("welcome", |frame| match frame {
            ServerFrame::Welcome { you, rooms } => Some((you.clone(), rooms.clone())),
            _ => None,
        })
        .await
    }

    /// Posts to the lobby and waits for the ack.
    pub(crate) async fn posts(&mut self, body: &str) -> Seq {
        self.posts_to(LOBBY, fresh_id(), body).await.expect("an ack")
    }

    pub(crate) async fn posts_to(&mut self, room: RoomId, id: MessageId, body: &str) -> Outcome {
        self.say(&post(room, id, body)).await;
        self.outcome(id).await
    }

    /// Posts to the lobby without waiting in between, and returns the seqs of the acks.
    pub(crate) async fn posts_all(&mut self, bodies: impl IntoIterator<Item = String>) -> Vec<Seq> {
        let mut ids = Vec::new();
        for body in bodies {
            let id = fresh_id();
            self.say(&post(LOBBY, id, &body)).await;
            ids.push(id);
        }
        let mut acked = Vec::new();
        for id in ids {
            acked.push(self.outcome(id).await.expect("an ack"));
        }
        acked
    }

    /// Carries out an operation in the lobby under a new id.
    pub(crate) async fn operates(&mut self, what: Operation) -> Outcome {
        self.operates_as(LOBBY, fresh_id(), what).await
    }

    pub(crate) async fn operates_as(&mut self, room: RoomId, op: impl Into<OpId>, what: Operation) -> Outcome {
        let op = op.into();
        self.say(&operation(room, op, what)).await;
        self.outcome(op).await
    }

    pub(crate) async fn outcome(&mut self, of: impl Into<OpId>) -> Outcome {
        let of = of.into();
        self.find("an ack", |frame| match frame {
            ServerFrame::Ack { op, seq, .. } if *op == of => Some(Ok(*seq)),
            ServerFrame::Refused { op, refusal, .. } if *op == of => Some(Err(refusal.clone())),
            _ => None,
        })
        .await
    }

    /// Returns the next `n` changes of a room in the order of arrival.
    pub(crate) async fn changes(&mut self, of: RoomId, n: usize) -> Vec<Change> {
        let mut all = Vec::new();
        while all.len() < n {
            let more = self.find("changes", |frame| match frame {
                ServerFrame::Changes { room, changes } if *room == of => Some(changes.clone()),
                _ => None,
            });
            all.extend(more.await);
        }
        assert_eq!(all.len(), n, "no more than that");
        all
    }

    /// Returns the rows that were received and that no test has asked for, in the order of arrival.
    pub(crate) fn rows(&mut self, of: RoomId) -> Vec<Message> {
        let mut all = Vec::new();
        self.unasked.retain_mut(|frame| match frame {
            ServerFrame::Rows { room, messages, .. } if *room == of => {
                all.append(messages);
                false
            }
            _ => true,
        });
        all
    }

    /// Asks about a room, and returns the answer.
    pub(crate) async fn asks(&mut self, of: RoomId, asked: Query) -> Answer {
        self.say(&ClientFrame::Query { room: of, query: asked.clone() }).await;
        self.find("an answer", |frame| match frame {
            ServerFrame::Answer { room, query, answer } if *room == of && *query == asked => Some(answer.clone()),
            _ => None,
        })
        .await
    }

    /// Asks for a page of a room.
    pub(crate) async fn page(&mut self, of: RoomId, asked: Query) -> Page {
        match self.asks(of, asked).await {
            Answer::Page(page) => page,
            other => panic!("no page: {other:?}"),
        }
    }

    /// Returns the page of messages before a seq.
    pub(crate) async fn older(&mut self, of: RoomId, before: u64) -> Vec<Message> {
        self.page(of, Query::Before(Seq(before))).await.messages
    }

    /// Waits until exactly the members of these names are in the room.
    pub(crate) async fn sees_present(&mut self, of: RoomId, names: &[&str]) {
        self.find("presence", |frame| match frame {
            ServerFrame::Present { room, count, members } if *room == of => {
                let present: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
                (present == names && *count as usize == names.len()).then_some(())
            }
            _ => None,
        })
        .await;
    }

    pub(crate) async fn error(&mut self) -> Refusal {
        self.find("an error", |frame| match frame {
            ServerFrame::Error { refusal } => Some(refusal.clone()),
            _ => None,
        })
        .await
    }

    pub(crate) async fn bye(&mut self) -> (u64, Option<Refusal>) {
        self.find("bye", |frame| match frame {
            ServerFrame::Bye { reconnect_after_ms, refusal } => Some((*reconnect_after_ms, refusal.clone())),
            _ => None,
        })
        .await
    }

    /// Waits until the server has handled every earlier frame.
    pub(crate) async fn is_heard(&mut self) {
        self.say(&ClientFrame::Ping).await;
        self.find("pong", |frame| matches!(frame, ServerFrame::Pong).then_some(())).await;
    }

    /// Returns the frames that no test has waited for.
    pub(crate) fn unasked(&self) -> impl Iterator<Item = &ServerFrame> {
        self.unasked.iter()
    }

    /// Whether changes of a room were received that no test has waited for.
    pub(crate) fn has_changes_of(&self, of: RoomId) -> bool {
        self.unasked().any(|frame| matches!(frame, ServerFrame::Changes { room, .. } if *room == of))
    }

    /// Reads to the end of the connection.
    pub(crate) async fn ended(&mut self) -> Ended {
        loop {
            match self.read().await {
                Ok(frame) => self.unasked.push_back(frame),
                Err(ended) => return ended,
            }
        }
    }

    pub(crate) async fn find<T>(&mut self, what: &str, pick: impl Fn(&ServerFrame) -> Option<T>) -> T {
        let kept = self.unasked.iter().enumerate().find_map(|(i, frame)| Some((i, pick(frame)?)));
        if let Some((i, found)) = kept {
            self.unasked.remove(i);
            return found;
        }
        loop {
            let frame = self.read().await.unwrap_or_else(|ended| panic!("{ended:?} before {what}"));
            match pick(&frame) {
                Some(found) => return found,
                None => self.unasked.push_back(frame),
            }
        }
    }

    /// Returns the next frame. Fails the test if none comes in time, however many pings come.
    pub(crate) async fn read(&mut self) -> Result<ServerFrame, Ended> {
        let reading = async {
            loop {
                match self.inner.next().await {
                    Some(Ok(tungstenite::Message::Text(text))) => return Ok(frame_of(&text)),
                    Some(Ok(tungstenite::Message::Close(frame))) => {
                        return Err(Ended(frame.map(|frame| frame.code.into())));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(Ended(None)),
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("a frame comes in time")
    }
}
