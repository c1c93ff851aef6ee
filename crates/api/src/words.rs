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

    /// Why a request was refused.
    ErrorCode {
        /// The request is not what the route takes (JSON, field, value).
        BadRequest = "bad-request",
        /// The header against forged requests is missing, or the origin is another site's.
        ForeignRequest = "foreign-request",
        /// Nobody is signed in.
        NotSignedIn = "not-signed-in",
        /// The session is locked: unlock first.
        Locked = "locked",
        /// Name or password is wrong; which one is not said.
        WrongPassword = "wrong-password",
        /// Too many wrong attempts; `retry_after_s` says when to try again.
        TooManyAttempts = "too-many-attempts",
        /// The one-time link was used, has run out, or never was.
        LinkInvalid = "link-invalid",
        /// Somebody else has that sign-in name.
        NameTaken = "name-taken",
        /// The password is shorter than 10 characters, longer than 128, or the name itself.
        PasswordWeak = "password-weak",
        /// The rules say no; the refusal is in the ledger.
        Forbidden = "forbidden",
        /// There is no such thing.
        NotFound = "not-found",
        /// It is so already, or has ended already.
        Conflict = "conflict",
        /// Pledge or training is missing, or the times of an appointment are unfit.
        AppointmentUnfit = "appointment-unfit",
        /// Roles that may not be held together, or none at all.
        RolesUnfit = "roles-unfit",
        /// It takes two people: propose it, and let another person approve.
        ApprovalMissing = "approval-missing",
        /// A purpose and its note are needed.
        PurposeMissing = "purpose-missing",
        /// More than 24 hours, or an end before its beginning.
        SpanUnfit = "span-unfit",
        /// More cameras than one act may show.
        TooManyCameras = "too-many-cameras",
        /// The retention is no duration, too short, too long, or below its minimum.
        RetentionUnfit = "retention-unfit",
        /// Something stands against announcing this policy: look at the draft.
        PolicyUnfit = "policy-unfit",
        /// It promises less than the one before, which takes two people.
        PolicyLooser = "policy-looser",
        /// The policy in force keeps footage for less.
        RetentionBeyondPolicy = "retention-beyond-policy",
        /// The program looks at this promise itself: nobody's word counts for it.
        PromiseNotAttestable = "promise-not-attestable",
        /// It was looked at on a day that is to come, or too long ago.
        DayUnfit = "day-unfit",
        /// The picture is neither JPEG nor PNG, or larger than 512 KiB.
        PictureUnfit = "picture-unfit",
        /// The remark is too long.
        RemarkUnfit = "remark-unfit",
        /// A contractor, and no ticket lets him in now.
        NoTicket = "no-ticket",
        /// A ticket that may not be: its time, its people, or its text.
        TicketUnfit = "ticket-unfit",
        /// The floor cannot be so: a name, its level, a place, or there are too many.
        PlanUnfit = "plan-unfit",
        /// The picture of the plan is neither JPEG nor PNG, or too large.
        PlanPictureUnfit = "plan-picture-unfit",
        /// Somebody changed the floor since it was seen.
        PlanChanged = "plan-changed",
        /// Another floor has the camera.
        CameraElsewhere = "camera-elsewhere",
        /// A visit that may not be entered so: what is written, or who is with the visitor.
        VisitUnfit = "visit-unfit",
        /// A request that may not be received so: who asks, what, of which minutes, or why.
        RequestUnfit = "request-unfit",
        /// A disclosure that may not be: who asks, its ground, its footage, its conditions or its step.
        DisclosureUnfit = "disclosure-unfit",
        /// A decision that may not be: its ground, its facts, its reason or its day.
        DecisionUnfit = "decision-unfit",
        /// A letter that cannot be written so: its request, its sender, or what was written for it.
        LetterUnfit = "letter-unfit",
        /// The days of a register: none, more than a year, or with more rows than are shown at once.
        RegisterUnfit = "register-unfit",
        /// No press is there to make PDF, HWPX or XLSX.
        PressMissing = "press-missing",
        /// The camera's address is no `rtsp://` address.
        AddressUnfit = "address-unfit",
        /// Nobody answers at the camera's address.
        CameraUnreachable = "camera-unreachable",
        /// The camera refuses the name or password, or has no such feed.
        CameraRefused = "camera-refused",
        /// What answers is no camera.
        NotACamera = "not-a-camera",
        /// The camera sends neither H.264 nor H.265.
        CameraUnsupported = "camera-unsupported",
        /// No picture came in time.
        NoPicture = "no-picture",
        /// Some of it is held for a case.
        FootageHeld = "footage-held",
        /// It is of an hour that is still recorded.
        FootageWritten = "footage-written",
        /// A statute still asks that it is kept.
        FootageOwed = "footage-owed",
        /// Nothing of it is kept.
        FootageGone = "footage-gone",
        /// What lies beside it cannot be read, so nobody can say what else would go.
        FootageUnreadable = "footage-unreadable",
        /// Destruction is frozen.
        DestructionFrozen = "destruction-frozen",
        /// What keeps the vault key does not answer: the destruction waits for it.
        HolderAway = "holder-away",
        /// The recorder has no witnesses, without whom nothing goes before its time.
        NoWitnesses = "no-witnesses",
        /// No quorum of witnesses has cosigned, so nothing was destroyed.
        NotCosigned = "not-cosigned",
        /// The ledger does not append, so the act was not done.
        LedgerUnavailable = "ledger-unavailable",
        /// The disk does not take what must be written.
        Storage = "storage",
        /// Too many at once; try again in a moment.
        Busy = "busy",
        /// Something broke inside; the recorder's log says more.
        Internal = "internal",
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
