using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Workers;

public sealed class MetadataLoopTests
{
    [Fact]
    public async Task A_fault_of_the_agents_own_in_a_reading_does_not_end_it()
    {
        using var directory = new StateDirectory();
        await using var node = await TestNode.StartAsync(directory.Path, configure: options => options.MetadataPollInterval = TimeSpan.FromMilliseconds(50));
        var source = new FaultySource();
        using var loop = node.Reading(source);
        await loop.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => source.Readings >= 3, "it goes on reading");
        Assert.Null(node.State.Metadata);

        source.IsFaulty = false;

        await Eventually.TrueAsync(() => node.State.Metadata is not null, "what it shows is taken in");
        await loop.StopAsync(CancellationToken.None);
    }

    private sealed class FaultySource : IMetadataSource
    {
        public string Name => "faulty";

        public volatile bool IsFaulty = true;

        public int Readings { get; private set; }

        public Task<MetadataSnapshot> ReadAsync(CancellationToken cancellationToken)
        {
            Readings++;
            return IsFaulty ? throw new KeyNotFoundException("a law of ours is broken") : Task.FromResult(TestNode.Metadata(0));
        }

        public Task<MetadataSnapshot> GlanceAsync(IReadOnlyList<AwaitedAddress> awaited, CancellationToken cancellationToken) => ReadAsync(cancellationToken);
    }
}
