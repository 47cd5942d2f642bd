using MassTransit;
using Microsoft.Extensions.Logging;

namespace Vprox.Bus.Messaging;

/// <summary>Follows the state of every endpoint's transport and says once when the bus goes and once when it comes back.</summary>
internal sealed class BusConnection(BrokerAddress address, ILogger<BusConnection> logger) : IReceiveEndpointObserver, IBusConnection
{
    private readonly Lock gate = new();
    private readonly HashSet<Uri> away = [];
    private readonly HashSet<Uri> ready = [];
    private TaskCompletionSource<int> next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool saidUnreachable;
    private int connections;

    /// <summary>Number of receive endpoints, the bus's own reply queue included, that make the connection whole.</summary>
    public int Endpoints { get; set; } = 1;

    public bool IsConnected { get; private set; }

    public int Connections => Volatile.Read(ref connections);

    public async Task<int> WaitForConnectionAsync(int seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<int> wait;
            lock (gate)
            {
                if (connections > seen) return connections;
                wait = next.Task;
            }
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        TaskCompletionSource<int>? reached = null;
        lock (gate)
        {
            this.ready.Add(ready.InputAddress);
            away.Remove(ready.InputAddress);
            if (IsConnected || away.Count > 0 || this.ready.Count < Endpoints) return Task.CompletedTask;
            IsConnected = true;
            saidUnreachable = false;
            connections++;
            reached = next;
            next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        logger.BusConnected(address);
        reached.TrySetResult(connections);
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        bool say;
        lock (gate)
        {
            away.Add(faulted.InputAddress);
            IsConnected = false;
            say = !saidUnreachable;
            saidUnreachable = true;
        }
        if (say) logger.BusUnreachable(address, Innermost(faulted.Exception));
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    private static string Innermost(Exception? exception)
    {
        while (exception?.InnerException is { } inner) exception = inner;
        return exception?.Message ?? "no cause given";
    }
}
