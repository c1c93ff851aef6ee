//! What ends a session of media.

use catalog::CatalogError;
use ledger::GrantEnded;
use vault::OpenFootageError;

use crate::fmp4::{ConfigError, FragmentError};

/// Why footage cannot be shown, or is shown no longer.
#[derive(Debug, thiserror::Error)]
pub enum PlaybackError {
    /// The grant ended: with it everything that it opened.
    #[error("the viewing has ended: {0}")]
    Ended(#[from] GrantEnded),
    /// The vault gives no picture.
    #[error("no picture could be opened: {0}")]
    Open(#[source] OpenFootageError),
    /// What the camera says about its pictures cannot be passed on.
    #[error("the camera's pictures cannot be played: {0}")]
    Config(#[from] ConfigError),
    /// A frame cannot be put into a fragment.
    #[error("a frame cannot be played: {0}")]
    Fragment(#[from] FragmentError),
    /// More footage than was asked for at most.
    #[error("the footage has more than {} MiB; take a shorter time", limit_bytes >> 20)]
    TooLong {
        /// Bytes at most.
        limit_bytes: usize,
    },
    /// The catalog does not answer.
    #[error("the catalog cannot say what was recorded: {0}")]
    Catalog(#[from] CatalogError),
}

impl From<OpenFootageError> for PlaybackError {
    fn from(error: OpenFootageError) -> Self {
        match error {
            OpenFootageError::Ended(ended) => Self::Ended(ended),
            other => Self::Open(other),
        }
    }
}

/// Why a loop ends.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody listens any more: the good end.
    ViewerGone,
    /// It cannot go on.
    Failed(PlaybackError),
}

impl Stop {
    /// How the whole session ends.
    pub(crate) fn into_result(self) -> Result<(), PlaybackError> {
        match self {
            Self::ViewerGone => Ok(()),
            Self::Failed(error) => Err(error),
        }
    }
}

impl<E: Into<PlaybackError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}
