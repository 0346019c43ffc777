//! A small HTTP/1.1 client: one kept-alive connection, one request at a time, blocking. Sessions, readiness and the first load
//! use it. It follows no redirects and decodes no content.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// A server that takes longer than this to respond has failed.
const RESPONSE_WITHIN: Duration = Duration::from_secs(10);

pub(crate) struct Http {
    stream: BufReader<TcpStream>,
    host: SocketAddrV4,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// As received: compressed if the server compressed it.
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The first header of a name, given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl Http {
    pub(crate) fn connect(host: SocketAddrV4) -> io::Result<Self> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(RESPONSE_WITHIN))?;
        Ok(Self { stream: BufReader::new(stream), host })
    }

    /// Sends a request and waits for the response.
    pub(crate) fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Response> {
        self.send("GET", path, headers, "")?;
        self.receive().with_context(|| format!("GET {path}"))
    }

    /// Sends a request. Call [`Self::receive`] next.
    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> io::Result<()> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.host);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body);
        self.stream.get_mut().write_all(request.as_bytes())
    }

    pub(crate) fn receive(&mut self) -> Result<Response> {
        let start = self.line()?;
        let status = start.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP status")?;
        let mut response = Response { status, headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            response.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if response.header("transfer-encoding") == Some("chunked") {
            while self.chunk(&mut response.body)? {}
        } else if let Some(length) = response.header("content-length") {
            response.body.resize(length.parse()?, 0);
            self.stream.read_exact(&mut response.body)?;
        }
        Ok(response)
    }

    fn chunk(&mut self, body: &mut Vec<u8>) -> Result<bool> {
        let size = usize::from_str_radix(self.line()?.split(';').next().unwrap_or_default(), 16)?;
        let start = body.len();
        body.resize(start + size, 0);
        self.stream.read_exact(&mut body[start..])?;
        self.line()?;
        Ok(size > 0)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}
