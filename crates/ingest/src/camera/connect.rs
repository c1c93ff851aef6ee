//! DESCRIBE, SETUP of one video track, PLAY.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use retina::client::{
    Credentials, Described, PlayOptions, Session, SessionGroup, SessionOptions, SetupOptions,
    Stream, TcpTransportOptions, UdpTransportOptions,
};
use retina::codec::ParametersRef;
use tokio::time::timeout;

use super::connection::{CameraConnection, Track};
use super::parameters::ParameterSets;
use super::{Codec, ConnectError, SourceConfig, Transport, error};

/// Connects to a camera and starts its video.
///
/// Must run within a tokio runtime with time and network. Dropping the future, or the connection,
/// hangs up.
///
/// # Errors
/// If there is no camera, it refuses, or its video is not of a kind that is recorded.
pub async fn connect(source: &SourceConfig) -> Result<CameraConnection, ConnectError> {
    let group = Arc::new(SessionGroup::default());
    let options = SessionOptions::default()
        .creds(source.credentials().map(|known| Credentials {
            username: known.username.clone(),
            password: known.password.clone(),
        }))
        .user_agent("Jikim".to_owned())
        .session_group(Arc::clone(&group));
    let described = Session::describe(source.url().clone(), options);
    let mut session = answered(source, described).await?;
    let (index, track) = choose_video(session.streams(), source)?;
    // The only SETUP there ever is, and it is for video: sound is never asked for (Act 25(5)).
    answered(source, session.setup(index, setup_options(source.transport))).await?;
    let parameters = described_parameters(&session, index, track.codec);
    let playing = answered(source, session.play(PlayOptions::default())).await?;
    Ok(CameraConnection::new(source.clone(), group, playing, track, parameters))
}

async fn answered<T>(
    source: &SourceConfig,
    asked: impl Future<Output = Result<T, retina::Error>>,
) -> Result<T, ConnectError> {
    let limit: Duration = source.caps.answer;
    match timeout(limit, asked).await {
        Ok(answer) => answer.map_err(|fault| error::connecting(&fault, source)),
        Err(_) => Err(ConnectError::TimedOut { place: source.place(), limit }),
    }
}

fn setup_options(transport: Transport) -> SetupOptions {
    SetupOptions::default().transport(match transport {
        Transport::Tcp => retina::client::Transport::Tcp(TcpTransportOptions::default()),
        Transport::Udp => retina::client::Transport::Udp(UdpTransportOptions::default()),
    })
}

/// The first video track that can be recorded.
fn choose_video(offered: &[Stream], source: &SourceConfig) -> Result<(usize, Track), ConnectError> {
    let mut unsupported = None;
    for (index, stream) in offered.iter().enumerate() {
        if !matches!(stream.media(), "video" | "image") {
            continue;
        }
        let codec = match (stream.media(), stream.encoding_name()) {
            ("video", "h264") => Codec::H264,
            ("video", "h265") => Codec::H265,
            (_, other) => {
                unsupported.get_or_insert_with(|| readable(other));
                continue;
            }
        };
        if let Some(rate_hz) = NonZeroU32::new(stream.clock_rate_hz()) {
            return Ok((index, Track { index, codec, rate_hz }));
        }
    }
    let place = source.place();
    Err(match unsupported {
        Some(encoding) => ConnectError::Unsupported { place, encoding },
        None => ConnectError::NoVideo { place },
    })
}

/// A name from the camera, fit for a sentence.
fn readable(encoding: &str) -> String {
    let kept = encoding.chars().filter(char::is_ascii_graphic).take(40);
    kept.collect()
}

fn described_parameters(session: &Session<Described>, index: usize, codec: Codec) -> ParameterSets {
    let mut sets = ParameterSets::new(codec);
    if let Some(ParametersRef::Video(described)) = session.streams()[index].parameters() {
        sets.take_described(described.codec_params());
    }
    sets
}
