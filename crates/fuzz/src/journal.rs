//! The ledger: one entry, one record behind it, and a journal that somebody changed.
//!
//! An input begins with a byte of how. 0: the rest is an entry. 1: the rest is the JSON of a record.
//! Otherwise frames, each an entry and a sealed record behind lengths of two bytes, are put with
//! good checksums behind what a ledger has signed for (2), or the rest is put there as it is (3).
//!
//! What must hold: what is read and written again means the same; whatever stands at the end of a
//! journal, the ledger opens or says why not, what was signed for is untouched, and a ledger that
//! opened opens again and has the same entries.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use domain::{AccountId, RecorderId};
use host::Fs as _;
use ledger::{AccountRecord, Entry, Event, Kind, Ledger, LedgerConfig, Record};
use sha2::{Digest as _, Sha256};
use testkit::{MemoryDisk, TestClock};

use crate::{Target, piece, take, take_piece};

pub(crate) const TARGET: Target = Target {
    name: "ledger",
    seeds,
    words: &[
        "{\"v\":1,\"time\":\"2026-11-21T22:57:38.000123Z\",\"kind\":\"",
        "\"intent\":\"2026/1\"",
        "\"proposal\":\"2026/2\"",
        "\"action\":\"",
        "\"commitment\":\"",
        "outcome",
        "early-rule",
        "destroyed",
        "clock-step",
        "9223372036854775807",
        "18446744073709551615",
    ],
    run,
    mutations: 2000,
};

const ENTRIES: &str = include_str!("../../../testdata/ledger/entries.json");

/// The longest entry, and one more.
const MAX_FRAMES: usize = 64;

fn run(mut input: &[u8]) {
    match take(&mut input) {
        [0] => read_entry(input),
        [1] => read_record(input),
        [how] => open_journal(&tail(how, input)),
    }
}

fn read_entry(bytes: &[u8]) {
    let Ok(entry) = Entry::parse(bytes) else { return };
    let written = entry.encode();
    assert_eq!(Entry::parse(&written).expect("what we wrote we read"), entry);
}

fn read_record(bytes: &[u8]) {
    let Ok(record) = serde_json::from_slice::<Record>(bytes) else { return };
    let written = serde_json::to_vec(&record).expect("a record is fit for JSON");
    let again: Record = serde_json::from_slice(&written).expect("what we wrote we read");
    assert_eq!(again, record);
    let _ = record.actor();
}

fn tail(how: u8, mut input: &[u8]) -> Vec<u8> {
    if how & 1 != 0 {
        return input.to_vec();
    }
    let mut bytes = Vec::new();
    for _ in 0..MAX_FRAMES {
        if input.is_empty() {
            break;
        }
        let (entry, sealed) = (take_piece(&mut input), take_piece(&mut input));
        let length = |piece: &[u8]| u32::try_from(piece.len()).expect("short").to_le_bytes();
        let lengths = [length(entry), length(sealed)].concat();
        bytes.extend_from_slice(&lengths);
        bytes.extend_from_slice(&Sha256::digest([&lengths, entry, sealed].concat()));
        bytes.extend_from_slice(entry);
        bytes.extend_from_slice(sealed);
    }
    bytes
}

/// A ledger of a few entries that was signed and closed, its journal, and where that lies.
struct Signed {
    disk: MemoryDisk,
    journal: Vec<u8>,
    path: PathBuf,
    entries: usize,
}

const YEAR: u16 = 2026;

static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let disk = MemoryDisk::default();
    let ledger = open(&disk).expect("a new ledger opens");
    let account = AccountRecord {
        account: AccountId::from_bytes([3; 16]).to_string(),
        name: "kim".into(),
        display_name: "김".into(),
        roles: vec!["manager".into()],
        scope: None,
        link_sha256: None,
        link_until: None,
        made_at: None,
        appointment: None,
    };
    let record = Record::Account { actor: "recorder".into(), account };
    let events = vec![Kind::Started.into(), Event { kind: Kind::Account, record: Some(record) }];
    ledger.append_blocking(events).expect("memory takes it");
    ledger.close();
    let path = Path::new("/ledger").join(YEAR.to_string()).join("journal");
    let journal = disk.read(&path, 1 << 20).expect("it was written");
    Signed { entries: count(&ledger), disk, journal, path }
});

fn open(disk: &MemoryDisk) -> Option<Ledger> {
    let config =
        LedgerConfig { folder: "/ledger".into(), recorder: RecorderId::from_bytes([7; 16]) };
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    Ledger::open(&config, Arc::new(disk.clone()), Arc::new(clock)).ok()
}

fn count(ledger: &Ledger) -> usize {
    let entries = ledger.entries(YEAR, None, usize::MAX >> 1).expect("what was read is read again");
    entries.len()
}

fn open_journal(tail: &[u8]) {
    let signed = &*SIGNED;
    let disk = signed.disk.fork();
    disk.put(&signed.path, &[&signed.journal, tail].concat());
    let opened = open(&disk);
    let mut entries = None;
    if let Some(ledger) = opened {
        entries = Some(count(&ledger));
        assert!(entries >= Some(signed.entries));
        ledger.close();
        ledger.check().expect("what was opened is sound");
    }
    let after = disk.read(&signed.path, 1 << 24).expect("nobody took it away");
    assert!(after.starts_with(&signed.journal), "what was signed for is untouched");
    if entries.is_some() {
        let again = open(&disk).expect("what opened once opens again");
        assert_eq!(Some(count(&again)), entries);
        again.close();
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let document: serde_json::Value = serde_json::from_str(ENTRIES).expect("the vectors are JSON");
    let texts = |name: &str| -> Vec<String> {
        let list = document[name].as_array().expect("a list of vectors");
        list.iter().filter_map(|vector| Some(vector["entry"].as_str()?.to_owned())).collect()
    };
    let (good, bad) = (texts("entries"), texts("refused"));
    let mut seeds: Vec<Vec<u8>> =
        good.iter().chain(&bad).map(|text| [&[0], text.as_bytes()].concat()).collect();
    seeds.extend(RECORDS.iter().map(|text| [&[1], text.as_bytes()].concat()));
    // Only entries without a record can be made here: the others need the ledger's own keys.
    let plain: Vec<&String> = good.iter().filter(|text| !text.contains("commitment")).collect();
    for chunk in plain.chunks(4) {
        let frames: Vec<u8> =
            chunk.iter().flat_map(|text| [piece(text.as_bytes()), piece(&[])].concat()).collect();
        seeds.push([&[2], &frames[..]].concat());
        seeds.push([&[3], &tail(2, &frames)[..]].concat());
    }
    seeds
}

const RECORDS: &[&str] = &[
    r#"{"kind":"ask","actor":"account:1","action":"footage.play","purpose":{"kind":"incident","note":"2026-17"},"target":{"of":"footage","cameras":["0b7e7f0c-91a4-4f3a-8a52-6d1c5e9b7d41"],"from":"2026-11-21T22:57:38Z","to":"2026-11-21T23:57:38Z"}}"#,
    r#"{"kind":"ask","actor":"a","action":"b","purpose":null,"target":{"of":"proposed","action":"c","target":{"of":"retention","camera":"d","maximum_s":5}}}"#,
    r#"{"kind":"served","actor":"a","spans":[{"camera":"b","from":"c","to":"d"}]}"#,
    r#"{"kind":"credential","account":"a","verifier_sha256":"b","verifier":"c"}"#,
    r#"{"kind":"proposal","actor":"a","action":"b","target":{"of":"house"},"reason":"c","until":"d"}"#,
    r#"{"kind":"camera","actor":"a","camera":{"camera":"b","spot":"c","name":"d","spot_name":"e","retention_minimum_s":0,"retention_maximum_s":60,"added_at":"f","retired_at":null,"devices":[{"device":"g","url":"rtsp://h/","sub_url":null,"credentials":["i","j"],"transport":"tcp","since":"k","reason":null,"seen_at":null}]}}"#,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The control: frames that are put behind what was signed are entries of the ledger.
    #[test]
    fn frames_with_good_checksums_become_entries() {
        // One that goes on from a year before does not open: there is none.
        let is_plain =
            |seed: &Vec<u8>| seed[0] == 2 && !seed.windows(8).any(|window| window == b"previous");
        let seed = seeds().into_iter().find(is_plain).unwrap();
        let disk = SIGNED.disk.fork();
        disk.put(&SIGNED.path, &[&SIGNED.journal[..], &tail(2, &seed[1..])].concat());
        assert!(count(&open(&disk).unwrap()) > SIGNED.entries);
    }

    #[test]
    fn the_seeds_of_records_are_records() {
        for text in RECORDS {
            serde_json::from_str::<Record>(text).unwrap();
        }
    }
}
