namespace Vprox.Allocator.Adapters.Storage;

/// <summary>Wakes the outbox dispatcher the moment a transaction with messages was committed.</summary>
public sealed class OutboxSignal : Signal;
