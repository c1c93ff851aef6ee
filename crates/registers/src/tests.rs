//! Registers from entries that were made by hand.

use std::time::Duration;

use domain::{Action, BucketId, CameraId, EntryNumber, Feed, FeedKind, RegisterName, WallTime};
use ledger::{
    AccountRecord, BucketFact, Detail, Entry, Kind, ListedKey, OutcomeWord, PurposeRecord, Record,
    RegisterEntry, SpanRecord, TargetRecord,
};

use super::*;

pub(crate) const NOON: WallTime = WallTime::from_micros(1_795_301_858_000_000);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
pub(crate) const GATE: CameraId = CameraId::from_bytes([1; 16]);
pub(crate) const LOBBY: CameraId = CameraId::from_bytes([2; 16]);

pub(crate) fn number(index: u64) -> EntryNumber {
    EntryNumber { year: 2026, index }
}

pub(crate) fn at(index: u64, kind: Kind, record: Option<Record>) -> RegisterEntry {
    let time = NOON + MINUTE * u32::try_from(index).unwrap();
    let detail = record.map_or(Detail::None, |record| Detail::Open(Box::new(record)));
    RegisterEntry { number: number(index), entry: Entry { time, kind, commitment: None }, detail }
}

pub(crate) fn gone(mut entry: RegisterEntry) -> RegisterEntry {
    entry.detail = Detail::Expired;
    entry
}

fn intent(index: u64, actor: &str, action: Action, target: TargetRecord) -> RegisterEntry {
    let purpose = PurposeRecord { kind: "incident".into(), note: "2026-17".into() };
    let record = Record::Ask {
        actor: actor.into(),
        action: action.word().into(),
        purpose: Some(purpose),
        target,
    };
    at(index, Kind::Intent { action, proposal: None }, Some(record))
}

fn outcome(index: u64, of: u64) -> RegisterEntry {
    at(index, Kind::Outcome { intent: number(of), result: OutcomeWord::Done }, None)
}

fn footage() -> TargetRecord {
    TargetRecord::Footage {
        cameras: vec![GATE.to_string()],
        from: NOON.to_string(),
        to: (NOON + MINUTE * 10).to_string(),
    }
}

/// Somebody plays ten minutes and sees three of them.
fn viewing() -> Vec<RegisterEntry> {
    let span = SpanRecord {
        camera: GATE.to_string(),
        from: NOON.to_string(),
        to: (NOON + MINUTE * 3).to_string(),
    };
    let served = Record::Served { actor: "person:kim".into(), spans: vec![span] };
    vec![
        intent(1, "person:kim", Action::PlayFootage, footage()),
        at(2, Kind::Served { intent: number(1) }, Some(served)),
        outcome(3, 1),
    ]
}

pub(crate) fn names() -> Names {
    let text = |text: &str| text.to_owned();
    Names {
        accounts: [("kim".into(), (text("김관리"), text("kim")))].into(),
        cameras: [
            (GATE.to_string(), (text("=정문"), text("본관 앞"))),
            (LOBBY.to_string(), (text("로비"), String::new())),
        ]
        .into(),
    }
}

pub(crate) fn asked(name: RegisterName) -> Asked {
    Asked { name, from: NOON - DAY, until: NOON + DAY, camera: None }
}

fn made(asked: &Asked, entries: &[RegisterEntry], keys: &[KeyList]) -> Register {
    let names = names();
    let sources = Sources {
        entries,
        keys,
        requests: &[],
        exports: &[],
        disclosures: &[],
        tickets: &[],
        names: &names,
        now: NOON + DAY,
    };
    let made = register(asked, &sources);
    assert!(made.rows.iter().all(|row| row.cells.len() == made.columns.len()));
    made
}

pub(crate) fn cell<'r>(made: &'r Register, row: usize, key: &str) -> &'r str {
    let column = made.columns.iter().position(|column| column.key == key);
    &made.rows[row].cells[column.expect("there is such a column")]
}

#[test]
fn a_viewing_is_a_use_with_all_that_the_guide_asks_for() {
    let made = made(&asked(RegisterName::PersonalVideo), &viewing(), &[]);
    assert_eq!(made.rows.len(), 1);
    let says = |key| cell(&made, 0, key);
    assert_eq!((says("kind"), says("officer"), says("outcome")), ("이용", "김관리", "완료"));
    assert_eq!(says("time"), "2026-11-22 07:58:38", "as it is in Korea");
    assert_eq!(says("footage"), "=정문 (본관 앞)\n2026-11-22 07:57 ~ 08:07");
    assert_eq!(says("period"), "=정문 (본관 앞): 2026-11-22 07:57 ~ 08:00", "what was really seen");
    assert_eq!(says("purpose"), "사고 확인: 2026-17");
    assert_eq!((says("basis"), says("recipient")), ("", ""), "nothing is made up");
}

#[test]
fn a_row_whose_details_are_gone_stays_and_says_so() {
    let entries: Vec<_> = viewing().into_iter().map(gone).collect();
    for name in [RegisterName::PersonalVideo, RegisterName::Access] {
        let made = made(&asked(name), &entries, &[]);
        assert_eq!(made.rows.len(), 1);
        assert!(made.rows[0].is_expired);
        assert_eq!(cell(&made, 0, "purpose"), EXPIRED);
        assert!(made.rows[0].cells.iter().all(|text| !text.contains('김')));
    }
}

#[test]
fn days_and_a_camera_leave_out_the_rest() {
    for name in [RegisterName::PersonalVideo, RegisterName::Access] {
        let rows = |asked: &Asked| made(asked, &viewing(), &[]).rows.len();
        let all = asked(name);
        assert_eq!(rows(&all), 1);
        assert_eq!(rows(&Asked { camera: Some(GATE.to_string()), ..all.clone() }), 1);
        assert_eq!(rows(&Asked { camera: Some(LOBBY.to_string()), ..all.clone() }), 0);
        assert_eq!(rows(&Asked { until: NOON, ..all.clone() }), 0, "it came later");
        assert_eq!(
            rows(&Asked { from: NOON + MINUTE, ..all.clone() }),
            1,
            "the first moment counts"
        );
        assert_eq!(rows(&Asked { from: NOON + MINUTE * 2, ..all }), 0);
    }
}

#[test]
fn the_access_log_has_what_people_did_and_were_refused() {
    let mut entries = viewing();
    let refusal = Kind::Refusal { action: Action::PlayFootage, reason: "no-role".into() };
    let asked_for = Record::Ask {
        actor: "person:kim".into(),
        action: "footage.play".into(),
        purpose: None,
        target: footage(),
    };
    entries.push(at(4, refusal, Some(asked_for)));
    entries.push(intent(5, "system:retention", Action::DestroyExpired, TargetRecord::House {}));
    let made = made(&asked(RegisterName::Access), &entries, &[]);
    assert_eq!(made.rows.len(), 2, "what the machine does is nobody's access");
    assert_eq!((cell(&made, 0, "identifier"), cell(&made, 0, "name")), ("kim", "김관리"));
    assert_eq!(cell(&made, 0, "task"), "녹화 영상 재생");
    assert_eq!(cell(&made, 1, "outcome"), "거부: 역할에 없는 일");
    assert_eq!(cell(&made, 0, "origin"), "", "the ledger has no addresses");
    assert!(made.notes.iter().any(|note| note.ko.contains("접속지 정보")));
}

fn bucket(id: u8, camera: CameraId, start: WallTime) -> ListedKey {
    ListedKey::Bucket(BucketFact {
        bucket: BucketId::from_bytes([id; 16]),
        key_sha256: [0; 32],
        feed: Feed { camera, kind: FeedKind::Main },
        start,
        end: start + MINUTE * 60,
        expires_at: start + DAY,
    })
}

fn list(index: u64, is_destroyed: bool, keys: Vec<ListedKey>) -> KeyList {
    let at = NOON + MINUTE * u32::try_from(index).unwrap();
    KeyList { number: number(index), at, is_destroyed, keys }
}

#[test]
fn what_is_destroyed_of_a_camera_on_a_day_is_one_row() {
    let entries = [
        intent(1, "system:retention", Action::DestroyExpired, TargetRecord::House {}),
        outcome(4, 1),
    ];
    let held = ListedKey::Minute(BucketId::from_bytes([7; 16]));
    let lost = ListedKey::Unknown(BucketId::from_bytes([9; 16]));
    let keys = [
        list(2, false, vec![held, held]),
        list(3, true, vec![bucket(7, GATE, NOON - DAY), bucket(8, LOBBY, NOON - DAY), lost]),
        list(5, true, vec![bucket(6, GATE, NOON - DAY + MINUTE * 60)]),
    ];
    let made = made(&asked(RegisterName::Destruction), &entries, &keys);
    assert_eq!(made.rows.len(), 3);
    let rows: Vec<_> = (0..3).map(|row| cell(&made, row, "footage")).collect();
    assert_eq!(rows, ["=정문 (본관 앞)", "로비", EXPIRED]);
    assert_eq!(cell(&made, 0, "recorded"), "2026-11-21 07:57 ~ 09:57", "both of its buckets");
    assert_eq!(cell(&made, 0, "entry"), "2026/3 ~ 2026/5");
    assert_eq!(cell(&made, 0, "left"), "보전 등으로 남긴 2분");
    assert_eq!(cell(&made, 1, "left"), "");
    assert_eq!(cell(&made, 1, "executor"), "자동 (보관 기간)");
    assert_eq!(cell(&made, 1, "confirmed_by"), "", "nobody confirmed it");
    assert!(made.rows[2].is_expired);
    let lobby = Asked { camera: Some(LOBBY.to_string()), ..asked(RegisterName::Destruction) };
    let names = names();
    let sources = Sources {
        entries: &entries,
        keys: &keys,
        requests: &[],
        exports: &[],
        disclosures: &[],
        tickets: &[],
        names: &names,
        now: NOON,
    };
    assert_eq!(register(&lobby, &sources).rows.len(), 1);
}

#[test]
fn minutes_that_two_people_named_are_theirs_though_the_machine_destroys_meanwhile() {
    let entries = [
        intent(1, "person:kim", Action::DestroyMinutes, footage()),
        intent(2, "system:retention", Action::DestroyExpired, TargetRecord::House {}),
        outcome(4, 2),
        outcome(6, 1),
    ];
    let keys = [
        list(3, true, vec![bucket(8, LOBBY, NOON - DAY)]),
        list(5, true, vec![bucket(7, GATE, NOON)]),
    ];
    let made = made(&asked(RegisterName::Destruction), &entries, &keys);
    assert_eq!((cell(&made, 0, "footage"), cell(&made, 0, "reason")), ("로비", "보관 기간 만료"));
    assert_eq!(cell(&made, 1, "reason"), "두 사람이 정한 일부 시간의 파기");
    assert_eq!(cell(&made, 1, "executor"), "김관리");
    assert_eq!(cell(&made, 1, "recorded"), "2026-11-22 07:57 ~ 08:07", "these minutes alone");
}

fn account(roles: &[&str], made_at: Option<&str>) -> AccountRecord {
    AccountRecord {
        account: "lee".into(),
        name: "lee".into(),
        display_name: "이담당".into(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        scope: None,
        link_sha256: None,
        link_until: None,
        made_at: made_at.map(str::to_owned),
        appointment: None,
    }
}

#[test]
fn rights_are_given_changed_and_taken_away() {
    let of = |index, roles: &[&str], made_at| {
        let record =
            Record::Account { actor: "person:kim".into(), account: account(roles, made_at) };
        at(index, Kind::Account, Some(record))
    };
    let entries = [
        of(1, &["officer"], None),
        of(2, &["officer"], None),
        of(3, &["officer"], Some("2026-01-01T00:00:00Z")),
        of(4, &["operator"], None),
        of(5, &[], None),
    ];
    let all = asked(RegisterName::Rights);
    let made_all = made(&all, &entries, &[]);
    let rows: Vec<_> = (0..made_all.rows.len())
        .map(|row| ["kind", "before", "after"].map(|key| cell(&made_all, row, key)))
        .collect();
    let expected =
        [["부여", "", "담당자"], ["변경", "담당자", "관제요원"], ["말소", "관제요원", "권한 없음"]];
    assert_eq!(rows, expected, "a password or a new seal changes no right");
    assert_eq!(cell(&made_all, 0, "by"), "김관리");
    // What a right was before stands in an entry of earlier days.
    let late = made(&Asked { from: NOON + MINUTE * 5, ..all }, &entries, &[]);
    assert_eq!((late.rows.len(), cell(&late, 0, "before")), (1, "관제요원"));
}

#[test]
fn a_document_says_every_row_and_every_note() {
    let entries = viewing();
    let names = names();
    let sources = Sources {
        entries: &entries,
        keys: &[],
        requests: &[],
        exports: &[],
        disclosures: &[],
        tickets: &[],
        names: &names,
        now: NOON,
    };
    for name in RegisterName::ALL {
        let asked = asked(name);
        let made = register(&asked, &sources);
        let paper = document(&made, &asked, &sources, "시험 기관");
        let texts = paper.texts();
        let cells = made.rows.iter().flat_map(|row| &row.cells);
        let notes = made.notes.iter().map(|note| note.ko);
        for text in cells.map(String::as_str).chain(notes) {
            assert!(texts.contains(&text), "{name:?} leaves out {text:?}");
        }
        let read = papers::Document::read(paper.to_json().as_bytes()).unwrap();
        assert_eq!(read, paper);
        let keys: std::collections::BTreeSet<_> = made.columns.iter().map(|it| it.key).collect();
        assert_eq!(keys.len(), made.columns.len(), "a key is of one column");
    }
}
