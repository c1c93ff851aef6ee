//! The headers of H.264 that a slice of our own must repeat: enough of SPS, PPS and slice header to
//! know where the slice header ends (ISO/IEC 14496-10 clause 7.3).

use super::bits::{BitReader, BitWriter};
use crate::nal::unescape;

/// Of a slice, more than its header is never unescaped.
const HEADER_BYTES: usize = 32;

/// What is written of a slice header at once.
const MAX_REST_BITS: u32 = 56;

/// How the slices of a clip are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    /// Width of the picture in macroblocks.
    pub(super) width_mbs: u32,
    pub(super) height_mbs: u32,
    frame_num_bits: u32,
    /// Bits of `pic_order_cnt_lsb`, if the clip has it.
    order_bits: Option<u32>,
}

/// The header of one slice, ready to be written again for another row of its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SliceHeader {
    /// The byte before the payload: `nal_ref_idc` and `nal_unit_type`.
    pub(super) nal_header: u8,
    pub(super) first_mb: u32,
    pub(super) intra: bool,
    /// All after `first_mb_in_slice`, and how many bits that is.
    rest: (u64, u32),
}

impl Format {
    /// `None` if slices of such a clip are not of the kind that we can write: CAVLC, frames, 4:2:0
    /// with 8 bits, no slice groups, no weights, deblocking under control of the slice.
    pub(super) fn read(parameter_sets: &[Vec<u8>]) -> Option<Self> {
        let of_kind = |kind| parameter_sets.iter().filter(move |set| set[0] & 0x1f == kind);
        // Two of a kind could take turns, and then the widths of fields would too.
        let [sps] = of_kind(7).collect::<Vec<_>>()[..] else { return None };
        let [pps] = of_kind(8).collect::<Vec<_>>()[..] else { return None };
        plain_pps(&payload(pps))?;
        Self::read_sps(&payload(sps))
    }

    fn read_sps(sps: &[u8]) -> Option<Self> {
        let reader = &mut BitReader::new(sps);
        let profile = reader.bits(8)?;
        reader.bits(16)?;
        reader.unsigned()?;
        match profile {
            66 | 77 => {}
            // Chroma 4:2:0, 8 bits, no bypass, no scaling lists.
            100 if reader.bits(7)? == 0b010_1100 => {}
            _ => return None,
        }
        let frame_num_bits = reader.unsigned()?.checked_add(4).filter(|bits| *bits <= 16)?;
        let order_bits = match reader.unsigned()? {
            0 => Some(reader.unsigned()?.checked_add(4).filter(|bits| *bits <= 16)?),
            2 => None,
            _ => return None,
        };
        reader.unsigned()?;
        reader.bit()?;
        let width_mbs = reader.unsigned()?.checked_add(1).filter(|width| *width <= 1024)?;
        let height_mbs = reader.unsigned()?.checked_add(1).filter(|height| *height <= 1024)?;
        let frames_only = reader.bit()?;
        frames_only.then_some(Self { width_mbs, height_mbs, frame_num_bits, order_bits })
    }

    /// The header of a slice; `None` if it holds what our own slices could not repeat, or if its
    /// edges are deblocked.
    pub(super) fn slice_header(self, nal: &[u8]) -> Option<SliceHeader> {
        let escaped = nal.get(1..)?;
        let plain = unescape(escaped, HEADER_BYTES);
        let reader = &mut BitReader::new(&plain);
        let first_mb = reader.unsigned()?;
        let rest_from = reader.at;
        let intra = match reader.unsigned()? % 5 {
            0 => false,
            2 => true,
            _ => return None,
        };
        reader.unsigned()?;
        reader.bits(self.frame_num_bits)?;
        let nal_header = *nal.first()?;
        let idr = nal_header & 0x1f == 5;
        if idr {
            reader.unsigned()?;
        }
        if let Some(bits) = self.order_bits {
            reader.bits(bits)?;
        }
        if !intra {
            // Another number of references, and another order of them.
            if reader.bit()? {
                reader.unsigned()?;
            }
            if reader.bit()? {
                return None;
            }
        }
        if nal_header & 0x60 != 0 {
            if idr {
                reader.bits(2)?;
            } else if reader.bit()? {
                return None;
            }
        }
        reader.skip_signed()?;
        if reader.unsigned()? != 1 {
            return None;
        }
        let rest_bits =
            u32::try_from(reader.at - rest_from).ok().filter(|bits| *bits <= MAX_REST_BITS)?;
        reader.at = rest_from;
        let bit = |reader: &mut BitReader<'_>| reader.bit().map(u64::from);
        let rest = (0..rest_bits).try_fold(0, |rest, _| Some(rest << 1 | bit(reader)?))?;
        Some(SliceHeader { nal_header, first_mb, intra, rest: (rest, rest_bits) })
    }
}

impl SliceHeader {
    /// The header for the slice of the same picture that begins at `first_mb`.
    pub(super) fn write(&self, first_mb: u32, writer: &mut BitWriter<'_>) {
        writer.unsigned(first_mb);
        writer.bits(self.rest.0, self.rest.1);
    }
}

fn payload(set: &[u8]) -> Vec<u8> {
    unescape(set.get(1..).unwrap_or_default(), usize::MAX)
}

fn plain_pps(pps: &[u8]) -> Option<()> {
    let reader = &mut BitReader::new(pps);
    reader.unsigned()?;
    reader.unsigned()?;
    let (cabac, order_present) = (reader.bit()?, reader.bit()?);
    let slice_groups = reader.unsigned()? + 1;
    reader.unsigned()?;
    reader.unsigned()?;
    let weighted = reader.bits(3)? != 0;
    reader.skip_signed()?;
    reader.skip_signed()?;
    reader.skip_signed()?;
    let deblocking_control = reader.bit()?;
    reader.bit()?;
    let redundant = reader.bit()?;
    let plain = !cabac && !order_present && slice_groups == 1 && !weighted && !redundant;
    (plain && deblocking_control).then_some(())
}
