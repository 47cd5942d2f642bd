using Vprox.Lab.Broker;

namespace Vprox.Failover.Tests.Service;

/// <summary>One broker for all tests of the service, which run one after the other: they share the queue of Failover.</summary>
[CollectionDefinition(Name)]
public sealed class BrokerFixture : IAsyncLifetime, ICollectionFixture<BrokerFixture>
{
    public const string Name = "broker";

    private RabbitBroker? broker;

    public string Uri => broker!.Uri;

    public async ValueTask InitializeAsync() => broker = await RabbitBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (broker is not null) await broker.DisposeAsync();
    }
}
