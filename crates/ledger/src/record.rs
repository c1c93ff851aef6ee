//! Side records: the readable detail behind an entry (who, what, for whom), sealed.
//!
//! JSON inside; closed kinds. What the machine itself needs to know after a restart (accounts,
//! cameras) is here and only here: the catalog is a projection of it.

use std::time::Duration;

use domain::Purpose;
use rules::{Ask, HeldFor, Target};
use serde::{Deserialize, Serialize};

use crate::{
    AccountRecord, CameraRecord, DisclosureNote, DisclosureRecord, FloorRecord, HoldRecord,
    RequestNote, RequestRecord, VisitRecord,
};

/// A purpose as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeRecord {
    /// A word of `domain::PurposeKind`.
    pub kind: String,
    /// Case number or reason.
    pub note: String,
}

impl From<&Purpose> for PurposeRecord {
    fn from(purpose: &Purpose) -> Self {
        Self { kind: purpose.kind().word().into(), note: purpose.note().into() }
    }
}

/// A target as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TargetRecord {
    /// Nothing in particular.
    House {},
    /// A live wall.
    Live {
        /// Ids.
        cameras: Vec<String>,
    },
    /// Recorded footage.
    Footage {
        /// Ids.
        cameras: Vec<String>,
        /// RFC 3339.
        from: String,
        /// RFC 3339.
        to: String,
    },
    /// What became of a camera's footage.
    Certified {
        /// Id.
        camera: String,
        /// RFC 3339.
        from: String,
        /// RFC 3339.
        to: String,
    },
    /// One camera.
    Camera {
        /// Id.
        camera: String,
    },
    /// One floor.
    Floor {
        /// Id.
        floor: String,
    },
    /// One account.
    Account {
        /// Id.
        account: String,
        /// Words.
        roles: Vec<String>,
    },
    /// One entry.
    Entry {
        /// Index in its year.
        number: u64,
        /// Its year; records older than this field have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        year: Option<u16>,
    },
    /// How long a camera's footage is kept.
    Retention {
        /// Id.
        camera: String,
        /// Seconds at most.
        maximum_s: u64,
    },
    /// A version of the policy.
    Policy {
        /// SHA-256 of its description, hexadecimal.
        file: String,
    },
    /// A hold of footage.
    Hold {
        /// Id.
        hold: String,
        /// For which case.
        case: String,
        /// Ids.
        cameras: Vec<String>,
        /// RFC 3339.
        from: String,
        /// RFC 3339.
        to: String,
        /// When it is to lapse, RFC 3339.
        until: String,
    },
    /// A ticket that was to be opened.
    NewTicket {
        /// Account id of who is to work.
        contractor: String,
        /// Account id of who is with him.
        escort: String,
        /// Ids; empty for the recorder as a whole.
        cameras: Vec<String>,
        /// RFC 3339.
        from: String,
        /// RFC 3339.
        until: String,
    },
    /// A ticket, by its entry.
    Ticket {
        /// `2026/17`.
        number: String,
    },
    /// A disclosure, and what becomes of its hold.
    Disclosure {
        /// The entry of its receipt; none of one that comes in.
        disclosure: Option<String>,
        /// Camera ids.
        cameras: Vec<String>,
        /// Id of its hold; none if that stays as it is.
        hold: Option<String>,
        /// When that is to lapse, RFC 3339; none if it is released.
        until: Option<String>,
    },
    /// A person's request, and what becomes of its hold.
    Request {
        /// The entry of its receipt; none of one that comes in.
        request: Option<String>,
        /// Camera ids.
        cameras: Vec<String>,
        /// Id of its hold; none if that stays as it is.
        hold: Option<String>,
        /// When that is to lapse, RFC 3339; none if it is released.
        until: Option<String>,
    },
    /// A proposal, by what it proposes.
    Proposed {
        /// A word of `domain::Action`.
        action: String,
        /// To what.
        target: Box<TargetRecord>,
    },
    /// A proposal, by its entry.
    Proposal {
        /// `2026/17`.
        number: String,
        /// Whether it was to be approved.
        approves: bool,
    },
}

/// A stretch of footage that was really served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanRecord {
    /// Camera id.
    pub camera: String,
    /// RFC 3339.
    pub from: String,
    /// RFC 3339.
    pub to: String,
}

/// The detail behind an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Record {
    /// Behind an intent or a refusal.
    Ask {
        /// `domain::Actor` as written.
        actor: String,
        /// A word of `domain::Action`.
        action: String,
        /// What for.
        purpose: Option<PurposeRecord>,
        /// To what.
        target: TargetRecord,
    },
    /// Behind an outcome.
    Outcome {
        /// Who acted.
        actor: String,
        /// What there is to say of it.
        note: String,
    },
    /// Behind a served entry.
    Served {
        /// Who acted.
        actor: String,
        /// What went out since the last such entry.
        spans: Vec<SpanRecord>,
    },
    /// Behind an account entry.
    Account {
        /// Who did it.
        actor: String,
        /// As it is now.
        account: AccountRecord,
    },
    /// Behind a credential entry.
    Credential {
        /// Whose.
        account: String,
        /// SHA-256 of the verifier in the catalog, hexadecimal.
        verifier_sha256: String,
        /// The verifier itself (Argon2id, as text), from which a lost catalog is made again.
        #[serde(default)]
        verifier: Option<String>,
    },
    /// Behind a proposal.
    Proposal {
        /// Who proposes.
        actor: String,
        /// A word of `domain::Action`.
        action: String,
        /// To what.
        target: TargetRecord,
        /// Why.
        reason: String,
        /// Until when it can be approved and carried out, RFC 3339.
        until: String,
    },
    /// Behind an approval.
    Approval {
        /// Who decided.
        actor: String,
    },
    /// Behind an attestation.
    Attestation {
        /// Who looked.
        actor: String,
        /// What he wrote beside it.
        remark: String,
        /// A picture of it, JPEG or PNG, in standard base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<String>,
    },
    /// Behind the opening of a ticket.
    Ticket {
        /// Who opened it.
        actor: String,
        /// Who works: `domain::Actor` as written.
        contractor: String,
        /// Who is with him, likewise.
        escort: String,
        /// At what.
        work: String,
        /// Camera ids; empty for the recorder as a whole.
        cameras: Vec<String>,
    },
    /// Behind what became of a ticket.
    TicketStep {
        /// Who did it.
        actor: String,
        /// What was done; empty where there is nothing to say.
        remark: String,
    },
    /// Behind the coming of a visitor.
    Visit {
        /// Who entered it.
        actor: String,
        /// Who came.
        visit: VisitRecord,
    },
    /// Behind what became of a visit.
    VisitStep {
        /// Who entered it.
        actor: String,
    },
    /// Behind the receipt of a request.
    Request {
        /// Who received it.
        actor: String,
        /// What it says.
        request: RequestRecord,
    },
    /// Behind what became of a request.
    RequestStep {
        /// Who did it.
        actor: String,
        /// What was written beside it.
        note: RequestNote,
    },
    /// Behind the receipt of a disclosure.
    Disclosure {
        /// Who received it.
        actor: String,
        /// What it says.
        disclosure: DisclosureRecord,
    },
    /// Behind what became of a disclosure.
    DisclosureStep {
        /// Who did it.
        actor: String,
        /// What was written beside it.
        note: DisclosureNote,
    },
    /// Behind a hold entry.
    Hold {
        /// Who did it.
        actor: String,
        /// As it is now.
        hold: HoldRecord,
    },
    /// Behind a plan entry: a floor.
    Floor {
        /// Who did it.
        actor: String,
        /// As it is now.
        floor: FloorRecord,
    },
    /// Behind a plan entry: the picture of a floor's plan.
    FloorPicture {
        /// Who did it.
        actor: String,
        /// Id of the floor.
        floor: String,
        /// JPEG or PNG in standard base64; none from now on if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<String>,
    },
    /// Behind a camera entry: the picture of what it films.
    RangePicture {
        /// Who did it.
        actor: String,
        /// Id of the camera.
        camera: String,
        /// JPEG or PNG in standard base64, with nobody to be known on it; none from now on if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<String>,
    },
    /// Behind a camera entry.
    Camera {
        /// Who did it.
        actor: String,
        /// As it is now.
        camera: CameraRecord,
    },
}

impl Record {
    /// The record of an ask.
    #[must_use]
    pub fn ask(ask: &Ask) -> Self {
        Self::Ask {
            actor: ask.actor.to_string(),
            action: ask.action.word().into(),
            purpose: ask.purpose.as_ref().map(PurposeRecord::from),
            target: TargetRecord::from(&ask.target),
        }
    }

    /// Who acted, as written.
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        match self {
            Self::Ask { actor, .. }
            | Self::Outcome { actor, .. }
            | Self::Served { actor, .. }
            | Self::Account { actor, .. }
            | Self::Proposal { actor, .. }
            | Self::Approval { actor }
            | Self::Attestation { actor, .. }
            | Self::Ticket { actor, .. }
            | Self::TicketStep { actor, .. }
            | Self::Visit { actor, .. }
            | Self::VisitStep { actor }
            | Self::Request { actor, .. }
            | Self::RequestStep { actor, .. }
            | Self::Disclosure { actor, .. }
            | Self::DisclosureStep { actor, .. }
            | Self::Hold { actor, .. }
            | Self::Floor { actor, .. }
            | Self::FloorPicture { actor, .. }
            | Self::RangePicture { actor, .. }
            | Self::Camera { actor, .. } => Some(actor),
            Self::Credential { .. } => None,
        }
    }
}

impl From<&Target> for TargetRecord {
    fn from(target: &Target) -> Self {
        let ids = |cameras: &[domain::CameraId]| cameras.iter().map(ToString::to_string).collect();
        match target {
            Target::House => Self::House {},
            Target::Live { cameras } => Self::Live { cameras: ids(cameras) },
            Target::Footage { cameras, from, to } => {
                Self::Footage { cameras: ids(cameras), from: from.to_string(), to: to.to_string() }
            }
            Target::Certified { camera, from, to } => Self::Certified {
                camera: camera.to_string(),
                from: from.to_string(),
                to: to.to_string(),
            },
            Target::Camera(camera) => Self::Camera { camera: camera.to_string() },
            Target::Floor(floor) => Self::Floor { floor: floor.to_string() },
            Target::Account { account, roles } => Self::Account {
                account: account.to_string(),
                roles: roles.iter().map(|role| role.word().into()).collect(),
            },
            Target::Entry(number) => Self::Entry { number: number.index, year: Some(number.year) },
            Target::Retention { camera, maximum } => {
                Self::Retention { camera: camera.to_string(), maximum_s: maximum.as_secs() }
            }
            Target::Policy { file } => Self::Policy { file: file.to_string() },
            Target::Hold(hold) => Self::Hold {
                hold: hold.id().to_string(),
                case: hold.case().into(),
                cameras: ids(hold.cameras()),
                from: hold.span().0.to_string(),
                to: hold.span().1.to_string(),
                until: hold.until().to_string(),
            },
            Target::NewTicket(ticket) => Self::NewTicket {
                contractor: ticket.contractor.to_string(),
                escort: ticket.escort.to_string(),
                cameras: ids(&ticket.cameras),
                from: ticket.from.to_string(),
                until: ticket.until.to_string(),
            },
            Target::Ticket(number) => Self::Ticket { number: number.to_string() },
            Target::Request(request) => {
                let (hold, until) = held(request.hold.as_ref());
                let number = request.request.map(|number| number.to_string());
                Self::Request { request: number, cameras: ids(&request.cameras), hold, until }
            }
            Target::Disclosure(target) => {
                let (hold, until) = held(target.hold.as_ref());
                let disclosure = target.disclosure.map(|number| number.to_string());
                Self::Disclosure { disclosure, cameras: ids(&target.cameras), hold, until }
            }
            Target::Proposed { action, target } => Self::Proposed {
                action: action.word().into(),
                target: Box::new(Self::from(&**target)),
            },
            Target::Proposal { number, approves } => {
                Self::Proposal { number: number.to_string(), approves: *approves }
            }
        }
    }
}

impl TargetRecord {
    /// The target of an act that takes two people. Anything else is none: no right follows from it.
    pub(crate) fn for_two(&self) -> Option<Target> {
        match self {
            Self::Retention { camera, maximum_s } => Some(Target::Retention {
                camera: camera.parse().ok()?,
                maximum: Duration::from_secs(*maximum_s),
            }),
            Self::House {} => Some(Target::House),
            Self::Policy { file } => Some(Target::Policy { file: file.parse().ok()? }),
            Self::Footage { cameras, from, to } => Some(Target::Footage {
                cameras: cameras.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?,
                from: from.parse().ok()?,
                to: to.parse().ok()?,
            }),
            _ => None,
        }
    }
}

/// Id and end of what is held for a case from then on.
fn held(held: Option<&HeldFor>) -> (Option<String>, Option<String>) {
    match held {
        Some(HeldFor::Until(hold)) => (Some(hold.id().to_string()), Some(hold.until().to_string())),
        Some(HeldFor::Released(hold)) => (Some(hold.id().to_string()), None),
        None => (None, None),
    }
}
