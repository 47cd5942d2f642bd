using System.Collections.Concurrent;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.NodeAgent.Tests.Given;

/// <summary>A bus in memory: keeps what was published, answers snapshots as told, and can be away.</summary>
internal sealed class RecordingBus : IMessagePublisher, IMessageRequester, IBusConnection
{
    private TaskCompletionSource _connected = new();

    public RecordingBus() => Connect();

    public ConcurrentQueue<object> Published { get; } = new();

    /// <summary>Answers RequestNodeSnapshot; null gives no answer.</summary>
    public Func<RequestNodeSnapshot, NodeSnapshot?> Snapshot { get; set; } = request => null;

    public bool IsConnected { get; private set; }

    public int Connections { get; private set; }

    public IEnumerable<T> Of<T>() => Published.OfType<T>();

    public void Connect()
    {
        Connections++;
        IsConnected = true;
        var reached = _connected;
        _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reached.SetResult();
    }

    public void Disconnect() => IsConnected = false;

    public async Task<int> WaitForConnectionAsync(int seen, CancellationToken cancellationToken)
    {
        while (Connections <= seen)
            await _connected.Task.WaitAsync(cancellationToken);
        return Connections;
    }

    public Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class
    {
        if (!IsConnected)
            throw new BusUnavailableException("away");
        Published.Enqueue(message);
        return Task.CompletedTask;
    }

    public Task PublishToAsync<T>(string routingKey, T message, CancellationToken cancellationToken) where T : class =>
        PublishAsync(message, cancellationToken);

    public Task<TAnswer> RequestAsync<TRequest, TAnswer>(TRequest request, CancellationToken cancellationToken)
        where TRequest : class where TAnswer : class =>
        IsConnected && request is RequestNodeSnapshot asked && Snapshot(asked) is TAnswer answer
            ? Task.FromResult(answer)
            : throw new NoAnswerException("nobody listens");

    public Task<(TAnswer? Answer, TRefusal? Refusal)> RequestAsync<TRequest, TAnswer, TRefusal>(TRequest request, CancellationToken cancellationToken)
        where TRequest : class where TAnswer : class where TRefusal : class =>
        throw new NoAnswerException("nobody listens");
}
