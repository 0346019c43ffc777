//! Posts over WebSockets reach everyone in the room at once and in the same order.

use hubbub_protocol::{ClientFrame, Member, Seq, ServerFrame, SnapshotReason};

use crate::support::person::hello;
use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, fresh_id, seqs};

#[tokio::test]
async fn what_is_said_is_acked_and_reaches_everyone_with_the_same_number() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);

    assert_eq!(kira.posts("  Hi humans! \n").await, Seq(1));
    assert_eq!(jonas.posts("Hi Kira,\n\thow are you?").await, Seq(2));

    let (at_kira, at_jonas) = (kira.events(LOBBY, 2).await, jonas.events(LOBBY, 2).await);
    assert_eq!(at_kira, at_jonas);
    assert_eq!((seqs(&at_kira), bodies(&at_kira)), (vec![1, 2], vec!["Hi humans!", "Hi Kira,\n\thow are you?"]));
    assert_eq!((at_kira[0].by.name.as_str(), at_kira[1].by.name.as_str()), ("Kira", "Jonas"));
}

#[tokio::test]
async fn hello_is_answered_with_who_one_is_the_rooms_and_the_newest_page() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=60).map(|n| n.to_string())).await;

    let mut newcomer = server.join("Jonas").await.open().await;
    newcomer.say(&hello(LOBBY, None)).await;

    let (you, rooms) = newcomer.welcome().await;
    assert_eq!(you.name, "Jonas");
    assert_eq!(rooms.iter().map(|room| (room.id, room.slug.as_str())).collect::<Vec<_>>(), [(LOBBY, "lobby")]);
    let Ok(ServerFrame::Snapshot { reason, epoch, head, events, .. }) = newcomer.read().await else {
        panic!("a snapshot comes next");
    };
    assert_eq!((reason, epoch, head), (SnapshotReason::First, server.store.epoch(), Seq(60)));
    assert_eq!(seqs(&events), (11..=60).collect::<Vec<_>>());
    assert_eq!(seqs(&newcomer.history(LOBBY, 11).await), (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn many_who_talk_at_once_are_read_in_one_order_by_all_and_each_in_their_own() {
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
        assert!(acked.is_sorted(), "what one says first has the lower seq: {acked:?}");
        logs.push(socket.events(LOBBY, EACH * names.len()).await);
    }

    assert_eq!(seqs(&logs[0]), (1..=(EACH * names.len()) as u64).collect::<Vec<_>>());
    assert!(logs.iter().all(|log| *log == logs[0]), "everyone reads the same");
    for name in names {
        let said: Vec<&str> = bodies(&logs[0]).into_iter().filter(|body| body.starts_with(name)).collect();
        assert_eq!(said, (0..EACH).map(|n| format!("{name} {n}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_page_of_history_ends_right_before_what_was_asked_for() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    kira.posts_all((1..=60).map(|n| n.to_string())).await;

    assert_eq!(seqs(&kira.history(LOBBY, 61).await), (11..=60).collect::<Vec<_>>());
    assert_eq!(seqs(&kira.history(LOBBY, 3).await), [1, 2]);
    assert_eq!(seqs(&kira.history(LOBBY, 1).await), [0; 0]);
    assert_eq!(seqs(&kira.history(LOBBY, 0).await), [0; 0]);
    assert_eq!(seqs(&kira.history(LOBBY, u64::MAX).await), (11..=60).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_of_the_longest_messages_comes_in_parts_without_a_hole() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    kira.posts_all((1..=12).map(|_| "😀".repeat(4_000))).await;

    let mut read = Vec::new();
    let mut before = 13;
    while before > 1 {
        let page = seqs(&kira.history(LOBBY, before).await);
        assert_eq!(page.last(), Some(&(before - 1)));
        before = page[0];
        read.splice(0..0, page);
    }

    assert_eq!(read, (1..=12).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_others_see_that_someone_types_and_the_log_does_not() {
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
    assert_eq!(kira.posts("Done.").await, Seq(1), "a hint takes no number");
}

#[tokio::test]
async fn presence_names_each_person_once_and_for_as_long_as_they_are_there() {
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
async fn a_person_may_talk_in_a_room_without_following_it() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    kira.say(&ClientFrame::Leave { room: LOBBY }).await;

    assert_eq!(kira.posts_to(LOBBY, fresh_id(), "from outside").await, Ok(Seq(1)));

    assert_eq!(bodies(&jonas.events(LOBBY, 1).await), ["from outside"]);
    kira.is_heard().await;
    assert!(!kira.has_events_of(LOBBY));
}
