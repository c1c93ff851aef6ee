//! Whatever the frames, the boxes are well formed: a parser that is not ours reads them whole.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use mp4_atom::{Any, Decode as _, Moof};
use playback::fmp4::{
    Codec, FragmentError, MAX_FRAGMENT_FRAMES, MediaFrame, TIMESCALE_HZ, VideoConfig, fragment,
    init_segment,
};
use proptest::prelude::*;

fn config(codec: Codec, width: u16, height: u16) -> VideoConfig {
    // Both records without parameter sets: their fixed parts only.
    let record = match codec {
        Codec::H264 => vec![1, 0x42, 0, 30, 0xFF, 0xE0, 0],
        Codec::H265 => {
            let mut record = vec![1, 0x01, 0x60, 0, 0, 0, 0xB0, 0, 0, 0, 0, 0, 93];
            record.extend_from_slice(&[0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 0]);
            record
        }
    };
    VideoConfig { codec, width, height, record }
}

fn frame(decode_us: i64, size: usize) -> MediaFrame {
    MediaFrame {
        bytes: Bytes::from(vec![7; size]),
        decode_us,
        presentation_offset_us: 0,
        duration_us: 40_000,
        keyframe: true,
    }
}

fn boxes(mut bytes: &[u8]) -> Vec<Any> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        found.push(Any::decode(&mut bytes).unwrap());
    }
    found
}

prop_compose! {
    fn any_frames()(
        base_us in 0..i64::MAX / 2,
        parts in prop::collection::vec(
            (1..=3_600_000_000_i64, 0..200_usize, any::<i32>(), any::<u32>(), any::<bool>()),
            1..40,
        ),
    ) -> Vec<MediaFrame> {
        let mut decode_us = base_us;
        parts.into_iter().map(|(step_us, size, presentation_offset_us, duration_us, keyframe)| {
            decode_us += step_us;
            let bytes = Bytes::from(vec![u8::try_from(size).unwrap(); size]);
            MediaFrame { bytes, decode_us, presentation_offset_us, duration_us, keyframe }
        }).collect()
    }
}

fn assert_says_the_frames(moof: &Moof, frames: &[MediaFrame]) {
    let traf = &moof.traf[0];
    let base_us = traf.tfdt.as_ref().unwrap().base_media_decode_time;
    assert_eq!(base_us, u64::try_from(frames[0].decode_us).unwrap());
    let mut decode_us = i64::try_from(base_us).unwrap();
    assert_eq!(traf.trun[0].samples.len(), frames.len());
    for (index, (sample, frame)) in traf.trun[0].samples.iter().zip(frames).enumerate() {
        assert_eq!(decode_us, frame.decode_us, "frame {index}");
        assert_eq!(sample.size, Some(u32::try_from(frame.bytes.len()).unwrap()));
        assert_eq!(sample.cts, Some(i64::from(frame.presentation_offset_us)));
        assert_eq!(sample.flags.unwrap() & 0x0001_0000 == 0, frame.keyframe);
        if index + 1 == frames.len() {
            assert_eq!(sample.duration, Some(frame.duration_us));
        }
        decode_us += i64::from(sample.duration.unwrap());
    }
}

proptest! {
    #[test]
    fn a_fragment_is_read_back_whole(sequence: u32, frames in any_frames()) {
        let bytes = fragment(sequence, &frames).unwrap();
        let found = boxes(&bytes);
        let [Any::Moof(moof), Any::Mdat(mdat)] = &found[..] else {
            panic!("not moof and mdat: {found:?}");
        };
        prop_assert_eq!(moof.mfhd.sequence_number, sequence);
        assert_says_the_frames(moof, &frames);
        let media: Vec<u8> = frames.iter().flat_map(|frame| frame.bytes.to_vec()).collect();
        prop_assert_eq!(&mdat.data, &media);
        let media_at = usize::try_from(moof.traf[0].trun[0].data_offset.unwrap()).unwrap();
        prop_assert_eq!(&bytes[media_at..], &media[..]);
    }

    #[test]
    fn an_init_segment_is_read_back_whole(width in 1..=u16::MAX, height in 1..=u16::MAX, avc: bool) {
        let codec = if avc { Codec::H264 } else { Codec::H265 };
        let found = boxes(&init_segment(&config(codec, width, height)).unwrap());
        let [Any::Ftyp(_), Any::Moov(moov)] = &found[..] else {
            panic!("not ftyp and moov: {found:?}");
        };
        prop_assert!(moov.mvex.is_some());
        let track = &moov.trak[0];
        prop_assert_eq!(track.mdia.mdhd.timescale, TIMESCALE_HZ);
        let entry = &track.mdia.minf.stbl.stsd.codecs[0];
        let visual = match entry {
            mp4_atom::Codec::Avc1(entry) if avc => &entry.visual,
            mp4_atom::Codec::Hvc1(entry) if !avc => &entry.visual,
            other => panic!("not the codec's sample entry: {other:?}"),
        };
        prop_assert_eq!((visual.width, visual.height), (width, height));
    }
}

#[test]
fn times_that_cannot_be_said_are_refused() {
    assert_eq!(fragment(1, &[]), Err(FragmentError::Empty));
    assert_eq!(fragment(1, &[frame(-1, 4)]), Err(FragmentError::BeforeBase { before_us: 1 }));
    let refused = |index, decode_us| Err(FragmentError::OutOfOrder { index, decode_us });
    assert_eq!(fragment(1, &[frame(9, 4), frame(9, 4)]), refused(1, 9));
    assert_eq!(fragment(1, &[frame(9, 4), frame(8, 4)]), refused(1, 8));
    let far_us = 3_600_000_001;
    assert_eq!(fragment(1, &[frame(0, 4), frame(far_us, 4)]), refused(1, far_us));
    assert_eq!(fragment(1, &[frame(0, 4), frame(i64::MIN, 4)]), refused(1, i64::MIN));
}

#[test]
fn too_much_for_one_fragment_is_refused() {
    let many: Vec<_> =
        (0..=i64::try_from(MAX_FRAGMENT_FRAMES).unwrap()).map(|index| frame(index, 1)).collect();
    let refused = FragmentError::TooLarge { frames: many.len(), bytes: many.len() };
    assert_eq!(fragment(1, &many), Err(refused));
    let heavy: Vec<_> = (0..9).map(|index| frame(index, 16 << 20)).collect();
    assert!(matches!(fragment(1, &heavy), Err(FragmentError::TooLarge { frames: 9, .. })));
}
