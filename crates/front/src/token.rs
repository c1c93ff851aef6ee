//! The token of a form: that it was this front's own page from which it was sent, lately, and once.
//!
//! It needs no cookie. After a restart no token is good: whoever sends a form then gets it back with
//! what was typed and a new token.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Elapsed;

/// How long a form may lie open: somebody may write slowly, or be called away.
const GOOD_FOR: Duration = Duration::from_secs(4 * 3600);
const NONCE_BYTES: usize = 16;
const BODY_BYTES: usize = NONCE_BYTES + 8;
/// Used ones that are remembered.
const MOST_REMEMBERED: usize = 65_536;

/// Whether a form may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Yes, and its token is used now.
    Good,
    /// It was sent before.
    Again,
    /// Not from this front, or too old.
    Stale,
}

/// Makes and uses tokens.
pub(crate) struct Tokens {
    key: Key,
    used: Mutex<HashMap<[u8; NONCE_BYTES], Elapsed>>,
}

impl Tokens {
    pub(crate) fn new() -> Self {
        let key = Key::new(HMAC_SHA256, &host::random_bytes::<32>());
        Self { key, used: Mutex::default() }
    }

    /// A new one.
    pub(crate) fn token(&self, now: Elapsed) -> String {
        let mut bytes = host::random_bytes::<NONCE_BYTES>().to_vec();
        bytes.extend_from_slice(&now.as_nanos().to_be_bytes());
        let tag = sign(&self.key, &bytes);
        bytes.extend_from_slice(tag.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// How one can be used, without using it.
    pub(crate) fn look(&self, token: &str, now: Elapsed) -> Use {
        match self.read(token, now) {
            None => Use::Stale,
            Some(nonce) if self.used().contains_key(&nonce) => Use::Again,
            Some(_) => Use::Good,
        }
    }

    /// Uses one up.
    pub(crate) fn spend(&self, token: &str, now: Elapsed) -> Use {
        let Some(nonce) = self.read(token, now) else { return Use::Stale };
        let mut used = self.used();
        if used.len() >= MOST_REMEMBERED {
            used.retain(|_, at| now.since(*at) < GOOD_FOR);
        }
        if used.contains_key(&nonce) || used.len() >= MOST_REMEMBERED {
            return Use::Again;
        }
        used.insert(nonce, now);
        Use::Good
    }

    fn read(&self, token: &str, now: Elapsed) -> Option<[u8; NONCE_BYTES]> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, tag) = bytes.split_at_checked(BODY_BYTES)?;
        verify(&self.key, body, tag).ok()?;
        let (nonce, at) = body.split_at_checked(NONCE_BYTES)?;
        let at = Elapsed::from_nanos(u64::from_be_bytes(at.try_into().ok()?));
        (now.since(at) < GOOD_FOR).then(|| nonce.try_into().ok())?
    }

    fn used(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; NONCE_BYTES], Elapsed>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_once_and_for_a_while_and_here() {
        let (tokens, other) = (Tokens::new(), Tokens::new());
        let now = Elapsed::from_nanos(9);
        let token = tokens.token(now);
        assert_eq!(other.spend(&token, now), Use::Stale);
        assert_eq!(tokens.look(&token, now), Use::Good);
        assert_eq!(tokens.spend(&token, now), Use::Good);
        assert_eq!(tokens.spend(&token, now), Use::Again);
        assert_eq!(tokens.look(&token, now), Use::Again);
        let old = tokens.token(now);
        assert_eq!(tokens.spend(&old, now + GOOD_FOR), Use::Stale);
        for bad in ["", "AAAA", "가", &format!("A{token}")] {
            assert_eq!(tokens.spend(bad, now), Use::Stale, "{bad}");
        }
    }
}
