//! What is suspected of made-up sizes, and of what real encoders make.

use std::process::Command;

use bytes::Bytes;

use super::*;

/// A record without a parameter set in which anything stands.
fn config(codec: Codec, record: &[u8]) -> VideoConfig {
    VideoConfig { codec, width: 640, height: 360, record: Bytes::copy_from_slice(record) }
}

/// A camera that sends a picture each second and a keyframe every other second.
struct Tested {
    watch: Watch,
    at_s: u64,
}

impl Tested {
    fn new() -> Self {
        let mut watch = Watch::default();
        watch.begin(&config(Codec::H264, &[]));
        Self { watch, at_s: 0 }
    }

    fn picture(&mut self, keyframe: bool, units: &[Vec<u8>]) {
        let behind_length = |unit: &Vec<u8>| {
            [&u32::try_from(unit.len()).unwrap().to_be_bytes(), &unit[..]].concat()
        };
        let bytes: Vec<u8> = units.iter().flat_map(behind_length).collect();
        let wall = WallTime::from_micros(i64::try_from(self.at_s).unwrap() * 1_000_000);
        let arrived = Elapsed::from_nanos(self.at_s * 1_000_000_000);
        self.watch.picture(&bytes, keyframe, arrived, wall);
        self.at_s += 1;
    }

    /// So many groups of a keyframe and a picture after it.
    fn groups(
        &mut self,
        count: u32,
        key: impl Fn(u32) -> Vec<Vec<u8>>,
        inter_bytes: usize,
    ) -> &mut Self {
        for number in 0..count {
            self.picture(true, &key(number));
            self.picture(false, &[slice(1, inter_bytes, number)]);
        }
        self
    }

    fn said(&self) -> Option<(Suspected, u8)> {
        self.watch.suspicion().map(|said| (said.what, said.sure_percent))
    }
}

/// A slice of this kind and length, each number with another content.
fn slice(kind: u8, length: usize, number: u32) -> Vec<u8> {
    let noise =
        (0..).map(|at: u32| (at ^ number.wrapping_mul(0x9e37)).wrapping_mul(31).to_le_bytes()[0]);
    [kind].into_iter().chain(noise).take(length).collect()
}

const KEY: u8 = 5;
const NOTE: u8 = 6;
const PADDING: u8 = 12;
const FROZEN: Suspected = Suspected::Frozen;
const BLACK: Suspected = Suspected::Black;

#[test]
fn a_picture_that_stands_still_is_suspected_since_its_first_keyframe() {
    let mut camera = Tested::new();
    camera.groups(10, |number| vec![slice(KEY, 21_000 + number as usize % 7 * 100, number)], 900);
    assert_eq!(camera.said(), None);
    camera.groups(6, |_| vec![slice(KEY, 20_000, 1)], 900);
    assert_eq!(camera.said(), None, "not after the first few");
    camera.groups(1, |_| vec![slice(KEY, 20_000, 1)], 900);
    assert_eq!(camera.said(), Some((FROZEN, 99)));
    // It stands still since the 10th group; of the first two equal ones no hash was taken.
    let since_s = camera.watch.suspicion().unwrap().since.as_micros() / 1_000_000;
    assert!((20..=22).contains(&since_s), "{since_s}");
    camera.groups(1, |_| vec![slice(KEY, 20_100, 2)], 900);
    assert_eq!(camera.said(), None, "it moves again");
}

#[test]
fn encoders_number_count_and_pad_what_stands_still() {
    let by_turns = |number| vec![slice(KEY, 20_000, number % 2)];
    let padded = |number| vec![slice(KEY, 9000, 1), slice(PADDING, 500 + number as usize, 0)];
    let counted = |number| vec![slice(NOTE, 60, number), slice(KEY, 9000, 1)];
    assert_eq!(Tested::new().groups(12, by_turns, 900).said(), Some((FROZEN, 99)));
    assert_eq!(Tested::new().groups(12, padded, 900).said(), Some((FROZEN, 99)));
    assert_eq!(Tested::new().groups(12, counted, 900).said(), Some((FROZEN, 99)));
    // The camera's clock goes on in a slice of its own, or in the only one.
    let clock = |number| vec![slice(KEY, 900 + number as usize % 5, number), slice(KEY, 9000, 1)];
    assert_eq!(Tested::new().groups(12, clock, 900).said(), Some((FROZEN, 90)));
    let one = |number| vec![slice(KEY, 20_000 + number as usize % 3 * 40, number)];
    assert_eq!(Tested::new().groups(60, one, 90).said(), None);
    assert_eq!(Tested::new().groups(62, one, 90).said(), Some((FROZEN, 50)));
}

#[test]
fn a_living_picture_is_not_suspected_however_quiet() {
    let quiet = |number| vec![slice(KEY, 20_000 + number as usize % 3 * 150, number)];
    assert_eq!(
        Tested::new().groups(150, quiet, 15).said(),
        None,
        "lengths that differ by a little"
    );
    let same = |number| vec![slice(KEY, 20_000, number)];
    assert_eq!(Tested::new().groups(150, same, 900).said(), None, "lengths that never differ");
    let band = |number| vec![slice(KEY, 9000, 1), slice(KEY, 9000, number)];
    assert_eq!(Tested::new().groups(150, band, 900).said(), None, "a still band above it");
    let many = |_| vec![slice(KEY, 20, 1); MAX_SLICES * 2];
    assert_eq!(Tested::new().groups(150, many, 900).said(), None, "more slices than are compared");
    let film = |number: u32| vec![slice(KEY, 20_000 + number as usize % 4 * 9, number % 4)];
    assert_eq!(Tested::new().groups(150, film, 900).said(), None, "a film that begins anew");
    let under_clock = |number| vec![slice(KEY, 900, number), slice(KEY, 9000, number % 4)];
    assert_eq!(Tested::new().groups(150, under_clock, 900).said(), None, "a film under a clock");
    assert_eq!(Tested::new().groups(150, |_| vec![], 0).said(), None, "no slices at all");
}

#[test]
fn a_picture_of_nothing_is_suspected_to_be_black_and_said_so_less_surely_than_stillness() {
    let bits = |share: u64| 8 + usize::try_from(640 * 360 * share / 8000).unwrap();
    let dark = |number| vec![slice(KEY, bits(EMPTY_MILLIBITS) - 9 - number as usize % 3, number)];
    let black = |_| vec![slice(KEY, bits(EMPTY_MILLIBITS) - 9, 1)];
    let more = |number| vec![slice(KEY, bits(EMPTY_MILLIBITS) + 9, number)];
    assert_eq!(Tested::new().groups(4, dark, 15).said(), None);
    assert_eq!(Tested::new().groups(5, dark, 15).said(), Some((BLACK, 70)));
    assert_eq!(Tested::new().groups(12, black, 15).said(), Some((BLACK, 90)));
    assert_eq!(Tested::new().groups(150, more, 15).said(), None);
    let mut camera = Tested::new();
    camera.groups(12, black, 15).groups(1, more, 15);
    assert_eq!(camera.said(), None, "it is light again");
}

#[test]
fn what_follows_faster_or_is_coded_anew_or_was_missing_is_not_compared() {
    let mut camera = Tested::new();
    camera.groups(12, |_| vec![slice(KEY, 20_000, 1)], 900);
    camera.watch.forget();
    assert_eq!(camera.said(), None);
    camera.groups(12, |_| vec![slice(KEY, 20_000, 1)], 900);
    assert_eq!(camera.said(), Some((FROZEN, 99)), "what it is coded in is still known");
    camera.watch.begin(&config(Codec::H265, &[]));
    assert_eq!(camera.said(), None);
    let mut watch = Watch::default();
    watch.begin(&config(Codec::H264, &[]));
    let key = [&[0, 0, 0, 9][..], &slice(KEY, 9, 0)].concat();
    let looked_at = (0..20u64).filter(|at| {
        watch.picture(&key, true, Elapsed::from_nanos(at * 100_000_000), WallTime::EPOCH)
    });
    assert_eq!(looked_at.count(), 4, "in two seconds");
}

#[test]
fn the_simple_entropy_coder_is_known_by_its_parameter_set() {
    // From x264: main profile with cabac=1, and with cabac=0.
    let record = |pps: &[u8]| {
        let sps = [0x67, 0x4d, 0x40, 0x1e];
        [&[1, 0x4d, 0x40, 0x1e, 0xff, 0xe1, 0, 4][..], &sps, &[1, 0, 4], pps].concat()
    };
    let is_simple = |pps: &[u8]| is_cavlc(&config(Codec::H264, &record(pps)));
    assert!(!is_simple(&[0x68, 0xeb, 0xef, 0x20]));
    assert!(is_simple(&[0x68, 0xcb, 0x83, 0xcb]));
    // Number 1 for both sets, 010 010 1 and 010 010 0; and nothing that can be read.
    assert!(!is_simple(&[0x68, 0b0100_1010, 0, 0]));
    assert!(is_simple(&[0x68, 0b0100_1000, 0, 0]));
    assert!(!is_cavlc(&config(Codec::H264, &[1, 2, 3])));
    assert!(!is_cavlc(&config(Codec::H265, &record(&[0x68, 0xcb, 0x83, 0xcb]))));
}

/// What an encoder makes of a still place under `filter`, 15 pictures and a keyframe each second; what
/// is suspected at its end.
fn said_of(encoder: &str, options: &str, filter: &str, length_s: u32) -> Option<(Suspected, u8)> {
    let codec = if encoder == "libx265" { Codec::H265 } else { Codec::H264 };
    let format = if codec == Codec::H265 { "hevc" } else { "h264" };
    let place = "testsrc2=s=320x180:r=15,format=yuv420p,trim=end_frame=1,loop=-1:1:0";
    let graph = format!("{place},setpts=N/15/TB,{filter}");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", &graph]);
    ffmpeg.args([
        "-t",
        &length_s.to_string(),
        "-threads",
        "1",
        "-preset",
        "ultrafast",
        "-c:v",
        encoder,
    ]);
    let of = if codec == Codec::H265 { "-x265-params" } else { "-x264-params" };
    let group = "keyint=15:min-keyint=15:scenecut=0:bframes=0";
    ffmpeg.args([of, &format!("log-level=error:{group}:{options}"), "-f", format, "-"]);
    let made = ffmpeg.output().expect("ffmpeg is there");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    watched(codec, options.contains("cabac=0"), &made.stdout)
}

/// Gives a stream of units behind start codes to a watch, 15 pictures a second.
fn watched(codec: Codec, is_simple: bool, stream: &[u8]) -> Option<(Suspected, u8)> {
    let pps = [1, 0x42, 0, 30, 0xff, 0xe1, 0, 1, 0x67, 1, 0, 4, 0x68, 0xcb, 0x83, 0xcb];
    let mut watch = Watch::default();
    watch.begin(&config(codec, if is_simple { &pps } else { &[] }));
    let starts: Vec<usize> = stream
        .windows(3)
        .enumerate()
        .filter(|(_, at)| *at == [0, 0, 1])
        .map(|(at, _)| at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([stream.len()]);
    let unit = |(start, end): (&usize, usize)| {
        let unit = &stream[start + 3..end];
        // The next start code may have a zero more.
        unit.strip_suffix(&[0]).unwrap_or(unit)
    };
    let units = starts.iter().zip(ends).map(unit);
    let mut number = 0;
    let mut groups = 0;
    for unit in units {
        let (is_picture, keyframe) = match codec {
            Codec::H264 => (matches!(unit[0] & 31, 1..=5), unit[0] & 31 == 5),
            Codec::H265 => (unit[0] >> 1 < 32, unit[0] >> 1 >= 16),
        };
        if is_picture {
            let bytes = [&u32::try_from(unit.len()).unwrap().to_be_bytes(), unit].concat();
            let at_us = number * 1_000_000 / 15;
            let arrived = Elapsed::from_nanos(at_us * 1000);
            watch.picture(
                &bytes,
                keyframe,
                arrived,
                WallTime::from_micros(at_us.try_into().unwrap()),
            );
            number += 1;
            groups += u32::from(keyframe);
        }
    }
    assert_eq!((number % 15, u64::from(groups)), (0, number / 15), "each picture in one slice");
    watch.suspicion().map(|said| (said.what, said.sure_percent))
}

/// Encoders as cameras have them: by quality and by rate, padded to a constant one, the simple
/// entropy coder, H.265.
const ENCODERS: [(&str, &str); 5] = [
    ("libx264", "slices=1:cabac=1:crf=24"),
    ("libx264", "slices=1:cabac=0:crf=34"),
    ("libx264", "slices=1:cabac=1:bitrate=2000:vbv-maxrate=2000:vbv-bufsize=2000:nal-hrd=cbr"),
    ("libx265", "crf=25"),
    ("libx265", "crf=34:open-gop=0"),
];

#[test]
fn a_still_source_is_suspected_and_a_quiet_room_at_night_is_not_whatever_encodes_it() {
    let grain = "noise=c0s=4:c0f=t+u";
    let calmed = format!("{grain},hqdn3d=4:3:12:9");
    let night = format!("lutyuv=y=16+(val-16)*0.2:u=128:v=128,{calmed}");
    for (encoder, options) in ENCODERS {
        let said = |filter: &str| said_of(encoder, options, filter, 24);
        assert_eq!(said("null"), Some((FROZEN, 99)), "still, {encoder} {options}");
        for filter in [grain, &calmed, &night] {
            assert_eq!(said(filter), None, "{filter}, {encoder} {options}");
        }
    }
}

#[test]
fn a_black_source_is_suspected_whatever_encodes_it() {
    for (encoder, options) in ENCODERS {
        let said = said_of(encoder, options, "lutyuv=y=16:u=128:v=128", 20);
        assert_eq!(said, Some((BLACK, 90)), "{encoder} {options}");
    }
}

#[test]
fn a_still_source_under_a_clock_that_goes_on_is_suspected_perhaps() {
    let clock = "drawtext=text='%{pts\\:gmtime\\:0}':x=20:y=20:fontsize=10:fontcolor=white";
    assert_eq!(said_of("libx264", "slices=1:cabac=1:crf=20", clock, 75), Some((FROZEN, 50)));
    let grainy = format!("noise=c0s=2:c0f=t+u,{clock}");
    assert_eq!(said_of("libx264", "slices=1:cabac=1:crf=20", &grainy, 75), None);
}
