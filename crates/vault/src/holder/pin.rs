//! PINs come from a file that is its owner's alone, each time that they are needed: never from the
//! configuration, never kept, never logged.

use std::path::Path;

use zeroize::Zeroizing;

use super::HolderError;

pub(super) fn pin(path: &Path, most_bytes: usize) -> Result<Zeroizing<String>, HolderError> {
    host::private_line(path, most_bytes)
        .map_err(|error| HolderError::Pin { path: path.to_owned(), reason: error.to_string() })
}
