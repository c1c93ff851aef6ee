//! What an act is done to.

use std::time::Duration;

use domain::{
    AccountId, Action, CameraId, EntryNumber, FileHash, FloorId, Hold, RegisterName, Role, WallTime,
};

use crate::{DisclosureTarget, ExportTarget, NewTicket, RequestTarget};

/// What an action is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Nothing in particular.
    House,
    /// A wall of cameras, live.
    Live {
        /// At most [`crate::MAX_LIVE_CAMERAS`], none twice.
        cameras: Vec<CameraId>,
    },
    /// Recorded footage.
    Footage {
        /// At most [`domain::MAX_SPAN_CAMERAS`], none twice.
        cameras: Vec<CameraId>,
        /// The first moment of it.
        from: WallTime,
        /// The first moment after it; at most 24 hours later.
        to: WallTime,
    },
    /// What became of a camera's footage.
    Certified {
        /// Which.
        camera: CameraId,
        /// The first moment of it.
        from: WallTime,
        /// The first moment after it; at most 31 days later.
        to: WallTime,
    },
    /// One camera.
    Camera(CameraId),
    /// One floor of a building.
    Floor(FloorId),
    /// One account and the roles it has or is to have.
    Account {
        /// Whose.
        account: AccountId,
        /// All roles, before and after.
        roles: Vec<Role>,
    },
    /// One entry of the ledger.
    Entry(EntryNumber),
    /// How long a camera's footage is kept from now on.
    Retention {
        /// Which.
        camera: CameraId,
        /// At most so long.
        maximum: Duration,
    },
    /// A version of the policy, by the file that it follows from.
    Policy {
        /// Of the description.
        file: FileHash,
    },
    /// A hold of footage, as it is to be from now on.
    Hold(Hold),
    /// A ticket that is to be opened. Boxed: it is larger than all others.
    NewTicket(Box<NewTicket>),
    /// A ticket, by its entry.
    Ticket(EntryNumber),
    /// A person's request, and what is held for it. Boxed likewise.
    Request(Box<RequestTarget>),
    /// A disclosure to another body, and what is held for it. Boxed likewise.
    Disclosure(Box<DisclosureTarget>),
    /// What is to leave the building. Boxed likewise.
    Export(Box<ExportTarget>),
    /// What a register says of some days.
    Register {
        /// Which.
        register: RegisterName,
        /// The one camera of which it is to speak; none for all.
        cameras: Vec<CameraId>,
        /// The first moment.
        from: WallTime,
        /// The first moment after it; at most [`crate::LONGEST_REGISTER`] later.
        to: WallTime,
    },
    /// What is proposed: an act that takes two people, and to what it is to be done.
    Proposed {
        /// The act.
        action: Action,
        /// To what.
        target: Box<Target>,
    },
    /// A proposal of which somebody decides.
    Proposal {
        /// Its entry.
        number: EntryNumber,
        /// Yes or no.
        approves: bool,
    },
}

impl Target {
    /// The cameras it touches.
    #[must_use]
    pub fn cameras(&self) -> &[CameraId] {
        match self {
            Self::Live { cameras }
            | Self::Footage { cameras, .. }
            | Self::Register { cameras, .. } => cameras,
            Self::Camera(camera)
            | Self::Certified { camera, .. }
            | Self::Retention { camera, .. } => std::slice::from_ref(camera),
            Self::Hold(hold) => hold.cameras(),
            Self::NewTicket(ticket) => &ticket.cameras,
            Self::Request(request) => &request.cameras,
            Self::Disclosure(disclosure) => &disclosure.cameras,
            Self::Export(export) => &export.cameras,
            Self::Proposed { target, .. } => target.cameras(),
            Self::House
            | Self::Account { .. }
            | Self::Floor(_)
            | Self::Entry(_)
            | Self::Ticket(_)
            | Self::Policy { .. }
            | Self::Proposal { .. } => &[],
        }
    }
}
