//! A camera's description of itself (SDP, RFC 8866) to the one track that is recorded.

use std::num::NonZeroU32;

use retina::codec::{Depacketizer, ParametersRef};
use sdp_types::{Media, Session};
use url::Url;

use super::parameters::ParameterSets;
use super::{Codec, ConnectError, Fault, SourceConfig};

/// The track that is set up.
pub(super) struct Track {
    pub(super) codec: Codec,
    pub(super) rate_hz: NonZeroU32,
    pub(super) payload_type: u8,
    /// What SETUP is sent to.
    pub(super) control: String,
    pub(super) parameters: ParameterSets,
}

/// A description: its video, and what PLAY is sent to.
pub(super) struct Description {
    pub(super) track: Track,
    pub(super) control: String,
    /// Whether it offers sound, which is left alone.
    pub(super) offers_sound: bool,
}

/// Tracks a camera may describe.
const MAX_TRACKS: usize = 32;

/// Chooses the first video track that can be recorded. `base` is what relative addresses are
/// relative to.
pub(super) fn choose(
    body: &[u8],
    base: &str,
    source: &SourceConfig,
) -> Result<Description, ConnectError> {
    let place = source.place();
    let session = Session::parse(body).map_err(|error| ConnectError::Garbage {
        place: place.clone(),
        source: Fault::new(&format!("its description: {error}"), source),
    })?;
    let control = session.attributes.iter().find(|known| known.attribute == "control");
    let control = control.and_then(|known| known.value.as_deref()).unwrap_or("*");
    let control = joined(base, control);
    let offers_sound = session.medias.iter().any(|media| media.media == "audio");
    let mut unsupported = None;
    for media in session.medias.iter().take(MAX_TRACKS) {
        if !matches!(media.media.as_str(), "video" | "image") {
            continue;
        }
        let Some(format) = Format::of(media) else { continue };
        let codec = match (media.media.as_str(), format.encoding.as_str()) {
            ("video", "h264") => Codec::H264,
            ("video", "h265") => Codec::H265,
            (_, other) => {
                unsupported.get_or_insert_with(|| readable(other));
                continue;
            }
        };
        let Some(rate_hz) = NonZeroU32::new(format.rate_hz) else { continue };
        let own = attribute(media, "control").map(|own| joined(base, own));
        let track = Track {
            codec,
            rate_hz,
            payload_type: format.payload_type,
            control: own.unwrap_or_else(|| control.clone()),
            parameters: described_parameters(codec, format.parameters.as_deref()),
        };
        return Ok(Description { track, control, offers_sound });
    }
    Err(match unsupported {
        Some(encoding) => ConnectError::Unsupported { place, encoding },
        None => ConnectError::NoVideo { place },
    })
}

/// How the first payload type of a medium is coded.
struct Format {
    payload_type: u8,
    encoding: String,
    rate_hz: u32,
    parameters: Option<String>,
}

impl Format {
    fn of(media: &Media) -> Option<Self> {
        /// The one static type that a camera's video has (RFC 3551).
        const JPEG: u8 = 26;
        let number = media.fmt.split_ascii_whitespace().next()?;
        let payload_type = number.parse().ok().filter(|number| *number < 128)?;
        let of_type = |name| {
            let all = media.attributes.iter().filter(move |known| known.attribute == name);
            all.filter_map(|known| known.value.as_deref()?.trim().split_once(' '))
                .find(|(of, _)| *of == number)
                .map(|(_, value)| value.trim())
        };
        let (encoding, rate_hz) = match of_type("rtpmap") {
            Some(map) => {
                let mut parts = map.split('/');
                (parts.next()?.to_ascii_lowercase(), parts.next()?.trim().parse().ok()?)
            }
            None if payload_type == JPEG => ("jpeg".to_owned(), 90_000),
            None => return None,
        };
        let parameters = of_type("fmtp").map(str::to_owned);
        Some(Self { payload_type, encoding, rate_hz, parameters })
    }
}

fn attribute<'a>(media: &'a Media, name: &str) -> Option<&'a str> {
    media.attributes.iter().find(|known| known.attribute == name)?.value.as_deref()
}

/// Joins as other clients do: behind a slash, whatever RFC 1808 says (a query stays in front).
fn joined(base: &str, control: &str) -> String {
    let control = control.trim();
    if control == "*" || control.is_empty() {
        return base.to_owned();
    }
    if Url::parse(control).is_ok_and(|url| url.has_host()) {
        return control.to_owned();
    }
    let slash = if base.ends_with('/') || control.starts_with('/') { "" } else { "/" };
    let base = if control.starts_with('/') { base.trim_end_matches('/') } else { base };
    format!("{base}{slash}{control}")
}

/// A name from the camera, fit for a sentence.
fn readable(encoding: &str) -> String {
    encoding.chars().filter(char::is_ascii_graphic).take(40).collect()
}

/// What the description says of the parameter sets; nothing if it cannot be understood, for cameras
/// repeat them between the pictures.
fn described_parameters(codec: Codec, parameters: Option<&str>) -> ParameterSets {
    let mut sets = ParameterSets::new(codec);
    let encoding = match codec {
        Codec::H264 => "h264",
        Codec::H265 => "h265",
    };
    let reader = Depacketizer::new("video", encoding, 90_000, None, parameters);
    if let Ok(reader) = &reader
        && let Some(ParametersRef::Video(described)) = reader.parameters()
    {
        sets.take_described(described.codec_params());
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
    const H264: &str = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000 \r\na=control:track1\r\n";

    fn described(text: &str) -> Result<Description, ConnectError> {
        let source = SourceConfig::parse("rtsp://cam/live?x=1").unwrap();
        choose(format!("{HEAD}{text}").as_bytes(), source.url().as_str(), &source)
    }

    #[test]
    fn the_first_video_that_can_be_recorded_is_chosen() {
        let sound = "m=audio 0 RTP/AVP 8\r\na=control:a\r\n";
        let jpeg = "m=video 0 RTP/AVP 26\r\na=control:j\r\n";
        let chosen = described(&[sound, jpeg, H264].concat()).unwrap();
        assert_eq!(chosen.track.control, "rtsp://cam/live?x=1/track1");
        assert_eq!((chosen.track.codec, chosen.track.payload_type), (Codec::H264, 96));
        assert_eq!((chosen.track.rate_hz.get(), chosen.offers_sound), (90_000, true));
        assert_eq!(chosen.control, "rtsp://cam/live?x=1");
        let error = described(jpeg).err().unwrap();
        assert!(matches!(&error, ConnectError::Unsupported { encoding, .. } if encoding == "jpeg"));
        assert!(matches!(described(sound), Err(ConnectError::NoVideo { .. })));
    }

    #[test]
    fn addresses_are_joined_as_cameras_expect() {
        for (base, control, whole) in [
            ("rtsp://cam/a/", "t=1", "rtsp://cam/a/t=1"),
            ("rtsp://cam/a", "t=1", "rtsp://cam/a/t=1"),
            ("rtsp://cam/a?q=1", "t=1", "rtsp://cam/a?q=1/t=1"),
            ("rtsp://cam/a", "*", "rtsp://cam/a"),
            ("rtsp://cam/a", "rtsp://other:55/b", "rtsp://other:55/b"),
            ("rtsp://cam/a/", "/b", "rtsp://cam/a/b"),
        ] {
            assert_eq!(joined(base, control), whole);
        }
    }

    #[test]
    fn a_rate_of_nothing_or_a_type_that_is_none_is_no_track() {
        for bad in [
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/0\r\n",
            "m=video 0 RTP/AVP 300\r\na=rtpmap:300 H264/90000\r\n",
            "m=video 0 RTP/AVP x\r\n",
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264\r\n",
        ] {
            assert!(matches!(described(bad), Err(ConnectError::NoVideo { .. })), "{bad}");
        }
    }
}
