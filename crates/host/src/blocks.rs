//! Memory in which the end of a growing file is put together, so that it is written from where it is.
//!
//! A write past the page cache goes from memory that begins at a block's boundary, in whole blocks.
//! So what is put together begins with what the file's last block holds already: that block is
//! written again, longer, and nothing is copied to make it fit.

/// What every disk and file system of today takes.
pub(crate) const BLOCK_BYTES: usize = 4096;

/// The end of a file that only grows: the beginning of its last block, which is in the file, and
/// what follows, which is not yet.
#[derive(Debug, Default)]
pub struct Blocks {
    /// The first `base` bytes are there so that the next begins at a block's boundary.
    bytes: Vec<u8>,
    base: usize,
    /// Where in the file the byte at `base` lies: at a block's boundary.
    offset_bytes: u64,
    /// How many of the bytes from `base` the file holds already.
    held: usize,
}

impl Blocks {
    /// For a file that holds nothing yet, with room for so many bytes. More makes the memory grow,
    /// and the write slower.
    #[must_use]
    pub fn with_capacity(length_bytes: usize) -> Self {
        let mut bytes: Vec<u8> = Vec::with_capacity(length_bytes + 3 * BLOCK_BYTES);
        // Memory that cannot be aligned is copied when it is written.
        let base = match bytes.as_ptr().align_offset(BLOCK_BYTES) {
            offset if offset < BLOCK_BYTES => offset,
            _ => 0,
        };
        bytes.resize(base, 0);
        Self { bytes, base, offset_bytes: 0, held: 0 }
    }

    /// Whether its memory is still that of [`with_capacity`](Self::with_capacity) of so many bytes.
    #[must_use]
    pub const fn has_kept(&self, length_bytes: usize) -> bool {
        // Growing doubles it at least.
        self.bytes.capacity() < 2 * (length_bytes + 3 * BLOCK_BYTES)
    }

    /// To append to. What is in it already must stay as it is.
    pub const fn out(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// What the file does not hold yet.
    #[must_use]
    pub fn fresh(&self) -> &[u8] {
        &self.bytes[self.base + self.held..]
    }

    /// Where in the file [`fresh`](Self::fresh) belongs: at its end.
    #[must_use]
    pub const fn fresh_at(&self) -> u64 {
        self.offset_bytes + self.held as u64
    }

    /// Where the file will end.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.fresh_at() + self.fresh().len() as u64
    }

    /// Makes this what follows in a file that holds `file`, all of it.
    pub fn begin(&mut self, file: &[u8]) {
        let held = file.len() % BLOCK_BYTES;
        self.put_held(&file[file.len() - held..], (file.len() - held) as u64);
    }

    /// Makes this what follows `before` in the same file.
    pub fn follow(&mut self, before: &Self) {
        let (held, offset_bytes) = before.last_block();
        self.put_held(held, offset_bytes);
    }

    fn put_held(&mut self, held: &[u8], offset_bytes: u64) {
        self.bytes.truncate(self.base);
        self.bytes.extend_from_slice(held);
        (self.offset_bytes, self.held) = (offset_bytes, held.len());
    }

    /// All of it as whole blocks, padded with zeros, and where they belong; `None` if its memory
    /// grew and does not begin at a block's boundary any more.
    pub(crate) fn padded<R>(&mut self, write: impl FnOnce(&[u8], u64) -> R) -> Option<R> {
        let filled = self.bytes.len();
        let length = (filled - self.base).next_multiple_of(BLOCK_BYTES);
        self.bytes.resize(self.base + length, 0);
        let blocks = &self.bytes[self.base..];
        let is_aligned = blocks.as_ptr().addr().is_multiple_of(BLOCK_BYTES);
        let written = is_aligned.then(|| write(blocks, self.offset_bytes));
        self.bytes.truncate(filled);
        written
    }

    /// The beginning of the file's last block when this is written, and where that block begins.
    pub(crate) fn last_block(&self) -> (&[u8], u64) {
        let end = self.end();
        let held = usize::try_from(end % BLOCK_BYTES as u64).expect("less than a block");
        (&self.bytes[self.bytes.len() - held..], end - held as u64)
    }
}
