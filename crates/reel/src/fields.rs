//! Fixed little-endian fields, read with a limit on everything and written in the same order.

use domain::{CameraId, Feed, FeedKind, Id, WallTime};

/// A field holds what it may not hold, or is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the {part} is not as the format asks: {field}")]
pub struct FormatError {
    /// Which structure.
    pub part: &'static str,
    /// What is wrong with which field.
    pub field: &'static str,
}

/// Takes fields off the front of bytes.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
    part: &'static str,
}

impl<'a> Fields<'a> {
    pub(crate) const fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { rest: bytes, part }
    }

    pub(crate) const fn unfit(&self, field: &'static str) -> FormatError {
        FormatError { part: self.part, field }
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'a [u8], FormatError> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or(self.unfit("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(self.unfit("it ends too early"))?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, FormatError> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, FormatError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, FormatError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, FormatError> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, FormatError> {
        self.array().map(i32::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Result<i64, FormatError> {
        self.array().map(i64::from_le_bytes)
    }

    pub(crate) fn id<K>(&mut self) -> Result<Id<K>, FormatError> {
        self.array().map(Id::from_bytes)
    }

    /// A moment; one that [`WallTime`] would have to bring in is refused, since it would not be
    /// written back as the same bytes.
    pub(crate) fn wall_time(&mut self) -> Result<WallTime, FormatError> {
        let micros = self.i64()?;
        let moment = WallTime::from_micros(micros);
        if moment.as_micros() == micros {
            Ok(moment)
        } else {
            Err(self.unfit("a moment lies outside 1970 to 9999"))
        }
    }

    /// Reserved bytes: a reader that let them pass would misread a later version.
    pub(crate) fn zeros(&mut self, count: usize) -> Result<(), FormatError> {
        if self.bytes(count)?.iter().all(|&byte| byte == 0) {
            Ok(())
        } else {
            Err(self.unfit("reserved bytes are not zero"))
        }
    }

    /// How many of something follow; a limit keeps what is then reserved small.
    pub(crate) fn count(
        &mut self,
        limit: usize,
        complaint: &'static str,
    ) -> Result<usize, FormatError> {
        usize::try_from(self.u32()?)
            .ok()
            .filter(|&count| count <= limit)
            .ok_or(self.unfit(complaint))
    }

    pub(crate) fn feed(&mut self) -> Result<Feed, FormatError> {
        let camera: CameraId = self.id()?;
        let kind = match self.u8()? {
            1 => FeedKind::Main,
            2 => FeedKind::Sub,
            _ => return Err(self.unfit("unknown kind of feed")),
        };
        Ok(Feed { camera, kind })
    }

    pub(crate) const fn end(&self) -> Result<(), FormatError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.unfit("bytes follow its end")) }
    }
}

/// A feed as 17 bytes: camera, then 1 for main or 2 for sub.
pub(crate) fn feed_bytes(feed: Feed) -> [u8; 17] {
    let mut bytes = [0; 17];
    bytes[..16].copy_from_slice(feed.camera.as_bytes());
    bytes[16] = match feed.kind {
        FeedKind::Main => 1,
        FeedKind::Sub => 2,
    };
    bytes
}

/// A moment as 8 bytes.
pub(crate) const fn wall_time_bytes(moment: WallTime) -> [u8; 8] {
    moment.as_micros().to_le_bytes()
}

/// A length that a limit of the format keeps below 4 GiB.
pub(crate) fn length_u32(length: usize) -> u32 {
    u32::try_from(length).expect("every length of the format is limited below 4 GiB")
}
