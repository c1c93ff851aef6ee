//! K7: what a certificate says is true, on five kinds of hardware, and one that says more is refused.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{Grant, act};
use domain::{
    AccountId, Action, Actor, BucketId, CameraId, Feed, FeedKind, RecorderId, Role, WallTime,
};
use host::{Clock as _, DeviceFacts, Disk, StorageFacts};
use ledger::act::Act;
use ledger::{
    BucketFact, Event, HolderFact, HolderState, HolderWord, Kind, Ledger, LedgerConfig,
    OutcomeWord, ProvableWord, Record, SpanRecord,
};
use rules::{Ask, Facts, Target, decide};
use testkit::TestClock;
use tlog::policy::Policy;
use vault::{HolderKind, Provable, provable};
use verify::certificate::{Certificate, State, Stretch, rotations, verify};
use verify::{Report, Word};

use super::{Sources, make};

const HOUR: Duration = Duration::from_secs(3600);
const HOURS: u8 = 3;
const CAMERA: CameraId = CameraId::from_bytes([0x11; 16]);
const OTHER: CameraId = CameraId::from_bytes([0x22; 16]);
const BEGIN: &str = "2026-11-21T12:00:00Z";

/// A recorder's ledger, written as the vault writes it.
struct House {
    folder: tempfile::TempDir,
    clock: TestClock,
    ledger: Ledger,
    buckets: Vec<BucketFact>,
}

fn begin() -> WallTime {
    BEGIN.parse().unwrap()
}

fn recorder() -> RecorderId {
    RecorderId::from_bytes([7; 16])
}

impl House {
    /// Some hours of two cameras, made under these holders.
    fn new(holders: &[HolderFact]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at(BEGIN);
        let config = LedgerConfig { folder: folder.path().join("ledger"), recorder: recorder() };
        let ledger = Ledger::open(&config, Arc::new(Disk), Arc::new(clock.clone())).unwrap();
        let mut house = Self { folder, clock, ledger, buckets: Vec::new() };
        house.hold(holders);
        house.append(Kind::VaultKey { epoch: 1, sha256: "01".repeat(32) });
        for hour in 0..HOURS {
            let made = [CAMERA, OTHER].map(|camera| fact(camera, hour));
            let lines = house.ledger.bucket_lines(&made);
            let companion = house.ledger.keep_companion(&lines).unwrap();
            house.append(Kind::Keys { companion });
            house.buckets.extend(made);
            house.clock.advance(HOUR);
        }
        house
    }

    fn hold(&self, holders: &[HolderFact]) {
        self.append(Kind::Holders { holders: holders.to_vec() });
    }

    fn append(&self, kind: Kind) -> domain::EntryNumber {
        self.ledger.append_blocking(vec![kind.into()]).unwrap()[0]
    }

    /// The first hours of both cameras are destroyed, each in a rotation of its own.
    fn destroy(&self, hours: u8, early: bool) {
        if !early {
            self.clock.advance(HOUR * 24);
        }
        for hour in 0..hours {
            let action = if early { Action::DestroyEarly } else { Action::DestroyExpired };
            let proposal = early.then(|| {
                let proposal = self.append(Kind::Proposal { action: Action::AllowEarly });
                let decision = ledger::Decision::Approved;
                self.append(Kind::Approval { proposal, decision });
                proposal
            });
            let intent = self.append(Kind::Intent { action, proposal });
            let gone: Vec<_> = self
                .buckets
                .iter()
                .filter(|it| it.start == begin() + HOUR * u32::from(hour))
                .copied()
                .collect();
            let lines = self.ledger.bucket_lines(&gone);
            let companion = self.ledger.keep_companion(&lines).unwrap();
            let held_by = self.ledger.holders().map(|(number, _)| number);
            let epoch = u64::from(hour) + 1;
            self.append(Kind::Destroyed { epoch, companion, held_by });
            self.append(Kind::VaultKey { epoch: epoch + 1, sha256: format!("{:064x}", epoch + 1) });
            self.append(Kind::Outcome { intent, result: OutcomeWord::Done });
        }
    }

    fn certificate(&self, camera: CameraId, kept: &[BucketId]) -> Certificate {
        let to = begin() + HOUR * u32::from(HOURS);
        let target = Target::Certified { camera, from: begin(), to };
        let grant: Grant<act::CertifyDestruction> = self.admit(Action::CertifyDestruction, target);
        self.clock.advance(Duration::from_secs(2));
        self.append(Kind::Alive);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.ledger.publish()).unwrap();
        let kept_of = |asked: &[BucketId]| -> Vec<BucketId> {
            asked.iter().copied().filter(|id| kept.contains(id)).collect()
        };
        let sources = Sources {
            ledger: &self.ledger,
            recorder: recorder(),
            now: self.clock.wall(),
            kept: &kept_of,
        };
        make(&sources, &grant).unwrap()
    }

    fn admit<A: Act>(&self, action: Action, target: Target) -> Grant<A> {
        let purpose = domain::Purpose::new(domain::PurposeKind::SubjectRequest, "a test").unwrap();
        let actor = Actor::Person(AccountId::from_bytes([1; 16]));
        let ask = Ask { actor, action, target, purpose: Some(purpose), proposal: None };
        let facts = Facts { roles: vec![Role::Manager], ..Facts::nobody() };
        self.ledger.admit_blocking(decide(ask, &facts, self.clock.wall()).unwrap()).unwrap()
    }

    fn policy(&self) -> Policy {
        let text = format!("log {}\nquorum none\n", self.ledger.verifier_key(2026));
        Policy::parse(text.as_bytes()).unwrap()
    }

    fn offline(&self, certificate: &Certificate) -> Report {
        verify(certificate.to_file().as_bytes(), &self.policy(), None)
    }

    fn with_ledger(&self, certificate: &Certificate) -> Report {
        let folder: &Path = self.folder.path();
        let source = verify::source::open(&folder.display().to_string()).unwrap();
        verify(certificate.to_file().as_bytes(), &self.policy(), Some(&*source))
    }
}

fn fact(camera: CameraId, hour: u8) -> BucketFact {
    let start = begin() + HOUR * u32::from(hour);
    let mut id = [hour; 16];
    id[0] = camera.as_bytes()[0];
    BucketFact {
        bucket: BucketId::from_random(id),
        key_sha256: [camera.as_bytes()[0] ^ hour; 32],
        feed: Feed { camera, kind: FeedKind::Main },
        start,
        end: start + HOUR,
        expires_at: start + HOUR * 24,
    }
}

fn disk(name: &str, is_rotational: bool) -> DeviceFacts {
    let is_rotational = Some(is_rotational);
    DeviceFacts { name: name.into(), is_rotational, ..DeviceFacts::default() }
}

fn storage(file_system: &str, option: &str, device: DeviceFacts) -> StorageFacts {
    StorageFacts {
        file_system: file_system.into(),
        options: [option.to_owned()].into(),
        mappings: Vec::new(),
        devices: vec![device],
    }
}

fn holder(kind: HolderKind, facts: &StorageFacts) -> HolderFact {
    let found = provable(kind, facts);
    HolderFact {
        holder: match kind {
            HolderKind::Slot => HolderWord::Slot,
            HolderKind::Tpm => HolderWord::Tpm,
            HolderKind::Pkcs11 => HolderWord::Pkcs11,
        },
        state: HolderState::Keeps,
        provable: match found {
            Provable::Yes => ProvableWord::Provable,
            Provable::NotOnThisDevice(_) => ProvableWord::NotProvableOnThisDevice,
        },
        reason: found.reason().map(str::to_owned),
        count: 1,
    }
}

/// What the machine is made of, what keeps its key, and why destruction cannot be proven there.
fn profiles() -> [(&'static str, Vec<HolderFact>, Option<&'static str>); 5] {
    let ext4 = |device| storage("ext4", "data=ordered", device);
    let slot = |facts: StorageFacts| holder(HolderKind::Slot, &facts);
    let tpm = holder(HolderKind::Tpm, &StorageFacts::default());
    [
        ("a disk that turns, ext4", vec![slot(ext4(disk("sda", true)))], None),
        ("flash, ext4", vec![slot(ext4(disk("nvme0n1", false)))], Some("flash")),
        (
            "a disk that turns, data through the journal",
            vec![slot(storage("ext4", "data=journal", disk("sda", true)))],
            Some("journal"),
        ),
        (
            "a disk that turns, copy on write",
            vec![slot(storage("btrfs", "rw", disk("sda", true)))],
            Some("elsewhere"),
        ),
        ("flash with a TPM alone", vec![tpm], None),
    ]
}

/// Each profile's certificate says what is true there, holds offline and against the ledger; one
/// that claims more is refused.
#[test]
fn k7_a_certificate_is_honest_on_five_hardware_profiles() {
    for (name, holders, why_not) in profiles() {
        let house = House::new(&holders);
        house.destroy(HOURS, false);
        let certificate = house.certificate(CAMERA, &[]);
        assert_eq!(certificate.buckets.len(), usize::from(HOURS), "{name}");
        for report in [house.offline(&certificate), house.with_ledger(&certificate)] {
            assert_eq!(report.word(), Word::Verified, "{name}: {:?}", report.findings());
            let word = report.fact_of("provable").unwrap().as_str().unwrap();
            assert_eq!(word == "provable", why_not.is_none(), "{name}");
            let reasons = report.fact_of("reasons").unwrap().to_string();
            assert!(reasons.contains(why_not.unwrap_or("[]")), "{name}: {reasons}");
        }
        let untimely =
            ["before_due", "late"].map(|it| house.offline(&certificate).fact_of(it).cloned());
        assert_eq!(untimely, [Some(0.into()), Some(0.into())], "{name}");
        let text = certificate.to_file();
        let told = text.contains("not provable on this device");
        assert_eq!(told, why_not.is_some(), "{name}");

        // The controls: what is not provable is called so, and what is, worse than it is.
        let mut other = certificate.clone();
        for rotation in &mut other.rotations {
            rotation.provable = why_not.is_some();
            rotation.reasons = Vec::new();
        }
        assert_eq!(house.offline(&other).word(), Word::Overstated, "{name}");
        if why_not.is_some() {
            let mut other = certificate.clone();
            other.holders = Vec::new();
            other.rotations = rotations(&other);
            assert!(
                !other.rotations.iter().any(|it| it.provable),
                "what is left out proves nothing"
            );
        }
    }
}

/// The worst of what kept the key counts, from the making of the key on, and a holder that was given
/// up meanwhile.
#[test]
fn k7_every_holder_from_the_making_on_counts() {
    let [(_, good, _), (_, flash, _), ..] = profiles();
    let word = |house: &House| {
        let certificate = house.certificate(CAMERA, &[]);
        let report = house.with_ledger(&certificate);
        assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
        report.fact_of("provable").unwrap().as_str().unwrap().to_owned()
    };
    let both = [good.clone(), flash.clone()].concat();
    let given_up = |mut holders: Vec<HolderFact>| {
        let mut gone = flash[0].clone();
        gone.state = HolderState::GivenUp;
        holders.push(gone);
        holders
    };
    for (before, after, expected) in [
        (&good, &good, "provable"),
        (&both, &both, "not-provable-on-this-device"),
        (&flash, &good, "not-provable-on-this-device"),
        (&good, &flash, "not-provable-on-this-device"),
        (&good, &given_up(good.clone()), "not-provable-on-this-device"),
        // It was given up before the key was made: it never had it.
        (&given_up(good.clone()), &given_up(good.clone()), "provable"),
    ] {
        let house = House::new(before);
        if before != after {
            house.hold(after);
        }
        house.destroy(HOURS, false);
        assert_eq!(word(&house), expected, "{before:?} then {after:?}");
    }
    // The control: the list in between is left out. The ledger has it.
    let house = House::new(&flash);
    house.hold(&good);
    house.destroy(HOURS, false);
    house.hold(&flash);
    let mut certificate = house.certificate(CAMERA, &[]);
    let whole = certificate.holders.clone();
    assert_eq!(whole.len(), 2);
    certificate.holders.remove(0);
    certificate.rotations = rotations(&certificate);
    assert_eq!(
        house.offline(&certificate).fact_of("provable").unwrap(),
        "not-provable-on-this-device"
    );
}

/// A bucket that is left out, by leaving a hole or by saying that nothing was there.
#[test]
fn k7_a_bucket_that_is_left_out_is_missed() {
    let [(_, good, _), ..] = profiles();
    let house = House::new(&good);
    house.destroy(HOURS, false);
    let whole = house.certificate(CAMERA, &[]);
    let mut hole = whole.clone();
    let gone = hole.buckets.remove(1);
    hole.rotations = rotations(&hole);
    assert_eq!(house.offline(&hole).word(), Word::SpanUncovered);
    let mut denied = hole.clone();
    denied.nothing.push(Stretch { feed: "main".into(), from: gone.start, to: gone.end });
    // Offline that is the recorder's word; with the ledger it is a lie.
    assert_eq!(house.offline(&denied).word(), Word::Verified);
    let report = house.with_ledger(&denied);
    assert_eq!(report.word(), Word::BucketLeftOut, "{:?}", report.findings());
    // Without the secret of the day nobody could look.
    let mut blind = denied;
    blind.secrets.clear();
    blind.buckets.clear();
    blind.rotations.clear();
    assert_eq!(house.offline(&blind).word(), Word::SpanUncovered);
    // The control: whole, it holds, and of the other camera just as well.
    for camera in [CAMERA, OTHER] {
        let report = house.with_ledger(&house.certificate(camera, &[]));
        assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
    }
}

type Change = fn(&mut Certificate);

#[test]
fn k7_an_altered_certificate_is_refused() {
    let [(_, good, _), ..] = profiles();
    let house = House::new(&good);
    house.destroy(HOURS - 1, true);
    let kept = fact(CAMERA, HOURS - 1).bucket;
    let whole = house.certificate(CAMERA, &[kept]);
    assert_eq!(whole.buckets.last().unwrap().state, State::Kept);
    let report = house.with_ledger(&whole);
    assert_eq!(report.word(), Word::StillKept, "{:?}", report.findings());
    assert_eq!(report.fact_of("before_due").unwrap(), 2);
    assert!(whole.rotations.iter().all(|rotation| rotation.early && rotation.proposal.is_some()));
    let changes: &[(Word, Change)] = &[
        (Word::BucketUnproven, |it| it.camera = OTHER.to_string()),
        (Word::BucketUnproven, |it| it.buckets[0].expires_at += 1),
        (Word::BucketUnproven, |it| it.buckets[0].end -= 1),
        (Word::BucketUnproven, |it| it.buckets[0].feed = "sub".into()),
        (Word::BucketUnproven, |it| it.buckets[0].key_sha256 = "00".repeat(32)),
        (Word::BucketUnproven, |it| it.buckets[2].state = State::Destroyed),
        (Word::BucketUnproven, |it| {
            it.buckets[2].destroyed = it.buckets[0].destroyed.clone();
            it.buckets[2].state = State::Destroyed;
        }),
        (Word::BucketUnproven, |it| it.buckets[0].destroyed = None),
        (Word::BucketUnproven, |it| it.buckets.push(it.buckets[0].clone())),
        (Word::BucketUnproven, |it| it.secrets[0].secret = "00".repeat(32)),
        (Word::Overstated, |it| it.rotations[0].early = false),
        (Word::Overstated, |it| it.rotations[0].proposal = None),
        (Word::Overstated, |it| drop(it.rotations.remove(0))),
        (Word::Overstated, |it| it.intent = it.holders[0].clone()),
        (Word::NotIncluded, |it| {
            it.entries[1].entry = it.entries[1].entry.replace("2026", "2025");
        }),
        (Word::NotIncluded, |it| it.entries[1].hashes.clear()),
        (Word::UnknownLog, |it| it.recorder = OTHER.to_string()),
        (Word::SpanUncovered, |it| it.from = "2026-11-21T11:00:00.000000Z".into()),
        (Word::CheckpointMalformed, |it| it.checkpoints[0] = "no note".into()),
    ];
    for (at, (word, change)) in changes.iter().enumerate() {
        let mut other = whole.clone();
        change(&mut other);
        let report = house.offline(&other);
        assert!(report.count_of(*word) > 0, "change {at}: {:?}", report.findings());
        assert!(report.word().class() == verify::Class::Refused, "change {at}");
    }
    // The text says nothing of its own.
    let file = whole.to_file();
    let lie = file.replacen("early", "as due", 1);
    assert_ne!(lie, file);
    let report = verify(lie.as_bytes(), &house.policy(), None);
    assert_eq!(report.word(), Word::CertificateAltered);
    for cut in [0, 10, 100, file.len() / 2, file.len() - 1] {
        let cut = (cut..).find(|at| file.is_char_boundary(*at)).unwrap();
        let report = verify(&file.as_bytes()[..cut], &house.policy(), None);
        assert_eq!(report.word(), Word::CertificateMalformed, "cut at {cut}");
    }
}

/// An early act that is put down to one that was due: offline nobody can see that a nearer act was
/// left out, and the ledger has it.
#[test]
fn k7_an_early_act_cannot_be_put_down_to_one_that_was_due() {
    let [(_, good, _), ..] = profiles();
    let house = House::new(&good);
    let due = house.append(Kind::Intent { action: Action::DestroyExpired, proposal: None });
    house.append(Kind::Outcome { intent: due, result: OutcomeWord::Done });
    house.destroy(HOURS, true);
    let mut certificate = house.certificate(CAMERA, &[]);
    let proofs = house.ledger.proofs(&[due].into()).unwrap();
    let acts: Vec<String> = certificate.rotations.iter().map(|it| it.intent.clone()).collect();
    certificate.entries.retain(|entry| !acts.contains(&entry.number));
    certificate.entries.push(verify::certificate::Proven {
        number: due.to_string(),
        entry: String::from_utf8(house.ledger.entry_bytes(due).unwrap()).unwrap(),
        hashes: proofs[0].hashes[&due].iter().map(tlog::Hash::to_base64).collect(),
    });
    certificate.rotations = rotations(&certificate);
    assert!(certificate.rotations.iter().all(|rotation| !rotation.early));
    assert_eq!(house.offline(&certificate).word(), Word::Verified);
    assert_eq!(house.with_ledger(&certificate).word(), Word::Overstated);
}

/// An hour whose key is destroyed and of which minutes are held is not destroyed; when they go it is.
#[test]
fn k7_held_minutes_are_told_and_are_no_destruction() {
    let [(_, good, _), ..] = profiles();
    let house = House::new(&good);
    let bucket = fact(CAMERA, 0).bucket;
    let lines: Vec<String> =
        (0..2).map(|at| format!("{bucket}/{} {:064x}", 29_000_000 + at, at + 77)).collect();
    let held = house.ledger.keep_companion(&lines).unwrap();
    house.append(Kind::Keys { companion: held });
    house.destroy(HOURS, false);
    let certificate = house.certificate(CAMERA, &[]);
    assert_eq!(certificate.buckets[0].state, State::Held);
    let report = house.with_ledger(&certificate);
    assert_eq!(report.word(), Word::StillKept, "{:?}", report.findings());
    assert_eq!(report.fact_of("held").unwrap(), 1);
    // The control: it is said to be destroyed whole, with the minutes there, and without.
    let mut other = certificate;
    other.buckets[0].state = State::Destroyed;
    assert_eq!(house.offline(&other).word(), Word::BucketUnproven);
    other.buckets[0].minutes.clear();
    other.rotations = rotations(&other);
    assert_eq!(house.with_ledger(&other).word(), Word::BucketLeftOut);

    let intent = house.append(Kind::Intent { action: Action::DestroyExpired, proposal: None });
    let companion = house.ledger.keep_companion(&lines).unwrap();
    let held_by = house.ledger.holders().map(|(number, _)| number);
    house.append(Kind::Destroyed { epoch: 9, companion, held_by });
    house.append(Kind::Outcome { intent, result: OutcomeWord::Done });
    let certificate = house.certificate(CAMERA, &[]);
    let report = house.with_ledger(&certificate);
    assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
    assert_eq!(certificate.buckets[0].minutes.len(), 2);
}

/// What was shown of the span before, and of no other.
#[test]
fn k7_what_left_before_is_told_without_names() {
    let [(_, good, _), ..] = profiles();
    let house = House::new(&good);
    let actor = Actor::Person(AccountId::from_bytes([9; 16])).to_string();
    let span = |camera: CameraId, from: WallTime| SpanRecord {
        camera: camera.to_string(),
        from: from.to_string(),
        to: (from + HOUR).to_string(),
    };
    let intent = house.append(Kind::Intent { action: Action::PlayFootage, proposal: None });
    for (camera, from) in [(CAMERA, begin()), (OTHER, begin()), (CAMERA, begin() + HOUR * 5)] {
        let record = Record::Served { actor: actor.clone(), spans: vec![span(camera, from)] };
        let event = Event { kind: Kind::Served { intent }, record: Some(record) };
        house.ledger.append_blocking(vec![event]).unwrap();
    }
    house.append(Kind::Outcome { intent, result: OutcomeWord::Done });
    let target = Target::Footage { cameras: vec![CAMERA], from: begin(), to: begin() + HOUR };
    let cut_off: Grant<act::PlayFootage> = house.admit(Action::PlayFootage, target);
    let number = cut_off.number();
    drop(cut_off);
    house.destroy(HOURS, false);
    let certificate = house.certificate(CAMERA, &[]);
    let left: Vec<&str> = certificate.left.iter().map(|left| &*left.entry).collect();
    let served = domain::EntryNumber { index: intent.index + 1, ..intent }.to_string();
    assert_eq!(left, [served, number.to_string()]);
    assert!(!certificate.to_file().contains(&actor));
    let report = house.with_ledger(&certificate);
    assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
}
