//! What a camera sends when all is well, made from pictures of real encoders: the seeds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Eight pictures of 64 × 48 pixels by x264 and by x265, a keyframe every fourth.
pub(crate) const H264: &[u8] = include_bytes!("../../../testdata/video/tiny.h264");
pub(crate) const H265: &[u8] = include_bytes!("../../../testdata/video/tiny.h265");

/// The NAL units of a byte stream.
pub(crate) fn nal_units(stream: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = (0..stream.len().saturating_sub(2))
        .filter(|&at| stream[at..at + 3] == [0, 0, 1])
        .map(|at| at + 3)
        .collect();
    let ends = starts.iter().skip(1).map(|next| next - 3).chain([stream.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&from, until)| {
            let unit = &stream[from..until];
            &unit[..unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)]
        })
        .collect()
}

/// Whether a NAL unit is a parameter set (VPS, SPS, PPS).
pub(crate) fn is_parameter_set(is_h265: bool, unit: &[u8]) -> bool {
    if is_h265 { matches!(unit[0] >> 1 & 63, 32..=34) } else { matches!(unit[0] & 31, 7 | 8) }
}

fn is_slice(is_h265: bool, unit: &[u8]) -> bool {
    if is_h265 { unit[0] >> 1 & 63 < 32 } else { matches!(unit[0] & 31, 1..=5) }
}

/// A description of one track of video; with its parameter sets if there are any.
pub(crate) fn sdp(is_h265: bool, parameters: &[&[u8]]) -> String {
    let sets: Vec<String> = parameters.iter().map(|set| STANDARD.encode(set)).collect();
    let format = match (is_h265, &sets[..]) {
        (_, []) => String::new(),
        (true, [vps, sps, pps, ..]) => {
            format!("a=fmtp:96 sprop-vps={vps};sprop-sps={sps};sprop-pps={pps}\r\n")
        }
        (true, few) => format!("a=fmtp:96 sprop-sps={}\r\n", few.join(",")),
        (false, sets) => format!(
            "a=fmtp:96 packetization-mode=1;profile-level-id=640028;sprop-parameter-sets={}\r\n",
            sets.join(",")
        ),
    };
    let codec = if is_h265 { "H265" } else { "H264" };
    format!(
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=cam\r\nt=0 0\r\na=control:*\r\n\
         m=audio 0 RTP/AVP 0\r\na=control:trackID=0\r\n\
         m=video 0 RTP/AVP 96\r\na=rtpmap:96 {codec}/90000\r\n{format}a=control:trackID=1\r\n"
    )
}

/// The answers to DESCRIBE, SETUP and PLAY; before the first a challenge, if asked for.
pub(crate) fn answers(sdp: &str, challenge: Option<&str>) -> Vec<u8> {
    let mut text = String::new();
    let mut number = 1;
    if let Some(challenge) = challenge {
        text.push_str(&format!(
            "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: {challenge}\r\n\r\n"
        ));
        number = 2;
    }
    text.push_str(&format!(
        "RTSP/1.0 200 OK\r\nCSeq: {number}\r\nContent-Base: rtsp://camera.example/live/\r\n\
         Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
        sdp.len()
    ));
    text.push_str(&format!(
        "RTSP/1.0 200 OK\r\nCSeq: {}\r\nSession: 5f2a;timeout=60\r\n\
         Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=00000005\r\n\r\n\
         RTSP/1.0 200 OK\r\nCSeq: {}\r\nSession: 5f2a\r\n\r\n",
        number + 1,
        number + 2
    ));
    text.into_bytes()
}

/// Packets one after the other, behind their interleaving headers.
#[derive(Default)]
pub(crate) struct Packets {
    pub(crate) bytes: Vec<u8>,
    sequence: u16,
    timestamp: u32,
}

impl Packets {
    /// A packet of the track.
    pub(crate) fn push(&mut self, payload: &[u8], is_last: bool) {
        let length = u16::try_from(payload.len() + 12).expect("a packet is short");
        self.bytes.extend_from_slice(b"$\0");
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(&[0x80, if is_last { 0xE0 } else { 0x60 }]);
        self.bytes.extend_from_slice(&self.sequence.to_be_bytes());
        self.bytes.extend_from_slice(&self.timestamp.to_be_bytes());
        self.bytes.extend_from_slice(&5_u32.to_be_bytes());
        self.bytes.extend_from_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        if is_last {
            self.timestamp = self.timestamp.wrapping_add(18_000);
        }
    }

    /// A NAL unit in fragments of at most so many bytes (FU-A, FU).
    pub(crate) fn push_fragments(&mut self, is_h265: bool, unit: &[u8], most: usize) {
        let head = if is_h265 { 2 } else { 1 };
        let count = unit[head..].len().div_ceil(most);
        for (at, data) in unit[head..].chunks(most).enumerate() {
            let bits = u8::from(at == 0) << 7 | u8::from(at + 1 == count) << 6;
            let front = if is_h265 {
                vec![unit[0] & 0x81 | 49 << 1, unit[1], bits | unit[0] >> 1 & 63]
            } else {
                vec![unit[0] & 0xE0 | 28, bits | unit[0] & 31]
            };
            self.push(&[&front[..], data].concat(), at + 1 == count);
        }
    }

    /// NAL units in one packet (STAP-A, AP).
    pub(crate) fn push_together(&mut self, is_h265: bool, units: &[&[u8]]) {
        let mut payload = if is_h265 { vec![48 << 1, 1] } else { vec![24] };
        for unit in units {
            let length = u16::try_from(unit.len()).expect("a NAL unit of a seed is short");
            payload.extend_from_slice(&length.to_be_bytes());
            payload.extend_from_slice(unit);
        }
        self.push(&payload, false);
    }

    /// A sender report.
    pub(crate) fn push_report(&mut self) {
        self.bytes.extend_from_slice(&[b'$', 1, 0, 28, 0x80, 200, 0, 6, 0, 0, 0, 5]);
        self.bytes.extend_from_slice(&[0xEC, 1, 2, 3, 0x80, 0, 0, 0, 0, 0, 0, 9]);
        self.bytes.extend_from_slice(&[0; 8]);
    }
}

/// The pictures of a byte stream as a camera sends them.
pub(crate) fn stream(is_h265: bool, most: usize) -> Packets {
    let mut packets = Packets::default();
    let mut beside = Vec::new();
    for unit in nal_units(if is_h265 { H265 } else { H264 }) {
        if !is_slice(is_h265, unit) {
            beside.push(unit);
            continue;
        }
        if !beside.is_empty() {
            packets.push_together(is_h265, &beside);
            beside.clear();
        }
        if unit.len() > most {
            packets.push_fragments(is_h265, unit, most);
        } else {
            packets.push(unit, true);
        }
    }
    packets
}
