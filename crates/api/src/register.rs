//! The registers of personal video data that the law asks for.

use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::words::words;
use crate::{ErrorBody, NamedCamera, Time};

words! {
    /// A register.
    RegisterName {
        /// 개인영상정보 관리대장.
        PersonalVideo = "personal-video",
        /// 파기 관리대장.
        Destruction = "destruction",
        /// 열람 등 청구 처리대장.
        Requests = "requests",
        /// 목적 외 이용 및 제3자 제공 대장.
        Disclosures = "disclosures",
        /// 접속기록.
        Access = "access",
        /// 권한 부여·변경·말소 대장.
        Rights = "rights",
        /// 수탁업체 작업 대장.
        Tickets = "tickets",
        /// 통제구역 출입자 기록부.
        Visits = "visits",
    }

    /// In which form a register is asked for.
    RegisterFormat {
        /// Its rows as data.
        Json = "json",
        /// A page.
        Html = "html",
        /// PDF/UA-1.
        Pdf = "pdf",
        /// HWPX (KS X 6101).
        Hwpx = "hwpx",
        /// XLSX (ECMA-376).
        Xlsx = "xlsx",
    }
}

/// A column of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegisterColumn {
    /// The word by which programs know it; stable.
    pub key: String,
    /// What it is called, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
}

/// A row of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegisterRow {
    /// The ledger's entry that it rests on, `2026/17`.
    pub entry: String,
    /// Whether the time of its details is up: they are destroyed, and the row says so.
    pub is_expired: bool,
    /// One text for each column; times are those of Korea.
    pub cells: Vec<String>,
}

/// What stands beneath a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegisterNote {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

/// A register of some days, as the ledger says it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Register {
    /// Which.
    pub name: RegisterName,
    /// What it is called, in Korean.
    pub title: String,
    /// The first day in Korea, `2026-11-01`.
    pub from: String,
    /// The last day in Korea.
    pub until: String,
    /// The one camera of which it speaks; none for all.
    pub camera: Option<NamedCamera>,
    /// When it was made.
    pub made_at: Time,
    /// The entry of its being read.
    pub ledger_entry: String,
    /// Its columns.
    pub columns: Vec<RegisterColumn>,
    /// Its rows, the oldest first.
    pub rows: Vec<RegisterRow>,
    /// What it does not say, and why.
    pub notes: Vec<RegisterNote>,
}

/// A register of some days in Korea; that it was read is entered.
#[utoipa::path(get, path = "/api/v1/registers/{name}", tag = "registers",
    params(
        ("name" = RegisterName, Path, description = "Which."),
        ("from" = Option<String>, Query, description = "The first day in Korea, `2026-11-01`; 29 days before the last if left out."),
        ("until" = Option<String>, Query, description = "The last day in Korea; today if left out. At most 366 days."),
        ("camera" = Option<String>, Query, description = "The one camera of which it is to speak."),
        ("format" = Option<RegisterFormat>, Query, description = "`json` if left out; any other is a file.")),
    responses((status = 200, body = Register), (status = "default", body = ErrorBody)))]
pub fn read_register() {}

/// The paths of registers.
#[derive(OpenApi)]
#[openapi(paths(read_register), components(schemas(RegisterFormat)))]
pub(crate) struct Paths;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_the_one_on_the_wire() {
        for (set, agrees) in every_set_agrees_with_serde() {
            assert!(agrees, "{set}");
        }
    }

    #[test]
    fn a_word_that_is_none_stands_for_nothing() {
        assert_eq!(RegisterName::from_word("visits"), Some(RegisterName::Visits));
        assert_eq!(RegisterName::from_word("secrets"), None);
    }
}
