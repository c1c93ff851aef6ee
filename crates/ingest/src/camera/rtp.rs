//! RTP packets and sender reports (RFC 3550), and the order of packets.

/// A packet of the track, in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rtp<'a> {
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
    pub(super) ssrc: u32,
    /// The marker bit: the last packet of a picture.
    pub(super) mark: bool,
    pub(super) payload_type: u8,
    pub(super) payload: &'a [u8],
}

/// Bytes that are no RTP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a packet is not RTP")]
pub(super) struct NotRtp;

impl<'a> Rtp<'a> {
    pub(super) fn parse(packet: &'a [u8]) -> Result<Self, NotRtp> {
        let (head, mut rest) = packet.split_first_chunk::<12>().ok_or(NotRtp)?;
        if head[0] >> 6 != 2 {
            return Err(NotRtp);
        }
        let sources = usize::from(head[0] & 0b1111) * 4;
        rest = rest.get(sources..).ok_or(NotRtp)?;
        if head[0] & 0b1_0000 != 0 {
            let (extension, behind) = rest.split_first_chunk::<4>().ok_or(NotRtp)?;
            let words = u16::from_be_bytes([extension[2], extension[3]]);
            rest = behind.get(usize::from(words) * 4..).ok_or(NotRtp)?;
        }
        if head[0] & 0b10_0000 != 0 {
            let padding = usize::from(*rest.last().ok_or(NotRtp)?);
            let kept = rest.len().checked_sub(padding).filter(|_| padding > 0).ok_or(NotRtp)?;
            rest = &rest[..kept];
        }
        Ok(Self {
            sequence: u16::from_be_bytes([head[2], head[3]]),
            timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
            ssrc: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
            mark: head[1] & 0x80 != 0,
            payload_type: head[1] & 0x7F,
            payload: rest,
        })
    }
}

/// Where a packet stands in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It follows, after so many that are missing.
    Next { lost: u16 },
    /// The camera began its count, or its source, anew with it.
    Anew,
    /// It came late, twice, or from another source: it is not used.
    Stray,
}

/// How far forward a number may jump and still be a loss (RFC 3550 A.1).
const MAX_LOSS: u16 = 3000;
/// So many strays in a row that follow one another are a camera that began anew.
const PROBATION: u32 = 5;

/// The order of one track's packets.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Source and number of the last packet that was used.
    last: Option<(u32, u16)>,
    /// Source and number of the last stray, and how many in a row followed one another.
    stray: Option<(u32, u16, u32)>,
}

impl Order {
    pub(super) fn place(&mut self, ssrc: u32, sequence: u16) -> Place {
        let Some((known, last)) = self.last else {
            self.last = Some((ssrc, sequence));
            return Place::Next { lost: 0 };
        };
        let ahead = sequence.wrapping_sub(last);
        if ssrc == known && (1..=MAX_LOSS).contains(&ahead) {
            self.last = Some((ssrc, sequence));
            self.stray = None;
            return Place::Next { lost: ahead - 1 };
        }
        let in_a_row = match self.stray {
            Some((other, before, count)) if other == ssrc && sequence == before.wrapping_add(1) => {
                count + 1
            }
            _ => 1,
        };
        if in_a_row >= PROBATION {
            (self.last, self.stray) = (Some((ssrc, sequence)), None);
            return Place::Anew;
        }
        self.stray = Some((ssrc, sequence, in_a_row));
        Place::Stray
    }
}

/// RTP timestamps without their wrap: ticks that go on over 32 bits.
#[derive(Debug, Default)]
pub(super) struct Ticks {
    last: Option<(u32, i64)>,
}

impl Ticks {
    pub(super) fn unwrap(&mut self, timestamp: u32) -> i64 {
        let ticks = match self.last {
            None => i64::from(timestamp),
            // The shorter way round, back or forth.
            Some((last, ticks)) => ticks + i64::from(timestamp.wrapping_sub(last).cast_signed()),
        };
        self.last = Some((timestamp, ticks));
        ticks
    }
}

/// What a camera reports of its clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SenderReport {
    /// Microseconds since 1970 by the camera's wall clock, whatever that shows.
    pub(super) wall_us: i64,
}

impl SenderReport {
    /// The sender report at the beginning of an RTCP packet, if there is one.
    pub(super) fn parse(packet: &[u8]) -> Option<Self> {
        /// From 1900, where NTP begins, to 1970.
        const NTP_OFFSET_S: i64 = 2_208_988_800;
        let (head, _) = packet.split_first_chunk::<20>()?;
        if head[0] >> 6 != 2 || head[1] != 200 {
            return None;
        }
        let word =
            |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (seconds, fraction) = (i64::from(word(8)), i64::from(word(12)));
        Some(Self {
            wall_us: (seconds - NTP_OFFSET_S) * 1_000_000 + ((fraction * 1_000_000) >> 32),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packet(first: u8, rest: &[u8]) -> Vec<u8> {
        [&[first, 0xE0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 5][..], rest].concat()
    }

    #[test]
    fn sources_extension_and_padding_are_left_out() {
        let bytes =
            packet(0x80 | 0x20 | 0x10 | 1, &[1, 2, 3, 4, 0, 0, 0, 1, 5, 6, 7, 8, 42, 0, 0, 3]);
        let rtp = Rtp::parse(&bytes).unwrap();
        assert_eq!((rtp.payload, rtp.mark, rtp.payload_type), (&[42][..], true, 96));
        assert_eq!((rtp.sequence, rtp.timestamp, rtp.ssrc), (7, 9, 5));
        for bad in [
            packet(0x40, &[]),
            packet(0x81, &[1]),
            packet(0x90, &[0, 0, 0, 9]),
            packet(0xA0, &[9]),
            packet(0xA0, &[0]),
            vec![0x80; 11],
        ] {
            assert_eq!(Rtp::parse(&bad), Err(NotRtp), "{bad:?}");
        }
    }

    #[test]
    fn losses_are_counted_over_the_wrap_and_strays_left_out() {
        let mut order = Order::default();
        let places = [65_534, 65_535, 2, 2, 1, 3].map(|sequence| order.place(1, sequence));
        let next = |lost| Place::Next { lost };
        assert_eq!(places, [next(0), next(0), next(2), Place::Stray, Place::Stray, next(0)]);
    }

    #[test]
    fn a_source_that_goes_on_is_a_camera_that_began_anew() {
        let mut order = Order::default();
        order.place(1, 100);
        let places = [7, 8, 9, 10, 11, 12].map(|sequence| order.place(2, sequence));
        assert_eq!(places[..4], [Place::Stray; 4]);
        assert_eq!(places[4..], [Place::Anew, Place::Next { lost: 0 }]);
        // Two sources in turn never make it.
        let mut order = Order::default();
        order.place(1, 100);
        for sequence in 0..50 {
            assert_eq!(order.place(2, sequence), Place::Stray);
            assert_eq!(order.place(1, 101 + sequence), Place::Next { lost: 0 });
        }
    }

    #[test]
    fn ticks_go_on_over_the_wrap() {
        let mut ticks = Ticks::default();
        let seen = [u32::MAX - 1, 2, 1, 90_000].map(|timestamp| ticks.unwrap(timestamp));
        let first = i64::from(u32::MAX) - 1;
        assert_eq!(seen, [first, first + 4, first + 3, first + 90_002]);
    }

    #[test]
    fn a_sender_report_tells_both_clocks() {
        let seconds = 2_208_988_800_u32 + 10;
        let mut bytes = vec![0x80, 200, 0, 6, 0, 0, 0, 5];
        bytes.extend(seconds.to_be_bytes());
        bytes.extend(0x8000_0000_u32.to_be_bytes());
        bytes.extend(77_u32.to_be_bytes());
        let report = SenderReport::parse(&bytes).unwrap();
        assert_eq!(report.wall_us, 10_500_000);
        bytes[1] = 201;
        assert_eq!(SenderReport::parse(&bytes), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = Rtp::parse(&bytes);
            let _ = SenderReport::parse(&bytes);
        }
    }
}
