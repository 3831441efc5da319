//! Tells the page what changed, in small bunches: a hundred messages that are sent in a row are one
//! reason to read the outbox again, not a hundred.

use parley_wire::Changed;
use std::time::Duration;
use tauri::{AppHandle, Emitter, EventTarget, Runtime};
use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};

/// The event that the page listens to; its payload is a [`Changed`].
const CHANGED: &str = "changed";
/// What happens within this time is told together. Shorter than a person notices.
const BUNCH: Duration = Duration::from_millis(50);
const ALL: [Changed; 4] = [
    Changed::Outbox,
    Changed::Signals,
    Changed::Status,
    Changed::Network,
];

/// Tells the page in the window of this label, until the engine is gone.
pub(crate) async fn forward<R: Runtime>(
    app: AppHandle<R>,
    window: &'static str,
    mut changes: Receiver<Changed>,
) {
    while let Some(bunch) = next(&mut changes).await {
        tell(&app, window, &bunch);
    }
}

/// Tells the page that everything may be another by now.
pub(crate) fn everything_changed<R: Runtime>(app: &AppHandle<R>, window: &'static str) {
    tell(app, window, &ALL);
}

fn tell<R: Runtime>(app: &AppHandle<R>, window: &'static str, bunch: &[Changed]) {
    for changed in bunch {
        if let Err(error) = app.emit_to(EventTarget::webview_window(window), CHANGED, changed) {
            tracing::warn!(%error, "the page could not be told of a change");
        }
    }
}

/// Waits for a change and gives it with those that follow closely, each kind once. Where some were
/// missed, everything may have changed. `None` when there will be no more.
async fn next(changes: &mut Receiver<Changed>) -> Option<Vec<Changed>> {
    let mut bunch = match changes.recv().await {
        Ok(changed) => vec![changed],
        Err(RecvError::Lagged(_)) => ALL.to_vec(),
        Err(RecvError::Closed) => return None,
    };
    tokio::time::sleep(BUNCH).await;
    loop {
        match changes.try_recv() {
            Ok(changed) if bunch.contains(&changed) => {}
            Ok(changed) => bunch.push(changed),
            Err(TryRecvError::Lagged(_)) => bunch = ALL.to_vec(),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return Some(bunch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::broadcast;

    fn told(say: impl FnOnce(broadcast::Sender<Changed>)) -> Option<Vec<Changed>> {
        tauri::async_runtime::block_on(async {
            let (sender, mut receiver) = broadcast::channel(8);
            say(sender);
            next(&mut receiver).await
        })
    }

    #[test]
    fn many_changes_of_one_kind_are_told_once() {
        let bunch = told(|engine| {
            for _ in 0..3 {
                engine.send(Changed::Outbox).unwrap();
                engine.send(Changed::Status).unwrap();
            }
        });
        assert_eq!(bunch, Some(vec![Changed::Outbox, Changed::Status]));
    }

    #[test]
    fn who_missed_something_is_told_that_everything_changed() {
        let bunch = told(|engine| {
            for _ in 0..9 {
                engine.send(Changed::Outbox).unwrap();
            }
        });
        assert_eq!(bunch, Some(ALL.to_vec()));
    }

    #[test]
    fn an_engine_that_is_gone_has_no_news() {
        assert_eq!(told(drop), None);
    }
}
