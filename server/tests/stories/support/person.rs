//! A client with a session: what a browser does for its user.

use hubbub_protocol::{ClientFrame, Cursor, Interest, Message, RoomId, RoomInfo, Seq, ServerFrame};

use super::LOBBY;
use super::http::{HttpResponse, Request};
use super::site::Site;
use super::socket::Socket;

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) site: Site,
    /// As in the request header: `hubbub_session=…`.
    pub(crate) cookie: String,
}

impl Person {
    /// Returns the value of the cookie.
    pub(crate) fn token(&self) -> &str {
        self.cookie.split_once('=').expect("a name and a value").1
    }

    /// Opens a WebSocket on which no frame was sent.
    pub(crate) async fn open(&self) -> Socket {
        self.try_open(&[]).await.expect("the socket opens")
    }

    /// # Errors
    /// The status of the response, or 0 if there was none.
    pub(crate) async fn try_open(&self, headers: &[(&str, &str)]) -> Result<Socket, u16> {
        let own = [("cookie", self.cookie.as_str()), ("origin", &self.site.origin())];
        Socket::open(self.site, &[&own, headers].concat()).await
    }

    /// Opens a WebSocket that has read the newest page of the lobby.
    pub(crate) async fn in_lobby(&self) -> Socket {
        let (socket, _) = self.following(LOBBY, None).await;
        socket
    }

    /// A socket that follows a room, and the answer to that: the page, or `resumed`.
    pub(crate) async fn following(&self, room: RoomId, after: Option<Cursor>) -> (Socket, ServerFrame) {
        let mut socket = self.open().await;
        let answer = socket.follow(room, after).await;
        (socket, answer)
    }

    /// Reads all messages of the lobby.
    pub(crate) async fn messages_of_lobby(&self) -> Vec<Message> {
        let mut socket = self.in_lobby().await;
        let mut all = socket.older(LOBBY, u64::MAX).await;
        while all.first().is_some_and(|first| first.seq > Seq(1)) {
            let older = socket.older(LOBBY, all[0].seq.0).await;
            all.splice(0..0, older);
        }
        all
    }

    pub(crate) async fn rooms(&self) -> Vec<RoomInfo> {
        let mut socket = self.open().await;
        socket.say(&ClientFrame::Hello { rooms: vec![] }).await;
        socket.welcome().await.1
    }

    /// Creates a room by the form of the page.
    pub(crate) async fn creates(&self, name: &str) -> RoomInfo {
        let answer = self.post("/rooms", &[("name", name), ("topic", "")]).send().await;
        assert_eq!(answer.status, 303, "{answer:?}");
        self.rooms().await.pop().expect("the newest room is last")
    }

    pub(crate) async fn leaves(&self) -> HttpResponse {
        self.post("/session/end", &[]).send().await
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        self.site.get(path).header("cookie", &self.cookie)
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Request {
        self.site.post(path, fields).header("cookie", &self.cookie)
    }
}

pub(crate) fn hello(room: RoomId, after: Option<Cursor>) -> ClientFrame {
    ClientFrame::Hello { rooms: vec![Interest { room, after }] }
}
