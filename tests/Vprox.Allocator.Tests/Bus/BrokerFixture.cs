using Vprox.Allocator.Tests.Bus;
using Vprox.Lab.Broker;

[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Vprox.Allocator.Tests.Bus;

/// <summary>One broker for the tests of the whole service. Each runs its service in it alone: their queues have fixed names.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private RabbitBroker? _broker;

    public string Uri => _broker!.Uri;

    public async ValueTask InitializeAsync() => _broker = await RabbitBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
    }
}
