//! Small components and functions that the pages and the room share: avatar, icon, theme switch, time, a form's field.

mod address;
pub(crate) mod avatar;
pub(crate) mod brand;
mod density;
mod dialog;
pub(crate) mod field;
pub(crate) mod icon;
pub(crate) mod page;
mod skip_link;
pub(crate) mod theme;
pub(crate) mod time;

pub(crate) use address::room_address;
pub(crate) use avatar::Avatar;
pub(crate) use brand::Brand;
pub(crate) use density::{COMPACT_BUTTON, DensitySwitch, turn_density};
pub(crate) use dialog::show_while;
pub(crate) use field::Field;
pub(crate) use icon::{Glyph, Icon};
pub(crate) use skip_link::SkipLink;
pub(crate) use theme::ThemeSwitch;
