namespace Vprox.WireGuard;

/// <summary>
/// Reads and changes WireGuard interfaces, kernel or userspace alike. Making and deleting the link is the backend's too, because a
/// userspace interface is a daemon. All names are of the network namespace the client was made in.
/// Disposing the client leaves every interface as it is.
/// </summary>
public interface IWireGuardClient : IDisposable
{
    /// <summary>"kernel" or "userspace"; logged at start.</summary>
    string Backend { get; }

    /// <summary>Makes the interface (down, no key). Making one that exists changes nothing.</summary>
    /// <exception cref="WireGuardException">The backend refused; the message holds its words.</exception>
    Task CreateAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes the interface. Deleting one that does not exist changes nothing.</summary>
    /// <exception cref="WireGuardException">The backend refused.</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names of the WireGuard interfaces, sorted.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Reads an interface with all its peers; null when it does not exist or is no WireGuard interface.</summary>
    /// <exception cref="WireGuardException">The backend answered something that cannot be understood, or refused.</exception>
    Task<Device?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Changes an interface. Large peer lists go in several messages: a failure in the middle leaves the earlier ones applied.</summary>
    /// <exception cref="WireGuardException">The interface does not exist, or the backend refused.</exception>
    Task ConfigureAsync(string name, DeviceConfig config, CancellationToken cancellationToken);
}
