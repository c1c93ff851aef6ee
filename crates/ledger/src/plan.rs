//! Floors and their plans, as the ledger says them: facts like cameras and holds, on which no right rests.
//!
//! A plan of a building is sealed as names are. Its picture is as large as all other facts together, so
//! it is not kept in memory: it is read where it lies.

use std::collections::BTreeMap;

use domain::{EntryNumber, FloorId, WallTime};
use serde::{Deserialize, Serialize};

use crate::open::Inner;
use crate::{Event, Kind, Ledger, ReadLedgerError, Record};

/// A floor as it is from this entry on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorRecord {
    /// Id.
    pub floor: String,
    /// The site that its building stands on.
    pub site: String,
    /// Its building.
    pub building: String,
    /// What people call it.
    pub name: String,
    /// Where it stands among the floors of its building: 1 is the ground floor, -1 the first below.
    pub level: i16,
    /// The cameras that have a place on it.
    pub cameras: Vec<PlacedRecord>,
    /// Since when it is no more, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<String>,
}

/// A camera's place on a floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacedRecord {
    /// Id.
    pub camera: String,
    /// From the left, in ten-thousandths of the plan's width.
    pub x_permyriad: u16,
    /// From the top, in ten-thousandths of the plan's height.
    pub y_permyriad: u16,
    /// Whither it looks: 0 is to the top of the plan, 90 to the right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction_deg: Option<u16>,
    /// How wide it sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub angle_deg: Option<u16>,
    /// How far it sees, in ten-thousandths of the plan's width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach_permyriad: Option<u16>,
}

/// A floor that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorFact {
    /// As it is.
    pub record: FloorRecord,
    /// The newest entry about it or its picture.
    pub number: EntryNumber,
    /// When that was entered.
    pub at: WallTime,
    /// The entry of its picture, if it has one.
    pub picture: Option<EntryNumber>,
}

/// Every floor that there is.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    known: BTreeMap<String, FloorFact>,
    /// The newest picture of each, which may be sealed anew before its floor is.
    pictures: BTreeMap<String, EntryNumber>,
}

impl Plans {
    pub(crate) fn apply(&mut self, number: EntryNumber, at: WallTime, floor: &FloorRecord) {
        if floor.removed_at.is_some() {
            self.known.remove(&floor.floor);
            self.pictures.remove(&floor.floor);
            return;
        }
        let picture = self.pictures.get(&floor.floor).copied();
        let fact = FloorFact { record: floor.clone(), number, at, picture };
        self.known.insert(floor.floor.clone(), fact);
    }

    pub(crate) fn apply_picture(
        &mut self,
        number: EntryNumber,
        at: WallTime,
        floor: &str,
        is_there: bool,
    ) {
        let picture = is_there.then_some(number);
        match picture {
            Some(number) => drop(self.pictures.insert(floor.to_owned(), number)),
            None => drop(self.pictures.remove(floor)),
        }
        if let Some(known) = self.known.get_mut(floor) {
            (known.number, known.at, known.picture) = (number, at, picture);
        }
    }

    pub(crate) fn forget(&mut self, floor: &str) {
        self.known.remove(floor);
    }

    pub(crate) fn forget_picture(&mut self, floor: &str) {
        self.pictures.remove(floor);
        if let Some(known) = self.known.get_mut(floor) {
            known.picture = None;
        }
    }

    pub(crate) fn get(&self, floor: &str) -> Option<&FloorFact> {
        self.known.get(floor)
    }
}

impl Ledger {
    /// Every floor that there is.
    #[must_use]
    pub fn floors(&self) -> Vec<FloorFact> {
        self.inner.projection().plans().known.values().cloned().collect()
    }

    /// One floor, if there is such.
    #[must_use]
    pub fn floor(&self, floor: FloorId) -> Option<FloorFact> {
        self.inner.projection().plans().get(&floor.to_string()).cloned()
    }

    /// The picture of a floor's plan in standard base64, if it has one.
    ///
    /// # Errors
    /// If the disk refused, or its record cannot be opened.
    pub fn floor_picture(&self, floor: FloorId) -> Result<Option<String>, ReadLedgerError> {
        let Some(number) = self.floor(floor).and_then(|fact| fact.picture) else {
            return Ok(None);
        };
        match self.inner.open_record(number)? {
            Some(Record::FloorPicture { picture, .. }) => Ok(picture),
            _ => Err(ReadLedgerError::Sealed(number)),
        }
    }
}

impl Inner {
    /// The event that seals the picture of a floor's plan anew, if there is still such a floor.
    pub(crate) fn picture_renewal(
        &self,
        plans: &Plans,
        floor: &str,
        number: EntryNumber,
    ) -> Result<Option<Event>, ReadLedgerError> {
        if plans.get(floor).is_none_or(|fact| fact.picture != Some(number)) {
            return Ok(None);
        }
        let Some(Record::FloorPicture { picture, .. }) = self.open_record(number)? else {
            return Err(ReadLedgerError::Sealed(number));
        };
        let (actor, floor) = (crate::expire::RECORDER.to_owned(), floor.to_owned());
        let record = Record::FloorPicture { actor, floor, picture };
        Ok(Some(Event { kind: Kind::Plan, record: Some(record) }))
    }
}
