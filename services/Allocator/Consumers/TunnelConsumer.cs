using MassTransit;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;

namespace Vprox.Allocator.Consumers;

/// <summary>Grants for workers, and what nodes say of their peers.</summary>
public sealed class TunnelConsumer(IssueGrant grants, RecordPeer peers) : IConsumer<RequestGrant>, IConsumer<PeerAdded>, IConsumer<PeerRemoved>
{
    public async Task Consume(ConsumeContext<RequestGrant> context)
    {
        var answer = await grants.HandleAsync(context.Message, context.CancellationToken);
        if (answer.Issued is { } issued)
            await context.RespondAsync(issued);
        else if (answer.Refused is { } refused)
            await context.RespondAsync(refused);
    }

    public Task Consume(ConsumeContext<PeerAdded> context) => peers.HandleAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<PeerRemoved> context) => peers.HandleAsync(context.Message, context.CancellationToken);
}
