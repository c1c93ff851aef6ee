//! The text of a file that holds a policy: plain text in UTF-8, UTF-16 or the Korean code page 949, or HWPX.

mod hwpx;

use std::path::Path;

use encoding_rs::{EUC_KR, UTF_8, UTF_16BE, UTF_16LE};
use host::{Disk, Fs as _};

use self::hwpx::hwpx_text;
use crate::{Told, sentence};

/// A file may be this long: a word processor's file holds pictures too.
const MAX_FILE_BYTES: usize = 32 << 20;

/// Reads the text of a policy.
pub(crate) fn read_policy(path: &Path) -> Told<String> {
    let bytes = Disk.read(path, MAX_FILE_BYTES).map_err(sentence)?;
    let text = text_of(&bytes).map_err(|told| format!("{}: {told}", path.display()))?;
    if text.len() > linter::MAX_TEXT_BYTES {
        return Err(format!(
            "{}: its text has {} bytes; a policy of at most {} can be read",
            path.display(),
            text.len(),
            linter::MAX_TEXT_BYTES
        ));
    }
    Ok(text)
}

/// The text of a file, by its bytes; what it cannot be read as is told with what to do.
pub(crate) fn text_of(bytes: &[u8]) -> Told<String> {
    if bytes.starts_with(b"PK\x03\x04") {
        return hwpx_text(bytes);
    }
    if bytes.starts_with(b"%PDF") {
        return Err("a PDF: select its text, copy it into a text file and check that".into());
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err("a file of an old word processor: save it as HWPX or as text (.txt)".into());
    }
    let plain = |encoding: &'static encoding_rs::Encoding| {
        let (text, _, has_errors) = encoding.decode(bytes);
        (!has_errors).then(|| text.into_owned())
    };
    let found = match bytes {
        [0xff, 0xfe, ..] => plain(UTF_16LE),
        [0xfe, 0xff, ..] => plain(UTF_16BE),
        _ => plain(UTF_8).or_else(|| plain(EUC_KR)),
    };
    found
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| "neither text (UTF-8, UTF-16, CP949) nor HWPX".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_text_is_read_in_each_of_its_encodings() {
        let text = "영상정보처리기기 운영·관리 방침";
        let (cp949, ..) = EUC_KR.encode(text);
        let little: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for bytes in [text.as_bytes(), &cp949, &little] {
            assert_eq!(text_of(bytes).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_text_says_what_to_do() {
        let told = |bytes: &[u8]| text_of(bytes).unwrap_err();
        assert!(told(b"%PDF-1.7 ...").contains("copy it into a text file"));
        assert!(told(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]).contains("save it as HWPX"));
        assert!(told(b"\x00\x01\x02\x03").contains("neither text"));
        assert!(text_of(b"PK\x03\x04 and nothing").is_err());
    }
}
