// Starts the interface. A file of its own because the content security policy forbids inline
// scripts; it does nothing else.
import init from "/ui.js";

await init({ module_or_path: "/ui_bg.wasm" });
