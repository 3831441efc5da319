//! Every warning at once, in its longest words: nothing that has to be touched is ever behind anything
//! else, however small the window and however large the letters.

use parley_testkit::{Anvil, Device, Window, mine_field};
use serde_json::json;

use crate::appearance::cuts_nothing_off;
use crate::desk::{choose_sign, device, keep_picture, named, open_sized, see_map, speak_mirrored};

/// Changes where the device stands, on its way into the page: a wrong clock, a damaged file, a full
/// disk and endpoints that disagree are hardly ever there together.
const ALL_AT_ONCE: &str = r#"
    const plain = JSON.stringify;
    const worst = {
        clockOff: -400, disputed: true, lowRoom: true, missing: 123456, undecided: 12, affordable: 0,
        mended: { at: 1795500000, messages: 1234, whole: false },
    };
    const isStatus = (value) => value !== null && typeof value === "object" && "lowRoom" in value;
    JSON.stringify = (value, ...more) => plain(isStatus(value) ? { ...value, ...worst } : value, ...more);
"#;

/// Makes a block, after which the page reads anew where the device stands.
fn make_a_block(other: &Device) {
    let _ = other.send(&mine_field(300));
    other.sync();
}

fn enlarge(window: &Window, percent: u32) {
    let script = format!("document.documentElement.style.fontSize = '{percent}%'");
    window.run_script(&script).unwrap();
}

/// Writes a sign from the place to the outbox, each step by a click that fails where something lies
/// over its button.
fn write_a_sign(window: &Window) {
    window.click(&named("add")).unwrap();
    window
        .type_into(&named("coordinates"), "36.2021, 37.1343")
        .unwrap();
    window.click(&named("coordinates-ok")).unwrap();
    cuts_nothing_off(window, "the signs");
    choose_sign(window, "D21", "D21");
    window.choose(&named("object"), "21").unwrap();
    window.type_into(&named("dim1"), "400").unwrap();
    window.click(&named("review")).unwrap();
    window.click(&named("confirm")).unwrap();
    window.see(&named("outbox-row")).unwrap();
    window.click(&named("close")).unwrap();
    window.see_gone(&named("close")).unwrap();
}

/// The head of the panel is where it belongs although the last thing in the panel was scrolled to.
fn keeps_its_head(window: &Window) {
    let script = "const stage = document.querySelector('.stage');
        document.querySelector('.panel-body').lastElementChild.scrollIntoView();
        const head = document.querySelector('.panel-head').getBoundingClientRect();
        const panel = document.querySelector('.panel').getBoundingClientRect();
        return [stage.scrollTop, head.top >= panel.top && head.top < panel.top + 8]";
    assert_eq!(window.run_script(script).unwrap(), json!([0, true]));
}

fn with_all_warnings(width: u32, height: u32) {
    let node = Anvil::start();
    let (alice, bob) = (device(&node.url()), device(&node.url()));
    alice.sync();
    let mut window = open_sized(&alice, width, height);
    window.resize(width, height).unwrap();
    see_map(&mut window);
    window.run_script(ALL_AT_ONCE).unwrap();
    make_a_block(&bob);
    for warning in ["clock-warning", "mended", "disputed", "low-room"] {
        window.see(&named(warning)).unwrap();
    }
    for mirrored in [false, true] {
        if mirrored {
            speak_mirrored(&window);
            window.click(&named("close")).unwrap();
        }
        for percent in [100, 200] {
            enlarge(&window, percent);
            cuts_nothing_off(&window, "all warnings");
            write_a_sign(&window);
            window.click(&named("open-network")).unwrap();
            window.see(&named("endpoint")).unwrap();
            keeps_its_head(&window);
            window.click(&named("close")).unwrap();
            keep_picture(&window, &format!("warnings-{width}-{percent}-{mirrored}"));
            enlarge(&window, 100);
        }
    }
    // The longest of them goes when it was read.
    window.click(&named("mended-ok")).unwrap();
}

#[test]
fn nothing_is_behind_anything_on_a_small_screen() {
    with_all_warnings(360, 640);
}

#[test]
fn nothing_is_behind_anything_on_a_wide_and_low_screen() {
    with_all_warnings(800, 480);
}
