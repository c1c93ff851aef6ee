//! How the witnesses stand, for people: a part of the health page, and what is alarmed of it.

use std::time::Duration;

use api::{HealthAlarm, OneWitness, PartState, WitnessHealth};
use domain::WallTime;
use ledger::WitnessStatus;

use crate::house::House;
use crate::register::time;
use crate::witnesses::WitnessView;

/// An entry that no quorum has cosigned for this long is an alarm: rounds come each few seconds.
const LATE: Duration = Duration::from_secs(60);

/// The part of the page; none without witnesses.
pub(crate) fn witness_health(house: &House, now: WallTime) -> Option<WitnessHealth> {
    let status = house.ledger.witness_status()?;
    let waiting = status.waiting_since.map_or(Duration::ZERO, |since| now.since(since));
    let witnesses: Vec<OneWitness> = house
        .witnesses
        .views()
        .into_iter()
        .map(|view| OneWitness {
            name: view.name,
            cosigned_at: view.cosigned_at.map(time),
            trouble: view.trouble,
        })
        .collect();
    let state = if status.is_overdue || !status.refusing.is_empty() {
        PartState::Failing
    } else if waiting >= LATE || witnesses.iter().any(|witness| witness.trouble.is_some()) {
        PartState::Degraded
    } else {
        PartState::Ok
    };
    Some(WitnessHealth {
        cosigned_size: status.cosigned_size,
        cosigned_at: status.cosigned_at.map(time),
        waiting_s: waiting.as_secs(),
        state,
        witnesses,
    })
}

/// What needs a person, the gravest first.
pub(crate) fn alarms_of_witnesses(house: &House, now: WallTime) -> Vec<HealthAlarm> {
    let status = house.ledger.witness_status();
    status.map_or_else(Vec::new, |status| alarms_of(status, &house.witnesses.views(), now))
}

/// What of a status needs a person; of a witness that contradicts, where its evidence is kept.
pub(crate) fn alarms_of(
    status: WitnessStatus,
    views: &[WitnessView],
    now: WallTime,
) -> Vec<HealthAlarm> {
    let WitnessStatus { waiting_since, is_overdue, refusing, .. } = status;
    let alarm = |code: &str, since: WallTime, text_ko: String, text_en: String| {
        let (code, since) = (code.into(), time(since));
        HealthAlarm { code, since, camera: None, text_ko, text_en }
    };
    let mut alarms: Vec<HealthAlarm> = refusing
        .into_iter()
        .map(|(name, told)| {
            let view = views.iter().find(|view| view.name == name);
            let (kept_ko, kept_en) = kept_words(view.and_then(|view| view.evidence.as_deref()));
            alarm(
                "witness-contradicts",
                now,
                format!(
                    "증인 {name}이(가) 원장과 다른 기록을 알고 있습니다. 누군가 원장을 바꾸었거나 옛 복사본을 되돌렸을 수 있습니다. 디스크를 그대로 두고 감독기관에 알리십시오.{kept_ko}"
                ),
                format!(
                    "The witness {name} contradicts the ledger: {told}. Somebody may have changed it, or put an old copy back. Leave the disk as it is and tell your supervisory authority.{kept_en}"
                ),
            )
        })
        .collect();
    let late = waiting_since.filter(|since| now.since(*since) >= LATE);
    alarms.extend(late.map(|since| {
        let (ko, en) = if is_overdue {
            ("하루가 지나 영상을 볼 수 없습니다. ", " It has been a day, so no footage is shown.")
        } else {
            ("", "")
        };
        alarm(
            "unwitnessed",
            since,
            format!("증인들이 원장에 서명하지 않고 있습니다. {ko}녹화는 계속됩니다. 증인과의 연결을 확인하십시오."),
            format!("No quorum of witnesses cosigns the ledger.{en} Recording goes on. Look after the connection to the witnesses."),
        )
    }));
    alarms
}

/// Where the checkpoint of a witness is kept that contradicts, in Korean and in English.
fn kept_words(evidence: Option<&str>) -> (String, String) {
    evidence.map_or_else(Default::default, |path| {
        (
            format!(" 그 증인이 서명한 체크포인트를 데이터 폴더의 {path}에 보관했습니다."),
            format!(" What it cosigned is kept in the data folder as {path}."),
        )
    })
}
