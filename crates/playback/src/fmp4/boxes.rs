//! Writing boxes: a box's size is written when its body is known.

/// Boxes being written, one after the other and one within the other.
pub(super) struct BoxWriter {
    out: Vec<u8>,
}

impl BoxWriter {
    pub(super) fn with_capacity(capacity_bytes: usize) -> Self {
        Self { out: Vec::with_capacity(capacity_bytes) }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// How many bytes are written: the place of the next one.
    pub(super) fn position(&self) -> usize {
        self.out.len()
    }

    /// A box: size, four letters, body.
    pub(super) fn container(&mut self, kind: [u8; 4], body: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        self.u32(0);
        self.bytes(&kind);
        body(self);
        let size = u32::try_from(self.out.len() - start)
            .expect("records and fragments are limited far below four gibibytes");
        self.overwrite_u32(start, size);
    }

    /// A box whose body begins with a version and 24 bits of flags.
    pub(super) fn full(
        &mut self,
        kind: [u8; 4],
        version: u8,
        flags: u32,
        body: impl FnOnce(&mut Self),
    ) {
        self.container(kind, |inner| {
            inner.u32(u32::from(version) << 24 | (flags & 0x00FF_FFFF));
            body(inner);
        });
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    pub(super) fn zeros(&mut self, count: usize) {
        self.out.resize(self.out.len() + count, 0);
    }

    /// Fills in what was not known when its place was written.
    pub(super) fn overwrite_u32(&mut self, position: usize, value: u32) {
        self.out[position..position + 4].copy_from_slice(&value.to_be_bytes());
    }
}
