//! What stands in registers for the words of the ledger.

use domain::{Action, RegisterName, WallTime};
use law::{article_in_korean, korea};
use ledger::{DisclosureDecision, DisclosureStep, OutcomeWord, RequestDecision};
use rights::day_in_korea;

/// What a register is called.
#[must_use]
pub const fn title(register: RegisterName) -> &'static str {
    match register {
        RegisterName::PersonalVideo => "개인영상정보 관리대장",
        RegisterName::Destruction => "개인영상정보 파기 관리대장",
        RegisterName::Requests => "개인영상정보 열람 등 청구 처리대장",
        RegisterName::Access => "접속기록",
        RegisterName::Rights => "접근 권한 부여·변경·말소 대장",
        RegisterName::Disclosures => "개인정보의 목적 외 이용 및 제3자 제공 대장",
        RegisterName::Tickets => "수탁업체 작업 대장",
        RegisterName::Visits => "통제구역 출입자 기록부",
    }
}

/// What was done.
pub(crate) const fn action(action: Action) -> &'static str {
    match action {
        Action::WatchLive => "실시간 관제",
        Action::PlayFootage => "녹화 영상 재생",
        Action::TakeStill => "시험 화면 촬영",
        Action::SeePattern => "시험 무늬",
        Action::ReadTimeline => "녹화 현황 조회",
        Action::ReadCameras => "카메라 목록 조회",
        Action::AddCamera => "카메라 추가",
        Action::ChangeCamera => "카메라 변경",
        Action::ReplaceDevice => "기기 교체",
        Action::ShortenRetention => "보관 기간 단축",
        Action::LengthenRetention => "보관 기간 연장",
        Action::RetireCamera => "카메라 운영 종료",
        Action::ReadPlans => "평면도 조회",
        Action::ChangePlan => "평면도 변경",
        Action::ReadRange => "촬영범위 사진 조회",
        Action::ChangeRange => "촬영범위 사진 기록",
        Action::Doctor => "주장 점검(공격해 보기)",
        Action::PublishSite => "공개 자료 만들기",
        Action::ReadHealth => "상태 조회",
        Action::ReadLedger => "원장 조회",
        Action::ReadRecords => "열람기록 조회",
        Action::CertifyDestruction => "파기 증명서 발급",
        Action::ReadAccounts => "계정 조회",
        Action::AppointTechnical => "계정 발급",
        Action::AppointFootage => "영상 열람 권한 부여",
        Action::EndAppointment => "계정 종료",
        Action::ChangeAppointment => "임명 내용 변경",
        Action::ResetTechnical => "비밀번호 재설정 링크",
        Action::ResetFootage => "비밀번호 재설정 링크(영상 권한)",
        Action::OpenTicket => "유지보수 작업표 열기",
        Action::CloseTicket => "유지보수 작업표 닫기",
        Action::ReadTickets => "작업표 조회",
        Action::RecordVisit => "통제구역 출입 기록",
        Action::ReadVisits => "출입 기록 조회",
        Action::ReadPolicy => "방침 조회",
        Action::AnnouncePolicy => "방침 공고",
        Action::LoosenPolicy => "덜 약속하는 방침 공고",
        Action::RecordAttestation => "약속 확인 기록",
        Action::ReadProposals => "승인 요청 조회",
        Action::Propose => "승인 요청",
        Action::DecideProposal => "승인 요청 결정",
        Action::SignIn => "로그인",
        Action::SignOut => "로그아웃",
        Action::Unlock => "잠금 해제",
        Action::HandOver => "근무 교대",
        Action::ReadSession => "세션 조회",
        Action::Check => "전체 점검",
        Action::DestroyExpired => "만료 영상 파기",
        Action::AllowEarly => "조기 파기 허용",
        Action::RevokeEarly => "조기 파기 규칙 철회",
        Action::DestroyEarly => "기간 전 영상 파기",
        Action::DestroyMinutes => "일부 영상 파기",
        Action::HoldFootage => "영상 보전",
        Action::RenewHold => "보전 기간 연장",
        Action::ReleaseHold => "보전 해제",
        Action::ReceiveRequest => "정보주체 청구 접수",
        Action::ContinueRequest => "정보주체 청구 진행",
        Action::DecideRequest => "정보주체 청구 결정",
        Action::ReadRequests => "정보주체 청구 목록 조회",
        Action::ReadRequest => "정보주체 청구 조회",
        Action::ReceiveDisclosure => "제공 요청 접수",
        Action::ContinueDisclosure => "제공 진행",
        Action::DecideDisclosure => "제공 결정",
        Action::CompelDisclosure => "급한 제공을 혼자 결정",
        Action::ReviewDisclosure => "혼자 결정한 제공 검토",
        Action::ReadDisclosures => "제공 목록 조회",
        Action::ReadDisclosure => "제공 조회",
        Action::PrepareExport => "반출 작업본 만들기",
        Action::LookAtExport => "반출 작업본 확인",
        Action::LookAtOriginal => "가리기 전 영상 확인",
        Action::SealExport => "반출 파일 봉인",
        Action::DiscardExport => "반출 작업본 파기",
        Action::DeliverExport => "반출 파일 전달",
        Action::RevokeExport => "반출 파일 철회",
        Action::ReadExports => "반출 목록 조회",
        Action::ReadRegister => "대장 열람",
        Action::ReadHolds => "보전 목록 조회",
        Action::DestroyRecords => "보관 기간이 끝난 기록 파기",
        Action::Repair => "중단된 일 정리",
    }
}

/// One of a list of words and what they are called; a word that is not in it stays as it is.
fn named(list: &[(&str, &str)], word: &str) -> String {
    let known = list.iter().find(|(known, _)| *known == word);
    known.map_or(word, |(_, name)| name).to_owned()
}

/// Why somebody was refused.
pub(crate) fn refusal(reason: &str) -> String {
    named(REFUSALS, reason)
}

const REFUSALS: &[(&str, &str)] = &[
    ("no-role", "역할에 없는 일"),
    ("out-of-scope", "맡은 범위 밖"),
    ("purpose-missing", "목적 없음"),
    ("too-long-ago", "볼 수 있는 기간보다 오래됨"),
    ("too-much", "한 번에 너무 많음"),
    ("locked", "잠긴 화면"),
    ("roles-clash", "함께 가질 수 없는 역할"),
    ("still-already-taken", "이미 찍은 시험 화면"),
    ("wrong-credentials", "이름 또는 비밀번호 틀림"),
    ("too-many-attempts", "너무 잦은 시도"),
    ("approval-missing", "승인 없음"),
    ("own-request", "스스로 접수한 청구"),
    ("own-decision", "스스로 한 결정이나 스스로 접수한 이의신청"),
    ("own-disclosure", "스스로 접수한 제공 요청"),
    ("case-not-granted", "승인되지 않은 건이거나 그 범위 밖"),
    ("mask-missing", "가리지 않은 본인 영상"),
    ("own-proposal", "스스로 올린 승인 요청"),
    ("proposal-closed", "이미 끝난 승인 요청"),
    ("too-soon", "승인 뒤 하루가 지나지 않음"),
    ("manager-missing", "관리책임자 없음"),
    ("ticket-missing", "열린 작업표 없음"),
    ("ticket-not-yet", "작업표 시작 전"),
    ("ticket-over", "작업표 끝남"),
    ("escort-missing", "입회할 사람 없음"),
    ("clock-set-back", "시계가 뒤로 감"),
    ("ticket-time-unfit", "작업표 시간이 맞지 않음"),
    ("appointment-not-yet", "임기 시작 전"),
    ("appointment-over", "임기 끝남"),
    ("off-duty", "당번 아님"),
    ("not-a-contractor", "수탁업체가 아님"),
];

/// What a viewing is for.
pub(crate) fn purpose(kind: &str) -> String {
    named(PURPOSES, kind)
}

const PURPOSES: &[(&str, &str)] = &[
    ("facility-safety", "시설 안전 및 관리"),
    ("fire-prevention", "화재 예방"),
    ("crime-prevention", "범죄 예방"),
    ("traffic", "교통 단속·정보"),
    ("incident", "사고 확인"),
    ("subject-request", "정보주체 청구"),
    ("investigation", "수사·재판 협조"),
    ("maintenance", "기기 점검"),
];

/// What somebody may be.
pub(crate) fn role(role: &str) -> String {
    named(ROLES, role)
}

const ROLES: &[(&str, &str)] = &[
    ("administrator", "시스템 관리자"),
    ("manager", "관리책임자"),
    ("officer", "담당자"),
    ("operator", "관제요원"),
    ("contractor", "수탁업체"),
    ("inspector", "점검자"),
];

/// How an act ended.
pub(crate) const fn outcome(outcome: OutcomeWord) -> &'static str {
    match outcome {
        OutcomeWord::Done => "완료",
        OutcomeWord::Failed => "실패",
        OutcomeWord::Unknown => "알 수 없음",
    }
}

/// How a request came.
pub(crate) fn channel(word: &str) -> String {
    named(
        &[
            ("counter", "창구"),
            ("telephone", "전화"),
            ("paper", "종이(우편 등)"),
            ("web", "누리집"),
        ],
        word,
    )
}

/// By what right somebody asks for another.
pub(crate) fn agent(word: &str) -> String {
    let known =
        [("power-of-attorney", "위임장을 받은 대리인"), ("legal-representative", "법정대리인")];
    named(&known, word)
}

/// What is asked for.
pub(crate) fn asks(words: &[String]) -> String {
    let known = [("existence", "존재확인"), ("viewing", "열람"), ("deletion", "삭제")];
    words.iter().map(|word| named(&known, word)).collect::<Vec<_>>().join(", ")
}

/// How a request stands.
pub(crate) fn standing(word: &str) -> String {
    let known = [
        ("awaits-identity", "본인 확인 전"),
        ("awaits-decision", "결정 전"),
        ("postponed", "연기됨"),
        ("decided", "통지 전"),
        ("done", "끝남"),
        ("objected", "이의신청 결정 전"),
        ("withdrawn", "취하됨"),
        ("lapsed", "본인 확인 없이 끝남"),
    ];
    named(&known, word)
}

/// What was decided of a request.
pub(crate) const fn decision(decision: RequestDecision) -> &'static str {
    match decision {
        RequestDecision::Granted => "청구대로",
        RequestDecision::Partly => "일부 거절",
        RequestDecision::Refused => "거절",
        RequestDecision::Postponed => "연기",
        RequestDecision::Absent => "남은 영상 없음",
    }
}

/// A ground of refusal in the words that the law had then, with its article; a ground that no law had
/// stays the word that it is.
pub(crate) fn ground(id: &str, at: WallTime) -> String {
    let known = korea().on(day_in_korea(at)).rule(id);
    known.map_or_else(
        || id.to_owned(),
        |rule| format!("{}: {}", article_in_korean(&rule.article), rule.ko),
    )
}

/// Whether another body got it or the institution itself used it.
pub(crate) fn disclosed(word: &str) -> String {
    named(&[("provision", "제3자 제공"), ("own-use", "목적 외 이용")], word)
}

/// How a disclosure stands.
pub(crate) fn disclosure_standing(word: &str) -> String {
    let known = [
        ("awaits-decision", "결정 전"),
        ("awaits-provision", "제공 전"),
        ("provided", "제공함, 할 일이 남음"),
        ("done", "끝남"),
        ("refused", "거절함"),
        ("withdrawn", "취하됨"),
    ];
    named(&known, word)
}

/// What is still owed of a disclosure.
pub(crate) fn duty(word: &str) -> String {
    named(&[("review", "검토"), ("publish", "공고"), ("report", "결과 통지 받기")], word)
}

/// What was decided of a disclosure, if a step decides it.
pub(crate) const fn disclosure_step(step: &DisclosureStep) -> Option<&'static str> {
    match step {
        DisclosureStep::Decided { decision: DisclosureDecision::Granted, .. } => Some("승인"),
        DisclosureStep::Decided { decision: DisclosureDecision::Refused, .. } => Some("거절"),
        DisclosureStep::Compelled { .. } => Some("한 사람이 승인"),
        DisclosureStep::Withdrawn { .. } => Some("취하"),
        _ => None,
    }
}

/// Why one person alone went ahead.
pub(crate) fn compelled_by(word: &str) -> String {
    named(&[("warrant", "영장"), ("missing-person", "실종아동등")], word)
}

/// How somebody confirmed it from afar.
pub(crate) fn confirmed_how(word: &str) -> String {
    named(&[("telephone", "전화"), ("message", "문자·메일")], word)
}
