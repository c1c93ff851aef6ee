//! What stands on an RTSP connection: packets behind `$`, and messages (RFC 2326 chapters 4 to 7,
//! 10.12), taken apart without a copy.
//!
//! Invariant: nothing longer than the limits below is ever waited for, whatever a camera announces.

/// The header of a message, with its first line.
pub(super) const MAX_HEADER_BYTES: usize = 16 << 10;
/// The body of a message: a description, mostly.
pub(super) const MAX_BODY_BYTES: usize = 64 << 10;
/// The longest thing that can stand on a connection.
pub(super) const MAX_PIECE_BYTES: usize = MAX_HEADER_BYTES + MAX_BODY_BYTES;

/// What stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// An RTP or RTCP packet.
    Packet { channel: u8, packet: &'a [u8] },
    /// A message, header and body.
    Message { header: &'a [u8], body: &'a [u8] },
    /// Empty lines between messages: some cameras put them there. A piece of its own, so that ever
    /// more of them are never kept.
    Blank,
}

/// What no RTSP connection may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadWire {
    #[error("it is neither a message nor a packet of RTSP")]
    NotRtsp,
    #[error("the header of a message is longer than 16 KiB")]
    HeaderTooLong,
    #[error("the body of a message is longer than 64 KiB")]
    BodyTooLong,
}

/// The first piece and how many bytes it takes; `None` if it is not whole yet.
pub(super) fn split(bytes: &[u8]) -> Result<Option<(Piece<'_>, usize)>, BadWire> {
    match bytes {
        [b'$', channel, high, low, rest @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let piece = |packet| (Piece::Packet { channel: *channel, packet }, 4 + length);
            Ok(rest.get(..length).map(piece))
        }
        [] | [b'$', ..] => Ok(None),
        [b'\r' | b'\n', ..] => {
            let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            Ok(Some((Piece::Blank, blank)))
        }
        _ => split_message(bytes),
    }
}

fn split_message(bytes: &[u8]) -> Result<Option<(Piece<'_>, usize)>, BadWire> {
    // A page or another protocol is told at once, not when a header's limit is reached.
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_whole = line.len() < bytes.len();
    let line = &line[..line.len().min(MAX_HEADER_BYTES)];
    if !may_begin_a_message(line, is_whole) || !line.iter().all(|byte| is_text(*byte)) {
        return Err(BadWire::NotRtsp);
    }
    let Some(header_bytes) = header_end(&bytes[..bytes.len().min(MAX_HEADER_BYTES)]) else {
        let too_long = bytes.len() >= MAX_HEADER_BYTES;
        return if too_long { Err(BadWire::HeaderTooLong) } else { Ok(None) };
    };
    let (header, rest) = bytes.split_at(header_bytes);
    let length = header_value(header, "content-length").unwrap_or("0");
    let length: usize = length.parse().map_err(|_| BadWire::NotRtsp)?;
    if length > MAX_BODY_BYTES {
        return Err(BadWire::BodyTooLong);
    }
    let piece = |body| (Piece::Message { header, body }, header_bytes + length);
    Ok(rest.get(..length).map(piece))
}

fn is_text(byte: u8) -> bool {
    byte == b'\r' || byte == b'\t' || byte >= b' '
}

/// An answer begins with `RTSP/`, a request with its method; what is cut short may still become one.
fn may_begin_a_message(line: &[u8], is_whole: bool) -> bool {
    const VERSION: &[u8] = b"RTSP/";
    let word = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    let is_answer = word.starts_with(VERSION) || !is_whole && VERSION.starts_with(word);
    let is_method = word.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    is_answer || is_method && (!is_whole || line.windows(6).any(|part| part == b" RTSP/"))
}

/// Where the header ends, its empty line included; some cameras end lines with `\n` alone.
fn header_end(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == b'\n') {
        let end = from + at + 1;
        match bytes.get(end..) {
            Some([b'\n', ..]) => return Some(end + 1),
            Some([b'\r', b'\n', ..]) => return Some(end + 2),
            _ => from = end,
        }
    }
    None
}

/// The value of a header field, by its name in lower case.
pub(super) fn header_value<'a>(header: &'a [u8], name: &'a str) -> Option<&'a str> {
    header_values(header, name).next()
}

/// All values of a field that comes several times.
pub(super) fn header_values<'a>(header: &'a [u8], name: &'a str) -> impl Iterator<Item = &'a str> {
    header.split(|byte| *byte == b'\n').skip(1).filter_map(move |line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (field, value) = line.split_at(colon);
        let is_it = field.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        let value = is_it.then(|| value[1..].trim_ascii())?;
        std::str::from_utf8(value).ok()
    })
}

/// The status of an answer; `None` if the message is a request of the camera's own.
pub(super) fn status(header: &[u8]) -> Option<u16> {
    let line = header.split(|byte| *byte == b'\n').next()?;
    let mut words = line.trim_ascii().split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    words.next().filter(|word| word.starts_with(b"RTSP/"))?;
    std::str::from_utf8(words.next()?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn packets_and_messages_are_taken_apart() {
        let bytes =
            b"$\x01\x00\x03abc\r\n\r\nRTSP/1.0 200 OK\r\nCSeq : 7 \r\nContent-Length:2\r\n\r\nhi$";
        let (piece, length) = split(bytes).unwrap().unwrap();
        assert_eq!(piece, Piece::Packet { channel: 1, packet: b"abc" });
        let (piece, blank) = split(&bytes[length..]).unwrap().unwrap();
        assert_eq!((piece, blank), (Piece::Blank, 4));
        let length = length + blank;
        let (piece, more) = split(&bytes[length..]).unwrap().unwrap();
        let Piece::Message { header, body } = piece else { panic!("{piece:?}") };
        assert_eq!(
            (status(header), header_value(header, "cseq"), body),
            (Some(200), Some("7"), &b"hi"[..])
        );
        assert_eq!(split(&bytes[length + more..]), Ok(None));
        // Whatever is cut short is waited for.
        for cut in 0..length + more - 1 {
            let rest = if cut < length { &bytes[..cut] } else { &bytes[length..cut] };
            assert!(!matches!(split(rest), Ok(Some((Piece::Message { .. }, _))) | Err(_)), "{cut}");
        }
    }

    #[test]
    fn a_request_of_the_camera_is_a_message_without_a_status() {
        let bytes = b"OPTIONS rtsp://us RTSP/1.0\nCSeq: 3\n\n";
        let Ok(Some((Piece::Message { header, .. }, length))) = split(bytes) else { panic!() };
        assert_eq!((status(header), length), (None, bytes.len()));
    }

    #[test]
    fn what_is_not_rtsp_is_told_at_once() {
        for other in [
            &b"HTTP/1.1 400 Bad Request\r\n"[..],
            b"<!DOCTYPE html>\n",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"\x16\x03\x01\x02",
            b"\0\0\0\0",
        ] {
            assert_eq!(split(other), Err(BadWire::NotRtsp), "{other:?}");
        }
        let endless = [b"RTSP/1.0 200 OK\r\nX: ".as_slice(), &[b'x'; MAX_HEADER_BYTES]].concat();
        assert_eq!(split(&endless), Err(BadWire::HeaderTooLong));
        let large = b"RTSP/1.0 200 OK\r\nContent-Length: 65537\r\n\r\n";
        assert_eq!(split(large), Err(BadWire::BodyTooLong));
        let negative = b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n";
        assert_eq!(split(negative), Err(BadWire::NotRtsp));
    }

    proptest! {
        #[test]
        fn nothing_takes_more_than_there_is(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(Some((_, length))) = split(&bytes) {
                prop_assert!(length > 0 && length <= bytes.len());
            }
        }
    }
}
