//! Every kind, written and read.

use super::*;
use crate::{HolderState, HolderWord, ProvableWord};

#[test]
fn every_kind_survives_being_written_and_read() {
    let intent = EntryNumber { year: 2026, index: 17 };
    let companion = Companion { count: 2, sha256: "ab".repeat(32), root: "cd".repeat(32) };
    let kinds = [
        Kind::Opened {
            recorder: RecorderId::from_bytes([1; 16]),
            previous: Some((9, "00".into())),
        },
        Kind::Started,
        Kind::Stopped,
        Kind::Alive,
        Kind::Intent { action: Action::WatchLive, proposal: None },
        Kind::Intent { action: Action::LengthenRetention, proposal: Some(intent) },
        Kind::Proposal { action: Action::LengthenRetention },
        Kind::Approval { proposal: intent, decision: Decision::Withdrawn },
        Kind::Outcome { intent, result: OutcomeWord::Unknown },
        Kind::Served { intent },
        Kind::Refusal { action: Action::PlayFootage, reason: "no-role".into() },
        Kind::Account,
        Kind::Credential,
        Kind::Camera,
        Kind::Plan,
        Kind::Keys { companion: companion.clone() },
        Kind::VaultKey { epoch: 3, sha256: "ef".repeat(32) },
        Kind::Destroyed { epoch: 2, companion: companion.clone(), held_by: None },
        Kind::Destroyed { epoch: 2, companion: companion.clone(), held_by: Some(intent) },
        Kind::LogKey { spki: "ab".repeat(91) },
        Kind::Witnesses { companion: None },
        Kind::Policy { version: 4, effective: "2026-11-01".into(), companion: companion.clone() },
        Kind::Promises { kept: 9, broken: 1, unproven: 4, companion: companion.clone() },
        Kind::Attestation(crate::Attested {
            promise: "signs".into(),
            sentence: "ab".repeat(32),
            version: 4,
            result: crate::SeenWord::SeenOtherwise,
            day: "2026-11-20".into(),
            role: "officer".into(),
        }),
        Kind::Ticket(crate::TicketStep::Opened {
            from: "2026-11-22T00:00:00Z".parse().unwrap(),
            until: "2026-11-22T04:00:00Z".parse().unwrap(),
        }),
        Kind::Ticket(crate::TicketStep::Entered { ticket: intent }),
        Kind::Visit(crate::VisitStep::Arrived {
            consent: crate::ConsentWord::Refused,
            admission: crate::AdmissionWord::Granted,
            companion: companion.clone(),
        }),
        Kind::Visit(crate::VisitStep::Withdrawn { visit: intent }),
        Kind::Request(crate::RequestStep::Received),
        Kind::Request(crate::RequestStep::Objected { request: intent }),
        Kind::Request(crate::RequestStep::Decided {
            request: intent,
            decision: crate::RequestDecision::Absent,
        }),
        Kind::Disclosure(crate::DisclosureStep::Received),
        Kind::Disclosure(crate::DisclosureStep::Decided {
            disclosure: intent,
            decision: crate::DisclosureDecision::Refused,
        }),
        Kind::Disclosure(crate::DisclosureStep::Compelled { disclosure: intent }),
        Kind::Export(crate::ExportStep::Sealed { case: intent, sha256: "ef".repeat(32) }),
        Kind::Export(crate::ExportStep::Revoked { export: intent }),
        Kind::Witnesses { companion: Some(companion.clone()) },
        Kind::RecordRoot(RootFact {
            life: crate::Life::Rights,
            month: crate::Month::of("2026-11-21T00:00:00Z".parse().unwrap()),
            state: crate::RootState::Destroyed,
            sha256: "ef".repeat(32),
        }),
        Kind::Holders {
            holders: vec![
                HolderFact {
                    holder: HolderWord::Slot,
                    state: HolderState::Keeps,
                    provable: ProvableWord::NotProvableOnThisDevice,
                    reason: Some("the disk is flash".into()),
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
        Kind::ReelClosed {
            reel: ReelId::from_bytes([2; 16]),
            sha256: "aa".repeat(32),
            length_bytes: 5,
            chunks: 1,
        },
        Kind::ClockStep { step_us: -3_600_000_000 },
        Kind::ReelDamaged { reel: ReelId::from_bytes([2; 16]), finding: ReelFinding::Unreadable },
        Kind::Scrubbed { reels: 2016, length_bytes: 5, damaged: 1 },
        Kind::EarlyRule { proposal: intent, from: Some(WallTime::from_micros(7)) },
        Kind::EarlyRule { proposal: intent, from: None },
    ];
    for kind in kinds {
        let entry = Entry { time: WallTime::from_micros(5), kind, commitment: Some([7; 32]) };
        let bytes = entry.encode();
        assert!(bytes.len() < Entry::MAX_BYTES);
        assert_eq!(
            Entry::parse(&bytes).as_ref(),
            Ok(&entry),
            "{}",
            String::from_utf8_lossy(&bytes)
        );
    }
}
