//! Proofs without a window. What the tests share is here; the proofs are in `tests/`.
