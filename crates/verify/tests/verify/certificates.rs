//! Certificates of destruction that were made once by a recorder's code: they go on being verified,
//! byte for byte, or the format has changed.

use std::path::PathBuf;

use tlog::policy::Policy;
use verify::certificate::{Certificate, verify};
use verify::{Report, Word, source};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/certificate"))
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn check(name: &str, with_ledger: bool) -> Report {
    let policy = Policy::parse(&file(&format!("{name}.policy"))).unwrap();
    let ledger = folder().join(format!("{name}.ledger")).display().to_string();
    let source = with_ledger.then(|| source::open(&ledger).unwrap());
    verify(&file(&format!("{name}.certificate")), &policy, source.as_deref())
}

/// `due`: three hours, destroyed as due, on flash. `early`: two of three hours, destroyed before their
/// time, under proposals; the third is kept.
#[test]
fn k7_certificates_of_the_format_are_verified_and_written_again_the_same() {
    for (name, word, provable, destroyed, kept) in [
        ("due", Word::Verified, "not-provable-on-this-device", 3, 0),
        ("early", Word::StillKept, "provable", 2, 1),
    ] {
        for with_ledger in [false, true] {
            let report = check(name, with_ledger);
            assert_eq!(report.word(), word, "{name}: {:?}", report.findings());
            assert_eq!(report.fact_of("provable").unwrap(), provable, "{name}");
            assert_eq!(report.fact_of("destroyed").unwrap(), destroyed, "{name}");
            assert_eq!(report.fact_of("kept").unwrap(), kept, "{name}");
        }
        let bytes = file(&format!("{name}.certificate"));
        let (certificate, _) = Certificate::parse(&bytes).unwrap();
        assert_eq!(certificate.to_file().as_bytes(), bytes, "{name}");
    }
}

/// Every byte of text and data counts, but for the secret of a day of which there is no bucket: that
/// nothing was recorded then is the recorder's word.
#[test]
fn k7_no_byte_of_a_certificate_can_be_changed_unseen() {
    let policy = Policy::parse(&file("due.policy")).unwrap();
    let good = file("due.certificate");
    let step = good.len() / 400;
    let text = String::from_utf8(good.clone()).unwrap();
    let idle = text.find(r#"{"feed":"sub""#).unwrap();
    let idle = idle..idle + text[idle..].find('}').unwrap();
    for at in (0..good.len()).step_by(step.max(1)).filter(|at| !idle.contains(at)) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        let report = verify(&changed, &policy, None);
        assert_ne!(report.word(), Word::Verified, "byte {at}");
    }
    assert_eq!(verify(&good, &policy, None).word(), Word::Verified);
}
