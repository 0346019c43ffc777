//! The transports that a browser can use, and why one is in use. The driver chooses; the connection panel shows.

/// A way for frames to travel between this page and the server, the fastest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportKind {
    /// One WebSocket carries all frames.
    WebSocket,
    /// One request after the other waits on the server until there is something new.
    LongPolling,
    /// A request every few seconds.
    Polling,
}

/// Why a transport is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportReason {
    /// It is the fastest that worked when all were tried.
    Found,
    /// An earlier page found it.
    Remembered,
    /// The person chose it.
    Chosen,
}

impl TransportKind {
    /// All of them, the fastest first.
    pub(crate) const ALL: [Self; 3] = [Self::WebSocket, Self::LongPolling, Self::Polling];

    /// The name in `data-transport`, in the radio button's value and in localStorage.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::WebSocket => "websocket",
            Self::LongPolling => "longpoll",
            Self::Polling => "poll",
        }
    }

    /// The transport with that code.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
