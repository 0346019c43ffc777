//! A server without HTTP: the rules, the hub, the store, the tabs that poll, and the WebSockets from their handshake on.

use std::future::ready;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use hubbub::bus::{Bus, LocalBus};
use hubbub::chat::{Chat, RateLimits, Rules, Token};
use hubbub::hub::{Caps, Frame, Hub};
use hubbub::store::sqlite::SqliteStore;
use hubbub::store::{NewRoom, PageQuery, Store};
use hubbub::transport::poll::{PollKind, Tabs};
use hubbub::transport::{Upgrade, websocket};
use hubbub_protocol::text::{RoomName, Topic};
use hubbub_protocol::{
    ClientFrame, Epoch, Member, Message, MessageId, OwnReactions, Page, Reactors, Refusal, Revision, RoomId, RoomState,
    Seq, ServerFrame, UnixMillis, codec,
};
use rustix::net::sockopt::set_socket_send_buffer_size;
use sqlx::sqlite::SqliteSynchronous;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

use super::websocket::WebSocket;

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Memory that the system offers as a folder. Nothing here must survive the test.
const IN_MEMORY: &str = "/dev/shm";
/// The size of a small send buffer, which a few frames fill. Linux takes no smaller one.
const SMALL_BUFFER_BYTES: usize = 4_608;
const NAMES: [&str; 3] = ["Kira", "Jonas", "Mio"];

pub(crate) struct World {
    chat: Arc<Chat>,
    hub: Arc<Hub>,
    tabs: Arc<Tabs>,
    store: Arc<dyn Store>,
    /// The members, and the values of their cookies.
    pub(crate) members: Vec<(Member, String)>,
    _folder: TempDir,
}

/// What a member would read of a room now.
pub(crate) struct Stored {
    pub(crate) messages: Vec<Message>,
    pub(crate) mine: Vec<OwnReactions>,
    pub(crate) state: RoomState,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir_in(IN_MEMORY).or_else(|_| tempfile::tempdir()).expect("a folder");
        let store = SqliteStore::open_with(folder.path(), SqliteSynchronous::Off).await.expect("the store opens");
        let store: Arc<dyn Store> = Arc::new(store);
        let bus = Arc::new(LocalBus::default());
        let hub = Hub::new(Arc::clone(&store), Caps { per_member: 0, per_address: 0 });
        let rules = Rules { session_lifetime: Duration::from_secs(3_600), rate_limits: RateLimits::default() };
        let chat = Chat::start(Arc::clone(&store), Arc::clone(&bus) as Arc<dyn Bus>, rules);
        let listening = Arc::clone(&hub);
        tokio::spawn(async move { listening.listen(&*bus).await });
        let mut members = Vec::new();
        for name in NAMES {
            let token = chat.join(name, ADDRESS).await.expect("the name is free");
            let visitor = chat.visitor(&token, ADDRESS).await.expect("the store answers").expect("the session exists");
            members.push(((**visitor.member()).clone(), token.secret().to_owned()));
        }
        let tabs = Tabs::start(Arc::clone(&chat), Arc::clone(&hub), Duration::from_secs(1));
        Self { chat, hub, tabs, store, members, _folder: folder }
    }

    /// Creates a room of the first member's.
    pub(crate) async fn room(&self, number: u64) -> RoomId {
        let name = RoomName::parse(&format!("Room {number}")).expect("a name");
        let topic = Topic::parse("").expect("a topic");
        let room = NewRoom { name, topic, by: self.members[0].0.id, at: UnixMillis(0) };
        self.store.create_room(room).await.expect("the room is created").id
    }

    /// Polls for a member. Returns the frames, and their texts.
    pub(crate) async fn ask(
        &self,
        member: usize,
        tab: Uuid,
        kind: PollKind,
        wait: Duration,
        hello: &ClientFrame,
    ) -> Result<Vec<ServerFrame>, Refusal> {
        let hello = codec::encode_client(hello);
        Ok(decoded(&self.tabs.ask(self.token(member), ADDRESS, tab, kind, wait, hello).await?))
    }

    /// Sends a frame for a member.
    pub(crate) async fn say(&self, member: usize, tab: Uuid, frame: &ClientFrame) -> Result<Vec<ServerFrame>, Refusal> {
        Ok(decoded(&self.tabs.say(self.token(member), ADDRESS, tab, codec::encode_client(frame)).await?))
    }

    /// Opens a WebSocket for a member. The server's end is a task of its own, as it is behind an HTTP listener.
    ///
    /// A pair of Unix sockets takes the place of a TCP connection. So no port is needed, and the server's send buffer can be
    /// so small that the server often has to wait until the client reads.
    pub(crate) async fn connect(&self, member: usize, has_small_buffer: bool) -> WebSocket {
        let visitor = self.chat.visitor(&self.token(member), ADDRESS).await.expect("the store answers");
        let visitor = visitor.expect("the session exists");
        let (client, server) = UnixStream::pair().expect("a pair of sockets");
        for end in [&client, &server] {
            end.set_nonblocking(true).expect("a socket can be non-blocking");
        }
        if has_small_buffer {
            set_socket_send_buffer_size(&server, SMALL_BUFFER_BYTES).expect("a buffer size");
        }
        let server = TcpStream::from_std(OwnedFd::from(server).into()).expect("a runtime");
        let mut request = "ws://hubbub.example/ws".into_client_request().expect("an address").map(|()| Body::empty());
        request.headers_mut().insert("sec-websocket-protocol", "hubbub.v1".parse().expect("a header"));
        request.extensions_mut().insert(Upgrade::new(ready(Some((server, Vec::new())))));
        let response = websocket::upgrade(&self.chat, &self.hub, visitor, ADDRESS, request);
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        WebSocket::new(client.try_into().expect("a runtime")).await
    }

    pub(crate) async fn head(&self, room: RoomId) -> Seq {
        self.store.head(room).await.expect("the store answers").expect("the room exists")
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.store.epoch()
    }

    /// Reads all messages of a room for a member.
    pub(crate) async fn stored(&self, room: RoomId, reader: usize) -> Stored {
        let (mut messages, mut mine): (Vec<Message>, Vec<OwnReactions>) = (Vec::new(), Vec::new());
        loop {
            let after = PageQuery::After(messages.last().map_or(Seq(0), |last| last.seq));
            let found = self.store.page(room, self.members[reader].0.id, after).await;
            let found = found.expect("the store answers").expect("the room exists");
            messages.extend(found.page.messages);
            mine.extend(found.page.mine);
            if !found.page.newer {
                return Stored { messages, mine, state: found.state };
            }
        }
    }

    /// Reads who reacted to a message, and its earlier texts.
    pub(crate) async fn details(&self, room: RoomId, message: MessageId) -> (Vec<Reactors>, Vec<Revision>) {
        let reactors = self.store.reactors(room, message, usize::MAX).await.expect("the store answers");
        (reactors, self.store.revisions(room, message).await.expect("the store answers"))
    }

    /// Reads the page that a server renders into the document of a room.
    pub(crate) async fn rendered(&self, room: RoomId, reader: usize) -> (RoomState, Page) {
        let found = self.store.page(room, self.members[reader].0.id, PageQuery::Newest).await;
        let found = found.expect("the store answers").expect("the room exists");
        (found.state, found.page)
    }

    fn token(&self, member: usize) -> Token {
        Token::from_cookie(self.members[member].1.clone())
    }
}

impl Stored {
    pub(crate) fn get(&self, id: MessageId) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    pub(crate) fn is_own_reaction(&self, id: MessageId, emoji: &str) -> bool {
        self.mine.iter().any(|own| own.message == id && own.emoji.iter().any(|with| with == emoji))
    }
}

fn decoded(frames: &[Frame]) -> Vec<ServerFrame> {
    let text = |frame: &Frame| std::str::from_utf8(frame.as_text()).expect("frames are text").to_owned();
    frames.iter().map(|frame| codec::decode_server(&text(frame)).expect("a frame")).collect()
}
