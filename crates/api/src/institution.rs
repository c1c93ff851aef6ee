//! The institution as its description in force says, beside what the recorder has of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CameraMethod, Duty, NamedCamera, Outsourced, PlaceClass, PolicyFinding};

/// What the policy in force was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionView {
    /// The version of the policy that is in force; null if none is, and then there is nothing else.
    pub version: Option<u64>,
    /// Its entry in the ledger.
    pub entry: Option<String>,
    /// What it says.
    pub described: Option<DescribedInstitution>,
    /// Cameras in use that belong to no line of it.
    pub without_line: Vec<NamedCamera>,
    /// What stands against it under the law of today.
    pub findings: Vec<PolicyFinding>,
}

/// What an institution says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DescribedInstitution {
    /// The one full name.
    pub name: String,
    /// What it is called in the text.
    pub short: String,
    /// In English.
    pub name_en: String,
    /// Other spellings that mean it, and that no text may use.
    pub aliases: Vec<String>,
    /// Names that it had before, the oldest first.
    pub predecessors: Vec<FormerName>,
    /// Bodies below it.
    pub bodies: Vec<InstitutionBody>,
    /// To whom requests are addressed.
    pub head: String,
    /// Where it is.
    pub address: String,
    /// Nobody said where it is: it was assumed.
    pub address_is_assumed: bool,
    /// Where the policy is published.
    pub homepage: Option<String>,
    /// What cameras are for.
    pub purposes: Vec<InstitutionPurpose>,
    /// Who is responsible, and who may look.
    pub posts: Vec<InstitutionPost>,
    /// Parts that keep their footage in one place, for one time, with their spots.
    pub units: Vec<InstitutionUnit>,
    /// Cameras of others in the same buildings.
    pub foreign: Vec<ForeignCameras>,
    /// Whether work is given to others.
    pub outsourced: Outsourced,
    /// To whom.
    pub companies: Vec<InstitutionCompany>,
    /// Days before a change takes effect that it is announced at least.
    pub notice_days: u16,
    /// This version of the policy and those before it, the oldest first.
    pub versions: Vec<DescribedVersion>,
}

/// A name that the institution had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FormerName {
    /// As it was written then.
    pub name: String,
    /// The first day on which it was called otherwise.
    pub until: String,
}

/// A body below the institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionBody {
    /// As published.
    pub name: String,
    /// Where its own policy is published, if it has one; then this one speaks of none of its cameras.
    pub own_policy: Option<String>,
}

/// What cameras are for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionPurpose {
    /// Its word.
    pub id: String,
    /// As published.
    pub text: String,
    /// The ground of the law, in Korean; empty if the law of today has no such ground.
    pub ground_ko: String,
    /// The same in English.
    pub ground_en: String,
    /// The article of it.
    pub article: String,
    /// The statute or ordinance that permits it, for the first ground.
    pub statute: Option<String>,
}

/// A post, never a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionPost {
    /// Its word.
    pub id: String,
    /// What it answers for.
    pub duty: Duty,
    /// Its title.
    pub title: String,
    /// Its department.
    pub department: String,
    /// How many stand in for its holder.
    pub deputies: u16,
    /// Its telephone.
    pub contact: String,
    /// The names of the units that it serves; all if empty.
    pub units: Vec<String>,
    /// Nobody said so.
    pub is_assumed: bool,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionPlace {
    /// Its word.
    pub id: String,
    /// As published.
    pub name: String,
    /// Nobody said so.
    pub is_assumed: bool,
}

/// A part of the institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionUnit {
    /// Its word.
    pub id: String,
    /// As published.
    pub name: String,
    /// The name of the body that it is a part of, if it is of one.
    pub body: Option<String>,
    /// `24h`, or like `mon-fri 08:00-19:00, sat 09:00-13:00`, in Korean time.
    pub hours: String,
    /// Days that footage is kept at most.
    pub retention_days: u16,
    /// Where footage lies; null if no such room is described.
    pub storage: Option<InstitutionPlace>,
    /// Where it is shown; null if no such room is described.
    pub viewing: Option<InstitutionPlace>,
    /// Whom to ask; null if no such post is described.
    pub contact: Option<InstitutionPost>,
    /// How live pictures are watched, if it is said.
    pub monitoring: Option<InstitutionMonitoring>,
    /// Where cameras hang.
    pub spots: Vec<InstitutionSpot>,
}

/// How live pictures are watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionMonitoring {
    /// As published.
    pub method: String,
    /// In which room; null if no such room is described.
    pub place: Option<InstitutionPlace>,
    /// Nobody said so.
    pub is_assumed: bool,
}

/// Where cameras hang: one line of the published table, and what hangs there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionSpot {
    /// Its word.
    pub id: String,
    /// As published.
    pub name: String,
    /// What is filmed, as published.
    pub range: String,
    /// Whether anybody may come there.
    pub class: PlaceClass,
    /// What its cameras can do.
    pub method: CameraMethod,
    /// What for: words of purposes.
    pub purposes: Vec<String>,
    /// Days that footage is kept at most.
    pub retention_days: u16,
    /// How many cameras are published.
    pub published: u32,
    /// How many in use belong to it.
    pub registered: u32,
    /// How many of these record now.
    pub recording: u32,
    /// How many of these do not because it is not their hour.
    pub off_hours: u32,
    /// How many cars fit, if it is for parking and somebody counted.
    pub parking_spaces: Option<u16>,
    /// When staff were consulted, if it watches staff.
    pub staff_consulted_on: Option<String>,
    /// Nobody said so.
    pub is_assumed: bool,
}

/// Cameras of somebody else in the same buildings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForeignCameras {
    /// Who runs them.
    pub operator: String,
    /// Its telephone.
    pub contact: String,
    /// Where they are.
    pub place: String,
}

/// To whom work is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionCompany {
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub contact: String,
    /// What it does.
    pub work: String,
    /// When its contract was signed; null if nobody said that there is one.
    pub contract_signed: Option<String>,
    /// The last day of the contract, if it has one.
    pub contract_until: Option<String>,
    /// To whom it gives parts of the work on.
    pub subcontractors: Vec<InstitutionSubcontractor>,
    /// Nobody said so.
    pub is_assumed: bool,
}

/// To whom a contractor gives parts of the work on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionSubcontractor {
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub contact: String,
    /// What it does.
    pub work: String,
}

/// A version of the policy, as the description tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DescribedVersion {
    /// When it was announced, if that is known.
    pub announced: Option<String>,
    /// From which day it holds.
    pub effective: String,
    /// Why it came.
    pub reason: Option<String>,
    /// Nobody said so.
    pub is_assumed: bool,
}
