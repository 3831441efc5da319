//! How the window looks and works beyond the main road: in another language and direction, on a
//! small screen with large letters, by keyboard alone, without WebGL.

use std::path::Path;

use parley_testkit::{Anvil, Device, Opening, Window, WindowKey, free_text, mine_field, reference};
use serde_json::{Value, json};

use crate::desk::{
    APP, choose_sign, device, keep_picture, named, open, open_sized, see_map, speak_mirrored,
};

/// The panels that a button opens.
const PANELS: [&str; 4] = ["open-list", "open-outbox", "open-about", "open-network"];

/// A device that has received and written something of everything.
fn furnished(node: &Anvil) -> Device {
    let alice = device(&node.url());
    let bob = device(&node.url());
    let field = alice.send(&mine_field(400));
    alice.sync();
    let hash = alice.own(field)["transactionHash"].clone();
    let hash = hash.as_str().unwrap();
    let _ = bob.send(&reference(&mine_field(400), 6, hash));
    let _ = bob.send(&free_text("<b>bold</b> & \"quoted\""));
    bob.sync();
    let mut further = mine_field(250);
    further["MessageBody"]["ObjectLatitude"] = json!("+36.20900");
    let _ = alice.send(&reference(&further, 3, hash));
    alice.sync();
    alice
}

/// Every visible text that is not marked as the same in all languages and does not come from the
/// mirrored pseudo-language, which puts everything into brackets.
const UNTRANSLATED: &str = r#"
    const same = "[dir=ltr], bdi, code, [lang=en], .maplibregl-map, script, style, select";
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const text = element.textContent.trim();
        if (!/[a-z]/i.test(texts.currentNode.data) || element.closest(same)) continue;
        if (element.getClientRects().length && !/[[\]]/.test(text)) found.push(text);
    }
    for (const element of document.querySelectorAll("[aria-label], [alt], [placeholder], [title]"))
        for (const name of ["aria-label", "alt", "placeholder", "title"]) {
            const text = element.getAttribute(name) ?? "";
            if (/[a-z]/i.test(text) && !/[[\]]/.test(text)) found.push(name + ": " + text);
        }
    return found;
"#;

/// Everything that reaches beyond the window, or beyond the part that it scrolls in.
const CUT_OFF: &str = r#"
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
        if (element.closest(".maplibregl-map, .unseen")) continue;
        const box = element.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        const style = getComputedStyle(element);
        const scrolls = style.overflowX !== "visible" && style.display !== "-webkit-box";
        const beyond = [...element.children].some((child) => {
            const inner = child.getBoundingClientRect();
            return inner.width && !child.matches(".unseen") && (inner.right > box.right + 1 || inner.left < box.left - 1);
        });
        if (beyond || box.left < -1 || box.right > innerWidth + 1 || (scrolls && element.scrollWidth > element.clientWidth + 1))
            found.push(element.tagName + "." + element.className + " " + Math.round(box.left) + ".." + Math.round(box.right)
                + " of " + innerWidth + ", holds " + element.scrollWidth + " in " + element.clientWidth);
    }
    return found;
"#;

fn finds_nothing(window: &Window, script: &str, screen: &str) {
    let found = window.run_script(script).unwrap();
    assert_eq!(found, json!([]), "{screen}");
}

/// Everything is in the language of the window and within it.
pub(crate) fn fits_and_is_translated(window: &Window, screen: &str) {
    finds_nothing(window, UNTRANSLATED, screen);
    finds_nothing(window, CUT_OFF, screen);
}

/// Everything is within the window.
pub(crate) fn cuts_nothing_off(window: &Window, screen: &str) {
    finds_nothing(window, CUT_OFF, screen);
}

fn compose_at(window: &Window, coordinates: &str) {
    window.click(&named("add")).unwrap();
    window
        .type_into(&named("coordinates"), coordinates)
        .unwrap();
    window.click(&named("coordinates-ok")).unwrap();
}

/// Opens every screen in turn.
fn visit(window: &Window, look: impl Fn(&str)) {
    look("map");
    for panel in PANELS {
        window.click(&named(panel)).unwrap();
        window.see(&named("close")).unwrap();
        if panel == "open-network" {
            window.see(&named("endpoint")).unwrap();
        }
        look(panel);
    }
    window.click(&named("open-list")).unwrap();
    window.click(&named("list-row")).unwrap();
    window.see(&named("detail")).unwrap();
    look("detail");
    compose_at(window, "36.2, 37.1");
    look("compose");
    choose_sign(window, "D21", "D21");
    window.choose(&named("object"), "22").unwrap();
    window.type_into(&named("dim1"), "900").unwrap();
    look("compose-area");
    window.click(&named("review")).unwrap();
    look("compose-problems");
    window.type_into(&named("dim2"), "300").unwrap();
    window.type_into(&named("orientation"), "45").unwrap();
    window.click(&named("review")).unwrap();
    window.see(&named("confirm")).unwrap();
    look("review");
}

#[test]
fn everything_is_translated_and_mirrored() {
    let node = Anvil::start();
    let device = furnished(&node);
    let mut window = open(&device);
    see_map(&mut window);
    speak_mirrored(&window);
    let side = "const p = document.querySelector('.panel').getBoundingClientRect(); return p.left < innerWidth - p.right";
    assert_eq!(
        window.run_script(side).unwrap(),
        json!(true),
        "the panel changes sides"
    );
    visit(&window, |screen| {
        fits_and_is_translated(&window, screen);
        keep_picture(&window, &format!("mirrored-{screen}"));
    });
}

#[test]
fn nothing_is_cut_off_on_a_small_screen_nor_with_large_letters() {
    let node = Anvil::start();
    let device = furnished(&node);
    let mut window = open_sized(&device, 360, 740);
    window.resize(360, 740).unwrap();
    see_map(&mut window);
    visit(&window, |screen| {
        finds_nothing(&window, CUT_OFF, screen);
        keep_picture(&window, &format!("small-{screen}"));
    });
    window.click(&named("back")).unwrap();
    window.click(&named("close")).unwrap();
    let larger = "document.documentElement.style.fontSize = '200%'; return innerWidth";
    assert_eq!(window.run_script(larger).unwrap(), json!(360));
    for panel in PANELS {
        window.click(&named(panel)).unwrap();
        finds_nothing(&window, CUT_OFF, panel);
        keep_picture(&window, &format!("large-{panel}"));
    }
    window.click(&named("add")).unwrap();
    finds_nothing(&window, CUT_OFF, "compose");
    keep_picture(&window, "large-compose");
}

#[test]
fn a_sign_can_be_queued_by_keyboard_alone() {
    let node = Anvil::absent();
    let device = device(&node.url());
    let mut window = open(&device);
    see_map(&mut window);
    let to = |name: &str| tab_to(&window, name);
    to("add");
    window.press(WindowKey::Enter).unwrap();
    to("coordinates");
    window.write("36.2021, 37.1343").unwrap();
    window.press(WindowKey::Enter).unwrap();
    to("sign-search");
    window.write("mine field").unwrap();
    to("sign-option");
    window.press(WindowKey::Enter).unwrap();
    to("review");
    window.press(WindowKey::Enter).unwrap();
    to("confirm");
    window.press(WindowKey::Enter).unwrap();
    window.see(&crate::desk::row_in("queued")).unwrap();
    window.press(WindowKey::Escape).unwrap();
    window.see_gone(&named("close")).unwrap();
    let focused = "return document.activeElement.dataset.testid ?? document.activeElement.tagName";
    assert_eq!(
        window.run_script(focused).unwrap(),
        json!("add"),
        "back to where it began"
    );
}

/// Presses the tabulator until the focus is there; it must be seen where it is.
pub(crate) fn tab_to(window: &Window, name: &str) {
    let at = format!("return document.activeElement.dataset.testid === '{name}'");
    for _ in 0..60 {
        if window.run_script(&at).unwrap() == json!(true) {
            return;
        }
        window.press(WindowKey::Tab).unwrap();
    }
    panic!("the keyboard does not reach {name}");
}

#[test]
fn without_webgl_the_list_takes_the_place_of_the_map() {
    let node = Anvil::start();
    let device = furnished(&node);
    let data = device.data();
    let window = Opening::of(Path::new(APP))
        .with("PARLEY_DATA", &data)
        // As an old graphics driver: WebGL 1, but not 2.
        .with("MESA_GLES_VERSION_OVERRIDE", "2.0")
        .open()
        .unwrap();
    window.see("body[data-map=none]").unwrap();
    assert!(window.count(&named("list-row")).unwrap() >= 2);
    keep_picture(&window, "without-webgl");
    compose_at(&window, "36.2, 37.1");
    choose_sign(&window, "mine", "D21");
    window.click(&named("review")).unwrap();
    window.click(&named("confirm")).unwrap();
    window.see(&named("outbox-row")).unwrap();
}

#[test]
fn the_page_can_do_nothing_but_what_it_is_for() {
    let node = Anvil::start();
    let device = furnished(&node);
    let mut window = open(&device);
    see_map(&mut window);
    let fetched = format!(
        "const answers = [];
         for (const url of ['{}', 'https://example.org/', 'file:///etc/passwd'])
             answers.push(await fetch(url, {{mode: 'no-cors'}}).then(() => url, () => 'refused'));
         return answers",
        node.url()
    );
    assert_eq!(
        window.run_async_script(&fetched).unwrap(),
        json!(["refused", "refused", "refused"])
    );
    let evaluated = "try { return new Function('return 1')() } catch { return 'refused' }";
    assert_eq!(in_page(&window, evaluated), json!("refused"));
    for command in [
        "plugin:shell|open",
        "plugin:fs|read_text_file",
        "plugin:http|fetch",
        "plugin:event|emit",
        "plugin:window|close",
        "plugin:webview|create_webview",
        "no_such_command",
    ] {
        let invoke = format!(
            "return await window.__TAURI_INTERNALS__.invoke('{command}', {{}}).then(() => 'done', () => 'refused')"
        );
        assert_eq!(
            window.run_async_script(&invoke).unwrap(),
            json!("refused"),
            "{command}"
        );
    }
    // What others wrote is text.
    window.click(&named("open-list")).unwrap();
    let shown = "return [...document.querySelectorAll('[data-testid=list-row] b')].length";
    assert_eq!(window.run_script(shown).unwrap(), json!(0));
    let text = "return document.body.innerText.includes('<b>bold</b> & \"quoted\"')";
    assert_eq!(window.run_script(text).unwrap(), json!(true));
}

/// The driver's own scripts are not held to the page's policy, so this one goes through the page.
fn in_page(window: &Window, script: &str) -> Value {
    let inserted = format!(
        "const tag = document.createElement('script');
         tag.textContent = `document.body.dataset.inline = (() => {{ {script} }})()`;
         document.head.append(tag);
         return document.body.dataset.inline ?? 'refused'"
    );
    window.run_script(&inserted).unwrap()
}
