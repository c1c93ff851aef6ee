//! Whom somebody who verifies trusts (C2SP tlog-policy): logs, witnesses, and the quorum of
//! witnesses without which a checkpoint does not count.
//!
//! [`Policy::parse`] reads the file, [`Policy::check`] holds a signed checkpoint against it. Nothing
//! here reads a clock: when a witness signed is handed on, and whoever asks judges it.
//!
//! One rule is ours. A recorder has one log for each year, all under one public key, and a policy
//! may list a public key once. So a listed log `jikim/<recorder id>/<year>` stands for the same
//! recorder's other years too: the same public key under the name with the other year, unless the
//! policy lists a log of that very name.

mod read;

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, recorder_of};
use crate::note::{EcdsaKey, SignedNote, VerifierKey, VerifyNoteError};
use crate::proof::TlogProof;
use crate::verify::{VerifyProofError, verify_inclusion};
use crate::{Algorithm, Hash};

pub use read::{
    MAX_GROUPS, MAX_LOGS, MAX_POLICY_BYTES, MAX_POLICY_NAME_BYTES, MAX_URL_BYTES, MAX_WITNESSES,
    ParsePolicyError, PolicyLineError,
};

/// What is trusted. The empty policy trusts no log and asks for no witness.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<TrustedLog>,
    /// Keys of logs for second signatures.
    seconds: Vec<EcdsaKey>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    /// None is `quorum none`.
    quorum: Option<Member>,
}

/// A log that is trusted to speak for itself. The name of its key is its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedLog {
    /// Its key.
    pub key: VerifierKey,
    /// Where it is, if the policy says so; any bytes without space.
    pub url: Option<Vec<u8>>,
}

/// A witness that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What the policy calls it; any bytes without space, and of no meaning elsewhere.
    pub name: Vec<u8>,
    /// Its key.
    pub key: VerifierKey,
    /// Where it is asked to cosign, if the policy says so; any bytes without space.
    pub url: Option<Vec<u8>>,
}

/// A group of witnesses and of groups that were defined before it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: Vec<u8>,
    /// How many members must have witnessed for the group to have: 1 to as many as there are.
    threshold: usize,
    members: Vec<Member>,
}

/// A witness or a group by its place in the policy. Each is a member of one group at most, so that
/// the quorum is a tree, and a witness counts in one way only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// A witness of the policy that cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosigner<'p> {
    /// Which.
    pub witness: &'p Witness,
    /// When, as it says itself, in seconds since 1970-01-01 UTC; the latest if it signed twice.
    pub timestamp_s: u64,
}

/// A checkpoint that a trusted log signed, and who cosigned it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedNote<'p> {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The log's key that signed it.
    pub log_key: VerifierKey,
    /// The known witnesses that cosigned, in the order of the policy.
    pub cosigners: Vec<Cosigner<'p>>,
    /// Whether these are a quorum.
    pub has_quorum: bool,
    /// Whether the log signed with a second key that the policy lists; nothing if it lists none.
    pub second: Option<bool>,
}

/// Why a note is no checkpoint of a log that is trusted here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckNoteError {
    /// Its text is no checkpoint.
    #[error("the signed text is not a checkpoint")]
    ParseCheckpoint(#[from] CheckpointError),
    /// The policy lists no such log.
    #[error("the checkpoint is of the log {origin}, which the policy does not list")]
    UnknownLog {
        /// The log that it says it is of.
        origin: String,
    },
    /// The log did not sign it, or not this text.
    #[error("the log's signature is missing or not good")]
    VerifyLog(#[source] VerifyNoteError),
    /// A known witness's cosignature is not good. The others count no more: the note was altered.
    #[error("a witness's cosignature is not good")]
    VerifyWitness(#[source] VerifyNoteError),
}

/// Why a proof file was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckProofError {
    /// Its checkpoint is not to be trusted.
    #[error(transparent)]
    CheckNote(#[from] CheckNoteError),
    /// The entry is not in the checkpoint's tree.
    #[error("the entry is not proven to be in the log")]
    VerifyInclusion(#[from] VerifyProofError),
}

impl Policy {
    /// The logs, in the order of their lines.
    #[must_use]
    pub fn logs(&self) -> &[TrustedLog] {
        &self.logs
    }

    /// The witnesses, in the order of their lines.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Whether cosignatures are asked for at all; not so with `quorum none`.
    #[must_use]
    pub const fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// Holds a signed checkpoint against the policy. A missing quorum is no error but a finding,
    /// [`CheckedNote::has_quorum`], so that what there is can be shown.
    ///
    /// # Errors
    /// If the text is no checkpoint, its log is unknown, the log's signature is missing or not good,
    /// or a cosignature in the name of a known witness is not good.
    pub fn check(&self, note: &SignedNote) -> Result<CheckedNote<'_>, CheckNoteError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        let keys = self.log_keys(&checkpoint.origin);
        self.check_by(note, &keys)
    }

    /// As [`check`](Self::check), for whoever knows the log from elsewhere: signed by one of these
    /// keys, whose name is the log's origin, whatever logs the policy lists.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn check_by(
        &self,
        note: &SignedNote,
        keys: &[VerifierKey],
    ) -> Result<CheckedNote<'_>, CheckNoteError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        if !keys.iter().any(|key| key.name() == checkpoint.origin) {
            return Err(CheckNoteError::UnknownLog { origin: checkpoint.origin });
        }
        let verified = note.verify(keys).map_err(CheckNoteError::VerifyLog)?;
        let log_key = verified[0].key.clone();
        let seconds = self.second_keys(&checkpoint.origin);
        let second = note.verify_second(&seconds).map_err(CheckNoteError::VerifyLog)?;
        let second = (!seconds.is_empty()).then_some(second);
        let cosigners = self.cosigners(note)?;
        let has_quorum = self.is_quorum(&cosigners);
        Ok(CheckedNote { checkpoint, log_key, cosigners, has_quorum, second })
    }

    /// Holds a proof file against the policy: the entry with hash `leaf` is in the tree of its
    /// checkpoint, which a trusted log signed. Whether a quorum cosigned is in what comes back.
    ///
    /// # Errors
    /// If the checkpoint is not to be trusted, or the entry is not in its tree.
    pub fn check_proof(
        &self,
        proof: &TlogProof,
        leaf: Hash,
    ) -> Result<CheckedNote<'_>, CheckProofError> {
        let checked = self.check(&proof.checkpoint)?;
        let Checkpoint { size, root, .. } = checked.checkpoint;
        verify_inclusion(leaf, proof.index, size, root, &proof.hashes)?;
        Ok(checked)
    }

    /// The keys that may sign for the log of this origin.
    #[must_use]
    pub fn log_keys(&self, origin: &str) -> Vec<VerifierKey> {
        let listed: Vec<_> = self.logs.iter().filter(|log| log.key.name() == origin).collect();
        if !listed.is_empty() {
            return listed.into_iter().map(|log| log.key.clone()).collect();
        }
        let Some((recorder, _)) = recorder_of(origin) else { return Vec::new() };
        let same = |log: &&TrustedLog| {
            recorder_of(log.key.name()).is_some_and(|(other, _)| other == recorder)
        };
        let named = |log: &TrustedLog| {
            VerifierKey::new(origin, Algorithm::Ed25519, *log.key.public_key())
                .expect("an origin of ours is fit for a key's name")
        };
        self.logs.iter().filter(same).map(named).collect()
    }

    /// The keys with which the log of this origin may sign a second time.
    #[must_use]
    pub fn second_keys(&self, origin: &str) -> Vec<EcdsaKey> {
        let listed: Vec<_> = self.seconds.iter().filter(|key| key.name() == origin).collect();
        if !listed.is_empty() {
            return listed.into_iter().cloned().collect();
        }
        let Some((recorder, _)) = recorder_of(origin) else { return Vec::new() };
        let same =
            |key: &&EcdsaKey| recorder_of(key.name()).is_some_and(|(other, _)| other == recorder);
        let named =
            |key: &EcdsaKey| key.named(origin).expect("an origin of ours is fit for a key's name");
        self.seconds.iter().filter(same).map(named).collect()
    }

    fn cosigners(&self, note: &SignedNote) -> Result<Vec<Cosigner<'_>>, CheckNoteError> {
        let mut cosigners = Vec::new();
        for witness in &self.witnesses {
            let verified = match note.verify([&witness.key]) {
                Ok(verified) => verified,
                Err(VerifyNoteError::NoKnownKey) => continue,
                Err(bad) => return Err(CheckNoteError::VerifyWitness(bad)),
            };
            // The keys of witnesses are of one type, whose signatures all carry a time.
            let latest = verified.iter().filter_map(|good| good.timestamp_s).max();
            cosigners.extend(latest.map(|timestamp_s| Cosigner { witness, timestamp_s }));
        }
        Ok(cosigners)
    }

    fn is_quorum(&self, cosigners: &[Cosigner<'_>]) -> bool {
        self.is_quorum_of(|witness| cosigners.iter().any(|good| good.witness.key == witness.key))
    }

    /// Whether the witnesses of whom this is true are a quorum.
    #[must_use]
    pub fn is_quorum_of(&self, counts: impl Fn(&Witness) -> bool) -> bool {
        self.fold(
            |witness| usize::from(counts(&self.witnesses[witness])),
            |group, counts| {
                let witnessed = counts.iter().filter(|&&count| count > 0).count();
                usize::from(witnessed >= group.threshold)
            },
        )
        .is_none_or(|count| count > 0)
    }

    /// How many witnesses must lie for two checkpoints of one log that contradict each other to have
    /// a quorum each: the fewest that any two quorums have in common. With fewer liars than this,
    /// nobody can be shown another history than somebody else. 0: it takes no liar at all.
    ///
    /// For *k* of *n* witnesses this is 2*k* - *n*, so that fewer than that many liars is the rule
    /// *k* > (*n* + *f*) / 2 ([`survives`]). Exact for groups of groups too, since no witness is in
    /// two of them.
    #[must_use]
    pub fn liars_to_split(&self) -> usize {
        let common = |group: &Group, mut counts: Vec<usize>| {
            // Two choices of `threshold` members have at least so many members in common, and the
            // worst choice is of those whose own quorums have the least in common.
            let members = (2 * group.threshold).saturating_sub(counts.len());
            counts.sort_unstable();
            counts.iter().take(members).sum()
        };
        self.fold(|_| 1, |group, counts| common(group, counts.to_vec())).unwrap_or(0)
    }

    /// How many witnesses must be silent for no quorum to be possible; none with `quorum none`.
    #[must_use]
    pub fn absent_to_stop(&self) -> Option<usize> {
        let fewest = |group: &Group, mut counts: Vec<usize>| {
            let members = counts.len() + 1 - group.threshold;
            counts.sort_unstable();
            counts.iter().take(members).sum()
        };
        self.fold(|_| 1, |group, counts| fewest(group, counts.to_vec()))
    }

    /// The value of the quorum, from those of the witnesses up. Groups know only what was defined
    /// before them, so that one pass in their order is enough and no depth can hurt.
    fn fold(
        &self,
        witness: impl Fn(usize) -> usize,
        group: impl Fn(&Group, &[usize]) -> usize,
    ) -> Option<usize> {
        let mut values = Vec::with_capacity(self.groups.len());
        let value = |values: &[usize], member: Member| match member {
            Member::Witness(at) => witness(at),
            Member::Group(at) => values[at],
        };
        for each in &self.groups {
            let members: Vec<_> = each.members.iter().map(|&m| value(&values, m)).collect();
            let result = group(each, &members);
            values.push(result);
        }
        self.quorum.map(|member| value(&values, member))
    }
}

/// Whether `threshold` of `witnesses` keeps everybody at one history when `liars` of the witnesses
/// sign whatever they are asked to: `threshold` > (`witnesses` + `liars`) / 2. Two quorums then have
/// an honest witness in common, and that one signs no fork.
#[must_use]
pub const fn survives(witnesses: usize, threshold: usize, liars: usize) -> bool {
    threshold <= witnesses && 2 * threshold > witnesses + liars
}
