//! Which keyring counts at a start: by the keys that are held, and by whether a rotation was decided.

use std::path::Path;

use host::{Fs, FsError, Secret};

use crate::decision::Decision;
use crate::find::has_reels;
use crate::holder::{Held, Holders};
use crate::keyring::{Keyring, commitment};
use crate::notary::hex;
use crate::volume::Volume;
use crate::{HolderFailed, OpenVaultError};

/// The keyring that was found or made.
pub(crate) struct OpenedKeyring {
    pub(crate) keyring: Keyring,
    /// It was made now: the ledger does not know its key yet.
    pub(crate) is_new: bool,
    /// A rotation that was decided, and whose old key and outcome are still to be seen to.
    pub(crate) decided: Option<Decision>,
}

/// The keyring of the key that is held. After a crash in a rotation two keys may be held: the
/// rotation goes on if it was decided, else the older key counts and the newer one is destroyed.
///
/// Any one holder that keeps the key will do. One that is away is told later what it missed; only
/// where it could know better than those that are there is nothing opened without it.
pub(crate) fn open_keyring(
    fs: &dyn Fs,
    holders: &Holders,
    decision_path: &Path,
    volumes: &[Volume],
) -> Result<OpenedKeyring, OpenVaultError> {
    let (held, away) = holders.held();
    if held.iter().all(|one| one.keys.is_empty()) {
        all_answered(&away)?;
        let keyring = new_keyring(holders, volumes)?;
        return Ok(OpenedKeyring { keyring, is_new: true, decided: None });
    }
    if let Some(decision) = Decision::read(fs, decision_path)? {
        if let Some(keyring) = go_on(&decision, &held, volumes)? {
            holders.begin(keyring.epoch, keyring.vault_key())?;
            settle(&keyring, volumes, Some(decision.old_epoch))?;
            return Ok(OpenedKeyring { keyring, is_new: false, decided: Some(decision) });
        }
        // One that is away may keep the key of it, and footage since may lie under that.
        all_answered(&away)?;
        tracing::info!(epoch = decision.new_epoch, "a rotation was decided and not made ready");
        Decision::clear(fs, decision_path)?;
    }
    let (oldest, key) = oldest_of_all(&held)?;
    let keyring = read_keyring(volumes, oldest, &key)?
        .ok_or(OpenVaultError::KeyringMissing { epoch: oldest })?;
    holders.begin(oldest, &key)?;
    // The other place holds nothing, or the key of a rotation that was not decided, or what a torn
    // write left of it: it goes before it can open anything. Of a holder that is away it goes when
    // that is back, and nothing is destroyed until then.
    let _ = holders.all_keep_nothing_else(oldest, true);
    settle(&keyring, volumes, None)?;
    Ok(OpenedKeyring { keyring, is_new: false, decided: None })
}

/// The oldest key that all who keep any have: where nothing was decided, none of them has destroyed
/// it. One who does not have it has destroyed it, so it must not open anything again; then what the
/// others have was put back from a copy.
fn oldest_of_all(held: &[Held]) -> Result<(u64, Secret), OpenVaultError> {
    let some: Vec<&Held> = held.iter().filter(|one| !one.keys.is_empty()).collect();
    let has = |one: &Held, key: &(u64, Secret)| {
        one.keys.iter().any(|it| it.0 == key.0 && it.1.expose() == key.1.expose())
    };
    let first = some.first().map(|one| one.keys.as_slice()).unwrap_or_default();
    let common = first.iter().find(|key| some.iter().all(|one| has(one, key)));
    common.cloned().ok_or_else(|| {
        let epochs = |one: &&Held| {
            let epochs: Vec<String> = one.keys.iter().map(|(epoch, _)| epoch.to_string()).collect();
            format!("{} keeps epoch {}", one.holder, epochs.join(" and "))
        };
        let what: Vec<String> = some.iter().map(epochs).collect();
        OpenVaultError::HoldersDisagree { what: what.join(", ") }
    })
}

fn all_answered(away: &[HolderFailed]) -> Result<(), OpenVaultError> {
    if away.is_empty() {
        return Ok(());
    }
    let away: Vec<String> = away.iter().map(ToString::to_string).collect();
    Err(OpenVaultError::HoldersAway { away: away.join("; ") })
}

/// The keyring of a rotation that was decided: the new one, and what the old one got after an
/// attempt of which the recorder did not know that it was decided. Nothing if the new key or its
/// keyring is not there: then the old key was not touched.
fn go_on(
    decision: &Decision,
    held: &[Held],
    volumes: &[Volume],
) -> Result<Option<Keyring>, OpenVaultError> {
    let of_epoch = |epoch: u64| {
        let keys = held.iter().flat_map(|one| &one.keys);
        keys.filter(move |(held, _)| *held == epoch).map(|(_, key)| key)
    };
    let new = of_epoch(decision.new_epoch).find(|key| hex(&commitment(key)) == decision.new_key);
    let Some(new) = new else { return Ok(None) };
    let old = of_epoch(decision.old_epoch).next();
    let Some(mut keyring) = read_keyring(volumes, decision.new_epoch, new)? else {
        return if old.is_some() {
            Ok(None)
        } else {
            Err(OpenVaultError::KeyringMissing { epoch: decision.new_epoch })
        };
    };
    tracing::info!(epoch = decision.old_epoch, "going on with a rotation that was cut off");
    if let Some(old) = old
        && let Some(older) = read_keyring(volumes, decision.old_epoch, old)?
    {
        keyring.join_survivors(older, &decision.destroyed);
    }
    Ok(Some(keyring))
}

fn new_keyring(holders: &Holders, volumes: &[Volume]) -> Result<Keyring, OpenVaultError> {
    for volume in volumes {
        // Footage and keyrings without a key: the holder was lost. To begin anew would bury it.
        let has_keyring = !volume.fs.list(&volume.keyring_folder())?.is_empty();
        if has_keyring && has_reels(volume)? {
            return Err(OpenVaultError::VaultKeyMissing { holders: holders.names() });
        }
    }
    let keyring = Keyring::new(1, Secret::random());
    settle(&keyring, volumes, None)?;
    holders.begin(1, keyring.vault_key())?;
    if !holders.any_keeps() {
        holders.all_keep(1, keyring.vault_key())?;
    }
    Ok(keyring)
}

/// Joins what the volumes hold of an epoch: a volume that was away for a while lacks some buckets.
fn read_keyring(
    volumes: &[Volume],
    epoch: u64,
    key: &Secret,
) -> Result<Option<Keyring>, OpenVaultError> {
    let mut joined: Option<Keyring> = None;
    for volume in volumes.iter().filter(|volume| !volume.is_fenced()) {
        let found = match Keyring::read(volume, epoch, key) {
            Ok(found) => found,
            Err(error) => {
                fence(volume, volumes, error)?;
                continue;
            }
        };
        let Some(found) = found else { continue };
        match &mut joined {
            None => joined = Some(found),
            Some(joined) => joined.join(found),
        }
    }
    Ok(joined)
}

/// Every volume that works holds the keyring whole, and no other but that of a rotation that is not
/// finished: while its key may still be the one that a holder has, nothing of it is missed.
fn settle(
    keyring: &Keyring,
    volumes: &[Volume],
    unfinished: Option<u64>,
) -> Result<(), OpenVaultError> {
    let settle_one = |volume: &Volume| {
        if !keyring.is_whole_on(volume)? {
            keyring.write_whole(volume)?;
        }
        Ok(())
    };
    for volume in volumes.iter().filter(|volume| !volume.is_fenced()) {
        settle_one(volume).or_else(|error| fence(volume, volumes, error))?;
    }
    for volume in volumes.iter().filter(|volume| !volume.is_fenced()) {
        keyring.unlink_others(volume, unfinished).or_else(|error| fence(volume, volumes, error))?;
    }
    Ok(())
}

/// A volume whose disk fails is fenced; that is an error if no other works.
fn fence(volume: &Volume, volumes: &[Volume], error: FsError) -> Result<(), OpenVaultError> {
    volume.fence(&error);
    if volumes.iter().all(Volume::is_fenced) { Err(error.into()) } else { Ok(()) }
}
