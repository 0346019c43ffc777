//! Every variant that travels has a sample. Only `unknown` has none: it stands for what a newer peer sends.

use std::collections::BTreeSet;

use hubbub_protocol::{
    Answer, ClientFrame, Message, MessageKind, Operation, PageReason, Query, Refusal, ServerFrame, StreamId, What,
};

use crate::samples::{client_samples, refusal_samples, server_samples};
use crate::variants::{ReportVariants, Variants, name_of};

/// The names of an enum's variants, in the order of the source.
macro_rules! variants {
    ($name:ident, $of:ty) => {
        pub(crate) fn $name() -> Vec<&'static str> {
            sent(<$of>::deserialize(ReportVariants))
        }
    };
}

variants!(client_names, ClientFrame);
variants!(server_names, ServerFrame);
variants!(operation_names, Operation);
variants!(query_names, Query);
variants!(answer_names, Answer);
variants!(what_names, What);
variants!(message_kinds, MessageKind);
variants!(page_reasons, PageReason);
variants!(stream_names, StreamId);
variants!(refusal_names, Refusal);

fn sent<T: std::fmt::Debug>(report: Result<T, Variants>) -> Vec<&'static str> {
    let Variants(names) = report.expect_err("the variants are reported as an error");
    names.iter().copied().filter(|name| *name != "unknown").collect()
}

#[test]
fn every_frame_has_a_sample() {
    assert_eq!(used(&client_samples(), |(_, frame)| vec![name_of(frame)]), sorted(client_names()));
    assert_eq!(used(&server_samples(), |(_, frame)| vec![name_of(frame)]), sorted(server_names()));
}

#[test]
fn every_operation_query_and_stream_has_a_sample() {
    let operations = used(&client_samples(), |(_, frame)| match frame {
        ClientFrame::Operation { what, .. } => vec![name_of(what)],
        _ => vec![],
    });
    assert_eq!(operations, sorted(operation_names()));
    let queries = used(&client_samples(), |(_, frame)| match frame {
        ClientFrame::Query { query, .. } => vec![name_of(query)],
        _ => vec![],
    });
    assert_eq!(queries, sorted(query_names()));
    let streams = used(&client_samples(), |(_, frame)| match frame {
        ClientFrame::Operation { on, .. } => vec![name_of(on)],
        _ => vec![],
    });
    assert_eq!(streams, sorted(stream_names()));
}

#[test]
fn every_kind_of_change_answer_page_and_message_has_a_sample() {
    let samples = server_samples();
    let changes = used(&samples, |(_, frame)| match frame {
        ServerFrame::Changes { changes, .. } => changes.iter().map(|change| name_of(&change.what)).collect(),
        _ => vec![],
    });
    assert_eq!(changes, sorted(what_names()));
    let answers = used(&samples, |(_, frame)| match frame {
        ServerFrame::Answer { answer, .. } => vec![name_of(answer)],
        _ => vec![],
    });
    assert_eq!(answers, sorted(answer_names()));
    let reasons = used(&samples, |(_, frame)| match frame {
        ServerFrame::Page { reason, .. } => vec![name_of(reason)],
        _ => vec![],
    });
    assert_eq!(reasons, sorted(page_reasons()));
    let kinds = used(&samples, |(_, frame)| messages_of(frame).iter().map(|message| name_of(&message.kind)).collect());
    assert_eq!(kinds, sorted(message_kinds()));
}

#[test]
fn every_refusal_has_a_sample() {
    let samples: Vec<String> = refusal_samples().iter().map(name_of).collect();
    assert_eq!(samples, refusal_names());
}

/// Whether a field of a message has another value than its default.
type IsSet = fn(&Message) -> bool;

#[test]
fn every_field_of_a_message_is_in_a_sample() {
    let samples = server_samples();
    let messages: Vec<Message> = samples.iter().flat_map(|(_, frame)| messages_of(frame)).collect();
    let is_set: [(&str, IsSet); 7] = [
        ("kind", |message| !message.kind.is_text()),
        ("reply_to", |message| message.reply_to.is_some()),
        ("replies", |message| message.replies > 0),
        ("edited_at", |message| message.edited_at.is_some()),
        ("deleted_at", |message| message.deleted_at.is_some()),
        ("pinned", |message| message.pinned),
        ("reactions", |message| !message.reactions.is_empty()),
    ];
    for (field, is_set) in is_set {
        assert!(messages.iter().any(is_set), "no sample has `{field}`");
        assert!(!messages.iter().all(is_set), "every sample has `{field}`");
    }
}

fn messages_of(frame: &ServerFrame) -> Vec<Message> {
    match frame {
        ServerFrame::Rows { messages, .. } => messages.clone(),
        ServerFrame::Page { page, .. } | ServerFrame::Answer { answer: Answer::Page(page), .. } => {
            page.messages.iter().chain(&page.quoted).cloned().collect()
        }
        _ => vec![],
    }
}

fn used<T>(samples: &[T], names: impl Fn(&T) -> Vec<String>) -> BTreeSet<String> {
    samples.iter().flat_map(names).collect()
}

fn sorted(names: impl IntoIterator<Item = &'static str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}
