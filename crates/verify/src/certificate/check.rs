//! Whether a certificate holds.

use std::collections::BTreeMap;

use domain::{EntryNumber, WallTime};
use tlog::policy::{CheckedNote, Policy};
use tlog::{Hash, leaf_hash, recorder_of, verify_inclusion};

use super::search::{Wanted, left_out};
use super::{Bucket, Certificate, How, Place, State, claims, day_of, text};
use crate::checkpoint::{moment, require_quorum};
use crate::entry::{CompanionName, Entry, Kind};
use crate::ledger::{audit_wanting, open_note};
use crate::source::Source;
use crate::{Report, Word, causes, from_hex};

/// The longest list of which a line is looked for.
const MOST_LINES: u64 = 1 << 32;

/// Verifies a certificate; with a ledger also that nothing was left out of it.
#[must_use]
pub fn verify(bytes: &[u8], policy: &Policy, ledger: Option<&dyn Source>) -> Report {
    let mut report = Report::new("certificate");
    let (certificate, written) = match Certificate::parse(bytes) {
        Ok(parsed) => parsed,
        Err(error) => {
            report.find(Word::CertificateMalformed, "certificate", causes(&error));
            return report;
        }
    };
    if written != text::text(&certificate) {
        let detail = "the text is not what follows from the data";
        report.find(Word::CertificateAltered, "certificate", detail);
    }
    let span = span_of(&certificate);
    let Some(span) = span else {
        report.find(Word::CertificateMalformed, "certificate", "its span is none");
        return report;
    };
    let notes = checkpoints(&certificate, policy, &mut report);
    let entries = entries(&certificate, &notes, &mut report);
    let checking = Checking { certificate: &certificate, entries: &entries, span };
    checking.all(&mut report);
    tell(&certificate, &notes, &mut report);
    if let Some(source) = ledger {
        against_ledger(&certificate, span, source, policy, &mut report);
    }
    report
}

fn span_of(certificate: &Certificate) -> Option<(i64, i64)> {
    let moment = |text: &str| text.parse::<WallTime>().ok().map(WallTime::as_micros);
    let (from, to) = (moment(&certificate.from)?, moment(&certificate.to)?);
    (from < to).then_some((from, to))
}

/// The checkpoints by year, held against the policy.
fn checkpoints<'p>(
    certificate: &Certificate,
    policy: &'p Policy,
    report: &mut Report,
) -> BTreeMap<u16, CheckedNote<'p>> {
    let mut notes = BTreeMap::new();
    for (at, note) in certificate.checkpoints.iter().enumerate() {
        let place = format!("checkpoint {at}");
        let Some((_, checked)) = open_note(&place, note.as_bytes(), policy, report) else {
            continue;
        };
        let of = recorder_of(&checked.checkpoint.origin);
        let Some((_, year)) = of.filter(|(id, _)| id.to_string() == certificate.recorder) else {
            report.find(Word::UnknownLog, &place, "it is of another recorder");
            continue;
        };
        require_quorum(&checked, report);
        notes.insert(year, checked);
    }
    notes
}

/// The entries that are proven to be in the log.
fn entries(
    certificate: &Certificate,
    notes: &BTreeMap<u16, CheckedNote<'_>>,
    report: &mut Report,
) -> BTreeMap<EntryNumber, Entry> {
    let mut entries = BTreeMap::new();
    for proven in &certificate.entries {
        let place = &proven.number;
        let number = place.parse::<EntryNumber>().ok();
        let Some((number, note)) = number.and_then(|it| Some((it, notes.get(&it.year)?))) else {
            report.find(Word::NotIncluded, place, "no good checkpoint of its year is there");
            continue;
        };
        let (size, root) = (note.checkpoint.size, note.checkpoint.root);
        let leaf = leaf_hash(proven.entry.as_bytes());
        let is_in = hashes(&proven.hashes)
            .is_some_and(|it| verify_inclusion(leaf, number.index, size, root, &it).is_ok());
        if !is_in {
            report.find(Word::NotIncluded, place, "the proof does not lead to the checkpoint");
            continue;
        }
        match Entry::parse(proven.entry.as_bytes()) {
            Ok(entry) => drop(entries.insert(number, entry)),
            Err(error) => report.find(Word::EntryMalformed, place, causes(&error)),
        }
    }
    entries
}

fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|text| Hash::from_base64(text).ok()).collect()
}

struct Checking<'c> {
    certificate: &'c Certificate,
    entries: &'c BTreeMap<EntryNumber, Entry>,
    span: (i64, i64),
}

impl Checking<'_> {
    fn all(&self, report: &mut Report) {
        self.intent(report);
        for bucket in &self.certificate.buckets {
            self.bucket(bucket, report);
        }
        self.twice(report);
        self.covered(report);
        self.claims(report);
        self.left(report);
        if !self.certificate.is_all_destroyed() {
            let kept = self.certificate.buckets.iter().filter(|it| it.state != State::Destroyed);
            let detail = if self.certificate.buckets.is_empty() {
                "the recorder never had a key of this span, so none was destroyed".to_owned()
            } else {
                format!("{} buckets of the span are not destroyed", kept.count())
            };
            report.find(Word::StillKept, &self.certificate.camera, detail);
        }
    }

    fn entry(&self, number: &str) -> Option<&Entry> {
        self.entries.get(&number.parse().ok()?)
    }

    fn intent(&self, report: &mut Report) {
        let intent = &self.certificate.intent;
        let is_act = |entry: &&Entry| matches!(entry.kind, Kind::Intent { action, .. } if action.word() == "footage.certify");
        if self.entry(intent).filter(is_act).is_none() {
            report.find(Word::Overstated, intent, "it is no proven act of certifying");
        }
    }

    /// A bucket's line must be in the lists of the entries that it names, and say what it says.
    fn bucket(&self, bucket: &Bucket, report: &mut Report) {
        let place = &bucket.bucket;
        let unproven = |detail: &str, report: &mut Report| {
            report.find(Word::BucketUnproven, place, detail);
        };
        let (from, to) = self.span;
        if bucket.end <= from || bucket.start >= to || bucket.start >= bucket.end {
            return unproven("it is not of the span", report);
        }
        let day = day_of(bucket.start);
        let secret =
            self.certificate.secrets.iter().find(|it| it.feed == bucket.feed && it.day == day);
        let Some(secret) = secret.and_then(|it| from_hex(&it.secret)) else {
            return unproven("the secret of its day is not there", report);
        };
        let line = bucket.line(&self.certificate.camera, &secret);
        let mut lines = vec![(line.clone(), bucket.made.as_ref(), false)];
        lines.push((line, bucket.destroyed.as_ref(), true));
        for minute in &bucket.minutes {
            let line = bucket.minute_line(minute);
            lines.push((line.clone(), Some(&minute.made), false));
            lines.push((line, minute.destroyed.as_ref(), true));
        }
        for (line, named, destroys) in lines {
            let Some(named) = named else { continue };
            if !self.is_listed(&line, named, destroys) {
                unproven(
                    "its line is not in the list that it names, or says something else",
                    report,
                );
            }
        }
        let number = |place: &Option<Place>| place.as_ref()?.entry.parse::<EntryNumber>().ok();
        if let (Some(made), Some(gone)) = (number(&bucket.made), number(&bucket.destroyed))
            && gone < made
        {
            unproven("it is destroyed before it is made", report);
        }
        let has_gone = bucket.destroyed.is_some();
        let fits = match bucket.state {
            State::Destroyed => has_gone && !bucket.is_held(),
            State::Held => has_gone && bucket.is_held(),
            State::Kept | State::Undecided => {
                !has_gone && bucket.made.is_some() && bucket.minutes.is_empty()
            }
        };
        if !fits {
            unproven("what is said of it has no entry, or its entry says more", report);
        }
    }

    /// Whether a line is in the list of keys, made or destroyed, that a place names.
    fn is_listed(&self, line: &str, place: &Place, destroys: bool) -> bool {
        let companion = match self.entry(&place.entry).map(|entry| &entry.kind) {
            Some(Kind::Keys { companion }) if !destroys => companion,
            Some(Kind::Destroyed { companion, .. }) if destroys => companion,
            _ => return false,
        };
        is_line(companion, leaf_hash(line.as_bytes()), place)
    }

    fn twice(&self, report: &mut Report) {
        let mut seen = std::collections::BTreeSet::new();
        for bucket in &self.certificate.buckets {
            if !seen.insert(&bucket.bucket) {
                report.find(Word::BucketUnproven, &bucket.bucket, "it stands there twice");
            }
        }
    }

    /// Every moment of the span is in a bucket, or is said to be in none; of the main feed at least.
    fn covered(&self, report: &mut Report) {
        let it = self.certificate;
        let mut feeds: Vec<&str> = it.secrets.iter().map(|secret| &*secret.feed).collect();
        feeds.push("main");
        feeds.sort_unstable();
        feeds.dedup();
        for feed in feeds {
            let buckets =
                it.buckets.iter().filter(|of| of.feed == feed).map(|of| (of.start, of.end));
            let empty = it.nothing.iter().filter(|of| of.feed == feed).map(|of| (of.from, of.to));
            let mut parts: Vec<(i64, i64)> = buckets.chain(empty).collect();
            parts.sort_unstable();
            let mut at = self.span.0;
            for (from, to) in parts {
                if from > at {
                    break;
                }
                at = at.max(to);
            }
            if at < self.span.1 {
                let detail = format!("from {} on", WallTime::from_micros(at));
                report.find(Word::SpanUncovered, feed, detail);
            }
            self.secrets_of(feed, report);
        }
    }

    /// Without the secret of a day nobody could look whether it is whole.
    fn secrets_of(&self, feed: &str, report: &mut Report) {
        for day in day_of(self.span.0)..=day_of(self.span.1 - 1) {
            let secrets = &self.certificate.secrets;
            if !secrets.iter().any(|secret| secret.feed == feed && secret.day == day) {
                let detail = format!("the secret of day {day} is not there");
                report.find(Word::SpanUncovered, feed, detail);
            }
        }
    }

    /// What is said of acts and of proof is what follows from the entries.
    fn claims(&self, report: &mut Report) {
        let certificate = self.certificate;
        let follows = claims::rotations(certificate);
        for rotation in &certificate.rotations {
            if !follows.contains(rotation) {
                let detail = "its act, or whether it can be proven, is not what the entries say";
                report.find(Word::Overstated, &rotation.destroyed, detail);
            }
        }
        for bucket in &certificate.buckets {
            for gone in bucket.ends() {
                if !certificate.rotations.iter().any(|it| it.destroyed == gone.entry) {
                    let detail = "nothing is said of the act by which it was destroyed";
                    report.find(Word::Overstated, &gone.entry, detail);
                }
            }
        }
        for number in certificate
            .holders
            .iter()
            .chain(certificate.rotations.iter().filter_map(|it| it.proposal.as_ref()))
        {
            if self.entry(number).is_none() {
                report.find(Word::NotIncluded, number, "the certificate names it without a proof");
            }
        }
    }

    fn left(&self, report: &mut Report) {
        for left in &self.certificate.left {
            let fits = self.entry(&left.entry).is_some_and(|entry| match left.how {
                How::Served => matches!(entry.kind, Kind::Served { .. }),
                How::Unknown | How::Still => matches!(entry.kind, Kind::Intent { .. }),
                How::Unreadable => {
                    matches!(entry.kind, Kind::Served { .. } | Kind::Intent { .. })
                }
            });
            if !fits {
                report.find(Word::Overstated, &left.entry, "it is no proven entry of that kind");
            }
        }
    }
}

fn is_line(companion: &CompanionName, leaf: Hash, place: &Place) -> bool {
    place.line < MOST_LINES
        && hashes(&place.hashes).is_some_and(|it| {
            verify_inclusion(leaf, place.line, companion.count, Hash(companion.root), &it).is_ok()
        })
}

fn tell(certificate: &Certificate, notes: &BTreeMap<u16, CheckedNote<'_>>, report: &mut Report) {
    let it = certificate;
    report.fact("recorder", ("녹화기", "recorder"), it.recorder.clone());
    report.fact("camera", ("카메라", "camera"), it.camera.clone());
    report.fact("from", ("부터", "from"), it.from.clone());
    report.fact("to", ("까지", "to"), it.to.clone());
    report.fact("act", ("만든 행위의 기록", "entry of the act"), it.intent.clone());
    let count = |state| it.buckets.iter().filter(|bucket| bucket.state == state).count();
    report.fact("destroyed", ("파기된 버킷", "buckets destroyed"), count(State::Destroyed));
    report.fact("held", ("일부 보존 중인 버킷", "buckets with minutes held"), count(State::Held));
    report.fact("kept", ("보관 중인 버킷", "buckets kept"), count(State::Kept));
    let undecided = count(State::Undecided);
    report.fact("undecided", ("알 수 없는 버킷", "buckets undecided"), undecided);
    let early = it.rotations.iter().filter(|rotation| rotation.early).count();
    report.fact("early", ("기한 전의 열쇠 교체", "rotations before their time"), early);
    let (soon, late) = claims::untimely(it);
    report.fact("before_due", ("기한보다 한 시간 넘게 먼저", "more than an hour before due"), soon);
    report.fact("late", ("기한보다 하루 넘게 늦게", "more than a day after due"), late);
    report.fact("nothing", ("버킷이 없는 시간", "times without a bucket"), it.nothing.len());
    let untagged = it.untagged.len();
    report.fact("untagged", ("누구의 것인지 모르는 열쇠", "keys of nobody knows whom"), untagged);
    report.fact("left", ("나간 것", "entries of what left"), it.left.len());
    let (is_provable, reasons) = claims::provable(it);
    let word = if is_provable { "provable" } else { "not-provable-on-this-device" };
    report.fact("provable", ("증명할 수 있는지", "whether provable"), word);
    report.fact("reasons", ("증명할 수 없는 까닭", "why not"), reasons);
    let cosigned = notes.values().flat_map(crate::ledger::cosigners);
    let cosigned = cosigned.map(|(name, at_s)| format!("{name} {}", moment(at_s)));
    report.fact("cosigned", ("함께 서명한 증인", "cosigned by"), cosigned.collect::<Vec<_>>());
}

/// Nothing that the ledger has was left out.
fn against_ledger(
    certificate: &Certificate,
    span: (i64, i64),
    source: &dyn Source,
    policy: &Policy,
    report: &mut Report,
) {
    let Some(wanted) = Wanted::of(certificate, span) else {
        return report.find(Word::CertificateMalformed, "certificate", "its secrets are none");
    };
    let since: Vec<&[u8]> = certificate.checkpoints.iter().map(String::as_bytes).collect();
    let audit = audit_wanting("certificate", source, policy, &since, Some(wanted));
    for finding in audit.report.findings() {
        report.find(finding.word, &finding.place, &finding.detail);
    }
    for gone in &audit.history.destroyed {
        let number = gone.list.number.to_string();
        let said = certificate.rotations.iter().find(|it| it.destroyed == number);
        let Some((said, under)) = said.zip(gone.under) else { continue };
        if said.intent != under.intent.to_string() || said.early != under.early {
            let detail = format!("it happened under {}", under.intent);
            report.find(Word::Overstated, number, detail);
        }
    }
    let (buckets, lists) = left_out(certificate, &audit.history.found, &audit.history.holders);
    for bucket in buckets {
        report.find(Word::BucketLeftOut, bucket, "the ledger has it, the certificate has not");
    }
    for list in lists {
        let detail = "what kept the key then is left out of the certificate";
        report.find(Word::Overstated, list, detail);
    }
    report.fact("ledger", ("원장과 맞춰 봄", "held against the ledger"), true);
}
