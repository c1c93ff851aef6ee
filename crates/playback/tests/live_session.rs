//! A live wall over a real vault.
//!
//! Needs ffmpeg and ffprobe, which `./x` installs.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test program uses its part of it")]
mod house;

use std::time::{Duration, Instant};

use domain::{CameraId, FeedKind, WallTime};
use host::{Clock, SystemClock};
use house::{FRAME, House, camera, decoded, decoded_frames, person, shown, until};
use ledger::GrantEnded;
use playback::{FeedChoice, MediaEvent, PlaybackError, TileState, still, watch};
use tokio::sync::mpsc;

fn nobody(_: CameraId, _: WallTime, _: WallTime) {}

fn now() -> WallTime {
    SystemClock.wall()
}

const fn is_fragment(event: &MediaEvent) -> bool {
    matches!(event, MediaEvent::Fragment { .. })
}

fn says(event: &MediaEvent, of: u16, word: TileState) -> bool {
    matches!(event, MediaEvent::State { tile, state } if *tile == of && *state == word)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_shows_at_once_and_then_each_frame_by_itself() {
    let house = House::open().await;
    let feed = house.feed(camera(1), FeedKind::Main);
    let begin = now();
    // The group that runs began with frame 10.
    let mut fed = house.record(&feed, begin, 18)[10..].to_vec();
    let (opener, grant) = (house.vault.opener(), house.may_watch(&[camera(1)]).await);
    let (out, mut events) = mpsc::channel(16);
    let asked = Instant::now();
    let watching = watch(&opener, &grant, FeedChoice::Main, &nobody, out);
    let viewing = async {
        let mut seen = until(&mut events, is_fragment).await;
        let waited = asked.elapsed();
        assert!(waited < Duration::from_millis(100), "the first picture took {waited:?}");
        for number in 18..30 {
            let frame = house.frame(number, begin + FRAME * number as u32);
            fed.push(house::Shown { wall: frame.wall, bytes: frame.bytes.clone() });
            feed.push(&frame);
            let news = until(&mut events, is_fragment).await;
            seen.extend(news);
            assert_eq!(shown(&seen, 0).len(), number - 9, "one frame at a time");
        }
        assert_eq!(shown(&seen, 0), fed);
        assert_eq!(decoded(house.folder.path(), &seen, 0), 20);
        drop(events);
    };
    let (ended, ()) = tokio::join!(watching, viewing);
    assert!(ended.is_ok(), "nobody looks any more: the good end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_a_right_that_is_taken_away_ends_the_watching_within_a_second() {
    let house = House::open().await;
    let feed = house.feed(camera(1), FeedKind::Main);
    house.record(&feed, now(), 5);
    let (opener, grant) = (house.vault.opener(), house.may_watch(&[camera(1)]).await);
    let (out, mut events) = mpsc::channel(16);
    let watching = watch(&opener, &grant, FeedChoice::Main, &nobody, out);
    let viewing = async {
        until(&mut events, is_fragment).await;
        // No frame comes any more; the end must come all the same.
        house.ledger.revoke(person());
        Instant::now()
    };
    let (ended, revoked) = tokio::join!(watching, viewing);
    assert!(matches!(ended, Err(PlaybackError::Ended(GrantEnded::Revoked))));
    assert!(revoked.elapsed() < Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_without_a_picture_holds_no_other_up_and_is_looked_for_again() {
    let house = House::open().await;
    let first = house.feed(camera(1), FeedKind::Main);
    house.record(&first, now(), 5);
    let grant = house.may_watch(&[camera(2), camera(1)]).await;
    let opener = house.vault.opener();
    let (out, mut events) = mpsc::channel(64);
    let watching = watch(&opener, &grant, FeedChoice::Auto, &nobody, out);
    let viewing = async {
        let seen = until(&mut events, is_fragment).await;
        assert!(seen.iter().any(|event| says(event, 0, TileState::NoPicture)));
        assert_eq!(shown(&seen, 1).len(), 5);
        house.record(&house.feed(camera(2), FeedKind::Sub), now(), 3);
        let seen = until(&mut events, |event| says(event, 0, TileState::Playing)).await;
        assert_eq!(shown(&seen, 0).len(), 3);
        drop(events);
    };
    let (ended, ()) = tokio::join!(watching, viewing);
    ended.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_viewer_goes_on_at_a_keyframe_and_holds_nobody_up() {
    let house = House::open().await;
    let feed = house.feed(camera(1), FeedKind::Main);
    let begin = now();
    house.record(&feed, begin, 1);
    let (opener, grant) = (house.vault.opener(), house.may_watch(&[camera(1)]).await);
    let (out, mut events) = mpsc::channel(8);
    let watching = watch(&opener, &grant, FeedChoice::Main, &nobody, out);
    let viewing = async {
        // Nobody receives while forty frames come; each is pushed at once.
        for number in 1..45 {
            feed.push(&house.frame(number, begin + FRAME * number as u32));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut seen = Vec::new();
        while let Ok(event) = events.try_recv() {
            seen.push(event);
        }
        assert_eq!(seen.len(), 8, "as many as there is room for");
        for number in 45..60 {
            feed.push(&house.frame(number, begin + FRAME * number as u32));
            tokio::time::sleep(Duration::from_millis(5)).await;
            while let Ok(event) = events.try_recv() {
                seen.push(event);
            }
        }
        let later = &seen[8..];
        assert!(matches!(later[0], MediaEvent::Tile { .. }), "the decoder is told anew");
        let first = &shown(later, 0)[0];
        assert_eq!(first.wall, begin + FRAME * 50, "the next keyframe");
        assert_eq!(shown(later, 0).len(), 10);
        drop(events);
    };
    let (ended, ()) = tokio::join!(watching, viewing);
    ended.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn auto_takes_the_smaller_feed_and_another_connection_is_announced() {
    let house = House::open().await;
    let (main, sub) = (house.feed(camera(1), FeedKind::Main), house.feed(camera(1), FeedKind::Sub));
    let begin = now();
    house.record(&main, begin, 5);
    house.record(&sub, begin, 3);
    let (opener, grant) = (house.vault.opener(), house.may_watch(&[camera(1)]).await);
    let (out, mut events) = mpsc::channel(64);
    let watching = watch(&opener, &grant, FeedChoice::Auto, &nobody, out);
    let viewing = async {
        let mut seen = until(&mut events, is_fragment).await;
        assert_eq!(shown(&seen, 0).len(), 3, "what the smaller feed has");
        // The camera came back, and its clock was set back by a minute.
        let mut frame = house.frame(0, begin - Duration::from_secs(60));
        frame.connection = 2;
        sub.push(&frame);
        seen.extend(until(&mut events, is_fragment).await);
        let walls: Vec<WallTime> = shown(&seen, 0).iter().map(|frame| frame.wall).collect();
        assert_eq!(walls[3], begin - Duration::from_secs(60), "its true time");
        let starts: Vec<u64> = seen
            .iter()
            .filter_map(|event| match event {
                MediaEvent::Tile { media_start_us, .. } => Some(*media_start_us),
                _ => None,
            })
            .collect();
        assert_eq!(starts, [0, 80_001], "media time never goes back");
        drop(events);
    };
    let (ended, ()) = tokio::join!(watching, viewing);
    ended.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_still_is_the_latest_keyframe() {
    let house = House::open().await;
    let grant = house.may_take_still(camera(1)).await;
    let opener = house.vault.opener();
    let early = still(&opener, &grant).await;
    assert!(matches!(early, Err(PlaybackError::Open(_))), "nothing is shown yet");
    let begin = now();
    house.record(&house.feed(camera(1), FeedKind::Main), begin, 25);
    let taken = still(&opener, &grant).await.unwrap();
    assert_eq!(taken.taken_at, begin + FRAME * 20);
    assert!(taken.mime.starts_with("video/mp4; codecs=\"avc1."), "{}", taken.mime);
    assert_eq!(decoded_frames(house.folder.path(), &taken.bytes), 1);
    house.ledger.revoke(person());
    let late = still(&opener, &grant).await;
    assert!(matches!(late, Err(PlaybackError::Ended(GrantEnded::Revoked))));
}
