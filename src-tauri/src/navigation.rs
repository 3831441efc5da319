//! Where the window may go: nowhere but to its own pages. Nothing remote is ever loaded.

use tauri::Url;

/// Whether an address is one of the app's own pages.
///
/// Tauri serves them as `tauri://localhost` on Linux, macOS and iOS, and as
/// `http://tauri.localhost` (or https) on Android and Windows.
pub(crate) fn is_own(url: &Url) -> bool {
    let host = url.host_str();
    let expected = match url.scheme() {
        "tauri" => "localhost",
        "http" | "https" => "tauri.localhost",
        _ => return false,
    };
    host == Some(expected) && url.port().is_none() && url.username().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_pages_are_opened() {
        let own = |text: &str| is_own(&Url::parse(text).unwrap());
        assert!(own("tauri://localhost/"));
        assert!(own("tauri://localhost/index.html?locale=xx"));
        assert!(own("http://tauri.localhost/"));
        for foreign in [
            "https://example.org/",
            "http://localhost/",
            "http://tauri.localhost.example.org/",
            "http://tauri.localhost:8080/",
            "http://tauri.localhost@example.org/",
            "tauri://example.org/",
            "tile://localhost/world/0/0/0",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "about:blank",
        ] {
            assert!(!own(foreign), "{foreign}");
        }
    }
}
