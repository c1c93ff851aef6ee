//! A device that takes a command and gives an answer, such as a TPM: a character device, or the
//! socket of one that is simulated.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// The longest answer: TPM 2.0 devices have buffers of 4096 bytes.
const MAX_BYTES: usize = 4096;
/// Magic, size and code: what each answer begins with.
const HEAD_BYTES: usize = 10;

/// An open device.
#[derive(Debug)]
pub enum Exchange {
    /// A character device that takes a command in one write and gives its answer in one read.
    Device(std::fs::File),
    /// A stream socket.
    Socket(UnixStream),
}

impl Exchange {
    /// Opens a character device (`/dev/tpmrm0`).
    ///
    /// # Errors
    /// What the operating system said.
    pub fn device(path: &Path) -> Result<Self> {
        std::fs::File::options().read(true).write(true).open(path).map(Self::Device)
    }

    /// Connects to a socket in the file system; each answer is waited for so long.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn socket(path: &Path, patience: Duration) -> Result<Self> {
        let stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        Ok(Self::Socket(stream))
    }

    /// Sends a command and waits for its answer, whose bytes 2 to 5 are its length (big-endian).
    ///
    /// # Errors
    /// What the operating system said; `InvalidData` if what came is no answer. What was sent may
    /// have happened all the same.
    pub fn transact(&mut self, command: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Device(device) => {
                device.write_all(command)?;
                let mut answer = vec![0; MAX_BYTES];
                let length = device.read(&mut answer)?;
                answer.truncate(length);
                if length >= HEAD_BYTES && length_in(&answer) == length {
                    Ok(answer)
                } else {
                    Err(no_answer())
                }
            }
            Self::Socket(stream) => {
                stream.write_all(command)?;
                let mut answer = vec![0; HEAD_BYTES];
                stream.read_exact(&mut answer)?;
                let length = length_in(&answer);
                if !(HEAD_BYTES..=MAX_BYTES).contains(&length) {
                    return Err(no_answer());
                }
                answer.resize(length, 0);
                stream.read_exact(&mut answer[HEAD_BYTES..])?;
                Ok(answer)
            }
        }
    }
}

fn length_in(answer: &[u8]) -> usize {
    u32::from_be_bytes(answer[2..6].try_into().expect("four bytes")) as usize
}

fn no_answer() -> Error {
    Error::new(ErrorKind::InvalidData, "what came is no answer to a command")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says these bytes to whoever connects and sends a byte.
    fn says(bytes: &'static [u8]) -> Result<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let device = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut [0]).unwrap();
            stream.write_all(bytes).unwrap();
        });
        let mut exchange = Exchange::socket(&path, Duration::from_secs(5)).unwrap();
        let answer = exchange.transact(&[7]);
        device.join().unwrap();
        answer
    }

    #[test]
    fn an_answer_is_as_long_as_it_says_and_nothing_else_is_one() {
        let whole = b"\x80\x01\0\0\0\x0c\0\0\0\0ok";
        assert_eq!(says(whole).unwrap(), whole);
        for bad in [
            &whole[..11],
            &whole[..5],
            b"\x80\x01\0\0\0\x09\0\0\0\0",
            b"\x80\x01\xff\0\0\x0c\0\0\0\0ok",
        ] {
            says(bad).unwrap_err();
        }
    }
}
