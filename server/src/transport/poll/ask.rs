//! A poll: returns the frames that come after a tab's cursors, as soon as there are some or when its wait is over. Ten
//! thousand polls may wait at a time, so futures that seldom run are allocated only when they run.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hubbub_protocol::{ClientFrame, Interest, Refusal, codec};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::kind::PollKind;
use super::tabs::{PollInProgress, Tabs};
use crate::chat::Token;
use crate::hub::Frame;
use crate::transport::bye::bye;

impl Tabs {
    /// Returns the next frames for a tab. Waits for them no longer than `wait` and the longest wait that is configured;
    /// returns none if that time passes, or if another poll of the tab comes. A first poll opens the tab and doesn't
    /// wait. A repeated first poll, as from a network that repeats requests, gets a response like the original's.
    ///
    /// If this future is dropped, the tab is forgotten soon. The events that were gathered for the response aren't
    /// lost: the tab's next poll has the cursors from before them.
    ///
    /// # Errors
    /// The fault of the `hello`; [`Refusal::SignedOut`] if the token opens no session; [`Refusal::HelloExpected`]
    /// to a further poll of an unknown tab; [`Refusal::TooManyConnections`] to a first poll; [`Refusal::RateLimited`];
    /// and the store's.
    pub async fn ask(
        self: &Arc<Self>,
        token: Token,
        address: IpAddr,
        tab: Uuid,
        kind: PollKind,
        wait: Duration,
        hello: String,
    ) -> Result<Vec<Frame>, Refusal> {
        let rooms = rooms_of(hello)?;
        let mut poll = self.begin_poll(token, address, tab, kind).await?;
        let tab = Arc::clone(&poll.tab);
        let _serving = tab.serving.lock().await;
        let until = Instant::now() + wait.min(self.longest_wait);
        let mut frames = Vec::new();
        let outcome = match Box::pin(poll.begin(kind, rooms, &mut frames)).await {
            Ok(()) => poll.wait(until, &mut frames).await,
            Err(refusal) => Err(refusal),
        };
        poll.is_answered = true;
        outcome.map(|()| frames)
    }
}

fn rooms_of(hello: String) -> Result<Vec<Interest>, Refusal> {
    match codec::decode_client(&hello)? {
        ClientFrame::Hello { rooms } => Ok(rooms),
        ClientFrame::Unknown => Err(Refusal::UnknownType),
        ClientFrame::Join(_)
        | ClientFrame::Leave { .. }
        | ClientFrame::Operation { .. }
        | ClientFrame::Query { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::Ping => Err(Refusal::HelloExpected),
    }
}

impl PollInProgress {
    /// Begins or continues the tab from the cursors in `rooms`, and adds the frames that are ready to `frames`.
    async fn begin(&mut self, kind: PollKind, rooms: Vec<Interest>, frames: &mut Vec<Frame>) -> Result<(), Refusal> {
        let mut state = self.tab.state.lock().await;
        if self.newer_poll.has_come() {
            return Ok(());
        }
        if let Some(closing) = self.tab.listener.closing() {
            frames.push(bye(closing));
            return Ok(());
        }
        state.handler.count_poll()?;
        state.check_session().await?;
        state.begin(kind, rooms, frames).await
    }

    /// Waits until there are frames, until a time, or until a newer poll comes. Adds the frames to `frames`.
    async fn wait(&mut self, until: Instant, frames: &mut Vec<Frame>) -> Result<(), Refusal> {
        while frames.is_empty() && Instant::now() < until {
            tokio::select! {
                biased;
                () = self.newer_poll.comes() => return Ok(()),
                () = self.tab.listener.notified() => self.take(frames).await?,
                () = sleep_until(until) => {}
            }
        }
        Ok(())
    }

    /// Adds the frames that are ready to `frames`; only `bye` if the connection must end.
    async fn take(&self, frames: &mut Vec<Frame>) -> Result<(), Refusal> {
        let mut state = self.tab.state.lock().await;
        if let Some(closing) = self.tab.listener.closing() {
            frames.push(bye(closing));
            return Ok(());
        }
        state.take(frames).await
    }
}
