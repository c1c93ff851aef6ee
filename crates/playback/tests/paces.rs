//! Footage at other speeds, backwards, and how much it changed, over a real vault.
//!
//! Needs ffmpeg and ffprobe, which `./x` installs.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test program uses its part of it")]
mod house;

use std::time::Duration;

use domain::{CameraId, FeedKind, WallTime};
use house::{FRAME, House, Shown, camera, decoded, shown, until};
use playback::{ChangeQuestion, MediaEvent, Pace, PlayCommand, PlaybackError, play};
use testkit::TestClock;
use tokio::sync::mpsc;
use vault::OpenFootageError;

fn nobody(_: CameraId, _: WallTime, _: WallTime) {}

fn at(wall: &str) -> WallTime {
    format!("2026-11-20T{wall}Z").parse().unwrap()
}

const fn is_end(event: &MediaEvent) -> bool {
    matches!(event, MediaEvent::End { .. })
}

/// Twenty seconds, a hole of five, ten more; a keyframe every 400 ms.
async fn house() -> (House, Vec<Shown>) {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    let mut recorded = house.record(&feed, at("10:00:50"), 500);
    recorded.extend(house.record(&feed, at("10:01:15"), 250));
    clock.advance(Duration::from_secs(600));
    house.vault.flush();
    (house, recorded)
}

/// What is said from a seek on until the tile ends; the viewer's clock stands at `position`.
async fn sought(house: &House, to: WallTime, pace: Pace, position: WallTime) -> Vec<MediaEvent> {
    let grant = house.may_play(&[camera(1)], at("10:00:00"), at("10:05:00")).await;
    let opener = house.vault.opener();
    let (out, mut events) = mpsc::channel(8);
    let (tell, commands) = mpsc::channel(4);
    tell.send(PlayCommand::Seek(to, pace)).await.unwrap();
    tell.send(PlayCommand::Position(position)).await.unwrap();
    let playing = play(&opener, &house.catalog, &grant, to, commands, &nobody, out);
    let viewing = async {
        until(&mut events, |event| matches!(event, MediaEvent::Sought { .. })).await;
        let seen = until(&mut events, is_end).await;
        drop(events);
        seen
    };
    let (ended, seen) = tokio::join!(playing, viewing);
    ended.unwrap();
    seen
}

fn walls(frames: &[Shown]) -> Vec<WallTime> {
    frames.iter().map(|frame| frame.wall).collect()
}

fn gaps(seen: &[MediaEvent]) -> Vec<(WallTime, Option<WallTime>)> {
    let gap = |event: &MediaEvent| match event {
        MediaEvent::Gap { from, to, .. } => Some((*from, *to)),
        _ => None,
    };
    seen.iter().filter_map(gap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn backwards_every_group_comes_whole_and_the_later_one_first() {
    let (house, recorded) = house().await;
    let pace = Pace::new(-100, false).unwrap();
    let seen = sought(&house, at("10:05:00"), pace, at("10:00:00")).await;
    let frames = shown(&seen, 0);
    let mut groups: Vec<&[Shown]> = recorded.chunks(10).collect();
    groups.reverse();
    let expected: Vec<WallTime> = groups.into_iter().flat_map(walls).collect();
    assert_eq!(walls(&frames), expected);
    let mut sorted = frames.clone();
    sorted.sort_by_key(|frame| frame.wall);
    assert_eq!(sorted, recorded, "each frame's bytes are its own");
    assert_eq!(
        gaps(&seen),
        [
            (at("10:01:25"), Some(at("10:05:00"))),
            (at("10:01:10"), Some(at("10:01:15"))),
            (at("10:00:00"), Some(at("10:00:50"))),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn backwards_from_the_middle_of_a_group_begins_with_that_group() {
    let (house, _) = house().await;
    let pace = Pace::new(-200, false).unwrap();
    let seen = sought(&house, at("10:00:55.100"), pace, at("10:00:00")).await;
    let frames = shown(&seen, 0);
    assert_eq!(frames[0].wall, at("10:00:54.800"));
    assert!(frames.iter().any(|frame| frame.wall == at("10:00:55.080")));
    assert!(frames.iter().all(|frame| frame.wall < at("10:00:55.200")));
    assert_eq!(gaps(&seen), [(at("10:00:00"), Some(at("10:00:50")))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fast_forward_is_keyframes_each_standing_until_the_next() {
    let (house, recorded) = house().await;
    let seen = sought(&house, at("10:00:00"), Pace::new(800, false).unwrap(), at("10:05:00")).await;
    let frames = shown(&seen, 0);
    // Every 800 ms, so every second keyframe; after the hole anew.
    let keyframes = |run: &[Shown]| walls(run).into_iter().step_by(20).collect::<Vec<_>>();
    let expected = [keyframes(&recorded[..500]), keyframes(&recorded[500..])].concat();
    assert_eq!(walls(&frames), expected);
    let bytes_of = |wall| recorded.iter().find(|frame| frame.wall == wall).unwrap().bytes.clone();
    assert!(frames.iter().all(|frame| frame.bytes == bytes_of(frame.wall)));
    assert_eq!(decoded(house.folder.path(), &seen, 0), expected.len());
    let ends: Vec<u64> = seen.iter().filter_map(stands_us).collect();
    assert!(ends[..24].iter().all(|us| *us == 800_000), "{ends:?}");
    assert_eq!(
        gaps(&seen),
        [
            (at("10:00:00"), Some(at("10:00:50"))),
            (at("10:01:10"), Some(at("10:01:15"))),
            (at("10:01:25"), Some(at("10:05:00"))),
        ]
    );
}

/// How long the only frame of a fragment stands, by its `trun`.
fn stands_us(event: &MediaEvent) -> Option<u64> {
    let MediaEvent::Fragment { bytes, .. } = event else { return None };
    let at = bytes.windows(4).position(|window| window == b"trun").unwrap();
    let count = u32::from_be_bytes(bytes[at + 8..at + 12].try_into().unwrap());
    assert_eq!(count, 1, "one frame");
    Some(u32::from_be_bytes(bytes[at + 16..at + 20].try_into().unwrap()).into())
}

#[tokio::test(flavor = "multi_thread")]
async fn fast_backward_is_keyframes_of_the_same_footage() {
    let (house, recorded) = house().await;
    let pace = Pace::new(-800, false).unwrap();
    let seen = sought(&house, at("10:05:00"), pace, at("10:00:00")).await;
    let frames = shown(&seen, 0);
    assert!(frames.windows(2).all(|pair| {
        let apart = pair[0].wall.since(pair[1].wall);
        apart == FRAME * 20 || pair[0].wall == at("10:01:15") || apart == FRAME * 10
    }));
    let is_keyframe = |wall| walls(&recorded).iter().step_by(10).any(|known| *known == wall);
    assert!(frames.iter().all(|frame| is_keyframe(frame.wall)));
    assert_eq!(frames.last().unwrap().wall, at("10:00:50"), "the first of all");
    assert!((36..=40).contains(&frames.len()), "{}", frames.len());
    let all: u64 = seen.iter().filter_map(stands_us).sum();
    assert_eq!(all, 30_000_000, "together they stand for all of it");
    assert_eq!(gaps(&seen).len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_ahead_is_bounded_both_ways() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    house.record(&feed, at("10:00:00"), 2000);
    clock.advance(Duration::from_secs(600));
    let grant = house.may_play(&[camera(1)], at("10:00:00"), at("10:05:00")).await;
    let opener = house.vault.opener();
    let (out, mut events) = mpsc::channel(8);
    let (tell, commands) = mpsc::channel(4);
    let playing = play(&opener, &house.catalog, &grant, at("10:00:00"), commands, &nobody, out);
    let viewing = async {
        for (speed, least_s, most_s) in [(-100, 19, 21), (-400, 39, 41), (400, 39, 41)] {
            let pace = Pace::new(speed, false).unwrap();
            let to = if speed < 0 { at("10:01:10") } else { at("10:00:10") };
            tell.send(PlayCommand::Seek(to, pace)).await.unwrap();
            until(&mut events, |event| matches!(event, MediaEvent::Sought { .. })).await;
            let mut seen = Vec::new();
            while let Ok(Some(event)) =
                tokio::time::timeout(Duration::from_millis(500), events.recv()).await
            {
                seen.push(event);
            }
            let frames = walls(&shown(&seen, 0));
            let (first, last) = (frames.iter().min().unwrap(), frames.iter().max().unwrap());
            let sent = if speed < 0 { to.since(*first) } else { last.since(to) };
            assert!(
                sent >= Duration::from_secs(least_s) && sent <= Duration::from_secs(most_s),
                "{speed}: {sent:?}"
            );
        }
        drop(events);
    };
    let (ended, ()) = tokio::join!(playing, viewing);
    ended.unwrap();
}

/// Asks how much a tile changed, and gives the levels.
async fn levels(
    house: &House,
    cameras: &[CameraId],
    question: ChangeQuestion,
) -> Result<Vec<Option<u8>>, PlaybackError> {
    let grant = house.may_play(cameras, at("10:00:00"), at("10:01:00")).await;
    let opener = house.vault.opener();
    let (out, mut events) = mpsc::channel(8);
    let (tell, commands) = mpsc::channel(4);
    tell.send(PlayCommand::Changes(question)).await.unwrap();
    let playing = play(&opener, &house.catalog, &grant, at("10:00:00"), commands, &nobody, out);
    let viewing = async {
        let is_answer = |event: &MediaEvent| matches!(event, MediaEvent::Changes { .. });
        let mut seen = until(&mut events, is_answer).await;
        drop(events);
        seen.pop()
    };
    let (ended, answer) = tokio::join!(playing, viewing);
    ended?;
    let Some(MediaEvent::Changes { number, tile, levels, .. }) = answer else {
        panic!("until ends with it");
    };
    assert_eq!((number, tile), (question.number, question.tile));
    Ok(levels)
}

#[tokio::test(flavor = "multi_thread")]
async fn change_shows_where_inter_frames_are_large_and_nothing_beyond_the_grant() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    let quiet = |from, count| {
        for number in 0..count {
            push(&house, &clock, &feed, from + FRAME * number, number % 25 == 0, 200);
        }
    };
    // Somebody walks by from 20 to 22 s. Keyframes are as large as ever, and do not count.
    quiet(at("10:00:00"), 500);
    for number in 0..50 {
        let wall = at("10:00:20") + FRAME * number;
        push(&house, &clock, &feed, wall, number % 25 == 0, 3000);
    }
    quiet(at("10:00:22"), 450);
    // And again, beyond the end of the grant.
    for number in 0..50 {
        let wall = at("10:01:10") + FRAME * number;
        push(&house, &clock, &feed, wall, number % 25 == 0, 3000);
    }
    clock.advance(Duration::from_secs(600));
    house.vault.flush();
    let question = ChangeQuestion {
        number: 3,
        tile: 0,
        from: at("10:00:00"),
        to: at("10:01:20"),
        columns: 40,
    };
    let levels = levels(&house, &[camera(1)], question).await.unwrap();
    assert_eq!(levels.len(), 40);
    for (column, level) in levels.iter().enumerate() {
        match column {
            10 => assert!(level.unwrap() > 150, "somebody walks by: {level:?}"),
            20.. => assert_eq!(*level, None, "column {column}: nothing recorded, or not granted"),
            _ => assert!(level.unwrap() < 64, "column {column} is quiet: {level:?}"),
        }
    }
}

/// A frame that no decoder wants: the sizes count.
fn push(
    house: &House,
    clock: &TestClock,
    feed: &vault::FeedSealer,
    wall: WallTime,
    keyframe: bool,
    inter_bytes: usize,
) {
    clock.advance((wall + FRAME).since(host::Clock::wall(clock)));
    let bytes = vec![0; if keyframe { 20_000 } else { inter_bytes }];
    feed.push(&vault::Frame { bytes: bytes.into(), keyframe, ..house.frame(0, wall) });
    if keyframe {
        house.vault.flush();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn change_and_what_lies_before_are_told_of_granted_cameras_alone() {
    let (house, _) = house().await;
    let (from, to) = (at("10:00:50"), at("10:01:00"));
    let grant = house.may_play(&[camera(2)], from, to).await;
    let opener = house.vault.opener();
    let reader = opener.footage(&grant);
    let feed = domain::Feed { camera: camera(1), kind: FeedKind::Main };
    let changes = reader.changes(feed, from, to, 10);
    assert!(matches!(changes, Err(OpenFootageError::NotGranted { .. })));
    assert!(matches!(reader.before(feed, to), Err(OpenFootageError::NotGranted { .. })));
    // The control: with a grant for it, both answer.
    let grant = house.may_play(&[camera(1)], from, to).await;
    let reader = opener.footage(&grant);
    assert!(reader.changes(feed, from, to, 10).unwrap().iter().all(|change| change.is_recorded));
    assert_eq!(reader.before(feed, to).unwrap().unwrap().start, at("10:00:59.600"));
    assert_eq!(reader.before(feed, from).unwrap(), None);
    house.ledger.revoke(house::person());
    assert!(matches!(reader.changes(feed, from, to, 10), Err(OpenFootageError::Ended(_))));
}
