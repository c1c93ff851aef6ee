//! Having a clip masked by a program that listens on a Unix socket: the recorder decodes nothing and starts no
//! process. The words of the line are in `docs/design/mask.md`.

use std::path::Path;
use std::time::Duration;

use api::ClipEdits;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// Between two words of the other side: it may have others before us.
const PATIENCE: Duration = Duration::from_secs(3600);
/// Bytes of the longest word.
const LONGEST_WORD: u64 = 4096;
/// Bytes of the longest clip or list of boxes that is taken.
const LONGEST_FILE: u64 = 512 << 20;

/// Why a clip was not masked.
#[derive(Debug, thiserror::Error)]
pub(super) enum MaskError {
    /// Nobody answers there.
    #[error("nobody who covers people answers at the socket: {0}; start jikim-mask listen")]
    Away(#[source] std::io::Error),
    /// It broke off.
    #[error("covering people broke off: {0}")]
    Broke(#[from] std::io::Error),
    /// It does not come to an end.
    #[error("covering people did not come to an end in time")]
    Slow(#[from] tokio::time::error::Elapsed),
    /// It says why not.
    #[error("the clip was refused: {0}")]
    Refused(String),
    /// It says something else than it should.
    #[error("the program that covers people answers what nobody understands")]
    Unreadable,
}

/// A clip in which everybody is covered but who was decided to be shown.
pub(super) struct Masked {
    pub(super) clip: Vec<u8>,
    /// What was found (`docs/formats/boxes.md`).
    pub(super) boxes: Vec<u8>,
    pub(super) report: MaskReport,
}

/// What the program says of its work.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) struct MaskReport {
    pub(super) frames: u64,
    pub(super) detections: u64,
    pub(super) covered_ratio: f64,
}

/// Whether somebody listens.
pub(super) async fn is_there(socket: &Path) -> bool {
    matches!(timeout(Duration::from_secs(1), UnixStream::connect(socket)).await, Ok(Ok(_)))
}

/// Has a clip masked. Dropping the future hangs up, and the other side throws its work away.
pub(super) async fn mask(
    socket: &Path,
    clip: &[u8],
    edits: &ClipEdits,
    mark: &str,
    progress: impl Fn(u64, u64),
) -> Result<Masked, MaskError> {
    let mut stream = UnixStream::connect(socket).await.map_err(MaskError::Away)?;
    let head = serde_json::json!({ "edits": edits, "mark": mark }).to_string();
    stream.write_all(format!("{head}\n").as_bytes()).await?;
    stream.write_all(clip).await?;
    stream.shutdown().await?;
    let mut stream = BufReader::new(stream);
    loop {
        let word = timeout(PATIENCE, word(&mut stream)).await??;
        if let Some(told) = word.strip_prefix("progress ") {
            let (done, of) = numbers(told).ok_or(MaskError::Unreadable)?;
            progress(done, of);
        } else if let Some(told) = word.strip_prefix("covered ") {
            let mut parts = told.splitn(3, ' ');
            let mut length = || parts.next().and_then(|it| it.parse::<u64>().ok());
            let lengths = length().zip(length());
            let (clip, boxes) = lengths.ok_or(MaskError::Unreadable)?;
            let report = parts.next().and_then(|it| serde_json::from_str(it).ok());
            let report = report.ok_or(MaskError::Unreadable)?;
            let (clip, boxes) = (taken(&mut stream, clip).await?, taken(&mut stream, boxes).await?);
            return Ok(Masked { clip, boxes, report });
        } else if word == "refused" {
            let mut why = String::new();
            timeout(PATIENCE, (&mut stream).take(LONGEST_WORD).read_to_string(&mut why)).await??;
            return Err(MaskError::Refused(why.trim().chars().take(300).collect()));
        } else {
            return Err(MaskError::Unreadable);
        }
    }
}

async fn word(stream: &mut BufReader<UnixStream>) -> std::io::Result<String> {
    let mut word = String::new();
    stream.take(LONGEST_WORD).read_line(&mut word).await?;
    match word.pop() {
        Some('\n') => Ok(word),
        _ => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

async fn taken(stream: &mut BufReader<UnixStream>, length: u64) -> Result<Vec<u8>, MaskError> {
    if length > LONGEST_FILE {
        return Err(MaskError::Unreadable);
    }
    let mut bytes = Vec::new();
    timeout(PATIENCE, stream.take(length).read_to_end(&mut bytes)).await??;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(MaskError::Unreadable) }
}

fn numbers(told: &str) -> Option<(u64, u64)> {
    let (done, of) = told.split_once(' ')?;
    Some((done.parse().ok()?, of.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::net::UnixListener;

    use super::*;

    /// What somebody who answers so is asked, and what comes of it.
    async fn answered(
        answer: &'static [u8],
    ) -> (Vec<u8>, Vec<(u64, u64)>, Result<Masked, MaskError>) {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("mask.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let other = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut question = Vec::new();
            stream.read_to_end(&mut question).await.unwrap();
            stream.write_all(answer).await.unwrap();
            question
        });
        let heard = Mutex::new(Vec::new());
        let edits = ClipEdits { findings: Some("f".into()), ..ClipEdits::default() };
        let progress = |done, of| heard.lock().unwrap().push((done, of));
        let made = mask(&socket, b"clip", &edits, "R 1", progress);
        let made = made.await;
        (other.await.unwrap(), heard.into_inner().unwrap(), made)
    }

    #[tokio::test]
    async fn the_clip_goes_there_and_comes_back_covered() {
        let answer = b"progress 1 4\nprogress 4 4\ncovered 3 2 {\"frames\":2,\"detections\":5,\"covered_ratio\":0.25,\"fps\":9.0}\nMP4[]";
        let (question, heard, made) = answered(answer).await;
        let asked =
            b"{\"edits\":{\"areas\":[],\"findings\":\"f\",\"shown\":[]},\"mark\":\"R 1\"}\nclip";
        assert_eq!(String::from_utf8_lossy(&question), String::from_utf8_lossy(asked));
        let made = made.unwrap();
        assert_eq!((made.clip.as_slice(), made.boxes.as_slice()), (&b"MP4"[..], &b"[]"[..]));
        assert_eq!((made.report.frames, made.report.detections), (2, 5));
        assert_eq!(heard, [(1, 4), (4, 4)]);
    }

    #[tokio::test]
    async fn whatever_else_comes_is_no_clip() {
        let (_, _, refused) = answered(b"refused\nno video").await;
        assert!(matches!(refused, Err(MaskError::Refused(why)) if why == "no video"));
        assert!(matches!(answered(b"").await.2, Err(MaskError::Broke(_))));
        let half = b"covered 30 2 {\"frames\":2,\"detections\":5,\"covered_ratio\":0.25}\nMP4";
        for nonsense in [&b"hello\n"[..], b"covered x y z\n", b"progress 1\n", half] {
            assert!(matches!(answered(nonsense).await.2, Err(MaskError::Unreadable)));
        }
        let nowhere =
            mask(Path::new("/nonexistent/mask.sock"), b"", &ClipEdits::default(), "1", |_, _| {})
                .await;
        assert!(matches!(nowhere, Err(MaskError::Away(_))));
    }
}
