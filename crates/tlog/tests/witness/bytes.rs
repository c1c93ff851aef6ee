//! The bytes of requests and answers: one spelling, every limit, and the examples of the
//! specification.

use proptest::prelude::*;
use tlog::note::{MAX_SIGNATURES, NoteError, VerifyNoteError};
use tlog::witness::{
    AddCheckpoint, AddCheckpointError, Answer, CosignatureError, MAX_ANSWER_BYTES,
    MAX_CONSISTENCY_HASHES, MAX_REQUEST_BYTES, ReadAnswerError, SIZE_CONTENT_TYPE, cosignature_by,
};
use tlog::{CheckpointError, Hash, Signature};

use crate::{Signer, log, request, signed, tree, witness};

/// The example of tlog-witness; its proof and signatures are not real.
const EXAMPLE_REQUEST: &str = "old 20852014\n\
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
    5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
    /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
    \n\
    example.com/behind-the-sofa\n\
    20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
    \n\
    \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Z\
    hcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    \u{2014} example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+4\
    9/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

/// The example answer of tlog-witness.
const EXAMPLE_ANSWER: &str = "\u{2014} witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2Th\
    YN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n\
    \u{2014} witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vW\
    hO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==\n\
    \u{2014} witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA\
    7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n";

#[test]
fn the_request_of_the_specification_is_read_and_written_unchanged() {
    let request = AddCheckpoint::parse(EXAMPLE_REQUEST.as_bytes()).unwrap();
    assert_eq!((request.old_size(), request.proof().len()), (20_852_014, 4));
    assert_eq!(request.claimed().origin, "example.com/behind-the-sofa");
    assert_eq!(request.claimed().size, 20_852_163);
    assert_eq!(request.note().signatures().len(), 2);
    assert_eq!(request.encode(), EXAMPLE_REQUEST);
}

#[test]
fn the_answer_of_the_specification_is_read_and_written_unchanged() {
    let answer = Answer::read(200, None, EXAMPLE_ANSWER.as_bytes()).unwrap();
    assert_eq!(answer.body(), EXAMPLE_ANSWER);
    let Answer::Cosigned(lines) = answer else { panic!("it is a 200") };
    let names: Vec<_> = lines.iter().map(Signature::name).collect();
    assert_eq!(names, ["witness.example/w1", "witness.example/w1", "witness.example/w2"]);
    // Cosignatures: a time before the 64 bytes.
    assert!(lines.iter().all(|line| line.bytes().len() == 72));
}

#[test]
fn a_request_has_one_spelling() {
    let good = request(3, &tree(&[0; 7])).encode();
    let read = |text: &str| AddCheckpoint::parse(text.as_bytes()).map(drop).unwrap_err();
    assert!(AddCheckpoint::parse(good.as_bytes()).is_ok());
    for first in ["old 03\n", "old +3\n", "old  3\n", "old 3 \n", "Old 3\n", "old\n", "", "3\n"] {
        assert_eq!(read(&good.replacen("old 3\n", first, 1)), AddCheckpointError::OldSize);
    }
    for size in ["9223372036854775808", "18446744073709551616", "1e3", "-1", ""] {
        let text = good.replacen("old 3\n", &format!("old {size}\n"), 1);
        assert_eq!(read(&text), AddCheckpointError::OldSize, "{size}");
    }
    let highest = good.replacen("old 3\n", "old 9223372036854775807\n", 1);
    assert!(AddCheckpoint::parse(highest.as_bytes()).is_ok());
    for line in ["AAAA\n", " \n", "old 3\n", &"A".repeat(44)] {
        let text = good.replacen("old 3\n", &format!("old 3\n{line}"), 1);
        assert!(matches!(read(&text), AddCheckpointError::ProofHash { line: 1, .. }), "{line}");
    }
    assert!(matches!(read(&good.replace('\n', "\r\n")), AddCheckpointError::OldSize));
    assert_eq!(read("old 0\n"), AddCheckpointError::ProofHash { line: 1, source: hash_error() });
    assert_eq!(read("old 0"), AddCheckpointError::NoCheckpoint);
    assert_eq!(read("old 0\n\n"), NoteError::NoBlankLine.into());
    assert_eq!(read(&format!("{good}\n")), NoteError::NoSignature.into());
    assert_eq!(read(good.trim_end()), NoteError::SignatureLine.into());
}

fn hash_error() -> tlog::HashError {
    Hash::from_base64("").unwrap_err()
}

#[test]
fn a_request_keeps_its_limits() {
    let note = signed("log.example", 7, tree(&[0; 7]).root(), &log());
    let with = |hashes: usize| {
        AddCheckpoint::new(3, vec![tlog::empty_root(); hashes], note.clone())
            .map(|one| one.encode())
    };
    let most = with(MAX_CONSISTENCY_HASHES).unwrap();
    assert!(AddCheckpoint::parse(most.as_bytes()).is_ok());
    assert_eq!(with(MAX_CONSISTENCY_HASHES + 1), Err(AddCheckpointError::TooManyHashes));
    let line = format!("old 3\n{}\n", tlog::empty_root().to_base64());
    let more = AddCheckpoint::parse(most.replacen("old 3\n", &line, 1).as_bytes());
    assert_eq!(more, Err(AddCheckpointError::TooManyHashes));
    assert_eq!(AddCheckpoint::new(1 << 63, vec![], note), Err(AddCheckpointError::OldSize));
    let long = AddCheckpoint::parse(&vec![b'\n'; MAX_REQUEST_BYTES + 1]);
    assert_eq!(long, Err(AddCheckpointError::TooLong));
    let not_text = AddCheckpoint::parse(b"old \xff\n\n");
    assert_eq!(not_text, Err(AddCheckpointError::Encoding));
}

#[test]
fn a_request_holds_a_checkpoint() {
    let mut note = tlog::SignedNote::new("a text\nand more\n").unwrap();
    let unsigned = AddCheckpoint::new(0, vec![], signed_nothing());
    assert_eq!(unsigned, Err(NoteError::NoSignature.into()));
    note.add(log().sign("a text\nand more\n")).unwrap();
    let error = AddCheckpoint::new(0, vec![], note);
    assert_eq!(error, Err(CheckpointError::TooFewLines.into()));
}

fn signed_nothing() -> tlog::SignedNote {
    let note = signed("log.example", 7, tree(&[0; 7]).root(), &log());
    tlog::SignedNote::new(note.text()).unwrap()
}

#[test]
fn an_answer_is_classed_by_its_status_and_read_strictly() {
    let line = witness().cosign(signed_nothing().text(), 5).line();
    let cosigned = Answer::Cosigned(vec![Signature::parse(&line).unwrap()]);
    let conflict = Answer::Conflict { size: 17 };
    let refusals = [Answer::BadRequest, Answer::UnknownKey, Answer::UnknownLog];
    for answer in refusals.into_iter().chain([Answer::Inconsistent, conflict, cosigned]) {
        let body = answer.body();
        let read = Answer::read(answer.status(), Some(answer.content_type()), body.as_bytes());
        assert_eq!(read, Ok(answer));
    }
    for status in [0, 100, 199, 201, 204, 301, 401, 405, 413, 429, 500, 503] {
        assert_eq!(Answer::read(status, None, b""), Err(ReadAnswerError::Status(status)));
    }
    // What stands in the body of a refusal does not matter.
    assert_eq!(Answer::read(404, None, b"\xff"), Ok(Answer::UnknownLog));
    let long = vec![b'0'; MAX_ANSWER_BYTES + 1];
    assert_eq!(Answer::read(404, None, &long), Err(ReadAnswerError::TooLong));
}

#[test]
fn a_conflict_without_a_size_is_no_answer() {
    let read = |kind: Option<&str>, body: &[u8]| Answer::read(409, kind, body);
    let typed = Some(SIZE_CONTENT_TYPE);
    for kind in [SIZE_CONTENT_TYPE, "Text/X.TLog.Size", "text/x.tlog.size; charset=utf-8"] {
        assert_eq!(read(Some(kind), b"17\n"), Ok(Answer::Conflict { size: 17 }), "{kind}");
    }
    assert_eq!(read(typed, b"0\n"), Ok(Answer::Conflict { size: 0 }));
    for kind in [None, Some("text/plain"), Some(""), Some("text/x.tlog.sizes")] {
        assert_eq!(read(kind, b"17\n"), Err(ReadAnswerError::NotASize), "{kind:?}");
    }
    for body in ["", "\n", "17", "17\n\n", " 17\n", "017\n", "17\r\n", "9223372036854775808\n"] {
        assert_eq!(read(typed, body.as_bytes()), Err(ReadAnswerError::NotASize), "{body:?}");
    }
}

#[test]
fn an_answer_of_200_is_signature_lines_and_nothing_else() {
    let line = witness().cosign(signed_nothing().text(), 5).line();
    let read = |body: String| Answer::read(200, None, body.as_bytes());
    assert!(read(format!("{line}\n").repeat(MAX_SIGNATURES)).is_ok());
    let wrong = |error| Err(ReadAnswerError::NotSignatures(error));
    let many = format!("{line}\n").repeat(MAX_SIGNATURES + 1);
    assert_eq!(read(many), wrong(NoteError::TooManySignatures));
    assert_eq!(read(String::new()), wrong(NoteError::NoSignature));
    assert_eq!(read(line.clone()), wrong(NoteError::SignatureLine));
    assert_eq!(read("\n".into()), wrong(NoteError::SignatureLine));
    assert_eq!(read(format!("{line}\n\n")), wrong(NoteError::SignatureLine));
    assert_eq!(read(format!("\n{line}\n")), wrong(NoteError::SignatureLine));
    assert_eq!(Answer::read(200, None, b"\xff\n"), wrong(NoteError::Encoding));
}

#[test]
fn the_known_witness_is_found_among_the_lines() {
    let text = signed_nothing().text().to_owned();
    let (ours, key) = (witness(), witness().key);
    let stranger = Signer::new("example.com/other", tlog::Algorithm::CosignatureV1, 3);
    let lines = [stranger.cosign(&text, 9), ours.cosign(&text, 5), ours.cosign(&text, 7)];
    let (line, time) = cosignature_by(&key, &text, &lines).unwrap();
    assert_eq!((line, time), (lines[2].clone(), 7));
    let none = CosignatureError::Verify(VerifyNoteError::NoKnownKey);
    assert_eq!(cosignature_by(&key, &text, &lines[..1]), Err(none.clone()));
    assert_eq!(cosignature_by(&key, &text, &[]), Err(none));
    // Of another text, it is not merely missing: the witness, or somebody between, is wrong.
    let elsewhere = [ours.cosign("another\n1\n", 5)];
    let bad = VerifyNoteError::BadSignature { name: key.name().into() };
    assert_eq!(cosignature_by(&key, &text, &elsewhere), Err(CosignatureError::Verify(bad)));
    let log = log().key;
    let error = cosignature_by(&log, &text, &lines);
    assert_eq!(error, Err(CosignatureError::NotAWitness { name: log.name().into() }));
}

proptest! {
    #[test]
    fn what_is_read_is_written_again_the_same(
        at in 0_usize..1000, with in any::<u8>(), cut in 0_usize..30,
    ) {
        let mut bytes = request(3, &tree(&[0; 7])).encode().into_bytes();
        let at = at % bytes.len();
        bytes.splice(at..(at + cut).min(at + bytes.len() - at), [with]);
        if let Ok(read) = AddCheckpoint::parse(&bytes) {
            prop_assert_eq!(read.encode().into_bytes(), bytes);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300), status in 0_u16..600,
    ) {
        if let Ok(read) = AddCheckpoint::parse(&bytes) {
            prop_assert_eq!(read.encode().into_bytes(), bytes.clone());
        }
        if let Ok(answer) = Answer::read(status, Some(SIZE_CONTENT_TYPE), &bytes) {
            prop_assert_eq!(answer.status(), status);
        }
    }

    #[test]
    fn every_request_that_can_be_made_can_be_read(
        old in 0_u64..=i64::MAX as u64, hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..=63),
        size in 0_u64..=i64::MAX as u64, root in any::<[u8; 32]>(),
    ) {
        let note = signed("log.example/ü", size, Hash(root), &log());
        let made = AddCheckpoint::new(old, hashes.into_iter().map(Hash).collect(), note).unwrap();
        prop_assert_eq!(AddCheckpoint::parse(made.encode().as_bytes()).unwrap(), made);
    }
}
