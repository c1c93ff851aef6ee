//! The bytes of a connection to a camera: a socket that never blocks, with TLS around it or not.
//!
//! Read when the reader comes by, not when something arrives: a wake-up for each packet costs more
//! than the packet. The kernel's buffer keeps what comes between.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::ClientConnection;

/// What waits to be sent at most: our requests are short, and a camera that reads none is gone.
const MAX_UNSENT_BYTES: usize = 64 << 10;

/// What carries the bytes.
pub(super) enum Carrier {
    /// A connected stream that does not block.
    Socket(TcpStream),
    /// What somebody brought: bytes that were recorded, say.
    Brought(Box<dyn ReadWrite>),
}

/// Reads and writes as a socket does that never blocks.
pub(super) trait ReadWrite: Read + Write + Send {}

impl<T: Read + Write + Send> ReadWrite for T {}

impl Read for Carrier {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Socket(stream) => stream.read(into),
            Self::Brought(stream) => stream.read(into),
        }
    }
}

impl Write for Carrier {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Socket(stream) => stream.write(bytes),
            Self::Brought(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An open connection.
pub(super) struct Line {
    stream: Carrier,
    tls: Option<Box<ClientConnection>>,
    unsent: Vec<u8>,
}

impl Line {
    pub(super) const fn plain(stream: Carrier) -> Self {
        Self { stream, tls: None, unsent: Vec::new() }
    }

    pub(super) fn tls(
        stream: TcpStream,
        config: Arc<rustls::ClientConfig>,
        name: rustls::pki_types::ServerName<'static>,
    ) -> Result<Self, rustls::Error> {
        let tls = Box::new(ClientConnection::new(config, name)?);
        Ok(Self { stream: Carrier::Socket(stream), tls: Some(tls), unsent: Vec::new() })
    }

    /// Reads what is there: `Ok(0)` if the camera hung up, [`io::ErrorKind::WouldBlock`] if nothing
    /// came.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.flush()?;
        if self.tls.is_none() {
            return self.stream.read(into);
        }
        // A record has 16 KiB at most: who reads a few times a second must be given all that are there.
        let mut filled = 0;
        while filled < into.len() {
            match self.read_record(&mut into[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                // What came before is taken first; an error comes again at the next reading.
                Err(_) if filled > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// What is left of a TLS record, or the next one.
    fn read_record(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else { return Ok(0) };
        loop {
            match tls.reader().read(into) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // Some cameras hang up without a farewell; the messages have lengths of their own.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                done => return done,
            }
            if tls.read_tls(&mut self.stream)? == 0 {
                return Ok(0);
            }
            let state = tls.process_new_packets();
            // What TLS has to say, an alert above all, leaves before anything is judged.
            while tls.wants_write() {
                match tls.write_tls(&mut self.stream) {
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                }
            }
            state.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
    }

    /// Sends, or keeps what the socket does not take now for the next time.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.unsent.len() + bytes.len() > MAX_UNSENT_BYTES {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "it takes no more requests"));
        }
        match &mut self.tls {
            Some(tls) => tls.writer().write_all(bytes)?,
            None => self.unsent.extend_from_slice(bytes),
        }
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        let quiet = |result: io::Result<usize>| match result {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            other => other.map(Some),
        };
        while let Some(tls) = self.tls.as_mut().filter(|tls| tls.wants_write()) {
            if quiet(tls.write_tls(&mut self.stream))?.is_none() {
                return Ok(());
            }
        }
        while !self.unsent.is_empty() {
            let Some(sent) = quiet(self.stream.write(&self.unsent))? else { break };
            self.unsent.drain(..sent);
        }
        Ok(())
    }

    /// The socket, if it is one.
    pub(super) const fn socket(&self) -> Option<&TcpStream> {
        match &self.stream {
            Carrier::Socket(stream) => Some(stream),
            Carrier::Brought(_) => None,
        }
    }
}
