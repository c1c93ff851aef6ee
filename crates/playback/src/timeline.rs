//! What was recorded when, without a picture: the catalog's closed reels and the vault's open ones.

use std::collections::BTreeSet;

use catalog::{Catalog, GapRow, TimelineSpan};
use domain::{CameraId, Feed, FeedKind, WallTime};
use vault::{Codec, KeptPart, Opener, UnlistedFootage};

use crate::error::PlaybackError;

/// Footage this close together is one span, as in the catalog's timeline.
const TOUCH: std::time::Duration = std::time::Duration::from_millis(1500);

/// What is kept of a feed in a stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FootageTimeline {
    /// The oldest that is kept of the camera, of either feed, if anything is.
    pub oldest: Option<WallTime>,
    /// Footage, oldest first, within the time asked for, without overlap of one codec.
    pub spans: Vec<RecordedSpan>,
    /// Declared gaps that touch the time asked for, oldest first, whole.
    pub gaps: Vec<GapRow>,
    /// When what is there ends for good, oldest first.
    pub expiry: Vec<Expiry>,
}

/// Footage without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedSpan {
    /// Its first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub to: WallTime,
    /// `h264` or `h265`.
    pub codec: &'static str,
    /// Whether its key is there: of an hour that is due only the held minutes are.
    pub playable: bool,
}

/// When a stretch of footage ends for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// Its first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub to: WallTime,
    /// Its key is destroyed at this moment or before.
    pub expires_at: WallTime,
}

/// What is kept of a camera's feed from one moment up to, not including, another.
///
/// # Errors
/// If the catalog does not answer.
pub async fn timeline(
    catalog: &Catalog,
    opener: &Opener,
    camera: CameraId,
    kind: FeedKind,
    from: WallTime,
    to: WallTime,
) -> Result<FootageTimeline, PlaybackError> {
    // The open reels first: one that is closed meanwhile is then seen twice, rather than never.
    let unlisted = opener.unlisted(Feed { camera, kind }, from, to);
    let listed = catalog.timeline(camera, kind, from, to).await?;
    let rows = catalog.find(camera, kind, from, to).await?;
    let oldest = catalog.oldest(camera).await?;
    let kept = opener.kept(Feed { camera, kind });
    let closed =
        rows.iter().map(|(reel, row)| (row.start.max(from), row.end.min(to), reel.expires_at));
    let open = unlisted.iter().map(|stretch| (stretch.from, stretch.to, stretch.expires_at));
    let parts = closed.chain(open).flat_map(|(from, to, due)| kept.parts(from, to, due));
    let (there, gone): (Vec<KeptPart>, _) = parts.partition(|part| part.until.is_some());
    let expiry = there
        .iter()
        .filter_map(|part| Some(Expiry { from: part.from, to: part.to, expires_at: part.until? }));
    Ok(FootageTimeline {
        oldest: oldest.into_iter().chain(unlisted.iter().map(|stretch| stretch.from)).min(),
        spans: without(spans(&listed.spans, &unlisted), &gone, &there),
        gaps: listed.gaps,
        expiry: joined_expiry(expiry.collect()),
    })
}

fn spans(listed: &[TimelineSpan], unlisted: &[UnlistedFootage]) -> Vec<RecordedSpan> {
    let listed = listed.iter().map(|span| RecordedSpan {
        from: span.from,
        to: span.to,
        codec: span.codec,
        playable: true,
    });
    let mut joined: Vec<RecordedSpan> = listed.collect();
    for stretch in unlisted {
        let codec = match stretch.codec {
            Codec::H264 => "h264",
            Codec::H265 => "h265",
        };
        // Declared gaps cut what is listed, so only what touches an open reel's footage is joined.
        match joined.last_mut() {
            Some(last) if last.codec == codec && stretch.from <= last.to + TOUCH => {
                last.to = last.to.max(stretch.to);
            }
            _ => joined.push(RecordedSpan {
                from: stretch.from,
                to: stretch.to,
                codec,
                playable: true,
            }),
        }
    }
    joined.sort_by_key(|span| span.from);
    joined
}

/// Cuts spans where the key is destroyed. Where two buckets overlap, one that is there is enough.
fn without(spans: Vec<RecordedSpan>, gone: &[KeptPart], there: &[KeptPart]) -> Vec<RecordedSpan> {
    if gone.is_empty() {
        return spans;
    }
    let mut cut = Vec::new();
    for span in spans {
        let edges = gone.iter().chain(there).flat_map(|part| [part.from, part.to]);
        let inside = edges.filter(|edge| span.from < *edge && *edge < span.to);
        let edges: BTreeSet<WallTime> = inside.chain([span.from, span.to]).collect();
        let edges: Vec<WallTime> = edges.into_iter().collect();
        for pair in edges.windows(2) {
            let covers = |part: &&KeptPart| part.from <= pair[0] && pair[1] <= part.to;
            let playable =
                !gone.iter().any(|part| covers(&part)) || there.iter().any(|part| covers(&part));
            match cut.last_mut() {
                Some(RecordedSpan { to, playable: was, codec, .. })
                    if *to == pair[0] && *was == playable && *codec == span.codec =>
                {
                    *to = pair[1];
                }
                _ => cut.push(RecordedSpan { from: pair[0], to: pair[1], playable, ..span }),
            }
        }
    }
    cut
}

/// Neighbours that end at one moment are one stretch.
fn joined_expiry(mut rows: Vec<Expiry>) -> Vec<Expiry> {
    rows.sort_by_key(|row| (row.expires_at, row.from));
    let mut joined: Vec<Expiry> = Vec::new();
    for row in rows {
        match joined.last_mut() {
            Some(last) if last.expires_at == row.expires_at && row.from <= last.to + TOUCH => {
                last.to = last.to.max(row.to);
            }
            _ => joined.push(row),
        }
    }
    joined.sort_by_key(|row| row.from);
    joined
}
