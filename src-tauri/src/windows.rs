//! The window and the program's life.

use crate::{arguments::Options, guard, ipc, linux::fonts, running::Core};
use std::{
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tauri::{
    AppHandle, Manager, RunEvent, Url, WebviewWindowBuilder, Window, async_runtime,
    webview::{NewWindowResponse, PageLoadEvent},
};

const MAIN: &str = "main";
/// How long quitting waits for work under way.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How long a window waits for its page before it is shown without.
const CURTAIN: Duration = Duration::from_secs(3);
/// How long a destroyed window may take to be gone.
const FAREWELL: Duration = Duration::from_secs(5);

/// What a fresh main window needs to know.
struct Main {
    profile: String,
    /// Has the page name the desktop's font.
    font: Option<String>,
    /// The last window is going and the next not there: no reason to end.
    renewing: AtomicBool,
    /// Windows opened so far.
    opened: AtomicUsize,
}

/// Opens the window, which is seen with its page, starts the core beside that, and returns when the program has ended.
pub(crate) fn run(options: Options) -> ExitCode {
    let Options {
        ref profile,
        with_parent,
        ..
    } = options;
    let profile = profile.clone();
    let waiting = Mutex::new(Some(options));
    let built = tauri::Builder::default()
        .manage(Core::new())
        .invoke_handler(tauri::generate_handler![
            ipc::call_read,
            ipc::call_write,
            ipc::call_reveal,
            ipc::subscribe
        ])
        // Not while WebKit's processes start, which take all that two cores have, and yet before the page asks for anything.
        .on_page_load(move |webview, load| {
            if load.event() == PageLoadEvent::Finished {
                show(&webview.window());
            }
            let first = waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if let Some(options) = first {
                let handle = webview.app_handle().clone();
                async_runtime::spawn(async move {
                    handle.state::<Core>().start(options, handle.clone()).await;
                });
            }
        })
        .setup(move |app| {
            let handle = app.handle().clone();
            handle.manage(Main {
                profile,
                font: fonts::naming(),
                renewing: AtomicBool::new(false),
                opened: AtomicUsize::new(0),
            });
            open_main(&handle)?;
            if with_parent {
                guard::follow_parent(move || handle.exit(0));
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    let Ok(program) = built else {
        tracing::error!(
            "The window could not be opened. Keystead needs a display and WebKitGTK 4.1."
        );
        return ExitCode::FAILURE;
    };
    let code = program.run_return(|handle, event| {
        if let RunEvent::ExitRequested {
            code: None, api, ..
        } = &event
            && handle.state::<Main>().renewing.load(Ordering::SeqCst)
        {
            api.prevent_exit();
        }
        if matches!(event, RunEvent::Exit) {
            let core = handle.state::<Core>();
            async_runtime::block_on(async {
                if tokio::time::timeout(LAST_WORDS, core.stop()).await.is_err() {
                    tracing::warn!("some work did not end in time");
                }
            });
        }
    });
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Destroys the main window, with the process that drew it, and opens a fresh one. Where that fails nothing
/// can be shown any more, and the program ends.
pub(crate) async fn renew(handle: &AppHandle) {
    let main = handle.state::<Main>();
    main.renewing.store(true, Ordering::SeqCst);
    if let Some(window) = handle.get_webview_window(MAIN) {
        let destroyed = window.destroy().is_ok();
        drop(window);
        let gone = async {
            while handle.get_webview_window(MAIN).is_some() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if !destroyed || tokio::time::timeout(FAREWELL, gone).await.is_err() {
            tracing::error!("the window could not be destroyed");
            handle.exit(1);
            return;
        }
    }
    if open_main(handle).is_err() {
        tracing::error!("the window could not be opened again");
        handle.exit(1);
    }
    main.renewing.store(false, Ordering::SeqCst);
}

fn open_main(handle: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
    let config = handle
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN);
    let config = config.ok_or("tauri.conf.json has no window named main")?;
    let window = WebviewWindowBuilder::from_config(handle, config)?
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    let main = handle.state::<Main>();
    let window = match &main.font {
        Some(font) => window.initialization_script(font),
        None => window,
    };
    // A WebDriver cannot hold an incognito window.
    #[cfg(feature = "driver")]
    let window = window.incognito(false);
    #[cfg(feature = "beacon")]
    let window = window
        .initialization_script(crate::beacon::SCRIPT)
        .on_document_title_changed(|_, title| crate::beacon::say(&title));
    // Tauri registers its scheme once per data folder, but each incognito window has a context of its own: with
    // the first window's folder the second could not load its page. WebKit
    // lays its empty stores there; the window itself uses none of them.
    let nth = main.opened.fetch_add(1, Ordering::SeqCst);
    let window = match dirs::cache_dir().filter(|_| nth > 0) {
        Some(folder) => window.data_directory(folder.join(format!("keystead/window-{nth}"))),
        None => window,
    };
    let profile = &main.profile;
    let window = if profile == "default" {
        window
    } else {
        window.title(format!("Keystead – {profile}"))
    };
    let window = window.visible(false).build()?;
    async_runtime::spawn(async move {
        tokio::time::sleep(CURTAIN).await;
        if matches!(window.is_visible(), Ok(false)) {
            show(&window.as_ref().window());
        }
    });
    Ok(())
}

/// Shows a window that waited for its page: what WebKit draws of a window before, it waits half a second for, and
/// the page meanwhile for its files.
fn show(window: &Window) {
    if window.show().is_err() {
        tracing::error!("the window could not be shown");
    }
}

/// The program's own origin, in its two spellings.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_origin_is_navigated_to() {
        for own in [
            "tauri://localhost",
            "tauri://localhost/index.html#x",
            "http://tauri.localhost/",
        ] {
            assert!(is_own(&own.parse().unwrap()), "{own}");
        }
        for foreign in [
            "https://example.com",
            "http://localhost",
            "http://tauri.localhost:81/",
            "http://tauri.localhost.example",
            "tauri://elsewhere",
            "data:text/html,x",
            "about:blank",
            "file:///etc/passwd",
            "blob:tauri://localhost/1",
        ] {
            assert!(!is_own(&foreign.parse().unwrap()), "{foreign}");
        }
    }
}
