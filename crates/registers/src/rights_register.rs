//! 접근 권한 부여·변경·말소 대장: who was given which right, by whom, and when it ended
//! (안전성 확보조치 기준 제5조제3항; three years).

use std::collections::BTreeMap;

use domain::RegisterName;
use ledger::{AccountRecord, AppointmentRecord, Detail, Kind, Record};

use crate::text::{lines, minute_of, moment};
use crate::words;
use crate::{Asked, Column, EXPIRED, Names, Note, Register, Row, Sources};

const COLUMNS: [Column; 11] = [
    Column { key: "number", ko: "번호", en: "No." },
    Column { key: "time", ko: "일시", en: "Time" },
    Column { key: "kind", ko: "구분", en: "Kind" },
    Column { key: "person", ko: "대상자 (계정)", en: "Person" },
    Column { key: "before", ko: "바뀌기 전 권한", en: "Rights before" },
    Column { key: "after", ko: "바뀐 뒤 권한", en: "Rights after" },
    Column { key: "scope", ko: "볼 수 있는 카메라", en: "Cameras" },
    Column {
        key: "appointment", ko: "임명 (직위·문서·기간·서약·교육)", en: "Appointment"
    },
    Column { key: "by", ko: "처리한 사람", en: "By" },
    Column { key: "reason", ko: "사유", en: "Reason" },
    Column { key: "entry", ko: "원장 번호", en: "Ledger entry" },
];

const NOTES: &[Note] = &[
    Note {
        ko: "‘사유’ 칸은 비어 있습니다: 계정을 만들거나 바꿀 때 사유를 따로 묻지 않습니다. 근거가 되는 문서의 번호는 ‘임명’ 칸에 있습니다.",
        en: "“Reason” is empty: none is asked for when an account is changed. The number of the document that it rests on stands under “Appointment”.",
    },
    Note {
        ko: "비밀번호를 정하거나 재설정 링크를 낸 일은 권한을 바꾸지 않으므로 여기에 없고 접속기록에 있습니다.",
        en: "Passwords and reset links change no right; they stand in the access log.",
    },
];

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let mut known: BTreeMap<&str, &AccountRecord> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    for it in sources.entries.iter().filter(|it| it.entry.kind == Kind::Account) {
        let shown = asked.is_in(it.entry.time);
        let number = (rows.len() + 1).to_string();
        let Detail::Open(record) = &it.detail else {
            if shown && asked.camera.is_none() {
                rows.push(gone(number, it.number, moment(it.entry.time)));
            }
            continue;
        };
        let Record::Account { actor, account } = &**record else { continue };
        let before = known.insert(&account.account, account);
        let Some(kind) = kind(before, account) else { continue };
        let reaches = account.scope.iter().flatten();
        if !shown || !asked.is_of(reaches, account.scope.is_none()) {
            continue;
        }
        let cells: [String; COLUMNS.len()] = [
            number,
            moment(it.entry.time),
            kind.into(),
            person(account),
            before.map(roles).unwrap_or_default(),
            roles(account),
            scope(account, sources.names),
            account
                .appointment
                .as_ref()
                .map(|it| appointment(it, sources.names))
                .unwrap_or_default(),
            sources.names.actor(actor),
            String::new(),
            it.number.to_string(),
        ];
        rows.push(Row { entry: it.number, is_expired: false, cells: cells.to_vec() });
    }
    Register { name: RegisterName::Rights, columns: COLUMNS.to_vec(), rows, notes: NOTES.to_vec() }
}

fn gone(number: String, entry: domain::EntryNumber, at: String) -> Row {
    let mut cells = vec![EXPIRED.to_owned(); COLUMNS.len()];
    let reason = COLUMNS.iter().position(|column| column.key == "reason");
    cells[reason.expect("there is such a column")] = String::new();
    cells[0] = number;
    cells[1] = at;
    cells[COLUMNS.len() - 1] = entry.to_string();
    Row { entry, is_expired: true, cells }
}

/// What became of the right; none if it is as it was, as where a record was only sealed anew.
fn kind(before: Option<&AccountRecord>, after: &AccountRecord) -> Option<&'static str> {
    let has_rights = |account: &AccountRecord| !account.roles.is_empty();
    match before {
        // The first that can be read of one that was there before: sealed anew.
        None if after.made_at.is_some() => None,
        None => has_rights(after).then_some("부여"),
        Some(before) if has_rights(before) && !has_rights(after) => Some("말소"),
        Some(before) if !has_rights(before) && has_rights(after) => Some("부여"),
        Some(before) => {
            let rights = |it: &AccountRecord| (it.roles.clone(), it.scope.clone());
            let changed =
                rights(before) != rights(after) || before.appointment != after.appointment;
            changed.then_some("변경")
        }
    }
}

fn person(account: &AccountRecord) -> String {
    lines([account.display_name.clone(), account.name.clone()])
}

fn roles(account: &AccountRecord) -> String {
    match account.roles.as_slice() {
        [] => "권한 없음".into(),
        roles => roles.iter().map(|role| words::role(role)).collect::<Vec<_>>().join(", "),
    }
}

fn scope(account: &AccountRecord, names: &Names) -> String {
    match &account.scope {
        None => "모든 카메라".into(),
        Some(cameras) if cameras.is_empty() => "없음".into(),
        Some(cameras) => names.cameras(cameras),
    }
}

fn appointment(it: &AppointmentRecord, names: &Names) -> String {
    let said = |label: &str, text: &Option<String>| {
        text.as_ref().map(|text| format!("{label} {text}")).unwrap_or_default()
    };
    let day = |label: &str, text: &Option<String>| {
        let day = text.as_deref().map(minute_of);
        said(label, &day.map(|day| day.get(..10).unwrap_or(&day).to_owned()))
    };
    let deputy = it.deputy_of.as_ref().map(|id| names.actor(&format!("person:{id}")));
    lines([
        said("직위", &it.post),
        said("문서", &it.document),
        said("직무대리:", &deputy),
        day("시작", &it.from),
        day("종료", &it.until),
        match it.duty.len() {
            0 => String::new(),
            count => format!("당번 {count}회"),
        },
        day("서약", &it.pledged_at),
        day("교육", &it.trained_at),
    ])
}
