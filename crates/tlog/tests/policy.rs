//! Policy files: what the specification refuses, who counts, and how many liars a quorum survives.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use proptest::prelude::*;
use tlog::note::{KeyError, VerifyNoteError, message_to_cosign, message_to_sign};
use tlog::policy::{
    CheckNoteError, CheckProofError, MAX_GROUPS, MAX_LOGS, MAX_POLICY_BYTES, MAX_URL_BYTES,
    MAX_WITNESSES, ParsePolicyError, Policy, PolicyLineError, survives,
};
use tlog::{
    Algorithm, Checkpoint, Signature, SignedNote, TlogProof, Tree, VerifierKey, VerifyProofError,
    empty_root, leaf_hash, prove_inclusion,
};

const RECORDER: &str = "jikim/07070707-0707-4707-8707-070707070707";

struct Signer {
    pair: Ed25519KeyPair,
    key: VerifierKey,
}

impl Signer {
    fn new(name: &str, algorithm: Algorithm, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let public_key = pair.public_key().as_ref().try_into().unwrap();
        Self { pair, key: VerifierKey::new(name, algorithm, public_key).unwrap() }
    }

    fn sign(&self, text: &str, timestamp_s: u64) -> Signature {
        if self.key.algorithm() == Algorithm::Ed25519 {
            let raw = self.pair.sign(message_to_sign(text));
            return Signature::from_raw(&self.key, raw.as_ref()).unwrap();
        }
        let raw = self.pair.sign(&message_to_cosign(text, timestamp_s));
        Signature::from_raw_cosignature(&self.key, timestamp_s, raw.as_ref()).unwrap()
    }
}

fn log(year: u16) -> Signer {
    Signer::new(&format!("{RECORDER}/{year}"), Algorithm::Ed25519, 1)
}

fn witness(number: u8) -> Signer {
    Signer::new(&format!("witness.example/{number}"), Algorithm::CosignatureV1, 100 + number)
}

/// The policy of six witnesses that the specification shows, one of whose groups can be missing.
fn example() -> String {
    let mut text = format!("# An example\n\nlog {} https://log.example/\n", log(2026).key);
    for number in 1..=6 {
        text.push_str(&format!("  witness W{number}\t{}\n", witness(number).key));
    }
    text + "group X 2 W1 W2 W3\ngroup Y any W4 W5 W6\ngroup Z all X Y\nquorum Z\n"
}

fn parse(text: &str) -> Result<Policy, ParsePolicyError> {
    Policy::parse(text.as_bytes())
}

fn signed(signers: &[Signer], year: u16) -> SignedNote {
    let origin = format!("{RECORDER}/{year}");
    let checkpoint = Checkpoint { origin, size: 0, root: empty_root(), extensions: Vec::new() };
    let text = checkpoint.encode().unwrap();
    let mut note = SignedNote::new(text.clone()).unwrap();
    for (at, signer) in signers.iter().enumerate() {
        note.add(signer.sign(&text, 1_790_000_000 + at as u64)).unwrap();
    }
    note
}

fn quorum_of(policy: &Policy, witnesses: &[u8]) -> bool {
    let mut signers = vec![log(2026)];
    signers.extend(witnesses.iter().map(|&number| witness(number)));
    let note = signed(&signers, 2026);
    let checked = policy.check(&note).unwrap();
    let named: Vec<_> = checked.cosigners.iter().map(|good| good.witness.name.clone()).collect();
    let expected: Vec<_> = witnesses.iter().map(|n| format!("W{n}").into_bytes()).collect();
    assert_eq!(named, expected, "each witness that signed is named, in the policy's order");
    checked.has_quorum
}

#[test]
fn the_example_of_the_specification_counts_groups_of_groups() {
    let policy = parse(&example()).unwrap();
    assert_eq!(policy.logs()[0].url.as_deref(), Some(&b"https://log.example/"[..]));
    assert_eq!((policy.logs().len(), policy.witnesses().len()), (1, 6));
    assert!(policy.asks_for_witnesses());
    for (witnesses, quorum) in [
        (&[1, 2, 4][..], true),
        (&[2, 3, 6], true),
        (&[1, 2, 3, 4, 5, 6], true),
        (&[1, 2, 3], false),
        (&[1, 4, 5, 6], false),
        (&[4], false),
        (&[], false),
    ] {
        assert_eq!(quorum_of(&policy, witnesses), quorum, "{witnesses:?}");
    }
}

#[test]
fn a_quorum_is_a_witness_a_group_or_none() {
    let (one, two) = (witness(1).key, witness(2).key);
    let head = format!("log {}\nwitness W1 {one}\nwitness W2 {two}\n", log(2026).key);
    let none = parse(&format!("{head}quorum none\n")).unwrap();
    assert!(!none.asks_for_witnesses());
    assert!(quorum_of(&none, &[]) && quorum_of(&none, &[2]));
    let single = parse(&format!("{head}quorum W2\n")).unwrap();
    assert!(!quorum_of(&single, &[1]) && quorum_of(&single, &[2]));
    let all = parse(&format!("{head}group both all W1 W2\nquorum both\n")).unwrap();
    assert!(!quorum_of(&all, &[1]) && quorum_of(&all, &[1, 2]));
    // Witnesses and logs may stand after the quorum line; the empty lists may be empty.
    let later = parse(&format!("quorum none\n{head}")).unwrap();
    assert_eq!(later.witnesses().len(), 2);
    assert!(parse("quorum none\n").unwrap().logs().is_empty());
}

#[test]
fn witnesses_are_counted_by_key_and_only_for_what_they_signed() {
    let policy = parse(&example()).unwrap();
    let check = |signers: &[Signer]| {
        let note = signed(signers, 2026);
        policy.check(&note).map(|checked| {
            let times: Vec<_> = checked.cosigners.iter().map(|good| good.timestamp_s).collect();
            (times, checked.has_quorum)
        })
    };
    // Twice the same is one witness, whose later word counts; a stranger is nobody.
    let stranger = Signer::new("witness.example/1", Algorithm::CosignatureV1, 9);
    let signers = [log(2026), witness(1), witness(1), stranger, witness(4)];
    assert_eq!(check(&signers), Ok((vec![1_790_000_002, 1_790_000_004], false)));
    // A witness's key under another name is another key's id: unknown.
    let alias = Signer::new("witness.example/alias", Algorithm::CosignatureV1, 102);
    assert_eq!(check(&[log(2026), witness(1), alias, witness(4)]).unwrap().0.len(), 2);
    // A plain signature of a witness is no cosignature.
    let plain = Signer::new("witness.example/2", Algorithm::Ed25519, 102);
    assert!(!check(&[log(2026), witness(1), plain, witness(4)]).unwrap().1);
}

#[test]
fn a_note_is_refused_for_its_log_and_for_one_bad_line() {
    let policy = parse(&example()).unwrap();
    let check = |note: &SignedNote| policy.check(note).map(drop);
    let unsigned = CheckNoteError::VerifyLog(VerifyNoteError::NoKnownKey);
    assert_eq!(check(&signed(&[witness(1), witness(2), witness(4)], 2026)), Err(unsigned.clone()));
    let thief = Signer::new(log(2026).key.name(), Algorithm::Ed25519, 9);
    assert_eq!(check(&signed(&[thief], 2026)), Err(unsigned));

    let other = "jikim/08080808-0808-4808-8808-080808080808/2026";
    let text = format!("{other}\n0\n{}\n", empty_root().to_base64());
    let mut note = SignedNote::new(text.clone()).unwrap();
    note.add(Signer::new(other, Algorithm::Ed25519, 1).sign(&text, 0)).unwrap();
    let unknown = CheckNoteError::UnknownLog { origin: other.into() };
    assert_eq!(check(&note), Err(unknown), "another recorder, though it has the same key");

    let mut note = signed(&[log(2026), witness(1), witness(2), witness(4)], 2026);
    assert!(check(&note).is_ok());
    note.add(witness(5).sign(signed(&[log(2025)], 2025).text(), 7)).unwrap();
    assert!(matches!(check(&note), Err(CheckNoteError::VerifyWitness(_))));

    let mut note = SignedNote::new("no checkpoint\n").unwrap();
    note.add(log(2026).sign("no checkpoint\n", 0)).unwrap();
    assert!(matches!(check(&note), Err(CheckNoteError::ParseCheckpoint(_))));
}

#[test]
fn one_listed_year_stands_for_the_recorders_other_years() {
    let policy = parse(&format!("log {}\nquorum none\n", log(2026).key)).unwrap();
    for year in [1999, 2026, 2027] {
        let note = signed(&[log(year)], year);
        let checked = policy.check(&note).unwrap();
        assert_eq!(checked.log_key, log(year).key);
        assert_eq!(checked.checkpoint.origin, format!("{RECORDER}/{year}"));
    }
    // The key of one year does not sign for another: the name is part of what is signed.
    let crossed = CheckNoteError::VerifyLog(VerifyNoteError::NoKnownKey);
    assert_eq!(policy.check(&signed(&[log(2026)], 2027)), Err(crossed.clone()));
    // A year that is listed itself has its own key and no other.
    let fresh = || Signer::new(&format!("{RECORDER}/2027"), Algorithm::Ed25519, 2);
    let text = format!("log {}\nlog {}\nquorum none\n", log(2026).key, fresh().key);
    let policy = parse(&text).unwrap();
    assert!(policy.check(&signed(&[fresh()], 2027)).is_ok());
    assert_eq!(policy.check(&signed(&[log(2027)], 2027)), Err(crossed));
    // Only names that are exactly ours have years.
    let like = "jikim/07070707-0707-4707-8707-070707070707/02026";
    let policy = format!("log {}\nquorum none\n", Signer::new(like, Algorithm::Ed25519, 1).key);
    let unknown = parse(&policy).unwrap().check(&signed(&[log(2026)], 2026)).map(drop);
    assert!(matches!(unknown, Err(CheckNoteError::UnknownLog { .. })));
}

#[test]
fn a_proof_is_held_against_a_policy() {
    let leaf = |number: u64| leaf_hash(&number.to_be_bytes());
    let mut tree = Tree::new();
    (0..300).for_each(|number| tree.push(leaf(number)));
    let origin = format!("{RECORDER}/2026");
    let checkpoint = Checkpoint { origin, size: 300, root: tree.root(), extensions: Vec::new() };
    let text = checkpoint.encode().unwrap();
    let mut note = SignedNote::new(text.clone()).unwrap();
    for signer in [log(2026), witness(1), witness(2)] {
        note.add(signer.sign(&text, 5)).unwrap();
    }
    let hashes = prove_inclusion(77, 300, &tree).unwrap();
    let mut proof = TlogProof { extra: None, index: 77, hashes, checkpoint: note };
    let policy = parse(&example()).unwrap();
    assert!(!policy.check_proof(&proof, leaf(77)).unwrap().has_quorum);
    let wrong = CheckProofError::VerifyInclusion(VerifyProofError::WrongRoot);
    assert_eq!(policy.check_proof(&proof, leaf(78)), Err(wrong));
    proof.checkpoint.add(witness(4).sign(&text, 6)).unwrap();
    assert!(policy.check_proof(&proof, leaf(77)).unwrap().has_quorum);
}

#[test]
fn what_the_specification_refuses_is_refused() {
    let (l, w1, w2) = (log(2026).key, witness(1).key, witness(2).key);
    let twin = Signer::new("witness.example/twin", Algorithm::CosignatureV1, 101).key;
    let log_twin = Signer::new("example.com/twin", Algorithm::Ed25519, 1).key;
    let log_witness = Signer::new("example.com/twin", Algorithm::CosignatureV1, 1).key;
    let broken = w1.to_string().replace("example/1", "example/7");
    let name = |text: &str| text.to_owned();
    for (text, line, why) in [
        (format!("logs {l}\n"), 1, PolicyLineError::Word),
        (format!("Log {l}\n"), 1, PolicyLineError::Word),
        (format!("\u{feff}log {l}\n"), 1, PolicyLineError::Word),
        (name("log\n"), 1, PolicyLineError::Items("log <vkey> [<url>]")),
        (format!("log {l} a b\n"), 1, PolicyLineError::Items("log <vkey> [<url>]")),
        (format!("log {l}\r\n"), 1, PolicyLineError::ControlCharacter),
        (format!("#\u{b}\nlog {l}\n"), 1, PolicyLineError::ControlCharacter),
        (name("# \u{7f}\n"), 1, PolicyLineError::ControlCharacter),
        (name("log x\n"), 1, PolicyLineError::Key(KeyError::Form)),
        (format!("log {l}\n\nwitness a {broken}\n"), 3, PolicyLineError::Key(KeyError::Id)),
        (format!("log {w1}\n"), 1, PolicyLineError::NotALogKey),
        (format!("witness a {l}\n"), 1, PolicyLineError::NotAWitnessKey),
        (format!("log {l}\nlog {l}\n"), 2, PolicyLineError::DuplicateKey),
        (format!("log {l}\nlog {log_twin}\n"), 2, PolicyLineError::DuplicateKey),
        (format!("witness a {w1}\nwitness b {twin}\n"), 2, PolicyLineError::DuplicateKey),
        (format!("log {l}\nwitness a {log_witness}\n"), 2, PolicyLineError::LogIsWitness),
        (format!("witness a {log_witness}\nlog {l}\n"), 2, PolicyLineError::LogIsWitness),
        (format!("witness {w1}\n"), 1, PolicyLineError::Items("witness <name> <vkey> [<url>]")),
        (format!("witness none {w1}\n"), 1, PolicyLineError::NameTaken(name("none"))),
        (format!("witness a {w1}\nwitness a {w2}\n"), 2, PolicyLineError::NameTaken(name("a"))),
        (format!("witness a {w1}\ngroup a all a\n"), 2, PolicyLineError::NameTaken(name("a"))),
        (name("group none all a\n"), 1, PolicyLineError::NameTaken(name("none"))),
        (name("group g all\n"), 1, PolicyLineError::Items("group <name> <all|any|k> <name>...")),
        (name("group g all a\n"), 1, PolicyLineError::UnknownName(name("a"))),
        (name("group g all g\n"), 1, PolicyLineError::UnknownName(name("g"))),
        (name("group g all none\n"), 1, PolicyLineError::UnknownName(name("none"))),
        (format!("group g all a\nwitness a {w1}\n"), 1, PolicyLineError::UnknownName(name("a"))),
        (format!("witness a {w1}\ngroup g any a a\n"), 2, PolicyLineError::MemberTwice(name("a"))),
        (
            format!("witness a {w1}\ngroup g any a\ngroup h any a\n"),
            3,
            PolicyLineError::MemberTwice(name("a")),
        ),
        (
            format!("witness a {w1}\ngroup g any a\ngroup h any g\ngroup i any g\n"),
            4,
            PolicyLineError::MemberTwice(name("g")),
        ),
        (format!("witness a {w1}\ngroup g 0 a\n"), 2, PolicyLineError::Threshold),
        (format!("witness a {w1}\ngroup g 2 a\n"), 2, PolicyLineError::Threshold),
        (format!("witness a {w1}\ngroup g +1 a\n"), 2, PolicyLineError::Threshold),
        (format!("witness a {w1}\ngroup g 0x1 a\n"), 2, PolicyLineError::Threshold),
        (format!("witness a {w1}\ngroup g All a\n"), 2, PolicyLineError::Threshold),
        (
            format!("witness a {w1}\ngroup g 18446744073709551617 a\n"),
            2,
            PolicyLineError::Threshold,
        ),
        (name("quorum\n"), 1, PolicyLineError::Items("quorum <name>")),
        (name("quorum none none\n"), 1, PolicyLineError::Items("quorum <name>")),
        (name("quorum a\n"), 1, PolicyLineError::UnknownName(name("a"))),
        (format!("quorum a\nwitness a {w1}\n"), 1, PolicyLineError::UnknownName(name("a"))),
        (name("quorum none\nquorum none\n"), 2, PolicyLineError::QuorumTwice),
    ] {
        // Whatever is wrong is refused in a file that has its quorum, too.
        let whole = if text.contains("quorum") { text } else { text + "quorum none\n" };
        let wrong = ParsePolicyError::Line { line, source: why };
        assert_eq!(parse(&whole), Err(wrong), "{whole:?}");
    }
    assert_eq!(parse(""), Err(ParsePolicyError::NoQuorum));
    assert_eq!(parse(&format!("log {l}\n")), Err(ParsePolicyError::NoQuorum));
    assert_eq!(parse("quorum none"), Err(ParsePolicyError::Unfinished));
    let mut latin = format!("log {l}\nquorum none\n").into_bytes();
    latin[5] = 0xe9;
    let wrong = ParsePolicyError::Line { line: 1, source: PolicyLineError::KeyEncoding };
    assert_eq!(Policy::parse(&latin), Err(wrong));
}

#[test]
fn names_and_comments_are_any_bytes() {
    let mut text = b"# caf\xe9 \xff\n\t#\n \t \nwitness \xe2\x84\xaa ".to_vec();
    text.extend(
        format!("{}\twitness.example\nwitness K {}\n", witness(1).key, witness(2).key).bytes(),
    );
    text.extend(b"group \xff\xfe all \xe2\x84\xaa K\nquorum \xff\xfe\n");
    let policy = Policy::parse(&text).unwrap();
    assert_eq!(policy.witnesses()[0].name, b"\xe2\x84\xaa");
    assert_eq!(policy.witnesses()[0].url.as_deref(), Some(&b"witness.example"[..]));
    assert_eq!(policy.liars_to_split(), 2);
}

#[test]
fn there_is_room_for_what_the_specification_asks_and_no_more_than_the_limits() {
    let signer = |seed: u32, algorithm| {
        let mut bytes = [7; 32];
        bytes[..4].copy_from_slice(&seed.to_be_bytes());
        let pair = Ed25519KeyPair::from_seed_unchecked(&bytes).unwrap();
        let public_key = pair.public_key().as_ref().try_into().unwrap();
        VerifierKey::new(format!("example.com/{seed}"), algorithm, public_key).unwrap()
    };
    let count = |most: usize| u32::try_from(most).unwrap();
    let mut text = String::new();
    for seed in 0..count(MAX_LOGS) {
        text.push_str(&format!("log {}\n", signer(seed, Algorithm::Ed25519)));
    }
    for seed in 0..count(MAX_WITNESSES) {
        let key = signer(1000 + seed, Algorithm::CosignatureV1);
        text.push_str(&format!("witness W{seed} {key}\n"));
    }
    // Groups one in the other, as deep as there are groups.
    let mut member = "W0".to_owned();
    for at in 0..MAX_GROUPS {
        text.push_str(&format!("group G{at} all {member}\n"));
        member = format!("G{at}");
    }
    text.push_str(&format!("quorum {member}\n"));
    let policy = parse(&text).unwrap();
    assert_eq!((policy.liars_to_split(), policy.absent_to_stop()), (1, Some(1)));
    let last = text.lines().count();
    let key = signer(5000, Algorithm::Ed25519);
    for more in [
        format!("log {key}\n"),
        format!("witness Z {}\n", signer(5000, Algorithm::CosignatureV1)),
        "group Z all W1\n".to_owned(),
    ] {
        let full = PolicyLineError::TooMany(MAX_LOGS);
        let wrong = ParsePolicyError::Line { line: last + 1, source: full };
        assert_eq!(parse(&format!("{text}{more}")), Err(wrong));
    }
    let long = format!("log {key} {}\nquorum none\n", "u".repeat(MAX_URL_BYTES + 1));
    let wrong = ParsePolicyError::Line { line: 1, source: PolicyLineError::UrlTooLong };
    assert_eq!(parse(&long), Err(wrong));
    let long = format!("witness {} {key}\nquorum none\n", "n".repeat(256));
    let wrong = ParsePolicyError::Line { line: 1, source: PolicyLineError::NameTooLong };
    assert_eq!(parse(&long), Err(wrong));
    assert_eq!(parse(&"#\n".repeat(MAX_POLICY_BYTES)), Err(ParsePolicyError::TooLong));
}

/// A policy of `n` witnesses, `k` of which are the quorum.
fn threshold(n: u8, k: u8) -> Policy {
    let witnesses: String =
        (1..=n).map(|number| format!("witness W{number} {}\n", witness(number).key)).collect();
    let names: String = (1..=n).map(|number| format!(" W{number}")).collect();
    parse(&format!("{witnesses}group all-of-us {k}{names}\nquorum all-of-us\n")).unwrap()
}

#[test]
fn l5_a_threshold_survives_as_many_liars_as_the_rule_says() {
    assert!(survives(4, 3, 1) && survives(1, 1, 0) && survives(7, 5, 2));
    assert!(!survives(3, 2, 1), "2 of 3 with one liar is the classical mistake");
    assert!(!survives(2, 1, 0) && !survives(3, 4, 0) && !survives(4, 3, 2));
    for (n, k) in (1..=9_u8).flat_map(|n| (1..=n).map(move |k| (n, k))) {
        let policy = threshold(n, k);
        assert_eq!(policy.absent_to_stop(), Some(usize::from(n - k + 1)));
        for liars in 0..=usize::from(n) {
            let rule = survives(n.into(), k.into(), liars);
            assert_eq!(liars < policy.liars_to_split(), rule, "{k} of {n} with {liars}");
        }
    }
    assert_eq!(parse("quorum none\n").unwrap().liars_to_split(), 0);
    // Two groups of three of which one must be whole: 2 in common there, none in the other.
    assert_eq!(parse(&example()).unwrap().liars_to_split(), 1);
}

/// What a tree of groups is made of: how many members, and from which seed.
fn a_policy() -> impl Strategy<Value = (String, u8)> {
    (2..=7_u8, proptest::collection::vec((0..4_usize, any::<u8>()), 1..5)).prop_map(
        |(witnesses, groups)| {
            let mut text: String = (1..=witnesses)
                .map(|number| format!("witness W{number} {}\n", witness(number).key))
                .collect();
            let mut free: Vec<String> = (1..=witnesses).map(|n| format!("W{n}")).collect();
            let mut last = free[0].clone();
            for (at, (more, k)) in groups.into_iter().enumerate() {
                let members: Vec<String> = free.drain(..(more + 1).min(free.len())).collect();
                let k = usize::from(k) % members.len() + 1;
                last = format!("G{at}");
                text.push_str(&format!("group {last} {k} {}\n", members.join(" ")));
                free.push(last.clone());
            }
            (format!("{text}quorum {last}\n"), witnesses)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Against all sets of witnesses one by one: what is a quorum grows with its witnesses, and the
    /// numbers of liars and of absent witnesses are exact.
    #[test]
    fn l5_the_count_of_liars_is_exact((text, witnesses) in a_policy()) {
        let policy = parse(&format!("log {}\n{text}", log(2026).key)).unwrap();
        let sets: Vec<u32> = (0..1 << witnesses).collect();
        let is_quorum = |set: u32| {
            let members: Vec<u8> = (1..=witnesses).filter(|n| set >> (n - 1) & 1 == 1).collect();
            quorum_of(&policy, &members)
        };
        let quorums: Vec<u32> = sets.iter().copied().filter(|&set| is_quorum(set)).collect();
        for &set in &quorums {
            for more in 0..witnesses {
                prop_assert!(quorums.contains(&(set | 1 << more)), "{text}");
            }
        }
        let common = quorums.iter().flat_map(|a| quorums.iter().map(move |b| (a & b).count_ones()));
        prop_assert_eq!(policy.liars_to_split(), common.min().unwrap() as usize, "{}", text);
        let whole = (1_u32 << witnesses) - 1;
        let stopping = sets.iter().filter(|&&gone| !quorums.contains(&(whole & !gone)));
        let fewest = stopping.map(|gone| gone.count_ones() as usize).min();
        prop_assert_eq!(policy.absent_to_stop(), fewest, "{}", text);
    }

    #[test]
    fn any_bytes_are_a_policy_or_none(bytes: Vec<u8>) {
        let _ = Policy::parse(&bytes);
    }

    /// One byte changed in a good file: refused, or a policy that trusts no other key than before.
    #[test]
    fn a_changed_byte_brings_no_new_key(at: proptest::sample::Index, to: u8) {
        let mut bytes = example().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(changed) = Policy::parse(&bytes) {
            let before = parse(&example()).unwrap();
            let known = |key| before.witnesses().iter().any(|witness| &witness.key == key);
            prop_assert!(changed.witnesses().iter().all(|witness| known(&witness.key)));
            prop_assert!(changed.logs().iter().all(|log| before.logs().contains(log)
                || log.key == before.logs()[0].key));
        }
    }
}
