//! The list of emoji, which the picker loads from the server when it first opens, and the recently used ones. Kept for as
//! long as the page lives.

use gloo_net::http::Request;
use hubbub_protocol::codec;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::browser::{lower_case, storage};

/// The address of the list: categories of emoji as JSON.
const ADDRESS: &str = "/emoji.json";
/// The key in localStorage of the recently used emoji, separated by spaces.
const RECENT_KEY: &str = "hubbub.emoji";
/// The most recently used emoji that are kept.
const MAX_RECENT: usize = 24;

/// An emoji.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Emoji {
    pub(crate) emoji: String,
    /// The short name, such as `thumbs up`.
    pub(crate) name: String,
    /// The names between colons, such as `+1`.
    #[serde(default)]
    shortcodes: Vec<String>,
}

/// A category, as the server sends it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Category {
    name: String,
    emoji: Vec<Emoji>,
}

/// Whether the list is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListState {
    Loading,
    Failed,
    Loaded,
}

/// The list.
#[derive(Clone, Copy)]
pub(crate) struct EmojiList {
    state: RwSignal<ListState>,
    categories: StoredValue<Vec<Category>>,
}

impl EmojiList {
    /// An empty list.
    pub(crate) fn new() -> Self {
        Self { state: RwSignal::new(ListState::Loading), categories: StoredValue::default() }
    }

    pub(crate) fn state(self) -> ListState {
        self.state.get()
    }

    /// Loads the list, unless it is there.
    pub(crate) fn load(self) {
        if self.categories.with_value(|categories| !categories.is_empty()) {
            return;
        }
        self.state.set(ListState::Loading);
        spawn_local(async move {
            let loaded = self.fetch().await;
            self.state.set(if loaded.is_some() { ListState::Loaded } else { ListState::Failed });
        });
    }

    /// The categories in the order of Unicode.
    pub(crate) fn categories(self) -> Vec<(String, Vec<Emoji>)> {
        self.categories.with_value(|categories| {
            categories.iter().map(|category| (category.name.clone(), category.emoji.clone())).collect()
        })
    }

    /// The emoji whose names contain all words of a search.
    pub(crate) fn search(self, words: &str) -> impl Iterator<Item = Emoji> + use<> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        self.all().into_iter().filter(move |emoji| {
            let name = lower_case(&emoji.name);
            let is_named =
                |word: &String| name.contains(word) || emoji.shortcodes.iter().any(|code| code.contains(word));
            words.iter().all(is_named)
        })
    }

    /// The recently used emoji, the last one first.
    pub(crate) fn recent(self) -> Vec<Emoji> {
        let all = self.all();
        let recent = storage::read(RECENT_KEY).unwrap_or_default();
        recent.split(' ').filter_map(|used| all.iter().find(|emoji| emoji.emoji == used).cloned()).collect()
    }

    /// Notes that an emoji was used.
    pub(crate) fn used(self, emoji: &str) {
        let recent = storage::read(RECENT_KEY).unwrap_or_default();
        let others = recent.split(' ').filter(|other| !other.is_empty() && *other != emoji);
        let recent: Vec<&str> = std::iter::once(emoji).chain(others).take(MAX_RECENT).collect();
        storage::write(RECENT_KEY, &recent.join(" "));
    }

    fn all(self) -> Vec<Emoji> {
        self.categories
            .with_value(|categories| categories.iter().flat_map(|category| category.emoji.iter().cloned()).collect())
    }

    async fn fetch(self) -> Option<()> {
        let response = Request::get(ADDRESS).send().await.ok()?;
        let categories: Vec<Category> = codec::decode(&response.text().await.ok()?).ok()?;
        self.categories.set_value(categories);
        Some(())
    }
}
