namespace Vprox.Allocator.Adapters.Storage;

/// <summary>A message that follows from a transaction and was written in it; it goes when the broker has confirmed it.</summary>
public sealed class OutboxMessage
{
    public long Id { get; init; }

    /// <summary>Messages of one key are published in the order they were written.</summary>
    public required string OrderingKey { get; init; }

    /// <summary>Name of the contract.</summary>
    public required string Type { get; init; }

    /// <summary>The contract in JSON.</summary>
    public required string Body { get; init; }
}
