//! The document of `jikim status --json`: its form is a promise to scripts
//! (`docs/formats/status.md`).

use catalog::ReelRow;
use domain::{CameraId, Feed, FeedKind, WallTime};
use ingest::Suspicion;
use serde::{Deserialize, Serialize};
use vault::{Stock, VolumeStatus};

use crate::house::House;
use crate::{Told, register, sentence};

/// Gaps of one camera in one document; more are cut at the oldest.
const MAX_GAPS: usize = 1000;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) cameras: Vec<CameraStatus>,
    pub(crate) ledger: LedgerPart,
    pub(crate) vault: VaultPart,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CameraStatus {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) codec: Option<String>,
    pub(crate) width: Option<u16>,
    pub(crate) height: Option<u16>,
    pub(crate) frames_recorded: u64,
    pub(crate) bytes_recorded: u64,
    pub(crate) frames_lost: u64,
    pub(crate) last_durable_frame_age_ms: Option<u64>,
    pub(crate) oldest_footage_age_s: Option<u64>,
    pub(crate) clock_drift_ppm: Option<i32>,
    pub(crate) clock_ahead_ms: Option<i64>,
    pub(crate) suspicion: Option<SuspicionPart>,
    pub(crate) gaps: Vec<GapStatus>,
}

/// What may be wrong with a picture that comes as it should.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SuspicionPart {
    pub(crate) what: String,
    pub(crate) since: String,
    pub(crate) sure_percent: u8,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct GapStatus {
    pub(crate) from: String,
    pub(crate) to: Option<String>,
    pub(crate) cause: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LedgerPart {
    pub(crate) size: u64,
    pub(crate) root: String,
    /// Verifier key of the open year's log.
    pub(crate) key: String,
    /// Verifier key of its second signatures (ECDSA P-256).
    #[serde(default)]
    pub(crate) second_key: String,
    /// Null without witnesses.
    pub(crate) cosigned_size: Option<u64>,
    pub(crate) uncosigned_age_s: Option<u64>,
    /// Files in the data folder with what witnesses hold against this recorder.
    #[serde(default)]
    pub(crate) evidence: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct VaultPart {
    pub(crate) reels: u64,
    pub(crate) bytes: u64,
    pub(crate) root_epoch: u64,
    pub(crate) holders: Vec<HolderPart>,
    pub(crate) volumes: Vec<VolumePart>,
    pub(crate) scrub: ScrubPart,
    pub(crate) early: EarlyPart,
}

/// What keeps the vault key.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HolderPart {
    pub(crate) name: String,
    pub(crate) keeps: bool,
    pub(crate) away_since: Option<String>,
    pub(crate) away_why: Option<String>,
    pub(crate) provable: String,
    pub(crate) provable_why: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct VolumePart {
    pub(crate) id: String,
    pub(crate) is_failed: bool,
    pub(crate) is_full: bool,
    pub(crate) free_bytes: Option<u64>,
    pub(crate) days_left: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ScrubPart {
    pub(crate) last_ended_at: Option<String>,
    pub(crate) last_reels: u64,
    pub(crate) last_bytes: u64,
    pub(crate) last_damaged: u64,
    pub(crate) reels: u64,
    pub(crate) bytes: u64,
    pub(crate) damaged: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EarlyPart {
    pub(crate) rule: Option<String>,
    pub(crate) in_force_from: Option<String>,
    pub(crate) last_at: Option<String>,
    pub(crate) last_act: Option<String>,
}

fn holder_part(holder: &vault::HolderStatus) -> HolderPart {
    let (since, why) = holder.away.clone().unzip();
    HolderPart {
        name: holder.name.clone(),
        keeps: holder.keeps,
        away_since: since.map(|since| since.to_string()),
        away_why: why,
        provable: holder.provable.word().into(),
        provable_why: holder.provable.reason().map(Into::into),
    }
}

/// The state of everything.
pub(crate) async fn status(house: &House, gaps_since: Option<WallTime>) -> Told<Status> {
    let before = house.listing.counters_before().await?;
    let now_durable = house.vault.sealer().statuses();
    let now = house.clock.wall();
    let mut cameras = Vec::new();
    for record in house.ledger.cameras() {
        let Ok(camera) = record.camera.parse::<CameraId>() else { continue };
        let feed = Feed { camera, kind: FeedKind::Main };
        let earlier = before.get(&feed).copied().unwrap_or_default();
        let durable =
            now_durable.iter().find(|(other, _)| *other == feed).map(|(_, status)| *status);
        let durable = durable.unwrap_or_default();
        let state = register::feed_state(house, camera);
        let state = state.as_ref();
        let oldest = oldest(house, camera, now).await?;
        cameras.push(CameraStatus {
            id: record.camera,
            name: record.name,
            state: register::state_of(house, camera).word().into(),
            codec: state.and_then(|state| state.codec).map(Into::into),
            width: state.and_then(|state| state.width),
            height: state.and_then(|state| state.height),
            frames_recorded: earlier.frames_recorded + durable.frames,
            bytes_recorded: earlier.bytes_recorded + durable.bytes,
            frames_lost: earlier.frames_lost,
            last_durable_frame_age_ms: durable.last_end.map(|end| millis(now.since(end))),
            oldest_footage_age_s: oldest.map(|oldest| now.since(oldest).as_secs()),
            clock_drift_ppm: state.and_then(|state| state.clock_drift_ppm),
            clock_ahead_ms: state.and_then(|state| state.clock_ahead_ms),
            suspicion: state.and_then(|state| state.suspicion).map(suspicion_part),
            gaps: gaps(house, feed, gaps_since).await?,
        });
    }
    let vault = house.vault.status();
    let rows = house.catalog.reels().await.map_err(sentence)?;
    let bytes = rows.iter().map(|reel| reel.length_bytes).sum();
    Ok(Status {
        cameras,
        ledger: ledger_part(house, now),
        vault: VaultPart {
            reels: vault.volumes.iter().map(|volume| volume.reels).sum(),
            bytes,
            root_epoch: vault.epoch,
            holders: vault.holders.iter().map(holder_part).collect(),
            volumes: vault.volumes.iter().map(|volume| volume_part(volume, &rows, now)).collect(),
            scrub: scrub_part(house),
            early: early_part(house),
        },
    })
}

fn suspicion_part(suspicion: Suspicion) -> SuspicionPart {
    SuspicionPart {
        what: suspicion.what.word().into(),
        since: suspicion.since.to_string(),
        sure_percent: suspicion.sure_percent,
    }
}

fn volume_part(volume: &VolumeStatus, rows: &[ReelRow], now: WallTime) -> VolumePart {
    let stock: Vec<Stock> = rows
        .iter()
        .filter(|row| row.volume == volume.id)
        .map(|row| Stock {
            length_bytes: row.length_bytes,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
        .collect();
    let days_left = |space: host::Space| {
        vault::days_left(space.free_bytes, vault::kept_bytes(space.total_bytes), &stock, now)
    };
    VolumePart {
        id: volume.id.to_string(),
        is_failed: volume.is_fenced,
        is_full: volume.is_full,
        free_bytes: volume.space.map(|space| space.free_bytes),
        days_left: volume.space.and_then(days_left),
    }
}

fn scrub_part(house: &House) -> ScrubPart {
    let scrub = house.vault.scrub_status();
    ScrubPart {
        last_ended_at: scrub.last.map(|last| last.ended_at.to_string()),
        last_reels: scrub.last.map_or(0, |last| last.reels),
        last_bytes: scrub.last.map_or(0, |last| last.length_bytes),
        last_damaged: scrub.last.map_or(0, |last| last.damaged),
        reels: scrub.reels,
        bytes: scrub.length_bytes,
        damaged: scrub.damaged,
    }
}

fn early_part(house: &House) -> EarlyPart {
    let early = house.access.early();
    EarlyPart {
        rule: early.rule.map(|(proposal, _)| proposal.to_string()),
        in_force_from: early.rule.map(|(_, from)| from.to_string()),
        last_at: early.last.map(|(_, at)| at.to_string()),
        last_act: early.last.map(|(act, _)| act.to_string()),
    }
}

fn millis(length: std::time::Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// The first moment that is kept of a camera, in closed reels or open ones.
async fn oldest(house: &House, camera: CameraId, now: WallTime) -> Told<Option<WallTime>> {
    let listed = house.catalog.oldest(camera).await.map_err(sentence)?;
    let feed = Feed { camera, kind: FeedKind::Main };
    let open = house.vault.opener().unlisted(feed, WallTime::EPOCH, now);
    Ok(listed.into_iter().chain(open.iter().map(|stretch| stretch.from)).min())
}

/// Gaps that are durable, and the one that is open.
async fn gaps(house: &House, feed: Feed, since: Option<WallTime>) -> Told<Vec<GapStatus>> {
    let from = since.unwrap_or(WallTime::EPOCH);
    let rows = house.catalog.gaps(feed.camera, feed.kind, from, WallTime::LAST).await;
    let rows = rows.map_err(sentence)?;
    let mut gaps: Vec<GapStatus> = rows
        .iter()
        .skip(rows.len().saturating_sub(MAX_GAPS))
        .map(|gap| GapStatus {
            from: gap.from.to_string(),
            to: Some(gap.to.to_string()),
            cause: gap.cause.word().into(),
        })
        .collect();
    let open = house.recorder.state(feed).and_then(|state| state.open_gap);
    gaps.extend(open.map(|(from, cause)| GapStatus {
        from: from.to_string(),
        to: None,
        cause: cause.word().into(),
    }));
    Ok(gaps)
}

fn ledger_part(house: &House, now: WallTime) -> LedgerPart {
    let ledger = house.ledger.status();
    let witnesses = house.ledger.witness_status();
    let waiting = |since: Option<WallTime>| since.map_or(0, |since| now.since(since).as_secs());
    LedgerPart {
        size: ledger.size,
        root: ledger.root,
        key: house.ledger.verifier_key(ledger.year),
        second_key: house.ledger.second_verifier_key(ledger.year),
        cosigned_size: witnesses.as_ref().map(|it| it.cosigned_size),
        uncosigned_age_s: witnesses.as_ref().map(|it| waiting(it.waiting_since)),
        evidence: house.evidence.files(),
    }
}
