//! The closed sets of words that cross the wire.
//!
//! They repeat the words of `domain` where both have them; the server translates by word and a
//! test of the server holds the two lists against each other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $set:ident { $($(#[$word_doc:meta])* $name:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum $set { $($(#[$word_doc])* $name,)* }

        impl $set {
            /// Every word of the set.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word on the wire; stable.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What a word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }

        #[cfg(test)]
        impl $set {
            fn all_agree_with_serde() -> bool {
                Self::ALL.iter().all(|known| {
                    serde_json::to_value(known).is_ok_and(|value| value == known.word())
                })
            }
        }
    )*

    #[cfg(test)]
    fn every_set_agrees_with_serde() -> Vec<(&'static str, bool)> {
        vec![$((stringify!($set), $set::all_agree_with_serde()),)*]
    }
    };
}
pub(crate) use words;

words! {
    /// What a person is appointed to do.
    Role {
        /// 시스템 관리자.
        Administrator = "administrator",
        /// 관리책임자.
        Manager = "manager",
        /// 담당자.
        Officer = "officer",
        /// 관제요원.
        Operator = "operator",
        /// 수탁업체.
        Contractor = "contractor",
        /// 점검자.
        Inspector = "inspector",
    }

    /// Whether a signed-in person may touch the controls just now.
    SessionState {
        /// The controls work.
        Active = "active",
        /// The idle limit passed: pictures that run go on, everything else waits for the password.
        Locked = "locked",
    }

    /// What a viewing is for.
    PurposeKind {
        /// 시설 안전 및 관리.
        FacilitySafety = "facility-safety",
        /// 화재 예방.
        FirePrevention = "fire-prevention",
        /// 범죄 예방.
        CrimePrevention = "crime-prevention",
        /// 교통 단속·정보.
        Traffic = "traffic",
        /// 사고 확인.
        Incident = "incident",
        /// 정보주체의 청구.
        SubjectRequest = "subject-request",
        /// 수사·재판 협조.
        Investigation = "investigation",
        /// 기기 점검.
        Maintenance = "maintenance",
    }

    /// What a camera's connection is doing.
    CameraState {
        /// The connection is being made.
        Connecting = "connecting",
        /// Frames arrive and are durable.
        Recording = "recording",
        /// Connected, but no frame arrives.
        Silent = "silent",
        /// Nobody answers at the address.
        Unreachable = "unreachable",
        /// The camera refuses: wrong name or password, or no such feed.
        Refused = "refused",
        /// The camera sends a codec that is not kept.
        Unsupported = "unsupported",
        /// What arrives is no video.
        Garbage = "garbage",
        /// Frames arrive, but the disk does not take them.
        Storage = "storage",
        /// Outside its published hours: nothing is recorded, as promised.
        OffHours = "off-hours",
        /// Nothing is recorded: no line of the policy in force names it, or its place has no volume.
        NotOrdered = "not-ordered",
        /// Retired: nothing is recorded any more.
        Retired = "retired",
    }

    /// What may be wrong with a picture that comes and is recorded.
    Suspected {
        /// It stands still: the same again and again.
        Frozen = "frozen",
        /// It is black, or of one colour.
        Black = "black",
    }

    /// How a camera's packets travel.
    CameraTransport {
        /// Interleaved with the RTSP connection.
        Tcp = "tcp",
        /// RTP over UDP.
        Udp = "udp",
    }

    /// What a camera does with sound, of which none is ever taken.
    CameraSound {
        /// It offers none.
        None = "none",
        /// It offers some: its microphone is on.
        Offered = "offered",
        /// It sends some although nobody asked.
        Sent = "sent",
    }

    /// What a post of the institution answers for.
    Duty {
        /// Responsible for all of it (관리책임자).
        Manager = "manager",
        /// Answers for the protection of footage above the manager (보호책임자).
        ProtectionOfficer = "protection-officer",
        /// Does the work (관리담당자).
        Officer = "officer",
        /// May look (접근권한자).
        Access = "access",
        /// Answers for the control centre.
        ControlCentre = "control-centre",
    }

    /// Whether anybody may come to a spot.
    PlaceClass {
        /// Open to the public.
        Open = "open",
        /// Not open.
        NonOpen = "non-open",
        /// Partly.
        Mixed = "mixed",
    }

    /// What the cameras of a spot can do.
    CameraMethod {
        /// They look one way.
        Fixed = "fixed",
        /// They can be turned.
        Turning = "turning",
        /// They look all around.
        Panorama = "panorama",
    }

    /// Whether work is given to others.
    Outsourced {
        /// To these.
        Yes = "yes",
        /// To nobody.
        No = "no",
        /// Nobody said.
        Unknown = "unknown",
    }

    /// Why nothing was recorded for a while.
    GapCause {
        /// Nobody answered at the camera's address.
        CameraUnreachable = "camera-unreachable",
        /// Connected, but no frame came.
        CameraSilent = "camera-silent",
        /// The camera refused.
        CameraRefused = "camera-refused",
        /// What came was no video.
        CameraGarbage = "camera-garbage",
        /// Packets were lost on the way.
        PacketsLost = "packets-lost",
        /// The recorder was not running.
        RecorderStopped = "recorder-stopped",
        /// The machine could not keep up.
        Overload = "overload",
        /// The disk refused.
        Storage = "storage",
        /// No recording was ordered.
        NotScheduled = "not-scheduled",
    }

    /// Which feed of a camera a wall shows.
    FeedChoice {
        /// The feed kept as evidence.
        Main = "main",
        /// The smaller feed.
        Sub = "sub",
        /// The smaller feed where a camera has one.
        Auto = "auto",
    }

    /// How the whole recorder is.
    HealthState {
        /// Every camera records durably.
        Ok = "ok",
        /// Something needs a person, and recording goes on.
        Degraded = "degraded",
        /// Recording does not go on.
        Failing = "failing",
    }

    /// How a volume or the ledger is.
    PartState {
        /// It does its work.
        Ok = "ok",
        /// It needs a person soon (nearly full, checkpoint late).
        Degraded = "degraded",
        /// It does not do its work.
        Failing = "failing",
        /// It is not there, or it is not ours.
        Absent = "absent",
    }

    /// Whether keys are destroyed when they are due.
    Destruction {
        /// Yes.
        Running = "running",
        /// No: the clock jumped, too much is due at once, or a rotation failed.
        Frozen = "frozen",
    }

    /// How a proposal stands.
    ProposalState {
        /// It waits for another person.
        Open = "open",
        /// It was approved and waits to be carried out.
        Approved = "approved",
        /// It was carried out.
        CarriedOut = "carried-out",
        /// It was to be carried out and failed: nothing was changed.
        Failed = "failed",
        /// Another person refused it.
        Refused = "refused",
        /// Whoever proposed it took it back.
        Withdrawn = "withdrawn",
        /// Its time ran out.
        Lapsed = "lapsed",
    }

    /// Why a viewing ended.
    CloseReason {
        /// All that was asked for has been sent and watched, or the page closed it.
        Ended = "ended",
        /// The person signed out, or another sign-in took the session's place.
        SignedOut = "signed-out",
        /// The right to watch was taken away.
        Revoked = "revoked",
        /// The grant's time is over: open again.
        GrantOver = "grant-over",
        /// The ledger does not append, so nothing is shown.
        LedgerUnavailable = "ledger-unavailable",
        /// The page read too slowly for too long.
        TooSlow = "too-slow",
        /// The recorder is stopping.
        Stopping = "stopping",
        /// Something broke inside; the ledger entry says which act.
        Failed = "failed",
    }

    /// How a hold stands.
    HoldState {
        /// It keeps its footage.
        Held = "held",
        /// Somebody released it.
        Released = "released",
        /// Nobody renewed it.
        Lapsed = "lapsed",
    }

    /// What a version of the policy is today.
    PolicyState {
        /// Announced, and not yet in force.
        Announced = "announced",
        /// In force.
        InForce = "in-force",
        /// Was in force.
        Archived = "archived",
    }

    /// What became of a promise.
    PromiseState {
        /// Looked at, and so.
        Kept = "kept",
        /// Looked at, and otherwise.
        Broken = "broken",
        /// Nobody looked, or it cannot be seen from here.
        Unproven = "unproven",
    }

    /// What a person saw of a promise.
    Seen {
        /// It is as promised.
        SeenSo = "seen-so",
        /// It is otherwise.
        SeenOtherwise = "seen-otherwise",
    }

    /// What kind of thing is due.
    TaskKind {
        /// A broken promise is to be mended.
        Mend = "mend",
        /// Somebody has to look at what no program can see.
        Attest = "attest",
        /// Contractors have to be trained and supervised, and nothing promises it.
        Supervise = "supervise",
        /// A contract with a contractor ends.
        RenewContract = "renew-contract",
        /// A version of the policy that was announced comes into force.
        TakeEffect = "take-effect",
        /// An article changes on which the policy rests.
        LawChanges = "law-changes",
        /// An appointment lacks something, or ends.
        Appoint = "appoint",
        /// A device's certificate ends, or is not for its firmware.
        Asset = "asset",
    }

    /// How a ticket stands.
    TicketState {
        /// Its time has not come.
        Planned = "planned",
        /// It holds.
        Open = "open",
        /// A person closed it.
        Closed = "closed",
        /// Its time is over.
        Lapsed = "lapsed",
    }

    /// How bad a finding is.
    Severity {
        /// It may be published; somebody should know.
        Warning = "warning",
        /// It may not be published.
        Error = "error",
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
