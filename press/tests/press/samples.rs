//! The five institutions and what their published texts say, and the forms.

use std::collections::BTreeMap;

use papers::{
    AccessRequest, Admission, Claimant, Consent, Document, Subject, Visit, VisitorBook, Wanted,
};
use policy::{Description, Policy};

const SAMPLES: [(&str, &str); 5] = [
    ("patent", include_str!("../../../samples/institutions/patent.toml")),
    ("smes", include_str!("../../../samples/institutions/smes.toml")),
    ("customs", include_str!("../../../samples/institutions/customs.toml")),
    ("gunsan", include_str!("../../../samples/institutions/gunsan.toml")),
    ("labor", include_str!("../../../samples/institutions/labor.toml")),
];

const FACTS: &str = include_str!("../../../testdata/policy/facts.json");

/// An institution.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) described: Description,
    /// Its policy.
    pub(crate) document: Document,
    /// What its published text says.
    pub(crate) facts: Vec<String>,
}

/// All five.
pub(crate) fn samples() -> Vec<Sample> {
    let facts: BTreeMap<String, Vec<String>> = serde_json::from_str(FACTS).unwrap();
    let sample = |(name, text): &(&'static str, &str)| {
        let described = Description::read(text).unwrap();
        let effective = &described.versions.last().unwrap().effective;
        let law = law::korea().on(law::date(effective).unwrap());
        let document = Policy::of(&described, law).document();
        Sample { name, described, document, facts: facts[*name].clone() }
    };
    SAMPLES.iter().map(sample).collect()
}

/// The forms, blank and filled.
pub(crate) fn forms() -> Vec<(&'static str, Document)> {
    let blank = AccessRequest {
        institution: "본보기청".into(),
        head: "본보기청장".into(),
        answer_days: 10,
        ..AccessRequest::default()
    };
    let filled = AccessRequest {
        wanted: Some(Wanted::Viewing),
        claimant: Claimant {
            name: "청구인 가".into(),
            phone: "000-0000-0001".into(),
            birth_date: "2000-01-01".into(),
            relation: "법정대리인".into(),
            address: "본보기시 본보기로 1".into(),
        },
        subject: Subject { name: "정보주체 나".into(), ..Subject::default() },
        recorded: "2026-11-20 13:00부터 14:00까지".into(),
        place: "1층 복도 및 로비".into(),
        reason:
            "놓고 간 가방을 누가 가져갔는지 확인하려고 합니다. 파란색이며 이름표가 달려 있습니다."
                .into(),
        asked_on: "2026-11-23".into(),
        ..blank.clone()
    };
    let visit = |consent, admission| Visit {
        date: "2026-11-23".into(),
        came_in: "10:00".into(),
        went_out: "10:40".into(),
        body: "본보기정보통신 과장".into(),
        name: "방문자 다".into(),
        business: "저장장치 점검".into(),
        consent: Some(consent),
        admission: Some(admission),
    };
    let empty = VisitorBook { institution: "본보기청".into(), ..VisitorBook::default() };
    let book = VisitorBook {
        area: "1층 방재실".into(),
        version: 1,
        kept_days: 365,
        approver: "경영관리팀장".into(),
        visits: vec![
            visit(Consent::Given, Admission::Granted),
            visit(Consent::Refused, Admission::Granted),
        ],
        ..empty.clone()
    };
    vec![
        ("access-request", blank.document("2026-11-23")),
        ("access-request-filled", filled.document("2026-11-23")),
        ("consent", empty.document("2026-11-23")),
        ("consent-filled", book.document("2026-11-23")),
    ]
}
