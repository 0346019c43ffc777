//! What the server hands to the island: the page as the very frames that a socket would bring, so that the browser
//! needs one way to read and not two (the reading of a second format was a sixth of the WebAssembly). `pages::room`
//! calls it to draw the island, and `chat` to start from it.

use hubbub_client::{Engine, Presence};
use hubbub_protocol::codec::{decode_server, encode_server};
use hubbub_protocol::{RoomInfo, ServerFrame, SnapshotReason};
use leptos::prelude::*;
use web_sys::Element;

use crate::backend::RoomPage;
use crate::browser::by_id;
use crate::form::{Form, RefusedForm};

/// The page, and what was typed into forms that were refused.
pub(crate) struct FirstPaint {
    /// `welcome`, `snapshot` and `present`.
    frames: [String; 3],
    /// The id of what the form would post.
    pub(crate) form_id: String,
    /// A refused message.
    pub(crate) body: Refused,
    /// A refused room's name.
    pub(crate) name: Refused,
    /// A refused room's topic.
    pub(crate) topic: Refused,
}

/// The first paint as text, for the island that is drawn within the page.
#[derive(Clone)]
pub(crate) struct PaintText(pub(crate) String);

pub(crate) const ELEMENT_ID: &str = "first-paint";
const ATTRIBUTE: &str = "data-frames";

/// What was typed into a field of a form that was refused, and why not; empty for a field without fault.
#[derive(Default)]
pub(crate) struct Refused {
    pub(crate) typed: String,
    pub(crate) reason: String,
}

/// What is in the frames.
pub(crate) struct Opened {
    pub(crate) engine: Engine,
    pub(crate) room: RoomInfo,
    pub(crate) present: Presence,
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
            frames: frames.each_ref().map(encode_server),
            form_id: page.form_id.to_string(),
            body: Refused::default(),
            name: Refused::default(),
            topic: Refused::default(),
        };
        paint.with_refused(page.refused_form)
    }
}

impl FirstPaint {
    fn with_refused(mut self, form: Option<RefusedForm>) -> Self {
        let Some(form) = form else { return self };
        let refused = |field| Refused { typed: form.fields.get(field).to_owned(), reason: form.reason_at(field) };
        match form.form {
            Form::Post => self.body = refused("body"),
            Form::NewRoom => (self.name, self.topic) = (refused("name"), refused("topic")),
            // That form has a page of its own.
            Form::Join => {}
        }
        self
    }

    /// What the island around the caller is drawn from: on the server what the page provides, in the browser what the
    /// page has kept of it.
    pub(crate) fn of_page() -> Self {
        let text = match use_context::<PaintText>() {
            Some(PaintText(text)) => text,
            None => by_id::<Element>(ELEMENT_ID).and_then(|paint| paint.get_attribute(ATTRIBUTE)).unwrap_or_default(),
        };
        Self::from_text(&text)
    }

    pub(crate) fn to_text(&self) -> String {
        let Self { frames: [welcome, snapshot, present], form_id, body, name, topic } = self;
        let refused = [body, name, topic].map(|field| [&field.typed, &field.reason]);
        let lines = [welcome, snapshot, present, form_id].into_iter().chain(refused.into_iter().flatten());
        lines.map(|line| on_one_line(line) + "\n").collect()
    }

    /// What is missing is empty.
    fn from_text(text: &str) -> Self {
        let mut lines = text.lines().map(from_one_line);
        let mut next = || lines.next().unwrap_or_default();
        let frames = [next(), next(), next()];
        let form_id = next();
        let [body, name, topic] = [(); 3].map(|()| Refused { typed: next(), reason: next() });
        Self { frames, form_id, body, name, topic }
    }

    /// The engine as the page has it, and what it doesn't keep.
    pub(crate) fn open(&self) -> Opened {
        let [welcome, snapshot, present] = self.frames.each_ref().map(|frame| decode_server(frame));
        let (
            Ok(ServerFrame::Welcome { you, rooms }),
            Ok(ServerFrame::Snapshot { room, epoch, head, events, .. }),
            Ok(ServerFrame::Present { count, members, .. }),
        ) = (welcome, snapshot, present)
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

fn on_one_line(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

fn from_one_line(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                _ => '\\',
            },
            c => c,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_through_whatever_it_is() {
        for text in ["", "Hi", "two\nlines\r\n", "\\n", "\\", "a\\\nb", "\u{7}\u{1f}\u{2028}é"] {
            assert_eq!(from_one_line(&on_one_line(text)), text, "{text:?}");
            assert_eq!(on_one_line(text).lines().count(), usize::from(!text.is_empty()), "{text:?}");
        }
    }
}
