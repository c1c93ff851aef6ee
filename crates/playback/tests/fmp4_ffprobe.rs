//! What `fmp4` writes, read by somebody else: ffprobe decodes it and tells the times it found.
//!
//! Needs ffmpeg and ffprobe, which `./x` installs.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

use mp4_atom::{Any, Decode as _};
use playback::fmp4::{Codec, MediaFrame, VideoConfig, fragment, init_segment, mime};

const WIDTH: u16 = 320;
const HEIGHT: u16 = 240;
const FRAME_US: i64 = 40_000;
const FRAMES: usize = 50;

/// A clip with frames out of their showing order, as ffmpeg writes it.
fn clip(directory: &Path, encoder: &str) -> Vec<u8> {
    let file = directory.join("clip.mp4");
    let source = format!("testsrc2=size={WIDTH}x{HEIGHT}:rate=25:duration=2");
    run(Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", &source])
        .args(["-c:v", encoder, "-preset", "veryfast", "-g", "10", "-bf", "2"])
        .args(["-pix_fmt", "yuv420p", "-video_track_timescale", "1000000"])
        .args(if encoder == "libx265" {
            ["-tag:v", "hvc1", "-x265-params", "log-level=error:pools=1:keyint=10:min-keyint=10"]
        } else {
            ["-tag:v", "avc1", "-threads", "1"]
        })
        .args(["-movflags", "frag_keyframe+empty_moov+default_base_moof"])
        .arg(&file));
    std::fs::read(file).unwrap()
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("ffmpeg and ffprobe are installed by ./x");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.trim().is_empty(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The body of the first box of this kind, wherever it lies.
fn body_of(clip: &[u8], kind: [u8; 4]) -> Vec<u8> {
    let at = clip.windows(4).position(|window| window == kind).unwrap();
    let size = u32::from_be_bytes(clip[at - 4..at].try_into().unwrap()) as usize;
    clip[at + 4..at - 4 + size].to_vec()
}

/// Every frame of ffmpeg's clip, read with a parser that is not ours.
fn frames_of(clip: &[u8]) -> Vec<MediaFrame> {
    let mut rest = clip;
    let mut moof = None;
    let mut frames: Vec<MediaFrame> = Vec::new();
    while !rest.is_empty() {
        match Any::decode(&mut rest).unwrap() {
            Any::Moof(found) => moof = Some(found),
            Any::Mdat(mdat) => read_fragment(&moof.take().unwrap(), &mdat.data, &mut frames),
            _ => {}
        }
    }
    frames
}

fn read_fragment(moof: &mp4_atom::Moof, mdat: &[u8], frames: &mut Vec<MediaFrame>) {
    let traf = &moof.traf[0];
    let mut decode_us = i64::try_from(traf.tfdt.as_ref().unwrap().base_media_decode_time).unwrap();
    let mut at = 0;
    for (index, sample) in traf.trun[0].samples.iter().enumerate() {
        let size = sample.size.or(traf.tfhd.default_sample_size).unwrap() as usize;
        let duration_us = sample.duration.or(traf.tfhd.default_sample_duration).unwrap();
        frames.push(MediaFrame {
            bytes: mdat[at..at + size].to_vec().into(),
            decode_us,
            presentation_offset_us: i32::try_from(sample.cts.unwrap_or(0)).unwrap(),
            duration_us,
            keyframe: index == 0, // Cut at keyframes.
        });
        at += size;
        decode_us += i64::from(duration_us);
    }
}

fn config_of(clip: &[u8], codec: Codec) -> VideoConfig {
    let kind = if codec == Codec::H264 { *b"avcC" } else { *b"hvcC" };
    VideoConfig { codec, width: WIDTH, height: HEIGHT, record: body_of(clip, kind) }
}

/// Init segment and fragments of these frames, cut where `begins` says.
fn ours(
    directory: &Path,
    config: &VideoConfig,
    frames: &[MediaFrame],
    begins: impl Fn(&MediaFrame) -> bool,
) -> PathBuf {
    let mut written = init_segment(config).unwrap();
    let mut sequence = 0;
    let mut from = 0;
    for to in 1..=frames.len() {
        if to == frames.len() || begins(&frames[to]) {
            sequence += 1;
            written.extend(fragment(sequence, &frames[from..to]).unwrap());
            from = to;
        }
    }
    let file = directory.join("ours.mp4");
    std::fs::write(&file, written).unwrap();
    file
}

/// Times of showing and decoding, size and keyframe of each packet, as ffprobe reads them.
fn packets(file: &Path) -> Vec<(i64, i64, usize, bool)> {
    let read = run(Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-of", "compact=p=0:nk=0"])
        .args(["-show_entries", "packet=pts,dts,size,flags"])
        .arg(file));
    read.lines()
        .map(|line| {
            let field = |name: &str| {
                let found = line.split('|').find_map(|pair| pair.strip_prefix(name));
                found.unwrap_or_else(|| panic!("{name} in {line}"))
            };
            let number = |name: &str| field(name).parse::<i64>().unwrap();
            let size = usize::try_from(number("size=")).unwrap();
            (number("pts="), number("dts="), size, field("flags=").starts_with('K'))
        })
        .collect()
}

fn decoded_frames(file: &Path) -> usize {
    run(Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-count_frames"])
        .args(["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"])
        .arg(file))
    .trim()
    .parse()
    .unwrap()
}

fn expected(frames: &[MediaFrame]) -> Vec<(i64, i64, usize, bool)> {
    let shown_us = |frame: &MediaFrame| frame.decode_us + i64::from(frame.presentation_offset_us);
    frames
        .iter()
        .map(|frame| (shown_us(frame), frame.decode_us, frame.bytes.len(), frame.keyframe))
        .collect()
}

fn read_back(codec: Codec, encoder: &str) {
    let directory = tempfile::tempdir().unwrap();
    let clip = clip(directory.path(), encoder);
    let (config, frames) = (config_of(&clip, codec), frames_of(&clip));
    assert_eq!(frames.len(), FRAMES);
    assert!(frames.iter().any(|frame| frame.presentation_offset_us != 0), "no frame out of order");
    let live = ours(directory.path(), &config, &frames, |_| true);
    assert_eq!(packets(&live), expected(&frames), "one fragment for each frame");
    assert_eq!(decoded_frames(&live), FRAMES);
    let recorded = ours(directory.path(), &config, &frames, |frame| frame.keyframe);
    assert_eq!(packets(&recorded), expected(&frames), "one fragment for each group of pictures");
    assert_eq!(decoded_frames(&recorded), FRAMES);
}

#[test]
fn h264_is_read_back() {
    read_back(Codec::H264, "libx264");
}

#[test]
fn h265_is_read_back() {
    read_back(Codec::H265, "libx265");
}

#[test]
fn a_gap_stays_a_gap_at_the_time_of_day() {
    const HOUR_US: i64 = 3_600_000_000;
    let directory = tempfile::tempdir().unwrap();
    let clip = clip(directory.path(), "libx264");
    let mut frames = frames_of(&clip);
    // Microseconds since 1970, as recorded footage may be counted; and an hour without pictures.
    for (index, frame) in frames.iter_mut().enumerate() {
        frame.decode_us += 1_795_000_000_000_000 + if index < 20 { 0 } else { HOUR_US };
    }
    let file = ours(directory.path(), &config_of(&clip, Codec::H264), &frames, |f| f.keyframe);
    let read = packets(&file);
    assert_eq!(read, expected(&frames));
    assert_eq!(read[20].1 - read[19].1, HOUR_US + FRAME_US);
    assert_eq!(decoded_frames(&file), FRAMES);
}

#[test]
fn the_codec_is_named_as_ffmpeg_names_it() {
    for (codec, encoder, profile) in
        [(Codec::H264, "libx264", "avc1.6400"), (Codec::H265, "libx265", "hvc1.1.6.L")]
    {
        let directory = tempfile::tempdir().unwrap();
        let clip = clip(directory.path(), encoder);
        let config = config_of(&clip, codec);
        let name = mime(&config).unwrap();
        assert!(name.starts_with(&format!("video/mp4; codecs=\"{profile}")), "{name}");
        let file = ours(directory.path(), &config, &frames_of(&clip), |frame| frame.keyframe);
        let level = run(Command::new("ffprobe")
            .args(["-v", "error", "-show_entries", "stream=level", "-of", "csv=p=0"])
            .arg(file));
        let level: u8 = level.trim().parse().unwrap();
        let told =
            if codec == Codec::H264 { format!("{level:02X}\"") } else { format!("L{level}.") };
        assert!(name.contains(&told), "{name} and level {level}");
    }
}
