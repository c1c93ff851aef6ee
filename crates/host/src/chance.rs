//! Chance: the one source of random bytes.

/// `N` bytes from the operating system's generator.
///
/// # Panics
/// If the operating system gives none: no key and no id may be made from anything less.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
