namespace Vprox.Bus.Messaging;

/// <summary>A request had no usable answer in the time allowed: nobody listens, the bus is away, or the other side failed. Ask again.</summary>
public sealed class NoAnswerException(string message, Exception? inner = null) : Exception(message, inner);
