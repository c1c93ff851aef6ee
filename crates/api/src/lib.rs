//! The wire: types, routes, OpenAPI.
//!
//! What the pages and the server say to each other, and nothing else: this crate knows no other
//! crate of ours, so that a change inside never changes the wire by accident. The committed
//! `docs/formats/openapi.json` is made from it (a test compares), and the TypeScript types of
//! `web/` from that file.
//!
//! - Everything lies under [`BASE`]; JSON; times are RFC 3339 in UTC; ids are UUIDs.
//! - A request that changes something carries the header [`REQUEST_HEADER`]`: 1`, which a form on
//!   another site cannot send; the session is a cookie, `HttpOnly` and `SameSite=Strict`.
//! - Every refusal is an [`ErrorBody`] with one of the closed codes of [`ErrorCode`].
//! - Inputs refuse fields they do not know: a misspelt field is an error, never a default.

mod account;
mod attestation;
mod camera;
mod destruction;
mod disclosure;
pub mod disclosure_paths;
mod disclosure_words;
pub mod door_paths;
mod error;
mod error_code;
pub mod export;
mod footage;
mod health;
mod hold;
mod institution;
mod ledger;
pub mod paths;
mod plan;
mod policy;
mod proposal;
mod reading;
pub mod register;
mod request;
pub mod request_paths;
mod request_words;
mod routes;
mod session;
mod task;
mod ticket;
mod value;
mod viewing;
mod visit;
mod words;

pub use account::{Account, AccountLink, Accounts, Appointment, DutySpan, NewAccount, Standing};
pub use attestation::{Attestation, Attestations, NewAttestation};
pub use camera::{
    Asset, Camera, CameraChange, Cameras, Device, NewCamera, NewRangePicture, RangePicture, Reason,
    ReplaceDevice, Still, StillRequest,
};
pub use destruction::{CertificateRequest, DestructionCertificate};
pub use disclosure::{
    DisclosureCase, DisclosureConfirmation, DisclosureDecision, DisclosureDuty, DisclosureGround,
    DisclosureLine, DisclosurePublication, DisclosureRemark, DisclosureStep, Disclosures,
    NewDisclosure,
};
pub use disclosure_words::{
    DisclosureBasis, DisclosureCompelledBy, DisclosureConfirmedHow, DisclosureDutyKind,
    DisclosureKind, DisclosureState, DisclosureStepWord,
};
pub use error::{ErrorBody, ErrorDetail};
pub use error_code::ErrorCode;
pub use export::{
    AreaKey, ClipEdits, EditedClip, ExportArea, ExportAreaKind, ExportCase, ExportCaseKind,
    ExportClip, ExportCopy, ExportGap, ExportPreparation, ExportProposal, ExportSealed, Exports,
    NewExport, SealedExport, ShownTrack,
};
pub use footage::{Expiry, Gap, RecordedSpan, Timeline};
pub use health::{
    CameraHealth, DoctorClaim, DoctorHealth, DoctorResult, Health, HealthAlarm, KeyHealth,
    LedgerHealth, OneWitness, ScrubHealth, Suspicion, VolumeHealth, WitnessHealth,
};
pub use hold::{Hold, HoldRelease, HoldRenewal, Holds, NewHold};
pub use institution::{
    DescribedInstitution, DescribedVersion, ForeignCameras, FormerName, InstitutionBody,
    InstitutionCompany, InstitutionMonitoring, InstitutionPlace, InstitutionPost,
    InstitutionPurpose, InstitutionSpot, InstitutionSubcontractor, InstitutionUnit,
    InstitutionView,
};
pub use ledger::{LedgerEntry, LedgerPage, LedgerRecord, NamedCamera, RecordDetail, RecordRequest};
pub use paths::openapi;
pub use plan::{
    CameraPlace, Floor, FloorChange, FloorRemoval, NewFloor, NewPlanPicture, PlanPicture, Plans,
};
pub use policy::{
    NewPolicy, NewPolicyProposal, PolicyDifference, PolicyDraft, PolicyFinding, PolicyLine,
    PolicyLoosening, PolicyMended, PolicySign, PolicySignLine, PolicyVersion, PolicyView, Promise,
    Promises, PromisesEntered, ProposedPolicy, SiteEntry, SiteFile,
};
pub use proposal::{
    EarlyDestruction, Minutes, NewMinutes, NewProposal, Proposal, ProposalDecision, Proposals,
    RetentionChange,
};
pub use reading::{
    NewPolicyReading, PolicyReading, ReadingChoice, ReadingDraft, ReadingFacts, ReadingField,
    ReadingFieldKind, ReadingFieldState, ReadingFinding, ReadingGroup, ReadingLine,
    ReadingSeverity, ReadingVersion,
};
pub use register::{
    Register, RegisterColumn, RegisterFormat, RegisterName, RegisterNote, RegisterRow,
};
pub use request::{
    NewRequest, RequestAgent, RequestCase, RequestDay, RequestDecision, RequestDeletion,
    RequestDue, RequestFront, RequestGround, RequestHold, RequestLetter, RequestLetters,
    RequestLine, RequestObjectable, RequestObjected, RequestObjection, RequestPerson,
    RequestRemark, RequestStep, Requests,
};
pub use request_words::{
    LetterFormat, LetterKind, RequestAgentKind, RequestAsked, RequestBar, RequestChannel,
    RequestDecided, RequestState, RequestStepWord,
};
pub use routes::{Method, ROUTES, Route, Transport};
pub use session::{Claim, HandOver, Permission, Session, SessionAccount, SignIn, Unlock};
pub use task::{Task, Tasks};
pub use ticket::{NewTicket, Ticket, TicketClosing, TicketPerson, TicketVisit, Tickets};
pub use value::{Id, Purpose, Secret, Time};
pub use viewing::{
    BINARY_HEADER_LENGTH, BINARY_VERSION, BinaryHeader, BinaryKind, FootageCommand, FootageOpen,
    LiveOpen, MAX_CHANGE_COLUMNS, MAX_FOOTAGE_CAMERAS, MAX_LIVE_CAMERAS, ServerMessage,
    WORST_CLOCK_ERROR_MS,
};
pub use visit::{Admission, Consent, NewVisit, Visit, VisitArea, VisitDetail, VisitNotice, Visits};
pub use words::{
    CameraMethod, CameraSound, CameraState, CameraTransport, CloseReason, Destruction, Duty,
    FeedChoice, GapCause, HealthState, HoldState, Outsourced, PartState, PlaceClass, PolicyState,
    PromiseState, ProposalState, PurposeKind, Role, Seen, SessionState, Severity, Suspected,
    TaskKind, TicketState,
};

/// Where every path of the API begins.
pub const BASE: &str = "/api/v1";

/// The header that each request which changes something carries, with the value `1`.
pub const REQUEST_HEADER: &str = "x-jikim-request";
