using System.Collections.Immutable;
using System.Net;
using Vprox.Addressing;
using Vprox.Identity;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Journal;

/// <summary>The worker's state as it stands in the journal: text and numbers only.</summary>
internal sealed record JournalDocument(
    int Version,
    IReadOnlyList<JournalDocument.ContainerEntry> Containers,
    IReadOnlyList<JournalDocument.TunnelEntry> Tunnels,
    IReadOnlyDictionary<string, DateTimeOffset> Tombstones)
{
    public const int CurrentVersion = 1;

    public sealed record ContainerEntry(
        string Id, string Ip, string? Link, string ProxyId, string? WorkspaceId, DateTimeOffset ReceivedAt, ContainerPhase Phase,
        DateTimeOffset? RoutedAt, Refusal? Refusal, bool Answered);

    public sealed record TunnelEntry(
        string ProxyId, byte[] PrivateKey, int? Slot, TunnelPhase Phase, GrantEntry? Grant, ConnectionEntry? Connection, DateTimeOffset RenewAt,
        bool Lost, bool LossReported, DateTimeOffset? IdleSince,
        IReadOnlyList<string>? Retired = null, IReadOnlyList<string>? Returning = null);

    public sealed record GrantEntry(
        string Token, string Address, string WorkspaceId, string ServerPublicKey, string Inner, string TlsPin,
        DateTimeOffset RenewAt, DateTimeOffset ExpiresAt);

    public sealed record ConnectionEntry(
        int Port, IReadOnlyList<string> InnerAddresses, IReadOnlyList<string> Blocks, string Gateway, int Mtu);

    public static JournalDocument Of(WorkerState state) => new(
        CurrentVersion,
        [.. state.Containers.Values.Select(each => new ContainerEntry(
            each.Id, each.Ip.ToString(), each.Link, each.ProxyId, each.WorkspaceId, each.ReceivedAt, each.Phase, each.RoutedAt, each.Refusal, each.Answered))],
        [.. state.Tunnels.Values.Select(Of)],
        state.Tombstones);

    public WorkerState ToState(WorkerPolicy policy) => new()
    {
        Policy = policy,
        Containers = Containers.Select(each => new Container
        {
            Id = each.Id,
            Ip = Ipv4.Parse(each.Ip),
            Link = each.Link,
            ProxyId = each.ProxyId,
            WorkspaceId = each.WorkspaceId,
            ReceivedAt = each.ReceivedAt,
            Phase = each.Phase,
            RoutedAt = each.RoutedAt,
            Refusal = each.Refusal,
            Answered = each.Answered,
        }).ToImmutableSortedDictionary(each => each.Id, each => each, StringComparer.Ordinal),
        Tunnels = Tunnels.Select(ToTunnel).ToImmutableSortedDictionary(each => each.ProxyId, each => each, StringComparer.Ordinal),
        Tombstones = Tombstones.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private static TunnelEntry Of(Tunnel tunnel) => new(
        tunnel.ProxyId, tunnel.PrivateKey.Bytes.ToArray(), tunnel.Slot, tunnel.Phase,
        tunnel.Grant is { } grant
            ? new GrantEntry(
                grant.Token, grant.Address.ToString(), grant.WorkspaceId, grant.ServerPublicKey.ToString(), grant.Inner.ToString(),
                grant.TlsPin.ToString(), grant.RenewAt, grant.ExpiresAt)
            : null,
        tunnel.Connection is { } connection
            ? new ConnectionEntry(
                connection.Endpoint.Port, [.. connection.InnerAddresses.Select(address => address.ToString())],
                [.. connection.Blocks.Select(block => block.Ports.ToString())], connection.Gateway.ToString(), connection.Mtu)
            : null,
        tunnel.RenewAt, tunnel.Lost, tunnel.LossReported, tunnel.IdleSince,
        [.. tunnel.Ports.Retired.Select(address => address.ToString())], [.. tunnel.Ports.Returning.Select(address => address.ToString())]);

    private static Tunnel ToTunnel(TunnelEntry entry)
    {
        var grant = entry.Grant is { } written ? ToGrant(written) : null;
        return new Tunnel
        {
            ProxyId = entry.ProxyId,
            PrivateKey = new WireGuardPrivateKey(entry.PrivateKey),
            Slot = entry.Slot,
            Phase = entry.Phase,
            Grant = grant,
            Connection = entry.Connection is { } connection && grant is not null ? ToConnection(connection, grant.Address) : null,
            Ports = new TunnelPorts
            {
                Retired = [.. (entry.Retired ?? []).Select(Ipv4.Parse)],
                Returning = [.. (entry.Returning ?? []).Select(Ipv4.Parse)],
            },
            RenewAt = entry.RenewAt,
            Lost = entry.Lost,
            LossReported = entry.LossReported,
            IdleSince = entry.IdleSince,
        };
    }

    private static TunnelGrant ToGrant(GrantEntry entry) => new()
    {
        Token = entry.Token,
        Address = Ipv4.Parse(entry.Address),
        WorkspaceId = entry.WorkspaceId,
        ServerPublicKey = WireGuardKey.Parse(entry.ServerPublicKey),
        Inner = Ipv4Prefix.Parse(entry.Inner),
        TlsPin = TlsPin.TryParse(entry.TlsPin, out var pin) ? pin : throw new FormatException("TlsPin is not SHA-256 in base64"),
        RenewAt = entry.RenewAt,
        ExpiresAt = entry.ExpiresAt,
    };

    private static NodeConnection ToConnection(ConnectionEntry entry, IPAddress address)
    {
        IReadOnlyList<IPAddress> inner = [.. entry.InnerAddresses.Select(Ipv4.Parse)];
        return new NodeConnection
        {
            Endpoint = new IPEndPoint(address, entry.Port),
            InnerAddresses = inner,
            Blocks = [.. entry.Blocks.Select((text, i) => new InnerBlock(
                inner[i], PortRange.TryParse(text, out var ports) ? ports : throw new FormatException($"\"{text}\" is not a port range")))],
            Gateway = Ipv4.Parse(entry.Gateway),
            Mtu = entry.Mtu,
        };
    }
}
