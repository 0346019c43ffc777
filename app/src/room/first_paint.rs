//! What the server hands to the island: the page as the very frames that a socket would bring, so that the browser
//! needs one way to read and not two (the reading of a second format was a sixth of the WebAssembly). Called by
//! `pages::room` to make one and by `chat` to open it.

use hubbub_client::{Engine, Presence};
use hubbub_protocol::codec::{decode_server, encode_server};
use hubbub_protocol::{RoomInfo, ServerFrame, SnapshotReason};
use serde::{Deserialize, Serialize};

use crate::backend::{NewRoomField, RefusedForm, RoomPage};

/// The island's one property: texts only.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct FirstPaint {
    /// `welcome`, `snapshot` and `present`, one a line.
    frames: String,
    /// The id of what the form would post.
    pub(super) form_id: String,
    /// A refused message, and why it was; both empty when none was.
    pub(super) body: Refused,
    /// A refused room's name, and what was wrong with it.
    pub(super) name: Refused,
    /// A refused room's topic, and what was wrong with it.
    pub(super) topic: Refused,
}

/// What was typed into a field of a form that was refused, and why not; empty for a field without fault.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub(crate) typed: String,
    pub(crate) reason: String,
}

/// What is in the frames.
pub(super) struct Opened {
    pub(super) engine: Engine,
    pub(super) room: RoomInfo,
    pub(super) present: Presence,
}

impl From<RoomPage> for FirstPaint {
    fn from(page: RoomPage) -> Self {
        let room = page.room.id;
        let frames = [
            ServerFrame::Welcome { you: page.you, rooms: page.rooms },
            ServerFrame::Snapshot {
                room,
                reason: SnapshotReason::First,
                epoch: page.epoch,
                head: page.head,
                events: page.events,
            },
            ServerFrame::Present { room, count: page.present_count, members: page.present },
        ];
        let paint = Self {
            frames: frames.each_ref().map(encode_server).join("\n"),
            form_id: page.form_id.to_string(),
            ..Self::default()
        };
        paint.with_refused(page.refused_form)
    }
}

impl FirstPaint {
    fn with_refused(mut self, form: Option<RefusedForm>) -> Self {
        match form {
            Some(RefusedForm::Post { body, refusal }) => {
                self.body = Refused { typed: body, reason: refusal.to_string() };
            }
            Some(RefusedForm::NewRoom { name, topic, field, refusal }) => {
                (self.name.typed, self.topic.typed) = (name, topic);
                let at_fault = match field {
                    NewRoomField::Name => &mut self.name,
                    NewRoomField::Topic => &mut self.topic,
                };
                at_fault.reason = refusal.to_string();
            }
            // That form has a page of its own.
            Some(RefusedForm::Join { .. }) | None => {}
        }
        self
    }

    /// The engine as the page has it, and what it doesn't keep.
    pub(super) fn open(&self) -> Opened {
        let mut lines = self.frames.lines().map(decode_server);
        let (
            Some(Ok(ServerFrame::Welcome { you, rooms })),
            Some(Ok(ServerFrame::Snapshot { room, epoch, head, events, .. })),
            Some(Ok(ServerFrame::Present { count, members, .. })),
        ) = (lines.next(), lines.next(), lines.next())
        else {
            unreachable!("the server of this very build wrote these three frames");
        };
        let info = rooms.iter().find(|info| info.id == room).cloned().expect("a room's page lists that room");
        let mut engine = Engine::new(you);
        engine.set_rooms(rooms);
        engine.seed(room, epoch, head, events);
        Opened { engine, room: info, present: Presence { count, members } }
    }
}
