using MassTransit;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;

namespace Vprox.Allocator.Consumers;

/// <summary>vprox.allocator.proxy-requested.</summary>
public sealed class ProxyRequestedConsumer(RequestProxy transaction) : IConsumer<ProxyRequested>
{
    public Task Consume(ConsumeContext<ProxyRequested> context) => transaction.HandleAsync(context.Message, context.CancellationToken);
}

/// <summary>vprox.allocator.proxy-released.</summary>
public sealed class ProxyReleasedConsumer(ReleaseProxy transaction) : IConsumer<ProxyReleased>
{
    public Task Consume(ConsumeContext<ProxyReleased> context) => transaction.HandleAsync(context.Message, context.CancellationToken);
}
