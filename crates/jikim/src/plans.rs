//! Floor plans: floors, their pictures and where cameras hang on them, kept in the ledger alone.

use std::collections::BTreeSet;

use access::{Grant, Target, act};
use api::{ErrorCode, Id};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{CameraId, FloorId};
use ledger::{Event, FloorFact, FloorRecord, Kind, PlacedRecord, Record};
use server::{HouseError, PlanChange};

use crate::edge::failed;
use crate::house::House;
use crate::plan_picture;
use crate::register::time;

/// Floors at most: each may have a picture, and a start reads them all.
const MOST_FLOORS: usize = 200;
const MOST_CAMERAS: usize = 500;
const LONGEST_NAME: usize = 64;
const LEVELS: std::ops::RangeInclusive<i16> = -20..=200;
const PERMYRIAD: u16 = 10_000;

/// Every floor, by site, building and level.
pub(crate) fn all(house: &House) -> api::Plans {
    let mut floors: Vec<FloorFact> = house.ledger.floors();
    let key = |it: &FloorFact| {
        let it = &it.record;
        (it.site.clone(), it.building.clone(), it.level, it.name.clone())
    };
    floors.sort_by_cached_key(key);
    api::Plans { floors: floors.iter().map(|fact| on_wire(house, fact)).collect() }
}

/// The picture of a floor's plan.
pub(crate) fn picture(house: &House, floor: FloorId) -> Result<api::PlanPicture, HouseError> {
    let picture = tokio::task::block_in_place(|| house.ledger.floor_picture(floor));
    let picture = picture.map_err(crate::ledger_view::read_failed)?;
    let picture_base64 = picture.ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    Ok(api::PlanPicture { picture_base64 })
}

/// Changes the floor of the grant, and answers with it as it is then.
pub(crate) async fn change(
    house: &House,
    grant: &Grant<act::ManagePlans>,
    change: PlanChange,
) -> Result<api::Floor, HouseError> {
    let Target::Floor(floor) = *grant.target() else {
        return Err(HouseError::Unfit(ErrorCode::BadRequest));
    };
    // One change after the other: each is held against what there is.
    let _changing = house.changing_plans.lock().await;
    grant.check().map_err(|error| failed(ErrorCode::Forbidden)(error.into()))?;
    let actor = grant.actor().to_string();
    let record = match change {
        PlanChange::Add(new) => Record::Floor { actor, floor: added(house, floor, &new)? },
        PlanChange::Floor(change) => Record::Floor { actor, floor: changed(house, floor, change)? },
        PlanChange::Remove(removal) => {
            let known = seen(house, floor, &removal.revision)?;
            let removed_at = Some(house.clock.wall().to_string());
            Record::Floor { actor, floor: FloorRecord { removed_at, ..known.record } }
        }
        PlanChange::Picture(new) => {
            seen(house, floor, &new.revision)?;
            if let Some(text) = &new.picture_base64 {
                let bytes = BASE64.decode(text).ok();
                let is_fit = bytes.is_some_and(|bytes| plan_picture::is_fit(&bytes));
                is_fit.then_some(()).ok_or(HouseError::Unfit(ErrorCode::PlanPictureUnfit))?;
            }
            let picture = new.picture_base64;
            Record::FloorPicture { actor, floor: floor.to_string(), picture }
        }
    };
    let removed = match &record {
        Record::Floor { floor, .. } if floor.removed_at.is_some() => Some(floor.clone()),
        _ => None,
    };
    let event = Event { kind: Kind::Plan, record: Some(record) };
    let numbers = house.ledger.append(vec![event]).await;
    let numbers = numbers.map_err(|error| failed(ErrorCode::LedgerUnavailable)(error.into()))?;
    let number = numbers.first().copied().expect("one event has one number");
    let fact = match removed {
        Some(record) => FloorFact { record, number, at: house.clock.wall(), picture: None },
        None => house.ledger.floor(floor).ok_or(HouseError::Unfit(ErrorCode::NotFound))?,
    };
    Ok(on_wire(house, &fact))
}

/// The floor as somebody saw it; not if it was changed since.
fn seen(house: &House, floor: FloorId, revision: &str) -> Result<FloorFact, HouseError> {
    let known = house.ledger.floor(floor).ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let is_same = known.number.to_string() == revision;
    is_same.then_some(known).ok_or(HouseError::Unfit(ErrorCode::PlanChanged))
}

fn added(house: &House, floor: FloorId, new: &api::NewFloor) -> Result<FloorRecord, HouseError> {
    let floors = house.ledger.floors();
    if floors.len() >= MOST_FLOORS {
        return Err(HouseError::Unfit(ErrorCode::PlanUnfit));
    }
    let record = FloorRecord {
        floor: floor.to_string(),
        site: new.site.trim().to_owned(),
        building: new.building.trim().to_owned(),
        name: new.name.trim().to_owned(),
        level: new.level,
        cameras: Vec::new(),
        removed_at: None,
    };
    check(&record, &floors)?;
    Ok(record)
}

fn changed(
    house: &House,
    floor: FloorId,
    change: api::FloorChange,
) -> Result<FloorRecord, HouseError> {
    seen(house, floor, &change.revision)?;
    let record = FloorRecord {
        floor: floor.to_string(),
        site: change.site.trim().to_owned(),
        building: change.building.trim().to_owned(),
        name: change.name.trim().to_owned(),
        level: change.level,
        cameras: change.cameras.into_iter().map(placed).collect(),
        removed_at: None,
    };
    check(&record, &house.ledger.floors())?;
    let are_there = record.cameras.iter().all(|place| is_in_use(house, place));
    are_there.then_some(record).ok_or(HouseError::Unfit(ErrorCode::NotFound))
}

/// Whether the camera of a place is there and not retired.
fn is_in_use(house: &House, place: &PlacedRecord) -> bool {
    let camera = place.camera.parse::<CameraId>().ok();
    let known = camera.and_then(|camera| house.ledger.camera(camera));
    known.is_some_and(|camera| camera.retired_at.is_none())
}

/// Whether a floor can be so, beside the others.
fn check(record: &FloorRecord, floors: &[FloorFact]) -> Result<(), HouseError> {
    let is_line = |text: &String| {
        (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    let others = || floors.iter().map(|it| &it.record).filter(|it| it.floor != record.floor);
    let is_same = |it: &FloorRecord| {
        (&it.site, &it.building, &it.name) == (&record.site, &record.building, &record.name)
    };
    let distinct: BTreeSet<_> = record.cameras.iter().map(|it| &it.camera).collect();
    let is_fit = [&record.site, &record.building, &record.name].into_iter().all(is_line)
        && LEVELS.contains(&record.level)
        && record.cameras.len() <= MOST_CAMERAS
        && distinct.len() == record.cameras.len()
        && record.cameras.iter().all(is_on_plan)
        && !others().any(is_same);
    if !is_fit {
        return Err(HouseError::Unfit(ErrorCode::PlanUnfit));
    }
    let is_elsewhere =
        others().flat_map(|it| &it.cameras).any(|place| distinct.contains(&place.camera));
    if is_elsewhere {
        return Err(HouseError::Unfit(ErrorCode::CameraElsewhere));
    }
    Ok(())
}

fn is_on_plan(place: &PlacedRecord) -> bool {
    let within =
        |value: Option<u16>, least, most| value.is_none_or(|it| (least..=most).contains(&it));
    place.x_permyriad <= PERMYRIAD
        && place.y_permyriad <= PERMYRIAD
        && within(place.direction_deg, 0, 359)
        && within(place.angle_deg, 1, 360)
        && within(place.reach_permyriad, 1, PERMYRIAD)
}

fn placed(place: api::CameraPlace) -> PlacedRecord {
    PlacedRecord {
        camera: place.camera.0,
        x_permyriad: place.x_permyriad,
        y_permyriad: place.y_permyriad,
        direction_deg: place.direction_deg,
        angle_deg: place.angle_deg,
        reach_permyriad: place.reach_permyriad,
    }
}

fn on_wire(house: &House, fact: &FloorFact) -> api::Floor {
    let place = |it: &PlacedRecord| api::CameraPlace {
        camera: Id(it.camera.clone()),
        x_permyriad: it.x_permyriad,
        y_permyriad: it.y_permyriad,
        direction_deg: it.direction_deg,
        angle_deg: it.angle_deg,
        reach_permyriad: it.reach_permyriad,
    };
    let record = &fact.record;
    api::Floor {
        id: Id(record.floor.clone()),
        site: record.site.clone(),
        building: record.building.clone(),
        name: record.name.clone(),
        level: record.level,
        revision: fact.number.to_string(),
        changed_at: time(fact.at),
        picture: fact.picture.map(|number| number.to_string()),
        cameras: record.cameras.iter().filter(|it| is_in_use(house, it)).map(place).collect(),
    }
}

#[cfg(test)]
#[path = "plans_tests.rs"]
mod tests;
