#!/usr/bin/env bash
# Measures Vprox beside what it is compared with: see docs/performance.md.
#   eng/bench.sh                     all benchmarks
#   eng/bench.sh --list              which there are
#   eng/bench.sh reconcile --json figures.json
# VPROX_KERNEL_RUNNER names a program that runs a command under a kernel with WireGuard, for machines whose own has none (eng/test-kernel.sh).
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
. eng/packages.sh
. eng/build.sh
vprox_require_root
vprox_install_packages wrk:wrk
vprox_build_program bench/Vprox.Bench -p:AsDeployed=true

# A file named relatively is meant from where the caller stands.
cd "$here"
exec dotnet "$program" "$@"
