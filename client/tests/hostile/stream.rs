//! A room of the model server: its messages with every state that they have had, its changes, and the rules of operations.

use std::collections::BTreeMap;

use hubbub_protocol::{
    Applied, Change, Member, MemberId, Message, MessageId, OpId, Operation, OwnReactions, Page, Query, Reaction,
    Reactors, Refusal, ReplyTo, Revision, RoomState, Seq, UnixMillis, What,
};

/// The largest number of pins of a room of the model server.
const MAX_PINS: usize = 3;

#[derive(Clone)]
pub(crate) struct Stream {
    pub(crate) head: Seq,
    pub(crate) state: RoomState,
    /// In the order of their seqs.
    pub(crate) rows: Vec<Row>,
    pub(crate) changes: Vec<Change>,
    done: BTreeMap<OpId, (MemberId, Operation, Seq, UnixMillis)>,
}

/// A message with every state that it has had, the oldest first.
#[derive(Clone)]
pub(crate) struct Row(pub(crate) Vec<Version>);

/// One state of a message.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) message: Message,
    pub(crate) reactors: Vec<(String, Vec<MemberId>)>,
    /// Whether a change of an unknown kind made it: a client has to ask for it.
    pub(crate) is_unknown: bool,
}

impl Row {
    pub(crate) fn now(&self) -> &Version {
        self.0.last().expect("a row has a version")
    }

    pub(crate) fn id(&self) -> MessageId {
        self.now().message.id
    }

    pub(crate) fn seq(&self) -> Seq {
        self.now().message.seq
    }
}

impl Version {
    /// Returns the emoji that a member reacted with.
    pub(crate) fn mine(&self, member: MemberId) -> Vec<String> {
        let own = self.reactors.iter().filter(|(_, by)| by.contains(&member));
        own.map(|(emoji, _)| emoji.clone()).collect()
    }
}

impl Stream {
    pub(crate) fn new() -> Self {
        let state = RoomState {
            rev: Seq(0),
            name: "Room".to_owned(),
            topic: String::new(),
            made_by: None,
            made_at: UnixMillis(0),
            pins: Vec::new(),
        };
        Self { head: Seq(0), state, rows: Vec::new(), changes: Vec::new(), done: BTreeMap::new() }
    }

    pub(crate) fn row(&self, id: MessageId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id() == id)
    }

    pub(crate) fn has_done(&self, op: OpId) -> bool {
        self.done.contains_key(&op)
    }

    /// Returns the stream as it was after a seq.
    pub(crate) fn as_of(&self, seq: Seq) -> Self {
        let mut past = Self::new();
        for change in self.changes.iter().filter(|change| change.seq <= seq) {
            past.commit(change.by.clone(), change.targets.clone(), change.what.clone(), change.at);
        }
        past.done = self.done.clone();
        past.done.retain(|_, (_, _, done_at, _)| *done_at <= seq);
        past
    }

    /// Carries out an operation, or says why not. A repeated one gets the same seq.
    pub(crate) fn operate(
        &mut self,
        by: &Member,
        op: OpId,
        what: &Operation,
        at: UnixMillis,
    ) -> Result<(Seq, UnixMillis), Refusal> {
        if let Some((author, content, seq, at)) = self.done.get(&op) {
            assert!(
                *author == by.id && content == what,
                "an id must stand for one operation: {content:?} and {what:?}"
            );
            return Ok((*seq, *at));
        }
        let seq = match self.decide(by, op, what)? {
            Some((targets, what)) => self.commit(by.clone(), targets, what, at),
            None => self.head,
        };
        self.done.insert(op, (by.id, what.clone(), seq, at));
        Ok((seq, at))
    }

    /// Returns the change that an operation makes, or None if it changes nothing.
    fn decide(&self, by: &Member, op: OpId, what: &Operation) -> Result<Option<(Vec<MessageId>, What)>, Refusal> {
        let target = what.target().map(|id| self.row(id).ok_or(Refusal::NoSuchMessage)).transpose()?;
        let target = target.map(Row::now);
        if target.is_some_and(|target| target.message.is_deleted()) {
            return if matches!(what, Operation::Delete { .. }) { Ok(None) } else { Err(Refusal::Gone) };
        }
        let is_own = target.is_some_and(|target| target.message.by.id == by.id && target.message.kind.is_text());
        let targets: Vec<MessageId> = target.iter().map(|target| target.message.id).collect();
        let what = match (what, target) {
            (Operation::Post { body, .. }, _) => {
                let reply_to =
                    target.map(|parent| ReplyTo { message: parent.message.id, replies: parent.message.replies + 1 });
                let targets = [op.into()].into_iter().chain(targets).collect();
                return Ok(Some((targets, What::Posted { body: body.clone(), reply_to })));
            }
            (Operation::Edit { .. } | Operation::Delete { .. }, _) if !is_own => return Err(Refusal::NotYours),
            (Operation::Edit { body, .. }, Some(target)) if *body == target.message.body => return Ok(None),
            (Operation::Edit { body, .. }, _) => What::Edited { body: body.clone() },
            (Operation::Delete { .. }, _) => What::Deleted,
            (Operation::React { emoji, on, .. }, Some(target)) => {
                let reactors = react(&target.reactors, emoji, *on, by.id);
                if reactors == target.reactors {
                    return Ok(None);
                }
                What::Reacted { emoji: emoji.clone(), on: *on, reactions: counted(&reactors) }
            }
            (Operation::Pin { on, .. }, Some(target)) => {
                let mut pins = self.state.pins.clone();
                pins.retain(|pin| *pin != target.message.id);
                match on {
                    _ if *on == target.message.pinned => return Ok(None),
                    true if pins.len() >= MAX_PINS => return Err(Refusal::TooManyPins { max: MAX_PINS as u32 }),
                    true => pins.insert(0, target.message.id),
                    false => {}
                }
                What::Pinned { on: *on, pins }
            }
            (Operation::Describe { .. }, _) if by.id != MemberId(1) => return Err(Refusal::NotYours),
            (Operation::Describe { name, topic }, _) => {
                return Ok(Some((vec![op.into()], What::Described { name: name.clone(), topic: topic.clone() })));
            }
            (Operation::React { .. } | Operation::Pin { .. } | Operation::Unknown, _) => {
                return Err(Refusal::UnknownType);
            }
        };
        Ok(Some((targets, what)))
    }

    /// Appends a change, and gives new states to the messages that it names.
    pub(crate) fn commit(&mut self, by: Member, targets: Vec<MessageId>, what: What, at: UnixMillis) -> Seq {
        self.head = self.head.next();
        let change = Change { seq: self.head, at, by, targets, what };
        for row in self.rows.iter_mut().filter(|row| change.targets.contains(&row.id())) {
            let mut version = row.now().clone();
            version.is_unknown = version.message.apply(&change) == Applied::Unknown;
            match &change.what {
                What::Unknown => {
                    version.message.rev = change.seq;
                    version.message.body.push('?');
                }
                What::Reacted { emoji, on, .. } => {
                    version.reactors = react(&version.reactors, emoji, *on, change.by.id);
                }
                What::Deleted => version.reactors.clear(),
                _ => {}
            }
            row.0.push(version);
        }
        if let Some(message) = Message::added_by(&change) {
            self.rows.push(Row(vec![Version { message, reactors: Vec::new(), is_unknown: false }]));
        }
        self.state.apply(&change);
        self.changes.push(change);
        self.head
    }

    /// Returns the rows that changed after a seq, in the order of their last changes.
    pub(crate) fn rows_after(&self, seq: Seq, reader: MemberId) -> (Vec<Message>, Vec<OwnReactions>) {
        let mut changed: Vec<&Version> = self.rows.iter().map(Row::now).filter(|row| row.message.rev > seq).collect();
        changed.sort_by_key(|version| version.message.rev);
        (changed.iter().map(|version| version.message.clone()).collect(), mine(&changed, reader))
    }

    /// Returns the newest page.
    pub(crate) fn newest(&self, n: usize, reader: MemberId, with_quotes: bool) -> Page {
        let from = self.rows.len().saturating_sub(n);
        self.page(from..self.rows.len(), reader, with_quotes)
    }

    /// Answers a query that asks for messages.
    pub(crate) fn query(&self, query: &Query, n: usize, reader: MemberId, with_quotes: bool) -> Result<Page, Refusal> {
        let place_of = |seq: Seq| self.rows.partition_point(|row| row.seq() < seq);
        Ok(match query {
            Query::Before(seq) => {
                let end = place_of(*seq);
                self.page(end.saturating_sub(n)..end, reader, with_quotes)
            }
            Query::After(seq) => {
                let start = place_of(seq.next());
                self.page(start..self.rows.len().min(start + n), reader, with_quotes)
            }
            Query::Around(id) => {
                let place = self.rows.iter().position(|row| row.id() == *id).ok_or(Refusal::NoSuchMessage)?;
                let range = place.saturating_sub(n / 2)..self.rows.len().min(place + n / 2 + 1);
                self.page(range, reader, with_quotes)
            }
            Query::Messages(ids) => self.listed(ids.iter().filter_map(|id| self.row(*id)).collect(), reader),
            Query::Replies { to, after } => {
                let parent = self.row(*to).ok_or(Refusal::NoSuchMessage)?;
                let answers =
                    self.rows.iter().filter(|row| row.now().message.reply_to == Some(*to) && row.seq() > *after);
                let answers: Vec<&Row> = answers.collect();
                let page = answers[..answers.len().min(n)].to_vec();
                let newer = page.len() < answers.len();
                let mut page = self.listed(page.into_iter().chain([parent]).collect(), reader);
                page.quoted.extend(page.messages.pop());
                Page { newer, ..page }
            }
            Query::Reactions(_) | Query::Revisions(_) | Query::Unknown => return Err(Refusal::UnknownType),
        })
    }

    /// Answers who reacted to a message.
    pub(crate) fn reactors(&self, id: MessageId) -> Result<Vec<Reactors>, Refusal> {
        let row = self.row(id).ok_or(Refusal::NoSuchMessage)?;
        let member = |id: &MemberId| Member { id: *id, name: format!("Person {id}") };
        let reactors = row.now().reactors.iter();
        Ok(reactors.map(|(emoji, by)| Reactors { emoji: emoji.clone(), by: by.iter().map(member).collect() }).collect())
    }

    /// Answers with the earlier texts of a message.
    pub(crate) fn revisions(&self, id: MessageId) -> Result<Vec<Revision>, Refusal> {
        let row = self.row(id).ok_or(Refusal::NoSuchMessage)?;
        let texts = row.0.iter().map(|version| Revision { at: version.message.at, body: version.message.body.clone() });
        Ok(texts.collect())
    }

    fn page(&self, range: std::ops::Range<usize>, reader: MemberId, with_quotes: bool) -> Page {
        let (older, newer) = (range.start > 0, range.end < self.rows.len());
        let rows: Vec<&Row> = self.rows[range].iter().collect();
        let quoted = rows.iter().filter_map(|row| self.row(row.now().message.reply_to?));
        let quoted: Vec<&Row> =
            quoted.filter(|quoted| with_quotes && !rows.iter().any(|row| row.id() == quoted.id())).collect();
        let n = rows.len();
        let mut page = self.listed(rows.into_iter().chain(quoted).collect(), reader);
        page.quoted = page.messages.split_off(n);
        Page { older, newer, ..page }
    }

    fn listed(&self, rows: Vec<&Row>, reader: MemberId) -> Page {
        let versions: Vec<&Version> = rows.into_iter().map(Row::now).collect();
        Page {
            as_of: self.head,
            messages: versions.iter().map(|version| version.message.clone()).collect(),
            mine: mine(&versions, reader),
            ..Page::default()
        }
    }
}

fn mine(versions: &[&Version], reader: MemberId) -> Vec<OwnReactions> {
    let own = versions.iter().map(|version| OwnReactions { message: version.message.id, emoji: version.mine(reader) });
    let mut own: Vec<OwnReactions> = own.filter(|own| !own.emoji.is_empty()).collect();
    own.dedup_by_key(|own| own.message);
    own
}

fn react(
    reactors: &[(String, Vec<MemberId>)],
    emoji: &str,
    on: bool,
    member: MemberId,
) -> Vec<(String, Vec<MemberId>)> {
    let mut reactors = reactors.to_vec();
    match reactors.iter_mut().find(|(known, _)| known == emoji) {
        Some((_, by)) if on && !by.contains(&member) => by.push(member),
        Some((_, by)) if !on => by.retain(|other| *other != member),
        None if on => reactors.push((emoji.to_owned(), vec![member])),
        _ => {}
    }
    reactors.retain(|(_, by)| !by.is_empty());
    reactors
}

fn counted(reactors: &[(String, Vec<MemberId>)]) -> Vec<Reaction> {
    let counted = reactors.iter().map(|(emoji, by)| Reaction {
        emoji: emoji.clone(),
        name: format!("name of {emoji}"),
        count: by.len() as u32,
    });
    counted.collect()
}
