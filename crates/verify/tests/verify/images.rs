//! Images of disks: every planted key is found, in every form, and nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use domain::{BucketId, CameraId, Feed, FeedKind, ReelId, WallTime};
use reel::{BucketKey, ChunkHeader, FrameEntry, seal_chunk};
use verify::disk::{self, Commitments, Form, Options, Owner, ScanError, scan};
use verify::ledger::audit;
use verify::{Report, Word};

use crate::shelf::{hex, key, policy, sha256, shelf};

/// Bytes that look random, and are the same in each run.
fn noise(length: usize) -> Vec<u8> {
    (0..length.div_ceil(32) as u64).flat_map(|at| sha256(&at.to_le_bytes())).take(length).collect()
}

fn commitments(keys: &[[u8; 32]]) -> Commitments {
    let owner = |at: usize| (Owner::VaultKey(at as u64), true);
    let known: BTreeMap<_, _> =
        keys.iter().enumerate().map(|(at, key)| (sha256(key), owner(at))).collect();
    Commitments::new(known)
}

/// FIPS 197, appendix A.3: a key and the ninth word of its schedule.
const AES_KEY: &str = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const AES_NEXT: [u8; 4] = [0x9b, 0xa3, 0x54, 0x11];

fn aes_key() -> [u8; 32] {
    let digits: Vec<u8> = AES_KEY.bytes().collect();
    let digit = |c: u8| u8::try_from(char::from(c).to_digit(16).unwrap()).unwrap();
    std::array::from_fn(|at| digit(digits[2 * at]) << 4 | digit(digits[2 * at + 1]))
}

/// A key in a form that a disk may hold it in, beside other bytes.
fn forms_of(key: [u8; 32]) -> Vec<(Form, Vec<u8>)> {
    let digits = hex(&key);
    let turned: Vec<u8> = key.iter().rev().copied().collect();
    let within = |before: usize| [&vec![0xa5; before][..], &key, &[0x5a; 9]].concat();
    let mut forms = vec![
        (Form::Raw, key.to_vec()),
        (Form::Hex, digits.clone().into_bytes()),
        (Form::Hex, digits.to_uppercase().into_bytes()),
        (Form::Hex, format!("0{digits}f").into_bytes()),
        (Form::Base64, STANDARD.encode(key).into_bytes()),
        (Form::Base64, STANDARD_NO_PAD.encode(key).into_bytes()),
        (Form::Base64, URL_SAFE_NO_PAD.encode(key).into_bytes()),
        (Form::Reversed, turned),
    ];
    forms.extend((0..7).map(|at| (Form::Base64, STANDARD.encode(within(at)).into_bytes())));
    forms
}

#[test]
fn k1_a_planted_key_is_found_in_every_form_and_a_form_that_is_not_looked_for_is_not() {
    let known = commitments(&[key(1), key(2), aes_key()]);
    let mut planted = forms_of(key(1));
    // A schedule as most programs hold it: each word with its bytes turned round.
    let words = [&aes_key()[..], &AES_NEXT].concat();
    let swapped = words.chunks(4).flat_map(|word| word.iter().rev().copied()).collect();
    planted.push((Form::AesSchedule, swapped));
    for (form, bytes) in planted {
        for at in [0, 1, 777] {
            // Between bytes that are of no alphabet.
            let mut image = noise(1500);
            image.splice(at..at, [&[0xff][..], &bytes, &[0xff]].concat());
            let found = scan(&image, 5000, image.len(), &Form::ALL, &known);
            assert!(!found.hits.is_empty(), "{form:?} at {at}");
            assert!(found.hits.iter().all(|hit| hit.form == form), "{form:?}: {:?}", found.hits);
            // Where the form begins, or within the base64 or digits about it.
            let first = found.hits[0].at - 5000;
            assert!((at as u64..(at + bytes.len()) as u64 + 1).contains(&first), "{form:?}");
            let others: Vec<Form> = Form::ALL.into_iter().filter(|other| *other != form).collect();
            let found = scan(&image, 0, image.len(), &others, &known);
            assert!(found.hits.is_empty(), "the control: without {form:?}, {:?}", found.hits);
        }
    }
    assert!(scan(&noise(3000), 0, 3000, &Form::ALL, &known).hits.is_empty());
}

#[test]
fn a_key_of_one_byte_and_the_ends_of_an_image_are_looked_at() {
    let known = commitments(&[[0; 32], [7; 32], key(1)]);
    let zeros = scan(&[0; 40], 0, 40, &[Form::Raw], &known);
    assert_eq!(zeros.hits.len(), 9, "each window of zeros is that key");
    let image = [&key(1)[..], &[9; 5], &[7; 32]].concat();
    let found = scan(&image, 0, image.len(), &Form::ALL, &known);
    let raw: Vec<u64> =
        found.hits.iter().filter(|hit| hit.form == Form::Raw).map(|hit| hit.at).collect();
    assert_eq!(raw, [0, 37]);
    for short in [&[][..], &[0; 31]] {
        assert!(scan(short, 0, short.len(), &Form::ALL, &known).hits.is_empty());
    }
}

fn options(image: &Path) -> Options {
    let forms = Form::ALL.to_vec();
    Options { image: image.to_owned(), resume: None, sample: 100, forms, threads: 2 }
}

fn scan_image(options: &Options) -> Result<Report, ScanError> {
    let (shelf, _) = shelf(20);
    disk::verify(audit("disk", &shelf, &policy(), None), options, &mut |_, _| {})
}

#[test]
fn k1_a_destroyed_key_is_a_finding_and_a_key_in_use_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image");
    // Mostly zeros, as disks are, and longer than what one thread takes at once.
    let mut image = vec![0; (8 << 20) + 500];
    let edge = (4 << 20) - 7;
    image[edge..edge + 32].copy_from_slice(&key(15));
    image[edge + 100..edge + 132].copy_from_slice(&key(1001));
    std::fs::write(&path, &image).unwrap();
    let report = scan_image(&options(&path)).unwrap();
    assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
    assert_eq!(report.fact_of("live_keys_found").unwrap().as_array().unwrap().len(), 2);
    assert_eq!(report.fact_of("looked_for_destroyed").unwrap(), 11);
    assert_eq!(report.fact_of("looked_for_live").unwrap(), 11);

    // A bucket key that is gone, across the border of two pieces, and the vault key that is gone.
    let edge = (8 << 20) - 31;
    image[edge..edge + 32].copy_from_slice(&key(3));
    image[77..109].copy_from_slice(&key(1000));
    std::fs::write(&path, &image).unwrap();
    let report = scan_image(&options(&path)).unwrap();
    assert_eq!(report.word(), Word::DestroyedKeyFound);
    let places: Vec<_> = report.findings().iter().map(|found| found.place.clone()).collect();
    assert_eq!(places, ["byte 77".to_owned(), format!("byte {edge}")]);
    assert!(report.findings()[0].detail.contains("epoch 1"), "{:?}", report.findings());
}

#[test]
fn a_scan_goes_on_where_it_was_stopped_and_only_the_same_scan() {
    let folder = tempfile::tempdir().unwrap();
    let (path, resume) = (folder.path().join("image"), folder.path().join("progress"));
    let mut image = vec![0; 100_000];
    image[500..532].copy_from_slice(&key(3));
    std::fs::write(&path, &image).unwrap();
    let options = Options { resume: Some(resume.clone()), ..options(&path) };
    assert_eq!(scan_image(&options).unwrap().word(), Word::DestroyedKeyFound);
    // Done before: it is not looked through again, and what was found is still found.
    std::fs::write(&path, vec![0; 100_000]).unwrap();
    assert_eq!(scan_image(&options).unwrap().word(), Word::DestroyedKeyFound);
    std::fs::write(&path, vec![0; 100_001]).unwrap();
    assert!(matches!(scan_image(&options), Err(ScanError::Progress(_))), "another image");
    std::fs::write(&resume, b"{}").unwrap();
    assert!(matches!(scan_image(&options), Err(ScanError::Progress(_))), "no file of a scan");
}

/// A record of bucket 0, which is destroyed, and the key of its minute.
fn record() -> (Vec<u8>, [u8; 32]) {
    let bucket = BucketId::from_random(key(0)[..16].try_into().unwrap());
    let (reel, feed) = (
        ReelId::from_bytes([3; 16]),
        Feed { camera: CameraId::from_bytes([4; 16]), kind: FeedKind::Sub },
    );
    let minute = BucketKey::from_bytes(key(0)).minute(bucket, 29_000_000);
    let frame =
        FrameEntry { size_bytes: 300, delta_us: 0, presentation_offset_us: 0, keyframe: false };
    let header = ChunkHeader {
        number: 9,
        feed,
        bucket,
        minute: 29_000_000,
        sequence: 1,
        connection: 1,
        begins_with_keyframe: false,
        start: WallTime::from_micros(29_000_000 * 60_000_000),
        uncertainty_us: 0,
        elapsed_ns: 0,
        duration_us: 1,
        codec: None,
        frames: vec![frame],
    };
    let mut bytes = Vec::new();
    seal_chunk(&minute.chunk(reel, feed), reel, &header, &noise(300), &mut bytes).unwrap();
    (bytes, *minute.expose())
}

/// The key of a minute has no commitment: it is found because footage on the image opens with it.
#[test]
fn k1_a_minute_key_left_behind_opens_destroyed_footage_and_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image");
    let (record, minute_key) = record();
    let mut image = noise(3000);
    image.splice(1000..1000, record);
    std::fs::write(&path, &image).unwrap();
    let options = Options { sample: 10_000, ..options(&path) };
    let report = scan_image(&options).unwrap();
    assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
    assert_eq!(report.fact_of("destroyed_records").unwrap(), 1);
    assert_eq!(report.fact_of("windows_tried").unwrap(), image.len() - 31);
    image.splice(100..100, minute_key);
    std::fs::write(&path, &image).unwrap();
    let report = scan_image(&options).unwrap();
    assert_eq!(report.word(), Word::DestroyedFootageOpened);
    assert_eq!(report.findings()[0].place, "key at byte 100, as minute key");
    // The control: with a sample of none it is overlooked, and the report says how many were tried.
    let report = scan_image(&Options { sample: 0, ..options }).unwrap();
    assert_eq!(
        (report.word(), report.fact_of("windows_tried").unwrap().as_u64()),
        (Word::Verified, Some(0))
    );
}
