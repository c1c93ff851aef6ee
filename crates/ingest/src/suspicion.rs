//! A picture that stands still or is black, noticed from the sizes of what is coded. Nothing is
//! decoded; what is said is a suspicion, and how sure it is.
//!
//! What the figures below rest on is measured in `docs/design/frame.md`: small inter frames alone say
//! nothing, since a quiet room codes as small as a picture that stands still. What tells the two apart
//! is the keyframe: no sensor sees the same twice, so a keyframe of a living picture is never equal to
//! the one before it.
//!
//! It costs a few reads for each picture. Bytes are read only of keyframes whose slices are as long as
//! those before, at most two a second.

use std::hash::{DefaultHasher, Hasher as _};
use std::time::Duration;

use domain::{Elapsed, WallTime};

use crate::camera::{Codec, VideoConfig};

/// Keyframes that are equal to one before, with none between that cannot be, until the picture is
/// said to stand still.
const EQUAL_KEYFRAMES: u32 = 5;
/// Different keyframes that are compared with. Encoders make of one and the same picture a handful of
/// codings in turn: they number keyframes 0 and 1, and vary the quantiser by a little.
const VARIANTS: usize = 8;
/// Of these, how many are compared with where not all need be equal: a short film that is shown again
/// and again comes back to its beginning later than this.
const MOST_VARIANTS: usize = 2;
/// By how much these may differ in length. A film that is shown again and again differs by more.
const NEAR_BYTES: u64 = 8;
/// Of a keyframe's bytes, how many percent must lie in slices that are equal: the rest may be the
/// camera's own clock in the picture.
const MOST_PERCENT: u64 = 60;
/// Groups in a row that are as good as equal until the picture is said to stand still, perhaps.
const STEADY_GROUPS: u32 = 60;
/// A keyframe is steady if its length differs by less than this part from the one before.
const STEADY_PART: u64 = 200;
/// And its group is, if its inter frames are on average smaller than this part of it.
const SMALL_PART: u64 = 200;
/// Keyframes in a row that hold next to nothing until the picture is said to be black, perhaps.
const EMPTY_KEYFRAMES: u32 = 5;
/// A keyframe with fewer bits than this for a thousand pixels holds next to nothing.
const EMPTY_MILLIBITS: u64 = 7;
/// What the simple entropy coder of H.264 (CAVLC) takes for them even if there is nothing to say: 6
/// to 8 bits for each 256.
const CAVLC_MILLIBITS: u64 = 30;
/// What a slice's head takes at least, which says nothing of the picture.
const HEAD_LEAST_BYTES: u64 = 8;
/// Slices of a keyframe that are compared; one with more is never equal.
const MAX_SLICES: usize = 256;
/// The head of a slice, in which its place in time may stand, is not compared; what follows begins at
/// a whole byte in both codecs (except with [`is_cavlc`]).
const HEAD_BYTES: usize = 24;
/// Keyframes that follow faster than this count as other pictures.
const OFTENEST: Duration = Duration::from_millis(500);

/// What may be wrong with a picture that comes as it should. Closed; words are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suspected {
    /// It stands still: the same again and again.
    Frozen,
    /// It is black, or of one colour.
    Black,
}

impl Suspected {
    /// The word that stands for it outside.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Frozen => "frozen",
            Self::Black => "black",
        }
    }
}

/// A suspicion about what a camera shows. It is no gap: what comes is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Suspicion {
    /// What may be wrong.
    pub what: Suspected,
    /// Since when it looks so.
    pub since: WallTime,
    /// How sure that is, in percent: from 50 (look at it) to 99.
    pub sure_percent: u8,
}

/// A slice of a keyframe: its length, and its hash if there was reason to take it.
#[derive(Debug, Clone, Copy)]
struct Slice {
    length: u64,
    hash: Option<u64>,
}

/// What a keyframe or its group says of a suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    For,
    Nothing,
    Against,
}

impl Says {
    const fn by(is_so: bool) -> Self {
        if is_so { Self::For } else { Self::Against }
    }
}

/// How many groups spoke for a suspicion since one spoke against it, and since when.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    groups: u32,
    since: Option<WallTime>,
}

impl Run {
    fn go_on(&mut self, says: Says, wall: WallTime) {
        match says {
            Says::Against => *self = Self::default(),
            Says::Nothing | Says::For => {
                self.since.get_or_insert(wall);
                self.groups = self.groups.saturating_add(u32::from(says == Says::For));
            }
        }
    }

    /// Since when, if there were so many.
    fn of(self, groups: u32) -> Option<WallTime> {
        self.since.filter(|_| self.groups >= groups)
    }
}

/// Watches the sizes of one feed's pictures.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    codec: Option<Codec>,
    /// A keyframe of fewer bits holds next to nothing.
    empty_millibits: u64,
    /// Keyframes that differ, at most [`VARIANTS`], the last seen first.
    variants: Vec<Vec<Slice>>,
    /// Of the newest keyframe.
    length: u64,
    at: Option<(Elapsed, WallTime)>,
    /// Of the pictures since.
    inter_bytes: u64,
    inter_frames: u64,
    /// Keyframes equal to one before, in all slices.
    whole: Run,
    /// And in most of their bytes.
    mostly: Run,
    steady: Run,
    empty: Run,
}

impl Watch {
    /// What follows is coded anew: nothing before is compared with.
    pub(crate) fn begin(&mut self, config: &VideoConfig) {
        let pixels = u64::from(config.width) * u64::from(config.height);
        let least = if is_cavlc(config) { CAVLC_MILLIBITS } else { 0 };
        let empty_millibits = pixels * (least + EMPTY_MILLIBITS);
        *self = Self { codec: Some(config.codec), empty_millibits, ..Self::default() };
    }

    /// Forgets what was seen, since nothing comes.
    pub(crate) fn forget(&mut self) {
        let Self { codec, empty_millibits, .. } = *self;
        *self = Self { codec, empty_millibits, ..Self::default() };
    }

    /// Takes note of a picture as a [`crate::camera::CameraSink`] is given it; `wall` is when it was
    /// taken. True if it was looked at, so that the suspicion may have changed.
    pub(crate) fn picture(
        &mut self,
        bytes: &[u8],
        keyframe: bool,
        arrived: Elapsed,
        wall: WallTime,
    ) -> bool {
        let Some(codec) = self.codec else { return false };
        let is_early = self.at.is_some_and(|(last, _)| arrived.since(last) < OFTENEST);
        if keyframe && !is_early {
            self.keyframe(codec, bytes, arrived, wall);
            return true;
        }
        self.inter_frames += 1;
        self.inter_bytes += slices(codec, bytes).map(|slice| slice.len() as u64).sum::<u64>();
        false
    }

    fn keyframe(&mut self, codec: Codec, bytes: &[u8], arrived: Elapsed, wall: WallTime) {
        let before = self.length;
        let since = self.at.replace((arrived, wall)).map_or(wall, |(_, wall)| wall);
        let [whole, mostly] = self.compare(codec, bytes);
        self.whole.go_on(whole, since);
        self.mostly.go_on(mostly, since);
        let is_as_long = self.length.abs_diff(before) * STEADY_PART < before;
        let was_small = self.inter_bytes * SMALL_PART < self.inter_frames * before;
        self.steady.go_on(Says::by(is_as_long && was_small), since);
        let heads = HEAD_LEAST_BYTES * self.variants.first().map_or(0, Vec::len) as u64;
        let said = self.length.saturating_sub(heads);
        let is_empty = self.length > 0 && said * 8000 < self.empty_millibits;
        self.empty.go_on(Says::by(is_empty), wall);
        (self.inter_bytes, self.inter_frames) = (0, 0);
    }

    /// Holds a keyframe against those before and keeps it: whether it is equal to one of them as a
    /// whole, and in most of its bytes. One that is only about as long as the last says nothing.
    fn compare(&mut self, codec: Codec, bytes: &[u8]) -> [Says; 2] {
        let mut now = Vec::new();
        let (mut length, mut near, mut equal) = (0, 0, [0; VARIANTS]);
        for (at, slice) in slices(codec, bytes).enumerate() {
            let slice_length = slice.len() as u64;
            length += slice_length;
            if at >= MAX_SLICES {
                continue;
            }
            let last = self.variants.first().and_then(|last| last.get(at));
            if last.is_some_and(|last| last.length.abs_diff(slice_length) <= NEAR_BYTES) {
                near += slice_length;
            }
            let mut taken = None;
            for (variant, equal) in self.variants.iter().zip(&mut equal) {
                if let Some(twin) = variant.get(at).filter(|twin| twin.length == slice_length) {
                    // Without a twin none is taken: it is the next one that can be compared.
                    let hash = *taken.get_or_insert_with(|| hash(slice));
                    *equal += if twin.hash == Some(hash) { slice_length } else { 0 };
                }
            }
            now.push(Slice { length: slice_length, hash: taken });
        }
        self.length = length;
        if let Some(same) = equal.iter().position(|equal| length > 0 && *equal == length) {
            self.variants[..=same].rotate_right(1);
        } else {
            self.variants.truncate(VARIANTS - 1);
            self.variants.insert(0, now);
        }
        [(100, VARIANTS), (MOST_PERCENT, MOST_VARIANTS)].map(|(percent, variants)| {
            let holds = |bytes: u64| length > 0 && bytes * 100 >= length * percent;
            match (holds(near), equal.into_iter().take(variants).any(holds)) {
                (true, true) => Says::For,
                (true, false) => Says::Nothing,
                (false, _) => Says::Against,
            }
        })
    }

    /// What may be wrong, as far as sizes say.
    pub(crate) fn suspicion(&self) -> Option<Suspicion> {
        let said = |what, since, sure_percent| Suspicion { what, since, sure_percent };
        let whole = self.whole.of(EQUAL_KEYFRAMES);
        if let Some(since) = self.empty.of(EMPTY_KEYFRAMES) {
            // A dark room is as empty; only that nothing stirs in it makes a covered lens likelier.
            let sure_percent = if whole.is_some() { 90 } else { 70 };
            return Some(said(Suspected::Black, since, sure_percent));
        }
        let mostly = self.mostly.of(EQUAL_KEYFRAMES);
        let steady = self.steady.of(STEADY_GROUPS);
        whole
            .map(|since| said(Suspected::Frozen, since, 99))
            .or_else(|| mostly.map(|since| said(Suspected::Frozen, since, 90)))
            .or_else(|| steady.map(|since| said(Suspected::Frozen, since, 50)))
    }
}

/// The parts of a picture that hold the picture itself: no padding, which makes all pictures of a
/// constant rate as long, and no notes, in which a camera counts.
fn slices(codec: Codec, mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (unit, rest) = rest.split_at_checked(length)?;
        bytes = rest;
        Some(unit)
    })
    .filter(move |unit| match (codec, unit.first()) {
        (Codec::H264, Some(first)) => (1..=5).contains(&(first & 0x1f)),
        (Codec::H265, Some(first)) => first >> 1 & 0x3f < 32,
        (_, None) => false,
    })
}

/// Whether a picture's parameter set (ITU-T H.264, 7.3.2.2) asks for the simple entropy coder.
fn is_cavlc(config: &VideoConfig) -> bool {
    let flag = || {
        // The record (ISO/IEC 14496-15, 5.3.3.1): five bytes, then one set of each kind.
        let [sps_high, sps_low] = *config.record.get(6..)?.first_chunk()?;
        let pps = config.record.get(8 + usize::from(u16::from_be_bytes([sps_high, sps_low]))..)?;
        let bits = u64::from_be_bytes(*[pps.get(4..)?, &[0; 8]].concat().first_chunk()?);
        // Two numbers, each behind as many zeros as it has digits after its first; then the flag.
        let numbers = (0..2)
            .fold(bits, |bits, _| bits.checked_shl(bits.leading_zeros() * 2 + 1).unwrap_or(0));
        Some(numbers >> 63 == 0)
    };
    config.codec == Codec::H264 && flag().unwrap_or(false)
}

/// Of a slice without its head.
fn hash(slice: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(slice.get(HEAD_BYTES..).unwrap_or(&[]));
    hasher.finish()
}

#[cfg(test)]
#[path = "suspicion_tests.rs"]
mod tests;
