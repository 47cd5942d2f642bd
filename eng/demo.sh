#!/usr/bin/env bash
# Shows the whole path once, in network namespaces of this machine: see README.md.
#   eng/demo.sh           runs and leaves nothing behind
#   eng/demo.sh --keep    leaves the lab up and prints how to look around in it
#   eng/demo.sh --clean   removes what --keep left
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/packages.sh
. eng/build.sh

case "${1:-}" in
  "" | --keep | --clean) ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac

vprox_require_root
vprox_install_packages
vprox_build_program tests/Vprox.Lab

case "${1:-}" in
  --clean) exec dotnet "$program" clean ;;
  *) exec dotnet "$program" demo "$@" ;;
esac
