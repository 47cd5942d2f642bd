namespace Vprox.Bus.Messaging;

/// <summary>Whether the service is connected, for those that fetch state again after an outage.</summary>
public interface IBusConnection
{
    /// <summary>True while every queue of the service is consumed.</summary>
    bool IsConnected { get; }

    /// <summary>Grows with every (re)connection; 0 before the first. A new number means that messages may have been missed.</summary>
    int Connections { get; }

    /// <summary>Waits until <see cref="Connections"/> is greater than <paramref name="seen"/> and returns it.</summary>
    Task<int> WaitForConnectionAsync(int seen, CancellationToken cancellationToken);
}
