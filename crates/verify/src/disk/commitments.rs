//! The commitments that a scan looks for, so that a look-up costs less than the hash before it.

use std::collections::BTreeMap;
use std::fmt;

use domain::BucketId;

use crate::ledger::{History, KeyLine};
use crate::record_root::RecordRoot;
use crate::sha256;

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A bucket of footage.
    Bucket(BucketId),
    /// A minute that outlives, or outlived, its bucket: counted from 1970.
    Minute(BucketId, i64),
    /// The vault key of an epoch.
    VaultKey(u64),
    /// What seals the records behind a month's entries.
    RecordRoot(RecordRoot),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bucket(bucket) => write!(f, "bucket {bucket}"),
            Self::Minute(bucket, minute) => write!(f, "minute {minute} of bucket {bucket}"),
            Self::RecordRoot(root) => write!(f, "{root}"),
            Self::VaultKey(epoch) => write!(f, "vault key of epoch {epoch}"),
        }
    }
}

impl Owner {
    fn of(line: &KeyLine) -> Self {
        match line.minute {
            None => Self::Bucket(line.bucket),
            Some(minute) => Self::Minute(line.bucket, minute),
        }
    }
}

/// All commitments of a ledger.
pub struct Commitments {
    known: BTreeMap<[u8; 32], (Owner, bool)>,
    /// Two bits for each commitment, by the first bits of its first and of its second word.
    filter: Vec<u64>,
    shift: u32,
    /// For each byte, whether a key of 32 such bytes is known. Nobody draws one, and zeros are most of
    /// a disk.
    constant: [bool; 256],
}

/// Bits of the filter for each commitment, so that one hash in sixty or fewer passes it by chance. A
/// larger one lets fewer pass and no longer fits the caches, which costs more.
const BITS_EACH: u64 = 16;

impl Commitments {
    /// Those of the ledger: destroyed are the buckets of its lists of what was destroyed, the vault
    /// keys of the epochs named there, and the record roots that are said to be.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let mut known = BTreeMap::new();
        for line in history.made.iter().flat_map(|list| &list.keys) {
            known.insert(line.sha256, (Owner::of(line), false));
        }
        for line in history.destroyed.iter().flat_map(|gone| &gone.list.keys) {
            known.insert(line.sha256, (Owner::of(line), true));
        }
        for key in &history.vault_keys {
            let gone = history.destroyed.iter().any(|gone| gone.epoch == key.epoch);
            known.insert(key.sha256, (Owner::VaultKey(key.epoch), gone));
        }
        for (root, sha256, gone) in history.record_roots.all() {
            known.insert(sha256, (Owner::RecordRoot(root), gone));
        }
        Self::new(known)
    }

    /// Any commitments, each with its owner and whether its key is destroyed.
    #[must_use]
    pub fn new(known: BTreeMap<[u8; 32], (Owner, bool)>) -> Self {
        let bits = (known.len() as u64 * BITS_EACH).next_power_of_two().clamp(1 << 12, 1 << 28);
        let shift = 32 - bits.ilog2();
        let mut filter = vec![0; usize::try_from(bits / 64).expect("at most 2^22")];
        for commitment in known.keys() {
            for word in first_words(commitment) {
                let (word, bit) = place(word, shift);
                filter[word] |= bit;
            }
        }
        let constant =
            std::array::from_fn(|byte| known.contains_key(&sha256(&[low_byte(byte); 32])));
        Self { known, filter, shift, constant }
    }

    /// Whether some commitment may begin with these two words: false is certain.
    #[inline]
    #[must_use]
    pub fn may_have(&self, words: [u32; 2]) -> bool {
        words.iter().all(|&word| {
            let (word, bit) = place(word, self.shift);
            self.filter[word] & bit != 0
        })
    }

    /// Whether there is this commitment.
    #[must_use]
    pub fn has(&self, commitment: &[u8; 32]) -> bool {
        self.known.contains_key(commitment)
    }

    /// Whether a window of one byte alone has to be looked at.
    #[inline]
    #[must_use]
    pub fn has_constant(&self, byte: u8) -> bool {
        self.constant[usize::from(byte)]
    }

    /// Whose key it is.
    #[must_use]
    pub fn owner(&self, commitment: &[u8; 32]) -> Option<Owner> {
        self.known.get(commitment).map(|&(owner, _)| owner)
    }

    /// Whether its key was said to be destroyed.
    #[must_use]
    pub fn is_destroyed(&self, commitment: &[u8; 32]) -> bool {
        self.known.get(commitment).is_some_and(|&(_, gone)| gone)
    }

    /// The buckets whose keys were said to be destroyed.
    pub fn destroyed_buckets(&self) -> impl Iterator<Item = BucketId> {
        self.known.values().filter_map(|known| match known {
            (Owner::Bucket(bucket), true) => Some(*bucket),
            _ => None,
        })
    }

    /// The minutes that outlive their buckets.
    pub fn kept_minutes(&self) -> impl Iterator<Item = (BucketId, i64)> {
        self.known.values().filter_map(|known| match known {
            (Owner::Minute(bucket, minute), false) => Some((*bucket, *minute)),
            _ => None,
        })
    }

    /// How many destroyed and how many other keys.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let destroyed = self.known.values().filter(|(_, gone)| *gone).count();
        (destroyed, self.known.len() - destroyed)
    }

    /// One hash for the whole set, by which a scan that goes on knows that it is the same.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut all = Vec::with_capacity(self.known.len() * 33);
        for (commitment, (_, gone)) in &self.known {
            all.extend_from_slice(commitment);
            all.push(u8::from(*gone));
        }
        sha256(&all)
    }
}

fn first_words(commitment: &[u8; 32]) -> [u32; 2] {
    let (words, _) = commitment.as_chunks::<4>();
    [u32::from_be_bytes(words[0]), u32::from_be_bytes(words[1])]
}

#[inline]
const fn place(first_word: u32, shift: u32) -> (usize, u64) {
    let at = first_word >> shift;
    ((at >> 6) as usize, 1 << (at & 63))
}

fn low_byte(at: usize) -> u8 {
    u8::try_from(at).expect("below 256")
}
