using System.Diagnostics;
using System.Net;
using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>What a move costs the node it goes to.</summary>
public sealed class PreparationTests(NodeLab lab) : IClassFixture<NodeLab>
{
    [Fact]
    public async Task Four_addresses_are_prepared_and_taken_in_together()
    {
        await lab.ApplyAsync(lab.Address(0));
        // The first time of each, in a process of its own, is the compiler's.
        await MeasureAsync(1, 1);
        var (prepared, arrived) = await MeasureAsync(2, 4);

        TestContext.Current.TestOutputHelper?.WriteLine($"4 addresses prepared in {prepared.TotalMilliseconds:0} ms, on their ENI in {arrived.TotalMilliseconds:0} ms");
        Assert.InRange(prepared, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(arrived, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        var host = lab.Node.Execute("ip", "-4", "address", "show", "dev", "ens5");
        Assert.All(Enumerable.Range(2, 4), index => Assert.Contains($"{lab.Address(index).PrivateAddress}/32", host, StringComparison.Ordinal));
        // What came out of turn is what a round would have made.
        Assert.Empty(await lab.ApplyAsync([lab.Address(0), .. Addresses(2, 4)]));
    }

    private DesiredAddress[] Addresses(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(index => lab.Address(index, lab.WorkerPeer($"240.0.{4 * index}.2") with { Endpoint = new IPEndPoint(NodeLab.Worker, NodeLab.WorkerPort) }))];

    private async Task<(TimeSpan Prepared, TimeSpan Arrived)> MeasureAsync(int first, int count)
    {
        var addresses = Addresses(first, count);
        var started = Stopwatch.GetTimestamp();
        await lab.ApplyAsync([lab.Address(0), .. addresses.Select(address => address with { LinkName = null })]);
        var prepared = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        await lab.DataPlane.ArriveAsync(lab.Desired(addresses), CancellationToken.None);
        return (prepared, Stopwatch.GetElapsedTime(started));
    }
}
