//! The institution as the description in force says, beside the cameras that this recorder has of it.

use api::{
    CameraMethod, CameraState, DescribedInstitution, DescribedVersion, Duty, ForeignCameras,
    FormerName, Id, InstitutionBody, InstitutionCompany, InstitutionMonitoring, InstitutionPlace,
    InstitutionPost, InstitutionPurpose, InstitutionSpot, InstitutionSubcontractor,
    InstitutionUnit, InstitutionView, NamedCamera, Outsourced, PlaceClass,
};
use law::{Law, Topic};
use ledger::CameraRecord;
use policy::{Description, Post, Purpose, Spot, Unit, Version};
use server::HouseError;

use crate::edge::internal;
use crate::house::House;
use crate::policy_desk::{day_of, findings, in_force};
use crate::register::state_of;

/// What there is, looked at now.
pub(crate) fn view(house: &House) -> Result<InstitutionView, HouseError> {
    let Some(present) = in_force(house).map_err(internal)? else {
        return Ok(InstitutionView {
            version: None,
            entry: None,
            described: None,
            without_line: Vec::new(),
            findings: Vec::new(),
        });
    };
    let described = &present.described;
    let law = law::korea().on(day_of(house.clock.wall()));
    let mut cameras = house.ledger.cameras();
    cameras.retain(|camera| camera.retired_at.is_none());
    let is_without = |camera: &&CameraRecord| line_of(described, camera).is_none();
    let without_line = cameras.iter().filter(is_without);
    let named =
        |it: &CameraRecord| NamedCamera { id: Id(it.camera.clone()), name: it.name.clone() };
    Ok(InstitutionView {
        version: Some(present.fact.version),
        entry: Some(present.fact.number.to_string()),
        without_line: without_line.map(named).collect(),
        findings: findings(described, law),
        described: Some(institution(house, described, law, &cameras)),
    })
}

/// The line that a camera belongs to.
fn line_of<'d>(described: &'d Description, camera: &CameraRecord) -> Option<&'d Spot> {
    described.line_of(camera.policy_spot.as_deref()?)
}

fn institution(
    house: &House,
    described: &Description,
    law: Law<'_>,
    cameras: &[CameraRecord],
) -> DescribedInstitution {
    let it = &described.institution;
    DescribedInstitution {
        name: it.name.clone(),
        short: it.short.clone(),
        name_en: it.name_en.clone(),
        aliases: it.aliases.clone(),
        predecessors: it.predecessors.iter().map(former).collect(),
        bodies: described.bodies.iter().map(body).collect(),
        head: it.head.clone(),
        address: it.address.text.clone(),
        address_is_assumed: it.address.assumed,
        homepage: it.homepage.clone(),
        purposes: described.purposes.iter().map(|it| purpose(it, law)).collect(),
        posts: described.posts.iter().map(|it| post(described, it)).collect(),
        units: described.units.iter().map(|it| unit(house, described, it, cameras)).collect(),
        foreign: described.foreign.iter().map(foreign).collect(),
        outsourced: match described.processor.outsourced {
            policy::Outsourcing::Yes => Outsourced::Yes,
            policy::Outsourcing::No => Outsourced::No,
            policy::Outsourcing::Unknown => Outsourced::Unknown,
        },
        companies: described.processor.companies.iter().map(company).collect(),
        notice_days: described.notice.days,
        versions: described.versions.iter().map(version).collect(),
    }
}

fn purpose(it: &Purpose, law: Law<'_>) -> InstitutionPurpose {
    let ground = law.topic(Topic::InstallationGround).find(|rule| rule.id == it.ground);
    let text = |of: fn(&law::Rule) -> &String| ground.map(|it| of(it).clone()).unwrap_or_default();
    InstitutionPurpose {
        id: it.id.clone(),
        text: it.text.clone(),
        ground_ko: text(|rule| &rule.ko),
        ground_en: text(|rule| &rule.en),
        article: text(|rule| &rule.article),
        statute: it.statute.clone(),
    }
}

fn post(described: &Description, it: &Post) -> InstitutionPost {
    let name =
        |id: &String| described.unit(id).map_or_else(|| id.clone(), |unit| unit.name.clone());
    InstitutionPost {
        id: it.id.clone(),
        duty: match it.duty {
            policy::Duty::Manager => Duty::Manager,
            policy::Duty::ProtectionOfficer => Duty::ProtectionOfficer,
            policy::Duty::Officer => Duty::Officer,
            policy::Duty::Access => Duty::Access,
            policy::Duty::ControlCentre => Duty::ControlCentre,
        },
        title: it.title.clone(),
        department: it.department.clone(),
        deputies: it.deputies,
        contact: it.contact.clone(),
        units: it.units.iter().map(name).collect(),
        is_assumed: it.assumed,
    }
}

fn body_name(described: &Description, id: &str) -> String {
    let body = described.bodies.iter().find(|body| body.id == id);
    body.map_or(id, |body| &body.name).to_owned()
}

fn place(described: &Description, id: &str) -> Option<InstitutionPlace> {
    let it = described.place(id)?;
    Some(InstitutionPlace { id: it.id.clone(), name: it.name.clone(), is_assumed: it.assumed })
}

fn unit(
    house: &House,
    described: &Description,
    it: &Unit,
    cameras: &[CameraRecord],
) -> InstitutionUnit {
    let spots = described.spots.iter().filter(|spot| spot.unit == it.id);
    InstitutionUnit {
        id: it.id.clone(),
        name: it.name.clone(),
        body: it.body.as_ref().map(|id| body_name(described, id)),
        hours: it.hours.clone(),
        retention_days: it.retention_days,
        storage: place(described, &it.storage),
        viewing: place(described, &it.viewing),
        contact: described.post(&it.contact).map(|it| post(described, it)),
        monitoring: it.monitoring.as_ref().map(|it| InstitutionMonitoring {
            method: it.method.clone(),
            place: place(described, &it.place),
            is_assumed: it.assumed,
        }),
        spots: spots.map(|spot| line(house, described, spot, cameras)).collect(),
    }
}

fn line(
    house: &House,
    described: &Description,
    it: &Spot,
    cameras: &[CameraRecord],
) -> InstitutionSpot {
    let here = cameras
        .iter()
        .filter(|camera| line_of(described, camera).is_some_and(|line| line.id == it.id));
    let states: Vec<CameraState> =
        here.filter_map(|it| Some(state_of(house, it.camera.parse().ok()?))).collect();
    let count = |is: fn(&CameraState) -> bool| {
        u32::try_from(states.iter().filter(|state| is(state)).count()).unwrap_or(u32::MAX)
    };
    InstitutionSpot {
        id: it.id.clone(),
        name: it.name.clone(),
        range: it.range.clone(),
        class: match it.class {
            policy::PlaceClass::Open => PlaceClass::Open,
            policy::PlaceClass::NonOpen => PlaceClass::NonOpen,
            policy::PlaceClass::Mixed => PlaceClass::Mixed,
        },
        method: match it.method {
            policy::Method::Fixed => CameraMethod::Fixed,
            policy::Method::Turning => CameraMethod::Turning,
            policy::Method::Panorama => CameraMethod::Panorama,
        },
        purposes: it.purposes.clone(),
        retention_days: described.retention_days(it),
        published: it.cameras.into(),
        registered: count(|_| true),
        recording: count(|state| *state == CameraState::Recording),
        off_hours: count(|state| *state == CameraState::OffHours),
        parking_spaces: it.parking_spaces,
        staff_consulted_on: it.staff_consulted_on.clone(),
        is_assumed: it.assumed,
    }
}

fn former(it: &policy::Predecessor) -> FormerName {
    FormerName { name: it.name.clone(), until: it.until.clone() }
}

fn body(it: &policy::Body) -> InstitutionBody {
    InstitutionBody { name: it.name.clone(), own_policy: it.own_policy.clone() }
}

fn foreign(it: &policy::Foreign) -> ForeignCameras {
    let (operator, contact, place) = (it.operator.clone(), it.contact.clone(), it.place.clone());
    ForeignCameras { operator, contact, place }
}

fn company(it: &policy::Company) -> InstitutionCompany {
    InstitutionCompany {
        name: it.name.clone(),
        contact: it.contact.clone(),
        work: it.work.clone(),
        contract_signed: it.contract.as_ref().map(|contract| contract.signed.clone()),
        contract_until: it.contract.as_ref().and_then(|contract| contract.until.clone()),
        subcontractors: it.subcontractors.iter().map(subcontractor).collect(),
        is_assumed: it.assumed,
    }
}

fn subcontractor(it: &policy::Subcontractor) -> InstitutionSubcontractor {
    InstitutionSubcontractor {
        name: it.name.clone(),
        contact: it.contact.clone(),
        work: it.work.clone(),
    }
}

fn version(it: &Version) -> DescribedVersion {
    DescribedVersion {
        announced: it.announced.clone(),
        effective: it.effective.clone(),
        reason: it.reason.clone(),
        is_assumed: it.assumed,
    }
}
