//! The bytes of one connection, as everybody who writes to it shares them: what the socket does not
//! take at once waits here, so that an answer never comes between two halves of a frame.

use std::io::{self, ErrorKind, IoSlice};
use std::sync::{Mutex, PoisonError};

use tokio::net::TcpStream;

/// Most that is read from a client in one go.
const READ_BYTES: usize = 4096;

/// One connection.
pub(super) struct Wire {
    pub(super) stream: TcpStream,
    /// What the socket did not take yet.
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// How many of them are sent.
    sent: usize,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, waiting: Mutex::default() }
    }

    /// Sends `parts` one after the other, now as far as the socket takes them.
    pub(super) fn send(&self, parts: &[IoSlice<'_>]) -> io::Result<()> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = if waiting.flush(&self.stream)? {
            none_if_busy(self.stream.try_write_vectored(parts))?
        } else {
            0
        };
        for part in parts {
            let skipped = taken.min(part.len());
            taken -= skipped;
            waiting.bytes.extend_from_slice(&part[skipped..]);
        }
        Ok(())
    }

    /// Sends what waits, as far as the socket takes it; whether nothing waits any more.
    pub(super) fn flush(&self) -> io::Result<bool> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).flush(&self.stream)
    }

    /// Returns when nothing waits.
    pub(super) async fn flushed(&self) -> io::Result<()> {
        while !self.flush()? {
            self.stream.writable().await?;
        }
        Ok(())
    }

    /// Waits for bytes from the client and appends them; how many, and 0 when it has left.
    pub(super) async fn read(&self, incoming: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            self.stream.readable().await?;
            match self.read_now(incoming) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }

    fn read_now(&self, incoming: &mut Vec<u8>) -> io::Result<usize> {
        let mut buffer = [0; READ_BYTES];
        let read = self.stream.try_read(&mut buffer)?;
        incoming.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}

impl Waiting {
    fn flush(&mut self, stream: &TcpStream) -> io::Result<bool> {
        while self.sent < self.bytes.len() {
            match none_if_busy(stream.try_write(&self.bytes[self.sent..]))? {
                0 => return Ok(false),
                taken => self.sent += taken,
            }
        }
        if self.sent > 0 {
            // The room is given back: most connections never wait again.
            *self = Self::default();
        }
        Ok(true)
    }
}

fn none_if_busy(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        written => written,
    }
}
