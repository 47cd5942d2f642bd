using MassTransit;
using Vprox.Contracts;

namespace Vprox.Failover.Tests.Service;

/// <summary>The Allocator's answer to a snapshot request, and an ear for what Failover says.</summary>
public sealed class OthersConsumer(Journal journal)
    : IConsumer<RequestFleetSnapshot>, IConsumer<IpReassigned>, IConsumer<NodeUnhealthy>, IConsumer<NodeRecovered>,
        IConsumer<NodeSuspected>, IConsumer<NodeDraining>, IConsumer<PlacementDrifted>, IConsumer<NodeReplaced>
{
    private const int PageSize = 200;

    public Task Consume(ConsumeContext<RequestFleetSnapshot> context)
    {
        journal.Asked++;
        if (!journal.Answers)
            return Task.CompletedTask;
        var page = journal.Placements.Values.OrderBy(placed => placed.Address, StringComparer.Ordinal)
            .Where(placed => context.Message.After is not { } after || string.CompareOrdinal(placed.Address, after) > 0).Take(PageSize).ToList();
        return context.RespondAsync(new FleetSnapshot
        {
            Placements = page,
            Nodes = context.Message.After is null ? journal.Nodes : [],
            Standings = context.Message.After is null ? journal.Standings : [],
            UpTo = journal.UpTo,
            Next = page.Count == PageSize ? page[^1].Address : null,
        });
    }

    public Task Consume(ConsumeContext<IpReassigned> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<NodeUnhealthy> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<NodeRecovered> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<NodeSuspected> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<NodeDraining> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<PlacementDrifted> context) => HearAsync(context.Message);

    public Task Consume(ConsumeContext<NodeReplaced> context) => HearAsync(context.Message);

    private Task HearAsync(object message)
    {
        journal.Heard.Enqueue(message);
        return Task.CompletedTask;
    }
}
