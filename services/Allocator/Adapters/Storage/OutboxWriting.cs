using System.Text.Json;
using Vprox.Contracts;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>The messages that the Allocator publishes, each with the key it is ordered by.</summary>
internal static class OutboxWriting
{
    public static void Publish(this AllocatorDbContext database, StaticIpPlaced message) => database.Add(message.Address, message);

    public static void Publish(this AllocatorDbContext database, StaticIpReleased message) => database.Add(message.Address, message);

    public static void Publish(this AllocatorDbContext database, ProxyReady message) => database.Add(message.ProxyId, message);

    public static void Publish(this AllocatorDbContext database, ProxyRejected message) => database.Add(message.ProxyId, message);

    public static void Publish(this AllocatorDbContext database, TunnelSharesPorts message) => database.Add(message.Address, message);

    public static void Publish(this AllocatorDbContext database, NodeDrained message) => database.Add(message.NodeId, message);

    private static void Add<T>(this AllocatorDbContext database, string orderingKey, T message) => database.Outbox.Add(new OutboxMessage
    {
        OrderingKey = orderingKey,
        Type = typeof(T).Name,
        Body = JsonSerializer.Serialize(message),
    });
}
