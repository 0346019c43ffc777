//! The parts of the page that are loaded when a person first acts, and their state. Reading and writing need none of them,
//! so that a room opens without them. Views read it; `room::later` loads the parts.

use std::sync::Arc;

use leptos::prelude::*;

use super::commands::{Command, Commands};
use super::rows::MessageRow;
use super::screen::Screen;
use crate::browser::is_online;

/// The parts, as functions that draw them.
#[derive(Clone, Copy)]
pub(crate) struct LaterParts {
    /// The toolbar of a message.
    pub(crate) actions: OfMessage,
    /// The form that edits a message.
    pub(crate) edit: OfMessage,
    /// Why the server refuses a message or an operation on it.
    pub(crate) problem: OfMessage,
    /// The dialogs, and the panel of a thread.
    pub(crate) page: fn() -> AnyView,
}

/// Draws a part of a message.
pub(crate) type OfMessage = fn(Arc<MessageRow>) -> AnyView;

/// The parts, once they are loaded.
#[derive(Clone, Copy)]
pub(crate) struct Later {
    loaded: RwSignal<Loaded>,
    load: fn(Later),
    screen: Screen,
    commands: Commands,
}

#[derive(Clone, Copy)]
enum Loaded {
    NotYet,
    Loading,
    Failed,
    Here(LaterParts),
}

impl Later {
    /// No parts yet. `load` loads them and calls `finish`.
    pub(crate) fn new(load: fn(Later), screen: Screen, commands: Commands) -> Self {
        Self { loaded: RwSignal::new(Loaded::NotYet), load, screen, commands }
    }

    /// Begins to load the parts, if nothing has begun or the last attempt failed. Nothing happens while the browser knows that
    /// it is offline: the next act tries again.
    pub(crate) fn begin(self) {
        if is_online() && matches!(self.loaded.get_untracked(), Loaded::NotYet | Loaded::Failed) {
            self.loaded.set(Loaded::Loading);
            (self.load)(self);
        }
    }

    /// Notes the parts. None means that they could not be loaded: the acts that wait for them end, so that no dialog opens by
    /// surprise at a later act.
    pub(crate) fn finish(self, parts: Option<LaterParts>) {
        if parts.is_none() {
            self.screen.acting.end_waiting();
            self.screen.is_describing.set(false);
            self.screen.is_traffic_shown.set(false);
            self.commands.give(Command::CloseThread);
        }
        self.loaded.set(parts.map_or(Loaded::Failed, Loaded::Here));
    }

    /// Draws a part of a message. Before the parts are loaded it draws nothing, and begins to load them. Tracks the signal.
    pub(crate) fn draw(self, part: fn(&LaterParts) -> OfMessage, row: &Arc<MessageRow>) -> Option<AnyView> {
        // After a failed attempt, only an act of the person begins another one: this function runs again when one fails.
        if matches!(self.loaded.get_untracked(), Loaded::NotYet) {
            self.begin();
        }
        self.parts().map(|parts| part(&parts)(Arc::clone(row)))
    }

    /// The parts, if they are loaded. Tracks the signal.
    pub(crate) fn parts(self) -> Option<LaterParts> {
        match self.loaded.get() {
            Loaded::Here(parts) => Some(parts),
            Loaded::NotYet | Loaded::Loading | Loaded::Failed => None,
        }
    }

    /// Whether the last attempt to load the parts failed. Tracks the signal.
    pub(crate) fn has_failed(self) -> bool {
        matches!(self.loaded.get(), Loaded::Failed)
    }
}
