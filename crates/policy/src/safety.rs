//! The sections of a policy that say what is done: safety, work given to others, signs, changes
//! (Dec 25(1) nos. 7 and 8, Guide 43, Act 25(4)).

use papers::{Block, Cell, Row, Sentence};

use crate::attested::{HOMEPAGE_DAYS, PLACES_DAYS, SIGNS_DAYS, YEARLY_DAYS};
use crate::names::day;
use crate::text::{Check, Writer};
use crate::{Company, Measure, Outsourcing, PlaceClass};

/// What a measure promises: id, Korean, English, what is looked at, the article.
type Said = (&'static str, &'static str, &'static str, Check, &'static str);

fn said(measure: Measure) -> Said {
    match measure {
        Measure::Plan => (
            "safety.plan",
            "내부 관리계획을 세우고, 해마다 지켜지는지 점검합니다.",
            "There is an internal management plan, checked each year.",
            Check::Attested { every_days: YEARLY_DAYS },
            "Dec 30(1)1, Safe 4",
        ),
        Measure::GradedAccess => (
            "safety.access",
            "영상을 볼 권한은 맡은 일에 필요한 만큼만 나누어 주고, 주고 바꾸고 거둔 기록을 3년 동안 남깁니다.",
            "Rights are given by task and no further; each change is kept for three years.",
            Check::RecordsUnaltered,
            "Dec 30(1)2-3, Safe 5",
        ),
        Measure::Encryption => (
            "safety.encryption",
            "영상은 저장되기 전에 암호화하며, 화면으로 보낼 때에도 암호화된 연결만 씁니다.",
            "Footage is encrypted before it is stored, and leaves only over encrypted connections.",
            Check::Encrypted,
            "Dec 30(1)4, Safe 7",
        ),
        Measure::ViewingRecords => (
            "safety.viewing",
            "영상을 볼 때에는 누가, 언제, 무슨 목적으로 보는지를 먼저 기록한 뒤에만 화면이 열립니다.",
            "Who looks, when and what for is written down before the picture opens.",
            Check::ViewingRecorded,
            "Guide 47, Safe 8",
        ),
        Measure::CertainComputers => (
            "safety.computers",
            "영상에는 정해진 컴퓨터에서만 접근합니다.",
            "Footage can be reached from certain computers only.",
            Check::Attested { every_days: PLACES_DAYS },
            "Safe 6(1)",
        ),
        Measure::LockedRoom => (
            "safety.room",
            "녹화 장치는 잠금장치가 있는 보관시설에 둡니다.",
            "The recorder stands in a room that is locked.",
            Check::Attested { every_days: PLACES_DAYS },
            "Dec 30(1)7, Safe 10",
        ),
        Measure::ControlledArea => (
            "safety.area",
            "녹화 장치는 출입을 기록하는 통제구역에 둡니다.",
            "The recorder stands in a controlled area whose visitors are written down.",
            Check::Attested { every_days: PLACES_DAYS },
            "Safe 10(1)",
        ),
        Measure::EntryConsent => (
            "safety.consent",
            "공개되지 않은 장소에 들어오는 분에게는 촬영에 대한 동의를 따로 받으며, 동의는 출입 허가와 구분합니다.",
            "Who enters a place that is not open is asked for consent, apart from being let in.",
            Check::Attested { every_days: PLACES_DAYS },
            "Act 15, 22",
        ),
        Measure::Supervision => (
            "safety.supervision",
            "수탁업체를 해마다 교육하고 감독하며 그 결과를 남깁니다.",
            "Contractors are trained and supervised each year.",
            Check::Attested { every_days: YEARLY_DAYS },
            "Act 26(4), Guide 43(3)",
        ),
    }
}

impl Writer<'_> {
    pub(crate) fn safety(&mut self) {
        self.heading_of("content-7", "영상정보 보호를 위한 기술적·관리적 및 물리적 조치");
        let subject = self.subject();
        self.say(format!(
            "{subject} 영상이 분실·도난·유출·위조·변조·훼손되지 않도록 다음과 같이 조치합니다."
        ));
        let measures = &self.described.safety.measures;
        let mut items: Vec<Sentence> = Vec::with_capacity(measures.len() + 1);
        for (id, ko, en, check, article) in measures.iter().copied().map(said) {
            items.push(self.promise(id, (ko, en), check, article, Some("penalty-ground")));
        }
        items.push(self.promise(
            "safety.unaltered",
            (
                "이 기록들은 고치거나 지우면 드러나는 원장에 남으며, 누구나 그 증거를 확인할 수 있습니다.",
                "These records stand in a ledger in which any change shows; anybody can verify it.",
            ),
            Check::RecordsUnaltered,
            "Dec 30(1)5, Safe 8(3)",
            Some("penalty-ground"),
        ));
        self.blocks.push(Block::List { is_numbered: false, items });
    }

    pub(crate) fn processor(&mut self) {
        self.heading("설치 및 관리 업무의 위탁");
        let subject = self.subject();
        match self.described.processor.outsourced {
            Outsourcing::No => {
                self.say(format!("{subject} 카메라의 설치와 관리를 다른 곳에 맡기지 않습니다."));
            }
            Outsourcing::Unknown => self.say("위탁 여부: 확인 중"),
            Outsourcing::Yes => self.companies(&subject),
        }
    }

    fn companies(&mut self, subject: &str) {
        let companies = &self.described.processor.companies;
        self.say(if companies.iter().all(Company::is_under_whole_contract) {
            format!(
                "{subject} 아래와 같이 업무를 맡기고 있으며, 계약에 목적과 범위, 다시 맡기는 것의 제한, 접근 \
                 제한과 안전 조치, 관리 현황의 점검, 손해배상 책임을 정하고 있습니다."
            )
        } else {
            format!("{subject} 아래와 같이 업무를 맡기고 있습니다.")
        });
        let mut rows = Vec::new();
        for company in companies {
            let mut tell = |name: String, work: &str, contact: &str| {
                let cells = vec![name.into(), work.into(), contact.into()];
                rows.push(Row { cells, promise: None });
            };
            tell(company.name.clone(), &company.work, &company.contact);
            for other in &company.subcontractors {
                let name = format!("{} (재수탁: {})", other.name, company.name);
                tell(name, &other.work, &other.contact);
            }
        }
        let head = ["수탁업체", "맡긴 업무", "연락처"].map(Into::into).to_vec();
        self.blocks.push(Block::Table { caption: "위탁 현황".into(), head, rows });
        let nothing = self.promise(
            "processor.sees-nothing",
            (
                "수탁업체는 장치를 고칠 수는 있어도 이 시스템으로 영상을 볼 수 없습니다.",
                "Contractors can repair the devices and see no picture through this system.",
            ),
            Check::ContractorSeesNothing,
            "Dec 26(1), Safe 5(1)",
            Some("penalty-provision"),
        );
        self.blocks.push(Block::Paragraph { sentences: vec![nothing] });
    }

    pub(crate) fn signs(&mut self) {
        self.heading("안내판");
        let signs = self.promise(
            "signs",
            (
                "카메라가 있는 곳에는 설치 목적과 장소, 촬영 범위와 시간, 관리책임자의 연락처를 적은 안내판을 \
                 쉽게 보이도록 둡니다.",
                "Signs tell purpose, place, range, hours and contact wherever people are filmed.",
            ),
            Check::Attested { every_days: SIGNS_DAYS },
            "Act 25(4), Dec 24",
            Some("penalty-sign"),
        );
        self.blocks.push(Block::Paragraph { sentences: vec![signs] });
        let is_closed = |spot: &crate::Spot| spot.class != PlaceClass::Open;
        if self.described.spots.iter().any(is_closed) {
            self.note(
                "‘비공개’로 적은 장소에는 「개인정보 보호법」 제25조가 아니라 제15조가 적용됩니다.",
            );
        }
    }

    pub(crate) fn changes(&mut self) {
        self.heading("방침의 변경");
        let days = self.described.notice.days;
        let (ko, en) = match days {
            0 => (
                "이 방침을 바꿀 때에는 지체 없이 그 까닭과 내용을 누리집에 알립니다.".to_owned(),
                "Changes are announced on the homepage without delay, with the reason.".to_owned(),
            ),
            days => (
                format!(
                    "이 방침을 바꿀 때에는 시행하기 {days}일 전까지 그 까닭과 내용을 누리집에 알립니다."
                ),
                format!("Changes are announced {days} days before they take effect."),
            ),
        };
        let check = Check::Notice { days };
        let notice = self.promise("notice", (ko, en), check, "Guide 36(1), Dec 31(2)", None);
        self.blocks.push(Block::Paragraph { sentences: vec![notice] });
        if let Some(homepage) = &self.described.institution.homepage {
            let published = self.promise(
                "homepage",
                (
                    format!("시행 중인 방침과 지난 방침을 모두 누리집({homepage})에 공개합니다."),
                    format!(
                        "The policy in force and all earlier ones are published at {homepage}."
                    ),
                ),
                Check::Attested { every_days: HOMEPAGE_DAYS },
                "Act 25(7), Dec 25(2)",
                None,
            );
            self.blocks.push(Block::Paragraph { sentences: vec![published] });
        }
        let unknown = || "기록 없음".to_owned();
        let rows = self.described.versions.iter().rev().map(|version| Row {
            cells: vec![
                Cell::from(version.announced.as_deref().map_or_else(unknown, day)),
                day(&version.effective).into(),
                version.reason.clone().unwrap_or_else(unknown).into(),
            ],
            promise: None,
        });
        let rows = rows.collect();
        let head = ["공고일", "시행일", "변경 까닭"].map(Into::into).to_vec();
        self.blocks.push(Block::Table { caption: "방침의 이력".into(), head, rows });
    }
}
