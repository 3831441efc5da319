#!/bin/sh
# Installs what the build needs from the system's packages, and only what is
# missing. The one place that names system packages.
#
#   packages.sh          for building, running and testing
#   packages.sh debian-wasm   Debian's own compiler, for WebAssembly when
#                             rustup cannot fetch the target
#   packages.sh debian-android   the same, for the type check for Android
#   packages.sh valgrind      for counting instructions
#
# Never changes what is installed already; without Debian's tools it says what
# is needed and goes on, because the packages may be there under other names.
set -eu

build='build-essential pkg-config perl ca-certificates
libwebkit2gtk-4.1-dev libxdo-dev libssl-dev libayatana-appindicator3-dev librsvg2-dev
xvfb webkit2gtk-driver dbus-x11 libgl1-mesa-dri libegl1'
rust='cargo-web rustc-web rust-web-clippy rustfmt-web'
debian_wasm='rustc-web rust-web-src rust-web-llvm lld-19'
debian_android='rustc-web rust-web-src'

say() { printf 'packages: %s\n' "$*"; }

missing_of() {
    for package in "$@"; do
        status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$status" = installed ] || printf '%s ' "$package"
    done
}

# sudo resets the environment, so the setting is given inside it.
apt() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"
    else
        say "root or sudo is needed for: apt-get $*"
        exit 1
    fi
}

wanted=$build
case "${1:-}" in
    debian-wasm) wanted=$debian_wasm ;;
    debian-android) wanted=$debian_android ;;
    valgrind) wanted=valgrind ;;
    '')
        # An own rustup or Node is left alone; Debian's are the fall-back.
        command -v cargo >/dev/null 2>&1 || wanted="$wanted $rust"
        command -v node >/dev/null 2>&1 || wanted="$wanted nodejs"
        command -v npm >/dev/null 2>&1 || wanted="$wanted npm"
        ;;
    *) say "unknown set: $1"; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    say "this system has no apt; these (Debian's names) must be there:" $wanted
    say "and Rust 1.95 or later with clippy and rustfmt, Node 18 or later, npm"
    exit 0
fi

# The lists are words without spaces: splitting is wanted.
# shellcheck disable=SC2086
missing=$(missing_of $wanted)
[ -n "$missing" ] || exit 0

say "installing $missing"
apt update || say "the package lists could not be renewed; trying with the old ones"
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing >/dev/null
say done
