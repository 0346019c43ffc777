//! Opens a room with a long history and one with a short history in turn, over one connection: the time from `join` to the
//! page.

use std::time::{Duration, Instant};

use anyhow::Result;
use hubbub_protocol::{ClientFrame, Interest, RoomId, ServerFrame};
use serde::Serialize;

use crate::introduction::Conversation;
use crate::server_process::Server;
use crate::session::Session;

pub(crate) const N_LONG: u32 = 1_000_000;
pub(crate) const N_SHORT: u32 = 1_000;
/// The first openings read the database's pages into memory.
const WARM_UP: usize = 20;
const N_TIMES: usize = 500;

/// Medians.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Opening {
    pub(crate) long_us: f64,
    pub(crate) short_us: f64,
}

pub(crate) fn run(server: &Server, session: &Session, long: RoomId, short: RoomId) -> Result<Opening> {
    let mut conversation = Conversation::start(server.address, session, Vec::new())?;
    let (mut of_long, mut of_short) = (Vec::new(), Vec::new());
    for i in 0..WARM_UP + N_TIMES {
        let took = [open(&mut conversation, long)?, open(&mut conversation, short)?];
        if i >= WARM_UP {
            of_long.push(took[0]);
            of_short.push(took[1]);
        }
    }
    Ok(Opening { long_us: median_us(of_long), short_us: median_us(of_short) })
}

fn open(conversation: &mut Conversation, room: RoomId) -> Result<Duration> {
    let started = Instant::now();
    conversation.send(&ClientFrame::Join(Interest { room, after: None }))?;
    conversation.wait_for(|frame| match frame {
        ServerFrame::Page { room: of, .. } if of == room => Some(()),
        _ => None,
    })?;
    let took = started.elapsed();
    conversation.send(&ClientFrame::Leave { room })?;
    Ok(took)
}

fn median_us(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}
