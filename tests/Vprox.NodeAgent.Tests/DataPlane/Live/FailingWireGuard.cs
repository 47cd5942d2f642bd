using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>WireGuard that cannot be read while a test says so.</summary>
internal sealed class FailingWireGuard(IWireGuardClient inner) : IWireGuardClient
{
    public bool Fails { get; set; }

    public string Backend => inner.Backend;

    public Task CreateAsync(string name, CancellationToken cancellationToken) => inner.CreateAsync(name, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public Task<Device?> GetAsync(string name, CancellationToken cancellationToken) =>
        Fails ? throw new WireGuardException("a failure that the test wants") : inner.GetAsync(name, cancellationToken);

    public Task ConfigureAsync(string name, DeviceConfig config, CancellationToken cancellationToken) => inner.ConfigureAsync(name, config, cancellationToken);

    public void Dispose() => inner.Dispose();
}
