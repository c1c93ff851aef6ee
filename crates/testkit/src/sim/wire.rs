//! The bytes of one connection, as everybody who writes to it shares them: what the socket does not
//! take at once waits here, so that an answer never comes between two halves of a frame.

use std::io::{self, ErrorKind, IoSlice, Read as _, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::ServerConnection;
use tokio::net::TcpStream;

use super::identity::{Identity, TLS_BEGINS};

/// Most that is read from a client in one go.
const READ_BYTES: usize = 4096;

/// One connection.
pub(super) struct Wire {
    pub(super) stream: TcpStream,
    outgoing: Mutex<Outgoing>,
}

#[derive(Default)]
struct Outgoing {
    /// What the socket did not take yet.
    waiting: Vec<u8>,
    /// How much of it is sent.
    sent: usize,
    /// Whether the first byte has come, which says whether it is TLS.
    begun: bool,
    /// If it is; then nothing waits but in there.
    tls: Option<Box<ServerConnection>>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, outgoing: Mutex::default() }
    }

    fn outgoing(&self) -> MutexGuard<'_, Outgoing> {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends `parts` one after the other, now as far as the socket takes them.
    pub(super) fn send(&self, parts: &[IoSlice<'_>]) -> io::Result<()> {
        let outgoing = &mut *self.outgoing();
        if let Some(tls) = &mut outgoing.tls {
            parts.iter().try_for_each(|part| tls.writer().write_all(part))?;
            return flush_tls(tls, &self.stream).map(|_| ());
        }
        let mut taken = 0;
        if outgoing.flush(&self.stream)? {
            taken = none_if_busy(self.stream.try_write_vectored(parts))?;
        }
        for part in parts {
            let skipped = taken.min(part.len());
            taken -= skipped;
            outgoing.waiting.extend_from_slice(&part[skipped..]);
        }
        Ok(())
    }

    /// Sends what waits, as far as the socket takes it; whether nothing waits any more.
    pub(super) fn flush(&self) -> io::Result<bool> {
        self.outgoing().flush(&self.stream)
    }

    /// Returns when nothing waits.
    pub(super) async fn flushed(&self) -> io::Result<()> {
        while !self.flush()? {
            self.stream.writable().await?;
        }
        Ok(())
    }

    /// Waits for bytes from the client and appends them; how many, and 0 when it has left.
    pub(super) async fn read(
        &self,
        incoming: &mut Vec<u8>,
        identity: &Identity,
    ) -> io::Result<usize> {
        let before = incoming.len();
        loop {
            self.stream.readable().await?;
            match self.read_now(incoming, identity) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Ok(read) if read > 0 && incoming.len() == before => {}
                Ok(0) => return Ok(0),
                Ok(_) => return Ok(incoming.len() - before),
                Err(error) => return Err(error),
            }
        }
    }

    /// Appends what has come; how many bytes of the socket that was.
    fn read_now(&self, incoming: &mut Vec<u8>, identity: &Identity) -> io::Result<usize> {
        let mut buffer = [0; READ_BYTES];
        let read = self.stream.try_read(&mut buffer)?;
        let outgoing = &mut *self.outgoing();
        if !outgoing.begun && buffer[..read].first() == Some(&TLS_BEGINS) {
            let mut tls = ServerConnection::new(identity.config()).map_err(io::Error::other)?;
            tls.set_buffer_limit(None);
            outgoing.tls = Some(Box::new(tls));
        }
        outgoing.begun = true;
        match &mut outgoing.tls {
            None => incoming.extend_from_slice(&buffer[..read]),
            Some(tls) => {
                read_tls(tls, &buffer[..read], incoming)?;
                flush_tls(tls, &self.stream)?;
            }
        }
        Ok(read)
    }
}

impl Outgoing {
    fn flush(&mut self, stream: &TcpStream) -> io::Result<bool> {
        if let Some(tls) = &mut self.tls {
            return flush_tls(tls, stream);
        }
        while self.sent < self.waiting.len() {
            match none_if_busy(stream.try_write(&self.waiting[self.sent..]))? {
                0 => return Ok(false),
                taken => self.sent += taken,
            }
        }
        if self.sent > 0 {
            // The room is given back: most connections never wait again.
            (self.waiting, self.sent) = (Vec::new(), 0);
        }
        Ok(true)
    }
}

/// Takes the plain bytes out of `records`.
fn read_tls(
    tls: &mut ServerConnection,
    mut records: &[u8],
    incoming: &mut Vec<u8>,
) -> io::Result<()> {
    while !records.is_empty() {
        tls.read_tls(&mut records)?;
        tls.process_new_packets().map_err(io::Error::other)?;
        match tls.reader().read_to_end(incoming) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Sends records as far as the socket takes them; whether none is left.
fn flush_tls(tls: &mut ServerConnection, stream: &TcpStream) -> io::Result<bool> {
    while tls.wants_write() {
        if none_if_busy(tls.write_tls(&mut Now(stream)))? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes what the socket takes at once.
struct Now<'a>(&'a TcpStream);

impl Write for Now<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(parts)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn none_if_busy(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        written => written,
    }
}
