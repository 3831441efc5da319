//! The peer of the start-up benchmark: a Tauri window with nothing in it but a MapLibre map on the
//! same tiles. Serves the files of the folder that it is given. Never part of the product.

use std::path::PathBuf;

use tauri::http::{Response, StatusCode, header};
use tauri::{Url, WebviewUrl, WebviewWindowBuilder};

#[path = "../../src-tauri/src/tiles.rs"]
mod tiles;

const SCHEME: &str = "bare";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::var_os("BARE_MAP").ok_or("BARE_MAP names no folder")?);
    tauri::Builder::default()
        .register_asynchronous_uri_scheme_protocol(tiles::SCHEME, tiles::respond)
        .register_uri_scheme_protocol(SCHEME, move |_, request| {
            file(&folder, request.uri().path())
        })
        .setup(|app| {
            tiles::manage(app)?;
            let page = Url::parse("bare://localhost/index.html")?;
            WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(page))
                .inner_size(1280.0, 860.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("xtask/bare-map/tauri.conf.json"))?;
    Ok(())
}

fn file(folder: &std::path::Path, path: &str) -> Response<Vec<u8>> {
    let kind = match path.rsplit_once('.') {
        Some((_, "html")) => "text/html",
        Some((_, "css")) => "text/css",
        Some((_, _)) | None => "text/javascript",
    };
    let (status, body) = match std::fs::read(folder.join(path.trim_start_matches('/'))) {
        Ok(body) => (StatusCode::OK, body),
        Err(_) => (StatusCode::NOT_FOUND, Vec::new()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static(kind);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
