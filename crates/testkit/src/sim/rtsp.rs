//! One connection: RTSP 1.0 (RFC 2326) requests in, responses and frames out.

use std::io::IoSlice;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use rtsp_types::headers::{self, HeaderName, RtpLowerTransport, RtpProfile, Transport, Transports};
use rtsp_types::{
    Message, Method, ParseError, Request, Response, ResponseBuilder, StatusCode, Version,
};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::auth::Challenge;
use super::camera::Camera;
use super::sdp;
use super::server::Shared;
use super::session::{Delivery, Session};
use super::wire::Wire;

const MAX_REQUEST_BYTES: usize = 16 << 10;
const METHODS: &str = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN";
/// What a client is told of how long a silent session lives. We keep it as long as its connection.
const SESSION_TIMEOUT_S: u32 = 60;

struct Connection {
    wire: Arc<Wire>,
    peer: SocketAddr,
    shared: Arc<Shared>,
    challenge: Challenge,
    /// The camera that was asked for, from the first request that names one.
    camera: Option<Arc<Camera>>,
    stopped: Option<watch::Receiver<bool>>,
    session: Option<Arc<Session>>,
    /// When the session's first frame is due, once it was told to play.
    begins: Option<Instant>,
}

/// Whether a connection goes on after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Continue,
    Close,
}

/// Answers one client until it leaves, its camera is stopped, or it says what cannot be read.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>) {
    let connection = Connection {
        wire: Arc::new(Wire::new(stream)),
        peer,
        shared,
        challenge: Challenge::new(),
        camera: None,
        stopped: None,
        session: None,
        begins: None,
    };
    if let Err(error) = connection.run().await {
        tracing::debug!(%peer, %error, "a connection to a simulated camera ended");
    }
}

async fn camera_stopped(stopped: &mut Option<watch::Receiver<bool>>) {
    match stopped {
        // An error says that the camera itself is gone, which ends its connections too.
        Some(stopped) => drop(stopped.wait_for(|stopped| *stopped).await.map(|_| ())),
        None => std::future::pending().await,
    }
}

impl Connection {
    async fn run(mut self) -> std::io::Result<()> {
        self.wire.stream.set_nodelay(true)?;
        let mut incoming = Vec::new();
        loop {
            let wire = self.wire.clone();
            let next = async {
                match wire.read(&mut incoming).await? {
                    0 => Ok(Next::Close),
                    _ => Ok::<_, std::io::Error>(Next::Continue),
                }
            };
            let next = tokio::select! {
                () = camera_stopped(&mut self.stopped) => Next::Close,
                next = next => next?,
            };
            if next == Next::Close || self.answer_all(&mut incoming).await? == Next::Close {
                return Ok(());
            }
        }
    }

    async fn answer_all(&mut self, incoming: &mut Vec<u8>) -> std::io::Result<Next> {
        while !incoming.is_empty() {
            let (message, length) = match Message::<Vec<u8>>::parse(&incoming[..]) {
                Ok(parsed) => parsed,
                Err(ParseError::Incomplete(_)) if incoming.len() <= MAX_REQUEST_BYTES => break,
                Err(_) => return Ok(Next::Close),
            };
            incoming.drain(..length);
            // Interleaved data are the client's receiver reports; nobody here reads them.
            let Message::Request(request) = message else { continue };
            let (response, next) = match self.find_camera(&request) {
                Err(Next::Close) => return Ok(Next::Close),
                Err(Next::Continue) => {
                    (reply(&request, StatusCode::NotFound).build(vec![]), Next::Continue)
                }
                Ok(()) => self.answer(&request),
            };
            let mut bytes = Vec::new();
            response.write(&mut bytes).expect("memory takes what is written");
            self.wire.send(&[IoSlice::new(&bytes)])?;
            self.wire.flushed().await?;
            self.begin();
            if next == Next::Close {
                return Ok(Next::Close);
            }
        }
        Ok(Next::Continue)
    }

    /// Frames come after the answer that says so.
    fn begin(&mut self) {
        if let Some((session, at)) = self.session.as_ref().zip(self.begins.take()) {
            self.shared.pump.add(session, at);
        }
    }

    /// Binds the connection to the camera that the request names. An unknown path is answered, a
    /// stopped camera is not there to answer.
    fn find_camera(&mut self, request: &Request<Vec<u8>>) -> Result<(), Next> {
        let Some(uri) = request.request_uri() else { return Ok(()) };
        let path = uri.path().trim_matches('/');
        let path = path.strip_suffix(sdp::TRACK).unwrap_or(path).trim_end_matches('/');
        let camera = self.shared.by_path.get(path).ok_or(Next::Continue)?;
        if *camera.stopped.borrow() {
            return Err(Next::Close);
        }
        if self.camera.as_ref().is_none_or(|bound| bound.index != camera.index) {
            self.session = None;
            self.stopped = Some(camera.stopped.subscribe());
            self.camera = Some(camera.clone());
        }
        Ok(())
    }

    fn answer(&mut self, request: &Request<Vec<u8>>) -> (Response<Vec<u8>>, Next) {
        let reply = |status| reply(request, status);
        let plain = |status| (reply(status).build(vec![]), Next::Continue);
        if *request.method() == Method::Options {
            let response = reply(StatusCode::Ok).header(headers::PUBLIC, METHODS);
            return (response.build(vec![]), Next::Continue);
        }
        let Some(camera) = self.camera.clone() else { return plain(StatusCode::NotFound) };
        if !self.is_allowed(request, &camera) {
            let question = self.challenge.header();
            let response = reply(StatusCode::Unauthorized);
            let response = response.header(headers::WWW_AUTHENTICATE, question);
            return (response.build(vec![]), Next::Continue);
        }
        match request.method() {
            Method::Describe => (self.describe(request, &camera), Next::Continue),
            Method::Setup => (self.setup(request, camera), Next::Continue),
            Method::Play => (self.play(request), Next::Continue),
            Method::GetParameter => plain(StatusCode::Ok),
            Method::Teardown => {
                self.session = None;
                (reply(StatusCode::Ok).build(vec![]), Next::Close)
            }
            _ => plain(StatusCode::NotImplemented),
        }
    }

    fn is_allowed(&self, request: &Request<Vec<u8>>, camera: &Camera) -> bool {
        let Some(account) = &camera.set.credentials else { return true };
        let method: &str = request.method().into();
        let answer = text(request, &headers::AUTHORIZATION);
        answer.is_some_and(|answer| self.challenge.accepts(method, answer, account))
    }

    fn describe(&self, request: &Request<Vec<u8>>, camera: &Camera) -> Response<Vec<u8>> {
        let ip = self.wire.stream.local_addr().map_or(self.peer.ip(), |address| address.ip());
        let base = request
            .request_uri()
            .map_or(String::new(), |uri| format!("{}/", uri.as_str().trim_end_matches('/')));
        reply(request, StatusCode::Ok)
            .header(headers::CONTENT_BASE, base)
            .header(headers::CONTENT_TYPE, "application/sdp")
            .build(sdp::describe(camera, ip))
    }

    fn setup(&mut self, request: &Request<Vec<u8>>, camera: Arc<Camera>) -> Response<Vec<u8>> {
        let Some(delivery) = self.choose_delivery(request) else {
            return reply(request, StatusCode::UnsupportedTransport).build(vec![]);
        };
        let session = Session::new(camera, self.wire.clone(), delivery);
        let ssrc = session.ssrc();
        let transport = match delivery {
            Delivery::Interleaved { channel } => {
                format!("RTP/AVP/TCP;unicast;interleaved={channel}-{};ssrc={ssrc:08X}", channel + 1)
            }
            Delivery::Datagrams { rtp, rtcp } => {
                let port = self.shared.udp.rtp_port;
                let (client, client_rtcp) = (rtp.port(), rtcp.port());
                format!(
                    "RTP/AVP;unicast;client_port={client}-{client_rtcp};server_port={port}-{};\
                     ssrc={ssrc:08X}",
                    port + 1
                )
            }
        };
        let id = format!("{};timeout={SESSION_TIMEOUT_S}", session.id);
        self.session = Some(Arc::new(session));
        reply(request, StatusCode::Ok)
            .header(headers::TRANSPORT, transport)
            .header(headers::SESSION, id)
            .build(vec![])
    }

    /// The first transport offered that we have.
    fn choose_delivery(&self, request: &Request<Vec<u8>>) -> Option<Delivery> {
        let offered = request.typed_header::<Transports>().ok()??;
        offered.iter().find_map(|transport| {
            let Transport::Rtp(rtp) = transport else { return None };
            let asked = &rtp.params;
            match (&rtp.profile, &rtp.lower_transport) {
                (RtpProfile::Avp, Some(RtpLowerTransport::Tcp)) => {
                    let channel = asked.interleaved.map_or(0, |(first, _)| first);
                    (channel < u8::MAX).then_some(Delivery::Interleaved { channel })
                }
                (RtpProfile::Avp, None | Some(RtpLowerTransport::Udp)) => {
                    let (first, second) = asked.client_port?;
                    let rtcp = second.unwrap_or(first.checked_add(1)?);
                    let to = |port| SocketAddr::new(self.peer.ip(), port);
                    Some(Delivery::Datagrams { rtp: to(first), rtcp: to(rtcp) })
                }
                _ => None,
            }
        })
    }

    fn play(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let asked = text(request, &headers::SESSION);
        let session = self.session.as_ref().filter(|session| asked == Some(session.id.as_str()));
        let (Some(session), Some(uri)) = (session, request.request_uri()) else {
            return reply(request, StatusCode::SessionNotFound).build(vec![]);
        };
        let (sequence, time, begins) = session.play();
        self.begins = begins.or(self.begins);
        let base = uri.as_str().trim_end_matches('/').trim_end_matches(sdp::TRACK);
        let track = format!("{}/{}", base.trim_end_matches('/'), sdp::TRACK);
        reply(request, StatusCode::Ok)
            .header(headers::SESSION, session.id.clone())
            .header(headers::RTP_INFO, format!("url={track};seq={sequence};rtptime={time}"))
            .header(headers::RANGE, "npt=now-")
            .build(vec![])
    }
}

fn text<'a>(request: &'a Request<Vec<u8>>, name: &HeaderName) -> Option<&'a str> {
    request.header(name).map(headers::HeaderValue::as_str)
}

fn reply(request: &Request<Vec<u8>>, status: StatusCode) -> ResponseBuilder {
    let response = Response::builder(Version::V1_0, status);
    let response = response.header(headers::SERVER, "simulated camera");
    match text(request, &headers::CSEQ) {
        Some(sequence) => response.header(headers::CSEQ, sequence),
        None => response,
    }
}
