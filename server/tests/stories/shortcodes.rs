//! Shortcodes in a posted message reach everyone as emoji.

use hubbub_protocol::Seq;

use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, fresh_id};

#[tokio::test]
async fn a_shortcode_is_stored_as_its_emoji_and_a_repeated_post_is_recognised() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, "Done :tada: `:tada:`").await, Ok(Seq(1)));
    assert_eq!(kira.posts_to(LOBBY, id, "Done :tada: `:tada:`").await, Ok(Seq(1)));
    assert_eq!(kira.posts("next").await, Seq(2));
    assert_eq!(bodies(&kira.changes(LOBBY, 2).await), ["Done 🎉 `:tada:`", "next"]);
}
