//! A certificate held against the whole ledger: what was left out of it.

use std::collections::BTreeSet;

use domain::{BucketId, CameraId, EntryNumber};

use super::{Bucket, Certificate, State, day_of};
use crate::ledger::{About, HolderList, KeyLine};
use crate::to_hex;

/// What is looked for in the lists of a ledger: the buckets of a camera's days.
#[derive(Debug, Clone)]
pub struct Wanted {
    camera: CameraId,
    /// Feed, day, secret.
    secrets: Vec<(String, i64, [u8; 32])>,
    span: (i64, i64),
    /// Buckets whose minutes are looked for.
    buckets: BTreeSet<BucketId>,
}

/// A bucket, or a minute of one, that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The entry whose list has it.
    pub number: EntryNumber,
    /// Whether that says that it is destroyed.
    pub is_destroyed: bool,
    /// Its id and the hash of its key.
    pub key: KeyLine,
}

impl Wanted {
    /// What a certificate must not leave out. Nothing if it cannot be read so far.
    pub(super) fn of(certificate: &Certificate, span: (i64, i64)) -> Option<Self> {
        let secret =
            |it: &super::DaySecret| Some((it.feed.clone(), it.day, crate::from_hex(&it.secret)?));
        let secrets = certificate.secrets.iter().map(secret).collect::<Option<_>>()?;
        let buckets = certificate.buckets.iter().filter_map(|it| it.bucket.parse().ok()).collect();
        Some(Self { camera: certificate.camera.parse().ok()?, secrets, span, buckets })
    }

    /// Whether a line is of the camera and the span.
    pub(crate) fn is_wanted(&self, key: &KeyLine, about: Option<&About>) -> bool {
        if key.minute.is_some() {
            return self.buckets.contains(&key.bucket);
        }
        let Some(about) = about else { return false };
        let (start, end) = (about.start.as_micros(), about.end.as_micros());
        if end <= self.span.0 || start >= self.span.1 {
            return false;
        }
        let day = day_of(start);
        let of_day = self.secrets.iter().filter(|(_, of, _)| *of == day);
        of_day.into_iter().any(|(feed, _, secret)| {
            let bucket = Bucket {
                bucket: key.bucket.to_string(),
                key_sha256: to_hex(&key.sha256),
                feed: feed.clone(),
                start,
                end,
                expires_at: about.expires_at.as_micros(),
                state: State::Undecided,
                made: None,
                destroyed: None,
                minutes: Vec::new(),
            };
            let line = bucket.line(&self.camera.to_string(), secret);
            line.ends_with(&to_hex(&about.tag))
        })
    }
}

/// What the ledger has before the certificate was made, and the certificate has not: buckets with
/// their entries, then lists of holders.
pub(super) fn left_out(
    certificate: &Certificate,
    found: &[Found],
    holders: &[HolderList],
) -> (Vec<String>, Vec<EntryNumber>) {
    let Ok(intent) = certificate.intent.parse::<EntryNumber>() else {
        return (Vec::new(), Vec::new());
    };
    let is_known = |found: &&Found| {
        let (id, number) = (found.key.bucket.to_string(), found.number.to_string());
        let mut of = certificate.buckets.iter().filter(|bucket| bucket.bucket == id);
        of.any(|bucket| {
            let named = match found.key.minute {
                None if found.is_destroyed => bucket.destroyed.as_ref(),
                None => bucket.made.as_ref(),
                Some(minute) => {
                    let minute = bucket.minutes.iter().find(|it| it.minute == minute);
                    minute.and_then(|it| {
                        if found.is_destroyed { it.destroyed.as_ref() } else { Some(&it.made) }
                    })
                }
            };
            named.is_some_and(|place| place.entry == number)
        })
    };
    let before = found.iter().filter(|found| found.number < intent);
    let buckets = before
        .filter(|found| !is_known(found))
        .map(|found| {
            let minute = found.key.minute.map(|minute| format!("/{minute}")).unwrap_or_default();
            format!("{}{minute} of {}", found.key.bucket, found.number)
        })
        .collect();
    let numbers = |place: &super::Place| place.entry.parse::<EntryNumber>().ok();
    let made = certificate.buckets.iter().filter_map(|it| numbers(it.made.as_ref()?));
    let gone = certificate.buckets.iter().flat_map(Bucket::ends).filter_map(numbers);
    let (Some(first), Some(last)) = (made.min(), gone.max()) else { return (buckets, Vec::new()) };
    let listed = |number: &EntryNumber| certificate.holders.contains(&number.to_string());
    let between = holders.iter().map(|list| list.number);
    let lists = between.filter(|number| first < *number && *number < last).filter(|n| !listed(n));
    (buckets, lists.collect())
}
