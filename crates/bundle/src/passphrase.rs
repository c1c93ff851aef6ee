//! What opens a bundle: letters from chance that a person can read out over the telephone.

use std::fmt;
use std::str::FromStr;

/// Letters and figures that are not taken for one another: no I, L, O, U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 5;
const IN_GROUP: usize = 4;

/// Twenty of 32 letters, a hundred bits: `4T9X-M2HC-0RVA-86YK-7QWB`. It is told apart from the file.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(String);

/// No passphrase of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a passphrase has five groups of four letters, as in 4T9X-M2HC-0RVA-86YK-7QWB")]
pub struct PassphraseError;

impl Passphrase {
    /// From twenty bytes of chance.
    #[must_use]
    pub fn from_chance(chance: &[u8; GROUPS * IN_GROUP]) -> Self {
        // 256 is eight times 32, so no letter is likelier than another.
        let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
        let groups = chance.chunks(IN_GROUP).map(|group| group.iter().map(letter).collect());
        Self(groups.collect::<Vec<String>>().join("-"))
    }

    /// The text, to be told to the recipient and to nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Small letters, blanks and other dashes are forgiven; `O` is read as `0`, `I` and `L` as `1`.
impl FromStr for Passphrase {
    type Err = PassphraseError;

    fn from_str(text: &str) -> Result<Self, PassphraseError> {
        let mut letters = String::new();
        for letter in
            text.chars().filter(|it| !it.is_whitespace() && !matches!(it, '-' | '–' | '—'))
        {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let is_known = u8::try_from(letter).is_ok_and(|it| LETTERS.contains(&it));
            if !is_known || letters.len() == GROUPS * IN_GROUP {
                return Err(PassphraseError);
            }
            letters.push(letter);
        }
        if letters.len() < GROUPS * IN_GROUP {
            return Err(PassphraseError);
        }
        let groups: Vec<&str> =
            (0..GROUPS).map(|at| &letters[at * IN_GROUP..][..IN_GROUP]).collect();
        Ok(Self(groups.join("-")))
    }
}

/// It prints nothing of itself.
impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_is_what_was_told() {
        let chance: [u8; 20] = std::array::from_fn(|at| at as u8 * 13);
        let told = Passphrase::from_chance(&chance);
        assert_eq!(told.expose().len(), 24);
        let typed =
            told.expose().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(typed.parse(), Ok(told.clone()));
        assert!(!format!("{told:?}").contains(&told.expose()[..4]));
        for text in
            ["", "4T9X-M2HC-0RVA-86YK", "4T9X-M2HC-0RVA-86YK-7QWBX", "4T9X-M2HC-0RVA-86YK-7QU!"]
        {
            assert_eq!(text.parse::<Passphrase>(), Err(PassphraseError), "{text}");
        }
    }
}
