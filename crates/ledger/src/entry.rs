//! Entries: what stands in the log, in the open.
//!
//! An entry is one JSON object of at most 4 KiB, one line, keys in the order written here
//! (`docs/formats/ledger-entry.md`). The bytes are what is hashed, so they are never re-encoded:
//! what is read back is parsed from them and they are kept.

use domain::{Action, EntryNumber, RecorderId, ReelId, WallTime};
use serde::{Deserialize, Serialize};

use crate::body::Body;
pub use crate::error::ParseEntryError;
pub(crate) use crate::hex::{from_hex, to_hex};
pub use crate::words::{Companion, Decision, OutcomeWord, ReelFinding};
use crate::{
    Attested, DisclosureStep, ExportStep, HolderFact, RequestStep, RootFact, TicketStep, VisitStep,
};

/// What an entry is about. Closed; words are stable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The first entry of a year's log.
    Opened {
        /// Whose log.
        recorder: RecorderId,
        /// Size and root of the log of the year before, if there was one.
        previous: Option<(u64, String)>,
    },
    /// The recorder started.
    Started,
    /// The recorder stopped in order.
    Stopped,
    /// The recorder runs, and nothing else was to be entered for a minute.
    Alive,
    /// Somebody is about to act.
    Intent {
        /// What.
        action: Action,
        /// The approved proposal it rests on, of an act that takes two people.
        proposal: Option<EntryNumber>,
    },
    /// Somebody proposed an act that takes two people.
    Proposal {
        /// Which.
        action: Action,
    },
    /// It was decided of a proposal.
    Approval {
        /// Of which.
        proposal: EntryNumber,
        /// What.
        decision: Decision,
    },
    /// How it ended.
    Outcome {
        /// Which intent.
        intent: EntryNumber,
        /// How.
        result: OutcomeWord,
    },
    /// What was really served of a long viewing so far.
    Served {
        /// Which intent.
        intent: EntryNumber,
    },
    /// Somebody was refused.
    Refusal {
        /// What.
        action: Action,
        /// Why: a word of `rules::RefusalReason`.
        reason: String,
    },
    /// An account was made or its roles changed.
    Account,
    /// A person set a password: the commitment of the verifier that alone counts from now on.
    Credential,
    /// The register of cameras changed.
    Camera,
    /// A floor, its plan or the places of cameras on it changed.
    Plan,
    /// A hold of footage was placed, renewed or released.
    Hold,
    /// Keys of new buckets were made, or of minutes that outlive their bucket: their commitments.
    Keys {
        /// The list.
        companion: Companion,
    },
    /// A new vault key: the commitment.
    VaultKey {
        /// Which epoch.
        epoch: u64,
        /// SHA-256 of it, hexadecimal.
        sha256: String,
    },
    /// Buckets were destroyed, or minutes that had outlived theirs: the commitments of their keys.
    Destroyed {
        /// The epoch whose vault key is gone.
        epoch: u64,
        /// The list.
        companion: Companion,
        /// The entry that says what kept the vault key then.
        held_by: Option<EntryNumber>,
    },
    /// What keeps the vault key is from now on this.
    Holders {
        /// In a fixed order, no two alike.
        holders: Vec<HolderFact>,
    },
    /// Checkpoints are signed a second time with this key from now on.
    LogKey {
        /// SPKI of a key on P-256, in DER, hexadecimal.
        spki: String,
    },
    /// A record root was made, or is destroyed.
    RecordRoot(RootFact),
    /// These are its witnesses from now on, and what makes a quorum.
    Witnesses {
        /// The policy's lines; none if it has no witnesses any more.
        companion: Option<Companion>,
    },
    /// A reel was closed.
    ReelClosed {
        /// Which.
        reel: ReelId,
        /// SHA-256 of its footer, hexadecimal.
        sha256: String,
        /// Its length.
        length_bytes: u64,
        /// Chunks in it.
        chunks: u64,
    },
    /// The wall clock moved against the clock since boot.
    ClockStep {
        /// By how much, forward is positive.
        step_us: i64,
    },
    /// A scrub found something wrong with a reel.
    ReelDamaged {
        /// Which.
        reel: ReelId,
        /// What.
        finding: ReelFinding,
    },
    /// A scrub came to its end: every closed reel was read.
    Scrubbed {
        /// Reels read.
        reels: u64,
        /// Bytes read.
        length_bytes: u64,
        /// Reels with which something is wrong.
        damaged: u64,
    },
    /// Somebody attacked what Jikim claims: so many claims held, broke, could not be tested.
    Doctor {
        /// No attempt succeeded.
        held: u64,
        /// At least one did.
        broken: u64,
        /// There was nothing to attack.
        untested: u64,
        /// Each claim.
        companion: Companion,
    },
    /// What is published of the policy was written as files for a web server.
    Site {
        /// Each file, with SHA-256 of it.
        companion: Companion,
    },
    /// A version of the published policy was announced.
    Policy {
        /// Counted from 1.
        version: u64,
        /// The first day on which it is in force, `2026-11-01`.
        effective: String,
        /// The lines of the institution's description.
        companion: Companion,
    },
    /// Somebody looked whether the policy's promises are kept.
    Promises {
        /// So many are.
        kept: u64,
        /// So many are not.
        broken: u64,
        /// Of so many nobody knows.
        unproven: u64,
        /// Each promise.
        companion: Companion,
    },
    /// A person said what he saw of a promise.
    Attestation(Attested),
    /// A maintenance ticket was opened, used or ended.
    Ticket(TicketStep),
    /// Somebody came to a controlled area, left it, or took his consent back.
    Visit(VisitStep),
    /// A person's request came in, went on or ended.
    Request(RequestStep),
    /// A disclosure to another body, or use beyond the purpose, was asked for, went on or ended.
    Disclosure(DisclosureStep),
    /// A bundle left the building, or was revoked.
    Export(ExportStep),
    /// A standing rule on early destruction was made, or taken back.
    EarlyRule {
        /// The proposal it rests on.
        proposal: EntryNumber,
        /// From when it is in force; none if it was taken back.
        from: Option<WallTime>,
    },
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it was appended, by the recorder's wall clock.
    pub time: WallTime,
    /// What it is about.
    pub kind: Kind,
    /// The salted commitment of its side record, if it has one.
    pub commitment: Option<[u8; 32]>,
}

impl Entry {
    /// Bytes of the longest entry.
    pub const MAX_BYTES: usize = 4096;

    /// The bytes that are hashed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let wire = Wire {
            v: 1,
            time: self.time.to_string(),
            body: Body::from(&self.kind),
            commitment: self.commitment.map(|bytes| to_hex(&bytes)),
        };
        serde_json::to_vec(&wire).expect("an entry has nothing that JSON cannot hold")
    }

    /// From the bytes.
    ///
    /// # Errors
    /// If they are not an entry.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseEntryError> {
        let wire: Wire =
            serde_json::from_slice(bytes).map_err(|error| ParseEntryError(error.to_string()))?;
        if wire.v != 1 {
            return Err(ParseEntryError(format!("version {} is not known", wire.v)));
        }
        let time = wire.time.parse().map_err(|_| ParseEntryError("time".into()))?;
        let commitment = match wire.commitment {
            Some(text) => {
                Some(from_hex(&text).ok_or_else(|| ParseEntryError("commitment".into()))?)
            }
            None => None,
        };
        Ok(Self { time, kind: wire.body.try_into()?, commitment })
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    v: u32,
    time: String,
    #[serde(flatten)]
    body: Body,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commitment: Option<String>,
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
