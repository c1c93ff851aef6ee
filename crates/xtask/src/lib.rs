//! Tidy: the walls of the house, checked as an ordinary test.
