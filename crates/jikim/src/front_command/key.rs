//! The agency's key: its private half in a slot file like the ledger's own, its public half as a line.

use std::path::Path;

use front::PrivateKey;
use host::{Disk, Fs as _, Secret, SlotFile};

use super::arguments::KeyArguments;
use crate::publication::write_public;
use crate::{Told, give, sentence};

/// In the data folder: what belongs to the public form.
pub(super) const FOLDER: &str = "front";
const KEY: &str = "key";

pub(super) fn key(arguments: &KeyArguments) -> Told<()> {
    let data = &arguments.data;
    if !Disk.exists(&data.join("ledger")).map_err(sentence)? {
        return Err(format!(
            "{0}: 녹화기의 자료 폴더가 아닙니다. · {0} is no recorder's data folder.",
            data.display()
        ));
    }
    let folder = data.join(FOLDER);
    Disk.make_folder(&folder).map_err(sentence)?;
    Disk.sync_folder(data).map_err(sentence)?;
    let slots = SlotFile::open_or_create(&Disk, &folder.join(KEY), 1).map_err(sentence)?;
    let secret = match slots.read(0).map_err(sentence)? {
        Some((_, secret)) => secret,
        None => {
            let secret = Secret::random();
            slots.write(0, 1, &secret).map_err(sentence)?;
            secret
        }
    };
    let public = PrivateKey::new(secret).public();
    write_public(&arguments.out, &format!("{public}\n"))?;
    give(&format!(
        "{public}\n공개키입니다. jikim-front에 주십시오. · The public key, for jikim-front: {}",
        arguments.out.display()
    ));
    Ok(())
}

/// What opens the requests that were sealed for this recorder.
pub(crate) fn private_key(data: &Path) -> Told<PrivateKey> {
    let path = data.join(FOLDER).join(KEY);
    if !Disk.exists(&path).map_err(sentence)? {
        return Err(format!(
            "양식의 열쇠가 없습니다. 먼저 만드십시오. · There is no key of a form; make it: jikim front key --data {} --out FILE",
            data.display()
        ));
    }
    let slots = SlotFile::open(&Disk, &path, 1).map_err(sentence)?;
    let secret = slots.read(0).map_err(sentence)?;
    let (_, secret) = secret.ok_or_else(|| format!("{}: the slot is empty", path.display()))?;
    Ok(PrivateKey::new(secret))
}
