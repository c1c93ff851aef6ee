//! The journal: one append-only file for each year, the place where an entry becomes durable.
//!
//! A frame is: entry length u32 LE, record length u32 LE, SHA-256 of what follows and of the two
//! lengths (32), the entry, the sealed record. Tiles and checkpoints are made from it and can be
//! made again. One sync acknowledges a whole batch.
//!
//! After a crash the last frames may be torn: they were never acknowledged and are cut away. What
//! was signed for in a checkpoint can not be torn; if it is, the ledger does not start.

use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use host::{File, Fs, FsError, FsResult};

use crate::Entry;

const HEAD_BYTES: usize = 40;
/// Longest sealed record: an account of every camera of the largest body known fits many times.
const MAX_RECORD_BYTES: usize = 1 << 20;

/// A frame as it was found or is to be written.
pub(crate) struct Frame {
    pub(crate) entry: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

/// The open journal of a year.
pub(crate) struct Journal {
    file: Box<dyn File>,
    end: u64,
}

impl Journal {
    /// Opens or makes the journal and hands every whole frame to `each` with its offset. Torn bytes
    /// after the last whole frame are cut away when `expected` frames are there without them.
    pub(crate) fn open(
        fs: &dyn Fs,
        path: &Path,
        expected: u64,
        mut each: impl FnMut(u64, Frame),
    ) -> FsResult<Self> {
        if !fs.exists(path)? {
            let file = fs.create(path)?;
            file.sync()?;
            fs.sync_folder(path.parent().unwrap_or(Path::new(".")))?;
            return Ok(Self { file, end: 0 });
        }
        let file = fs.open(path)?;
        let length = file.len()?;
        let (mut end, mut frames) = (0, 0);
        while let Some((frame, next)) = read_frame(&*file, end, length)? {
            each(end, frame);
            end = next;
            frames += 1;
        }
        let is_torn = end < length && frames >= expected;
        if is_torn {
            file.set_len(end)?;
        }
        if is_torn || frames > expected {
            // A process that ended between writing and syncing left what nobody may build on yet.
            file.sync()?;
        }
        if frames == 0 {
            // One that ended after making the file may not have synced its name.
            file.sync()?;
            fs.sync_folder(path.parent().unwrap_or(Path::new(".")))?;
        }
        Ok(Self { file, end })
    }

    /// Appends frames and syncs once; gives their offsets. After an error nothing is known about
    /// what is on the disk, and the caller must stop acknowledging for good.
    pub(crate) fn append(&mut self, frames: &[Frame]) -> FsResult<Vec<u64>> {
        let mut bytes = Vec::new();
        let mut offsets = Vec::with_capacity(frames.len());
        for frame in frames {
            offsets.push(self.end + bytes.len() as u64);
            bytes.extend_from_slice(&(frame.entry.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&(frame.sealed.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&checksum(&frame.entry, &frame.sealed));
            bytes.extend_from_slice(&frame.entry);
            bytes.extend_from_slice(&frame.sealed);
        }
        self.file.write_at(self.end, &bytes)?;
        self.file.sync()?;
        self.end += bytes.len() as u64;
        Ok(offsets)
    }
}

/// One frame at an offset, and where the next begins; `None` where no whole frame begins.
pub(crate) fn read_frame(
    file: &dyn File,
    offset: u64,
    length: u64,
) -> FsResult<Option<(Frame, u64)>> {
    if offset + HEAD_BYTES as u64 > length {
        return Ok(None);
    }
    let mut head = [0; HEAD_BYTES];
    file.read_at(offset, &mut head)?;
    let number =
        |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes")) as usize;
    let (entry_bytes, sealed_bytes) = (number(0), number(4));
    if entry_bytes == 0 || entry_bytes > Entry::MAX_BYTES || sealed_bytes > MAX_RECORD_BYTES {
        return Ok(None);
    }
    let next = offset + (HEAD_BYTES + entry_bytes + sealed_bytes) as u64;
    if next > length {
        return Ok(None);
    }
    let mut entry = vec![0; entry_bytes];
    file.read_at(offset + HEAD_BYTES as u64, &mut entry)?;
    let mut sealed = vec![0; sealed_bytes];
    file.read_at(offset + (HEAD_BYTES + entry_bytes) as u64, &mut sealed)?;
    if checksum(&entry, &sealed) != head[8..] {
        return Ok(None);
    }
    Ok(Some((Frame { entry, sealed }, next)))
}

/// Reads the frame that is known to begin at `offset`.
pub(crate) fn read_known(fs: &dyn Fs, path: &Path, offset: u64) -> FsResult<Frame> {
    let file = fs.open_read(path)?;
    let length = file.len()?;
    read_frame(&*file, offset, length)?.map(|(frame, _)| frame).ok_or_else(|| FsError {
        doing: "read an entry that was whole before from",
        path: path.to_owned(),
        source: std::io::ErrorKind::InvalidData.into(),
    })
}

fn checksum(entry: &[u8], sealed: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(&(entry.len() as u32).to_le_bytes());
    context.update(&(sealed.len() as u32).to_le_bytes());
    context.update(entry);
    context.update(sealed);
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::Disk;

    fn frame(text: &str) -> Frame {
        Frame { entry: text.as_bytes().to_vec(), sealed: vec![9; 3] }
    }

    fn texts(path: &Path, expected: u64) -> Vec<String> {
        let mut found = Vec::new();
        Journal::open(&Disk, path, expected, |_, frame| {
            found.push(String::from_utf8(frame.entry).unwrap());
        })
        .unwrap();
        found
    }

    #[test]
    fn a_torn_tail_is_cut_at_every_length_and_nothing_else_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&Disk, &path, 0, |_, _| ()).unwrap();
        journal.append(&[frame("one"), frame("two")]).unwrap();
        let whole = journal.end;
        journal.append(&[frame("three")]).unwrap();
        let bytes = Disk.read(&path, 1 << 20).unwrap();
        for length in whole..journal.end {
            std::fs::write(&path, &bytes[..usize::try_from(length).unwrap()]).unwrap();
            assert_eq!(texts(&path, 2), ["one", "two"], "cut to {length}");
            assert_eq!(Disk.read(&path, 1 << 20).unwrap().len() as u64, whole);
        }
    }

    #[test]
    fn what_was_signed_for_is_never_cut_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&Disk, &path, 0, |_, _| ()).unwrap();
        journal.append(&[frame("one"), frame("two")]).unwrap();
        let mut bytes = Disk.read(&path, 1 << 20).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(texts(&path, 2), ["one"]);
        assert_eq!(Disk.read(&path, 1 << 20).unwrap().len(), bytes.len());
    }
}
