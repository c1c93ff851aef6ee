//! What each camera does, looked up for the promises: whether it records, what is missing of the last day
//! and what was recorded outside its hours, how old its oldest footage is, and where it lies.

use std::time::Duration;

use domain::{CameraId, Feed, FeedKind, StoragePlace, WallTime};
use ingest::Sound;
use ledger::CameraRecord;
use playback::FootageTimeline;
use policy::{CameraFact, CameraSound, Description, Hours, Order};

use crate::house::House;
use crate::policy_desk::{Announced, begins};
use crate::register::{feed_state, state_of};
use crate::{Told, sentence};

/// Over so long it is asked whether anything is missing.
const WINDOW: Duration = Duration::from_secs(86_400);
/// What is this new may not be durable yet.
const FRESH: Duration = Duration::from_secs(15);
/// A hole as short as this is the switch of a reel or a late keyframe, and no hole; and a picture that
/// began within the hours may be shown for as long after them.
const TOUCH_US: i64 = 3_000_000;

type Stretch = (i64, i64);

/// Of every camera that is not retired.
pub(crate) async fn camera_facts(
    house: &House,
    present: &Announced,
    now: WallTime,
) -> Told<Vec<CameraFact>> {
    let since = begins(&present.fact);
    let lying = house.lying.lock().await.look(house, since).await?;
    let mut facts = Vec::new();
    for record in house.ledger.cameras().iter().filter(|record| record.retired_at.is_none()) {
        let Ok(camera) = record.camera.parse() else { continue };
        let spot = record.policy_spot.as_deref();
        let hours = hours(&present.described, spot);
        let Coverage { missing_us, is_declared, outside_us } =
            coverage(house, camera, &hours, (since, now)).await?;
        let kept = house.recorder.kept_at_most(record);
        let place_name = |place: &Option<StoragePlace>| {
            let word = place.as_ref()?.word();
            let known = present.described.place(word);
            Some(known.map_or_else(|| word.to_owned(), |place| place.name.clone()))
        };
        facts.push(CameraFact {
            name: record.name.clone(),
            spot: spot.and_then(|it| present.described.line_of(it)).map(|line| line.id.clone()),
            is_recording: does_its_work(house, camera, &present.described, record),
            added_at: record.added_at.parse().unwrap_or(now),
            retention_s: kept.map_or(record.retention_maximum_s, |kept| kept.as_secs()),
            oldest: oldest_unheld(house, camera, now).await?,
            missing_us,
            is_declared,
            outside_us,
            sound: feed_state(house, camera).and_then(|feed| feed.sound).map(|it| match it {
                Sound::NotOffered => CameraSound::None,
                Sound::Offered => CameraSound::Offered,
                Sound::SentUnasked => CameraSound::Sent,
            }),
            stored_in: lying.get(&camera).into_iter().flatten().map(place_name).collect(),
        });
    }
    Ok(facts)
}

/// Records, or rests as the published hours say.
fn does_its_work(
    house: &House,
    camera: CameraId,
    described: &Description,
    record: &CameraRecord,
) -> bool {
    match state_of(house, camera) {
        api::CameraState::Recording => true,
        api::CameraState::OffHours => {
            let order = policy::order(described, record.policy_spot.as_deref(), house.clock.wall());
            matches!(order, Order::Line(terms) if !terms.is_open)
        }
        _ => false,
    }
}

fn hours(described: &Description, spot: Option<&str>) -> Hours {
    let line = spot.and_then(|spot| described.line_of(spot));
    let unit = line.and_then(|line| described.unit(&line.unit));
    let all_day = || Hours::read("24h").expect("all day is one");
    unit.and_then(|unit| Hours::read(&unit.hours).ok()).unwrap_or_else(all_day)
}

/// What became of the last day.
struct Coverage {
    /// Of its hours.
    missing_us: i64,
    /// Whether each part of that is declared.
    is_declared: bool,
    /// Recorded beside its hours.
    outside_us: i64,
}

/// The last day, or since the policy in force began.
async fn coverage(
    house: &House,
    camera: CameraId,
    hours: &Hours,
    (since, now): (WallTime, WallTime),
) -> Told<Coverage> {
    let to = now - FRESH;
    let from = since.max(now - WINDOW);
    let nothing = Coverage { missing_us: 0, is_declared: true, outside_us: 0 };
    if from >= to {
        return Ok(nothing);
    }
    let opener = house.vault.opener();
    let found = playback::timeline(&house.catalog, &opener, camera, FeedKind::Main, from, to);
    let found = found.await.map_err(sentence)?;
    let Some(first) = found.spans.iter().map(|span| span.from).min() else { return Ok(nothing) };
    let first = if found.oldest.is_some_and(|oldest| oldest < from) { from } else { first };
    let open_since = feed_state(house, camera).and_then(|feed| feed.open_gap).map(|gap| gap.0);
    Ok(covered(&found, open_since.map(|since| span(since, now)), hours, span(first, to)))
}

fn span(from: WallTime, to: WallTime) -> Stretch {
    (from.as_micros(), to.as_micros())
}

fn covered(
    found: &FootageTimeline,
    open: Option<Stretch>,
    hours: &Hours,
    within: Stretch,
) -> Coverage {
    let filmed: Vec<Stretch> = found.spans.iter().map(|it| span(it.from, it.to)).collect();
    let mut known: Vec<Stretch> = found.gaps.iter().map(|gap| span(gap.from, gap.to)).collect();
    known.extend(open);
    known.extend(&filmed);
    let open_hours = hours.within(within);
    let missing = |parts: &[Stretch]| -> i64 {
        open_hours.iter().map(|hours| holes(&mut parts.to_vec(), *hours)).sum()
    };
    Coverage {
        missing_us: missing(&filmed),
        is_declared: missing(&known) == 0,
        outside_us: filmed.iter().map(|part| outside(*part, &open_hours, within)).sum(),
    }
}

/// How much of a part of what is within lies outside all hours, moments left out.
fn outside(part: Stretch, hours: &[Stretch], within: Stretch) -> i64 {
    let (from, to) = (part.0.max(within.0), part.1.min(within.1));
    if from >= to { 0 } else { holes(&mut hours.to_vec(), (from, to)) }
}

/// How much of a time no part covers, holes of a moment left out.
fn holes(parts: &mut [Stretch], (from, to): Stretch) -> i64 {
    parts.sort_unstable();
    let (mut at, mut missing_us) = (from, 0);
    let mut hole = |from: i64, to: i64| {
        if to - from > TOUCH_US {
            missing_us += to - from;
        }
    };
    for (start, end) in parts.iter().copied() {
        hole(at, start.min(to));
        at = at.max(end);
    }
    hole(at, to);
    missing_us
}

/// The oldest footage that no hold keeps; a reel of which a minute is held stays whole.
async fn oldest_unheld(house: &House, camera: CameraId, now: WallTime) -> Told<Option<WallTime>> {
    const REEL: Duration = Duration::from_secs(300);
    let opener = house.vault.opener();
    let open = opener.unlisted(Feed { camera, kind: FeedKind::Main }, now - WINDOW, now);
    let open = open.iter().map(|part| part.from).min();
    let Some(oldest) = house.catalog.oldest(camera).await.map_err(sentence)? else {
        return Ok(open);
    };
    let holds = house.ledger.holds().unwrap_or_default();
    let held: Vec<_> = holds
        .iter()
        .filter(|fact| fact.hold.cameras().contains(&camera))
        .map(|fact| (fact.hold.span().0 - REEL, fact.hold.span().1 + REEL))
        .collect();
    if held.is_empty() {
        return Ok(Some(oldest));
    }
    let rows = house.catalog.find(camera, FeedKind::Main, oldest, now).await.map_err(sentence)?;
    let is_free = |from: WallTime, to: WallTime| held.iter().all(|it| to < it.0 || from > it.1);
    let free = rows.iter().map(|(_, row)| row).filter(|row| is_free(row.start, row.end));
    Ok(free.map(|row| row.start).chain(open).min())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn what_no_part_covers_is_missing() {
        let within = (0, 100 * SECOND);
        assert_eq!(holes(&mut [(0, 100 * SECOND)], within), 0);
        assert_eq!(holes(&mut [], within), 100 * SECOND);
        // Out of order, one over another, and a moment between two.
        let parts = &mut [(50 * SECOND, 80 * SECOND), (0, 30 * SECOND), (10 * SECOND, 48 * SECOND)];
        assert_eq!(holes(parts, within), 20 * SECOND);
        assert_eq!(
            holes(&mut [(-5, 40 * SECOND), (60 * SECOND, 200 * SECOND)], within),
            20 * SECOND
        );
    }

    #[test]
    fn what_was_recorded_outside_the_hours_is_seen() {
        let hours = [(10 * SECOND, 40 * SECOND), (60 * SECOND, 80 * SECOND)];
        let within = (0, 100 * SECOND);
        assert_eq!(outside((10 * SECOND, 41 * SECOND), &hours, within), 0, "a picture's length");
        assert_eq!(outside((0, 50 * SECOND), &hours, within), 20 * SECOND);
        assert_eq!(outside((-50 * SECOND, 10 * SECOND), &hours, within), 10 * SECOND);
        assert_eq!(outside((200 * SECOND, 300 * SECOND), &hours, within), 0);
    }
}
