//! The house rules, read from the tree itself and from `cargo metadata`. Each rule is a function from
//! what was read to the places that break it, and each has two tests: the tree keeps the rule, and a
//! planted breach is caught. Needs no git: a copy of the tree is enough.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a file that cannot be read stops the test with its name"
)]

mod borders;
mod edges;
mod exposed;
mod leftovers;
mod libraries;
mod names;
mod permissions;
mod screen;
mod sizes;
mod tree;
mod window;
