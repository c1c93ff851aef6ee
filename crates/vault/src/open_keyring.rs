//! Which keyring counts at a start: by the keys that are held, and by whether a rotation was decided.

use std::path::Path;

use host::{Fs, FsError, Secret};

use crate::OpenVaultError;
use crate::decision::Decision;
use crate::find::has_reels;
use crate::holder::Holder;
use crate::keyring::{Keyring, commitment};
use crate::notary::hex;
use crate::volume::Volume;

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
pub(crate) fn open_keyring(
    fs: &dyn Fs,
    holder: &dyn Holder,
    slots: &Path,
    decision_path: &Path,
    volumes: &[Volume],
) -> Result<OpenedKeyring, OpenVaultError> {
    let held = holder.held()?;
    let Some((oldest, oldest_key)) = held.first() else {
        let keyring = new_keyring(holder, slots, volumes)?;
        return Ok(OpenedKeyring { keyring, is_new: true, decided: None });
    };
    if let Some(decision) = Decision::read(fs, decision_path)? {
        if let Some(keyring) = go_on(&decision, &held, volumes)? {
            settle(&keyring, volumes)?;
            return Ok(OpenedKeyring { keyring, is_new: false, decided: Some(decision) });
        }
        tracing::info!(epoch = decision.new_epoch, "a rotation was decided and not made ready");
        Decision::clear(fs, decision_path)?;
    }
    let keyring = read_keyring(volumes, *oldest, oldest_key)?
        .ok_or(OpenVaultError::KeyringMissing { epoch: *oldest })?;
    // The other slot holds nothing, or the key of a rotation that was not decided, or what a torn
    // write left of it: it goes before it can open anything.
    holder.destroy(oldest + 1)?;
    settle(&keyring, volumes)?;
    Ok(OpenedKeyring { keyring, is_new: false, decided: None })
}

/// The keyring of a rotation that was decided: the new one, and what the old one got after an
/// attempt of which the recorder did not know that it was decided. Nothing if the new key or its
/// keyring is not there: then the old key was not touched.
fn go_on(
    decision: &Decision,
    held: &[(u64, Secret)],
    volumes: &[Volume],
) -> Result<Option<Keyring>, OpenVaultError> {
    let of_epoch = |epoch: u64| held.iter().find(|(held, _)| *held == epoch).map(|(_, key)| key);
    let new = of_epoch(decision.new_epoch).filter(|key| hex(&commitment(key)) == decision.new_key);
    let Some(new) = new else { return Ok(None) };
    let old = of_epoch(decision.old_epoch);
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
        keyring.join_survivors(older, &decision.buckets);
    }
    Ok(Some(keyring))
}

fn new_keyring(
    holder: &dyn Holder,
    slots: &Path,
    volumes: &[Volume],
) -> Result<Keyring, OpenVaultError> {
    for volume in volumes {
        // Footage and keyrings without a key: the slots were lost. To begin anew would bury it.
        let has_keyring = !volume.fs.list(&volume.keyring_folder())?.is_empty();
        if has_keyring && has_reels(volume)? {
            return Err(OpenVaultError::VaultKeyMissing { path: slots.to_owned() });
        }
    }
    let keyring = Keyring::new(1, Secret::random());
    settle(&keyring, volumes)?;
    holder.wrap(1, keyring.vault_key())?;
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

/// Every volume that works holds the keyring whole, and no other.
fn settle(keyring: &Keyring, volumes: &[Volume]) -> Result<(), OpenVaultError> {
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
        keyring.unlink_others(volume).or_else(|error| fence(volume, volumes, error))?;
    }
    Ok(())
}

/// A volume whose disk fails is fenced; that is an error if no other works.
fn fence(volume: &Volume, volumes: &[Volume], error: FsError) -> Result<(), OpenVaultError> {
    volume.fence(&error);
    if volumes.iter().all(Volume::is_fenced) { Err(error.into()) } else { Ok(()) }
}
