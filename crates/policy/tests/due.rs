//! What is due, and that each task is gone when what it asks for is true.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod accounts;
mod facts;

use domain::Role;
use law::Pack;
use policy::{
    APPOINTMENT_AHEAD_DAYS, AccountFact, AssetFact, Attestation, Contract, Description, Facts,
    Measure, Outlook, Outsourcing, Policy, Promise, Seen, Task, TaskKind, TaskPlace, duties, judge,
    sentence_sha256, tasks,
};
use time::{Date, Duration};

use crate::accounts::account_of;
use crate::facts::nothing_known;

const PATENT: &str = include_str!("../../../samples/institutions/patent.toml");

struct House {
    described: Description,
    attestations: Vec<Attestation>,
    announced: Vec<(u64, Date)>,
    today: Date,
    contractors_may_see: bool,
    accounts: Vec<AccountFact>,
    assets: Vec<AssetFact>,
    law: Option<Pack>,
}

impl House {
    fn on(today: &str) -> Self {
        Self {
            described: Description::read(PATENT).unwrap(),
            attestations: Vec::new(),
            announced: Vec::new(),
            today: law::date(today).unwrap(),
            contractors_may_see: false,
            accounts: Vec::new(),
            assets: Vec::new(),
            law: None,
        }
    }

    /// Promises and duties, as whoever looks at tasks has them.
    fn promises(&self) -> Vec<Promise> {
        let policy = Policy::of(&self.described, law::korea().on(self.today));
        policy.promises.into_iter().chain(duties()).collect()
    }

    fn see(&mut self, id: &str, seen: Seen, days_ago: i64) {
        let promises = self.promises();
        let sentence = sentence_sha256(&promises.iter().find(|it| it.id == id).unwrap().ko);
        let (day, role) = (self.today - Duration::days(days_ago), Role::Officer);
        let entry = "2026/17".into();
        self.attestations.push(Attestation {
            promise: id.into(),
            sentence,
            seen,
            day,
            role,
            entry,
        });
    }

    fn due(&self) -> Vec<Task> {
        let promises = self.promises();
        let now = format!("{}T03:00:00Z", self.today).parse().unwrap();
        let facts = Facts {
            contractors_may_see: self.contractors_may_see,
            attestations: self.attestations.clone(),
            ..nothing_known(now, self.today)
        };
        let judged = judge(&self.described, &promises, &facts);
        tasks(&Outlook {
            today: self.today,
            described: &self.described,
            judged: &judged,
            since: law::date("2026-11-01").unwrap(),
            announced: &self.announced,
            attestations: &self.attestations,
            accounts: &self.accounts,
            assets: &self.assets,
            law: self.law.as_ref().unwrap_or_else(|| law::korea()),
        })
    }

    fn of(&self, kind: TaskKind) -> Vec<Task> {
        self.due().into_iter().filter(|task| task.kind == kind).collect()
    }

    fn at(&self, id: &str) -> Vec<Task> {
        let place = TaskPlace::Promise(id.into());
        self.due().into_iter().filter(|task| task.place == place).collect()
    }
}

#[test]
fn who_has_to_look_is_asked_until_he_did_and_again_before_it_is_too_long_ago() {
    let mut house = House::on("2026-11-22");
    let asked = house.at("signs");
    assert_eq!((asked.len(), asked[0].kind, asked[0].who), (1, TaskKind::Attest, Role::Officer));
    assert_eq!(asked[0].due.to_string(), "2026-11-15", "two weeks after it is known here");
    assert_eq!(asked[0].article, "Act 25(4), Dec 24");
    house.see("signs", Seen::So, 75);
    assert_eq!(house.at("signs"), [], "it counts for 15 days more");
    house.today += Duration::days(1);
    let again = house.at("signs");
    assert_eq!((again.len(), again[0].due.to_string().as_str()), (1, "2026-12-07"));
    house.see("signs", Seen::So, 0);
    assert_eq!(house.at("signs"), []);
    // The sentence was changed: it has to be looked at anew.
    for said in &mut house.attestations {
        said.sentence = sentence_sha256("another");
    }
    assert_eq!(house.at("signs").len(), 1);
}

#[test]
fn a_broken_promise_is_a_task_of_today_until_it_is_mended() {
    let mut house = House::on("2026-11-22");
    let mended = |house: &House| house.of(TaskKind::Mend).into_iter().map(|it| it.place);
    let broken_before: Vec<_> = mended(&house).collect();
    house.see("signs", Seen::Otherwise, 1);
    let task = house.at("signs");
    assert_eq!((task.len(), task[0].kind, task[0].due), (1, TaskKind::Mend, house.today));
    assert!(task[0].ko.contains("시스템이 본 것이 아닙니다"), "{}", task[0].ko);
    house.contractors_may_see = true;
    assert_eq!(house.at("processor.sees-nothing")[0].who, Role::Manager);
    house.contractors_may_see = false;
    house.see("signs", Seen::So, 0);
    assert_eq!(mended(&house).collect::<Vec<_>>(), broken_before);
}

#[test]
fn contractors_are_supervised_by_promise_or_by_law() {
    let mut house = House::on("2026-11-22");
    assert_eq!(house.described.processor.outsourced, Outsourcing::Yes);
    assert_eq!(house.of(TaskKind::Supervise), [], "its promise is the task");
    assert_eq!(house.at("safety.supervision").len(), 1);
    house.described.safety.measures.retain(|it| *it != Measure::Supervision);
    let asked = house.of(TaskKind::Supervise);
    assert_eq!((asked.len(), asked[0].due.to_string().as_str()), (1, "2027-11-01"));
    assert!(asked[0].article.starts_with("Act 26(4)"));
    house.described.processor.outsourced = Outsourcing::No;
    assert_eq!(house.of(TaskKind::Supervise), []);
}

#[test]
fn r20_the_seven_duties_and_the_self_inspection_come_back_each_year() {
    let mut house = House::on("2026-11-22");
    let ids: Vec<String> = duties().into_iter().map(|it| it.id).collect();
    assert_eq!(ids.len(), 8);
    let published = Policy::of(&house.described, law::korea().on(house.today)).promises;
    for id in &ids {
        assert!(published.iter().all(|it| it.id != *id), "{id} is no published promise");
        let asked = house.at(id);
        assert_eq!((asked.len(), asked[0].who), (1, Role::Manager), "{id}");
        assert_eq!(asked[0].due.to_string(), "2027-01-30", "90 days after it is known here");
        house.see(id, Seen::So, 0);
        assert_eq!(house.at(id), [], "{id}");
    }
    house.today += Duration::days(365 - 14);
    for id in &ids {
        assert_eq!(house.at(id).len(), 1, "{id} comes back");
    }
}

#[test]
fn a_contract_that_ends_is_said_sixty_days_before() {
    let mut house = House::on("2026-11-22");
    assert_eq!(house.of(TaskKind::RenewContract), [], "nobody said when it ends");
    let until = Some("2027-01-21".into());
    let contract = Contract { signed: "2026-01-02".into(), until, items: Vec::new() };
    house.described.processor.companies[0].contract = Some(contract);
    let task = house.of(TaskKind::RenewContract);
    assert_eq!((task.len(), task[0].due.to_string().as_str()), (1, "2027-01-21"));
    house.today -= Duration::days(1);
    assert_eq!(house.of(TaskKind::RenewContract), [], "61 days before");
    house.today += Duration::days(100);
    assert_eq!(house.of(TaskKind::RenewContract).len(), 1, "it has ended");
}

#[test]
fn a_version_that_waits_for_its_day_is_a_task() {
    let mut house = House::on("2026-11-22");
    assert_eq!(house.of(TaskKind::TakeEffect), []);
    let from = law::date("2026-12-01").unwrap();
    house.announced = vec![(4, from)];
    let task = house.of(TaskKind::TakeEffect);
    assert_eq!((task.len(), task[0].due, &task[0].place), (1, from, &TaskPlace::Version(4)));
}

#[test]
fn a_law_that_changes_is_said_half_a_year_before_and_only_where_the_policy_rests_on_it() {
    // 15 September 2023: the act's articles on fixed cameras were written anew.
    let house = House::on("2023-03-18");
    assert_eq!(house.of(TaskKind::LawChanges), [], "181 days before");
    let mut house = House::on("2023-03-19");
    let soon = house.of(TaskKind::LawChanges);
    assert!(!soon.is_empty());
    for task in &soon {
        assert_eq!(task.due.to_string(), "2023-09-15", "{task:?}");
        assert!(task.ko.contains("2023-09-15"), "{}", task.ko);
    }
    assert!(soon.iter().any(|task| task.article.starts_with("Act 25")), "{soon:?}");
    house.announced = vec![(2, law::date("2023-09-15").unwrap())];
    assert_eq!(house.of(TaskKind::LawChanges), [], "a version was made for it");
    house.announced = vec![(2, law::date("2023-09-14").unwrap())];
    assert_eq!(house.of(TaskKind::LawChanges), soon, "one under the old law is none");
    let after = House::on("2023-09-15");
    let still = after.of(TaskKind::LawChanges);
    assert!(still.iter().all(|task| task.due.to_string() == "2024-01-04"), "{still:?}");

    let rule = |article: &str| {
        let text = format!(
            "[[rule]]\nid = \"x\"\ntopic = \"duty\"\narticle = \"{article}\"\nfrom = \"2027-01-01\"\n\
             source = \"s\"\nko = \"무엇\"\nen = \"something\"\n"
        );
        Pack::read(&[("x.toml", text.as_str())]).unwrap()
    };
    let mut house = House::on("2026-11-22");
    house.law = Some(rule("Act 25(9)"));
    assert_eq!(house.of(TaskKind::LawChanges).len(), 1);
    house.law = Some(rule("Act 99"));
    assert_eq!(house.of(TaskKind::LawChanges), [], "nothing rests on it");
    house.law = Some(rule("Act 2"));
    assert_eq!(house.of(TaskKind::LawChanges), [], "article 2 is not article 25");
}

#[test]
fn the_most_urgent_comes_first() {
    let mut house = House::on("2026-11-22");
    house.announced = vec![(4, law::date("2026-12-01").unwrap())];
    house.see("prints", Seen::So, 170);
    let dates: Vec<Date> = house.due().iter().map(|task| task.due).collect();
    assert!(dates.is_sorted() && dates.len() > 5, "{dates:?}");
}

#[test]
fn an_appointment_is_a_task_until_its_grounds_are_said_and_before_it_ends() {
    let mut house = House::on("2026-11-22");
    let said = |house: &House| -> Vec<(String, Role)> {
        let tasks = house.of(TaskKind::Appoint).into_iter();
        tasks.map(|task| (task.due.to_string(), task.who)).collect()
    };
    house.accounts = vec![account_of("주무관", vec![Role::Officer])];
    let first = ("2026-11-15".to_owned(), Role::Manager);
    assert_eq!(said(&house), [first.clone(), first.clone(), first], "post, pledge, training");
    let day = |text: &str| Some(law::date(text).unwrap());
    let officer = &mut house.accounts[0];
    officer.post = Some("access".into());
    (officer.pledged, officer.trained) = (day("2026-01-05"), day("2026-01-05"));
    assert_eq!(said(&house), []);
    // Training is due again after a year, and it is said a month before.
    house.accounts[0].trained = day("2025-12-22");
    assert_eq!(said(&house), [("2026-12-22".to_owned(), Role::Manager)]);
    house.accounts[0].trained = day("2025-12-24");
    assert_eq!(said(&house), []);
    house.accounts[0].ends = day("2026-12-22");
    assert_eq!(said(&house), [("2026-12-22".to_owned(), Role::Manager)]);
    house.accounts[0].ends = Some(house.today + Duration::days(APPOINTMENT_AHEAD_DAYS + 1));
    assert_eq!(said(&house), []);
    // Who administers has no post of the policy; who only inspects, or has a contract, needs nothing.
    house.accounts = vec![account_of("관리자", vec![Role::Administrator])];
    let administrators = ("2026-11-15".to_owned(), Role::Administrator);
    assert_eq!(said(&house), [administrators.clone(), administrators]);
    house.accounts =
        vec![account_of("점검", vec![Role::Inspector]), account_of("수탁", vec![Role::Contractor])];
    assert_eq!(said(&house), []);
}

#[test]
fn a_certificate_is_for_a_firmware_and_for_a_time() {
    let mut house = House::on("2026-11-22");
    let certified_until = Some(law::date("2027-03-01").unwrap());
    let firmware = Some("2.800".to_owned());
    let certified_firmware = firmware.clone();
    let camera = "로비".to_owned();
    house.assets = vec![AssetFact { camera, firmware, certified_firmware, certified_until }];
    assert_eq!(house.of(TaskKind::Asset), []);
    house.assets[0].firmware = Some("2.840".into());
    let task = house.of(TaskKind::Asset);
    assert_eq!((task.len(), task[0].due, task[0].who), (1, house.today, Role::Administrator));
    house.assets[0].firmware = None;
    house.today = law::date("2026-12-31").unwrap();
    assert_eq!(house.of(TaskKind::Asset).len(), 1, "60 days before it ends");
    house.today = law::date("2026-12-30").unwrap();
    assert_eq!(house.of(TaskKind::Asset), [], "61 days before");
}
