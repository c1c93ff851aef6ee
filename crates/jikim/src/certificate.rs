//! Making the certificate of destruction (`docs/formats/destruction-certificate.md`).
//!
//! Nothing is remembered for it: the ledger is read from the span on, and the camera's buckets are
//! found in its public lists by the secrets of their days. What was made is then verified as an
//! outsider would, so that no certificate is given out that does not hold.

mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use access::{Grant, Target, act};
use domain::{BucketId, CameraId, EntryNumber, FeedKind, RecorderId, WallTime};
use ledger::{Ledger, ReadLedgerError, day_of};
use tlog::policy::Policy;
use verify::Word;
use verify::certificate::{
    Bucket, Certificate, DaySecret, Left, Proven, State, Stretch, rotations, verify,
};

use crate::house::House;
use crate::{Told, sentence};

use scan::Scan;

/// How long a certificate waits for the witnesses to have seen its own act.
const PATIENCE: Duration = Duration::from_secs(15);
/// A bucket is at most so long, and may have begun so long before the span.
const LONGEST_BUCKET: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// The span of a grant.
#[derive(Debug, Clone, Copy)]
struct Asked {
    camera: CameraId,
    from: WallTime,
    to: WallTime,
}

impl Asked {
    fn of(grant: &Grant<act::CertifyDestruction>) -> Self {
        let Target::Certified { camera, from, to } = *grant.target() else {
            unreachable!("the rules permit certifying with no other target");
        };
        Self { camera, from, to }
    }
}

/// What a certificate is made from.
struct Sources<'h> {
    ledger: &'h Ledger,
    recorder: RecorderId,
    now: WallTime,
    /// Which of these buckets are kept.
    kept: &'h dyn Fn(&[BucketId]) -> Vec<BucketId>,
}

/// The file of the certificate that a grant is for.
pub(crate) async fn certificate(
    house: &House,
    grant: &Grant<act::CertifyDestruction>,
) -> Told<String> {
    // The act itself stands in it: it has to be signed first, and seen by the witnesses if there are
    // any. Where they cannot be reached the certificate is made all the same, and says who signed.
    house.ledger.publish().await.map_err(sentence)?;
    if house.ledger.policy().is_some() {
        house.ledger.cosigned(grant.number(), PATIENCE).await;
    }
    let sources = Sources {
        ledger: &house.ledger,
        recorder: house.recorder_id,
        now: house.clock.wall(),
        kept: &|buckets| house.vault.kept_of(buckets),
    };
    let file = tokio::task::block_in_place(|| make(&sources, grant)).map_err(sentence)?.to_file();
    check(&house.ledger, grant, &file)?;
    Ok(file)
}

fn make(
    sources: &Sources<'_>,
    grant: &Grant<act::CertifyDestruction>,
) -> Result<Certificate, ReadLedgerError> {
    let ledger = sources.ledger;
    let asked = Asked::of(grant);
    let secrets = secrets(ledger, grant, asked)?;
    let mut scan = Scan::new(ledger, grant, asked, &secrets);
    scan.run()?;
    let mut buckets = scan.buckets();
    mark_kept(sources, &mut buckets);
    let mut numbers = scan.numbers(&buckets);
    numbers.insert(grant.number());
    let (entries, checkpoints) = proofs(ledger, &numbers)?;
    let camera = ledger.camera(asked.camera);
    let feeds = [FeedKind::Main, FeedKind::Sub];
    let mut certificate = Certificate {
        v: 1,
        recorder: sources.recorder.to_string(),
        made_at: sources.now.to_string(),
        intent: grant.number().to_string(),
        camera: asked.camera.to_string(),
        name: camera.map(|camera| camera.name).unwrap_or_default(),
        from: asked.from.to_string(),
        to: asked.to.to_string(),
        secrets: secrets.iter().map(wire_secret).collect(),
        holders: scan.holders(&buckets).iter().map(ToString::to_string).collect(),
        nothing: feeds.iter().flat_map(|kind| nothing(*kind, &buckets, asked)).collect(),
        buckets,
        untagged: scan.untagged(),
        left: scan.left().into_iter().map(left).collect(),
        rotations: Vec::new(),
        entries,
        checkpoints,
    };
    certificate.rotations = rotations(&certificate);
    Ok(certificate)
}

fn mark_kept(sources: &Sources<'_>, buckets: &mut [Bucket]) {
    let ids: Vec<BucketId> = buckets.iter().filter_map(|it| it.bucket.parse().ok()).collect();
    let kept: BTreeSet<String> = (sources.kept)(&ids).iter().map(ToString::to_string).collect();
    for bucket in buckets.iter_mut().filter(|bucket| bucket.destroyed.is_none()) {
        if kept.contains(&bucket.bucket) {
            bucket.state = State::Kept;
        }
    }
}

fn left((number, how): (EntryNumber, verify::certificate::How)) -> Left {
    Left { entry: number.to_string(), how }
}

/// The secret of a feed's day.
#[derive(Debug, Clone)]
struct Known {
    kind: FeedKind,
    day: i64,
    secret: [u8; 32],
}

fn wire_secret(known: &Known) -> DaySecret {
    let secret = hex(&known.secret);
    DaySecret { feed: word(known.kind).into(), day: known.day, secret }
}

const fn word(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Main => "main",
        FeedKind::Sub => "sub",
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The secrets of the days of a span, and of the day before where a bucket may have begun in it. A
/// month without a root has no buckets with tags.
fn secrets(
    ledger: &Ledger,
    grant: &Grant<act::CertifyDestruction>,
    asked: Asked,
) -> Result<Vec<Known>, ReadLedgerError> {
    let mut known = Vec::new();
    let mut time = asked.from - LONGEST_BUCKET;
    loop {
        // The end of a span is no part of it; a day is asked for by any moment of it.
        let last = asked.to - Duration::from_micros(1);
        for kind in [FeedKind::Main, FeedKind::Sub] {
            if let Some(secret) = ledger.day_secret(grant, kind, time.min(last))? {
                known.push(Known { kind, day: day_of(time.min(last)), secret });
            }
        }
        if day_of(time) >= day_of(last) {
            break;
        }
        time = time + DAY;
    }
    known.sort_by_key(|it| (it.kind == FeedKind::Sub, it.day));
    known.dedup_by_key(|it| (it.kind, it.day));
    Ok(known)
}

/// Times of the span of which a feed has no bucket.
fn nothing(kind: FeedKind, buckets: &[Bucket], asked: Asked) -> Vec<Stretch> {
    let feed = word(kind);
    let of = buckets.iter().filter(|bucket| bucket.feed == feed);
    let mut parts: Vec<(i64, i64)> = of.map(|bucket| (bucket.start, bucket.end)).collect();
    parts.sort_unstable();
    let (mut at, end) = (asked.from.as_micros(), asked.to.as_micros());
    parts.push((end, end));
    let mut empty = Vec::new();
    for (from, to) in parts {
        if from > at {
            empty.push(Stretch { feed: feed.into(), from: at, to: from.min(end) });
        }
        at = at.max(to);
    }
    empty
}

fn proofs(
    ledger: &Ledger,
    numbers: &BTreeSet<EntryNumber>,
) -> Result<(Vec<Proven>, Vec<String>), ReadLedgerError> {
    let (mut entries, mut checkpoints) = (Vec::new(), Vec::new());
    for year in ledger.proofs(numbers)? {
        for (number, hashes) in year.hashes {
            let bytes = ledger.entry_bytes(number)?;
            entries.push(Proven {
                number: number.to_string(),
                entry: String::from_utf8_lossy(&bytes).into_owned(),
                hashes: hashes.iter().map(tlog::Hash::to_base64).collect(),
            });
        }
        checkpoints.push(year.checkpoint);
    }
    Ok((entries, checkpoints))
}

/// As an outsider would, trusting this log and asking for no witness.
fn check(ledger: &Ledger, grant: &Grant<act::CertifyDestruction>, file: &str) -> Told<()> {
    let key = ledger.verifier_key(grant.number().year);
    let policy = Policy::parse(format!("log {key}\nquorum none\n").as_bytes()).map_err(sentence)?;
    let report = verify(file.as_bytes(), &policy, None);
    if matches!(report.word(), Word::Verified | Word::StillKept) {
        return Ok(());
    }
    let found: BTreeMap<_, _> = report
        .findings()
        .iter()
        .map(|it| (it.word.text(), format!("{} {}", it.place, it.detail)))
        .collect();
    Err(format!("the certificate does not hold: {found:?}"))
}

#[cfg(test)]
mod tests;
