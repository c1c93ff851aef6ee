//! The first pass: decoder and detector, each in its cage, the one's pictures going straight to the other.

use std::ffi::OsString;
use std::io::{BufReader, Read};
use std::process::Stdio;

use crate::Told;
use crate::arguments::Finding;
use crate::caged::Cage;
use crate::clip::Clip;
use crate::detect::{MOST_FOUND, READY, RECORD_BYTES, SKIPPED};
use crate::geometry::{Box2, Found, Kind};
use crate::places::{self, Models};

/// How much address space the detector has: the models, the library, its threads' stacks.
const MEMORY_MIB: u64 = 2048;

/// How much processor time, by that of the decoder.
const CPU_TIMES: u64 = 4;

/// Looks at a whole clip. `each` is given what was found in each frame, in order: `None` where the frame
/// was not looked at. The number of frames is given back.
pub(crate) fn look(
    clip: &Clip,
    models: &Models,
    finding: (&Finding, u32),
    mut each: impl FnMut(Option<Vec<Found>>),
) -> Told<u64> {
    let size = clip.small();
    let mut decoder = clip.decode(size, "rgb24", Stdio::piped())?;
    let cage = Cage {
        read: vec![models.library.clone(), models.person.clone(), models.face.clone()],
        write: None,
        memory_mib: MEMORY_MIB,
        cpu_s: clip.cpu_s() * CPU_TIMES,
    };
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let pictures = Stdio::from(decoder.output()?);
    let arguments = arguments(size, models, finding);
    let mut detector = cage.start("detector", &own, &arguments, pictures, Stdio::piped())?;
    let mut answers = BufReader::new(detector.output()?);
    let ready = number(&mut answers);
    if !matches!(ready, Ok(Some(READY))) {
        return Err(detector.why("did not start"));
    }
    let mut frames = 0;
    loop {
        match next(&mut answers) {
            Ok(Some(found)) => each(found),
            Ok(None) => break,
            Err(sentence) => return Err(detector.why(&sentence)),
        }
        frames += 1;
    }
    detector.finish()?;
    decoder.finish()?;
    places::some_frames(frames)?;
    Ok(frames)
}

fn arguments(
    size: (usize, usize),
    models: &Models,
    (finding, every): (&Finding, u32),
) -> Vec<OsString> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    let mut all: Vec<OsString> = vec!["detect".into()];
    let mut add = |name: &str, value: OsString| all.extend([name.into(), value]);
    add("--library", models.library.clone().into());
    add("--person", models.person.clone().into());
    add("--face", models.face.clone().into());
    add("--width", size.0.to_string().into());
    add("--height", size.1.to_string().into());
    add("--person-score", finding.person_score.to_string().into());
    add("--face-score", finding.face_score.to_string().into());
    add("--every", every.to_string().into());
    add("--threads", threads.to_string().into());
    all
}

/// What was found in the next picture; nothing where the stream ends between two.
#[expect(
    clippy::option_option,
    reason = "the end of the stream is not a picture that was left out"
)]
fn next(answers: &mut impl Read) -> Told<Option<Option<Vec<Found>>>> {
    let count = match number(answers)? {
        None => return Ok(None),
        Some(SKIPPED) => return Ok(Some(None)),
        Some(count) => usize::from(count),
    };
    if count > MOST_FOUND {
        return Err("answers with more boxes than it may".to_owned());
    }
    let mut found = Vec::with_capacity(count);
    for _ in 0..count {
        let mut record = [0; RECORD_BYTES];
        answers.read_exact(&mut record).map_err(|_| "stopped inside an answer".to_owned())?;
        found.push(read(&record)?);
    }
    Ok(Some(Some(found)))
}

fn read(record: &[u8; RECORD_BYTES]) -> Told<Found> {
    let mut values = [0.0_f32; 6];
    for (value, bytes) in values.iter_mut().zip(record.chunks_exact(4)) {
        *value = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    if !values.iter().all(|value| value.is_finite()) {
        return Err("answers with what is no number".to_owned());
    }
    let [kind, score, left, top, right, bottom] = values;
    let kind = if kind > 0.5 { Kind::Face } else { Kind::Person };
    Ok(Found { kind, score, place: Box2 { left, top, right, bottom }.within() })
}

fn number(answers: &mut impl Read) -> Told<Option<u16>> {
    let mut bytes = [0; 2];
    let mut filled = 0;
    while filled < 2 {
        match answers.read(&mut bytes[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err("stopped inside an answer".to_owned()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("cannot be read: {error}")),
        }
    }
    Ok(Some(u16::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_no_detector_gives_is_refused() {
        assert!(next(&mut &[][..]).unwrap().is_none());
        assert!(next(&mut &[0xFF, 0xFF][..]).unwrap().unwrap().is_none());
        assert!(next(&mut &[0xFE, 0xFF][..]).is_err(), "too many");
        assert!(next(&mut &[1, 0, 5][..]).is_err(), "half a record");
        let mut record = vec![1, 0];
        record.extend([f32::NAN; 6].iter().flat_map(|value| value.to_le_bytes()));
        assert!(next(&mut &record[..]).is_err(), "no number");
    }
}
