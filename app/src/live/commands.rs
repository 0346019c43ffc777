//! What a person does in the room that is shown, handed to the engine. Called by components.

use hubbub_protocol::MessageId;
use hubbub_protocol::text::Body;

use super::driver::with;

/// Sends to the room shown.
pub(crate) fn send(body: Body) {
    with(|driver, room| {
        driver.screen.go_to_end();
        driver.step(|engine, moment| engine.send(room, body, moment));
    });
}

/// Sends a refused message again.
pub(crate) fn retry(id: MessageId) {
    with(|driver, room| driver.step(|engine, _| engine.retry(room, id)));
}

/// Forgets a refused message.
pub(crate) fn discard(id: MessageId) {
    with(|driver, room| driver.step(|engine, _| engine.discard(room, id)));
}

/// Asks for the page before the oldest one.
pub(crate) fn load_older() {
    with(|driver, room| driver.step(|engine, _| engine.load_older(room)));
}

/// Asks for the messages that were skipped.
pub(crate) fn fill_gap() {
    with(|driver, room| driver.step(|engine, _| engine.fill_gap(room)));
}

/// The person is typing.
pub(crate) fn typing() {
    with(|driver, room| driver.step(|engine, moment| engine.typing(room, moment.now)));
}

/// Doesn't wait for the next attempt.
pub(crate) fn reconnect_now() {
    with(|driver, _| driver.step(|engine, moment| engine.reconnect_now(moment)));
}
