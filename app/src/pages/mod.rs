//! The pages, a file each. They are rendered on the server only and read its data through [`crate::backend::SharedBackend`].

pub(crate) mod error;
pub(crate) mod home;
mod join;
pub(crate) mod message;
pub(crate) mod new_room;
pub(crate) mod not_found;
pub(crate) mod room;
mod room_cards;
