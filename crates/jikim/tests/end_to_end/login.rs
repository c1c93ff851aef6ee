//! Signing in from the command line: a session like that of a page, in a file of the person's own, and only for
//! the recorder of this folder.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::house::{House, each_file};

const LIST: [&str; 3] = ["request", "list", "--json"];

/// The session's secret, as the file has it.
fn secret_in(file: &str) -> String {
    let kept: serde_json::Value = serde_json::from_str(file).unwrap();
    kept["cookie"].as_str().unwrap().split_once('=').unwrap().1.to_owned()
}

#[test]
fn a_session_is_kept_for_its_person_alone_and_ends_as_those_of_pages_do() {
    let mut house = House::run();
    let list = || house.cli_of("manager", &LIST, "");
    assert!(list().failed_with().contains("jikim login"));
    let link = house.first_line()["links"]["manager"].as_str().unwrap();
    let told = house.log_in_by_link("manager", link);
    assert!(told.code == 0 && told.out.contains("로그인했습니다"), "{told:?}");
    assert_eq!(list().json(), serde_json::json!({ "requests": [] }));

    let path = house.session_of("manager");
    let first = fs::read_to_string(&path).unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let secret = secret_in(&first);
    assert!(!format!("{told:?}{}", house.log()).contains(&secret), "it is never printed");
    let mut files = 0;
    each_file(&house.data(), &mut |path, bytes| {
        files += 1;
        let has = bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
        assert!(!has, "the session lies in {}", path.display());
    });
    assert!(files > 5, "something was looked at");

    // Who does not know the password changes nothing for who does.
    let wrong = ["login", "--name", "manager", "--password-stdin"];
    let told = house.cli_of("manager", &wrong, "not the password\n");
    assert!(told.failed_with().contains("비밀번호"), "{told:?}");
    assert_eq!(list().code, 0);
    assert!(house.cli_of("somebody", &LIST, "").failed_with().contains("jikim login"));

    // A new session takes the place of the old one, which has ended at the recorder as well.
    assert_eq!(house.log_in("manager").code, 0);
    let second = fs::read_to_string(&path).unwrap();
    assert_ne!(secret_in(&second), secret);
    fs::write(&path, &first).unwrap();
    assert!(list().failed_with().contains("jikim login"));
    assert!(!path.exists(), "what is worth nothing is not kept");
    fs::write(&path, &second).unwrap();
    assert!(list().failed_with().contains("chmod 600"), "others could read it");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(list().code, 0, "the control: the new one holds");

    assert_eq!(house.cli_of("manager", &["logout"], "").code, 0);
    assert!(!path.exists());
    fs::write(&path, &second).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(list().failed_with().contains("jikim login"), "it has ended at the recorder");

    assert_eq!(house.log_in("manager").code, 0);
    house.stop();
    let told = house.cli_of("manager", &LIST, "");
    assert!(told.failed_with().contains("jikim run"), "{told:?}");
    house.start(&[]);
    let told = house.cli_of("manager", &LIST, "");
    assert!(told.failed_with().contains("jikim login"), "a restart signs everybody out: {told:?}");
}

#[test]
fn nothing_is_sent_to_another_recorder() {
    let (house, other) = (House::run(), House::run());
    drop(house.claim("manager"));
    drop(other.claim("manager"));
    assert_eq!(house.log_in("manager").code, 0);
    let door = house.data().join("door");
    let own = fs::read_to_string(&door).unwrap();
    let mut lying: serde_json::Value = serde_json::from_str(&own).unwrap();
    let address = other.first_line()["address"].as_str().unwrap();
    lying["address"] = address.strip_prefix("https://").unwrap().into();
    fs::write(&door, lying.to_string()).unwrap();
    let entries = other.status()["ledger"]["size"].clone();
    for told in [house.log_in("manager"), house.cli_of("manager", &LIST, "")] {
        assert!(told.failed_with().contains("녹화기가 아닙니다"), "{told:?}");
    }
    assert_eq!(other.status()["ledger"]["size"], entries, "nobody tried to sign in there");

    // With the other's certificate as well the login works, and so the session of before is not shown.
    fs::copy(other.data().join("door"), &door).unwrap();
    let told = house.cli_of("manager", &LIST, "");
    assert!(told.failed_with().contains("jikim login"), "{told:?}");
    fs::write(&door, own).unwrap();
    assert_eq!(house.cli_of("manager", &LIST, "").code, 0, "the control: it is still the same");
}
