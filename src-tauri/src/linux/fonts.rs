//! The desktop's own font, by its name. WebKitGTK finds the same under `system-ui`, but looks for it so long that the first
//! rows come a twentieth of a second later.

/// What has the page name the desktop's font; `None` where that is not known. On the main thread, after GTK has begun.
#[cfg(target_os = "linux")]
pub(crate) fn naming() -> Option<String> {
    use gtk::{pango::FontDescription, prelude::GtkSettingsExt};
    let font = gtk::Settings::default()?.gtk_font_name()?;
    script(&FontDescription::from_string(&font).family()?)
}

/// Elsewhere `system-ui` is as quick.
#[cfg(not(target_os = "linux"))]
pub(crate) fn naming() -> Option<String> {
    None
}

/// The first of these families goes before those of the style sheet. One that could be taken for more than a name is left.
#[cfg(any(test, target_os = "linux"))]
fn script(families: &str) -> Option<String> {
    let family = families.split(',').next().unwrap_or_default().trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_');
    if family.is_empty() || !family.chars().all(is_name) {
        return None;
    }
    Some(format!(
        "document.documentElement.style.setProperty('--sans', '\"{family}\", system-ui, sans-serif');"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_named_and_nothing_else_is_said() {
        for (families, name) in [
            ("Cantarell", "Cantarell"),
            ("Noto Sans, Sans", "Noto Sans"),
            ("Źródło Sans-2.1", "Źródło Sans-2.1"),
        ] {
            let script = script(families).unwrap();
            assert!(script.ends_with(&format!("'\"{name}\", system-ui, sans-serif');")));
        }
        for other in [
            "",
            " , Sans",
            "A\"; alert(1)//",
            "A'",
            "A\\",
            "A</script>",
            "A\nB",
        ] {
            assert_eq!(script(other), None, "{other:?}");
        }
    }
}
