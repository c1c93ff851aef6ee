//! The vectors of `testdata/ledger`, which a Python script made from the document alone: our
//! entries are those bytes, and what is no entry is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use domain::Action;
use ledger::{
    AdmissionWord, Attested, ConsentWord, DisclosureDecision, DisclosureStep, ExportStep,
    HolderFact, HolderState, HolderWord, Life, Month, ProvableWord, RequestDecision, RequestStep,
    RootFact, RootState, SeenWord, TicketStep, VisitStep,
};
use ledger::{Companion, Decision, Entry, EntryNumber, Kind, OutcomeWord, ReelFinding};
use serde_json::Value;

const ENTRIES: &str = include_str!("../../../testdata/ledger/entries.json");

fn list(name: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(ENTRIES).unwrap();
    let list = document[name].as_array().unwrap().clone();
    assert!(!list.is_empty(), "{name}");
    list
}

fn root(life: &str, month: &str, state: RootState) -> Kind {
    let life = if life == "access" { Life::Access } else { Life::Rights };
    let month = Month::try_from(month.to_owned()).unwrap();
    Kind::RecordRoot(RootFact { life, month, state, sha256: "ef".repeat(32) })
}

fn attested(result: SeenWord, role: &str) -> Kind {
    Kind::Attestation(Attested {
        promise: "signs".into(),
        sentence: "ab".repeat(32),
        version: 4,
        result,
        day: "2026-11-20".into(),
        role: role.into(),
    })
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

/// The kinds that the script writes, in its order. Written as an array of all of them, so that a
/// new kind without a vector is noticed by the count below.
fn kinds() -> Vec<Kind> {
    let proposal = EntryNumber { year: 2026, index: 17 };
    let from = Some("2026-11-22T22:57:38.000123Z".parse().unwrap());
    let last: [Kind; 2] =
        [Kind::EarlyRule { proposal, from }, Kind::EarlyRule { proposal, from: None }];
    let exported = [
        ExportStep::Sealed { case: proposal, sha256: "ef".repeat(32) },
        ExportStep::Revoked { export: proposal },
    ]
    .map(Kind::Export);
    [&first_kinds()[..], &disclosed(proposal), &exported, &last].concat()
}

/// Every step of a disclosure.
fn disclosed(disclosure: EntryNumber) -> [Kind; 8] {
    let decision = DisclosureDecision::Granted;
    [
        DisclosureStep::Received,
        DisclosureStep::Decided { disclosure, decision },
        DisclosureStep::Compelled { disclosure },
        DisclosureStep::Reviewed { disclosure },
        DisclosureStep::Provided { disclosure },
        DisclosureStep::Published { disclosure },
        DisclosureStep::Reported { disclosure },
        DisclosureStep::Withdrawn { disclosure },
    ]
    .map(Kind::Disclosure)
}

fn first_kinds() -> [Kind; 52] {
    let intent = EntryNumber { year: 2026, index: 17 };
    let companion = Companion { count: 2, sha256: "ab".repeat(32), root: "cd".repeat(32) };
    [
        Kind::Opened {
            recorder: "3f1c9f66-5d0e-4c7b-9d53-8a1f6f0b2a10".parse().unwrap(),
            previous: Some((90_210, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".into())),
        },
        Kind::Started,
        Kind::Stopped,
        Kind::Alive,
        Kind::Intent { action: Action::PlayFootage, proposal: None },
        Kind::Intent { action: Action::LengthenRetention, proposal: Some(intent) },
        Kind::Proposal { action: Action::LengthenRetention },
        Kind::Approval { proposal: intent, decision: Decision::Approved },
        Kind::Outcome { intent, result: OutcomeWord::Done },
        Kind::Served { intent },
        Kind::Refusal { action: Action::WatchLive, reason: "no-role".into() },
        Kind::Account,
        Kind::Credential,
        Kind::Camera,
        Kind::Hold,
        Kind::Plan,
        Kind::Keys { companion: companion.clone() },
        Kind::VaultKey { epoch: 8, sha256: "ef".repeat(32) },
        Kind::Destroyed { epoch: 7, companion: companion.clone(), held_by: None },
        Kind::Destroyed { epoch: 7, companion: companion.clone(), held_by: Some(intent) },
        Kind::Holders {
            holders: vec![
                HolderFact {
                    holder: HolderWord::Slot,
                    state: HolderState::Keeps,
                    provable: ProvableWord::NotProvableOnThisDevice,
                    reason: Some(
                        "the disk is flash, which writes elsewhere instead of overwriting".into(),
                    ),
                    count: 1,
                },
                HolderFact {
                    holder: HolderWord::Tpm,
                    state: HolderState::GivenUp,
                    provable: ProvableWord::Provable,
                    reason: None,
                    count: 2,
                },
            ],
        },
        Kind::LogKey { spki: "ab".repeat(91) },
        Kind::Witnesses { companion: Some(companion.clone()) },
        Kind::Witnesses { companion: None },
        root("access", "2026-11", RootState::Made),
        root("rights", "2023-10", RootState::Ending),
        root("rights", "2023-10", RootState::Destroyed),
        Kind::ReelClosed {
            reel: "0b7e7f0c-91a4-4f3a-8a52-6d1c5e9b7d41".parse().unwrap(),
            sha256: "12".repeat(32),
            length_bytes: 41_943_040,
            chunks: 2700,
        },
        Kind::ClockStep { step_us: -3_600_000_000 },
        Kind::ReelDamaged {
            reel: "0b7e7f0c-91a4-4f3a-8a52-6d1c5e9b7d41".parse().unwrap(),
            finding: ReelFinding::Missing,
        },
        Kind::Scrubbed { reels: 2016, length_bytes: 84_557_168_640, damaged: 1 },
        Kind::Doctor {
            held: 6,
            broken: 0,
            untested: 2,
            companion: Companion { count: 8, sha256: "ab".repeat(32), root: "cd".repeat(32) },
        },
        Kind::Site {
            companion: Companion { count: 11, sha256: "ab".repeat(32), root: "cd".repeat(32) },
        },
        Kind::Policy {
            version: 4,
            effective: "2026-11-01".into(),
            companion: Companion { count: 120, sha256: "ab".repeat(32), root: "cd".repeat(32) },
        },
        Kind::Promises {
            kept: 9,
            broken: 1,
            unproven: 4,
            companion: Companion { count: 14, sha256: "ab".repeat(32), root: "cd".repeat(32) },
        },
        attested(SeenWord::SeenSo, "officer"),
        attested(SeenWord::SeenOtherwise, "manager"),
        Kind::Ticket(TicketStep::Opened {
            from: "2026-11-22T00:00:00Z".parse().unwrap(),
            until: "2026-11-22T04:00:00Z".parse().unwrap(),
        }),
        Kind::Ticket(TicketStep::Entered { ticket: intent }),
        Kind::Ticket(TicketStep::Left { ticket: intent }),
        Kind::Ticket(TicketStep::Closed { ticket: intent }),
        Kind::Ticket(TicketStep::Lapsed { ticket: intent }),
        Kind::Visit(VisitStep::Arrived {
            consent: ConsentWord::Given,
            admission: AdmissionWord::Granted,
            companion: Companion { count: 4, sha256: "ab".repeat(32), root: "cd".repeat(32) },
        }),
        Kind::Visit(VisitStep::Arrived {
            consent: ConsentWord::Refused,
            admission: AdmissionWord::Denied,
            companion: Companion { count: 4, sha256: "ab".repeat(32), root: "cd".repeat(32) },
        }),
        Kind::Visit(VisitStep::Departed { visit: intent }),
        Kind::Visit(VisitStep::Withdrawn { visit: intent }),
        Kind::Request(RequestStep::Received),
        Kind::Request(RequestStep::Identified { request: intent }),
        Kind::Request(RequestStep::Decided { request: intent, decision: RequestDecision::Refused }),
        Kind::Request(RequestStep::Done { request: intent }),
        Kind::Request(RequestStep::Objected { request: intent }),
        Kind::Request(RequestStep::Withdrawn { request: intent }),
    ]
}

#[test]
fn our_entries_are_the_bytes_of_the_document() {
    let (vectors, kinds) = (list("entries"), kinds());
    assert_eq!(vectors.len(), kinds.len());
    for (vector, kind) in vectors.iter().zip(kinds) {
        let bytes = text(vector, "entry").as_bytes();
        let commitment = text(vector, "entry").contains("commitment").then_some([7; 32]);
        let time = "2026-11-21T22:57:38.000123Z".parse().unwrap();
        let entry = Entry { time, kind, commitment };
        assert_eq!(String::from_utf8(entry.encode()).unwrap(), text(vector, "entry"));
        assert_eq!(Entry::parse(bytes).unwrap(), entry);
        let leaf = tlog::leaf_hash(bytes).0;
        let leaf: String = leaf.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(leaf, text(vector, "leaf"));
    }
}

#[test]
fn what_is_no_entry_is_refused() {
    for vector in list("refused") {
        let entry = text(&vector, "entry");
        assert!(Entry::parse(entry.as_bytes()).is_err(), "{}: {entry}", text(&vector, "why"));
    }
}
