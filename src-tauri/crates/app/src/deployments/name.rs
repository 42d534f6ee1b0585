//! What a deployment may be called.

use crate::{App, Code, Failure};
use domain::{DeploymentId, is_hidden};
use store::{Writer, deployments};

/// The longest name, in characters.
const LONGEST: usize = 60;

/// The name without blanks around it.
///
/// # Errors
/// [`Code::NameRefused`].
pub(super) fn checked(name: &str) -> Result<&str, Failure> {
    let name = name.trim_matches(' ');
    let reason = if name.is_empty() {
        "it is empty"
    } else if name.chars().count() > LONGEST {
        "it is longer than 60 characters"
    } else if name.chars().any(is_hidden) {
        "it contains characters that cannot be seen"
    } else {
        return Ok(name);
    };
    Err(Failure::new(Code::NameRefused).with("reason", reason))
}

/// Whether no other deployment is called so; capital letters make no difference. Holds until the writer ends.
///
/// # Errors
/// [`Code::NameTaken`].
pub(super) async fn free(
    app: &App,
    writer: &mut Writer,
    name: &str,
    own: Option<DeploymentId>,
) -> Result<(), Failure> {
    let names = deployments::names(writer).await;
    let names = names.map_err(|error| app.in_words(error))?;
    let taken = names
        .iter()
        .any(|(id, other)| Some(*id) != own && other.to_lowercase() == name.to_lowercase());
    if taken {
        Err(Failure::new(Code::NameTaken).with("name", name))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_read() {
        for name in ["shop-eu", " shop eu ", "日本", &"é".repeat(60)] {
            assert!(checked(name).is_ok(), "{name}");
        }
        for name in ["", "  ", "a\u{202E}b", "a\tb", "a\u{A0}b", &"x".repeat(61)] {
            assert!(checked(name).is_err(), "{name:?}");
        }
    }
}
