//! The input of rendering a page: the visitor, the room to go to, and the refused form. Made by `render` and `forms`, read by
//! `backend`.

use axum::http::StatusCode;
use hubbub_app::form::RefusedForm;
use hubbub_protocol::{MessageId, Slug};

use crate::chat::Visitor;
use crate::http::error;

/// The input of rendering a page.
#[derive(Default)]
pub(in crate::http) struct PageContext {
    /// The visitor; None without a session.
    pub(in crate::http) visitor: Option<Visitor>,
    /// The form that was refused, if the page is the response to one.
    pub(in crate::http) refused: Option<FormRefusal>,
    /// The room to go to once the visitor has a name.
    pub(in crate::http) wanted_room: Option<Slug>,
    /// The message to go to in that room.
    pub(in crate::http) wanted_message: Option<MessageId>,
}

/// A form that was refused, and the status of the response.
pub(in crate::http) struct FormRefusal {
    pub(in crate::http) form: RefusedForm,
    pub(in crate::http) status: StatusCode,
}

impl From<RefusedForm> for FormRefusal {
    fn from(form: RefusedForm) -> Self {
        let status = error::status_of(&form.refusal);
        Self { form, status }
    }
}
