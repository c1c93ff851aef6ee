//! A client that takes what comes and believes nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use testkit::{SimServer, stamp};

/// Longest wait for anything that must come.
const PATIENCE: Duration = Duration::from_secs(5);

/// An RTP packet, or what was sent as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(crate) channel: u8,
    pub(crate) bytes: Vec<u8>,
}

impl Packet {
    pub(crate) fn is_report(&self) -> bool {
        self.bytes.get(1) == Some(&200)
    }

    pub(crate) fn marked(&self) -> bool {
        self.bytes[1] & 0x80 != 0
    }

    pub(crate) fn sequence(&self) -> u16 {
        u16::from_be_bytes([self.bytes[2], self.bytes[3]])
    }

    pub(crate) fn timestamp(&self) -> u32 {
        u32::from_be_bytes(self.bytes[4..8].try_into().unwrap())
    }

    pub(crate) fn ssrc(&self) -> u32 {
        u32::from_be_bytes(self.bytes[8..12].try_into().unwrap())
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Vec<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let named = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim().to_owned()).collect()
    }
}

/// One connection, by TCP or by whatever reads and writes.
pub(crate) struct Client<S> {
    pub(crate) stream: S,
    pub(crate) received: Vec<u8>,
    url: String,
    sequence: u32,
}

impl Client<TcpStream> {
    pub(crate) fn connect(server: &SimServer) -> Self {
        let stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        Self::new(stream, server.url(0))
    }

    /// A client that plays over TCP, on channels 0 and 1.
    pub(crate) fn play(server: &SimServer) -> Self {
        let mut client = Self::connect(server);
        client.begin("RTP/AVP/TCP;unicast;interleaved=0-1");
        client
    }
}

impl<S: Read + Write> Client<S> {
    pub(crate) fn new(stream: S, url: String) -> Self {
        Self { stream, received: Vec::new(), url, sequence: 0 }
    }

    /// Sets up and plays; gives the answer to `SETUP`.
    pub(crate) fn begin(&mut self, transport: &str) -> Answer {
        let setup = self.ask("SETUP", &format!("Transport: {transport}\r\n"));
        assert_eq!(setup.status(), 200, "{}", setup.head);
        let session = setup.header("Session")[0].split(';').next().unwrap().to_owned();
        let play = self.ask("PLAY", &format!("Session: {session}\r\n"));
        assert_eq!(play.status(), 200, "{}", play.head);
        setup
    }

    pub(crate) fn ask(&mut self, method: &str, headers: &str) -> Answer {
        self.say(method, headers);
        self.answer().expect("an answer comes")
    }

    pub(crate) fn say(&mut self, method: &str, headers: &str) {
        self.sequence += 1;
        let track = if method == "SETUP" { "/trackID=0" } else { "" };
        let (url, sequence) = (&self.url, self.sequence);
        let request =
            format!("{method} {url}{track} RTSP/1.0\r\nCSeq: {sequence}\r\n{headers}\r\n");
        self.stream.write_all(request.as_bytes()).unwrap();
    }

    /// The next answer, or nothing in time. Packets before it are thrown away.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            self.take_packets();
            let text = &self.received;
            let head = text.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
            if let Some(head) = head.filter(|_| text[0] != b'$') {
                let text = String::from_utf8_lossy(&text[..head]).into_owned();
                let mut answer = Answer { head: text, body: Vec::new() };
                let length =
                    answer.header("Content-Length").first().map_or(0, |l| l.parse().unwrap());
                if self.received.len() >= head + length {
                    answer.body = self.received.drain(..head + length).skip(head).collect();
                    return Some(answer);
                }
            }
            if !self.receive() {
                return None;
            }
        }
        None
    }

    /// Takes what has come; whether the connection still stands.
    pub(crate) fn receive(&mut self) -> bool {
        let mut buffer = [0; 65536];
        match self.stream.read(&mut buffer) {
            Ok(0) => false,
            Ok(count) => {
                self.received.extend_from_slice(&buffer[..count]);
                true
            }
            Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }

    /// Receives for this long; whether the connection still stands.
    pub(crate) fn receive_for(&mut self, length: Duration) -> bool {
        let began = Instant::now();
        while began.elapsed() < length {
            if !self.receive() {
                return false;
            }
        }
        true
    }

    /// The whole packets that stand at the front of what was received.
    fn take_packets(&mut self) -> Vec<Packet> {
        let (mut packets, mut rest) = (Vec::new(), &self.received[..]);
        while let [b'$', channel, high, low, tail @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let Some((bytes, tail)) = tail.split_at_checked(length) else { break };
            packets.push(Packet { channel: *channel, bytes: bytes.to_vec() });
            rest = tail;
        }
        let taken = self.received.len() - rest.len();
        self.received.drain(..taken);
        packets
    }

    /// The packets of this long a time, reports too.
    pub(crate) fn packets_for(&mut self, length: Duration) -> Vec<Packet> {
        assert!(self.receive_for(length), "the connection was closed");
        self.take_packets()
    }

    /// As [`Self::packets_for`], without reports.
    pub(crate) fn media_for(&mut self, length: Duration) -> Vec<Packet> {
        let mut packets = self.packets_for(length);
        packets.retain(|packet| !packet.is_report());
        packets
    }
}

/// Datagrams of a session that is set up over UDP.
pub(crate) struct Datagrams {
    rtp: UdpSocket,
    rtcp: UdpSocket,
    /// The session lives as long as its connection.
    _client: Client<TcpStream>,
}

impl Datagrams {
    pub(crate) fn play(server: &SimServer) -> Self {
        let socket = || {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.set_nonblocking(true).unwrap();
            socket
        };
        let (rtp, rtcp) = (socket(), socket());
        let port = |socket: &UdpSocket| socket.local_addr().unwrap().port();
        let mut client = Client::connect(server);
        client.begin(&format!("RTP/AVP;unicast;client_port={}-{}", port(&rtp), port(&rtcp)));
        Self { rtp, rtcp, _client: client }
    }

    /// What comes in this long a time, with when it came; on channel 0 or, at the port of the
    /// reports, 1.
    pub(crate) fn packets_for(&self, length: Duration) -> Vec<(Instant, Packet)> {
        let (began, mut packets) = (Instant::now(), Vec::new());
        let mut buffer = [0; 65536];
        while began.elapsed() < length {
            for (channel, socket) in [(0, &self.rtp), (1, &self.rtcp)] {
                while let Ok(count) = socket.recv(&mut buffer) {
                    let bytes = buffer[..count].to_vec();
                    packets.push((Instant::now(), Packet { channel, bytes }));
                }
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        packets
    }
}

/// The packets' frames by their timestamps.
pub(crate) fn frames(packets: &[Packet]) -> Vec<&[Packet]> {
    packets.chunk_by(|one, other| one.timestamp() == other.timestamp()).collect()
}

/// Counter of a frame's stamp.
pub(crate) fn counter(frame: &[Packet]) -> Option<u64> {
    frame.iter().find_map(|packet| stamp::find(&packet.bytes)).map(|stamp| stamp.counter)
}

/// How many sequence numbers are missing between packets in order.
pub(crate) fn missing(packets: &[Packet]) -> usize {
    let gap = |two: &[Packet]| usize::from(two[1].sequence().wrapping_sub(two[0].sequence())) - 1;
    packets.windows(2).map(gap).sum()
}

/// The NAL units of packets of H.264 in order, without start codes (RFC 6184).
pub(crate) fn units(packets: &[Packet]) -> Vec<Vec<u8>> {
    let mut units: Vec<Vec<u8>> = Vec::new();
    for payload in packets.iter().map(|packet| &packet.bytes[12..]) {
        match payload[0] & 0x1f {
            24 => {
                let mut rest = &payload[1..];
                while let [high, low, tail @ ..] = rest {
                    let (unit, tail) =
                        tail.split_at(usize::from(u16::from_be_bytes([*high, *low])));
                    units.push(unit.to_vec());
                    rest = tail;
                }
            }
            28 if payload[1] & 0x80 != 0 => {
                units.push([&[payload[0] & 0xe0 | payload[1] & 0x1f], &payload[2..]].concat());
            }
            28 => units.last_mut().unwrap().extend(&payload[2..]),
            _ => units.push(payload.to_vec()),
        }
    }
    units
}
