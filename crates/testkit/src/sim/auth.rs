//! Digest authentication with MD5, as cameras do it (RFC 2617, with and without `qop`).

use std::collections::HashMap;
use std::fmt::Write as _;

use md5::{Digest as _, Md5};

const REALM: &str = "simulated camera";

/// The question to a client; it lives as long as its connection.
#[derive(Debug)]
pub(super) struct Challenge {
    nonce: String,
}

impl Challenge {
    pub(super) fn new() -> Self {
        Self { nonce: hex(&host::random_bytes::<16>()) }
    }

    /// Value of `WWW-Authenticate`.
    pub(super) fn header(&self) -> String {
        format!("Digest realm=\"{REALM}\", nonce=\"{}\"", self.nonce)
    }

    /// Whether the value of `Authorization` proves the password for a request of this method.
    pub(super) fn accepts(&self, method: &str, answer: &str, account: &(String, String)) -> bool {
        let Some(answer) = answer.strip_prefix("Digest ") else { return false };
        let fields = fields(answer);
        let field = |name: &str| fields.get(name).copied().unwrap_or_default();
        let (user, password) = account;
        if field("username") != user || field("nonce") != self.nonce {
            return false;
        }
        let ha1 = md5_hex(&format!("{user}:{REALM}:{password}"));
        let ha2 = md5_hex(&format!("{method}:{}", field("uri")));
        let middle = match field("qop") {
            "" => self.nonce.clone(),
            qop => format!("{}:{}:{}:{qop}", self.nonce, field("nc"), field("cnonce")),
        };
        field("response").eq_ignore_ascii_case(&md5_hex(&format!("{ha1}:{middle}:{ha2}")))
    }
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

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_of_this_connection_is_accepted() {
        let challenge = Challenge { nonce: "0a1b".into() };
        let account = ("admin".to_owned(), "pass,word".to_owned());
        let ha1 = md5_hex("admin:simulated camera:pass,word");
        let ha2 = md5_hex("DESCRIBE:rtsp://h/a,b");
        let response = md5_hex(&format!("{ha1}:0a1b:{ha2}"));
        let answer = |nonce: &str| {
            format!(
                "Digest username=\"admin\", realm=\"simulated camera\", nonce=\"{nonce}\", \
                 uri=\"rtsp://h/a,b\", response=\"{response}\""
            )
        };
        assert!(challenge.accepts("DESCRIBE", &answer("0a1b"), &account));
        assert!(!challenge.accepts("PLAY", &answer("0a1b"), &account));
        assert!(!challenge.accepts("DESCRIBE", &answer("0a1c"), &account));
        let other = ("admin".to_owned(), "password".to_owned());
        assert!(!challenge.accepts("DESCRIBE", &answer("0a1b"), &other));
        assert!(!challenge.accepts("DESCRIBE", "Basic YWRtaW46", &account));
    }

    #[test]
    fn md5_is_that_of_rfc_1321() {
        assert_eq!(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
    }
}
