//! L5 of the guarantees: a log that shows two histories gets a quorum for one of them at most, as
//! long as k > (n + f) / 2. Real witnesses over disks that lose power, a liar that cosigns all, two
//! instances of the log with one key, and random schedules.

use std::collections::{BTreeMap, BTreeSet};

use tlog::witness::Answer;
use witness::{Reply, Witness};

use crate::history::{
    Chance, LONGEST, Log, Place, Requests, branch, is_cosigned, one_history, seeds,
};

const STEPS: usize = 45;

/// Somebody whose cosignatures count for a quorum.
enum Party {
    Honest(Box<Honest>),
    /// Cosigns whatever it is sent.
    Liar,
}

struct Honest {
    place: Place,
    witness: Option<Witness>,
}

impl Party {
    fn honest(seed: u64, log: &Log) -> Self {
        let place = Place::new(seed, &[log]);
        let witness = Some(place.open().unwrap());
        Self::Honest(Box::new(Honest { place, witness }))
    }

    /// Whether it cosigns this history, asked as a log asks: again with the size that it was told.
    fn cosigns(&self, requests: &Requests, entries: &[u32], guess: usize) -> bool {
        let Self::Honest(honest) = self else { return true };
        honest.place.pass(2);
        let witness = honest.witness.as_ref().expect("it runs");
        let reply = witness.add_checkpoint(requests.get(entries, guess));
        let Reply::Answer(Answer::Conflict { size }) = reply else { return is_cosigned(&reply) };
        let size = usize::try_from(size).unwrap();
        size <= entries.len() && is_cosigned(&witness.add_checkpoint(requests.get(entries, size)))
    }

    fn crash(&mut self, power_too: bool) {
        if let Self::Honest(honest) = self {
            honest.witness = None;
            if power_too {
                honest.place.disk.lose_power();
            } else {
                honest.place.disk.kill();
            }
            honest.witness = Some(honest.place.open().unwrap());
        }
    }
}

/// Runs schedules; gives how many ended with two histories that both have `quorum` cosigners.
fn broken(schedules: u64, honest: usize, liars: usize, quorum: usize) -> u64 {
    let log = Log::of_year(1, 2026);
    let requests = Requests::of(&log);
    let mut broken = 0;
    for seed in 0..schedules {
        let mut chance = Chance(seed);
        let mut parties: Vec<Party> =
            (0..honest).map(|number| Party::honest(seed * 8 + number as u64, &log)).collect();
        parties.extend((0..liars).map(|_| Party::Liar));
        let mut cosigners: BTreeMap<Vec<u32>, BTreeSet<usize>> = BTreeMap::new();
        for _ in 0..STEPS {
            let number = chance.below(parties.len());
            if chance.below(12) == 0 {
                parties[number].crash(chance.below(2) == 0);
            }
            let size = 1 + chance.below(LONGEST);
            let entries = branch(chance.below(2), size);
            let guess = chance.below(size + 1);
            if parties[number].cosigns(&requests, &entries, guess) {
                cosigners.entry(entries).or_default().insert(number);
            }
        }
        cosigners.retain(|_, by| by.len() >= quorum);
        let agreed: Vec<Vec<u32>> = cosigners.into_keys().collect();
        broken += u64::from(!one_history(&agreed));
    }
    broken
}

#[test]
fn l5_of_four_witnesses_with_one_liar_no_two_histories_get_three() {
    assert_eq!(broken(seeds(150, 100_000), 3, 1, 3), 0);
}

/// The control: with three witnesses, a quorum of two and one liar, the log shows two histories.
#[test]
fn l5_control_two_of_three_with_one_liar_is_broken() {
    assert!(broken(60, 2, 1, 2) > 0);
    // What breaks it is the liar: without one, two of three is enough.
    assert_eq!(broken(60, 3, 0, 2), 0);
}
