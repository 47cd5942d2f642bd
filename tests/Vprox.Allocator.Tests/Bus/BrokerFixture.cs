using Vprox.Lab.Broker;

namespace Vprox.Allocator.Tests.Bus;

/// <summary>One broker for the tests of the whole service, which run one after the other: the Allocators would share a queue.</summary>
[CollectionDefinition(Name)]
public sealed class BrokerFixture : IAsyncLifetime, ICollectionFixture<BrokerFixture>
{
    public const string Name = "broker";

    private RabbitBroker? _broker;

    public string Uri => _broker!.Uri;

    public async ValueTask InitializeAsync() => _broker = await RabbitBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
    }
}
