//! Contract tests of the effects of operations: the store hands the rules what they need, and keeps what they decide. The
//! rules themselves are tested beside them, in `chat`.

use hubbub::store::{Committed, OperationError, PageQuery, Store};
use hubbub_protocol::limits::{MAX_PINS, MAX_REACTIONS};
use hubbub_protocol::{
    Change, Member, MessageId, MessageKind, OwnReactions, Reaction, Reactors, Refusal, ReplyTo, Revision, RoomId, Seq,
    UnixMillis, What,
};

use crate::fixture::{
    Fixture, NOW, changes, commit, commit_one, delete, describe, edit, id, jonas, kira, lobby, message_of, page, pin,
    post, react, reply, room,
};

fn refused(refusal: Refusal) -> Result<Committed, OperationError> {
    Err(OperationError::Refused(refusal))
}

/// Returns the lobby with a message 1 of Kira's and a message 2 of Jonas's.
async fn talk(store: &dyn Store) -> (Member, Member, RoomId) {
    let (kira, jonas, lobby) = (kira(store).await, jonas(store).await, lobby(store).await);
    changes(store, vec![post(lobby, &kira, 1, "Hi"), post(lobby, &jonas, 2, "Hi Kira")]).await;
    (kira, jonas, lobby)
}

pub(crate) async fn each_refusal_of_the_rules_reaches_the_caller(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = talk(&*store).await;
    let tea = room(&*store, "Tea", &kira).await.id;
    changes(&*store, vec![post(lobby, &kira, 3, "soon gone"), delete(lobby, &kira, 4, 3)]).await;
    for (submitted, refusal) in [
        (reply(lobby, &kira, 10, 99, "x"), Refusal::NoSuchMessage),
        (edit(lobby, &kira, 10, 99, "x"), Refusal::NoSuchMessage),
        (delete(lobby, &kira, 10, 99), Refusal::NoSuchMessage),
        (react(lobby, &kira, 10, 99, "👍", true), Refusal::NoSuchMessage),
        (pin(lobby, &kira, 10, 99, true), Refusal::NoSuchMessage),
        // A message of another room.
        (reply(tea, &kira, 10, 1, "x"), Refusal::NoSuchMessage),
        (edit(tea, &kira, 10, 1, "x"), Refusal::NoSuchMessage),
        (reply(lobby, &kira, 10, 3, "x"), Refusal::Gone),
        (edit(lobby, &kira, 10, 3, "x"), Refusal::Gone),
        (delete(lobby, &kira, 10, 3), Refusal::Gone),
        (react(lobby, &kira, 10, 3, "👍", true), Refusal::Gone),
        (pin(lobby, &kira, 10, 3, true), Refusal::Gone),
        (edit(lobby, &jonas, 10, 1, "x"), Refusal::NotYours),
        (delete(lobby, &jonas, 10, 1), Refusal::NotYours),
        (describe(lobby, &kira, 10, "Mine", ""), Refusal::NotYours),
        (describe(tea, &jonas, 10, "Mine", ""), Refusal::NotYours),
        // Itself.
        (reply(lobby, &kira, 10, 10, "x"), Refusal::NoSuchMessage),
    ] {
        assert_eq!(commit_one(&*store, submitted.clone()).await, refused(refusal), "{submitted:?}");
    }
    assert_eq!(store.head(lobby).await.expect("a head"), Some(Seq(4)));
}

pub(crate) async fn a_deletion_beats_a_later_edit_and_the_last_edit_stays(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, _, lobby) = talk(&*store).await;
    // In one batch, so that the operation after it sees the effect of the one before.
    let outcomes = commit(
        &*store,
        vec![
            edit(lobby, &kira, 11, 1, "first"),
            edit(lobby, &kira, 12, 1, "second"),
            delete(lobby, &kira, 13, 1),
            edit(lobby, &kira, 14, 1, "too late"),
            react(lobby, &kira, 15, 1, "👍", true),
        ],
    )
    .await;
    assert_eq!(outcomes[3..], [refused(Refusal::Gone), refused(Refusal::Gone)]);
    changes(&*store, vec![post(lobby, &kira, 16, "x")]).await;
    changes(&*store, vec![edit(lobby, &kira, 17, 16, "first")]).await;
    changes(&*store, vec![edit(lobby, &kira, 18, 16, "second")]).await;
    assert_eq!(message_of(&*store, lobby, &kira, 16).await.body, "second");
    changes(&*store, vec![delete(lobby, &kira, 19, 16)]).await;
    assert_eq!(commit_one(&*store, edit(lobby, &kira, 20, 16, "too late")).await, refused(Refusal::Gone));
    assert_eq!(message_of(&*store, lobby, &kira, 16).await.body, "");
}

pub(crate) async fn an_edit_keeps_the_earlier_texts_until_the_deletion(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, _, lobby) = talk(&*store).await;
    assert_eq!(store.revisions(lobby, id(1)).await.expect("an answer"), []);
    changes(&*store, vec![edit(lobby, &kira, 11, 1, "Hello"), edit(lobby, &kira, 12, 1, "Hallo")]).await;
    changes(&*store, vec![edit(lobby, &kira, 13, 1, "Salut")]).await;

    let revision = |n: u64, body: &str| Revision { at: UnixMillis(NOW.0 + n), body: body.to_owned() };
    let kept = store.revisions(lobby, id(1)).await.expect("an answer");
    assert_eq!(kept, [revision(1, "Hi"), revision(11, "Hello"), revision(12, "Hallo")]);
    let message = message_of(&*store, lobby, &kira, 1).await;
    assert_eq!((message.body.as_str(), message.edited_at), ("Salut", Some(UnixMillis(NOW.0 + 13))));

    changes(&*store, vec![delete(lobby, &kira, 14, 1)]).await;
    assert_eq!(store.revisions(lobby, id(1)).await.expect("an answer"), []);
    assert_eq!(store.revisions(lobby, id(99)).await.expect("an answer"), []);
}

pub(crate) async fn a_deletion_takes_text_reactions_pin_and_edit_time_and_keeps_the_replies(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = talk(&*store).await;
    changes(
        &*store,
        vec![
            reply(lobby, &jonas, 3, 1, "answer"),
            edit(lobby, &kira, 11, 1, "Hello"),
            react(lobby, &jonas, 12, 1, "👍", true),
            pin(lobby, &jonas, 13, 1, true),
        ],
    )
    .await;
    changes(&*store, vec![delete(lobby, &kira, 14, 1)]).await;

    let gone = message_of(&*store, lobby, &jonas, 1).await;
    assert_eq!((gone.body.as_str(), gone.edited_at, gone.pinned), ("", None, false));
    assert_eq!((gone.deleted_at, gone.replies), (Some(UnixMillis(NOW.0 + 14)), 1));
    assert_eq!((gone.reactions, gone.seq, gone.rev), (vec![], Seq(1), Seq(7)));
    let newest = page(&*store, lobby, &jonas, PageQuery::Newest).await;
    assert_eq!((newest.state.pins, newest.page.mine), (vec![], vec![]));
    assert_eq!(store.reactors(lobby, id(1), 9).await.expect("an answer"), []);
    assert_eq!(newest.page.messages[2].reply_to, Some(id(1)));
}

pub(crate) async fn replies_are_counted_and_the_change_names_the_parent(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = talk(&*store).await;
    let made = changes(&*store, vec![reply(lobby, &jonas, 3, 1, "one"), reply(lobby, &kira, 4, 1, "two")]).await;
    let third = changes(&*store, vec![reply(lobby, &jonas, 5, 1, "three")]).await;
    for (change, replies) in made.iter().chain(&third).zip(1..) {
        let What::Posted { reply_to, .. } = &change.what else { panic!("{change:?}") };
        assert_eq!(*reply_to, Some(ReplyTo { message: id(1), replies }));
        assert_eq!(change.targets, [id(u64::from(replies) + 2), id(1)]);
    }
    let parent = message_of(&*store, lobby, &kira, 1).await;
    assert_eq!((parent.replies, parent.rev), (3, Seq(5)));
    changes(&*store, vec![delete(lobby, &kira, 6, 4)]).await;
    assert_eq!(message_of(&*store, lobby, &kira, 1).await.replies, 3, "deleted replies count");
}

fn reactions(change: &Change) -> Vec<(&str, u32)> {
    let What::Reacted { reactions, .. } = &change.what else { panic!("{change:?}") };
    reactions.iter().map(|reaction| (reaction.emoji.as_str(), reaction.count)).collect()
}

pub(crate) async fn reactions_are_counted_and_keep_the_order_in_which_they_first_came(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = talk(&*store).await;
    let made = changes(
        &*store,
        vec![
            react(lobby, &kira, 11, 1, "👍", true),
            react(lobby, &jonas, 12, 1, "🎉", true),
            react(lobby, &jonas, 13, 1, "👍", true),
            react(lobby, &kira, 14, 1, "👍", false),
        ],
    )
    .await;
    let counts: Vec<_> = made.iter().map(reactions).collect();
    let expected =
        [vec![("👍", 1)], vec![("👍", 1), ("🎉", 1)], vec![("👍", 2), ("🎉", 1)], vec![("👍", 1), ("🎉", 1)]];
    assert_eq!(counts, expected);
    let by_jonas = |emoji: &str| Reactors { emoji: emoji.to_owned(), by: vec![jonas.clone()] };
    let reactors = store.reactors(lobby, id(1), 9).await.expect("an answer");
    assert_eq!(reactors, [by_jonas("👍"), by_jonas("🎉")], "in the order of the message's reactions");

    changes(&*store, vec![react(lobby, &jonas, 15, 1, "👍", false)]).await;
    let made = changes(&*store, vec![react(lobby, &kira, 16, 1, "👍", true)]).await;
    assert_eq!(reactions(&made[0]), [("🎉", 1), ("👍", 1)], "a reaction that comes again is the last one");
    let message = message_of(&*store, lobby, &kira, 1).await;
    let thumb = Reaction { emoji: "👍".to_owned(), name: "thumbs up".to_owned(), count: 1 };
    assert_eq!((message.reactions.len(), message.reactions.last()), (2, Some(&thumb)));
}

pub(crate) async fn own_reactions_are_those_of_the_reader(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = talk(&*store).await;
    let batch = vec![
        react(lobby, &kira, 11, 1, "👍", true),
        react(lobby, &kira, 12, 1, "🎉", true),
        react(lobby, &jonas, 13, 2, "👍", true),
        react(lobby, &kira, 14, 1, "👍", false),
    ];
    changes(&*store, batch).await;
    let own = |message: u64, emoji: &str| OwnReactions { message: id(message), emoji: vec![emoji.to_owned()] };
    assert_eq!(page(&*store, lobby, &kira, PageQuery::Newest).await.page.mine, [own(1, "🎉")]);
    assert_eq!(page(&*store, lobby, &jonas, PageQuery::Newest).await.page.mine, [own(2, "👍")]);
}

pub(crate) async fn a_message_has_at_most_20_different_reactions(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = talk(&*store).await;
    let emoji: Vec<&str> = emojis::iter().take(MAX_REACTIONS + 1).map(emojis::Emoji::as_str).collect();
    let reacting = |by: &Member, first: u64, emoji: &[&str]| -> Vec<_> {
        emoji.iter().zip(first..).map(|(emoji, n)| react(lobby, by, n, 1, emoji, true)).collect()
    };
    changes(&*store, reacting(&kira, 100, &emoji[..MAX_REACTIONS])).await;

    let too_many = refused(Refusal::TooManyReactions { max: 20 });
    assert_eq!(commit_one(&*store, react(lobby, &jonas, 200, 1, emoji[MAX_REACTIONS], true)).await, too_many);
    changes(&*store, reacting(&jonas, 300, &emoji[..MAX_REACTIONS])).await;
    let message = message_of(&*store, lobby, &kira, 1).await;
    let listed: Vec<_> = message.reactions.iter().map(|reaction| (reaction.emoji.as_str(), reaction.count)).collect();
    assert_eq!(listed, emoji[..MAX_REACTIONS].iter().map(|emoji| (*emoji, 2)).collect::<Vec<_>>());
    // The refused operation was not remembered: the same id is carried out once there is space.
    changes(&*store, vec![react(lobby, &kira, 400, 1, emoji[0], false), react(lobby, &jonas, 401, 1, emoji[0], false)])
        .await;
    changes(&*store, vec![react(lobby, &jonas, 200, 1, emoji[MAX_REACTIONS], true)]).await;
}

pub(crate) async fn reactors_are_listed_in_order_up_to_a_limit(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = talk(&*store).await;
    changes(&*store, vec![react(lobby, &jonas, 11, 1, "👍", true), react(lobby, &kira, 12, 1, "👍", true)]).await;
    let all = Reactors { emoji: "👍".to_owned(), by: vec![jonas.clone(), kira] };
    let first = Reactors { emoji: "👍".to_owned(), by: vec![jonas] };
    assert_eq!(store.reactors(lobby, id(1), 9).await.expect("an answer"), [all]);
    assert_eq!(store.reactors(lobby, id(1), 1).await.expect("an answer"), [first]);
    assert_eq!(store.reactors(lobby, id(99), 9).await.expect("an answer"), []);
}

pub(crate) async fn a_room_has_at_most_50_pins_and_the_last_pinned_comes_first(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let max = MAX_PINS as u64;
    changes(&*store, (1..=max + 1).map(|n| post(lobby, &kira, n, "Hi")).collect()).await;
    changes(&*store, (1..=max).map(|n| pin(lobby, &kira, 100 + n, n, true)).collect()).await;

    let too_many = refused(Refusal::TooManyPins { max: 50 });
    assert_eq!(commit_one(&*store, pin(lobby, &kira, 200, max + 1, true)).await, too_many);
    changes(&*store, vec![pin(lobby, &kira, 201, 7, false)]).await;
    let made = changes(&*store, vec![pin(lobby, &kira, 202, max + 1, true)]).await;

    let expected: Vec<MessageId> = (1..=max + 1).rev().filter(|n| *n != 7).map(id).collect();
    let What::Pinned { on: true, pins } = &made[0].what else { panic!("{made:?}") };
    assert_eq!(*pins, expected);
    let state = page(&*store, lobby, &kira, PageQuery::Newest).await.state;
    assert_eq!((state.pins, state.rev), (expected, made[0].seq));
    changes(&*store, vec![delete(lobby, &kira, 203, 50)]).await;
    assert!(!page(&*store, lobby, &kira, PageQuery::Newest).await.state.pins.contains(&id(50)));
}

pub(crate) async fn a_description_changes_the_room_and_leaves_a_line(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas) = (kira(&*store).await, jonas(&*store).await);
    let tea = room(&*store, "Tea", &kira).await;
    let made = changes(&*store, vec![describe(tea.id, &kira, 1, "Coffee", "No tea")]).await;

    let (name, topic) = ("Coffee".to_owned(), "No tea".to_owned());
    assert_eq!(made[0].what, What::Described { name: name.clone(), topic: topic.clone() });
    let found = page(&*store, tea.id, &jonas, PageQuery::Newest).await;
    assert_eq!((found.state.name.as_str(), found.state.topic.as_str(), found.state.rev), ("Coffee", "No tea", Seq(1)));
    assert_eq!((found.state.made_by.as_ref(), found.state.made_at), (Some(&kira), NOW));
    let line = &found.page.messages[0];
    assert_eq!((&line.kind, line.id, &line.by), (&MessageKind::Described { name, topic }, id(1), &kira));
    let renamed = store.room(tea.id).await.expect("an answer").expect("the room exists");
    assert_eq!((renamed.name.as_str(), renamed.topic.as_str()), ("Coffee", "No tea"));
    assert_eq!(renamed.slug, tea.slug, "links stay valid");

    let not_yours = refused(Refusal::NotYours);
    assert_eq!(commit_one(&*store, edit(tea.id, &kira, 2, 1, "my line")).await, not_yours, "a line is no text");
    assert_eq!(commit_one(&*store, delete(tea.id, &kira, 3, 1)).await, not_yours);
    assert_eq!(
        changes(&*store, vec![react(tea.id, &jonas, 4, 1, "👍", true)]).await[0].seq,
        Seq(2),
        "but it can be reacted to"
    );
}

pub(crate) async fn a_room_is_not_given_the_name_of_another_in_any_case(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    let (tea, coffee) = (room(&*store, "Tea", &kira).await.id, room(&*store, "Éclairs", &kira).await.id);
    let taken = refused(Refusal::RoomNameTaken);
    for name in ["Lobby", "éCLAIRS"] {
        assert_eq!(commit_one(&*store, describe(tea, &kira, 1, name, "")).await, taken);
    }
    changes(&*store, vec![describe(tea, &kira, 2, "TEA", "")]).await;
    let outcomes = commit(&*store, vec![describe(tea, &kira, 3, "Free", ""), describe(coffee, &kira, 4, "free", "")]);
    assert_eq!(outcomes.await[1], taken, "the room before in the batch has it");
}
