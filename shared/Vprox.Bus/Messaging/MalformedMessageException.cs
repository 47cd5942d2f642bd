namespace Vprox.Bus.Messaging;

/// <summary>
/// The message can never be handled. Thrown by a consumer, it sends the message to the error queue at once, with this message as
/// its cause and without retries.
/// </summary>
public sealed class MalformedMessageException(string message) : Exception(message);
