//! The memory of another process, as a core dump would have it.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

const PIECE_BYTES: usize = 1 << 20;

/// Shows everything that a process has in memory and did not only map from a file, piece by piece:
/// what it is of, where it begins, the bytes. Pieces overlap by `overlap_bytes`. Gives how many bytes
/// were shown.
///
/// # Panics
/// If the process is not there, or is somebody else's.
pub fn each_piece(
    process: u32,
    overlap_bytes: usize,
    mut look: impl FnMut(&str, u64, &[u8]),
) -> usize {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).expect("it runs");
    let memory = File::open(format!("/proc/{process}/mem")).expect("it is ours");
    let (mut bytes, mut shown) = (Vec::new(), 0);
    for line in maps.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (span, rights, name) = (words[0], words[1], words.get(5).copied().unwrap_or(""));
        if !rights.starts_with('r') || name.starts_with('/') && !rights.contains('w') {
            continue;
        }
        let number = |digits| u64::from_str_radix(digits, 16).expect("an address");
        let (from, to) = span.split_once('-').expect("two addresses");
        let (from, to) = (number(from), number(to));
        for at in (from..to).step_by(PIECE_BYTES) {
            let end = to.min(at + (PIECE_BYTES + overlap_bytes) as u64);
            bytes.resize(usize::try_from(end - at).expect("a piece is short"), 0);
            // The kernel's own pages ([vvar]) cannot be read, nor what was given back meanwhile.
            if memory.read_exact_at(&mut bytes, at).is_ok() {
                shown += bytes.len();
                look(&format!("{rights} {name}"), at, &bytes);
            }
        }
    }
    shown
}
