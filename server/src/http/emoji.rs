//! The list of emoji for the picker: `GET /emoji.json`. The browser loads it when a person opens the picker first.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use emojis::Group;
use hubbub_protocol::codec::encode;
use serde::Serialize;

/// A day: the list changes only with the version of the server.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The list as JSON.
static LIST: LazyLock<String> = LazyLock::new(|| encode(&categories()));

#[derive(Serialize)]
struct Category {
    name: &'static str,
    emoji: Vec<Emoji>,
}

#[derive(Serialize)]
struct Emoji {
    emoji: &'static str,
    name: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shortcodes: Vec<&'static str>,
}

/// `GET /emoji.json`: every emoji by category, in the order of Unicode.
pub(super) async fn list() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static("application/json")), (header::CACHE_CONTROL, CACHE)],
        LIST.as_str(),
    )
}

fn categories() -> Vec<Category> {
    let category = |group: Group| Category { name: name_of(group), emoji: group.emojis().map(emoji).collect() };
    Group::iter().map(category).collect()
}

fn emoji(emoji: &'static emojis::Emoji) -> Emoji {
    Emoji { emoji: emoji.as_str(), name: emoji.name(), shortcodes: emoji.shortcodes().collect() }
}

const fn name_of(group: Group) -> &'static str {
    match group {
        Group::SmileysAndEmotion => "Smileys and emotion",
        Group::PeopleAndBody => "People and body",
        Group::AnimalsAndNature => "Animals and nature",
        Group::FoodAndDrink => "Food and drink",
        Group::TravelAndPlaces => "Travel and places",
        Group::Activities => "Activities",
        Group::Objects => "Objects",
        Group::Symbols => "Symbols",
        Group::Flags => "Flags",
    }
}
