//! Maintenance tickets: a contractor is there only while one holds, and each time is entered.

use std::convert::Infallible;
use std::time::Duration;

use access::{
    Asker, LinkSecret, PerformError, RefusalReason, SessionSecret, SignInError, Target, TicketAsk,
    TicketError, TicketState, TicketView,
};
use domain::{AccountId, Action, Role};
use host::Clock as _;
use ledger::{Kind, TicketCounts, TicketStep};

use crate::house::{DESK, House, PASSWORD, camera};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// A house with a manager, an officer and a contractor who has not come yet.
struct Site {
    house: House,
    manager: SessionSecret,
    officer: SessionSecret,
    contractor: AccountId,
    link: LinkSecret,
}

async fn site() -> Site {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let officer = house.appointed(&manager, Role::Officer, "officer").await;
    let (contractor, link) = appointed(&house, &administrator).await;
    Site { house, manager, officer, contractor, link }
}

async fn appointed(house: &House, administrator: &SessionSecret) -> (AccountId, LinkSecret) {
    let by = house.asker(administrator);
    let appointed = house.access.appoint(&by, house.new_account("수탁업체", &[Role::Contractor]));
    appointed.await.unwrap()
}

impl Site {
    fn ask(&self) -> TicketAsk {
        let now = self.house.clock.wall();
        TicketAsk {
            contractor: self.contractor,
            escort: self.house.asker(&self.officer).account().unwrap(),
            work: "디스크 교체".into(),
            cameras: Vec::new(),
            from: now,
            until: now + HOUR,
        }
    }

    async fn open(&self, ask: TicketAsk) -> Result<TicketView, PerformError<TicketError>> {
        self.house.access.open_ticket(&self.house.asker(&self.officer), ask).await
    }

    async fn sign_in(&self) -> Result<SessionSecret, RefusalReason> {
        refused(self.house.access.sign_in("contractor", PASSWORD, DESK).await)
    }

    async fn claim(&self) -> Result<SessionSecret, RefusalReason> {
        refused(self.house.access.claim(&self.link, "contractor", None, PASSWORD).await)
    }

    /// What a session may do of what every role may.
    async fn reads_health(&self, asker: &Asker) -> bool {
        let looked = self.house.access.look::<Infallible>(asker, Action::ReadHealth, Target::House);
        looked.await.is_ok()
    }

    fn steps(&self) -> Vec<&'static str> {
        let word = |kind| match kind {
            Kind::Ticket(TicketStep::Opened { .. }) => Some("opened"),
            Kind::Ticket(TicketStep::Entered { .. }) => Some("entered"),
            Kind::Ticket(TicketStep::Left { .. }) => Some("left"),
            Kind::Ticket(TicketStep::Closed { .. }) => Some("closed"),
            Kind::Ticket(TicketStep::Lapsed { .. }) => Some("lapsed"),
            _ => None,
        };
        self.house.kinds().into_iter().filter_map(word).collect()
    }
}

fn refused(signed_in: Result<SessionSecret, SignInError>) -> Result<SessionSecret, RefusalReason> {
    signed_in.map_err(|error| match error {
        SignInError::Refused(reason) => reason,
        other => panic!("{other:?}"),
    })
}

#[tokio::test]
async fn a_contractor_signs_in_on_a_ticket_and_is_out_when_it_ends() {
    let site = site().await;
    assert_eq!(site.claim().await.err(), Some(RefusalReason::TicketMissing));
    let now = site.house.clock.wall();
    let later = TicketAsk { from: now + HOUR, until: now + HOUR * 2, ..site.ask() };
    site.open(later).await.unwrap();
    assert_eq!(site.claim().await.err(), Some(RefusalReason::TicketNotYet));

    // The control: within it.
    site.house.clock.advance(HOUR);
    let session = site.claim().await.unwrap();
    let asker = site.house.asker(&session);
    assert!(site.reads_health(&asker).await);
    let until = site.house.access.session(&session).unwrap();
    assert_eq!((until.ticket_until, until.ends_at), (Some(now + HOUR * 2), now + HOUR * 2));

    // Its end: at once no act is permitted, and a second later the session is gone.
    site.house.clock.advance(HOUR);
    assert!(!site.reads_health(&asker).await);
    site.house.access.tick().await;
    assert!(site.house.access.asker(&session).is_none());
    assert_eq!(site.sign_in().await.err(), Some(RefusalReason::TicketOver));
    assert_eq!(site.steps(), ["opened", "entered", "left", "lapsed"]);
    let refusals = site.house.refusals(Action::SignIn);
    assert_eq!(refusals, ["ticket-missing", "ticket-not-yet", "ticket-over"]);

    // A clock that is set back makes nothing of it hold again.
    site.house.clock.set_wall(now + HOUR + MINUTE);
    assert_eq!(site.sign_in().await.err(), Some(RefusalReason::TicketOver));
}

#[tokio::test]
async fn a_ticket_does_not_hold_under_a_clock_that_was_set_back() {
    let site = site().await;
    site.open(site.ask()).await.unwrap();
    let start = site.house.clock.wall();
    let session = site.claim().await.unwrap();
    site.house.clock.advance(MINUTE * 30);
    // Anything that is entered says how late it is.
    assert!(site.sign_in().await.is_ok());
    site.house.clock.set_wall(start + MINUTE);
    assert_eq!(site.sign_in().await.err(), Some(RefusalReason::ClockSetBack));
    site.house.access.tick().await;
    assert!(site.house.access.asker(&session).is_none());
    // So it is after a restart too: a recorder that is off cannot be outwaited by its clock.
    let Site { house, manager: _, officer: _, contractor, link } = site;
    let house = house.restart().await;
    let again = house.access.sign_in("contractor", PASSWORD, DESK).await;
    assert_eq!(refused(again).err(), Some(RefusalReason::ClockSetBack));
    // The control: the clock is right again.
    house.clock.set_wall(start + MINUTE * 30);
    assert!(house.access.sign_in("contractor", PASSWORD, DESK).await.is_ok());
    drop((contractor, link));
}

#[tokio::test]
async fn closing_a_ticket_ends_its_sessions_and_says_what_was_done() {
    let site = site().await;
    let ticket = site.open(site.ask()).await.unwrap();
    let session = site.claim().await.unwrap();
    let by = site.house.asker(&site.manager);
    let close = |remark| site.house.access.close_ticket(&by, ticket.number, remark);
    assert!(matches!(close(" ").await, Err(PerformError::Effect(TicketError::Text))));
    assert!(site.house.access.asker(&session).is_some());
    let closed = close("디스크를 바꾸었습니다").await.unwrap();
    assert_eq!(
        (closed.state, closed.remark.as_str()),
        (TicketState::Closed, "디스크를 바꾸었습니다")
    );
    assert!(site.house.access.asker(&session).is_none());
    assert_eq!(site.sign_in().await.err(), Some(RefusalReason::TicketOver));
    assert_eq!(site.steps(), ["opened", "entered", "left", "closed"]);
    let again = close("again").await;
    assert!(matches!(again, Err(PerformError::Effect(TicketError::Ended))));
    let visits = site.house.access.tickets(&by).await.unwrap()[0].visits.clone();
    assert!(matches!(visits[..], [(_, Some(_))]), "{visits:?}");
}

#[tokio::test]
async fn another_contractors_ticket_lets_nobody_else_in() {
    let site = site().await;
    let administrator = site.house.access.sign_in("admin", PASSWORD, DESK).await.unwrap();
    let (other, _) = appointed(&site.house, &administrator).await;
    site.open(TicketAsk { contractor: other, ..site.ask() }).await.unwrap();
    assert_eq!(site.claim().await.err(), Some(RefusalReason::TicketMissing));
    // The control: one of his own, at the same time.
    site.open(site.ask()).await.unwrap();
    assert!(site.claim().await.is_ok());
    let twice = site.open(site.ask()).await;
    assert!(matches!(twice, Err(PerformError::Effect(TicketError::Overlaps))), "{twice:?}");
}

#[tokio::test]
async fn whoever_is_with_him_holds_rights_then() {
    let site = site().await;
    site.open(site.ask()).await.unwrap();
    let session = site.claim().await.unwrap();
    let by = site.house.asker(&site.manager);
    let officer = site.house.asker(&site.officer).account().unwrap();
    site.house.access.end_appointment(&by, officer).await.unwrap();
    assert!(!site.reads_health(&site.house.asker(&session)).await);
    site.house.access.tick().await;
    assert!(site.house.access.asker(&session).is_none());
    assert_eq!(site.sign_in().await.err(), Some(RefusalReason::EscortMissing));
    // And on a new one neither can the one who left, nor the contractor himself.
    for escort in [officer, site.contractor] {
        let now = site.house.clock.wall();
        let times = (now + HOUR * 2, now + HOUR * 3);
        let ask = TicketAsk {
            contractor: site.contractor,
            escort,
            work: "x".into(),
            cameras: Vec::new(),
            from: times.0,
            until: times.1,
        };
        let refused = site.house.access.open_ticket(&by, ask).await;
        let missing = PerformError::<TicketError>::Refused(RefusalReason::EscortMissing);
        assert_eq!(format!("{refused:?}"), format!("{:?}", Err::<TicketView, _>(missing)));
    }
}

#[tokio::test]
async fn a_contractor_opens_and_closes_none_and_sees_none() {
    let site = site().await;
    let ticket = site.open(site.ask()).await.unwrap();
    let session = site.claim().await.unwrap();
    let asker = site.house.asker(&session);
    let access = &site.house.access;
    let mine = TicketAsk { escort: access_account(&site), ..site.ask() };
    let now = site.house.clock.wall();
    let mine = TicketAsk { from: now + HOUR * 2, until: now + HOUR * 3, ..mine };
    let opened = access.open_ticket(&asker, mine).await;
    assert!(matches!(opened, Err(PerformError::Refused(RefusalReason::NoRole))), "{opened:?}");
    let closed = access.close_ticket(&asker, ticket.number, "done").await;
    assert!(matches!(closed, Err(PerformError::Refused(RefusalReason::NoRole))), "{closed:?}");
    let seen = access.tickets(&asker).await;
    assert!(matches!(seen, Err(PerformError::Refused(RefusalReason::NoRole))));
    assert_eq!(access.ticket_people(&asker), (Vec::new(), Vec::new()));
    let (contractors, escorts) = access.ticket_people(&site.house.asker(&site.officer));
    assert_eq!((contractors.len(), escorts.len()), (1, 3));
    // Nor does he see a picture on it.
    let live = access.permissions(&asker).iter().any(|it| it.action == Action::WatchLive);
    assert!(!live);
    let pattern = Target::Camera(camera(1));
    assert!(access.look::<Infallible>(&asker, Action::SeePattern, pattern).await.is_ok());
}

fn access_account(site: &Site) -> AccountId {
    site.house.asker(&site.manager).account().unwrap()
}

#[tokio::test]
async fn a_ticket_survives_a_restart_and_the_session_that_did_not_is_entered() {
    let site = site().await;
    let ticket = site.open(site.ask()).await.unwrap();
    let session = site.claim().await.unwrap();
    let counts = |entered| TicketCounts { opened: 1, entered, outside: 0 };
    assert_eq!(site.house.ledger.ticket_counts(), counts(1));
    let house = site.house.restart().await;
    assert!(house.access.asker(&session).is_none());
    assert_eq!(house.ledger.ticket(ticket.number).unwrap().inside, 1);
    house.access.tick().await;
    assert_eq!(house.ledger.ticket(ticket.number).unwrap().inside, 0);
    house.access.sign_in("contractor", PASSWORD, DESK).await.unwrap();
    assert_eq!(house.ledger.ticket_counts(), counts(2));
    // Time goes on while nobody looks: at the next start it is over.
    house.clock.advance(HOUR);
    let house = house.restart().await;
    let again = house.access.sign_in("contractor", PASSWORD, DESK).await;
    assert_eq!(refused(again).err(), Some(RefusalReason::TicketOver));
}

#[tokio::test]
async fn names_and_texts_are_sealed() {
    let site = site().await;
    site.open(site.ask()).await.unwrap();
    let session = site.claim().await.unwrap();
    site.house.access.sign_out(&session).await.unwrap();
    site.house.access.tick().await;
    let contractor = site.contractor.to_string();
    for (number, entry) in site.house.entries() {
        let text = String::from_utf8(entry.encode()).unwrap();
        assert!(!text.contains(&contractor) && !text.contains("디스크"), "{number}: {text}");
    }
    assert_eq!(site.steps(), ["opened", "entered", "left"]);
    // The control: it is there for who may open the record.
    let actor = site.house.asker(&site.officer).actor();
    let opened = |(_, entry): &(_, ledger::Entry)| {
        matches!(entry.kind, Kind::Ticket(TicketStep::Opened { .. }))
    };
    let (number, _) = site.house.entries().into_iter().find(opened).unwrap();
    let record = format!("{:?}", site.house.record(actor, number));
    assert!(record.contains(&contractor) && record.contains("디스크 교체"), "{record}");
}
