//! The kinds of act that a grant can be for, as types: an effect names the one it needs.

use domain::Action;

mod sealed {
    pub trait Sealed {}
}

/// A kind of act. Sealed: no other crate can make one.
pub trait Act: sealed::Sealed + Send + Sync + 'static {
    /// The actions whose permits become a grant of this kind.
    const ACTIONS: &'static [Action];
    /// Whether pictures are seen by it.
    const SHOWS_FOOTAGE: bool;
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident: $($action:ident)|+ $(, $shows:ident)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Act for $name {
            const ACTIONS: &'static [Action] = &[$(Action::$action),+];
            const SHOWS_FOOTAGE: bool = acts!(@shows $($shows)?);
        }
    )*};
    (@shows shows_footage) => { true };
    (@shows) => { false };
}

acts! {
    /// Watching live.
    WatchLive: WatchLive, shows_footage;
    /// Reading recorded footage: to play it, or for the masked copy of a case, made or looked under.
    PlayFootage: PlayFootage | PrepareExport | LookAtOriginal, shows_footage;
    /// Looking at a working copy of what is to leave.
    LookAtExport: LookAtExport, shows_footage;
    /// Sealing it.
    SealExport: SealExport, shows_footage;
    /// Destroying a working copy.
    DiscardExport: DiscardExport;
    /// Handing a sealed file out.
    DeliverExport: DeliverExport;
    /// Taking back what left.
    RevokeExport: RevokeExport;
    /// One still.
    TakeStill: TakeStill, shows_footage;
    /// Destroying what is due.
    DestroyExpired: DestroyExpired;
    /// Destroying the oldest footage before its time.
    DestroyEarly: DestroyEarly;
    /// Destroying single minutes before their time.
    DestroyMinutes: DestroyMinutes;
    /// Making the rule by which that is done, or taking it back.
    ManageEarly: AllowEarly | RevokeEarly;
    /// Holding footage for a case, and ending that.
    ManageHolds: HoldFootage | RenewHold | ReleaseHold;
    /// Destroying record roots whose months are over.
    DestroyRecords: DestroyRecords;
    /// Closing what a crash left open.
    Repair: Repair;
    /// Work on the register of cameras.
    ManageCameras: AddCamera | ChangeCamera | ReplaceDevice | RetireCamera;
    /// Work on floors and their plans.
    ManagePlans: ChangePlan;
    /// Keeping the picture of what a camera films.
    ChangeRange: ChangeRange;
    /// Changing how long footage is kept.
    ManageRetention: ShortenRetention | LengthenRetention;
    /// Announcing a version of the policy.
    AnnouncePolicy: AnnouncePolicy | LoosenPolicy;
    /// Entering what a person saw of a promise.
    RecordAttestation: RecordAttestation;
    /// Proposing an act that takes two people.
    Propose: Propose;
    /// Deciding of a proposal.
    DecideProposal: DecideProposal;
    /// Work on accounts.
    ManageAccounts: AppointTechnical | AppointFootage | EndAppointment | ChangeAppointment
        | ResetTechnical | ResetFootage;
    /// Work on tickets.
    ManageTickets: OpenTicket | CloseTicket;
    /// Work on the visitors' book.
    RecordVisit: RecordVisit;
    /// Work on persons' requests, and on what is held for them.
    ManageRequests: ReceiveRequest | ContinueRequest | DecideRequest;
    /// Reading one of them.
    ReadRequest: ReadRequest;
    /// Work on disclosures to others, and on what is held for them.
    ManageDisclosures: ReceiveDisclosure | ContinueDisclosure | DecideDisclosure
        | CompelDisclosure | ReviewDisclosure;
    /// Reading one of them.
    ReadDisclosure: ReadDisclosure;
    /// Reading a register.
    ReadRegister: ReadRegister;
    /// Reading side records.
    ReadRecords: ReadRecords;
    /// Certifying that footage was destroyed.
    CertifyDestruction: CertifyDestruction;
    /// Beginning, keeping and ending one's own session.
    KeepSession: SignIn | SignOut | Unlock | HandOver;
    /// The whole check.
    Check: Check;
    /// Keeping what came of attacks on the system's own claims.
    Doctor: Doctor;
    /// Entering what is published.
    PublishSite: PublishSite;
}
