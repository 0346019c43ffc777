//! A server as its clients know it: an address.

use std::net::SocketAddr;

use super::http::{HttpResponse, Request};
use super::person::Person;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
}

impl Site {
    /// Starts a session.
    pub(crate) async fn join(&self, name: &str) -> Person {
        let answer = self.ask_to_join(name).await;
        assert_eq!(answer.status, 303, "{name} joins: {answer:?}");
        let cookie = answer.cookie().expect("a cookie");
        Person { site: *self, cookie }
    }

    pub(crate) async fn ask_to_join(&self, name: &str) -> HttpResponse {
        self.post("/session", &[("name", name)]).send().await
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        Request::new(self.address, "GET", path)
    }

    /// Returns a request with a form, as a browser sends it.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Request {
        Request::new(self.address, "POST", path).form(fields)
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}
