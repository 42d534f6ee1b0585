//! Canaries: secrets that are looked for everywhere a program could have left them. Not looked for: what is compressed
//! or encrypted, and pieces shorter than [`PIECE`] characters.

mod form;
mod scan;
mod temp;

pub use form::Form;
pub use scan::{Canary, Found, Hit, PIECE, Scanner};
pub use temp::Temp;
