using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Allocator.Transactions;

/// <summary>The right of a tunnel to an address: a lease of inner addresses in the database, and a token that any node verifies by itself.</summary>
public sealed class IssueGrant(AllocatorStore store, GrantKeyring keyring, AllocatorOptions options, TimeProvider time, ILogger<IssueGrant> logger)
{
    public async Task<GrantAnswer> HandleAsync(RequestGrant request, CancellationToken cancellationToken)
    {
        var answer = InvalidReason(request) is { } reason
            ? Refuse(ContainerRefusedCode.InvalidRequest, $"The request is invalid: {reason}.")
            : await store.DecideAsync(database => DecideAsync(database, request), cancellationToken);
        if (answer.Refused is { } refused)
            logger.GrantRefused(refused.Code, refused.Reason);
        else if (answer.Issued is { } issued)
        {
            logger.GrantIssued(issued.Address, request.WorkerId, issued.PortBlocks.Count, issued.ExpiresAt);
            if (issued.PortBlocks.Count == 0)
                logger.TunnelSharesPorts(issued.Address, request.ProxyId, request.WorkerId);
        }
        return answer;
    }

    private static string? InvalidReason(RequestGrant request) => request switch
    {
        { ProxyId: var id } when !ProxyRequestValidator.IsId(id) => "proxyId must have 1 to 128 characters of A-Z a-z 0-9 . _ : -",
        { WorkerId: var id } when !ProxyRequestValidator.IsId(id) => "workerId must have 1 to 128 characters of A-Z a-z 0-9 . _ : -",
        { PeerPublicKey: var key } when !WireGuardKey.TryParse(key, out _) => "peerPublicKey must be a WireGuard key: 32 bytes in base64, not all zero",
        { Address: { } address } when !Ipv4.TryParse(address, out _) => "address is not an IPv4 address",
        _ => null,
    };

    private async Task<GrantAnswer> DecideAsync(AllocatorDbContext database, RequestGrant request)
    {
        if (await database.Proxies.FindAsync(request.ProxyId) is not { } proxy || proxy.State == ProxyState.Released)
            return Refuse(ContainerRefusedCode.UnknownProxy, "There is no such proxy; request it first.");
        if (request.WorkspaceId is { } workspace && workspace != proxy.WorkspaceId)
            return Refuse(ContainerRefusedCode.ForeignProxy, "The proxy belongs to another workspace.");
        if (proxy.State == ProxyState.Placing)
            return Refuse(ContainerRefusedCode.UnknownProxy, "The proxy is not ready yet; wait for ProxyReady.");
        if (await ChooseAddressAsync(database, request) is not { } address)
            return Refuse(ContainerRefusedCode.InvalidRequest, "The address does not belong to the proxy.");
        // WireGuard takes no peer with its interface's own key, and says nothing: the tunnel would never have a handshake.
        if (WireGuardKey.Parse(request.PeerPublicKey) == WireGuardKey.Parse(address.ServerPublicKey))
            return Refuse(ContainerRefusedCode.InvalidRequest, $"The request is invalid: peerPublicKey is the key of {address.Address} itself.");

        var layout = new BlockLayout(address.PortBlockSize);
        if (request.Blocks is { } blocks && (blocks < 1 || blocks > layout.Count))
            return Refuse(ContainerRefusedCode.InvalidRequest, $"The request is invalid: blocks must be 1 to {layout.Count}.");

        var now = time.GetUtcNow();
        var inner = new Slot(address.Slot).InnerSubnet;
        var tunnel = await database.Tunnels.Include(row => row.InnerAddresses)
            .SingleOrDefaultAsync(row => row.Address == address.Address && row.PublicKey == request.PeerPublicKey);
        if (tunnel is null && await database.Tunnels.CountAsync(row => row.Address == address.Address) >= options.PeersPerAddress)
            return Refuse(ContainerRefusedCode.ConnectRefused, $"{address.Address} has {options.PeersPerAddress} tunnels, as many as it may; use another address of the proxy.");
        var returned = tunnel is null ? [] : await TakeBackAsync(database, tunnel, inner, request.ReturnedInnerAddresses ?? [], now);
        var own = tunnel is null ? [] : tunnel.InnerAddresses.ConvertAll(row => inner.AddressAt(row.Offset));
        var taken = (await database.TunnelAddresses
                .Where(row => row.Address == address.Address && row.PublicKey != request.PeerPublicKey).Select(row => row.Offset).ToListAsync())
            .Concat(await PortRecord.RestingAsync(database, address.Address, request.PeerPublicKey, now))
            .Concat(returned)
            .Select(offset => inner.AddressAt(offset)).ToHashSet();
        var granted = BlockAllocator.Allocate(
            inner, own, taken, request.Blocks ?? (tunnel is null ? options.PortBlocksAtStart : own.Count), layout);
        if (granted.Count == 0)
            return Refuse(ContainerRefusedCode.ConnectRefused, $"All inner addresses of {address.Address} are leased; use another address of the proxy.");

        var issuedAt = After(tunnel?.GrantedAt, now);
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + options.GrantLifetime).ToUnixTimeSeconds());
        var isNew = tunnel is null;
        if (tunnel is null)
        {
            tunnel = new Tunnel { Address = address.Address, PublicKey = request.PeerPublicKey, WorkerId = request.WorkerId, LeasedUntil = expiresAt };
            database.Tunnels.Add(tunnel);
        }
        tunnel.WorkerId = request.WorkerId;
        tunnel.GrantedAt = issuedAt;
        tunnel.LeasedUntil = expiresAt;
        tunnel.State = tunnel.State == TunnelState.Removed ? TunnelState.Granted : tunnel.State;
        var added = granted.Except(own).Select(given => (int)inner.OffsetOf(given)).ToList();
        tunnel.InnerAddresses.AddRange(added.Select(offset => new TunnelAddress { Address = address.Address, PublicKey = request.PeerPublicKey, Offset = offset }));
        PortRecord.Begin(database, address, proxy, tunnel, added, now);
        var ports = BlockAllocator.PortsOf(inner, granted, layout);
        if (isNew && ports.Count == 0)
            database.Publish(Sharing(tunnel, proxy, now));

        return Grant(address, proxy, new Grant
        {
            Address = Ipv4.Parse(address.Address),
            PeerPublicKey = WireGuardKey.Parse(request.PeerPublicKey),
            WorkspaceId = proxy.WorkspaceId,
            ProxyId = proxy.ProxyId,
            InnerAddresses = granted,
            PortBlocks = ports,
            IssuedAt = issuedAt,
            ExpiresAt = expiresAt,
        });
    }

    // The address that was asked for, else the one the key has, else the one with the fewest tunnels.
    private static Task<StaticAddress?> ChooseAddressAsync(AllocatorDbContext database, RequestGrant request) => database.StaticAddresses
        .Where(address => address.ProxyId == request.ProxyId && (request.Address == null || address.Address == request.Address))
        .OrderByDescending(address => database.Tunnels.Any(tunnel => tunnel.Address == address.Address && tunnel.PublicKey == request.PeerPublicKey))
        .ThenBy(address => database.Tunnels.Count(tunnel => tunnel.Address == address.Address))
        .ThenBy(address => address.Ordinal)
        .FirstOrDefaultAsync();

    // A tunnel without any inner address would be none; one that a crash made it return twice is no longer its own.
    private static async Task<IReadOnlyList<int>> TakeBackAsync(AllocatorDbContext database, Tunnel tunnel, Ipv4Prefix inner, IReadOnlyList<string> returned, DateTimeOffset now)
    {
        var offsets = returned.Select(text => Ipv4.TryParse(text, out var address) && inner.Contains(address) ? (int)inner.OffsetOf(address) : -1).ToHashSet();
        var rows = tunnel.InnerAddresses.Where(row => offsets.Contains(row.Offset)).Take(tunnel.InnerAddresses.Count - 1).ToList();
        await PortRecord.EndAsync(database, tunnel, rows.ConvertAll(row => row.Offset), now, PortRecord.Rest);
        foreach (var row in rows)
            tunnel.InnerAddresses.Remove(row);
        return rows.ConvertAll(row => row.Offset);
    }

    // In milliseconds, as it is stored and signed.
    private static DateTimeOffset After(DateTimeOffset? last, DateTimeOffset now)
    {
        var whole = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        return last is { } before && before >= whole ? before.AddMilliseconds(1) : whole;
    }

    private static TunnelSharesPorts Sharing(Tunnel tunnel, Proxy proxy, DateTimeOffset now) => new()
    {
        Address = tunnel.Address,
        ProxyId = proxy.ProxyId,
        WorkspaceId = proxy.WorkspaceId,
        WorkerId = tunnel.WorkerId,
        PublicKey = tunnel.PublicKey,
        At = now,
    };

    private GrantAnswer Grant(StaticAddress address, Proxy proxy, Grant grant)
    {
        var slot = new Slot(address.Slot);
        return new GrantAnswer(
            new GrantIssued
            {
                Token = keyring.Signer.Sign(grant),
                Address = address.Address,
                WorkspaceId = proxy.WorkspaceId,
                ServerPublicKey = address.ServerPublicKey,
                ListenPort = slot.ListenPort,
                TlsPin = address.TlsPin,
                InnerSubnet = slot.InnerSubnet.ToString(),
                InnerAddresses = grant.InnerAddresses.Select(inner => inner.ToString()).ToList(),
                PortBlocks = grant.PortBlocks.Select(ports => ports.ToString()).ToList(),
                ExpiresAt = grant.ExpiresAt,
            },
            Refused: null);
    }

    private static GrantAnswer Refuse(string code, string reason) => new(Issued: null, new GrantRefused { Code = code, Reason = reason });
}

/// <summary>Exactly one of the two.</summary>
public sealed record GrantAnswer(GrantIssued? Issued, GrantRefused? Refused);
