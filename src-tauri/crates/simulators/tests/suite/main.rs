//! Proves the simulators with a real HTTPS client: `ekodb.md` section 9, point by point. One binary, to link once.

mod client;
mod dialects;
mod enforcement;
mod faults;
mod keys;
mod permissions;
mod restart;
mod tokens;
mod wire;
