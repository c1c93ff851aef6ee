//! What is seen: other clips, pictures that stand still or are black, signatures.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use testkit::sim::SIGNING_UUID;
use testkit::{SimFault, SimServer, clips, stamp};

use crate::raw::{Client, Packet, counter, frames, units};
use crate::{camera, serve};

const KEYFRAME: u8 = 5;

fn kinds(frame: &[Packet]) -> Vec<u8> {
    units(frame).iter().map(|unit| unit[0] & 0x1f).collect()
}

fn bytes(frame: &[Packet]) -> usize {
    frame.iter().map(|packet| packet.bytes.len()).sum()
}

/// What comes after `fault`, from the keyframe with which it begins.
fn seen_with(server: &SimServer, fault: SimFault) -> Vec<Packet> {
    let mut client = Client::play(server);
    client.media_for(Duration::from_secs(3));
    server.set_fault(0, fault).unwrap();
    let packets = client.media_for(Duration::from_secs(7));
    let begins = |packets: &[Packet]| kinds(packets).contains(&KEYFRAME);
    let at = frames(&packets).into_iter().position(begins).unwrap();
    let frames = frames(&packets).into_iter().skip(at);
    // The last one may not be whole.
    let whole = frames.filter(|frame| frame.last().unwrap().marked());
    whole.flatten().cloned().collect()
}

/// Luma of each frame, as ffmpeg sees it; it may complain of nothing.
fn decode(folder: &Path, packets: &[Packet]) -> Vec<Vec<u8>> {
    let (coded, raw) = (folder.join("seen.h264"), folder.join("seen.raw"));
    let annex_b: Vec<u8> =
        units(packets).iter().flat_map(|u| [&[0, 0, 0, 1], &u[..]].concat()).collect();
    std::fs::write(&coded, annex_b).unwrap();
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y", "-i"]).arg(&coded);
    command.args(["-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo"]).arg(&raw);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    std::fs::read(raw).unwrap().chunks(320 * 180).map(<[u8]>::to_vec).collect()
}

#[test]
fn freeze_shows_the_same_picture_under_a_caption_that_goes_on() {
    let server = serve(camera());
    let packets = seen_with(&server, SimFault::Freeze);
    let frames = frames(&packets);
    assert!(frames.len() > 45);
    for (at, frame) in
        frames.iter().enumerate().filter(|(_, frame)| !kinds(frame).contains(&KEYFRAME))
    {
        assert!(bytes(frame) < 4000, "frame {at} has {} bytes", bytes(frame));
        assert_eq!(counter(frame), counter(frames[0]).map(|first| first + at as u64));
    }
    let folder = tempfile::tempdir().unwrap();
    let pictures = decode(folder.path(), &packets);
    assert_eq!(pictures.len(), frames.len());
    let below = 2 * 16 * 320;
    assert!(pictures.iter().all(|picture| picture[below..] == pictures[0][below..]));
    assert!(pictures[0] != pictures[1], "the caption goes on");
    assert!(pictures[0][below..].iter().any(|luma| *luma > 100), "it is not black");
    server.clear_faults(0);
}

#[test]
fn black_is_black_and_small() {
    let server = serve(camera());
    let packets = seen_with(&server, SimFault::Black);
    let frames = frames(&packets);
    assert!(frames.len() > 45);
    assert!(frames.iter().all(|frame| bytes(frame) < 1000));
    assert!(
        frames.iter().filter(|frame| !kinds(frame).contains(&KEYFRAME)).all(|f| bytes(f) < 200)
    );
    let folder = tempfile::tempdir().unwrap();
    let pictures = decode(folder.path(), &packets);
    assert_eq!(pictures.len(), frames.len());
    // ffmpeg may stretch the range of 16 to 235.
    assert!(pictures.iter().flatten().all(|luma| *luma <= 16));
}

#[test]
fn a_clip_that_cannot_be_captioned_cannot_freeze() {
    let server = serve(testkit::SimCamera { clip: clips::small_h265(), ..camera() });
    for fault in [SimFault::Freeze, SimFault::Black] {
        let error = server.set_fault(0, fault).unwrap_err().to_string();
        assert!(error.contains("captioned"), "{error}");
    }
}

#[test]
fn a_camera_without_a_name_leaves_the_picture_as_it_is() {
    let server = serve(testkit::SimCamera { name: String::new(), ..camera() });
    let packets = Client::play(&server).media_for(Duration::from_secs(4));
    let clip = std::fs::read(clips::small_h264()).unwrap();
    let whole = frames(&packets).into_iter().filter(|frame| frame.last().unwrap().marked());
    let seen: Vec<_> =
        whole.flat_map(units).filter(|unit| matches!(unit[0] & 0x1f, 1..=5)).collect();
    assert!(seen.len() > 60);
    let in_clip = |unit: &Vec<u8>| clip.windows(unit.len()).any(|window| window == unit);
    assert!(seen.iter().all(in_clip), "each slice is one of the clip");
}

#[test]
fn another_codec_comes_in_the_middle_with_its_parameter_sets() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    let before = client.media_for(Duration::from_secs(3));
    assert!(frames(&before)[0][0].bytes[12] & 0x1f == 24);
    server.set_fault(0, SimFault::Clip(clips::small_h265())).unwrap();
    let after = client.media_for(Duration::from_secs(5));
    let kind = |packet: &Packet| (packet.bytes[12] >> 1) & 0x3f;
    // Aggregates and fragments of H.265 have kinds of their own.
    let at = after.iter().position(|packet| kind(packet) == 48).unwrap();
    let in_band: Vec<u8> = after[at].bytes[14..].to_vec();
    assert_eq!((in_band[2] >> 1) & 0x3f, 32, "the first unit is the VPS");
    assert_eq!(before[0].ssrc(), after[at].ssrc());
    let switched = frames(&after[at..]);
    let counters: Vec<_> = switched.iter().filter_map(|frame| counter(frame)).collect();
    assert!(counters.len() > 15 && counters.windows(2).all(|two| two[1] == two[0] + 1));
    let description = Client::connect(&server).ask("DESCRIBE", "");
    assert!(String::from_utf8(description.body).unwrap().contains("H265/90000"));
    server.clear_faults(0);
    let description = Client::connect(&server).ask("DESCRIBE", "");
    assert!(String::from_utf8(description.body).unwrap().contains("H264/90000"));
    assert!(server.set_fault(0, SimFault::Clip("missing.h264".into())).is_err());
}

#[test]
fn a_signing_message_comes_byte_for_byte_before_each_keyframe() {
    let server = serve(camera());
    let payload: Vec<u8> =
        (0..3000_u32).map(|byte| if byte % 7 < 3 { 0 } else { byte as u8 }).collect();
    server.set_signing(0, Some(payload));
    let expected = server.signing_unit(0).unwrap();
    assert!(expected.len() > 3000 + SIGNING_UUID.len());
    let packets = Client::play(&server).media_for(Duration::from_secs(5));
    let frames = frames(&packets);
    let whole = frames.iter().filter(|frame| frame.last().unwrap().marked());
    let mut keyframes = 0;
    for frame in whole {
        let keyframe = kinds(frame).contains(&KEYFRAME);
        keyframes += usize::from(keyframe);
        assert_eq!(units(frame).contains(&expected), keyframe);
        assert!(frame.iter().any(|packet| stamp::find(&packet.bytes).is_some()));
    }
    assert!(keyframes >= 1);
    server.set_signing(0, None);
    assert_eq!(server.signing_unit(0), None);
}
