//! What the notary has listed: closed reels and gaps go to the catalog.

use std::collections::HashMap;

use catalog::{Catalog, Counters, GapRow, ReelFeedRow, ReelRow};
use domain::{Feed, GapCause, ReelId, WallTime};
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use vault::{ClosedReel, Codec, Listing};

/// Lists in the catalog, from the notary's thread.
pub(crate) struct CatalogListing {
    catalog: Catalog,
    runtime: Handle,
    /// When this run began: what it recorded is counted by the vault, not here.
    started: WallTime,
    this_run: Mutex<HashMap<Feed, Counters>>,
}

impl CatalogListing {
    pub(crate) fn new(catalog: Catalog, started: WallTime) -> Self {
        Self { catalog, runtime: Handle::current(), started, this_run: Mutex::default() }
    }

    /// What was recorded and lost before this run, by feed, so that with the vault's own count of
    /// this run nothing is counted twice and nothing goes back.
    pub(crate) async fn counters_before(&self) -> Result<HashMap<Feed, Counters>, String> {
        // Held over both readings: a reel listed between them would be counted twice, or not at all.
        let this_run = self.this_run.lock().await;
        let all = self.catalog.counters().await.map_err(|error| error.to_string())?;
        let before = |(feed, counters): (Feed, Counters)| {
            let own = this_run.get(&feed).copied().unwrap_or_default();
            (
                feed,
                Counters {
                    frames_recorded: counters.frames_recorded.saturating_sub(own.frames_recorded),
                    bytes_recorded: counters.bytes_recorded.saturating_sub(own.bytes_recorded),
                    frames_lost: counters.frames_lost,
                },
            )
        };
        Ok(all.into_iter().map(before).collect())
    }

    /// Lists a reel; what this run recorded of it is noted in the same breath.
    async fn list(&self, row: &ReelRow, feeds: &[ReelFeedRow]) -> catalog::Result<()> {
        let mut this_run = self.this_run.lock().await;
        let is_new = self.catalog.add_reel(row, feeds).await?;
        if is_new && row.created_at >= self.started {
            for feed in feeds {
                let own = this_run.entry(feed.feed).or_default();
                own.frames_recorded += feed.frames;
                own.bytes_recorded += feed.bytes;
            }
        }
        Ok(())
    }

    fn complain(doing: &str, error: &dyn std::fmt::Display) {
        tracing::error!(%error, doing, "not listed in the catalog; the next start lists it");
    }
}

impl Listing for CatalogListing {
    fn reel_closed(&self, reel: &ClosedReel) {
        let (row, feeds) = rows_of(reel);
        if let Err(error) = self.runtime.block_on(self.list(&row, &feeds)) {
            Self::complain("reel", &error);
        }
        for gap in gaps_of(reel) {
            self.gap(gap.feed, gap.from, gap.to, gap.cause, gap.frames_lost);
        }
    }

    fn reel_gone(&self, reel: ReelId) {
        if let Err(error) = self.runtime.block_on(self.catalog.remove_reel(reel)) {
            Self::complain("destroyed reel", &error);
        }
    }

    fn gap(&self, feed: Feed, from: WallTime, to: WallTime, cause: GapCause, frames_lost: u64) {
        let row = GapRow { feed, from, to, cause, frames_lost };
        if let Err(error) = self.runtime.block_on(self.catalog.add_gap(&row)) {
            Self::complain("gap", &error);
        }
    }
}

/// A closed reel as the catalog lists it.
pub(crate) fn rows_of(reel: &ClosedReel) -> (ReelRow, Vec<ReelFeedRow>) {
    let feeds = reel.index.rows.iter().map(|row| row.feed).filter_map(|feed| {
        Some(ReelFeedRow {
            feed: feed.feed,
            bucket: feed.bucket?,
            codec: match feed.codec {
                Some(Codec::H265) => "h265",
                // A run of chunks without a keyframe says no codec; it is of the kind before it.
                Some(Codec::H264) | None => "h264",
            },
            width: feed.width,
            height: feed.height,
            frames: feed.frames,
            bytes: feed.bytes,
            chunks: u64::from(feed.records),
            start: feed.first_start,
            end: feed.last_end.max(feed.first_start),
        })
    });
    let feeds = feeds.collect();
    let row = ReelRow {
        reel: reel.header.reel,
        volume: reel.volume,
        retention: reel.header.retention,
        bucket_start: reel.header.bucket_start,
        bucket_end: reel.header.bucket_end,
        created_at: reel.header.created_at,
        length_bytes: reel.length_bytes,
        chunks: u64::from(reel.index.records),
        footer_sha256: reel.index.hash,
        expires_at: reel.expires_at(),
    };
    (row, feeds)
}

/// The gaps that a closed reel holds.
fn gaps_of(reel: &ClosedReel) -> Vec<GapRow> {
    let gap = |(feed, entry): &(Feed, reel::FooterEntry)| {
        let to = entry.start + std::time::Duration::from_micros(entry.duration_us);
        let (from, cause) = (entry.start, entry.cause?);
        Some(GapRow { feed: *feed, from, to, cause, frames_lost: u64::from(entry.frames) })
    };
    reel.gaps.iter().filter_map(gap).collect()
}
