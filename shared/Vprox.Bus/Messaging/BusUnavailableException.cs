namespace Vprox.Bus.Messaging;

/// <summary>The broker did not take a message in the time allowed. Whether it has it is not known: send again, consumers are idempotent.</summary>
public sealed class BusUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
