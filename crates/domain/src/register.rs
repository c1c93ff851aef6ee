//! The registers of personal video data that the law asks for.

/// A register that follows from the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegisterName {
    /// 개인영상정보 관리대장: use, provision, viewing, destruction (form 3 of the Guide).
    PersonalVideo,
    /// 파기 관리대장 (form 5 of the Guide).
    Destruction,
    /// 열람 등 청구 처리대장.
    Requests,
    /// 개인정보의 목적 외 이용 및 제3자 제공 대장.
    Disclosures,
    /// 접속기록.
    Access,
    /// 권한 부여·변경·말소 대장.
    Rights,
    /// 수탁업체 작업 대장: tickets of contractors.
    Tickets,
    /// 통제구역 출입자 기록부.
    Visits,
}

impl RegisterName {
    /// Every register.
    pub const ALL: [Self; 8] = [
        Self::PersonalVideo,
        Self::Destruction,
        Self::Requests,
        Self::Disclosures,
        Self::Access,
        Self::Rights,
        Self::Tickets,
        Self::Visits,
    ];

    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PersonalVideo => "personal-video",
            Self::Destruction => "destruction",
            Self::Requests => "requests",
            Self::Disclosures => "disclosures",
            Self::Access => "access",
            Self::Rights => "rights",
            Self::Tickets => "tickets",
            Self::Visits => "visits",
        }
    }

    /// The register that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|register| register.word() == word)
    }
}
