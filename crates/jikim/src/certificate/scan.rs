//! Reading the ledger for a certificate: the camera's buckets in the lists, what kept the key, under
//! which act it was destroyed, and what was given out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use access::{Grant, act};
use domain::{Action, EntryNumber, WallTime};
use ledger::{
    Companion, Entry, Kind, Ledger, OutcomeWord, ReadLedgerError, Record, TargetRecord, day_of,
};
use tlog::{Tree, leaf_hash, prove_inclusion};
use verify::certificate::{Bucket, How, Minute, Place, State, Untagged};

use super::{Asked, DAY, Known, word};

/// A line that is of use.
enum Line {
    Bucket(Box<Bucket>),
    /// Bucket, minute, hash of the key.
    Minute(String, i64, String),
}

/// The intent of an act, and the proposal that it rests on.
type Act = (EntryNumber, Option<EntryNumber>);

/// An act that shows pictures.
#[derive(Debug, Clone, Copy)]
struct Showing {
    action: Action,
    at: WallTime,
    ended: Option<(OutcomeWord, WallTime)>,
}

pub(super) struct Scan<'s> {
    ledger: &'s Ledger,
    grant: &'s Grant<act::CertifyDestruction>,
    asked: Asked,
    secrets: &'s [Known],
    found: BTreeMap<String, Bucket>,
    /// Minutes that outlived their buckets, of any camera, by bucket and number.
    minutes: BTreeMap<(String, i64), Minute>,
    untagged: BTreeMap<String, Untagged>,
    holders: Vec<EntryNumber>,
    vault_keys: HashMap<u64, EntryNumber>,
    /// The newest act that destroys, and its proposal.
    destroying: Option<Act>,
    /// Of each list of destroyed keys: the act, the epoch.
    under: BTreeMap<EntryNumber, (Option<Act>, u64)>,
    approvals: HashMap<EntryNumber, EntryNumber>,
    showings: BTreeMap<EntryNumber, Showing>,
    left: BTreeMap<EntryNumber, How>,
}

impl<'s> Scan<'s> {
    pub(super) fn new(
        ledger: &'s Ledger,
        grant: &'s Grant<act::CertifyDestruction>,
        asked: Asked,
        secrets: &'s [Known],
    ) -> Self {
        Self {
            ledger,
            grant,
            asked,
            secrets,
            found: BTreeMap::new(),
            minutes: BTreeMap::new(),
            untagged: BTreeMap::new(),
            holders: Vec::new(),
            vault_keys: HashMap::new(),
            destroying: None,
            under: BTreeMap::new(),
            approvals: HashMap::new(),
            showings: BTreeMap::new(),
            left: BTreeMap::new(),
        }
    }

    /// Reads every entry from the year of the span to the act itself.
    pub(super) fn run(&mut self) -> Result<(), ReadLedgerError> {
        let first = (self.asked.from - DAY).year();
        for (year, size) in self.ledger.years() {
            for index in 0..size {
                let number = EntryNumber { year, index };
                if year < first || number >= self.grant.number() {
                    continue;
                }
                let entry = self.ledger.entry(number)?;
                self.take(number, &entry)?;
            }
        }
        self.look_at_acts();
        Ok(())
    }

    fn take(&mut self, number: EntryNumber, entry: &Entry) -> Result<(), ReadLedgerError> {
        match &entry.kind {
            Kind::Holders { .. } => self.holders.push(number),
            Kind::VaultKey { epoch, .. } => drop(self.vault_keys.insert(*epoch, number)),
            Kind::Approval { proposal, .. } => drop(self.approvals.insert(*proposal, number)),
            // A clock that was set may have dated an entry before its bucket; a day is much.
            Kind::Keys { companion } if entry.time + DAY >= self.asked.from => {
                self.take_list(number, companion, false)?;
            }
            Kind::Destroyed { epoch, companion, .. } => {
                self.under.insert(number, (self.destroying, *epoch));
                if entry.time + DAY >= self.asked.from {
                    self.take_list(number, companion, true)?;
                }
            }
            Kind::Intent { action, proposal } => match action {
                Action::DestroyExpired | Action::DestroyEarly => {
                    self.destroying = Some((number, *proposal));
                }
                Action::PlayFootage | Action::WatchLive | Action::TakeStill => {
                    let showing = Showing { action: *action, at: entry.time, ended: None };
                    self.showings.insert(number, showing);
                }
                _ => {}
            },
            Kind::Outcome { intent, result } => {
                if let Some(showing) = self.showings.get_mut(intent) {
                    showing.ended = Some((*result, entry.time));
                }
            }
            Kind::Served { .. } if entry.time + DAY >= self.asked.from => self.take_served(number),
            _ => {}
        }
        Ok(())
    }

    fn take_list(
        &mut self,
        number: EntryNumber,
        companion: &Companion,
        is_destroyed: bool,
    ) -> Result<(), ReadLedgerError> {
        let text = self.ledger.companion(companion)?;
        let mut wanted = Vec::new();
        for (at, line) in (0..).zip(text.split_terminator('\n')) {
            match self.bucket_of(line) {
                Whose::Ours(line) => wanted.push((at, line)),
                Whose::Others => {}
                Whose::Nobodys(id, key_sha256) => {
                    if is_destroyed {
                        let destroyed = number.to_string();
                        let gone = Untagged { bucket: id.clone(), key_sha256, destroyed };
                        self.untagged.insert(id, gone);
                    }
                }
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let mut tree = Tree::new();
        text.split_terminator('\n').for_each(|line| tree.push(leaf_hash(line.as_bytes())));
        for (at, line) in wanted {
            let hashes = prove_inclusion(at, tree.size(), &tree)
                .map_err(|error| ReadLedgerError::Proof { number, reason: error.to_string() })?;
            let hashes = hashes.iter().map(tlog::Hash::to_base64).collect();
            self.note(line, Place { entry: number.to_string(), line: at, hashes }, is_destroyed);
        }
        Ok(())
    }

    fn note(&mut self, line: Line, place: Place, is_destroyed: bool) {
        match line {
            Line::Bucket(bucket) => {
                let known = self.found.entry(bucket.bucket.clone()).or_insert(*bucket);
                let named = if is_destroyed { &mut known.destroyed } else { &mut known.made };
                named.get_or_insert(place);
            }
            Line::Minute(bucket, minute, key_sha256) if !is_destroyed => {
                let made = Minute { minute, key_sha256, made: place, destroyed: None };
                self.minutes.entry((bucket, minute)).or_insert(made);
            }
            Line::Minute(bucket, minute, _) => {
                if let Some(known) = self.minutes.get_mut(&(bucket, minute)) {
                    known.destroyed.get_or_insert(place);
                }
            }
        }
    }

    /// Whose a line of a list is.
    fn bucket_of(&self, line: &str) -> Whose {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap_or_default();
        let (id, key_sha256) = (next().to_owned(), next().to_owned());
        if let Some((bucket, minute)) = id.split_once('/') {
            let minute = minute.parse().unwrap_or_default();
            return Whose::Ours(Line::Minute(bucket.to_owned(), minute, key_sha256));
        }
        let times: [Option<i64>; 3] = [next(), next(), next()].map(|text| text.parse().ok());
        let [Some(start), Some(end), Some(expires_at)] = times else {
            return Whose::Nobodys(id, key_sha256);
        };
        if end <= self.asked.from.as_micros() || start >= self.asked.to.as_micros() {
            return Whose::Others;
        }
        let day = day_of(WallTime::from_micros(start));
        let mut bucket = Bucket {
            bucket: id,
            key_sha256,
            feed: String::new(),
            start,
            end,
            expires_at,
            state: State::Undecided,
            made: None,
            destroyed: None,
            minutes: Vec::new(),
        };
        let camera = self.asked.camera.to_string();
        for known in self.secrets.iter().filter(|known| known.day == day) {
            word(known.kind).clone_into(&mut bucket.feed);
            if bucket.line(&camera, &known.secret) == line {
                return Whose::Ours(Line::Bucket(Box::new(bucket)));
            }
        }
        Whose::Others
    }

    fn take_served(&mut self, number: EntryNumber) {
        let how = match self.ledger.record_to_certify(self.grant, number) {
            Ok(Some(Record::Served { spans, .. })) => {
                let is_ours = spans.iter().any(|span| {
                    span.camera == self.asked.camera.to_string()
                        && self.touches(&span.from, &span.to)
                });
                is_ours.then_some(How::Served)
            }
            _ => Some(How::Unreadable),
        };
        if let Some(how) = how {
            self.left.insert(number, how);
        }
    }

    /// Acts of which nobody knows how they ended, and stills: what they were of stands behind them.
    fn look_at_acts(&mut self) {
        for (number, showing) in std::mem::take(&mut self.showings) {
            let result = showing.ended.map(|(result, _)| result);
            let is_unknown = matches!(result, None | Some(OutcomeWord::Unknown));
            let is_still = showing.action == Action::TakeStill;
            if !(is_unknown || is_still && result == Some(OutcomeWord::Done)) {
                continue;
            }
            let ended = showing.ended.map_or(self.asked.to, |(_, at)| at);
            let was_then = showing.at < self.asked.to && self.asked.from <= ended;
            let how = match self.ledger.record_to_certify(self.grant, number) {
                Ok(Some(Record::Ask { target, .. })) if self.is_of(&target, was_then) => {
                    Some(if is_still { How::Still } else { How::Unknown })
                }
                Ok(Some(_)) => None,
                _ => Some(How::Unreadable),
            };
            if let Some(how) = how {
                self.left.insert(number, how);
            }
        }
    }

    /// Whether an act was of the camera and the span; `was_then` says it of one that shows the present.
    fn is_of(&self, target: &TargetRecord, was_then: bool) -> bool {
        let camera = self.asked.camera.to_string();
        match target {
            TargetRecord::Footage { cameras, from, to } => {
                cameras.contains(&camera) && self.touches(from, to)
            }
            TargetRecord::Live { cameras } => was_then && cameras.contains(&camera),
            TargetRecord::Camera { camera: of } => was_then && *of == camera,
            _ => false,
        }
    }

    /// What cannot be read as a time counts as of the span.
    fn touches(&self, from: &str, to: &str) -> bool {
        let moment = |text: &str| text.parse::<WallTime>().ok();
        let (Some(from), Some(to)) = (moment(from), moment(to)) else { return true };
        from < self.asked.to && self.asked.from < to
    }

    /// The camera's buckets, by feed and start.
    pub(super) fn buckets(&self) -> Vec<Bucket> {
        let mut buckets: Vec<Bucket> = self.found.values().cloned().collect();
        for bucket in &mut buckets {
            let of = |((id, _), _): &(&(String, i64), &Minute)| *id == bucket.bucket;
            let minutes = self.minutes.iter().filter(of).map(|(_, minute)| minute.clone());
            bucket.minutes = minutes.collect();
            if bucket.destroyed.is_some() {
                bucket.state = if bucket.is_held() { State::Held } else { State::Destroyed };
            }
        }
        buckets.sort_by(|a, b| (&a.feed, a.start, &a.bucket).cmp(&(&b.feed, b.start, &b.bucket)));
        buckets
    }

    pub(super) fn untagged(&self) -> Vec<Untagged> {
        self.untagged.values().cloned().collect()
    }

    pub(super) fn left(&self) -> BTreeMap<EntryNumber, How> {
        self.left.clone()
    }

    /// The lists of holders that were in force from the making of the first bucket on: the newest
    /// before it, and all until the last was destroyed.
    pub(super) fn holders(&self, buckets: &[Bucket]) -> Vec<EntryNumber> {
        let number = |place: &Place| place.entry.parse::<EntryNumber>().ok();
        let made = buckets.iter().filter_map(|it| number(it.made.as_ref()?)).min();
        let gone = buckets.iter().flat_map(Bucket::ends).filter_map(number).max();
        let Some(gone) = gone else { return Vec::new() };
        let before = self.holders.iter().filter(|it| made.is_some_and(|made| **it < made)).max();
        let first = before.copied().or(made).unwrap_or(EntryNumber { year: 0, index: 0 });
        self.holders.iter().copied().filter(|it| first <= *it && *it < gone).collect()
    }

    /// Every entry that a certificate of these buckets speaks of, but its own act.
    pub(super) fn numbers(&self, buckets: &[Bucket]) -> BTreeSet<EntryNumber> {
        let mut numbers: BTreeSet<EntryNumber> = self.left.keys().copied().collect();
        numbers.extend(self.holders(buckets));
        let places = buckets.iter().flat_map(|bucket| {
            let minutes = bucket.minutes.iter().map(|minute| &minute.made);
            bucket.made.iter().chain(bucket.ends()).chain(minutes)
        });
        let places: BTreeSet<EntryNumber> =
            places.filter_map(|place| place.entry.parse().ok()).collect();
        for number in &places {
            let Some((act, epoch)) = self.under.get(number) else { continue };
            numbers.extend(self.vault_keys.get(epoch));
            let Some((intent, proposal)) = act else { continue };
            numbers.insert(*intent);
            numbers.extend(proposal);
            numbers.extend(proposal.and_then(|proposal| self.approvals.get(&proposal)));
        }
        numbers.extend(places);
        numbers
    }
}

enum Whose {
    Ours(Line),
    Others,
    /// Its id and the hash of its key.
    Nobodys(String, String),
}
