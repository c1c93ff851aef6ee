//! Who keeps the vault key: the list of holders beside them.
//!
//! Without it a holder that is taken out of the configuration, or not plugged in, would be forgotten
//! with the key that it keeps. Text, no secret (`docs/formats/keyring.md`). While the file is not
//! there, the slot file in the vault's folder is the one holder.

use std::path::Path;

use domain::WallTime;
use host::{Fs, FsError, FsResult};

const MAGIC: &str = "jikim holders v1";
const MAX_BYTES: usize = 1 << 16;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// It keeps the vault key.
    Keeps(String),
    /// It may keep something, and is not known to keep the vault key.
    Joins(String),
    /// It was given up at this moment: what it kept then was never destroyed in it.
    GivenUp(WallTime, String),
}

/// The list; none if there is no file. One that cannot be read is an error: to guess could forget a
/// holder, and say that a key is destroyed which it keeps.
pub(super) fn read(fs: &dyn Fs, path: &Path) -> FsResult<Option<Vec<Line>>> {
    let bytes = match fs.read(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => return Ok(None),
        Err(error) => return Err(error),
    };
    let parsed = std::str::from_utf8(&bytes).ok().and_then(parse);
    parsed.map(Some).ok_or_else(|| FsError {
        doing: "understand the list of holders in",
        path: path.to_owned(),
        source: std::io::ErrorKind::InvalidData.into(),
    })
}

pub(super) fn write(fs: &dyn Fs, path: &Path, lines: &[Line]) -> FsResult<()> {
    let mut text = format!("{MAGIC}\n");
    for line in lines {
        text.push_str(&match line {
            Line::Keeps(name) => format!("keeps {name}\n"),
            Line::Joins(name) => format!("joins {name}\n"),
            Line::GivenUp(at, name) => format!("given-up {} {name}\n", at.as_micros()),
        });
    }
    fs.replace(path, text.as_bytes())
}

fn parse(text: &str) -> Option<Vec<Line>> {
    let lines = text.strip_prefix(MAGIC)?.strip_prefix('\n')?;
    let lines = lines.strip_suffix('\n').map_or_else(Vec::new, |it| it.split('\n').collect());
    let line = |line: &&str| {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "keeps" => Some(Line::Keeps(rest.to_owned())),
            "joins" => Some(Line::Joins(rest.to_owned())),
            "given-up" => {
                let (at, name) = rest.split_once(' ')?;
                Some(Line::GivenUp(WallTime::from_micros(at.parse().ok()?), name.to_owned()))
            }
            _ => None,
        }
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::Disk;

    #[test]
    fn a_list_is_read_as_it_was_written_and_a_damaged_one_is_no_list_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("holders");
        assert_eq!(read(&Disk, &path).unwrap(), None);
        let lines = vec![
            Line::Keeps("slot:holder.slots".into()),
            Line::Joins("pkcs11:/usr/lib/a b.so#my token".into()),
            Line::GivenUp(WallTime::from_micros(17), "tpm:device:/dev/tpmrm0#01800100".into()),
        ];
        write(&Disk, &path, &lines).unwrap();
        assert_eq!(read(&Disk, &path).unwrap(), Some(lines));
        let bytes = Disk.read(&path, 1 << 20).unwrap();
        for cut in 1..bytes.len() - 1 {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let read = read(&Disk, &path);
            assert!(read.is_err() || read.unwrap().unwrap().len() < 3, "cut at {cut}");
        }
        std::fs::write(&path, "jikim holders v1\nforgets slot:x\n").unwrap();
        assert!(read(&Disk, &path).is_err());
    }
}
