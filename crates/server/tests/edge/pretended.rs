//! What the house that pretends speaks of.

use domain::{EntryNumber, FloorId};

use crate::house::CAMERA;

pub(crate) fn camera(time: api::Time) -> api::Camera {
    api::Camera {
        id: api::Id(CAMERA.to_string()),
        name: "정문".into(),
        spot: String::new(),
        policy_spot: None,
        state: api::CameraState::Recording,
        suspicion: None,
        sound: None,
        codec: None,
        width: None,
        height: None,
        retention_max_s: 90,
        retention_policy_s: None,
        retention_min_s: 0,
        has_sub: false,
        added_at: time.clone(),
        retired_at: None,
        url_masked: "rtsp://camera/".into(),
        range_at: None,
        transport: api::CameraTransport::Tcp,
        device_since: time,
        devices: vec![],
    }
}

pub(crate) fn record(time: api::Time, year: u16, number: u64) -> api::LedgerRecord {
    let entry = api::LedgerEntry {
        year,
        number,
        time,
        kind: "intent".into(),
        action: None,
        intent: None,
        outcome: None,
        mine: false,
    };
    api::LedgerRecord { entry, detail: None, withheld: true }
}

pub(crate) fn health(now: api::Time) -> api::Health {
    api::Health {
        state: api::HealthState::Ok,
        now,
        version: "0".into(),
        cameras: vec![],
        volumes: vec![],
        ledger: api::LedgerHealth {
            size: 0,
            root: String::new(),
            witnessing: None,
            checkpoint_age_s: 0,
            state: api::PartState::Ok,
        },
        keys: api::KeyHealth {
            holder: "file".into(),
            epoch: 0,
            buckets: 0,
            last_rotation_at: None,
            next_rotation_at: None,
            destruction: api::Destruction::Running,
            reason: None,
        },
        doctor: None,
        scrub: api::ScrubHealth {
            last_ended_at: None,
            last_reels: 0,
            last_bytes: 0,
            last_damaged: 0,
            bytes: 0,
            damaged: 0,
        },
        alarms: vec![],
    }
}

pub(crate) fn floor(changed_at: api::Time, floor: &FloorId, number: EntryNumber) -> api::Floor {
    api::Floor {
        id: api::Id(floor.to_string()),
        site: "부지".into(),
        building: "본관".into(),
        name: "1층".into(),
        level: 1,
        revision: number.to_string(),
        changed_at,
        picture: None,
        cameras: Vec::new(),
    }
}

pub(crate) fn no_policy() -> api::PolicyView {
    api::PolicyView {
        signs: Vec::new(),
        unsigned: Vec::new(),
        versions: Vec::new(),
        shown: None,
        document: None,
        mended: Vec::new(),
        lines: Vec::new(),
        reason: None,
        differences: Vec::new(),
    }
}

pub(crate) fn no_institution() -> api::InstitutionView {
    api::InstitutionView {
        version: None,
        entry: None,
        described: None,
        without_line: Vec::new(),
        findings: Vec::new(),
    }
}

pub(crate) fn reading(input: api::NewPolicyReading) -> api::PolicyReading {
    api::PolicyReading {
        text: None,
        date: input.date.unwrap_or_default(),
        findings: Vec::new(),
        not_understood: vec![api::ReadingLine { line: 1, text: input.text }],
        facts: api::ReadingFacts {
            institution: None,
            cameras_total: None,
            cameras_stated: None,
            groups: Vec::new(),
            retention_days_max: None,
            hours: "unknown".into(),
            purposes: Vec::new(),
            storage_places: Vec::new(),
            processor: "unknown".into(),
            versions: Vec::new(),
        },
        draft: api::ReadingDraft {
            toml: String::new(),
            fields: Vec::new(),
            unreadable: None,
            findings: Vec::new(),
        },
    }
}
