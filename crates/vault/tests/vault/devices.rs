//! Holders that are devices, played by swtpm and SoftHSM2 (Debian's packages of these names). What
//! they keep of their own is the inside of the device; every copy of every disk of the recorder is
//! in the hands of whoever attacks.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use domain::WallTime;
use host::{Clock as _, Disk};
use testkit::TestClock;
use vault::{HolderConfig, HoldersConfig, Provable};

use crate::house::{DAY, HOUR, House, Place, Start};
use crate::keys;
use crate::scanner::{Found, Wanted};

/// A simulated TPM over a socket. It ends with this; what it keeps stays in its folder.
struct Tpm {
    folder: tempfile::TempDir,
    process: Option<Child>,
}

impl Tpm {
    fn new() -> Self {
        let mut tpm = Self { folder: tempfile::tempdir().unwrap(), process: None };
        tpm.start();
        tpm
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("tpm")
    }

    fn start(&mut self) {
        let state = self.folder.path().join("state");
        std::fs::create_dir_all(&state).unwrap();
        let _ = std::fs::remove_file(self.socket());
        let control = self.folder.path().join("control").display().to_string();
        let process = Command::new("swtpm")
            .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"])
            .args(["--tpmstate", &format!("dir={}", state.display())])
            .args(["--server", &format!("type=unixio,path={}", self.socket().display())])
            .args(["--ctrl", &format!("type=unixio,path={control}")])
            .spawn()
            .expect("swtpm is installed (Debian: swtpm)");
        self.process = Some(process);
        for _ in 0..200 {
            if self.socket().exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("swtpm did not begin");
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    fn config(&self) -> HolderConfig {
        let pin_file = self.folder.path().join("pin");
        std::fs::write(&pin_file, PIN).unwrap();
        std::fs::set_permissions(&pin_file, std::fs::Permissions::from_mode(0o600)).unwrap();
        self.config_with(Some(pin_file))
    }

    fn config_with(&self, pin_file: Option<PathBuf>) -> HolderConfig {
        let tcti = format!("swtpm:path={}", self.socket().display());
        HolderConfig::Tpm { tcti, nv_index: 0x0180_0100, pin_file }
    }
}

impl Drop for Tpm {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs the rest of a test with a token `jikim` of SoftHSM2 that it alone has. The library reads
/// where its tokens are from the environment, so the test runs itself once more with that set.
fn with_token(test: &str, body: impl FnOnce(&Token)) {
    const FOLDER: &str = "JIKIM_TEST_SOFTHSM";
    if let Some(folder) = std::env::var_os(FOLDER) {
        body(&Token { folder: folder.into() });
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("tokens")).unwrap();
    let tokens = path("tokens").display().to_string();
    let conf =
        format!("directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
    std::fs::write(path("conf"), conf).unwrap();
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "jikim"])
        .args(["--pin", PIN, "--so-pin", "another-87654321"])
        .env("SOFTHSM2_CONF", path("conf"))
        .output()
        .expect("softhsm2-util is installed (Debian: softhsm2)");
    assert!(made.status.success(), "{made:?}");
    let again = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("SOFTHSM2_CONF", path("conf"))
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&again.stdout);
    assert!(
        again.status.success() && told.contains("1 passed"),
        "{told}\n{}",
        String::from_utf8_lossy(&again.stderr)
    );
    assert!(!told.contains(PIN) && !String::from_utf8_lossy(&again.stderr).contains(PIN));
}

const PIN: &str = "pin-of-a-test-4711";

struct Token {
    folder: PathBuf,
}

impl Token {
    fn module() -> PathBuf {
        let places = [
            "/usr/lib/softhsm",
            "/usr/lib/x86_64-linux-gnu/softhsm",
            "/usr/lib/aarch64-linux-gnu/softhsm",
            "/usr/lib64",
        ];
        let found =
            places.iter().map(|it| Path::new(it).join("libsofthsm2.so")).find(|it| it.exists());
        found.expect("SoftHSM2 is installed (Debian: softhsm2)")
    }

    fn pin_file(&self, pin: &str, mode: u32) -> PathBuf {
        let path = self.folder.join("pin");
        std::fs::write(&path, format!("{pin}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn config(&self) -> HolderConfig {
        let pin_file = self.pin_file(PIN, 0o600);
        HolderConfig::Pkcs11 { module: Self::module(), token: "jikim".into(), pin_file }
    }
}

fn only(holder: HolderConfig) -> HoldersConfig {
    HoldersConfig { wanted: vec![holder], given_up: Vec::new() }
}

fn open(
    place: &Place,
    clock: &TestClock,
    holders: &HoldersConfig,
) -> Result<House, vault::OpenVaultError> {
    let start = Start { holders: holders.clone(), ..Start::default() };
    House::open(place, Arc::new(Disk), clock, start)
}

/// K1: an hour is filmed, becomes due and is destroyed, and the disk is copied at every step. Then
/// whoever has all the copies, and the device as it is now, tries to have the hour back.
fn attack(holders: &HoldersConfig) -> Result<(), String> {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = open(&place, &clock, holders).unwrap();
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    let (wall, _) = camera.filmed[0];
    let mut kit = vec![place.copy()];
    house.close();
    kit.push(place.copy());
    let house = open(&place, &clock, holders).unwrap();
    clock.advance(30 * DAY - HOUR);
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    kit.push(place.copy());
    assert_eq!(house.rotate_now().unwrap().buckets, 1);
    kit.push(place.copy());
    assert!(house.seen(camera.feed, wall, wall + HOUR).is_empty());
    assert_eq!(house.seen(camera.feed, camera.filmed[0].0, clock.wall()).len(), 2);
    let mut wanted = commitments(&house, &place);
    wanted.retain(|what, _| what != "vault key 2");
    assert_eq!(wanted.len(), 2, "the old vault key and the bucket that is gone");
    house.close();
    kit.push(place.copy());
    scan(&kit, &wanted)?;
    for (number, copy) in kit.iter().enumerate() {
        // The whole disk put back, and the product started on it.
        let Ok(house) = open(copy, &clock, holders) else { continue };
        let seen = house.seen(camera.feed, wall, wall + HOUR).len();
        house.close();
        if seen > 0 {
            return Err(format!("copy {number} opens {seen} frames that are destroyed"));
        }
    }
    Ok(())
}

/// What the ledger says of keys: of each vault key, and of each bucket that is destroyed.
pub(crate) fn commitments(house: &House, place: &Place) -> BTreeMap<String, [u8; 32]> {
    let mut found = BTreeMap::new();
    for (_, entry) in house.ledger.entries(house.ledger.status().year, None, 100_000).unwrap() {
        match entry.kind {
            ledger::Kind::VaultKey { epoch, sha256 } => {
                found.insert(format!("vault key {epoch}"), keys::from_hex(&sha256));
            }
            ledger::Kind::Destroyed { companion, .. } => {
                let path = place.root().join("ledger/companion").join(companion.sha256);
                for line in std::fs::read_to_string(path).unwrap().lines() {
                    let (id, sum) = line.split_once(' ').unwrap();
                    found.insert(format!("bucket {id}"), keys::from_hex(sum));
                }
            }
            _ => {}
        }
    }
    found
}

/// Every window of 32 bytes of every file of every copy, held against the commitments.
fn scan(kit: &[Place], wanted: &BTreeMap<String, [u8; 32]>) -> Result<(), String> {
    scan_files(kit.iter().flat_map(|copy| keys::files(&copy.root())), wanted)
}

/// The same of files wherever they are from.
pub(crate) fn scan_files(
    files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>,
    wanted: &BTreeMap<String, [u8; 32]>,
) -> Result<(), String> {
    let (wanted, mut found, mut looked) = (Wanted::new(wanted), Found::new(), BTreeSet::new());
    for (path, bytes) in files {
        if looked.insert(digest(&SHA256, &bytes).as_ref().to_vec()) {
            wanted.look(&bytes, 0, &path.display().to_string(), &mut found);
        }
    }
    found.pop_first().map_or(Ok(()), |(what, lies)| Err(format!("{what} {lies}")))
}

#[test]
fn k1_control_a_slot_file_in_a_copy_of_the_disk_gives_the_hour_back() {
    let error = attack(&only(HolderConfig::Slot { path: None })).unwrap_err();
    assert!(error.contains("vault key 1 lies at") && error.contains("holder.slots"), "{error}");
}

#[test]
fn k1_what_a_tpm_destroyed_is_in_no_copy_of_any_disk_needs_swtpm() {
    let tpm = Tpm::new();
    attack(&only(tpm.config())).unwrap();
}

#[test]
fn k1_what_a_token_destroyed_is_in_no_copy_of_any_disk_needs_softhsm() {
    let test = "devices::k1_what_a_token_destroyed_is_in_no_copy_of_any_disk_needs_softhsm";
    with_token(test, |token| attack(&only(token.config())).unwrap());
}

/// Films an hour that is due, and one that is not.
fn film(place: &Place, clock: &TestClock, holders: &HoldersConfig) -> WallTime {
    let house = open(place, clock, holders).unwrap();
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    clock.advance(30 * DAY - HOUR);
    camera.film_a_second();
    house.close();
    camera.filmed[2].0
}

#[test]
fn k3_a_tpm_that_ends_is_missed_and_made_up_for_needs_swtpm() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let mut tpm = Tpm::new();
    let slot = HolderConfig::Slot { path: None };
    let holders = HoldersConfig { wanted: vec![slot, tpm.config()], given_up: Vec::new() };
    let kept = film(&place, &clock, &holders);
    let house = open(&place, &clock, &holders).unwrap();
    let status = house.vault.status();
    assert!(status.holders.iter().all(|it| it.keeps && it.away.is_none()), "{status:?}");
    assert_eq!(status.holders[1].provable, Provable::Yes);
    tpm.stop();
    house.rotate_now().unwrap_err();
    let delayed = house.vault.status().destruction.delayed.unwrap();
    assert!(delayed.contains("tpm:swtpm") && delayed.contains("cannot be reached"), "{delayed}");
    assert!(keys::destroyed(&place.root(), &house.ledger).is_empty());
    // It begins again with what it kept, as after a loss of power.
    tpm.start();
    house.vault.look_after_holders();
    assert_eq!(house.vault.status().destruction.delayed, None);
    house.rotate_now().unwrap();
    assert_eq!(keys::destroyed(&place.root(), &house.ledger).len(), 1);
    house.close();
    // The TPM alone opens.
    std::fs::remove_file(place.root().join("vault/holder.slots")).unwrap();
    let house = open(&place, &clock, &holders).unwrap();
    assert_eq!(house.seen(crate::house::feed(1), kept, kept + HOUR).len(), 2);
    house.close();
    // Not without the password, and not for another recorder.
    let unsigned = open(&place, &clock, &only(tpm.config_with(None))).err().unwrap().to_string();
    assert!(unsigned.contains("refuses to read the NV index"), "{unsigned}");
    let another = Place::new();
    let recorder = domain::RecorderId::from_bytes([8; 16]);
    let told = crate::house::try_with_recorder(&another, &clock, only(tpm.config()), recorder);
    assert!(told.contains("the key of another recorder lies there"), "{told}");
}

#[test]
fn a_token_alone_opens_and_a_pin_that_is_wrong_or_open_is_not_used_needs_softhsm() {
    let test =
        "devices::a_token_alone_opens_and_a_pin_that_is_wrong_or_open_is_not_used_needs_softhsm";
    with_token(test, |token| {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let slot = HolderConfig::Slot { path: None };
        let holders = HoldersConfig { wanted: vec![slot, token.config()], given_up: Vec::new() };
        let kept = film(&place, &clock, &holders);
        open(&place, &clock, &holders).unwrap().rotate_now().unwrap();
        let slots = place.root().join("vault/holder.slots");
        std::fs::rename(&slots, place.root().join("aside")).unwrap();
        let house = open(&place, &clock, &holders).unwrap();
        assert_eq!(house.seen(crate::house::feed(1), kept, kept + HOUR).len(), 2);
        house.close();
        for (pin, mode, why) in [(PIN, 0o644, "chmod 600"), ("wrong-pin", 0o600, "refused the PIN")]
        {
            token.pin_file(pin, mode);
            let refused = open(&place, &clock, &holders).err().unwrap().to_string();
            assert!(refused.contains(why) && !refused.contains(pin), "{refused}");
        }
        token.pin_file(PIN, 0o600);
        open(&place, &clock, &holders).unwrap().close();
        // A wrong PIN is not tried again by a recorder that runs.
        std::fs::rename(place.root().join("aside"), &slots).unwrap();
        token.pin_file("wrong-pin", 0o600);
        let house = open(&place, &clock, &holders).unwrap();
        for pin in ["wrong-pin", "wrong-pin", PIN] {
            token.pin_file(pin, 0o600);
            house.vault.look_after_holders();
            let delayed = house.vault.status().destruction.delayed.unwrap();
            assert!(delayed.contains("not tried again"), "{delayed}");
        }
        house.close();
        let house = open(&place, &clock, &holders).unwrap();
        assert_eq!(house.vault.status().destruction.delayed, None);
        house.close();
    });
}
