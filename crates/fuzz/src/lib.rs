//! Bytes from outside against all that reads them.
//!
//! Each [`Target`] takes any bytes and must come back: no panic, no hang, no memory without bound,
//! and what its module promises besides. The same bodies run in two ways:
//!
//! - `./x fuzz` gives them to libFuzzer, which looks for bytes that reach new code.
//! - `tests/targets.rs` gives them their seeds, everything that was ever found (`testdata/fuzz`), and
//!   some thousand mutations that are the same each time.
//!
//! How one is added: `docs/howto/add-a-fuzz-target.md`.

mod bundle;
mod camera;
mod cosign;
mod front;
mod house;
mod http;
mod journal;
mod line;
mod mutate;
mod packets;
mod parameters;
mod published;
mod reels;
mod transparency;

pub use mutate::Mutator;

/// Something that reads bytes from outside.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its word: what `./x fuzz` is told, and the folder below `testdata/fuzz`.
    pub name: &'static str,
    /// Inputs that are as they should be, or nearly: what the fuzzer begins with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Words that its inputs are made of, for the fuzzer to put together.
    pub words: &'static [&'static str],
    /// Reads an input; panics if that shows something wrong.
    pub run: fn(&[u8]),
    /// How many mutations an ordinary test run tries: a second or two.
    pub mutations: u32,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    camera::TARGET,
    parameters::TARGET,
    reels::TARGET,
    journal::TARGET,
    http::TARGET,
    cosign::TARGET,
    transparency::NOTE,
    transparency::PROOF,
    transparency::TILE,
    transparency::POLICY,
    published::TARGET,
    front::TARGET,
    bundle::TARGET,
];

/// The target of a name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Takes the first bytes off an input; zeros where it is too short.
pub(crate) fn take<const N: usize>(input: &mut &[u8]) -> [u8; N] {
    let count = N.min(input.len());
    let mut taken = [0; N];
    taken[..count].copy_from_slice(&input[..count]);
    *input = &input[count..];
    taken
}

/// Takes a length in two bytes, little end first, and so many bytes, or what is left.
pub(crate) fn take_piece<'a>(input: &mut &'a [u8]) -> &'a [u8] {
    let length = usize::from(u16::from_le_bytes(take(input)));
    let (piece, rest) = input.split_at(length.min(input.len()));
    *input = rest;
    piece
}

/// A piece as [`take_piece`] reads it.
pub(crate) fn piece(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a seed's pieces are short");
    [&length.to_le_bytes(), bytes].concat()
}
