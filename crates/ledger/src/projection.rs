//! What the machine lives by, as the ledger says it: accounts, credentials, cameras.
//!
//! Rights are decided on this and not on a database row, so that an UPDATE in SQL makes no one a
//! manager. It is filled from the log at the start and by each append after it is durable.

use std::collections::BTreeMap;

use domain::{ReelId, WallTime};

use crate::{AccountRecord, CameraRecord, Kind, Record};

/// What a password is verified with.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(crate) sha256: String,
    pub(crate) text: Option<String>,
}

/// The latest word of the ledger on each account and camera.
#[derive(Debug, Default)]
pub(crate) struct Projection {
    accounts: BTreeMap<String, AccountRecord>,
    verifiers: BTreeMap<String, Verifier>,
    cameras: BTreeMap<String, CameraRecord>,
    reels: BTreeMap<ReelId, String>,
    dates: BTreeMap<String, (WallTime, Option<WallTime>)>,
}

impl Projection {
    pub(crate) fn apply(&mut self, time: WallTime, record: &Record) {
        match record {
            Record::Account { account, .. } => {
                let dates = self.dates.entry(account.account.clone()).or_insert((time, None));
                dates.1 = account.roles.is_empty().then_some(time);
                self.accounts.insert(account.account.clone(), account.clone());
            }
            Record::Credential { account, verifier_sha256, verifier } => {
                let known = Verifier { sha256: verifier_sha256.clone(), text: verifier.clone() };
                self.verifiers.insert(account.clone(), known);
            }
            Record::Camera { camera, .. } => {
                self.cameras.insert(camera.camera.clone(), camera.clone());
            }
            Record::Ask { .. } | Record::Outcome { .. } | Record::Served { .. } => {}
        }
    }

    pub(crate) fn apply_kind(&mut self, kind: &Kind) {
        if let Kind::ReelClosed { reel, sha256, .. } = kind {
            self.reels.insert(*reel, sha256.clone());
        }
    }

    pub(crate) fn reel(&self, reel: ReelId) -> Option<String> {
        self.reels.get(&reel).cloned()
    }

    pub(crate) fn dates(&self, account: &str) -> Option<(WallTime, Option<WallTime>)> {
        self.dates.get(account).copied()
    }

    pub(crate) fn accounts(&self) -> Vec<AccountRecord> {
        self.accounts.values().cloned().collect()
    }

    pub(crate) fn account(&self, account: &str) -> Option<AccountRecord> {
        self.accounts.get(account).cloned()
    }

    pub(crate) fn verifier(&self, account: &str) -> Option<&Verifier> {
        self.verifiers.get(account)
    }

    pub(crate) fn cameras(&self) -> Vec<CameraRecord> {
        self.cameras.values().cloned().collect()
    }

    pub(crate) fn camera(&self, camera: &str) -> Option<CameraRecord> {
        self.cameras.get(camera).cloned()
    }
}
