using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Lab.Cloud;

namespace Vprox.Failover.Tests.Service;

/// <summary>Failover itself, against a real broker and the lab's cloud, with an Allocator that answers what a test has placed.</summary>
public sealed class FailoverFixture : IAsyncDisposable
{
    public const string Node1 = "i-00000000000000001";
    public const string Node2 = "i-00000000000000002";
    public const string FarNode = "i-00000000000000003";

    private static readonly CloudSeed Seed = new()
    {
        Subnets = [new("subnet-1", "10.0.1.0/24"), new("subnet-2", "10.0.2.0/24", "us-east-1b")],
        Instances =
        [
            new(Node1, [new("eni-1", "subnet-1", "0e:00:00:00:00:01", "10.0.1.10")]),
            new(Node2, [new("eni-2", "subnet-1", "0e:00:00:00:00:02", "10.0.1.11")]),
            new(FarNode, [new("eni-3", "subnet-2", "0e:00:00:00:00:03", "10.0.2.10")]),
        ],
        ElasticIps = [.. Enumerable.Range(1, 9).Select(k => new SeedElasticIp($"eipalloc-{k}", $"192.0.2.{k}"))],
    };

    private readonly string broker;
    private readonly List<WebApplication> apps = [];

    private FailoverFixture(string broker, CloudServer cloud) => (this.broker, Cloud) = (broker, cloud);

    public CloudServer Cloud { get; }

    public Journal Journal { get; } = new();

    public IMessagePublisher Publisher => apps[0].Services.GetRequiredService<IMessagePublisher>();

    public static async Task<FailoverFixture> StartAsync(BrokerFixture broker, CloudSettings? settings = null)
    {
        var cloud = await CloudServer.StartAsync(new CloudOptions { Seed = Seed, Settings = settings ?? new CloudSettings { AnswerDelayMs = 0, EffectDelayMs = 0 } });
        var fixture = new FailoverFixture(broker.Uri, cloud);
        // The SDK's own chain finds them there; nothing listens to what they sign but the lab.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "lab");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "lab");
        await fixture.RunAsync("others", host =>
        {
            host.Services.AddSingleton(fixture.Journal);
            host.AddVproxBus(bus => bus.Queue($"vprox.test.others.{Guid.NewGuid():N}", QueueKind.Quorum, queue => queue.Consumer<OthersConsumer>()));
        });
        await fixture.RunAsync("failover", host => host.AddFailover());
        return fixture;
    }

    /// <summary>Places an address as the Allocator does: first in its own books, then by message.</summary>
    public async Task PlaceAsync(int k, string node, long generation, bool silently = false, string? privateAddress = null)
    {
        var placed = new StaticIpPlaced
        {
            Address = $"192.0.2.{k}",
            Generation = generation,
            NodeId = node,
            PrivateAddress = privateAddress ?? (node == FarNode ? $"10.0.2.{100 + k}" : $"10.0.1.{100 + k}"),
            NetworkInterfaceId = node switch { Node1 => "eni-1", Node2 => "eni-2", _ => "eni-3" },
            AllocationId = $"eipalloc-{k}",
            ProxyId = "p",
            WorkspaceId = "w",
            ListenPort = 49152 + k,
            InnerSubnet = $"240.0.{4 * k}.0/22",
            SealedIdentity = "",
            GrantKeys = [],
        };
        Journal.Placements[placed.Address] = placed;
        if (!silently) await Publisher.PublishAsync(placed, default);
    }

    /// <summary>The node that EC2 has an address on.</summary>
    public string? NodeOf(int k) =>
        Cloud.Region.Current.ElasticIps[$"eipalloc-{k}"].Association is { } association
            ? Cloud.Region.Current.NetworkInterfaces[association.NetworkInterfaceId].InstanceId
            : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var app in Enumerable.Reverse(apps))
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        await Cloud.DisposeAsync();
        // What one test leaves unread is nothing to the next.
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(QueueNames.Failover);
    }

    private async Task RunAsync(string service, Action<VproxHostBuilder> configure)
    {
        string[] args =
        [
            $"--Bus:Uri={broker}", "--Failover:Region=us-east-1", $"--Failover:Ec2ServiceUrl={Cloud.Api}",
            "--Failover:ReconcileInterval=00:00:02", "--Failover:ConfirmTimeout=00:00:03",
        ];
        var app = await VproxHost.BuildAsync(service, args, configure);
        apps.Add(app);
        await app.StartAsync();
        await app.Services.GetRequiredService<IBusConnection>().WaitForConnectionAsync(0, default).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
