//! The codes of the requests that were taken: all that stays of a sealed file here, since what is in it is
//! in the ledger then, and names end there.

use std::collections::BTreeSet;
use std::path::Path;

use front::{Code, LONGEST_SEALED, Parcel, PrivateKey, Receipt, SEALED};
use host::{Disk, Fs as _};

use super::key::FOLDER;
use crate::{Told, sentence};

/// In the data folder: a file for each request, named by its number, that holds the code alone.
const CODES: &str = "codes";
const CODE: &str = ".code";
/// Where an earlier version kept the sealed files themselves, with every name in them.
const TAKEN: &str = "taken";
const LONGEST_CODE: usize = 64;

/// Keeps the code of a request that was taken, durable.
pub(crate) fn keep_code(data: &Path, receipt: &Receipt, parcel: &Parcel) -> Told<()> {
    let folder = data.join(FOLDER).join(CODES);
    Disk.make_folder(&folder).map_err(sentence)?;
    Disk.sync_folder(&data.join(FOLDER)).map_err(sentence)?;
    let path = folder.join(format!("{receipt}{CODE}"));
    Disk.replace(&path, parcel.code.as_bytes()).map_err(sentence)
}

/// Takes the sealed files away that an earlier version left here, once their codes are kept.
pub(crate) fn tidy(data: &Path, key: &PrivateKey) -> Told<()> {
    let folder = data.join(FOLDER).join(TAKEN);
    if !Disk.exists(&folder).map_err(sentence)? {
        return Ok(());
    }
    for name in Disk.list(&folder).map_err(sentence)? {
        let path = folder.join(&name);
        let file = Disk.read(&path, LONGEST_SEALED).map_err(sentence)?;
        if let Ok((receipt, parcel)) = Parcel::open(&file, key) {
            keep_code(data, &receipt, &parcel)?;
        }
        if name.ends_with(SEALED) {
            Disk.unlink(&path).map_err(sentence)?;
        }
    }
    Ok(())
}

/// Number and code of every request of which one is kept. What is no code is passed over.
pub(super) fn codes(data: &Path) -> Told<Vec<(Receipt, Code)>> {
    let folder = data.join(FOLDER).join(CODES);
    if !Disk.exists(&folder).map_err(sentence)? {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for name in Disk.list(&folder).map_err(sentence)? {
        let Some(receipt) = name.strip_suffix(CODE).and_then(|it| it.parse().ok()) else {
            continue;
        };
        let text = Disk.read(&folder.join(&name), LONGEST_CODE).map_err(sentence)?;
        let code = str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
        found.extend(code.map(|code| (receipt, code)));
    }
    Ok(found)
}

/// Forgets the codes of what is told no more.
pub(super) fn forget_codes(data: &Path, over: &BTreeSet<String>) -> Told<()> {
    let folder = data.join(FOLDER).join(CODES);
    for receipt in over {
        let path = folder.join(format!("{receipt}{CODE}"));
        if Disk.exists(&path).map_err(sentence)? {
            Disk.unlink(&path).map_err(sentence)?;
        }
    }
    Ok(())
}
