//! Tests of what a user or a peer notices of the server. Each test has a server of its own, reached over real sockets, and
//! a real database. They are one program, so that the server is linked once.

mod ambiguous_requests;
mod backup;
mod bad_frames;
mod bad_input;
mod binary;
mod caps;
mod coming_back;
mod conversation;
mod crash;
mod erased;
mod faults;
mod foreign_pages;
mod forms;
mod health;
mod hostile_text;
mod idempotency;
#[path = "../shared/intercepted_store.rs"]
mod intercepted_store;
mod logs;
mod operations;
mod poll_refusals;
mod poll_tabs;
mod polls;
mod power_cut;
mod probes;
mod queries;
mod rate_limits;
mod resume;
mod resume_changes;
mod rooms;
mod sessions;
mod shortcodes;
mod shutdown;
mod slow_reader;
mod stream;
mod stream_changes;
mod stream_end;
mod support;
mod tab_connections;
mod tab_connections_end;
mod transports;
mod upgrade;
mod web;
