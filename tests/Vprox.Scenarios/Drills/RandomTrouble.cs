using Vprox.Lab.Topology.Processes;

namespace Vprox.Scenarios.Drills;

/// <summary>
/// Ordinary trouble at random moments: restarts of the broker, cuts of the bus, restarts of services, containers that come and go. Each kind
/// has a loop of its own, so that they meet. Every choice follows from the seed.
/// </summary>
internal sealed class RandomTrouble(Drill drill) : IDisposable
{
    private static readonly TimeSpan RouteDeadline = TimeSpan.FromSeconds(60);

    // Who holds it has the broker for himself: a scheduler that hears no answer can't tell why.
    private readonly SemaphoreSlim _broker = new(1, 1);

    public int BrokerRestarts { get; private set; }

    public int BusCuts { get; private set; }

    public int ServiceRestarts { get; private set; }

    public int Containers { get; private set; }

    /// <summary>Goes on for the time that is set. A trouble that began is ended, however long that takes.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(drill.Settings.Duration);
        await Task.WhenAll(
            RepeatAsync(1, 20, 70, RestartBrokerAsync, end.Token, cancel),
            RepeatAsync(2, 5, 25, CutBusAsync, end.Token, cancel),
            RepeatAsync(3, 10, 40, RestartServiceAsync, end.Token, cancel),
            RepeatAsync(4, 5, 20, StartContainerAsync, end.Token, cancel));
    }

    public void Dispose() => _broker.Dispose();

    private async Task RepeatAsync(
        int kind, double leastPause, double mostPause, Func<Random, CancellationToken, Task> trouble, CancellationToken end, CancellationToken cancel)
    {
        var random = new Random(drill.Settings.Seed + kind);
        while (true)
        {
            await Task.Delay(Seconds(random, leastPause, mostPause), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested)
                return;
            await trouble(random, cancel);
        }
    }

    private async Task RestartBrokerAsync(Random random, CancellationToken cancel)
    {
        var broker = drill.Lab.Broker!;
        await AloneAsync(async () =>
        {
            await (random.Next(2) == 0 ? broker.StopAsync(cancel) : broker.KillAsync(cancel));
            await Task.Delay(Seconds(random, 0, 6), cancel);
            await broker.StartAgainAsync(cancel);
            await drill.Lab.ReconnectSchedulerAsync(cancel);
        }, cancel);
        BrokerRestarts++;
    }

    private async Task CutBusAsync(Random random, CancellationToken cancel)
    {
        var node = Any(random, drill.Lab.Nodes);
        node.CutBus();
        await Task.Delay(Seconds(random, 1, 15), cancel);
        node.JoinBus();
        BusCuts++;
    }

    private async Task RestartServiceAsync(Random random, CancellationToken cancel)
    {
        var lab = drill.Lab;
        // Each of the two as often as all agents together.
        LabProcess service = Any(random, [lab.Allocator, lab.Failover, Any(random, [.. lab.Nodes.Select(node => node.Agent), .. lab.Workers.Select(worker => worker.Agent)])]);
        if (random.Next(2) == 0)
            service.Kill9();
        else
            await service.StopAsync(cancel);
        await Task.Delay(Seconds(random, 0, 3), cancel);
        service.Start();
        ServiceRestarts++;
    }

    private async Task StartContainerAsync(Random random, CancellationToken cancel)
    {
        var container = new SpareContainer(drill.Lab, Any(random, drill.Lab.Workers));
        var address = Any(random, drill.Traffic.Addresses);
        await AloneAsync(async () =>
        {
            var error = await container.StartAsync(drill.Traffic.ProxyOf(address), address, RouteDeadline, cancel);
            drill.Expect($"a container that starts is routed; {error}", error is null);
        }, cancel);
        await Task.Delay(Seconds(random, 2, 8), cancel);
        await AloneAsync(() => container.StopAsync(cancel), cancel);
        Containers++;
    }

    private async Task AloneAsync(Func<Task> act, CancellationToken cancel)
    {
        await _broker.WaitAsync(cancel);
        try
        {
            await act();
        }
        finally
        {
            _broker.Release();
        }
    }

    private static T Any<T>(Random random, IReadOnlyList<T> all) => all[random.Next(all.Count)];

    private static TimeSpan Seconds(Random random, double least, double most) => TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));
}
