//! Small pieces that pages and the room share: avatar, icon, theme switch, time, a form's field.

pub(crate) mod avatar;
pub(crate) mod brand;
pub(crate) mod dom;
pub(crate) mod field;
pub(crate) mod icon;
pub(crate) mod theme;
pub(crate) mod time;

pub(crate) use avatar::Avatar;
pub(crate) use brand::Brand;
pub(crate) use dom::{by_id, once_live};
pub(crate) use field::Field;
pub(crate) use icon::{Glyph, Icon};
pub(crate) use theme::ThemeSwitch;
