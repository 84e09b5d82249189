#!/bin/sh
# Fetches what the browser tests take from npm, where npm is there: axe-core, and the oldest Chromium that the screens promise.
set -u

if ! command -v npm >/dev/null 2>&1 || ! command -v node >/dev/null 2>&1; then
  echo "npm was not found: the tests with axe-core and with Chromium 109 will be skipped. Debian, Ubuntu: apt-get install npm." >&2
  exit 0
fi
exec node "$(dirname "$0")/npm.mjs"
