namespace Vprox.NodeAgent.Adapters.Imds;

/// <summary>IMDS could not be read, or said something that cannot be so. It never means that there are no addresses.</summary>
public sealed class ImdsUnavailableException : Exception
{
    /// <summary>An answer that cannot be used.</summary>
    public ImdsUnavailableException(string message) : base(message) { }

    /// <summary>No answer.</summary>
    public ImdsUnavailableException(string message, Exception inner) : base(message, inner) { }
}
