//! The TCP stream of a WebSocket, shared by the WebSocket library, the connection's task, and the hub, which writes
//! while that task waits. Only one of them writes at a time; `connection` ensures this.

use std::io::{ErrorKind, IoSlice, Result};
use std::ops::Deref;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};

use rustix::net::{SendFlags, send};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::hub::{Frame, FrameWriter, Unwritten, Written};

/// Frames of one system call. The kernel takes up to 1,024 (`IOV_MAX`), but the slices are on the stack.
const FRAMES_PER_WRITE: usize = 64;

/// A handle to the shared stream.
#[derive(Clone)]
pub(super) struct SharedStream(Arc<StreamWriter>);

/// The stream and the frames that could not be written to it, in one allocation: each cache miss costs as much as a
/// tenth of a system call, for each of a thousand connections.
struct StreamWriter {
    stream: TcpStream,
    unwritten: Mutex<Unwritten>,
}

impl SharedStream {
    /// Wraps a stream that has no unwritten frames.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self(Arc::new(StreamWriter { stream, unwritten: Mutex::default() }))
    }

    /// Returns the handle by which the hub writes frames.
    pub(super) fn writer(&self) -> Arc<dyn FrameWriter> {
        Arc::clone(&self.0) as Arc<dyn FrameWriter>
    }
}

impl Deref for SharedStream {
    type Target = TcpStream;

    fn deref(&self) -> &TcpStream {
        &self.0.stream
    }
}

impl AsyncRead for SharedStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        loop {
            ready!(self.poll_read_ready(context))?;
            match self.try_read(buffer.initialize_unfilled()) {
                Ok(n_bytes) => {
                    buffer.advance(n_bytes);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for SharedStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        loop {
            ready!(self.poll_write_ready(context))?;
            match self.try_write(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        // Written bytes are in the kernel already.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        // Dropping the last handle closes the stream.
        Poll::Ready(Ok(()))
    }
}

impl StreamWriter {
    /// Sends the frame of a list of one, and empties the list if the whole frame was sent. Returns how many bytes of a
    /// frame that stays in the list were sent. Does nothing with a longer list.
    ///
    /// Calls `send` directly: the runtime would first look up whether the socket is writable, a cache miss for each of
    /// a thousand connections. If the socket is full, the caller tries again through the runtime, which records that.
    fn send_lone(&self, frames: &mut Vec<Frame>) -> usize {
        let [lone] = frames.as_slice() else { return 0 };
        let bytes = lone.as_websocket();
        let n_bytes = send(&self.stream, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL).unwrap_or(0);
        if n_bytes < bytes.len() {
            return n_bytes;
        }
        frames.clear();
        0
    }

    fn unwritten(&self) -> MutexGuard<'_, Unwritten> {
        self.unwritten.lock().expect("no holder of this lock panics")
    }
}

impl FrameWriter for StreamWriter {
    fn write(&self, frames: &mut Vec<Frame>) -> Written {
        let mut unwritten = self.unwritten();
        if unwritten.frames.is_empty() {
            let mut n_bytes_written = self.send_lone(frames);
            // The connection's task gets the same error, and handles it.
            while !frames.is_empty() && write_some(&self.stream, frames, &mut n_bytes_written).is_ok() {}
            unwritten.n_bytes_written = n_bytes_written;
        }
        unwritten.frames.append(frames);
        if unwritten.frames.is_empty() { Written::All } else { Written::Some }
    }

    fn take_unwritten(&self) -> Unwritten {
        std::mem::take(&mut self.unwritten())
    }
}

/// Writes as many bytes as the kernel takes in one call, and removes the frames that are written whole. `frames` must
/// not be empty; `n_bytes_written` is how much of the first frame is written, before and after the call. A lone frame
/// is written by `send`, which costs less than `writev`.
///
/// # Errors
/// [`ErrorKind::WouldBlock`] if the kernel takes no bytes now; any other error if the connection is broken.
pub(super) fn write_some(stream: &TcpStream, frames: &mut Vec<Frame>, n_bytes_written: &mut usize) -> Result<()> {
    let first = &frames[0].as_websocket()[*n_bytes_written..];
    let n_bytes = if frames.len() == 1 {
        stream.try_write(first)?
    } else {
        let mut slices = [IoSlice::new(first); FRAMES_PER_WRITE];
        let n_frames = frames.len().min(FRAMES_PER_WRITE);
        for (slice, frame) in slices[..n_frames].iter_mut().zip(&*frames).skip(1) {
            *slice = IoSlice::new(frame.as_websocket());
        }
        stream.try_write_vectored(&slices[..n_frames])?
    };
    if n_bytes == 0 {
        return Err(ErrorKind::WriteZero.into());
    }
    *n_bytes_written += n_bytes;
    let mut n_whole = 0;
    while let Some(frame) = frames.get(n_whole)
        && *n_bytes_written >= frame.as_websocket().len()
    {
        *n_bytes_written -= frame.as_websocket().len();
        n_whole += 1;
    }
    frames.drain(..n_whole);
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpSocket;

    use super::*;

    /// The buffer size of each end. Setting it makes the tests independent of the kernel's default.
    const BUFFER_BYTES: u32 = 64 * 1024;

    /// Returns both ends of a TCP connection.
    async fn connected() -> (TcpStream, TcpStream) {
        let [listening, connecting] = [TcpSocket::new_v4().unwrap(), TcpSocket::new_v4().unwrap()];
        listening.set_send_buffer_size(BUFFER_BYTES).unwrap();
        connecting.set_recv_buffer_size(BUFFER_BYTES).unwrap();
        listening.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let listener = listening.listen(1).unwrap();
        let reader = connecting.connect(listener.local_addr().unwrap()).await.unwrap();
        (listener.accept().await.unwrap().0, reader)
    }

    #[tokio::test]
    async fn frames_that_do_not_fit_into_a_full_socket_are_kept_in_order() {
        let (stream, mut reader) = connected().await;
        let stream = SharedStream::new(stream);
        let writer = stream.writer();
        let frame = |i: usize| Frame::from(format!("{i}{}", "x".repeat(60_000)));
        let mut sent: Vec<u8> = Vec::new();
        let mut n_frames = 0;
        loop {
            sent.extend(frame(n_frames).as_websocket());
            let mut frames = vec![frame(n_frames)];
            n_frames += 1;
            let written = writer.write(&mut frames);
            assert!(frames.is_empty(), "the writer takes all frames");
            if written == Written::Some {
                break;
            }
        }
        sent.extend(frame(n_frames).as_websocket());
        assert_eq!(writer.write(&mut vec![frame(n_frames)]), Written::Some);

        let Unwritten { mut frames, mut n_bytes_written } = writer.take_unwritten();
        let mut read = vec![0; sent.len()];
        let write_rest = async {
            while !frames.is_empty() {
                stream.writable().await.unwrap();
                // The socket may report readiness although it is full; that is no error.
                let _ = write_some(&stream, &mut frames, &mut n_bytes_written);
            }
        };
        let (_, read_all) = tokio::join!(write_rest, reader.read_exact(&mut read));
        read_all.unwrap();
        assert!(read == sent, "every byte arrives once and in order");
        assert_eq!(writer.write(&mut vec![Frame::from("{}".to_owned())]), Written::All);
    }
}
