//! What was really sent, told in pieces that are worth an entry.

use std::time::Duration;

use domain::{CameraId, WallTime};

/// Is told each stretch of time of which pictures went out: camera, first moment, first moment
/// after it. Stretches of one camera may overlap after a seek.
pub type Served<'a> = &'a (dyn Fn(CameraId, WallTime, WallTime) + Send + Sync);

/// Longer pieces are told at once.
const PIECE: Duration = Duration::from_secs(1);
/// Frames this close together belong to one piece.
pub(crate) const HOLE: Duration = Duration::from_millis(500);

/// Gathers what one tile sent. What was not told yet is told when it is dropped, so that a session
/// that is cut off has told everything.
pub(crate) struct Sent<'a> {
    camera: CameraId,
    served: Served<'a>,
    piece: Option<(WallTime, WallTime)>,
}

impl<'a> Sent<'a> {
    pub(crate) fn new(camera: CameraId, served: Served<'a>) -> Self {
        Self { camera, served, piece: None }
    }

    pub(crate) fn add(&mut self, from: WallTime, to: WallTime) {
        let joined = match self.piece {
            Some((begin, end)) if begin <= from && from <= end + HOLE => (begin, end.max(to)),
            _ => {
                self.tell();
                (from, to)
            }
        };
        self.piece = Some(joined);
        if joined.1.since(joined.0) >= PIECE {
            self.tell();
        }
    }

    fn tell(&mut self) {
        if let Some((from, to)) = self.piece.take() {
            (self.served)(self.camera, from, to);
        }
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        self.tell();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const fn ms(ms: i64) -> WallTime {
        WallTime::from_micros(ms * 1000)
    }

    #[test]
    fn frames_become_pieces_and_none_is_forgotten() {
        let told = Mutex::new(Vec::new());
        let note = |_: CameraId, from: WallTime, to: WallTime| {
            told.lock().unwrap().push((from.as_micros() / 1000, to.as_micros() / 1000));
        };
        let mut sent = Sent::new(CameraId::from_bytes([1; 16]), &note);
        for at in (0..1200).step_by(100) {
            sent.add(ms(at), ms(at + 100));
        }
        sent.add(ms(5000), ms(5100));
        sent.add(ms(300), ms(400));
        drop(sent);
        assert_eq!(*told.lock().unwrap(), [(0, 1000), (1000, 1200), (5000, 5100), (300, 400)]);
    }
}
