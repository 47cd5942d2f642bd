using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

/// <summary>Random workers: few slots and addresses, so that they meet often.</summary>
internal static class Generate
{
    private static readonly WireGuardPrivateKey[] Keys = [.. Enumerable.Range(0, 4).Select(_ => WireGuardPrivateKey.Generate())];
    private static readonly WireGuardKey[] ServerKeys = [.. Enumerable.Range(0, 4).Select(_ => WireGuardPrivateKey.Generate().PublicKey())];

    public static Gen<DesiredTunnel> Tunnel(int slot) =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[1, 3], Gen.Bool, Gen.Int[1280, 1420]).Select((key, server, inner, hasBlocks, mtu) =>
        {
            var subnet = Ipv4Prefix.Parse("240.0.0.0/8").Subnet(22, slot);
            IReadOnlyList<IPAddress> addresses = [.. Enumerable.Range(0, inner).Select(i => AddressLayout.AddressOfBlock(subnet, i))];
            return new DesiredTunnel
            {
                Slot = slot,
                PrivateKey = Keys[key],
                ServerPublicKey = ServerKeys[server],
                Endpoint = new IPEndPoint(IPAddress.Parse($"192.0.2.{slot + 1}"), 49152 + slot),
                InnerAddresses = addresses,
                Blocks = hasBlocks ? [.. addresses.Select((address, i) => new InnerBlock(address, AddressLayout.PortsOfBlock(i)))] : [],
                Gateway = AddressLayout.ServerAddress(subnet),
                Mtu = mtu,
            };
        });

    public static Gen<DesiredWorker> Worker { get; } =
        from tunnels in Gen.Select(Optional(0), Optional(1), Optional(2)).Select((a, b, c) => new[] { a, b, c }.OfType<DesiredTunnel>().ToList())
        from containers in Gen.Select(Gen.Bool, Gen.Int[-1, 2], Gen.Int[0, 1]).Array[0, 6]
        from guarded in Gen.Bool
        from prepared in Gen.Bool.Array[3]
        select new DesiredWorker
        {
            Tunnels = tunnels,
            Containers = [.. containers.Select((each, i) => (each, i)).Where(pair => pair.each.Item1).Select(pair => new DesiredContainer
            {
                Ip = IPAddress.Parse($"10.88.0.{pair.i + 2}"),
                Link = $"br{pair.each.Item3}",
                Tunnel = tunnels.Any(tunnel => tunnel.Slot == pair.each.Item2) ? pair.each.Item2 : null,
            })],
            Prepared = [.. prepared.Index().Where(slot => slot.Item && tunnels.All(tunnel => tunnel.Slot != slot.Index)).Select(slot => slot.Index)],
            Guard = guarded ? new Guard { Interfaces = ["cni0"], Subnets = [Ipv4Prefix.Parse("10.99.0.0/16")] } : new Guard(),
        };

    /// <summary>Two workers of one operator.</summary>
    public static Gen<(DesiredWorker First, DesiredWorker Second)> Change { get; } =
        Gen.Select(Worker, Worker).Select((first, second) => (first, second with { Guard = first.Guard }));

    private static Gen<DesiredTunnel?> Optional(int slot) => Gen.Select(Gen.Bool, Tunnel(slot)).Select((exists, tunnel) => exists ? tunnel : null);
}
