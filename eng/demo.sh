#!/usr/bin/env bash
# Shows the whole path once, in network namespaces of this machine: see README.md.
#   eng/demo.sh           runs and leaves nothing behind
#   eng/demo.sh --keep    leaves the lab up and prints how to look around in it
#   eng/demo.sh --clean   removes what --keep left
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/packages.sh

case "${1:-}" in
  "" | --keep | --clean) ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac

vprox_require_root
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_TieredPGO=0
vprox_install_packages

lab=tests/Vprox.Lab/bin/Release/net10.0/Vprox.Lab.dll
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "building (Release) ..."
if ! dotnet build tests/Vprox.Lab -c Release -v quiet -nologo >"$log" 2>&1; then
  cat "$log" >&2
  echo "the build failed" >&2
  exit 1
fi
rm -f "$log"

case "${1:-}" in
  --clean) exec dotnet "$lab" clean ;;
  *) exec dotnet "$lab" demo "$@" ;;
esac
