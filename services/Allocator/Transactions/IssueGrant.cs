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
            logger.GrantIssued(issued.Address, request.WorkerId, issued.PortBlocks.Count, issued.ExpiresAt);
        return answer;
    }

    private static string? InvalidReason(RequestGrant request) => request switch
    {
        { ProxyId: var id } when !ProxyRequestValidator.IsId(id) => "proxyId must have 1 to 128 characters of A-Z a-z 0-9 . _ : -",
        { WorkerId: var id } when !ProxyRequestValidator.IsId(id) => "workerId must have 1 to 128 characters of A-Z a-z 0-9 . _ : -",
        { PeerPublicKey: var key } when !WireGuardKey.TryParse(key, out _) => "peerPublicKey must be a WireGuard key: 32 bytes in base64, not all zero",
        { Blocks: < 1 or > AddressLayout.BlockCount } => $"blocks must be 1 to {AddressLayout.BlockCount}",
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

        var inner = new Slot(address.Slot).InnerSubnet;
        var tunnel = await database.Tunnels.Include(row => row.InnerAddresses)
            .SingleOrDefaultAsync(row => row.Address == address.Address && row.PublicKey == request.PeerPublicKey);
        var own = tunnel is null ? [] : tunnel.InnerAddresses.ConvertAll(row => inner.AddressAt(row.Offset));
        var taken = (await database.TunnelAddresses
                .Where(row => row.Address == address.Address && row.PublicKey != request.PeerPublicKey).Select(row => row.Offset).ToListAsync())
            .Select(offset => inner.AddressAt(offset)).ToHashSet();
        var granted = BlockAllocator.Allocate(inner, own, taken, request.Blocks);
        if (granted.Count == 0)
            return Refuse(ContainerRefusedCode.ConnectRefused, $"All inner addresses of {address.Address} are leased; use another address of the proxy.");

        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var expiresAt = now + options.GrantLifetime;
        if (tunnel is null)
        {
            tunnel = new Tunnel { Address = address.Address, PublicKey = request.PeerPublicKey, WorkerId = request.WorkerId, LeasedUntil = expiresAt };
            database.Tunnels.Add(tunnel);
        }
        tunnel.WorkerId = request.WorkerId;
        tunnel.LeasedUntil = expiresAt;
        tunnel.State = tunnel.State == TunnelState.Removed ? TunnelState.Granted : tunnel.State;
        foreach (var added in granted.Except(own))
            tunnel.InnerAddresses.Add(new TunnelAddress { Address = address.Address, PublicKey = request.PeerPublicKey, Offset = (int)inner.OffsetOf(added) });

        return Grant(address, proxy, new Grant
        {
            Address = Ipv4.Parse(address.Address),
            PeerPublicKey = WireGuardKey.Parse(request.PeerPublicKey),
            WorkspaceId = proxy.WorkspaceId,
            ProxyId = proxy.ProxyId,
            InnerAddresses = granted,
            PortBlocks = BlockAllocator.PortsOf(inner, granted),
            IssuedAt = now,
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
