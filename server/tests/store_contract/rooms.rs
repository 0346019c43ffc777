//! Contract tests of rooms: the lobby, slugs, and the list.

use hubbub::store::{CreateRoomError, NewRoom};
use hubbub_protocol::text::{RoomName, Topic};
use hubbub_protocol::{RoomId, Seq, Slug};

use crate::fixture::{Fixture, NOW, changes, delete, describe, edit, kira, lobby, message_of, post, react, room};

pub(crate) async fn a_new_store_contains_only_the_lobby(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let rooms = store.rooms().await.expect("rooms");
    let [lobby] = rooms.as_slice() else { panic!("expected only the lobby: {rooms:?}") };
    assert_eq!((lobby.name.as_str(), lobby.slug.as_str()), ("Lobby", "lobby"));
    assert!(!lobby.topic.is_empty(), "the lobby has a topic");
    assert_eq!(store.head(lobby.id).await.expect("a head"), Some(Seq(0)));
}

pub(crate) async fn a_room_is_found_by_its_id_and_by_its_slug(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let by = kira(&*store).await.id;
    let (name, topic) = (RoomName::parse("Tee & Kaffee").expect("a name"), Topic::parse("お茶").expect("a topic"));

    let created = store.create_room(NewRoom { name, topic, by, at: NOW }).await.expect("the room is created");

    assert_eq!((created.name.as_str(), created.topic.as_str()), ("Tee & Kaffee", "お茶"));
    assert_eq!(created.slug.as_str(), "tee-kaffee");
    assert_eq!(store.head(created.id).await.expect("a head"), Some(Seq(0)));
    assert_eq!(store.room(created.id).await.expect("an answer").as_ref(), Some(&created));
    assert_eq!(store.room_by_slug(&created.slug).await.expect("an answer"), Some(created));
}

pub(crate) async fn a_second_room_of_a_name_is_refused_in_any_case_and_script(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    room(&*store, "Éclairs ΣΩ", &kira).await;
    let before = store.rooms().await.expect("rooms");
    for name in ["Lobby", "LOBBY", "éCLAIRS σω"] {
        let (name, topic) = (RoomName::parse(name).expect("a name"), Topic::parse("").expect("a topic"));
        let answer = store.create_room(NewRoom { name, topic, by: kira.id, at: NOW }).await;
        assert!(matches!(answer, Err(CreateRoomError::NameTaken)), "{answer:?}");
    }
    assert_eq!(store.rooms().await.expect("rooms"), before);
    room(&*store, "Eclairs ΣΩ", &kira).await;
}

pub(crate) async fn rooms_with_similar_names_get_numbered_slugs(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    let mut slugs = Vec::new();
    for n in 1..41 {
        slugs.push(room(&*store, &format!("Lobby{}", "!".repeat(n)), &kira).await.slug.as_str().to_owned());
    }
    assert_eq!(slugs, (2..42).map(|n| format!("lobby-{n}")).collect::<Vec<_>>());
}

pub(crate) async fn the_lowest_free_slug_number_is_used(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    let mut slugs = Vec::new();
    for name in ["Tea 3", "tea", "TEA!", "Tea?", "¡!"] {
        slugs.push(room(&*store, name, &kira).await.slug.as_str().to_owned());
    }
    assert_eq!(slugs, ["tea-3", "tea", "tea-2", "tea-4", "room"]);
}

pub(crate) async fn rooms_are_listed_oldest_first_with_their_last_text(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let zoo = room(&*store, "Zoo", &kira).await;
    let art = room(&*store, "Art", &kira).await;
    let batch = vec![
        post(lobby, &kira, 1, "Hi"),
        post(art.id, &kira, 2, "first"),
        post(art.id, &kira, 3, "last"),
        // None of these is a text that is there.
        post(art.id, &kira, 4, "soon gone"),
        delete(art.id, &kira, 5, 4),
        describe(art.id, &kira, 6, "Fine art", ""),
        edit(art.id, &kira, 7, 3, "the last"),
        react(art.id, &kira, 8, 2, "👍", true),
    ];
    changes(&*store, batch).await;

    let listed = store.rooms_with_last_message().await.expect("rooms");

    let rooms: Vec<_> = listed.iter().map(|(room, _)| room.clone()).collect();
    assert_eq!(rooms, store.rooms().await.expect("rooms"));
    assert_eq!((rooms[1].id, rooms[2].id, rooms[2].name.as_str()), (zoo.id, art.id, "Fine art"));
    assert!(listed[0].1.as_ref().is_some_and(|message| message.seq == Seq(1)));
    assert_eq!(listed[1].1, None);
    assert_eq!(listed[2].1, Some(message_of(&*store, art.id, &kira, 3).await));
}

pub(crate) async fn an_unknown_room_is_not_found(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    assert_eq!(store.room(RoomId(4_711)).await.expect("an answer"), None);
    for slug in ["nowhere", "", "LOBBY", "lobby' OR 1=1 --"] {
        assert_eq!(store.room_by_slug(&Slug::from(slug.to_owned())).await.expect("an answer"), None, "{slug:?}");
    }
}
