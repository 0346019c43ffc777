//! Two servers for comparison that block a thread, or a process, for each connection, as early web servers did. Started by
//! `hubbub-bench` as `hubbub-bench-blocking threads|processes ADDRESS`. They have one room, no sessions and no disk: a
//! text that is posted to `/say` becomes a line of every `/stream`, a response that never ends.

use std::io::{self, BufRead, BufReader, PipeReader, PipeWriter, Write, stderr, stdin, stdout};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// The head of a stream, whose body ends with the connection.
const STREAM: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\n\r\n";
const SAID: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
/// The processes write their messages to one pipe, which takes writes up to this size as a whole (PIPE_BUF, pipe(7)).
const MAX_MESSAGE_BYTES: usize = 4_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["threads", address] => listen(address).and_then(|listener| threads(&listener)),
        ["processes", address] => listen(address).and_then(|listener| processes(&listener)),
        ["one"] => one(),
        _ => Err(io::Error::other("threads ADDRESS, or processes ADDRESS")),
    };
    if let Err(error) = outcome {
        // If standard error is closed, nobody can read the message.
        let _ = writeln!(stderr(), "hubbub-bench-blocking: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Listens on an address, and writes the address to standard output: with port 0 the system chooses the port.
fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    writeln!(stdout(), "{}", listener.local_addr()?)?;
    Ok(listener)
}

/// A request of a connection.
enum Request {
    Stream,
    Say(Vec<u8>),
}

/// Reads the next request of a connection. Returns None when the connection is closed.
fn request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let (mut first, mut length) = (String::new(), 0);
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    if first.starts_with("GET /stream ") {
        return Ok(Some(Request::Stream));
    }
    if length > MAX_MESSAGE_BYTES {
        return Err(io::Error::other("a message that is too long"));
    }
    let mut line = vec![0; length];
    reader.read_exact(&mut line)?;
    line.push(b'\n');
    Ok(Some(Request::Say(line)))
}

/// The lines so far, and the condition by which the threads wait for more.
#[derive(Default)]
struct Room {
    lines: Mutex<Vec<Arc<[u8]>>>,
    more: Condvar,
}

impl Room {
    fn say(&self, line: &[u8]) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.into());
        self.more.notify_all();
    }

    fn n_lines(&self) -> usize {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Waits for lines after the first `place` lines and returns them.
    fn after(&self, place: usize) -> Vec<u8> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = self.more.wait_while(lines, |lines| lines.len() <= place).unwrap_or_else(PoisonError::into_inner);
        lines[place..].concat()
    }
}

fn threads(listener: &TcpListener) -> io::Result<()> {
    let room = Arc::new(Room::default());
    for stream in listener.incoming() {
        let (stream, room) = (stream?, Arc::clone(&room));
        let started = thread::Builder::new().spawn(move || serve_in_thread(stream, &room));
        reported(started)?;
    }
    Ok(())
}

/// Reports a connection that can't be served. The server goes on with the others.
fn reported<T>(started: io::Result<T>) -> io::Result<Option<T>> {
    started.map(Some).or_else(|error| writeln!(stderr(), "one more could not be served: {error}").map(|()| None))
}

fn serve_in_thread(stream: TcpStream, room: &Room) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(1_024, &stream);
    while let Some(request) = request(&mut reader)? {
        match request {
            Request::Say(line) => {
                room.say(&line);
                (&stream).write_all(SAID)?;
            }
            Request::Stream => {
                drop(reader);
                return stream_from(&stream, room);
            }
        }
    }
    Ok(())
}

fn stream_from(mut stream: &TcpStream, room: &Room) -> io::Result<()> {
    let mut place = room.n_lines();
    stream.write_all(STREAM)?;
    loop {
        let lines = room.after(place);
        place += lines.iter().filter(|byte| **byte == b'\n').count();
        stream.write_all(&lines)?;
    }
}

/// The parent: starts a child for each connection and sends each line of a child to all children.
fn processes(listener: &TcpListener) -> io::Result<()> {
    let (told, teller) = io::pipe()?;
    let children = Arc::new(Mutex::new(Vec::<Child>::new()));
    let listeners = Arc::clone(&children);
    thread::Builder::new().spawn(move || relay(told, &listeners))?;
    let program = std::env::current_exe()?;
    for stream in listener.incoming() {
        // Under the lock, so that the child misses no line after its response.
        let mut children = children.lock().unwrap_or_else(PoisonError::into_inner);
        children.extend(reported(child(&program, stream?, &teller))?);
    }
    Ok(())
}

/// Starts a child. Its standard output is the connection, its standard input brings the lines of all children, and it writes
/// its own lines to its standard error.
fn child(program: &std::path::Path, stream: TcpStream, teller: &PipeWriter) -> io::Result<Child> {
    stream.set_nodelay(true)?;
    let mut command = Command::new(program);
    command.arg("one").stdin(Stdio::piped()).stdout(OwnedFd::from(stream)).stderr(teller.try_clone()?);
    command.spawn()
}

fn relay(told: PipeReader, children: &Mutex<Vec<Child>>) -> io::Result<()> {
    let mut told = BufReader::new(told);
    loop {
        let mut line = Vec::new();
        if told.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let mut children = children.lock().unwrap_or_else(PoisonError::into_inner);
        // A child whose connection is closed has ended, and its pipe fails.
        children.retain_mut(|child| {
            let is_there = child.stdin.as_mut().is_some_and(|pipe| pipe.write_all(&line).is_ok());
            is_there || child.wait().is_err()
        });
    }
}

/// Serves the one connection of a child.
fn one() -> io::Result<()> {
    let mut stream = TcpStream::from(stdout().as_fd().try_clone_to_owned()?);
    let mut reader = BufReader::with_capacity(1_024, stream.try_clone()?);
    while let Some(request) = request(&mut reader)? {
        match request {
            Request::Say(line) => {
                stderr().write_all(&line)?;
                wait_for(&line)?;
                stream.write_all(SAID)?;
            }
            Request::Stream => {
                stream.write_all(STREAM)?;
                return forward(&mut stream);
            }
        }
    }
    Ok(())
}

/// Waits until a line of this child comes back, which means that all children have it. Reads the other lines too, so that the
/// pipe doesn't fill.
fn wait_for(line: &[u8]) -> io::Result<()> {
    let mut told = stdin().lock();
    loop {
        let mut next = Vec::new();
        if told.read_until(b'\n', &mut next)? == 0 || next == line {
            return Ok(());
        }
    }
}

fn forward(stream: &mut TcpStream) -> io::Result<()> {
    let mut told = stdin().lock();
    loop {
        let bytes = told.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        stream.write_all(bytes)?;
        let n = bytes.len();
        told.consume(n);
    }
}
