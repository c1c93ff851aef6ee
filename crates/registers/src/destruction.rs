//! 파기 관리대장: what was destroyed of which camera, when, why and by whom (표준 개인정보 보호지침
//! 제10조, 제42조제2항; form 5).

use std::collections::BTreeMap;

use domain::{Action, BucketId, EntryNumber, RegisterName, WallTime};
use ledger::{Detail, Kind, ListedKey, Record, TargetRecord};
use rights::day_in_korea;

use crate::text::{lines, moment, span_of};
use crate::{Asked, Column, EXPIRED, KeyList, Names, Note, Register, Row, Sources};

/// How footage is destroyed.
pub(crate) const METHOD: &str = "복호화 키 파기 후 파일 삭제";

const COLUMNS: [Column; 12] = [
    Column { key: "number", ko: "번호", en: "No." },
    Column { key: "footage", ko: "영상 파일 (카메라)", en: "Footage" },
    Column { key: "kind", ko: "종류", en: "Kind" },
    Column { key: "recorded", ko: "생성(촬영) 시간", en: "Recorded" },
    Column { key: "expired", ko: "보관 기간 만료", en: "Due" },
    Column { key: "destroyed", ko: "파기 일시", en: "Destroyed" },
    Column { key: "method", ko: "파기 방법", en: "Method" },
    Column { key: "reason", ko: "파기 사유", en: "Reason" },
    Column { key: "executor", ko: "파기한 사람", en: "Executed by" },
    Column { key: "confirmed_by", ko: "확인한 책임자", en: "Confirmed by" },
    Column { key: "left", ko: "파기하지 않은 것", en: "Left" },
    Column { key: "entry", ko: "원장 번호", en: "Ledger entries" },
];

const NOTES: &[Note] = &[
    Note {
        ko: "하루에 같은 카메라에서 같은 까닭으로 파기한 것을 한 줄로 모았습니다.",
        en: "What was destroyed of a camera on one day for one reason is one row.",
    },
    Note {
        ko: "‘확인한 책임자’ 칸은 비어 있습니다: 사람이 파기를 확인한 기록은 원장에 없습니다. 확인한 책임자가 서명하십시오. 파기 자체는 파기 증명서로 확인할 수 있습니다.",
        en: "“Confirmed by” is empty: the ledger has no record of a person confirming it. A certificate of destruction proves the destruction itself.",
    },
];

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let rows = (1_u32..).zip(destroyed(asked, sources)).map(|(number, it)| {
        let cells: [String; COLUMNS.len()] = [
            number.to_string(),
            it.camera(sources.names),
            format!("고정형 영상정보처리기기 영상, 조각 {}개", it.keys),
            it.recorded(),
            it.due.map_or_else(String::new, |(first, last)| span_of(first, last)),
            it.time(),
            METHOD.into(),
            it.reason().into(),
            it.officer(sources.names),
            String::new(),
            it.left(),
            it.entries(),
        ];
        Row { entry: it.first, is_expired: it.is_expired(), cells: cells.to_vec() }
    });
    Register {
        name: RegisterName::Destruction,
        columns: COLUMNS.to_vec(),
        rows: rows.collect(),
        notes: NOTES.to_vec(),
    }
}

/// Why something was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Expired,
    Early,
    Minutes,
    Unknown,
}

/// Whose footage it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    /// Of the camera with this id.
    Camera(String),
    /// Single minutes that had outlived their buckets, of buckets that are in none of the lists at hand.
    Minutes,
    /// Nobody can say any more.
    Nobody,
}

/// What was destroyed of a camera on one day, for one reason.
#[derive(Debug, Clone)]
pub(crate) struct Destroyed {
    whose: Whose,
    why: Why,
    /// Who, as written; none where no record says it.
    actor: Option<String>,
    /// From the first moment to the last.
    span: Option<(WallTime, WallTime)>,
    due: Option<(WallTime, WallTime)>,
    /// Keys that were destroyed.
    keys: u64,
    /// Minutes of these that outlive them.
    minutes_left: u64,
    /// The first entry, and when.
    pub(crate) first: EntryNumber,
    pub(crate) first_at: WallTime,
    last: EntryNumber,
    last_at: WallTime,
}

impl Destroyed {
    pub(crate) fn time(&self) -> String {
        let (first, last) = (moment(self.first_at), moment(self.last_at));
        if first == last { first } else { format!("{first} ~ {}", last.get(11..).unwrap_or(&last)) }
    }

    pub(crate) fn footage(&self, names: &Names) -> String {
        lines([self.camera(names), self.recorded()])
    }

    fn camera(&self, names: &Names) -> String {
        match &self.whose {
            Whose::Camera(id) => names.camera(id),
            Whose::Minutes => {
                format!("따로 남겼던 {}분 (촬영한 카메라는 앞선 파기 기록에 있음)", self.keys)
            }
            Whose::Nobody => EXPIRED.into(),
        }
    }

    fn recorded(&self) -> String {
        self.span.map(|(from, to)| span_of(from, to)).unwrap_or_default()
    }

    pub(crate) fn officer(&self, names: &Names) -> String {
        self.actor.as_ref().map_or_else(|| EXPIRED.into(), |actor| names.actor(actor))
    }

    pub(crate) const fn reason(&self) -> &'static str {
        match self.why {
            Why::Expired => "보관 기간 만료",
            Why::Early => "저장 공간 부족 (두 사람이 정한 조기 파기)",
            Why::Minutes => "두 사람이 정한 일부 시간의 파기",
            Why::Unknown => "알 수 없음 (파기에 앞선 기록이 없음)",
        }
    }

    /// What of it was not destroyed.
    pub(crate) fn left(&self) -> String {
        match self.minutes_left {
            0 => String::new(),
            minutes => format!("보전 등으로 남긴 {minutes}분"),
        }
    }

    pub(crate) fn entries(&self) -> String {
        match self.first == self.last {
            true => self.first.to_string(),
            false => format!("{} ~ {}", self.first, self.last),
        }
    }

    pub(crate) const fn is_expired(&self) -> bool {
        matches!(self.whose, Whose::Nobody)
    }
}

/// The act under which something was destroyed.
#[derive(Debug, Clone, Copy)]
struct Act<'s> {
    number: EntryNumber,
    ended: Option<EntryNumber>,
    why: Why,
    /// Who, as written.
    actor: Option<&'s str>,
    /// Of minutes that two people named: cameras and times.
    minutes: Option<(&'s [String], (WallTime, WallTime))>,
}

/// When something was recorded, and when it was due.
#[derive(Debug, Clone, Copy, Default)]
struct Times {
    span: Option<(WallTime, WallTime)>,
    due: Option<WallTime>,
    minutes_left: u64,
}

/// What was destroyed in the days that are asked for, the first first.
pub(crate) fn destroyed(asked: &Asked, sources: &Sources<'_>) -> Vec<Destroyed> {
    let acts = acts(sources);
    let known = Known::of(sources);
    let mut gathered = BTreeMap::new();
    for list in sources.keys.iter().filter(|list| list.is_destroyed && asked.is_in(list.at)) {
        let act = act_of(&acts, list.number);
        let mut add = |whose, times| add(&mut gathered, list, act, (whose, times));
        if let Some((cameras, span)) = act.and_then(|act| act.minutes) {
            let times = Times { span: Some(span), ..Times::default() };
            cameras.iter().for_each(|camera| add(Whose::Camera(camera.clone()), times));
            continue;
        }
        for key in &list.keys {
            let (whose, times) = known.whose(key);
            add(whose, times);
        }
    }
    let of = |it: &Destroyed| match (&asked.camera, &it.whose) {
        (None, _) => true,
        (Some(asked), Whose::Camera(camera)) => asked == camera,
        (Some(_), _) => false,
    };
    let mut rows: Vec<Destroyed> = gathered.into_values().filter(of).collect();
    rows.sort_by_key(|it| (it.first_at, it.first, it.whose.clone()));
    rows
}

/// A day in Korea as it is written, whose, why, and by whom.
type Place = (String, Whose, Why, Option<String>);

fn add(
    gathered: &mut BTreeMap<Place, Destroyed>,
    list: &KeyList,
    act: Option<&Act<'_>>,
    (whose, times): (Whose, Times),
) {
    let why = act.map_or(Why::Unknown, |act| act.why);
    let actor = act.and_then(|act| act.actor).map(str::to_owned);
    let place = (day_in_korea(list.at).to_string(), whose.clone(), why, actor.clone());
    let known = gathered.entry(place).or_insert_with(|| Destroyed {
        whose,
        why,
        actor,
        span: None,
        due: None,
        keys: 0,
        minutes_left: 0,
        first: list.number,
        first_at: list.at,
        last: list.number,
        last_at: list.at,
    });
    (known.last, known.last_at) = (list.number, list.at);
    known.keys += 1;
    known.minutes_left += times.minutes_left;
    known.span = wider(known.span, times.span);
    known.due = wider(known.due, times.due.map(|due| (due, due)));
}

fn wider(
    one: Option<(WallTime, WallTime)>,
    other: Option<(WallTime, WallTime)>,
) -> Option<(WallTime, WallTime)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

/// The act that went on then; else the nearest before, for what was finished after a crash.
fn act_of<'a, 's>(acts: &'a [Act<'s>], number: EntryNumber) -> Option<&'a Act<'s>> {
    let before = || acts.iter().rev().filter(|act| act.number < number);
    let goes_on = |act: &&Act<'_>| act.ended.is_none_or(|ended| number < ended);
    before().find(goes_on).or_else(|| before().next())
}

fn acts<'s>(sources: &Sources<'s>) -> Vec<Act<'s>> {
    let mut acts: Vec<Act<'s>> = Vec::new();
    for it in sources.entries {
        let why = match it.entry.kind {
            Kind::Intent { action: Action::DestroyExpired, .. } => Why::Expired,
            Kind::Intent { action: Action::DestroyEarly, .. } => Why::Early,
            Kind::Intent { action: Action::DestroyMinutes, .. } => Why::Minutes,
            Kind::Outcome { intent, .. } => {
                if let Some(act) = acts.iter_mut().find(|act| act.number == intent) {
                    act.ended = Some(it.number);
                }
                continue;
            }
            _ => continue,
        };
        let mut act = Act { number: it.number, ended: None, why, actor: None, minutes: None };
        if let Detail::Open(record) = &it.detail
            && let Record::Ask { actor, target, .. } = &**record
        {
            act.actor = Some(actor);
            if let TargetRecord::Footage { cameras, from, to } = target
                && let (Ok(from), Ok(to)) = (from.parse(), to.parse())
            {
                act.minutes = Some((cameras, (from, to)));
            }
        }
        acts.push(act);
    }
    acts
}

/// What the lists at hand say of buckets.
#[derive(Default)]
struct Known {
    /// Minutes whose keys outlive the bucket's.
    left: BTreeMap<BucketId, u64>,
    cameras: BTreeMap<BucketId, String>,
}

impl Known {
    fn of(sources: &Sources<'_>) -> Self {
        let mut known = Self::default();
        for list in sources.keys {
            for key in &list.keys {
                match key {
                    ListedKey::Bucket(fact) => {
                        known.cameras.insert(fact.bucket, fact.feed.camera.to_string());
                    }
                    ListedKey::Minute(bucket) if !list.is_destroyed => {
                        *known.left.entry(*bucket).or_default() += 1;
                    }
                    ListedKey::Minute(_) | ListedKey::Unknown(_) => {}
                }
            }
        }
        known
    }

    fn whose(&self, key: &ListedKey) -> (Whose, Times) {
        match key {
            ListedKey::Bucket(fact) => {
                let times = Times {
                    span: Some((fact.start, fact.end)),
                    due: Some(fact.expires_at),
                    minutes_left: self.left.get(&fact.bucket).copied().unwrap_or_default(),
                };
                (Whose::Camera(fact.feed.camera.to_string()), times)
            }
            ListedKey::Minute(bucket) => {
                let camera = self.cameras.get(bucket).cloned();
                (camera.map_or(Whose::Minutes, Whose::Camera), Times::default())
            }
            ListedKey::Unknown(_) => (Whose::Nobody, Times::default()),
        }
    }
}
