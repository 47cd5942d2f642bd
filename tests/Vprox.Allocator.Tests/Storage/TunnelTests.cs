using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Storage;

public sealed class TunnelTests
{
    private static string NewKey() => WireGuardPrivateKey.Generate().PublicKey().ToString();

    [Fact]
    public async Task A_grant_is_what_the_address_can_verify_by_itself()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        var issued = (await allocator.GrantAsync(key)).Issued!;
        var verifier = new GrantVerifier(
            allocator.Get<GrantKeyring>().PublicKeys, Ipv4.Parse(issued.Address), Ipv4Prefix.Parse(issued.InnerSubnet), allocator.Time);
        var verdict = await verifier.VerifyAsync(issued.Token);
        Assert.True(verdict.IsGranted, verdict.Reason);
        Assert.Equal(key, verdict.Grant.PeerPublicKey.ToString());
        Assert.Equal(["1024-1279", "1280-1535"], issued.PortBlocks);
        Assert.Equal(["240.0.0.2", "240.0.0.3"], issued.InnerAddresses);
        Assert.Equal(allocator.Time.GetUtcNow() + allocator.Options.GrantLifetime, issued.ExpiresAt);
        Assert.Equal(verdict.Grant.ExpiresAt, issued.ExpiresAt);
        Assert.True(TlsPin.TryParse(issued.TlsPin, out _));
    }

    [Fact]
    public async Task The_same_key_gets_the_same_blocks_and_another_key_gets_others()
    {
        await using var allocator = await ReadyAsync();
        var (first, second) = (NewKey(), NewKey());
        var one = (await allocator.GrantAsync(first)).Issued!;
        var two = (await allocator.GrantAsync(second)).Issued!;
        Assert.Equal(one.PortBlocks, (await allocator.GrantAsync(first)).Issued!.PortBlocks);
        Assert.Empty(one.PortBlocks.Intersect(two.PortBlocks));
        Assert.Equal(["1024-1279", "1280-1535", "2048-2303"], (await allocator.GrantAsync(first, blocks: 3)).Issued!.PortBlocks);
    }

    [Fact]
    public async Task A_tunnel_with_the_addresss_own_key_is_refused_with_the_reason()
    {
        await using var allocator = await ReadyAsync();
        var own = (await allocator.GrantAsync(NewKey())).Issued!.ServerPublicKey;
        var refused = (await allocator.GrantAsync(own)).Refused!;
        Assert.Equal(ContainerRefusedCode.InvalidRequest, refused.Code);
        Assert.Contains("peerPublicKey is the key of 192.0.2.1 itself", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_tunnel_goes_to_the_least_used_address_of_its_proxy()
    {
        await using var allocator = await ReadyAsync(count: 2);
        var keys = Enumerable.Range(0, 4).Select(_ => NewKey()).ToList();
        var addresses = new List<string>();
        foreach (var key in keys)
            addresses.Add((await allocator.GrantAsync(key)).Issued!.Address);
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"], addresses);
        Assert.Equal("192.0.2.2", (await allocator.GrantAsync(keys[1])).Issued!.Address);
        Assert.Equal("192.0.2.2", (await allocator.GrantAsync(keys[0], address: "192.0.2.2")).Issued!.Address);
    }

    [Fact]
    public async Task When_all_blocks_are_leased_a_tunnel_shares_the_rest()
    {
        await using var allocator = await ReadyAsync();
        Assert.Equal(156, (await allocator.GrantAsync(NewKey(), blocks: 156)).Issued!.PortBlocks.Count);
        var shared = (await allocator.GrantAsync(NewKey())).Issued!;
        Assert.Empty(shared.PortBlocks);
        Assert.Equal(["240.0.0.158"], shared.InnerAddresses);
    }

    [Fact]
    public async Task Each_wrong_request_for_a_grant_has_its_code()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        Assert.Equal(ContainerRefusedCode.UnknownProxy, await RefusalAsync(allocator.GrantAsync(key, "p-9")));
        Assert.Equal(ContainerRefusedCode.ForeignProxy, await RefusalAsync(allocator.GrantAsync(key, workspaceId: "ws-2")));
        Assert.Equal(ContainerRefusedCode.InvalidRequest, await RefusalAsync(allocator.GrantAsync("key")));
        Assert.Equal(ContainerRefusedCode.InvalidRequest, await RefusalAsync(allocator.GrantAsync(Convert.ToBase64String(new byte[32]))));
        Assert.Equal(ContainerRefusedCode.InvalidRequest, await RefusalAsync(allocator.GrantAsync(key, blocks: 0)));
        Assert.Equal(ContainerRefusedCode.InvalidRequest, await RefusalAsync(allocator.GrantAsync(key, blocks: 157)));
        Assert.Equal(ContainerRefusedCode.InvalidRequest, await RefusalAsync(allocator.GrantAsync(key, address: "192.0.2.9")));
        Assert.Equal(ContainerRefusedCode.InvalidRequest, await RefusalAsync(allocator.GrantAsync(key, address: "localhost")));
        await allocator.RequestAsync("p-2");
        Assert.Equal(ContainerRefusedCode.UnknownProxy, await RefusalAsync(allocator.GrantAsync(key, "p-2")));
        Assert.Equal(0, await allocator.Store.ReadAsync(database => database.Tunnels.CountAsync(), CancellationToken.None));
    }

    [Fact]
    public async Task The_last_seen_endpoint_travels_with_the_address()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        var issued = (await allocator.GrantAsync(key)).Issued!;
        await AddAsync(allocator, issued.Address, key, "i-a", "198.51.100.7:4500");
        await allocator.JoinAsync(allocator.Node("i-b"));
        await allocator.UnhealthyAsync("i-a");
        var peer = Assert.Single(Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).Peers);
        Assert.Equal(("198.51.100.7:4500", key), (peer.Endpoint, peer.PublicKey));
        Assert.Equal(issued.InnerAddresses, peer.InnerAddresses);
    }

    [Fact]
    public async Task Late_reports_of_peers_change_nothing()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        var issued = (await allocator.GrantAsync(key)).Issued!;
        await AddAsync(allocator, issued.Address, key, "i-a", "198.51.100.7:1", second: 10);
        await AddAsync(allocator, issued.Address, key, "i-a", "198.51.100.7:2", second: 5);
        await AddAsync(allocator, issued.Address, key, "i-other", "198.51.100.7:3", second: 20);
        await RemoveAsync(allocator, issued.Address, key, "i-a", "idle", second: 9);
        await RemoveAsync(allocator, issued.Address, key, "i-other", "idle", second: 30);
        await RemoveAsync(allocator, issued.Address, key, "i-a", "address-left", second: 30);
        var tunnel = await allocator.Store.ReadAsync(database => database.Tunnels.SingleAsync(), CancellationToken.None);
        Assert.Equal((TunnelState.Connected, "198.51.100.7:1"), (tunnel.State, tunnel.Endpoint));
    }

    [Fact]
    public async Task A_lease_ends_with_its_grant_unless_the_tunnel_is_connected()
    {
        await using var allocator = await ReadyAsync();
        var (silent, connected) = (NewKey(), NewKey());
        await allocator.GrantAsync(silent);
        var issued = (await allocator.GrantAsync(connected)).Issued!;
        await AddAsync(allocator, issued.Address, connected, "i-a", null);
        allocator.Time.Advance(allocator.Options.GrantLifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).LeasesEnded);
        await RemoveAsync(allocator, issued.Address, connected, "i-a", "idle", second: 90_000);
        Assert.Equal(1, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).LeasesEnded);
        Assert.Equal(0, await allocator.Store.ReadAsync(database => database.TunnelAddresses.CountAsync(), CancellationToken.None));
    }

    [Fact]
    public async Task A_tunnel_that_was_disconnected_frees_its_blocks_soon_and_travels_no_more()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        var issued = (await allocator.GrantAsync(key)).Issued!;
        await AddAsync(allocator, issued.Address, key, "i-a", null);
        await RemoveAsync(allocator, issued.Address, key, "i-a", "disconnected", second: 1);
        await allocator.JoinAsync(allocator.Node("i-b"));
        await allocator.UnhealthyAsync("i-a");
        Assert.Empty(Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).Peers);
        Assert.Equal(0, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).LeasesEnded);
        allocator.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).LeasesEnded);
    }

    [Fact]
    public async Task A_peer_that_only_its_node_knows_is_adopted_unless_its_blocks_are_leased()
    {
        await using var allocator = await ReadyAsync();
        var leased = (await allocator.GrantAsync(NewKey())).Issued!;
        await AddAsync(allocator, leased.Address, NewKey(), "i-a", null, inner: [leased.InnerAddresses[1]]);
        await AddAsync(allocator, leased.Address, NewKey(), "i-a", null, inner: ["10.0.0.1"]);
        await AddAsync(allocator, leased.Address, NewKey(), "i-a", null, inner: ["240.0.0.1"]);
        await AddAsync(allocator, leased.Address, "no key", "i-a", null, inner: ["240.0.0.50"]);
        Assert.Equal(1, await allocator.Store.ReadAsync(database => database.Tunnels.CountAsync(), CancellationToken.None));
        var adopted = NewKey();
        await AddAsync(allocator, leased.Address, adopted, "i-a", null, inner: ["240.0.0.50"]);
        Assert.Equal(["240.0.0.50"], (await allocator.GrantAsync(adopted, address: leased.Address)).Issued!.InnerAddresses);
    }

    private static async Task<TestAllocator> ReadyAsync(int count = 1)
    {
        var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: count);
        return allocator;
    }

    private static Task AddAsync(
        TestAllocator allocator, string address, string key, string nodeId, string? endpoint, int second = 0, IReadOnlyList<string>? inner = null) =>
        allocator.Get<RecordPeer>().HandleAsync(
            new PeerAdded
            {
                Address = address, NodeId = nodeId, PublicKey = key, InnerAddresses = inner ?? [], Endpoint = endpoint, At = allocator.Time.Start.AddSeconds(second),
            },
            CancellationToken.None);

    private static Task RemoveAsync(TestAllocator allocator, string address, string key, string nodeId, string reason, int second) =>
        allocator.Get<RecordPeer>().HandleAsync(
            new PeerRemoved { Address = address, NodeId = nodeId, PublicKey = key, Reason = reason, At = allocator.Time.Start.AddSeconds(second) },
            CancellationToken.None);

    private static async Task<string> RefusalAsync(Task<GrantAnswer> answer)
    {
        var refused = (await answer).Refused;
        Assert.NotNull(refused);
        Assert.EndsWith(".", refused.Reason, StringComparison.Ordinal);
        return refused.Code;
    }
}
