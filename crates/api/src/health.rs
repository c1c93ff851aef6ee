//! How the recorder is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CameraState, Destruction, HealthState, Id, PartState, Suspected, Time};

/// How the recorder is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// The whole.
    pub state: HealthState,
    /// The recorder's time.
    pub now: Time,
    /// The program's version.
    pub version: String,
    /// Every camera that is not retired.
    pub cameras: Vec<CameraHealth>,
    /// Every volume.
    pub volumes: Vec<VolumeHealth>,
    /// The ledger.
    pub ledger: LedgerHealth,
    /// The keys.
    pub keys: KeyHealth,
    /// What reads everything again and again, to find damage.
    pub scrub: ScrubHealth,
    /// What came of the last attack on the system's own claims (`jikim doctor --claims`); null before
    /// the first.
    pub doctor: Option<DoctorHealth>,
    /// What needs a person, the gravest first.
    pub alarms: Vec<HealthAlarm>,
}

/// What came of an attack on the system's own claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoctorHealth {
    /// When.
    pub at: Time,
    /// Each claim.
    pub claims: Vec<DoctorClaim>,
}

/// One claim that was attacked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoctorClaim {
    /// Which: a word of small letters and hyphens (`docs/guide/trust.md`).
    pub claim: String,
    /// How it ended.
    pub result: DoctorResult,
    /// Attempts.
    pub tried: u64,
    /// Attempts that succeeded.
    pub succeeded: u64,
}

/// How the attack on a claim ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DoctorResult {
    /// No attempt succeeded.
    Held,
    /// At least one did.
    Broken,
    /// There was nothing to attack.
    Untested,
}

/// How one camera is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CameraHealth {
    /// The camera.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What its connection is doing.
    pub state: CameraState,
    /// What may be wrong with its picture, though it comes; null if nothing is.
    pub suspicion: Option<Suspicion>,
    /// How long ago the newest frame that is on disk was taken; null before the first.
    pub last_durable_frame_age_ms: Option<u64>,
    /// Frames known to be lost since it was added.
    pub frames_lost: u64,
    /// Bits a second over the last ten seconds or so.
    pub bitrate_bps: u64,
    /// Frames a second over the last ten seconds or so.
    pub fps: f64,
}

/// What may be wrong with a picture, as far as the sizes of what is coded say. It is no gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suspicion {
    /// What may be wrong.
    pub what: Suspected,
    /// Since when it looks so.
    pub since: Time,
    /// How sure that is, in percent.
    pub sure_percent: u8,
}

/// How one volume is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VolumeHealth {
    /// The volume.
    pub id: Id,
    /// Its path, or as much of it as helps to find it.
    pub path_label: String,
    /// How it is.
    pub state: PartState,
    /// Room that is left.
    pub free_bytes: u64,
    /// Room altogether.
    pub total_bytes: u64,
    /// Whole days until it is full, if cameras go on as in the last day; null if not within 400 days
    /// or nobody can say.
    pub days_left: Option<u32>,
    /// Reels that lie on it.
    pub reels: u64,
    /// What they take.
    pub bytes: u64,
}

/// How far the scrub is, which reads every reel once a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScrubHealth {
    /// When the last whole pass ended; null before the first.
    pub last_ended_at: Option<Time>,
    /// Reels that it read.
    pub last_reels: u64,
    /// Bytes that it read.
    pub last_bytes: u64,
    /// Reels that it found damaged or missing.
    pub last_damaged: u64,
    /// Bytes that the present pass has read.
    pub bytes: u64,
    /// Reels that should be there, and with which something is wrong now.
    pub damaged: u64,
}

/// How the ledger is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerHealth {
    /// Entries.
    pub size: u64,
    /// Root hash at that size, in standard base64.
    pub root: String,
    /// Age of the newest signed checkpoint.
    pub checkpoint_age_s: u64,
    /// How the witnesses stand; null if there are none.
    pub witnessing: Option<WitnessHealth>,
    /// How it is.
    pub state: PartState,
}

/// How the witnesses of the ledger stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WitnessHealth {
    /// Entries of the open year that a quorum has cosigned.
    pub cosigned_size: u64,
    /// When a quorum cosigned last; null before the first time since the start.
    pub cosigned_at: Option<Time>,
    /// Age of the oldest entry that no quorum has cosigned; 0 if there is none.
    pub waiting_s: u64,
    /// How it is.
    pub state: PartState,
    /// Each of them, in the order of the policy.
    pub witnesses: Vec<OneWitness>,
}

/// One witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OneWitness {
    /// What the policy calls it.
    pub name: String,
    /// When it cosigned last; null before the first time since the start.
    pub cosigned_at: Option<Time>,
    /// Why its last answer was no cosignature; null if it was one.
    pub trouble: Option<String>,
}

/// How the keys are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyHealth {
    /// What holds the vault key, in words (for example `file`).
    pub holder: String,
    /// Number of the epoch; grows by one with each rotation.
    pub epoch: u64,
    /// Keys that are kept.
    pub buckets: u64,
    /// When keys were last destroyed; null before the first time.
    pub last_rotation_at: Option<Time>,
    /// When they will be next; null while frozen.
    pub next_rotation_at: Option<Time>,
    /// Whether keys are destroyed when they are due.
    pub destruction: Destruction,
    /// Why not, while frozen.
    pub reason: Option<String>,
}

/// Something that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HealthAlarm {
    /// A stable word for it.
    pub code: String,
    /// Since when.
    pub since: Time,
    /// The camera it is about, if one.
    pub camera: Option<Id>,
    /// What it is and what to do, in Korean.
    pub text_ko: String,
    /// The same in English.
    pub text_en: String,
}
