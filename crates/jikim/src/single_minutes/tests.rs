//! K9 in one go: single minutes from HTTPS through the house to the vault's disk, cosigned by a real
//! witness, with a clock that moves when told, since a day passes between approval and act.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::act::PlayFootage;
use domain::{
    AccountId, Action, Actor, CameraId, Feed, FeedKind, Purpose, PurposeKind, Retention, Role,
    WallTime,
};
use host::{Clock, Disk, Fs};
use ledger::{AccessLife, CameraRecord, DeviceRecord, Event, Grant, Kind, Record};
use rules::{Ask, Facts, Target, decide};
use serde_json::json;
use testkit::TestClock;
use vault::{Codec, CodecConfig, Frame, HoldersConfig, OpenFootageError};
use witness::{HttpLimits, Server, Settings, Witness};

use crate::house::{House, HouseConfig, lock_data, open_ledger, recorder_id};
use crate::run::Running;

#[allow(dead_code, reason = "the browser of the end-to-end tests can do more")]
#[path = "../../tests/end_to_end/house/web.rs"]
mod web;

mod deletion;

use web::{Answer, Web};

const CAMERA: CameraId = CameraId::from_bytes([0x11; 16]);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);
const MINUTES: &str = "/api/v1/single-minutes";

fn feed() -> Feed {
    Feed { camera: CAMERA, kind: FeedKind::Main }
}

fn config(data: &Path, clock: &TestClock) -> HouseConfig {
    HouseConfig {
        data: data.to_owned(),
        volumes: Vec::new(),
        holders: HoldersConfig::default(),
        clock_is_confirmed: false,
        is_demo: false,
        memory: None,
        time_servers: Vec::new(),
        access_life: AccessLife::TwoYears,
        records: true,
        press: data.join("press.sock"),
        mask: data.join("mask.sock"),
        clock: Arc::new(clock.clone()),
    }
}

/// A real witness, which the recorder that will run here asks.
async fn witnessed(folder: &Path, data: &Path, clock: &TestClock) -> Server {
    let (fs, the_clock): (Arc<dyn Fs>, Arc<dyn Clock>) = (Arc::new(Disk), Arc::new(clock.clone()));
    let lock = lock_data(data).unwrap();
    let ledger = open_ledger(data, recorder_id(data).unwrap(), &fs, &the_clock).unwrap();
    let log_key = ledger.verifier_key(clock.wall().year());
    ledger.close();
    drop((ledger, lock));
    let key = witness::create(&Disk, folder, "witness.example/1").unwrap();
    witness::add_log(&Disk, folder, &log_key).unwrap();
    let opened = Witness::open(folder, fs, Arc::clone(&the_clock), Settings::default()).unwrap();
    let (listen, limits) = ("127.0.0.1:0".parse().unwrap(), HttpLimits::default());
    let server = witness::serve(listen, None, Arc::new(opened), the_clock, limits).await.unwrap();
    let policy = format!("witness w {key} http://{}\nquorum w\n", server.address());
    std::fs::write(data.join("witnesses.policy"), policy).unwrap();
    server
}

/// A camera of the register that nobody connects to: what it films is handed to the vault.
async fn camera(house: &House) {
    let at = house.clock.wall().to_string();
    let device = DeviceRecord {
        device: CAMERA.to_string(),
        url: "rtsp://127.0.0.1:9/".into(),
        sub_url: None,
        credentials: None,
        transport: "tcp".into(),
        since: at.clone(),
        reason: None,
        seen_at: None,
        certificate: None,
        asset: None,
    };
    let camera = CameraRecord {
        camera: CAMERA.to_string(),
        spot: CAMERA.to_string(),
        name: "정문".into(),
        spot_name: "정문".into(),
        policy_spot: None,
        retention_minimum_s: 0,
        retention_maximum_s: 30 * 86_400,
        added_at: at,
        retired_at: None,
        retired_reason: None,
        devices: vec![device],
    };
    let record = Some(Record::Camera { actor: "a test".into(), camera });
    house.ledger.append(vec![Event { kind: Kind::Camera, record }]).await.unwrap();
}

/// A picture in each of some minutes.
fn film(house: &House, clock: &TestClock, minutes: u32) {
    let sealer =
        house.vault.sealer().feed(feed(), Retention::new(Duration::ZERO, 30 * DAY).unwrap());
    let record = vec![1, 66, 0, 30, 255];
    sealer.set_config(CodecConfig { kind: Codec::H264, width: 64, height: 64, record });
    for _ in 0..minutes {
        sealer.push(&Frame {
            bytes: bytes::Bytes::from(vec![7; 300]),
            keyframe: true,
            wall: clock.wall(),
            uncertainty_us: 1000,
            elapsed: clock.elapsed(),
            presentation_offset_us: 0,
            duration_us: 1_000_000,
            connection: 1,
        });
        house.vault.flush();
        clock.advance(MINUTE);
    }
    // The hour is over, and its reel is closed.
    clock.advance(2 * HOUR);
    house.vault.flush();
    house.vault.settle();
}

/// The minutes of which a picture can be opened, through the only door, counted from a moment.
fn seen(house: &House, from: WallTime) -> BTreeSet<u64> {
    let to = from + HOUR;
    let ask = Ask {
        actor: Actor::Person(AccountId::from_bytes([1; 16])),
        action: Action::PlayFootage,
        target: Target::Footage { cameras: vec![CAMERA], from, to },
        purpose: Some(Purpose::new(PurposeKind::Incident, "a test").unwrap()),
        proposal: None,
    };
    let facts = Facts { roles: vec![Role::Manager], ..Facts::nobody() };
    let permit = decide(ask, &facts, house.clock.wall()).unwrap();
    let grant: Grant<PlayFootage> = house.ledger.admit_blocking(permit).unwrap();
    let (opener, mut seen) = (house.vault.opener(), BTreeSet::new());
    let reader = opener.footage(&grant);
    let mut place = reader.seek(feed(), from).unwrap();
    while let Some(chunk) = place {
        match reader.open(&chunk) {
            Ok(opened) => {
                seen.extend(opened.frames.iter().map(|it| it.wall.since(from).as_secs() / 60));
            }
            Err(OpenFootageError::Destroyed) => {}
            Err(error) => panic!("{error}"),
        }
        place = reader.next(&chunk).unwrap();
    }
    seen
}

/// Waits until all that is entered is cosigned: an entry from before the clock moved would be old.
async fn cosigned(house: &House) {
    let begun = Instant::now();
    while house.ledger.witness_status().unwrap().waiting_since.is_some() {
        // The clock stands still, and with it the second after which a checkpoint is signed.
        house.ledger.publish().await.unwrap();
        assert!(begun.elapsed() < MINUTE, "the witness cosigns");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The same recorder again, as soon as the last of the one before has let go of the folder.
async fn reopened(data: &Path, clock: &TestClock) -> House {
    let begun = Instant::now();
    loop {
        match House::open(config(data, clock)).await {
            Ok(house) => return house,
            Err(told) => assert!(begun.elapsed() < MINUTE, "{told}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What blocks as it waits for an answer.
fn blocking<T>(ask: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(ask)
}

fn is_done(answer: &Answer) -> bool {
    answer.status == 200 && answer.body["state"] == "carried-out"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn k9_minutes_that_two_people_agreed_to_go_a_day_later_from_http_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let start = clock.wall();
    let witness = witnessed(&folder.path().join("witness"), &data, &clock).await;
    let listen = "127.0.0.1:0".parse().unwrap();
    let running = Running::start(config(&data, &clock), listen, None).await.unwrap();
    let house = Arc::clone(&running.house);
    camera(&house).await;
    blocking(|| film(&house, &clock, 5));
    cosigned(&house).await;
    assert_eq!(blocking(|| seen(&house, start)), (0..5).collect());

    let links = house.access.first_run_links().await.unwrap().unwrap();
    let certificate = data.join("tls").join("cert.pem");
    let mut manager = Web::new(&running.address(), &certificate);
    let mut other = manager.clone();
    blocking(|| manager.claim(links.manager.unwrap().expose().as_str(), "manager"));
    blocking(|| other.claim(links.administrator.unwrap().expose().as_str(), "administrator"));
    let named = json!({
        "cameras": [CAMERA.to_string()],
        "from": (start + MINUTE).to_string(),
        "to": (start + 3 * MINUTE).to_string(),
        "reason": "a request by the person filmed",
    });
    let proposed = blocking(|| other.post(MINUTES, &named));
    assert_eq!(proposed.status, 201, "{proposed:?}");
    let number = format!("{}/{}", proposed.body["year"], proposed.body["number"]);
    let decide = format!("/api/v1/proposals/{number}/decide");
    let approved = blocking(|| manager.post(&decide, &json!({ "approves": true })));
    assert_eq!(approved.body["state"], "approved", "{approved:?}");

    // The control: before the day is over nothing goes.
    let carry_out = format!("{MINUTES}/{number}/carry-out");
    let early = blocking(|| manager.post(&carry_out, &json!({})));
    assert_eq!(early.code(), "conflict", "{early:?}");
    cosigned(&house).await;
    assert_eq!(blocking(|| seen(&house, start)), (0..5).collect());
    cosigned(&house).await;
    clock.advance(DAY);
    blocking(|| manager.sign_in("manager"));
    cosigned(&house).await;
    let done = blocking(|| manager.post(&carry_out, &json!({})));
    assert!(is_done(&done), "{done:?}");
    let left = BTreeSet::from([0, 3, 4]);
    assert_eq!(blocking(|| seen(&house, start)), left);
    // Once, and it is in the ledger with its proposal.
    let again = blocking(|| manager.post(&carry_out, &json!({})));
    assert_eq!(again.code(), "conflict", "{again:?}");
    let kinds: Vec<_> =
        blocking(|| manager.ledger(50)).iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "destroyed").count(), 1, "{kinds:?}");
    drop(house);
    running.stop().await;

    // What is gone is gone from the disk.
    let house = reopened(&data, &clock).await;
    blocking(|| house.vault.settle());
    cosigned(&house).await;
    assert_eq!(blocking(|| seen(&house, start)), left);
    house.close().await;
    witness.shutdown().await;
}
