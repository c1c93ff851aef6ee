//! The ledger: an append-only, signed, Merkle-hashed log of every act, and the only maker of
//! [`Grant`]s.
//!
//! Invariants:
//! 1. What [`Ledger::append`] has acknowledged is durable: the journal was synced before.
//! 2. A [`Grant`] exists only after its intent is durable (guarantee L1).
//! 3. After a failed write or sync nothing more is acknowledged, every grant ends at its next check
//!    and no new one is made (L10); recording, which needs none, goes on.
//! 4. No name, purpose or camera stands in an entry: these lie in *side records*, sealed under a
//!    record root of the month; the entry holds their salted commitment.
//! 5. A checkpoint is signed only if two independent computations of the root agree (L7).
//!
//! A grant cannot be forged, copied, or kept beyond its act:
//! ```compile_fail
//! fn twice(grant: ledger::Grant<ledger::act::WatchLive>) {
//!     let copy = grant.clone();
//! }
//! ```
//! ```compile_fail
//! let grant: ledger::Grant<ledger::act::WatchLive> = ledger::Grant::new();
//! ```
//! ```compile_fail
//! // A mark of one's own opens nothing: `Act` is sealed.
//! struct Mine;
//! impl ledger::act::Act for Mine { const ACTIONS: &'static [domain::Action] = &[]; }
//! ```

mod account;
pub mod act;
mod asset;
mod attestation;
mod body;
mod bucket;
mod camera;
mod case;
mod certify;
mod disclosure;
mod entry;
mod error;
mod expire;
mod export;
mod flip;
#[cfg(test)]
mod flip_tests;
mod grant;
mod hex;
mod hold;
mod holders;
mod journal;
mod life;
mod open;
mod plan;
mod projection;
mod publish;
mod range;
mod read;
mod record;
mod register;
mod replay;
mod request;
mod seal;
mod second;
mod status;
mod target_record;
mod ticket;
mod visit;
mod witness;
mod words;
mod writer;

pub use account::{AccountRecord, AppointmentRecord};
pub use asset::AssetRecord;
pub use attestation::{AttestationFact, Attested};
pub use bucket::{BucketFact, ListedKey, day_of};
pub use camera::{CameraRecord, DeviceRecord};
pub use case::{CaseFact, CaseStepFact};
pub use certify::Proofs;
pub use disclosure::{
    ConfirmationRecord, DisclosureDecision, DisclosureFact, DisclosureNote, DisclosureRecord,
    DisclosureStep, DisclosureStepFact,
};
pub use domain::{EntryNumber, EntryNumberError};
pub use entry::{Companion, Decision, Entry, Kind, OutcomeWord, ParseEntryError, ReelFinding};
pub use error::{AdmitError, AppendError, OpenLedgerError, ReadLedgerError};
pub use expire::{ExpireError, Expired};
pub use export::{ExportFact, ExportRecord, ExportStep};
pub use grant::{Grant, GrantEnded};
pub use hold::{HoldFact, HoldRecord, ReleaseRecord};
pub use holders::{HolderFact, HolderState, HolderWord, ProvableWord};
pub use life::{AccessLife, Life, Month, RootFact, RootState};
pub use open::{Event, Ledger, LedgerConfig};
pub use plan::{FloorFact, FloorRecord, PlacedRecord};
pub use projection::{ClockStep, Damage, EarlyFact, PolicyFact, PromisesFact, ProposalFact};
pub use record::{PurposeRecord, Record, SpanRecord};
pub use register::{Detail, RegisterEntry};
pub use request::{
    FrontRecord, RequestAgent, RequestDecision, RequestFact, RequestNote, RequestPerson,
    RequestRecord, RequestStep, RequestStepFact,
};
pub use rules::{DisclosureTarget, ExportTarget, Granted, HeldFor, RequestTarget, Target};
pub use status::LedgerStatus;
pub use target_record::TargetRecord;
pub use ticket::{TicketCounts, TicketEnd, TicketFact, TicketStep};
pub use visit::{AdmissionWord, ConsentWord, VisitCounts, VisitFact, VisitRecord, VisitStep};
pub use witness::{CosignError, Heard, LONGEST_UNWITNESSED, WitnessStatus};
pub use words::SeenWord;
