//! Where a session is kept between two commands: a file of the person's own, mode 0600, one for each recorder,
//! never in the data folder, which is copied and backed up.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use host::{Disk, Fs as _, private_line};
use serde::{Deserialize, Serialize};

use crate::house::recorder_id;
use crate::{Told, sentence};

/// A session's secret and a certificate.
const MAX_FILE_BYTES: usize = 64 << 10;

/// One line of JSON.
#[derive(Serialize, Deserialize)]
struct Written {
    cookie: api::Secret,
    certificate: String,
}

/// A session, and the certificate of the recorder that gave it.
pub(super) struct Kept {
    pub(super) cookie: api::Secret,
    pub(super) certificate: Vec<u8>,
}

/// The file of one recorder's session.
pub(super) struct SessionFile(PathBuf);

impl SessionFile {
    /// The one of the recorder of a data folder, in the state folder of whoever asks.
    pub(super) fn of(data: &Path) -> Told<Self> {
        let state = state_folder(|name| std::env::var_os(name).map(PathBuf::from))?;
        Self::under(&state, data)
    }

    fn under(state: &Path, data: &Path) -> Told<Self> {
        if !Disk.exists(&data.join("recorder.id")).map_err(sentence)? {
            return Err(format!(
                "{0}은(는) 녹화기의 데이터 폴더가 아닙니다. --data를 확인하십시오. · {0} is no recorder's data folder; look at --data.",
                data.display()
            ));
        }
        let folder = state.join("jikim").join("sessions");
        if real(&folder).starts_with(real(data)) {
            return Err(format!(
                "로그인 정보는 데이터 폴더 안에 두지 않습니다. XDG_STATE_HOME을 다른 곳으로 정하십시오. · A session is never kept in the data folder: set XDG_STATE_HOME to another place than {}.",
                state.display()
            ));
        }
        Ok(Self(folder.join(recorder_id(data)?.to_string())))
    }

    /// What is kept; none where nobody signed in.
    pub(super) fn read(&self) -> Told<Option<Kept>> {
        if !Disk.exists(&self.0).map_err(sentence)? {
            return Ok(None);
        }
        let line = private_line(&self.0, MAX_FILE_BYTES)
            .map_err(|error| format!("{} {error}", self.0.display()))?;
        // One that is damaged is as good as none: a login writes it anew.
        let Ok(written) = serde_json::from_str::<Written>(&line) else { return Ok(None) };
        let Ok(certificate) = STANDARD.decode(written.certificate) else { return Ok(None) };
        Ok(Some(Kept { cookie: written.cookie, certificate }))
    }

    /// Keeps a session in the place of the last.
    pub(super) fn write(&self, kept: &Kept) -> Told<()> {
        let certificate = STANDARD.encode(&kept.certificate);
        let written = Written { cookie: kept.cookie.clone(), certificate };
        let line = serde_json::to_string(&written).map_err(sentence)?;
        let folder = self.0.parent().expect("it lies in a folder");
        Disk.make_folder(folder).map_err(sentence)?;
        Disk.replace(&self.0, line.as_bytes()).map_err(sentence)
    }

    /// Nobody is signed in any more.
    pub(super) fn remove(&self) -> Told<()> {
        if Disk.exists(&self.0).map_err(sentence)? {
            Disk.unlink(&self.0).map_err(sentence)?;
        }
        Ok(())
    }
}

/// XDG's place for what a program keeps of a person between two runs.
fn state_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Told<PathBuf> {
    // The standard says that a relative one is ignored.
    let absolute = |name: &str| variable(name).filter(|path| path.is_absolute());
    let home = || absolute("HOME").map(|home| home.join(".local").join("state"));
    absolute("XDG_STATE_HOME").or_else(home).ok_or_else(|| {
        "로그인 정보를 둘 곳이 없습니다. HOME이나 XDG_STATE_HOME을 정하십시오. · There is no place for the session: set HOME or XDG_STATE_HOME.".into()
    })
}

/// The path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match there {
        Some((above, real)) => {
            path.strip_prefix(above).map_or_else(|_| path.to_owned(), |rest| real.join(rest))
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn kept() -> Kept {
        Kept { cookie: api::Secret::new("__Host-jikim=abc"), certificate: vec![1, 2, 3] }
    }

    #[test]
    fn a_session_is_its_owners_alone_and_one_for_each_recorder() {
        let folder = tempfile::tempdir().unwrap();
        let [state, data, other] = ["state", "data", "other"].map(|name| folder.path().join(name));
        assert!(SessionFile::under(&state, &data).is_err_and(|told| told.contains("--data")));
        for data in [&data, &other] {
            std::fs::create_dir(data).unwrap();
            recorder_id(data).unwrap();
        }
        let file = SessionFile::under(&state, &data).unwrap();
        assert!(file.read().unwrap().is_none());
        file.write(&kept()).unwrap();
        let read = file.read().unwrap().unwrap();
        assert_eq!((read.cookie.reveal(), read.certificate), ("__Host-jikim=abc", vec![1, 2, 3]));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file.0), mode(file.0.parent().unwrap())), (0o600, 0o700));
        assert!(SessionFile::under(&state, &other).unwrap().read().unwrap().is_none());

        std::fs::set_permissions(&file.0, std::fs::Permissions::from_mode(0o644)).unwrap();
        let told = file.read().err().unwrap();
        assert!(told.contains("chmod 600") && !told.contains("abc"), "{told}");
        file.remove().unwrap();
        file.remove().unwrap();
        assert!(file.read().unwrap().is_none());
    }

    #[test]
    fn never_in_the_data_folder_whatever_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        recorder_id(&data).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&data, &link).unwrap();
        for state in [data.clone(), data.join("state"), link.clone(), link.join("a")] {
            let told = SessionFile::under(&state, &data).err().expect("it is in the data folder");
            assert!(told.contains("XDG_STATE_HOME"), "{told}");
        }
        assert!(SessionFile::under(&folder.path().join("data-state"), &data).is_ok());
    }

    #[test]
    fn the_place_is_that_of_xdg() {
        let folder = |xdg: Option<&str>, home: Option<&str>| {
            state_folder(|name| if name == "HOME" { home } else { xdg }.map(PathBuf::from))
        };
        assert_eq!(folder(Some("/x"), Some("/homes/kim")).unwrap(), Path::new("/x"));
        let usual = Path::new("/homes/kim/.local/state");
        assert_eq!(folder(None, Some("/homes/kim")).unwrap(), usual);
        assert_eq!(folder(Some("here"), Some("/homes/kim")).unwrap(), usual);
        assert!(folder(None, None).is_err());
    }
}
