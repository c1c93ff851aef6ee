//! A witness in memory, for tests of whoever is cosigned: honest, until told to lie.

use std::collections::HashMap;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use tlog::witness::{AddCheckpoint, Answer, TreeHead, step};
use tlog::{Algorithm, VerifierKey};

/// A witness that knows every log by one public key.
pub struct TestWitness {
    pair: Ed25519KeyPair,
    key: VerifierKey,
    log_public_key: [u8; 32],
    known: HashMap<String, TreeHead>,
    /// Cosigns whatever the log signed.
    pub lies: bool,
    /// When it says it signed, in seconds since 1970.
    pub now_s: u64,
}

impl TestWitness {
    /// One of this name, for logs whose keys have this public key.
    ///
    /// # Panics
    /// If the name is none that a key can have.
    #[must_use]
    pub fn new(name: &str, log_public_key: [u8; 32]) -> Self {
        let seed = host::random_bytes::<32>();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
        let public = pair.public_key().as_ref().try_into().expect("32 bytes");
        let key = VerifierKey::new(name, Algorithm::CosignatureV1, public);
        let key = key.expect("a test gives a name that a key can have");
        let known = HashMap::new();
        Self { pair, key, log_public_key, known, lies: false, now_s: 1_800_000_000 }
    }

    /// Its verifier key, as a policy lists it.
    #[must_use]
    pub fn key(&self) -> String {
        self.key.to_string()
    }

    /// Its answer to a request.
    ///
    /// # Panics
    /// If the origin is none that a key's name can be.
    pub fn add_checkpoint(&mut self, request: &AddCheckpoint) -> Answer {
        let origin = request.claimed().origin.clone();
        let log_key = VerifierKey::new(origin.clone(), Algorithm::Ed25519, self.log_public_key);
        let log_key = log_key.expect("the origin of a log of ours");
        let known = self.known.get(&origin).copied().unwrap_or_else(TreeHead::empty);
        let claimed = request.claimed();
        let known = if self.lies && claimed.size >= known.size {
            // It forgets what it knew: any history will do.
            TreeHead::empty()
        } else {
            known
        };
        let accepted = match step(known, request, &log_key) {
            Ok(accepted) => accepted,
            Err(refusal) => return refusal.answer(),
        };
        self.known.insert(origin, accepted.head());
        let raw = self.pair.sign(&accepted.message(self.now_s));
        let signature = accepted.cosignature(&self.key, self.now_s, raw.as_ref());
        Answer::Cosigned(vec![signature.expect("an Ed25519 signature has 64 bytes")])
    }
}
