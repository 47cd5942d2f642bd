using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Bus;

/// <summary>A node with many addresses dies, on a real broker and a real SQLite file. The times are printed, not judged: other programs run beside.</summary>
[Collection(BrokerFixture.Name)]
public sealed class PlacingSpeedTests(BrokerFixture broker, ITestOutputHelper output)
{
    private const int PeersPerAddress = 20;

    [Theory]
    [InlineData(4)]
    [InlineData(232)]
    public async Task All_addresses_of_a_dead_node_are_on_the_wire_in_one_go(int addresses)
    {
        await using var running = await RunningAllocator.StartAsync(broker.Uri, addresses);
        await JoinAsync(running, Node("i-dead", 10));
        for (var (proxy, left) = (0, addresses); left > 0; proxy++, left -= 5)
        {
            await running.Services.GetRequiredService<RequestProxy>().HandleAsync(
                new ProxyRequested { ProxyId = $"p-{proxy}", WorkspaceId = $"ws-{proxy % 7}", AddressCount = Math.Min(left, 5) }, CancellationToken.None);
        }
        await ConnectPeersAsync(running);
        var heard = new HashSet<string>();
        while (heard.Count < addresses)
        {
            var placed = await running.NextAsync<StaticIpPlaced>();
            if (!heard.Add(placed.Address))
                continue;
            await running.Services.GetRequiredService<ConfirmServing>().HandleAsync(
                new StaticIpServing { Address = placed.Address, NodeId = placed.NodeId, Generation = placed.Generation }, CancellationToken.None);
        }
        foreach (var survivor in Enumerable.Range(0, 3))
            await JoinAsync(running, Node($"i-{survivor}", 11 + survivor));

        var began = Stopwatch.GetTimestamp();
        await running.Publisher.PublishAsync(
            new NodeUnhealthy { NodeId = "i-dead", Evidence = ["a test"], At = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
        var moved = new Dictionary<string, StaticIpPlaced>();
        var first = TimeSpan.Zero;
        while (moved.Count < addresses)
        {
            // Placements that were not confirmed in time are published again, so old ones may still come.
            if (await running.NextAsync<StaticIpPlaced>() is not { FromNodeId: "i-dead" } message)
                continue;
            moved[message.Address] = message;
            first = first == TimeSpan.Zero ? Stopwatch.GetElapsedTime(began) : first;
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{addresses} addresses: first placement on the wire after {first.TotalMilliseconds:F0} ms, last after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms"));

        Assert.True(moved.Values.All(message => message is { FromNodeId: "i-dead", Peers.Count: PeersPerAddress }));
        Assert.InRange(moved.Values.Select(message => message.NetworkInterfaceId).Distinct().Count(), 1, 8);
        Assert.All(moved.Values.GroupBy(message => message.NetworkInterfaceId), together =>
            Assert.All(together, message => Assert.Equal(together.Count(), message.PlacedTogether)));
    }

    private static NodeJoined Node(string nodeId, int number) => new()
    {
        NodeId = nodeId,
        InstanceId = nodeId,
        Region = "us-east-1",
        SealingPublicKey = SealingKey.Generate().PublicKey.ToString(),
        ProbeUrl = $"https://10.0.255.{number}",
        AgentVersion = "0.1.0",
        StartedAt = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero),
        NetworkInterfaces = Enumerable.Range(0, 8).Select(device => new NodeNetworkInterface
        {
            NetworkInterfaceId = $"eni-{nodeId}-{device}",
            SubnetId = "subnet-1",
            SubnetCidr = "10.0.0.0/16",
            PrimaryAddress = $"10.0.{200 + device}.{number}",
            SecondaryAddresses = [],
            SecondaryCapacity = 29,
        }).ToList(),
    };

    private static Task JoinAsync(RunningAllocator running, NodeJoined node) =>
        running.Services.GetRequiredService<RecordNode>().HandleAsync(node, CancellationToken.None);

    private static Task<int> ConnectPeersAsync(RunningAllocator running) => running.Services.GetRequiredService<AllocatorStore>().DecideAsync(
        database =>
        {
            foreach (var address in database.StaticAddresses.Where(row => row.Placement != null))
            {
                for (var peer = 0; peer < PeersPerAddress; peer++)
                {
                    var publicKey = WireGuardPrivateKey.Generate().PublicKey().ToString();
                    database.Tunnels.Add(new Tunnel
                    {
                        Address = address.Address,
                        PublicKey = publicKey,
                        WorkerId = $"w-{peer}",
                        NodeId = "i-dead",
                        Endpoint = $"198.51.100.{peer}:51820",
                        State = TunnelState.Connected,
                        LeasedUntil = DateTimeOffset.MaxValue,
                        InnerAddresses = Enumerable.Range(0, 2)
                            .Select(block => new TunnelAddress { Address = address.Address, PublicKey = publicKey, Offset = 2 + (2 * peer) + block }).ToList(),
                    });
                }
            }
            return Task.FromResult(0);
        },
        CancellationToken.None);
}
