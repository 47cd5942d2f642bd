using System.Net;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Workers;

namespace Vprox.Cli.Server;

/// <summary>Places every address that EC2 associates with a public one, whichever ENI it is on, as soon as IMDS shows it.</summary>
internal sealed class CloudPlacements(
    ServerOptions options, LocalPlacements placements, PlacementIntake intake, Reconciler reconciler, NodeState state, TimeProvider time, ILogger<CloudPlacements> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What the last run left is taken over first: a placement that came before would have no tunnels.
        await reconciler.RunAsync(stoppingToken).ConfigureAwait(false);
        using var timer = new PeriodicTimer(Interval, time);
        MetadataSnapshot? seen = null;
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (state.Metadata is not { } shown || ReferenceEquals(shown, seen))
                continue;
            seen = shown;
            Place(shown);
        }
    }

    private void Place(MetadataSnapshot shown)
    {
        var (changed, without) = placements.Place(Wanted(shown, options.Addresses));
        foreach (var placed in changed)
        {
            intake.Take(placed, confirmed: true);
            logger.Offers(placed.Address, placed.PrivateAddress, placed.InnerSubnet, placed.ListenPort, placements.PinOf(placed));
        }
        if (without.Count > 0)
            logger.NoPlace(string.Join(", ", without), options.Block.ToString());
    }

    /// <summary>The addresses to serve.</summary>
    /// <param name="shown">What IMDS shows.</param>
    /// <param name="only">Public or private addresses; empty for all.</param>
    internal static IReadOnlyList<PlacementBook.Wanted> Wanted(MetadataSnapshot shown, IReadOnlyList<IPAddress> only) =>
        [.. shown.NetworkInterfaces.SelectMany(eni => eni.PublicAddresses)
            .Where(pair => only.Count == 0 || only.Contains(pair.Key) || only.Contains(pair.Value))
            .OrderBy(pair => Addressing.Ipv4.ToUInt32(pair.Value))
            .Select(pair => new PlacementBook.Wanted(pair.Value, pair.Key))];
}
