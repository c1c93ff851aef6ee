//! A recorder's door with people before it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use access::{
    Access, AccessConfig, Appointment, Asker, LinkSecret, NewAccount, PasswordCost, Scope,
    SessionSecret,
};
use catalog::Catalog;
use domain::{Action, CameraId, RecorderId, Role};
use host::{Clock as _, Disk};
use ledger::{Entry, EntryNumber, Kind, Ledger, LedgerConfig, OutcomeWord, Record};
use testkit::TestClock;

pub(crate) const PASSWORD: &str = "correct horse battery";
/// The usual desk.
pub(crate) const DESK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

pub(crate) struct House {
    pub(crate) access: Arc<Access>,
    pub(crate) ledger: Ledger,
    pub(crate) catalog: Catalog,
    pub(crate) clock: TestClock,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn camera(number: u8) -> CameraId {
    CameraId::from_bytes([number; 16])
}

pub(crate) fn recorder() -> RecorderId {
    RecorderId::from_bytes([7; 16])
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(change: impl FnOnce(AccessConfig) -> AccessConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        Self::open(folder, clock, change).await
    }

    /// The recorder stops and starts.
    pub(crate) async fn restart(self) -> Self {
        let Self { access, ledger, catalog, clock, folder } = self;
        drop((access, catalog));
        tokio::task::spawn_blocking(move || ledger.close()).await.unwrap();
        Self::open(folder, clock, |config| config).await
    }

    async fn open(
        folder: tempfile::TempDir,
        clock: TestClock,
        change: impl FnOnce(AccessConfig) -> AccessConfig,
    ) -> Self {
        let ledger_config =
            LedgerConfig { folder: folder.path().join("ledger"), recorder: recorder() };
        let ledger = {
            let clock = clock.clone();
            let open = move || Ledger::open(&ledger_config, Arc::new(Disk), Arc::new(clock));
            tokio::task::spawn_blocking(open).await.unwrap().unwrap()
        };
        let catalog = Catalog::open(&folder.path().join("catalog.db")).await.unwrap();
        let config = change(AccessConfig {
            password_cost: PasswordCost::for_tests(),
            ..AccessConfig::new(recorder())
        });
        let access = Access::new(ledger.clone(), catalog.clone(), Arc::new(clock.clone()), config);
        Self { access: Arc::new(access), ledger, catalog, clock, folder }
    }

    pub(crate) fn asker(&self, session: &SessionSecret) -> Asker {
        self.access.asker(session).unwrap()
    }

    /// The two of the first start, claimed: administrator and manager.
    pub(crate) async fn founders(&self) -> (SessionSecret, SessionSecret) {
        let links = self.access.first_run_links().await.unwrap().unwrap();
        let administrator = self.claim(&links.administrator.unwrap(), "admin").await;
        let manager = self.claim(&links.manager.unwrap(), "manager").await;
        (administrator, manager)
    }

    pub(crate) async fn claim(&self, link: &LinkSecret, name: &str) -> SessionSecret {
        self.access.claim(link, name, None, PASSWORD).await.unwrap()
    }

    /// Somebody whom the manager appointed, signed in.
    pub(crate) async fn appointed(
        &self,
        manager: &SessionSecret,
        role: Role,
        name: &str,
    ) -> SessionSecret {
        let by = self.asker(manager);
        let (_, link) = self.access.appoint(&by, self.new_account(name, &[role])).await.unwrap();
        self.claim(&link, name).await
    }

    /// An account for somebody who pledged and was trained today.
    pub(crate) fn new_account<'n>(
        &self,
        display_name: &'n str,
        roles: &'n [Role],
    ) -> NewAccount<'n> {
        let now = Some(self.clock.wall());
        let appointment =
            Appointment { pledged_at: now, trained_at: now, ..Appointment::default() };
        NewAccount { display_name, roles, scope: Scope::All, appointment }
    }

    /// Every entry, the oldest first.
    pub(crate) fn entries(&self) -> Vec<(EntryNumber, Entry)> {
        let mut entries = self.ledger.entries(2026, None, usize::MAX >> 1).unwrap();
        entries.reverse();
        entries
    }

    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.entries().into_iter().map(|(_, entry)| entry.kind).collect()
    }

    /// How the newest act of an action ended; none while it is open.
    pub(crate) fn outcome_of(&self, action: Action) -> Option<OutcomeWord> {
        let entries = self.entries();
        let mut newest = entries.iter().rev();
        let (intent, _) = newest
            .find(|(_, entry)| entry.kind == Kind::Intent { action, proposal: None })
            .unwrap();
        entries.iter().find_map(|(_, entry)| match entry.kind {
            Kind::Outcome { intent: of, result } if of == *intent => Some(result),
            _ => None,
        })
    }

    /// Refusals of an action, with their reasons.
    pub(crate) fn refusals(&self, action: Action) -> Vec<String> {
        let reason = |kind| match kind {
            Kind::Refusal { action: of, reason } if of == action => Some(reason),
            _ => None,
        };
        self.kinds().into_iter().filter_map(reason).collect()
    }

    /// The record of an entry, of whoever acted.
    pub(crate) fn record(&self, actor: domain::Actor, number: EntryNumber) -> Record {
        self.ledger.own_record(actor, number).unwrap().unwrap()
    }
}

/// Waits for something that happens at once, in another task or thread.
pub(crate) async fn soon(mut is_so: impl FnMut() -> bool) {
    for _ in 0..200 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen within two seconds");
}
