//! Readers and the writer leave each other alone.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sample;

use catalog::Catalog;
use domain::FeedKind;
use sample::{at, id, part, reel};

const REEL_S: u64 = 300;

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_whole_reels_while_others_are_listed() {
    const NUMBER: u64 = 200;
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(&folder.path().join("catalog.db")).await.unwrap();
    let writer = tokio::spawn({
        let catalog = catalog.clone();
        async move {
            for number in 0..NUMBER {
                let start = number * REEL_S;
                let feeds: Vec<_> =
                    (0..10).map(|camera| part(camera, 1, start, start + REEL_S)).collect();
                catalog.add_reel(&reel(number, start), &feeds).await.unwrap();
            }
        }
    });
    let readers = (0..8_u64).map(|camera| {
        let catalog = catalog.clone();
        tokio::spawn(async move {
            let (mut last, mut looks) = (0, 0_u64);
            while last < NUMBER {
                let reels = catalog.reels().await.unwrap();
                if let Some(newest) = reels.last() {
                    assert_eq!(catalog.feeds_of(newest.reel).await.unwrap().len(), 10);
                }
                let seen = u64::try_from(reels.len()).unwrap();
                assert!(seen >= last, "a reel went missing");
                let found =
                    catalog.find(id(camera), FeedKind::Main, at(0), at(NUMBER * REEL_S)).await;
                assert!(u64::try_from(found.unwrap().len()).unwrap() >= seen);
                (last, looks) = (seen, looks + 1);
            }
            looks
        })
    });
    let readers: Vec<_> = readers.collect();
    writer.await.unwrap();
    let mut looks = 0;
    for reader in readers {
        looks += reader.await.unwrap();
    }
    println!("8 readers looked {looks} times while {NUMBER} reels were listed");
    assert!(looks >= 8);
}
