//! The closed set of words that a verification ends with, each with its class, and a short sentence
//! in Korean and English. The words are stable: other programs may read them.

/// What a word means for whoever asked. Each class has its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Everything that was asked for holds.
    Verified,
    /// What there is holds, but too few witnesses vouch for it.
    Unwitnessed,
    /// Something that is needed was not there or could not be read: neither proven nor disproven.
    Incomplete,
    /// A key that was said to be destroyed is there.
    Found,
    /// Something is not what was signed, or contradicts itself: a fault, a lie or a forgery.
    Refused,
}

impl Class {
    /// Every class, the mildest first.
    pub const ALL: [Self; 5] =
        [Self::Verified, Self::Unwitnessed, Self::Incomplete, Self::Found, Self::Refused];

    /// The word of the class.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unwitnessed => "unwitnessed",
            Self::Incomplete => "incomplete",
            Self::Found => "found",
            Self::Refused => "refused",
        }
    }

    /// What the program exits with. 1 and 2 are left to crashes and to wrong arguments.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Refused => 10,
            Self::Found => 11,
            Self::Incomplete => 12,
            Self::Unwitnessed => 13,
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $class:ident, $korean:literal, $english:literal;)*) => {
        /// How a verification ended, or what was found on the way.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Word {$(
            $(#[$doc])*
            $name,
        )*}

        impl Word {
            /// Every word.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word itself.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {$(Self::$name => $text),*}
            }

            /// Its class.
            #[must_use]
            pub const fn class(self) -> Class {
                match self {$(Self::$name => Class::$class),*}
            }

            /// What it says, in Korean.
            #[must_use]
            pub const fn korean(self) -> &'static str {
                match self {$(Self::$name => $korean),*}
            }

            /// What it says, in English.
            #[must_use]
            pub const fn english(self) -> &'static str {
                match self {$(Self::$name => $english),*}
            }
        }
    };
}

words! {
    /// All of it holds.
    Verified = "verified", Verified,
        "모두 맞습니다.",
        "Everything that was asked for holds.";
    /// Fewer witnesses than the policy asks for.
    NoQuorum = "no-quorum", Unwitnessed,
        "정책이 요구하는 만큼 증인이 서명하지 않았습니다.",
        "Fewer witnesses cosigned than the policy asks for.";
    /// No checkpoint.
    CheckpointMissing = "checkpoint-missing", Incomplete,
        "체크포인트가 없습니다.",
        "There is no checkpoint.";
    /// No log of a year that another names.
    YearMissing = "year-missing", Incomplete,
        "다른 해의 원장이 가리키는 해의 원장이 없습니다.",
        "The log of a year that the next one names is not there.";
    /// No tile.
    TileMissing = "tile-missing", Incomplete,
        "해시 타일이 없습니다.",
        "A tile of hashes is not there.";
    /// No bundle.
    BundleMissing = "bundle-missing", Incomplete,
        "기록 묶음이 없습니다.",
        "A bundle of entries is not there.";
    /// No companion.
    CompanionMissing = "companion-missing", Incomplete,
        "기록이 가리키는 목록 파일이 없습니다.",
        "A list that an entry names is not there.";
    /// The entry of a receipt was not given.
    EntryNotGiven = "entry-not-given", Incomplete,
        "영수증의 기록이 없어 포함 여부를 볼 수 없습니다. --entry 로 주십시오.",
        "Without the entry nobody can say whether it is in the log: give it with --entry.";
    /// The server or the disk did not give it.
    Unreadable = "unreadable", Incomplete,
        "읽지 못했습니다.",
        "It could not be read.";
    /// Not destroyed.
    StillKept = "still-kept", Incomplete,
        "이 기간의 영상 전부가 파기되지는 않았습니다.",
        "Not all footage of this span is destroyed.";
    /// More bytes than such a file may have.
    TooLarge = "too-large", Incomplete,
        "있을 수 있는 크기보다 큽니다.",
        "It is larger than such a file may be.";
    /// The preimage of the commitment of a destroyed key.
    DestroyedKeyFound = "destroyed-key-found", Found,
        "파기되었다고 한 열쇠가 디스크에 있습니다.",
        "A key that was said to be destroyed is on the disk.";
    /// Footage of a destroyed bucket opened.
    DestroyedFootageOpened = "destroyed-footage-opened", Found,
        "파기되었다고 한 영상이 디스크의 열쇠로 열립니다.",
        "Footage that was said to be destroyed opens with a key on the disk.";
    /// No note, or no checkpoint in it.
    CheckpointMalformed = "checkpoint-malformed", Refused,
        "서명된 체크포인트의 형식이 아닙니다.",
        "This is no signed checkpoint.";
    /// A log that the policy does not list.
    UnknownLog = "unknown-log", Refused,
        "정책에 없는 원장입니다.",
        "The policy lists no such log.";
    /// The log's signature.
    BadSignature = "bad-signature", Refused,
        "원장의 서명이 없거나 틀립니다.",
        "The log's signature is missing or wrong.";
    /// A witness's signature.
    BadCosignature = "bad-cosignature", Refused,
        "증인의 서명이 틀립니다.",
        "The cosignature of a witness is wrong.";
    /// Smaller than before.
    WentBack = "went-back", Refused,
        "원장이 전보다 짧습니다.",
        "The log is shorter than it was.";
    /// Not the history that was seen before.
    HistoryRewritten = "history-rewritten", Refused,
        "전에 본 기록이 다시 쓰였습니다.",
        "History was rewritten: the log does not begin with what was signed before.";
    /// Entries and root do not belong together.
    RootDiffers = "root-differs", Refused,
        "기록들이 서명된 뿌리로 이어지지 않습니다.",
        "The entries do not lead to the root that was signed.";
    /// A tile is not what the root says.
    TileDamaged = "tile-damaged", Refused,
        "해시 타일이 서명된 것과 다릅니다.",
        "A tile of hashes is not what was signed.";
    /// A bundle that cannot be taken apart.
    BundleDamaged = "bundle-damaged", Refused,
        "기록 묶음이 깨졌습니다.",
        "A bundle of entries is damaged.";
    /// An entry is not what the tile says.
    EntryChanged = "entry-changed", Refused,
        "기록이 서명된 것과 다릅니다.",
        "An entry is not the one that was signed.";
    /// An entry of no known kind or form.
    EntryMalformed = "entry-malformed", Refused,
        "정해진 형식의 기록이 아닙니다.",
        "An entry has none of the documented forms.";
    /// Entries contradict each other.
    OrderBroken = "order-broken", Refused,
        "기록들이 서로 맞지 않습니다.",
        "Entries contradict each other.";
    /// Two years do not join.
    YearBroken = "year-broken", Refused,
        "이어지는 두 해의 원장이 맞물리지 않습니다.",
        "A year's log does not continue the one before.";
    /// A companion's bytes.
    CompanionDamaged = "companion-damaged", Refused,
        "목록 파일이 기록된 것과 다릅니다.",
        "A list is not the one that its entry names.";
    /// No bundle that left.
    ExportMalformed = "export-malformed", Refused,
        "봉인된 영상 파일의 형식이 아니거나 끝이 잘렸습니다.",
        "This is no bundle of footage, or it was cut.";
    /// Not what was sealed.
    ExportAltered = "export-altered", Refused,
        "봉인한 뒤에 파일이 바뀌었습니다.",
        "The file was changed after it was sealed.";
    /// Taken back.
    ExportRevoked = "export-revoked", Refused,
        "이 반출은 취소되었습니다.",
        "This export was revoked.";
    /// No certificate.
    CertificateMalformed = "certificate-malformed", Refused,
        "파기 증명서의 형식이 아닙니다.",
        "This is no certificate of destruction.";
    /// Its text is not its data's.
    CertificateAltered = "certificate-altered", Refused,
        "증명서의 글이 그 자료와 다릅니다.",
        "The text of the certificate is not what its data says.";
    /// A bucket that is not in the lists as it is said to be.
    BucketUnproven = "bucket-unproven", Refused,
        "버킷이 목록에 적힌 것과 다릅니다.",
        "A bucket is not in the lists as the certificate says.";
    /// A part of the span of which nothing is said.
    SpanUncovered = "span-uncovered", Refused,
        "기간의 일부에 대해 아무 말이 없습니다.",
        "Of a part of the span nothing is said.";
    /// A bucket that the ledger has.
    BucketLeftOut = "bucket-left-out", Refused,
        "원장에 있는 이 카메라의 버킷이 증명서에 없습니다.",
        "The ledger has a bucket of this camera that the certificate leaves out.";
    /// More than its entries say.
    Overstated = "overstated", Refused,
        "증명서가 기록보다 많은 것을 말합니다.",
        "The certificate says more than its entries.";
    /// No proof file.
    ProofMalformed = "proof-malformed", Refused,
        "영수증(tlog-proof)의 형식이 아닙니다.",
        "This is no proof file.";
    /// The entry is not under the root.
    NotIncluded = "not-included", Refused,
        "이 기록은 그 원장에 있다고 증명되지 않습니다.",
        "The entry is not proven to be in the log.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_and_exit_codes_are_all_different() {
        let texts: BTreeSet<_> = Word::ALL.iter().map(|word| word.text()).collect();
        assert_eq!(texts.len(), Word::ALL.len());
        let codes: BTreeSet<_> = Class::ALL.iter().map(|class| class.exit_code()).collect();
        assert_eq!(codes.len(), Class::ALL.len());
        assert!(!codes.contains(&1) && !codes.contains(&2));
        let good = Word::ALL.iter().filter(|word| word.class() == Class::Verified);
        assert_eq!(good.collect::<Vec<_>>(), [&Word::Verified]);
    }
}
