//! The number of receipt and the code: what whoever asked takes home.
//!
//! Both are from chance. The number says nothing of how many came before it; the code has 80 bits, so
//! that nobody finds it by trying, even with the front's whole disk.

use std::fmt;
use std::str::FromStr;

/// Thirty-two letters and digits of which none looks like another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a text is no number of receipt, or no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not written like one")]
pub struct TicketError;

/// The number of receipt: `W7K2-9QPM`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Receipt(String);

/// The code that opens the status: `4T9X-M2HC-0RVA-86YK`. It is never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Receipt {
    /// Letters of it.
    const LENGTH: usize = 8;

    /// One that nobody has seen.
    #[must_use]
    pub fn random() -> Self {
        Self(letters(&host::random_bytes::<{ Self::LENGTH }>()))
    }

    /// From what a person typed: small letters, other dashes and blanks are forgiven.
    ///
    /// # Errors
    /// It has other letters, or another number of them.
    pub fn typed(text: &str) -> Result<Self, TicketError> {
        typed(text, Self::LENGTH).map(Self)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Code {
    /// Letters of it, five bits each.
    const LENGTH: usize = 16;

    /// One that nobody has seen.
    #[must_use]
    pub fn random() -> Self {
        Self(letters(&host::random_bytes::<{ Self::LENGTH }>()))
    }

    /// From what a person typed, as of [`Receipt::typed`].
    ///
    /// # Errors
    /// As of [`Receipt::typed`].
    pub fn typed(text: &str) -> Result<Self, TicketError> {
        typed(text, Self::LENGTH).map(Self)
    }

    /// As it is written.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn letters(bytes: &[u8]) -> String {
    // Five bits of each byte: none is likelier than another.
    grouped(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])))
}

/// In groups of four.
fn grouped(letters: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for (at, letter) in letters.enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

fn typed(text: &str, length: usize) -> Result<String, TicketError> {
    // A telephone may write other dashes and blanks than a keyboard.
    let is_between = |c: &char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−');
    let mut found = Vec::with_capacity(length);
    for letter in text.chars().filter(|c| !is_between(c)) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let is_one = u8::try_from(letter).is_ok_and(|byte| LETTERS.contains(&byte));
        if !is_one || found.len() == length {
            return Err(TicketError);
        }
        found.push(letter);
    }
    if found.len() == length { Ok(grouped(found.into_iter())) } else { Err(TicketError) }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// Exactly as it is written, as in a file's name.
impl FromStr for Receipt {
    type Err = TicketError;

    fn from_str(text: &str) -> Result<Self, TicketError> {
        Self::typed(text).ok().filter(|it| it.0 == text).ok_or(TicketError)
    }
}

/// Exactly as it is written.
impl FromStr for Code {
    type Err = TicketError;

    fn from_str(text: &str) -> Result<Self, TicketError> {
        Self::typed(text).ok().filter(|it| it.0 == text).ok_or(TicketError)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_are_from_chance_and_read_as_they_are_typed() {
        let many: BTreeSet<_> = (0..1000).map(|_| Receipt::random()).collect();
        assert_eq!(many.len(), 1000);
        for one in &many {
            assert_eq!(one.as_str().parse(), Ok(one.clone()));
            assert_eq!(
                Receipt::typed(&one.as_str().to_lowercase().replace('-', " – ")).unwrap(),
                *one
            );
        }
        let code = Code::random();
        assert_eq!(Code::typed(&code.expose().replace('-', "")).unwrap(), code);
        assert!(!format!("{code:?}").contains(code.expose()));
        assert_eq!(Receipt::typed("oil0-0000").unwrap().as_str(), "0110-0000");
        for bad in ["", "W7K2-9QP", "W7K2-9QPMX", "W7K2-9QPU", "../../etc", "W7K2-9QP가"] {
            assert_eq!(Receipt::typed(bad), Err(TicketError), "{bad}");
        }
        for bad in ["w7k2-9qpm", "W7K29QPM", " W7K2-9QPM"] {
            assert!(bad.parse::<Receipt>().is_err(), "{bad}");
        }
    }
}
