#!/usr/bin/env bash
# Breaks things in the lab and measures how Vprox comes through: see docs/scenarios.md.
#   eng/scenarios.sh                          every scenario once
#   eng/scenarios.sh --list                   which there are
#   eng/scenarios.sh --filter 'host-*' --repeat 20 --json figures.json
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
. eng/packages.sh
. eng/build.sh
vprox_require_root
vprox_install_packages
vprox_build_program tests/Vprox.Scenarios -p:AsDeployed=true

# A file named relatively is meant from where the caller stands.
cd "$here"
exec dotnet "$program" "$@"
