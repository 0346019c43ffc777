//! Runs Hubbub behind real proxies with the configurations of docs/operations.md, and tests `hubbub doctor`: it passes
//! each documented configuration and finds each fault that a test adds to one. `bin/tools proxies` installs the proxies.

mod apache;
mod caddy;
mod direct;
mod nginx;
mod support;
