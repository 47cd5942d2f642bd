#!/usr/bin/env bash
# Breaks things in the lab and measures how Vprox comes through: see docs/scenarios.md.
#   eng/scenarios.sh                          every scenario once
#   eng/scenarios.sh --list                   which there are
#   eng/scenarios.sh --filter 'host-*' --repeat 20 --json figures.json
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
. eng/packages.sh
vprox_require_root
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_TieredPGO=0
vprox_install_packages

suite=$PWD/tests/Vprox.Scenarios/bin/Release/net10.0/Vprox.Scenarios.dll
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "building (Release) ..."
if ! dotnet build tests/Vprox.Scenarios -c Release -v quiet -nologo >"$log" 2>&1; then
  cat "$log" >&2
  echo "the build failed" >&2
  exit 1
fi
rm -f "$log"

# A file named relatively is meant from where the caller stands.
cd "$here"
exec dotnet "$suite" "$@"
