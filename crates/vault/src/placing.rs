//! Which volume a feed's footage goes to: the one with the fewest feeds, of those that stand where the
//! published policy says that it lies.
//!
//! Footage of a place lies on volumes of that place and on no other. Where all of them have failed or
//! are full it is lost and declared so: a published place of storage is a promise, and what is missing
//! can be seen, while what lies elsewhere would be found by nobody.

use std::sync::{Arc, PoisonError};

use domain::{Feed, Retention, StoragePlace};

use crate::feed::FeedShared;
use crate::open::Shared;

impl Shared {
    pub(crate) fn feeds_on(&self, volume: usize) -> Vec<Arc<FeedShared>> {
        let mut feeds = self.feeds();
        feeds.extend(self.retired().iter().cloned());
        feeds.retain(|feed| feed.volume() == volume);
        feeds
    }

    pub(crate) fn find_feed(&self, feed: Feed) -> Option<Arc<FeedShared>> {
        self.feeds.read().unwrap_or_else(PoisonError::into_inner).get(&feed).cloned()
    }

    /// The feed's shared part; made on the volume of its place that has the fewest feeds.
    pub(crate) fn feed(
        &self,
        feed: Feed,
        retention: Retention,
        place: Option<&StoragePlace>,
    ) -> Arc<FeedShared> {
        // Where all have failed one of them still says so, gap after gap.
        let any = || self.volumes.iter().position(|volume| volume.is_in(place)).unwrap_or(0);
        let volume = self.lightest_volume(place).unwrap_or_else(any);
        let mut feeds = self.feeds.write().unwrap_or_else(PoisonError::into_inner);
        let is_same = |found: &&Arc<FeedShared>| {
            found.retention == retention && found.place.as_ref() == place
        };
        if let Some(found) = feeds.get(&feed).filter(is_same) {
            return Arc::clone(found);
        }
        let made = match feeds.get(&feed) {
            None => FeedShared::new(feed, retention, volume, self.first_sequence, &self.waiting),
            Some(old) => old.with_retention(retention, volume, &self.waiting),
        };
        let made = Arc::new(made.lying_in(place.cloned()));
        if let Some(old) = feeds.insert(feed, Arc::clone(&made)) {
            self.retired().push(old);
        }
        made
    }

    /// The healthy volume with the fewest feeds, of those where what has to lie in `place` may lie.
    fn lightest_volume(&self, place: Option<&StoragePlace>) -> Option<usize> {
        let feeds = self.feeds();
        let load = |index: usize| feeds.iter().filter(|feed| feed.volume() == index).count();
        let fits =
            |&index: &usize| !self.volumes[index].is_fenced() && self.volumes[index].is_in(place);
        let fit = (0..self.volumes.len()).filter(fits);
        fit.min_by_key(|&index| (self.volumes[index].is_full(), load(index)))
    }

    /// Whether a healthy volume stands where the footage of a feed may lie.
    pub(crate) fn has_volume_for(&self, feed: &FeedShared) -> bool {
        let place = feed.place.as_ref();
        self.volumes.iter().any(|volume| !volume.is_fenced() && volume.is_in(place))
    }

    /// After a volume was fenced its feeds go on elsewhere, if there is another in their place.
    pub(crate) fn move_feeds_from(&self, volume: usize) {
        for feed in self.feeds_on(volume) {
            let Some(better) = self.lightest_volume(feed.place.as_ref()) else { continue };
            if !(self.volumes[volume].is_full() && self.volumes[better].is_full()) {
                feed.move_to(better);
            }
        }
    }
}
