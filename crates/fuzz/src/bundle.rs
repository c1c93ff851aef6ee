//! A bundle as somebody hands it to an inspector: the whole file, as `jikim-verify bundle` reads it.
//!
//! Nobody can forge a signature, a fuzzer included: so no file but the one that was sealed is genuine.

use std::sync::LazyLock;

use tlog::policy::Policy;
use verify::{Class, bundle};

use crate::Target;

/// An input is a file.
pub(crate) const TARGET: Target =
    Target { name: "bundle", seeds, words: WORDS, run, mutations: 1500 };

const WORDS: &[&str] = &[
    "<script type=\"text/plain\" id=\"receipt\">\n",
    "</script>\n</body>\n</html>\n",
    "c2sp.org/tlog-proof@v1\n",
    "extra ",
    "index ",
    "\n\n",
    "\u{2014} ",
];

const GENUINE: &[u8] = include_bytes!("../../../testdata/bundle/genuine.html");

static TRUST: LazyLock<Policy> = LazyLock::new(|| {
    let text = include_bytes!("../../../testdata/bundle/policy");
    Policy::parse(text).expect("the vector's policy is one")
});

fn seeds() -> Vec<Vec<u8>> {
    let page = include_bytes!("../../../crates/bundle/page/open.html");
    vec![GENUINE.to_vec(), page[..4096].to_vec(), Vec::new()]
}

fn run(input: &[u8]) {
    let report = bundle::verify(input, &TRUST, None);
    let is_genuine = report.word().class() == Class::Verified;
    assert!(!is_genuine || same_sealed(input), "a file that nobody sealed");
    assert!(is_genuine || input != GENUINE, "the control: the one that was sealed holds");
}

/// Up to the receipt it is the one that was sealed. The receipt may be written otherwise and hold as well:
/// with one cosignature less, or one of somebody whom nobody asked.
fn same_sealed(input: &[u8]) -> bool {
    let receipt = b"<script type=\"text/plain\" id=\"receipt\">\n";
    let at = GENUINE.windows(receipt.len()).position(|it| it == receipt).expect("it has a receipt");
    input.starts_with(&GENUINE[..at + receipt.len()])
}
