//! The HTTP edge: thin handlers and the pages.
