//! Which cipher a reel is sealed with.

/// The cipher, with its key of 32 bytes, its nonce of 12 and its tag of 16.
///
/// Every header carries the suite, so that another can come without a change of format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Suite {
    /// AES-256-GCM (NIST SP 800-38D).
    Aes256Gcm = 1,
}

/// The number that ARIA-256-GCM (RFC 5794, RFC 9367) will have; not built yet.
const ARIA_256_GCM: u16 = 2;

/// A suite that this version cannot open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SuiteError {
    /// Foreseen by the format, not built yet.
    #[error(
        "sealed with ARIA-256-GCM (suite 2), which this version of Jikim cannot open; use a later one"
    )]
    Aria256Gcm,
    /// Unknown.
    #[error("sealed with suite {0}, which this version of Jikim does not know; use a later one")]
    Unknown(u16),
}

impl Suite {
    /// Its number in every header.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The suite that a number stands for.
    ///
    /// # Errors
    /// If this version cannot open it.
    pub const fn from_number(number: u16) -> Result<Self, SuiteError> {
        match number {
            1 => Ok(Self::Aes256Gcm),
            ARIA_256_GCM => Err(SuiteError::Aria256Gcm),
            other => Err(SuiteError::Unknown(other)),
        }
    }
}
