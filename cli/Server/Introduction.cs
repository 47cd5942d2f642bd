using Vprox.Contracts;

namespace Vprox.Cli.Server;

/// <summary>Says once what clients need to know.</summary>
internal sealed class Introduction(IReadOnlyList<StaticIpPlaced> placed, LocalPlacements placements, ILogger<Introduction> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var each in placed)
            logger.Offers(each.Address, each.PrivateAddress, each.InnerSubnet, each.ListenPort, placements.PinOf(each));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
