//! Entries of the ledger, read by `docs/formats/ledger-entry.md`: the closed kinds, and of each what
//! a verifier has to look at.
//!
//! A second reader beside the recorder's own: the verifier shares no code with what writes them.

use domain::{Action, EntryNumber, RecorderId, ReelId, Role, WallTime};
use serde::Deserialize;

mod steps;

use crate::parts::is_day;

pub use self::steps::Exported;
pub use crate::kinds::KINDS;
pub use crate::parts::{CompanionName, Decision, Holder, Outcome};
use crate::record_root::{Life, RecordRoot, RootState};

/// Bytes of the longest entry.
pub const MAX_ENTRY_BYTES: usize = 4096;

/// What an entry says, as far as verification needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A year's log begins.
    Opened {
        /// Whose.
        recorder: RecorderId,
        /// Size and root of the log before it.
        previous: Option<(u64, [u8; 32])>,
    },
    /// Somebody is about to act.
    Intent {
        /// What.
        action: Action,
        /// The proposal it rests on.
        proposal: Option<EntryNumber>,
    },
    /// Somebody proposes.
    Proposal {
        /// What.
        action: Action,
    },
    /// It was decided of a proposal.
    Approval {
        /// Of which.
        proposal: EntryNumber,
        /// What.
        decision: Decision,
    },
    /// How an act ended.
    Outcome {
        /// Which.
        intent: EntryNumber,
        /// How.
        result: Outcome,
    },
    /// What was given out so far.
    Served {
        /// Under which intent.
        intent: EntryNumber,
    },
    /// Bucket keys were made.
    Keys {
        /// Their commitments.
        companion: CompanionName,
    },
    /// A vault key was made.
    VaultKey {
        /// Its epoch.
        epoch: u64,
        /// Its commitment.
        sha256: [u8; 32],
    },
    /// Bucket keys were destroyed, and the vault key of an epoch.
    Destroyed {
        /// The epoch.
        epoch: u64,
        /// The commitments of the bucket keys.
        companion: CompanionName,
        /// The entry that says what kept the vault key then; none in old entries.
        held_by: Option<EntryNumber>,
    },
    /// What keeps the vault key from now on.
    Holders {
        /// Kinds and states.
        holders: Vec<Holder>,
    },
    /// A record root was made, is about to be destroyed, or is.
    RecordRoot {
        /// Which.
        root: RecordRoot,
        /// What became of it.
        state: RootState,
        /// Its commitment.
        sha256: [u8; 32],
    },
    /// Who its witnesses are from now on.
    Witnesses {
        /// The policy's lines; nothing if it has none any more.
        companion: Option<CompanionName>,
    },
    /// The wall clock was moved.
    ClockStep {
        /// By how many microseconds.
        step_us: i64,
    },
    /// A rule of early destruction was made or taken back.
    EarlyRule {
        /// The proposal.
        proposal: EntryNumber,
        /// From when.
        from: Option<WallTime>,
    },
    /// A bundle left, or what left was revoked.
    Export(Exported),
    /// Something whose list is public and stands for itself: what came of attacks, a version of the
    /// policy, what became of its promises.
    Listed {
        /// Its lines.
        companion: CompanionName,
    },
    /// A kind that stands for itself: `started`, `refusal`, `reel-closed` and the like.
    Other,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it was appended, by the recorder's wall clock.
    pub time: WallTime,
    /// The word of its kind.
    pub word: &'static str,
    /// What it says.
    pub kind: Kind,
    /// The commitment of its side record.
    pub commitment: Option<[u8; 32]>,
}

/// Why bytes are no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseEntryError {
    /// Longer than [`MAX_ENTRY_BYTES`].
    #[error("an entry has at most {MAX_ENTRY_BYTES} bytes")]
    TooLong,
    /// No JSON object of the right types.
    #[error("not an entry: {0}")]
    Json(String),
    /// A version to come.
    #[error("version {0} of entries is not known: use a later program")]
    Version(u32),
    /// A kind to come, or none.
    #[error("the kind {0} is not known: use a later program")]
    Kind(String),
    /// A field is missing or has an impossible value.
    #[error("the field {0} is missing or impossible")]
    Field(&'static str),
}

/// All fields of all kinds: flat, since a tagged form is read much more slowly. What is written has
/// no escapes, so that all texts can be borrowed; one that has them is no entry.
#[derive(Deserialize)]
struct Wire<'a> {
    v: u32,
    time: &'a str,
    kind: &'a str,
    #[serde(default)]
    commitment: Option<&'a str>,
    #[serde(default)]
    recorder: Option<&'a str>,
    #[serde(default, borrow)]
    previous: Option<WirePrevious<'a>>,
    #[serde(default)]
    action: Option<&'a str>,
    #[serde(default)]
    reason: Option<&'a str>,
    #[serde(default)]
    proposal: Option<&'a str>,
    #[serde(default)]
    decision: Option<&'a str>,
    #[serde(default)]
    intent: Option<&'a str>,
    #[serde(default)]
    result: Option<&'a str>,
    #[serde(default, borrow)]
    companion: Option<WireCompanion<'a>>,
    #[serde(default)]
    epoch: Option<u64>,
    #[serde(default)]
    sha256: Option<&'a str>,
    #[serde(default)]
    reel: Option<&'a str>,
    #[serde(default)]
    length_bytes: Option<u64>,
    #[serde(default)]
    chunks: Option<u64>,
    #[serde(default)]
    step_us: Option<i64>,
    #[serde(default)]
    finding: Option<&'a str>,
    #[serde(default)]
    reels: Option<u64>,
    #[serde(default)]
    damaged: Option<u64>,
    #[serde(default)]
    from: Option<&'a str>,
    #[serde(default)]
    spki: Option<&'a str>,
    #[serde(default)]
    held_by: Option<&'a str>,
    #[serde(default)]
    held: Option<u64>,
    #[serde(default)]
    broken: Option<u64>,
    #[serde(default)]
    untested: Option<u64>,
    #[serde(default)]
    version: Option<u64>,
    #[serde(default)]
    effective: Option<&'a str>,
    #[serde(default)]
    kept: Option<u64>,
    #[serde(default)]
    unproven: Option<u64>,
    #[serde(default, borrow)]
    holders: Option<Vec<WireHolder<'a>>>,
    #[serde(default)]
    life: Option<Life>,
    #[serde(default)]
    month: Option<&'a str>,
    #[serde(default)]
    state: Option<RootState>,
    #[serde(default)]
    promise: Option<&'a str>,
    #[serde(default)]
    sentence: Option<&'a str>,
    #[serde(default)]
    day: Option<&'a str>,
    #[serde(default)]
    step: Option<&'a str>,
    #[serde(default)]
    ticket: Option<&'a str>,
    #[serde(default)]
    visit: Option<&'a str>,
    #[serde(default)]
    request: Option<&'a str>,
    #[serde(default)]
    disclosure: Option<&'a str>,
    #[serde(default)]
    case: Option<&'a str>,
    #[serde(default)]
    export: Option<&'a str>,
    #[serde(default)]
    consent: Option<&'a str>,
    #[serde(default)]
    admission: Option<&'a str>,
    #[serde(default)]
    until: Option<&'a str>,
    #[serde(default)]
    role: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireHolder<'a> {
    holder: &'a str,
    state: &'a str,
    provable: &'a str,
    #[serde(default)]
    reason: Option<&'a str>,
    count: u64,
}

#[derive(Deserialize)]
struct WirePrevious<'a> {
    size: u64,
    root: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireCompanion<'a> {
    count: u64,
    sha256: &'a str,
    root: &'a str,
}

impl Entry {
    /// Reads the bytes of an entry.
    ///
    /// # Errors
    /// If they have none of the documented forms.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseEntryError> {
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(ParseEntryError::TooLong);
        }
        let wire: Wire<'_> = serde_json::from_slice(bytes)
            .map_err(|error| ParseEntryError::Json(error.to_string()))?;
        if wire.v != 1 {
            return Err(ParseEntryError::Version(wire.v));
        }
        let word = KINDS.iter().find(|kind| **kind == wire.kind).copied();
        let word = word
            .ok_or_else(|| ParseEntryError::Kind(wire.kind.chars().take(40).collect::<String>()))?;
        Ok(Self {
            time: parse(Some(wire.time), "time")?,
            word,
            kind: wire.kind()?,
            commitment: wire.commitment.map(|text| hash(Some(text), "commitment")).transpose()?,
        })
    }
}

impl Wire<'_> {
    fn kind(&self) -> Result<Kind, ParseEntryError> {
        Ok(match self.kind {
            "opened" => self.opened()?,
            "intent" => Kind::Intent {
                action: self.action()?,
                proposal: self.proposal.map(|text| parse(Some(text), "proposal")).transpose()?,
            },
            "proposal" => Kind::Proposal { action: self.action()? },
            "approval" => Kind::Approval {
                proposal: parse(self.proposal, "proposal")?,
                decision: parse(self.decision, "decision")?,
            },
            "outcome" => Kind::Outcome {
                intent: parse(self.intent, "intent")?,
                result: parse(self.result, "result")?,
            },
            "served" => Kind::Served { intent: parse(self.intent, "intent")? },
            "keys" => Kind::Keys { companion: self.companion()? },
            "vault-key" => Kind::VaultKey {
                epoch: self.epoch.ok_or(ParseEntryError::Field("epoch"))?,
                sha256: hash(self.sha256, "sha256")?,
            },
            "destroyed" => Kind::Destroyed {
                epoch: self.epoch.ok_or(ParseEntryError::Field("epoch"))?,
                companion: self.companion()?,
                held_by: self.held_by.map(|text| parse(Some(text), "held_by")).transpose()?,
            },
            "holders" => {
                let holders = self.holders.as_ref().ok_or(ParseEntryError::Field("holders"))?;
                let holders = holders.iter().map(WireHolder::holder).collect::<Option<_>>();
                Kind::Holders { holders: holders.ok_or(ParseEntryError::Field("holders"))? }
            }
            "record-root" => self.record_root()?,
            "witnesses" => {
                let named = self.companion.as_ref().map(|_| self.companion());
                Kind::Witnesses { companion: named.transpose()? }
            }
            "doctor" => {
                self.held.ok_or(ParseEntryError::Field("held"))?;
                self.broken.ok_or(ParseEntryError::Field("broken"))?;
                self.untested.ok_or(ParseEntryError::Field("untested"))?;
                Kind::Listed { companion: self.companion()? }
            }
            "site" => Kind::Listed { companion: self.companion()? },
            "policy" => {
                self.version.ok_or(ParseEntryError::Field("version"))?;
                if !self.effective.is_some_and(is_day) {
                    return Err(ParseEntryError::Field("effective"));
                }
                Kind::Listed { companion: self.companion()? }
            }
            "promises" => {
                self.kept.ok_or(ParseEntryError::Field("kept"))?;
                self.broken.ok_or(ParseEntryError::Field("broken"))?;
                self.unproven.ok_or(ParseEntryError::Field("unproven"))?;
                Kind::Listed { companion: self.companion()? }
            }
            "clock-step" => {
                Kind::ClockStep { step_us: self.step_us.ok_or(ParseEntryError::Field("step_us"))? }
            }
            "export" => Kind::Export(self.export()?),
            "early-rule" => Kind::EarlyRule {
                proposal: parse(self.proposal, "proposal")?,
                from: self.from.map(|text| parse(Some(text), "from")).transpose()?,
            },
            _ => self.other()?,
        })
    }

    fn opened(&self) -> Result<Kind, ParseEntryError> {
        let previous = self.previous.as_ref().map(|previous| {
            let root = tlog::Hash::from_base64(previous.root);
            root.map(|root| (previous.size, root.0)).map_err(|_| ParseEntryError::Field("root"))
        });
        let recorder: RecorderId = parse(self.recorder, "recorder")?;
        Ok(Kind::Opened { recorder, previous: previous.transpose()? })
    }

    fn record_root(&self) -> Result<Kind, ParseEntryError> {
        let life = self.life.ok_or(ParseEntryError::Field("life"))?;
        let root = self.month.and_then(|month| RecordRoot::read(life, month));
        Ok(Kind::RecordRoot {
            root: root.ok_or(ParseEntryError::Field("month"))?,
            state: self.state.ok_or(ParseEntryError::Field("state"))?,
            sha256: hash(self.sha256, "sha256")?,
        })
    }

    /// Kinds of which nothing has to be held against other entries: their fields are still looked at.
    fn other(&self) -> Result<Kind, ParseEntryError> {
        match self.kind {
            "refusal" => {
                self.action()?;
                need(self.reason.is_some(), "reason")?;
            }
            "reel-closed" => {
                parse::<ReelId>(self.reel, "reel")?;
                hash(self.sha256, "sha256")?;
                need(self.length_bytes.is_some(), "length_bytes")?;
                need(self.chunks.is_some(), "chunks")?;
            }
            "log-key" => {
                let is_hex = |text: &str| {
                    text.len() == 182
                        && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
                };
                need(self.spki.is_some_and(is_hex), "spki")?;
            }
            "reel-damaged" => {
                parse::<ReelId>(self.reel, "reel")?;
                let known = ["missing", "unreadable", "damaged", "changed"];
                need(self.finding.is_some_and(|finding| known.contains(&finding)), "finding")?;
            }
            "attestation" => {
                need(self.promise.is_some_and(|id| !id.is_empty()), "promise")?;
                hash(self.sentence, "sentence")?;
                need(self.version.is_some(), "version")?;
                let seen = ["seen-so", "seen-otherwise"];
                need(self.result.is_some_and(|result| seen.contains(&result)), "result")?;
                need(self.day.is_some_and(is_day), "day")?;
                need(self.role.is_some_and(|role| Role::from_word(role).is_some()), "role")?;
            }
            "ticket" => self.ticket()?,
            "visit" if self.step == Some("arrived") => {
                self.arrived()?;
                return Ok(Kind::Listed { companion: self.companion()? });
            }
            "visit" => self.visit()?,
            "request" => self.request()?,
            "disclosure" => self.disclosure()?,
            "scrubbed" => {
                need(self.reels.is_some(), "reels")?;
                need(self.length_bytes.is_some(), "length_bytes")?;
                need(self.damaged.is_some(), "damaged")?;
            }
            _ => {}
        }
        Ok(Kind::Other)
    }

    fn action(&self) -> Result<Action, ParseEntryError> {
        self.action.and_then(Action::from_word).ok_or(ParseEntryError::Field("action"))
    }

    fn companion(&self) -> Result<CompanionName, ParseEntryError> {
        let wire = self.companion.as_ref().ok_or(ParseEntryError::Field("companion"))?;
        Ok(CompanionName {
            count: wire.count,
            sha256: hash(Some(wire.sha256), "sha256")?,
            root: hash(Some(wire.root), "root")?,
        })
    }
}

impl WireHolder<'_> {
    fn holder(&self) -> Option<Holder> {
        let known = |words: &[&'static str], word| words.iter().find(|it| **it == word).copied();
        Some(Holder {
            kind: known(&["slot", "tpm", "pkcs11"], self.holder)?,
            state: known(&["keeps", "joins", "given-up"], self.state)?,
            is_provable: known(&["provable", "not-provable-on-this-device"], self.provable)?
                == "provable",
            reason: self.reason.map(str::to_owned),
            count: self.count,
        })
    }
}

fn parse<T: std::str::FromStr>(
    text: Option<&str>,
    field: &'static str,
) -> Result<T, ParseEntryError> {
    text.and_then(|text| text.parse().ok()).ok_or(ParseEntryError::Field(field))
}

const fn need(is_there: bool, field: &'static str) -> Result<(), ParseEntryError> {
    if is_there { Ok(()) } else { Err(ParseEntryError::Field(field)) }
}

fn hash(text: Option<&str>, field: &'static str) -> Result<[u8; 32], ParseEntryError> {
    text.and_then(crate::from_hex).ok_or(ParseEntryError::Field(field))
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
