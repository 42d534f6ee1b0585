//! The command line.

use std::path::PathBuf;

/// What the program was started for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// `sample-servers FOLDER`: be the sample servers until standard input ends.
    SampleServers {
        /// Where their state lies.
        folder: PathBuf,
    },
    /// Be the console.
    Window(Options),
}

/// How the console is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// `--profile NAME`.
    pub(crate) profile: String,
    /// `--with-parent`: end when the parent process does.
    pub(crate) with_parent: bool,
}

impl Arguments {
    /// Reads the process's arguments.
    ///
    /// # Errors
    /// A sentence for the person at the terminal.
    pub(crate) fn read() -> Result<Self, String> {
        Self::parse(std::env::args().skip(1))
    }

    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Options {
            profile: "default".to_owned(),
            with_parent: false,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "sample-servers" => {
                    let folder = words
                        .next()
                        .ok_or("sample-servers needs the folder for their state")?;
                    return Ok(Self::SampleServers {
                        folder: folder.into(),
                    });
                }
                "--profile" => options.profile = words.next().ok_or("--profile needs a name")?,
                "--with-parent" => options.with_parent = true,
                other => {
                    return Err(format!(
                        "Keystead does not know \"{other}\". It takes --profile NAME and --with-parent."
                    ));
                }
            }
        }
        Ok(Self::Window(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(words.iter().map(ToString::to_string))
    }

    #[test]
    fn words_are_understood_or_refused_with_a_sentence() {
        let window = |profile: &str, with_parent| {
            Arguments::Window(Options {
                profile: profile.into(),
                with_parent,
            })
        };
        assert_eq!(parse(&[]), Ok(window("default", false)));
        assert_eq!(
            parse(&["--profile", "sample", "--with-parent"]),
            Ok(window("sample", true))
        );
        assert_eq!(
            parse(&["sample-servers", "/x"]),
            Ok(Arguments::SampleServers {
                folder: "/x".into()
            })
        );
        for wrong in [&["--profile"][..], &["sample-servers"], &["--help-me"]] {
            assert!(
                parse(wrong).is_err_and(|sentence| sentence.len() > 10),
                "{wrong:?}"
            );
        }
    }
}
