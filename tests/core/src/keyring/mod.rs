//! A keyring of one's own: a session around a proof, and a real GNOME Keyring in it.

mod daemon;
mod session;

pub use daemon::Daemon;
pub use session::{
    Around, LONG, Process, SHORT, Session, create, entry, patient, read, refusal, runtime,
};
