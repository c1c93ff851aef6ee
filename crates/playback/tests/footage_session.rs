//! Recorded footage over a real vault.
//!
//! Needs ffmpeg and ffprobe, which `./x` installs.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test program uses its part of it")]
mod house;

use std::sync::Mutex;
use std::time::Duration;

use catalog::GapRow;
use domain::{CameraId, Feed, FeedKind, GapCause, WallTime};
use house::{FRAME, House, Shown, camera, decoded, person, retention, shown, until};
use ledger::GrantEnded;
use playback::{MediaEvent, Pace, PlayCommand, PlaybackError, play, timeline};
use testkit::TestClock;
use tokio::sync::mpsc;

fn nobody(_: CameraId, _: WallTime, _: WallTime) {}

fn at(wall: &str) -> WallTime {
    format!("2026-11-20T{wall}Z").parse().unwrap()
}

const fn is_end(event: &MediaEvent) -> bool {
    matches!(event, MediaEvent::End { .. })
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Plays from `start` until every tile has ended, with the viewer's clock far ahead.
async fn play_all(
    house: &House,
    cameras: &[CameraId],
    from: WallTime,
    to: WallTime,
    start: WallTime,
) -> Vec<MediaEvent> {
    let grant = house.may_play(cameras, from, to).await;
    let opener = house.vault.opener();
    let (out, mut events) = mpsc::channel(16);
    let (tell, commands) = mpsc::channel(4);
    tell.send(PlayCommand::Position(to)).await.unwrap();
    let playing = play(&opener, &house.catalog, &grant, start, commands, &nobody, out);
    let viewing = async {
        let mut seen = Vec::new();
        for _ in cameras {
            seen.extend(until(&mut events, is_end).await);
        }
        drop(events);
        seen
    };
    let (ended, seen) = tokio::join!(playing, viewing);
    ended.unwrap();
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_come_in_order_at_their_times_across_reels_and_gaps() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    // Two reels: one of 10:00, one of 10:01; then a hole of five seconds.
    let mut recorded = house.record(&feed, at("10:00:50"), 500);
    recorded.extend(house.record(&feed, at("10:01:15"), 100));
    clock.advance(seconds(600));
    house.vault.flush();
    assert!(house.vault.status().volumes[0].reels >= 2);
    let gap = GapRow {
        feed: Feed { camera: camera(1), kind: FeedKind::Main },
        from: at("10:01:10"),
        to: at("10:01:15"),
        cause: GapCause::CameraUnreachable,
        frames_lost: 0,
    };
    house.catalog.add_gap(&gap).await.unwrap();
    let seen = play_all(&house, &[camera(1)], at("10:00:00"), at("10:05:00"), at("10:00:00")).await;
    let frames = shown(&seen, 0);
    let walls = |frames: &[Shown]| frames.iter().map(|frame| frame.wall).collect::<Vec<_>>();
    assert_eq!(walls(&frames), walls(&recorded));
    assert_eq!(frames, recorded);
    assert_eq!(decoded(house.folder.path(), &seen, 0), 600);
    let gaps: Vec<_> = seen
        .iter()
        .filter_map(|event| match event {
            MediaEvent::Gap { from, to, cause, .. } => Some((*from, *to, *cause)),
            _ => None,
        })
        .collect();
    let unreachable = Some(GapCause::CameraUnreachable);
    assert_eq!(
        gaps,
        [
            (at("10:00:00"), Some(at("10:00:50")), None),
            (at("10:01:10"), Some(at("10:01:15")), unreachable),
            (at("10:01:19"), Some(at("10:05:00")), None),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_frame_outside_the_granted_time_is_ever_given() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    house.record(&feed, at("10:00:00"), 1000);
    clock.advance(seconds(600));
    // Neither end falls on a keyframe or a chunk.
    let (from, to) = (at("10:00:10.300"), at("10:00:20.700"));
    for start in [at("09:00:00"), from, at("10:00:15"), to, at("11:00:00")] {
        let seen = play_all(&house, &[camera(1)], from, to, start).await;
        let frames = shown(&seen, 0);
        assert!(frames.iter().all(|frame| from <= frame.wall && frame.wall < to));
        if start <= from {
            assert_eq!(frames.first().unwrap().wall, at("10:00:10.400"), "the first keyframe");
            assert_eq!(frames.last().unwrap().wall, at("10:00:20.680"));
            assert_eq!(frames.len(), 258);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_is_sent_twenty_seconds_and_a_seek_goes_on_in_the_same_media_time() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let cameras = [camera(1), camera(2)];
    let feeds = cameras.map(|camera| house.feed(camera, FeedKind::Main));
    feeds.iter().for_each(|feed| drop(house.record(feed, at("10:00:00"), 1500)));
    clock.advance(seconds(600));
    let grant = house.may_play(&cameras, at("10:00:00"), at("10:05:00")).await;
    let opener = house.vault.opener();
    let (out, mut events) = mpsc::channel(1024);
    let (tell, commands) = mpsc::channel(4);
    let told = Mutex::new(Vec::new());
    let served = |camera, from, to| told.lock().unwrap().push((camera, from, to));
    let start = at("10:00:05");
    let playing = play(&opener, &house.catalog, &grant, start, commands, &served, out);
    let viewing = async {
        tokio::time::sleep(seconds(1)).await;
        let mut seen = Vec::new();
        while let Ok(event) = events.try_recv() {
            seen.push(event);
        }
        for tile in [0, 1] {
            let frames = shown(&seen, tile);
            let last = frames.last().unwrap().wall;
            assert!(frames[0].wall <= start && start.since(frames[0].wall) <= FRAME * 10);
            assert!(last < at("10:00:25") && last > at("10:00:23"), "{last}");
        }
        tell.send(PlayCommand::Position(at("10:00:15"))).await.unwrap();
        let more = until(
            &mut events,
            |event| matches!(event, MediaEvent::Fragment { wall, .. } if *wall >= at("10:00:34")),
        );
        seen.extend(more.await);
        // Back: the place on the media timeline is the same as the first time.
        tell.send(PlayCommand::Seek(at("10:00:06"), Pace::TRUE)).await.unwrap();
        let sought = |event: &MediaEvent| matches!(event, MediaEvent::Sought { .. });
        until(&mut events, sought).await;
        let first = until(&mut events, |event| matches!(event, MediaEvent::Tile { tile: 1, .. }));
        let MediaEvent::Tile { wall_start, media_start_us, .. } = first.await.pop().unwrap() else {
            unreachable!("until ends with it");
        };
        let since_us = wall_start.since(at("10:00:00")).as_micros();
        assert_eq!((wall_start, since_us), (at("10:00:06"), u128::from(media_start_us)));
        house.ledger.revoke(person());
    };
    let (ended, ()) = tokio::join!(playing, viewing);
    assert!(matches!(ended, Err(PlaybackError::Ended(GrantEnded::Revoked))));
    let told = told.lock().unwrap();
    for camera in cameras {
        let spans = told.iter().filter(|(whose, ..)| *whose == camera);
        let begin = spans.clone().map(|(_, from, _)| *from).min().unwrap();
        let end = spans.map(|(_, _, to)| *to).max().unwrap();
        assert!(begin <= start && end >= at("10:00:33"), "{begin} to {end}");
        assert!(end <= at("10:00:35"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_durable_appears_while_it_is_watched() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    let mut recorded = house.record(&feed, at("10:00:20"), 50);
    let grant = house.may_play(&[camera(1)], at("10:00:00"), at("10:10:00")).await;
    let opener = house.vault.opener();
    let (out, mut events) = mpsc::channel(64);
    let (_tell, commands) = mpsc::channel(4);
    let start = at("10:00:20");
    let playing = play(&opener, &house.catalog, &grant, start, commands, &nobody, out);
    let viewing = async {
        let last_of = |recorded: &[Shown]| recorded.last().unwrap().wall - FRAME * 9;
        let reaches = |wall: WallTime| move |event: &MediaEvent| matches!(event, MediaEvent::Fragment { wall: begin, .. } if *begin >= wall);
        let mut seen = until(&mut events, reaches(last_of(&recorded))).await;
        recorded.extend(house.record(&feed, at("10:00:22"), 50));
        seen.extend(until(&mut events, reaches(last_of(&recorded))).await);
        assert_eq!(shown(&seen, 0), recorded);
        drop(events);
    };
    let (ended, ()) = tokio::join!(playing, viewing);
    ended.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_destroyed_never_comes_again() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    house.record(&feed, at("10:00:00"), 500);
    let (from, to) = (at("10:00:00"), at("10:01:00"));
    let before = play_all_later(&house, &clock, from, to).await;
    assert_eq!(shown(&before, 0).len(), 500, "the control: until then it opens");
    clock.advance(retention().maximum());
    let grant = house.may_destroy().await;
    let report = house.vault.rotate(&grant).unwrap();
    assert_eq!(report.buckets, 1);
    let after = play_all_later(&house, &clock, from, to).await;
    assert!(shown(&after, 0).is_empty());
}

async fn play_all_later(
    house: &House,
    clock: &TestClock,
    from: WallTime,
    to: WallTime,
) -> Vec<MediaEvent> {
    clock.advance(seconds(60));
    house.vault.flush();
    play_all(house, &[camera(1)], from, to, from).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_joins_closed_reels_and_the_open_one() {
    let clock = TestClock::new(at("10:00:00"));
    let house = House::open_at(&clock).await;
    let feed = house.feed(camera(1), FeedKind::Main);
    house.record(&feed, at("10:00:50"), 500);
    // The reel of 10:00 is closed and listed; that of 10:01 is open.
    house.list_reels().await;
    let opener = house.vault.opener();
    let (from, to) = (at("10:00:00"), at("10:02:00"));
    let read = timeline(&house.catalog, &opener, camera(1), FeedKind::Main, from, to);
    let read = read.await.unwrap();
    assert_eq!(read.oldest, Some(at("10:00:50")));
    let spans: Vec<_> = read.spans.iter().map(|span| (span.from, span.to, span.codec)).collect();
    assert_eq!(spans, [(at("10:00:50"), at("10:01:10"), "h264")]);
    let expiry: Vec<_> = read.expiry.iter().map(|row| (row.from, row.expires_at)).collect();
    // Twenty-four minutes, less one rotation: so the footage of 10:00 ends at 10:23.
    assert_eq!(expiry, [(at("10:00:50"), at("10:23:00")), (at("10:01:00"), at("10:24:00"))]);
}
