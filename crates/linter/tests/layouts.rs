//! Layouts in which tables and lists come out of pages and documents: the facts stay the same. Every agency
//! and number here is invented.

use linter::{Published, facts, read};
use serde_json::{Value, json};

fn fact(text: &str, name: &str) -> Value {
    facts(&read(text))[name].clone()
}

/// A policy with the lines of its section about cameras.
fn with_cameras(lines: &str) -> String {
    format!(
        "누리울시청은 영상정보처리기기 운영·관리 방침을 통해 다음과 같이 알려드립니다.\n\
         1. 설치 근거 및 설치 목적\n- 시설안전 및 화재 예방\n\
         2. 설치 대수, 설치 위치 및 촬영범위\n{lines}\n\
         3. 관리책임자 및 접근권한자\n관리책임자 : 총무과장 (000-0000-0000)\n"
    )
}

fn cameras(lines: &str) -> (Value, Value) {
    let text = with_cameras(lines);
    (fact(&text, "cameras_total"), fact(&text, "cameras_stated"))
}

fn rules(text: &str) -> Vec<&'static str> {
    let law = law::korea().on(law::date("2026-11-23").expect("a day"));
    linter::check(&read(text), law).iter().map(|it| it.rule).collect()
}

#[test]
fn a_sum_that_closes_a_table_of_blanks_is_no_row() {
    let rows = "설치대수 설치 위치 및 촬영범위\n7대 지하 주차장\n3대 1층 로비\n";
    for sum in ["총 10대", "총10대 4개소", "합계 10대", "합계 : 10대 (실내 3대)"] {
        assert_eq!(cameras(&format!("{rows}{sum}")), (json!(10), json!(10)), "{sum}");
    }
    // Another number is told and not put right.
    assert_eq!(cameras(&format!("{rows}총 12대")), (json!(10), json!(12)));
    assert!(rules(&with_cameras(&format!("{rows}총 12대"))).contains(&"count.sum"));
    assert!(!rules(&with_cameras(&format!("{rows}총 10대"))).contains(&"count.sum"));
}

#[test]
fn a_sum_below_bare_numbers_is_no_row() {
    let rows = "설치장소 촬영범위 설치대수\n정문 정문 앞 도로 4\n후문 후문 앞 도로 6\n합계 10";
    assert_eq!(cameras(rows), (json!(10), json!(10)));
}

#[test]
fn a_bare_count_stands_among_other_words() {
    let rows = "시설명 위 치 카메라 대수 성 능 촬영범위\n누리관 건물 안팎 24 200만 화소 건물 주변\n(별동 포함)";
    assert_eq!(cameras(rows).0, json!(24));
    let offices = "사무소 설치대수 설치위치 및 촬영범위\n본점 16 영업장, 주차장\n강가지점 9 영업장 및 365코너";
    assert_eq!(cameras(offices).0, json!(25));
    assert_eq!(
        fact(&with_cameras(offices), "groups"),
        json!([{ "name": "본점", "cameras": 16 }, { "name": "강가지점", "cameras": 9 }])
    );
}

#[test]
fn two_counts_of_one_cell_are_one_number() {
    let rows = "위치 설치 대수(공개/비공개) 설치 위치 및 촬영 범위\n본원 4대/14대 건물 안팎\n분원 2대/1대 건물 안팎";
    assert_eq!(
        fact(&with_cameras(rows), "groups"),
        json!([{ "name": "본원", "cameras": 18 }, { "name": "분원", "cameras": 3 }])
    );
    let named =
        "설치 대수 | 설치 위치 |\n---|---|\n통합센터 연계 : 2,148대 환경센터 : 6대 | 관내 |";
    assert_eq!(cameras(named).0, json!(2154));
}

#[test]
fn a_count_may_stand_alone_on_its_line() {
    let lines = "설치 대수 설치 위치 및 촬영 범위\n\n47대\n\n건물 출입문, 통행로 및 주차장 등";
    assert_eq!(cameras(lines).0, json!(47));
}

#[test]
fn cells_on_lines_of_their_own_with_a_merged_first_column() {
    let lines = "장소\n설치 대수\n설치 위치 및 촬영 범위\n누리관\n8\n1층 로비\n12\n2층 복도\n10\n3층 복도\n합계\n총 30";
    assert_eq!(cameras(lines), (json!(30), json!(30)));
}

#[test]
fn a_single_sub_total_below_all_rows_is_the_sum() {
    let rows = "설치위치\t설치대수\t촬영범위\n정문\t2\t정문 앞\n후문\t3\t후문 앞\n소 계\t5\t";
    assert_eq!(cameras(rows), (json!(5), json!(5)));
}

#[test]
fn a_count_behind_the_heading_is_stated() {
    let text = "1. 설치 목적 : 시설 안전\n2. 설치 대수, 설치 위치 및 촬영범위 : 2대 , 출입구 및 복도\n3. 보관기간 : 30일\n";
    assert_eq!(fact(text, "cameras_total"), json!(2));
    assert_eq!(fact(text, "purpose_kinds"), json!(["facility-safety"]));
}

#[test]
fn what_the_template_left_empty_is_no_number() {
    let rows = "설치 대수\t설치 위치 및 촬영 범위\n00대\t건물 로비";
    let text = format!(
        "{}4. 촬영시간, 보관기간 및 보관장소\n촬영시간\t보관기간\t보관장소\n24시간\t촬영일로부터 00일\t000실 (보관시설 명)\n",
        with_cameras(rows)
    );
    for (name, empty) in [
        ("cameras_total", json!(null)),
        ("groups", json!([])),
        ("retention_days_max", json!(null)),
        ("storage_places", json!([])),
    ] {
        assert_eq!(fact(&text, name), empty, "{name}");
    }
    assert!(rules(&text).contains(&"template.placeholder"));
    let filled = text.replace("00대", "10대").replace("00일", "30일").replace("000실", "전산실");
    assert!(!rules(&filled).contains(&"template.placeholder"));
    assert_eq!(fact(&filled, "storage_places"), json!(["전산실 (보관시설 명)"]));
}

/// A policy with the lines of its section about persons.
fn with_people(lines: &str) -> String {
    format!(
        "누리울조합은 영상정보처리기기 운영·관리 방침을 통해 다음과 같이 알려드립니다.\n\
         1. 설치 근거 및 설치 목적\n- 시설안전 및 화재 예방\n\
         2. 관리책임자 및 접근권한자\n{lines}\n3. 촬영시간, 보관기간 및 보관장소\n촬영시간 : 24시간\n"
    )
}

#[test]
fn persons_in_blanks_are_read() {
    let rows = "사무소 구분 직명 성명 연락처\n강가 본점 관리책임자 상무 김○○ 000-000-0001\n접근권한자 대리 이○○\n강가 지점 관리책임자 과장 박○○ 000-000-0002";
    let found = rules(&with_people(rows));
    for rule in ["required.person", "required.access_list", "required.contact"] {
        assert!(!found.contains(&rule), "{rule}");
    }
    let without = rows.replace("접근권한자 대리 이○○\n", "").replace("접근권한자", "");
    let text = with_people(&without).replace(" 및 접근권한자", "");
    assert!(rules(&text).contains(&"required.access_list"));
}

#[test]
fn a_number_that_stands_once_for_two_rows_is_not_missing() {
    let rows = "사무소 | 구분 | 직위 | 성명 | 연락처 |\n---|---|---|---|---|\n본점 | 관리책임자 | 점장 | 김○○ | 000)000-0001 |\n접근권한자 | 과장 | 이○○ | ||\n강가지점 | 관리책임자 | 점장 | 박○○ | 000)000-0002 |";
    assert!(!rules(&with_people(rows)).contains(&"required.contact"));
    let empty =
        rows.replace("접근권한자 | 과장 | 이○○ | ||", "숲지점 | 접근권한자 | 과장 | 이○○ | |");
    assert!(rules(&with_people(&empty)).contains(&"required.contact"));
}

#[test]
fn a_company_among_the_persons_has_work_given_to_it() {
    let rows = "구분\t소속\t연락처\n관리책임자\t총무과\t000-000-0001\n수탁업체\t(주)강가보안\t000-000-0002";
    assert_eq!(fact(&with_people(rows), "processor"), json!("yes"));
    let without = rows.lines().take(2).collect::<Vec<_>>().join("\n");
    assert_eq!(fact(&with_people(&without), "processor"), json!("unknown"));
}

#[test]
fn the_name_in_full_stands_elsewhere() {
    let text = "(재)누리안전관리원 방침 (2025.10.7. 적용)\n관리원은 아래와 같이 영상정보처리기기를 설치·운영하고 있습니다.\n";
    assert_eq!(fact(text, "institution"), json!("누리안전관리원"));
    let school = "영상정보처리방침\n\n\n\n\n\n\n\n\n\n\n\n\n1. 설치 목적 : 범죄 예방\n2. 열람\n정보주체는 강가초등학교에서 촬영된 영상의 열람을 요청할 수 있음.\n";
    assert_eq!(fact(school, "institution"), json!("강가초등학교"));
    // Two of a kind: nobody can tell.
    let two = format!("{school}숲속초등학교와 함께 씁니다.\n");
    assert_eq!(fact(&two, "institution"), json!(null));
}

#[test]
fn labels_and_values_of_one_line() {
    let text = "누리도서관은 영상정보처리기기를 설치·운영합니다.\nCCTV 설치 운영현황\n설치목적 시설물 보호, 범죄 및 화재 예방 등\n촬영시간 24시간 보유기간 30일\n삭제 방법 보유기간이 지나면 삭제 보관장소 정보과\n";
    assert_eq!(fact(text, "purpose_kinds"), json!(["crime-prevention", "facility-safety", "fire"]));
    assert_eq!(fact(text, "storage_places"), json!(["정보과"]));
}

#[test]
fn purposes_below_a_sentence_without_a_heading() {
    let text = "누리농협은 법 제25조제1항에 따라 다음과 같은 목적으로 영상정보처리기기를 설치·운영합니다.\n- 시설안전 및 화재 예방\n- 고객의 안전을 위한 범죄 예방\n사무소 | 설치대수 |\n---|---|\n본점 | 5대 |\n";
    assert_eq!(fact(text, "purpose_kinds"), json!(["crime-prevention", "facility-safety", "fire"]));
}

#[test]
fn groups_of_blanks_may_be_kept_for_different_times() {
    let rows = "구분 촬영시간 보관기간 보관장소\n교통용 24시간 촬영일로부터 30일 교통센터\n요금용 24시간 촬영일로부터 7일 요금소";
    let text = with_people(&format!("관리책임자 : 과장 (000-000-0001)\n3. 보관\n{rows}"));
    let read: Published = read(&text);
    let of: Vec<_> = read.retention.iter().map(|it| (it.group.clone(), it.days)).collect();
    assert_eq!(of, [(Some("교통용".into()), 30), (Some("요금용".into()), 7)]);
    assert!(!rules(&text).contains(&"conflict.retention"));
}

#[test]
fn a_list_of_contents_is_no_section() {
    let parts = [
        (
            "설치 근거 및 설치 목적",
            "시설안전 및 화재 예방을 위하여 법 제25조제1항에 따라 설치합니다.",
        ),
        ("설치 대수, 설치 위치 및 촬영범위", "정문 2대, 후문 3대"),
        ("관리책임자 및 접근권한자", "관리책임자 : 총무과장 (000-0000-0001)"),
        ("촬영시간, 보관기간 및 보관장소", "촬영시간 : 24시간"),
        ("열람 등 요구에 대한 조치", "열람을 원하는 경우 요구할 수 있습니다."),
    ];
    let number = |at: usize| format!("{}. {}\n", at + 1, parts[at].0);
    let contents: String = (0..parts.len()).map(number).collect();
    let whole = |left_out: usize| -> String {
        let kept = (0..parts.len()).filter(|at| *at != left_out);
        let body: String = kept.map(|at| format!("{}{}\n", number(at), parts[at].1)).collect();
        format!("누리울시청 영상정보처리기기 운영·관리 방침\n{contents}\n{body}")
    };
    for (left_out, rule) in
        [(1, "required.cameras"), (2, "required.person"), (4, "required.requests")]
    {
        assert!(rules(&whole(left_out)).contains(&rule), "{rule}");
        assert!(!rules(&whole(9)).contains(&rule), "{rule} where it stands");
    }
}

#[test]
fn rows_of_persons_may_begin_before_the_first_heading() {
    let lines = "이름\n직위\n소속\n연락처\n관리책임자\n김○○\n과장\n총무과\n000-000-0001\n접근권한자\n이○○\n주무관\n총무과\n000-000-0002";
    let read = read(&with_people(lines));
    let of: Vec<_> = read.people.iter().map(|it| it.contact.clone().unwrap_or_default()).collect();
    assert_eq!(of, ["000-000-0001", "000-000-0002"]);
}

#[test]
fn a_heading_above_lone_cells_is_no_cell() {
    let lines = "설치 대수, 설치 위치 및 촬영 범위\n설치 대수\n설치 위치 및 촬영 범위\n36대\n건물 외곽, 로비 및 주차장";
    assert_eq!(cameras(lines).0, json!(36));
}

#[test]
fn hours_and_storage_may_stand_in_the_rows_of_cameras() {
    let lines = "설치장소 설치대수 설치위치 및 촬영범위 촬영시간 보관기간 및 장소\n강가역 84대 역사 안, 대합실 24시간 30일, 통신실\n숲속역 66대 역사 안, 대합실 24시간 30일, 통신실";
    let text = with_cameras(lines);
    assert_eq!(fact(&text, "cameras_total"), json!(150));
    assert_eq!(fact(&text, "retention_days_max"), json!(30));
    assert_eq!(fact(&text, "hours"), json!("24"));
    assert_eq!(fact(&text, "storage_places"), json!(["통신실"]));
}

#[test]
fn a_cell_of_several_lines_holds_periods_and_the_place() {
    let lines = "관리책임자 : 과장 (000-000-0001)\n3. 보관\n촬영시간\t보관기간\t보관장소\n24 시간\t\n건물 안팎 : 30 일 이내\n주차장 : 30 일 이내\n안전관리실\n위와 같이 보관하고 있습니다.";
    let text = with_people(lines);
    assert_eq!(fact(&text, "retention_days_max"), json!(30));
    assert_eq!(fact(&text, "storage_places"), json!(["안전관리실"]));
}

#[test]
fn a_form_may_be_cited_by_its_number_alone() {
    let text = with_people("관리책임자 : 과장 (000-000-0001)\n3. 열람\n열람은 서식1로 청구합니다.");
    assert!(rules(&text).contains(&"form.absent"));
    let with_form = format!(
        "{text}\n4. 그 밖의 사항\n안내판을 점검합니다.\n\n[서식1] 개인영상정보 청구서\n성명\n"
    );
    assert!(!rules(&with_form).contains(&"form.absent"));
}

#[test]
fn rows_of_blanks_may_go_over_several_lines() {
    let lines = "설치 장소 촬영 범위 설치 대수 촬영시간\n라운지 내부 ·접객용 책상 3대 24시간\n출입구 천장 ·출입구\n·출입구 옆 복도\n4대\n비상구 천장 ·비상구 1대";
    assert_eq!(cameras(lines).0, json!(8));
    let bare = "구분 설치 위치 설치 대수 촬영 범위\n누리 사옥 건물 옥상 및 외곽,\n1~2층 출입 공간 등\n24 출입인원을 알 수 있는 범위\n지하 관리 공간,\n3~10층 업무 공간 등\n70\n지하 주차 공간 41";
    assert_eq!(cameras(bare).0, json!(135));
    // The same list once more, with a label on each line.
    let again = format!(
        "{bare}\n- 설치 위치: 옥상\n설치 대수: 24\n- 설치 위치: 지하\n설치 대수: 70\n- 설치 위치: 주차장\n설치 대수: 41"
    );
    assert_eq!(cameras(&again), (json!(135), json!(null)));
    assert!(!rules(&with_cameras(&again)).contains(&"count.sum"));
}

#[test]
fn counts_within_counts_are_no_list() {
    let lines = "설치대수 (총 16대) 설치 위치 및 촬영 범위\n내부(4대) 경기장(2대) 위치: 기둥\n범위: 경기장\n외부(12대) 2층(1대) 위치: 출입문\n범위: 주차장";
    assert_eq!(cameras(lines), (json!(16), json!(16)));
    assert!(!rules(&with_cameras(lines)).contains(&"count.sum"));
}

#[test]
fn periods_from_to_and_of_several_parts() {
    let rows = "구분 촬영시간 보관기간 보관장소 비고\n요금용 24시간 카메라 : 20일 ~ 30일\n영상촬영장치 : 180일\n영업소 영상서버\n \n교통용 24시간 30일 관제센터\n영상서버";
    let text = with_people(&format!("관리책임자 : 과장 (000-000-0001)\n3. 보관\n{rows}"));
    assert_eq!(fact(&text, "retention_days_max"), json!(180));
    assert_eq!(fact(&text, "storage_places"), json!(["영업소 영상서버", "관제센터 영상서버"]));
    let before =
        "보관 장소 보관 기간 파기 방법\n누리사 전산실 촬영 시부터 90일간 보관 기간 경과 후 삭제";
    let text = with_people(&format!("관리책임자 : 과장 (000-000-0001)\n3. 보관\n{before}"));
    assert_eq!(fact(&text, "retention_days_max"), json!(90));
    assert_eq!(fact(&text, "storage_places"), json!(["누리사 전산실"]));
}
