#!/bin/sh
# The browser tests need a Chromium and a Chinese font, and npm for what .ci/npm.sh fetches. Installs what is missing through the system's
# package manager where that is allowed; else says exactly what to install.
set -u

have_browser() {
  [ -n "${COCKPIT_CHROME:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
    command -v google-chrome >/dev/null 2>&1 || command -v google-chrome-stable >/dev/null 2>&1
}
have_font() {
  command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]
}
have_npm() {
  command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1
}
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1
  fi
}
install() {
  if command -v apt-get >/dev/null 2>&1; then
    as_root apt-get update -q >/dev/null && as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk fontconfig nodejs npm >/dev/null
  elif command -v dnf >/dev/null 2>&1; then
    as_root dnf install -y -q chromium google-noto-sans-cjk-fonts fontconfig nodejs npm
  else
    return 1
  fi
}

have_browser && have_font && have_npm && exit 0
echo "installing Chromium, a Chinese font and npm for the browser tests ..."
install
have_browser && have_font && exit 0
have_browser || echo "No Chromium or Chrome was found. Debian, Ubuntu: apt-get install chromium; Fedora: dnf install chromium; or set COCKPIT_CHROME to one." >&2
have_font || echo "No Chinese font was found. Debian, Ubuntu: apt-get install fonts-noto-cjk fontconfig; Fedora: dnf install google-noto-sans-cjk-fonts." >&2
exit 1
