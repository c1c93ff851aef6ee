//! Small files with a secret of the person who runs the machine, such as a PIN.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use zeroize::Zeroizing;

/// Why a private file cannot be used, as the end of a sentence. None says what is in it.
#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    /// The operating system refused.
    #[error("cannot be read: {0}")]
    Read(#[source] std::io::Error),
    /// Others may read it.
    #[error("may be read by others (mode {0:o}); make it its owner's alone: chmod 600")]
    Open(u32),
    /// It is not one line.
    #[error("must hold one line of 1 to {0} bytes")]
    Long(usize),
}

/// The one line of a file that nobody but its owner may read (mode 0600 or 0400).
///
/// # Errors
/// If it cannot be read, others may read it, or it is not one line of 1 to `most_bytes` bytes.
pub fn private_line(path: &Path, most_bytes: usize) -> Result<Zeroizing<String>, PrivateFileError> {
    let file = std::fs::File::open(path).map_err(PrivateFileError::Read)?;
    let mode = file.metadata().map_err(PrivateFileError::Read)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(PrivateFileError::Open(mode));
    }
    let mut text = Zeroizing::new(String::with_capacity(most_bytes + 2));
    let limit = most_bytes as u64 + 2;
    file.take(limit).read_to_string(&mut text).map_err(PrivateFileError::Read)?;
    let length = text.strip_suffix('\n').unwrap_or(&text).len();
    text.truncate(length);
    if length == 0 || length > most_bytes || text.contains('\n') {
        return Err(PrivateFileError::Long(most_bytes));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_others_may_read_is_refused_and_never_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pin");
        let set = |text: &str, mode: u32| {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            private_line(&path, 8)
        };
        assert_eq!(*set("12345678\n", 0o600).unwrap(), "12345678");
        assert_eq!(*set("1234", 0o400).unwrap(), "1234");
        for (text, mode) in [
            ("1234\n", 0o640),
            ("1234\n", 0o604),
            ("", 0o600),
            ("123456789", 0o600),
            ("1\n2\n", 0o600),
        ] {
            let told = set(text, mode).unwrap_err().to_string();
            assert!(text.is_empty() || !told.contains(text.trim()), "{told}");
        }
    }
}
