//! The detector's own process, inside its cage: raw pictures come in, boxes go out.
//!
//! For each picture: a number (`u16`, little end first; `SKIPPED` when it was not looked at), then so many
//! records of `RECORD_BYTES`: kind, score, left, top, right, bottom as `f32`. Before the first, `READY`.

use std::io::{Read as _, Write as _};

use crate::Told;
use crate::arguments::DetectArguments;
use crate::geometry::{Box2, Found, Kind, surest};
use crate::net::{Net, Picture};

/// Said when the models are loaded.
pub(crate) const READY: u16 = 0xBEAD;

/// Said instead of a number of boxes when a picture was not looked at.
pub(crate) const SKIPPED: u16 = 0xFFFF;

/// The most boxes told of one picture.
pub(crate) const MOST_FOUND: usize = 500;

/// How long one record is.
pub(crate) const RECORD_BYTES: usize = 24;

/// The whole picture, for people who fill much of it, and four parts of it, overlapping, for small ones.
const PARTS: &[Box2] = &[
    Box2 { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 },
    Box2 { left: 0.0, top: 0.0, right: 0.58, bottom: 0.58 },
    Box2 { left: 0.42, top: 0.0, right: 1.0, bottom: 0.58 },
    Box2 { left: 0.0, top: 0.42, right: 0.58, bottom: 1.0 },
    Box2 { left: 0.42, top: 0.42, right: 1.0, bottom: 1.0 },
];

/// Reads pictures until there are no more.
pub(crate) fn detect(asked: &DetectArguments) -> Told<()> {
    let library = ort::init_from(&asked.library)
        .map_err(|error| format!("ONNX Runtime cannot be loaded: {error}"))?
        .with_telemetry(false)
        .build()
        .map_err(|error| format!("ONNX Runtime cannot be started: {error}"))?;
    let mut person = Net::load(&library, &asked.person, Kind::Person, asked.threads)?;
    let mut face = Net::load(&library, &asked.face, Kind::Face, asked.threads)?;
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let told = |error: std::io::Error| format!("the detector's stream broke: {error}");
    output.write_all(&READY.to_le_bytes()).and_then(|()| output.flush()).map_err(told)?;
    let mut bytes = vec![0; asked.width * asked.height * 3];
    let mut answer = Vec::new();
    for number in 0_u64.. {
        match input.read_exact(&mut bytes) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(told(error)),
        }
        answer.clear();
        if number % u64::from(asked.every) == 0 {
            let picture = Picture { width: asked.width, height: asked.height, bytes: &bytes };
            tell(&mut answer, &look(&mut person, &mut face, picture, asked)?);
        } else {
            answer.extend(SKIPPED.to_le_bytes());
        }
        output.write_all(&answer).and_then(|()| output.flush()).map_err(told)?;
    }
    Ok(())
}

fn look(
    person: &mut Net,
    face: &mut Net,
    picture: Picture<'_>,
    asked: &DetectArguments,
) -> Told<Vec<Found>> {
    let mut people = Vec::new();
    for part in PARTS {
        let found = person.find(picture, *part, asked.person_score)?;
        people.extend(found.into_iter().filter(|one| !cut(one.place, *part)));
    }
    let mut all = surest(people, 0.5);
    all.extend(face.find(picture, PARTS[0], asked.face_score)?);
    all.truncate(MOST_FOUND);
    Ok(all)
}

/// Whether the edge of a part, inside the picture, cuts through: another part has the whole of it.
fn cut(place: Box2, part: Box2) -> bool {
    let near = 0.006;
    (part.left > 0.0 && place.left < part.left + near)
        || (part.right < 1.0 && place.right > part.right - near)
        || (part.top > 0.0 && place.top < part.top + near)
        || (part.bottom < 1.0 && place.bottom > part.bottom - near)
}

fn tell(answer: &mut Vec<u8>, found: &[Found]) {
    answer.extend((found.len() as u16).to_le_bytes());
    for one in found {
        let kind = if one.kind == Kind::Face { 1.0 } else { 0.0_f32 };
        let Box2 { left, top, right, bottom } = one.place;
        for value in [kind, one.score, left, top, right, bottom] {
            answer.extend(value.to_le_bytes());
        }
    }
}
