//! The four commands and their answers, as bytes (TCG, Trusted Platform Module Library, part 3:
//! `TPM2_NV_ReadPublic`, `TPM2_NV_DefineSpace`, `TPM2_NV_Write`, `TPM2_NV_Read`). Big-endian.

use zeroize::Zeroizing;

const TAG_PLAIN: u16 = 0x8001;
const TAG_SESSIONS: u16 = 0x8002;
const HEAD_BYTES: usize = 10;

const RH_OWNER: u32 = 0x4000_0001;
/// The session that is a password.
const RS_PASSWORD: u32 = 0x4000_0009;
const ALG_SHA256: u16 = 0x000b;

const ATTRIBUTE_AUTH_WRITE: u32 = 1 << 2;
const ATTRIBUTE_AUTH_READ: u32 = 1 << 18;
/// A wrong password locks nobody out: it is long and from chance, or there is none.
const ATTRIBUTE_NO_LOCKOUT: u32 = 1 << 25;
/// Kept in memory until an orderly end.
const ATTRIBUTE_ORDERLY: u32 = 1 << 26;
/// Forgotten at each start of the machine.
const ATTRIBUTE_CLEARED: u32 = 1 << 27;
/// Bits 4 to 7: counters, bit fields and the like.
const ATTRIBUTE_KIND: u32 = 0xf0;

pub(super) const RC_RETRY: u32 = 0x922;
const RC_YIELDED: u32 = 0x908;
const RC_TESTING: u32 = 0x90a;
const RC_NV_RATE: u32 = 0x920;
const RC_NV_UNAVAILABLE: u32 = 0x923;
const RC_NV_UNINITIALIZED: u32 = 0x14a;
/// `TPM_RC_HANDLE` of the first or the second handle.
const RC_NO_HANDLE: [u32; 2] = [0x18b, 0x28b];

/// A command.
pub(super) enum Command<'b> {
    /// What an index is.
    ReadPublic { index: u32 },
    /// Makes an index, as its owner with an empty password.
    Define { index: u32, size: u16, password: &'b [u8] },
    /// Writes an index from its beginning.
    Write { index: u32, bytes: &'b [u8] },
    /// Reads an index from its beginning.
    Read { index: u32, size: u16 },
}

impl Command<'_> {
    /// For an error.
    pub(super) fn doing(&self) -> &'static str {
        match self {
            Self::ReadPublic { .. } => "to describe the NV index",
            Self::Define { .. } => "to make the NV index",
            Self::Write { .. } => "to write the NV index",
            Self::Read { .. } => "to read the NV index",
        }
    }

    pub(super) fn encode(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        // Large enough that it never moves and leaves a copy behind.
        let mut out = Zeroizing::new(Vec::with_capacity(1024));
        let (tag, code) = match self {
            Self::ReadPublic { .. } => (TAG_PLAIN, 0x169u32),
            Self::Define { .. } => (TAG_SESSIONS, 0x12a),
            Self::Write { .. } => (TAG_SESSIONS, 0x137),
            Self::Read { .. } => (TAG_SESSIONS, 0x14e),
        };
        put16(&mut out, tag);
        put32(&mut out, 0);
        put32(&mut out, code);
        match self {
            Self::ReadPublic { index } => put32(&mut out, *index),
            Self::Define { index, size, password } => {
                put32(&mut out, RH_OWNER);
                put_session(&mut out, b"");
                put_sized(&mut out, password);
                put16(&mut out, 14);
                put32(&mut out, *index);
                put16(&mut out, ALG_SHA256);
                let attributes = ATTRIBUTE_AUTH_WRITE | ATTRIBUTE_AUTH_READ | ATTRIBUTE_NO_LOCKOUT;
                put32(&mut out, attributes);
                put_sized(&mut out, b"");
                put16(&mut out, *size);
            }
            Self::Write { index, bytes } => {
                put32(&mut out, *index);
                put32(&mut out, *index);
                put_session(&mut out, password);
                put_sized(&mut out, bytes);
                put16(&mut out, 0);
            }
            Self::Read { index, size } => {
                put32(&mut out, *index);
                put32(&mut out, *index);
                put_session(&mut out, password);
                put16(&mut out, *size);
                put16(&mut out, 0);
            }
        }
        let length = u32::try_from(out.len()).expect("a command is short");
        out[2..6].copy_from_slice(&length.to_be_bytes());
        out
    }
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_be_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_be_bytes());
}

fn put_sized(out: &mut Vec<u8>, bytes: &[u8]) {
    put16(out, u16::try_from(bytes.len()).expect("a password or an index is short"));
    out.extend_from_slice(bytes);
}

/// One session: the password.
fn put_session(out: &mut Vec<u8>, password: &[u8]) {
    put32(out, u32::try_from(4 + 2 + 1 + 2 + password.len()).expect("a password is short"));
    put32(out, RS_PASSWORD);
    put_sized(out, b"");
    out.push(0);
    put_sized(out, password);
}

/// An answer.
pub(super) struct Response(Zeroizing<Vec<u8>>);

impl Response {
    /// `None` if it is none.
    pub(super) fn parse(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        let length = u32::from_be_bytes(bytes.get(2..6)?.try_into().ok()?);
        (bytes.len() >= HEAD_BYTES && length as usize == bytes.len()).then_some(Self(bytes))
    }

    pub(super) fn code(&self) -> u32 {
        u32::from_be_bytes(self.0[6..HEAD_BYTES].try_into().expect("four bytes"))
    }

    pub(super) fn is_busy(&self) -> bool {
        [RC_RETRY, RC_YIELDED, RC_TESTING, RC_NV_RATE, RC_NV_UNAVAILABLE].contains(&self.code())
    }

    pub(super) fn is_no_handle(&self) -> bool {
        RC_NO_HANDLE.contains(&self.code())
    }

    pub(super) fn is_unwritten(&self) -> bool {
        self.code() == RC_NV_UNINITIALIZED
    }

    /// Attributes and size, of an answer that describes an index.
    pub(super) fn public(&self) -> Option<(u32, u16)> {
        let public = sized(&self.0[HEAD_BYTES..])?;
        let attributes = u32::from_be_bytes(public.get(6..10)?.try_into().ok()?);
        let policy = sized(public.get(10..)?)?;
        let size = public.get(12 + policy.len()..)?;
        Some((attributes, u16::from_be_bytes(size.try_into().ok()?)))
    }

    /// The bytes, of an answer that reads an index: after the length of the parameters.
    pub(super) fn data(&self) -> Option<Zeroizing<Vec<u8>>> {
        sized(self.0.get(HEAD_BYTES + 4..)?).map(|bytes| Zeroizing::new(bytes.to_vec()))
    }
}

fn sized(bytes: &[u8]) -> Option<&[u8]> {
    let length = u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
    bytes.get(2..2 + usize::from(length))
}

/// Whether an index keeps what is written, is read and written with its password, a wrong one locks
/// nothing, and it is no counter.
pub(super) fn is_ordinary(attributes: u32) -> bool {
    let wanted = ATTRIBUTE_AUTH_READ | ATTRIBUTE_AUTH_WRITE | ATTRIBUTE_NO_LOCKOUT;
    attributes & wanted == wanted
        && attributes & (ATTRIBUTE_ORDERLY | ATTRIBUTE_CLEARED | ATTRIBUTE_KIND) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Byte for byte as `tpm2_nvread` sends it.
    #[test]
    fn a_command_is_laid_out_as_the_specification_says() {
        let read = Command::Read { index: 0x0180_0100, size: 96 }.encode(b"pw");
        let wanted = [
            &[0x80, 0x02, 0, 0, 0, 37, 0, 0, 1, 0x4e][..],
            &[1, 0x80, 1, 0, 1, 0x80, 1, 0],
            &[0, 0, 0, 11, 0x40, 0, 0, 9, 0, 0, 0, 0, 2, b'p', b'w'],
            &[0, 96, 0, 0],
        ];
        assert_eq!(read[..], wanted.concat());
    }

    #[test]
    fn an_answer_that_is_cut_is_none_and_never_read_past_its_end() {
        let mut whole = vec![0x80, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 3, 1, 2, 3];
        let length = u8::try_from(whole.len()).unwrap();
        whole[5] = length;
        let response = Response::parse(Zeroizing::new(whole.clone())).unwrap();
        assert_eq!(*response.data().unwrap(), [1, 2, 3]);
        assert_eq!(response.public(), None);
        for cut in 0..whole.len() {
            assert!(Response::parse(Zeroizing::new(whole[..cut].to_vec())).is_none());
            let mut short = whole[..cut].to_vec();
            if cut >= HEAD_BYTES {
                short[5] = u8::try_from(cut).unwrap();
                let response = Response::parse(Zeroizing::new(short)).unwrap();
                assert!(response.data().is_none() && response.public().is_none(), "{cut}");
            }
        }
    }

    #[test]
    fn a_counter_or_an_index_that_forgets_is_not_ordinary() {
        let good = ATTRIBUTE_AUTH_READ | ATTRIBUTE_AUTH_WRITE | ATTRIBUTE_NO_LOCKOUT;
        assert!(is_ordinary(good));
        for bad in [0x10, ATTRIBUTE_ORDERLY, ATTRIBUTE_CLEARED] {
            assert!(!is_ordinary(good | bad));
        }
        assert!(!is_ordinary(good & !ATTRIBUTE_AUTH_READ));
    }
}
