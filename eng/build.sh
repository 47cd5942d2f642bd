#!/usr/bin/env bash
# Builds a program in Release: vprox_build_program PROJECT [OPTION of dotnet build]... Sourced by eng/demo.sh, eng/scenarios.sh and eng/bench.sh.

# Says little unless it fails; leaves the built program's path in $program. Needs eng/packages.sh.
vprox_build_program() {
  local project=$1 name log
  shift
  name=$(basename "$project")
  export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_TieredPGO=0
  log=$(mktemp)
  echo "building (Release) ..."
  if ! dotnet build "$project" -c Release -v quiet -nologo "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "the build failed" >&2
    exit 1
  fi
  rm -f "$log"
  program=$PWD/$project/bin/Release/net10.0/$name.dll
}
