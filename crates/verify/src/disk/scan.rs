//! The scan itself: every window of 32 bytes, in every form.

use memchr::memmem;
use sha2::block_api::compress256;

use super::commitments::Commitments;
use super::forms::{BASE64, Form, HEX, SCHEDULE_BYTES, from_base64, from_hex, schedule_key};
use crate::sha256;

/// Bytes behind a piece that windows which begin in it may reach into.
pub const OVERLAP_BYTES: usize = 64;

const WINDOW: usize = 32;
const HEX_DIGITS: usize = 64;
/// Base64 of a key alone; one `=` may follow.
const BASE64_ALONE: usize = 43;
/// Base64 that holds a key which begins at one of three places of a group.
const BASE64_WITHIN: usize = 46;

/// What begins a record of a reel.
const RECORD_MAGIC: &[u8] = b"JIKIMREC";

/// A key that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Where its first byte, digit or character is.
    pub at: u64,
    /// In which form.
    pub form: Form,
    /// SHA-256 of the key: the key itself is not kept.
    pub commitment: [u8; 32],
}

/// What was found in a piece.
#[derive(Debug, Default)]
pub struct Found {
    /// Keys.
    pub hits: Vec<Hit>,
    /// Where a record of a reel seems to begin.
    pub records: Vec<u64>,
}

/// Looks through a piece of an image that lies at `base`: all windows that begin before `limit`.
#[must_use]
pub fn scan(
    piece: &[u8],
    base: u64,
    limit: usize,
    forms: &[Form],
    commitments: &Commitments,
) -> Found {
    let mut found = Found::default();
    let mut scan = Scan { piece, base, limit, commitments, hits: &mut found.hits };
    for form in forms {
        match form {
            Form::Raw => scan.raw(),
            Form::Hex => scan.hex(),
            Form::Base64 => scan.base64(),
            Form::Reversed => scan.reversed(),
            Form::AesSchedule => scan.schedules(),
        }
    }
    let records = memmem::find_iter(piece, RECORD_MAGIC).take_while(|&at| at < limit);
    found.records.extend(records.map(|at| base + at as u64));
    found
}

struct Scan<'s> {
    piece: &'s [u8],
    base: u64,
    limit: usize,
    commitments: &'s Commitments,
    hits: &'s mut Vec<Hit>,
}

impl Scan<'_> {
    fn raw(&mut self) {
        let ends = self.piece.len().saturating_sub(WINDOW - 1).min(self.limit);
        let commitments = self.commitments;
        windows(self.piece, ends, commitments, |at, commitment| {
            self.hits.push(Hit { at: self.base + at as u64, form: Form::Raw, commitment });
        });
    }

    fn reversed(&mut self) {
        let turned: Vec<u8> = self.piece.iter().rev().copied().collect();
        let ends = turned.len().saturating_sub(WINDOW - 1);
        windows(&turned, ends, self.commitments, |at, commitment| {
            let at = self.piece.len() - WINDOW - at;
            // Those beyond belong to the next piece.
            if at < self.limit {
                self.hits.push(Hit { at: self.base + at as u64, form: Form::Reversed, commitment });
            }
        });
    }

    fn candidate(&mut self, at: usize, form: Form, key: &[u8; 32]) {
        let commitment = sha256(key);
        if self.commitments.has(&commitment) {
            self.hits.push(Hit { at: self.base + at as u64, form, commitment });
        }
    }

    fn hex(&mut self) {
        for (from, to) in runs(self.piece, &HEX, HEX_DIGITS) {
            for at in from..(to - HEX_DIGITS + 1).min(self.limit) {
                let key = from_hex(&self.piece[at..at + HEX_DIGITS]);
                self.candidate(at, Form::Hex, &key);
            }
        }
    }

    fn base64(&mut self) {
        for (from, to) in runs(self.piece, &BASE64, BASE64_ALONE) {
            for at in from..(to - BASE64_ALONE + 1).min(self.limit) {
                let characters = &self.piece[at..to.min(at + BASE64_WITHIN)];
                let mut bytes = [0; WINDOW + 2];
                from_base64(characters, &mut bytes);
                // A key alone, or one that begins one or two bytes into a group.
                let windows = characters.len() * 6 / 8 - WINDOW + 1;
                for window in bytes.windows(WINDOW).take(windows) {
                    let key = window.try_into().expect("a window has 32 bytes");
                    self.candidate(at, Form::Base64, key);
                }
            }
        }
    }

    fn schedules(&mut self) {
        let ends = self.piece.len().saturating_sub(SCHEDULE_BYTES - 1).min(self.limit);
        for at in 0..ends {
            let bytes = &self.piece[at..at + SCHEDULE_BYTES];
            for swapped in [false, true] {
                if let Some(key) = schedule_key(bytes, swapped) {
                    self.candidate(at, Form::AesSchedule, &key);
                }
            }
        }
    }
}

/// Windows that are hashed before they are looked up, so that waiting for one look-up is waiting for
/// all of them.
const BATCH: usize = 256;

/// SHA-256 of each window that begins before `ends`, looked up; calls back with where and what.
fn windows(
    bytes: &[u8],
    ends: usize,
    commitments: &Commitments,
    mut hit: impl FnMut(usize, [u8; 32]),
) {
    let mut hasher = Hasher::new();
    // Where each window of the batch begins, and the first words of its hash.
    let mut batch = [(0, [0; 2]); BATCH];
    let mut filled = 0;
    let mut look_up = |batch: &[(usize, [u32; 2])], hasher: &mut Hasher| {
        for &(at, _) in batch.iter().filter(|(_, words)| commitments.may_have(*words)) {
            // Hashed once more: that is rare, and cheaper than to keep all of every hash.
            let commitment = hasher.commitment(&bytes[at..at + WINDOW]);
            if commitments.has(&commitment) {
                hit(at, commitment);
            }
        }
    };
    // How many equal bytes end where the window ends.
    let mut run = equal_before(bytes);
    for (at, window) in bytes.windows(WINDOW).enumerate().take(ends) {
        let last = window[WINDOW - 1];
        run = if last == window[WINDOW - 2] { run + 1 } else { 1 };
        if run >= WINDOW && !commitments.has_constant(last) {
            continue;
        }
        let state = hasher.state(window);
        batch[filled] = (at, [state[0], state[1]]);
        filled += 1;
        if filled == BATCH {
            look_up(&batch, &mut hasher);
            filled = 0;
        }
    }
    look_up(&batch[..filled], &mut hasher);
}

/// SHA-256 of windows. A window is one block with its padding, which never changes: only 32 bytes of
/// it are written, and nothing is allocated.
struct Hasher {
    block: [u8; 64],
}

impl Hasher {
    const fn new() -> Self {
        let mut block = [0; 64];
        block[WINDOW] = 0x80;
        // The length of the message: 256 bits, big-endian.
        block[62] = 1;
        Self { block }
    }

    #[inline]
    fn state(&mut self, window: &[u8]) -> [u32; 8] {
        self.block[..WINDOW].copy_from_slice(window);
        let mut state = INITIAL;
        compress256(&mut state, std::slice::from_ref(&self.block));
        state
    }

    fn commitment(&mut self, window: &[u8]) -> [u8; 32] {
        let words = self.state(window);
        std::array::from_fn(|at| words[at / 4].to_be_bytes()[at % 4])
    }
}

/// How many equal bytes end one before the end of the first window.
fn equal_before(bytes: &[u8]) -> usize {
    let Some(first) = bytes.get(..WINDOW - 1) else { return 0 };
    first.iter().rev().take_while(|&&byte| byte == first[WINDOW - 2]).count()
}

/// The initial value of SHA-256 (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Where at least `least` characters of a table stand side by side, from and to.
fn runs<'b>(
    bytes: &'b [u8],
    table: &'b [u8; 256],
    least: usize,
) -> impl Iterator<Item = (usize, usize)> + 'b {
    let is_in = move |at: usize| table[usize::from(bytes[at])] != 255;
    let mut at = 0;
    std::iter::from_fn(move || {
        while at + least <= bytes.len() {
            // Looked at from the end: one character that is none rules out all runs that hold it.
            match (at..at + least).rev().find(|&at| !is_in(at)) {
                Some(other) => at = other + 1,
                None => {
                    let from = at;
                    at += least;
                    while at < bytes.len() && is_in(at) {
                        at += 1;
                    }
                    return Some((from, at));
                }
            }
        }
        None
    })
}
