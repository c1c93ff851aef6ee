//! What is listed, counted, merged and forgotten, on a real database.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sample;

use catalog::{Catalog, CatalogError, Counters, GapRow, ReelFeedRow, TimelineSpan};
use domain::{AccountId, FeedKind, GapCause, WallTime};
use sample::{DAY, at, counters, feed, gap, id, part, raw, reel};
use tempfile::TempDir;

async fn catalog() -> (TempDir, Catalog) {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(&folder.path().join("catalog.db")).await.unwrap();
    (folder, catalog)
}

const fn recorded(frames_recorded: u64, bytes_recorded: u64, frames_lost: u64) -> Counters {
    Counters { frames_recorded, bytes_recorded, frames_lost }
}

#[tokio::test]
async fn a_reel_is_read_back_as_it_was_listed() {
    let (_folder, catalog) = catalog().await;
    let sub = ReelFeedRow {
        feed: domain::Feed { kind: FeedKind::Sub, ..feed(1) },
        codec: "h265",
        ..part(1, 2, 0, 300)
    };
    let feeds = [part(1, 1, 0, 300), sub, part(2, 3, 5, 299)];
    assert!(catalog.add_reel(&reel(1, 0), &feeds).await.unwrap());
    assert!(catalog.add_reel(&reel(2, 300), &[part(1, 1, 300, 600)]).await.unwrap());

    assert_eq!(catalog.reel(id(1)).await.unwrap(), Some(reel(1, 0)));
    assert_eq!(catalog.reel(id(3)).await.unwrap(), None);
    assert_eq!(catalog.reels().await.unwrap(), [reel(1, 0), reel(2, 300)]);
    assert_eq!(catalog.feeds_of(id(1)).await.unwrap(), feeds);
    let both = catalog.reels_of_buckets(&[id(1), id(2), id(1), id(99)]).await.unwrap();
    assert_eq!(both, [reel(1, 0), reel(2, 300)]);
    assert_eq!(catalog.reels_of_buckets(&[id(3)]).await.unwrap(), [reel(1, 0)]);
    let (first, last) = (reel(1, 0).expires_at, reel(2, 300).expires_at);
    assert!(first < last);
    assert_eq!(catalog.expired_reels(last).await.unwrap(), [reel(1, 0), reel(2, 300)]);
    assert_eq!(catalog.expired_reels(first).await.unwrap(), [reel(1, 0)]);
    let before = WallTime::from_micros(first.as_micros() - 1);
    assert_eq!(catalog.expired_reels(before).await.unwrap(), []);
}

#[tokio::test]
async fn find_gives_what_overlaps_and_nothing_beside_it() {
    let (_folder, catalog) = catalog().await;
    // A long row first: what began long before must be found too.
    catalog.add_reel(&reel(1, 0), &[part(1, 1, 0, 3000), part(2, 2, 0, 3000)]).await.unwrap();
    catalog.add_reel(&reel(2, 3000), &[part(1, 1, 3000, 3300)]).await.unwrap();
    catalog.add_reel(&reel(3, 3300), &[part(1, 1, 3300, 3600)]).await.unwrap();
    let find = async |from, to| {
        let found = catalog.find(id(1), FeedKind::Main, at(from), at(to)).await.unwrap();
        found.iter().map(|(reel, _)| reel.reel).collect::<Vec<_>>()
    };
    assert_eq!(find(2999, 3000).await, [id(1)]);
    assert_eq!(find(3000, 3300).await, [id(2)]);
    assert_eq!(find(0, 9000).await, [id(1), id(2), id(3)]);
    assert_eq!(find(3600, 9000).await, []);
    let whole = catalog.find(id(1), FeedKind::Main, at(10), at(11)).await.unwrap();
    assert_eq!(whole, [(reel(1, 0), part(1, 1, 0, 3000))]);
    assert_eq!(catalog.find(id(1), FeedKind::Sub, at(0), at(9000)).await.unwrap(), []);

    assert_eq!(catalog.oldest(id(1)).await.unwrap(), Some(at(0)));
    assert_eq!(catalog.oldest(id(77)).await.unwrap(), None);
    catalog.remove_reel(id(1)).await.unwrap();
    assert_eq!(catalog.oldest(id(1)).await.unwrap(), Some(at(3000)));
    assert_eq!(catalog.oldest(id(2)).await.unwrap(), None);
    assert_eq!(catalog.oldest_all().await.unwrap(), [(id(1), at(3000))]);
}

/// Lists a reel three times, once after it was removed.
async fn list_and_list_again(catalog: &Catalog) -> Counters {
    let feeds = [part(1, 1, 0, 300), part(1, 2, 300, 310)];
    assert!(catalog.add_reel(&reel(1, 0), &feeds).await.unwrap());
    assert!(!catalog.add_reel(&reel(1, 0), &feeds).await.unwrap());
    assert_eq!(counters(catalog, 1).await, recorded(200, 10_000, 0));
    assert!(catalog.remove_reel(id(1)).await.unwrap());
    assert!(!catalog.remove_reel(id(1)).await.unwrap());
    assert_eq!(counters(catalog, 1).await, recorded(200, 10_000, 0));
    assert!(catalog.add_reel(&reel(1, 0), &feeds).await.unwrap());
    assert_eq!(catalog.feeds_of(id(1)).await.unwrap(), feeds);
    counters(catalog, 1).await
}

#[tokio::test]
async fn a_reel_counts_once_however_often_it_is_listed() {
    let (_folder, catalog) = catalog().await;
    assert_eq!(list_and_list_again(&catalog).await, recorded(200, 10_000, 0));
}

/// The negative control of the test above: without the marks it sees double.
#[tokio::test]
async fn without_its_marks_a_reel_would_count_twice() {
    let (folder, catalog) = catalog().await;
    let mut behind = raw(&folder.path().join("catalog.db")).await;
    let trigger = "CREATE TRIGGER no_marks AFTER INSERT ON counted_reel \
                   BEGIN DELETE FROM counted_reel; END";
    sqlx::query(trigger).execute(&mut behind).await.unwrap();
    assert_eq!(list_and_list_again(&catalog).await, recorded(400, 20_000, 0));
}

#[tokio::test]
async fn forgotten_marks_count_nothing_twice() {
    let (_folder, catalog) = catalog().await;
    let feeds = [part(1, 1, 0, 300)];
    catalog.add_reel(&reel(1, 0), &feeds).await.unwrap();
    let later = at(0) + DAY * 400;
    assert_eq!(catalog.forget_counted_before(later).await.unwrap(), 0, "it is still listed");
    catalog.remove_reel(id(1)).await.unwrap();
    assert_eq!(catalog.forget_counted_before(later).await.unwrap(), 1);
    // An earlier horizon takes nothing back.
    assert_eq!(catalog.forget_counted_before(at(0)).await.unwrap(), 0);
    assert!(catalog.add_reel(&reel(1, 0), &feeds).await.unwrap());
    assert_eq!(counters(&catalog, 1).await, recorded(100, 5_000, 0));
    assert_eq!(catalog.find(id(1), FeedKind::Main, at(10), at(11)).await.unwrap().len(), 1);
    assert_eq!(catalog.check().await.unwrap().problems, [] as [String; 0]);
}

#[tokio::test]
async fn counters_rise_to_what_they_were_and_never_fall() {
    let (_folder, catalog) = catalog().await;
    catalog.add_reel(&reel(1, 0), &[part(1, 1, 0, 300)]).await.unwrap();
    catalog.raise_counters(feed(1), recorded(1000, 1, 3)).await.unwrap();
    assert_eq!(counters(&catalog, 1).await, recorded(1000, 5_000, 3));
    catalog.raise_counters(feed(1), recorded(1, 1, 1)).await.unwrap();
    catalog.raise_counters(feed(2), recorded(7, 8, 9)).await.unwrap();
    assert_eq!(counters(&catalog, 1).await, recorded(1000, 5_000, 3));
    assert_eq!(counters(&catalog, 2).await, recorded(7, 8, 9));
}

#[tokio::test]
async fn a_reel_with_one_impossible_row_is_not_listed_at_all() {
    let (_folder, catalog) = catalog().await;
    for wrong in [
        part(1, 1, 300, 0),
        ReelFeedRow { codec: "mjpeg", ..part(1, 1, 0, 300) },
        ReelFeedRow { bytes: u64::MAX, ..part(1, 1, 0, 300) },
        ReelFeedRow { frames: (1 << 48) + 1, ..part(1, 1, 0, 300) },
    ] {
        let feeds = [part(2, 2, 0, 300), wrong];
        let error = catalog.add_reel(&reel(1, 0), &feeds).await.unwrap_err();
        assert!(matches!(error, CatalogError::Refused { .. }), "{error}");
        assert_eq!(catalog.reels().await.unwrap(), []);
        assert_eq!(catalog.counters().await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_gap_is_named_by_its_beginning_and_only_grows() {
    let (_folder, catalog) = catalog().await;
    let list = async || catalog.gaps_since(WallTime::EPOCH).await.unwrap();
    assert!(catalog.add_gap(&gap(1, 100, 110, 5)).await.unwrap());
    assert!(!catalog.add_gap(&gap(1, 100, 110, 5)).await.unwrap());
    assert_eq!(counters(&catalog, 1).await, recorded(0, 0, 5));
    let longer = GapRow { cause: GapCause::CameraSilent, ..gap(1, 100, 130, 9) };
    assert!(!catalog.add_gap(&longer).await.unwrap());
    assert!(!catalog.add_gap(&gap(1, 100, 120, 50)).await.unwrap(), "shorter: nothing changes");
    assert_eq!(list().await, [longer]);
    assert_eq!(counters(&catalog, 1).await, recorded(0, 0, 9));
    // Longer, with fewer frames lost: what was counted stays counted.
    catalog.add_gap(&gap(1, 100, 140, 2)).await.unwrap();
    assert_eq!(list().await, [gap(1, 100, 140, 9)]);
    assert_eq!(counters(&catalog, 1).await, recorded(0, 0, 9));
    assert!(catalog.add_gap(&gap(2, 100, 110, 1)).await.unwrap(), "another feed, another gap");
    assert!(catalog.add_gap(&gap(1, 90, 80, 0)).await.is_err());
}

#[tokio::test]
async fn gaps_are_found_by_feed_and_time_and_forgotten_for_good() {
    let (_folder, catalog) = catalog().await;
    let all = [gap(1, 10, 20, 1), gap(1, 30, 30, 1), gap(1, 40, 50, 1), gap(2, 0, 99, 1)];
    for one in &all {
        catalog.add_gap(one).await.unwrap();
    }
    let gaps =
        async |from, to| catalog.gaps(id(1), FeedKind::Main, at(from), at(to)).await.unwrap();
    assert_eq!(gaps(0, 99).await, all[..3]);
    assert_eq!(gaps(19, 30).await, all[..1]);
    assert_eq!(gaps(20, 30).await, []);
    assert_eq!(gaps(30, 40).await, all[1..2]);
    assert_eq!(gaps(45, 46).await, all[2..3]);
    assert_eq!(catalog.gaps_since(at(30)).await.unwrap(), [all[3], all[2]]);

    assert_eq!(catalog.forget_gaps_before(at(31)).await.unwrap(), 2);
    assert_eq!(gaps(0, 99).await, all[2..3]);
    assert!(!catalog.add_gap(&all[0]).await.unwrap(), "forgotten for good");
    assert_eq!(counters(&catalog, 1).await, recorded(0, 0, 3));
}

#[tokio::test]
async fn a_timeline_is_joined_over_reels_and_cut_by_gaps() {
    let (_folder, catalog) = catalog().await;
    catalog.add_reel(&reel(1, 0), &[part(1, 1, 0, 300)]).await.unwrap();
    catalog.add_reel(&reel(2, 301), &[part(1, 1, 301, 600)]).await.unwrap();
    catalog.add_reel(&reel(3, 700), &[part(1, 1, 700, 900)]).await.unwrap();
    catalog.add_gap(&gap(1, 600, 700, 0)).await.unwrap();
    catalog.add_gap(&gap(1, 400, 410, 0)).await.unwrap();
    let span = |from, to| TimelineSpan { from: at(from), to: at(to), codec: "h264" };
    let timeline =
        async |from, to| catalog.timeline(id(1), FeedKind::Main, at(from), at(to)).await.unwrap();
    let whole = timeline(0, 1000).await;
    assert_eq!(whole.spans, [span(0, 400), span(410, 600), span(700, 900)]);
    assert_eq!(whole.gaps, [gap(1, 400, 410, 0), gap(1, 600, 700, 0)]);
    let part_of_it = timeline(405, 650).await;
    assert_eq!(part_of_it.spans, [span(410, 600)]);
    assert_eq!(part_of_it.gaps, whole.gaps);
    assert_eq!(timeline(650, 650).await.spans, []);
}

#[tokio::test]
async fn notes_and_verifiers_are_kept_replaced_and_taken_away() {
    let (_folder, catalog) = catalog().await;
    let account = AccountId::from_bytes([3; 16]);
    assert_eq!(catalog.verifier(account).await.unwrap(), None);
    catalog.set_verifier(account, "$argon2id$one").await.unwrap();
    catalog.set_verifier(account, "$argon2id$two").await.unwrap();
    assert_eq!(catalog.verifier(account).await.unwrap().as_deref(), Some("$argon2id$two"));
    assert!(catalog.remove_verifier(account).await.unwrap());
    assert!(!catalog.remove_verifier(account).await.unwrap());
    assert_eq!(catalog.verifier(account).await.unwrap(), None);
    let error = catalog.set_verifier(account, &"v".repeat(513)).await.unwrap_err();
    assert!(!error.to_string().contains("vv"), "no secret in an error");

    assert_eq!(catalog.note("last_elapsed").await.unwrap(), None);
    catalog.set_note("last_elapsed", "1").await.unwrap();
    catalog.set_note("last_elapsed", "2").await.unwrap();
    assert_eq!(catalog.note("last_elapsed").await.unwrap().as_deref(), Some("2"));
    assert!(catalog.set_note(&"k".repeat(65), "").await.is_err());
}

#[tokio::test]
async fn the_newest_end_is_found_wherever_its_row_began() {
    let (_folder, catalog) = catalog().await;
    let now = at(5000);
    assert_eq!(catalog.newest_all(now).await.unwrap(), []);
    // Of the first camera the row that began first ends last; of the third nothing is kept.
    let rows = [part(1, 1, 0, 900), part(1, 2, 300, 600), part(1, 3, 600, 650), part(2, 4, 0, 300)];
    catalog.add_reel(&reel(1, 0), &rows).await.unwrap();
    catalog.add_reel(&reel(2, 0), &[part(3, 5, 0, 300)]).await.unwrap();
    catalog.remove_reel(id(2)).await.unwrap();
    let expected = [(feed(1), at(900)), (feed(2), at(300))];
    assert_eq!(catalog.newest_all(now).await.unwrap(), expected);
    // R9: what a wrong clock dated ahead is not where recording ended.
    catalog
        .add_reel(&reel(3, 9000), &[part(1, 6, 9000, 9300), part(2, 7, 4900, 5100)])
        .await
        .unwrap();
    let expected = [(feed(1), at(900)), (feed(2), now)];
    assert_eq!(catalog.newest_all(now).await.unwrap(), expected);
    assert_eq!(catalog.newest_all(at(9300)).await.unwrap()[0], (feed(1), at(9300)));
}
