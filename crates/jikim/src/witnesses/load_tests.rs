//! L4 under load: how old the oldest entry gets that no quorum has cosigned, with three real
//! witnesses of which two are enough, and a line on which requests and answers are lost.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use domain::RecorderId;
use host::{Clock, Disk, SystemClock};
use ledger::{Kind, Ledger, LedgerConfig};
use testkit::TestClock;
use tlog::policy::Policy;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use witness::{HttpLimits, Server, Settings, Witness};

use super::{Authorities, Evidence, Witnesses, run};
use crate::witness_health::alarms_of;

/// What is promised.
const P99: Duration = Duration::from_secs(10);
const P100: Duration = Duration::from_secs(60);

/// How long: ten minutes with `JIKIM_TEST_SIZE=long`.
static LENGTH: LazyLock<Duration> = LazyLock::new(|| {
    let is_long = testkit::is_long();
    Duration::from_secs(if is_long { 600 } else { 20 })
});

/// Numbers that are the same in each run (splitmix64), to many tasks.
struct Chance(AtomicU64);

impl Chance {
    fn below(&self, end: u64) -> u64 {
        let at = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (at ^ (at >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) % end
    }
}

/// A line to a witness that loses so many of a hundred requests: half of them on the way there, half
/// of the answers. Nobody is told; who waits, waits. Gives its address and counts what it lost.
async fn line(to: SocketAddr, lost_percent: u64, lost: Arc<AtomicU64>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let chance = Chance(AtomicU64::new(u64::from(to.port())));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let drawn = chance.below(200);
            lost.fetch_add(u64::from(drawn < lost_percent * 2), Ordering::Relaxed);
            tokio::spawn(async move {
                // Whoever hangs up ends it.
                let _ = carry(client, to, drawn < lost_percent, drawn < lost_percent * 2).await;
            });
        }
    });
    address
}

async fn carry(
    mut client: TcpStream,
    to: SocketAddr,
    loses_request: bool,
    loses_answer: bool,
) -> std::io::Result<()> {
    if loses_request {
        return tokio::io::copy(&mut client, &mut tokio::io::sink()).await.map(drop);
    }
    let mut witness = TcpStream::connect(to).await?;
    if !loses_answer {
        return tokio::io::copy_bidirectional(&mut client, &mut witness).await.map(drop);
    }
    let (mut from_client, _to_client) = client.split();
    let (mut from_witness, mut to_witness) = witness.split();
    let there = tokio::io::copy(&mut from_client, &mut to_witness);
    let mut swallowed = tokio::io::sink();
    let back = tokio::io::copy(&mut from_witness, &mut swallowed);
    tokio::try_join!(there, back).map(drop)
}

fn open(folder: &Path, clock: &Arc<dyn Clock>, policy: Option<Policy>) -> Ledger {
    let config =
        LedgerConfig { folder: folder.join("ledger"), recorder: RecorderId::from_bytes([7; 16]) };
    let (fs, clock) = (Arc::new(Disk), Arc::clone(clock));
    match policy {
        Some(policy) => Ledger::open_witnessed(&config, fs, clock, policy).unwrap(),
        None => Ledger::open(&config, fs, clock).unwrap(),
    }
}

async fn witness(folder: &Path, log_key: &str) -> (Server, String) {
    let key = witness::create(&Disk, folder, "witness.example/1").unwrap();
    witness::add_log(&Disk, folder, log_key).unwrap();
    let clock = Arc::new(SystemClock);
    let opened = Witness::open(folder, Arc::new(Disk), clock.clone(), Settings::default());
    let listen = "127.0.0.1:0".parse().unwrap();
    let serving =
        witness::serve(listen, None, Arc::new(opened.unwrap()), clock, HttpLimits::default());
    (serving.await.unwrap(), key.to_string())
}

/// A recorder's ledger, its witnesses, and who asks them.
struct Witnessed {
    folder: tempfile::TempDir,
    ledger: Ledger,
    servers: Vec<Server>,
    asking: JoinHandle<()>,
    lost: Arc<AtomicU64>,
}

impl Witnessed {
    async fn new(clock: Arc<dyn Clock>, lost_percent: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bare = open(folder.path(), &clock, None);
        let log_key = bare.verifier_key(clock.wall().year());
        bare.close();
        drop(bare);
        let (mut servers, mut text, lost) =
            (Vec::new(), String::new(), Arc::<AtomicU64>::default());
        for name in ["a", "b", "c"] {
            let (server, key) = witness(&folder.path().join(name), &log_key).await;
            let address = line(server.address(), lost_percent, Arc::clone(&lost)).await;
            text += &format!("witness {name} {key} http://{address}\n");
            servers.push(server);
        }
        text += "group all 2 a b c\nquorum all\n";
        let policy = Policy::parse(text.as_bytes()).unwrap();
        let ledger = open(folder.path(), &clock, Some(policy));
        let authorities = Authorities::read(folder.path());
        let (views, evidence) = (Witnesses::default(), Evidence::open(folder.path()).unwrap());
        let asking = tokio::spawn(run(ledger.clone(), clock, views, authorities, evidence));
        Self { folder, ledger, servers, asking, lost }
    }

    async fn end(self) {
        self.asking.abort();
        self.ledger.close();
        for server in self.servers {
            server.shutdown().await;
        }
        drop(self.folder);
    }
}

/// Entries as they come where people watch and reels close: in bursts of one to six, eight times a
/// second; each 20 ms it is looked how old the oldest is that no quorum has cosigned.
async fn ages(house: &Witnessed, length: Duration) -> (usize, Vec<Duration>) {
    let (chance, mut ages, mut entries) = (Chance(AtomicU64::new(4)), Vec::new(), 0);
    let (begun, mut next) = (Instant::now(), Instant::now());
    while begun.elapsed() < length {
        if Instant::now() >= next {
            let count = 1 + usize::try_from(chance.below(6)).unwrap();
            let events = (0..count).map(|_| Kind::Alive.into()).collect();
            house.ledger.append(events).await.unwrap();
            entries += count;
            next += Duration::from_millis(chance.below(250));
        }
        let since = house.ledger.witness_status().unwrap().waiting_since;
        ages.push(since.map_or(Duration::ZERO, |since| SystemClock.wall().since(since)));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (entries, ages)
}

/// Whether the promise was kept, and the figures.
fn judge(mut ages: Vec<Duration>) -> (bool, String) {
    ages.sort_unstable();
    let of = |part: usize| ages[(ages.len() - 1) * part / 100];
    let figures =
        format!("p50 {:.1?}, p99 {:.1?}, p100 {:.1?} of {}", of(50), of(99), of(100), ages.len());
    (of(99) <= P99 && of(100) <= P100, figures)
}

#[tokio::test(flavor = "multi_thread")]
async fn l4_under_load_the_oldest_uncosigned_entry_is_ten_seconds_old_at_most() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (whole, lossy) =
        tokio::join!(Witnessed::new(Arc::clone(&clock), 0), Witnessed::new(Arc::clone(&clock), 10));
    let (one, other) = tokio::join!(ages(&whole, *LENGTH), ages(&lossy, *LENGTH));
    for (name, house, (entries, ages)) in [("whole", whole, one), ("10 % lost", lossy, other)] {
        let ((is_kept, figures), lost) = (judge(ages), house.lost.load(Ordering::Relaxed));
        eprintln!("{name}: {entries} entries, {lost} requests lost: {figures}");
        assert!(is_kept, "{name}: {figures}");
        assert_eq!(house.ledger.status().broken, None);
        house.end().await;
    }
}

/// The control: nobody answers. The age grows past what is promised, which the judge sees; after a
/// minute there is an alarm, and none before.
#[tokio::test(flavor = "multi_thread")]
async fn l4_control_without_witnesses_the_age_grows_and_an_alarm_is_raised() {
    let clock = TestClock::new(SystemClock.wall());
    let house = Witnessed::new(Arc::new(clock.clone()), 100).await;
    house.ledger.append(vec![Kind::Alive.into()]).await.unwrap();
    let mut ages = Vec::new();
    for second in 0..120 {
        let (status, now) = (house.ledger.witness_status().unwrap(), clock.wall());
        let age = now.since(status.waiting_since.expect("nobody cosigned it"));
        ages.push(age);
        let codes: Vec<String> =
            alarms_of(status, &[], now).into_iter().map(|it| it.code).collect();
        let expected: &[&str] = if second >= 60 { &["unwitnessed"] } else { &[] };
        assert_eq!(codes, expected, "{age:?}");
        clock.advance(Duration::from_secs(1));
    }
    let (is_kept, figures) = judge(ages);
    assert!(!is_kept, "{figures}");
    house.end().await;
}

/// The line does what it says: of the requests some come through, and what is lost is silence.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_loses_requests_is_silent_about_them() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut byte = [0];
            if client.read_exact(&mut byte).await.is_ok() {
                let _ = client.write_all(b"!").await;
            }
        }
    });
    let lost = Arc::<AtomicU64>::default();
    let address = line(to, 30, Arc::clone(&lost)).await;
    let mut silent = 0;
    for _ in 0..40 {
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"?").await.unwrap();
        let mut byte = [0];
        let answer = client.read_exact(&mut byte);
        silent +=
            u64::from(tokio::time::timeout(Duration::from_millis(100), answer).await.is_err());
    }
    assert_eq!(silent, lost.load(Ordering::Relaxed));
    assert!((4..=24).contains(&silent), "{silent}");
}
