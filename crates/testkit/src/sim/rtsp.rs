//! Answers to RTSP 1.0 requests (RFC 2326).

use std::net::SocketAddr;
use std::sync::Arc;

use rtsp_types::headers::{self, HeaderName, RtpLowerTransport, RtpProfile, Transport, Transports};
use rtsp_types::{Method, Request, Response, ResponseBuilder, StatusCode, Version};

use super::auth::Challenge;
use super::camera::Camera;
use super::connection::Connection;
use super::fault::SimFault;
use super::sdp;
use super::session::{Delivery, Session};

const METHODS: &str = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN";
/// What a client is told of how long a silent session lives, if no fault says otherwise. We keep it
/// as long as its connection.
const SESSION_TIMEOUT_S: u32 = 60;

/// Whether a connection goes on after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Continue,
    Close,
}

/// What is said to a request.
pub(super) struct Answer {
    response: Response<Vec<u8>>,
    /// Headers that the response cannot hold: several of one name.
    more_headers: Vec<String>,
    pub(super) next: Next,
}

impl Answer {
    fn new(response: Response<Vec<u8>>) -> Self {
        Self { response, more_headers: Vec::new(), next: Next::Continue }
    }

    /// As it is sent.
    pub(super) fn bytes(&self, camera: Option<&Camera>) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.response.write(&mut bytes).expect("memory takes what is written");
        let padding = camera.and_then(|camera| {
            camera.switches.find(|fault| match fault {
                SimFault::BigHeaders(length) => Some(format!("X-Padding: {}", "x".repeat(*length))),
                _ => None,
            })
        });
        let more = self.more_headers.iter().chain(&padding);
        let more: String = more.map(|header| format!("{header}\r\n")).collect();
        let status_end = bytes.windows(2).position(|two| two == b"\r\n").map_or(0, |at| at + 2);
        bytes.splice(status_end..status_end, more.into_bytes());
        bytes
    }
}

impl Connection {
    /// Binds the connection to the camera that the request names. An unknown path is answered, a
    /// stopped camera is not there to answer.
    pub(super) fn find_camera(&mut self, request: &Request<Vec<u8>>) -> Result<(), Next> {
        let Some(uri) = request.request_uri() else { return Ok(()) };
        let path = uri.path().trim_matches('/');
        let path = path.strip_suffix(sdp::TRACK).unwrap_or(path).trim_end_matches('/');
        let camera = self.shared.by_path.get(path).ok_or(Next::Continue)?;
        if !camera.power.borrow().on || camera.switches.is_down() {
            return Err(Next::Close);
        }
        if self.camera.as_ref().is_none_or(|bound| bound.index != camera.index) {
            self.session = None;
            let power = camera.power.subscribe();
            let boots = power.borrow().boots;
            self.power = Some((power, boots));
            self.camera = Some(camera.clone());
        }
        Ok(())
    }

    pub(super) fn not_found(request: &Request<Vec<u8>>) -> Answer {
        Answer::new(reply(request, StatusCode::NotFound).build(vec![]))
    }

    pub(super) fn answer(&mut self, request: &Request<Vec<u8>>) -> Answer {
        let plain = |status| Answer::new(reply(request, status).build(vec![]));
        if *request.method() == Method::Options {
            let response = reply(request, StatusCode::Ok).header(headers::PUBLIC, METHODS);
            return Answer::new(response.build(vec![]));
        }
        let Some(camera) = self.camera.clone() else { return plain(StatusCode::NotFound) };
        if let Some(question) = self.question(request, &camera) {
            return question;
        }
        match request.method() {
            Method::Describe => Answer::new(self.describe(request, &camera)),
            Method::Setup => Answer::new(self.setup(request, camera)),
            Method::Play => Answer::new(self.play(request)),
            Method::GetParameter => plain(StatusCode::Ok),
            Method::Teardown => {
                self.session = None;
                Answer { next: Next::Close, ..plain(StatusCode::Ok) }
            }
            _ => plain(StatusCode::NotImplemented),
        }
    }

    /// What the client is asked if it did not prove who it is.
    fn question(&mut self, request: &Request<Vec<u8>>, camera: &Camera) -> Option<Answer> {
        let account = camera.set.credentials.as_ref()?;
        let method: &str = request.method().into();
        let answer = text(request, &headers::AUTHORIZATION);
        let mut switches = camera.switches.state();
        let auth = switches.auth;
        let right = |answer: &str| self.challenge.accepts(auth, method, answer, account);
        let mut stale = false;
        if answer.is_some_and(right) {
            switches.stale_nonces = switches.stale_nonces.checked_sub(1)?;
            stale = true;
            self.challenge = Challenge::new();
        }
        let response = reply(request, StatusCode::Unauthorized).build(vec![]);
        let asked = self.challenge.headers(auth, stale).into_iter();
        let more_headers = asked.map(|value| format!("WWW-Authenticate: {value}")).collect();
        Some(Answer { more_headers, ..Answer::new(response) })
    }

    fn describe(&self, request: &Request<Vec<u8>>, camera: &Camera) -> Response<Vec<u8>> {
        let elsewhere = camera.switches.find(|fault| match fault {
            SimFault::Redirect { status, location } => Some((*status, location.clone())),
            _ => None,
        });
        if let Some((status, location)) = elsewhere {
            let status =
                if status == 301 { StatusCode::MovedPermanently } else { StatusCode::Found };
            return reply(request, status).header(headers::LOCATION, location).build(vec![]);
        }
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
        let timeout_s = self.timeout_s().unwrap_or(SESSION_TIMEOUT_S);
        let id = format!("{};timeout={timeout_s}", session.id);
        self.session = Some(Arc::new(session));
        reply(request, StatusCode::Ok)
            .header(headers::TRANSPORT, transport)
            .header(headers::SESSION, id)
            .build(vec![])
    }

    /// After how much silence the session is closed.
    pub(super) fn timeout_s(&self) -> Option<u32> {
        self.camera.as_ref()?.switches.find(|fault| match fault {
            SimFault::Impatient { timeout_s } => Some(*timeout_s),
            _ => None,
        })
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
