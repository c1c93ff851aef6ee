//! Bundles that left, written by `docs/formats/bundle.md` alone: the one that was sealed, and such as are not.

use tlog::{TlogProof, Tree, leaf_hash, prove_inclusion};
use verify::{Report, Word, bundle};

use crate::shelf::{
    RECORDER, Shelf, Signer, entry, hex, log, note, policy, policy_text, sha256, usual, witness,
};

/// Page and sealed part. What is sealed plays no part: the hash is over the letters.
const SEALED: &str = "<!doctype html>\n<html>\n<body>\n<p>page</p>\n\
    <script type=\"application/age\" id=\"sealed\">\nYWdlLWVuY3J5cHRpb24ub3JnL3Yx\n</script>\n";
/// The number of the export in [`ledger`].
const EXPORT: u64 = 300;

fn export(step: &str) -> Vec<u8> {
    entry(2026, 3100, &format!(r#""kind":"export",{step},"commitment":"{}""#, "07".repeat(32)))
}

fn sealed_entry(sealed: &str) -> Vec<u8> {
    let sha256 = hex(&sha256(sealed.as_bytes()));
    export(&format!(r#""step":"sealed","case":"2026/17","sha256":"{sha256}""#))
}

/// Entries of which the last is the export.
fn ledger(shelf: &mut Shelf) -> Vec<Vec<u8>> {
    let mut entries = usual(shelf, 2026, usize::try_from(EXPORT).unwrap());
    entries.push(sealed_entry(SEALED));
    entries
}

fn receipt(entries: &[Vec<u8>], index: u64, signers: &[Signer]) -> String {
    let (mut tree, size) = (Tree::new(), entries.len() as u64);
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
    let hashes = prove_inclusion(index, size, &tree).unwrap();
    let checkpoint = note(&format!("jikim/{RECORDER}/2026"), size, tree.root(), signers);
    let extra = Some(entries[usize::try_from(index).unwrap()].clone());
    TlogProof { extra, index, hashes, checkpoint }.encode().unwrap()
}

fn file(sealed: &str, receipt: &str) -> String {
    format!(
        "{sealed}<script type=\"text/plain\" id=\"receipt\">\n{receipt}</script>\n</body>\n</html>\n"
    )
}

fn all() -> [Signer; 3] {
    [log(2026), witness(1), witness(2)]
}

fn look(file: &str, source: Option<&Shelf>) -> Report {
    let source = source.map(|it| it as &dyn verify::source::Source);
    bundle::verify(file.as_bytes(), &policy(), source)
}

#[test]
fn the_file_that_was_sealed_is_genuine_and_a_changed_one_is_not() {
    let entries = ledger(&mut Shelf::default());
    let good = file(SEALED, &receipt(&entries, EXPORT, &all()));
    let report = look(&good, None);
    assert_eq!(report.word(), Word::Verified, "{}", report.to_text());
    assert_eq!(report.fact_of("case").unwrap(), "2026/17");
    // A byte of the page, of what is sealed, one more, one less.
    for changed in [
        good.replace("<p>page", "<p>Page"),
        good.replace("YWdl", "YWdm"),
        good.replacen('\n', "\n\n", 1),
        good.replacen("page", "pag", 1),
        // A second receipt before the real one is part of what was sealed.
        good.replacen(
            "<script type=\"text",
            "<script type=\"text/plain\" id=\"receipt\">\n<script type=\"text",
            1,
        ),
    ] {
        assert_eq!(look(&changed, None).word(), Word::ExportAltered, "{changed}");
    }
    // Cut, or with something behind.
    for cut in [&good[..good.len() - 1], &good[..200], "", &format!("{good} ")] {
        assert_eq!(look(cut, None).word(), Word::ExportMalformed);
    }
}

#[test]
fn the_receipt_must_be_of_this_file_and_of_an_export() {
    let mut entries = ledger(&mut Shelf::default());
    entries.push(sealed_entry("another file"));
    let word = |index: u64, signers: &[Signer]| {
        look(&file(SEALED, &receipt(&entries, index, signers)), None).word()
    };
    assert_eq!(word(EXPORT, &all()), Word::Verified, "the control");
    assert_eq!(word(EXPORT + 1, &all()), Word::ExportAltered, "of another bundle");
    assert_eq!(word(77, &all()), Word::ExportMalformed, "of a viewing");
    assert_eq!(word(EXPORT, &[log(2026)]), Word::NoQuorum, "not cosigned yet");
    assert_eq!(word(EXPORT, &[witness(1), witness(2)]), Word::BadSignature);
    // An entry that says what fits, in a receipt of another.
    let good = receipt(&entries, EXPORT + 1, &all());
    let forged = good.replace(&base64(&entries[301]), &base64(&entries[300]));
    assert_ne!(good, forged);
    assert_eq!(look(&file(SEALED, &forged), None).word(), Word::NotIncluded);
    assert_eq!(look(&file(SEALED, "a letter\n"), None).word(), Word::ProofMalformed);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn the_ledger_says_whether_it_was_revoked() {
    let mut shelf = Shelf { lists_years: true, ..Shelf::default() };
    let mut entries = ledger(&mut shelf);
    let good = file(SEALED, &receipt(&entries, EXPORT, &all()));
    shelf.publish(2026, &entries);
    let report = look(&good, Some(&shelf));
    assert_eq!(report.word(), Word::Verified, "{}", report.to_text());
    assert_eq!(report.fact_of("revocation").unwrap(), "not-revoked");
    assert_eq!(report.fact_of("as_of").unwrap(), "2026, 301");

    entries.push(export(r#""step":"revoked","export":"2026/300""#));
    shelf.publish(2026, &entries);
    let report = look(&good, Some(&shelf));
    assert_eq!(report.word(), Word::ExportRevoked, "{}", report.to_text());
    assert_eq!(look(&good, None).word(), Word::Verified, "without the ledger nobody can know");

    // A ledger that does not go on from the receipt tells nothing.
    let mut other = Shelf { lists_years: true, ..Shelf::default() };
    let others = usual(&mut other, 2026, 400);
    other.publish(2026, &others);
    assert_eq!(look(&good, Some(&other)).word(), Word::HistoryRewritten);
    let mut short = Shelf { lists_years: true, ..Shelf::default() };
    let few = usual(&mut short, 2026, 20);
    short.publish(2026, &few);
    assert_eq!(look(&good, Some(&short)).word(), Word::WentBack);

    // What revokes no export contradicts the log.
    entries.push(export(r#""step":"revoked","export":"2026/17""#));
    shelf.publish(2026, &entries);
    let report = look(&good, Some(&shelf));
    assert_eq!(report.count_of(Word::OrderBroken), 1, "{}", report.to_text());
}

/// `testdata/bundle/genuine.html` and `policy` are a bundle that holds, with keys that everybody knows;
/// `UPDATE=1` writes them anew.
#[test]
fn the_vector_is_genuine() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/bundle");
    let (bundle, policy) = (format!("{folder}/genuine.html"), format!("{folder}/policy"));
    if std::env::var_os("UPDATE").is_some() {
        let entries = ledger(&mut Shelf::default());
        std::fs::write(&bundle, file(SEALED, &receipt(&entries, EXPORT, &all()))).unwrap();
        std::fs::write(&policy, policy_text()).unwrap();
    }
    let program = || {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_jikim-verify"));
        program.args(["bundle", &bundle, "--policy", &policy, "--json"]).output().unwrap()
    };
    let output = program();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &said["result"]), (Some(0), &"verified".into()), "{said}");
    assert_eq!(said["facts"]["kind"], "export");
}
