//! Reads cameras and throws everything away: the limit that no recorder can go below.
//!
//! `cargo run --release -p testkit --example sink -- rtsp://HOST:PORT/PATH …`
//!
//! What arrives is not looked at, so this is the cost of sockets alone. A tick makes few large reads
//! of many small ones; without one each arrival wakes the program. `--retina` takes packets out with
//! that library, as a recorder that uses it would. Nothing is done to keep sessions alive: cameras
//! that insist on it end after a minute.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clap::Parser;
use futures::StreamExt as _;
use retina::client::{
    PlayOptions, Session, SessionOptions, SetupOptions, TcpTransportOptions, Transport,
};
use url::Url;

/// Most that is read at once.
const READ_BYTES: usize = 256 << 10;
/// Longest answer.
const MAX_ANSWER_BYTES: usize = 64 << 10;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Reads cameras without a password, and throws away what comes.
#[derive(Parser)]
struct Arguments {
    /// Addresses of cameras.
    #[arg(required = true)]
    urls: Vec<Url>,
    /// Look at all sockets this often, in milliseconds; 0: when something arrives.
    #[arg(long, default_value_t = 20)]
    tick_ms: u64,
    /// Have packets sent as datagrams.
    #[arg(long, conflicts_with = "retina")]
    udp: bool,
    /// Take packets out with the library `retina`.
    #[arg(long)]
    retina: bool,
    /// End after this many seconds, and say how much came.
    #[arg(long)]
    seconds: Option<u64>,
}

#[allow(clippy::print_stdout, reason = "a program for a person at a terminal")]
fn main() -> Result<(), Failed> {
    let arguments = Arguments::parse();
    let end = arguments.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let bytes = match (arguments.retina, arguments.tick_ms) {
        (true, _) => read_with_retina(arguments.urls, end)?,
        (false, 0) if !arguments.udp => read_when_woken(&arguments.urls, end)?,
        (false, _) if arguments.udp => {
            let tick = Duration::from_millis(arguments.tick_ms.max(1));
            read_datagrams(&arguments.urls, tick, end)?
        }
        (false, tick_ms) => read_ticking(&arguments.urls, Duration::from_millis(tick_ms), end)?,
    };
    println!("{bytes} bytes");
    Ok(())
}

fn is_over(end: Option<Instant>) -> bool {
    end.is_some_and(|end| Instant::now() >= end)
}

/// Reads all sockets, sleeps, and reads them again.
fn read_ticking(urls: &[Url], tick: Duration, end: Option<Instant>) -> Result<u64, Failed> {
    let mut streams = urls.iter().map(play).collect::<Result<Vec<_>, _>>()?;
    let (mut buffer, mut bytes) = (vec![0; READ_BYTES], 0);
    while !is_over(end) {
        std::thread::sleep(tick);
        for stream in &mut streams {
            loop {
                let read = match stream.read(&mut buffer) {
                    Ok(0) => return Err("a camera hung up".into()),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    read => read?,
                };
                bytes += read as u64;
                if read < buffer.len() {
                    break;
                }
            }
        }
    }
    Ok(bytes)
}

/// As [`read_ticking`], of datagrams; the connections that asked for them stay open.
fn read_datagrams(urls: &[Url], tick: Duration, end: Option<Instant>) -> Result<u64, Failed> {
    let mut cameras = urls.iter().map(play_datagrams).collect::<Result<Vec<_>, _>>()?;
    let (mut buffer, mut bytes) = (vec![0; READ_BYTES], 0);
    while !is_over(end) {
        std::thread::sleep(tick);
        for (_connection, sockets) in &mut cameras {
            for socket in sockets {
                loop {
                    match socket.recv(&mut buffer) {
                        Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                        read => bytes += read? as u64,
                    }
                }
            }
        }
    }
    Ok(bytes)
}

/// A camera that sends its video, and its reports, to two ports of ours.
fn play_datagrams(url: &Url) -> Result<(TcpStream, [UdpSocket; 2]), Failed> {
    let bind = |port| UdpSocket::bind(("0.0.0.0", port));
    // Even and odd, one after the other (RFC 3550, 11).
    let pair = std::iter::repeat_with(|| bind(0)).take(100).flatten().find_map(|first| {
        let port = first.local_addr().ok()?.port();
        let second = port.is_multiple_of(2).then(|| bind(port + 1).ok())??;
        Some((port, [first, second]))
    });
    let (port, sockets) = pair.ok_or("there are no two ports beside one another")?;
    for socket in &sockets {
        socket.set_nonblocking(true)?;
    }
    let transport = format!("Transport: RTP/AVP;unicast;client_port={port}-{}\r\n", port + 1);
    Ok((play_by(url, &transport)?, sockets))
}

/// Reads each socket when something has arrived there.
fn read_when_woken(urls: &[Url], end: Option<Instant>) -> Result<u64, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        let buffer = Arc::new(Mutex::new(vec![0; READ_BYTES]));
        for url in urls {
            let stream = tokio::net::TcpStream::from_std(play(url)?)?;
            tasks.spawn(throw_away(stream, buffer.clone(), end));
        }
        let mut bytes = 0;
        while let Some(read) = tasks.join_next().await {
            bytes += read??;
        }
        Ok(bytes)
    })
}

async fn throw_away(
    stream: tokio::net::TcpStream,
    buffer: Arc<Mutex<Vec<u8>>>,
    end: Option<Instant>,
) -> io::Result<u64> {
    let mut bytes = 0;
    while !is_over(end) {
        stream.readable().await?;
        let mut buffer = buffer.lock().expect("nobody panics while reading");
        match stream.try_read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            read => bytes += read? as u64,
        }
    }
    Ok(bytes)
}

/// A connection on which a camera plays its video.
fn play(url: &Url) -> Result<TcpStream, Failed> {
    play_by(url, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")
}

fn play_by(url: &Url, transport: &str) -> Result<TcpStream, Failed> {
    let host = url.host_str().ok_or("the address has no host")?;
    let mut stream = TcpStream::connect((host, url.port().unwrap_or(554)))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let base = url.as_str().trim_end_matches('/');
    let description = ask(&mut stream, 1, "DESCRIBE", base, "Accept: application/sdp\r\n")?;
    let video = description.split("m=video").nth(1).ok_or("the camera has no video")?;
    let control = video.lines().find_map(|line| line.strip_prefix("a=control:"));
    let control = match control.ok_or("its video has no address")?.trim() {
        whole if whole.contains("://") => whole.to_owned(),
        part => format!("{base}/{part}"),
    };
    let set_up = ask(&mut stream, 2, "SETUP", &control, transport)?;
    let session = set_up.lines().find_map(|line| line.strip_prefix("Session:"));
    let session = session.and_then(|value| value.split(';').next()).ok_or("no session")?.trim();
    let headers = format!("Session: {session}\r\nRange: npt=0.000-\r\n");
    ask(&mut stream, 3, "PLAY", base, &headers)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

/// Asks and gives the answer, be it followed by packets.
fn ask(
    stream: &mut TcpStream,
    sequence: u32,
    method: &str,
    url: &str,
    headers: &str,
) -> Result<String, Failed> {
    // In one write: several small ones would wait for one another's acknowledgement.
    let request = format!("{method} {url} RTSP/1.0\r\nCSeq: {sequence}\r\n{headers}\r\n");
    stream.write_all(request.as_bytes())?;
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    while answer.len() < MAX_ANSWER_BYTES {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("Content-Length").then(|| value.trim().parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            let ok = head.starts_with("RTSP/1.0 200");
            let failed = || format!("{method}: {}", head.lines().next().unwrap_or_default()).into();
            return if ok { Ok(text.into_owned()) } else { Err(failed()) };
        }
    }
    Err(format!("{method} was not answered").into())
}

/// Reads packets with `retina`.
fn read_with_retina(urls: Vec<Url>, end: Option<Instant>) -> Result<u64, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        urls.into_iter().for_each(|url| drop(tasks.spawn(read_packets(url, end))));
        let mut bytes = 0;
        while let Some(read) = tasks.join_next().await {
            bytes += read??;
        }
        Ok(bytes)
    })
}

async fn read_packets(url: Url, end: Option<Instant>) -> Result<u64, retina::Error> {
    let mut session = Session::describe(url, SessionOptions::default()).await?;
    let transport = Transport::Tcp(TcpTransportOptions::default());
    session.setup(0, SetupOptions::default().transport(transport)).await?;
    let mut playing = session.play(PlayOptions::default()).await?;
    let mut bytes = 0;
    while let Some(item) = playing.next().await {
        if let retina::client::PacketItem::Rtp(packet) = item? {
            bytes += packet.payload().len() as u64;
        }
        if is_over(end) {
            break;
        }
    }
    Ok(bytes)
}
