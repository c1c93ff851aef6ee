//! The init segment: what the pictures are, and that the frames come in fragments.

use super::boxes::BoxWriter;
use super::{Codec, ConfigError, TIMESCALE_HZ, VideoConfig, codec};

/// The one track.
pub(super) const TRACK_ID: u32 = 1;

/// `ftyp` and `moov`: give it to the player once before the fragments, and again whenever the
/// pictures change.
///
/// # Errors
/// If the record cannot be one.
pub fn init_segment(config: &VideoConfig) -> Result<Vec<u8>, ConfigError> {
    codec::check(config)?;
    let mut out = BoxWriter::with_capacity(1024 + config.record.len());
    out.container(*b"ftyp", |ftyp| {
        ftyp.bytes(b"iso6");
        ftyp.u32(0);
        ftyp.bytes(b"iso6mp41");
    });
    out.container(*b"moov", |moov| {
        movie_header(moov);
        moov.container(*b"trak", |trak| track(trak, config));
        moov.container(*b"mvex", |mvex| {
            mvex.full(*b"trex", 0, 0, |trex| {
                trex.u32(TRACK_ID);
                trex.u32(1); // The only sample description.
                trex.zeros(12); // Each fragment says duration, size and flags itself.
            });
        });
    });
    Ok(out.into_bytes())
}

fn movie_header(moov: &mut BoxWriter) {
    moov.full(*b"mvhd", 0, 0, |mvhd| {
        mvhd.zeros(8); // Times of creation and change: not footage's times, so not given.
        mvhd.u32(TIMESCALE_HZ);
        mvhd.u32(0); // Duration unknown: the fragments tell.
        mvhd.u32(0x0001_0000); // Rate 1.
        mvhd.u16(0x0100); // Volume, though there is never sound.
        mvhd.zeros(10);
        identity_matrix(mvhd);
        mvhd.zeros(24);
        mvhd.u32(TRACK_ID + 1); // The next free track number.
    });
}

fn identity_matrix(out: &mut BoxWriter) {
    for entry in [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
        out.u32(entry);
    }
}

fn track(trak: &mut BoxWriter, config: &VideoConfig) {
    const ENABLED_IN_MOVIE: u32 = 3;
    trak.full(*b"tkhd", 0, ENABLED_IN_MOVIE, |tkhd| {
        tkhd.zeros(8);
        tkhd.u32(TRACK_ID);
        tkhd.zeros(4 + 4 + 8); // Reserved, duration, reserved.
        tkhd.zeros(8); // Layer, group, volume, reserved.
        identity_matrix(tkhd);
        tkhd.u32(u32::from(config.width) << 16);
        tkhd.u32(u32::from(config.height) << 16);
    });
    trak.container(*b"mdia", |mdia| {
        mdia.full(*b"mdhd", 0, 0, |mdhd| {
            mdhd.zeros(8);
            mdhd.u32(TIMESCALE_HZ);
            mdhd.u32(0);
            mdhd.u16(0x55C4); // Language "und".
            mdhd.u16(0);
        });
        mdia.full(*b"hdlr", 0, 0, |hdlr| {
            hdlr.u32(0);
            hdlr.bytes(b"vide");
            hdlr.zeros(12);
            hdlr.u8(0); // No name.
        });
        mdia.container(*b"minf", |minf| media_information(minf, config));
    });
}

fn media_information(minf: &mut BoxWriter, config: &VideoConfig) {
    minf.full(*b"vmhd", 0, 1, |vmhd| vmhd.zeros(8));
    minf.container(*b"dinf", |dinf| {
        dinf.full(*b"dref", 0, 0, |dref| {
            dref.u32(1);
            dref.full(*b"url ", 0, 1, |_| {}); // The media is in this same file.
        });
    });
    minf.container(*b"stbl", |stbl| {
        stbl.full(*b"stsd", 0, 0, |stsd| {
            stsd.u32(1);
            sample_entry(stsd, config);
        });
        stbl.full(*b"stts", 0, 0, |stts| stts.u32(0));
        stbl.full(*b"stsc", 0, 0, |stsc| stsc.u32(0));
        stbl.full(*b"stsz", 0, 0, |stsz| stsz.zeros(8));
        stbl.full(*b"stco", 0, 0, |stco| stco.u32(0));
    });
}

fn sample_entry(stsd: &mut BoxWriter, config: &VideoConfig) {
    let (entry_kind, record_kind) = match config.codec {
        Codec::H264 => (*b"avc1", *b"avcC"),
        Codec::H265 => (*b"hvc1", *b"hvcC"),
    };
    stsd.container(entry_kind, |entry| {
        entry.zeros(6);
        entry.u16(1); // The only data reference.
        entry.zeros(16);
        entry.u16(config.width);
        entry.u16(config.height);
        entry.u32(0x0048_0000); // 72 pixels an inch, which nobody reads.
        entry.u32(0x0048_0000);
        entry.u32(0);
        entry.u16(1); // Frames in a sample.
        entry.zeros(32); // The compressor's name.
        entry.u16(0x0018);
        entry.u16(0xFFFF);
        entry.container(record_kind, |record| record.bytes(&config.record));
    });
}
