//! Everything that a camera says on its connection: RTSP, SDP, RTP, RTCP, H.264 and H.265.
//!
//! An input is four bytes of how, then what the camera sends from the first answer on: how long the
//! pieces are that the network cuts it into, how long the end is that is repeated (two bytes), and
//! how often (a flood needs no long input).
//!
//! What must hold, besides coming back: pictures are whole NAL units within the limit, times rise,
//! decoding can begin where it is said to, the decoder's record can be shown, and all that does not
//! depend on how the network cut the bytes.

use ingest::camera::{Codec, VideoConfig};
use playback::fmp4;

use crate::line::{CAPS, End, Event, read};
use crate::packets::{Packets, answers, is_parameter_set, nal_units, sdp, stream};
use crate::{Target, packets, take};

pub(crate) const TARGET: Target = Target {
    name: "camera",
    seeds,
    words: &[
        "RTSP/1.0 200 OK\r\n",
        "CSeq: 2\r\n",
        "Content-Length: ",
        "Content-Base: ",
        "Session: ",
        ";timeout=",
        "Transport: RTP/AVP/TCP;interleaved=0-1",
        "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256, qop=\"auth\"\r\n",
        "WWW-Authenticate: Basic realm=\"a\"\r\n",
        "stale=true",
        "Public: GET_PARAMETER\r\n",
        "\r\n\r\n",
        "m=video 0 RTP/AVP 96\r\n",
        "a=rtpmap:96 H265/90000\r\n",
        "a=fmtp:96 sprop-parameter-sets=",
        "a=control:",
        "\0\0\u{1}",
        "$\0\0",
        "$\u{1}\0",
    ],
    run,
    mutations: 800,
};

/// No repetition makes an input longer.
const MAX_BYTES: usize = 512 << 10;

fn run(mut input: &[u8]) {
    let [cut, high, low, times] = take(&mut input);
    let tail = usize::from(u16::from_be_bytes([high, low])).min(input.len());
    let tail = &input[input.len() - tail..];
    let mut bytes = input.to_vec();
    for _ in 0..times {
        if bytes.len() + tail.len() <= MAX_BYTES {
            bytes.extend_from_slice(tail);
        }
    }
    let whole = read(&bytes, usize::MAX);
    check(&whole.0);
    let pieces = read(&bytes, piece_bytes(cut, bytes.len()));
    assert_eq!(whole.0, pieces.0, "what comes does not depend on how it is cut");
    assert_eq!(whole.1, pieces.1, "nor does the end");
    if let End::Error(error) = &whole.1 {
        assert!(!format!("{error:?}").contains("secret"));
    }
}

/// Short pieces for short inputs: long ones would take too long so.
fn piece_bytes(cut: u8, length: usize) -> usize {
    let piece = usize::from(cut) + 1;
    if length > 16 << 10 { piece * 64 } else { piece }
}

/// What the recorder, and whoever watches, rely on.
pub(crate) fn check(events: &[Event]) {
    let (mut config, mut elapsed_us, mut wants_keyframe) = (None, -1, true);
    for event in events {
        match event {
            Event::Config(new) => {
                assert_ne!(config, Some(new), "told once");
                check_config(new);
                (config, wants_keyframe) = (Some(new), true);
            }
            Event::Picture(bytes, picture) => {
                assert!(config.is_some(), "a picture before any configuration");
                assert!(picture.keyframe || !wants_keyframe, "decoding cannot begin here");
                wants_keyframe = false;
                assert!(picture.rtp_elapsed_us > elapsed_us, "times rise");
                elapsed_us = picture.rtp_elapsed_us;
                check_picture(bytes);
            }
            Event::Report(_) | Event::Unasked(_) => {}
        }
    }
}

fn check_config(config: &VideoConfig) {
    assert!(config.width > 0 && config.height > 0);
    assert!(config.record.len() <= reel::MAX_CODEC_RECORD_BYTES, "the reel takes the record");
    let shown = fmp4::VideoConfig {
        codec: match config.codec {
            Codec::H264 => fmp4::Codec::H264,
            Codec::H265 => fmp4::Codec::H265,
        },
        width: config.width,
        height: config.height,
        record: config.record.to_vec(),
    };
    fmp4::mime(&shown).expect("what was recorded can be shown");
    fmp4::init_segment(&shown).expect("what was recorded can be shown");
}

/// NAL units behind their lengths, and nothing else; little more than came.
fn check_picture(mut bytes: &[u8]) {
    assert!(!bytes.is_empty() && bytes.len() <= 5 * CAPS.access_unit_bytes);
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>().expect("a length stands in front");
        let length = usize::try_from(u32::from_be_bytes(*length)).expect("32 bits fit");
        assert!((1..=rest.len()).contains(&length), "a NAL unit is whole");
        bytes = &rest[length..];
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for is_h265 in [false, true] {
        let units = nal_units(if is_h265 { packets::H265 } else { packets::H264 });
        let sets: Vec<&[u8]> =
            units.iter().copied().filter(|unit| is_parameter_set(is_h265, unit)).take(3).collect();
        let sets = &sets[..if is_h265 { 3 } else { 2 }];
        for (described, challenge) in [
            (sdp(is_h265, sets), None),
            (sdp(is_h265, &[]), Some("Digest realm=\"cam\", nonce=\"12ab\", qop=\"auth\"")),
            (sdp(is_h265, &[]), Some("Basic realm=\"cam\"")),
        ] {
            let mut bytes = vec![40, 0, 0, 0];
            bytes.extend(answers(&described, challenge));
            let mut packets = stream(is_h265, 200);
            packets.push_report();
            bytes.extend(packets.bytes);
            seeds.push(bytes);
        }
    }
    seeds.extend(floods());
    seeds
}

/// What no limit of one message or packet sees: more and more of something harmless.
fn floods() -> Vec<Vec<u8>> {
    let opened = answers(&sdp(false, &[]), None);
    let flood = |tail: &[u8], times: u8| {
        let length = u16::try_from(tail.len()).expect("a seed's end is short").to_be_bytes();
        [&[255, length[0], length[1], times], &opened[..], tail].concat()
    };
    let mut sets = Packets::default();
    sets.push_together(false, &[&[0x67][..]; 300]);
    let mut unasked = vec![b'$', 9, 0x10, 0];
    unasked.resize(4 + 0x1000, 0);
    vec![
        flood(&b"\r\n".repeat(2000), 255),
        flood(&unasked, 255),
        flood(&sets.bytes, 80),
        flood(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", 200),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The control: what a good camera sends becomes pictures, or the target would try nothing.
    #[test]
    fn the_seeds_become_pictures() {
        for (number, seed) in seeds().iter().take(6).enumerate() {
            let (events, end) = read(&seed[4..], usize::MAX);
            let count = |wanted: fn(&Event) -> bool| events.iter().filter(|it| wanted(it)).count();
            assert_eq!(end, End::HungUp, "{number}");
            assert_eq!(count(|it| matches!(it, Event::Picture(..))), 8, "{number}");
            assert_eq!(count(|it| matches!(it, Event::Config(_))), 1, "{number}");
            assert_eq!(count(|it| matches!(it, Event::Report(_))), 1, "{number}");
        }
    }
}
