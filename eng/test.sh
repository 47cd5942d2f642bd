#!/usr/bin/env bash
# Installs what the tests need and runs all of them. Last line: "N passed, N failed, N skipped".
# Arguments go to `dotnet test` (e.g. --filter-class '*PlanTests').
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/packages.sh
vprox_require_root
# Tests of wireguard-go itself run on every machine, also where the kernel has WireGuard.
vprox_install_packages wireguard-go:wireguard-go
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MASSTRANSIT_USAGE_TELEMETRY=false

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# One test program at a time: they start brokers, agents and labs, some measure how long traffic stalls, and each uses all cores itself.
# One that hangs fails after a quarter of an hour instead of holding up the rest for ever.
dotnet test Vprox.sln --max-parallel-test-modules 1 --timeout 15m "$@" 2>&1 | tee "$log" || status=$?

# The summary of Microsoft.Testing.Platform: "  total: 35", "  failed: 1", "  succeeded: 34", "  skipped: 0".
count() { sed -n "s/^  $1: \([0-9]*\)$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ]; then
  echo "no test ran: see the errors above" >&2
  passed=0 failed=0 skipped=0 status=1
fi
[ "$status" != 0 ] || [ "$passed" -gt 0 ] || status=1
if [ -n "${CI:-}" ] && [ "$skipped" != 0 ]; then
  echo "$skipped tests were skipped, and nothing may be skipped on CI" >&2
  status=1
fi
# Once more what failed and why, where a log that was cut to its end still shows it.
grep -E -A 8 '^failed ' "$log" | cut -c 1-400 || true
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
