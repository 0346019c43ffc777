//! Contract tests of pages: which messages each query finds, what comes with them, and whether there are others.

use hubbub::store::{PageQuery, Store};
use hubbub_protocol::{Member, MessageId, Page, RoomId, Seq};

use crate::fixture::{
    Fixture, changes, delete, edit, id, kira, lobby, message_of, page, post, react, reply, room, seqs,
};

/// Posts `n` messages to the lobby and three to another room. Pages of the lobby must not contain the three.
async fn messages(store: &dyn Store, n: u64) -> (RoomId, Member) {
    let (kira, lobby) = (kira(store).await, lobby(store).await);
    let next_door = room(store, "Next door", &kira).await.id;
    changes(store, (1..=n).map(|n| post(lobby, &kira, n, &n.to_string())).collect()).await;
    changes(store, (1..=3).map(|n| post(next_door, &kira, n, "elsewhere")).collect()).await;
    (lobby, kira)
}

/// Whether there are messages before and after a page.
fn around(page: &Page) -> (bool, bool) {
    (page.older, page.newer)
}

fn range(page: &Page) -> (Option<u64>, Option<u64>) {
    assert!(page.messages.windows(2).all(|pair| pair[0].seq < pair[1].seq), "oldest first");
    (page.messages.first().map(|first| first.seq.0), page.messages.last().map(|last| last.seq.0))
}

pub(crate) async fn pages_end_where_the_query_says_and_tell_whether_there_are_others(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (lobby, kira) = messages(&*store, 120).await;
    for (query, from, to, others) in [
        (PageQuery::Newest, 71, 120, (true, false)),
        (PageQuery::Before(Seq(71)), 21, 70, (true, true)),
        (PageQuery::Before(Seq(51)), 1, 50, (false, true)),
        (PageQuery::Before(Seq(4)), 1, 3, (false, true)),
        (PageQuery::Before(Seq(121)), 71, 120, (true, false)),
        (PageQuery::Before(Seq(u64::MAX)), 71, 120, (true, false)),
        (PageQuery::After(Seq(0)), 1, 50, (false, true)),
        (PageQuery::After(Seq(50)), 51, 100, (true, true)),
        (PageQuery::After(Seq(70)), 71, 120, (true, false)),
        (PageQuery::After(Seq(117)), 118, 120, (true, false)),
        (PageQuery::Around(id(60)), 35, 84, (true, true)),
        (PageQuery::Around(id(1)), 1, 25, (false, true)),
        (PageQuery::Around(id(26)), 1, 50, (false, true)),
        (PageQuery::Around(id(27)), 2, 51, (true, true)),
        (PageQuery::Around(id(120)), 95, 120, (true, false)),
    ] {
        let found = page(&*store, lobby, &kira, query.clone()).await.page;
        assert_eq!((range(&found), around(&found)), ((Some(from), Some(to)), others), "{query:?}");
        assert_eq!(found.messages.len() as u64, to - from + 1, "{query:?} has no gap");
        assert_eq!(found.as_of, Seq(120));
    }
}

pub(crate) async fn a_page_with_nothing_in_it_says_so(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (lobby, kira) = messages(&*store, 3).await;
    let empty = room(&*store, "Empty", &kira).await.id;
    for (room, query, others) in [
        (lobby, PageQuery::Before(Seq(0)), (false, true)),
        (lobby, PageQuery::Before(Seq(1)), (false, true)),
        (lobby, PageQuery::After(Seq(3)), (true, false)),
        (lobby, PageQuery::After(Seq(u64::MAX)), (true, false)),
        (lobby, PageQuery::Around(id(99)), (false, false)),
        (lobby, PageQuery::Messages(vec![]), (false, false)),
        (lobby, PageQuery::Replies { to: id(99), after: Seq(0) }, (false, false)),
        (empty, PageQuery::Newest, (false, false)),
        (empty, PageQuery::Before(Seq(9)), (false, false)),
        (empty, PageQuery::After(Seq(9)), (false, false)),
    ] {
        let found = page(&*store, room, &kira, query.clone()).await.page;
        assert_eq!((found.messages.len(), around(&found)), (0, others), "{query:?}");
    }
}

pub(crate) async fn messages_are_found_by_their_ids_in_order_of_seq_and_only_in_their_room(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (lobby, kira) = messages(&*store, 60).await;
    let wanted: Vec<MessageId> = [40, 7, 7, 4_711, 12].map(id).to_vec();
    let found = page(&*store, lobby, &kira, PageQuery::Messages(wanted)).await.page;
    assert_eq!(seqs(&found.messages), [7, 12, 40]);
    let elsewhere = page(&*store, RoomId(2), &kira, PageQuery::Messages(vec![id(2), id(40)])).await.page;
    assert_eq!(seqs(&elsewhere.messages), [2]);
    assert_eq!(elsewhere.messages[0].body, "elsewhere");
}

pub(crate) async fn replies_come_with_their_parent_and_page_by_page(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (lobby, kira) = messages(&*store, 2).await;
    changes(&*store, (10..130).map(|n| reply(lobby, &kira, n, 1 + n % 2, &n.to_string())).collect()).await;

    let first = page(&*store, lobby, &kira, PageQuery::Replies { to: id(1), after: Seq(0) }).await.page;
    let last = first.messages.last().expect("a page").seq;
    let second = page(&*store, lobby, &kira, PageQuery::Replies { to: id(1), after: last }).await.page;

    assert_eq!((first.messages[0].id, first.messages[0].replies), (id(1), 60));
    assert!(first.messages[1..].iter().chain(&second.messages).all(|message| message.reply_to == Some(id(1))));
    assert_eq!((first.messages.len(), around(&first)), (51, (false, true)));
    assert_eq!((second.messages.len(), second.newer), (10, false));
    let all: Vec<_> = first.messages[1..].iter().chain(&second.messages).map(|message| message.id).collect();
    assert_eq!(all, (10..130).filter(|n| n % 2 == 0).map(id).collect::<Vec<_>>());
    assert_eq!(second.quoted, [message_of(&*store, lobby, &kira, 1).await]);
}

pub(crate) async fn quoted_messages_come_once_in_their_current_state_and_with_own_reactions(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (lobby, kira) = messages(&*store, 60).await;
    changes(
        &*store,
        vec![
            reply(lobby, &kira, 101, 1, "to the first"),
            reply(lobby, &kira, 102, 1, "to the first"),
            reply(lobby, &kira, 103, 2, "to the second"),
            reply(lobby, &kira, 104, 60, "to one in the page"),
            edit(lobby, &kira, 105, 1, "other words"),
            react(lobby, &kira, 106, 1, "👍", true),
            delete(lobby, &kira, 107, 2),
        ],
    )
    .await;
    let found = page(&*store, lobby, &kira, PageQuery::Newest).await.page;
    let quoted: Vec<_> = found.quoted.iter().map(|message| (message.id, message.body.as_str())).collect();
    assert_eq!(quoted, [(id(1), "other words"), (id(2), "")]);
    assert!(found.quoted[1].is_deleted());
    assert_eq!(found.mine.iter().map(|own| own.message).collect::<Vec<_>>(), [id(1)]);
}

pub(crate) async fn unknown_and_out_of_range_room_ids_find_nothing(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let reader = kira(&*store).await.id;
    for room in [RoomId(0), RoomId(4_711), RoomId(u64::MAX)] {
        assert_eq!(store.head(room).await.expect("an answer"), None);
        assert_eq!(store.room(room).await.expect("an answer"), None);
        assert_eq!(store.page(room, reader, PageQuery::Newest).await.expect("an answer"), None);
        assert_eq!(store.changed_after(room, reader, Seq(0), 9).await.expect("an answer"), None);
        assert_eq!(store.reactors(room, id(1), 9).await.expect("an answer"), []);
        assert_eq!(store.revisions(room, id(1)).await.expect("an answer"), []);
    }
}
