//! A recorder that listens, with people before it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use access::{
    Access, AccessConfig, Appointment, LinkSecret, NewAccount, PasswordCost, Scope, SessionSecret,
    Target, TicketAsk,
};
use catalog::Catalog;
use domain::{AccountId, Action, RecorderId, Role};
use host::{Clock as _, Disk};
use ledger::{Entry, EntryNumber, Kind, Ledger, LedgerConfig};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivatePkcs8KeyDer;
use server::{Limits, ServeConfig, Server, serve};
use testkit::TestClock;

use crate::browser::Browser;
use crate::house::{CAMERA, Pretender};

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const DESK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub(crate) const IDLE_LIMIT: Duration = Duration::from_secs(15 * 60);

pub(crate) struct Recorder {
    pub(crate) access: Arc<Access>,
    pub(crate) ledger: Ledger,
    pub(crate) clock: TestClock,
    pub(crate) house: Arc<Pretender>,
    pub(crate) server: Option<Server>,
    pub(crate) browser: Browser,
    pub(crate) folder: tempfile::TempDir,
}

impl Recorder {
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let recorder = RecorderId::from_bytes([7; 16]);
        let config = LedgerConfig { folder: folder.path().join("ledger"), recorder };
        let clock_of_ledger = clock.clone();
        let open = move || Ledger::open(&config, Arc::new(Disk), Arc::new(clock_of_ledger));
        let ledger = tokio::task::spawn_blocking(open).await.unwrap().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.db")).await.unwrap();
        let config = AccessConfig {
            password_cost: PasswordCost::for_tests(),
            idle_limit: IDLE_LIMIT,
            ..AccessConfig::new(recorder)
        };
        let access = Access::new(ledger.clone(), catalog, Arc::new(clock.clone()), config);
        let access = Arc::new(access);
        let house = Arc::new(Pretender::new(clock.clone()));
        let (config, certificate) = serve_config(limits);
        let server = serve(config, house.clone(), Arc::clone(&access)).await.unwrap();
        let browser = Browser::new(server.address(), certificate);
        Self { access, ledger, clock, house, server: Some(server), browser, folder }
    }

    /// Everybody: one person for each role, named by its word.
    pub(crate) async fn everybody(&self) {
        let links = self.access.first_run_links().await.unwrap().unwrap();
        self.claim(&links.administrator.unwrap(), "administrator").await;
        self.claim(&links.manager.unwrap(), "manager").await;
        for role in [Role::Officer, Role::Operator, Role::Contractor, Role::Inspector] {
            let (id, link) = self.appoint(role).await;
            if role == Role::Contractor {
                self.open_ticket(id).await;
            }
            self.claim(&link, role.word()).await;
        }
    }

    /// A ticket for a contractor, for an hour, with the manager beside him.
    pub(crate) async fn open_ticket(&self, contractor: AccountId) -> EntryNumber {
        let manager = self.access.sign_in(Role::Manager.word(), PASSWORD, DESK).await.unwrap();
        let by = self.access.asker(&manager).unwrap();
        let now = self.clock.wall();
        let ticket = TicketAsk {
            contractor,
            escort: by.account().unwrap(),
            work: "disk".into(),
            cameras: Vec::new(),
            from: now,
            until: now + Duration::from_secs(3600),
        };
        self.access.open_ticket(&by, ticket).await.unwrap().number
    }

    /// The account of the person of a role.
    pub(crate) fn account_of(&self, role: Role) -> String {
        let accounts = self.ledger.accounts();
        accounts.into_iter().find(|it| it.name == role.word()).unwrap().account
    }

    /// A visitor who consented and is there.
    pub(crate) async fn visit(&self) -> EntryNumber {
        let manager = self.access.sign_in(Role::Manager.word(), PASSWORD, DESK).await.unwrap();
        let by = self.access.asker(&manager).unwrap();
        let visit = access::VisitAsk {
            area: ("room".into(), "통신실".into()),
            escort: by.account().unwrap(),
            has_consented: true,
            is_admitted: true,
            name: "방문자".into(),
            body: String::new(),
            business: "점검".into(),
            reason: String::new(),
        };
        let entered = self.access.enter_visit(&by, visit, vec!["안내".into()]).await.unwrap();
        entered.fact.number
    }

    /// A contractor of whom no ticket was ever opened.
    pub(crate) fn contractor_without_ticket(&self) -> Option<String> {
        let tickets = self.ledger.tickets();
        let is_free = |account: &ledger::AccountRecord| {
            let actor = format!("person:{}", account.account);
            account.roles == [Role::Contractor.word()]
                && tickets.iter().all(|it| it.contractor != actor)
        };
        self.ledger.accounts().into_iter().find(is_free).map(|account| account.account)
    }

    /// So that the contractor can sign in.
    async fn let_in(&self) {
        let now = self.clock.wall() + Duration::from_secs(60);
        let all = self.ledger.accounts();
        let id = all.iter().find(|it| it.name == Role::Contractor.word()).unwrap();
        let actor = format!("person:{}", id.account);
        let open = self.ledger.open_tickets();
        if open.iter().all(|it| it.contractor != actor || it.until < now) {
            self.clock.advance(Duration::from_secs(60));
            self.open_ticket(id.account.parse().unwrap()).await;
        }
    }

    /// Somebody more of a role, by whoever may.
    pub(crate) async fn appoint(&self, role: Role) -> (AccountId, LinkSecret) {
        let by = if role.sees_footage() { Role::Manager } else { Role::Administrator };
        let by = self.access.asker(&self.session(by).await).unwrap();
        let now = Some(self.clock.wall());
        let appointment =
            Appointment { pledged_at: now, trained_at: now, ..Appointment::default() };
        let roles = &[role];
        let scope = Scope::All;
        let new = NewAccount { display_name: "somebody", roles, scope, appointment };
        self.access.appoint(&by, new).await.unwrap()
    }

    /// A proposal by the person of a role.
    pub(crate) async fn propose(&self, role: Role) -> EntryNumber {
        let by = self.access.asker(&self.session(role).await).unwrap();
        let target = Target::Retention { camera: CAMERA, maximum: Duration::from_secs(120) };
        self.access.propose(&by, Action::LengthenRetention, target, "2026-17").await.unwrap()
    }

    /// Without a rule on early destruction, which stands in the way of another.
    pub(crate) async fn without_early_rule(&self) {
        if self.access.early().rule.is_some() {
            let by = self.access.asker(&self.session(Role::Manager).await).unwrap();
            self.access.revoke_early(&by).await.unwrap();
        }
    }

    /// A proposal of the rule on early destruction.
    pub(crate) async fn propose_early(&self, role: Role) -> EntryNumber {
        self.without_early_rule().await;
        let by = self.access.asker(&self.session(role).await).unwrap();
        self.access.propose(&by, Action::AllowEarly, Target::House, "2026-17").await.unwrap()
    }

    /// A proposal to destroy the ten minutes of two hours ago.
    pub(crate) async fn propose_minutes(&self, role: Role) -> EntryNumber {
        let by = self.access.asker(&self.session(role).await).unwrap();
        let minute = Duration::from_secs(60);
        let from = self.clock.wall().floor(minute) - minute * 120;
        let target = Target::Footage { cameras: vec![CAMERA], from, to: from + minute * 10 };
        self.access.propose(&by, Action::DestroyMinutes, target, "2026-17").await.unwrap()
    }

    /// Proposes a version of the policy that promises less.
    pub(crate) async fn propose_policy(&self, role: Role) -> EntryNumber {
        let by = self.access.asker(&self.session(role).await).unwrap();
        let target = Target::Policy { file: "0a".repeat(32).parse().unwrap() };
        self.access.propose(&by, Action::LoosenPolicy, target, "2026-17").await.unwrap()
    }

    /// One that was approved, where the person of a role is one of the two if the role allows it.
    pub(crate) async fn approved_with(&self, role: Role, action: Action) -> EntryNumber {
        let (proposes, approves) = match role {
            Role::Officer => (Role::Manager, role),
            _ if action == Action::SealExport => (Role::Officer, Role::Manager),
            Role::Administrator => (Role::Manager, role),
            _ => (Role::Administrator, Role::Manager),
        };
        let number = match action {
            Action::AllowEarly => self.propose_early(proposes).await,
            Action::DestroyMinutes => self.propose_minutes(proposes).await,
            Action::LoosenPolicy => self.propose_policy(proposes).await,
            Action::SealExport => self.propose_export(proposes).await,
            _ => self.propose(proposes).await,
        };
        let by = self.access.asker(&self.session(approves).await).unwrap();
        self.access.decide_proposal(&by, number, true).await.unwrap();
        number
    }

    pub(crate) async fn claim(&self, link: &LinkSecret, name: &str) -> SessionSecret {
        self.access.claim(link, name, None, PASSWORD).await.unwrap()
    }

    /// A new session of the person of a role.
    pub(crate) async fn session(&self, role: Role) -> SessionSecret {
        if role == Role::Contractor {
            self.let_in().await;
        }
        self.access.sign_in(role.word(), PASSWORD, DESK).await.unwrap()
    }

    /// Every entry, the newest first.
    pub(crate) fn entries(&self) -> Vec<(EntryNumber, Entry)> {
        self.ledger.entries(2026, None, usize::MAX >> 1).unwrap()
    }

    /// The action of the newest refusal, as the ledger has it.
    pub(crate) fn refused_action(&self) -> Option<domain::Action> {
        self.entries().into_iter().find_map(|(_, entry)| match entry.kind {
            Kind::Refusal { action, .. } => Some(action),
            _ => None,
        })
    }
}

pub(crate) fn serve_config(
    limits: Limits,
) -> (ServeConfig, rustls::pki_types::CertificateDer<'static>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let tls = rustls::ServerConfig::builder().with_no_client_auth();
    let tls = tls.with_single_cert(vec![cert.der().clone()], key.into()).unwrap();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let config = ServeConfig { listen, tls: Arc::new(tls), idle_limit: IDLE_LIMIT, limits };
    (config, cert.der().clone())
}
