//! The command line of `hubbub-bench idle`. The run follows it and the figures repeat it.

use clap::Args;
use serde::Serialize;

use crate::crowd::Transport;

/// Descriptors that Hubbub needs for other things than connections. The generator needs fewer.
const DESCRIPTORS_KEPT: u64 = 200;

#[derive(Args, Clone, Debug, Serialize)]
pub(crate) struct WaitingSettings {
    /// The transports.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Transport::WebSocket, Transport::LongPolling, Transport::LongPollingHttp2])]
    pub(crate) transports: Vec<Transport>,

    /// The numbers of connections. The last one is what the descriptors allow.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000])]
    pub(crate) connections: Vec<usize>,

    /// The most connections, however many descriptors there are.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) most: usize,

    /// People who hold the connections, in turn.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) people: usize,

    /// How long the connections are watched while nothing happens. A minute sees every ping and every poll once.
    #[arg(long, default_value_t = 60)]
    pub(crate) seconds: u64,

    /// Bytes of the message's text.
    #[arg(long, default_value_t = 100)]
    pub(crate) message_bytes: usize,
}

impl WaitingSettings {
    /// The numbers of connections to measure, given how many descriptors a process may have.
    pub(crate) fn sizes(&self, most_descriptors: u64) -> Vec<usize> {
        let allowed = usize::try_from(most_descriptors.saturating_sub(DESCRIPTORS_KEPT)).unwrap_or(usize::MAX);
        let most = self.most.min(allowed);
        let mut sizes: Vec<usize> = self.connections.iter().copied().filter(|size| *size < most).collect();
        sizes.push(most);
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(most: usize) -> WaitingSettings {
        let transports = Vec::new();
        WaitingSettings {
            transports,
            connections: vec![1_000, 10_000],
            most,
            people: 1,
            seconds: 1,
            message_bytes: 100,
        }
    }

    #[test]
    fn the_last_size_is_what_the_descriptors_allow() {
        assert_eq!(settings(100_000).sizes(20_000), [1_000, 10_000, 19_800]);
        assert_eq!(settings(100_000).sizes(4_096), [1_000, 3_896]);
        assert_eq!(settings(100_000).sizes(1 << 20), [1_000, 10_000, 100_000]);
        assert_eq!(settings(200).sizes(1 << 20), [200]);
    }
}
