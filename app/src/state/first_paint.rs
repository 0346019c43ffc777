//! The value that the server gives to the island: the page of a room, and the text of a refused form. The server
//! writes this value as JSON into an attribute of the page, and the browser starts from it.
//!
//! The value is no property of the island: Leptos reads properties by serde_json and frames are read by serde-wasm-bindgen,
//! and the WebAssembly has no room for both (docs/decisions/0006-islands.md).

use hubbub_client::{Engine, Presence};
use hubbub_protocol::codec::{decode, encode};
use hubbub_protocol::{Epoch, Member, Page, RoomId, RoomInfo, RoomState};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use web_sys::Element;

use crate::backend::RoomPage;
use crate::browser::by_id;
use crate::form::{Form, RefusedForm};

/// The id of the element with the attribute.
pub(crate) const ELEMENT_ID: &str = "first-paint";
/// The attribute. The view that writes it names it too.
const ATTRIBUTE: &str = "data-paint";

/// The first paint of a room's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FirstPaint {
    you: Member,
    /// Every room.
    rooms: Vec<RoomInfo>,
    /// The room that is shown.
    room: RoomId,
    state: RoomState,
    epoch: Epoch,
    /// The newest page of the room.
    page: Page,
    n_present: u32,
    /// Who is in the room, unless they are too many to list.
    present: Vec<Member>,
    /// The id of the message that the form would post.
    pub(crate) form_id: String,
    /// The text of a refused message.
    pub(crate) body: Refused,
    /// The name of a refused room.
    pub(crate) name: Refused,
    /// The topic of a refused room.
    pub(crate) topic: Refused,
}

/// The text of a field in a form that was refused, and why it was refused; both empty otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub(crate) typed: String,
    pub(crate) reason: String,
}

/// The engine that a first paint starts, and what the engine doesn't hold.
pub(crate) struct Opened {
    pub(crate) engine: Engine,
    pub(crate) room: RoomInfo,
    pub(crate) present: Presence,
}

impl From<RoomPage> for FirstPaint {
    fn from(page: RoomPage) -> Self {
        let paint = Self {
            you: page.you,
            rooms: page.rooms,
            room: page.room.id,
            state: page.state,
            epoch: page.epoch,
            page: page.page,
            n_present: page.present_count,
            present: page.present,
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
            // These forms are on pages of their own.
            Form::Join | Form::Reply | Form::Edit | Form::Delete | Form::React => {}
        }
        self
    }

    /// The first paint as JSON.
    pub(crate) fn to_json(&self) -> String {
        encode(self)
    }

    /// The first paint of this page: on the server from the context, in the browser from the attribute.
    pub(crate) fn of_page() -> Self {
        use_context::<Self>().unwrap_or_else(|| {
            let element = by_id::<Element>(ELEMENT_ID).expect("a room's page has this element");
            let json = element.get_attribute(ATTRIBUTE).expect("the server writes this attribute");
            decode(&json).expect("the server of the same build writes the value that this build reads")
        })
    }

    /// Starts an engine from the first paint.
    pub(crate) fn open(&self) -> Opened {
        let room = self.rooms.iter().find(|info| info.id == self.room).cloned();
        let mut engine = Engine::new(self.you.clone());
        engine.set_rooms(self.rooms.clone());
        engine.seed(self.room, self.epoch, self.state.clone(), self.page.clone());
        Opened {
            engine,
            room: room.expect("the page of a room lists that room"),
            present: Presence { count: self.n_present, members: self.present.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Change, Message, MessageId, Seq, Slug, UnixMillis, What};

    use super::*;

    #[test]
    fn a_first_paint_is_read_back_as_it_was_written() {
        let kira = Member { id: hubbub_protocol::MemberId(3), name: "Kira \"</div>\\".to_owned() };
        let room = RoomInfo {
            id: RoomId(1),
            slug: Slug::from_name("Lobby"),
            name: "Lobby".to_owned(),
            topic: "two\nlines".to_owned(),
        };
        let id = MessageId::mint(UnixMillis(1_760_000_000_000), [3; 10]);
        let posted = What::Posted { body: "Hi\n\nhumans! \u{2028}".to_owned(), reply_to: None };
        let at = UnixMillis(1_760_000_000_000);
        let change = Change { seq: Seq(7), at, by: kira.clone(), targets: vec![id], what: posted };
        let messages = Message::added_by(&change).into_iter().collect();
        let state = RoomState {
            rev: Seq(0),
            name: "Lobby".to_owned(),
            topic: String::new(),
            made_by: None,
            made_at: at,
            pins: vec![id],
        };
        let refused = |text: &str| Refused { typed: text.to_owned(), reason: String::new() };
        let paint = FirstPaint {
            you: kira.clone(),
            rooms: vec![room],
            room: RoomId(1),
            epoch: Epoch(187_649_984_473_770),
            state,
            page: Page { as_of: Seq(7), messages, older: true, ..Page::default() },
            n_present: 1,
            present: vec![kira],
            form_id: id.to_string(),
            body: refused("two\nlines\r\n"),
            name: refused("\\n"),
            topic: refused(""),
        };
        assert_eq!(decode::<FirstPaint>(&paint.to_json()), Ok(paint));
    }
}
