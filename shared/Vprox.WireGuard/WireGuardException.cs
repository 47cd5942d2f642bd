namespace Vprox.WireGuard;

/// <summary>WireGuard refused an operation; the message says operation, interface and the backend's own words.</summary>
public sealed class WireGuardException : Exception
{
    /// <summary>An error without a cause of its own.</summary>
    public WireGuardException(string message) : base(message) { }

    /// <summary>An error with its cause.</summary>
    public WireGuardException(string message, Exception inner) : base(message, inner) { }
}
