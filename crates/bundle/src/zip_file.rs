//! The container inside the seal: a ZIP file without compression, so that any computer takes it apart. The
//! same contents give the same bytes.

use std::io::{Cursor, Write as _};

use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::{Cover, LONGEST_CONTENTS};

/// What is put into a bundle.
#[derive(Debug, Clone)]
pub struct Contents {
    /// What it says of itself.
    pub cover: Cover,
    /// The same as a PDF, to be printed.
    pub cover_pdf: Option<Vec<u8>>,
    /// The MP4 files, in the order of the cover's clips.
    pub clips: Vec<Vec<u8>>,
}

/// Why contents could not be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The cover tells of other clips than there are.
    #[error("the cover tells of {told} clips, named clip-1.mp4 and on; there are {given}")]
    Clips {
        /// In the cover.
        told: usize,
        /// Given.
        given: usize,
    },
    /// More than a browser can open from one file.
    #[error(
        "{bytes} bytes are more than one bundle holds ({LONGEST_CONTENTS}); give it in several"
    )]
    TooLong {
        /// So many.
        bytes: usize,
    },
    /// The cover could not be written.
    #[error("the cover could not be written")]
    Cover(#[from] serde_json::Error),
    /// The container could not be written.
    #[error("the container could not be written")]
    Zip(#[from] zip::result::ZipError),
    /// A file could not be written into the container.
    #[error("the container could not be written")]
    Write(#[from] std::io::Error),
}

impl Contents {
    /// The container: `cover.json`, `cover.pdf`, the clips, and `SHA256SUMS` over them.
    pub(crate) fn pack(&self) -> Result<Vec<u8>, PackError> {
        let named = self.cover.clips.iter().enumerate();
        let are_named = named.map(|(at, clip)| clip.file == format!("clip-{}.mp4", at + 1));
        let (told, given) = (self.cover.clips.len(), self.clips.len());
        if told != given || !are_named.into_iter().all(|it| it) {
            return Err(PackError::Clips { told, given });
        }
        let cover = serde_json::to_vec_pretty(&self.cover)?;
        let mut files: Vec<(&str, &[u8])> = vec![("cover.json", &cover)];
        files.extend(self.cover_pdf.as_ref().map(|pdf| ("cover.pdf", pdf.as_slice())));
        let clips = self.cover.clips.iter().zip(&self.clips);
        files.extend(clips.map(|(clip, bytes)| (clip.file.as_str(), bytes.as_slice())));
        let bytes = files.iter().map(|(_, bytes)| bytes.len()).sum();
        if bytes > LONGEST_CONTENTS {
            return Err(PackError::TooLong { bytes });
        }
        let sums: String = files.iter().map(|(name, bytes)| sum_line(name, bytes)).collect();
        files.push(("SHA256SUMS", sums.as_bytes()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o600);
        let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes + 4096)));
        for (name, bytes) in files {
            zip.start_file(name, options)?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

/// As `sha256sum` writes it and checks it.
fn sum_line(name: &str, bytes: &[u8]) -> String {
    format!("{}  {name}\n", hex(&Sha256::digest(bytes)))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
