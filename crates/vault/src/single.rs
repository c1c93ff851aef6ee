//! Single minutes, destroyed before their time: what is around them stays.
//!
//! A bucket key opens all its minutes, so it goes, by the same rotation as what is due; of its
//! minutes all others survive with keys of their own, until the bucket would have been due. Only on
//! a grant for just these minutes, which two people agreed to a day before (`rules`), and which a
//! quorum of witnesses has cosigned, since nobody can take it back (K9).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use domain::{BucketId, CameraId, Feed, WallTime};
use ledger::act::DestroyMinutes;
use ledger::{Grant, Target};
use reel::RecordKind;

use crate::holds::Holding;
use crate::minute::{MINUTE_US, MinuteId, minutes_between};
use crate::open::{Shared, Vault};
use crate::parting::Due;
use crate::reels::ReelPlace;
use crate::{DestroyMinutesError, RotationReport};

/// Start and expiry of a bucket.
type Time = (WallTime, WallTime);

impl Vault {
    /// Destroys the minutes that the grant names and nothing else. Their ciphertext, which nothing
    /// opens, goes with the reels that it lies in.
    ///
    /// Blocks while it writes; call it where blocking is allowed.
    ///
    /// # Errors
    /// See [`DestroyMinutesError`]; unless it says so, nothing is destroyed.
    pub fn destroy_minutes(
        &self,
        grant: &Grant<DestroyMinutes>,
    ) -> Result<RotationReport, DestroyMinutesError> {
        grant.check_cosigned()?;
        let shared = &*self.shared;
        let Target::Footage { cameras, from, to } = grant.target() else {
            return Err(DestroyMinutesError::NotGranted);
        };
        if shared.is_frozen() {
            return Err(DestroyMinutesError::Frozen);
        }
        shared.finish_rotation()?;
        let holding = shared.holding()?;
        let chosen = shared.only(cameras, (*from, *to), &holding)?;
        let report = self.destroy(chosen, &holding)?;
        tracing::warn!(
            buckets = report.buckets,
            minutes_kept = report.minutes_kept,
            "single minutes are destroyed before their time"
        );
        Ok(report)
    }

    /// Whether these minutes could be destroyed now, as far as it depends on them: asked before the
    /// intent is entered, since an act that fails uses up what two people agreed to. Destroys
    /// nothing and changes nothing.
    ///
    /// # Errors
    /// What [`destroy_minutes`](Self::destroy_minutes) would refuse them for.
    pub fn check_minutes(
        &self,
        cameras: &[CameraId],
        span: (WallTime, WallTime),
    ) -> Result<(), DestroyMinutesError> {
        let shared = &*self.shared;
        if shared.is_frozen() {
            return Err(DestroyMinutesError::Frozen);
        }
        let holding = shared.holding()?;
        shared.only(cameras, span, &holding).map(drop)
    }
}

impl Shared {
    /// The keys of these minutes: buckets with what of them is kept, and minutes that are kept of
    /// buckets that are gone.
    fn only(
        &self,
        cameras: &[CameraId],
        (from, to): Time,
        holding: &Holding<'_>,
    ) -> Result<Due, DestroyMinutesError> {
        if cameras.iter().any(|camera| holding.held.touches(*camera, from, to)) {
            return Err(DestroyMinutesError::Held);
        }
        let numbers = minutes_between(from, to);
        let places = self.reels.all();
        let dated = self.dated_otherwise(cameras, &numbers, &places)?;
        let (buckets, minutes): (Vec<BucketId>, Vec<MinuteId>) = {
            let keyring = self.keyring();
            let is_of = |feed: Feed| cameras.contains(&feed.camera);
            let is_chosen = |feed: Feed, start, end, expires_at| {
                is_of(feed)
                    && (start < to && from < end || dated.contains(&(feed, (start, expires_at))))
            };
            let buckets =
                keyring.iter().filter(|b| is_chosen(b.feed, b.start, b.end, b.expires_at));
            let minutes = keyring.minutes();
            let minutes = minutes.filter(|it| is_of(it.feed) && numbers.contains(&it.id.number));
            (buckets.map(|bucket| bucket.id).collect(), minutes.map(|it| it.id).collect())
        };
        if buckets.is_empty() && minutes.is_empty() {
            return Err(DestroyMinutesError::Nothing);
        }
        let mut kept = BTreeMap::new();
        for times in self.times_of(&buckets) {
            self.may_go(&times.time(), times.end, &places)?;
            let (mut of_bucket, unread) = self.minutes_of(&times, &places);
            if let Some(reason) = unread {
                return Err(DestroyMinutesError::Unreadable(reason));
            }
            of_bucket.retain(|minute| !numbers.contains(minute));
            kept.insert(times.id, of_bucket);
        }
        Ok(Due { buckets, minutes, kept })
    }

    /// Feeds and buckets' times in which such minutes lie though they are not of that time: what was
    /// filmed under a wrong clock.
    fn dated_otherwise(
        &self,
        cameras: &[CameraId],
        numbers: &Range<i64>,
        places: &[ReelPlace],
    ) -> Result<BTreeSet<(Feed, Time)>, DestroyMinutesError> {
        let moment = |number: i64| WallTime::from_micros(number * MINUTE_US);
        let (from, to) = (moment(numbers.start), moment(numbers.end));
        let mut found = BTreeSet::new();
        let touches = |place: &&ReelPlace| place.span().0 < to && from < place.span().1;
        for place in places.iter().filter(touches) {
            let fs = &*self.volumes[place.volume].fs;
            for feed in cameras.iter().flat_map(|camera| feeds_of(*camera)) {
                let entries = self.reels.entries_of(fs, place, feed);
                let entries = entries.map_err(DestroyMinutesError::Unreadable)?;
                let has = entries.iter().any(|entry| {
                    entry.kind == RecordKind::Chunk
                        && numbers.contains(&(entry.start.as_micros() / MINUTE_US))
                });
                if has {
                    found.insert((feed, (place.header.bucket_start, place.expires_at())));
                }
            }
        }
        Ok(found)
    }

    /// Whether a bucket is old enough: nobody writes to it, and no statute asks for it any more.
    fn may_go(
        &self,
        time: &Time,
        end: WallTime,
        places: &[ReelPlace],
    ) -> Result<(), DestroyMinutesError> {
        let (open, now) = (self.reels.open(), self.trusted.now());
        if end > now {
            return Err(DestroyMinutesError::Written);
        }
        for place in places {
            if (place.header.bucket_start, place.expires_at()) != *time {
                continue;
            }
            if open.contains(&place.header.reel) {
                return Err(DestroyMinutesError::Written);
            }
            if end + place.header.retention.minimum() > now {
                return Err(DestroyMinutesError::Owed);
            }
        }
        Ok(())
    }
}

fn feeds_of(camera: CameraId) -> [Feed; 2] {
    [domain::FeedKind::Main, domain::FeedKind::Sub].map(|kind| Feed { camera, kind })
}
