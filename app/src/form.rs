//! The forms of the pages, and the one value that says why a form was refused. The server reads forms and fills that value;
//! pages and the island show it. This file doesn't know how a form travels.

use hubbub_protocol::Refusal;
use hubbub_protocol::limits::{MAX_BODY_CHARS, MAX_DISPLAY_NAME_CHARS, MAX_EMOJI_BYTES, MAX_TOPIC_CHARS};

/// A form that a page shows and the server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `POST /session`: someone gives a name, perhaps on the way to a room.
    Join,
    /// `POST /rooms` and `POST /new-room`: someone creates a room.
    NewRoom,
    /// `POST /rooms/{slug}/messages`: someone posts a message without script.
    Post,
    /// `POST /rooms/{slug}/messages/{id}/reply`: someone answers a message without script.
    Reply,
    /// `POST /rooms/{slug}/messages/{id}/edit`: someone edits an own message without script.
    Edit,
    /// `POST /rooms/{slug}/messages/{id}/delete`: someone deletes an own message without script.
    Delete,
    /// `POST /rooms/{slug}/messages/{id}/react`: someone adds a reaction or takes it back without script.
    React,
}

impl Form {
    /// The names of the fields that people type into.
    #[must_use]
    pub const fn typed_fields(self) -> &'static [&'static str] {
        match self {
            Self::Join => &["name"],
            Self::NewRoom => &["name", "topic"],
            Self::Post | Self::Reply => &["body"],
            Self::Edit => &["text"],
            Self::Delete => &["delete"],
            Self::React => &["emoji"],
        }
    }

    /// The names of all fields.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        let hidden: &[_] = match self {
            Self::Join => &["room", "at"],
            Self::NewRoom => &[],
            Self::Post | Self::Reply | Self::Edit | Self::Delete => &["id"],
            Self::React => &["id", "on"],
        };
        self.typed_fields().iter().chain(hidden).copied()
    }

    /// The field that takes the longest text, and how many characters it takes.
    #[must_use]
    pub const fn longest_field(self) -> (&'static str, usize) {
        match self {
            Self::Join => ("name", MAX_DISPLAY_NAME_CHARS),
            Self::NewRoom => ("topic", MAX_TOPIC_CHARS),
            Self::Post | Self::Reply => ("body", MAX_BODY_CHARS),
            Self::Edit => ("text", MAX_BODY_CHARS),
            Self::Delete => ("delete", 0),
            Self::React => ("emoji", MAX_EMOJI_BYTES),
        }
    }
}

/// The texts in the fields of a form, by the names of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The text of a field; empty if the field was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// Whether the field was sent, empty or not.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Adds a field.
    pub fn push(&mut self, name: &str, text: String) {
        self.0.push((name.to_owned(), text));
    }
}

/// A form that was refused. The page shows the form again, with the text that was typed and the reason beside the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedForm {
    /// Which form.
    pub form: Form,
    /// The texts that the person typed.
    pub fields: Fields,
    /// The name of the refused field. People can type into it.
    pub at: String,
    /// Why the form was refused.
    pub refusal: Refusal,
}

impl RefusedForm {
    /// Refuses a form because of a field. The error of a hidden field is shown at the first field that
    /// people type into.
    #[must_use]
    pub fn new(form: Form, fields: Fields, field: &str, refusal: Refusal) -> Self {
        let typed = form.typed_fields();
        let at = if typed.contains(&field) { field } else { typed[0] };
        Self { form, fields, at: at.to_owned(), refusal }
    }

    /// The sentence to show at a field; empty if the field is not at fault.
    #[must_use]
    pub fn reason_at(&self, field: &str) -> String {
        if self.at == field { self.refusal.to_string() } else { String::new() }
    }
}
