//! A request from the public form: sealed there, carried, taken at the desk, and its status read back with
//! the code.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::WallTime;
use front::{Desk, HttpLimits, Limits, PublicKey, Settings, Store};
use host::{Clock as _, Disk, SystemClock};

use crate::house::{House, camera, cameras, each_file};

const MINUTE: Duration = Duration::from_secs(60);
const SETTINGS: &str = r#"
telephone = "02-000-0000"
agency = { ko = "기관", en = "Agency" }
counter = { ko = "1층", en = "ground floor" }
place = [{ ko = "정문", en = "gate", camera = "정문" }]
"#;

/// One question to the form, one answer.
fn asked(address: std::net::SocketAddr, path: &str, form: Option<&str>) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let (method, body) = form.map_or(("GET", ""), |form| ("POST", form));
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: f\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}"));
    rest.split_once(after).unwrap().0
}

/// A minute as a form has it: in Korea, without seconds.
fn typed(at: WallTime) -> String {
    (at + law::KOREA_AHEAD).to_string()[..16].to_owned()
}

/// How many sealed requests lie there; no file there has any of the secrets.
fn sealed_files(place: &Path, secrets: &[&str]) -> usize {
    let (mut seen, mut sealed) = (0, 0);
    each_file(place, &mut |path, bytes| {
        seen += 1;
        sealed += usize::from(bytes.starts_with(b"jikim-front-sealed/1"));
        for secret in secrets {
            let has = bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
            assert!(!has, "{secret} in {}", path.display());
        }
    });
    assert!(seen >= 2, "there is something to look through");
    sealed
}

#[test]
fn a6_a_sealed_request_is_taken_once_and_its_status_read_with_the_code() {
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    let manager = house.claim("manager");
    drop(house.appoint(&manager, "officer"));
    house.wait_for_frames(&id, 30);
    let from = SystemClock.wall().floor(MINUTE);
    std::thread::sleep((from + MINUTE).since(SystemClock.wall()) + Duration::from_secs(1));

    // The form, on a machine that has the public key alone.
    let key_file = house.beside("front.key");
    let key_path = key_file.to_str().unwrap();
    assert_eq!(house.cli(&["front", "key", "--out", key_path]).code, 0);
    let key = std::fs::read_to_string(&key_file).unwrap();
    assert_eq!(house.cli(&["front", "key", "--out", key_path]).code, 0, "the same again");
    assert_eq!(std::fs::read_to_string(&key_file).unwrap(), key);
    let folder = house.beside("form");
    let store = Store::open(Arc::new(Disk), &folder, 9).unwrap();
    let key: PublicKey = key.parse().unwrap();
    let settings = Settings::read(SETTINGS).unwrap();
    let desk = Desk::new(settings, key, store, Arc::new(SystemClock), Limits::default());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let server = runtime
        .block_on(front::serve(listen, None, Arc::new(desk), HttpLimits::default()))
        .unwrap();
    let page = asked(server.address(), "/request", None);
    let form = format!(
        "for=self&name=홍길동&phone=02-000-0000&ask=viewing&place=0&from={}&until={}&reason=우산&answer=visit&notice=yes&token={}",
        typed(from),
        typed(from + MINUTE),
        between(&page, "name=\"token\" value=\"", "\""),
    );
    let page = asked(server.address(), "/request", Some(&form));
    let receipt = between(&page, "id=\"receipt\">", "<").to_owned();
    let code = between(&page, "id=\"code\">", "<").to_owned();
    let look =
        || asked(server.address(), "/status", Some(&format!("receipt={receipt}&code={code}")));
    assert!(look().contains("전달 전"));

    // Carried; and beside it what is no request, and what was sealed to another key.
    let waiting = folder.join("waiting");
    std::fs::write(waiting.join("0000-0000.sealed"), b"nonsense").unwrap();
    let take = || {
        house.cli_of(
            "officer",
            &["request", "take", "--json", "--from", waiting.to_str().unwrap()],
            "",
        )
    };
    assert!(take().failed_with().contains("jikim login"));
    assert_eq!(house.log_in("officer").code, 0);
    let taken = take();
    assert_eq!(taken.code, 1, "one was left: {taken:?}");
    let told: serde_json::Value = serde_json::from_str(&taken.out).unwrap();
    assert_eq!(told["taken"][0]["receipt"], receipt.as_str(), "{told}");
    assert_eq!(told["left"][0]["file"], "0000-0000.sealed");
    // As an earlier version left it; the next taking takes it away.
    let left_behind = house.data().join("front/taken").join(format!("{receipt}.sealed"));
    std::fs::create_dir(left_behind.parent().unwrap()).unwrap();
    std::fs::copy(waiting.join(format!("{receipt}.sealed")), &left_behind).unwrap();
    let again: serde_json::Value = serde_json::from_str(&take().out).unwrap();
    assert!(!left_behind.exists());
    assert_eq!(
        (&again["taken"], &again["known"][0]),
        (&serde_json::json!([]), &receipt.as_str().into())
    );

    // It stands in the ledger as one from the counter does, with its hold.
    let board = manager.get("/api/v1/requests").body["requests"].clone();
    assert_eq!(board.as_array().unwrap().len(), 1, "{board}");
    let line = &board[0];
    assert_eq!(
        (&line["hold"]["state"], &line["front"]["receipt"]),
        (&"held".into(), &receipt.as_str().into())
    );
    let number = told["taken"][0]["id"].as_str().unwrap();
    let case = house.cli_of("officer", &["request", "show", number, "--json"], "").json();
    assert_eq!(
        (&case["request"]["requester"]["name"], &case["request"]["channel"]),
        (&"홍길동".into(), &"web".into())
    );
    assert!(case["request"]["reason"].as_str().unwrap().contains("방문하여 수령"));
    // The recorder itself takes no number twice, whoever sends it.
    assert_eq!(manager.post("/api/v1/requests", &case["request"]).code(), "conflict");
    let mut old = case["request"].clone();
    (old["front"]["receipt"], old["front"]["sealed_at"]) =
        ("W7K2-9QPM".into(), "2026-01-01T00:00:00Z".into());
    assert_eq!(manager.post("/api/v1/requests", &old).code(), "request-unfit");
    // The days are counted from the form, not from the carrying.
    let days_ago = SystemClock.wall() - Duration::from_secs(3 * 86_400);
    old["front"]["sealed_at"] = days_ago.to_string().into();
    assert_eq!(manager.post("/api/v1/requests", &old).body["line"]["due"]["days_left"], 7);

    // The status goes back, and says what the board says.
    let status = folder.join("status");
    let write =
        || house.cli_of("officer", &["front", "status", "--out", status.to_str().unwrap()], "");
    assert_eq!(write().code, 0);
    let page = look();
    assert!(page.contains("본인 확인이 필요합니다") && page.contains(number), "{page}");
    // Who can only write a form gets nothing: nobody decides before it is seen who asks.
    let decide = format!("/api/v1/requests/{number}/decision");
    let granted = serde_json::json!({ "decision": "granted" });
    assert_eq!(manager.post(&decide, &granted).code(), "conflict");
    let path = format!("/api/v1/requests/{number}/withdrawal");
    assert_eq!(manager.post(&path, &serde_json::json!({ "remark": "" })).status, 200);
    assert_eq!(write().code, 0);
    assert!(look().contains("취하됨"));
    runtime.block_on(server.shutdown());

    // Whoever takes the form's whole folder has nothing; nor does the recorder keep a file that its key
    // opens. The control: what was carried is such a file, and the code is what stays.
    let secrets = ["홍길동", "우산", number];
    assert_eq!(sealed_files(&folder, &secrets), 1);
    assert_eq!(sealed_files(&house.data().join("front"), &secrets), 0);
    let kept = house.data().join("front/codes").join(format!("{receipt}.code"));
    assert_eq!(std::fs::read_to_string(kept).unwrap(), code);
}

#[test]
fn the_form_is_the_program_beside() {
    let house = House::empty();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_jikim"))
        .args(["front", "--listen", "127.0.0.1:0", "--key", "K", "--dir", "D", "--settings", "S"])
        .env("JIKIM_FRONT", "/bin/echo")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.trim(), "--key K --dir D --settings S --listen 127.0.0.1:0");
    drop(house);
}
