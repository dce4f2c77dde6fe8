#!/bin/sh
# run.sh WEB FOLDER CASE...: opens the pages of FOLDER in headless Chromium. Exit code 77, with the reason, when something that
# the test needs is not here. WEFT_SCREENSHOTS=<folder> keeps a picture of every page.
web=$1
shift
skip() {
  echo "SKIPPED: $*"
  exit 77
}
node=$(command -v node) || skip "node was not found"
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser)} || skip "chromium was not found"
[ -d "$web/node_modules/playwright-core" ] || skip "playwright-core is not in $web/node_modules (npm ci in web/ brings it)"
[ -f "$web/dist/report.js" ] || skip "the chart bundle $web/dist/report.js was not built (npm run build in web/ makes it)"
export CHROMIUM
exec "$node" "$(dirname "$0")/report_page.mjs" "$web" "$@"
