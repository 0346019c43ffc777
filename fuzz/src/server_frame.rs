//! What must hold of any text that claims to be a server's frame. Called by the fuzz target and by `protocol/tests/seeds.rs`.

use hubbub_protocol::codec::{KeptEnd, decode_server, encode_server, fit_page};
use hubbub_protocol::{Answer, Applied, Change, Message, Page, ServerFrame};

/// A frame of the server that can be decoded is written in one form, which decodes to the same frame. Its changes have
/// their effect once, and its page can be cut.
pub(crate) fn check(text: &str) {
    let Ok(frame) = decode_server(text) else { return };
    assert_eq!(decode_server(&encode_server(&frame)), Ok(frame.clone()));
    match frame {
        ServerFrame::Changes { changes, .. } => apply(&changes),
        ServerFrame::Page { page, .. } | ServerFrame::Answer { answer: Answer::Page(page), .. } => cut(&page),
        _ => {}
    }
}

/// Each change is applied twice to every message that the changes add, in the order of the frame.
fn apply(changes: &[Change]) {
    let mut messages: Vec<Message> = changes.iter().filter_map(Message::added_by).collect();
    for change in changes {
        for message in &mut messages {
            if message.apply(change) == Applied::Changed {
                let once = message.clone();
                assert_eq!(message.apply(change), Applied::Unchanged);
                assert_eq!(*message, once);
            }
        }
    }
}

fn cut(page: &Page) {
    for kept in [KeptEnd::Oldest, KeptEnd::Newest, KeptEnd::Around(page.messages.len() / 2)] {
        let mut fitted = page.clone();
        fit_page(&mut fitted, kept);
        assert_eq!(fitted.messages.is_empty(), page.messages.is_empty());
        let once = fitted.clone();
        fit_page(&mut fitted, kept);
        assert_eq!(fitted, once);
    }
}
