//! Signed notes and checkpoints: what is refused, and whose signature counts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use tlog::note::{
    EcdsaKey, KeyError, MAX_NOTE_BYTES, MAX_SIGNATURE_BYTES, MAX_SIGNATURES, MAX_TIMESTAMP_S,
    NoteError, VerifyNoteError, message_to_cosign, message_to_sign,
};
use tlog::{
    Algorithm, Checkpoint, CheckpointError, OpenCheckpointError, Signature, SignedNote,
    VerifierKey, empty_root, origin,
};

/// Published with Go's golang.org/x/mod/sumdb/note, an implementation that is not ours.
const GO_VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfq\
    dngotpRZb6KE6RyyBwJnAM=\n";

struct Signer {
    pair: Ed25519KeyPair,
    key: VerifierKey,
}

impl Signer {
    fn new(name: &str, algorithm: Algorithm, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let public_key = pair.public_key().as_ref().try_into().unwrap();
        let key = VerifierKey::new(name, algorithm, public_key).unwrap();
        Self { pair, key }
    }

    fn sign(&self, text: &str) -> Signature {
        let raw = self.pair.sign(message_to_sign(text));
        Signature::from_raw(&self.key, raw.as_ref()).unwrap()
    }

    fn cosign(&self, text: &str, timestamp_s: u64) -> Signature {
        let raw = self.pair.sign(&message_to_cosign(text, timestamp_s));
        Signature::from_raw_cosignature(&self.key, timestamp_s, raw.as_ref()).unwrap()
    }
}

fn log() -> Signer {
    Signer::new("example.com/log", Algorithm::Ed25519, 1)
}

fn witness() -> Signer {
    Signer::new("example.com/witness", Algorithm::CosignatureV1, 2)
}

fn checkpoint() -> Checkpoint {
    let origin = log().key.name().to_owned();
    Checkpoint { origin, size: 0, root: empty_root(), extensions: Vec::new() }
}

fn note(text: &str, signatures: impl IntoIterator<Item = Signature>) -> SignedNote {
    let mut note = SignedNote::new(text).unwrap();
    signatures.into_iter().for_each(|signature| note.add(signature).unwrap());
    note
}

#[test]
fn a_note_that_go_signed_verifies_and_an_altered_one_does_not() {
    let key: VerifierKey = GO_VKEY.parse().unwrap();
    assert_eq!(key.to_string(), GO_VKEY);
    let note = SignedNote::parse(GO_NOTE.as_bytes()).unwrap();
    assert_eq!(note.encode().unwrap(), GO_NOTE);
    assert_eq!(note.verify([&key]).unwrap().len(), 1);
    let altered = SignedNote::parse(GO_NOTE.replace("think", "thinx").as_bytes()).unwrap();
    let bad = VerifyNoteError::BadSignature { name: "PeterNeumann".into() };
    assert_eq!(altered.verify([&key]), Err(bad));
}

#[test]
fn what_is_not_a_note_is_refused() {
    let line = log().sign("text\n").line();
    let good = format!("text\n\n{line}\n");
    assert!(SignedNote::parse(good.as_bytes()).is_ok());
    let twice = format!("one\n\ntwo\n\n{line}\n");
    assert_eq!(SignedNote::parse(twice.as_bytes()).unwrap().text(), "one\n\ntwo\n");
    for (bad, why) in [
        (String::new(), NoteError::NoBlankLine),
        ("text\n".into(), NoteError::NoBlankLine),
        (format!("text\n{line}\n"), NoteError::NoBlankLine),
        (format!("\n{line}\n"), NoteError::NoBlankLine),
        ("text\n\n".into(), NoteError::NoSignature),
        (format!("text\n\n{line}"), NoteError::SignatureLine),
        (format!("text\n\n{line}\n\n"), NoteError::NoSignature),
        (format!("text\n\n{line}\nmore\n"), NoteError::SignatureLine),
        (good.replace('\u{2014}', "-"), NoteError::SignatureLine),
        (good.replace("\u{2014} ", "\u{2014}"), NoteError::SignatureLine),
        (good.replace("\u{2014} ", "\u{2014}  "), NoteError::KeyName),
        (good.replace("/log ", "/log\u{3000} "), NoteError::KeyName),
        (good.replace("/log ", "/log+ "), NoteError::KeyName),
        (good.replace("/log ", "/log  "), NoteError::SignatureLine),
        (good.replace("/log ", &format!("/{} ", "x".repeat(255))), NoteError::KeyName),
        (good.replace("=\n", "\n"), NoteError::SignatureLine),
        (good.replace("=\n", "= \n"), NoteError::SignatureLine),
        (good.replace("text", "te\txt"), NoteError::ControlCharacter),
        (good.replace('\n', "\r\n"), NoteError::ControlCharacter),
        ("text\n\n\u{2014} name AAAAAA==\n".into(), NoteError::SignatureLength),
        ("text\n\n\u{2014} name AAAA\n".into(), NoteError::SignatureLength),
    ] {
        assert_eq!(SignedNote::parse(bad.as_bytes()), Err(why), "{bad:?}");
    }
    let latin = good.replace("text", "t\u{e9}xt").into_bytes();
    let latin: Vec<u8> = latin.into_iter().filter(|&byte| byte != 0xc3).collect();
    assert_eq!(SignedNote::parse(&latin), Err(NoteError::Encoding));
    assert_eq!(SignedNote::new("unfinished"), Err(NoteError::UnfinishedText));
    assert_eq!(SignedNote::new(""), Err(NoteError::UnfinishedText));
    assert_eq!(SignedNote::new("a\0b\n"), Err(NoteError::ControlCharacter));
    assert_eq!(note("text\n", []).encode(), Err(NoteError::NoSignature));
}

#[test]
fn notes_have_limits() {
    let line = log().sign("text\n").line();
    let with = |lines: usize| format!("text\n\n{}", format!("{line}\n").repeat(lines));
    assert!(SignedNote::parse(with(MAX_SIGNATURES).as_bytes()).is_ok());
    let refused = SignedNote::parse(with(MAX_SIGNATURES + 1).as_bytes());
    assert_eq!(refused, Err(NoteError::TooManySignatures));

    let of = |length_bytes: usize| {
        let room = length_bytes - format!("\n\n{line}\n").len();
        format!("{}\n\n{line}\n", "x".repeat(room))
    };
    assert!(SignedNote::parse(of(MAX_NOTE_BYTES).as_bytes()).is_ok());
    let refused = SignedNote::parse(of(MAX_NOTE_BYTES + 1).as_bytes());
    assert_eq!(refused, Err(NoteError::TooLong));
    assert_eq!(SignedNote::new("x\n".repeat(MAX_NOTE_BYTES)), Err(NoteError::TooLong));

    // Groups of three bytes are four characters without padding.
    let of = |groups: usize| format!("text\n\n\u{2014} name {}\n", "AAAA".repeat(groups));
    assert!(SignedNote::parse(of((MAX_SIGNATURE_BYTES + 4) / 3).as_bytes()).is_ok());
    for groups in [(MAX_SIGNATURE_BYTES + 4) / 3 + 1, MAX_SIGNATURE_BYTES] {
        let refused = SignedNote::parse(of(groups).as_bytes());
        assert_eq!(refused, Err(NoteError::SignatureLength));
    }
}

#[test]
fn only_name_and_id_together_make_a_known_key() {
    let text = checkpoint().encode().unwrap();
    let (log, stranger) = (log(), Signer::new("example.com/log", Algorithm::Ed25519, 9));
    let signed = note(&text, [stranger.sign(&text), log.sign(&text)]);
    assert_eq!(signed.verify([&log.key]).unwrap().len(), 1);
    let renamed = Signer::new("example.com/other", Algorithm::Ed25519, 1);
    assert_eq!(signed.verify([&renamed.key]), Err(VerifyNoteError::NoKnownKey));
    assert_eq!(signed.verify([]), Err(VerifyNoteError::NoKnownKey));
}

#[test]
fn one_bad_line_of_a_known_key_condemns_the_note() {
    let text = checkpoint().encode().unwrap();
    let (log, witness) = (log(), witness());
    let elsewhere = witness.cosign("example.com/log\n1\nother\n", 5);
    let signed = note(&text, [log.sign(&text), elsewhere]);
    assert!(signed.verify([&log.key]).is_ok());
    let bad = VerifyNoteError::BadSignature { name: witness.key.name().into() };
    assert_eq!(signed.verify([&log.key, &witness.key]), Err(bad.clone()));
    let signed = note(&text, [witness.cosign(&text, 5), witness.cosign("x\n", 5)]);
    assert_eq!(signed.verify([&witness.key]), Err(bad));
}

#[test]
fn a_cosignature_vouches_for_its_time_and_for_checkpoints_only() {
    let text = checkpoint().encode().unwrap();
    let witness = witness();
    let line = witness.cosign(&text, 1_679_315_147);
    let signed = note(&text, [line.clone(), line.clone()]);
    let good = signed.verify([&witness.key]).unwrap();
    assert_eq!(good.len(), 1, "one signature given twice is one");
    assert_eq!(good[0].timestamp_s, Some(1_679_315_147));

    let raw = &line.bytes()[8..];
    let later = Signature::from_raw_cosignature(&witness.key, 1_679_315_148, raw).unwrap();
    assert!(note(&text, [later]).verify([&witness.key]).is_err());
    let never = Signature::from_raw_cosignature(&witness.key, MAX_TIMESTAMP_S + 1, raw);
    assert_eq!(never, Err(NoteError::SignatureLength));

    let prose = note("not a checkpoint\n", [witness.cosign("not a checkpoint\n", 5)]);
    let refused = prose.verify([&witness.key]);
    assert!(matches!(refused, Err(VerifyNoteError::NotACheckpoint { .. })));
}

#[test]
fn a_signature_of_another_length_or_from_beyond_all_time_is_bad() {
    let text = checkpoint().encode().unwrap();
    let (log, witness) = (log(), witness());
    let line = |key: &VerifierKey, bytes: &[u8]| {
        let bytes = [&key.id().to_be_bytes()[..], bytes].concat();
        let line = format!("\u{2014} {} {}", key.name(), STANDARD.encode(bytes));
        Signature::parse(&line).unwrap()
    };
    let good = log.sign(&text);
    assert_eq!(line(&log.key, good.bytes()), good);
    for bytes in [&good.bytes()[..63], &[good.bytes(), b"x"].concat(), &[7]] {
        assert!(note(&text, [line(&log.key, bytes)]).verify([&log.key]).is_err());
        assert!(note(&text, [line(&witness.key, bytes)]).verify([&witness.key]).is_err());
    }
    for (time, good) in [(MAX_TIMESTAMP_S, true), (MAX_TIMESTAMP_S + 1, false)] {
        let raw = witness.pair.sign(&message_to_cosign(&text, time));
        let bytes = [&time.to_be_bytes()[..], raw.as_ref()].concat();
        let verdict = note(&text, [line(&witness.key, &bytes)]).verify([&witness.key]).is_ok();
        assert_eq!(verdict, good, "{time}");
    }
}

#[test]
fn a_key_signs_with_its_own_algorithm_alone() {
    let text = checkpoint().encode().unwrap();
    let as_log = Signer::new("example.com/one", Algorithm::Ed25519, 3);
    let as_witness = Signer::new("example.com/one", Algorithm::CosignatureV1, 3);
    assert_ne!(as_log.key.id(), as_witness.key.id());
    let raw = [0; 64];
    assert!(Signature::from_raw(&as_witness.key, &raw).is_err());
    assert!(Signature::from_raw_cosignature(&as_log.key, 1, &raw).is_err());
    assert!(Signature::from_raw(&as_log.key, &raw[1..]).is_err());
    let signed = note(&text, [as_log.sign(&text)]);
    assert_eq!(signed.verify([&as_witness.key]), Err(VerifyNoteError::NoKnownKey));
}

#[test]
fn what_is_not_a_verifier_key_is_refused() {
    let refused = |vkey: &str| VerifierKey::parse(vkey).unwrap_err();
    assert_eq!(refused(""), KeyError::Form);
    assert_eq!(refused("PeterNeumann+c74f20a3"), KeyError::Form);
    assert_eq!(refused(&GO_VKEY.replace("c74f", "C74F")), KeyError::Id);
    assert_eq!(refused(&GO_VKEY.replace("c74f", "c74e")), KeyError::Id);
    assert_eq!(refused(&GO_VKEY.replace("Peter", "Pieter")), KeyError::Id);
    assert_eq!(refused(&GO_VKEY.replace("Peter", "Peter ")), KeyError::Name);
    assert_eq!(refused(&GO_VKEY.replace("PeterNeumann", "")), KeyError::Name);
    assert_eq!(refused(&GO_VKEY.replace("+ARpc", "+AhpC")), KeyError::UnknownAlgorithm(2));
    assert_eq!(refused(&GO_VKEY.replace("10TW", "")), KeyError::Form);
    assert_eq!(refused(&format!("{GO_VKEY}AAAA")), KeyError::Form);
    assert_eq!(refused(&format!("{GO_VKEY}\n")), KeyError::Form);
    assert_eq!(refused(&format!("n+00000000+{}", "A".repeat(4000))), KeyError::Form);
}

#[test]
fn what_is_not_a_checkpoint_is_refused() {
    let root = empty_root().to_base64();
    let sized = |size: &str| format!("origin\n{size}\n{root}\n");
    let good = sized("7");
    assert_eq!(Checkpoint::parse(&good).unwrap().size, 7);
    let largest = sized("9223372036854775807");
    assert_eq!(Checkpoint::parse(&largest).unwrap().encode().unwrap(), largest);
    for (bad, why) in [
        (String::new(), CheckpointError::Unfinished),
        (good.trim_end().into(), CheckpointError::Unfinished),
        ("origin\n7\n".into(), CheckpointError::TooFewLines),
        (good.replace("origin", ""), CheckpointError::Origin),
        (good.replace("origin", &"o".repeat(256)), CheckpointError::Origin),
        (good.replace("origin", "or\tigin"), CheckpointError::ControlCharacter),
        (sized(""), CheckpointError::Size),
        (sized("07"), CheckpointError::Size),
        (sized("+7"), CheckpointError::Size),
        (sized("-7"), CheckpointError::Size),
        (sized("7 "), CheckpointError::Size),
        (sized("9223372036854775808"), CheckpointError::Size),
        (sized("18446744073709551616"), CheckpointError::Size),
        (format!("{good}\n"), CheckpointError::Extension),
        (format!("{good}one\n\ntwo\n"), CheckpointError::Extension),
        (format!("{good}{}\n", "x".repeat(1025)), CheckpointError::Extension),
        (format!("{good}{}", "x\n".repeat(17)), CheckpointError::Extension),
        (format!("{good}a\rb\n"), CheckpointError::ControlCharacter),
    ] {
        assert_eq!(Checkpoint::parse(&bad), Err(why), "{bad:?}");
    }
    let short = good.replace('=', "");
    assert!(matches!(Checkpoint::parse(&short), Err(CheckpointError::Root(_))));
}

#[test]
fn a_checkpoint_that_could_be_read_as_another_is_not_written() {
    let good = checkpoint();
    assert!(good.encode().is_ok());
    let forged = Checkpoint { origin: "o\n99\nroot".into(), ..good.clone() };
    assert_eq!(forged.encode(), Err(CheckpointError::ControlCharacter));
    let forged = Checkpoint { extensions: vec!["a\n\n\u{2014} x y".into()], ..good };
    assert_eq!(forged.encode(), Err(CheckpointError::ControlCharacter));
}

#[test]
fn only_the_logs_own_signed_checkpoint_is_opened() {
    let (log, checkpoint) = (log(), checkpoint());
    let text = checkpoint.encode().unwrap();
    let signed = note(&text, [log.sign(&text)]).encode().unwrap();
    assert_eq!(Checkpoint::open(signed.as_bytes(), &log.key), Ok(checkpoint.clone()));
    let refused = Checkpoint::open(text.as_bytes(), &log.key);
    assert!(matches!(refused, Err(OpenCheckpointError::ParseNote(_))));
    let refused = Checkpoint::open(signed.as_bytes(), &witness().key);
    assert!(matches!(refused, Err(OpenCheckpointError::VerifyNote(_))));
    let other = Checkpoint { origin: "example.com/log2".into(), ..checkpoint }.encode().unwrap();
    let signed = note(&other, [log.sign(&other)]).encode().unwrap();
    let refused = Checkpoint::open(signed.as_bytes(), &log.key);
    assert!(matches!(refused, Err(OpenCheckpointError::OtherLog { .. })));
    let signed = note("prose\n", [log.sign("prose\n")]).encode().unwrap();
    let refused = Checkpoint::open(signed.as_bytes(), &log.key);
    assert!(matches!(refused, Err(OpenCheckpointError::ParseCheckpoint(_))));
}

#[test]
fn the_origin_is_also_a_key_name() {
    let origin = origin(domain::RecorderId::from_random([7; 16]), 2026);
    assert_eq!(origin, "jikim/07070707-0707-4707-8707-070707070707/2026");
    assert!(VerifierKey::new(origin, Algorithm::Ed25519, [0; 32]).is_ok());
}

proptest! {
    #[test]
    fn what_is_read_is_written_back_unchanged(bytes in any::<Vec<u8>>(), text in "\\PC{0,40}") {
        for input in [bytes, format!("{text}\n\n\u{2014} {text} AAAABBBB\n").into_bytes()] {
            if let Ok(note) = SignedNote::parse(&input) {
                prop_assert_eq!(note.encode().unwrap().into_bytes(), input);
            }
        }
    }

    #[test]
    fn checkpoints_survive_being_written_and_read(
        origin in "[^\\x00-\\x1f]{1,60}",
        size in 0..=tlog::MAX_TREE_SIZE,
        root in any::<[u8; 32]>(),
        extensions in prop::collection::vec("[^\\x00-\\x1f]{1,60}", 0..4),
    ) {
        let checkpoint = Checkpoint { origin, size, root: tlog::Hash(root), extensions };
        let text = checkpoint.encode().unwrap();
        prop_assert_eq!(Checkpoint::parse(&text).unwrap(), checkpoint);
    }

    #[test]
    fn a_changed_byte_of_a_signed_checkpoint_is_noticed(
        at in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let (log, text) = (log(), checkpoint().encode().unwrap());
        let mut bytes = note(&text, [log.sign(&text)]).encode().unwrap().into_bytes();
        prop_assert!(Checkpoint::open(&bytes, &log.key).is_ok());
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(Checkpoint::open(&bytes, &log.key).is_err());
    }
}

/// A key and checkpoint of a public log (Sigstore's), signed by an implementation that is not ours.
const OTHERS_VKEY: &str = "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtr\
    Wm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";
const OTHERS_NOTE: &str = "Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n\
    \u{2014} rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GK\
    VClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n";

#[test]
fn a_second_signature_of_others_is_verified_and_every_change_of_it_is_refused() {
    let key: EcdsaKey = OTHERS_VKEY.parse().unwrap();
    assert_eq!(key.to_string(), OTHERS_VKEY);
    let note = SignedNote::parse(OTHERS_NOTE.as_bytes()).unwrap();
    assert_eq!(note.verify_second([&key]), Ok(true));
    let other = OTHERS_NOTE.replace("798034", "798035");
    let other = SignedNote::parse(other.as_bytes()).unwrap();
    assert!(matches!(other.verify_second([&key]), Err(VerifyNoteError::BadSignature { .. })));
    // Another name is another key, and nobody's signature.
    assert_eq!(note.verify_second([&key.named("bananas.sigstore.dev").unwrap()]), Ok(false));
    for wrong in [
        OTHERS_VKEY.replace("c0d23d6a", "c0d23d6b"),
        OTHERS_VKEY.replace("+AjBZ", "+ATBZ"),
        OTHERS_VKEY.replace("kWLc=", "kWL="),
        OTHERS_VKEY.replace("rekor", "re kor"),
        OTHERS_VKEY.replace("+AjBZMBM", "+AjBZMBN"),
    ] {
        assert!(wrong.parse::<EcdsaKey>().is_err(), "{wrong}");
    }
    assert_eq!(VerifierKey::parse(OTHERS_VKEY), Err(KeyError::UnknownAlgorithm(2)));
}

/// Beside the first it says what it says, and a bad one condemns; it is no first signature.
#[test]
fn a_second_signature_stands_beside_the_first_and_takes_no_place_of_it() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let point = pair.public_key().as_ref().try_into().unwrap();
    let key = EcdsaKey::new(log().key.name(), point).unwrap();
    let text = checkpoint().encode().unwrap();
    let sign = |text: &str| {
        let raw = pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        Signature::from_raw_ecdsa(&key, raw.as_ref()).unwrap()
    };
    let mut note = SignedNote::new(text.clone()).unwrap();
    note.add(sign(&text)).unwrap();
    assert_eq!(note.verify_second([&key]), Ok(true));
    assert_eq!(note.verify([&log().key]), Err(VerifyNoteError::NoKnownKey));
    note.add(log().sign(&text)).unwrap();
    assert!(note.verify([&log().key]).is_ok());
    let mut bad = SignedNote::new(text.clone()).unwrap();
    bad.add(log().sign(&text)).unwrap();
    assert_eq!(bad.verify_second([&key]), Ok(false));
    bad.add(sign("something else\n")).unwrap();
    assert!(bad.verify([&log().key]).is_ok());
    assert!(bad.verify_second([&key]).is_err());
}
