//! Those who send too much, too slowly, from elsewhere, or try codes.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use front::{HttpLimits, Limits};

use crate::house::{Front, GOOD, heard, posted};

/// What everybody who is refused is told.
fn names_the_counter(page: &crate::house::Page) -> bool {
    page.has("02-000-0000") && page.has("본관 1층")
}

#[test]
fn one_address_sends_so_many_and_all_together_so_many() {
    let front =
        Front::with(Limits { taken_of_one: 2, ..Limits::default() }, HttpLimits::default(), 99);
    front.asked();
    front.asked();
    let third = front.send(GOOD);
    assert_eq!(third.status, 429);
    assert!(names_the_counter(&third) && third.has("한 시간 뒤에"), "{third:?}");

    let limits = Limits { taken_of_all: 2, ..Limits::default() };
    let http = HttpLimits { is_behind_proxy: true, ..HttpLimits::default() };
    let front = Front::with(limits, http, 99);
    let from = |one: &str| {
        let body = format!("{GOOD}&token={}", front.token());
        front.post("/request", &body, &format!("x-forwarded-for: 10.9.9.9, {one}\r\n"))
    };
    assert_eq!((from("192.0.2.1").status, from("192.0.2.2").status), (200, 200));
    let third = from("192.0.2.3");
    assert_eq!(third.status, 503);
    assert!(names_the_counter(&third), "{third:?}");
}

#[test]
fn nothing_more_is_taken_when_too_much_waits() {
    let front = Front::with(Limits::default(), HttpLimits::default(), 1);
    front.asked();
    let second = front.send(GOOD);
    assert_eq!(second.status, 503);
    assert!(names_the_counter(&second), "{second:?}");
    for (name, _) in front.files() {
        std::fs::remove_file(front.folder.path().join("waiting").join(name)).unwrap();
    }
    front.asked();
}

#[test]
fn codes_cannot_be_tried() {
    let front = Front::run();
    let (receipt, code) = front.asked();
    for _ in 0..5 {
        assert_eq!(front.look(&receipt, "0000-0000-0000-0000").status, 404);
    }
    let right = front.look(&receipt, &code);
    assert_eq!(right.status, 429, "after five wrong ones the right one waits as well");
    assert!(names_the_counter(&right) && !right.has("전달 전"), "{right:?}");
    // The control: another number is not locked for it; and an address has its own limit.
    let (receipt, code) = front.asked();
    assert_eq!(front.look(&receipt, &code).status, 200);
    for _ in 0..15 {
        assert_eq!(front.look("number", &code).status, 404);
    }
    assert_eq!(front.look(&receipt, &code).status, 429);
}

#[test]
fn a_form_is_taken_once_and_from_its_own_page() {
    let front = Front::run();
    let body = format!("{GOOD}&token={}", front.token());
    for foreign in [
        "origin: https://elsewhere.example\r\n",
        "origin: null\r\n",
        "sec-fetch-site: cross-site\r\n",
    ] {
        assert_eq!(front.post("/request", &body, foreign).status, 403, "{foreign}");
    }
    let without = front.post("/request", GOOD, "");
    assert_eq!(without.status, 422);
    assert!(without.has("아직 보내지 않았습니다") && without.has("홍길동"), "{without:?}");
    assert!(front.files().is_empty());
    let own = "origin: http://front\r\nsec-fetch-site: same-origin\r\n";
    assert_eq!(front.post("/request", &body, own).status, 200, "the control");
    assert_eq!(front.post("/request", &body, own).status, 409, "pressed twice");
    assert_eq!(front.files().len(), 2);
}

#[test]
fn what_is_long_or_slow_or_nonsense_is_cut_off() {
    let http = HttpLimits {
        head_within: Duration::from_millis(300),
        request_within: Duration::from_millis(300),
        connections_per_peer: 3,
        ..HttpLimits::default()
    };
    let front = Front::with(Limits::default(), http, 99);
    let long = format!("reason={}", "a".repeat(http.body_bytes));
    assert_eq!(front.post("/request", &long, "").status, 413);
    assert_eq!(front.post("/request", "name=%ff", "").status, 400);
    assert_eq!(front.post("/", "a=1", "").status, 405);

    // A body that never ends, and a head that never ends.
    let mut slow = TcpStream::connect(front.address).unwrap();
    let began = Instant::now();
    let half = posted("/request", GOOD, "");
    slow.write_all(&half.as_bytes()[..half.len() - 9]).unwrap();
    assert_eq!(heard(&mut slow).status, 408);
    let mut slow = TcpStream::connect(front.address).unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nhost").unwrap();
    heard(&mut slow);
    assert!(began.elapsed() < Duration::from_secs(5));

    // One address has three connections at once, and the fourth is closed.
    let held: Vec<_> = (0..3).map(|_| TcpStream::connect(front.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(front.get("/").status, 0);
    drop(held);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(front.get("/").status, 200);
}

#[test]
fn an_address_has_so_many_pages_a_minute() {
    let front =
        Front::with(Limits { pages_of_one: 3, ..Limits::default() }, HttpLimits::default(), 9);
    let pages: Vec<u16> = (0..4).map(|_| front.get("/").status).collect();
    assert_eq!(pages, [200, 200, 200, 429]);
}
