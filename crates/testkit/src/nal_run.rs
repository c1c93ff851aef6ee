//! NAL units in a row, in one buffer that is used again and again.

/// NAL units in a row, without start codes.
#[derive(Debug, Clone, Default)]
pub(crate) struct NalRun {
    pub(crate) bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl NalRun {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Ends the unit whose bytes were appended to `bytes`.
    pub(crate) fn end_unit(&mut self) {
        self.ends.push(self.bytes.len());
    }

    pub(crate) fn push(&mut self, nal: &[u8]) {
        self.bytes.extend_from_slice(nal);
        self.end_unit();
    }

    pub(crate) fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.bytes[start..end])
    }
}

impl<'a> FromIterator<&'a [u8]> for NalRun {
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(nals: I) -> Self {
        let mut run = Self::default();
        nals.into_iter().for_each(|nal| run.push(nal));
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_come_back_in_their_order() {
        let units: [&[u8]; 3] = [&[1, 2], &[], &[3]];
        let run: NalRun = units.into_iter().collect();
        let back: Vec<_> = (0..4).map(|index| run.get(index)).collect();
        assert_eq!(back, [Some(units[0]), Some(units[1]), Some(units[2]), None]);
    }
}
