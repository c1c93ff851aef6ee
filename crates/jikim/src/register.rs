//! The register of cameras and their footage, in the words of the wire.

use std::time::Duration;

use access::{Grant, act};
use api::{ErrorCode, Id, Time};
use base64::Engine as _;
use domain::{CameraId, Feed, FeedKind, Retention, WallTime};
use ingest::{CameraState, FeedState, NewCamera, NewDevice, Sound, Suspicion};
use ledger::{CameraRecord, DeviceRecord};
use playback::{FootageTimeline, Still};
use server::HouseError;
use url::Url;

use crate::arguments::length;
use crate::house::House;
use crate::ranges;

/// A moment on the wire.
pub(crate) fn time(moment: WallTime) -> Time {
    Time(moment.to_string())
}

/// Every camera, those that record first.
pub(crate) fn cameras(house: &House) -> Vec<api::Camera> {
    let mut records = house.ledger.cameras();
    records.sort_by(|a, b| {
        (a.retired_at.is_some(), &a.added_at, &a.name).cmp(&(
            b.retired_at.is_some(),
            &b.added_at,
            &b.name,
        ))
    });
    records.iter().filter_map(|record| to_wire(house, record)).collect()
}

/// One camera.
pub(crate) fn camera(house: &House, camera: CameraId) -> Result<api::Camera, HouseError> {
    let record = house.ledger.camera(camera);
    record.and_then(|record| to_wire(house, &record)).ok_or(HouseError::Unfit(ErrorCode::NotFound))
}

/// The camera that a grant names.
pub(crate) fn named_by(grant: &Grant<act::ManageCameras>) -> Result<CameraId, HouseError> {
    grant.cameras().first().copied().ok_or(HouseError::Unfit(ErrorCode::NotFound))
}

/// The state of a camera's main feed.
pub(crate) fn feed_state(house: &House, camera: CameraId) -> Option<FeedState> {
    house.recorder.state(Feed { camera, kind: FeedKind::Main })
}

/// How a camera is doing, the disks included: pictures that come and cannot be kept are no
/// recording.
pub(crate) fn state_of(house: &House, camera: CameraId) -> api::CameraState {
    match feed_state(house, camera).map(|state| state.state) {
        None => api::CameraState::Retired,
        Some(CameraState::Recording) if !has_room(house, camera) => api::CameraState::Storage,
        Some(state) => {
            api::CameraState::from_word(state.word()).unwrap_or(api::CameraState::Garbage)
        }
    }
}

/// Whether a volume takes footage where that of a camera has to lie.
fn has_room(house: &House, camera: CameraId) -> bool {
    let place = house.recorder.ordered_place(camera);
    let volumes = house.vault.status().volumes;
    let mut fit = volumes.iter().filter(|volume| place.is_none() || volume.place == place);
    fit.any(|volume| !(volume.is_fenced || volume.is_full))
}

fn to_wire(house: &House, record: &CameraRecord) -> Option<api::Camera> {
    let camera: CameraId = record.camera.parse().ok()?;
    let device = record.devices.last()?;
    let feed = feed_state(house, camera);
    let feed = feed.as_ref();
    let kept = house.recorder.kept_at_most(record);
    let seconds = |length: Duration| u32::try_from(length.as_secs()).unwrap_or(u32::MAX);
    Some(api::Camera {
        id: Id(record.camera.clone()),
        name: record.name.clone(),
        spot: record.spot_name.clone(),
        policy_spot: record.policy_spot.clone(),
        state: state_of(house, camera),
        suspicion: feed.and_then(|feed| feed.suspicion).and_then(suspicion),
        sound: feed.and_then(|feed| feed.sound).map(sound),
        codec: feed.and_then(|feed| feed.codec).map(Into::into),
        width: feed.and_then(|feed| feed.width).map(Into::into),
        height: feed.and_then(|feed| feed.height).map(Into::into),
        retention_max_s: seconds(kept.unwrap_or(Duration::from_secs(record.retention_maximum_s))),
        retention_policy_s: house.recorder.ordered_at_most(record).map(seconds),
        retention_min_s: seconds(Duration::from_secs(record.retention_minimum_s)),
        has_sub: device.sub_url.is_some(),
        added_at: Time(record.added_at.clone()),
        retired_at: record.retired_at.clone().map(Time),
        url_masked: masked(&device.url),
        transport: if device.transport == "udp" {
            api::CameraTransport::Udp
        } else {
            api::CameraTransport::Tcp
        },
        device_since: Time(device.since.clone()),
        range_at: house.ledger.range_picture_at(camera).map(|(_, at)| time(at)),
        devices: devices(record),
    })
}

/// Sound on the wire.
const fn sound(sound: Sound) -> api::CameraSound {
    match sound {
        Sound::NotOffered => api::CameraSound::None,
        Sound::Offered => api::CameraSound::Offered,
        Sound::SentUnasked => api::CameraSound::Sent,
    }
}

/// A suspicion on the wire.
fn suspicion(suspicion: Suspicion) -> Option<api::Suspicion> {
    let Suspicion { what, since, sure_percent } = suspicion;
    Some(api::Suspicion {
        what: api::Suspected::from_word(what.word())?,
        since: time(since),
        sure_percent,
    })
}

/// The devices that hung there, each until the next one came.
fn devices(record: &CameraRecord) -> Vec<api::Device> {
    let ends = record.devices.iter().skip(1).map(|next| Some(next.since.clone()));
    let ends = ends.chain([record.retired_at.clone()]);
    let device = |(device, end): (&DeviceRecord, Option<String>)| api::Device {
        id: Id(device.device.clone()),
        from: Time(device.since.clone()),
        to: end.map(Time),
        url_masked: masked(&device.url),
        asset: device.asset.as_ref().map(ranges::asset),
    };
    record.devices.iter().zip(ends).map(device).collect()
}

/// An address without what some cameras carry a password in.
fn masked(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return String::new() };
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.set_fragment(None);
    url.to_string()
}

/// What a page or script asks to be added.
pub(crate) fn new_camera(camera: api::NewCamera) -> Result<NewCamera, HouseError> {
    let unfit = |_| HouseError::Unfit(ErrorCode::RetentionUnfit);
    let maximum = length(&camera.retention).map_err(unfit)?;
    let minimum = camera.retention_minimum.as_deref().map(length).transpose().map_err(unfit)?;
    let retention = Retention::new(minimum.unwrap_or(Duration::ZERO), maximum)
        .map_err(|_| HouseError::Unfit(ErrorCode::RetentionUnfit))?;
    let spot_name = if camera.spot.trim().is_empty() { &camera.name } else { &camera.spot };
    Ok(NewCamera {
        spot_name: spot_name.clone(),
        policy_spot: camera.policy_spot,
        name: camera.name,
        retention,
        device: NewDevice {
            url: camera.url.reveal().into(),
            sub_url: camera.sub_url.map(|url| url.reveal().into()),
            credentials: credentials(camera.username, camera.password),
            is_udp: camera.transport == api::CameraTransport::Udp,
        },
    })
}

/// Name and password, if a name was given.
pub(crate) fn credentials(
    username: Option<String>,
    password: Option<api::Secret>,
) -> Option<(String, String)> {
    let username = username.filter(|name| !name.is_empty())?;
    Some((username, password.map(|password| password.reveal().into()).unwrap_or_default()))
}

/// A still on the wire.
pub(crate) fn still(grant: &Grant<act::TakeStill>, still: &Still) -> api::Still {
    api::Still {
        act: Id(grant.number().to_string()),
        ledger_entry: grant.number().to_string(),
        taken_at: time(still.taken_at),
        media_type: still.mime.clone(),
        data_base64: base64::engine::general_purpose::STANDARD.encode(&still.bytes),
    }
}

/// What was recorded when, with the gap that is open now.
pub(crate) fn timeline(
    house: &House,
    camera: CameraId,
    (from, to): (WallTime, WallTime),
    timeline: &FootageTimeline,
) -> api::Timeline {
    let cause = |cause: domain::GapCause| {
        api::GapCause::from_word(cause.word()).unwrap_or(api::GapCause::RecorderStopped)
    };
    let mut gaps: Vec<api::Gap> = timeline
        .gaps
        .iter()
        .map(|gap| api::Gap {
            from: time(gap.from),
            to: Some(time(gap.to)),
            cause: cause(gap.cause),
        })
        .collect();
    let open = feed_state(house, camera).and_then(|feed| feed.open_gap);
    if let Some((since, open_cause)) = open.filter(|(since, _)| *since < to) {
        gaps.push(api::Gap { from: time(since), to: None, cause: cause(open_cause) });
    }
    let span = |span: &playback::RecordedSpan| api::RecordedSpan {
        from: time(span.from),
        to: time(span.to),
        codec: span.codec.into(),
        playable: span.playable,
    };
    let expiry = |expiry: &playback::Expiry| api::Expiry {
        from: time(expiry.from),
        to: time(expiry.to),
        expires_at: time(expiry.expires_at),
    };
    api::Timeline {
        camera: Id(camera.to_string()),
        from: time(from),
        to: time(to),
        oldest: timeline.oldest.map(time),
        spans: timeline.spans.iter().map(span).collect(),
        gaps,
        expiry: timeline.expiry.iter().map(expiry).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_shows_no_query() {
        let address = "rtsp://10.0.0.5:554/ch1?user=admin&pwd=hunter2";
        assert!(!masked(address).contains("hunter2"));
        assert!(masked(address).starts_with("rtsp://10.0.0.5"));
    }
}
