//! Ledger and vault of a recorder over the simulated disk and clock, worked by hand.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use domain::{
    AccountId, Action, Actor, Feed, GapCause, Purpose, PurposeKind, RecorderId, ReelId, Role,
    SystemActor, WallTime,
};
use host::{Clock, Fs};
use ledger::act::{Act, DestroyExpired};
use ledger::{AdmitError, Grant, Ledger, LedgerConfig};
use rules::{Ask, Facts, Target, decide};
use testkit::{FickleFs, TestClock};
use vault::{ByHand, ClosedReel, Listing, VaultConfig, VolumeConfig};

pub(super) const VOLUMES: [&str; 2] = ["a", "b"];

/// A catalog that only remembers, and may forget in a crash.
#[derive(Default)]
pub(super) struct Listed {
    reels: Mutex<BTreeMap<ReelId, ClosedReel>>,
    gaps: Mutex<Vec<(Feed, WallTime, WallTime)>>,
}

impl Listed {
    pub(super) fn ids(&self) -> HashSet<ReelId> {
        self.reels.lock().unwrap().keys().copied().collect()
    }

    /// Everything is forgotten, as if the database was lost.
    pub(super) fn forget(&self) {
        self.reels.lock().unwrap().clear();
        self.gaps.lock().unwrap().clear();
    }

    /// Every gap that is declared of a feed, by its beginning.
    pub(super) fn gaps_of(&self, feed: Feed) -> Vec<(WallTime, WallTime)> {
        let gaps = self.gaps.lock().unwrap();
        let of_feed = gaps.iter().filter(|gap| gap.0 == feed);
        let mut of_feed: Vec<_> = of_feed.map(|gap| (gap.1, gap.2)).collect();
        of_feed.sort_unstable();
        of_feed
    }

    /// Where the newest listed footage of each feed that does not begin after `now` ends.
    fn ends(&self, now: WallTime) -> HashMap<Feed, WallTime> {
        let mut ends = HashMap::new();
        let reels = self.reels.lock().unwrap();
        for row in reels.values().flat_map(|reel| &reel.index.rows) {
            if row.feed.bucket.is_some() && row.feed.first_start <= now {
                let row_end = row.feed.last_end.min(now);
                let end = ends.entry(row.feed.feed).or_insert(row_end);
                *end = row_end.max(*end);
            }
        }
        ends
    }
}

impl Listing for Listed {
    fn reel_closed(&self, reel: &ClosedReel) {
        let mut gaps = self.gaps.lock().unwrap();
        for (feed, entry) in &reel.gaps {
            let length = std::time::Duration::from_micros(entry.duration_us);
            gaps.push((*feed, entry.start, entry.start + length));
        }
        self.reels.lock().unwrap().insert(reel.header.reel, reel.clone());
    }

    fn reel_gone(&self, reel: ReelId) {
        self.reels.lock().unwrap().remove(&reel);
    }

    fn gap(&self, feed: Feed, from: WallTime, to: WallTime, _: GapCause, _: u64) {
        self.gaps.lock().unwrap().push((feed, from, to));
    }
}

/// A recorder that runs.
pub(super) struct House {
    pub(super) ledger: Ledger,
    pub(super) vault: ByHand,
    clock: TestClock,
}

pub(super) fn root() -> PathBuf {
    PathBuf::from("/disk")
}

pub(super) fn person() -> Actor {
    Actor::Person(AccountId::from_bytes([1; 16]))
}

impl House {
    /// # Errors
    /// Why it did not start, in a sentence.
    pub(super) fn open(
        fs: FickleFs,
        clock: &TestClock,
        the_clock: &Arc<dyn Clock>,
        listed: &Arc<Listed>,
    ) -> Result<Self, String> {
        let root = root();
        let recorder = RecorderId::from_bytes([7; 16]);
        let fs: Arc<dyn Fs> = Arc::new(fs);
        let told = |error: &dyn std::fmt::Display| error.to_string();
        fs.make_folder(Path::new(&root)).map_err(|error| told(&error))?;
        let config = LedgerConfig { folder: root.join("ledger"), recorder };
        let ledger = Ledger::open_by_hand(&config, Arc::clone(&fs), Arc::clone(the_clock))
            .map_err(|error| told(&error))?;
        let volume = |name: &&str| VolumeConfig { path: root.join(name), place: None };
        let config = VaultConfig {
            folder: root.join("vault"),
            holders: vault::HoldersConfig::default(),
            recorder,
            volumes: VOLUMES.iter().map(volume).collect(),
            clock_is_confirmed: false,
        };
        let listing: Arc<dyn Listing> = Arc::clone(listed) as _;
        let vault = ByHand::open(&config, &fs, the_clock, &ledger, &listed.ids(), listing)
            .map_err(|error| told(&error))?;
        Ok(Self { ledger, vault, clock: clock.clone() })
    }

    /// Where the footage of each feed ends, as the program asks it before it records.
    pub(super) fn ends(&self, listed: &Listed) -> HashMap<Feed, WallTime> {
        let mut ends = listed.ends(self.clock.wall());
        for (feed, end) in self.vault.vault().unlisted_ends() {
            let known = ends.entry(feed).or_insert(end);
            *known = end.max(*known);
        }
        ends
    }

    pub(super) fn admit<A: Act>(
        &self,
        actor: Actor,
        action: Action,
        target: Target,
    ) -> Result<Grant<A>, AdmitError> {
        let purpose = Purpose::new(PurposeKind::Incident, "a simulation").unwrap();
        let purpose = matches!(actor, Actor::Person(_)).then_some(purpose);
        let ask = Ask { actor, action, target, purpose, proposal: None };
        let person = Facts { roles: vec![Role::Manager, Role::Officer], ..Facts::nobody() };
        let facts = if matches!(actor, Actor::Person(_)) { person } else { Facts::nobody() };
        let permit = decide(ask, &facts, self.clock.wall()).expect("the table allows it");
        self.ledger.admit_blocking(permit)
    }

    pub(super) fn may_destroy(&self) -> Result<Grant<DestroyExpired>, AdmitError> {
        let actor = Actor::System(SystemActor::Retention);
        self.admit(actor, Action::DestroyExpired, Target::House)
    }

    pub(super) fn fenced(&self) -> usize {
        let status = self.vault.vault().status();
        status.volumes.iter().filter(|volume| volume.is_fenced).count()
    }
}
