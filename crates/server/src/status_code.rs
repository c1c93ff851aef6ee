//! The status of HTTP that goes with a refusal.

use api::ErrorCode;
use axum::http::StatusCode;

/// Each code has one.
pub(crate) const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::NotSignedIn | ErrorCode::WrongPassword => StatusCode::UNAUTHORIZED,
        ErrorCode::ForeignRequest | ErrorCode::Forbidden | ErrorCode::NoTicket => {
            StatusCode::FORBIDDEN
        }
        ErrorCode::Locked => StatusCode::LOCKED,
        ErrorCode::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::LinkInvalid => StatusCode::GONE,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::NameTaken | ErrorCode::Conflict | ErrorCode::NoPicture => StatusCode::CONFLICT,
        ErrorCode::PasswordWeak
        | ErrorCode::RolesUnfit
        | ErrorCode::AppointmentUnfit
        | ErrorCode::PurposeMissing
        | ErrorCode::ApprovalMissing
        | ErrorCode::SpanUnfit
        | ErrorCode::TooManyCameras
        | ErrorCode::RetentionUnfit
        | ErrorCode::PolicyUnfit
        | ErrorCode::PolicyLooser
        | ErrorCode::RetentionBeyondPolicy
        | ErrorCode::PromiseNotAttestable
        | ErrorCode::DayUnfit
        | ErrorCode::PictureUnfit
        | ErrorCode::RemarkUnfit
        | ErrorCode::TicketUnfit
        | ErrorCode::PlanUnfit
        | ErrorCode::PlanPictureUnfit
        | ErrorCode::VisitUnfit
        | ErrorCode::RequestUnfit
        | ErrorCode::DisclosureUnfit
        | ErrorCode::DecisionUnfit
        | ErrorCode::FootageKept
        | ErrorCode::ObjectionUnfit
        | ErrorCode::LetterUnfit
        | ErrorCode::RegisterUnfit
        | ErrorCode::MaskFailed
        | ErrorCode::FootageTooLong
        | ErrorCode::AddressUnfit
        | ErrorCode::CameraUnreachable
        | ErrorCode::CameraRefused
        | ErrorCode::NotACamera
        | ErrorCode::CameraUnsupported => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::PlanChanged
        | ErrorCode::CameraElsewhere
        | ErrorCode::FootageHeld
        | ErrorCode::FootageWritten
        | ErrorCode::FootageOwed
        | ErrorCode::FootageGone
        | ErrorCode::FootageUnreadable
        | ErrorCode::DestructionFrozen
        | ErrorCode::HolderAway => StatusCode::CONFLICT,
        ErrorCode::LedgerUnavailable
        | ErrorCode::Busy
        | ErrorCode::PressMissing
        | ErrorCode::MaskMissing
        | ErrorCode::NoWitnesses
        | ErrorCode::NotCosigned => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Storage => StatusCode::INSUFFICIENT_STORAGE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
