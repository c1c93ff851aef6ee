//! What playback says, as messages of a WebSocket (`api`, module `viewing`).

use std::collections::VecDeque;

use access::{Grant, act::Act};
use axum::extract::ws::{Message, Utf8Bytes};
use bytes::{BufMut as _, BytesMut};
use domain::ActId;
use playback::MediaEvent;

use crate::words;

/// Seeks that wait for their answer at once.
const MOST_SEEKS: usize = 64;

/// Turns events of one act into messages.
#[derive(Default)]
pub(crate) struct Messages {
    /// Wall time at which each tile's next initialisation begins.
    starts_us: Vec<i64>,
    /// Numbers of the seeks that are not answered yet.
    seeks: VecDeque<u32>,
}

impl Messages {
    /// Remembers the number of a seek; `false` if too many wait.
    pub(crate) fn seeks(&mut self, number: u32) -> bool {
        let fits = self.seeks.len() < MOST_SEEKS;
        if fits {
            self.seeks.push_back(number);
        }
        fits
    }

    /// The message of an event; none where the page needs none.
    pub(crate) fn of(&mut self, event: MediaEvent) -> Option<Message> {
        match event {
            MediaEvent::Tile { tile, camera, mime, wall_start, media_start_us } => {
                *self.start_us(tile) = wall_start.as_micros();
                Some(text(&api::ServerMessage::Tile {
                    tile,
                    camera: words::id(camera),
                    mime,
                    wall_start: words::time(wall_start),
                    media_start_s: seconds(media_start_us),
                }))
            }
            MediaEvent::Init { tile, bytes } => {
                let wall_us = *self.start_us(tile);
                Some(binary(api::BinaryKind::Init, tile, wall_us, &bytes))
            }
            MediaEvent::Fragment { tile, wall, bytes } => {
                Some(binary(api::BinaryKind::Fragment, tile, wall.as_micros(), &bytes))
            }
            // A hole whose cause nobody knows is told too: no cause is made up.
            MediaEvent::Gap { tile, from, to, cause } => Some(text(&api::ServerMessage::Gap {
                tile,
                from: words::time(from),
                to: to.map(words::time),
                cause: cause.map(words::cause),
            })),
            // The page is told the camera's own state.
            MediaEvent::State { .. } => None,
            MediaEvent::Sought { to, pace } => self.seeks.pop_front().map(|number| {
                text(&api::ServerMessage::Sought {
                    number,
                    to: words::time(to),
                    speed_percent: pace.speed_percent(),
                    keyframes_only: pace.keyframes_only(),
                })
            }),
            MediaEvent::Changes { number, tile, from, to, levels } => {
                let (from, to) = (words::time(from), words::time(to));
                Some(text(&api::ServerMessage::Changes { number, tile, from, to, levels }))
            }
            MediaEvent::End { tile } => Some(text(&api::ServerMessage::End { tile })),
        }
    }

    fn start_us(&mut self, tile: u16) -> &mut i64 {
        let tile = usize::from(tile);
        if self.starts_us.len() <= tile {
            self.starts_us.resize(tile + 1, 0);
        }
        &mut self.starts_us[tile]
    }
}

/// The id of the act of a grant.
///
/// It is made from the number of the act's entry (a UUID of version 8, RFC 9562: year and number
/// in it), so that whoever has it finds the entry.
#[must_use]
pub fn act_id<A: Act>(grant: &Grant<A>) -> ActId {
    let number = grant.number();
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&number.year.to_be_bytes());
    bytes[6] = 0x80;
    bytes[8..].copy_from_slice(&number.index.to_be_bytes());
    bytes[8] = 0x80;
    ActId::from_bytes(bytes)
}

pub(crate) fn text(message: &api::ServerMessage) -> Message {
    let text = serde_json::to_string(message).expect("a message of the wire is fit for JSON");
    Message::Text(Utf8Bytes::from(text))
}

fn binary(kind: api::BinaryKind, tile: u16, wall_us: i64, media: &[u8]) -> Message {
    let mut message = BytesMut::with_capacity(api::BINARY_HEADER_LENGTH + media.len());
    message.put_slice(&api::BinaryHeader { kind, tile, wall_us }.encode());
    message.put_slice(media);
    Message::Binary(message.freeze())
}

/// Seconds for `MediaSource`; exact to the microsecond for 285 years.
#[allow(clippy::cast_precision_loss)]
fn seconds(us: u64) -> f64 {
    us as f64 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use domain::{CameraId, GapCause, WallTime};
    use playback::Pace;

    use super::*;

    const AT: WallTime = WallTime::from_micros(1_795_301_858_000_000);

    fn json(message: Option<Message>) -> serde_json::Value {
        serde_json::from_str(message.unwrap().to_text().unwrap()).unwrap()
    }

    #[test]
    fn an_initialisation_carries_the_time_of_its_tile() {
        let mut messages = Messages::default();
        let camera = CameraId::from_bytes([1; 16]);
        let tile = messages.of(MediaEvent::Tile {
            tile: 3,
            camera,
            mime: "video/mp4".into(),
            wall_start: AT,
            media_start_us: 7_500_000,
        });
        assert_eq!(json(tile)["media_start_s"], 7.5);
        let bytes = Bytes::from_static(b"ftyp");
        let init = messages.of(MediaEvent::Init { tile: 3, bytes }).unwrap().into_data();
        let (header, media) = api::BinaryHeader::decode(&init).unwrap();
        assert_eq!((header.kind, header.tile), (api::BinaryKind::Init, 3));
        assert_eq!((header.wall_us, media), (AT.as_micros(), b"ftyp".as_slice()));
    }

    #[test]
    fn each_seek_is_answered_with_its_number() {
        let mut messages = Messages::default();
        assert!(messages.seeks(1) && messages.seeks(2));
        let first = json(messages.of(MediaEvent::Sought { to: AT, pace: Pace::TRUE }));
        assert_eq!((&first["number"], &first["keyframes_only"]), (&1.into(), &false.into()));
        let pace = Pace::new(-800, false).unwrap();
        let second = json(messages.of(MediaEvent::Sought { to: AT, pace }));
        assert_eq!((&second["number"], &second["speed_percent"]), (&2.into(), &(-800).into()));
        assert_eq!(second["keyframes_only"], true);
        assert!((0..64).all(|number| messages.seeks(number)));
        assert!(!messages.seeks(65));
    }

    #[test]
    fn a_gap_is_told_with_its_cause_if_somebody_knows_it() {
        let mut messages = Messages::default();
        let gap = |cause| MediaEvent::Gap { tile: 0, from: AT, to: None, cause };
        assert_eq!(json(messages.of(gap(Some(GapCause::Storage))))["cause"], "storage");
        assert!(json(messages.of(gap(None)))["cause"].is_null());
    }
}
