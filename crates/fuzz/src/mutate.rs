//! Mutations that are the same each time: what an ordinary test run tries without the fuzzer.

/// Chance from a seed (xorshift64*), and what it does to inputs.
#[derive(Debug, Clone)]
pub struct Mutator(u64);

/// No mutation grows beyond.
const MAX_BYTES: usize = 256 << 10;

impl Mutator {
    /// Chance that is the same for the same seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// One of the inputs, changed in one to eight places.
    ///
    /// # Panics
    /// If there is no input.
    pub fn mutate(&mut self, inputs: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
        let mut bytes = inputs[self.below(inputs.len())].clone();
        for _ in 0..=self.below(8) {
            let other = &inputs[self.below(inputs.len())];
            self.change(&mut bytes, other, words);
        }
        bytes.truncate(MAX_BYTES);
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, other: &[u8], words: &[&str]) {
        /// Where lengths and counts go wrong.
        const EDGES: [u64; 10] =
            [0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 32, !0];
        let at = self.below(bytes.len() + 1);
        let length = self.below(1 + 32.min(bytes.len() - at));
        match self.below(9) {
            0 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << self.below(8)),
            1 => bytes.get_mut(at).into_iter().for_each(|byte| *byte = self.byte()),
            2 => drop(bytes.drain(at..at + length)),
            3 => bytes.truncate(at),
            4 => {
                let copy = bytes[at..at + length].to_vec();
                bytes.splice(at..at, copy);
            }
            5 => {
                let from = self.below(other.len() + 1);
                let until = from + self.below(1 + 64.min(other.len() - from));
                bytes.splice(at..at + length, other[from..until].iter().copied());
            }
            6 => {
                let edge = EDGES[self.below(EDGES.len())];
                let edge = if self.below(2) == 0 { edge.to_be_bytes() } else { edge.to_le_bytes() };
                let width = [1, 2, 4, 8][self.below(4)].min(bytes.len() - at);
                let from = if self.below(2) == 0 { 0 } else { 8 - width };
                bytes[at..at + width].copy_from_slice(&edge[from..from + width]);
            }
            7 if !words.is_empty() => {
                let word = words[self.below(words.len())];
                bytes.splice(at..at, word.bytes());
            }
            _ => {
                let random: Vec<u8> = (0..length).map(|_| self.byte()).collect();
                bytes[at..at + length].copy_from_slice(&random);
            }
        }
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    /// A number below a bound above zero.
    fn below(&mut self, bound: usize) -> usize {
        let high = usize::try_from(self.next() >> 33).expect("31 bits fit");
        high % bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_inputs() {
        let inputs = [b"one two three".to_vec(), vec![0; 99]];
        let some = |seed| {
            let mut mutator = Mutator::new(seed);
            (0..500).map(|_| mutator.mutate(&inputs, &["word"])).collect::<Vec<_>>()
        };
        assert_eq!(some(1), some(1));
        assert_ne!(some(1), some(2));
        assert!(some(1).iter().filter(|bytes| !inputs.contains(bytes)).count() > 400);
    }
}
