//! Posts, older pages, typing and presence over WebSockets: every connection in a room gets the same changes in one order.

use hubbub_protocol::{ClientFrame, Member, PageReason, Seq, ServerFrame};

use crate::support::person::hello;
use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, fresh_id, seqs};

#[tokio::test]
async fn a_post_is_acked_and_every_connection_gets_it_with_the_same_seq() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);

    assert_eq!(kira.posts("  Hi humans! \n").await, Seq(1));
    assert_eq!(jonas.posts("Hi Kira,\n\thow are you?").await, Seq(2));

    let (at_kira, at_jonas) = (kira.changes(LOBBY, 2).await, jonas.changes(LOBBY, 2).await);
    assert_eq!(at_kira, at_jonas);
    assert_eq!((seqs(&at_kira), bodies(&at_kira)), (vec![1, 2], vec!["Hi humans!", "Hi Kira,\n\thow are you?"]));
    assert_eq!((at_kira[0].by.name.as_str(), at_kira[1].by.name.as_str()), ("Kira", "Jonas"));
}

#[tokio::test]
async fn hello_is_answered_with_the_member_the_rooms_and_the_newest_page() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=60).map(|n| n.to_string())).await;

    let mut newcomer = server.join("Jonas").await.open().await;
    newcomer.say(&hello(LOBBY, None)).await;

    let (you, rooms) = newcomer.welcome().await;
    assert_eq!(you.name, "Jonas");
    assert_eq!(rooms.iter().map(|room| (room.id, room.slug.as_str())).collect::<Vec<_>>(), [(LOBBY, "lobby")]);
    let Ok(ServerFrame::Page { reason, epoch, page, .. }) = newcomer.read().await else {
        panic!("expected a page after welcome");
    };
    assert_eq!((reason, epoch, page.as_of), (PageReason::First, server.store.epoch(), Seq(60)));
    assert_eq!(seqs(&page.messages), (11..=60).collect::<Vec<_>>());
    assert_eq!(seqs(&newcomer.older(LOBBY, 11).await), (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn concurrent_posts_reach_every_connection_in_the_same_order() {
    const EACH: usize = 100;
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let names = ["Kira", "Jonas", "Mio", "Ada"];
    let mut sockets = Vec::new();
    for name in names {
        sockets.push(server.join(name).await.in_lobby().await);
    }

    let talking = sockets.into_iter().zip(names).map(|(mut socket, name)| {
        tokio::spawn(async move {
            let acked = socket.posts_all((0..EACH).map(|n| format!("{name} {n}"))).await;
            (socket, acked)
        })
    });
    let mut logs = Vec::new();
    for talking in talking.collect::<Vec<_>>() {
        let (mut socket, acked) = talking.await.expect("no panic");
        assert!(acked.is_sorted(), "the seqs of one sender grow in the order of its posts: {acked:?}");
        logs.push(socket.changes(LOBBY, EACH * names.len()).await);
    }

    assert_eq!(seqs(&logs[0]), (1..=(EACH * names.len()) as u64).collect::<Vec<_>>());
    assert!(logs.iter().all(|log| *log == logs[0]), "every connection gets the same changes");
    for name in names {
        let said: Vec<&str> = bodies(&logs[0]).into_iter().filter(|body| body.starts_with(name)).collect();
        assert_eq!(said, (0..EACH).map(|n| format!("{name} {n}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn an_older_page_ends_right_before_the_requested_seq() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    kira.posts_all((1..=60).map(|n| n.to_string())).await;

    assert_eq!(seqs(&kira.older(LOBBY, 61).await), (11..=60).collect::<Vec<_>>());
    assert_eq!(seqs(&kira.older(LOBBY, 3).await), [1, 2]);
    assert_eq!(seqs(&kira.older(LOBBY, 1).await), [0; 0]);
    assert_eq!(seqs(&kira.older(LOBBY, 0).await), [0; 0]);
    assert_eq!(seqs(&kira.older(LOBBY, u64::MAX).await), (11..=60).collect::<Vec<_>>());
}

#[tokio::test]
async fn pages_of_the_longest_messages_are_cut_without_a_gap() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    kira.posts_all((1..=12).map(|_| "😀".repeat(4_000))).await;

    let mut read = Vec::new();
    let mut before = 13;
    while before > 1 {
        let page = seqs(&kira.older(LOBBY, before).await);
        assert_eq!(page.last(), Some(&(before - 1)));
        before = page[0];
        read.splice(0..0, page);
    }

    assert_eq!(read, (1..=12).collect::<Vec<_>>());
}

#[tokio::test]
async fn typing_is_sent_to_the_other_members_and_is_not_stored() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);

    kira.say(&ClientFrame::Typing { room: LOBBY }).await;

    let who = jonas.find("typing", |frame| match frame {
        ServerFrame::Typing { room, by } if *room == LOBBY => Some(by.clone()),
        _ => None,
    });
    let Member { name, .. } = who.await;
    assert_eq!(name, "Kira");
    assert_eq!(kira.posts("Done.").await, Seq(1), "a typing hint uses no seq");
}

#[tokio::test]
async fn presence_lists_each_member_once_until_their_last_connection_leaves() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    at_kira.sees_present(LOBBY, &["Kira"]).await;

    let at_jonas = jonas.in_lobby().await;
    at_kira.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    let mut second_tab = jonas.in_lobby().await;
    second_tab.sees_present(LOBBY, &["Jonas", "Kira"]).await;

    drop(at_jonas);
    let mut newcomer = server.join("Mio").await.in_lobby().await;
    newcomer.sees_present(LOBBY, &["Jonas", "Kira", "Mio"]).await;
    drop(newcomer);
    at_kira.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    second_tab.say(&ClientFrame::Leave { room: LOBBY }).await;
    at_kira.sees_present(LOBBY, &["Kira"]).await;
}

#[tokio::test]
async fn a_connection_may_post_to_a_room_that_it_has_left() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    kira.say(&ClientFrame::Leave { room: LOBBY }).await;

    assert_eq!(kira.posts_to(LOBBY, fresh_id(), "from outside").await, Ok(Seq(1)));

    assert_eq!(bodies(&jonas.changes(LOBBY, 1).await), ["from outside"]);
    kira.is_heard().await;
    assert!(!kira.has_changes_of(LOBBY));
}
