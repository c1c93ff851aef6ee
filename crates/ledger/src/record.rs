//! Side records: the readable detail behind an entry (who, what, for whom), sealed.
//!
//! JSON inside; closed kinds. What the machine itself needs to know after a restart (accounts,
//! cameras) is here and only here: the catalog is a projection of it.

use domain::Purpose;
use rules::Ask;
use serde::{Deserialize, Serialize};

use crate::{
    AccountRecord, CameraRecord, DisclosureNote, DisclosureRecord, ExportRecord, FloorRecord,
    HoldRecord, RequestNote, RequestRecord, TargetRecord, VisitRecord,
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
    /// Behind what left the building.
    Export {
        /// Who sealed it.
        actor: String,
        /// What it is.
        export: ExportRecord,
    },
    /// Behind its being taken back.
    ExportRevoked {
        /// Who did it.
        actor: String,
        /// Why.
        reason: String,
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
            | Self::Export { actor, .. }
            | Self::ExportRevoked { actor, .. }
            | Self::Hold { actor, .. }
            | Self::Floor { actor, .. }
            | Self::FloorPicture { actor, .. }
            | Self::RangePicture { actor, .. }
            | Self::Camera { actor, .. } => Some(actor),
            Self::Credential { .. } => None,
        }
    }
}
