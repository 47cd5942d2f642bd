using Vprox.Lab.Broker;

namespace Vprox.NodeAgent.Tests.Consumers;

/// <summary>One private broker for all tests of a class; node ids are unique per test.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private RabbitBroker? _broker;

    public RabbitBroker Broker => _broker!;

    public async ValueTask InitializeAsync() => _broker = await RabbitBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
    }
}
