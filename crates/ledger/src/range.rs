//! The pictures of what cameras film, as the ledger says them: masked before they came here, sealed as
//! names are, and read where they lie.

use std::collections::BTreeMap;

use domain::{CameraId, EntryNumber, WallTime};

use crate::open::Inner;
use crate::projection::Projection;
use crate::{Event, Kind, Ledger, ReadLedgerError, Record};

/// The newest picture of each camera: its entry, and when it was entered.
#[derive(Debug, Default)]
pub(crate) struct Ranges(BTreeMap<String, (EntryNumber, WallTime)>);

impl Ranges {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        at: WallTime,
        camera: &str,
        is_there: bool,
    ) {
        if is_there {
            self.0.insert(camera.to_owned(), (number, at));
        } else {
            self.0.remove(camera);
        }
    }

    pub(crate) fn forget(&mut self, camera: &str) {
        self.0.remove(camera);
    }
}

impl Ledger {
    /// The entry of the picture of what a camera films, and when it was entered, if there is one.
    #[must_use]
    pub fn range_picture_at(&self, camera: CameraId) -> Option<(EntryNumber, WallTime)> {
        self.inner.projection().ranges().0.get(&camera.to_string()).copied()
    }

    /// The picture of what a camera films, in standard base64, if there is one.
    ///
    /// # Errors
    /// If the disk refused, or its record cannot be opened.
    pub fn range_picture(&self, camera: CameraId) -> Result<Option<String>, ReadLedgerError> {
        let Some((number, _)) = self.range_picture_at(camera) else { return Ok(None) };
        match self.inner.open_record(number)? {
            Some(Record::RangePicture { picture, .. }) => Ok(picture),
            _ => Err(ReadLedgerError::Sealed(number)),
        }
    }
}

impl Inner {
    /// The event that seals the picture of what a camera films anew, while the camera has a name here.
    pub(crate) fn range_renewal(
        &self,
        projection: &Projection,
        camera: &str,
        number: EntryNumber,
    ) -> Result<Option<Event>, ReadLedgerError> {
        let is_newest = projection.ranges().0.get(camera).is_some_and(|(it, _)| *it == number);
        let is_used = projection.camera(camera).is_some_and(|it| it.retired_at.is_none());
        if !is_newest || !is_used {
            return Ok(None);
        }
        let Some(Record::RangePicture { picture, .. }) = self.open_record(number)? else {
            return Err(ReadLedgerError::Sealed(number));
        };
        let (actor, camera) = (crate::expire::RECORDER.to_owned(), camera.to_owned());
        let record = Record::RangePicture { actor, camera, picture };
        Ok(Some(Event { kind: Kind::Camera, record: Some(record) }))
    }
}
