//! What is left of a feed that is kept for another time or elsewhere from now on: chunks that still wait
//! under the retention and for the place that they were filmed under.

use std::sync::{Arc, MutexGuard, PoisonError};

use crate::feed::FeedShared;
use crate::open::Shared;

impl Shared {
    pub(crate) fn retired(&self) -> MutexGuard<'_, Vec<Arc<FeedShared>>> {
        self.retired.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether something waits that was filmed before, to be kept for another time: it is written
    /// first. Else the power could go when what came later is durable, and nobody would declare it.
    pub(crate) fn is_behind_another(&self, feed: &Arc<FeedShared>) -> bool {
        let retired = self.retired();
        let is_before = |other: &Arc<FeedShared>| {
            other.feed == feed.feed && !Arc::ptr_eq(other, feed) && !other.is_empty()
        };
        let own = retired.iter().position(|other| Arc::ptr_eq(other, feed));
        retired[..own.unwrap_or(retired.len())].iter().any(is_before)
    }

    /// Retired feeds of which nothing waits and that nobody can push to any more.
    pub(crate) fn forget_retired(&self) {
        self.retired().retain(|feed| Arc::strong_count(feed) > 1 || !feed.is_empty());
    }
}
