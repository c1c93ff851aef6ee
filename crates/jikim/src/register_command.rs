//! `jikim register NAME`: a register of the law as a file, by the person who signed in with `jikim login`. That
//! it was read is entered in the ledger.

use std::fs::{OpenOptions, rename};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use api::{RegisterFormat, RegisterName};
use clap::Args;

use crate::login::SignedIn;
use crate::{Told, give};

#[derive(Args)]
pub(crate) struct RegisterArguments {
    /// personal-video, destruction, requests, disclosures, access, rights, tickets or visits.
    #[arg(value_name = "NAME", value_parser = register_name)]
    name: RegisterName,
    /// xlsx, pdf, hwpx, html or json.
    #[arg(long, value_name = "FORMAT", value_parser = register_format)]
    format: RegisterFormat,
    /// The file to write; one that is there is replaced. It holds personal data: only its owner can read it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The first day in Korea, 2026-11-01; 29 days before the last if left out.
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<String>,
    /// The last day in Korea; today if left out. At most 366 days.
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<String>,
    /// The id of the one camera of which it is to speak.
    #[arg(long, value_name = "ID")]
    camera: Option<domain::CameraId>,
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

fn register_name(word: &str) -> Result<RegisterName, String> {
    let all = || RegisterName::ALL.iter().map(|it| it.word()).collect::<Vec<_>>().join(", ");
    RegisterName::from_word(word).ok_or_else(|| format!("there are {}", all()))
}

fn register_format(word: &str) -> Result<RegisterFormat, String> {
    let all = || RegisterFormat::ALL.iter().map(|it| it.word()).collect::<Vec<_>>().join(", ");
    RegisterFormat::from_word(word).ok_or_else(|| format!("there are {}", all()))
}

/// What goes into an address is a day and nothing else.
fn day(text: &str) -> Result<String, String> {
    law::date(text)
        .map(|day| day.to_string())
        .map_err(|_| "a day is written like 2026-11-01".into())
}

/// Runs the command.
pub(crate) async fn register(arguments: RegisterArguments) -> Told<ExitCode> {
    let person = SignedIn::open(&arguments.data).await?;
    let file = person.bytes(&address(&arguments)).await?;
    write_private(&arguments.out, &file)
        .map_err(|error| format!("{}: {error}", arguments.out.display()))?;
    give(&format!("{0} · {1} bytes", arguments.out.display(), file.len()));
    Ok(ExitCode::SUCCESS)
}

fn address(arguments: &RegisterArguments) -> String {
    let format = arguments.format.word();
    let mut address = format!("/api/v1/registers/{}?format={format}", arguments.name.word());
    let camera = arguments.camera.map(|id| id.to_string());
    let asked = [("from", &arguments.from), ("until", &arguments.until), ("camera", &camera)];
    for (name, value) in asked {
        if let Some(value) = value {
            address.push_str(&format!("&{name}={value}"));
        }
    }
    address
}

/// Whole or not at all, and nobody else's to read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.and_then(|()| rename(&beside, path)).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        register: RegisterArguments,
    }

    fn parsed(words: &str) -> Result<String, clap::Error> {
        let line = Line::try_parse_from(["register"].into_iter().chain(words.split(' ')))?;
        Ok(address(&line.register))
    }

    #[test]
    fn only_words_days_and_ids_go_into_the_address() {
        let asked = parsed("visits --format xlsx --out f --data d --from 2026-11-01").unwrap();
        assert_eq!(asked, "/api/v1/registers/visits?format=xlsx&from=2026-11-01");
        for bad in [
            "secrets --format xlsx --out f --data d",
            "visits --format doc --out f --data d",
            "visits --format pdf --out f --data d --from 2026-11-01&x=1",
            "visits --format pdf --out f --data d --camera a/b",
        ] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_file_is_its_owners_alone_and_replaces_the_old_one_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("register.xlsx");
        std::fs::write(&path, "old and longer").unwrap();
        write_private(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
        assert!(write_private(&folder.path().join("none/register.xlsx"), b"x").is_err());
    }
}
