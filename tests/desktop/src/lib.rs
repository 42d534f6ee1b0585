//! desktop-tests
