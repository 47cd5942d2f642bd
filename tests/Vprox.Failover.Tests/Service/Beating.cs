using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Failover.Tests.Service;

/// <summary>A node's heartbeats, for as long as it is not disposed.</summary>
public sealed class Beating : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task beats;

    public Beating(IMessagePublisher publisher, string node) => beats = Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = TimeProvider.System.GetUtcNow();
        for (var sequence = 1; !stop.IsCancellationRequested; sequence++)
        {
            try
            {
                await publisher.PublishAsync(new NodeHeartbeat
                {
                    NodeId = node, Sequence = sequence, StartedAt = started, ServingCount = 0, Trouble = Trouble, TroubleMs = 0,
                }, default);
            }
            catch (BusUnavailableException)
            {
                // A busy broker confirmed too late: one that is lost is lost, as a node's own are.
            }
            await timer.WaitForNextTickAsync();
        }
    });

    public string? Trouble { get; set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await beats;
        stop.Dispose();
    }
}
