using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vprox.NodeAgent.Workers;

/// <summary>Whether the Allocator has answered with a snapshot. Without, the node serves what it has (ready, but degraded) and gets nothing new.</summary>
public sealed class KnownToAllocator : IHealthCheck
{
    private volatile bool _isKnown;

    /// <summary>Said by whoever asks for snapshots.</summary>
    public void Set(bool known) => _isKnown = known;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _isKnown ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("The Allocator has not answered with a snapshot"));
}
