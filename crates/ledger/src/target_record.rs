//! What an act is done to, as a side record writes it.

use std::time::Duration;

use rules::{ExportTarget, HeldFor, Target};
use serde::{Deserialize, Serialize};

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
    /// What is to leave the building.
    Export {
        /// The entry of the case's receipt.
        case: String,
        /// Camera ids.
        cameras: Vec<String>,
        /// RFC 3339.
        from: String,
        /// RFC 3339.
        to: String,
        /// Whether everybody but whom it is about is covered.
        masked: bool,
        /// SHA-256 of the working copy's list, hexadecimal; none of one that is to be made.
        copy: Option<String>,
    },
    /// What a register says of some days.
    Register {
        /// A word of `domain::RegisterName`.
        register: String,
        /// Ids: one, or none for all cameras.
        cameras: Vec<String>,
        /// RFC 3339.
        from: String,
        /// RFC 3339.
        to: String,
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
            Target::Export(export) => Self::Export {
                case: export.case.to_string(),
                cameras: ids(&export.cameras),
                from: export.from.to_string(),
                to: export.to.to_string(),
                masked: export.is_masked,
                copy: export.copy.map(|copy| copy.to_string()),
            },
            Target::Register { register, cameras, from, to } => Self::Register {
                register: register.word().into(),
                cameras: ids(cameras),
                from: from.to_string(),
                to: to.to_string(),
            },
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
            Self::Export { case, cameras, from, to, masked, copy } => {
                Some(Target::Export(Box::new(ExportTarget {
                    case: case.parse().ok()?,
                    cameras: cameras.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?,
                    from: from.parse().ok()?,
                    to: to.parse().ok()?,
                    is_masked: *masked,
                    copy: copy.as_ref().map(|copy| copy.parse()).transpose().ok()?,
                })))
            }
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
