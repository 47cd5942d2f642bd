using System.Net;

namespace Vprox.Lab.Broker;

/// <summary>Where a private broker listens.</summary>
public sealed record BrokerSettings
{
    /// <summary>The address it listens on; loopback unless set.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Its port; null takes a free one.</summary>
    public int? Port { get; init; }

    /// <summary>An empty or absent folder for all of its files, deleted with it; null takes one of its own for temporary files.</summary>
    public string? Folder { get; init; }

    /// <summary>The network namespace it runs in, as <c>ip netns</c> names it; null is this process's own. Its loopback must be up.</summary>
    public string? NetworkNamespace { get; init; }
}
