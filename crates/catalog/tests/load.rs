//! A full catalog: what a search costs. Alone in its program, because it reads the program's own
//! time on the processors: on a machine that is busy with something else, the time on the wall says
//! more about the neighbours. On an idle machine the two are the same but for some wake-ups.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sample;

use std::fmt;
use std::time::{Duration, Instant};

use catalog::Catalog;
use domain::FeedKind;
use rustix::time::{ClockId, clock_gettime};
use sample::{DAY, at, gap, id, part, reel};

const CAMERAS: u64 = 50;
const REELS: u64 = 2_000;
const REEL_S: u64 = 300;
const ROUNDS: u64 = 300;
/// Half of all searches take less work than this.
const USUAL: Duration = Duration::from_millis(5);
/// All but one in a hundred do: busy neighbours triple the work too, since they take the caches.
const SLOWEST: Duration = Duration::from_millis(15);

/// 100,000 rows of a week, and 1,000 gaps.
async fn fill(catalog: &Catalog) {
    for number in 0..REELS {
        let start = number * REEL_S;
        let feeds: Vec<_> = (0..CAMERAS)
            .map(|camera| part(camera, number * CAMERAS + camera, start, start + REEL_S))
            .collect();
        catalog.add_reel(&reel(number, start), &feeds).await.unwrap();
    }
    for camera in 0..CAMERAS {
        for number in 0..20 {
            catalog.add_gap(&gap(camera, number * 30_000, number * 30_000 + 7, 1)).await.unwrap();
        }
    }
}

/// Time that this program had on the processors.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}

#[derive(Default)]
struct Times {
    work: Vec<Duration>,
    wall: Vec<Duration>,
}

impl Times {
    async fn take<T>(&mut self, what: impl Future<Output = T>) -> T {
        let (work, wall) = (worked(), Instant::now());
        let done = what.await;
        self.wall.push(wall.elapsed());
        self.work.push(worked() - work);
        done
    }
}

fn percentile(times: &[Duration], of_hundred: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[(times.len() * of_hundred / 100).min(times.len() - 1)]
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, times) in [("work", &self.work), ("wall", &self.wall)] {
            let (p50, p99) = (percentile(times, 50), percentile(times, 99));
            write!(f, " {name} p50 {p50:?} p99 {p99:?}")?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_day_among_a_hundred_thousand_rows_is_found_in_milliseconds() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(&folder.path().join("catalog.db")).await.unwrap();
    let mut filling = Times::default();
    filling.take(fill(&catalog)).await;
    let size = std::fs::metadata(folder.path().join("catalog.db")).unwrap().len();
    println!("filled {size} bytes:{filling}");
    let report = catalog.check().await.unwrap();
    assert_eq!((report.reel_feeds, report.problems.len()), (CAMERAS * REELS, 0));

    let (mut finds, mut timelines) = (Times::default(), Times::default());
    for round in 0..ROUNDS {
        let camera = id(round % CAMERAS);
        let from = at(round * 7919 % (REELS * REEL_S - 86_400));
        let to = from + DAY;
        let found = finds.take(catalog.find(camera, FeedKind::Main, from, to)).await.unwrap();
        assert!((288..=290).contains(&found.len()), "{}", found.len());
        let timeline =
            timelines.take(catalog.timeline(camera, FeedKind::Main, from, to)).await.unwrap();
        assert!((2..=5).contains(&timeline.spans.len()), "{:?}", timeline.spans);
    }
    let mut oldest = Times::default();
    assert_eq!(oldest.take(catalog.oldest_all()).await.unwrap().len(), 50);
    println!("one camera-day of 100,000 rows, {ROUNDS} times: find{finds}; timeline{timelines}");
    println!("oldest of {CAMERAS} cameras:{oldest}");
    for (name, times) in [("find", finds), ("timeline", timelines)] {
        assert!(percentile(&times.work, 50) < USUAL, "{name}{times}");
        assert!(percentile(&times.work, 99) < SLOWEST, "{name}{times}");
    }
}
