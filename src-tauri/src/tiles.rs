//! The `tile://` scheme: single map tiles out of the basemap that the program carries. It reads
//! nothing else, never the network, and answers every path with a status.

use bytes::Bytes;
use pmtiles::{AsyncBackend, AsyncPmTilesReader, BackendResponse, PmtResult, TileCoord};
use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, UriSchemeContext, UriSchemeResponder, Wry};

/// The name of the scheme, as the page's addresses have it.
pub(crate) const SCHEME: &str = "tile";

/// The only pack so far: land, borders and places of the whole world.
const WORLD: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/assets/basemap/world.pmtiles"
));

/// The packs that tiles are served from.
struct Basemap {
    world: AsyncPmTilesReader<Embedded>,
}

impl Basemap {
    /// Reads the directory of the embedded pack.
    ///
    /// # Errors
    /// The pack is no PMTiles version 3 archive; then the build was wrong.
    async fn open() -> PmtResult<Self> {
        let world = AsyncPmTilesReader::try_from_source(Embedded(WORLD)).await?;
        Ok(Self { world })
    }

    /// Answers one request: 200 with the tile as an uncompressed Mapbox vector tile, 204 where
    /// the pack has none, 400 for what is no tile's path, 405 for what is no GET.
    async fn answer(&self, method: &Method, path: &str) -> Response<Vec<u8>> {
        if method != Method::GET {
            return reply(StatusCode::METHOD_NOT_ALLOWED, Vec::new());
        }
        let Some(place) = place(path) else {
            return reply(StatusCode::BAD_REQUEST, Vec::new());
        };
        match self.world.get_tile_decompressed(place).await {
            Ok(Some(tile)) => reply(StatusCode::OK, tile.to_vec()),
            Ok(None) => reply(StatusCode::NO_CONTENT, Vec::new()),
            Err(error) => {
                tracing::error!(%error, "a tile of the basemap cannot be read");
                reply(StatusCode::INTERNAL_SERVER_ERROR, Vec::new())
            }
        }
    }
}

/// Makes the basemap ready for [`respond`].
///
/// # Errors
/// The pack in the program is broken.
pub(crate) fn manage(app: &tauri::App) -> PmtResult<()> {
    app.manage(tauri::async_runtime::block_on(Basemap::open())?);
    Ok(())
}

/// Answers a request of the page for a tile, off the main thread.
pub(crate) fn respond(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app: AppHandle = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let answer = match app.try_state::<Basemap>() {
            Some(basemap) => basemap.answer(request.method(), request.uri().path()).await,
            None => reply(StatusCode::SERVICE_UNAVAILABLE, Vec::new()),
        };
        responder.respond(answer);
    });
}

/// The tile of `/world/{z}/{x}/{y}`, counted as in XYZ tiles: x eastward, y southward.
fn place(path: &str) -> Option<TileCoord> {
    let mut parts = path.strip_prefix("/world/")?.split('/');
    let (z, x, y) = (
        number(parts.next()?)?,
        number(parts.next()?)?,
        number(parts.next()?)?,
    );
    if parts.next().is_some() {
        return None;
    }
    TileCoord::new(u8::try_from(z).ok()?, x, y).ok()
}

/// Digits only: `parse` alone would take a sign too.
fn number(text: &str) -> Option<u32> {
    text.bytes()
        .all(|octet| octet.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// The page's origin differs from the scheme's, so that every answer has to allow it. Only the
/// app's own pages can ask at all.
fn reply(status: StatusCode, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CONTENT_TYPE, "application/x-protobuf"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// An archive in the program's own bytes.
struct Embedded(&'static [u8]);

impl AsyncBackend for Embedded {
    async fn read(&self, offset: u64, length: usize) -> PmtResult<BackendResponse> {
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.0.len());
        let end = start.saturating_add(length).min(self.0.len());
        Ok(BackendResponse::new(Bytes::from_static(
            &self.0[start..end],
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Response<Vec<u8>> {
        tauri::async_runtime::block_on(async {
            let basemap = Basemap::open().await.unwrap();
            basemap.answer(&Method::GET, path).await
        })
    }

    #[test]
    fn the_whole_world_is_one_uncompressed_tile() {
        let response = get("/world/0/0/0");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        // Field 3, length-delimited: the first layer of a vector tile. Gzip would begin 1f 8b.
        assert_eq!(response.body()[0], 0x1a);
    }

    #[test]
    fn a_tile_that_the_pack_does_not_have_is_absent() {
        assert_eq!(get("/world/20/0/0").status(), StatusCode::NO_CONTENT);
    }

    #[test]
    fn every_other_path_is_refused() {
        for path in [
            "",
            "/",
            "/world",
            "/world/",
            "/world/0/0",
            "/world/0/0/0/",
            "/world/0/0/0/0",
            "/world/0/0/+0",
            "/world/0/0/-1",
            "/world/0/0/",
            "/world/0/0/1",
            "/world/1/2/0",
            "/world/256/0/0",
            "/world/32/0/0",
            "/world/99999999999/0/0",
            "/world/0/0/0.mvt",
            "/world/0/0/%30",
            "/moon/0/0/0",
            "/../world/0/0/0",
            "/world/0/0/\u{0663}",
        ] {
            assert_eq!(get(path).status(), StatusCode::BAD_REQUEST, "{path:?}");
        }
    }

    #[test]
    fn nothing_but_a_get_is_answered() {
        let answer = tauri::async_runtime::block_on(async {
            let basemap = Basemap::open().await.unwrap();
            basemap.answer(&Method::POST, "/world/0/0/0").await
        });
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
