using System.Security.Cryptography;
using System.Text;
using MassTransit;

namespace Vprox.Bus.Messaging;

/// <summary>One queue: its consumers, how many messages it handles at once, and which of them one after the other.</summary>
public sealed class QueueBuilder
{
    private readonly List<Action<IRabbitMqReceiveEndpointConfigurator, IPartitioner>> orders = [];

    internal QueueBuilder(string name, QueueKind kind) => (Name, Kind) = (name, kind);

    /// <summary>Messages handled at once; twice as many are fetched ahead. 16 unless set.</summary>
    public int Concurrency { get; set; } = 16;

    internal string Name { get; }

    internal QueueKind Kind { get; }

    internal bool PlainJson { get; set; }

    internal List<Type> Consumers { get; } = [];

    internal Action<IRabbitMqReceiveEndpointConfigurator>? Binding { get; set; }

    /// <summary>Adds a consumer; the exchanges of all messages it consumes are bound to the queue.</summary>
    public QueueBuilder Consumer<TConsumer>() where TConsumer : class, IConsumer
    {
        Consumers.Add(typeof(TConsumer));
        return this;
    }

    /// <summary>
    /// Handles messages of equal key one after the other, also across message types of this queue, and all but always in the order they came:
    /// of two that arrive in the same instant either may be first, and one that is retried may be overtaken. Generations decide in the end.
    /// </summary>
    public QueueBuilder OrderedBy<TMessage>(Func<TMessage, string> key) where TMessage : class
    {
        orders.Add((endpoint, partitioner) => endpoint.UsePartitioner<TMessage>(partitioner, context => Hash(key(context.Message))));
        return this;
    }

    internal void Order(IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        if (orders.Count == 0) return;
        var partitioner = endpoint.CreatePartitioner(Concurrency);
        foreach (var order in orders) order(endpoint, partitioner);
    }

    private static Guid Hash(string? key) => new(SHA256.HashData(Encoding.UTF8.GetBytes(key ?? "")).AsSpan(0, 16));
}
