using System.Net;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Failover.Workers;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.State.Commands;

namespace Vprox.Failover.Tests.Service;

/// <summary>Failover itself, against a real broker and the lab's cloud, with an Allocator that answers what a test has placed.</summary>
public sealed class FailoverFixture : IAsyncDisposable
{
    public const string Node1 = "i-00000000000000001";
    public const string Node2 = "i-00000000000000002";
    public const string FarNode = "i-00000000000000003";

    private readonly string broker;
    private readonly string[] settings;
    private WebApplication? others;
    private WebApplication? failover;

    private FailoverFixture(string broker, CloudServer cloud, string[] settings) => (this.broker, Cloud, this.settings) = (broker, cloud, settings);

    public CloudServer Cloud { get; }

    public Journal Journal { get; } = new();

    /// <summary>What Failover is started with.</summary>
    public string[] Settings =>
    [
        $"--Bus:Uri={broker}", "--Failover:Region=us-east-1", $"--Failover:Ec2ServiceUrl={Cloud.Api}",
        $"--Failover:SqsQueueUrl={Cloud.QueueUrl("vprox-events")}",
        "--Failover:ReconcileInterval=00:00:02", "--Failover:ConfirmTimeout=00:00:03", "--Failover:PrepareTimeout=00:00:01", .. settings,
    ];

    public IMessagePublisher Publisher => others!.Services.GetRequiredService<IMessagePublisher>();

    /// <summary>Whether the Failover of this process is the one that acts.</summary>
    public bool IsActive => failover!.Services.GetRequiredService<ActiveReplica>().IsActive;

    /// <summary>Everything, Failover included.</summary>
    public static async Task<FailoverFixture> StartAsync(
        BrokerFixture broker, CloudSettings? cloudSettings = null, CloudSeed? seed = null, params string[] settings)
    {
        var fixture = await StartOthersAsync(broker, cloudSettings, seed, settings);
        await fixture.StartFailoverAsync();
        return fixture;
    }

    /// <summary>Everything but Failover.</summary>
    public static async Task<FailoverFixture> StartOthersAsync(
        BrokerFixture broker, CloudSettings? cloudSettings = null, CloudSeed? seed = null, params string[] settings)
    {
        seed ??= Fleets.Small;
        var cloud = await CloudServer.StartAsync(
            new CloudOptions { Seed = seed, Settings = cloudSettings ?? new CloudSettings { AnswerDelayMs = 0, EffectDelayMs = 0 } });
        var fixture = new FailoverFixture(broker.Uri, cloud, settings);
        fixture.Journal.Nodes = Fleets.Nodes(seed);
        // The SDK's own chain finds them there; nothing listens to what they sign but the lab.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "lab");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "lab");
        fixture.others = await fixture.RunAsync("others", host =>
        {
            host.Services.AddSingleton(fixture.Journal);
            host.AddVproxBus(bus => bus.Queue($"vprox.test.others.{Guid.NewGuid():N}", QueueKind.Quorum, queue => queue.Consumer<OthersConsumer>()));
        });
        return fixture;
    }

    /// <summary>Starts a Failover and waits, unless another one acts already, until it does and knows the Allocator's placements.</summary>
    public async Task StartFailoverAsync(bool isActive = true)
    {
        failover = await RunAsync("failover", host => host.AddFailover());
        if (!isActive) return;
        var fleet = failover.Services.GetRequiredService<Fleet>();
        await Journal.UntilAsync(() => fleet.Picture.SnapshotTurn > 0, "a snapshot in Failover's turn");
    }

    /// <summary>Has EC2 as if an address had been placed long ago.</summary>
    public void Hold(StaticIpPlaced placed)
    {
        var address = IPAddress.Parse(placed.PrivateAddress);
        Cloud.Region.Execute(new AssignPrivateIpAddresses { NetworkInterfaceId = placed.NetworkInterfaceId, PrivateIpAddresses = [address], AllowReassignment = true });
        Cloud.Region.Execute(new AssociateAddress { AllocationId = placed.AllocationId, NetworkInterfaceId = placed.NetworkInterfaceId, PrivateIpAddress = address });
        Journal.Placements[placed.Address] = placed;
    }

    /// <summary>Shuts Failover down.</summary>
    public async Task StopFailoverAsync()
    {
        if (failover is null) return;
        await failover.StopAsync();
        await failover.DisposeAsync();
        failover = null;
    }

    /// <summary>A placement of an address of <see cref="Fleets.Small"/>.</summary>
    public static StaticIpPlaced Placed(int k, string node, long generation) => new()
    {
        Address = $"192.0.2.{k}",
        Generation = generation,
        NodeId = node,
        PrivateAddress = node == FarNode ? $"10.0.2.{100 + k}" : $"10.0.1.{100 + k}",
        NetworkInterfaceId = node switch { Node1 => "eni-1", Node2 => "eni-2", _ => "eni-3" },
        AllocationId = $"eipalloc-{k}",
        ProxyId = "p",
        WorkspaceId = "w",
        ListenPort = 49152 + k,
        InnerSubnet = $"240.0.{4 * (k % 64)}.0/22",
        SealedIdentity = "",
        GrantKeys = [],
    };

    /// <summary>Places an address as the Allocator does, first in its own books, then by message; its target is prepared at once.</summary>
    public async Task PlaceAsync(StaticIpPlaced placed, bool silently = false, bool prepared = true)
    {
        if (!Journal.Placements.TryGetValue(placed.Address, out var known) || known.Generation <= placed.Generation) Journal.Placements[placed.Address] = placed;
        if (silently) return;
        await Publisher.PublishAsync(placed, default);
        if (prepared) await PreparedAsync(placed);
    }

    public Task PlaceAsync(int k, string node, long generation, bool silently = false) => PlaceAsync(Placed(k, node, generation), silently);

    public Task PreparedAsync(StaticIpPlaced placed) => Publisher.PublishAsync(
        new StaticIpPrepared { Address = placed.Address, NodeId = placed.NodeId, Generation = placed.Generation }, default);

    /// <summary>The node that EC2 has an address on.</summary>
    public string? NodeOf(int k) =>
        Cloud.Region.Current.ElasticIps[$"eipalloc-{k}"].Association is { } association
            ? Cloud.Region.Current.NetworkInterfaces[association.NetworkInterfaceId].InstanceId
            : null;

    /// <summary>Waits until Failover has looked at EC2 twice more.</summary>
    public async Task SettleAsync()
    {
        int Looks() => Cloud.Region.Calls.Count(call => call.Action == "DescribeAddresses");
        var looks = Looks();
        await Journal.UntilAsync(() => Looks() >= looks + 2, "two looks at EC2");
    }

    public async ValueTask DisposeAsync()
    {
        await StopFailoverAsync();
        await others!.StopAsync();
        await others.DisposeAsync();
        await Cloud.DisposeAsync();
        // What one test leaves unread is nothing to the next.
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(QueueNames.Failover);
    }

    private async Task<WebApplication> RunAsync(string service, Action<VproxHostBuilder> configure)
    {
        var app = await VproxHost.BuildAsync(service, Settings, configure);
        await app.StartAsync();
        await app.Services.GetRequiredService<IBusConnection>().WaitForConnectionAsync(0, default).WaitAsync(TimeSpan.FromSeconds(30));
        return app;
    }
}
