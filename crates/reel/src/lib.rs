//! The bytes of a reel: headers, chunks, footers; pure.
