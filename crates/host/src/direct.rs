//! A file that only grows, written past the page cache.
//!
//! A recorder writes as much as the disk takes and reads almost none of it again: through the page
//! cache each byte would be copied once more, and push out what others need. Measured (60 MB/s,
//! one sync a second): 0.9 % of a core in place of 5.7 %, a sync of 2 ms in place of 60.
//!
//! Such writes go in whole blocks. So the last block, which is seldom full, is written padded with
//! zeros and written again, longer, with what follows: its beginning is the same bytes each time.
//! What was written can be read at once; until [`File::set_len`] the file is up to a block too long.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::OFlags;

use crate::blocks::BLOCK_BYTES;
use crate::{Blocks, File, FsError, FsResult};

/// Written at once of what is not in [`Blocks`].
const STAGE_BYTES: usize = 1 << 20;

pub(crate) struct DirectFile {
    file: fs::File,
    path: PathBuf,
    end: Mutex<End>,
}

/// Where the file ends.
struct End {
    /// Where its last block begins.
    block_at: u64,
    /// What is in its last block; shorter than a block.
    tail: Vec<u8>,
    /// Made when it is needed: mostly [`Blocks`] are written, from where they are.
    stage: Option<Stage>,
}

/// Memory that begins at a block's boundary.
struct Stage {
    bytes: Vec<u8>,
    base: usize,
}

impl Stage {
    fn new() -> Self {
        let bytes = vec![0; STAGE_BYTES + BLOCK_BYTES];
        // It stays where it is: the vector never grows. Memory that cannot be aligned is refused by
        // the first write, which then goes through the page cache.
        let base = bytes.as_ptr().align_offset(BLOCK_BYTES).min(BLOCK_BYTES);
        Self { bytes, base }
    }

    fn block_range(&mut self, length: usize) -> &mut [u8] {
        &mut self.bytes[self.base..self.base + length]
    }
}

impl DirectFile {
    /// Makes a file that must not be there yet, mode 0600; `None` if its file system does not write
    /// like this.
    pub(crate) fn create(path: &Path) -> FsResult<Option<Self>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        options.custom_flags(OFlags::DIRECT.bits().cast_signed());
        match options.open(path) {
            Ok(file) => {
                let end = End { block_at: 0, tail: Vec::new(), stage: None };
                Ok(Some(Self { file, path: path.to_owned(), end: Mutex::new(end) }))
            }
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => {
                Err(FsError { doing: "create", path: path.to_owned(), source: error })
            }
            Err(_) => match fs::remove_file(path) {
                // Some systems make the name before they refuse.
                Ok(()) => Ok(None),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(source) => Err(FsError { doing: "unlink", path: path.to_owned(), source }),
            },
        }
    }

    fn at<T>(&self, doing: &'static str, result: io::Result<T>) -> FsResult<T> {
        result.map_err(|source| FsError { doing, path: self.path.clone(), source })
    }

    /// Writes whole blocks.
    fn write_whole(&self, blocks: &[u8], offset: u64) -> io::Result<()> {
        match self.file.write_all_at(blocks, offset) {
            // A disk of larger blocks, or a file system that takes such a file and not its writes.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                let flags = rustix::fs::fcntl_getfl(&self.file)?;
                rustix::fs::fcntl_setfl(&self.file, flags - OFlags::DIRECT)?;
                self.file.write_all_at(blocks, offset)
            }
            written => written,
        }
    }

    fn append(&self, end: &mut End, mut bytes: &[u8]) -> io::Result<()> {
        let mut stage = end.stage.take().unwrap_or_else(Stage::new);
        while !bytes.is_empty() {
            let kept = end.tail.len();
            let (now, later) = bytes.split_at(bytes.len().min(STAGE_BYTES - kept));
            let filled = kept + now.len();
            let length = filled.next_multiple_of(BLOCK_BYTES);
            let blocks = stage.block_range(length);
            blocks[..kept].copy_from_slice(&end.tail);
            blocks[kept..filled].copy_from_slice(now);
            blocks[filled..].fill(0);
            self.write_whole(blocks, end.block_at)?;
            let whole = filled - filled % BLOCK_BYTES;
            end.tail.clear();
            end.tail.extend_from_slice(&blocks[whole..filled]);
            end.block_at += whole as u64;
            bytes = later;
        }
        end.stage = Some(stage);
        Ok(())
    }
}

impl End {
    const fn length(&self) -> u64 {
        self.block_at + self.tail.len() as u64
    }
}

impl File for DirectFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        if offset != end.length() {
            let source = io::Error::new(io::ErrorKind::InvalidInput, "it only grows at its end");
            return self.at("write", Err(source));
        }
        let written = self.append(&mut end, bytes);
        self.at("write", written)
    }

    fn write_blocks(&self, blocks: &mut Blocks) -> FsResult<()> {
        {
            let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
            if blocks.fresh_at() == end.length()
                && let Some(written) = blocks.padded(|bytes, at| self.write_whole(bytes, at))
            {
                self.at("write", written)?;
                let (tail, block_at) = blocks.last_block();
                end.tail.clear();
                end.tail.extend_from_slice(tail);
                end.block_at = block_at;
                return Ok(());
            }
        }
        self.write_at(blocks.fresh_at(), blocks.fresh())
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        let read = fs::File::open(&self.path).and_then(|file| file.read_exact_at(bytes, offset));
        self.at("read", read)
    }

    fn len(&self) -> FsResult<u64> {
        Ok(self.end.lock().unwrap_or_else(PoisonError::into_inner).length())
    }

    /// Only to where it ends: takes the padding away. Nothing can be written after that.
    fn set_len(&self, length: u64) -> FsResult<()> {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        if length != end.length() {
            let source = io::Error::new(io::ErrorKind::InvalidInput, "it only grows at its end");
            return self.at("set the length of", Err(source));
        }
        self.at("set the length of", self.file.set_len(length))
    }

    fn sync(&self) -> FsResult<()> {
        self.at("sync", self.file.sync_data())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Disk, Fs as _};

    #[test]
    fn what_grows_in_pieces_of_any_length_is_read_at_once_and_whole_at_the_end() {
        // Beside the crate, for temporary folders may lie in memory, which has no such writes.
        let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        let path = folder.path().join("reel");
        let file = Disk.create_streamed(&path).unwrap();
        let mut whole = Vec::new();
        for (number, length) in [1, 511, 3584, 4096, 0, 5000, 3 << 20, 7].into_iter().enumerate() {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 253) as u8 ^ number as u8).collect();
            file.write_at(whole.len() as u64, &bytes).unwrap();
            whole.extend_from_slice(&bytes);
            let mut seen = vec![0; whole.len()];
            file.read_at(0, &mut seen).unwrap();
            assert!(seen == whole && file.len().unwrap() == whole.len() as u64, "{length}");
        }
        // The same in blocks, of which the second has less room than is put in.
        let mut blocks = Blocks::with_capacity(1 << 20);
        blocks.begin(&whole);
        for (number, length) in [5000, 1 << 20, 4 << 20, 3, 4096].into_iter().enumerate() {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 249) as u8 ^ number as u8).collect();
            blocks.out().extend_from_slice(&bytes);
            assert!(blocks.fresh() == bytes && blocks.fresh_at() == whole.len() as u64);
            file.write_blocks(&mut blocks).unwrap();
            whole.extend_from_slice(&bytes);
            let mut seen = vec![0; whole.len()];
            file.read_at(0, &mut seen).unwrap();
            assert!(seen == whole && file.len().unwrap() == blocks.end(), "{length}");
            let mut next = Blocks::with_capacity(1 << 20);
            next.follow(&blocks);
            blocks = next;
        }
        file.write_at(whole.len() as u64, b"and as before").unwrap();
        whole.extend_from_slice(b"and as before");
        blocks.out().extend_from_slice(b"late");
        assert!(file.write_blocks(&mut blocks).is_err(), "it does not follow any more");
        file.sync().unwrap();
        file.set_len(whole.len() as u64).unwrap();
        file.sync().unwrap();
        drop(file);
        assert!(fs::read(&path).unwrap() == whole);
        assert!(Disk.create_streamed(&path).is_err(), "it is there already");
    }
}
