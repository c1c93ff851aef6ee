//! The public form and what is sealed there: forms of any fields, files that come back from it, status files.
//!
//! An input is a byte of what, and the rest. 0: the body of a form; `@` stands for a token that is good.
//! 1: a sealed request. 2: a status file. 3: the file of settings. 4: a number of receipt and a code (a piece,
//! then the rest). 5: a request whose fields are pieces, sealed as anybody can seal to a public key.
//!
//! What must hold: a form that is taken is opened with the agency's key alone, says what can be taken in at the
//! desk, and its status opens with its code and no other; what was not taken leaves nothing; what was sealed
//! opens as it was or, where its number or its code is none, not at all; nobody finds a status by chance.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use front::{
    Code, Desk, Limits, Looked, OpenParcelError, Parcel, Peer, Person, PrivateKey, Receipt, SEALED,
    Settings, Standing, Store, Taken, Typed,
};
use host::{Fs as _, Secret};
use serde_json::Value;
use testkit::{MemoryDisk, TestClock};

use crate::{Target, piece, take, take_piece};

pub(crate) const TARGET: Target = Target {
    name: "front",
    seeds,
    words: &[
        "&for=self",
        "&ask=existence",
        "&place=0",
        "&token=@",
        "%ED%99%8D",
        "%0A",
        "=%00",
        "[[place]]",
    ],
    run,
    mutations: 700,
};

const FOLDER: &str = "/front";
const GOOD: &str = "for=self&name=%ED%99%8D&phone=02-000-0000&born=1950-01-31&address=&ask=existence&place=0\
    &from=2026-11-22T14:00&until=2026-11-22T14:30&reason=one%0D%0Atwo&answer=telephone&notice=yes&token=@";
const SETTINGS: &str = include_str!("../../../samples/front/front.toml");

/// The same files each time: those of the vectors, sealed by other code than ours.
static VECTORS: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../testdata/front/vectors.json");
    serde_json::from_str(text).expect("the vectors are JSON")
});
static KEY: LazyLock<PrivateKey> = LazyLock::new(|| {
    let key = bytes(&VECTORS["private_key"]).try_into().expect("32 bytes");
    PrivateKey::new(Secret::from_bytes(key))
});
static KNOWN: LazyLock<(Receipt, Code)> = LazyLock::new(|| {
    let text = |name: &str| VECTORS["request"][name].as_str().expect("a text");
    (text("receipt").parse().expect("a number"), text("code").parse().expect("a code"))
});

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().expect("digits").as_bytes().chunks(2);
    let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok();
    hex.map(|two| byte(two).expect("two digits")).collect()
}

fn seeds() -> Vec<Vec<u8>> {
    let (receipt, code) = &*KNOWN;
    let agent =
        GOOD.replace("for=self", "for=legal-representative&agent_name=A&agent_phone=1&relation=R");
    let fields = [receipt.as_str(), code.expose(), "two"].map(|text| piece(text.as_bytes()));
    let looked = [piece(receipt.as_str().as_bytes()), code.expose().into()].concat();
    let of = |what: u8, rest: &[u8]| [&[what], rest].concat();
    vec![
        of(0, GOOD.as_bytes()),
        of(0, agent.as_bytes()),
        of(0, b""),
        of(1, &bytes(&VECTORS["sealed"])),
        of(2, &bytes(&VECTORS["status_file"])),
        of(3, SETTINGS.as_bytes()),
        of(4, &looked),
        of(5, &fields.concat()),
    ]
}

fn parcel(receipt: &str, code: &str, reason: &str) -> Parcel {
    Parcel {
        receipt: receipt.into(),
        code: code.into(),
        sealed_at: "2026-11-23T12:00:00Z".into(),
        requester: Person::default(),
        agent: None,
        asks: vec!["viewing".into()],
        cameras: vec!["정문".into()],
        from: "2026-11-22T05:00:00Z".into(),
        until: "2026-11-22T05:30:00Z".into(),
        reason: reason.into(),
    }
}

fn run(mut input: &[u8]) {
    let [what] = take(&mut input);
    match what {
        0 => form(input),
        1 => sealed(input),
        2 => status(input),
        3 => {
            let _ = std::str::from_utf8(input).map(Settings::read);
        }
        4 => {
            let receipt = take_piece(&mut input);
            looked(&String::from_utf8_lossy(receipt), &String::from_utf8_lossy(input));
        }
        _ => fields(input),
    }
}

/// A desk over an empty disk.
fn desk() -> (Desk, MemoryDisk) {
    let disk = MemoryDisk::default();
    let store = Store::open(Arc::new(disk.clone()), Path::new(FOLDER), 8).expect("it is empty");
    let settings = Settings::read(SETTINGS).expect("the sample is good");
    let clock = TestClock::at("2026-11-23T12:00:00Z");
    (Desk::new(settings, KEY.public(), store, Arc::new(clock), Limits::default()), disk)
}

fn peer() -> Peer {
    Peer::from(std::net::IpAddr::from([192, 0, 2, 1]))
}

fn form(body: &[u8]) {
    let (desk, disk) = desk();
    let token = desk.token();
    let body: Vec<u8> = body
        .iter()
        .flat_map(|byte| if *byte == b'@' { token.as_bytes().to_vec() } else { vec![*byte] })
        .collect();
    let Ok(typed) = Typed::read(&body) else { return };
    let taken = desk.take(&typed, peer());
    let waiting = disk.list(&Path::new(FOLDER).join("waiting")).expect("it is there");
    let Taken::Sealed { receipt, code, .. } = taken else {
        assert!(waiting.is_empty(), "what was not taken left something");
        return;
    };
    assert_eq!(waiting.len(), 2, "the request and its first status");
    let path = Path::new(FOLDER).join("waiting").join(format!("{receipt}{SEALED}"));
    let file = disk.read(&path, 1 << 20).expect("it is durable");
    let (number, parcel) = Parcel::open(&file, &KEY).expect("it was sealed to this key");
    assert!(number.as_str() == receipt.as_str() && parcel.code == code.expose());
    let full = |texts: &[&str]| texts.iter().all(|text| !text.trim().is_empty());
    assert!(full(&[&parcel.requester.name, &parcel.requester.phone, &parcel.reason]));
    assert!(!parcel.asks.is_empty() && !parcel.cameras.is_empty());
    let moment = |text: &str| text.parse::<domain::WallTime>().expect("a moment");
    assert!(moment(&parcel.from) < moment(&parcel.until));
    let other = PrivateKey::new(Secret::from_bytes([8; 32]));
    assert!(matches!(Parcel::open(&file, &other), Err(OpenParcelError::OtherKey)));
    assert!(matches!(desk.look(receipt.as_str(), code.expose(), peer()), Looked::Found(..)));
    let wrong = desk.look(receipt.as_str(), Code::random().expose(), peer());
    assert!(matches!(wrong, Looked::Unknown));
}

/// Whoever has not the code cannot change a status: it is the one that was sealed, or none.
fn status(file: &[u8]) {
    let (receipt, code) = &*KNOWN;
    let is_the_one = file == bytes(&VECTORS["status_file"]);
    assert_eq!(Standing::open(file, receipt, code).is_some(), is_the_one);
}

fn looked(receipt: &str, code: &str) {
    let (desk, _) = desk();
    assert!(!matches!(desk.look(receipt, code, peer()), Looked::Found(..)), "nothing is there");
}

/// A file that is opened was sealed as it is: sealed again and opened it says the same.
fn sealed(file: &[u8]) {
    let Ok((receipt, parcel)) = Parcel::open(file, &KEY) else {
        return assert_ne!(file, bytes(&VECTORS["sealed"]), "the vector opens");
    };
    let again = Parcel::open(&parcel.seal(&receipt, &KEY.public()), &KEY);
    assert!(
        again.is_ok_and(|(number, same)| number.as_str() == receipt.as_str() && same == parcel)
    );
}

fn fields(mut input: &[u8]) {
    let mut text = || String::from_utf8_lossy(take_piece(&mut input)).into_owned();
    let (number, code, reason) = (text(), text(), text());
    let parcel = parcel(&number, &code, &reason);
    // On the outside stands a number that is one; what is inside is believed no more than a form.
    let receipt = number.parse().unwrap_or_else(|_| KNOWN.0.clone());
    let file = parcel.seal(&receipt, &KEY.public());
    let is_sound = number == receipt.as_str() && code.parse::<Code>().is_ok();
    match Parcel::open(&file, &KEY) {
        Ok((_, opened)) => assert!(is_sound && opened == parcel),
        Err(error) => assert!(!is_sound || file.len() > front::LONGEST_SEALED, "{error}"),
    }
}
