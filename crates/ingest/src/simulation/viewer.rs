//! Somebody who watches recorded footage while everything else goes on.

use std::time::Duration;

use domain::{Action, WallTime};
use host::Clock as _;
use ledger::Grant;
use ledger::act::PlayFootage;
use rules::Target;
use vault::{ChunkPlace, OpenFootageError};

use super::camera::{bytes_of, number_in};
use super::house::person;
use super::world::World;

pub(super) struct Viewer {
    grant: Grant<PlayFootage>,
    camera: usize,
    time: (WallTime, WallTime),
    place: Option<ChunkPlace>,
    pub(super) is_revoked: bool,
    /// Chunks that were opened: nobody is led in a circle.
    opened: u64,
}

impl Viewer {
    /// Asks for some time of some camera; nobody if the ledger cannot write it down.
    pub(super) fn ask(world: &mut World) -> Result<Option<Self>, String> {
        let camera = world.draw.index(world.cameras.len());
        let back = Duration::from_secs(world.draw.pick(&[2, 10, 60, 600, 90_000]));
        let length = Duration::from_secs(world.draw.pick(&[1, 5, 60, 7200]));
        let from = world.clock.wall() - back;
        let time = (from, from + length);
        let id = world.cameras[camera].feed.camera;
        let target = Target::Footage { cameras: vec![id], from: time.0, to: time.1 };
        let house = world.house();
        let is_broken = house.ledger.status().broken.is_some();
        let grant = house.admit(person(), Action::PlayFootage, target);
        // Its publishing may fail right after it was entered.
        let has_failed = house.ledger.status().broken.is_some();
        match grant {
            Ok(_) if is_broken => Err("L10: a grant of a ledger that cannot write".into()),
            Err(error) if !has_failed => {
                Err(format!("L10: no grant, and nothing is wrong: {error}"))
            }
            Err(_) => Ok(None),
            Ok(grant) => {
                world.acknowledge();
                Ok(Some(Self { grant, camera, time, place: None, is_revoked: false, opened: 0 }))
            }
        }
    }

    /// Opens the next chunk; gives whether it goes on.
    pub(super) fn watch(&mut self, world: &World) -> Result<bool, String> {
        let camera = &world.cameras[self.camera];
        let house = world.house();
        let must_end = self.is_revoked || house.ledger.status().broken.is_some();
        let opener = house.vault.vault().opener();
        let reader = opener.footage(&self.grant);
        let place = match &self.place {
            None => reader.seek(camera.feed, self.time.0),
            Some(place) => reader.next(place),
        };
        let opened = place.and_then(|place| {
            place.map(|place| reader.open(&place).map(|opened| (place, opened))).transpose()
        });
        match opened {
            Ok(_) if must_end => Err("L10: footage for somebody who may see none".into()),
            Err(OpenFootageError::Ended(_)) if must_end => Ok(false),
            Ok(None) | Err(OpenFootageError::Destroyed) => Ok(false),
            Ok(Some((place, opened))) => {
                for frame in &opened.frames {
                    let number = number_in(&frame.bytes)
                        .filter(|of| of.0 == camera.feed.camera.as_bytes()[0]);
                    let fact = number.and_then(|of| Some((of.1, camera.facts.get(of.1)?)));
                    let is_right = fact.is_some_and(|(number, fact)| {
                        frame.bytes == bytes_of(camera.feed, number, fact.size_bytes)
                    });
                    if !is_right || frame.wall < self.time.0 || frame.wall >= self.time.1 {
                        return Err(format!("R6: {number:?} of {} was served", frame.wall));
                    }
                }
                self.place = Some(place);
                self.opened += 1;
                if self.opened > 2000 {
                    Err("R8: somebody is led in a circle".into())
                } else {
                    Ok(true)
                }
            }
            // A long grant ends by itself; a disk that fails shows nothing.
            Err(OpenFootageError::Ended(_)) => Ok(false),
            Err(_) if world.is_faulted || world.away.is_some() || world.disk.is_dead() => Ok(false),
            Err(error) => Err(format!("R6: what is there cannot be seen: {error}")),
        }
    }
}
