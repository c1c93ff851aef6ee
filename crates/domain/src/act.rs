//! What is done, and what for.

use std::fmt;

/// How much of an action the ledger holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// Intent before the effect, outcome after it: everything that shows, changes or destroys.
    Full,
    /// Nothing when allowed (a page that refreshes itself every second would drown the ledger);
    /// a refusal is entered all the same.
    Refusals,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $trace:ident;)*) => {
        /// Everything that can be asked of the system. Closed: a route that performs none of these
        /// does not exist.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action, in the order of the permission table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word that stands for it outside; stable.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// How much of it the ledger holds.
            #[must_use]
            pub const fn trace(self) -> Trace {
                match self { $(Self::$name => Trace::$trace,)* }
            }

            /// The action that a word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.word() == word)
            }
        }
    };
}

actions! {
    /// Watch live pictures on a wall of at most 25 cameras.
    WatchLive = "live.watch", Full;
    /// Play recorded footage of at most 9 cameras × 24 hours.
    PlayFootage = "footage.play", Full;
    /// Take one still of a camera, to see where it points.
    TakeStill = "camera.still", Full;
    /// See the synthetic pattern that stands in for a picture.
    SeePattern = "camera.pattern", Refusals;
    /// See what was recorded when, gaps, expiry: no picture.
    ReadTimeline = "footage.timeline", Refusals;
    /// See the register of cameras (never their passwords).
    ReadCameras = "camera.list", Refusals;
    /// Add a camera.
    AddCamera = "camera.add", Full;
    /// Change a camera's name or address.
    ChangeCamera = "camera.change", Full;
    /// Put another device at a camera's spot; its history stays.
    ReplaceDevice = "camera.replace", Full;
    /// Keep a camera's footage for a shorter time; governs what is recorded from then on.
    ShortenRetention = "camera.shorten-retention", Full;
    /// Keep a camera's footage for a longer time: a promise made looser, so two people agree to it.
    LengthenRetention = "camera.lengthen-retention", Full;
    /// Stop recording a camera for good; what is kept expires in its time.
    RetireCamera = "camera.retire", Full;
    /// See on floor plans where cameras hang: no picture of a camera.
    ReadPlans = "plan.read", Refusals;
    /// Add, change or remove a floor, its plan, the places of cameras on it.
    ChangePlan = "plan.change", Full;
    /// See the masked picture of what a camera films.
    ReadRange = "range.read", Refusals;
    /// Keep the masked picture of what a camera films.
    ChangeRange = "range.change", Full;
    /// Attack what the system claims, and keep what came of it.
    Doctor = "house.doctor", Full;
    /// Write what is published of the policy for the agency's web server, and enter what was written.
    PublishSite = "site.publish", Full;
    /// See the state of cameras, disks, keys, ledger.
    ReadHealth = "health.read", Refusals;
    /// Read the ledger's entries: numbers, times, kinds, commitments.
    ReadLedger = "ledger.read", Refusals;
    /// Read who did what for what purpose: the side records behind the entries.
    ReadRecords = "ledger.records", Full;
    /// Have it certified what was destroyed of a camera's footage, and what was not: shows no picture
    /// and no name.
    CertifyDestruction = "footage.certify", Full;
    /// See who has which role.
    ReadAccounts = "account.list", Refusals;
    /// Give somebody an account with roles that see no footage.
    AppointTechnical = "account.appoint-technical", Full;
    /// Give somebody an account with roles that see footage.
    AppointFootage = "account.appoint-footage", Full;
    /// Take an account's rights away.
    EndAppointment = "account.end", Full;
    /// Say anew for how long somebody is appointed, to which post, and when he pledged and was trained.
    ChangeAppointment = "account.change", Full;
    /// Issue a one-time link with which a person without footage rights sets a new password.
    ResetTechnical = "account.reset-technical", Full;
    /// The same for a person who has footage rights.
    ResetFootage = "account.reset-footage", Full;
    /// Open a ticket: which contractor may work when, at what, and who is with him.
    OpenTicket = "ticket.open", Full;
    /// Close one, and say what was done.
    CloseTicket = "ticket.close", Full;
    /// See the tickets.
    ReadTickets = "ticket.list", Refusals;
    /// Enter who came to a controlled area, that he left, or that he took his consent back.
    RecordVisit = "visit.record", Full;
    /// See who came to controlled areas: with names those of today and who is there.
    ReadVisits = "visit.list", Refusals;
    /// Read the policy, its versions and what became of its promises: they are public.
    ReadPolicy = "policy.read", Refusals;
    /// Announce a version of the policy that promises no less than the one before.
    AnnouncePolicy = "policy.announce", Full;
    /// Announce one that promises less: two people agree to just this one.
    LoosenPolicy = "policy.loosen", Full;
    /// Enter what a person saw of a promise that the program cannot see.
    RecordAttestation = "attestation.record", Full;
    /// See what was proposed, by whom, and what was decided.
    ReadProposals = "approval.list", Refusals;
    /// Propose an act that two people must agree to.
    Propose = "approval.propose", Full;
    /// Approve or refuse what another person proposed, or take back one's own proposal.
    DecideProposal = "approval.decide", Full;
    /// Sign in, by password or by one-time link.
    SignIn = "session.sign-in", Full;
    /// Sign out.
    SignOut = "session.sign-out", Full;
    /// Unlock one's own session after the idle limit.
    Unlock = "session.unlock", Full;
    /// Hand a running wall to the next person on duty; takes both sign-ins.
    HandOver = "session.hand-over", Full;
    /// See one's own session.
    ReadSession = "session.read", Refusals;
    /// Run the whole check of ledger, reels and catalog.
    Check = "system.check", Full;
    /// Destroy the keys of what is due, and take the ciphertext away.
    DestroyExpired = "footage.destroy-expired", Full;
    /// When the disk is full, destroy the oldest footage before its time: a promise broken on
    /// purpose, so two people agree to it, and it takes effect a day later.
    AllowEarly = "footage.allow-early", Full;
    /// Take that back: one person may, at once.
    RevokeEarly = "footage.revoke-early", Full;
    /// Destroy the oldest footage before its time, by that rule.
    DestroyEarly = "footage.destroy-early", Full;
    /// Destroy some minutes before their time and leave what is around them: two people agree to
    /// just these minutes, and a day goes by.
    DestroyMinutes = "footage.destroy-minutes", Full;
    /// Keep footage of some minutes beyond its time, for a case.
    HoldFootage = "footage.hold", Full;
    /// Keep it for longer: a hold that nobody renews lapses.
    RenewHold = "footage.renew-hold", Full;
    /// Keep it no longer: then it expires, at once if its time was over.
    ReleaseHold = "footage.release-hold", Full;
    /// Take in what a person asks about footage of himself; what it is about is held at once.
    ReceiveRequest = "request.receive", Full;
    /// Enter that it was seen who asks, that the answer was given, or that a request was taken back.
    ContinueRequest = "request.continue", Full;
    /// Decide a request that another person received.
    DecideRequest = "request.decide", Full;
    /// See which requests there are and by when they are due: no names.
    ReadRequests = "request.list", Refusals;
    /// Read one request with who asks and why.
    ReadRequest = "request.read", Full;
    /// Take in what another body asks for, or use beyond the purpose; what it is about is held at once.
    ReceiveDisclosure = "disclosure.receive", Full;
    /// Enter that it was given, published, reported by the recipient, or taken back.
    ContinueDisclosure = "disclosure.continue", Full;
    /// Decide a disclosure that another person received.
    DecideDisclosure = "disclosure.decide", Full;
    /// Grant one alone that cannot wait: a warrant, a missing child; as somebody confirmed from afar.
    CompelDisclosure = "disclosure.compel", Full;
    /// Look at what another person granted alone.
    ReviewDisclosure = "disclosure.review", Full;
    /// See which disclosures there are and what is owed of them: no names.
    ReadDisclosures = "disclosure.list", Refusals;
    /// Read one disclosure with who asks, on what ground and for what.
    ReadDisclosure = "disclosure.read", Full;
    /// Take footage of a case that was granted, masked, as a working copy that is to leave.
    PrepareExport = "export.prepare", Full;
    /// Look at such a working copy before it leaves.
    LookAtExport = "export.look", Full;
    /// Look at what lies under the cover of a working copy, to decide who stays to be seen.
    LookAtOriginal = "export.original", Full;
    /// Seal a working copy into the one file that leaves: two people agree to just this copy.
    SealExport = "export.seal", Full;
    /// Destroy a working copy before its time.
    DiscardExport = "export.discard", Full;
    /// Hand a sealed file out.
    DeliverExport = "export.deliver", Full;
    /// Say of a file that left that it is to be used no more.
    RevokeExport = "export.revoke", Full;
    /// See what is being prepared and what left: no names.
    ReadExports = "export.list", Refusals;
    /// Read a register of personal video data: who used, asked, destroyed, may what, with names.
    ReadRegister = "register.read", Full;
    /// See what is held, for which case, until when.
    ReadHolds = "footage.list-holds", Refusals;
    /// Destroy the record roots whose months are over: the details of acts, and of rights that ended.
    DestroyRecords = "records.destroy-expired", Full;
    /// Close what a crash left open.
    Repair = "system.repair", Full;
}

/// What a viewing or export is for: one of the controlled list, with a case number or a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    kind: PurposeKind,
    note: String,
}

/// The controlled list of purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PurposeKind {
    /// 시설 안전 및 관리.
    FacilitySafety,
    /// 화재 예방.
    FirePrevention,
    /// 범죄 예방.
    CrimePrevention,
    /// 교통 단속·정보.
    Traffic,
    /// 사고 확인.
    Incident,
    /// 정보주체의 청구.
    SubjectRequest,
    /// 수사·재판 협조.
    Investigation,
    /// 기기 점검.
    Maintenance,
}

impl PurposeKind {
    /// Every purpose.
    pub const ALL: [Self; 8] = [
        Self::FacilitySafety,
        Self::FirePrevention,
        Self::CrimePrevention,
        Self::Traffic,
        Self::Incident,
        Self::SubjectRequest,
        Self::Investigation,
        Self::Maintenance,
    ];

    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FacilitySafety => "facility-safety",
            Self::FirePrevention => "fire-prevention",
            Self::CrimePrevention => "crime-prevention",
            Self::Traffic => "traffic",
            Self::Incident => "incident",
            Self::SubjectRequest => "subject-request",
            Self::Investigation => "investigation",
            Self::Maintenance => "maintenance",
        }
    }

    /// The purpose that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Why a purpose cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurposeError {
    /// Nothing was written beside the kind.
    NoteMissing,
    /// More than [`Purpose::LONGEST_NOTE`] characters, or a control character in it.
    NoteUnfit,
}

impl fmt::Display for PurposeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoteMissing => "write a case number or a few words of reason beside the purpose",
            Self::NoteUnfit => "the reason is at most 200 characters on one line",
        })
    }
}

impl std::error::Error for PurposeError {}

impl Purpose {
    /// Characters of the longest note.
    pub const LONGEST_NOTE: usize = 200;

    /// A purpose with its note (case number or reason).
    ///
    /// # Errors
    /// If the note is empty, too long or not one line.
    pub fn new(kind: PurposeKind, note: &str) -> Result<Self, PurposeError> {
        let note = note.trim();
        if note.is_empty() {
            return Err(PurposeError::NoteMissing);
        }
        if note.chars().count() > Self::LONGEST_NOTE || note.chars().any(char::is_control) {
            return Err(PurposeError::NoteUnfit);
        }
        Ok(Self { kind, note: note.to_owned() })
    }

    /// Which of the list.
    #[must_use]
    pub const fn kind(&self) -> PurposeKind {
        self.kind
    }

    /// The case number or reason.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_for_one_thing() {
        for &action in Action::ALL {
            assert_eq!(Action::from_word(action.word()), Some(action));
        }
        for kind in PurposeKind::ALL {
            assert_eq!(PurposeKind::from_word(kind.word()), Some(kind));
        }
    }

    #[test]
    fn a_purpose_needs_a_reason() {
        assert_eq!(Purpose::new(PurposeKind::Incident, "  "), Err(PurposeError::NoteMissing));
        assert_eq!(Purpose::new(PurposeKind::Incident, "a\nb"), Err(PurposeError::NoteUnfit));
        assert_eq!(
            Purpose::new(PurposeKind::Incident, &"가".repeat(201)),
            Err(PurposeError::NoteUnfit)
        );
        assert_eq!(Purpose::new(PurposeKind::Incident, " 2026-17 ").unwrap().note(), "2026-17");
    }
}
