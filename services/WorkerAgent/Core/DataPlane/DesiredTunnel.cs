using System.Net;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Core;

/// <summary>A tunnel to one static address.</summary>
public sealed record DesiredTunnel
{
    /// <summary>Names its interface and table.</summary>
    public required int Slot { get; init; }

    /// <summary>The tunnel's own key.</summary>
    public required WireGuardPrivateKey PrivateKey { get; init; }

    /// <summary>The static address's key, the same on every node.</summary>
    public required WireGuardKey ServerPublicKey { get; init; }

    /// <summary>The static address and its UDP port.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>The tunnel's inner addresses, each a /32 on the interface.</summary>
    public required IReadOnlyList<IPAddress> InnerAddresses { get; init; }

    /// <summary>The ports it may leave from; empty when it shares the rest with others.</summary>
    public required IReadOnlyList<InnerBlock> Blocks { get; init; }

    /// <summary>The server's inner address, which answers ping.</summary>
    public required IPAddress Gateway { get; init; }

    /// <summary>The interface's MTU.</summary>
    public required int Mtu { get; init; }

    /// <summary>The routes it needs, the closing one first.</summary>
    public IReadOnlyList<TunnelRoute> Routes() =>
    [
        new(TunnelNames.Table(Slot), Everything, Slot: null, TunnelNames.UnreachableMetric),
        new(TunnelNames.Table(Slot), Everything, Slot, Metric: 0),
        // Loose reverse-path filtering (rp_filter=2) wants some route back to what answers, also on a host without a default route.
        new(TunnelRoute.MainTable, Ipv4Prefix.Host(Gateway), Slot, Metric: 0),
    ];

    private static Ipv4Prefix Everything { get; } = Ipv4Prefix.Parse("0.0.0.0/0");
}

/// <summary>A port block and the inner address that owns it.</summary>
public sealed record InnerBlock(IPAddress Address, PortRange Ports);

/// <summary>A route of ours.</summary>
/// <param name="Table">Routing table.</param>
/// <param name="Destination">What it leads to.</param>
/// <param name="Slot">The tunnel it leads through; null for an unreachable route.</param>
/// <param name="Metric">Lower is better.</param>
public sealed record TunnelRoute(uint Table, Ipv4Prefix Destination, int? Slot, uint Metric)
{
    /// <summary>RT_TABLE_MAIN.</summary>
    public const uint MainTable = 254;
}

/// <summary>A policy rule of ours: <c>ip rule add from &lt;From&gt; lookup &lt;Table&gt; priority &lt;Priority&gt;</c>.</summary>
public sealed record ContainerRule(Ipv4Prefix From, uint Table, uint Priority);
