//! Gets sessions and rooms from a Hubbub server as a browser does, by forms. Scenarios give them to the crowd.

use std::net::SocketAddrV4;

use anyhow::{Context, Result, ensure};

use crate::http::{Http, Response};

/// How many requests are under way at a time, so that the server commits several sessions together.
const AT_ONCE: usize = 32;

/// A session: the cookie as a request sends it.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) cookie: String,
}

/// Joins `n` people, named after `family` and their number.
pub(crate) fn join(server: SocketAddrV4, family: &str, n: usize) -> Result<Vec<Session>> {
    let mut connections = Vec::new();
    for _ in 0..n.min(AT_ONCE) {
        connections.push(Http::connect(server)?);
    }
    let origin = format!("http://{server}");
    let headers = [("Origin", origin.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let mut sessions = Vec::with_capacity(n);
    while sessions.len() < n {
        let batch = &mut connections[..(n - sessions.len()).min(AT_ONCE)];
        for (i, connection) in batch.iter_mut().enumerate() {
            let body = format!("name={family}+{}", sessions.len() + i + 1);
            connection.send("POST", "/session", &headers, &body)?;
        }
        for connection in batch {
            sessions.push(joined(&connection.receive()?)?);
        }
    }
    Ok(sessions)
}

/// Makes some rooms, named after their number.
pub(crate) fn make_rooms(server: SocketAddrV4, session: &Session, n: usize) -> Result<()> {
    let mut connection = Http::connect(server)?;
    let origin = format!("http://{server}");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    for i in 1..=n {
        let headers = [("Origin", origin.as_str()), form, ("Cookie", session.cookie.as_str())];
        connection.send("POST", "/rooms", &headers, &format!("name=Bench+room+{i}&topic="))?;
        let response = connection.receive()?;
        ensure!(response.status == 303, "POST /rooms answered {}", response.status);
    }
    Ok(())
}

fn joined(response: &Response) -> Result<Session> {
    ensure!(
        response.status == 303,
        "POST /session answered {}: {}",
        response.status,
        String::from_utf8_lossy(&response.body)
    );
    let cookie = response.header("set-cookie").context("POST /session set no cookie")?;
    let cookie = cookie.split(';').next().unwrap_or_default();
    ensure!(cookie.starts_with("hubbub_session="), "POST /session set another cookie: {cookie}");
    Ok(Session { cookie: cookie.to_owned() })
}
