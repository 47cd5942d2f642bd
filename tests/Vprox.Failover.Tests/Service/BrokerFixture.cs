using Vprox.Lab.Broker;

namespace Vprox.Failover.Tests.Service;

/// <summary>One broker for the tests of a class, which run one after the other.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private RabbitBroker? broker;

    public string Uri => broker!.Uri;

    public async ValueTask InitializeAsync() => broker = await RabbitBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (broker is not null) await broker.DisposeAsync();
    }
}
