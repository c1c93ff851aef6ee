//! Reading a policy file.

use thiserror::Error;

use super::{Group, Member, Policy, TrustedLog, Witness};
use crate::note::{Algorithm, ECDSA_BYTE, EcdsaKey, KeyError, VerifierKey};
use crate::tile::decimal;

/// The longest policy file that is read, in bytes.
pub const MAX_POLICY_BYTES: usize = 256 * 1024;

/// The most logs of a policy; the specification asks for at least 32.
pub const MAX_LOGS: usize = 128;

/// The most witnesses of a policy; the specification asks for at least 32.
pub const MAX_WITNESSES: usize = 128;

/// The most groups of a policy; the specification asks for at least 32.
pub const MAX_GROUPS: usize = 128;

/// The longest name of a witness or group, in bytes: as long as that of a key.
pub const MAX_POLICY_NAME_BYTES: usize = 255;

/// The longest address, in bytes.
pub const MAX_URL_BYTES: usize = 2048;

/// The name that stands for no witness at all.
const NONE: &[u8] = b"none";

/// Why a file is no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParsePolicyError {
    /// Longer than [`MAX_POLICY_BYTES`].
    #[error("a policy has at most {MAX_POLICY_BYTES} bytes")]
    TooLong,
    /// The last line has no line feed: the file may be cut short, and half a name can be another.
    #[error("the last line of the policy does not end in a line feed: the file may be cut short")]
    Unfinished,
    /// Nothing says how many witnesses are needed.
    #[error("a policy has a quorum line; `quorum none` asks for no witness")]
    NoQuorum,
    /// A line is wrong.
    #[error("line {line} of the policy is wrong")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: PolicyLineError,
    },
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyLineError {
    /// A control character that is no tab.
    #[error("it holds a control character: only tabs may be in a line")]
    ControlCharacter,
    /// It begins with a word that is none of a policy.
    #[error("a line begins with log, witness, group, quorum or #")]
    Word,
    /// Too few or too many items.
    #[error("it has too few or too many items: {0}")]
    Items(&'static str),
    /// The verifier key cannot be used.
    #[error("its key cannot be used")]
    Key(#[source] KeyError),
    /// The verifier key is no UTF-8.
    #[error("its key is not UTF-8 text")]
    KeyEncoding,
    /// The key of a log is one for cosignatures.
    #[error("a log's key is of type 0x01, this one is for cosignatures")]
    NotALogKey,
    /// The key of a witness is none for cosignatures.
    #[error("a witness's key is of type 0x04, this one signs no cosignatures")]
    NotAWitnessKey,
    /// The same public key was listed before.
    #[error("the same public key is listed before")]
    DuplicateKey,
    /// A key is listed as a log's and as a witness's.
    #[error("the same public key is a log's and a witness's: a log cannot witness itself")]
    LogIsWitness,
    /// A name is too long.
    #[error("a name has at most {MAX_POLICY_NAME_BYTES} bytes")]
    NameTooLong,
    /// An address is too long.
    #[error("an address has at most {MAX_URL_BYTES} bytes")]
    UrlTooLong,
    /// A name was given before, or is `none`.
    #[error("the name {0} is taken")]
    NameTaken(String),
    /// Nothing of this name was defined on a line before.
    #[error("nothing is called {0} on the lines before")]
    UnknownName(String),
    /// It is a member of a group already.
    #[error("{0} is a member of a group already")]
    MemberTwice(String),
    /// The threshold is no number from 1 to the members.
    #[error("a threshold is all, any or a number from 1 to the count of members")]
    Threshold,
    /// A second quorum line.
    #[error("there is a quorum line already")]
    QuorumTwice,
    /// More logs, witnesses or groups than are read.
    #[error("there are at most {0} of these")]
    TooMany(usize),
}

impl Policy {
    /// Reads a policy file strictly, by C2SP tlog-policy.
    ///
    /// # Errors
    /// If the specification does not allow the file, or it exceeds a limit. Besides, a log may not be
    /// its own witness, and keys of types that cannot be verified here are refused: a witness that
    /// cannot be counted would look like one that is silent.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParsePolicyError> {
        if bytes.len() > MAX_POLICY_BYTES {
            return Err(ParsePolicyError::TooLong);
        }
        if bytes.last().is_some_and(|&last| last != b'\n') {
            return Err(ParsePolicyError::Unfinished);
        }
        let mut reader = Reader::default();
        for (at, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            let wrong = |source| ParsePolicyError::Line { line: at + 1, source };
            reader.line(line).map_err(wrong)?;
        }
        if reader.has_quorum_line { Ok(reader.policy) } else { Err(ParsePolicyError::NoQuorum) }
    }

    /// Trusts one more log, known from elsewhere than the file.
    ///
    /// # Errors
    /// As for a line of the file.
    pub fn trust_log(
        &mut self,
        key: VerifierKey,
        url: Option<Vec<u8>>,
    ) -> Result<(), PolicyLineError> {
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(PolicyLineError::NotALogKey);
        }
        let same = |other: &VerifierKey| other.public_key() == key.public_key();
        if self.logs.iter().any(|log| same(&log.key)) {
            return Err(PolicyLineError::DuplicateKey);
        }
        if self.witnesses.iter().any(|witness| same(&witness.key)) {
            return Err(PolicyLineError::LogIsWitness);
        }
        push(&mut self.logs, MAX_LOGS, TrustedLog { key, url })
    }
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    policy: Policy,
    /// For each witness and each group, whether a group has it as a member.
    witness_used: Vec<bool>,
    group_used: Vec<bool>,
    has_quorum_line: bool,
}

impl Reader {
    fn line(&mut self, line: &[u8]) -> Result<(), PolicyLineError> {
        if line.iter().any(|&byte| byte != b'\t' && (byte < 0x20 || byte == 0x7f)) {
            return Err(PolicyLineError::ControlCharacter);
        }
        let mut items = line.split(|&byte| byte == b' ' || byte == b'\t');
        let items: Vec<&[u8]> = items.by_ref().filter(|item| !item.is_empty()).collect();
        match items[..] {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", key] => self.log(key, None),
            [b"log", key, url] => self.log(key, Some(url)),
            [b"log", ..] => Err(PolicyLineError::Items("log <vkey> [<url>]")),
            [b"witness", name, key] => self.witness(name, key, None),
            [b"witness", name, key, url] => self.witness(name, key, Some(url)),
            [b"witness", ..] => Err(PolicyLineError::Items("witness <name> <vkey> [<url>]")),
            [b"group", name, threshold, ref members @ ..] if !members.is_empty() => {
                self.group(name, threshold, members)
            }
            [b"group", ..] => Err(PolicyLineError::Items("group <name> <all|any|k> <name>...")),
            [b"quorum", name] => self.quorum(name),
            [b"quorum", ..] => Err(PolicyLineError::Items("quorum <name>")),
            _ => Err(PolicyLineError::Word),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&[u8]>) -> Result<(), PolicyLineError> {
        let url = parse_url(url)?;
        match parse_key(key) {
            Err(PolicyLineError::Key(KeyError::UnknownAlgorithm(ECDSA_BYTE))) => self.second(key),
            parsed => self.policy.trust_log(parsed?, url),
        }
    }

    /// A key with which a log signs its checkpoints a second time.
    fn second(&mut self, key: &[u8]) -> Result<(), PolicyLineError> {
        let text = std::str::from_utf8(key).map_err(|_| PolicyLineError::KeyEncoding)?;
        let key = EcdsaKey::parse(text).map_err(PolicyLineError::Key)?;
        if self.policy.seconds.iter().any(|other| other.spki() == key.spki()) {
            return Err(PolicyLineError::DuplicateKey);
        }
        push(&mut self.policy.seconds, MAX_LOGS, key)
    }

    fn witness(
        &mut self,
        name: &[u8],
        key: &[u8],
        url: Option<&[u8]>,
    ) -> Result<(), PolicyLineError> {
        let name = self.new_name(name)?;
        let (key, url) = (parse_key(key)?, parse_url(url)?);
        if key.algorithm() != Algorithm::CosignatureV1 {
            return Err(PolicyLineError::NotAWitnessKey);
        }
        let same = |other: &VerifierKey| other.public_key() == key.public_key();
        if self.policy.witnesses.iter().any(|witness| same(&witness.key)) {
            return Err(PolicyLineError::DuplicateKey);
        }
        if self.policy.logs.iter().any(|log| same(&log.key)) {
            return Err(PolicyLineError::LogIsWitness);
        }
        push(&mut self.policy.witnesses, MAX_WITNESSES, Witness { name, key, url })?;
        self.witness_used.push(false);
        Ok(())
    }

    fn group(
        &mut self,
        name: &[u8],
        threshold: &[u8],
        members: &[&[u8]],
    ) -> Result<(), PolicyLineError> {
        let name = self.new_name(name)?;
        let threshold = match threshold {
            b"all" => members.len(),
            b"any" => 1,
            number => parse_threshold(number).ok_or(PolicyLineError::Threshold)?,
        };
        if threshold == 0 || threshold > members.len() {
            return Err(PolicyLineError::Threshold);
        }
        let members =
            members.iter().map(|member| self.join(member)).collect::<Result<Vec<_>, _>>()?;
        push(&mut self.policy.groups, MAX_GROUPS, Group { name, threshold, members })?;
        self.group_used.push(false);
        Ok(())
    }

    /// Makes what bears this name a member of the group that is being read.
    fn join(&mut self, name: &[u8]) -> Result<Member, PolicyLineError> {
        let member = self.find(name).ok_or_else(|| PolicyLineError::UnknownName(shown(name)))?;
        let used = match member {
            Member::Witness(at) => &mut self.witness_used[at],
            Member::Group(at) => &mut self.group_used[at],
        };
        if std::mem::replace(used, true) {
            return Err(PolicyLineError::MemberTwice(shown(name)));
        }
        Ok(member)
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), PolicyLineError> {
        if std::mem::replace(&mut self.has_quorum_line, true) {
            return Err(PolicyLineError::QuorumTwice);
        }
        if name != NONE {
            let found = self.find(name);
            let member = found.ok_or_else(|| PolicyLineError::UnknownName(shown(name)))?;
            self.policy.quorum = Some(member);
        }
        Ok(())
    }

    fn find(&self, name: &[u8]) -> Option<Member> {
        let witness = self.policy.witnesses.iter().position(|witness| witness.name == name);
        let group = || self.policy.groups.iter().position(|group| group.name == name);
        witness.map(Member::Witness).or_else(|| group().map(Member::Group))
    }

    fn new_name(&self, name: &[u8]) -> Result<Vec<u8>, PolicyLineError> {
        if name.len() > MAX_POLICY_NAME_BYTES {
            return Err(PolicyLineError::NameTooLong);
        }
        if name == NONE || self.find(name).is_some() {
            return Err(PolicyLineError::NameTaken(shown(name)));
        }
        Ok(name.to_vec())
    }
}

fn parse_key(item: &[u8]) -> Result<VerifierKey, PolicyLineError> {
    let text = std::str::from_utf8(item).map_err(|_| PolicyLineError::KeyEncoding)?;
    VerifierKey::parse(text).map_err(PolicyLineError::Key)
}

fn parse_url(item: Option<&[u8]>) -> Result<Option<Vec<u8>>, PolicyLineError> {
    match item {
        Some(url) if url.len() > MAX_URL_BYTES => Err(PolicyLineError::UrlTooLong),
        url => Ok(url.map(<[u8]>::to_vec)),
    }
}

fn parse_threshold(item: &[u8]) -> Option<usize> {
    usize::try_from(decimal(std::str::from_utf8(item).ok()?)?).ok()
}

fn push<T>(list: &mut Vec<T>, most: usize, item: T) -> Result<(), PolicyLineError> {
    if list.len() == most {
        return Err(PolicyLineError::TooMany(most));
    }
    list.push(item);
    Ok(())
}

/// A name for a message: names are bytes, and need not be text.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().take(80).collect()
}
