#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that are missing for the demo and the tests. Sourced by eng/demo.sh and eng/test.sh.
# Leaves no service running that was not running before: the lab starts a private RabbitMQ of its own.
set -euo pipefail

vprox_require_root() {
  [ "$(id -u)" = 0 ] || { echo "$0 makes network namespaces: run it as root" >&2; exit 1; }
  command -v dotnet >/dev/null || { echo "$0 needs the .NET 10 SDK (dotnet) on PATH" >&2; exit 1; }
  dotnet --list-sdks | grep -q '^10\.' || { echo "$0 needs the .NET 10 SDK; found: $(dotnet --list-sdks | tr '\n' ' ')" >&2; exit 1; }
}

# Takes binaries, sysctls and libraries as "what proves it is there:package"; arguments add to them.
vprox_missing_packages() {
  local need=("$@" nft:nftables ip:iproute2 ping:iputils-ping rabbitmq-server:rabbitmq-server conntrack:conntrack tcpdump:tcpdump
              wg:wireguard-tools nsenter:util-linux curl:curl iperf3:iperf3)
  modprobe wireguard 2>/dev/null || true
  if ip link add vproxprobe0 type wireguard 2>/dev/null; then ip link delete vproxprobe0; else need+=(wireguard-go:wireguard-go); fi
  local entry
  for entry in "${need[@]}"; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${entry%%:*}" >/dev/null || echo "${entry##*:}"
  done
  local library
  for library in libnftables.so.1:libnftables1 libsodium.so.23:libsodium23; do
    # Not grep -q: it would end the pipe early, and pipefail takes ldconfig's SIGPIPE for "not found".
    ldconfig -p | grep "${library%%:*}" >/dev/null || echo "${library##*:}"
  done
}

vprox_install_packages() {
  local missing
  missing=$(vprox_missing_packages "$@" | sort -u | tr '\n' ' ')
  [ -n "${missing// }" ] || return 0
  command -v apt-get >/dev/null || { echo "please install: $missing" >&2; exit 1; }
  echo "installing: $missing" >&2
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ]; then
    # invoke-rc.d(8): 101 forbids the package's own service start.
    printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod 755 "$policy"; made_policy=1
  fi
  local result=0
  {
    apt-get update -qq &&
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
  } >&2 </dev/null || result=$?
  [ -z "$made_policy" ] || rm -f "$policy"
  [ "$result" = 0 ] || { echo "apt-get could not install: $missing" >&2; exit 1; }
}
