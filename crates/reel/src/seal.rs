//! Sealing a chunk, and opening it again. The only place of this crate that encrypts.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::ReelId;
use zeroize::Zeroize;

use crate::fields::FormatError;
use crate::record::{self, AAD_AT, Record, RecordError, RecordHead, RecordKind, check_record};
use crate::{ChunkHeader, ChunkKey, RECORD_HEAD_BYTES, TAG_BYTES};

/// Why a chunk was not sealed. Nothing was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealChunkError {
    /// The header breaks a limit or contradicts itself.
    #[error("the chunk was not sealed")]
    Header(#[from] FormatError),
    /// The sizes of the frames do not add up to the plaintext.
    #[error(
        "the chunk was not sealed: its frames have {frames_bytes} bytes, its plaintext {plaintext_bytes}"
    )]
    Sizes {
        /// By the header.
        frames_bytes: u64,
        /// As given.
        plaintext_bytes: u64,
    },
    /// The cipher refused.
    #[error("the chunk was not sealed: the cipher refused")]
    Cipher,
}

/// Why a record was not opened. No byte of it was given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenChunkError {
    /// Torn, damaged, or not of this reel: found without the key.
    #[error("the chunk was not opened")]
    Record(#[from] RecordError),
    /// A gap has nothing to open.
    #[error("record {number} is a gap, and holds no footage")]
    Gap {
        /// Its number.
        number: u64,
    },
    /// Whole and undamaged by its checksums, yet not what was sealed under this key: changed on
    /// purpose, or the key is another.
    #[error(
        "the chunk was not opened: its header or footage is not what was sealed under this key"
    )]
    Authentication,
}

/// Appends a whole record to `out`: head, header, ciphertext, tag. `plaintext` are the frames one
/// after the other, as long as the header says. Gives the head for the [`crate::FooterBuilder`].
///
/// The caller never uses a number twice in a reel: the number is the nonce. After a failed write
/// the number is spent.
///
/// # Errors
/// If the header is against the format; `out` is then as it was.
pub fn seal_chunk(
    key: &ChunkKey,
    reel: ReelId,
    header: &ChunkHeader,
    plaintext: &[u8],
    out: &mut Vec<u8>,
) -> Result<RecordHead, SealChunkError> {
    seal_pieces(key, reel, header, [plaintext], out)
}

/// As [`seal_chunk`], with the plaintext in pieces that follow one another.
///
/// # Errors
/// If the header is against the format; `out` is then as it was.
pub fn seal_pieces<'p>(
    key: &ChunkKey,
    reel: ReelId,
    header: &ChunkHeader,
    plaintext: impl IntoIterator<Item = &'p [u8]>,
    out: &mut Vec<u8>,
) -> Result<RecordHead, SealChunkError> {
    header.validate()?;
    let frames_bytes = header.plaintext_bytes();
    let length = usize::try_from(frames_bytes).expect("a valid chunk has at most 32 MiB");
    let (header_bytes, body_bytes) = (header.encoded_bytes(), length + TAG_BYTES);
    let start = out.len();
    out.reserve(RECORD_HEAD_BYTES + header_bytes + body_bytes);
    record::begin(out, RecordKind::Chunk, reel);
    header.encode_into(out);
    record::put_lengths(&mut out[start..], header_bytes, body_bytes);

    let body_at = out.len();
    plaintext.into_iter().for_each(|piece| out.extend_from_slice(piece));
    let plaintext_bytes = (out.len() - body_at) as u64;
    let (front, body) = out.split_at_mut(body_at);
    let aad = Aad::from(&front[start + AAD_AT..]);
    let sealed = if frames_bytes == plaintext_bytes {
        cipher(key)
            .seal_in_place_separate_tag(nonce(header.number), aad, body)
            .map_err(|_| SealChunkError::Cipher)
    } else {
        Err(SealChunkError::Sizes { frames_bytes, plaintext_bytes })
    };
    match sealed {
        Ok(tag) => {
            out.extend_from_slice(tag.as_ref());
            Ok(record::finish(&mut out[start..], body_bytes))
        }
        Err(error) => {
            // What follows in `out` goes to the disk: no plaintext may stay behind in it.
            out[body_at..].zeroize();
            out.truncate(start);
            Err(error)
        }
    }
}

/// Opens one whole record: its header, and its frames one after the other.
///
/// # Errors
/// If the bytes are not exactly one record of this reel, undamaged and sealed under this key.
pub fn open_chunk(
    key: &ChunkKey,
    reel: ReelId,
    record: &[u8],
) -> Result<(ChunkHeader, Vec<u8>), OpenChunkError> {
    let checked = check_record(reel, record)?;
    let header = match checked.record {
        Record::Chunk(header) => header,
        Record::Gap(gap) => return Err(OpenChunkError::Gap { number: gap.number }),
    };
    let (front, body) = record.split_at(checked.head.body_at());
    let mut plaintext = body.to_vec();
    let length = cipher(key)
        .open_in_place(nonce(header.number), Aad::from(&front[AAD_AT..]), &mut plaintext)
        .map_err(|_| OpenChunkError::Authentication)?
        .len();
    plaintext.truncate(length);
    Ok((header, plaintext))
}

fn cipher(key: &ChunkKey) -> LessSafeKey {
    // "Less safe" since the nonce is ours to choose: it is the chunk's number, see `ChunkKey`.
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).expect("the key has 32 bytes"))
}

/// Four zero bytes, then the number, big-endian as counters in nonces are (RFC 5116, 3.2).
fn nonce(number: u64) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[4..].copy_from_slice(&number.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}
