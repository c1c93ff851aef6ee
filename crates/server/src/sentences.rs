//! What to do about a refusal, in Korean and in English: the part of the closed set that is about
//! promises and about destruction.

use access::{AppointmentError, RefusalReason, TicketError, VisitError};
use api::ErrorCode;

/// Why one person does not take both steps of a case.
pub(crate) const fn own_case(reason: RefusalReason) -> (&'static str, &'static str) {
    match reason {
        RefusalReason::OwnDisclosure => (
            "접수한 사람은 그 제공을 결정할 수 없고, 혼자 먼저 제공한 사람은 그것을 검토할 수 없습니다. 다른 담당자나 관리책임자에게 부탁하십시오.",
            "Whoever received a disclosure does not decide it, and whoever went ahead alone does not review it. Ask another officer or the manager to.",
        ),
        RefusalReason::OwnDecision => (
            "이의신청은 그 결정을 한 사람도, 이의신청을 접수한 사람도 결정할 수 없습니다. 다른 담당자나 관리책임자에게 결정을 부탁하십시오.",
            "An objection is decided neither by who took the decision, nor by who entered the objection. Ask another officer or the manager to.",
        ),
        _ => (
            "접수한 사람은 그 청구를 결정할 수 없습니다. 다른 담당자나 관리책임자에게 결정을 부탁하십시오.",
            "Whoever received a request does not decide it. Ask another officer or the manager to.",
        ),
    }
}

/// Why footage does not leave for a case.
pub(crate) const fn about_a_case(reason: RefusalReason) -> (&'static str, &'static str) {
    match reason {
        RefusalReason::MaskMissing => (
            "본인에게 주는 영상은 다른 사람을 가려야 합니다. 가림을 켜고 다시 만드십시오.",
            "A person's own copy leaves with others covered. Prepare it masked.",
        ),
        _ => (
            "승인된 청구나 제공의 카메라와 시간 안에서만 반출할 수 있습니다. 건의 결정과 범위를 확인하십시오.",
            "Footage leaves only within the cameras and the time of a case that is granted. Look at the case's decision and what it names.",
        ),
    }
}

/// What is said of preparing what is to leave.
pub(crate) const fn about_exports(code: ErrorCode) -> Option<(&'static str, &'static str)> {
    Some(match code {
        ErrorCode::MaskMissing => (
            "사람을 가리는 프로그램(jikim-mask)이 답하지 않습니다. 관리자에게 켜 달라고 하십시오.",
            "The program that covers people (jikim-mask) does not answer. Ask the administrator to start it.",
        ),
        ErrorCode::MaskFailed => (
            "영상을 가리지 못했거나 작업본이 손상되었습니다. 작업본을 파기하고 다시 만드십시오. 되풀이되면 관리자에게 알리십시오.",
            "The footage could not be masked, or the working copy is damaged. Destroy it and prepare it anew; if that happens again, tell the administrator.",
        ),
        ErrorCode::FootageTooLong => (
            "한 파일에 담을 수 있는 것(256 MiB)보다 깁니다. 시간을 나누어 여러 번에 반출하십시오.",
            "It is more than one file holds (256 MiB). Take a shorter time, in several files.",
        ),
        _ => return None,
    })
}

/// Why a person's request, its decision or an objection to it is not taken.
pub(crate) const fn about_requests(code: ErrorCode) -> Option<(&'static str, &'static str)> {
    Some(match code {
        ErrorCode::RequestUnfit => (
            "이 청구는 접수할 수 없습니다. 성명과 연락처, 청구 내용, 카메라(9대까지), 이미 지난 시간(4시간까지), 사유를 확인하십시오.",
            "This request cannot be received. Look at name and telephone, what is asked, the cameras (at most 9), the time (past, at most 4 hours) and the reason.",
        ),
        ErrorCode::DecisionUnfit => (
            "이렇게 결정할 수 없습니다. 오늘의 법에 있는 거절 사유와 그 사실을, 연기라면 까닭과 끝나는 날(60일까지)을 적으십시오. 다른 사람이 함께 찍혔거나 경찰이 없다는 것은 거절 사유가 아닙니다.",
            "It cannot be decided so. A refusal needs a ground that is in force and its facts; a postponement its reason and the day on which that ends (at most 60 days ahead). That others appear, or that the police is not there, is no ground.",
        ),
        ErrorCode::FootageKept => (
            "녹화기가 찾아보니 그 시간의 영상이 남아 있습니다. ‘남은 영상 없음’으로 결정할 수 없고, 삭제하기로 했다면 승인 화면에서 두 사람이 파기한 뒤에 통지를 기록합니다.",
            "The recorder looked, and footage of that time is there: it is not absent. If it was granted to be deleted, two people destroy it on the approvals page before the answer is entered.",
        ),
        ErrorCode::ObjectionUnfit => (
            "이의신청을 받은 날은 결정한 날부터 통지한 뒤 30일까지, 오늘보다 늦지 않은 날이어야 하고, 그 내용을 500자 안으로 적어야 합니다. 처리 기한은 한 번만, 끝난 뒤 10일까지 연장합니다.",
            "An objection comes on a day from the decision to the thirtieth after its notice, and not ahead; write what it says in at most 500 characters. Its days are extended once, to ten days after their end at most.",
        ),
        _ => return None,
    })
}

/// What persons saw of promises, what is asked at the desks, and the rest.
pub(crate) const fn about_promises_and_destruction(
    code: ErrorCode,
) -> (&'static str, &'static str) {
    match code {
        ErrorCode::PromiseNotAttestable => (
            "시스템이 스스로 살피는 약속이라 사람의 확인을 기록하지 않습니다. 약속 화면에서 ‘확인 기록’이 있는 약속을 고르십시오.",
            "The system looks at this promise itself, so nobody's word is entered for it. Choose one that the page of promises offers.",
        ),
        ErrorCode::DayUnfit => (
            "확인한 날은 오늘이거나 지난 30일 안의 날이어야 합니다. 날짜를 고치십시오.",
            "The day on which you looked is today or one of the last 30 days. Correct it.",
        ),
        ErrorCode::PictureUnfit => (
            "사진은 512 KiB까지의 JPEG나 PNG 파일이어야 합니다. 다른 사진을 고르거나 사진 없이 기록하십시오.",
            "A picture is a JPEG or a PNG of at most 512 KiB. Choose another, or record without one.",
        ),
        ErrorCode::NoTicket => (
            "지금 열려 있는 유지보수 작업표가 없어 들어올 수 없습니다. 관리책임자나 담당자에게 작업표를 열어 달라고 하십시오.",
            "No maintenance ticket lets you in now. Ask the manager or an officer to open one.",
        ),
        ErrorCode::TicketUnfit => (
            "이 작업표는 열 수 없습니다. 기간과 사람과 내용을 고치십시오.",
            "This ticket cannot be opened. Correct its time, its people or its text.",
        ),
        ErrorCode::DisclosureUnfit => (
            "이렇게 제공하거나 처리할 수 없습니다. 요청한 기관과 담당자, 공문 번호, 오늘의 법에 있는 근거와 그 근거가 요구하는 내용, 목적, 카메라(9대까지), 이미 지난 시간(4시간까지), 받는 쪽에 요구할 사항과 이용 기한(1년까지)을 확인하십시오. 거절과 검토와 게재와 통보에는 내용을 적어야 합니다.",
            "It cannot be disclosed or worked on so. Look at the body and who came, the number of the paper, a ground that is in force and what it asks for, the purpose, the cameras (at most 9), the time (past, at most 4 hours), what is asked of the recipient and until when it may use it (at most a year). A refusal, a review, a publication and a report need words.",
        ),
        ErrorCode::RegisterUnfit => (
            "대장의 기간은 하루부터 366일까지이고, 한 번에 3,000줄까지 볼 수 있습니다. 기간을 줄이거나 카메라를 하나 고르십시오.",
            "A register is of one to 366 days, and of at most 3,000 rows at once. Choose fewer days, or one camera.",
        ),
        ErrorCode::VisitUnfit => (
            "이 출입 기록은 남길 수 없습니다. 빠지거나 맞지 않는 칸을 고치십시오.",
            "This visit cannot be entered. Correct what is missing or does not fit.",
        ),
        ErrorCode::LetterUnfit => (
            "이 문서를 만들 수 없습니다. 시행 중인 방침이 있는지, 청구가 그 단계에 있는지, 열람 날짜와 시간과 장소(보전이 끝나기 전, 30일까지)와 문서번호를 확인하십시오.",
            "This letter cannot be written. Look whether a policy is in force, how the request stands, and at day, time and place of the viewing (before its hold ends, at most 30 days ahead) and the document number.",
        ),
        ErrorCode::PressMissing => (
            "PDF·한글·엑셀 파일을 만드는 프로그램(jikim-press)이 답하지 않습니다. 인쇄용 HTML로 받거나, 관리자에게 켜 달라고 하십시오.",
            "The program that makes PDF, HWPX and XLSX (jikim-press) does not answer. Take the page for printing, or ask the administrator to start it.",
        ),
        ErrorCode::RemarkUnfit => (
            "남길 말은 500자까지 쓸 수 있습니다. 줄여서 다시 기록하십시오.",
            "A remark has at most 500 characters. Shorten it and record it again.",
        ),
        ErrorCode::PlanUnfit => (
            "층을 이렇게 저장할 수 없습니다. 시설·건물·층 이름은 한 줄에 1자에서 64자까지, 한 건물에 같은 층 이름은 하나, 높이는 -20에서 200까지, 카메라는 평면도 안에 한 번씩만 둘 수 있고, 층은 모두 200개까지입니다.",
            "The floor cannot be kept so. Site, building and floor have 1 to 64 characters on one line, no two floors of a building one name, a level of -20 to 200; each camera is on the plan once; 200 floors in all.",
        ),
        ErrorCode::PlanPictureUnfit => (
            "평면도는 512 KiB, 한 변 4096 픽셀까지의 JPEG나 PNG 파일이어야 합니다. 다른 파일을 고르십시오.",
            "A plan is a JPEG or a PNG of at most 512 KiB and 4096 pixels on a side. Choose another file.",
        ),
        ErrorCode::PlanChanged => (
            "그사이 다른 사람이 이 층을 바꾸었습니다. 새로 불러온 뒤 다시 고치십시오.",
            "Somebody changed this floor meanwhile. Load it anew and make your change again.",
        ),
        ErrorCode::CameraElsewhere => (
            "이미 다른 층에 놓인 카메라가 있습니다. 그 층에서 먼저 빼십시오.",
            "Another floor has one of these cameras. Take it off there first.",
        ),
        _ => about_destruction(code),
    }
}

/// Why footage is not destroyed, or not taken for destroyed; and the rest.
const fn about_destruction(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::FootageHeld => (
            "이 영상의 일부가 사건 때문에 보전되어 있어 파기하지 않았습니다. 보전 화면에서 확인하고, 보전이 끝난 뒤에 하십시오.",
            "Some of this footage is held for a case, so nothing was destroyed. Look at the holds, and do it when they have ended.",
        ),
        ErrorCode::FootageWritten => (
            "아직 녹화 중인 시간대의 영상이라 파기하지 않았습니다. 그 시간대가 끝나고 몇 분 뒤에 다시 하십시오.",
            "It is of an hour that is still recorded, so nothing was destroyed. Try again some minutes after the hour.",
        ),
        ErrorCode::FootageOwed => (
            "법정 최소 보관 기간이 지나지 않은 영상이라 파기하지 않았습니다. 그 기간이 지난 뒤에 하십시오.",
            "It is younger than the statutory minimum, so nothing was destroyed. Do it when that is over.",
        ),
        ErrorCode::FootageGone => (
            "이 시간의 영상은 남아 있지 않습니다: 이미 파기되었거나 녹화되지 않았습니다. 카메라와 시간을 확인하십시오.",
            "Nothing of these minutes is kept: they were destroyed already, or never recorded. Check the cameras and the times.",
        ),
        ErrorCode::FootageUnreadable => (
            "같은 시간대의 영상 파일을 읽을 수 없어 파기하지 않았습니다. 무엇이 함께 사라질지 알 수 없기 때문입니다. 상태 화면에서 저장장치를 확인하십시오.",
            "What lies beside these minutes cannot be read, so nobody can say what else would go, and nothing was destroyed. Look at the volumes on the health page.",
        ),
        ErrorCode::DestructionFrozen => (
            "파기가 멈춰 있어 파기하지 않았습니다. 상태 화면에서 까닭을 확인하십시오.",
            "Destruction is frozen, so nothing was destroyed. The health page says why.",
        ),
        ErrorCode::HolderAway => (
            "금고 키를 보관하는 장치가 응답하지 않아 파기가 끝나지 않았습니다. 장치가 돌아오면 이어서 파기될 수 있습니다. 상태 화면에서 확인하십시오.",
            "What keeps the vault key does not answer, so the destruction has not come to its end, and may go on when it does. Look at the health page.",
        ),
        ErrorCode::NoWitnesses => (
            "원장에 증인이 없어 파기할 수 없습니다. 기간 전 파기는 증인들이 서명한 뒤에만 합니다. 시스템 관리자에게 증인을 두어 달라고 하십시오.",
            "The ledger has no witnesses, and nothing goes before its time that they have not cosigned. Ask the administrator to set up witnesses.",
        ),
        ErrorCode::NotCosigned => (
            "증인들이 제때 서명하지 않아 파기하지 않았습니다. 상태 화면에서 증인과의 연결을 확인하십시오.",
            "The witnesses did not cosign in time, so nothing was destroyed. Look after the connection to them on the health page.",
        ),
        _ => (
            "녹화기 안에서 오류가 났습니다. 다시 해 보고, 계속되면 관리자에게 알리십시오.",
            "Something broke inside the recorder. Try again; if it stays, tell the administrator.",
        ),
    }
}

type Said = (ErrorCode, &'static str, &'static str);

/// Why a contractor is not let in, or a ticket not opened.
pub(crate) const fn about_a_ticket(reason: RefusalReason) -> Said {
    match reason {
        RefusalReason::TicketNotYet => (
            ErrorCode::NoTicket,
            "작업표의 시작 시각이 아직 되지 않았습니다. 시작 시각에 다시 들어오십시오.",
            "Your ticket has not begun. Come back when it does.",
        ),
        RefusalReason::TicketOver => (
            ErrorCode::NoTicket,
            "작업표가 끝났거나 닫혔습니다. 일이 남았으면 관리책임자나 담당자에게 새 작업표를 열어 달라고 하십시오.",
            "Your ticket is over or was closed. If work is left, ask the manager or an officer to open a new one.",
        ),
        RefusalReason::EscortMissing => (
            ErrorCode::NoTicket,
            "함께할 기관 사람이 없습니다: 작업표에 적힌 입회자는 지금 권한이 있는 기관의 다른 사람이어야 합니다.",
            "Nobody of the institution is there: who accompanies is another person, of the institution, with rights now.",
        ),
        RefusalReason::ClockSetBack => (
            ErrorCode::NoTicket,
            "작업표를 연 뒤에 녹화기의 시계가 뒤로 돌아가 작업표를 쓸 수 없습니다. 새 작업표를 열어 달라고 하십시오.",
            "The recorder's clock was set back since the ticket was opened, so it does not hold. Ask for a new one.",
        ),
        RefusalReason::TicketTimeUnfit => (
            ErrorCode::TicketUnfit,
            "작업 시간은 12시간까지이고, 시작은 지금부터 7일 안이어야 합니다. 시간을 고치십시오.",
            "A ticket is for at most 12 hours and begins within 7 days from now. Correct its time.",
        ),
        RefusalReason::NotAContractor => (
            ErrorCode::TicketUnfit,
            "작업표는 수탁업체 계정에만 엽니다. 작업자를 다시 고르십시오.",
            "A ticket is for a contractor's account. Choose who works again.",
        ),
        _ => {
            let (korean, english) = about_promises_and_destruction(ErrorCode::NoTicket);
            (ErrorCode::NoTicket, korean, english)
        }
    }
}

/// Why a ticket was not opened or closed.
pub(crate) const fn about_tickets(error: &TicketError) -> Said {
    match error {
        TicketError::Text => (
            ErrorCode::TicketUnfit,
            "작업 내용과 처리 결과는 1자에서 500자까지 쓰십시오.",
            "Write what is to be done, or what was, in 1 to 500 characters.",
        ),
        TicketError::Overlaps => (
            ErrorCode::Conflict,
            "이 작업자에게 그 시간의 작업표가 이미 있습니다. 그것을 닫거나 다른 시간을 고르십시오.",
            "Another ticket is for this contractor at that time. Close it, or choose another time.",
        ),
        TicketError::TooMany => (
            ErrorCode::Conflict,
            "이 작업자의 작업표가 너무 많이 열려 있습니다. 먼저 하나를 닫으십시오.",
            "Too many tickets wait for this contractor. Close one first.",
        ),
        TicketError::Ended | TicketError::Ledger(_) => (
            ErrorCode::Conflict,
            "그런 작업표가 없거나 이미 끝났습니다.",
            "There is no such ticket, or it is over.",
        ),
    }
}

/// Why a visit was not entered.
pub(crate) const fn about_visits(error: &VisitError) -> Said {
    let (code, korean, english) = match error {
        VisitError::Line => (
            ErrorCode::VisitUnfit,
            "각 칸은 한 줄에 200자까지 쓰십시오.",
            "Write each field on one line of at most 200 characters.",
        ),
        VisitError::NoConsent => (
            ErrorCode::VisitUnfit,
            "동의하지 않은 방문자의 성명, 소속, 용무는 적지 않습니다. 그 칸을 비우십시오.",
            "The visitor did not consent: leave name, body and business empty.",
        ),
        VisitError::NameMissing => {
            (ErrorCode::VisitUnfit, "성명과 용무를 적으십시오.", "Write who comes and what for.")
        }
        VisitError::ReasonMissing => (
            ErrorCode::VisitUnfit,
            "들이지 않는 까닭을 적으십시오.",
            "Write why the visitor is not let in.",
        ),
        VisitError::EscortMissing => (
            ErrorCode::VisitUnfit,
            "함께하는 기관 사람을 고르십시오.",
            "Name who of the institution is with the visitor.",
        ),
        VisitError::Ended | VisitError::Notice(_) | VisitError::Ledger(_) => (
            ErrorCode::Conflict,
            "그런 출입 기록이 없거나 이미 그렇게 되어 있습니다. 새로 고쳐 확인하십시오.",
            "There is no such visit, or it is so already. Reload and look again.",
        ),
    };
    (code, korean, english)
}

type Sentence = (&'static str, &'static str);

/// Why somebody who has an account has no rights now.
pub(crate) const fn about_a_term(reason: RefusalReason) -> Sentence {
    match reason {
        RefusalReason::AppointmentNotYet => (
            "임명된 날이 아직 되지 않았습니다. 그날부터 들어올 수 있습니다.",
            "Your appointment has not begun. You can sign in from that day on.",
        ),
        RefusalReason::OffDuty => (
            "지금은 당번이 아닙니다. 당번 시간에 다시 들어오거나 관리책임자에게 당번표를 고쳐 달라고 하십시오.",
            "You are not on duty now. Come back when you are, or ask the manager to change the rota.",
        ),
        _ => (
            "임명된 기간이 끝났습니다. 계속 맡으려면 관리책임자에게 다시 임명해 달라고 하십시오.",
            "Your appointment is over. Ask the manager to appoint you again if you stay.",
        ),
    }
}

/// Why an appointment cannot be.
pub(crate) const fn about_an_appointment(error: AppointmentError) -> Sentence {
    match error {
        AppointmentError::PledgeMissing => (
            "보안서약을 받은 날을 적으십시오. 서약은 계정보다 먼저입니다.",
            "Say when the person signed the pledge: it comes before the account.",
        ),
        AppointmentError::TrainingMissing => (
            "한 해 안에 교육을 받은 날을 적으십시오. 교육은 계정보다 먼저입니다.",
            "Say when the person was trained, within the last year: it comes before the account.",
        ),
        AppointmentError::NotYetDone => (
            "서약과 교육은 이미 한 날이어야 합니다. 앞날은 적을 수 없습니다.",
            "The pledge and the training have been, not will be. Choose a day that has been.",
        ),
        AppointmentError::Term => (
            "임기의 끝은 시작보다 뒤이고 지금보다 뒤여야 합니다. 날짜를 고치십시오.",
            "An appointment ends after it begins, and not before now. Correct the days.",
        ),
        AppointmentError::Duty => (
            "당번은 앞뒤로 이어지게, 한 번에 31일까지, 모두 100번까지 적으십시오.",
            "Times on duty follow one another, 31 days each at most, 100 in all at most.",
        ),
        AppointmentError::Deputy => (
            "대행은 지금 계정이 있고 스스로 대행이 아닌 다른 사람을 대신해야 합니다.",
            "A deputy stands in for another person who has an account and is no deputy.",
        ),
        AppointmentError::Text => (
            "자리와 문서 번호는 한 줄에 64자까지 적으십시오.",
            "A post and a document have at most 64 characters on one line.",
        ),
    }
}
