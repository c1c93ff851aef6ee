//! A bundle that left: whether the file is the one that was sealed, and whether it was revoked since.
//!
//! Nothing of what is inside is opened: the entry names the hash of the file up to its receipt, page and
//! all (`docs/formats/bundle.md`). So whoever has no passphrase can look as well.

use domain::EntryNumber;
use tlog::policy::Policy;

use crate::entry::{Exported, Kind};
use crate::source::Source;
use crate::{Report, Word, ledger, receipt, sha256, to_hex};

/// The longest file that is read: 256 MiB of clips in base64, and the page.
pub const MAX_BYTES: u64 = 384 << 20;

const RECEIPT: &[u8] = b"<script type=\"text/plain\" id=\"receipt\">\n";
const END: &[u8] = b"</script>\n</body>\n</html>\n";

/// Verifies a file. Whether it was revoked since is in the ledger alone: without one that is a fact of the
/// report, and no finding.
#[must_use]
pub fn verify(file: &[u8], policy: &Policy, source: Option<&dyn Source>) -> Report {
    let mut report = Report::new("bundle");
    let Some((sealed, proof)) = parts(file) else {
        report.find(Word::ExportMalformed, "bundle", "no receipt stands at its end");
        return report;
    };
    let Some((number, entry)) = receipt::look(proof, policy, None, &mut report) else {
        return report;
    };
    let Kind::Export(Exported::Sealed { case, sha256: entered }) = entry.kind else {
        report.find(Word::ExportMalformed, number, "the entry of its receipt is no export");
        return report;
    };
    report.fact("case", ("청구·제공 기록 번호", "case"), case.to_string());
    let found = sha256(sealed);
    report.fact("sha256", ("봉인한 파일", "sealed file"), to_hex(&found));
    if found != entered {
        report.find(Word::ExportAltered, "bundle", "its bytes are not those that were entered");
    }
    match source {
        Some(source) => look_for_revocation(number, proof, policy, source, &mut report),
        None => {
            let told = "보지 않음: --ledger 로 원장을 주십시오 · not looked at: name the ledger (--ledger)";
            report.fact("revocation", ("취소 여부", "revocation"), told);
        }
    }
    report
}

/// What was sealed, and the receipt: the last one, since nothing may follow it.
fn parts(file: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = file.strip_suffix(END)?;
    let at = memchr::memmem::rfind(rest, RECEIPT)?;
    Some((&file[..at], &rest[at + RECEIPT.len()..]))
}

/// The ledger must be whole, and go on from what the receipt shows.
fn look_for_revocation(
    number: EntryNumber,
    proof: &[u8],
    policy: &Policy,
    source: &dyn Source,
    report: &mut Report,
) {
    let note = receipt::checkpoint_of(proof);
    let audit = ledger::audit("bundle", source, policy, note.as_deref());
    for finding in audit.report.findings() {
        report.find(finding.word, &finding.place, &finding.detail);
    }
    let newest = audit.heads.last().map(|head| (head.year, head.checkpoint.size));
    let as_of = newest.map_or_else(String::new, |(year, size)| format!("{year}, {size}"));
    report.fact("as_of", ("원장의 끝(해, 기록 수)", "as of (year, entries)"), as_of);
    let revoked = audit.history.revoked.get(&number);
    if let Some((by, at)) = revoked {
        report.find(Word::ExportRevoked, by, format!("revoked at {at}"));
    }
    let told = if revoked.is_some() { "revoked" } else { "not-revoked" };
    report.fact("revocation", ("취소 여부", "revocation"), told);
}
