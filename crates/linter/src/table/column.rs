//! What a column or label holds, by its words.

use super::ColumnKind;

/// What a heading of a column, or a label before a colon, stands for. The title may have spaces.
pub(crate) fn kind_of(title: &str) -> ColumnKind {
    let title: String =
        title.chars().filter(|it| !it.is_whitespace() && !matches!(it, '*' | '□' | '○')).collect();
    if title.is_empty() || title.chars().count() > 30 {
        return ColumnKind::Other;
    }
    let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
    let is = |words: &[&str]| words.iter().any(|word| title == *word);
    if is(&["연번", "순번", "번호", "NO", "No", "No.", "NO.", "no", "순", "일련번호"]) {
        return ColumnKind::Number;
    }
    of_people(&title, &has, &is)
        .or_else(|| of_keeping(&has, &is))
        .or_else(|| of_cameras(&has, &is))
        .unwrap_or(ColumnKind::Other)
}

type Test<'t> = dyn Fn(&[&str]) -> bool + 't;

fn of_people(title: &str, has: &Test<'_>, is: &Test<'_>) -> Option<ColumnKind> {
    if has(&["연락처", "전화", "이메일", "내선", "메일"])
        || is(&["TEL", "Tel", "tel", "TEL.", "유선번호"])
    {
        return Some(ColumnKind::Contact);
    }
    if has(&["위탁업무", "위탁내용", "업무내용", "위탁하는업무", "위탁사무", "위탁범위"])
    {
        return Some(ColumnKind::Work);
    }
    if has(&["성명", "성함", "이름"]) {
        return Some(ColumnKind::Name);
    }
    if has(&["직위", "직책", "직급", "직명"]) {
        return Some(ColumnKind::Title);
    }
    let company = [
        "수탁업체",
        "업체명",
        "수탁사",
        "수탁자",
        "위탁업체",
        "용역업체",
        "회사명",
        "수탁기관",
        "업체",
    ];
    if has(&company) && !has(&["담당"]) {
        return Some(ColumnKind::Company);
    }
    if has(&[
        "담당부서",
        "관리부서",
        "운영부서",
        "소속",
        "부서명",
        "부서",
        "담당과",
        "주관부서",
        "과명",
    ]) {
        return Some(ColumnKind::Department);
    }
    let is_role = ["책임자", "담당자", "권한자", "운영자", "취급자", "책임관"]
        .iter()
        .any(|end| title.ends_with(end));
    is_role.then_some(ColumnKind::Name)
}

fn of_keeping(has: &Test<'_>, is: &Test<'_>) -> Option<ColumnKind> {
    if is(&[
        "비고",
        "성능",
        "규격",
        "화소",
        "기타",
        "참고",
        "특이사항",
        "변경사유",
        "변경내용",
        "주요내용",
        "개정사유",
    ]) {
        return Some(ColumnKind::Remark);
    }
    if [
        "공고일",
        "시행일",
        "공고일자",
        "시행일자",
        "개정일",
        "개정일자",
        "적용일",
        "제정일",
        "변경일",
        "고시일",
    ]
    .iter()
    .any(|it| is(&[it]))
    {
        return Some(ColumnKind::Day);
    }
    if has(&["관제"]) {
        return Some(ColumnKind::Monitoring);
    }
    let of_recorder = has(&[
        "DVR",
        "NVR",
        "녹화기",
        "녹화장치",
        "기록장치",
        "녹화및",
        "저장장치",
        "저장매체",
        "모니터",
    ]);
    if of_recorder {
        let is_place = has(&["위치", "장소"]);
        return Some(if is_place { ColumnKind::Recorder } else { ColumnKind::Other });
    }
    if has(&[
        "촬영시간",
        "쵤영시간",
        "운영시간",
        "녹화시간",
        "가동시간",
        "운용시간",
        "촬영및녹화시간",
    ]) {
        return Some(ColumnKind::Hours);
    }
    if has(&["보관장소", "보관위치", "보유장소", "저장장소", "보존장소", "저장위치"])
    {
        return Some(ColumnKind::Storage);
    }
    if has(&[
        "보관기간",
        "보관기관",
        "보유기간",
        "저장기간",
        "보존기간",
        "보관일수",
        "보관일",
        "보유및이용기간",
    ]) {
        return Some(ColumnKind::Retention);
    }
    if has(&["열람장소", "확인장소", "재생장소"]) {
        return Some(ColumnKind::Viewing);
    }
    None
}

fn of_cameras(has: &Test<'_>, is: &Test<'_>) -> Option<ColumnKind> {
    if has(&["주차대수", "주차면", "화소", "설치일", "설치년", "설치연"]) {
        return Some(ColumnKind::Other);
    }
    let is_count = has(&["대수", "수량", "카메라수", "설치수", "CCTV수", "총수"])
        || is(&[
            "대",
            "계",
            "합계",
            "소계",
            "총계",
            "(대)",
            "개수",
            "수",
            "총대수",
            "카메라(대)",
            "CCTV(대)",
        ])
        || has(&["(대)"]);
    if is_count && !has(&["위치", "장소", "범위"]) {
        return Some(ColumnKind::Count);
    }
    let place =
        has(&["설치위치", "설치장소", "설치지점", "설치구역", "설치지역", "위치", "장소", "설치"]);
    let range = has(&[
        "촬영범위",
        "범위",
        "촬영구역",
        "촬영지역",
        "촬영방향",
        "촬영대상",
        "촬영장소",
        "감시구역",
    ]);
    match (place, range) {
        _ if has(&["목적", "용도"]) => Some(ColumnKind::Purpose),
        _ if has(&["방법", "방식"]) => Some(ColumnKind::Method),
        (true, true) => Some(ColumnKind::PlaceAndRange),
        (false, true) => Some(ColumnKind::Range),
        (true, false) if has(&["설치근거", "설치·운영", "설치및", "주소"]) => None,
        (true, false) if is(&["설치"]) => None,
        (true, false) => Some(ColumnKind::Place),
        _ if is(&["주소", "소재지", "내용", "세부내용", "근거", "항목"]) => None,
        _ => of_group(has, is),
    }
}

fn of_group(has: &Test<'_>, is: &Test<'_>) -> Option<ColumnKind> {
    let named = is(&[
        "구분",
        "기관",
        "기관명",
        "노선",
        "노선명",
        "청사명",
        "마을",
        "노선",
        "노선명",
        "청사명",
        "마을",
        "시설",
        "시설명",
        "건물",
        "건물명",
        "동",
        "지역",
        "분류",
        "종류",
        "유형",
        "본부",
        "지사",
        "센터",
        "센터명",
        "사업장",
        "사업소",
        "학교",
        "학교명",
        "층",
        "층별",
        "층수",
        "동별",
        "사무소",
        "사무소명",
        "영업점",
        "점포",
        "매장",
        "관리기관",
        "운영기관",
        "설치기관",
        "청사",
        "관서",
        "관서명",
        "지점",
        "캠퍼스",
        "병원",
        "소속기관",
        "대상시설",
        "대상",
        "설치층",
        "구역",
        "관할",
        "지구대",
        "역",
        "역명",
        "호선",
        "단지",
    ]);
    (named
        || has(&[
            "우체국명",
            "시설물명",
            "점포명",
            "지점명",
            "역명",
            "기관명",
            "시설명",
            "건물명",
            "구분",
        ]))
    .then_some(ColumnKind::Group)
}
