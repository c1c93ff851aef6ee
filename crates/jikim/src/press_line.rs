//! Having a document set in type by a press that listens on a Unix socket: the recorder starts no process.
//!
//! The words of the line are in `press/src/listen.rs`.

use std::path::Path;
use std::time::Duration;

use papers::Document;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// The socket's name in the data folder, where none is configured.
pub(crate) const PRESS_SOCKET: &str = "press.sock";
/// Bytes of the longest file that is taken.
const LONGEST_FILE: u64 = 32 << 20;
/// A letter takes the press about a second, more while it makes others.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PressError {
    /// Nobody answers there.
    #[error("no press answers at its socket: {0}; start jikim-press --listen SOCKET")]
    Away(#[source] std::io::Error),
    /// It does not come to an end.
    #[error("the press did not answer in time")]
    Slow(#[from] tokio::time::error::Elapsed),
    /// It says why not.
    #[error("the press refused the document: {0}")]
    Refused(String),
}

/// Whether a press listens.
pub(crate) async fn is_there(socket: &Path) -> bool {
    matches!(timeout(Duration::from_secs(1), UnixStream::connect(socket)).await, Ok(Ok(_)))
}

/// The file that a document becomes; `format` is a word of the press: `pdf`, `hwpx` or `xlsx`.
pub(crate) async fn press(
    socket: &Path,
    document: &Document,
    format: &str,
) -> Result<Vec<u8>, PressError> {
    let answer = timeout(PATIENCE, asked(socket, document, format)).await?;
    let answer = answer.map_err(PressError::Away)?;
    if let Some(file) = answer.strip_prefix(b"made\n") {
        return Ok(file.to_vec());
    }
    let told = answer.strip_prefix(b"refused\n").unwrap_or(b"it said nothing");
    Err(PressError::Refused(String::from_utf8_lossy(told).chars().take(300).collect()))
}

async fn asked(socket: &Path, document: &Document, format: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(format!("{format}\n{}", document.to_json()).as_bytes()).await?;
    stream.shutdown().await?;
    let mut answer = Vec::new();
    stream.take(LONGEST_FILE).read_to_end(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use papers::Paper;
    use tokio::net::UnixListener;

    use super::*;

    fn letter() -> Document {
        Document::Paper(Paper {
            title: "시험".into(),
            author: String::new(),
            language: "ko".into(),
            date: String::new(),
            footer: String::new(),
            is_landscape: false,
            blocks: Vec::new(),
        })
    }

    /// What a press that answers so is asked, and what comes of it.
    async fn answered(answer: &'static [u8]) -> (Vec<u8>, Result<Vec<u8>, PressError>) {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join(PRESS_SOCKET);
        let listener = UnixListener::bind(&socket).unwrap();
        let press_ = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut question = Vec::new();
            stream.read_to_end(&mut question).await.unwrap();
            stream.write_all(answer).await.unwrap();
            question
        });
        let made = press(&socket, &letter(), "pdf").await;
        (press_.await.unwrap(), made)
    }

    #[tokio::test]
    async fn the_document_goes_there_and_the_file_comes_back() {
        let (question, made) = answered(b"made\n%PDF-1.7").await;
        let json = question.strip_prefix(b"pdf\n").unwrap();
        assert_eq!(Document::read(json).unwrap(), letter());
        assert_eq!(made.unwrap(), b"%PDF-1.7");
    }

    #[tokio::test]
    async fn a_press_that_refuses_says_nothing_or_is_away_makes_no_file() {
        let (_, refused) = answered(b"refused\nno letter").await;
        assert!(matches!(refused, Err(PressError::Refused(why)) if why == "no letter"));
        assert!(matches!(answered(b"").await.1, Err(PressError::Refused(_))));
        let nowhere = Path::new("/nonexistent/press.sock");
        assert!(matches!(press(nowhere, &letter(), "pdf").await, Err(PressError::Away(_))));
        assert!(!is_there(nowhere).await);
    }
}
