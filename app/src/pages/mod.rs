//! A page each. They run on the server only, ask the one [`crate::backend::Door`], and are sent whole.

pub(crate) mod error;
pub(crate) mod home;
mod join;
pub(crate) mod new_room;
pub(crate) mod not_found;
pub(crate) mod room;
mod room_cards;
