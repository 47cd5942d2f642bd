using Vprox.Bus.Tests;
using Vprox.Lab.Broker;

[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Vprox.Bus.Tests;

/// <summary>One broker for all tests that don't stop it; queues and ids are unique per test.</summary>
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
