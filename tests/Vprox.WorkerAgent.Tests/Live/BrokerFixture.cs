using Vprox.Lab.Broker;

[assembly: AssemblyFixture(typeof(Vprox.WorkerAgent.Tests.Live.BrokerFixture))]

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>One broker for all tests of this project.</summary>
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
