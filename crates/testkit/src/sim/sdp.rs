//! What a camera says of itself when it is asked (RFC 8866).

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sdp_types::{Attribute, Connection, Media, MediaType, Origin, Session, Time, TransportProto};

use super::auth::hex;
use super::camera::Camera;
use super::clip::Clip;
use super::fault::SimFault;
use super::packets::PAYLOAD_TYPE;
use super::rtp::CLOCK_HZ;
use super::tamper::Dice;
use crate::nal::Codec;

/// Last part of the address of our one medium.
pub(super) const TRACK: &str = "trackID=0";

/// Payload type of Motion JPEG (RFC 3551).
const JPEG: u8 = 26;
/// Length of a description of garbage.
const GARBAGE_BYTES: usize = 512;
/// Longest line of one that is filled up.
const LINE_BYTES: usize = 1000;

/// The description of `camera` as it is reached at `ip`, and as its faults would have it.
pub(super) fn describe(camera: &Camera, ip: IpAddr) -> Vec<u8> {
    if camera.switches.has(&SimFault::GarbageSdp) {
        return Dice::new(u64::from(camera.index) + 1).bytes(GARBAGE_BYTES);
    }
    let mut text = describe_rightly(camera, ip);
    if camera.switches.has(&SimFault::Audio) {
        text.extend(b"m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=control:trackID=1\r\n");
    }
    let length = camera.switches.find(|fault| match fault {
        SimFault::BigSdp(length) => Some(*length),
        _ => None,
    });
    while let Some(missing) =
        length.and_then(|length| length.checked_sub(text.len())).filter(|m| *m > 0)
    {
        let padding = "x".repeat(missing.min(LINE_BYTES));
        text.extend(format!("a=x-padding:{padding}\r\n").into_bytes());
    }
    text
}

fn describe_rightly(camera: &Camera, ip: IpAddr) -> Vec<u8> {
    let mut media = Media::new(MediaType::Video, 0, TransportProto::RtpAvp, PAYLOAD_TYPE);
    let clip = camera.clip();
    let encoding = match clip.codec {
        Codec::H264 => "H264",
        Codec::H265 => "H265",
    };
    let of_type = |rest: String| format!("{PAYLOAD_TYPE} {rest}");
    media.attributes = vec![
        Attribute::with_value("rtpmap", of_type(format!("{encoding}/{CLOCK_HZ}"))),
        Attribute::with_value("fmtp", of_type(format_parameters(&clip))),
        Attribute::with_value("framerate", camera.set.fps),
        Attribute::with_value("control", TRACK),
    ];
    let unspecified: IpAddr = if ip.is_ipv4() { [0; 4].into() } else { [0; 16].into() };
    // A description without a name is not one (RFC 8866 5.3).
    let name = if camera.set.name.is_empty() { &camera.set.path } else { &camera.set.name };
    let mut session = Session::new(Origin::with_ip_addr(camera.index, 1, ip), name);
    session.connection = Some(Connection::from_ip_addr(unspecified));
    session.times = vec![Time::new(0, 0)];
    session.attributes = vec![Attribute::with_value("control", "*")];
    if camera.switches.has(&SimFault::Mjpeg) {
        media = Media::new(MediaType::Video, 0, TransportProto::RtpAvp, JPEG);
        media.attributes = vec![Attribute::with_value("control", TRACK)];
    }
    session.medias = vec![media];
    let mut text = Vec::new();
    session.write(&mut text).expect("memory takes what is written");
    text
}

/// RFC 6184 8.1 and RFC 7798 7.1.
fn format_parameters(clip: &Clip) -> String {
    let sets = &clip.parameter_sets;
    match clip.codec {
        Codec::H264 => {
            let of_kind = |kind| sets.iter().filter(move |set| set[0] & 0x1f == kind);
            let profile = of_kind(7).next().and_then(|sps| sps.get(1..4)).map(hex);
            let sprop: Vec<_> =
                of_kind(7).chain(of_kind(8)).map(|set| STANDARD.encode(set)).collect();
            format!(
                "packetization-mode=1;profile-level-id={};sprop-parameter-sets={}",
                profile.unwrap_or_default(),
                sprop.join(",")
            )
        }
        Codec::H265 => {
            let encoded = |kind| {
                let of_kind = sets.iter().filter(|set| (set[0] >> 1) & 0x3f == kind);
                of_kind.map(|set| STANDARD.encode(set)).collect::<Vec<_>>().join(",")
            };
            format!("sprop-vps={};sprop-sps={};sprop-pps={}", encoded(32), encoded(33), encoded(34))
        }
    }
}
