//! What a simulated camera can be told to do wrong, and the words for it on a command line.

use std::path::PathBuf;
use std::str::FromStr;

/// A fault of one camera. [`super::SimServer::set_fault`] begins it and
/// [`super::SimServer::clear_fault`] ends it; several may be on at once, one of each kind.
///
/// A share is the part of the packets that it befalls, from 0 to 1. The word in each description is
/// how [`SimFault::from_str`] and the example `sim` call it.
#[derive(Debug, Clone, PartialEq)]
pub enum SimFault {
    /// `drop:SHARE` Packets are lost. Over TCP too, as by a camera whose own buffer is full.
    Drop(f64),
    /// `reorder:SHARE` A packet changes places with the one after it.
    Reorder(f64),
    /// `duplicate:SHARE` A packet is sent twice.
    Duplicate(f64),
    /// `late:SHARE,MS` A packet is sent this much later than the others of its frame.
    Late {
        /// Share of the packets.
        share: f64,
        /// How much later, in milliseconds.
        delay_ms: u32,
    },
    /// `stall` Nothing is sent; the connection stays and requests are answered.
    Stall,
    /// `reboot:S` All connections are closed, and for this many seconds every request is answered
    /// by closing its connection. Sessions after that have another SSRC, sequence and timestamp.
    /// Happens once.
    Reboot {
        /// For how long nobody is let in.
        down_s: u32,
    },
    /// `clip:FILE` Another clip, of another resolution or codec, in the middle of the session and
    /// under the same payload type, from its next keyframe on and with its parameter sets in band.
    Clip(PathBuf),
    /// `garbage-rtp:SHARE` In place of packets come random bytes, header and all, up to 1400.
    GarbageRtp(f64),
    /// `garbage-rtsp` Answers are random bytes, and random bytes stand between frames over TCP.
    GarbageRtsp,
    /// `garbage-sdp` The description is random bytes.
    GarbageSdp,
    /// `mjpeg` The description offers Motion JPEG alone (payload type 26), whatever is then sent.
    Mjpeg,
    /// `silent` No request is answered.
    Silent,
    /// `slow:MS` Answers come byte by byte.
    Slow {
        /// Between two bytes, in milliseconds.
        byte_ms: u32,
    },
    /// `big-headers:BYTES` Answers have a header of this length.
    BigHeaders(usize),
    /// `big-sdp:BYTES` The description is filled up to this length with lines of no meaning.
    BigSdp(usize),
    /// `drift:PPM` The camera's clock, by which it makes RTP timestamps and sender reports, runs
    /// this much too fast, in millionths; too slow if negative. It stays off by what has gathered.
    Drift(i32),
    /// `clock-jump:MS` The clock of its sender reports is set forward, or back if negative. Happens
    /// once.
    ClockJump(i64),
    /// `timestamp-jump:MS` RTP timestamps jump, those of sender reports too. Happens once.
    TimestampJump(i64),
    /// `sequence-wrap` Sequence numbers of new sessions begin ten before the wrap.
    SequenceWrap,
    /// `timestamp-wrap` Timestamps of new sessions begin a second before the wrap.
    TimestampWrap,
    /// `new-ssrc` Sessions get another SSRC, sequence and timestamp in the middle. Happens once.
    NewSsrc,
    /// `half-open` It stops reading and sending, and never closes.
    HalfOpen,
    /// `redirect:STATUS,URL` `DESCRIBE` is answered by sending the client elsewhere.
    Redirect {
        /// 301 or 302.
        status: u16,
        /// Where to.
        location: String,
    },
    /// `audio` The description offers sound too, and packets of it come whether it was asked for or
    /// not: over TCP on the channel two after that of the picture, over UDP to the picture's port.
    Audio,
    /// `wrong-channel` Pictures come on the channel (over UDP: to the port) of the reports.
    WrongChannel,
    /// `flood` Packets with a right header and random payload, as fast as they are taken, up to some
    /// 3 Gbit/s, in place of pictures.
    Flood,
    /// `freeze` The picture stands still: from the next keyframe on, inter frames change nothing.
    /// The caption goes on. For clips that can be captioned.
    Freeze,
    /// `black` The picture is black from the next keyframe on. For clips that can be captioned.
    Black,
    /// `stale-nonce` The next right answer to a Digest challenge is refused once, with a new nonce.
    /// Happens once.
    StaleNonce,
    /// `impatient:S` Sessions are told this timeout, and are closed when they stay silent longer.
    Impatient {
        /// Timeout, in seconds.
        timeout_s: u32,
    },
}

/// Why words are not a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no fault is called {words:?}: give {usage}")]
pub struct UnknownFault {
    words: String,
    usage: &'static str,
}

const USAGE: &str = "one of drop:SHARE reorder:SHARE duplicate:SHARE late:SHARE,MS stall reboot:S \
    clip:FILE garbage-rtp:SHARE garbage-rtsp garbage-sdp mjpeg silent slow:MS big-headers:BYTES \
    big-sdp:BYTES drift:PPM clock-jump:MS timestamp-jump:MS sequence-wrap timestamp-wrap new-ssrc \
    half-open redirect:STATUS,URL audio wrong-channel flood freeze black stale-nonce impatient:S";

impl FromStr for SimFault {
    type Err = UnknownFault;

    fn from_str(words: &str) -> Result<Self, UnknownFault> {
        let unknown = || UnknownFault { words: words.into(), usage: USAGE };
        parse(words).ok_or_else(unknown)
    }
}

fn parse(words: &str) -> Option<SimFault> {
    let (name, value) = words.split_once(':').unwrap_or((words, ""));
    let share = |value: &str| value.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    let with = |fault| Some(fault).filter(|_| value.is_empty());
    match name {
        "drop" => share(value).map(SimFault::Drop),
        "reorder" => share(value).map(SimFault::Reorder),
        "duplicate" => share(value).map(SimFault::Duplicate),
        "late" => {
            let (part, delay_ms) = value.split_once(',')?;
            Some(SimFault::Late { share: share(part)?, delay_ms: delay_ms.parse().ok()? })
        }
        "stall" => with(SimFault::Stall),
        "reboot" => Some(SimFault::Reboot { down_s: value.parse().ok()? }),
        "clip" => Some(SimFault::Clip(value.into())).filter(|_| !value.is_empty()),
        "garbage-rtp" => share(value).map(SimFault::GarbageRtp),
        "garbage-rtsp" => with(SimFault::GarbageRtsp),
        "garbage-sdp" => with(SimFault::GarbageSdp),
        "mjpeg" => with(SimFault::Mjpeg),
        "silent" => with(SimFault::Silent),
        "slow" => Some(SimFault::Slow { byte_ms: value.parse().ok()? }),
        "big-headers" => value.parse().ok().map(SimFault::BigHeaders),
        "big-sdp" => value.parse().ok().map(SimFault::BigSdp),
        "drift" => value.parse().ok().map(SimFault::Drift),
        "clock-jump" => value.parse().ok().map(SimFault::ClockJump),
        "timestamp-jump" => value.parse().ok().map(SimFault::TimestampJump),
        "sequence-wrap" => with(SimFault::SequenceWrap),
        "timestamp-wrap" => with(SimFault::TimestampWrap),
        "new-ssrc" => with(SimFault::NewSsrc),
        "half-open" => with(SimFault::HalfOpen),
        "redirect" => {
            let (status, location) = value.split_once(',')?;
            let status = status.parse().ok().filter(|status| [301, 302].contains(status))?;
            Some(SimFault::Redirect { status, location: location.into() })
        }
        "audio" => with(SimFault::Audio),
        "wrong-channel" => with(SimFault::WrongChannel),
        "flood" => with(SimFault::Flood),
        "freeze" => with(SimFault::Freeze),
        "black" => with(SimFault::Black),
        "stale-nonce" => with(SimFault::StaleNonce),
        "impatient" => Some(SimFault::Impatient { timeout_s: value.parse().ok()? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_words() {
        // Each word of the usage, with its place holders filled in, is a fault of its own.
        let filled = USAGE.strip_prefix("one of ").unwrap().replace("SHARE", "0.5");
        let filled = filled.replace("STATUS,URL", "302,rtsp://h/a:b").replace("FILE", "a,b");
        let filled = filled.replace("BYTES", "9").replace("PPM", "-9").replace("MS", "9");
        let filled = filled.replace("reboot:S", "reboot:9").replace("impatient:S", "impatient:9");
        let faults: Vec<SimFault> = filled
            .split(' ')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .unwrap_or_else(|error| panic!("{error}"));
        let kinds: std::collections::HashSet<_> =
            faults.iter().map(std::mem::discriminant).collect();
        assert_eq!(kinds.len(), faults.len());
        assert_eq!(kinds.len(), 30);
        assert!(
            faults.contains(&SimFault::Redirect { status: 302, location: "rtsp://h/a:b".into() })
        );
    }

    #[test]
    fn what_is_no_fault_is_refused_with_the_words_that_are() {
        for words in [
            "",
            "drop",
            "drop:2",
            "drop:-1",
            "drop:NaN",
            "stall:1",
            "late:0.1",
            "clip:",
            "redirect:200,x",
            "reboot:x",
        ] {
            let error = words.parse::<SimFault>().unwrap_err().to_string();
            assert!(error.contains("one of drop:SHARE"), "{error}");
        }
    }
}
