//! L7: a bit that flips in memory never becomes a signed root.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use domain::RecorderId;
use host::Fs as _;
use testkit::{MemoryDisk, TestClock};

use crate::flip::Memory;
use crate::publish::FAULTY_MEMORY;
use crate::writer::Shard;
use crate::{Event, Kind, Ledger, LedgerConfig};

const FOLDER: &str = "/ledger";
const CHECKPOINT: &str = "/ledger/2026/checkpoint";
/// What the log has before a bit flips: tiles on two levels, and nearly another full one.
const ENTRIES: usize = 508;

/// The sizes last: without a guard a wrong one asks for more memory than there is.
const ALL: [Memory; 10] = [
    Memory::Entry,
    Memory::LeafOfFrontier,
    Memory::LeafOfTree,
    Memory::Frontier,
    Memory::Tree,
    Memory::AgreedRoot,
    Memory::Text,
    Memory::Note,
    Memory::SizeOfFrontier,
    Memory::SizeOfTree,
];

/// The one flip of a trial.
struct Plan {
    at: Memory,
    /// Chances that pass before it comes.
    skip: usize,
    /// Which bit, counted round.
    bit: usize,
    is_unguarded: bool,
    has_come: bool,
}

thread_local! {
    static PLAN: RefCell<Option<Plan>> = const { RefCell::new(None) };
}

/// Which of so many bits flips now, if one does.
fn now(at: Memory, bits: usize) -> Option<usize> {
    PLAN.with_borrow_mut(|plan| {
        let plan = plan.as_mut().filter(|plan| plan.at == at && !plan.has_come && bits > 0)?;
        if plan.skip > 0 {
            plan.skip -= 1;
            return None;
        }
        plan.has_come = true;
        Some(plan.bit % bits)
    })
}

pub(crate) fn may(at: Memory, bytes: &mut [u8]) {
    if let Some(bit) = now(at, bytes.len() * 8) {
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

/// Of a text the seven lower bits, so that it stays one, or is none that can be sent.
pub(crate) fn may_in_text(at: Memory, text: &mut String) {
    if let Some(bit) = now(at, text.len() * 7) {
        let mut bytes = std::mem::take(text).into_bytes();
        bytes[bit / 7] ^= 1 << (bit % 7);
        *text = String::from_utf8_lossy(&bytes).into_owned();
    }
}

pub(crate) fn may_in(shard: &mut Shard) {
    for (at, (size, hashes)) in [
        (Memory::Frontier, boxed(shard.frontier.memory_mut())),
        (Memory::Tree, boxed(shard.tree.memory_mut())),
    ] {
        let mut hashes = hashes;
        if let Some(bit) = now(at, hashes.len() * 256) {
            hashes[bit / 256].0[bit % 256 / 8] ^= 1 << (bit % 8);
        }
        let at_size =
            if at == Memory::Frontier { Memory::SizeOfFrontier } else { Memory::SizeOfTree };
        if let Some(bit) = now(at_size, 63) {
            *size ^= 1 << bit;
        }
    }
}

type Held<'a> = (&'a mut u64, Vec<&'a mut tlog::Hash>);

fn boxed<'a>(held: (&'a mut u64, impl Iterator<Item = &'a mut tlog::Hash>)) -> Held<'a> {
    (held.0, held.1.collect())
}

pub(crate) fn is_unguarded() -> bool {
    PLAN.with_borrow(|plan| plan.as_ref().is_some_and(|plan| plan.is_unguarded))
}

fn open(disk: &MemoryDisk) -> Result<Ledger, crate::OpenLedgerError> {
    let recorder = RecorderId::from_bytes([7; 16]);
    let config = LedgerConfig { folder: FOLDER.into(), recorder };
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    Ledger::open_by_hand(&config, Arc::new(disk.clone()), Arc::new(clock))
}

fn some(count: usize) -> Vec<Event> {
    (0..count).map(|_| Kind::Alive.into()).collect()
}

/// A disk with a log of so many entries, all signed.
fn signed_log(entries: usize) -> MemoryDisk {
    let disk = MemoryDisk::default();
    let ledger = open(&disk).unwrap();
    ledger.append_blocking(some(entries - 1)).unwrap();
    ledger.close();
    assert_eq!(ledger.status().signed_size, entries as u64);
    disk
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Nothing was signed, and the ledger says why.
    Noticed,
    /// What was signed is right: the bit was of no matter.
    Right,
    /// What was signed is not what the journal holds.
    Wrong,
}

/// Appends and signs while one bit flips.
fn trial(base: &MemoryDisk, plan: Plan, entries: usize) -> End {
    let disk = base.fork();
    let before = disk.read(Path::new(CHECKPOINT), 1 << 16).unwrap();
    let ledger = open(&disk).unwrap();
    PLAN.set(Some(plan));
    let _ = ledger.append_blocking(some(entries));
    ledger.close();
    let plan = PLAN.take().unwrap();
    assert!(plan.has_come, "{:?} never came", plan.at);
    let broken = ledger.status().broken;
    drop(ledger);
    if disk.read(Path::new(CHECKPOINT), 1 << 16).unwrap() == before {
        // A text that is none any more is told as such.
        let is_told = broken.is_some_and(|why| why == FAULTY_MEMORY || plan.at == Memory::Text);
        assert!(is_told, "{:?}", plan.at);
        // The next start reads from the disk what is true, and goes on.
        return End::Noticed;
    }
    // A start holds what is signed against the journal.
    let opened = open(&disk);
    if opened.is_ok_and(|it| it.status().signed_size == it.status().size && it.check().is_ok()) {
        End::Right
    } else {
        End::Wrong
    }
}

/// Numbers that are the same in each run (splitmix64).
fn drawn(number: usize) -> usize {
    let seed = (number as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from((mixed ^ (mixed >> 27)) >> 1).unwrap()
}

/// Flips everywhere in turn; how many were noticed, of no matter, and signed wrong.
fn flips(count: usize, is_unguarded: bool) -> [usize; 3] {
    let bases = [signed_log(ENTRIES), signed_log(20)];
    let mut ends = [0; 3];
    for number in 0..count {
        let at = ALL[number % (ALL.len() - if is_unguarded { 2 } else { 0 })];
        // At times a tile is filled.
        let entries = 1 + drawn(number) % 9;
        let is_of_an_entry =
            matches!(at, Memory::Entry | Memory::LeafOfFrontier | Memory::LeafOfTree);
        let skip = if is_of_an_entry { drawn(number) / 9 % entries } else { 0 };
        let bit = drawn(number + count);
        let plan = Plan { at, skip, bit, is_unguarded, has_come: false };
        let end = trial(&bases[drawn(number) / 100 % 2], plan, entries);
        assert!(is_unguarded || end != End::Wrong, "{at:?}, bit {bit}, {entries} entries");
        ends[end as usize] += 1;
    }
    ends
}

#[test]
fn l7_a_bit_that_flips_in_memory_never_becomes_a_signed_root() {
    let is_long = testkit::is_long();
    let count = if is_long { 10_000 } else { 200 };
    let [noticed, right, wrong] = flips(count, false);
    eprintln!("{count} flips: {noticed} noticed, {right} of no matter, {wrong} signed wrong");
    assert!(wrong == 0 && noticed * 10 > count * 8);
}

#[test]
fn l7_control_with_one_computation_wrong_roots_are_signed() {
    let [noticed, right, wrong] = flips(60, true);
    eprintln!("unguarded: {noticed} noticed, {right} of no matter, {wrong} signed wrong");
    assert!(wrong > 20);
}

/// The base of the trials, with no flip: it signs, and what it signed is right.
#[test]
fn l7_without_a_flip_it_signs() {
    let disk = signed_log(20);
    let ledger = open(&disk).unwrap();
    ledger.append_blocking(some(300)).unwrap();
    ledger.close();
    drop(ledger);
    let ledger = open(&disk).unwrap();
    assert_eq!((ledger.status().signed_size, ledger.check()), (320, Ok(320)));
}
