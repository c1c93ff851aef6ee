//! What the manager has to see to beside the published promises: the seven duties of the guideline
//! (Guide 37(2)) and the yearly self-inspection (Guide 48(1)). No text promises them, so that they are
//! entered as the word of a person and published nowhere.

use crate::attested::YEARLY_DAYS;
use crate::{Check, Promise};

/// Ids of duties begin with it; no promise's does.
pub(crate) const PREFIX: &str = "duty.";

const GUIDE: &str = "Guide 37(2)";

/// Id, Korean, English, article.
const DUTIES: [(&str, &str, &str, &str); 8] = [
    (
        "duty.plan",
        "개인영상정보 보호 계획을 세우고 시행합니다.",
        "There is a plan for the protection of footage, and it is carried out.",
        GUIDE,
    ),
    (
        "duty.survey",
        "영상 처리의 실태와 관행을 정기적으로 살펴 고칩니다.",
        "How footage is really handled is looked at regularly, and mended.",
        GUIDE,
    ),
    (
        "duty.complaints",
        "영상과 관련한 불만을 처리하고 피해를 구제합니다.",
        "Complaints about footage are dealt with, and harm is made good.",
        GUIDE,
    ),
    (
        "duty.control",
        "유출과 오용, 남용을 막는 내부통제를 갖춥니다.",
        "There are controls against leaks and misuse from within.",
        GUIDE,
    ),
    (
        "duty.training",
        "영상 보호 교육 계획을 세우고 시행합니다.",
        "There is a plan for training in the protection of footage, and it is carried out.",
        GUIDE,
    ),
    (
        "duty.files",
        "영상 파일의 보호와 파기를 관리하고 감독합니다.",
        "The protection and destruction of footage is supervised.",
        GUIDE,
    ),
    (
        "duty.other",
        "그 밖에 영상 보호에 필요한 일을 살핍니다.",
        "Whatever else the protection of footage needs is seen to.",
        GUIDE,
    ),
    (
        "duty.self-inspection",
        "운영 실태를 자체 점검하고 그 결과를 다음 해 3월 31일까지 알리고 공개합니다.",
        "The operation is inspected by the agency itself; the result is reported and published by 31 March.",
        "Guide 48(1)",
    ),
];

/// The duties, each as something that a person looks at once a year.
#[must_use]
pub fn duties() -> Vec<Promise> {
    let duty = |(id, ko, en, article): (&str, &str, &str, &'static str)| Promise {
        id: id.into(),
        section: 0,
        ko: ko.into(),
        en: en.into(),
        check: Check::Attested { every_days: YEARLY_DAYS },
        article,
        penalty: None,
    };
    DUTIES.into_iter().map(duty).collect()
}
