using MassTransit;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;

namespace Vprox.Allocator.Consumers;

/// <summary>What nodes say of their addresses, and snapshots for those that ask.</summary>
public sealed class PlacementConsumer(ConfirmServing serving, ReadSnapshot snapshot)
    : IConsumer<StaticIpServing>, IConsumer<RequestNodeSnapshot>, IConsumer<RequestFleetSnapshot>
{
    public Task Consume(ConsumeContext<StaticIpServing> context) => serving.HandleAsync(context.Message, context.CancellationToken);

    public async Task Consume(ConsumeContext<RequestNodeSnapshot> context) =>
        await context.RespondAsync(await snapshot.HandleAsync(context.Message, context.CancellationToken));

    public async Task Consume(ConsumeContext<RequestFleetSnapshot> context) =>
        await context.RespondAsync(await snapshot.HandleAsync(context.Message, context.CancellationToken));
}
