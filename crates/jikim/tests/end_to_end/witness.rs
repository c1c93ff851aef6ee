//! A recorder and a real witness: what is entered is cosigned within seconds, and an old copy of the
//! disk that is put back is caught, while the cameras go on being recorded.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use host::{Disk, SystemClock};
use testkit::copy_folder;
use tokio::runtime::Runtime;
use witness::{HttpLimits, Server, Settings, Witness};

use crate::house::{House, camera, cameras, each_file, wait_until};

const WITHIN: Duration = Duration::from_secs(60);
/// Runs of the doctor, the one without a witness included, until each of its attacks had its object.
const MOST_DOCTOR_RUNS: usize = 6;

fn start_witness(runtime: &Runtime, folder: &Path, log_key: &str) -> (Server, String) {
    start_witness_over(runtime, folder, log_key, None)
}

fn start_witness_over(
    runtime: &Runtime,
    folder: &Path,
    log_key: &str,
    tls: Option<Arc<rustls::ServerConfig>>,
) -> (Server, String) {
    let scheme = if tls.is_some() { "https" } else { "http" };
    let key = witness::create(&Disk, folder, "witness.example/1").unwrap();
    witness::add_log(&Disk, folder, log_key).unwrap();
    let clock = Arc::new(SystemClock);
    let opened = Witness::open(folder, Arc::new(Disk), clock.clone(), Settings::default());
    let listen = "127.0.0.1:0".parse().unwrap();
    let limits = HttpLimits::default();
    let serving = witness::serve(listen, tls, Arc::new(opened.unwrap()), clock, limits);
    let server = runtime.block_on(serving).unwrap();
    let address = server.address();
    (server, format!("witness w {key} {scheme}://{address}\nquorum w\n"))
}

fn cosigned_size(house: &House) -> u64 {
    house.status()["ledger"]["cosigned_size"].as_u64().unwrap_or(0)
}

/// A certificate for this machine, and a server's side of it.
fn identity() -> (String, Arc<rustls::ServerConfig>) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (made.cert.pem(), Arc::new(server))
}

/// Over HTTPS too: but only where somebody vouches for the witness's address.
#[test]
fn l4_over_https_a_witness_that_somebody_vouches_for_cosigns_and_another_does_not() {
    let mut house = House::run();
    let key = house.cli(&["ledger", "key"]).out;
    let key = key.lines().next().unwrap().trim().to_owned();
    house.stop();
    let (runtime, (certificate, tls)) = (Runtime::new().unwrap(), identity());
    let (server, policy) = start_witness_over(&runtime, &house.beside("witness"), &key, Some(tls));
    assert!(policy.contains("https://"));
    std::fs::write(house.data().join("witnesses.policy"), &policy).unwrap();
    // The control: a certificate that nobody whom the system trusts has signed.
    house.start(&[]);
    // And not that it was slow, which under load it may be at any time.
    let is_refused = |house: &House| {
        let log = house.log();
        log.contains("invalid peer certificate") || log.contains("the authorities in")
    };
    wait_until("the witness is not believed", WITHIN, || is_refused(&house));
    assert_eq!(cosigned_size(&house), 0);
    house.stop();
    std::fs::write(house.data().join("witnesses.pem"), certificate).unwrap();
    house.start(&[]);
    wait_until("the witness has cosigned", WITHIN, || cosigned_size(&house) > 0);
    assert!(!is_refused(&house), "{}", house.log());
    house.stop();
    // Two starts with the same witnesses said it once; that they are gone is said as well.
    let said = |house: &House| {
        let journal = journal_text(house);
        journal.matches("\"kind\":\"witnesses\"").count()
    };
    assert_eq!(said(&house), 1, "{}", journal_text(&house));
    std::fs::remove_file(house.data().join("witnesses.policy")).unwrap();
    house.start(&[]);
    house.stop();
    assert_eq!(said(&house), 2, "{}", journal_text(&house));
    drop(server);
}

fn journal_text(house: &House) -> String {
    let mut text = String::new();
    each_file(&house.data().join("ledger"), &mut |path, bytes| {
        if path.ends_with("journal") {
            text.push_str(&String::from_utf8_lossy(bytes));
        }
    });
    text
}

#[test]
fn l3_l6_k8_a1_the_doctor_attacks_a_running_recorder_and_all_that_it_tested_holds() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&id, 40);
    let keys = house.cli(&["ledger", "key"]).out;
    let key = keys.lines().next().unwrap().to_owned();
    let address = house.first_line()["address"].as_str().unwrap().replace("https://", "");
    let ask = |house: &House, address: &str| {
        let told = house.cli(&["doctor", "--claims", "--json", "--address", address]);
        assert_eq!(told.code, 0, "{told:?}");
        let claims: serde_json::Value = serde_json::from_str(&told.out).unwrap();
        let result = |claim: &serde_json::Value| {
            let word = |name: &str| claim[name].as_str().unwrap().to_owned();
            (word("claim"), word("result"))
        };
        claims.as_array().unwrap().iter().map(result).collect::<Vec<_>>()
    };
    let untested = |results: Vec<(String, String)>| -> Vec<String> {
        let not_held = results.into_iter().filter(|(_, result)| result != "held");
        not_held.map(|(claim, result)| format!("{claim} {result}")).collect()
    };
    // Without witnesses nobody would notice an old copy; nothing is destroyed in a minute.
    let alone = ask(&house, &address);
    assert_eq!(alone.len(), 9);
    let expected =
        ["destroyed-key untested", "old-copy-put-back untested", "destroyed-footage untested"];
    assert_eq!(untested(alone), expected);
    house.stop();
    let runtime = Runtime::new().unwrap();
    let (server, policy) = start_witness(&runtime, &house.beside("witness"), key.trim());
    std::fs::write(house.data().join("witnesses.policy"), &policy).unwrap();
    house.start(&[]);
    let address = house.first_line()["address"].as_str().unwrap().replace("https://", "");
    wait_until("the witness has cosigned", WITHIN, || cosigned_size(&house) > 0);
    // Where footage is destroyed each second all can be attacked, and what is destroyed meanwhile is
    // played again.
    let short = house.add_camera("후문", &sim.url(0), &["--retention", "24s"]);
    house.wait_for_frames(&short, 40);
    let web = house.claim("administrator");
    // The doctor knows what the newest checkpoint covers, as any outsider.
    let is_destroyed = || web.published_entries().iter().any(|entry| entry["kind"] == "destroyed");
    wait_until("footage is destroyed", WITHIN * 2, is_destroyed);
    // Whether a checkpoint comes to what is destroyed meanwhile is a matter of seconds: a run may find
    // nothing to attack, and no run may find what does not hold.
    let mut runs = 1;
    loop {
        runs += 1;
        let results = untested(ask(&house, &address));
        assert!(results.iter().all(|it| it.ends_with(" untested")), "{results:?}");
        if results.is_empty() {
            break;
        }
        assert!(runs <= MOST_DOCTOR_RUNS, "{results:?}");
    }
    // It stands in the ledger, the list too, and on a page.
    let health = web.get("/api/v1/health").body;
    let of = |claim: &serde_json::Value| claim["result"] == "held";
    let claims = health["doctor"]["claims"].as_array().unwrap();
    assert_eq!(claims.iter().filter(|claim| of(claim)).count(), 9, "{health}");
    let is_published = || {
        let entries = web.published_entries();
        entries.iter().filter(|entry| entry["kind"] == "doctor").count() == runs
    };
    wait_until("all reports are published", WITHIN, is_published);
    // What was attacked goes on.
    house.wait_for_frames(&id, house.frames(&id) + 20);
    house.stop();
    runtime.block_on(server.shutdown());
}

/// What the person who acted takes from the page is one file; with the policy it is all that the
/// inspector's program needs.
#[test]
fn l4_l9_the_receipt_of_an_act_verifies_offline_and_an_altered_one_does_not() {
    let mut house = House::run();
    let key = house.cli(&["ledger", "key"]).out;
    house.stop();
    let runtime = Runtime::new().unwrap();
    let key = key.lines().next().unwrap();
    let (server, policy) = start_witness(&runtime, &house.beside("witness"), key);
    std::fs::write(house.data().join("witnesses.policy"), &policy).unwrap();
    house.start(&[]);
    let web = house.claim("administrator");
    let entries = web.ledger(50);
    let mine = entries.iter().find(|entry| entry["mine"] == true).expect("the sign-in is mine");
    let number = mine["number"].as_u64().unwrap();
    wait_until("the witness has cosigned it", WITHIN, || cosigned_size(&house) > number);
    let receipt = web.bytes(&format!("/api/v1/ledger/{}/{number}/proof", mine["year"]));
    house.stop();
    runtime.block_on(server.shutdown());

    let policy = tlog::policy::Policy::parse(format!("log {key}\n{policy}").as_bytes()).unwrap();
    let word = |bytes: &[u8]| verify::receipt::verify(bytes, &policy, None).word();
    let report = verify::receipt::verify(&receipt, &policy, None);
    assert_eq!(report.word(), verify::Word::Verified, "{:?}", report.findings());
    assert_eq!(report.fact_of("cosigners").unwrap().as_array().unwrap().len(), 1);
    assert_eq!(report.fact_of("entry").unwrap(), &format!("{}/{number}", mine["year"]));
    // The controls: a bit of what is signed, and half of it. (A line of somebody whom the policy does
    // not name, as that of the second key here, says nothing either way.)
    let text = String::from_utf8(receipt.clone()).unwrap();
    let signed = text.find("\n\u{2014} ").unwrap();
    for at in (0..signed).step_by(11) {
        let mut altered = receipt.clone();
        altered[at] ^= 1;
        assert_ne!(word(&altered), verify::Word::Verified, "byte {at}");
    }
    assert_eq!(word(&receipt[..receipt.len() / 2]), verify::Word::ProofMalformed);
}

#[test]
fn l4_l6_a_recorder_is_cosigned_and_an_old_copy_that_is_put_back_is_caught() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    let key = house.cli(&["ledger", "key"]);
    assert_eq!(key.code, 0, "{key:?}");
    assert!(house.cli(&["ledger", "policy"]).out.ends_with("quorum none\n"));
    house.stop();
    let runtime = Runtime::new().unwrap();
    let (server, policy) =
        start_witness(&runtime, &house.beside("witness"), key.out.lines().next().unwrap());
    std::fs::write(house.data().join("witnesses.policy"), &policy).unwrap();

    house.start(&[]);
    let size = house.status()["ledger"]["size"].as_u64().unwrap();
    wait_until("the witness has cosigned", WITHIN, || cosigned_size(&house) >= size);
    let told = house.cli(&["ledger", "policy"]).out;
    let keys: String = key.out.lines().map(|key| format!("log {key}\n")).collect();
    assert_eq!(told, format!("{keys}{policy}"));
    house.stop();
    copy_folder(&house.data(), &house.beside("backup"));

    house.start(&[]);
    let size = house.status()["ledger"]["size"].as_u64().unwrap();
    wait_until("what came later is cosigned too", WITHIN, || cosigned_size(&house) >= size);
    let cosigned = cosigned_size(&house);
    house.stop();

    // Yesterday's disk.
    std::fs::remove_dir_all(house.data()).unwrap();
    copy_folder(&house.beside("backup"), &house.data());
    let year = std::fs::read_dir(house.data().join("ledger")).unwrap();
    let year = year.map(|it| it.unwrap().path()).find(|it| it.join("checkpoint").is_file());
    let checkpoint = year.unwrap().join("checkpoint");
    let before = std::fs::read(&checkpoint).unwrap();
    house.start(&[]);
    wait_until("the witness contradicts", WITHIN, || {
        house.log().contains("an old copy was put back")
    });
    let refused = house.cli(&["camera", "add", "--name", "후문", "--url", "rtsp://127.0.0.1:9/a"]);
    assert!(refused.failed_with().contains("ledger"), "{refused:?}");
    assert_eq!(std::fs::read(&checkpoint).unwrap(), before, "a second history was signed");
    is_kept_as_evidence(&mut house, &told, cosigned);
    house.wait_for_frames(&id, house.frames(&id) + 20);
    house.stop();
    runtime.block_on(server.shutdown());
}

/// What the witness cosigned, and is not the history here, is fetched and kept: once, signed by both,
/// told to people, and read by the inspector's program.
fn is_kept_as_evidence(house: &mut House, policy: &str, cosigned: u64) {
    let listed = |house: &House| house.status()["ledger"]["evidence"].as_array().unwrap().clone();
    wait_until("the witness's checkpoint is kept", WITHIN, || listed(house).len() == 1);
    let kept = listed(house)[0].as_str().unwrap().to_owned();
    let told = house.cli(&["status"]).out;
    assert!(told.contains(&kept), "{told}");
    let bytes = std::fs::read(house.data().join(&kept)).unwrap();
    let policy = tlog::policy::Policy::parse(policy.as_bytes()).unwrap();
    let report = verify::checkpoint::verify(&bytes, &policy, None);
    assert_eq!(report.word(), verify::Word::Verified, "{:?}", report.findings());
    assert!(report.fact_of("entries").unwrap().as_u64().unwrap() >= cosigned, "what was put aside");
    // The control: one bit of it, and nobody vouches for it.
    let mut changed = bytes.clone();
    changed[60] ^= 1;
    let report = verify::checkpoint::verify(&changed, &policy, None);
    assert_ne!(report.word(), verify::Word::Verified);
    // The next start finds the same and keeps no second copy, and changes nothing of the first.
    house.stop();
    house.start(&[]);
    wait_until("the witness contradicts again", WITHIN, || house.log().contains("as evidence"));
    assert_eq!(listed(house), std::slice::from_ref(&kept));
    assert_eq!(std::fs::read(house.data().join(&kept)).unwrap(), bytes);
}
