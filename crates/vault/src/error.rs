//! What can go wrong, by the operation that failed.

use std::path::PathBuf;

use domain::{Feed, ReelId, VolumeId};
use host::FsError;
use ledger::{AdmitError, AppendError, GrantEnded, ReadLedgerError};

use crate::HolderFailed;

/// Why the vault could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenVaultError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// A holder of the vault key failed, and no other has it.
    #[error(transparent)]
    Holder(#[from] HolderFailed),
    /// Who answers does not keep the key that is needed, and somebody who may does not answer.
    #[error(
        "no holder that answers keeps the vault key of the footage, and {away}. Bring it back; nothing was destroyed"
    )]
    HoldersAway {
        /// Who does not answer, and why.
        away: String,
    },
    /// Holders keep keys of epochs that never were at the same time.
    #[error(
        "the holders of the vault key disagree: {what}. One of them, or the disk it is on, was put back from an old copy. Take the wrong one out of the configuration and give it up with --give-up-holder; nothing was destroyed"
    )]
    HoldersDisagree {
        /// Who keeps which epochs.
        what: String,
    },
    /// A holder is configured twice.
    #[error("the same holder is configured twice; two holders must be two things")]
    HolderTwice,
    /// Its place cannot stand on one line of the list of holders.
    #[error("the holder {holder} has a path or a label that no list can hold; name it otherwise")]
    HolderName {
        /// Which.
        holder: String,
    },
    /// What says where the TPM is cannot be understood.
    #[error("the TPM {tcti:?} is neither device:PATH nor swtpm:path=PATH")]
    HolderTcti {
        /// What was said.
        tcti: String,
    },
    /// A holder is to be given up and is configured.
    #[error(
        "the holder {holder} is to be given up and is configured; take it out of the configuration first"
    )]
    HolderWanted {
        /// Which.
        holder: String,
    },
    /// A holder is to be given up that never was one.
    #[error("there is no holder {holder} to give up; `jikim status` names those that there are")]
    HolderUnknown {
        /// What was said.
        holder: String,
    },
    /// The volume that was here before is not here now.
    #[error(
        "{path} does not carry volume {expected}: the disk is not mounted, or another one is. Mount the right disk; nothing was written"
    )]
    VolumeMissing {
        /// Where it was looked for.
        path: PathBuf,
        /// Which it must be.
        expected: VolumeId,
    },
    /// Another recorder's volume.
    #[error("{path} is the volume of another recorder; use an empty folder. Nothing was written")]
    VolumeForeign {
        /// Where.
        path: PathBuf,
    },
    /// Something else lies where a new volume should be made.
    #[error(
        "{path} is not empty and not a volume of Jikim; use an empty folder. Nothing was written"
    )]
    VolumeOccupied {
        /// Where.
        path: PathBuf,
    },
    /// The identity file cannot be read.
    #[error("{path} is damaged; restore it from where it belongs, or use an empty folder")]
    VolumeDamaged {
        /// Which file.
        path: PathBuf,
    },
    /// No volume was named.
    #[error("name at least one volume to record on")]
    NoVolume,
    /// A vault key is held, and no keyring of its epoch can be opened with it.
    #[error(
        "no volume holds the keyring of epoch {epoch} whole: mount the volumes that do. Without it no footage can be opened, and nothing was destroyed"
    )]
    KeyringMissing {
        /// Of which epoch.
        epoch: u64,
    },
    /// There is footage, and the key of its keyrings is not held.
    #[error(
        "{holders} hold no vault key, but the volumes hold footage and its keyrings: restore what held it. Without it no footage can be opened; nothing was destroyed"
    )]
    VaultKeyMissing {
        /// Who should hold it.
        holders: String,
    },
    /// The same volume was named twice.
    #[error("{path} is the same volume as another that was named; name each volume once")]
    VolumeTwice {
        /// The second path of it.
        path: PathBuf,
    },
    /// The keyring could not be written anywhere.
    #[error("the keyring could not be written on any volume: {0}")]
    KeyringWrite(String),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] AppendError),
}

/// Why footage could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFootageError {
    /// The grant has ended.
    #[error(transparent)]
    Ended(#[from] GrantEnded),
    /// The grant is for other cameras or another time.
    #[error("{feed} at that time is not what was granted")]
    NotGranted {
        /// What was asked for.
        feed: Feed,
    },
    /// There is no such feed now.
    #[error("{feed} has no picture now")]
    NoPicture {
        /// What was asked for.
        feed: Feed,
    },
    /// Its key is destroyed, or was never here.
    #[error("the key of this footage is destroyed; nobody can open it any more")]
    Destroyed,
    /// The reel is gone or damaged.
    #[error("reel {reel} cannot be read: {reason}")]
    Reel {
        /// Which.
        reel: ReelId,
        /// What was found.
        reason: String,
    },
    /// The watcher fell behind; what follows begins at the next keyframe.
    #[error("the watcher fell behind by {0} frames")]
    Behind(u64),
    /// The feed has ended.
    #[error("the feed has ended")]
    FeedEnded,
}

/// Why a hold was not placed, renewed or released.
#[derive(Debug, thiserror::Error)]
pub enum HoldFootageError {
    /// The grant has ended.
    #[error(transparent)]
    Ended(#[from] GrantEnded),
    /// The grant is for something else.
    #[error("this grant is for no hold")]
    NotGranted,
    /// There is a hold of this id already.
    #[error("there is such a hold already; renew it instead")]
    Taken,
    /// There is no such hold, or it is of other footage.
    #[error("there is no such hold of this footage")]
    Unknown,
    /// It was released or has lapsed.
    #[error("this hold has ended; place another, if the footage is still there")]
    Over,
    /// More than can be active at once.
    #[error("there are too many holds; release what is needed no more")]
    TooMany,
    /// The ledger refused: nothing is held that is not written down.
    #[error(transparent)]
    Ledger(#[from] AppendError),
}

/// Why single minutes were not destroyed. Nothing is, unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum DestroyMinutesError {
    /// The grant has ended, or no quorum of witnesses has cosigned it.
    #[error(transparent)]
    Ended(#[from] GrantEnded),
    /// The grant is for something else.
    #[error("this grant is for no footage")]
    NotGranted,
    /// Destruction is frozen.
    #[error("destruction is frozen; try again when the state says that it is not")]
    Frozen,
    /// Some of it is held.
    #[error("some of these minutes are held for a case; they can go when that has ended")]
    Held,
    /// It is of an hour that is still recorded.
    #[error("these minutes are of an hour that is still written; try again in a while")]
    Written,
    /// Younger than a statute allows.
    #[error("these minutes are younger than the statutory minimum")]
    Owed,
    /// A reel of that hour cannot be read, so nobody can say what else is in it.
    #[error("what lies beside these minutes cannot be told: {0}")]
    Unreadable(String),
    /// No key is kept that opens any of it.
    #[error("nothing is kept of these minutes: they were destroyed already, or never recorded")]
    Nothing,
    /// The rotation did not come to its end.
    #[error(transparent)]
    Rotate(#[from] RotateError),
}

/// Why a rotation did not come to its end. Which step it reached is on the disk; the next start or
/// the next rotation goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// The intent could not be entered: nothing was touched.
    #[error(transparent)]
    Admit(#[from] AdmitError),
    /// The grant ended.
    #[error(transparent)]
    Ended(#[from] GrantEnded),
    /// The ledger has a hold that cannot be read: it may be of anything, so nothing is destroyed.
    #[error("a hold in the ledger cannot be read, so nothing may be destroyed")]
    HoldUnreadable,
    /// The new keyring is not safe on every volume: the old key was not touched.
    #[error(
        "the survivors' keyring could not be made safe on every volume, so nothing was destroyed: {0}"
    )]
    Keyring(String),
    /// A holder is away or failed. Until all have destroyed the old key nothing is called destroyed;
    /// what is due waits for it.
    #[error("destruction waits: {0}")]
    Holder(#[from] HolderFailed),
    /// The decision could not be written or taken away. If it was not written, nothing is destroyed.
    #[error("the decision of the rotation could not be kept: {0}")]
    Decide(#[source] FsError),
    /// The list for the ledger could not be kept.
    #[error(transparent)]
    Companion(#[from] ReadLedgerError),
    /// The key is destroyed and the ledger cannot say so; its sweep closes the act as unknown.
    #[error("the keys are destroyed, but the ledger cannot write that: {0}")]
    Outcome(#[source] AppendError),
    /// The disk refused when ciphertext was to be taken away; its keys are destroyed already.
    #[error("the keys are destroyed, but ciphertext could not be taken away yet: {0}")]
    Unlink(#[source] FsError),
}
