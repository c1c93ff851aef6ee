//! What an institution says of itself and of its cameras: the one file from which all else follows.
//!
//! TOML, at most 256 KiB, unknown keys refused (docs/formats/institution.md). It holds posts and
//! telephone numbers of offices, no names of persons: it is published with the policy.

use serde::{Deserialize, Serialize};

use crate::consultation::Consultation;
use crate::contract::Processor;
use crate::organisation::{Body, Predecessor};

/// A description may be this long.
pub const MAX_DESCRIPTION_BYTES: usize = 256 << 10;

/// The whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Whose policy this is.
    pub institution: Institution,
    /// What cameras are for.
    #[serde(rename = "purpose")]
    pub purposes: Vec<Purpose>,
    /// Rooms that are spoken of: where footage lies, where it is shown.
    #[serde(rename = "place")]
    pub places: Vec<Place>,
    /// Who is responsible, and who may look.
    #[serde(rename = "post")]
    pub posts: Vec<Post>,
    /// Parts that keep their footage in one place, for one time.
    #[serde(rename = "unit")]
    pub units: Vec<Unit>,
    /// Where cameras hang.
    #[serde(rename = "spot")]
    pub spots: Vec<Spot>,
    /// Whether work is given to others.
    pub processor: Processor,
    /// What is promised to who asks.
    pub requests: Requests,
    /// How footage is kept safe.
    pub safety: Safety,
    /// How changes are announced.
    pub notice: Notice,
    /// This version and those before it, the oldest first.
    #[serde(rename = "version")]
    pub versions: Vec<Version>,
    /// Bodies below the institution.
    #[serde(default, rename = "body", skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<Body>,
    /// Who was heard before cameras were put up.
    #[serde(default, rename = "consultation", skip_serializing_if = "Vec::is_empty")]
    pub consultations: Vec<Consultation>,
    /// Cameras of others in the same buildings.
    #[serde(default, rename = "foreign")]
    pub foreign: Vec<Foreign>,
    /// What was otherwise in the text that it was made from, and why it was mended.
    #[serde(default, rename = "mended")]
    pub mended: Vec<Mended>,
}

/// Whose policy this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// The one full name.
    pub name: String,
    /// What it is called in the text.
    pub short: String,
    /// In English.
    pub name_en: String,
    /// Other spellings that mean it, and no other text may use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Names that it had before, the oldest first.
    #[serde(default, rename = "predecessor", skip_serializing_if = "Vec::is_empty")]
    pub predecessors: Vec<Predecessor>,
    /// To whom requests are addressed.
    pub head: String,
    /// Where it is.
    pub address: Address,
    /// Where the policy is published.
    #[serde(default)]
    pub homepage: Option<String>,
}

/// An address, with whether it was invented for the sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// As written on a letter.
    pub text: String,
    /// Nobody said so: it was assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// What cameras are for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its word here.
    pub id: String,
    /// As published.
    pub text: String,
    /// The ground of the law that it rests on: an id of [`law::Topic::InstallationGround`].
    pub ground: String,
    /// The statute or ordinance that permits it, for the first ground.
    #[serde(default)]
    pub statute: Option<String>,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its word here.
    pub id: String,
    /// As published.
    pub name: String,
    /// Nobody said so: it was assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// What somebody answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Responsible for all of it (관리책임자).
    Manager,
    /// Answers for the protection of footage above the manager (보호책임자).
    ProtectionOfficer,
    /// Does the work (관리담당자).
    Officer,
    /// May look (접근권한자).
    Access,
    /// Answers for the control centre.
    ControlCentre,
}

/// A post: a person's place in the office, never the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Its word here.
    pub id: String,
    /// What it answers for.
    pub duty: Duty,
    /// Its title.
    pub title: String,
    /// Its department.
    pub department: String,
    /// Its telephone.
    pub contact: String,
    /// For which units; for all if none is named.
    #[serde(default)]
    pub units: Vec<String>,
    /// How many stand in for its holder.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub deputies: u16,
    /// Nobody said so: it was assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

const fn is_zero(count: &u16) -> bool {
    *count == 0
}

/// How live pictures are watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// As published: always, now and then, not at all.
    pub method: String,
    /// In which room: the id of a place.
    pub place: String,
    /// Nobody said so: it was assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// A part that keeps its footage in one place, for one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its word here.
    pub id: String,
    /// As published.
    pub name: String,
    /// Hours of filming: `24h`, or like `mon-fri 08:00-19:00, sat 09:00-13:00`.
    pub hours: String,
    /// Days that footage is kept at most.
    pub retention_days: u16,
    /// Where it lies: the id of a place.
    pub storage: String,
    /// Where it is shown: the id of a place.
    pub viewing: String,
    /// Whom to ask: the id of a post.
    pub contact: String,
    /// How live pictures are watched.
    #[serde(default)]
    pub monitoring: Option<Monitoring>,
    /// The body that it is a part of: the id of a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// Whether anybody may come there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceClass {
    /// Open to the public: Act 25.
    Open,
    /// Not open: Act 15, with consent or another ground.
    NonOpen,
    /// Partly.
    Mixed,
}

/// What kind of spot it is; some kinds no camera may watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpotKind {
    /// Doors and gates.
    Entrance,
    /// Lobbies and corridors.
    Corridor,
    /// Stairs.
    Stairs,
    /// Inside a lift.
    Lift,
    /// Parking.
    Parking,
    /// Where people work.
    Office,
    /// Where visitors are served.
    Counter,
    /// Where papers or goods are kept.
    Archive,
    /// Several of these in one building.
    Building,
    /// Roads and squares.
    Street,
    /// Anything else.
    Other,
    /// Forbidden.
    Toilet,
    /// Forbidden.
    Bath,
    /// Forbidden.
    ChangingRoom,
    /// Forbidden.
    NursingRoom,
}

/// What a camera can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// It looks one way.
    Fixed,
    /// It can be turned.
    Turning,
    /// It looks all around.
    Panorama,
}

/// A place where cameras hang: one line of the published table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// Its word here.
    pub id: String,
    /// The unit it belongs to.
    pub unit: String,
    /// As published.
    pub name: String,
    /// What is filmed, as published.
    pub range: String,
    /// How many.
    pub cameras: u16,
    /// Whether anybody may come there.
    pub class: PlaceClass,
    /// What kind of spot.
    pub kind: SpotKind,
    /// What they can do.
    #[serde(default = "fixed")]
    pub method: Method,
    /// What for: ids of purposes.
    pub purposes: Vec<String>,
    /// How many cars fit, if it is for parking and somebody counted.
    #[serde(default)]
    pub parking_spaces: Option<u16>,
    /// When staff were consulted, if the camera watches staff: `2021-06-01`.
    #[serde(default)]
    pub staff_consulted_on: Option<String>,
    /// Days that footage is kept at most, where that differs from the unit's.
    #[serde(default)]
    pub retention_days: Option<u16>,
    /// Words of lines that it was in earlier versions: their cameras are on it now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// Nobody said so: it was assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

const fn fixed() -> Method {
    Method::Fixed
}

/// What is promised to who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// Days within which it is answered at the latest.
    pub answer_days: u16,
    /// Days within which a refusal is told, with its reason.
    pub refusal_days: u16,
    /// Whether it is promised to answer without delay.
    pub without_delay: bool,
    /// Whether footage is also shown to who needs it for life, body or property although not in it.
    pub urgent_interest: bool,
}

/// How footage is kept safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Safety {
    /// What is done.
    pub measures: Vec<Measure>,
}

/// One thing that is done to keep footage safe. Closed: each has its sentence and its check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// An internal management plan.
    Plan,
    /// Rights are given by task, and no more than it needs.
    GradedAccess,
    /// Footage is encrypted where it lies and on its way.
    Encryption,
    /// Each viewing is written down, and cannot be altered unseen.
    ViewingRecords,
    /// Only from certain computers.
    CertainComputers,
    /// The recorder stands in a room that is locked.
    LockedRoom,
    /// The recorder stands in a controlled area with a visitors' book.
    ControlledArea,
    /// Who enters a place that is not open is asked for consent.
    EntryConsent,
    /// Contractors are trained and supervised each year.
    Supervision,
}

/// How changes are announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Days before a change takes effect that it is announced at least.
    pub days: u16,
}

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// When it was announced, if that is known: `2022-07-28`.
    #[serde(default)]
    pub announced: Option<String>,
    /// From which day it holds: `2022-08-04`.
    pub effective: String,
    /// Why it came.
    #[serde(default)]
    pub reason: Option<String>,
    /// Nobody said so: it was assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// Cameras of somebody else in the same buildings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foreign {
    /// Who runs them.
    pub operator: String,
    /// Its telephone.
    pub contact: String,
    /// Where they are.
    pub place: String,
}

/// Something that was otherwise, and why it was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mended {
    /// What was found.
    pub found: String,
    /// What stands here instead.
    pub now: String,
}

/// Why a file is no description.
#[derive(Debug, thiserror::Error)]
pub enum ReadDescriptionError {
    /// It is too long.
    #[error("a description has at most {MAX_DESCRIPTION_BYTES} bytes")]
    TooLong,
    /// It is not TOML of a description: which key, and on which line.
    #[error("the description cannot be read: {0}")]
    Toml(#[from] Box<toml::de::Error>),
}

impl Description {
    /// Reads one.
    ///
    /// # Errors
    /// If it is too long, or no description; the message names line and key.
    pub fn read(text: &str) -> Result<Self, ReadDescriptionError> {
        if text.len() > MAX_DESCRIPTION_BYTES {
            return Err(ReadDescriptionError::TooLong);
        }
        Ok(toml::from_str(text).map_err(Box::new)?)
    }

    /// The unit of a spot.
    #[must_use]
    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// A room by its word.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.id == id)
    }

    /// A post by its word.
    #[must_use]
    pub fn post(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }

    /// How many cameras it speaks of.
    #[must_use]
    pub fn cameras(&self) -> u32 {
        self.spots.iter().map(|spot| u32::from(spot.cameras)).sum()
    }

    /// How many cameras a unit has.
    #[must_use]
    pub fn cameras_of(&self, unit: &str) -> u32 {
        let spots = self.spots.iter().filter(|spot| spot.unit == unit);
        spots.map(|spot| u32::from(spot.cameras)).sum()
    }

    /// Days that a spot's footage is kept at most.
    #[must_use]
    pub fn retention_days(&self, spot: &Spot) -> u16 {
        let of_unit = || self.unit(&spot.unit).map(|unit| unit.retention_days);
        spot.retention_days.or_else(of_unit).unwrap_or(0)
    }
}
