//! The second signing key: ECDSA P-256 beside Ed25519, for where only validated algorithms may be
//! relied on.
//!
//! Kept like the first, in a slot file of its own. A ledger from before gets one at its next start.
//! Its public key is entered (`log-key`), so that the history itself says which key signs with the
//! first; the first alone decides whether a ledger is opened.

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use host::{Fs, Secret, SlotError, SlotFile};
use tlog::note::{EcdsaKey, P256_POINT_BYTES};
use zeroize::Zeroizing;

/// An RFC 5915 key on P-256 around its 32 bytes, without the public half.
const DER_HEAD: [u8; 7] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];
const DER_TAIL: [u8; 12] = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

pub(crate) struct SecondKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl SecondKey {
    /// Opens the key, or makes it when it is not there.
    pub(crate) fn open(fs: &dyn Fs, path: &Path) -> Result<Self, SlotError> {
        let slots = SlotFile::open_or_create(fs, path, 1)?;
        if let Some(pair) = slots.read(0)?.and_then(|(_, secret)| pair_of(&secret)) {
            return Ok(Self { pair, random: SystemRandom::new() });
        }
        loop {
            // One in four thousand million draws is no key of the curve.
            let secret = Secret::random();
            if let Some(pair) = pair_of(&secret) {
                slots.write(0, 1, &secret)?;
                return Ok(Self { pair, random: SystemRandom::new() });
            }
        }
    }

    pub(crate) fn verifier(&self, origin: &str) -> EcdsaKey {
        let point: [u8; P256_POINT_BYTES] =
            self.pair.public_key().as_ref().try_into().expect("a point of P-256 has 65 bytes");
        EcdsaKey::new(origin, point).expect("our origin can stand in a note")
    }

    /// The signature over a text in DER; nothing if the system gives no chance.
    pub(crate) fn sign(&self, text: &str) -> Option<Vec<u8>> {
        let signature = self.pair.sign(&self.random, text.as_bytes()).ok()?;
        Some(signature.as_ref().to_vec())
    }
}

fn pair_of(secret: &Secret) -> Option<EcdsaKeyPair> {
    let der = Zeroizing::new([&DER_HEAD[..], secret.expose(), &DER_TAIL].concat());
    EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_ASN1_SIGNING, &der).ok()
}
