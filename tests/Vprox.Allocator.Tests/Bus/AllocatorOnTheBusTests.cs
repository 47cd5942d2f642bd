using System.Text;
using RabbitMQ.Client;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Bus;

[Collection(BrokerFixture.Name)]
public sealed class AllocatorOnTheBusTests(BrokerFixture broker)
{
    private static readonly SealingKey Key = SealingKey.Generate();

    internal static readonly NodeJoined Node = new()
    {
        NodeId = "i-a",
        InstanceId = "i-a",
        Region = "us-east-1",
        SealingPublicKey = Key.PublicKey.ToString(),
        ProbeUrl = "https://10.0.1.10",
        AgentVersion = "0.1.0",
        StartedAt = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero),
        NetworkInterfaces =
        [
            new NodeNetworkInterface
            {
                NetworkInterfaceId = "eni-a", SubnetId = "subnet-1", SubnetCidr = "10.0.0.0/16", PrimaryAddress = "10.0.1.10",
                SecondaryAddresses = [], SecondaryCapacity = 29,
            },
        ],
    };

    [Fact]
    public async Task A_request_goes_its_whole_way_as_other_services_and_languages_see_it()
    {
        await using var running = await RunningAllocator.StartAsync(broker.Uri);
        await running.Publisher.PublishAsync(Node, CancellationToken.None);
        await JoinedAsync(running);

        await PublishPlainAsync("vprox.proxy-requested", """{"proxyId":"p-0","workspaceId":"ws-1","addressCount":6}""");
        Assert.Equal(ProxyRejectedCode.InvalidRequest, (await running.NextAsync<ProxyRejected>()).Code);

        await PublishPlainAsync("vprox.proxy-requested", """{"proxyId":"p-1","workspaceId":"ws-1","addressCount":1,"colour":"blue"}""");
        var placed = await running.NextAsync<StaticIpPlaced>();
        var identity = SealedIdentity.Open(Key, placed.SealedIdentity, Ipv4.Parse(placed.Address), "i-a");
        await running.Publisher.PublishAsync(
            new StaticIpServing { Address = placed.Address, NodeId = placed.NodeId, Generation = placed.Generation }, CancellationToken.None);
        Assert.Equal("192.0.2.1", Assert.Single((await running.NextAsync<ProxyReady>()).Addresses).Address);

        var grant = new RequestGrant { ProxyId = "p-1", WorkerId = "w-1", PeerPublicKey = WireGuardPrivateKey.Generate().PublicKey().ToString() };
        var (issued, _) = await running.Requester.RequestAsync<RequestGrant, GrantIssued, GrantRefused>(grant, CancellationToken.None);
        Assert.Equal(identity.TlsPin.ToString(), issued?.TlsPin);
        Assert.Equal(identity.ServerPublicKey.ToString(), issued?.ServerPublicKey);
        var verifier = new GrantVerifier(placed.GrantKeys, Ipv4.Parse(placed.Address), Ipv4Prefix.Parse(placed.InnerSubnet), TimeProvider.System);
        Assert.Equal(GrantRefusal.None, (await verifier.VerifyAsync(issued?.Token)).Refusal);
        var (_, refused) = await running.Requester.RequestAsync<RequestGrant, GrantIssued, GrantRefused>(
            grant with { WorkspaceId = "ws-2" }, CancellationToken.None);
        Assert.Equal(ContainerRefusedCode.ForeignProxy, refused?.Code);

        // The next process knows what this one decided.
        await running.StopAllocatorAsync();
        await PublishPlainAsync("vprox.proxy-released", """{"proxyId":"p-1","workspaceId":"ws-1"}""");
        await running.StartAllocatorAsync();
        Assert.Equal((placed.Address, 2L), await ReleasedAsync(running));
    }

    private static async Task<(string Address, long Generation)> ReleasedAsync(RunningAllocator running)
    {
        var released = await running.NextAsync<StaticIpReleased>();
        return (released.Address, released.Generation);
    }

    internal static async Task JoinedAsync(RunningAllocator running)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var snapshot = await running.Requester.RequestAsync<RequestNodeSnapshot, NodeSnapshot>(
                new RequestNodeSnapshot { NodeId = Node.NodeId }, deadline.Token);
            if (snapshot.Known)
                return;
        }
    }

    private async Task PublishPlainAsync(string exchange, string json)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.Uri) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync(
            exchange, "", mandatory: true, new BasicProperties { ContentType = "application/json" }, Encoding.UTF8.GetBytes(json));
    }
}
