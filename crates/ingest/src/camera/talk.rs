//! What is said before pictures come: DESCRIBE, SETUP of one video track, PLAY (RFC 2326).

use std::time::Duration;

use http_auth::{PasswordClient, PasswordParams};
use tokio::time::{Instant, sleep, timeout_at};

use super::line::Line;
use super::wire::{self, BadWire, Piece};
use super::{ConnectError, Fault, SourceConfig};

/// How often the line is looked at while an answer is waited for.
const LOOK: Duration = Duration::from_millis(5);
/// Times that a name and password are tried: a challenge may be stale once.
const MAX_ATTEMPTS: u32 = 3;

/// An answer of the camera's.
#[derive(Debug)]
pub(super) struct Answer {
    header: Vec<u8>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn value<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        wire::header_value(&self.header, name)
    }

    fn status(&self) -> u16 {
        wire::status(&self.header).unwrap_or(0)
    }
}

/// What later requests on a connection need.
pub(super) struct Voice {
    sequence: u32,
    auth: Option<PasswordClient>,
    session: Option<String>,
}

impl Voice {
    /// The next request, whole, and its number.
    pub(super) fn request(
        &mut self,
        source: &SourceConfig,
        method: &str,
        address: &str,
        fields: &str,
    ) -> Result<(Vec<u8>, u32), String> {
        use std::fmt::Write as _;
        self.sequence += 1;
        let mut text = format!("{method} {address} RTSP/1.0\r\nCSeq: {}\r\n", self.sequence);
        if let (Some(auth), Some(known)) = (&mut self.auth, source.credentials()) {
            let answer = auth.respond(&PasswordParams {
                username: &known.username,
                password: &known.password,
                uri: address,
                method,
                body: Some(&[]),
            })?;
            let _ = write!(text, "Authorization: {answer}\r\n");
        }
        if let Some(session) = &self.session {
            let _ = write!(text, "Session: {session}\r\n");
        }
        let _ = write!(text, "User-Agent: Jikim\r\n{fields}\r\n");
        Ok((text.into_bytes(), self.sequence))
    }
}

/// A conversation on an open line.
pub(super) struct Talk<'s> {
    source: &'s SourceConfig,
    pub(super) line: Line,
    pub(super) voice: Voice,
    /// What came and was not read yet.
    pub(super) unread: Vec<u8>,
    /// Packets that overtook an answer, as they stood on the line.
    pub(super) early: Vec<u8>,
}

impl<'s> Talk<'s> {
    pub(super) const fn new(source: &'s SourceConfig, line: Line) -> Self {
        let voice = Voice { sequence: 0, auth: None, session: None };
        Self { source, line, voice, unread: Vec::new(), early: Vec::new() }
    }

    /// Asks, and waits for the answer that goes with it; gives name and password when asked to.
    pub(super) async fn ask(
        &mut self,
        method: &str,
        address: &str,
        fields: &str,
    ) -> Result<Answer, ConnectError> {
        let place = self.source.place();
        for _ in 0..MAX_ATTEMPTS {
            let asked = self.voice.request(self.source, method, address, fields);
            let (request, sequence) = asked.map_err(|told| self.garbage(&told))?;
            self.line.send(&request).map_err(|error| self.unreachable(&error))?;
            let answer = self.answer(sequence).await?;
            match answer.status() {
                200 => return Ok(answer),
                401 if self.take_challenge(&answer)? => {}
                401 | 403 => return Err(ConnectError::Refused { place }),
                201..300 => return Err(self.garbage("a status that makes no sense here")),
                status => return Err(ConnectError::Rejected { place, status }),
            }
        }
        Err(ConnectError::Refused { place })
    }

    /// Whether the challenge is one that was not answered yet.
    fn take_challenge(&mut self, answer: &Answer) -> Result<bool, ConnectError> {
        if self.source.credentials().is_none() {
            return Ok(false);
        }
        let challenges: Vec<_> = wire::header_values(&answer.header, "www-authenticate").collect();
        let is_stale = challenges.iter().any(|told| {
            let told = told.to_ascii_lowercase().replace([' ', '"'], "");
            told.contains("stale=true")
        });
        if self.voice.auth.is_some() && !is_stale {
            return Ok(false);
        }
        let builder = PasswordClient::builder();
        let builder =
            challenges.into_iter().fold(builder, http_auth::PasswordClientBuilder::challenges);
        self.voice.auth = Some(builder.build().map_err(|told| self.garbage(&told))?);
        Ok(true)
    }

    pub(super) fn set_session(&mut self, id: &str) {
        self.voice.session = Some(id.to_owned());
    }

    async fn answer(&mut self, sequence: u32) -> Result<Answer, ConnectError> {
        let limit = self.source.caps.answer;
        let until = Instant::now() + limit;
        loop {
            while let Some(answer) = self.next_answer()? {
                let number = answer.value("cseq").and_then(|number| number.parse().ok());
                // Some cameras leave the number out; an answer to nothing is passed over.
                if number.is_none_or(|number: u32| number == sequence) {
                    return Ok(answer);
                }
            }
            let more = timeout_at(until, self.read_more()).await;
            let place = self.source.place();
            more.map_err(|_| ConnectError::TimedOut { place, limit })??;
        }
    }

    fn next_answer(&mut self) -> Result<Option<Answer>, ConnectError> {
        loop {
            let (answer, length) = match wire::split(&self.unread) {
                Ok(None) => return Ok(None),
                Ok(Some((Piece::Packet { .. }, length))) => {
                    let room = wire::MAX_PIECE_BYTES.saturating_sub(self.early.len());
                    if length <= room {
                        self.early.extend_from_slice(&self.unread[..length]);
                    }
                    (None, length)
                }
                Ok(Some((Piece::Blank, length))) => (None, length),
                Ok(Some((Piece::Message { header, body }, length))) => {
                    let is_answer = wire::status(header).is_some();
                    let answer = Answer { header: header.to_vec(), body: body.to_vec() };
                    (is_answer.then_some(answer), length)
                }
                Err(bad @ BadWire::NotRtsp) => {
                    let (place, source) =
                        (self.source.place(), Fault::new(&bad.to_string(), self.source));
                    return Err(ConnectError::NotACamera { place, source });
                }
                Err(bad) => return Err(self.garbage(&bad.to_string())),
            };
            self.unread.drain(..length);
            if answer.is_some() {
                return Ok(answer);
            }
        }
    }

    async fn read_more(&mut self) -> Result<(), ConnectError> {
        let mut bytes = [0; 8 << 10];
        loop {
            match self.line.read(&mut bytes) {
                Ok(0) => return Err(self.hung_up()),
                Ok(count) => {
                    self.unread.extend_from_slice(&bytes[..count]);
                    return Ok(());
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => sleep(LOOK).await,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // What answers does not speak TLS.
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    let source = Fault::new(&error.to_string(), self.source);
                    return Err(ConnectError::NotACamera { place: self.source.place(), source });
                }
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
    }

    fn hung_up(&self) -> ConnectError {
        let source = Fault::new("it hung up before it answered", self.source);
        ConnectError::Unreachable { place: self.source.place(), source }
    }

    pub(super) fn unreachable(&self, error: &std::io::Error) -> ConnectError {
        let source = Fault::new(&error.to_string(), self.source);
        ConnectError::Unreachable { place: self.source.place(), source }
    }

    pub(super) fn garbage(&self, told: &str) -> ConnectError {
        let source = Fault::new(told, self.source);
        ConnectError::Garbage { place: self.source.place(), source }
    }
}

/// What SETUP agreed on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Agreed {
    pub(super) session: String,
    /// How long the camera goes on without hearing from us.
    pub(super) timeout: Duration,
    /// The channel of the packets, over TCP.
    pub(super) channel: u8,
    /// Where the camera's datagrams come from, and its reports.
    pub(super) server_ports: Option<(u16, u16)>,
}

impl Agreed {
    pub(super) fn read(session: Option<&str>, transport: Option<&str>) -> Option<Self> {
        const USUAL: Duration = Duration::from_secs(60);
        let mut parts = session?.split(';').map(str::trim);
        let id = parts.next().filter(|id| !id.is_empty() && id.len() <= 256)?;
        let timeout = parts
            .filter_map(|part| part.strip_prefix("timeout=")?.trim().parse().ok())
            .find(|seconds: &u64| *seconds > 0);
        let timeout = timeout.map_or(USUAL, |seconds| Duration::from_secs(seconds.min(3600)));
        let pair = |name: &str| {
            let value = transport?.split(';').find_map(|part| part.trim().strip_prefix(name))?;
            Some(value.split_once('-').unwrap_or((value, "")))
        };
        let channel = pair("interleaved=").and_then(|(first, _)| first.trim().parse().ok());
        let server_ports = pair("server_port=").and_then(|(rtp, rtcp)| {
            let rtp: u16 = rtp.trim().parse().ok()?;
            Some((rtp, rtcp.trim().parse().unwrap_or(rtp.wrapping_add(1))))
        });
        Some(Self { session: id.to_owned(), timeout, channel: channel.unwrap_or(0), server_ports })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_setup_agrees_on_is_read_as_cameras_write_it() {
        let read = |session, transport| Agreed::read(Some(session), Some(transport)).unwrap();
        let tcp = read("ab;timeout=30", "RTP/AVP/TCP;unicast;interleaved=2-3;ssrc= d6d6627");
        assert_eq!((tcp.session.as_str(), tcp.timeout.as_secs(), tcp.channel), ("ab", 30, 2));
        let udp = read("ab", "RTP/AVP;unicast;client_port=1-2;server_port=600-601");
        assert_eq!((udp.timeout.as_secs(), udp.server_ports), (60, Some((600, 601))));
        let odd = read("ab; x=y; timeout=0", "RTP/AVP;server_port=600");
        assert_eq!((odd.timeout.as_secs(), odd.server_ports), (60, Some((600, 601))));
        assert_eq!(Agreed::read(None, None), None);
        assert_eq!(Agreed::read(Some(";timeout=3"), None), None);
    }
}
