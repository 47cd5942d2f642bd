using System.Text.Json;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>Publishes a row of the outbox as the contract it holds.</summary>
internal static class OutboxReading
{
    private static readonly Dictionary<string, Func<IMessagePublisher, string, CancellationToken, Task>> Contracts = new()
    {
        [nameof(StaticIpPlaced)] = PublishAsync<StaticIpPlaced>,
        [nameof(StaticIpReleased)] = PublishAsync<StaticIpReleased>,
        [nameof(ProxyReady)] = PublishAsync<ProxyReady>,
        [nameof(ProxyRejected)] = PublishAsync<ProxyRejected>,
        [nameof(TunnelSharesPorts)] = PublishAsync<TunnelSharesPorts>,
        [nameof(NodeDrained)] = PublishAsync<NodeDrained>,
    };

    public static Task PublishContractAsync(this IMessagePublisher publisher, OutboxMessage message, CancellationToken cancellationToken) =>
        Contracts[message.Type](publisher, message.Body, cancellationToken);

    private static Task PublishAsync<T>(IMessagePublisher publisher, string body, CancellationToken cancellationToken) where T : class =>
        publisher.PublishAsync(JsonSerializer.Deserialize<T>(body)!, cancellationToken);
}
