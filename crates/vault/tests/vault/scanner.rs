//! Whether a key lies somewhere: the inspector's own scanner (`jikim-verify disk`), over files, raw
//! disks and memory. Every window of 32 bytes at every offset, and the other usual forms of a key.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use verify::disk::{Commitments, Form, OVERLAP_BYTES, Owner, scan};

const PIECE_BYTES: usize = 1 << 16;
static ZEROS: [u8; 4096] = [0; 4096];

/// Commitments to keys, each with a name for whoever reads what was found.
pub(crate) struct Wanted {
    names: BTreeMap<[u8; 32], String>,
    commitments: Commitments,
}

/// Where each key that was found lies first, by the key's name.
pub(crate) type Found = BTreeMap<String, String>;

impl Wanted {
    pub(crate) fn new(keys: &BTreeMap<String, [u8; 32]>) -> Self {
        let names: BTreeMap<[u8; 32], String> =
            keys.iter().map(|(name, sum)| (*sum, name.clone())).collect();
        let owners = names.keys().zip(0..).map(|(sum, at)| (*sum, (Owner::VaultKey(at), true)));
        let commitments = Commitments::new(owners.collect());
        Self { names, commitments }
    }

    /// Looks through bytes that lie at `base` of `place`.
    pub(crate) fn look(&self, bytes: &[u8], base: u64, place: &str, found: &mut Found) {
        // Of what is empty nothing is looked at twice: zeros are most of a disk.
        if bytes.chunks(ZEROS.len()).all(|part| part == &ZEROS[..part.len()]) {
            return;
        }
        let hits = scan(bytes, base, bytes.len(), &Form::ALL, &self.commitments).hits;
        for hit in hits {
            let lies = format!("lies at {} of {place}, as {}", hit.at, hit.form.text());
            found.entry(self.names[&hit.commitment].clone()).or_insert(lies);
        }
    }

    /// Looks through a file of any size, from end to end.
    pub(crate) fn look_through(&self, file: &File, path: &Path, found: &mut Found) {
        let (length, place) = (file.metadata().unwrap().len(), path.display().to_string());
        let mut bytes = vec![0; PIECE_BYTES + OVERLAP_BYTES];
        for base in (0..length).step_by(PIECE_BYTES) {
            let have = usize::try_from(length - base).unwrap().min(bytes.len());
            file.read_exact_at(&mut bytes[..have], base).unwrap();
            self.look(&bytes[..have], base, &place, found);
        }
    }
}
