//! The socket, which takes whatever bytes a peer sends over a WebSocket, and the memory that it takes for them.
#![no_main]

#[path = "../src/socket.rs"]
mod checked;

use hubbub_protocol::limits::MAX_FRAME_BYTES;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Bytes that a check may hold, besides the answer to the input: a frame, a message of fragments, each in a buffer that
/// grows by doubling, and the runtime.
const MAX_HEAP_BYTES: usize = 6 * MAX_FRAME_BYTES;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let n_before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    checked::check(input);
    let n_held = HEAP.peak_usage().saturating_sub(n_before);
    assert!(n_held <= MAX_HEAP_BYTES + 2 * input.len(), "the heap grew by {n_held} bytes");
});
