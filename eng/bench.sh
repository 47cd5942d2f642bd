#!/usr/bin/env bash
# Measures Vprox beside what it is compared with: see docs/performance.md.
#   eng/bench.sh                     all benchmarks
#   eng/bench.sh --list              which there are
#   eng/bench.sh reconcile --json figures.json
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
. eng/packages.sh
. eng/build.sh
vprox_require_root
vprox_install_packages
vprox_build_program bench/Vprox.Bench

# A file named relatively is meant from where the caller stands.
cd "$here"
exec dotnet "$program" "$@"
