//! How the recorder is: for the page, for machines, and for a load balancer.

use std::fmt::Write as _;
use std::time::Duration;

use api::{
    CameraHealth, Destruction, Health, HealthAlarm, HealthState, KeyHealth, LedgerHealth,
    PartState, ScrubHealth, Suspected, VolumeHealth,
};
use domain::WallTime;
use host::Swap;

use crate::house::House;
use crate::register::time;
use crate::status::{CameraStatus, ScrubPart, Status, SuspicionPart, VolumePart, status};
use crate::witness_health::{alarms_of_witnesses, witness_health};
use crate::{Told, doctor, register, sentence, tasks};

/// A camera whose last durable frame is older than this records nothing, whatever its state says.
const STALE_MS: u64 = 15_000;
/// A volume with less room is an alarm.
const LOW_BYTES: u64 = 2 << 30;

/// A suspicion about a picture that is as sure as this is an alarm.
const ALARMING_PERCENT: u8 = 90;
/// A volume that is full within so many days is an alarm.
const FILLS_SOON_DAYS: u32 = 7;
/// For how long it is said that footage was destroyed early.
const SAID_FOR: Duration = Duration::from_secs(7 * 86_400);

/// The health page.
pub(crate) async fn health(house: &House) -> Told<Health> {
    let now = house.clock.wall();
    let status = status(house, Some(now)).await?;
    let cameras: Vec<CameraHealth> = status
        .cameras
        .iter()
        .filter(|camera| camera.state != api::CameraState::Retired.word())
        .map(|camera| camera_health(house, camera))
        .collect();
    let vault = house.vault.status();
    let alarms = alarms(house, &status, now);
    let reels = house.catalog.reels().await.map_err(sentence)?;
    let bytes_on =
        |id| reels.iter().filter(|reel| reel.volume == id).map(|reel| reel.length_bytes).sum();
    let parts = &status.vault.volumes;
    let days_left = |id: String| parts.iter().find(|part| part.id == id)?.days_left;
    let volumes = vault
        .volumes
        .iter()
        .map(|v| volume(v, bytes_on(v.id), days_left(v.id.to_string())))
        .collect::<Vec<_>>();
    let reason = vault.destruction.frozen.or(vault.destruction.delayed);
    let ledger = ledger_health(house, now);
    let state = if ledger.state == PartState::Failing || is_ready(house).is_err() {
        HealthState::Failing
    } else if alarms.is_empty() {
        HealthState::Ok
    } else {
        HealthState::Degraded
    };
    Ok(Health {
        state,
        now: time(now),
        version: env!("CARGO_PKG_VERSION").into(),
        cameras,
        volumes,
        ledger,
        keys: KeyHealth {
            holder: names(&vault.holders),
            epoch: vault.epoch,
            buckets: vault.buckets,
            last_rotation_at: vault.destruction.last_at.map(time),
            next_rotation_at: vault.destruction.next_at.map(time),
            destruction: if reason.is_some() { Destruction::Frozen } else { Destruction::Running },
            reason,
        },
        scrub: scrub_health(&status.vault.scrub),
        doctor: tokio::task::block_in_place(|| doctor::kept(house)),
        alarms,
    })
}

fn names(holders: &[vault::HolderStatus]) -> String {
    holders.iter().map(|holder| &*holder.name).collect::<Vec<_>>().join(", ")
}

fn camera_health(house: &House, camera: &CameraStatus) -> CameraHealth {
    let main = |camera| domain::Feed { camera, kind: domain::FeedKind::Main };
    let rate = camera.id.parse().map(|id| house.rates.of(main(id))).unwrap_or_default();
    CameraHealth {
        id: api::Id(camera.id.clone()),
        name: camera.name.clone(),
        state: api::CameraState::from_word(&camera.state).unwrap_or(api::CameraState::Garbage),
        suspicion: camera.suspicion.as_ref().and_then(suspicion),
        last_durable_frame_age_ms: camera.last_durable_frame_age_ms,
        frames_lost: camera.frames_lost,
        bitrate_bps: rate.bits_per_s,
        fps: rate.frames_per_s,
    }
}

fn suspicion(part: &SuspicionPart) -> Option<api::Suspicion> {
    let what = api::Suspected::from_word(&part.what)?;
    Some(api::Suspicion {
        what,
        since: api::Time(part.since.clone()),
        sure_percent: part.sure_percent,
    })
}

fn volume(volume: &vault::VolumeStatus, bytes: u64, days_left: Option<u32>) -> VolumeHealth {
    let space = volume.space.unwrap_or(host::Space { free_bytes: 0, total_bytes: 0 });
    VolumeHealth {
        id: api::Id(volume.id.to_string()),
        path_label: volume.path.file_name().map(|n| n.to_string_lossy().into()).unwrap_or_default(),
        state: match (volume.is_fenced, space.free_bytes < LOW_BYTES) {
            (true, _) => PartState::Failing,
            (false, true) if volume.is_full => PartState::Failing,
            (false, true) => PartState::Degraded,
            (false, false) => PartState::Ok,
        },
        free_bytes: space.free_bytes,
        total_bytes: space.total_bytes,
        days_left,
        reels: volume.reels,
        bytes,
    }
}

fn scrub_health(scrub: &ScrubPart) -> ScrubHealth {
    ScrubHealth {
        last_ended_at: scrub.last_ended_at.clone().map(api::Time),
        last_reels: scrub.last_reels,
        last_bytes: scrub.last_bytes,
        last_damaged: scrub.last_damaged,
        bytes: scrub.bytes,
        damaged: scrub.damaged,
    }
}

fn ledger_health(house: &House, now: WallTime) -> LedgerHealth {
    let ledger = house.ledger.status();
    LedgerHealth {
        size: ledger.size,
        root: ledger.root,
        checkpoint_age_s: ledger.signed_at.map_or(0, |at| now.since(at).as_secs()),
        witnessing: witness_health(house, now),
        state: if ledger.broken.is_some() { PartState::Failing } else { PartState::Ok },
    }
}

/// Whether everything that should record does so durably. A recorder without cameras is ready.
pub(crate) fn is_ready(house: &House) -> Result<(), String> {
    if let Some(reason) = house.ledger.status().broken {
        return Err(format!("the ledger cannot write: {reason}"));
    }
    if house.vault.status().volumes.iter().all(|volume| volume.is_fenced || volume.is_full) {
        return Err("every volume has failed or is full; nothing is recorded. Give it room, or another disk".into());
    }
    Ok(())
}

fn alarms(house: &House, status: &Status, now: WallTime) -> Vec<HealthAlarm> {
    let mut alarms = Vec::new();
    let mut alarm =
        |code: &str, camera: Option<&CameraStatus>, since: WallTime, ko: String, en: String| {
            alarms.push(HealthAlarm {
                code: code.into(),
                since: time(since),
                camera: camera.map(|camera| api::Id(camera.id.clone())),
                text_ko: ko,
                text_en: en,
            });
        };
    for camera in &status.cameras {
        let retired = camera.state == api::CameraState::Retired.word();
        let recording = camera.state == api::CameraState::Recording.word();
        let rests = camera.state == api::CameraState::OffHours.word();
        let stale = camera.last_durable_frame_age_ms.is_some_and(|age| age > STALE_MS);
        if !(retired || rests) && (!recording || stale) {
            let since = camera.gaps.iter().find(|gap| gap.to.is_none());
            let since = since.and_then(|gap| gap.from.parse().ok()).unwrap_or(now);
            let trouble = camera.id.parse().ok().and_then(|id| register::feed_state(house, id));
            let trouble = trouble.and_then(|state| state.trouble).unwrap_or_default();
            alarm(
                "camera-not-recording",
                Some(camera),
                since,
                format!("{}: 녹화되지 않고 있습니다.", camera.name),
                format!("{} is not being recorded. {trouble}", camera.name),
            );
        }
    }
    let vault = house.vault.status();
    for volume in vault.volumes.iter().filter(|volume| volume.is_fenced) {
        let path = volume.path.display();
        alarm(
            "volume-failed",
            None,
            now,
            format!("저장 장치 {path}가 고장으로 분리되었습니다. 디스크를 점검하십시오."),
            format!("Volume {path} failed and is not written to any more. Check the disk."),
        );
    }
    for volume in vault.volumes.iter().filter(|volume| volume.is_full) {
        let path = volume.path.display();
        alarm(
            "volume-full",
            None,
            now,
            format!(
                "저장 장치 {path}가 가득 차서 녹화하지 않습니다. 공간을 확보하거나 디스크를 추가하십시오."
            ),
            format!("Volume {path} is full and takes no footage. Give it room, or add a disk."),
        );
    }
    for volume in vault.volumes.iter().filter(|v| v.space.is_some_and(|s| s.free_bytes < LOW_BYTES))
    {
        let path = volume.path.display();
        alarm(
            "volume-nearly-full",
            None,
            now,
            format!("저장 장치 {path}의 남은 공간이 2 GiB보다 적습니다."),
            format!("Volume {path} has less than 2 GiB left."),
        );
    }
    if let Some(reason) = vault.destruction.frozen {
        alarm(
            "destruction-frozen",
            None,
            now,
            "보유기간이 지난 영상의 파기가 멈춰 있습니다. 시계를 확인하십시오.".into(),
            format!("Destruction is frozen: {reason}. Look at the clock."),
        );
    }
    for holder in &vault.holders {
        let Some((since, why)) = &holder.away else { continue };
        let name = &holder.name;
        alarm(
            "holder-away",
            None,
            *since,
            format!(
                "금고 열쇠의 보관자 {name}가 응답하지 않습니다. 녹화는 계속되지만 보유기간이 지난 영상의 파기가 미뤄집니다."
            ),
            format!(
                "The holder {name} of the vault key is away: {why}. Recording goes on; what is due is not destroyed until it is back."
            ),
        );
    }
    if let Some(reason) = house.ledger.status().broken {
        alarm(
            "ledger-broken",
            None,
            now,
            "원장에 기록할 수 없어 열람이 중단되었습니다.".into(),
            format!("The ledger cannot write, so nothing is shown: {reason}"),
        );
    }
    if house.memory.is_some_and(|memory| memory.swap() == Swap::MayBeUsed) {
        alarm(
            "memory-may-be-swapped",
            None,
            now,
            "스왑이 암호화되지 않아 메모리의 열쇠와 영상이 디스크에 남을 수 있습니다. 스왑을 끄거나 메모리 잠금을 허용하십시오(LimitMEMLOCK=infinity).".into(),
            "Swap is not encrypted: keys and pictures in memory may stay on the disk. Turn swap off, or let memory be locked (LimitMEMLOCK=infinity) and start again.".into(),
        );
    }
    alarms.extend(alarms_of_witnesses(house, now));
    alarms.extend(alarms_of_footage(house, status, now));
    alarms.extend(alarms_of_pictures(status));
    alarms.extend(tasks::alarm_of_promises(house));
    alarms
}

/// Cameras whose pictures stand still or are black, as good as surely. What is less sure stands with
/// the camera alone: an alarm that is often wrong is soon looked at by nobody.
fn alarms_of_pictures(status: &Status) -> Vec<HealthAlarm> {
    let alarm = |camera: &CameraStatus| {
        let suspicion = camera.suspicion.as_ref().and_then(suspicion)?;
        let sure = suspicion.sure_percent;
        let (code, ko, en) = match suspicion.what {
            Suspected::Frozen => ("picture-frozen", "화면이 멈춰 있는", "stands still"),
            Suspected::Black => {
                ("picture-black", "화면이 검거나 한 가지 색인", "is black, or of one colour")
            }
        };
        let name = &camera.name;
        (sure >= ALARMING_PERCENT).then(|| HealthAlarm {
            code: code.into(),
            since: suspicion.since,
            camera: Some(api::Id(camera.id.clone())),
            text_ko: format!("{name}: {ko} 것으로 보입니다(확신 {sure}%). 카메라를 확인하십시오. 녹화는 계속됩니다."),
            text_en: format!("The picture of {name} {en} ({sure}% sure). Look at the camera. Recording goes on."),
        })
    };
    status.cameras.iter().filter_map(alarm).collect()
}

/// What threatens footage that is kept, or ends it before its time.
fn alarms_of_footage(house: &House, status: &Status, now: WallTime) -> Vec<HealthAlarm> {
    let mut alarms = Vec::new();
    let mut alarm = |code: &str, since: WallTime, text_ko: String, text_en: String| {
        let (code, since) = (code.into(), time(since));
        alarms.push(HealthAlarm { code, since, camera: None, text_ko, text_en });
    };
    for volume in &status.vault.volumes {
        let Some(days) = volume.days_left.filter(|days| *days <= FILLS_SOON_DAYS) else { continue };
        let id = &volume.id;
        alarm(
            "volume-fills-up",
            now,
            format!(
                "저장 장치 {id}는 {days}일 뒤에 가득 찹니다. 디스크를 추가하거나 보관 기간을 줄이십시오."
            ),
            format!("Volume {id} is full in {days} days. Add a disk, or keep less."),
        );
    }
    let damaged = status.vault.scrub.damaged;
    if damaged > 0 {
        alarm(
            "reels-damaged",
            now,
            format!(
                "손상되었거나 없어진 릴이 {damaged}개 있습니다. 원장에 적혀 있습니다. 디스크를 점검하십시오."
            ),
            format!(
                "{damaged} reels are damaged or missing; the ledger names them. Check the disk."
            ),
        );
    }
    let early = house.access.early();
    if let Some((act, at)) = early.last.filter(|(_, at)| now.since(*at) < SAID_FOR) {
        alarm(
            "destroyed-early",
            at,
            format!(
                "디스크가 가득 차서 영상이 약속한 기간보다 일찍 파기되고 있습니다(원장 {act})."
            ),
            format!(
                "The disk is full, and footage is destroyed earlier than promised (entry {act})."
            ),
        );
    }
    if let Some((proposal, from)) = early.rule {
        alarm(
            "early-destruction-allowed",
            from,
            format!(
                "{from}부터 디스크가 가득 차면 오래된 영상을 먼저 파기합니다(제안 {proposal}). 한 사람이 철회할 수 있습니다."
            ),
            format!(
                "From {from} on, when the disk is full the oldest footage goes before its time (proposal {proposal}). One person can take that back."
            ),
        );
    }
    alarms
}

/// Figures for Prometheus; cameras by id, since a name may tell a place.
pub(crate) async fn metrics(house: &House) -> Told<String> {
    let status = status(house, Some(house.clock.wall())).await?;
    let vault = house.vault.status();
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, rows: Vec<(String, f64)>| {
        let _ = writeln!(text, "# TYPE jikim_{name} {kind}");
        for (labels, value) in rows {
            let _ = writeln!(text, "jikim_{name}{labels} {value}");
        }
    };
    let by_camera = |value: &dyn Fn(&CameraStatus) -> Option<f64>| {
        let row =
            |camera: &CameraStatus| Some((format!("{{camera=\"{}\"}}", camera.id), value(camera)?));
        status.cameras.iter().filter_map(row).collect::<Vec<_>>()
    };
    #[allow(clippy::cast_precision_loss)]
    let number = |value: u64| value as f64;
    family("camera_recording", "gauge", by_camera(&|c| Some(f64::from(c.state == "recording"))));
    family("frames_recorded_total", "counter", by_camera(&|c| Some(number(c.frames_recorded))));
    family("bytes_recorded_total", "counter", by_camera(&|c| Some(number(c.bytes_recorded))));
    family("frames_lost_total", "counter", by_camera(&|c| Some(number(c.frames_lost))));
    let age = |c: &CameraStatus| c.last_durable_frame_age_ms.map(|ms| number(ms) / 1000.0);
    family("last_durable_frame_age_seconds", "gauge", by_camera(&age));
    let suspected =
        |c: &CameraStatus| Some(f64::from(c.suspicion.as_ref().map_or(0, |s| s.sure_percent)));
    family("picture_suspected_percent", "gauge", by_camera(&suspected));
    let oldest = |c: &CameraStatus| c.oldest_footage_age_s.map(number);
    family("oldest_footage_age_seconds", "gauge", by_camera(&oldest));
    family("ledger_size", "gauge", vec![(String::new(), number(status.ledger.size))]);
    let ledger = &status.ledger;
    let one =
        |value: Option<u64>| value.map(|it| (String::new(), number(it))).into_iter().collect();
    family("ledger_cosigned_size", "gauge", one(ledger.cosigned_size));
    family("ledger_uncosigned_age_seconds", "gauge", one(ledger.uncosigned_age_s));
    family("vault_epoch", "gauge", vec![(String::new(), number(vault.epoch))]);
    family("vault_buckets", "gauge", vec![(String::new(), number(vault.buckets))]);
    let frozen = f64::from(vault.destruction.frozen.is_some());
    family("destruction_frozen", "gauge", vec![(String::new(), frozen)]);
    let away = vault.holders.iter().map(|holder| {
        // Its kind alone: its place is a path of this machine.
        let kind = holder.name.split(':').next().unwrap_or_default();
        (format!("{{holder=\"{kind}\"}}"), f64::from(holder.away.is_some()))
    });
    family("holder_away", "gauge", away.collect());
    let volumes = |value: &dyn Fn(&vault::VolumeStatus) -> f64| {
        let row = |v: &vault::VolumeStatus| (format!("{{volume=\"{}\"}}", v.id), value(v));
        vault.volumes.iter().map(row).collect::<Vec<_>>()
    };
    family("volume_failed", "gauge", volumes(&|v| f64::from(v.is_fenced)));
    let free = |v: &vault::VolumeStatus| v.space.map_or(0.0, |space| number(space.free_bytes));
    family("volume_free_bytes", "gauge", volumes(&free));
    let parts = &status.vault.volumes;
    let left = |v: &VolumePart| {
        v.days_left.map(|days| (format!("{{volume=\"{}\"}}", v.id), f64::from(days)))
    };
    family("volume_days_left", "gauge", parts.iter().filter_map(left).collect());
    let scrub = &status.vault.scrub;
    family("reels_damaged", "gauge", vec![(String::new(), number(scrub.damaged))]);
    family("scrub_bytes", "gauge", vec![(String::new(), number(scrub.bytes))]);
    let early = house
        .access
        .early()
        .last
        .map_or(0.0, |(_, at)| number(at.as_micros().unsigned_abs() / 1_000_000));
    family("last_early_destruction_seconds", "gauge", vec![(String::new(), early)]);
    Ok(text)
}
