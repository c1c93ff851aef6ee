//! One fault for each rule: what to put in the place of what in a clean policy.

/// A clean policy and what spoils it.
pub(crate) struct Fault {
    pub(crate) rule: &'static str,
    pub(crate) file: &'static str,
    pub(crate) changes: &'static [(&'static str, &'static str)],
}

const fn fault(
    rule: &'static str,
    file: &'static str,
    changes: &'static [(&'static str, &'static str)],
) -> Fault {
    Fault { rule, file, changes }
}

const SCHOOL: &str = "05-sandeul-school.txt";
const MUSEUM: &str = "09-byeolha-museum.txt";
const MINISTRY: &str = "12-onnuri-ministry.txt";
const CITY: &str = "02-noeul-city.txt";
const HOSPITAL: &str = "04-dasom-hospital.txt";
const PORT: &str = "13-dangun-port.txt";
const TOWNSHIP: &str = "14-byeonu-township.txt";

/// What stands at the end of the museum's policy; annexes are put behind it.
const END: &str = "2024. 5. 7.\t2024. 5. 20.\t법령 개정 반영\n";

pub(crate) const FAULTS: &[Fault] = &[
    fault(
        "conflict.hours",
        SCHOOL,
        &[("녹음 기능은 사용하지 않습니다.", "촬영시간은 평일 09:00~18:00입니다.")],
    ),
    fault(
        "conflict.processor",
        SCHOOL,
        &[(
            "위탁하지 않습니다.\n",
            "위탁하지 않습니다.\n수탁업체\t담당 업무\t연락처\n(주)가온보안\t유지보수\t055-000-7000\n",
        )],
    ),
    fault(
        "conflict.reference",
        MUSEUM,
        &[("나. 고정형 영상정보처리기기로 녹음하지", "나. 이 방침 제14조에 따라 녹음하지")],
    ),
    fault("count.sum", MUSEUM, &[("합계\t\t\t96", "합계\t\t\t97")]),
    fault("count.missing", MUSEUM, &[("산책로, 정문, 후문\t16", "산책로, 정문, 후문\t")]),
    fault("count.cell_empty", MUSEUM, &[("지하 1층\t주차장 차로와 승강기 앞", "지하 1층\t")]),
    fault(
        "conflict.retention",
        SCHOOL,
        &[("녹음 기능은 사용하지 않습니다.", "영상정보는 촬영일로부터 60일간 보관합니다.")],
    ),
    fault(
        "conflict.storage",
        SCHOOL,
        &[("방송실에 잠금장치를 설치하고", "녹화된 영상은 2층 전산실에 보관하며")],
    ),
    fault(
        "conflict.deadline",
        SCHOOL,
        &[(
            "녹음 기능은 사용하지 않습니다.",
            "열람을 거절할 때에는 7일 이내에 사유를 알려드립니다.",
        )],
    ),
    fault(
        "conflict.contractor_access",
        MUSEUM,
        &[(
            "접근권한자\t방호 담당 주무관\t기획운영과\t061-000-9902",
            "유지보수업체\t현장 대리\t새론정보기술(주)\t061-000-9990",
        )],
    ),
    fault(
        "conflict.person",
        HOSPITAL,
        &[(
            "1) 확인 방법: 시설관리부에 미리 전화한 후 방문",
            "1) 담당자: 접근권한자 하늘샘 (033-000-4455)",
        )],
    ),
    fault(
        "conflict.role_title",
        MUSEUM,
        &[(
            "구분\t직위\t부서\t연락처",
            "아래와 같이 개인영상정보 보호책임자를 둡니다.\n구분\t직위\t부서\t연락처",
        )],
    ),
    fault("conflict.heading", MUSEUM, &[("제10조 방침의 변경", "제10조 개인정보 처리방침의 변경")]),
    fault(
        "conflict.name",
        MINISTRY,
        &[("우리 부는 내부 관리계획을", "온누리행정안전부는 내부 관리계획을")],
    ),
    fault("notice.broken", MUSEUM, &[("2026. 9. 1.\t2026. 9. 14.", "2026. 9. 10.\t2026. 9. 14.")]),
    fault("notice.holiday", MUSEUM, &[("2026. 9. 1.\t2026. 9. 14.", "2026. 9. 5.\t2026. 9. 14.")]),
    fault("version.gap", CITY, &[("~ 2024. 1. 31.", "~ 2024. 1. 20.")]),
    fault("version.order", MUSEUM, &[("2024. 5. 7.\t2024. 5. 20.", "2024. 5. 27.\t2024. 5. 20.")]),
    fault("version.unreachable", CITY, &[("(https://noeul.example/policy/2)", "(링크)")]),
    fault("template.placeholder", MUSEUM, &[("기획운영과장\t기획운영과", "○○과장\t○○과")]),
    fault("template.remnant", MUSEUM, &[("제5조 위탁", "제5조 위탁(해당하는 경우만 작성)")]),
    fault("template.debris", MUSEUM, &[("주차대수 28대", ", , , ,")]),
    fault(
        "required.ground",
        MUSEUM,
        &[
            ("「개인정보 보호법」 제25조제7항에 따라 ", ""),
            ("「개인정보 보호법」 제25조제1항제2호 및 제3호에 따라 ", ""),
        ],
    ),
    fault(
        "required.purpose",
        MUSEUM,
        &[("가. 시설의 안전 및 관리, 화재 예방\n", ""), ("나. 소장품 도난 등 범죄의 예방\n", "")],
    ),
    fault(
        "required.cameras",
        TOWNSHIP,
        &[
            ("모두 예순 대이며, ", ""),
            ("12대", ""),
            ("9대", ""),
            ("15대", ""),
            ("10대", ""),
            ("14대", ""),
        ],
    ),
    fault(
        "required.range",
        PORT,
        &[
            ("## 2. 촬영범위\n", ""),
            ("각 카메라는 설치 위치를 중심으로 반경 30m 이내의 통로와 작업장을 촬영합니다.\n", ""),
        ],
    ),
    fault(
        "required.person",
        MUSEUM,
        &[
            ("관리책임자\t기획운영과장\t기획운영과\t061-000-9900\n", ""),
            ("제3조 관리책임자, ", "제3조 "),
        ],
    ),
    fault(
        "required.department",
        MUSEUM,
        &[("직위\t부서\t연락처", "직위\t연락처"), ("기획운영과\t", ""), ("담당 부서 및 ", "")],
    ),
    fault("required.contact", MUSEUM, &[("061-000-9901", "")]),
    fault(
        "required.access_list",
        MUSEUM,
        &[
            ("접근권한자\t시설 담당 주무관\t기획운영과\t061-000-9901\n", ""),
            ("접근권한자\t방호 담당 주무관\t기획운영과\t061-000-9902\n", ""),
        ],
    ),
    fault(
        "required.processor",
        SCHOOL,
        &[
            ("□ 위탁에 관한 사항\n", ""),
            (" ○ 본교는 고정형 영상정보처리기기의 설치 및 관리를 위탁하지 않습니다.\n", ""),
        ],
    ),
    fault(
        "required.processor_sign",
        MUSEUM,
        &[
            ("다. 수탁자의 명칭과 연락처는 안내판에도 적고 있습니다.\n", ""),
            ("가. 안내판은 출입구와 매표소에 설치합니다.\n", ""),
        ],
    ),
    fault("required.hours", MUSEUM, &[("가. 촬영 시간: 24시간\n", "")]),
    fault("required.retention", MUSEUM, &[("나. 보관 기간: 촬영일로부터 30일\n", "")]),
    fault("required.storage", MUSEUM, &[("다. 보관 장소: 전시동 지하 1층 방재실\n", "")]),
    fault(
        "required.viewing",
        MUSEUM,
        &[
            ("제6조 영상정보의 확인 방법 및 장소\n", ""),
            ("가. 확인 방법: 접근권한자에게 미리 연락하고 방문\n", ""),
            ("나. 확인 장소: 전시동 지하 1층 방재실 (전라남도 별하군 유물로 77)\n", ""),
        ],
    ),
    fault(
        "required.requests",
        SCHOOL,
        &[
            ("□ 정보주체의 열람 등 요구에 대한 조치\n", ""),
            (
                " ○ 학생, 보호자 등 정보주체는 본인(법정대리인은 그 아동)이 촬영된 개인영상정보의 열람, 존재확인 또는 삭제를 언제든지 요구할 수 있습니다.\n",
                "",
            ),
            (
                " ○ 본교는 지체 없이 필요한 조치를 하며, 「개인정보 보호법」 제35조 제4항에 해당하여 열람을 제한하거나 거절할 때에는 10일 이내에 사유와 이의제기 방법을 알려드립니다.\n",
                "",
            ),
            (" ○ 열람할 때 다른 사람은 알아볼 수 없도록 처리합니다.\n", ""),
        ],
    ),
    fault(
        "required.refusal",
        SCHOOL,
        &[(
            ", 「개인정보 보호법」 제35조 제4항에 해당하여 열람을 제한하거나 거절할 때에는 10일 이내에 사유와 이의제기 방법을 알려드립니다.",
            ", 처리 결과를 알려드립니다.",
        )],
    ),
    fault("required.deadline", SCHOOL, &[("거절할 때에는 10일 이내에", "거절할 때에는")]),
    fault(
        "required.safety",
        SCHOOL,
        &[
            ("□ 영상정보 보호를 위한 기술적·관리적·물리적 조치\n", ""),
            (" ○ 영상정보는 암호화하여 저장하며, 접근 권한을 최소한으로 부여합니다.\n", ""),
            (" ○ 생성 일시, 열람 목적·열람자·열람 일시를 기록하여 위·변조를 방지합니다.\n", ""),
            (" ○ 방송실에 잠금장치를 설치하고 출입을 통제합니다.\n", ""),
            ("(잠금장치 설치)", ""),
        ],
    ),
    fault(
        "required.encryption",
        MUSEUM,
        &[("다. 영상정보는 저장하고 전송할 때 암호화합니다.\n", "")],
    ),
    fault(
        "required.other",
        MUSEUM,
        &[
            (
                "가. 안내판은 출입구와 매표소에 설치합니다.\n",
                "박물관은 영상정보가 안전하게 관리될 수 있도록 필요한 조치를 하고 있습니다.\n",
            ),
            ("나. 고정형 영상정보처리기기로 녹음하지 않으며 임의로 조작하지 않습니다.\n", ""),
            ("다. 열람시킬 때에는 다른 사람을 알아볼 수 없게 처리합니다.\n", ""),
        ],
    ),
    fault("outdated.term", MUSEUM, &[("고정형 영상", "영상")]),
    fault(
        "outdated.urgent_interest",
        MUSEUM,
        &[(
            "자신이 촬영된 개인영상정보의",
            "자신이 촬영된 영상과 명백히 정보주체의 급박한 생명, 신체, 재산의 이익을 위하여 필요한 개인영상정보의",
        )],
    ),
    fault(
        "outdated.refusal",
        MUSEUM,
        &[(
            "「개인정보 보호법」 제35조제4항 각 호에 해당하는 때에는 열람을 제한하거나 거절할 수 있습니다.",
            "다음의 경우에는 열람을 거부할 수 있습니다.\n - 범죄수사·공소유지·재판수행에 중대한 지장을 초래하는 경우",
        )],
    ),
    fault("outdated.destruction_request", MUSEUM, &[("존재확인·삭제", "존재확인·파기")]),
    fault(
        "outdated.article",
        MUSEUM,
        &[("보호지침」 별지 제2호서식의", "보호지침」 제48조에 따른 별지 제2호서식의")],
    ),
    fault(
        "outdated.form",
        MUSEUM,
        &[(
            END,
            "2024. 5. 7.\t2024. 5. 20.\t법령 개정 반영\n\n[별지 제2호서식]\n개인영상정보 열람·존재확인 청구서\n청구인\t성명\t주민등록번호\n",
        )],
    ),
    fault(
        "deadline.action",
        MINISTRY,
        &[("지체 없이 필요한 조치를 합니다", "10일 이내에 필요한 조치를 합니다")],
    ),
    fault("deadline.long", MUSEUM, &[("10일 이내에 사유와", "20일 이내에 사유와")]),
    fault(
        "deadline.qualifier",
        MUSEUM,
        &[("지체 없이 필요한", "특별한 사유가 없는 한 지체 없이 필요한")],
    ),
    fault(
        "promise.wider",
        MINISTRY,
        &[("지체 없이 필요한 조치를 합니다", "지체 없이, 늦어도 3일 이내에 필요한 조치를 합니다")],
    ),
    fault(
        "refusal.not_allowed",
        MUSEUM,
        &[(
            "다. 열람시킬 때에는 다른 사람을 알아볼 수 없게 처리합니다.",
            "다. 경찰관이 입회하지 않으면 열람을 거부합니다.",
        )],
    ),
    fault(
        "ground.nonopen",
        MUSEUM,
        &[(", 법 제15조에 따라 운영", ""), ("수장고 출입문 앞 복도", "수장고 내부")],
    ),
    fault(
        "ground.restated",
        MUSEUM,
        &[(
            "가. 시설의 안전 및 관리, 화재 예방\n나. 소장품 도난 등 범죄의 예방",
            "가. 범죄의 예방 및 수사를 위하여 필요한 경우\n나. 시설안전 및 화재 예방을 위하여 필요한 경우\n다. 교통단속을 위하여 필요한 경우",
        )],
    ),
    fault(
        "ground.unspecified",
        MUSEUM,
        &[("나. 소장품 도난 등 범죄의 예방", "나. 법령에서 구체적으로 허용하는 경우")],
    ),
    fault("place.forbidden", MUSEUM, &[("안내데스크, 매표소, 출입구", "여자 화장실")]),
    fault(
        "act.sound",
        MUSEUM,
        &[(
            "고정형 영상정보처리기기로 녹음하지 않으며 임의로 조작하지 않습니다.",
            "매표소에서는 대화를 녹음하고 있습니다.",
        )],
    ),
    fault(
        "retention.minimum",
        MUSEUM,
        &[(
            "나. 소장품 도난 등 범죄의 예방",
            "나. 주차장 차량의 도난 방지(「주차장법 시행규칙」 제6조제1항)",
        )],
    ),
    fault("retention.long", MUSEUM, &[("촬영일로부터 30일", "촬영일로부터 90일")]),
    fault("retention.bound_only", MUSEUM, &[("촬영일로부터 30일", "촬영일로부터 30일 이내")]),
    fault(
        "safety.password",
        MUSEUM,
        &[(
            "영상정보는 저장하고 전송할 때 암호화합니다.",
            "영상정보는 비밀번호 설정 등 암호화 조치를 합니다.",
        )],
    ),
    fault(
        "form.absent",
        MUSEUM,
        &[(
            "「표준 개인정보 보호지침」 별지 제2호서식의 청구서로",
            "[별첨 1] 개인영상정보 열람·존재확인 청구서로",
        )],
    ),
    fault(
        "form.number",
        MUSEUM,
        &[(
            "「표준 개인정보 보호지침」 별지 제2호서식의 청구서로",
            "개인영상정보 열람·존재확인 청구서(별지 제1호 서식)로",
        )],
    ),
    fault(
        "form.consent_words",
        MUSEUM,
        &[
            (
                "다. 열람시킬 때에는",
                "다. 수장고의 출입자에게는 영상정보의 수집에 대한 동의(별지 제3호 서식)를 받습니다.\n라. 열람시킬 때에는",
            ),
            (
                END,
                "2024. 5. 7.\t2024. 5. 20.\t법령 개정 반영\n\n[별지 제3호 서식]\n출입자 명부\n일자\t성명\t영상정보 제공 동의\n",
            ),
        ],
    ),
    fault(
        "form.reversed",
        MUSEUM,
        &[(
            END,
            "2024. 5. 7.\t2024. 5. 20.\t법령 개정 반영\n\n[별지 제3호 서식]\n출입자 명부\n일자\t성명\t서명\n※ 위 란에 서명하는 경우 출입이 제한될 수 있습니다.\n",
        )],
    ),
    fault("term.misspelt", MUSEUM, &[("보관 기간이 만료되면", "보관기관이 만료되면")]),
    fault("place.far", MUSEUM, &[("야외\t정원", "야외\t별하수련원(부산)")]),
    fault("contact.area", MUSEUM, &[("061-000-99", "02-000-99")]),
    fault(
        "contact.personal",
        MUSEUM,
        &[(
            "가. 수탁자: 새론정보기술(주) (061-000-9990)",
            "수탁업체\t담당자\t연락처\n새론정보기술(주)\t윤슬기\t1588-0000",
        )],
    ),
    fault("range.unclear", MUSEUM, &[("산책로, 정문, 후문", "건물 주변 곳곳")]),
    fault("style.particle", MUSEUM, &[("이라 함)은", "이라 함)는")]),
    fault(
        "style.separator",
        MUSEUM,
        &[("제25조제7항에 따라 이 방침을", "제25조제7항에 따라 이 운영.관리 방침을")],
    ),
    fault(
        "style.mixed_terms",
        MUSEUM,
        &[("가. 정보주체는 자신이", "가. 열람을 청구하는 경우 정보주체는 자신이")],
    ),
];
