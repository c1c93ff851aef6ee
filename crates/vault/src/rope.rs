//! Memory for what waits to be sealed: pieces of one size that go from feed to feed.
//!
//! A buffer for each feed that grows to its largest picture would be half empty most of the time,
//! and with thousands of cameras that is most of the memory. Pieces that are given back are used
//! again, so that memory is touched (and given by the system) once.

use std::sync::{Mutex, PoisonError};

/// Bytes of a piece: a frame between two keyframes, mostly.
const PIECE_BYTES: usize = 16 << 10;
/// Pieces that are kept while nobody needs them: 64 MiB.
const MAX_SPARE: usize = 4096;

type Piece = Box<[u8]>;

/// Pieces that nobody needs now.
#[derive(Debug, Default)]
pub(crate) struct Pieces(Mutex<Vec<Piece>>);

impl Pieces {
    fn take(&self) -> Piece {
        let spare = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| vec![0; PIECE_BYTES].into_boxed_slice())
    }

    /// Takes a rope's pieces back.
    pub(crate) fn give(&self, rope: &mut Rope) {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MAX_SPARE.saturating_sub(spare.len());
        spare.extend(rope.pieces.drain(..).take(room));
        *rope = Rope::default();
    }
}

/// Bytes in pieces.
#[derive(Debug, Default)]
pub(crate) struct Rope {
    pieces: Vec<Piece>,
    length: usize,
}

impl Rope {
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn extend(&mut self, mut bytes: &[u8], pieces: &Pieces) {
        while !bytes.is_empty() {
            let at = self.length % PIECE_BYTES;
            if at == 0 {
                self.pieces.push(pieces.take());
            }
            let last = self.pieces.last_mut().expect("one was pushed where the one before is full");
            let (now, later) = bytes.split_at(bytes.len().min(PIECE_BYTES - at));
            last[at..at + now.len()].copy_from_slice(now);
            self.length += now.len();
            bytes = later;
        }
    }

    /// What is in it, piece by piece.
    pub(crate) fn slices(&self) -> impl Iterator<Item = &[u8]> {
        let mut left = self.length;
        self.pieces.iter().map(move |piece| {
            let filled = left.min(PIECE_BYTES);
            left -= filled;
            &piece[..filled]
        })
    }

    /// A part of it in one.
    pub(crate) fn copy(&self, from: usize, length: usize) -> Vec<u8> {
        let mut copied = Vec::with_capacity(length);
        let mut at = from;
        while copied.len() < length {
            let within = at % PIECE_BYTES;
            let count = (length - copied.len()).min(PIECE_BYTES - within);
            copied.extend_from_slice(&self.pieces[at / PIECE_BYTES][within..within + count]);
            at += count;
        }
        copied
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_and_pieces_are_used_again() {
        let pieces = Pieces::default();
        for _ in 0..3 {
            let mut rope = Rope::default();
            let mut whole = Vec::new();
            for length in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 3 * PIECE_BYTES + 7, 5] {
                let bytes: Vec<u8> =
                    (0..length).map(|at| (at % 251) as u8 ^ length as u8).collect();
                rope.extend(&bytes, &pieces);
                whole.extend_from_slice(&bytes);
            }
            assert_eq!(
                (rope.len(), rope.slices().collect::<Vec<_>>().concat()),
                (whole.len(), whole.clone())
            );
            for (from, length) in
                [(0, 1), (PIECE_BYTES - 1, 2), (5, 4 * PIECE_BYTES), (whole.len(), 0)]
            {
                assert_eq!(rope.copy(from, length), whole[from..from + length]);
            }
            pieces.give(&mut rope);
            assert_eq!((rope.len(), pieces.0.lock().unwrap().len()), (0, 6));
        }
    }
}
