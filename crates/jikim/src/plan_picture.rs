//! Whether bytes can be the picture of a plan: a whole JPEG or PNG whose sides are bounded, so that no
//! small file unfolds into gigabytes in the browser of whoever looks at it.

/// Pixels of the longest side.
const MOST_PX: u32 = 4096;
const PNG_START: &[u8] = b"\x89PNG";

/// Whether it can be shown. What the file is called, or said to be, counts for nothing.
pub(crate) fn is_fit(bytes: &[u8]) -> bool {
    let sides = match policy::picture_type(bytes) {
        Some(_) if bytes.starts_with(PNG_START) => png_sides(bytes),
        Some(_) => jpeg_sides(bytes),
        None => None,
    };
    sides.is_some_and(|(width, height)| {
        (1..=MOST_PX).contains(&width) && (1..=MOST_PX).contains(&height)
    })
}

/// The header is the first block, always at the same place.
fn png_sides(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    Some((side(16)?, side(20)?))
}

/// From segment to segment until the one that begins the picture; a second such is none of ours.
fn jpeg_sides(bytes: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2)? else { return None };
        match marker {
            // Filling before a marker.
            0xFF => at += 1,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let (height, width) = (word(at + 5)?, word(at + 7)?);
                return Some((width.into(), height.into()));
            }
            // The picture's data, or its end, before it was said how large it is.
            0xD8..=0xDA => return None,
            _ => at += 2 + usize::from(word(at + 2)?.max(2)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 1, 2, 3, 4]);
        bytes.extend(b"\0\0\0\0IEND\xaeB`\x82");
        bytes
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 9, 9, 0xFF, 0xFF, 0xC0, 0, 17, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn a_picture_is_known_by_its_bytes_and_its_sides_are_bounded() {
        for (width, height) in [(1, 1), (4096, 4096), (2400, 1600)] {
            assert!(is_fit(&png(width, height)), "{width} × {height}");
            assert!(is_fit(&jpeg(width as u16, height as u16)), "{width} × {height}");
        }
        for (width, height) in [(0, 1), (1, 0), (4097, 1), (1, 4097), (65_535, 65_535)] {
            assert!(!is_fit(&png(width, height)), "{width} × {height}");
            assert!(!is_fit(&jpeg(width as u16, height as u16)), "{width} × {height}");
        }
        assert!(!is_fit(&png(1 << 31, 1)));
    }

    #[test]
    fn what_is_no_picture_is_none() {
        let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 1].to_vec();
        let mut long = png(100, 100);
        let end = long.len() - 12;
        long.splice(end..end, vec![0; policy::MOST_PICTURE_BYTES]);
        for bytes in [
            Vec::new(),
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            b"%PDF-1.7".to_vec(),
            cut(png(9, 9)),
            cut(jpeg(9, 9)),
            vec![0xFF, 0xD8, 0xFF, 0xD9],
            // No segment says how large it is; the length of one leads past the end.
            vec![0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 0, 0, 0xFF, 0xD9],
            vec![0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0xD9],
            long,
        ] {
            assert!(!is_fit(&bytes), "{} bytes", bytes.len());
        }
    }

    #[test]
    fn no_bytes_break_it() {
        for whole in [png(640, 480), jpeg(640, 480)] {
            for at in 0..whole.len() {
                // An end that both kinds accept, so that what is before it is really read.
                for byte in [0, 1, 0x7F, 0xC0, 0xDA, 0xFF] {
                    let mut bent = whole.clone();
                    bent[at] = byte;
                    let _ = is_fit(&bent);
                    let cut = [&whole[..at], &[byte], &whole[whole.len() - 12..]].concat();
                    let _ = is_fit(&cut);
                }
            }
            assert!(is_fit(&whole), "the control");
        }
    }
}
