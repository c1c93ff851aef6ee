//! Passwords: what may be one, and how it is hashed (Argon2id, PHC string format).
//!
//! One hash takes [`PasswordCost::memory_kib`] of memory, so at most [`HASHES_AT_ONCE`] are worked
//! on at once; guessing must exhaust neither the memory nor the processors that record. People who
//! come from an address that is new for the account stand in a queue of their own, of bounded
//! length, so that a flood of strangers never delays the person on duty by more than one hash.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::{Semaphore, oneshot};
use zeroize::Zeroizing;

/// Hashes worked on at once.
const HASHES_AT_ONCE: usize = 2;
/// Strangers that wait for their hash; more are sent away as too many.
const WAITING_STRANGERS: usize = 32;
/// Characters of the shortest password.
const SHORTEST: usize = 10;
/// Characters of the longest password.
const LONGEST: usize = 128;

/// What one hash costs.
#[derive(Debug, Clone, Copy)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PasswordCost {
    /// 19 MiB, two passes, one lane: OWASP's password storage cheat sheet, first choice for
    /// Argon2id.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl PasswordCost {
    /// The least that Argon2 allows: for tests that guess by the thousand, never for people.
    #[must_use]
    pub const fn for_tests() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }
}

/// Why a password may not be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Shorter than ten characters.
    #[error("a password has at least {SHORTEST} characters")]
    TooShort,
    /// Longer than 128 characters.
    #[error("a password has at most {LONGEST} characters")]
    TooLong,
    /// The same as the name.
    #[error("the password is the name: choose another")]
    IsTheName,
}

/// Who waits for a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    /// Signed in at this address before, or carries a link or session: never waits for strangers.
    Known,
    /// Anybody else.
    Stranger,
}

/// So many strangers wait that this one is not let in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueueFull;

/// Hashes and compares, a few at once.
pub(crate) struct Passwords {
    argon2: Argon2<'static>,
    /// Compared when there is no such name, so that the answer takes the same time.
    decoy: String,
    workers: Sender<Job>,
    strangers: Semaphore,
    waiting: Semaphore,
}

impl Passwords {
    pub(crate) fn new(cost: PasswordCost) -> Self {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .expect("the cost is one that Argon2 allows");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, &host::random_bytes::<16>(), &mut Memory::default());
        Self {
            argon2,
            decoy,
            workers: start_workers(),
            strangers: Semaphore::new(1),
            waiting: Semaphore::new(WAITING_STRANGERS),
        }
    }

    /// Whether it may be the password of somebody of this name.
    pub(crate) fn check(name: &str, password: &str) -> Result<(), PasswordError> {
        match password.chars().count() {
            ..SHORTEST => Err(PasswordError::TooShort),
            SHORTEST..=LONGEST if password.trim().to_lowercase() == name.to_lowercase() => {
                Err(PasswordError::IsTheName)
            }
            SHORTEST..=LONGEST => Ok(()),
            _ => Err(PasswordError::TooLong),
        }
    }

    /// The verifier of a password, in PHC string format.
    pub(crate) async fn hash(&self, password: &str) -> String {
        let argon2 = self.argon2.clone();
        let password = Zeroizing::new(password.to_owned());
        self.work(move |memory| hash(&argon2, password.as_bytes(), memory)).await
    }

    /// Whether a password is the one of a verifier; without a verifier never, in the same time.
    pub(crate) async fn verify(
        &self,
        queue: Queue,
        password: &str,
        verifier: Option<String>,
    ) -> Result<bool, QueueFull> {
        let _places = match queue {
            Queue::Known => None,
            Queue::Stranger => {
                let waiting = self.waiting.try_acquire().map_err(|_| QueueFull)?;
                Some((waiting, self.strangers.acquire().await.expect("never closed")))
            }
        };
        // Nobody's password is longer; what is hashed has a limit.
        let fits = password.chars().count() <= LONGEST;
        let password = Zeroizing::new(if fits { password.to_owned() } else { String::new() });
        let is_real = verifier.is_some();
        let verifier = verifier.unwrap_or_else(|| self.decoy.clone());
        let matches =
            move |memory: &mut Memory| is_of(password.as_bytes(), &verifier, memory) == Some(true);
        Ok(self.work(matches).await && is_real && fits)
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> T {
        let (done, wait) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            // Who asked may have hung up.
            let _ = done.send(job(memory));
        };
        self.workers.send(Box::new(job)).expect("the workers live as long as this");
        wait.await.expect("hashing does not panic")
    }
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// What a hash is worked in. A thread keeps its own and uses it again: given back and taken anew for
/// each of 16 people who sign in, it left 290 MB behind, for the allocator keeps what it got.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn of(&mut self, params: &Params) -> &mut [Block] {
        let count = params.block_count();
        if self.0.len() < count {
            self.0.resize(count, Block::new());
        }
        &mut self.0[..count]
    }
}

fn start_workers() -> Sender<Job> {
    let (jobs, inbox) = channel::<Job>();
    let inbox = Arc::new(Mutex::new(inbox));
    for number in 0..HASHES_AT_ONCE {
        let inbox = Arc::clone(&inbox);
        std::thread::Builder::new()
            .name(format!("password-{number}"))
            .spawn(move || work_off(&inbox))
            .expect("the operating system gives a thread");
    }
    jobs
}

fn work_off(inbox: &Mutex<Receiver<Job>>) {
    let mut memory = Memory::default();
    loop {
        let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(&mut memory),
            Err(_) => return,
        }
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8], memory: &mut Memory) -> String {
    const FITS: &str = "salt, password and cost are such that Argon2 allows";
    let salt = host::random_bytes::<16>();
    let hash = output(argon2, password, &salt, memory).expect(FITS);
    PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).expect(FITS),
        salt: Some(Salt::new(&salt).expect(FITS)),
        hash: Some(hash),
    }
    .to_string()
}

/// Whether a password is the one of a verifier; `None` if that is none of ours.
fn is_of(password: &[u8], verifier: &str, memory: &mut Memory) -> Option<bool> {
    let known = PasswordHash::new(verifier).ok()?;
    let algorithm = Algorithm::try_from(known.algorithm.as_str()).ok()?;
    let version = Version::try_from(known.version?).ok()?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&known).ok()?);
    let hash = output(&argon2, password, &known.salt?, memory)?;
    // Compared in a time that does not tell where they differ.
    Some(hash == known.hash?)
}

fn output(
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    memory: &mut Memory,
) -> Option<Output> {
    let mut out = [0u8; Params::DEFAULT_OUTPUT_LEN];
    let blocks = memory.of(argon2.params());
    argon2.hash_password_into_with_memory(password, salt, &mut out, blocks).ok()?;
    Output::new(&out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_password() {
        assert_eq!(Passwords::check("kim", "123456789"), Err(PasswordError::TooShort));
        assert_eq!(Passwords::check("kim", "가나다라마바사아자차"), Ok(()));
        assert_eq!(Passwords::check("kim", &"x".repeat(129)), Err(PasswordError::TooLong));
        assert_eq!(Passwords::check("Kim-Minsu-1", "kim-minsu-1"), Err(PasswordError::IsTheName));
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_fits_one_password() {
        let passwords = Passwords::new(PasswordCost::default());
        let verifier = passwords.hash("correct horse").await;
        assert!(verifier.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{verifier}");
        let verify = |password, verifier| passwords.verify(Queue::Stranger, password, verifier);
        assert!(verify("correct horse", Some(verifier.clone())).await.unwrap());
        assert!(!verify("correct hors", Some(verifier)).await.unwrap());
        assert!(!verify("correct horse", None).await.unwrap());
    }

    /// The library's own way of writing and reading a verifier, and ours, are the same.
    #[test]
    fn a_verifier_is_a_phc_string_as_others_write_it() {
        use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
        let params = Params::new(8, 1, 1, None).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut memory = Memory::default();
        let ours = hash(&argon2, b"correct horse", &mut memory);
        assert!(argon2.verify_password(b"correct horse", ours.as_str()).is_ok());
        assert!(argon2.verify_password(b"correct hors", ours.as_str()).is_err());
        let theirs = argon2.hash_password_with_salt(b"correct horse", &[7; 16]).unwrap();
        let theirs = theirs.to_string();
        assert_eq!(is_of(b"correct horse", &theirs, &mut memory), Some(true));
        assert_eq!(is_of(b"correct hors", &theirs, &mut memory), Some(false));
        assert_eq!(is_of(b"correct horse", "$argon2id$v=19$m=8", &mut memory), None);
    }

    #[tokio::test]
    async fn a_crowd_of_strangers_is_sent_away_and_a_known_person_is_not() {
        let passwords = Arc::new(Passwords::new(PasswordCost::for_tests()));
        let verifier = passwords.hash("correct horse").await;
        let _crowd = passwords.waiting.try_acquire_many(WAITING_STRANGERS as u32).unwrap();
        assert!(passwords.verify(Queue::Stranger, "correct horse", None).await.is_err());
        assert!(passwords.verify(Queue::Known, "correct horse", Some(verifier)).await.unwrap());
    }
}
