//! SEI messages `user_data_unregistered` (ISO/IEC 14496-10 D.1.7, 23008-2 D.2.7): a UUID, and bytes
//! that mean something to whoever knows the UUID.

use crate::nal::{Codec, escape_into};
use crate::nal_run::NalRun;

const USER_DATA_UNREGISTERED: u8 = 5;

/// Appends a NAL unit with one message, whose payload is given in pieces.
pub(crate) fn write(codec: Codec, uuid: &[u8; 16], payload: &[&[u8]], nals: &mut NalRun) {
    let out = &mut nals.bytes;
    match codec {
        Codec::H264 => out.push(6),
        Codec::H265 => out.extend([39 << 1, 1]),
    }
    let mut zeros = 0;
    let mut length = uuid.len() + payload.iter().map(|piece| piece.len()).sum::<usize>();
    escape_into(&[USER_DATA_UNREGISTERED], &mut zeros, out);
    while length >= 255 {
        escape_into(&[255], &mut zeros, out);
        length -= 255;
    }
    escape_into(&[u8::try_from(length).expect("less than 255")], &mut zeros, out);
    escape_into(uuid, &mut zeros, out);
    payload.iter().for_each(|piece| escape_into(piece, &mut zeros, out));
    escape_into(&[0x80], &mut zeros, out);
    nals.end_unit();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nal::unescape;

    #[test]
    fn a_long_message_says_its_length_in_several_bytes() {
        let mut nals = NalRun::default();
        write(Codec::H264, &[9; 16], &[&[0; 300], &[1; 194]], &mut nals);
        let plain = unescape(nals.get(0).unwrap(), usize::MAX);
        assert_eq!(plain[..5], [6, 5, 255, 255, 0]);
        assert_eq!(plain.len(), 5 + 510 + 1);
        assert_eq!((plain[5], plain[21], plain[514], plain[515]), (9, 0, 1, 0x80));
    }
}
