//! The sections of a policy that say what there is: grounds, cameras, people, keeping, viewing,
//! requests (Dec 25(1) nos. 1 to 6), and the annex with its ten columns.

use law::Topic;
use papers::{Block, Cell, Row, Sentence};

use crate::attested::PLACES_DAYS;
use crate::names::{day, with};
use crate::text::{Check, Writer};
use crate::{Duty, Hours, Method, PlaceClass, Post, Spot, Unit};

/// What a post is called in the text.
pub(crate) const fn duty_name(duty: Duty) -> &'static str {
    match duty {
        Duty::Manager => "관리책임자",
        Duty::ProtectionOfficer => "개인영상정보 보호책임자",
        Duty::Officer => "관리담당자",
        Duty::Access => "접근권한자",
        Duty::ControlCentre => "통합관제센터 담당자",
    }
}

const fn method_name(method: Method) -> &'static str {
    match method {
        Method::Fixed => "고정 촬영",
        Method::Turning => "회전 촬영",
        Method::Panorama => "전방위 촬영",
    }
}

const fn class_name(class: PlaceClass) -> &'static str {
    match class {
        PlaceClass::Open => "공개",
        PlaceClass::NonOpen => "비공개",
        PlaceClass::Mixed => "일부 공개",
    }
}

fn row<const N: usize>(cells: [String; N]) -> Row {
    Row { cells: cells.into_iter().map(Cell::from).collect(), promise: None }
}

fn heads(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn sum_row(label: &str, before: u8, cameras: u32, after: u8) -> Row {
    let mut cells = vec![Cell { text: label.into(), columns: before, is_label: true }];
    cells.push(format!("{cameras}대").into());
    cells.extend((0..after).map(|_| Cell::from("")));
    Row { cells, promise: None }
}

impl Writer<'_> {
    pub(crate) fn preamble(&mut self) {
        let institution = &self.described.institution;
        let term = self.law.rule("term-device").map_or("영상정보처리기기", |rule| &rule.ko);
        let name = format!("{}(이하 ‘{}’)", institution.name, institution.short);
        let text = format!(
            "이 방침은 {name}의 {term}가 무엇을 찍고, 그 영상을 어떻게 쓰고 지우는지, 누가 어떻게 \
             확인할 수 있는지를 알려 드리기 위한 것입니다."
        );
        self.say(text);
        for before in &institution.predecessors {
            let (was, on) = (&before.name, day(&before.until));
            self.note(format!("{on}에 ‘{was}’에서 이름이 바뀌었습니다."));
        }
    }

    pub(crate) fn grounds(&mut self) {
        self.heading_of("content-1", "설치 근거 및 설치 목적");
        let subject = self.subject();
        self.say(format!(
            "{subject} 「개인정보 보호법」 제25조제1항에 근거하여 아래 목적으로만 카메라를 둡니다."
        ));
        let grounds: Vec<_> = self.law.topic(Topic::InstallationGround).collect();
        let rows = self.described.purposes.iter().map(|purpose| {
            let number = purpose.ground.trim_start_matches("ground-");
            let ground = grounds.iter().find(|rule| rule.id == purpose.ground);
            let words = ground.map_or("", |rule| rule.ko.as_str());
            let statute = purpose.statute.as_deref().map_or_else(String::new, |s| format!("; {s}"));
            row([purpose.text.clone(), format!("제25조제1항제{number}호 ({words}{statute})")])
        });
        let (head, rows) = (heads(&["설치 목적", "설치 근거"]), rows.collect());
        self.blocks.push(Block::Table { caption: "설치 목적과 근거".into(), head, rows });
    }

    pub(crate) fn cameras(&mut self) {
        self.heading_of("content-2", "설치 대수, 설치 위치 및 촬영 범위");
        let total = self.described.cameras();
        let subject = self.subject();
        let all = self.promise(
            "cameras",
            (
                format!("{subject} 모두 {total}대의 카메라를 운영합니다."),
                format!("There are {total} cameras in all."),
            ),
            Check::AllCameras { cameras: total },
            "Dec 25(1)2",
            None,
        );
        self.blocks.push(Block::Paragraph { sentences: vec![all] });
        let described = self.described;
        let mut rows = Vec::new();
        for unit in &described.units {
            for spot in described.spots.iter().filter(|spot| spot.unit == unit.id) {
                rows.push(self.spot_row(unit, spot));
            }
            if described.units.len() > 1 {
                let label = format!("{} 소계", unit.name);
                rows.push(sum_row(&label, 3, described.cameras_of(&unit.id), 3));
            }
        }
        rows.push(sum_row("합계", 3, total, 3));
        let head =
            heads(&["구분", "설치 위치", "촬영 범위", "대수", "촬영 방법", "장소", "설치 목적"]);
        self.blocks.push(Block::Table { caption: "카메라 현황".into(), head, rows });
        let address = described.institution.address.text.clone();
        self.note(format!("소재지: {address}"));
        self.heard();
        for body in &described.bodies {
            if let Some(address) = &body.own_policy {
                self.note(format!(
                    "{}에는 따로 만든 운영·관리 방침이 있으며, 그 카메라에는 그 방침이 적용됩니다: {address}",
                    body.name
                ));
            }
        }
        for other in &described.foreign {
            self.note(format!(
                "{}에는 {}({})에서 운영하는 카메라도 있습니다. 그 영상은 그곳에 문의하십시오.",
                other.place, other.operator, other.contact
            ));
        }
    }

    /// Who was heard before cameras were put up (Dec 23(1)).
    fn heard(&mut self) {
        let described = self.described;
        if described.consultations.is_empty() {
            return;
        }
        let name = |word: &String| described.spots.iter().find(|spot| spot.id == *word);
        let rows = described.consultations.iter().map(|it| {
            let places: Vec<_> = it.spots.iter().filter_map(name).map(|it| &*it.name).collect();
            row([
                places.join(", "),
                it.method.ko().into(),
                format!("{}~{}", day(&it.from), day(&it.to)),
                it.asked.clone(),
                format!("{}건", it.opinions),
                it.result.clone(),
            ])
        });
        let rows = rows.collect();
        let head = heads(&["설치 위치", "방법", "기간", "대상", "의견", "결과"]);
        self.blocks
            .push(Block::Table { caption: "설치하기 전에 들은 의견".into(), head, rows });
    }

    fn spot_row(&mut self, unit: &Unit, spot: &Spot) -> Row {
        let id = format!("cameras.{}", spot.id);
        let ko = format!("{}에 카메라 {}대가 있습니다.", spot.name, spot.cameras);
        let en = format!("{}: {} cameras, each of which records.", spot.name, spot.cameras);
        let check = Check::SpotCameras { spot: spot.id.clone(), cameras: spot.cameras };
        self.promise(id.clone(), (ko, en), check, "Dec 25(1)2", None);
        let mut row = row([
            unit.name.clone(),
            spot.name.clone(),
            spot.range.clone(),
            format!("{}대", spot.cameras),
            method_name(spot.method).into(),
            class_name(spot.class).into(),
            self.purposes_of(spot),
        ]);
        row.promise = Some(id);
        row
    }

    fn purposes_of(&self, spot: &Spot) -> String {
        let text = |id: &String| self.described.purposes.iter().find(|it| it.id == *id);
        let texts: Vec<_> = spot.purposes.iter().filter_map(text).map(|it| &*it.text).collect();
        texts.join(", ")
    }

    pub(crate) fn people(&mut self) {
        self.heading_of("content-3", "관리책임자, 담당 부서 및 접근 권한이 있는 사람");
        let described = self.described;
        let units = |post: &Post| match post.units.as_slice() {
            [] => "전체".to_owned(),
            ids => {
                let name = |id: &String| described.unit(id).map(|unit| unit.name.clone());
                ids.iter().filter_map(name).collect::<Vec<_>>().join(", ")
            }
        };
        let rows = described.posts.iter().map(|post| {
            row([
                duty_name(post.duty).into(),
                post.title.clone(),
                post.department.clone(),
                post.contact.clone(),
                units(post),
            ])
        });
        let rows = rows.collect();
        let head = heads(&["구분", "직위", "담당 부서", "연락처", "맡은 범위"]);
        self.blocks
            .push(Block::Table { caption: "책임자와 접근 권한자".into(), head, rows });
        for post in described.posts.iter().filter(|post| post.deputies > 0) {
            let (title, count) = (&post.title, post.deputies);
            let duty = duty_name(post.duty);
            self.note(format!(
                "{duty}({title})가 자리를 비울 때 대신하는 사람을 {count}명 둡니다."
            ));
        }
        let only = self.promise(
            "access",
            (
                "영상을 볼 권한은 위 표에 있는 자리에만 있습니다.",
                "Only the posts of this list may see footage.",
            ),
            Check::AccessList,
            "Dec 25(1)3, Safe 5",
            Some("penalty-provision"),
        );
        self.blocks.push(Block::Paragraph { sentences: vec![only] });
    }

    pub(crate) fn keeping(&mut self) {
        self.heading_of("content-4", "촬영시간, 보관기간, 보관장소 및 처리방법");
        let described = self.described;
        let place = |id: &str| described.place(id).map_or("", |place| place.name.as_str());
        let rows = described.units.iter().map(|unit| {
            let place = place(&unit.storage).to_owned();
            row([unit.name.clone(), hours(unit), kept(unit), place])
        });
        let rows = rows.collect();
        let head = heads(&["구분", "촬영시간", "보관기간", "보관장소"]);
        self.blocks.push(Block::Table { caption: "촬영과 보관".into(), head, rows });
        let is_all_day = described.units.iter().all(|unit| unit.hours == "24h");
        let told = if is_all_day {
            (
                "카메라는 하루 24시간 촬영하며, 촬영이 끊긴 시간은 그 까닭과 함께 남깁니다.",
                "Cameras film all day; every interruption is kept with its cause.",
            )
        } else {
            (
                "카메라는 표의 촬영시간에만 촬영하고 그 밖의 시간에는 아무것도 녹화하지 않으며, 촬영이 끊긴 시간은 그 까닭과 함께 남깁니다.",
                "Cameras film at the hours of the table and record nothing at others; every interruption is kept with its cause.",
            )
        };
        let mut items = vec![self.promise("hours", told, Check::Hours, "Dec 25(1)4", None)];
        items.push(self.promise(
            "sound",
            ("카메라의 녹음 기능은 쓰지 않습니다.", "The cameras' microphones are not used."),
            Check::NoSound,
            "Act 25(5)",
            Some("penalty-sound-turning"),
        ));
        for unit in &described.units {
            items.extend(self.unit_promises(unit, place(&unit.storage)));
        }
        items.push(self.promise(
            "destruction",
            (
                "보관기간이 지난 영상은 그것을 여는 암호키를 없애 되살릴 수 없게 하고, 없앤 때와 증거를 남깁니다.",
                "When the time is up, the key of the footage is destroyed and the proof is kept.",
            ),
            Check::Destruction,
            "Act 21, Safe 13, Guide 41",
            Some("penalty-ground"),
        ));
        items.push(self.promise(
            "prints",
            ("종이로 뽑은 영상은 파쇄하거나 태웁니다.", "Prints are shredded or burned."),
            Check::Attested { every_days: PLACES_DAYS },
            "Dec 16(1)2",
            Some("penalty-ground"),
        ));
        items.push(self.promise(
            "register",
            (
                "목적 외 이용, 제3자 제공, 파기, 열람 등 요구는 빠짐없이 개인영상정보 관리대장에 남깁니다.",
                "Other uses, disclosures, destruction and requests are all entered in the register.",
            ),
            Check::Register,
            "Guide 42, 45",
            None,
        ));
        self.blocks.push(Block::List { is_numbered: false, items });
    }

    fn unit_promises(&mut self, unit: &Unit, place: &str) -> Vec<Sentence> {
        let described = self.described;
        let longest = described.spots.iter().filter(|spot| spot.unit == unit.id);
        let days = longest.map(|spot| described.retention_days(spot)).max();
        let days = days.unwrap_or(unit.retention_days);
        let name = &unit.name;
        vec![
            self.promise(
                format!("retention.{}", unit.id),
                (
                    format!("{name}의 영상은 촬영한 날부터 {days}일을 넘겨 보관하지 않습니다."),
                    format!("Footage of {name} is never older than {days} days."),
                ),
                Check::Retention { unit: unit.id.clone(), days },
                "Dec 25(1)4, Guide 41",
                Some("penalty-ground"),
            ),
            self.promise(
                format!("storage.{}", unit.id),
                (
                    format!("{name}의 영상은 {place}에만 보관합니다."),
                    format!("Footage of {name} lies in {place} and nowhere else."),
                ),
                Check::Storage { unit: unit.id.clone(), place: place.into() },
                "Dec 25(1)4",
                None,
            ),
        ]
    }

    pub(crate) fn viewing(&mut self) {
        self.heading_of("content-5", "영상정보의 확인 방법 및 장소");
        let described = self.described;
        self.say("영상을 확인하려면 아래 담당자에게 먼저 연락하여 날짜를 정한 뒤 방문해 주십시오.");
        let rows = described.units.iter().map(|unit| {
            let (title, contact) = described.post(&unit.contact).map_or_else(
                || (String::new(), String::new()),
                |post| (format!("{} {}", post.department, post.title), post.contact.clone()),
            );
            let place = described.place(&unit.viewing).map_or("", |place| place.name.as_str());
            row([unit.name.clone(), title, contact, place.into()])
        });
        let rows = rows.collect();
        let head = heads(&["구분", "담당자", "연락처", "확인 장소"]);
        self.blocks.push(Block::Table { caption: "확인 방법과 장소".into(), head, rows });
    }

    pub(crate) fn requests(&mut self) {
        self.heading_of("content-6", "정보주체의 영상정보 열람 등 요구에 대한 조치");
        let asked = &self.described.requests;
        let head = &self.described.institution.head;
        let urgent = if asked.urgent_interest {
            " 촬영되지 않은 분도 생명·신체·재산의 급박한 이익을 위하여 꼭 필요하면 요구할 수 있습니다."
        } else {
            ""
        };
        self.say(format!(
            "자신이 찍힌 영상이 있는지 확인하거나 보거나 지워 달라고 언제든지 요구할 수 있습니다.{urgent}"
        ));
        self.say(format!(
            "‘개인영상정보(존재확인·열람) 청구서’에 영상이 기록된 때와 장소, 목적과 까닭을 적어 {head} 앞으로 \
             내 주십시오. 본인이나 정당한 대리인인지는 신분증으로 확인하며, 그 사본은 보관하지 않습니다."
        ));
        let days = asked.answer_days;
        let soon = if asked.without_delay { "지체 없이, 늦어도 " } else { "" };
        let answer = self.promise(
            "requests.answer",
            (
                format!("요구를 받으면 {soon}{days}일 안에 필요한 조치를 합니다."),
                format!("A request is answered within {days} days at the latest."),
            ),
            Check::RequestsAnswered { days },
            "Act 35(3), Dec 41(4)",
            Some("penalty-ground"),
        );
        self.blocks.push(Block::Paragraph { sentences: vec![answer] });
        self.refusals();
    }

    fn refusals(&mut self) {
        let days = self.described.requests.refusal_days;
        let refusal = self.promise(
            "requests.refusal",
            (
                format!(
                    "다음에 해당하면 열람을 제한하거나 거절할 수 있으며, {days}일 안에 그 까닭과 이의를 제기하는 \
                     방법을 서면 등으로 알립니다."
                ),
                format!("A refusal and its reason are told within {days} days."),
            ),
            Check::RequestsAnswered { days },
            "Dec 42(2), Guide 44(4)",
            Some("penalty-formal"),
        );
        self.blocks.push(Block::Paragraph { sentences: vec![refusal] });
        let grounds = self.law.topic(Topic::RefusalGround).map(|rule| rule.ko.clone().into());
        let items = grounds.collect();
        self.blocks.push(Block::List { is_numbered: true, items });
        self.note(
            "함께 찍힌 다른 사람은 알아볼 수 없게 하여 보여 드립니다. 다른 사람이 찍혔다거나 경찰이 함께 와야 \
             한다는 까닭만으로는 거절하지 않습니다.",
        );
    }

    /// The status table of all cameras, with the ten columns that agencies use.
    pub(crate) fn annex(&mut self) {
        let described = self.described;
        self.blocks.push(Block::PageBreak);
        let text = "붙임. 고정형 영상정보처리기기 운영 현황".to_owned();
        self.blocks.push(Block::Heading { level: 1, text });
        let rows = described.spots.iter().enumerate().map(|(index, spot)| {
            let unit = described.unit(&spot.unit);
            let storage = unit.and_then(|unit| described.place(&unit.storage));
            let watched = unit.and_then(|unit| unit.monitoring.as_ref());
            let watched_in = watched.and_then(|it| described.place(&it.place));
            row([
                (index + 1).to_string(),
                unit.map_or_else(String::new, |unit| unit.name.clone()),
                self.purposes_of(spot),
                format!("{}대", spot.cameras),
                format!("{} / {}", spot.name, spot.range),
                unit.map_or_else(String::new, hours),
                format!("{}일", described.retention_days(spot)),
                storage.map_or_else(String::new, |place| place.name.clone()),
                watched.map_or_else(|| "상시 관제하지 않음".into(), |it| it.method.clone()),
                watched_in.map_or_else(|| "없음".into(), |place| place.name.clone()),
            ])
        });
        let rows = rows.collect();
        let head = heads(&[
            "연번",
            "기관",
            "설치 목적",
            "설치 대수",
            "설치 위치 및 촬영 범위",
            "촬영시간",
            "보관기간",
            "보관장소",
            "관제 방법",
            "관제 장소",
        ]);
        self.blocks.push(Block::Table { caption: "운영 현황".into(), head, rows });
        if described.spots.iter().any(|spot| spot.assumed) {
            let short = with(&described.institution.short, "이", "가");
            self.note(format!(
                "이 표의 일부는 {short} 정한 것이 아니라 시험을 위하여 가정한 것입니다."
            ));
        }
    }
}

/// Hours that cannot be read stand there as they were written: a draft is to be looked at.
pub(crate) fn hours(unit: &Unit) -> String {
    Hours::read(&unit.hours).map_or_else(|_| unit.hours.clone(), |hours| hours.text())
}

fn kept(unit: &Unit) -> String {
    format!("촬영일부터 {}일", unit.retention_days)
}
