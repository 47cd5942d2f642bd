using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Vprox.Addressing;

namespace Vprox.WorkerAgent.Core;

/// <summary>What a node agreed to, checked: a node may be hostile, and its answer ends up in the kernel.</summary>
public sealed record NodeConnection
{
    /// <summary>WireGuard's MTU on a path of 1,500 bytes, RFC 8200's IPv6 header counted: 1500 - 80.</summary>
    public const int DefaultMtu = 1420;

    // IPv4's smallest reassembly guarantee (RFC 791); a smaller one only serves to slow us down.
    private const int SmallestMtu = 576;

    /// <summary>The static address and its UDP port.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>Inner addresses, at least one. The first names the tunnel's conntrack zone and is kept while the tunnel lives.</summary>
    public required IReadOnlyList<IPAddress> InnerAddresses { get; init; }

    /// <summary>Port blocks with their inner addresses; empty when the tunnel shares what is left.</summary>
    public required IReadOnlyList<InnerBlock> Blocks { get; init; }

    /// <summary>The server's inner address.</summary>
    public required IPAddress Gateway { get; init; }

    /// <summary>The tunnel's MTU.</summary>
    public required int Mtu { get; init; }

    /// <summary>Checks a node's answer against the grant.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="grant">The grant it was given for.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="fault">What is wrong, when it is.</param>
    public static bool TryParse(ConnectAnswer answer, TunnelGrant grant, [NotNullWhen(true)] out NodeConnection? connection, [NotNullWhen(false)] out string? fault)
    {
        connection = null;
        if (!TryParseAssigned(answer.AssignedAddr, grant.Inner, out var first))
            fault = $"AssignedAddr is not an address of {grant.Inner} with its prefix length";
        else if (answer.ServerPublicKey != grant.ServerPublicKey.ToString())
            fault = "ServerPublicKey is not the key that the grant names";
        else if (answer.ServerListenPort is < 1 or > 65535)
            fault = "ServerListenPort is not a port";
        else if (answer.Mtu is < SmallestMtu or > 65535)
            fault = "Mtu is outside 576..65535";
        else if (!TryParseGateway(answer.Gateway, grant.Inner, out var gateway))
            fault = "Gateway is not in the inner subnet";
        else if (!TryParseAddresses(answer.InnerAddresses, first, grant.Inner, gateway, out var addresses))
            fault = "InnerAddresses are not addresses of the inner subnet, each once";
        else if (!TryParseBlocks(answer.PortBlocks, addresses, out var blocks))
            fault = "PortBlocks are not ranges of ports from 1024 on, one per inner address and apart";
        else
        {
            fault = null;
            connection = new NodeConnection
            {
                Endpoint = new IPEndPoint(grant.Address, answer.ServerListenPort),
                InnerAddresses = addresses,
                Blocks = blocks,
                Gateway = gateway,
                Mtu = Math.Min(answer.Mtu ?? DefaultMtu, DefaultMtu),
            };
        }
        return connection is not null;
    }

    /// <summary>
    /// The same with the inner addresses that were there before in front, in the order they had: were another first after a grant that names a lower
    /// block too, the open connections would be in a zone in which nobody looks for them.
    /// </summary>
    public NodeConnection InOrderOf(NodeConnection? before)
    {
        var order = before?.InnerAddresses.Intersect(InnerAddresses).Union(InnerAddresses).ToList();
        return order is null || order.SequenceEqual(InnerAddresses)
            ? this
            : this with { InnerAddresses = order, Blocks = [.. Blocks.OrderBy(block => order.IndexOf(block.Address))] };
    }

    private static bool TryParseAssigned(string? text, Ipv4Prefix inner, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash >= 0
            && Ipv4.TryParse(text![..slash], out address)
            && inner.Contains(address)
            && text[(slash + 1)..] == inner.Length.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryParseGateway(string? text, Ipv4Prefix inner, [NotNullWhen(true)] out IPAddress? gateway)
    {
        gateway = null;
        if (text is null)
            gateway = inner.AddressAt(1);
        else if (Ipv4.TryParse(text, out var given) && inner.Contains(given))
            gateway = given;
        return gateway is not null;
    }

    private static bool TryParseAddresses(
        IReadOnlyList<string?>? texts, IPAddress first, Ipv4Prefix inner, IPAddress gateway, out IReadOnlyList<IPAddress> addresses)
    {
        addresses = [];
        if (texts is null || texts.Count == 0)
        {
            addresses = [first];
            return !first.Equals(gateway);
        }
        var parsed = new List<IPAddress>();
        foreach (var text in texts)
        {
            if (!Ipv4.TryParse(text, out var address) || !inner.Contains(address) || address.Equals(gateway) || parsed.Contains(address))
                return false;
            parsed.Add(address);
        }
        addresses = parsed;
        return parsed.Count <= new BlockLayout(BlockLayout.SmallestSize).Count;
    }

    private static bool TryParseBlocks(IReadOnlyList<string?>? texts, IReadOnlyList<IPAddress> addresses, out IReadOnlyList<InnerBlock> blocks)
    {
        blocks = [];
        if (texts is null || texts.Count == 0)
            return true;
        if (texts.Count != addresses.Count)
            return false;
        var parsed = new List<InnerBlock>();
        foreach (var text in texts)
        {
            if (!PortRange.TryParse(text, out var ports) || ports.First < 1024
                || parsed.Any(other => other.Ports.First <= ports.Last && ports.First <= other.Ports.Last))
                return false;
            parsed.Add(new InnerBlock(addresses[parsed.Count], ports));
        }
        blocks = parsed;
        return true;
    }
}
