//! What a person does in a room: operations, which go to the outbox, and requests for more messages, which become queries.

use hubbub_protocol::text::Body;
use hubbub_protocol::{MessageId, OpId, Operation, Query, RoomId, UnixMillis};

use crate::effects::Effects;
use crate::engine::Engine;
use crate::moment::Moment;
use crate::timeline::log::ReadingPlace;
use crate::timeline::{Gap, GapEnd, Timeline};

impl Engine {
    /// Posts a message: shows it as pending and sends it as soon as the posts before it have been answered. Returns its id.
    pub fn send(&mut self, room: RoomId, body: Body, reply_to: Option<MessageId>, moment: Moment) -> MessageId {
        self.operate(room, Operation::Post { body: body.into_string(), reply_to }, moment).into()
    }

    /// Gives an own message another text.
    pub fn edit(&mut self, room: RoomId, message: MessageId, body: Body, moment: Moment) {
        self.operate(room, Operation::Edit { message, body: body.into_string() }, moment);
    }

    /// Deletes an own message.
    pub fn delete(&mut self, room: RoomId, message: MessageId, moment: Moment) {
        self.operate(room, Operation::Delete { message }, moment);
    }

    /// Adds an own reaction to a message, or takes it back.
    pub fn react(&mut self, room: RoomId, message: MessageId, emoji: &str, on: bool, moment: Moment) {
        self.operate(room, Operation::React { message, emoji: emoji.to_owned(), on }, moment);
    }

    /// Pins a message, or unpins it.
    pub fn pin(&mut self, room: RoomId, message: MessageId, on: bool, moment: Moment) {
        self.operate(room, Operation::Pin { message, on }, moment);
    }

    /// Gives the room another name and topic.
    pub fn describe(&mut self, room: RoomId, name: &str, topic: &str, moment: Moment) {
        self.operate(room, Operation::Describe { name: name.to_owned(), topic: topic.to_owned() }, moment);
    }

    /// Sends a refused operation again with the same id, after the operations that were made since. What was refused with a
    /// post is sent again with it.
    pub fn retry(&mut self, room: RoomId, op: OpId) {
        self.with_timeline(room, None, |timeline, out| timeline.retry(op, out));
    }

    /// Removes a refused operation. With a post, the operations on its message are removed too.
    pub fn discard(&mut self, room: RoomId, op: OpId) {
        self.with_timeline(room, None, |timeline, out| timeline.discard(op, out));
    }

    /// Asks for the page before the oldest message of the timeline.
    pub fn load_older(&mut self, room: RoomId) {
        self.with_timeline(room, None, Timeline::load_older);
    }

    /// Notes where in a room the member is reading. The timeline drops no old messages while they are being read.
    pub fn read_at(&mut self, room: RoomId, place: ReadingPlace) {
        self.room(room).0.timeline.reading = place;
    }

    /// Asks for the page at one end of a gap.
    pub fn fill_gap(&mut self, room: RoomId, gap: Gap, end: GapEnd) {
        self.with_timeline(room, None, |timeline, out| timeline.fill_gap(gap, end, out));
    }

    /// Brings a message into the timeline: `Jumped` or `JumpRefused` says how it went. A later jump takes the place of an
    /// earlier one.
    pub fn jump_to(&mut self, room: RoomId, message: MessageId) {
        self.with_timeline(room, None, |timeline, out| timeline.jump_to(message, out));
    }

    /// Opens the thread of a message. A room has one open thread at most.
    pub fn open_thread(&mut self, room: RoomId, parent: MessageId) {
        self.with_timeline(room, None, |timeline, out| timeline.open_thread(parent, out));
    }

    /// Closes the open thread.
    pub fn close_thread(&mut self, room: RoomId) {
        self.with_timeline(room, None, Timeline::close_thread);
    }

    /// Asks for further answers of the open thread.
    pub fn load_more_replies(&mut self, room: RoomId) {
        self.with_timeline(room, None, Timeline::load_more_replies);
    }

    /// Asks who reacted to a message. The answer is the update `Reactors`.
    pub fn ask_reactions(&mut self, room: RoomId, message: MessageId) {
        self.with_timeline(room, None, |timeline, out| timeline.ask(Query::Reactions(message), out));
    }

    /// Asks for the earlier texts of a message. The answer is the update `Revisions`.
    pub fn ask_revisions(&mut self, room: RoomId, message: MessageId) {
        self.with_timeline(room, None, |timeline, out| timeline.ask(Query::Revisions(message), out));
    }

    fn operate(&mut self, room: RoomId, what: Operation, moment: Moment) -> OpId {
        let op = OpId::mint(moment.now, moment.id_bytes());
        self.with_timeline(room, Some(moment.now), |timeline, out| timeline.operate(op, what, moment.now, out));
        op
    }

    fn with_timeline(&mut self, id: RoomId, now: Option<UnixMillis>, act: impl FnOnce(&mut Timeline, &mut Effects)) {
        let (room, out) = self.room(id);
        act(&mut room.timeline, out);
        self.catch_up(id, now);
    }
}
