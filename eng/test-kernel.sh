#!/usr/bin/env bash
# Runs the live tests against the kernel's WireGuard, in this machine's kernel where it has it. Elsewhere VPROX_KERNEL_RUNNER names a command
# that runs its arguments in a kernel that does (a virtual machine or User-Mode Linux on the same root file system).
# A line of counts per program, then "N passed, N failed, N skipped". Exit code 77: cannot run here.
#   eng/test-kernel.sh                      all programs
#   eng/test-kernel.sh NodeAgent Netlink    only these
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/packages.sh
vprox_require_root
readonly cannot_run_here=77 longest=900
export PATH="$PATH:/usr/sbin:/sbin"

has_wireguard='modprobe wireguard 2>/dev/null || true
  ip link add vproxprobe0 type wireguard 2>/dev/null && ip link delete vproxprobe0'
if sh -c "$has_wireguard"; then
  runner=()
elif [ -n "${VPROX_KERNEL_RUNNER:-}" ]; then
  runner=("$VPROX_KERNEL_RUNNER")
  "${runner[@]}" sh -c "$has_wireguard" </dev/null || { echo "$VPROX_KERNEL_RUNNER runs no kernel with WireGuard" >&2; exit 1; }
else
  echo "this kernel has no WireGuard (Linux since 5.6 has, as a module), and VPROX_KERNEL_RUNNER names no command that runs another" >&2
  exit "$cannot_run_here"
fi
vprox_install_packages
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MASSTRANSIT_USAGE_TELEMETRY=false VPROX_WIREGUARD=kernel
# A guest has one slow processor: compiling twice costs it more than the second, better code saves.
export DOTNET_TieredPGO=0

# What programs a kernel, and of it what needs one; the rest of each program is pure or wireguard-go's alone, and eng/test.sh runs it.
programs=(Netlink Nftables Sysctl WireGuard NodeAgent WorkerAgent Cli)
[ $# = 0 ] || programs=("$@")
live_tests() {
  case "$1" in
    Netlink) echo '-namespace Vprox.Netlink.Tests.Live -namespace Vprox.Netlink.Tests.Namespaces' ;;
    Nftables | Sysctl) echo "-namespace Vprox.$1.Tests" ;;
    WireGuard) echo '-namespace Vprox.WireGuard.Tests.Live -class- Vprox.WireGuard.Tests.Live.WireGuardGoTests' ;;
    # Rates need a kernel that can send them: a guest of User-Mode Linux sends 5 to 8 Mbit/s of datagrams, unshaped.
    NodeAgent) echo "-namespace Vprox.NodeAgent.Tests.DataPlane.Live ${runner[*]:+-class- Vprox.NodeAgent.Tests.DataPlane.Live.ShapingTests}" ;;
    WorkerAgent) echo '-namespace Vprox.WorkerAgent.Tests.Live' ;;
    # A guest on a busy machine takes 40 s to start a server. There only what another WireGuard changes; and moves are measured in seconds.
    Cli) if [ ${#runner[@]} = 0 ]; then echo '-namespace Vprox.Cli.Tests.Live'; else printf -- '-class Vprox.Cli.Tests.Live.%s ' RefusalTests TwoCommandsTests HostSettingsTests; fi ;;
    *) echo "no live tests are known of $1" >&2; exit 64 ;;
  esac
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0 status=0
# xunit's summary: "   Vprox.WireGuard.Tests  Total: 21, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 42.917s".
count() { sed -n "s/^   Vprox.* $1: \([0-9]*\),.*/\1/p" "$log" | tail -n 1; }
for program in "${programs[@]}"; do
  tests=$(live_tests "$program")
  project=tests/Vprox.$program.Tests
  dotnet build "$project" -v quiet -nologo >"$log" 2>&1 || { cat "$log" >&2; echo "the build of $project failed" >&2; exit 1; }
  began=$SECONDS
  result=0
  # shellcheck disable=SC2086 # options
  timeout --kill-after 10 "$longest" "${runner[@]}" dotnet "$project/bin/Debug/net10.0/Vprox.$program.Tests.dll" -noLogo -noColor -longRunning 60 $tests \
    </dev/null >"$log" 2>&1 || result=$?
  total=$(count Total) f=$(count Failed) s=$(count Skipped) errors=$(count Errors)
  f=$((${f:-0} + ${errors:-0})) s=${s:-0} p=$((${total:-0} - ${f:-0} - ${s:-0}))
  [ "$p" -ge 0 ] || p=0
  if [ "$result" != 0 ] || [ "$p" = 0 ]; then
    cat "$log"
    echo "$program.Tests ended with exit code $result"
    status=1
    # One that crashed, ran no test or took too long has failed too.
    [ "$f" != 0 ] || f=1
  fi
  printf '%-12s %4s passed, %s failed, %s skipped in %s s\n' "$program" "$p" "$f" "$s" $((SECONDS - began))
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
if [ -n "${CI:-}" ] && [ "$skipped" != 0 ]; then
  echo "$skipped tests were skipped, and nothing may be skipped on CI" >&2
  status=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
