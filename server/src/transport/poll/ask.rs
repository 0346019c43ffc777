//! "What comes after my numbers?": answered as soon as there is something, or with nothing when the wait is over. Ten
//! thousand of these stand idle, so what seldom runs is put on the heap when it does.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hubbub_protocol::{ClientFrame, Interest, Refusal, codec};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::Tabs;
use super::tabs::Asking;
use crate::chat::Token;
use crate::hub::Frame;
use crate::transport::goodbye::bye;

/// Which of its tab's asks one is. The client says it, because the server may have forgotten the tab: were that to open
/// it again, what is said beside the ask would be heard before the client knows where the rooms stand now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Opens the tab.
    First,
    /// Goes on with a tab that is known.
    Further,
}

impl Tabs {
    /// What a tab is to be told next, waited for no longer than `wait` and the longest wait there is. Nothing, if that
    /// passes or the tab asks again meanwhile. The first ask opens the tab, and is answered at once; if it comes once
    /// more, from a network that repeats requests, so is its copy.
    ///
    /// Dropping this forgets the tab soon. The events that had been gathered for the answer aren't lost: the next ask
    /// has the cursors from before it.
    ///
    /// # Errors
    /// What is wrong with the `hello`, [`Refusal::SignedOut`] if the token opens no session,
    /// [`Refusal::HelloExpected`] to a further ask of a tab that is not known, [`Refusal::TooManyConnections`] to a
    /// first one, [`Refusal::RateLimited`], and the store's.
    pub async fn ask(
        self: &Arc<Self>,
        token: Token,
        address: IpAddr,
        tab: Uuid,
        ask: Ask,
        wait: Duration,
        hello: String,
    ) -> Result<Vec<Frame>, Refusal> {
        let rooms = rooms_of(hello)?;
        let mut asking = Box::pin(self.begin(token, address, tab, ask)).await?;
        let tab = Arc::clone(&asking.tab);
        let _serving = tab.serving.lock().await;
        let until = Instant::now() + wait.min(self.longest_wait);
        let mut answer = Vec::new();
        let outcome = match Box::pin(asking.begin(ask, rooms, &mut answer)).await {
            Ok(()) => asking.wait(until, &mut answer).await,
            Err(refusal) => Err(refusal),
        };
        asking.is_answered = true;
        outcome.map(|()| answer)
    }
}

fn rooms_of(hello: String) -> Result<Vec<Interest>, Refusal> {
    match codec::decode_client(&hello)? {
        ClientFrame::Hello { rooms } => Ok(rooms),
        ClientFrame::Unknown => Err(Refusal::UnknownType),
        ClientFrame::Join(_)
        | ClientFrame::Leave { .. }
        | ClientFrame::Post { .. }
        | ClientFrame::History { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::Ping => Err(Refusal::HelloExpected),
    }
}

impl Asking {
    /// Goes on from the cursors given, and gathers what there is now.
    async fn begin(&mut self, ask: Ask, rooms: Vec<Interest>, answer: &mut Vec<Frame>) -> Result<(), Refusal> {
        let mut talk = self.tab.talk.lock().await;
        if self.turn.is_over() {
            return Ok(());
        }
        if let Some(closing) = self.tab.bell.closing() {
            answer.push(bye(closing));
            return Ok(());
        }
        talk.conversation.count_poll()?;
        talk.see_welcome().await?;
        talk.begin(ask, rooms, answer).await
    }

    async fn wait(&mut self, until: Instant, answer: &mut Vec<Frame>) -> Result<(), Refusal> {
        while answer.is_empty() && Instant::now() < until {
            tokio::select! {
                biased;
                () = self.turn.over() => return Ok(()),
                () = self.tab.bell.notified() => self.take(answer).await?,
                () = sleep_until(until) => {}
            }
        }
        Ok(())
    }

    /// Gathers what there is now.
    async fn take(&self, answer: &mut Vec<Frame>) -> Result<(), Refusal> {
        let mut talk = self.tab.talk.lock().await;
        if let Some(closing) = self.tab.bell.closing() {
            answer.push(bye(closing));
            return Ok(());
        }
        talk.take(answer).await
    }
}
