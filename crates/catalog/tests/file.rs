//! The file: how it is made, and what is said when it is not what it should be.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sample;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use catalog::{Catalog, OpenCatalogError};
use sample::{at, counters, feed, gap, part, raw, reel};
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalog.db");
    (folder, path)
}

/// A closed catalog of some hundred kilobytes.
async fn filled() -> (TempDir, PathBuf) {
    let (folder, path) = place();
    let catalog = Catalog::open(&path).await.unwrap();
    for number in 0..20 {
        let start = number * 300;
        let feeds: Vec<_> = (0..50).map(|camera| part(camera, 1, start, start + 300)).collect();
        catalog.add_reel(&reel(number, start), &feeds).await.unwrap();
    }
    catalog.close().await;
    (folder, path)
}

async fn open_error(path: &std::path::Path) -> OpenCatalogError {
    let error = Catalog::open(path).await.map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("move it away and run `jikim check --rebuild`"), "{error}");
    error
}

#[tokio::test]
async fn it_is_made_for_its_owner_alone_and_is_incomplete_until_rebuilt() {
    let (folder, path) = place();
    let catalog = Catalog::open(&path).await.unwrap();
    assert!(catalog.is_new());
    assert!(!catalog.is_complete().await.unwrap(), "a lost catalog knows of nothing");
    catalog.set_note("a", "b").await.unwrap();
    let mut files = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        files += 1;
    }
    assert_eq!(files, 3, "the file, its log and its index");
    catalog.close().await;

    let catalog = Catalog::open(&path).await.unwrap();
    assert!(!catalog.is_new());
    assert!(!catalog.is_complete().await.unwrap(), "nor is it after a restart");
    catalog.rebuild_finish().await.unwrap();
    assert!(catalog.is_complete().await.unwrap());
    catalog.rebuild_begin().await.unwrap();
    drop(catalog);
    let catalog = Catalog::open(&path).await.unwrap();
    assert!(!catalog.is_complete().await.unwrap(), "the mark outlives a crash");
}

#[tokio::test]
async fn it_is_as_durable_and_as_new_as_it_must_be() {
    let (_folder, path) = place();
    let catalog = Catalog::open(&path).await.unwrap();
    let report = catalog.check().await.unwrap();
    let version: Vec<u32> = report.sqlite_version.split('.').map(|n| n.parse().unwrap()).collect();
    assert!(version >= vec![3, 51, 3], "{}", report.sqlite_version);
    let mut behind = raw(&path).await;
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut behind).await.unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_check_counts_and_finds_nothing_wrong() {
    let (_folder, path) = filled().await;
    let catalog = Catalog::open(&path).await.unwrap();
    catalog.add_gap(&gap(1, 0, 1, 0)).await.unwrap();
    let report = catalog.check().await.unwrap();
    assert_eq!(report.problems, [] as [String; 0]);
    let counts = (report.reels, report.reel_feeds, report.feeds, report.gaps, report.verifiers);
    assert_eq!(counts, (20, 1000, 50, 1, 0));
}

#[tokio::test]
async fn a_check_finds_tables_that_do_not_agree() {
    let (_folder, path) = filled().await;
    let catalog = Catalog::open(&path).await.unwrap();
    let mut behind = raw(&path).await;
    for sql in ["PRAGMA foreign_keys = OFF", "DELETE FROM feed", "DELETE FROM counted_reel"] {
        sqlx::query(sql).execute(&mut behind).await.unwrap();
    }
    assert_eq!(catalog.check().await.unwrap().problems.len(), 2);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let (_folder, path) = place();
    let text = "This is somebody's diary. ".repeat(400);
    fs::write(&path, &text).unwrap();
    assert!(matches!(open_error(&path).await, OpenCatalogError::NotADatabase { .. }));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let (_folder, path) = place();
    fs::write(&path, "").unwrap();
    let mut other = raw(&path).await;
    sqlx::query("CREATE TABLE diary (day TEXT)").execute(&mut other).await.unwrap();
    sqlx::Connection::close(other).await.unwrap();
    let before = fs::read(&path).unwrap();
    assert!(matches!(open_error(&path).await, OpenCatalogError::NotACatalog { .. }));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn damage_is_found_on_opening() {
    let (_folder, path) = filled().await;
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 20);
    for page in 1..pages {
        let mut damaged = whole.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0xa5);
        fs::write(&path, &damaged).unwrap();
        let error = open_error(&path).await;
        assert!(matches!(error, OpenCatalogError::Damaged { .. }), "page {page}: {error}");
    }
    for length in [whole.len() / 2, whole.len() - 4096, 5000, 4096, 100, 10] {
        fs::write(&path, &whole[..length]).unwrap();
        let error = open_error(&path).await;
        let told = matches!(
            error,
            OpenCatalogError::Damaged { .. } | OpenCatalogError::NotADatabase { .. }
        );
        assert!(told, "{length} bytes: {error}");
    }
    fs::write(&path, &whole).unwrap();
    let catalog = Catalog::open(&path).await.unwrap();
    assert_eq!(counters(&catalog, 1).await.frames_recorded, 2000, "the control: whole, it opens");
}

#[tokio::test]
async fn a_catalog_of_a_newer_program_is_refused() {
    let (_folder, path) = filled().await;
    let mut behind = raw(&path).await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
               VALUES (9000, 'the future', TRUE, x'00', 0)";
    sqlx::query(sql).execute(&mut behind).await.unwrap();
    let error = open_error(&path).await;
    assert!(matches!(error, OpenCatalogError::NewerSchema { version: 9000, .. }), "{error}");
}

#[tokio::test]
async fn the_log_of_a_deleted_catalog_does_not_come_back_to_life() {
    let (folder, path) = place();
    let catalog = Catalog::open(&path).await.unwrap();
    catalog.add_reel(&reel(1, 0), &[part(1, 1, 0, 300)]).await.unwrap();
    // As a crash leaves it: file, log and index; then somebody deletes the file alone.
    let left = folder.path().join("left");
    fs::create_dir(&left).unwrap();
    for ending in ["-wal", "-shm"] {
        let name = format!("catalog.db{ending}");
        fs::copy(folder.path().join(&name), left.join(&name)).unwrap();
    }
    let again = Catalog::open(&left.join("catalog.db")).await.unwrap();
    assert!(again.is_new());
    assert_eq!(again.reels().await.unwrap(), []);
    again.add_reel(&reel(2, 0), &[part(1, 1, 0, 300)]).await.unwrap();
    assert_eq!(again.check().await.unwrap().problems, [] as [String; 0]);
}

#[tokio::test]
async fn what_was_listed_is_there_without_a_clean_end() {
    let (folder, path) = place();
    let catalog = Catalog::open(&path).await.unwrap();
    catalog.add_reel(&reel(1, 0), &[part(1, 1, 0, 300)]).await.unwrap();
    let left = folder.path().join("left");
    fs::create_dir(&left).unwrap();
    for ending in ["", "-wal"] {
        let name = format!("catalog.db{ending}");
        fs::copy(folder.path().join(&name), left.join(&name)).unwrap();
    }
    let again = Catalog::open(&left.join("catalog.db")).await.unwrap();
    assert_eq!(again.reels().await.unwrap(), [reel(1, 0)]);
    assert_eq!(again.oldest(feed(1).camera).await.unwrap(), Some(at(0)));
}
