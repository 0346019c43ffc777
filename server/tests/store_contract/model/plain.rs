//! The model of a room: lists in memory, and each field of a change written out. It asks the rules of the chat what an
//! operation changes, as the contract says of a store, and applies the changes by itself.

use std::collections::HashMap;

use hubbub::chat::decide;
use hubbub::store::{ChangedRows, Committed, Intent, OperationError, PageQuery, RoomPage, Situation, Submitted};
use hubbub_protocol::limits::PAGE_MESSAGES;
use hubbub_protocol::{
    Change, Member, MemberId, Message, MessageId, MessageKind, OpId, OwnReactions, Page, Reactors, Revision, RoomState,
    Seq, UnixMillis, What,
};

/// One room.
pub(super) struct Model {
    pub(super) head: Seq,
    state: RoomState,
    /// In order of seq.
    messages: Vec<Kept>,
    /// Every operation that was carried out, with the seq and the time of its ack.
    done: HashMap<OpId, (Submitted, Seq, UnixMillis)>,
}

struct Kept {
    message: Message,
    revisions: Vec<Revision>,
    /// In the order in which they came.
    reactions: Vec<(Member, String)>,
}

impl Model {
    pub(super) fn new(state: RoomState) -> Self {
        Self { head: Seq(0), state, messages: Vec::new(), done: HashMap::new() }
    }

    pub(super) fn carry_out(&mut self, submitted: &Submitted, members: &[Member]) -> Result<Committed, OperationError> {
        if let Some((first, seq, at)) = self.done.get(&submitted.op) {
            let before = Committed::Before { seq: *seq, at: *at };
            return if self.is_same(first, submitted) { Ok(before) } else { Err(OperationError::Conflict) };
        }
        let target = submitted.intent.target().and_then(|id| self.kept(id));
        let has_reaction = match (&submitted.intent, target) {
            (Intent::React { emoji, .. }, Some(kept)) => {
                kept.reactions.iter().any(|(by, with)| by.id == submitted.by && with == emoji)
            }
            _ => false,
        };
        let target = target.map(|kept| &kept.message);
        // No room of the model gets the name of another.
        let situation = Situation { room: &self.state, target, has_reaction, is_name_taken: false };
        let what = decide(submitted, &situation).map_err(OperationError::Refused)?;
        let by = members.iter().find(|member| member.id == submitted.by).expect("the member is one of these").clone();
        let committed = match what {
            None => Committed::Unchanged { seq: self.head, at: submitted.at },
            Some(what) => {
                self.head = self.head.next();
                Committed::Now(self.make(submitted, by, what))
            }
        };
        self.done.insert(submitted.op, (submitted.clone(), self.head, submitted.at));
        Ok(committed)
    }

    fn is_same(&self, first: &Submitted, again: &Submitted) -> bool {
        let is_alike = first.by == again.by
            && std::mem::discriminant(&first.intent) == std::mem::discriminant(&again.intent)
            && first.intent.target() == again.intent.target();
        let text_of = match &first.intent {
            Intent::Post { .. } => Some(MessageId::from(first.op)),
            Intent::Edit { message, .. } => Some(*message),
            _ => None,
        };
        let is_erased = text_of.and_then(|id| self.kept(id)).is_some_and(|kept| kept.message.deleted_at.is_some());
        is_alike && (is_erased || first.intent == again.intent)
    }

    fn make(&mut self, submitted: &Submitted, by: Member, what: What) -> Change {
        let (seq, at) = (self.head, submitted.at);
        let new = MessageId::from(submitted.op);
        let targets = match &what {
            What::Posted { reply_to, .. } => std::iter::once(new).chain(reply_to.map(|to| to.message)).collect(),
            What::Described { .. } => vec![new],
            _ => vec![submitted.intent.target().expect("it changes a message")],
        };
        match &what {
            What::Posted { body, reply_to } => {
                if let Some(to) = reply_to {
                    let parent = self.kept_mut(to.message);
                    parent.message.replies += 1;
                    parent.message.rev = seq;
                }
                self.add(new, seq, at, &by, MessageKind::Text, body, reply_to.map(|to| to.message));
            }
            What::Described { name, topic } => {
                (self.state.name, self.state.topic, self.state.rev) = (name.clone(), topic.clone(), seq);
                let kind = MessageKind::Described { name: name.clone(), topic: topic.clone() };
                self.add(new, seq, at, &by, kind, "", None);
            }
            What::Edited { body } => {
                let kept = self.kept_mut(targets[0]);
                let written_at = kept.message.edited_at.unwrap_or(kept.message.at);
                kept.revisions.push(Revision { at: written_at, body: kept.message.body.clone() });
                kept.message.body.clone_from(body);
                kept.message.edited_at = Some(at);
                kept.message.rev = seq;
            }
            What::Deleted => {
                let kept = self.kept_mut(targets[0]);
                (kept.revisions, kept.reactions) = (Vec::new(), Vec::new());
                let message = &mut kept.message;
                (message.body, message.reactions, message.pinned) = (String::new(), Vec::new(), false);
                (message.edited_at, message.deleted_at, message.rev) = (None, Some(at), seq);
                if self.state.pins.contains(&targets[0]) {
                    self.state.pins.retain(|pin| *pin != targets[0]);
                    self.state.rev = seq;
                }
            }
            What::Reacted { emoji, on, reactions } => {
                let kept = self.kept_mut(targets[0]);
                kept.message.reactions.clone_from(reactions);
                kept.message.rev = seq;
                if *on {
                    kept.reactions.push((by.clone(), emoji.clone()));
                } else {
                    kept.reactions.retain(|(member, with)| !(member.id == by.id && with == emoji));
                }
            }
            What::Pinned { on, .. } => {
                let kept = self.kept_mut(targets[0]);
                (kept.message.pinned, kept.message.rev) = (*on, seq);
                self.state.pins.retain(|pin| *pin != targets[0]);
                if *on {
                    self.state.pins.insert(0, targets[0]);
                }
                self.state.rev = seq;
            }
            What::Unknown => panic!("the rules know what they decide"),
        }
        Change { seq, at, by, targets, what }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a new message")]
    fn add(
        &mut self,
        id: MessageId,
        seq: Seq,
        at: UnixMillis,
        by: &Member,
        kind: MessageKind,
        body: &str,
        reply_to: Option<MessageId>,
    ) {
        let message = Message {
            id,
            seq,
            rev: seq,
            at,
            by: by.clone(),
            kind,
            body: body.to_owned(),
            reply_to,
            replies: 0,
            edited_at: None,
            deleted_at: None,
            pinned: false,
            reactions: Vec::new(),
        };
        self.messages.push(Kept { message, revisions: Vec::new(), reactions: Vec::new() });
    }

    pub(super) fn page(&self, reader: MemberId, query: &PageQuery) -> RoomPage {
        let n = PAGE_MESSAGES;
        let place = |id: MessageId| self.messages.iter().position(|kept| kept.message.id == id);
        let n_before = |seq: Seq| self.messages.iter().filter(|kept| kept.message.seq < seq).count();
        let all = self.all();
        let range = |from: usize, to: usize| (all[from..to].to_vec(), from > 0, to < all.len());
        let (messages, older, newer) = match query {
            PageQuery::Newest => range(all.len().saturating_sub(n), all.len()),
            PageQuery::Before(seq) => range(n_before(*seq).saturating_sub(n), n_before(*seq)),
            PageQuery::After(seq) => {
                let from = if *seq == Seq(u64::MAX) { all.len() } else { n_before(seq.next()) };
                range(from, all.len().min(from + n))
            }
            PageQuery::Around(id) => match place(*id) {
                Some(place) => range(place.saturating_sub(n / 2), all.len().min(place + n - n / 2)),
                None => (Vec::new(), false, false),
            },
            PageQuery::Messages(ids) => {
                (all.iter().filter(|message| ids.contains(&message.id)).cloned().collect(), false, false)
            }
            PageQuery::Replies { to, after } => {
                let parent = all.iter().filter(|message| message.id == *to && *after == Seq(0));
                let replies: Vec<&Message> =
                    all.iter().filter(|message| message.reply_to == Some(*to) && message.seq > *after).collect();
                let is_cut = replies.len() > n;
                (parent.chain(replies.into_iter().take(n)).cloned().collect(), false, is_cut)
            }
        };
        let is_quoted = |message: &&Message| {
            let is_there = messages.iter().any(|other| other.id == message.id);
            !is_there && messages.iter().any(|other| other.reply_to == Some(message.id))
        };
        let quoted: Vec<Message> = all.iter().filter(is_quoted).cloned().collect();
        let mine = self.own(reader, messages.iter().chain(&quoted));
        let page = Page { as_of: self.head, messages, quoted, mine, older, newer };
        RoomPage { state: self.state.clone(), page }
    }

    pub(super) fn changed_after(&self, reader: MemberId, after: Seq, limit: usize) -> ChangedRows {
        let mut changed: Vec<Message> = self.all().into_iter().filter(|message| message.rev > after).collect();
        changed.sort_by_key(|message| (message.rev, message.seq));
        let messages = Some(changed).filter(|changed| changed.len() <= limit);
        let mine = self.own(reader, messages.iter().flatten());
        let state = Some(&self.state).filter(|state| state.rev > after).cloned();
        ChangedRows { head: self.head, state, messages, mine }
    }

    /// Who reacted to a message, and its earlier texts.
    pub(super) fn details(&self, id: MessageId) -> (Vec<Reactors>, Vec<Revision>) {
        let kept = self.kept(id).expect("the message exists");
        let by = |emoji: &str| -> Vec<Member> {
            let with_it = kept.reactions.iter().filter(|(_, with)| with == emoji);
            with_it.map(|(by, _)| by.clone()).collect()
        };
        let emoji = kept.message.reactions.iter().map(|reaction| &reaction.emoji);
        let reactors = emoji.map(|emoji| Reactors { emoji: emoji.clone(), by: by(emoji) }).collect();
        (reactors, kept.revisions.clone())
    }

    /// All messages in order of seq.
    pub(super) fn all(&self) -> Vec<Message> {
        self.messages.iter().map(|kept| kept.message.clone()).collect()
    }

    /// The id of a message, by its place. None if there are fewer.
    pub(super) fn nth(&self, nth: usize) -> Option<MessageId> {
        self.messages.get(nth).map(|kept| kept.message.id)
    }

    /// The reader's reactions, in the order of the messages' seqs.
    fn own<'a>(&self, reader: MemberId, messages: impl Iterator<Item = &'a Message>) -> Vec<OwnReactions> {
        let asked: Vec<MessageId> = messages.map(|message| message.id).collect();
        let own = self.messages.iter().filter(|kept| asked.contains(&kept.message.id)).map(|kept| OwnReactions {
            message: kept.message.id,
            emoji: kept.reactions.iter().filter(|(by, _)| by.id == reader).map(|(_, emoji)| emoji.clone()).collect(),
        });
        own.filter(|own| !own.emoji.is_empty()).collect()
    }

    fn kept(&self, id: MessageId) -> Option<&Kept> {
        self.messages.iter().find(|kept| kept.message.id == id)
    }

    fn kept_mut(&mut self, id: MessageId) -> &mut Kept {
        self.messages.iter_mut().find(|kept| kept.message.id == id).expect("the rules change only what exists")
    }
}
