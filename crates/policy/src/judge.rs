//! Whether each promise is kept, from facts that were looked up.
//!
//! *Kept* means that somebody looked and found what was promised; what nobody looked at is *unproven*,
//! never kept. *Broken* means that the opposite was found. The words say no more than the program can
//! see: of what happens without it, it knows nothing.

use domain::{Role, WallTime};

use crate::appointment::access_list;
use crate::attested::judge_attested;
use crate::desk;
use crate::registers::{contractors_here, with_register};
use crate::{AccountFact, CameraFact, CameraSound, Check, Description, Facts, Promise};

const DAY_US: i64 = 86_400_000_000;
/// Footage is sealed in hours, and one is on its way out: this much later than its time is late.
const LATE_US: i64 = 3_600_000_000;
/// What a new camera is given to begin.
const BEGINS_US: i64 = 120_000_000;

/// What is known of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Looked at, and so.
    Kept,
    /// Looked at, and otherwise.
    Broken,
    /// Nobody looked, or it cannot be seen from here.
    Unproven,
}

impl State {
    /// The word that stands for it outside.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::Unproven => "unproven",
        }
    }
}

/// A promise and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Which.
    pub promise: Promise,
    /// Whether it is kept.
    pub state: State,
    /// What was seen, in Korean.
    pub evidence_ko: String,
    /// The same in English.
    pub evidence_en: String,
}

/// What a check found: state, Korean, English.
pub(crate) type Found = (State, String, String);

/// Says of each promise whether it is kept.
#[must_use]
pub fn judge(described: &Description, promises: &[Promise], facts: &Facts) -> Vec<Judged> {
    let one = |promise: &Promise| {
        let (state, evidence_ko, evidence_en) = look(described, promise, facts);
        Judged { promise: promise.clone(), state, evidence_ko, evidence_en }
    };
    promises.iter().map(one).collect()
}

fn look(described: &Description, promise: &Promise, facts: &Facts) -> Found {
    match &promise.check {
        Check::SpotCameras { spot, cameras } => spot_cameras(facts, spot, *cameras),
        Check::AllCameras { cameras } => all_cameras(described, facts, *cameras),
        Check::Hours => hours(facts),
        Check::NoSound => no_sound(facts),
        Check::Retention { unit, days } => retention(described, facts, unit, *days),
        Check::Storage { unit, place } => storage(described, facts, unit, place),
        Check::Destruction => destruction(facts),
        Check::AccessList => access_list(described, facts),
        Check::ContractorSeesNothing => contractors(facts),
        Check::ViewingRecorded => viewing_recorded(facts),
        Check::Encrypted => encrypted(facts),
        Check::RecordsUnaltered => unaltered(facts),
        Check::Register => desk::register(facts),
        Check::Notice { days } => notice(described, *days),
        Check::RequestsAnswered { days } => desk::answered(promise, facts, *days),
        Check::Attested { every_days } => {
            with_register(promise, facts, judge_attested(promise, facts, *every_days))
        }
    }
}

pub(crate) fn kept(ko: impl Into<String>, en: impl Into<String>) -> Found {
    (State::Kept, ko.into(), en.into())
}

pub(crate) fn broken(ko: impl Into<String>, en: impl Into<String>) -> Found {
    (State::Broken, ko.into(), en.into())
}

pub(crate) fn unproven(ko: impl Into<String>, en: impl Into<String>) -> Found {
    (State::Unproven, ko.into(), en.into())
}

fn spot_cameras(facts: &Facts, spot: &str, published: u16) -> Found {
    let here = facts.cameras.iter().filter(|camera| camera.spot.as_deref() == Some(spot));
    let here: Vec<&CameraFact> = here.collect();
    let dark: Vec<&str> = here
        .iter()
        .filter(|camera| !camera.is_recording)
        .filter(|camera| facts.now.as_micros() - camera.added_at.as_micros() > BEGINS_US)
        .map(|camera| camera.name.as_str())
        .collect();
    let there = here.len();
    if there != usize::from(published) {
        return broken(
            format!("공개한 것은 {published}대, 등록된 것은 {there}대입니다."),
            format!("{published} are published, {there} are registered."),
        );
    }
    if !dark.is_empty() {
        let names = dark.join(", ");
        return broken(
            format!("{there}대 가운데 {}대가 지금 녹화되지 않습니다: {names}", dark.len()),
            format!("{} of {there} do not record now: {names}", dark.len()),
        );
    }
    let begins = here.iter().filter(|camera| !camera.is_recording).count();
    if begins > 0 {
        return unproven(
            format!("{begins}대가 녹화를 시작하는 중입니다."),
            format!("{begins} are about to begin."),
        );
    }
    kept(
        format!("공개 {published}대, 등록 {there}대, 녹화 {there}대"),
        format!("{published} published, {there} registered, {there} recording"),
    )
}

fn all_cameras(described: &Description, facts: &Facts, published: u32) -> Found {
    let known = |id: &String| described.spots.iter().any(|spot| spot.id == *id);
    let strange = facts.cameras.iter().filter(|camera| !camera.spot.as_ref().is_some_and(known));
    let strange: Vec<&str> = strange.map(|camera| camera.name.as_str()).collect();
    if !strange.is_empty() {
        let names = strange.join(", ");
        return broken(
            format!("방침에 없는 카메라 {}대가 있습니다: {names}", strange.len()),
            format!("{} cameras are in no line of the policy: {names}", strange.len()),
        );
    }
    let there = facts.cameras.len();
    let (ko, en) = (
        format!("공개 {published}대, 등록 {there}대"),
        format!("{published} published, {there} registered"),
    );
    if u32::try_from(there) == Ok(published) { kept(ko, en) } else { broken(ko, en) }
}

fn hours(facts: &Facts) -> Found {
    let undeclared = facts.cameras.iter().filter(|camera| !camera.is_declared).count();
    let missing_us: i64 = facts.cameras.iter().map(|camera| camera.missing_us).sum();
    let minutes = missing_us / 60_000_000;
    if undeclared > 0 {
        return broken(
            format!("카메라 {undeclared}대에 까닭이 남지 않은 빈 시간이 있습니다."),
            format!("{undeclared} cameras have time missing without a cause."),
        );
    }
    let outside = facts.cameras.iter().filter(|camera| camera.outside_us > 0).count();
    if outside > 0 {
        return broken(
            format!("카메라 {outside}대가 촬영시간 밖에 녹화한 것이 있습니다."),
            format!("{outside} cameras have recorded outside their hours."),
        );
    }
    if facts.cameras.is_empty() {
        return unproven("카메라가 없습니다.", "There is no camera.");
    }
    kept(
        format!(
            "지난 24시간의 촬영시간 가운데 끊긴 시간은 모두 {minutes}분이며 까닭이 남아 있습니다."
        ),
        format!("Of the hours of a day {minutes} minutes are missing, each with its cause."),
    )
}

fn cameras_of<'f>(described: &Description, facts: &'f Facts, unit: &str) -> Vec<&'f CameraFact> {
    let spots = described.spots.iter().filter(|spot| spot.unit == unit);
    let spots: Vec<&str> = spots.map(|spot| spot.id.as_str()).collect();
    let is_here =
        |camera: &&CameraFact| camera.spot.as_deref().is_some_and(|spot| spots.contains(&spot));
    facts.cameras.iter().filter(is_here).collect()
}

fn retention(described: &Description, facts: &Facts, unit: &str, days: u16) -> Found {
    let cameras = cameras_of(described, facts, unit);
    let most_s = u64::from(days) * 86_400;
    let longer: Vec<&str> = cameras
        .iter()
        .filter(|camera| camera.retention_s > most_s)
        .map(|camera| camera.name.as_str())
        .collect();
    if !longer.is_empty() {
        let names = longer.join(", ");
        return broken(
            format!("{days}일보다 오래 보관하도록 설정된 카메라가 있습니다: {names}"),
            format!("set to be kept for more than {days} days: {names}"),
        );
    }
    let oldest = cameras.iter().filter_map(|camera| camera.oldest).min();
    let Some(oldest) = oldest else {
        return unproven("아직 녹화된 영상이 없습니다.", "There is no footage yet.");
    };
    let age_us = facts.now.as_micros() - oldest.as_micros();
    let age = format!("{:.1}", age_us as f64 / DAY_US as f64);
    if age_us > i64::from(days) * DAY_US {
        return broken(
            format!("가장 오래된 영상이 {age}일 되었습니다 ({oldest})."),
            format!("The oldest footage is {age} days old ({oldest})."),
        );
    }
    kept(
        format!("가장 오래된 영상은 {age}일 된 것입니다 ({oldest})."),
        format!("The oldest footage is {age} days old ({oldest})."),
    )
}

fn storage(described: &Description, facts: &Facts, unit: &str, place: &str) -> Found {
    let cameras = cameras_of(described, facts, unit);
    let elsewhere = |camera: &CameraFact| -> Vec<String> {
        camera.stored_in.iter().flatten().filter(|there| *there != place).cloned().collect()
    };
    if let Some(camera) = cameras.iter().find(|camera| !elsewhere(camera).is_empty()) {
        let there = elsewhere(camera).join(", ");
        return broken(
            format!("‘{}’의 영상이 {there}에 있습니다.", camera.name),
            format!("Footage of {:?} lies in {there}.", camera.name),
        );
    }
    if cameras.iter().any(|camera| camera.stored_in.contains(&None)) {
        return unproven(
            "영상의 일부가, 어느 방에 있는지 설정되지 않은 저장 장치에 있습니다.",
            "Some of the footage lies on a volume of which the configuration does not say the room.",
        );
    }
    if cameras.is_empty() || cameras.iter().any(|camera| camera.stored_in.is_empty()) {
        return unproven(
            "아직 다 쓴 녹화 파일이 없거나(5분쯤), 저장 장치가 어느 방에 있는지 설정되지 않았습니다.",
            "No reel is closed yet (five minutes), or the configuration does not say where volumes stand.",
        );
    }
    kept(
        format!("카메라 {}대의 영상이 모두 {place}의 저장 장치에 있습니다.", cameras.len()),
        format!("Footage of all {} cameras lies on volumes in {place}.", cameras.len()),
    )
}

/// Reels have no place for sound, and none is asked for. Whether a camera makes some that may go
/// elsewhere, it says itself.
fn no_sound(facts: &Facts) -> Found {
    let of = |sound: Option<CameraSound>| -> Vec<&str> {
        let cameras = facts.cameras.iter().filter(|camera| camera.sound == sound);
        cameras.map(|camera| camera.name.as_str()).collect()
    };
    let (sent, offered) = (of(Some(CameraSound::Sent)), of(Some(CameraSound::Offered)));
    let (count, names) = (sent.len(), sent.join(", "));
    if count > 0 {
        return broken(
            format!(
                "카메라 {count}대가 청하지 않은 소리를 보내고 있습니다. 받지 않고 버렸습니다. 카메라에서 마이크를 끄십시오: {names}"
            ),
            format!(
                "{count} cameras send sound that nobody asked for; it was dropped. Turn their microphones off: {names}"
            ),
        );
    }
    let (count, names) = (offered.len(), offered.join(", "));
    if count > 0 {
        return unproven(
            format!(
                "카메라 {count}대의 마이크가 켜져 있습니다. 이 시스템은 소리를 받지 않지만 다른 곳으로 나가는지는 알 수 없습니다. 카메라에서 끄십시오: {names}"
            ),
            format!(
                "The microphones of {count} cameras are on. No sound is taken here; whether it goes elsewhere cannot be seen. Turn them off: {names}"
            ),
        );
    }
    let unseen = of(None).len();
    if facts.cameras.is_empty() || unseen > 0 {
        return unproven(
            format!("카메라 {unseen}대는 아직 연결되지 않아 소리를 내보내는지 알 수 없습니다."),
            format!(
                "{unseen} cameras were not connected yet: whether they offer sound is unknown."
            ),
        );
    }
    let count = facts.cameras.len();
    kept(
        format!(
            "연결된 카메라 {count}대가 모두 소리를 내보내지 않으며, 녹화 파일에는 소리를 담는 자리가 없습니다."
        ),
        format!("None of {count} cameras offers sound, and reels have no place for any."),
    )
}

fn destruction(facts: &Facts) -> Found {
    let is_late = |due: &WallTime| facts.now.as_micros() - due.as_micros() > LATE_US;
    if let Some(due) = facts.due_at.filter(is_late) {
        let why = facts.frozen.as_deref().unwrap_or("-");
        return broken(
            format!("{due}까지 지워야 할 영상의 키가 남아 있습니다. 까닭: {why}"),
            format!("Keys that had to be gone by {due} are still there: {why}"),
        );
    }
    match &facts.destroyed {
        Some((at, entry)) => kept(
            format!("밀린 것이 없고, 마지막 파기는 {at} (원장 {entry})입니다."),
            format!("Nothing is overdue; the last destruction was at {at} (entry {entry})."),
        ),
        None => unproven(
            "아직 보관기간이 지난 영상이 없어 파기한 적이 없습니다.",
            "Nothing has reached its time yet, so nothing was destroyed.",
        ),
    }
}

fn contractors(facts: &Facts) -> Found {
    let is_both = |account: &&AccountFact| {
        let has = |wanted: fn(Role) -> bool| account.roles.iter().any(|role| wanted(*role));
        has(|role| role == Role::Contractor) && has(Role::sees_footage)
    };
    let both = facts.accounts.iter().filter(is_both).map(|account| account.name.as_str());
    let both: Vec<&str> = both.collect();
    if facts.contractors_may_see || !both.is_empty() {
        let names = both.join(", ");
        return broken(
            format!("수탁업체가 영상을 볼 수 있습니다: {names}"),
            format!("Contractors may see footage: {names}"),
        );
    }
    let contractors = facts.accounts.iter().filter(|it| it.roles.contains(&Role::Contractor));
    let count = contractors.count();
    let (ko, en) = contractors_here(facts);
    kept(
        format!("수탁업체 계정 {count}개에는 영상을 보는 행위가 하나도 허용되지 않습니다.{ko}"),
        format!("None of {count} contractors' accounts is allowed any act that shows footage.{en}"),
    )
}

fn viewing_recorded(facts: &Facts) -> Found {
    if !facts.ledger_appends {
        return unproven(
            "원장에 쓸 수 없어 지금은 아무도 영상을 볼 수 없습니다.",
            "The ledger cannot be written, so nobody can look now.",
        );
    }
    kept(
        format!(
            "이 시스템을 거친 열람 {}건이 모두 열람 전에 원장에 기록되었습니다.",
            facts.viewings
        ),
        format!(
            "All {} viewings through this system were entered before they began.",
            facts.viewings
        ),
    )
}

fn encrypted(facts: &Facts) -> Found {
    let (all, sealed) = (facts.reels, facts.reels_sealed);
    if sealed < all {
        return broken(
            format!("살펴본 저장 파일 {all}개 가운데 {}개가 암호화되지 않았습니다.", all - sealed),
            format!("{} of {all} files looked at are not sealed.", all - sealed),
        );
    }
    if all == 0 {
        return unproven("아직 저장된 영상이 없습니다.", "There is no footage yet.");
    }
    kept(
        format!("살펴본 저장 파일 {all}개가 모두 AES-256-GCM으로 암호화되어 있습니다."),
        format!("All {all} files looked at are sealed with AES-256-GCM."),
    )
}

fn unaltered(facts: &Facts) -> Found {
    if !facts.ledger_appends {
        return broken("원장에 쓸 수 없습니다.", "The ledger cannot be written.");
    }
    match facts.cosigned {
        Some(cosigned) => kept(
            format!("올해 원장 {}건 가운데 {cosigned}건을 증인이 공동서명했습니다.", facts.entries),
            format!("Witnesses cosigned {cosigned} of this year's {} entries.", facts.entries),
        ),
        None => unproven(
            "외부 증인이 없어, 운영자가 원장을 통째로 다시 쓰지 않았음을 밖에서 확인할 수 없습니다.",
            "Without witnesses nobody outside can tell that the whole ledger was not written anew.",
        ),
    }
}

fn notice(described: &Description, days: u16) -> Found {
    let newest = described.versions.last();
    let date = |text: &str| law::date(text).ok();
    let given = newest.and_then(|version| {
        let announced = date(version.announced.as_deref()?)?;
        Some((date(&version.effective)? - announced).whole_days())
    });
    match given {
        None => unproven(
            "지금 방침을 언제 공고했는지 기록이 없습니다.",
            "Nobody knows when the present version was announced.",
        ),
        Some(given) if given < i64::from(days) => broken(
            format!("약속은 {days}일 전인데 {given}일 전에 공고했습니다."),
            format!("{days} days were promised, {given} were given."),
        ),
        Some(given) => kept(
            format!("시행 {given}일 전에 공고했습니다."),
            format!("It was announced {given} days before."),
        ),
    }
}
