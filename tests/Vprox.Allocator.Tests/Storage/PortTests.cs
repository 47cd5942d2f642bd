using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Storage;

public sealed class PortTests
{
    private static string NewKey() => WireGuardPrivateKey.Generate().PublicKey().ToString();

    [Fact]
    public async Task A_busy_tunnel_gets_all_blocks_that_are_free_and_none_of_anothers()
    {
        await using var allocator = await ReadyAsync();
        var (busy, quiet) = (NewKey(), NewKey());
        await allocator.GrantAsync(busy);
        var other = (await allocator.GrantAsync(quiet)).Issued!;
        var all = (await allocator.GrantAsync(busy, blocks: 156)).Issued!;
        Assert.Equal(154, all.PortBlocks.Except(other.PortBlocks).Count());
    }

    [Fact]
    public async Task A_block_that_was_given_back_rests_and_only_its_last_holder_gets_it_before()
    {
        await using var allocator = await ReadyAsync();
        var (one, two) = (NewKey(), NewKey());
        await allocator.GrantAsync(one, blocks: 156);
        var smaller = (await allocator.GrantAsync(one, blocks: null, returned: ["240.0.0.157", "240.0.0.156", "10.0.0.1", "no address"])).Issued!;
        Assert.Equal(154, smaller.PortBlocks.Count);

        Assert.Empty((await allocator.GrantAsync(two)).Issued!.PortBlocks);
        Assert.Equal(155, (await allocator.GrantAsync(one, blocks: 155)).Issued!.PortBlocks.Count);
        allocator.Time.Advance(PortRecord.Rest + TimeSpan.FromSeconds(1));
        Assert.Single((await allocator.GrantAsync(NewKey())).Issued!.PortBlocks);
    }

    [Fact]
    public async Task The_last_inner_address_stays_and_a_return_that_is_said_twice_is_one()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        await allocator.GrantAsync(key, blocks: 3);
        Assert.Equal(["240.0.0.2", "240.0.0.3"], (await allocator.GrantAsync(key, returned: ["240.0.0.4"])).Issued!.InnerAddresses);
        Assert.Equal(["240.0.0.2", "240.0.0.3"], (await allocator.GrantAsync(key, returned: ["240.0.0.4"])).Issued!.InnerAddresses);
        Assert.Single((await allocator.GrantAsync(key, returned: ["240.0.0.2", "240.0.0.3"])).Issued!.InnerAddresses);
    }

    [Fact]
    public async Task What_is_given_back_and_what_is_asked_for_in_one_request_are_not_the_same_block()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        await allocator.GrantAsync(key);
        Assert.Equal(["240.0.0.2", "240.0.0.4"], (await allocator.GrantAsync(key, blocks: 2, returned: ["240.0.0.3"])).Issued!.InnerAddresses);
    }

    [Fact]
    public async Task Of_two_grants_of_one_tunnel_the_later_is_newer_even_within_a_millisecond()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        var issued = new List<DateTimeOffset>();
        for (var blocks = 2; blocks < 6; blocks++)
        {
            var grant = (await allocator.GrantAsync(key, blocks: blocks)).Issued!;
            var verifier = new GrantVerifier(
                allocator.Get<GrantKeyring>().PublicKeys, Ipv4.Parse(grant.Address), Ipv4Prefix.Parse(grant.InnerSubnet), allocator.Time);
            issued.Add((await verifier.VerifyAsync(grant.Token)).Grant!.IssuedAt);
        }
        Assert.Equal(issued.Distinct().Order(), issued);
        await allocator.JoinAsync(allocator.Node("i-b"));
        await allocator.UnhealthyAsync("i-a");
        var placed = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(issued[^1], Assert.Single(placed.Peers).GrantedAt);
        Assert.Equal(256, placed.PortBlockSize);
    }

    [Fact]
    public async Task Who_held_a_port_at_a_time_is_answered_from_the_record()
    {
        await using var allocator = await ReadyAsync();
        var (one, two) = (NewKey(), NewKey());
        var start = allocator.Time.GetUtcNow();
        await allocator.GrantAsync(one, blocks: 3);
        allocator.Time.Advance(TimeSpan.FromMinutes(10));
        await allocator.GrantAsync(one, returned: ["240.0.0.4"]);
        allocator.Time.Advance(TimeSpan.FromMinutes(10));
        await allocator.GrantAsync(two, blocks: 1);

        // Block 2, ports 1536 to 1791, was one's, then nobody's, then two's.
        Assert.Equal([one], await HoldersAsync(allocator, 1600, start.AddMinutes(5)));
        Assert.Empty(await HoldersAsync(allocator, 1600, start.AddMinutes(15)));
        Assert.Equal([two], await HoldersAsync(allocator, 1600, start.AddMinutes(21)));
        Assert.Equal([one], await HoldersAsync(allocator, 1024, start.AddMinutes(21)));
        Assert.Empty(await HoldersAsync(allocator, 1024, start.AddMinutes(-1)));
        Assert.Empty(await HoldersAsync(allocator, 40_000, start.AddMinutes(21)));
    }

    [Fact]
    public async Task The_record_outlives_the_proxy_until_its_retention_ends()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        await allocator.GrantAsync(key);
        var then = allocator.Time.GetUtcNow();
        allocator.Time.Advance(TimeSpan.FromHours(1));
        await allocator.Get<ReleaseProxy>().HandleAsync(new ProxyReleased { ProxyId = "p-1", WorkspaceId = "ws-1" }, CancellationToken.None);
        allocator.Time.Advance(TimeSpan.FromDays(60));
        await allocator.Get<Reconcile>().RunAsync(CancellationToken.None);
        Assert.Equal([key], await HoldersAsync(allocator, 1024, then.AddMinutes(1)));
        Assert.Empty(await HoldersAsync(allocator, 1024, then.AddHours(2)));
        allocator.Time.Advance(TimeSpan.FromDays(31));
        await allocator.Get<Reconcile>().RunAsync(CancellationToken.None);
        Assert.Empty(await HoldersAsync(allocator, 1024, then.AddMinutes(1)));
    }

    [Fact]
    public async Task A_tunnel_that_shares_is_an_event_a_log_line_and_in_the_record_of_the_shared_ports()
    {
        await using var allocator = await ReadyAsync();
        await allocator.GrantAsync(NewKey(), blocks: 156);
        var sharing = NewKey();
        await allocator.GrantAsync(sharing);
        await allocator.GrantAsync(sharing);
        var told = Assert.IsType<TunnelSharesPorts>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal((sharing, "worker-1", "p-1", "ws-1"), (told.PublicKey, told.WorkerId, told.ProxyId, told.WorkspaceId));
        Assert.Equal([sharing], await HoldersAsync(allocator, 45_000, allocator.Time.GetUtcNow()));
        Assert.Equal(new PortUse(156, 1), (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).Ports);
    }

    [Fact]
    public async Task An_address_has_no_more_tunnels_than_the_options_say()
    {
        await using var allocator = await ReadyAsync();
        allocator.Options.PeersPerAddress = 2;
        var first = NewKey();
        await allocator.GrantAsync(first);
        await allocator.GrantAsync(NewKey());
        Assert.Equal(ContainerRefusedCode.ConnectRefused, (await allocator.GrantAsync(NewKey())).Refused?.Code);
        Assert.NotNull((await allocator.GrantAsync(first)).Issued);
    }

    [Fact]
    public async Task An_address_keeps_its_size_of_blocks_until_it_is_given_to_another_proxy()
    {
        await using var allocator = await ReadyAsync();
        allocator.Options.PortBlockSize = 1024;
        Assert.Equal(["1024-1279", "1280-1535"], (await allocator.GrantAsync(NewKey())).Issued!.PortBlocks);
        await allocator.ReadyProxyAsync("p-2");
        Assert.Equal(["1024-2047", "2048-3071"], (await allocator.GrantAsync(NewKey(), "p-2")).Issued!.PortBlocks);
    }

    [Fact]
    public async Task Leases_of_a_version_that_kept_no_record_are_recorded_from_the_start_on()
    {
        await using var allocator = await ReadyAsync();
        var key = NewKey();
        await allocator.GrantAsync(key);
        await allocator.Store.DecideAsync(database => database.PortLeases.ExecuteDeleteAsync(), CancellationToken.None);
        var now = allocator.Time.GetUtcNow();
        Assert.Equal(2, await allocator.Store.DecideAsync(database => PortRecord.CompleteAsync(database, now), CancellationToken.None));
        Assert.Equal(0, await allocator.Store.DecideAsync(database => PortRecord.CompleteAsync(database, now), CancellationToken.None));
        Assert.Equal([key], await HoldersAsync(allocator, 1300, now));
    }

    private static async Task<TestAllocator> ReadyAsync()
    {
        var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();
        return allocator;
    }

    private static async Task<IEnumerable<string>> HoldersAsync(TestAllocator allocator, int port, DateTimeOffset at) =>
        (await allocator.Get<ReadPortHolders>().ReadAsync("192.0.2.1", port, at, CancellationToken.None)).Select(lease => lease.PublicKey);
}
