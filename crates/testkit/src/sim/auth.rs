//! Who is there: Basic (RFC 7617) and Digest with MD5 or SHA-256 (RFC 2617, RFC 7616), as cameras do
//! it, with and without `qop`.

use std::collections::HashMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::switches::SimAuth;

const REALM: &str = "simulated camera";

/// The question to a client; its nonce lives as long as its connection, unless it goes stale.
#[derive(Debug)]
pub(super) struct Challenge {
    nonce: String,
}

impl Challenge {
    pub(super) fn new() -> Self {
        Self { nonce: hex(&host::random_bytes::<16>()) }
    }

    /// Values of `WWW-Authenticate`, one header each.
    pub(super) fn headers(&self, auth: SimAuth, stale: bool) -> Vec<String> {
        let stale = if stale { ", stale=true" } else { "" };
        let md5 = format!("Digest realm=\"{REALM}\", nonce=\"{}\"{stale}", self.nonce);
        let sha256 = format!(
            "Digest realm=\"{REALM}\", nonce=\"{}\", algorithm=SHA-256, qop=\"auth\"{stale}",
            self.nonce
        );
        match auth {
            SimAuth::Basic => vec![format!("Basic realm=\"{REALM}\"")],
            SimAuth::DigestMd5 => vec![md5],
            SimAuth::DigestSha256 => vec![sha256],
            SimAuth::DigestBoth => vec![sha256, md5],
        }
    }

    /// Whether the value of `Authorization` proves the password for a request of this method.
    pub(super) fn accepts(
        &self,
        auth: SimAuth,
        method: &str,
        answer: &str,
        account: &(String, String),
    ) -> bool {
        match auth {
            SimAuth::Basic => is_basic(answer, account),
            SimAuth::DigestMd5 => self.is_digest(&["", "MD5"], method, answer, account),
            SimAuth::DigestSha256 => self.is_digest(&["SHA-256"], method, answer, account),
            SimAuth::DigestBoth => self.is_digest(&["", "MD5", "SHA-256"], method, answer, account),
        }
    }

    fn is_digest(
        &self,
        algorithms: &[&str],
        method: &str,
        answer: &str,
        account: &(String, String),
    ) -> bool {
        let Some(answer) = answer.strip_prefix("Digest ") else { return false };
        let fields = fields(answer);
        let field = |name: &str| fields.get(name).copied().unwrap_or_default();
        let (user, password) = account;
        let algorithm = field("algorithm");
        if !algorithms.iter().any(|known| known.eq_ignore_ascii_case(algorithm)) {
            return false;
        }
        if field("username") != user || field("nonce") != self.nonce || field("realm") != REALM {
            return false;
        }
        let sha256 = algorithm.eq_ignore_ascii_case("SHA-256");
        if sha256 && field("qop") != "auth" {
            return false;
        }
        let hash = if sha256 { sha256_hex } else { md5_hex };
        let ha1 = hash(&format!("{user}:{REALM}:{password}"));
        let ha2 = hash(&format!("{method}:{}", field("uri")));
        let middle = match field("qop") {
            "" => self.nonce.clone(),
            qop => format!("{}:{}:{}:{qop}", self.nonce, field("nc"), field("cnonce")),
        };
        field("response").eq_ignore_ascii_case(&hash(&format!("{ha1}:{middle}:{ha2}")))
    }
}

fn is_basic(answer: &str, (user, password): &(String, String)) -> bool {
    let given = answer.strip_prefix("Basic ").and_then(|text| STANDARD.decode(text.trim()).ok());
    given.is_some_and(|given| given == format!("{user}:{password}").as_bytes())
}

/// `name="value"` and `name=value`, separated by commas outside quotes.
fn fields(text: &str) -> HashMap<&str, &str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .filter_map(|field| field.trim().split_once('='))
    .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
    .collect()
}

fn md5_hex(text: &str) -> String {
    hex(&Md5::digest(text.as_bytes()))
}

fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(password: &str) -> (String, String) {
        ("admin".into(), password.into())
    }

    #[test]
    fn only_the_right_password_of_this_connection_is_accepted() {
        let challenge = Challenge { nonce: "0a1b".into() };
        let account = account("pass,word");
        let ha1 = md5_hex("admin:simulated camera:pass,word");
        let ha2 = md5_hex("DESCRIBE:rtsp://h/a,b");
        let response = md5_hex(&format!("{ha1}:0a1b:{ha2}"));
        let answer = |nonce: &str| {
            format!(
                "Digest username=\"admin\", realm=\"simulated camera\", nonce=\"{nonce}\", \
                 uri=\"rtsp://h/a,b\", response=\"{response}\""
            )
        };
        let judge = |method, answer: &str, account| {
            challenge.accepts(SimAuth::DigestMd5, method, answer, account)
        };
        assert!(judge("DESCRIBE", &answer("0a1b"), &account));
        assert!(!judge("PLAY", &answer("0a1b"), &account));
        assert!(!judge("DESCRIBE", &answer("0a1c"), &account));
        let other = self::account("password");
        assert!(!judge("DESCRIBE", &answer("0a1b"), &other));
        assert!(!judge("DESCRIBE", "Basic YWRtaW46", &account));
        let sha256 =
            challenge.accepts(SimAuth::DigestSha256, "DESCRIBE", &answer("0a1b"), &account);
        assert!(!sha256);
    }

    #[test]
    fn sha_256_needs_its_name_and_its_quality() {
        let challenge = Challenge { nonce: "0a1b".into() };
        let ha1 = sha256_hex("admin:simulated camera:secret");
        let ha2 = sha256_hex("PLAY:rtsp://h/a");
        let response = sha256_hex(&format!("{ha1}:0a1b:00000001:c:auth:{ha2}"));
        let answer = format!(
            "Digest username=\"admin\", realm=\"simulated camera\", nonce=\"0a1b\", uri=\"rtsp://h/a\", \
             qop=auth, nc=00000001, cnonce=\"c\", algorithm=SHA-256, response=\"{response}\""
        );
        let judge =
            |auth, answer: &str| challenge.accepts(auth, "PLAY", answer, &account("secret"));
        assert!(judge(SimAuth::DigestSha256, &answer));
        assert!(judge(SimAuth::DigestBoth, &answer));
        assert!(!judge(SimAuth::DigestMd5, &answer));
        let other = answer.replace("algorithm=SHA-256", "algorithm=MD5");
        assert!(!judge(SimAuth::DigestSha256, &other));
        assert!(judge(SimAuth::Basic, "Basic YWRtaW46c2VjcmV0"));
        assert!(!judge(SimAuth::Basic, "Basic YWRtaW46c2VjcmV1"));
    }

    #[test]
    fn the_hashes_are_those_of_their_standards() {
        assert_eq!(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert!(sha256_hex("abc").starts_with("ba7816bf8f01cfea414140de5dae2223"));
    }
}
