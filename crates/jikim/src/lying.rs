//! In which rooms the footage of each camera lies: as the folders of the volumes say, not as the recorder
//! remembers. A reel that somebody moved to another volume is found there.

use std::collections::{BTreeSet, HashMap};

use domain::{CameraId, ReelId, StoragePlace, WallTime};

use crate::house::House;
use crate::{Told, sentence};

/// Words of places, by camera; none for a volume of which nobody said where it stands.
pub(crate) type Places = HashMap<CameraId, BTreeSet<Option<StoragePlace>>>;

/// What lies in each closed reel: two bytes for each camera of it, so that only new reels are asked for
/// at each look.
#[derive(Default)]
pub(crate) struct Lying {
    cameras: Vec<CameraId>,
    numbers: HashMap<CameraId, u16>,
    reels: HashMap<ReelId, Box<[u16]>>,
}

impl Lying {
    /// Where the footage lies that was filmed at `since` or after; nothing where nobody said in which
    /// room a volume stands.
    pub(crate) async fn look(&mut self, house: &House, since: WallTime) -> Told<Places> {
        let volumes = house.vault.status().volumes;
        let mut places = Places::new();
        if volumes.iter().all(|volume| volume.place.is_none()) {
            return Ok(places);
        }
        let listed = house.catalog.reels().await.map_err(sentence)?;
        let present = listed.iter().filter(|row| row.bucket_end > since).map(|row| row.reel);
        let present: BTreeSet<ReelId> = present.collect();
        self.reels.retain(|reel, _| present.contains(reel));
        for volume in &volumes {
            let folder = volume.path.join("reels");
            let names = tokio::task::block_in_place(|| names(&folder));
            for reel in names.into_iter().filter(|reel| present.contains(reel)) {
                self.open(house, reel).await?;
                for number in &self.reels[&reel] {
                    let camera = self.cameras[usize::from(*number)];
                    places.entry(camera).or_default().insert(volume.place.clone());
                }
            }
        }
        Ok(places)
    }

    /// Looks whose footage is in a reel.
    async fn open(&mut self, house: &House, reel: ReelId) -> Told<()> {
        if !self.reels.contains_key(&reel) {
            let rows = house.catalog.feeds_of(reel).await.map_err(sentence)?;
            let cameras: BTreeSet<CameraId> = rows.iter().map(|row| row.feed.camera).collect();
            let numbers = cameras.into_iter().filter_map(|camera| self.number(camera)).collect();
            self.reels.insert(reel, numbers);
        }
        Ok(())
    }

    fn number(&mut self, camera: CameraId) -> Option<u16> {
        if let Some(known) = self.numbers.get(&camera) {
            return Some(*known);
        }
        let number = u16::try_from(self.cameras.len()).ok()?;
        self.cameras.push(camera);
        self.numbers.insert(camera, number);
        Some(number)
    }
}

/// The reels of a folder. A volume that cannot be read has none that can be seen.
fn names(folder: &std::path::Path) -> Vec<ReelId> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter_map(|name| name.strip_suffix(".reel")?.parse().ok()).collect()
}
