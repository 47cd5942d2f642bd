using MassTransit;
using Vprox.Contracts;

namespace Vprox.Bus.Messaging;

/// <summary>What a service consumes. Publishing and requesting need no registration.</summary>
public sealed class VproxBusBuilder
{
    internal VproxBusBuilder(string service) => Service = service;

    internal string Service { get; }

    internal List<QueueBuilder> Queues { get; } = [];

    /// <summary>
    /// True for agents, which work without the broker: their readiness stays good while it is away. False unless set.
    /// </summary>
    public bool ReadyWithoutBroker { get; set; }

    /// <summary>A queue for what Vprox's own services publish (MassTransit's envelope).</summary>
    /// <param name="name">See <see cref="QueueNames"/>.</param>
    /// <param name="kind">How it is kept.</param>
    /// <param name="configure">Consumers, concurrency, order.</param>
    public VproxBusBuilder Queue(string name, QueueKind kind, Action<QueueBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var queue = new QueueBuilder(name, kind);
        configure(queue);
        Queues.Add(queue);
        return this;
    }

    /// <summary>
    /// A queue for one message that others publish as plain JSON (content type application/json or none). MassTransit's envelope is
    /// taken as well. One consumer only: plain JSON does not say what it is.
    /// </summary>
    public VproxBusBuilder PlainJsonQueue<TMessage, TConsumer>(string name, QueueKind kind, Action<QueueBuilder>? configure = null)
        where TMessage : class where TConsumer : class, IConsumer<TMessage> =>
        Queue(name, kind, queue =>
        {
            queue.PlainJson = true;
            queue.Consumer<TConsumer>();
            configure?.Invoke(queue);
        });

    /// <summary>As <see cref="PlainJsonQueue{TMessage,TConsumer}"/>, bound to a direct exchange: only messages with this routing key come.</summary>
    public VproxBusBuilder DirectQueue<TMessage, TConsumer>(string name, string routingKey, Action<QueueBuilder>? configure = null)
        where TMessage : class where TConsumer : class, IConsumer<TMessage> =>
        PlainJsonQueue<TMessage, TConsumer>(name, QueueKind.Expiring, queue =>
        {
            queue.Binding = endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.Bind<TMessage>(binding =>
                {
                    binding.ExchangeType = "direct";
                    binding.RoutingKey = routingKey;
                });
            };
            configure?.Invoke(queue);
        });

    /// <summary>Hears every node's heartbeats in a transient queue of this process's own.</summary>
    public VproxBusBuilder Heartbeats<TConsumer>() where TConsumer : class, IConsumer<NodeHeartbeat> =>
        Queue(QueueNames.Heartbeats(Service, Guid.NewGuid().ToString("N")), QueueKind.Transient, queue => queue.Consumer<TConsumer>());
}
