#!/bin/sh
# Tries the image out from inside, as its user: fetching, one page, and a snapshot in every format.
# Usage: image_check.sh FORMATS [PORT]   without PORT no page is asked for
set -eu
cd /app
formats=$1
port=${2:-}
work=$(mktemp -d)
export TOMONI_DATABASE_URL="sqlite:///$work/tomoni.db"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

step() {
    name=$1
    shift
    "$@" >"$work/log" 2>&1 || {
        echo "FAILED: $name" >&2
        tail -20 "$work/log" >&2
        exit 1
    }
    echo "  $name"
}

page() {
    streamlit run app.py --server.address 127.0.0.1 --server.port "$port" >"$work/server" 2>&1 &
    server=$!
    python - "http://127.0.0.1:$port" <<'END' || { cat "$work/server"; return 1; }
import sys, time, urllib.request


def body(path: str) -> str:
    with urllib.request.urlopen(sys.argv[1] + path, timeout=5) as answer:
        return answer.read().decode()


for attempt in range(60):
    try:
        healthy = body("/_stcore/health")
        break
    except OSError:
        time.sleep(1)
else:
    sys.exit("no answer within a minute")
if healthy != "ok" or "<title>" not in body("/app"):
    sys.exit(f"health: {healthy!r}")
END
}

# The page as a browser draws it, with the image's own Chromium.
drawn() {
    python - "http://127.0.0.1:$port" <<'END'
import shutil, sys
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"))
    page = browser.new_page()
    page.goto(sys.argv[1] + "/app")
    page.locator(".js-plotly-plot").first.wait_for(timeout=90_000)
    if page.locator("[data-testid=stException]").count():
        sys.exit(page.locator("[data-testid=stException]").first.inner_text())
END
}

snapshot() {
    python cli.py snapshot --no-sync --app checkout --out "$work/out" --language both --format "$formats"
    for format in $(echo "$formats" | tr , ' '); do
        [ -n "$(find "$work/out" -name "*.$format" -size +1k)" ] || {
            echo "no file *.$format"
            return 1
        }
    done
}

step "sync" python cli.py sync
if [ -n "$port" ]; then
    step "page and health" page
    case $formats in *pdf*) step "page as a browser draws it" drawn ;; esac
fi
step "snapshot: $formats" snapshot
