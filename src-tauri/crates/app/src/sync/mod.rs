//! Keeping the local copy like the servers: a pure plan, and a worker that owns time.

mod plan;
mod worker;

pub(crate) use worker::Syncs;
