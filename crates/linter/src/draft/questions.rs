//! How the fields of a draft are asked for: what each is called, what it belongs to, and what can be
//! answered.

use super::{Field, FieldKind};

/// An answer that can be chosen, with what it means in Korean and in English.
pub type Choice = (String, String, String);

type Row = (&'static str, &'static str, &'static str, &'static str);

/// Table, key, Korean, English.
const LABELS: &[Row] = &[
    ("institution", "name", "기관의 이름", "Name of the institution"),
    ("institution", "short", "글에서 부르는 이름", "What it is called in the text"),
    ("institution", "name_en", "영문 이름", "Its name in English"),
    ("institution", "head", "청구서를 받는 기관의 장", "Head, to whom requests are addressed"),
    ("institution.address", "text", "주소", "Address"),
    ("purpose", "text", "설치 목적", "Purpose"),
    ("purpose", "ground", "법의 근거", "Ground of the law"),
    ("purpose", "statute", "다른 법령과 조문", "The other statute and its article"),
    ("place", "name", "보관하거나 열람하는 곳", "Place where footage is kept or viewed"),
    ("post", "duty", "맡은 일", "Duty"),
    ("post", "title", "직위", "Title"),
    ("post", "department", "부서", "Department"),
    ("post", "contact", "전화번호", "Telephone"),
    ("unit", "name", "구역의 이름", "Name of the unit"),
    ("unit", "hours", "촬영시간", "Hours of filming"),
    ("unit", "retention_days", "보관일수", "Days that footage is kept"),
    ("unit", "storage", "보관장소", "Where footage is kept"),
    ("unit", "viewing", "열람 장소", "Where it is viewed"),
    ("unit", "contact", "연락받는 자리", "Post to be contacted"),
    ("spot", "unit", "속한 구역", "Its unit"),
    ("spot", "name", "설치 위치", "Where the cameras hang"),
    ("spot", "range", "촬영범위", "What they film"),
    ("spot", "cameras", "대수", "How many"),
    ("spot", "class", "공개된 곳인가", "Whether it is open to the public"),
    ("spot", "kind", "어떤 곳인가", "What kind of place it is"),
    ("spot", "staff_consulted_on", "직원과 협의한 날", "Day on which staff was consulted"),
    ("spot", "purposes", "목적(쉼표로)", "Purposes, with commas"),
    ("processor", "outsourced", "위탁하는가", "Whether work is given to others"),
    ("processor.company", "name", "수탁업체", "Contractor"),
    ("processor.company", "contact", "수탁업체 전화번호", "Its telephone"),
    ("processor.company", "work", "맡기는 일", "Work that is given"),
    ("requests", "answer_days", "처리하는 날수", "Days until it is dealt with"),
    ("requests", "refusal_days", "거부를 알리는 날수", "Days until a refusal is told"),
    ("requests", "without_delay", "지체 없이 조치하는가", "Whether without delay"),
    ("requests", "urgent_interest", "급박한 이익을 위한 열람", "Viewing for an urgent interest"),
    ("safety", "measures", "안전 조치(쉼표로)", "Measures, with commas"),
    ("notice", "days", "시행 며칠 전에 공고하는가", "Days of notice before a change"),
    ("version", "announced", "공고일", "Announced on"),
    ("version", "effective", "시행일", "In force from"),
];

/// Table, Korean, English.
const TABLES: &[(&str, &str, &str)] = &[
    ("institution", "기관", "Institution"),
    ("institution.address", "주소", "Address"),
    ("purpose", "목적", "Purpose"),
    ("place", "장소", "Place"),
    ("post", "자리", "Post"),
    ("unit", "구역", "Unit"),
    ("spot", "카메라 줄", "Line of cameras"),
    ("processor", "위탁", "Contractors"),
    ("processor.company", "수탁업체", "Contractor"),
    ("requests", "열람 요구", "Requests"),
    ("safety", "안전 조치", "Measures"),
    ("notice", "예고", "Notice"),
    ("version", "판", "Version"),
];

/// Key, word, Korean, English.
const CHOICES: &[Row] = &[
    ("ground", "ground-1", "다른 법령이 허용 (1호)", "another statute permits it (no. 1)"),
    ("ground", "ground-2", "범죄의 예방과 수사 (2호)", "to prevent and investigate crime (no. 2)"),
    (
        "ground",
        "ground-3",
        "시설의 안전과 관리, 화재 예방 (3호)",
        "safety of a facility, fire (no. 3)",
    ),
    ("ground", "ground-4", "교통단속 (4호)", "traffic enforcement (no. 4)"),
    ("ground", "ground-5", "교통정보 (5호)", "traffic information (no. 5)"),
    ("ground", "ground-6", "저장하지 않는 경우 (6호)", "nothing is kept (no. 6)"),
    ("duty", "manager", "관리책임자", "manager"),
    ("duty", "protection-officer", "개인영상정보 보호책임자", "protection officer"),
    ("duty", "officer", "관리담당자", "officer"),
    ("duty", "access", "접근권한자", "person with access"),
    ("duty", "control-centre", "통합관제센터 담당자", "control centre"),
    ("class", "open", "공개된 곳", "open to the public"),
    ("class", "non-open", "비공개", "not open"),
    ("class", "mixed", "일부 공개", "partly open"),
    ("kind", "entrance", "출입구", "entrance"),
    ("kind", "corridor", "복도·로비", "corridor or lobby"),
    ("kind", "lift", "승강기", "lift"),
    ("kind", "stairs", "계단", "stairs"),
    ("kind", "parking", "주차장", "car park"),
    ("kind", "street", "거리", "street"),
    ("kind", "counter", "민원 창구", "counter"),
    ("kind", "office", "사무공간", "office"),
    ("kind", "archive", "문서고·창고", "archive or store"),
    ("kind", "building", "건물 둘레", "around a building"),
    ("kind", "other", "그 밖", "other"),
    // These are forbidden, and have to be told as what they are.
    ("kind", "toilet", "화장실 안", "inside a toilet"),
    ("kind", "bath", "목욕실 안", "inside a bath"),
    ("kind", "changing-room", "탈의실 안", "inside a changing room"),
    ("kind", "nursing-room", "수유실 안", "inside a nursing room"),
    ("outsourced", "yes", "맡긴다", "yes"),
    ("outsourced", "no", "맡기지 않는다", "no"),
    ("without_delay", "true", "예", "yes"),
    ("without_delay", "false", "아니요", "no"),
    ("urgent_interest", "true", "예", "yes"),
    ("urgent_interest", "false", "아니요", "no"),
];

/// The table of a path without the word that tells it from others, and the key.
fn parts(path: &str) -> (&str, &str) {
    let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
    (table.split_once(' ').map_or(table, |(table, _)| table), key)
}

/// Says of each field what it is called and what can be answered.
pub(super) fn ask(fields: &mut [Field]) {
    let named: Vec<(String, String)> = fields
        .iter()
        .filter(|it| ["name", "title", "text"].contains(&parts(&it.path).1))
        .filter_map(|it| Some((it.path.rsplit_once('.')?.0.to_owned(), it.value.clone())))
        .collect();
    for field in fields {
        let (table, key) = parts(&field.path);
        let label = LABELS.iter().find(|row| row.0 == table && row.1 == key);
        (field.ko, field.en) =
            label.map_or((key.into(), key.into()), |row| (row.2.into(), row.3.into()));
        let of = TABLES.iter().find(|row| row.0 == table).map_or((table, table), |it| (it.1, it.2));
        let own = field.path.rsplit_once('.').map_or("", |it| it.0);
        let name = named.iter().find(|(table, _)| table == own).map_or("", |it| it.1.as_str());
        let and = |of: &str| if name.is_empty() { of.into() } else { format!("{of}: {name}") };
        (field.of_ko, field.of_en) = (and(of.0), and(of.1));
        field.choices = choices((table, key), &named);
        if !field.choices.is_empty() {
            field.kind = FieldKind::Choice;
        } else if ["announced", "effective", "staff_consulted_on"].contains(&key) {
            field.kind = FieldKind::Date;
        }
    }
}

fn choices((table, key): (&str, &str), named: &[(String, String)]) -> Vec<Choice> {
    let of = |word: &str| {
        let own = named.iter().filter_map(|(table, name)| {
            let id = table.strip_prefix(word)?.strip_prefix(' ')?;
            let name = if name.is_empty() { id } else { name };
            Some((id.to_owned(), name.to_owned(), name.to_owned()))
        });
        own.collect()
    };
    match (table, key) {
        ("unit", "storage" | "viewing") => of("place"),
        ("unit", "contact") => of("post"),
        ("spot", "unit") => of("unit"),
        _ => {
            let rows = CHOICES.iter().filter(|row| row.0 == key);
            rows.map(|row| (row.1.into(), row.2.into(), row.3.into())).collect()
        }
    }
}
