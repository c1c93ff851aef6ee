//! The form over HTTP: what it takes, what it keeps, what it refuses, what it says.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod abuse;
mod house;
mod program;

use front::{Parcel, SEALED, State};

use house::{Front, GOOD, SECRETS, key};

#[test]
fn a_form_is_sealed_and_nothing_on_the_disk_says_what_was_typed() {
    let front = Front::run();
    let (receipt, code) = front.asked();
    let files = front.files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [format!("{receipt}{SEALED}"), format!("{receipt}.status")]);
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
    for secret in SECRETS.iter().copied().chain([code.as_str()]) {
        for (name, bytes) in &files {
            assert!(!has(bytes, secret), "{secret} in {name}");
        }
    }
    // The control: the same search finds each of them once the key opened it.
    let (_, parcel) = Parcel::open(&files[0].1, &key()).unwrap();
    let opened = serde_json::to_vec(&parcel).unwrap();
    for secret in SECRETS {
        assert!(has(&opened, secret), "{secret}");
    }
    assert_eq!((parcel.code, parcel.cameras), (code, vec!["정문".to_owned()]));
}

#[test]
fn a_form_with_mistakes_comes_back_with_what_was_typed() {
    let front = Front::run();
    let page = front.send(&GOOD.replace("phone=02-000-1234", "phone=").replace("notice=yes", ""));
    assert_eq!(page.status, 422);
    assert!(page.has("<title>고칠 곳이 있습니다"), "{page:?}");
    assert!(page.has("href=\"#phone\"") && page.has("href=\"#notice\""), "{page:?}");
    assert!(page.has("aria-describedby=\"phone-wrong\" aria-invalid=\"true\""), "{page:?}");
    assert!(page.has("value=\"홍길동\"") && page.has("파란 우산</textarea>"), "{page:?}");
    assert!(page.has("name=\"ask\" value=\"viewing\" checked"), "{page:?}");
    assert!(front.files().is_empty(), "nothing was kept");
    let page = front.send(&GOOD.replace("phone=02-000-1234", "phone=%22%3E%3Cscript%3E"));
    assert_eq!(page.status, 200, "the control: such a number is text");
    let bad =
        GOOD.replace("phone=02-000-1234", "phone=%22%3E%3Cscript%3E").replace("notice=yes", "");
    let page = front.send(&bad);
    assert!(page.has("&quot;&gt;&lt;script&gt;") && !page.has("<script"), "{page:?}");
}

#[test]
fn how_it_stands_is_told_to_its_code_alone() {
    let front = Front::run();
    let (receipt, code) = front.asked();
    let waiting = front.look(&receipt, &code.to_lowercase());
    assert!(waiting.status == 200 && waiting.has("전달 전"), "{waiting:?}");
    front.bring(&receipt, &code, State::IdentityNeeded);
    let brought = front.look(&receipt, &code);
    assert!(brought.has("본인 확인이 필요합니다") && brought.has("2026-17"), "{brought:?}");
    let other = front.look(&receipt, "0000-0000-0000-0000");
    let unknown = front.look("0000-0000", &code);
    assert_eq!((other.status, unknown.status), (404, 404));
    assert_eq!(
        other.body.replace(&receipt, "N"),
        unknown.body.replace("0000-0000", "N"),
        "whether a number is there is not told"
    );
    // What the recorder has spoken of is said by it alone, once the next one comes.
    front.asked();
    let names: Vec<String> = front.files().into_iter().map(|(name, _)| name).collect();
    assert!(!names.contains(&format!("{receipt}.status")), "{names:?}");
}

#[test]
fn every_page_is_closed_to_scripts_and_caches_and_names_the_counter() {
    let front = Front::run();
    for path in ["/", "/request", "/status", "/nothing"] {
        let page = front.get(path);
        assert!(page.head.contains("default-src 'none'"), "{page:?}");
        assert!(page.head.contains("cache-control: no-store"), "{page:?}");
        assert!(page.has("<html lang=\"ko\">") && page.has("lang=\"en\""), "{page:?}");
        assert!(page.has("02-000-0000") && page.has("본관 1층"), "{page:?}");
        assert!(!page.has("<script"), "{page:?}");
    }
    assert_eq!(front.get("/nothing").status, 404);
    assert_eq!(front.get("/style.css").status, 200);
}
