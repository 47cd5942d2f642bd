using MassTransit;
using Vprox.Contracts;

namespace Vprox.Failover.Tests.Service;

/// <summary>The Allocator's answer to a snapshot request, and an ear for what Failover says.</summary>
public sealed class OthersConsumer(Journal journal)
    : IConsumer<RequestFleetSnapshot>, IConsumer<IpReassigned>, IConsumer<NodeUnhealthy>, IConsumer<NodeRecovered>
{
    public Task Consume(ConsumeContext<RequestFleetSnapshot> context) => context.RespondAsync(new FleetSnapshot
    {
        Placements = [.. journal.Placements.Values.OrderBy(placed => placed.Address, StringComparer.Ordinal)],
        Nodes = [.. new[] { FailoverFixture.Node1, FailoverFixture.Node2, FailoverFixture.FarNode }.Select((node, index) => new NodeJoined
        {
            NodeId = node,
            InstanceId = node,
            Region = "us-east-1",
            SealingPublicKey = "",
            ProbeUrl = "",
            NetworkInterfaces =
            [
                new()
                {
                    NetworkInterfaceId = $"eni-{index + 1}", SubnetId = "", SubnetCidr = "", PrimaryAddress = "", SecondaryAddresses = [], SecondaryCapacity = 29,
                },
            ],
            AgentVersion = "0",
            StartedAt = DateTimeOffset.UnixEpoch,
        })],
    });

    public Task Consume(ConsumeContext<IpReassigned> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<NodeUnhealthy> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<NodeRecovered> context) => HearAsync(context.Message);

    private Task HearAsync(object message)
    {
        journal.Heard.Enqueue(message);
        return Task.CompletedTask;
    }
}
