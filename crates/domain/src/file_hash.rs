//! The SHA-256 of a file, by which it is called.

use std::fmt;
use std::str::FromStr;

/// SHA-256 of a file; outside 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash([u8; 32]);

impl FileHash {
    /// From what a hash function gave.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Why a text is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileHashError;

impl fmt::Display for FileHashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the SHA-256 of a file is written as 64 small hexadecimal digits")
    }
}

impl std::error::Error for FileHashError {}

impl FromStr for FileHash {
    type Err = FileHashError;

    fn from_str(text: &str) -> Result<Self, FileHashError> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(FileHashError),
        };
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_length| FileHashError)?;
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(hash))
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_in_one_way() {
        let text = "00ff".repeat(16);
        assert_eq!(text.parse::<FileHash>().unwrap().to_string(), text);
        for bad in ["", "00", &"00FF".repeat(16), &"0g".repeat(32), &"00".repeat(33)] {
            assert_eq!(bad.parse::<FileHash>(), Err(FileHashError), "{bad}");
        }
    }
}
