//! Linux only: works around WebKitGTK set-ups that draw an empty window. It changes nothing where
//! drawing works, and nothing that the person has set.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// WebKitGTK's own switch for its way of handing frames over through the graphics card.
const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Starts the program anew with WebKit's older renderer where the newer one shows nothing.
///
/// The variable must stand before any thread runs, and setting it in a running process is
/// unsound; a fresh start in the same process id is not. It happens at most once, as the variable
/// is then set. If the start fails, the program goes on as it is.
pub fn restart_with_working_graphics() {
    let set = std::env::var_os(SWITCH).is_some();
    let nvidia = Path::new("/proc/driver/nvidia/version").exists();
    if !needs_older_renderer(set, nvidia, tauri::webview_version().ok().as_deref()) {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let arguments = std::env::args_os().skip(1);
        // `exec` returns only when it fails.
        let _failed = Command::new(program)
            .args(arguments)
            .env(SWITCH, "1")
            .exec();
    }
}

/// WebKitGTK before 2.48, and NVIDIA's driver with any: there the window stays empty.
fn needs_older_renderer(set: bool, nvidia: bool, version: Option<&str>) -> bool {
    !set && (nvidia
        || version
            .and_then(major_minor)
            .is_some_and(|found| found < (2, 48)))
}

fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_renderer_is_chosen_only_where_needed() {
        assert!(needs_older_renderer(false, false, Some("2.46.1")));
        assert!(needs_older_renderer(false, true, Some("2.50.6")));
        assert!(!needs_older_renderer(false, false, Some("2.48.0")));
        assert!(!needs_older_renderer(false, false, Some("nonsense")));
        assert!(!needs_older_renderer(false, false, None));
    }

    #[test]
    fn what_the_person_has_set_stays() {
        assert!(!needs_older_renderer(true, true, Some("2.40.0")));
    }
}
