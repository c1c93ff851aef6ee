//! How long the room on a volume lasts.

use std::time::Duration;

use domain::WallTime;

const DAY: Duration = Duration::from_secs(86_400);
/// What is further away than this is not foretold.
const HORIZON_DAYS: u32 = 400;
/// A rate is not taken from less than this.
const SHORTEST: Duration = Duration::from_secs(600);

/// A reel, as much as matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// Its length.
    pub length_bytes: u64,
    /// When it was made.
    pub created_at: WallTime,
    /// When it is due.
    pub expires_at: WallTime,
}

/// In how many whole days a volume has no more than `kept_bytes` free, if cameras go on as in the
/// last day and what is due goes in its time; none if not within 400 days, or if nothing was
/// written that could tell.
#[must_use]
pub fn days_left(free_bytes: u64, kept_bytes: u64, reels: &[Stock], now: WallTime) -> Option<u32> {
    let recent: Vec<&Stock> = reels.iter().filter(|it| now.since(it.created_at) < DAY).collect();
    let first = recent.iter().map(|it| it.created_at).min()?;
    let span = now.since(first);
    if span < SHORTEST {
        return None;
    }
    // What a day brings, and after how many days that is gone again.
    let per_day = |length_bytes: u64| {
        let bytes = u128::from(length_bytes) * DAY.as_secs() as u128 / u128::from(span.as_secs());
        i128::try_from(bytes).unwrap_or(i128::MAX)
    };
    let brings: Vec<(i128, u64)> = recent
        .iter()
        .map(|it| (per_day(it.length_bytes), days(it.expires_at.since(it.created_at))))
        .collect();
    let mut free = i128::from(free_bytes);
    for day in 0..HORIZON_DAYS {
        let (from, to) = (now + DAY * day, now + DAY * (day + 1));
        let is_due = |it: &&Stock| (it.expires_at >= from || day == 0) && it.expires_at < to;
        free += reels.iter().filter(is_due).map(|it| i128::from(it.length_bytes)).sum::<i128>();
        for (bytes, after_days) in &brings {
            // What was brought so many days ago goes today, beside what is brought today.
            if u64::from(day) < *after_days {
                free -= bytes;
            }
        }
        if free <= i128::from(kept_bytes) {
            return Some(day);
        }
    }
    None
}

fn days(length: Duration) -> u64 {
    length.as_secs().div_ceil(DAY.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn noon() -> WallTime {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    /// `days` of an hourly reel of a GiB that is kept for `kept_for` days.
    fn reels(days: u32, kept_for: u32) -> Vec<Stock> {
        let reel = |hour| {
            let created_at = noon() - DAY / 24 * hour;
            Stock { length_bytes: GIB, created_at, expires_at: created_at + DAY * kept_for }
        };
        (1..=days * 24).map(reel).collect()
    }

    #[test]
    fn r3_a_disk_that_fills_up_is_foretold_and_one_in_balance_is_not() {
        // Ten days of thirty are there; 24 GiB come each day, and room is for five more.
        assert_eq!(days_left(5 * 25 * GIB, GIB, &reels(10, 30), noon()), Some(5));
        // Room for all thirty: as much goes as comes.
        assert_eq!(days_left(25 * 25 * GIB, GIB, &reels(10, 30), noon()), None);
        assert_eq!(days_left(3 * 25 * GIB, GIB, &reels(30, 30), noon()), None);
        // Today.
        assert_eq!(days_left(GIB, GIB, &reels(10, 30), noon()), Some(0));
        // Nothing was written, so nothing can be said.
        assert_eq!(days_left(0, GIB, &[], noon()), None);
    }

    #[test]
    fn r3_half_a_day_is_counted_for_a_day() {
        let half = &reels(1, 30)[..12];
        let at_noon = days_left(4 * 25 * GIB, GIB, half, noon());
        assert_eq!(at_noon, Some(4));
    }
}
