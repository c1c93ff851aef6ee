//! How a request is refused: a code of the closed set, and a sentence in each language that says
//! what to do.

use access::{
    AccountError, AppendError, ApprovalError, NameError, PerformError, RefusalReason, SignInError,
};
use api::ErrorCode;
use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::HoldError;

use crate::HouseError;
use crate::sentences::{
    about_a_case, about_a_term, about_a_ticket, about_an_appointment, about_exports,
    about_promises_and_destruction, about_requests, own_case,
};
use crate::status_code::status;

/// A refusal on its way out.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: ErrorCode,
    sentence: (&'static str, &'static str),
    retry_after_s: Option<u64>,
}

impl Refused {
    pub(crate) fn saying(code: ErrorCode, korean: &'static str, english: &'static str) -> Self {
        Self { code, sentence: (korean, english), retry_after_s: None }
    }

    /// A name, a spot or a reason that is empty, too long, or more than a line.
    pub(crate) fn unfit_line() -> Self {
        Self::saying(
            ErrorCode::BadRequest,
            "한 줄로 쓰십시오: 이름은 1자에서 64자, 위치는 128자까지, 사유는 1자에서 200자까지입니다.",
            "Write on one line: a name of 1 to 64 characters, a spot of at most 128, a reason of 1 to 200.",
        )
    }

    /// The wire's form.
    pub(crate) fn detail(&self) -> api::ErrorDetail {
        api::ErrorDetail {
            code: self.code,
            message_ko: self.sentence.0.into(),
            message_en: self.sentence.1.into(),
            retry_after_s: self.retry_after_s,
            ledger_entry: None,
        }
    }
}

impl From<ErrorCode> for Refused {
    fn from(code: ErrorCode) -> Self {
        let retry_after_s = (code == ErrorCode::Busy).then_some(5);
        Self { code, sentence: sentence(code), retry_after_s }
    }
}

impl From<RefusalReason> for Refused {
    fn from(reason: RefusalReason) -> Self {
        match reason {
            RefusalReason::NoRole => ErrorCode::Forbidden.into(),
            RefusalReason::OutOfScope => Self::saying(
                ErrorCode::Forbidden,
                "맡은 범위 밖의 카메라입니다. 필요하면 관리책임자에게 범위를 넓혀 달라고 하십시오.",
                "This camera is outside your scope. If you need it, ask the manager to widen it.",
            ),
            RefusalReason::TooLongAgo => Self::saying(
                ErrorCode::Forbidden,
                "맡은 역할로는 최근 한 시간만 볼 수 있습니다. 더 오래된 영상은 담당자에게 부탁하십시오.",
                "Your role may look back one hour only. For older footage ask an officer.",
            ),
            RefusalReason::StillAlreadyTaken => Self::saying(
                ErrorCode::Conflict,
                "이 기기의 시험 화면은 이미 한 번 보았습니다. 다시 확인하려면 관리책임자에게 부탁하십시오.",
                "The one test picture of this device was already taken. Ask the manager to look again.",
            ),
            RefusalReason::ApprovalMissing => ErrorCode::ApprovalMissing.into(),
            RefusalReason::OwnProposal => Self::saying(
                ErrorCode::Forbidden,
                "스스로 올린 안은 스스로 승인할 수 없습니다. 다른 사람에게 승인을 부탁하십시오.",
                "Nobody approves his own proposal. Ask another person to.",
            ),
            RefusalReason::OwnRequest
            | RefusalReason::OwnDecision
            | RefusalReason::OwnDisclosure => {
                let (ko, en) = own_case(reason);
                Self::saying(ErrorCode::Forbidden, ko, en)
            }
            RefusalReason::ProposalClosed => Self::saying(
                ErrorCode::Conflict,
                "이미 결정되었거나 기한이 지난 안입니다. 필요하면 새로 올리십시오.",
                "It was decided already, or its time is over. Propose it anew if it is needed.",
            ),
            RefusalReason::ManagerMissing => Self::saying(
                ErrorCode::Forbidden,
                "두 사람 가운데 한 사람은 관리책임자여야 합니다. 관리책임자에게 승인을 부탁하십시오.",
                "One of the two must be a manager. Ask a manager to approve.",
            ),
            RefusalReason::TooSoon => Self::saying(
                ErrorCode::Conflict,
                "승인한 지 하루가 지나야 파기할 수 있습니다. 하루 뒤에 다시 하십시오.",
                "It can be destroyed a day after it was approved. Try again then.",
            ),
            RefusalReason::CaseNotGranted | RefusalReason::MaskMissing => {
                let (korean, english) = about_a_case(reason);
                Self::saying(ErrorCode::Forbidden, korean, english)
            }
            RefusalReason::TooMuch => ErrorCode::SpanUnfit.into(),
            RefusalReason::TicketMissing
            | RefusalReason::TicketNotYet
            | RefusalReason::TicketOver
            | RefusalReason::EscortMissing
            | RefusalReason::ClockSetBack
            | RefusalReason::TicketTimeUnfit
            | RefusalReason::NotAContractor => {
                let (code, korean, english) = about_a_ticket(reason);
                Self::saying(code, korean, english)
            }
            RefusalReason::AppointmentNotYet
            | RefusalReason::AppointmentOver
            | RefusalReason::OffDuty => {
                let (korean, english) = about_a_term(reason);
                Self::saying(ErrorCode::Forbidden, korean, english)
            }
            RefusalReason::PurposeMissing => ErrorCode::PurposeMissing.into(),
            RefusalReason::Locked => ErrorCode::Locked.into(),
            RefusalReason::RolesClash => ErrorCode::RolesUnfit.into(),
            RefusalReason::WrongCredentials => ErrorCode::WrongPassword.into(),
            RefusalReason::TooManyAttempts => ErrorCode::TooManyAttempts.into(),
        }
    }
}

impl From<HouseError> for Refused {
    fn from(error: HouseError) -> Self {
        let code = error.code();
        if let HouseError::Failed { source, .. } = error {
            tracing::warn!(code = code.word(), error = %source, "a request failed");
        }
        code.into()
    }
}

impl<E: Into<Self>> From<PerformError<E>> for Refused {
    fn from(error: PerformError<E>) -> Self {
        match error {
            PerformError::Refused(reason) => reason.into(),
            PerformError::Ledger(error) => ledger_unavailable(&error),
            PerformError::Effect(error) => error.into(),
            PerformError::Cut => ErrorCode::Forbidden.into(),
        }
    }
}

/// Nothing can fail where nothing is done: the error of a mere look.
#[derive(Debug)]
pub(crate) enum Nothing {}

impl From<Nothing> for Refused {
    fn from(nothing: Nothing) -> Self {
        match nothing {}
    }
}

impl From<AccountError> for Refused {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NoSuchAccount => ErrorCode::NotFound.into(),
            AccountError::NoRole => ErrorCode::RolesUnfit.into(),
            AccountError::Name(error) => error.into(),
            AccountError::Appointment(error) => {
                let (korean, english) = about_an_appointment(error);
                Self::saying(ErrorCode::AppointmentUnfit, korean, english)
            }
            AccountError::LastOne(_) => Self::saying(
                ErrorCode::Conflict,
                "이 역할로 로그인할 수 있고 임기의 끝이 없는 마지막 사람입니다. 먼저 다른 사람을 지정하십시오.",
                "This is the last person with this role who can sign in and has no end. Appoint another first.",
            ),
            AccountError::TooMany => Self::saying(
                ErrorCode::Conflict,
                "계정이 너무 많아 더 만들 수 없습니다. 기술 지원에 문의하십시오.",
                "There are too many accounts to make another. Ask for technical support.",
            ),
            AccountError::NoDemo => ErrorCode::Forbidden.into(),
            AccountError::Ledger(error) => ledger_unavailable(&error),
        }
    }
}

impl From<ApprovalError> for Refused {
    fn from(error: ApprovalError) -> Self {
        match error {
            ApprovalError::Reason => Self::unfit_line(),
            ApprovalError::TooMany => Self::saying(
                ErrorCode::Conflict,
                "기다리는 안이 너무 많습니다. 먼저 하나를 거두십시오.",
                "Too many of your proposals wait. Take one back first.",
            ),
            ApprovalError::StandsAlready => Self::saying(
                ErrorCode::Conflict,
                "미리 파기하는 규칙이 이미 있습니다. 바꾸려면 먼저 거두십시오.",
                "The rule on early destruction stands already. Take it back first to change it.",
            ),
            ApprovalError::Decided => ErrorCode::Conflict.into(),
            ApprovalError::Ledger(error) => ledger_unavailable(&error),
        }
    }
}

impl From<HoldError> for Refused {
    fn from(error: HoldError) -> Self {
        match error {
            HoldError::Case => ErrorCode::BadRequest.into(),
            HoldError::Cameras => Self::saying(
                ErrorCode::TooManyCameras,
                "카메라를 1대에서 9대까지 서로 다르게 고르십시오.",
                "Choose 1 to 9 cameras, none twice.",
            ),
            HoldError::Span => Self::saying(
                ErrorCode::SpanUnfit,
                "시작과 끝을 분 단위로, 끝이 시작보다 늦게, 4시간까지 고르십시오.",
                "Choose whole minutes, an end after the beginning, and at most 4 hours.",
            ),
        }
    }
}

impl From<AppendError> for Refused {
    fn from(error: AppendError) -> Self {
        ledger_unavailable(&error)
    }
}

impl From<NameError> for Refused {
    fn from(error: NameError) -> Self {
        match error {
            NameError::Taken => ErrorCode::NameTaken.into(),
            NameError::Unfit => Self::saying(
                ErrorCode::BadRequest,
                "이름은 한 줄에 1자에서 64자까지 쓰십시오.",
                "Write a name of 1 to 64 characters on one line.",
            ),
        }
    }
}

impl From<SignInError> for Refused {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongCredentials => ErrorCode::WrongPassword.into(),
            SignInError::TooManyAttempts { wait } => {
                let retry_after_s = Some(wait.as_secs() + 1);
                Self { retry_after_s, ..ErrorCode::TooManyAttempts.into() }
            }
            SignInError::LinkNotOpen => ErrorCode::LinkInvalid.into(),
            SignInError::NoSession => ErrorCode::NotSignedIn.into(),
            SignInError::SamePerson => Self::saying(
                ErrorCode::Conflict,
                "같은 사람입니다. 이어받는 사람의 이름과 비밀번호를 쓰십시오.",
                "This is the same person. Write name and password of the person who takes over.",
            ),
            SignInError::Name(error) => error.into(),
            SignInError::Password(_) => ErrorCode::PasswordWeak.into(),
            SignInError::Refused(reason) => reason.into(),
            SignInError::Ledger(error) => ledger_unavailable(&error),
            SignInError::Catalog(error) => {
                tracing::error!(%error, "the catalog failed at a sign-in");
                ErrorCode::Storage.into()
            }
        }
    }
}

pub(crate) fn ledger_unavailable(error: &access::AppendError) -> Refused {
    tracing::error!(%error, "an act was not done");
    if matches!(error, access::AppendError::Unwitnessed) {
        return Refused::saying(
            ErrorCode::LedgerUnavailable,
            "하루 동안 증인이 원장에 서명하지 않아 영상을 볼 수 없습니다. 증인과의 연결을 확인하십시오.",
            "No quorum of witnesses has cosigned the ledger for a day, so no footage is shown. Look after the connection to the witnesses.",
        );
    }
    ErrorCode::LedgerUnavailable.into()
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = Json(api::ErrorBody { error: self.detail() });
        let mut response = (status(self.code), body).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What to do, in Korean and in English.
const fn sentence(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::BadRequest => (
            "보낸 내용이 맞지 않습니다. 빠지거나 잘못 적은 칸을 고쳐 다시 보내십시오.",
            "The request does not fit. Correct what is missing or misspelt and send it again.",
        ),
        ErrorCode::ForeignRequest => (
            "다른 사이트에서 온 요청이라 받지 않았습니다. 이 녹화기의 화면에서 다시 하십시오.",
            "The request came from another site and was not taken. Use the recorder's own pages.",
        ),
        ErrorCode::NotSignedIn => ("로그인하십시오.", "Sign in first."),
        ErrorCode::Locked => (
            "화면이 잠겼습니다. 비밀번호로 잠금을 푸십시오.",
            "The controls are locked. Unlock them with your password.",
        ),
        ErrorCode::WrongPassword => (
            "이름이나 비밀번호가 맞지 않습니다. 확인하고 다시 쓰십시오.",
            "Name or password is wrong. Check both and try again.",
        ),
        ErrorCode::TooManyAttempts => (
            "시도가 너무 많습니다. 잠시 기다렸다가 다시 하십시오.",
            "Too many attempts. Wait a moment and try again.",
        ),
        ErrorCode::LinkInvalid => (
            "이미 쓰였거나 기한이 지난 링크입니다. 새 링크를 받으십시오.",
            "This link was used or has run out. Ask for a new one.",
        ),
        ErrorCode::NameTaken => (
            "다른 사람이 쓰는 이름입니다. 다른 이름을 고르십시오.",
            "Somebody has this name. Choose another.",
        ),
        ErrorCode::PasswordWeak => (
            "비밀번호는 이름과 다르게 10자에서 128자까지 쓰십시오.",
            "Choose a password of 10 to 128 characters that is not the name.",
        ),
        ErrorCode::Forbidden => (
            "맡은 역할로는 할 수 없는 일입니다. 필요하면 관리책임자에게 문의하십시오.",
            "Your role does not allow this. If you need it, ask the manager.",
        ),
        ErrorCode::NotFound => (
            "찾는 것이 없습니다. 목록을 새로 고쳐 확인하십시오.",
            "There is no such thing. Reload the list and look again.",
        ),
        ErrorCode::Conflict => (
            "이미 그렇게 되어 있거나 끝난 일입니다. 새로 고쳐 확인하십시오.",
            "It is so already, or has ended. Reload and look again.",
        ),
        _ => sentence_about_work(code),
    }
}

/// The rest of the closed set: cameras, footage, and the recorder itself.
const fn sentence_about_work(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::RolesUnfit => (
            "역할을 하나 이상 고르되, 영상을 보는 역할과 관리·수탁 역할은 함께 줄 수 없습니다.",
            "Choose at least one role, but never one that sees footage together with one that does not.",
        ),
        ErrorCode::AppointmentUnfit => (
            "임명 내용을 고치십시오: 서약과 교육은 계정보다 먼저이고, 끝은 시작보다 뒤입니다.",
            "Correct the appointment: pledge and training come before the account, the end after the beginning.",
        ),
        ErrorCode::PurposeMissing => (
            "목적을 고르고 사건 번호나 사유를 한 줄로 쓰십시오.",
            "Choose a purpose and write a case number or reason on one line.",
        ),
        ErrorCode::ApprovalMissing => (
            "두 사람이 필요한 일입니다. 안을 올리고 다른 사람의 승인을 받으십시오.",
            "This takes two people. Propose it and let another person approve.",
        ),
        ErrorCode::SpanUnfit => (
            "끝이 시작보다 늦어야 하고, 한 번에 볼 수 있는 길이는 정해져 있습니다(영상 24시간, 시간표 31일). 시간을 고치십시오.",
            "The end must come after the beginning, at most 24 hours of footage or 31 days of a timeline later. Correct the times.",
        ),
        ErrorCode::TooManyCameras => (
            "한 번에 볼 수 있는 카메라는 실시간 25대, 녹화 영상 9대까지입니다. 서로 다른 카메라로 줄이십시오.",
            "At most 25 cameras live or 9 of recorded footage, none twice. Choose fewer.",
        ),
        ErrorCode::RetentionUnfit => (
            "보관 기간은 90s, 2h, 30d처럼 24초에서 3650일까지, 최소 기간보다 길게 쓰십시오.",
            "Write the retention as 90s, 2h or 30d: 24 seconds to 3650 days, not below its minimum.",
        ),
        ErrorCode::PolicyUnfit => (
            "이 방침은 아직 공고할 수 없습니다. 초안에서 오류를 바로잡은 뒤 다시 공고하십시오.",
            "This policy cannot be announced yet. Mend the errors that the draft shows, then announce it again.",
        ),
        ErrorCode::RetentionBeyondPolicy => (
            "시행 중인 방침의 보관기간보다 길게 보관할 수 없습니다. 먼저 방침을 바꾸십시오.",
            "The policy in force keeps footage for less. Announce another policy first.",
        ),
        ErrorCode::PolicyLooser => (
            "지금 방침보다 덜 약속하는 방침은 한 사람이 공고할 수 없습니다. 승인을 요청해 다른 사람의 승인을 받으십시오.",
            "It promises less than the present policy, which one person may not announce. Propose it and let another person approve.",
        ),
        ErrorCode::AddressUnfit => (
            "카메라 주소를 rtsp://로 시작하게 쓰십시오.",
            "Write the camera's address so that it begins with rtsp://.",
        ),
        ErrorCode::CameraUnreachable => (
            "그 주소에서 아무도 답하지 않습니다. 카메라의 전원, 네트워크, 주소를 확인하십시오.",
            "Nobody answers at that address. Check the camera's power, network and address.",
        ),
        ErrorCode::CameraRefused => (
            "카메라가 거절합니다. 이름, 비밀번호, 주소의 경로를 확인하십시오.",
            "The camera refuses. Check name, password and the path of the address.",
        ),
        ErrorCode::NotACamera => (
            "그 주소에서 답하는 것은 카메라가 아닙니다. 주소와 포트를 확인하십시오.",
            "What answers at that address is no camera. Check address and port.",
        ),
        ErrorCode::CameraUnsupported => (
            "카메라의 영상 형식을 쓸 수 없습니다. 카메라 설정에서 H.264나 H.265를 고르십시오.",
            "The camera's video cannot be kept. Set the camera to H.264 or H.265.",
        ),
        ErrorCode::NoPicture => (
            "지금은 화면이 오지 않습니다. 카메라의 상태를 확인하고 다시 하십시오.",
            "No picture comes now. Look at the camera's state and try again.",
        ),
        ErrorCode::LedgerUnavailable => (
            "원장에 쓸 수 없어 하지 않았습니다. 녹화는 계속됩니다. 관리자에게 원장 디스크를 고쳐 달라고 하십시오.",
            "The ledger cannot write, so nothing was done; recording goes on. Have the ledger's disk repaired.",
        ),
        ErrorCode::Storage => (
            "디스크에 쓸 수 없습니다. 상태 화면에서 저장장치를 확인하십시오.",
            "The disk does not take it. Look at the volumes on the health page.",
        ),
        ErrorCode::Busy => (
            "한꺼번에 너무 많이 열려 있습니다. 몇 개를 닫거나 잠시 뒤 다시 하십시오.",
            "Too many at once. Close some, or try again in a moment.",
        ),
        _ => match (about_exports(code), about_requests(code)) {
            (Some(said), _) | (None, Some(said)) => said,
            (None, None) => about_promises_and_destruction(code),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_of_its_own() {
        let mut seen = std::collections::BTreeSet::new();
        for &code in ErrorCode::ALL {
            let (korean, english) = sentence(code);
            assert!(korean.ends_with('.') && english.ends_with('.'), "{code:?}");
            assert!(seen.insert(english), "{code:?} says what another says");
        }
    }
}
