//! Texts, links, authentications and keys, joined from the messages that they did not fit into
//! (specification 4.3.2, 4.3.3, 5.1.3).

use std::fmt::Write as _;
use std::hash::Hash;

use super::graph::Slot;
use super::sequence::Note;
use super::walk::Walk;
use crate::{Content, MessageCode, ReferenceIndicator, reference};

/// The note that the original is, and those that were added to anything in its sequence.
pub(super) fn of<A: Clone + Eq + Hash>(walk: &Walk<'_, A>, root: Slot) -> Vec<Note> {
    let begins = walk.adding().filter_map(|member| {
        let code = code_at(walk, member.slot)?;
        let goes_on = code_at(walk, member.target).is_some_and(|of| reference::continues(code, of));
        (!goes_on).then_some(member.slot)
    });
    std::iter::once(root)
        .chain(begins)
        .filter_map(|slot| note(walk, slot))
        .collect()
}

/// The note that begins at a message; `None` where that holds no text.
fn note<A: Clone + Eq + Hash>(walk: &Walk<'_, A>, begin: Slot) -> Option<Note> {
    let code = code_at(walk, begin)?;
    piece(content(walk, begin)?, &mut String::new())?;
    let mut note = Note {
        code,
        pieces: Vec::new(),
        text: String::new(),
    };
    let mut open = vec![begin];
    while let Some(slot) = open.pop() {
        let versions = walk.versions(slot);
        let newest = versions.last().copied().unwrap_or(slot);
        if let Some(entry) = walk.situation.graph.entry(newest) {
            note.pieces.push(entry.hash);
        }
        if let Some(content) = content(walk, newest) {
            piece(content, &mut note.text)?;
        }
        let further = versions
            .iter()
            .flat_map(|version| walk.referring(*version, ReferenceIndicator::Add))
            .filter(|member| code_at(walk, member.slot) == Some(code))
            .map(|member| member.slot);
        let further: Vec<Slot> = further.collect();
        open.extend(further.into_iter().rev());
    }
    Some(note)
}

fn content<'a, A>(walk: &Walk<'a, A>, slot: Slot) -> Option<&'a Content> {
    let entry = walk.situation.graph.entry(slot)?;
    walk.situation.tests.meant(&entry.message)
}

fn code_at<A>(walk: &Walk<'_, A>, slot: Slot) -> Option<MessageCode> {
    content(walk, slot).map(Content::code)
}

/// Appends what a message holds of a note; `None` for what holds none.
fn piece(content: &Content, text: &mut String) -> Option<()> {
    match content {
        Content::Authentication { data, .. }
        | Content::Resource { data, .. }
        | Content::FreeText(data) => text.push_str(data.as_str()),
        Content::Cryptographic { data, .. } => {
            data.iter()
                .try_for_each(|octet| write!(text, "{octet:02x}"))
                .ok()?;
        }
        Content::Sign { .. } | Content::Request { .. } => return None,
    }
    Some(())
}
