//! What persons saw of promises that no program can see: what may be entered, whether it counts, for
//! how long, and in which words.
//!
//! The word of a person is the weakest evidence there is here, and each line that rests on it says
//! so. It is for the sentence that he read: another sentence needs another word.

use aws_lc_rs::digest::{SHA256, digest};
use domain::{Role, WallTime};
use law::KOREA_AHEAD;
use time::Date;

use crate::judge::{Found, State, unproven};
use crate::names::with;
use crate::{CameraFact, Check, Facts, Promise};

/// Signs are taken down, hidden by posters and grown over.
pub(crate) const SIGNS_DAYS: u16 = 90;
/// Homepages are made anew, and what stood there is gone.
pub(crate) const HOMEPAGE_DAYS: u16 = 90;
/// Locks, key holders, rooms, computers, what is done with paper: nothing tells when these change.
pub(crate) const PLACES_DAYS: u16 = 180;
/// What the sentence itself promises for each year (internal plan: Safe 4; contractors: Act 26(4)).
pub(crate) const YEARLY_DAYS: u16 = 365;

/// What was looked at longer ago is not entered any more: memory is no evidence.
pub const MOST_DAYS_AGO: u16 = 30;
/// Bytes of the largest picture.
pub const MOST_PICTURE_BYTES: usize = 512 << 10;
/// Characters of the longest remark.
pub const LONGEST_REMARK: usize = 500;

/// What a person saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It is as promised.
    So,
    /// It is otherwise.
    Otherwise,
}

/// Something that a person looked at, as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// Which promise.
    pub promise: String,
    /// [`sentence_sha256`] of the sentence that it was made for.
    pub sentence: String,
    /// What was seen.
    pub seen: Seen,
    /// The day on which somebody looked.
    pub day: Date,
    /// As what.
    pub role: Role,
    /// The entry of the ledger.
    pub entry: String,
}

/// Why what somebody saw is not entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttestError {
    /// The policy in force does not make it.
    #[error("the policy in force makes no such promise")]
    NoSuchPromise,
    /// The program looks itself, and believes nobody.
    #[error("the program looks at this promise itself; nobody's word counts for it")]
    SeenByProgram,
    /// The day has not come yet, or is too long ago.
    #[error("it was looked at on a day that is to come, or more than {MOST_DAYS_AGO} days ago")]
    Day,
    /// The picture is too large, or none.
    #[error("a picture is a JPEG or a PNG of at most {MOST_PICTURE_BYTES} bytes")]
    Picture,
    /// The remark is too long, or has a character that is none.
    #[error("the remark has at most {LONGEST_REMARK} characters, and no control characters")]
    Remark,
}

/// What an attestation says, before it is entered.
#[derive(Debug, Clone, Copy)]
pub struct Word<'w> {
    /// Which promise.
    pub promise: &'w str,
    /// On which day somebody looked.
    pub day: Date,
    /// What he wrote beside it; may be empty.
    pub remark: &'w str,
    /// A picture of it.
    pub picture: Option<&'w [u8]>,
}

/// The promise that something is said of, if it can be said.
///
/// # Errors
/// Why not.
pub fn attestable<'p>(
    word: &Word<'_>,
    promises: &'p [Promise],
    today: Date,
) -> Result<&'p Promise, AttestError> {
    let promise = promises.iter().find(|it| it.id == word.promise);
    let promise = promise.ok_or(AttestError::NoSuchPromise)?;
    promise.check.every_days().ok_or(AttestError::SeenByProgram)?;
    let age_days = (today - word.day).whole_days();
    if !(0..=i64::from(MOST_DAYS_AGO)).contains(&age_days) {
        return Err(AttestError::Day);
    }
    if word.picture.is_some_and(|picture| picture_type(picture).is_none()) {
        return Err(AttestError::Picture);
    }
    let is_unfit = |letter: char| letter.is_control() && letter != '\n';
    if word.remark.chars().count() > LONGEST_REMARK || word.remark.chars().any(is_unfit) {
        return Err(AttestError::Remark);
    }
    Ok(promise)
}

/// What kind of picture these bytes are, by how they begin and end; none if they are neither a whole JPEG
/// nor a whole PNG, or too many. What a file is called, or said to be, counts for nothing.
#[must_use]
pub fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    const JPEG: (&[u8], &[u8]) = (&[0xFF, 0xD8, 0xFF], &[0xFF, 0xD9]);
    const PNG: (&[u8], &[u8]) = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\0\0\0\0IEND\xaeB`\x82");
    let is = |(begin, end): (&[u8], &[u8])| {
        bytes.len() > begin.len() + end.len() && bytes.starts_with(begin) && bytes.ends_with(end)
    };
    match bytes.len() <= MOST_PICTURE_BYTES {
        true if is(JPEG) => Some("image/jpeg"),
        true if is(PNG) => Some("image/png"),
        _ => None,
    }
}

/// SHA-256 of a sentence as it is published, 64 hexadecimal digits.
#[must_use]
pub fn sentence_sha256(sentence: &str) -> String {
    let hash = digest(&SHA256, sentence.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Check {
    /// For how many days the word of a person counts; none if the program looks itself.
    #[must_use]
    pub const fn every_days(&self) -> Option<u16> {
        match self {
            Self::Attested { every_days } => Some(*every_days),
            _ => None,
        }
    }
}

/// The word that counts for a promise as it reads now: of the newest day, and of these the last
/// entered. `all` in the order in which they were entered.
#[must_use]
pub fn newest<'a>(promise: &Promise, all: &'a [Attestation]) -> Option<&'a Attestation> {
    let sentence = sentence_sha256(&promise.ko);
    all.iter()
        .filter(|said| said.promise == promise.id && said.sentence == sentence)
        .max_by_key(|said| said.day)
}

/// The last day on which a word counts.
#[must_use]
pub fn good_until(said: &Attestation, every_days: u16) -> Date {
    said.day.saturating_add(time::Duration::days(i64::from(every_days)))
}

/// What is known of a promise that a person has to look at.
pub(crate) fn judge_attested(promise: &Promise, facts: &Facts, every_days: u16) -> Found {
    let Some(said) = newest(promise, &facts.attestations) else {
        return nobody(promise, facts);
    };
    let (ko, en) = told(said);
    match said.seen {
        Seen::Otherwise => {
            (State::Broken, format!("약속과 다름을 {ko}"), format!("Otherwise than promised: {en}"))
        }
        Seen::So if good_until(said, every_days) < facts.today => unproven(
            format!("확인한 지 {every_days}일이 지났습니다. 약속대로임을 {ko}"),
            format!("Longer ago than {every_days} days. As promised: {en}"),
        ),
        Seen::So => match later_cameras(promise, said, facts) {
            0 => (State::Kept, format!("약속대로임을 {ko}"), format!("As promised: {en}")),
            more => unproven(
                format!("확인한 뒤에 카메라 {more}대가 늘었습니다. 약속대로임을 {ko}"),
                format!("{more} cameras were added since. As promised: {en}"),
            ),
        },
    }
}

/// How many cameras were put up after somebody looked at the signs: of these he saw none.
fn later_cameras(promise: &Promise, said: &Attestation, facts: &Facts) -> usize {
    let last_seen = said.day.to_string();
    let day = |at: WallTime| (at + KOREA_AHEAD).to_string();
    let is_later = |camera: &&CameraFact| day(camera.added_at)[..10] > *last_seen;
    if promise.id == "signs" { facts.cameras.iter().filter(is_later).count() } else { 0 }
}

fn nobody(promise: &Promise, facts: &Facts) -> Found {
    let is_of_another = facts.attestations.iter().any(|said| said.promise == promise.id);
    if is_of_another {
        return unproven(
            "약속의 문장이 바뀐 뒤로 아직 확인한 사람이 없습니다. 시스템이 볼 수 없는 일입니다.",
            "The sentence has changed, and nobody has looked since; the program cannot see this.",
        );
    }
    unproven(
        "시스템이 볼 수 없는 일이며, 아직 확인하여 기록한 사람이 없습니다.",
        "The program cannot see this, and nobody has looked and said so yet.",
    )
}

/// Who by role, when, and that it is a person's word.
fn told(said: &Attestation) -> (String, String) {
    let (name, day, entry) = (with(role_name(said.role), "이", "가"), said.day, &said.entry);
    (
        format!("{name} {day}에 확인하여 기록하였습니다(원장 {entry}). 시스템이 본 것이 아닙니다."),
        format!(
            "a person's word ({}, looked on {day}, entry {entry}); not seen by the system.",
            said.role.word()
        ),
    )
}

/// What the pages call a role.
pub(crate) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Administrator => "시스템 관리자",
        Role::Manager => "관리책임자",
        Role::Officer => "담당자",
        Role::Operator => "관제요원",
        Role::Contractor => "수탁업체",
        Role::Inspector => "점검자",
    }
}
